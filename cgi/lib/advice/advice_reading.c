/* SPDX-License-Identifier: MIT */
/* advice_reading.c: how old a reader should be, by the lengths of sentences and words.
 *
 * The Flesch-Kincaid grade (Kincaid, Fishburne, Rogers, Chissom 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59;
 * a school grade plus 5 is an age. Syllables are counted by letters, with a table of common words that break the rules.
 * The formula means something for running text only: labels of a few words are judged together, as the form. */
#include "lib/advice/advice_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	AGE_MOST = 11,      /* we write for readers of 9 to 11 */
	AGE_MOST_FORM = 12, /* a whole form over this is a warning */
	WORDS_OF_TEXT = 20, /* a text with fewer is not judged alone */
	WORDS_OF_FORM = 60, /* nor a form with fewer */
	WORDS_OF_LABEL = 4  /* shorter ones are names, not sentences */
};

struct count {
	size_t sentences;
	size_t words;
	size_t syllables;
};

struct exception {
	const char *word;
	unsigned syllables;
};

/* In order. What the letters get wrong, of the words that forms use. */
static const struct exception exceptions[] = {
	{"age", 1},       {"area", 3},     {"areas", 3},      {"being", 2},      {"business", 2},  {"couldn't", 2},
	{"create", 2},    {"didn't", 2},   {"different", 3},  {"doesn't", 2},    {"doing", 2},     {"evening", 2},
	{"every", 2},     {"everyone", 3}, {"everything", 3}, {"experience", 4}, {"going", 2},     {"hadn't", 2},
	{"hasn't", 2},    {"idea", 3},     {"ideas", 3},      {"interested", 4}, {"isn't", 2},     {"lives", 1},
	{"national", 3},  {"people", 2},   {"quiet", 2},      {"science", 2},    {"seeing", 2},    {"shouldn't", 2},
	{"situation", 4}, {"somebody", 3}, {"someone", 2},    {"something", 2},  {"sometimes", 2}, {"somewhere", 2},
	{"trying", 2},    {"used", 1},     {"usually", 4},    {"wasn't", 2},     {"weren't", 1},   {"wouldn't", 2},
};

static int compare_word(const void *word, const void *row)
{
	return strcmp(word, ((const struct exception *) row)->word);
}

static bool is_vowel(char letter)
{
	return letter != '\0' && strchr("aeiouy", letter) != NULL;
}

static bool ends_in(const char *word, size_t length, const char *end)
{
	size_t tail = strlen(end);
	return length > tail && memcmp(word + length - tail, end, tail) == 0;
}

/* A last e, -es or -ed that nobody hears. */
static bool is_silent(const char *word, size_t length)
{
	if (ends_in(word, length, "ed"))
		return !is_vowel(word[length - 3]) && strchr("td", word[length - 3]) == NULL &&
		       !(length > 4 && word[length - 3] == 'l' && !is_vowel(word[length - 4]) &&
			 word[length - 4] != 'l');
	if (ends_in(word, length, "es")) {
		if (is_vowel(word[length - 3]))
			return false;
		bool is_heard = strchr("szxcg", word[length - 3]) != NULL || ends_in(word, length, "shes") ||
				ends_in(word, length, "ches");
		return !is_heard && !(word[length - 3] == 'l' && length > 4 && !is_vowel(word[length - 4]));
	}
	if (word[length - 1] != 'e' || length < 3 || is_vowel(word[length - 2]))
		return false;
	return !(word[length - 2] == 'l' && !is_vowel(word[length - 3]));
}

/* The e of hopeful, lately, placement, that nobody hears either. */
static bool has_silent_middle(const char *word, size_t length)
{
	static const char *const ends[] = {"ful", "fully", "ly", "ment", "ments", "ness", "less"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t tail = strlen(ends[i]);
		if (length > tail + 2 && ends_in(word, length, ends[i]) && word[length - tail - 1] == 'e' &&
		    !is_vowel(word[length - tail - 2]))
			return true;
	}
	return false;
}

/* Two vowels that are said one after the other: -ia-, -io- (but not in -tion, -sion, -cious), -eo-, -ying. */
static unsigned split_vowels(const char *word, size_t length)
{
	unsigned count = 0;
	for (size_t i = 1; i + 1 < length; i++) {
		char before = i > 1 ? word[i - 2] : '\0', first = word[i - 1], second = word[i], after = word[i + 1];
		bool is_hushed = strchr("tcsg", before) != NULL && before != '\0';
		if (first == 'i' && (second == 'a' || second == 'o' || second == 'u') && !is_hushed)
			count++;
		else if (first == 'i' && second == 'e' && after == 't' && i > 1)
			count++;
		else if (first == 'u' && second == 'a' && before != 'q' && before != 'g')
			count++;
		else if (first == 'y' && second == 'i')
			count++;
		else if (first == 'e' && second == 'o' && before != 'p' && before != 'g')
			count++;
	}
	return count;
}

/* One part of a word without hyphens, in lower case. */
static unsigned part_syllables(const char *word, size_t length)
{
	char plain[ADVICE_WORD_ROOM];
	size_t used = length < sizeof(plain) ? length : sizeof(plain) - 1;
	memcpy(plain, word, used);
	plain[used] = '\0';
	const struct exception *exception = bsearch(plain, exceptions, sizeof(exceptions) / sizeof(exceptions[0]),
						    sizeof(exceptions[0]), compare_word);
	if (exception != NULL)
		return exception->syllables;
	if (ends_in(plain, used, "'s"))
		used -= 2;
	unsigned groups = 0;
	for (size_t i = 0; i < used; i++)
		groups += is_vowel(plain[i]) && (i == 0 || !is_vowel(plain[i - 1]) ||
						 (plain[i] == 'y' && i == used - 1 && plain[i - 1] == 'i'));
	groups += split_vowels(plain, used);
	if (groups > 1 && is_silent(plain, used))
		groups--;
	if (groups > 1 && has_silent_middle(plain, used))
		groups--;
	return groups > 0 ? groups : 1;
}

unsigned advice_syllables(const char *word, size_t length)
{
	char low[ADVICE_WORD_ROOM * 2];
	size_t used = length < sizeof(low) ? length : sizeof(low) - 1;
	for (size_t i = 0; i < used; i++)
		low[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char) (word[i] - 'A' + 'a') : word[i];
	unsigned count = 0;
	for (size_t at = 0; at < used;) {
		size_t end = at;
		while (end < used && low[end] != '-')
			end++;
		if (end > at)
			count += part_syllables(low + at, end - at);
		at = end + 1;
	}
	return count > 0 ? count : 1;
}

static void count_text(const char *text, size_t words_least, struct count *count)
{
	struct advice_sentence sentence;
	for (const char *at = text; advice_sentence_next(&at, &sentence);) {
		if (sentence.words_count < words_least || sentence.count == 0)
			continue;
		size_t syllables = 0;
		for (size_t i = 0; i < sentence.count; i++)
			syllables += sentence.words[i].is_hole
					     ? 2
					     : advice_syllables(sentence.words[i].low, strlen(sentence.words[i].low));
		count->sentences++;
		count->words += sentence.count;
		count->syllables += syllables;
	}
}

static double age_of(const struct count *count)
{
	if (count->sentences == 0 || count->words == 0)
		return 0;
	double words = (double) count->words;
	double grade = 0.39 * words / (double) count->sentences + 11.8 * (double) count->syllables / words - 15.59;
	return grade > 0 ? grade + 5 : 5;
}

double advice_reading_age(const char *text, size_t words_least)
{
	struct count count = {0};
	count_text(text, 1, &count);
	return count.words < words_least ? 0 : age_of(&count);
}

/* Whole years: somebody of 11 is 11 until the day before the next birthday. */
static int years(double age)
{
	return (int) age;
}

static void look(void *context, const struct form *form, const struct advice_text *text)
{
	struct advice *advice = context;
	if (text->is_fallback || text->is_harmonised || text->kind == ADVICE_CHOICE)
		return;
	int age = years(advice_reading_age(text->words, WORDS_OF_TEXT));
	if (age > AGE_MOST)
		advice_add(advice, "hard-text", form, text->language, text->words,
			   "\"%s\" is for readers of %d and older",
			   advice_quote(advice, text->words, strlen(text->words)), age);
}

struct face_count {
	struct count count;
	int language;
};

static void add_to_face(void *context, const struct form *form, const struct advice_text *text)
{
	struct face_count *face = context;
	(void) form;
	if (text->language == face->language && !text->is_harmonised && text->kind != ADVICE_CHOICE &&
	    text->kind != ADVICE_TIME)
		count_text(text->words, WORDS_OF_LABEL, &face->count);
}

void advice_reading(struct advice *advice, const struct form *form)
{
	advice_texts(form, look, advice);
	for (size_t language = 0; language < form->languages_count; language++) {
		struct face_count face = {.language = (int) language};
		if (strcmp(form->languages[language].base, "en") != 0)
			continue;
		advice_texts(form, add_to_face, &face);
		int age = years(age_of(&face.count));
		const char *own = form->title.of[language];
		if (face.count.words >= WORDS_OF_FORM && age > AGE_MOST_FORM)
			advice_add(advice, "hard-form", form, (int) language, own != NULL ? own : form->title.of[0],
				   "the form as a whole is for readers of %d and older (%s)", age,
				   form->languages[language].tag);
	}
}
