/* SPDX-License-Identifier: MIT */
/* advice_text.c: the English texts of a form, and a text as sentences and words.
 *
 * English only: rules about words know no other language. A sentence ends with a full stop, question or exclamation mark
 * before white space, at an empty line, and at the end of an item of a list. */
#include "lib/advice/advice_parts.h"

#include <string.h>
#include <strings.h>

static const char right_quote[] = "\xe2\x80\x99"; /* ’ */

static bool is_letter(const char *at)
{
	unsigned char byte = (unsigned char) *at;
	if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9'))
		return true;
	/* Everything past ASCII but general punctuation (U+2000 to U+203F) and the signs of Latin-1. */
	if (byte < 0x80 || (byte == 0xe2 && (unsigned char) at[1] == 0x80))
		return false;
	return !(byte == 0xc2);
}

/* The length of the character at AT. */
static size_t length_of(const char *at)
{
	unsigned char byte = (unsigned char) *at;
	size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
	return strnlen(at, length);
}

/* A sign that joins two letters to one word; its length, or 0. */
static size_t joint(const char *at)
{
	size_t length = 0;
	if (*at == '\'' || *at == '-')
		length = 1;
	else if (strncmp(at, right_quote, sizeof(right_quote) - 1) == 0)
		length = sizeof(right_quote) - 1;
	return length > 0 && is_letter(at + length) ? length : 0;
}

static size_t hole_length(const char *at)
{
	if (*at != '{')
		return 0;
	size_t length = 1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyz");
	return length > 1 && at[length] == '}' ? length + 1 : 0;
}

/* Reads the word at AT, which begins with a letter or is a hole. */
static void read_word(const char *at, struct advice_word *word)
{
	*word = (struct advice_word){.at = at};
	word->length = hole_length(at);
	word->is_hole = word->length > 0;
	size_t used = 0;
	while (!word->is_hole) {
		size_t step = is_letter(at + word->length) ? length_of(at + word->length) : joint(at + word->length);
		if (step == 0)
			break;
		const char *sign = at + word->length;
		word->length += step;
		if (used + step + 1 > sizeof(word->low))
			continue;
		if (strncmp(sign, right_quote, sizeof(right_quote) - 1) == 0) {
			word->low[used++] = '\'';
			continue;
		}
		for (size_t i = 0; i < step; i++)
			word->low[used++] = sign[i] >= 'A' && sign[i] <= 'Z' ? (char) (sign[i] - 'A' + 'a') : sign[i];
	}
}

/* A full stop behind these ends nothing. */
static bool is_abbreviation(const struct advice_sentence *sentence)
{
	static const char *const short_words[] = {"mr", "mrs", "ms", "dr", "st", "no", "e.g", "i.e", "eg", "ie"};
	if (sentence->count == 0 || sentence->count != sentence->words_count)
		return false;
	const struct advice_word *last = &sentence->words[sentence->count - 1];
	bool has_capital = last->at[0] >= 'A' && last->at[0] <= 'Z';
	for (size_t i = 0; i < sizeof(short_words) / sizeof(short_words[0]); i++) {
		if (strcmp(last->low, short_words[i]) == 0)
			return strcmp(last->low, "no") != 0 || (has_capital && sentence->count > 1);
	}
	return last->length == 1 && strcmp(last->low, "i") != 0 && !(last->low[0] >= '0' && last->low[0] <= '9');
}

/* Quotes and brackets that close behind the end of a sentence. */
static size_t closing(const char *at)
{
	size_t length = strspn(at, "\"')]");
	while (strncmp(at + length, right_quote, 3) == 0 || strncmp(at + length, "\xe2\x80\x9d", 3) == 0)
		length += 3;
	return length;
}

static bool ends_here(const char *at, const struct advice_sentence *sentence)
{
	if (*at == '\n')
		return at[1] == '\n' || strncmp(at + 1, "- ", 2) == 0;
	if (strchr(".!?", *at) == NULL)
		return false;
	const char *behind = at + 1 + closing(at + 1);
	return (*behind == '\0' || *behind == ' ' || *behind == '\n') && (*at != '.' || !is_abbreviation(sentence));
}

bool advice_sentence_next(const char **at, struct advice_sentence *out)
{
	const char *here = *at;
	while (*here != '\0' && !is_letter(here) && hole_length(here) == 0)
		here += length_of(here);
	if (*here == '\0')
		return false;
	out->at = here;
	out->count = out->words_count = 0;
	out->end = 0;
	bool has_stop = false;
	while (*here != '\0' && !ends_here(here, out)) {
		if (is_letter(here) || hole_length(here) > 0) {
			struct advice_word word;
			read_word(here, &word);
			word.has_stop = has_stop;
			has_stop = false;
			here += word.length;
			out->words_count++;
			if (out->count < ADVICE_WORDS_MAX)
				out->words[out->count++] = word;
			continue;
		}
		has_stop |= *here != ' ' && *here != '\n';
		here += length_of(here);
	}
	out->length = (size_t) (here - out->at);
	out->end = *here == '\n' ? 0 : *here;
	*at = *here == '\0' ? here : here + 1;
	return true;
}

bool advice_is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

bool advice_is_easy(const struct language *language)
{
	return strcmp(language->variant, "easy") == 0;
}

bool advice_is_harmonised(const struct choice_list *list)
{
	for (size_t i = 0; list != NULL && i < list->choices_count; i++) {
		if (list->choices[i].code != NULL)
			return true;
	}
	return false;
}

/* A walk over all texts: what is the same for the texts that come next. */
struct walk {
	void *context;
	const struct form *form;
	advice_text_look *look;
	struct advice_text now;
};

static void show(struct walk *walk, const struct text *text, enum advice_kind kind)
{
	int used = 0;
	walk->now.kind = kind;
	walk->now.words = form_text(walk->form, walk->now.language, text, &used);
	if (walk->now.words == NULL || strcmp(walk->form->languages[used].base, "en") != 0)
		return;
	/* A path under 'same:' puts the very words of the English there. */
	walk->now.is_fallback = walk->now.language != 0 && walk->now.words == text->of[0];
	walk->look(walk->context, walk->form, &walk->now);
}

static void show_list(struct walk *walk, const struct choice_list *list)
{
	for (size_t i = 0; list != NULL && i < list->groups_count; i++)
		show(walk, &list->groups[i].label, ADVICE_CHOICE);
	for (size_t i = 0; list != NULL && i < list->choices_count; i++)
		show(walk, &list->choices[i].label, ADVICE_CHOICE);
}

static void show_question(struct walk *walk, const struct question *question)
{
	const struct choice_list *list = form_list(walk->form, walk->now.language, question);
	walk->now.question = question;
	walk->now.is_harmonised = advice_is_harmonised(question->list);
	show(walk, &question->label, ADVICE_LABEL);
	show(walk, &question->hint, ADVICE_HINT);
	show(walk, &question->label_before, ADVICE_HALF);
	show(walk, &question->label_now, ADVICE_HALF);
	show(walk, &question->label_low, ADVICE_END);
	show(walk, &question->label_high, ADVICE_END);
	show(walk, &question->unit, ADVICE_END);
	for (size_t i = 0; i < question->statements_count; i++)
		show(walk, &question->statements[i].label, ADVICE_STATEMENT);
	show_list(walk, list);
	walk->now.is_harmonised = false;
	show(walk, &question->relevant_when, ADVICE_WHEN);
	show(walk, &question->required_message, ADVICE_MESSAGE);
	show(walk, &question->constraint_message, ADVICE_MESSAGE);
	walk->now.question = NULL;
}

void advice_texts(const struct form *form, advice_text_look *look, void *context)
{
	struct walk walk = {.context = context, .form = form, .look = look};
	for (size_t language = 0; language < form->languages_count; language++) {
		if (strcmp(form->languages[language].base, "en") != 0)
			continue;
		walk.now = (struct advice_text){.language = (int) language,
						.is_easy = advice_is_easy(&form->languages[language])};
		show(&walk, &form->title, ADVICE_TITLE);
		show(&walk, &form->time, ADVICE_TIME);
		for (size_t p = 0; p < form->pages_count; p++) {
			const struct page *page = &form->pages[p];
			show(&walk, &page->title, ADVICE_TITLE);
			show(&walk, &page->intro, ADVICE_INTRO);
			for (size_t q = 0; q < page->questions_count; q++) {
				if (form_asks(form, (int) language, &page->questions[q]))
					show_question(&walk, &page->questions[q]);
			}
		}
	}
}
