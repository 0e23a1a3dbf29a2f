/* SPDX-License-Identifier: MIT */
/* advice_questions.c: what single questions lack or ask too much: a way to decline, a name, an answer that must be given.
 *
 * Every form is anonymous. What people type is read by the team, so nothing may ask for what says who somebody is. */
#include "lib/advice/advice_parts.h"

#include <stdio.h>
#include <string.h>

static bool has_refusal(const struct choice_list *list)
{
	for (size_t i = 0; list != NULL && i < list->choices_count; i++) {
		if (list->choices[i].is_refusal)
			return true;
	}
	return false;
}

static bool can_decline(const struct form *form, int language, const struct question *question)
{
	return has_refusal(form_list(form, language, question)) || has_refusal(question->refusal);
}

/* Equality questions are those of apart pages. */
static void prefer_not(struct advice *advice, const struct form *form, int language, const struct question *question)
{
	if (!question->page->is_apart || question->type == QUESTION_NOTE || can_decline(form, language, question))
		return;
	if (language > 0 && question->faces[language].list == NULL)
		return; /* the same choices as in English, where it is told */
	if (form_list(form, language, question) != NULL)
		advice_add(advice, "no-prefer-not-to-say", form, language,
			   form_list(form, language, question)->choices[0].label.of[0],
			   "\"%s\" offers no way to decline%s%s", question->name, language > 0 ? " in " : "",
			   language > 0 ? form->languages[language].tag : "");
	else
		advice_add(advice, "no-prefer-not-to-say", form, language, advice_at_question(question),
			   "\"%s\" offers no way to decline", question->name);
}

static void required(struct advice *advice, const struct form *form, const struct question *question)
{
	if (!question->is_required)
		return;
	if (question->page->is_apart)
		advice_add(advice, "required-equality", form, -1, advice_at_question(question),
			   "\"%s\" is about the person, and must be answered", question->name);
	else
		advice_add(advice, "required", form, -1, advice_at_question(question),
			   "\"%s\" must be answered before anything can be sent", question->name);
}

/* Free text: the hint, or the label, says not to write names. */
static void names_hint(struct advice *advice, const struct form *form, int language, const struct question *question)
{
	const char *texts[2];
	int used[2] = {0, 0};
	if (question->type != QUESTION_TEXT)
		return;
	texts[0] = form_text(form, language, &question->hint, &used[0]);
	texts[1] = form_text(form, language, &question->label, &used[1]);
	for (size_t i = 0; i < 2; i++) {
		struct advice_sentence sentence;
		if (texts[i] == NULL)
			continue;
		for (const char *at = texts[i]; advice_sentence_next(&at, &sentence);) {
			static const char *const names[] = {"name", "names"};
			for (size_t k = 0; k < sentence.count; k++) {
				if (ADVICE_IS_ONE_OF(sentence.words[k].low, names))
					return;
			}
		}
	}
	const char *own =
		question->hint.of[language] != NULL ? question->hint.of[language] : question->label.of[language];
	if (language > 0 && own == NULL)
		return;
	const char *hint = texts[0];
	size_t length = hint != NULL ? strlen(hint) : 0;
	while (length > 0 && strchr(". ", hint[length - 1]) != NULL)
		length--;
	if (advice_add(advice, "no-names-hint", form, language, own != NULL ? own : advice_at_question(question),
		       "nothing tells people not to write names in \"%s\"%s%s", question->name,
		       language > 0 ? " in " : "", language > 0 ? form->languages[language].tag : "") &&
	    length > 0)
		advice_better(advice,
			      arena_printf(advice->arena, "hint: %.*s. Do not write names.", (int) length, hint));
}

/* What gives somebody away, by words that follow each other in a label, or by a part of a question's name. */
struct identifying {
	const char *words;
	const char *what;
};

static const struct identifying in_labels[] = {
	{"email address", "an email address"},
	{"e-mail address", "an email address"},
	{"your email", "an email address"},
	{"your e-mail", "an email address"},
	{"phone number", "a telephone number"},
	{"telephone number", "a telephone number"},
	{"mobile number", "a telephone number"},
	{"your phone", "a telephone number"},
	{"your telephone", "a telephone number"},
	{"postcode", "a postcode"},
	{"post code", "a postcode"},
	{"your address", "an address"},
	{"home address", "an address"},
	{"your name", "a name"},
	{"your full name", "a name"},
	{"full name", "a name"},
	{"first name", "a name"},
	{"last name", "a name"},
	{"surname", "a name"},
	{"date of birth", "a date of birth"},
	{"your birthday", "a date of birth"},
	{"were you born", "a date of birth"},
	{"nhs number", "a number that stands for one person"},
	{"national insurance", "a number that stands for one person"},
	{"case number", "a number that stands for one person"},
	{"passport number", "a number that stands for one person"},
};

static const struct identifying in_names[] = {
	{"email", "an email address"},    {"phone", "a telephone number"}, {"telephone", "a telephone number"},
	{"mobile", "a telephone number"}, {"postcode", "a postcode"},      {"address", "an address"},
	{"fullname", "a name"},           {"firstname", "a name"},         {"surname", "a name"},
	{"dob", "a date of birth"},       {"birthday", "a date of birth"}, {"birthdate", "a date of birth"},
};

static bool has_words(const struct advice_sentence *sentence, const char *words)
{
	for (size_t start = 0; start < sentence->count; start++) {
		const char *at = words;
		for (size_t word = start; *at != '\0' && word < sentence->count; word++) {
			size_t length = strcspn(at, " ");
			const char *low = sentence->words[word].low;
			if (strlen(low) != length || strncmp(low, at, length) != 0)
				break;
			at += length + strspn(at + length, " ");
		}
		if (*at == '\0')
			return true;
	}
	return false;
}

static bool has_part(const char *name, const char *part)
{
	size_t length = strlen(part);
	for (const char *at = name; *at != '\0'; at += strcspn(at, "_"), at += *at == '_') {
		if (strncmp(at, part, length) == 0 && (at[length] == '\0' || at[length] == '_'))
			return true;
	}
	return false;
}

/* The label asks for it; "Do not write your phone number" does not. */
static const char *label_asks_for(const char *label)
{
	struct advice_sentence sentence;
	for (const char *at = label; advice_sentence_next(&at, &sentence);) {
		bool is_warning = sentence.count > 1 && strcmp(sentence.words[0].low, "do") == 0 &&
				  strcmp(sentence.words[1].low, "not") == 0;
		for (size_t i = 0; !is_warning && i < sizeof(in_labels) / sizeof(in_labels[0]); i++) {
			if (has_words(&sentence, in_labels[i].words))
				return in_labels[i].what;
		}
	}
	return NULL;
}

static const char *asks_for(const struct question *question)
{
	const char *what = question->label.of[0] != NULL ? label_asks_for(question->label.of[0]) : NULL;
	for (size_t i = 0; what == NULL && i < sizeof(in_names) / sizeof(in_names[0]); i++) {
		if (has_part(question->name, in_names[i].words))
			what = in_names[i].what;
	}
	return what;
}

static void identifies(struct advice *advice, const struct form *form, const struct question *question)
{
	bool is_typed = question->type == QUESTION_TEXT || question->type == QUESTION_INTEGER ||
			question->type == QUESTION_DECIMAL || question->type == QUESTION_DATE;
	const char *what = is_typed ? asks_for(question) : NULL;
	if (what != NULL)
		advice_add(advice, "identifying", form, -1, advice_at_question(question),
			   "\"%s\" asks for %s, and the form says that it is anonymous", question->name, what);
}

void advice_questions(struct advice *advice, const struct form *form)
{
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			required(advice, form, question);
			identifies(advice, form, question);
			for (size_t i = 0; i < form->languages_count; i++) {
				if (!form_asks(form, (int) i, question))
					continue;
				prefer_not(advice, form, (int) i, question);
				if (strcmp(form->languages[i].base, "en") == 0)
					names_hint(advice, form, (int) i, question);
			}
		}
	}
}
