/* SPDX-License-Identifier: MIT */
/* advice_wording.c: what English texts should not say, one small rule each: too long, too polite, too stern, too loud.
 *
 * The rules are those of the GOV.UK Design System and of Easy Read. The wording of a harmonised question is a
 * standard's, and is left alone. */
#include "lib/advice/advice_parts.h"

#include <string.h>

enum {
	SENTENCE_WORDS_MOST = 20,
	SENTENCE_WORDS_MOST_EASY = 15,
	LABEL_WORDS_MOST = 15,
	CAPITALS_LEAST = 5 /* letters: shorter words in capitals are mostly abbreviations */
};

static void long_sentence(struct advice *advice, const struct form *form, const struct advice_text *text,
			  const struct advice_sentence *sentence)
{
	size_t most = text->is_easy ? SENTENCE_WORDS_MOST_EASY : SENTENCE_WORDS_MOST;
	/* What falls back is told once, as the English, unless it is only too long for Easy Read. */
	if (sentence->words_count <= most || (text->is_fallback && sentence->words_count > SENTENCE_WORDS_MOST))
		return;
	advice_add(advice, "long-sentence", form, text->language, text->words, "%zu words, %zu at most%s: \"%s\"",
		   sentence->words_count, most, text->is_easy ? " in Easy Read" : "",
		   advice_quote(advice, sentence->at, sentence->length));
}

static void words_to_avoid(struct advice *advice, const struct form *form, const struct advice_text *text,
			   const struct advice_sentence *sentence)
{
	static const struct {
		const char *word, *rule, *say;
	} list[] = {
		{"please", "please", "asks as a favour what a person may leave out"},
		{"kindly", "please", "asks as a favour what a person may leave out"},
		{"sorry", "sorry", "says that something is wrong, and not what to do"},
		{"oops", "sorry", "says that something is wrong, and not what to do"},
		{"valid", "valid-or-invalid", "does not say what to write"},
		{"invalid", "valid-or-invalid", "does not say what to write"},
		{"forbidden", "valid-or-invalid", "does not say what to do"},
		{"mandatory", "valid-or-invalid", "does not say why"},
		{"compulsory", "valid-or-invalid", "does not say why"},
	};
	for (size_t i = 0; i < sentence->count; i++) {
		const struct advice_word *word = &sentence->words[i];
		for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
			if (strcmp(word->low, list[k].word) != 0)
				continue;
			bool is_new = advice_add(advice, list[k].rule, form, text->language, text->words,
						 "\"%s\" %s: \"%s\"", list[k].word, list[k].say,
						 advice_quote(advice, sentence->at, sentence->length));
			if (is_new && strcmp(list[k].rule, "please") == 0)
				advice_better(advice, advice_instead(advice, sentence, word->at, word->length, ""));
		}
	}
}

static bool is_capitals(const struct advice_word *word)
{
	static const char *const loud[] = {"not",  "must", "do",  "all", "only",  "no",   "never", "always",
					   "any",  "yes",  "and", "or",  "one",   "your", "you",   "must",
					   "very", "each", "are", "is",  "first", "last", "now",   "stop"};
	size_t letters = 0;
	for (size_t i = 0; i < word->length && !word->is_hole; i++) {
		if (word->at[i] < 'A' || word->at[i] > 'Z')
			return false;
		letters++;
	}
	return letters >= CAPITALS_LEAST || (letters > 1 && ADVICE_IS_ONE_OF(word->low, loud));
}

static void capitals(struct advice *advice, const struct form *form, const struct advice_text *text,
		     const struct advice_sentence *sentence)
{
	for (size_t i = 0; i < sentence->count; i++) {
		const struct advice_word *word = &sentence->words[i];
		if (!is_capitals(word))
			continue;
		if (advice_add(advice, "capitals", form, text->language, text->words,
			       "\"%.*s\" stands in capitals: write \"%s\"", (int) word->length, word->at, word->low))
			advice_better(advice, advice_instead(advice, sentence, word->at, word->length, word->low));
		return;
	}
}

/* The whole text. */
static void long_label(struct advice *advice, const struct form *form, const struct advice_text *text)
{
	struct advice_sentence sentence;
	size_t words = 0;
	if (text->kind != ADVICE_LABEL || text->question == NULL || text->question->type == QUESTION_NOTE)
		return;
	for (const char *at = text->words; advice_sentence_next(&at, &sentence);)
		words += sentence.words_count;
	if (words > LABEL_WORDS_MOST)
		advice_add(advice, "long-label", form, text->language, text->words,
			   "the question has %zu words, %d at most: \"%s\"", words, LABEL_WORDS_MOST,
			   advice_quote(advice, text->words, strlen(text->words)));
}

/* "Do not write names" is a promise kept, not a hint: it may stand behind one. */
static bool is_about_names(const struct advice_sentence *sentence)
{
	return sentence->count > 2 && strcmp(sentence->words[0].low, "do") == 0 &&
	       strcmp(sentence->words[1].low, "not") == 0 && strcmp(sentence->words[2].low, "write") == 0;
}

static void hint(struct advice *advice, const struct form *form, const struct advice_text *text)
{
	struct advice_sentence sentence;
	size_t sentences = 0, others = 0;
	const char *first = NULL;
	if (text->kind != ADVICE_HINT || text->is_easy)
		return; /* Easy Read has one idea in a sentence, and so several of them */
	for (const char *at = text->words; advice_sentence_next(&at, &sentence); sentences++) {
		others += !is_about_names(&sentence);
		if (first == NULL && !is_about_names(&sentence))
			first = arena_strndup(advice->arena, sentence.at, sentence.length);
	}
	size_t length = strlen(text->words);
	if (others > 1) {
		if (advice_add(advice, "long-hint", form, text->language, text->words,
			       "the hint has %zu sentences, one at most: \"%s\"", others,
			       advice_quote(advice, text->words, length)))
			advice_better(advice, first);
	} else if (sentences == 1 && text->words[length - 1] == '.') {
		if (advice_add(advice, "hint-full-stop", form, text->language, text->words,
			       "the hint ends with a full stop: \"%s\"", advice_quote(advice, text->words, length)))
			advice_better(advice, arena_strndup(advice->arena, text->words, length - 1));
	}
}

static void look(void *context, const struct form *form, const struct advice_text *text)
{
	struct advice *advice = context;
	struct advice_sentence sentence;
	if (text->is_harmonised)
		return;
	for (const char *at = text->words; advice_sentence_next(&at, &sentence);) {
		long_sentence(advice, form, text, &sentence);
		if (text->is_fallback)
			continue;
		words_to_avoid(advice, form, text, &sentence);
		capitals(advice, form, text, &sentence);
		advice_grammar(advice, form, text, &sentence);
	}
	if (text->is_fallback)
		return;
	long_label(advice, form, text);
	hint(advice, form, text);
}

void advice_wording(struct advice *advice, const struct form *form)
{
	advice_texts(form, look, advice);
}
