/* SPDX-License-Identifier: MIT */
/* advice_grammar.c: what the words of a sentence say together: twice no, done by whom, two questions in one, an answer in
 * the question.
 *
 * No grammar of English: each rule is a pattern that is wrong seldom, and stays silent where it is not sure. */
#include "lib/advice/advice_parts.h"

#include <string.h>

static bool ends_in(const char *word, const char *end)
{
	size_t length = strlen(word), tail = strlen(end);
	return length > tail && strcmp(word + length - tail, end) == 0;
}

static bool begins_with(const char *word, const char *start)
{
	return strncmp(word, start, strlen(start)) == 0;
}

/* Where another thought begins: what is denied there is not denied twice. */
static bool is_border(const struct advice_word *word)
{
	static const char *const words[] = {"and", "or",     "but",   "if",     "because", "when",   "that",
					    "who", "which",  "so",    "unless", "until",   "while",  "than",
					    "as",  "though", "where", "what",   "since",   "before", "after"};
	return word->has_stop || ADVICE_IS_ONE_OF(word->low, words);
}

static bool is_no(const struct advice_word *word)
{
	static const char *const words[] = {"not",     "never", "no",     "nobody", "nothing",
					    "nowhere", "none",  "cannot", "without"};
	return ADVICE_IS_ONE_OF(word->low, words) || ends_in(word->low, "n't");
}

/* unfair, impossible: only right behind "not", for alone it is an everyday word. */
static bool is_turned(const char *word)
{
	static const char *const straight[] = {"under",  "understand", "understood", "understanding", "until",
					       "unless", "union",      "unit",       "units",         "united",
					       "unique", "university", "uncle",      "universal",     "universities"};
	static const char *const turned[] = {"impossible", "impolite", "incorrect",     "inaccurate", "disagree",
					     "disagreed",  "dislike",  "disrespectful", "irrelevant", "incapable"};
	return (begins_with(word, "un") && strlen(word) > 5 && !ADVICE_IS_ONE_OF(word, straight)) ||
	       ADVICE_IS_ONE_OF(word, turned);
}

static void double_negative(struct advice *advice, const struct form *form, const struct advice_text *text,
			    const struct advice_sentence *sentence)
{
	bool is_denied = false;
	for (size_t i = 0; i < sentence->count; i++) {
		const struct advice_word *word = &sentence->words[i];
		if (is_border(word))
			is_denied = false;
		bool is_twice = is_denied && is_no(word);
		for (size_t back = 1; back <= 2 && back <= i && !is_twice; back++)
			is_twice = is_turned(word->low) && is_no(&sentence->words[i - back]) &&
				   strcmp(sentence->words[i - back].low, "no") != 0 && !word->has_stop;
		if (is_twice) {
			advice_add(advice, "double-negative", form, text->language, text->words,
				   "two words deny here, the second is \"%s\": \"%s\"", word->low,
				   advice_quote(advice, sentence->at, sentence->length));
			return;
		}
		is_denied |= is_no(word);
	}
}

static bool is_participle(const char *word)
{
	static const char *const words[] = {"asked",   "told",    "given",  "made",       "done",   "seen",
					    "heard",   "shown",   "taken",  "held",       "kept",   "sent",
					    "written", "read",    "run",    "led",        "chosen", "treated",
					    "paid",    "brought", "taught", "understood", "spoken"};
	return ADVICE_IS_ONE_OF(word, words) || (ends_in(word, "ed") && strlen(word) > 4);
}

/* "the team" of "Your answers are read by the team on Monday": up to a noun, as far as that can be told. */
static const char *agent_first(struct advice *advice, const struct advice_sentence *sentence, size_t start)
{
	static const char *const before_noun[] = {"the",   "a",   "an",  "our",  "your",
						  "their", "his", "her", "this", "that"};
	size_t last = start;
	if (ADVICE_IS_ONE_OF(sentence->words[start].low, before_noun) && start + 1 < sentence->count)
		last++;
	const struct advice_word *end = &sentence->words[last];
	size_t length = (size_t) (end->at + end->length - sentence->words[start].at);
	return arena_printf(advice->arena, "Begin with \"%.*s\", and then say what they do.", (int) length,
			    sentence->words[start].at);
}

/* Only with the one who does it named behind "by": there the sentence can always be turned round. */
static void passive(struct advice *advice, const struct form *form, const struct advice_text *text,
		    const struct advice_sentence *sentence)
{
	static const char *const forms_of_be[] = {"is",    "are",   "was",    "were",    "be",    "been",
						  "being", "isn't", "wasn't", "weren't", "aren't"};
	static const char *const no_agents[] = {"phone", "post",  "email", "hand", "now",  "then",  "train", "bus",
						"car",   "using", "law",   "noon", "text", "heart", "name"};
	enum { REACH = 4 };
	for (size_t i = 0; i + 3 < sentence->count; i++) {
		if (!ADVICE_IS_ONE_OF(sentence->words[i].low, forms_of_be))
			continue;
		size_t done = i + 1;
		while (done < sentence->count && done <= i + 3 && !is_participle(sentence->words[done].low))
			done++;
		if (done >= sentence->count || done > i + 3)
			continue;
		for (size_t by = done + 1; by + 1 < sentence->count && by <= done + REACH; by++) {
			const char *next = sentence->words[by + 1].low;
			if (sentence->words[by].has_stop)
				break;
			if (strcmp(sentence->words[by].low, "by") != 0)
				continue;
			if (ADVICE_IS_ONE_OF(next, no_agents) || ends_in(next, "ing") ||
			    (next[0] >= '0' && next[0] <= '9'))
				break;
			if (advice_add(advice, "passive", form, text->language, text->words,
				       "say first who does it: \"%s\"",
				       advice_quote(advice, sentence->at, sentence->length)))
				advice_better(advice, agent_first(advice, sentence, by + 1));
			return;
		}
	}
}

/* 0: no verb of the list; else which form of it: base, -s, -ed, -ing. */
static int verb_form(const char *word)
{
	static const char *const base[] = {
		"feel",    "find",    "understand", "learn",   "know",      "like",    "enjoy",   "hear",
		"help",    "explain", "listen",     "treat",   "say",       "think",   "meet",    "trust",
		"support", "speak",   "ask",        "answer",  "read",      "join",    "follow",  "share",
		"attend",  "visit",   "work",       "improve", "recommend", "respect", "include", "inform",
		"take",    "use",     "see",        "get",     "give",      "talk",    "believe", "remember"};
	static const char *const past[] = {"felt", "found", "understood", "learnt", "knew", "heard", "said", "thought",
					   "met",  "spoke", "took",       "saw",    "got",  "gave",  "told"};
	if (ADVICE_IS_ONE_OF(word, base))
		return 1;
	if (ADVICE_IS_ONE_OF(word, past))
		return 2;
	char stem[ADVICE_WORD_ROOM];
	size_t length = strlen(word);
	static const struct {
		const char *end;
		int form;
	} ends[] = {{"ing", 3}, {"ed", 2}, {"s", 4}, {"d", 2}};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t tail = strlen(ends[i].end);
		if (!ends_in(word, ends[i].end) || length >= sizeof(stem))
			continue;
		memcpy(stem, word, length - tail);
		stem[length - tail] = '\0';
		if (ADVICE_IS_ONE_OF(stem, base))
			return ends[i].form;
	}
	return 0;
}

/* "Did people listen to you and explain things?" has two answers. Only two verbs of one form, right behind "and". */
static void two_in_one(struct advice *advice, const struct form *form, const struct advice_text *text,
		       const struct advice_sentence *sentence)
{
	if ((text->kind != ADVICE_LABEL && text->kind != ADVICE_STATEMENT) || text->question == NULL ||
	    text->question->type == QUESTION_NOTE || text->question->type == QUESTION_TEXT)
		return;
	for (size_t i = 1; i + 1 < sentence->count; i++) {
		int form_of_verb =
			strcmp(sentence->words[i].low, "and") == 0 ? verb_form(sentence->words[i + 1].low) : 0;
		for (size_t k = 0; form_of_verb != 0 && k < i; k++) {
			if (verb_form(sentence->words[k].low) != form_of_verb)
				continue;
			const char *one = sentence->words[k].low, *other = sentence->words[i + 1].low;
			if (advice_add(advice, "two-in-one", form, text->language, text->words,
				       "\"%s\" and \"%s\" can have two answers: \"%s\"", one, other,
				       advice_quote(advice, text->words, strlen(text->words))))
				advice_better(advice, arena_printf(advice->arena,
								   "Two questions: one with \"%s\", one with \"%s\"",
								   one, other));
			return;
		}
	}
}

/* Where the words of PATTERN follow each other; the index of the first, or sentence->count. *WORDS of them. */
static size_t find_pattern(const struct advice_sentence *sentence, const char *pattern, size_t *words)
{
	for (size_t start = 0; start < sentence->count; start++) {
		const char *at = pattern;
		size_t word = start;
		while (*at != '\0' && word < sentence->count) {
			size_t length = strcspn(at, " ");
			const char *low = sentence->words[word].low;
			if (strlen(low) != length || strncmp(low, at, length) != 0)
				break;
			at += length + strspn(at + length, " ");
			word++;
		}
		*words = word - start;
		if (*at == '\0')
			return start;
	}
	return sentence->count;
}

static void leading(struct advice *advice, const struct form *form, const struct advice_text *text,
		    const struct advice_sentence *sentence)
{
	/* What can stand instead; NULL: not just other words. */
	static const struct {
		const char *words, *say;
	} patterns[] = {
		{"don't you", "do you"},
		{"didn't you", "did you"},
		{"wouldn't you", "would you"},
		{"isn't it", NULL},
		{"wasn't it", NULL},
		{"do you agree that", NULL},
		{"do you agree", NULL},
		{"would you agree", NULL},
		{"how much did you enjoy", "how was"},
		{"how much did you like", "how was"},
		{"how much did you love", "how was"},
		{"did you enjoy", "how was"},
		{"how good was", "how was"},
		{"how great was", "how was"},
		{"how helpful was", "how helpful or unhelpful was"},
		{"how useful was", "how useful or useless was"},
		{"how bad was", "how was"},
		{"as you know", ""},
		{"of course", ""},
		{"surely", ""},
		{"obviously", ""},
		{"everybody knows", NULL},
		{"most people think", NULL},
	};
	if ((text->kind != ADVICE_LABEL && text->kind != ADVICE_STATEMENT) || text->question == NULL ||
	    text->question->type == QUESTION_NOTE)
		return;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		size_t words, start = find_pattern(sentence, patterns[i].words, &words);
		if (start == sentence->count)
			continue;
		const struct advice_word *first = &sentence->words[start], *last = &sentence->words[start + words - 1];
		size_t length = (size_t) (last->at + last->length - first->at);
		bool is_new = advice_add(advice, "leading", form, text->language, text->words,
					 "\"%s\" says which answer is expected: \"%s\"", patterns[i].words,
					 advice_quote(advice, text->words, strlen(text->words)));
		if (is_new && patterns[i].say != NULL)
			advice_better(advice, advice_instead(advice, sentence, first->at, length, patterns[i].say));
		return;
	}
}

void advice_grammar(struct advice *advice, const struct form *form, const struct advice_text *text,
		    const struct advice_sentence *sentence)
{
	double_negative(advice, form, text, sentence);
	passive(advice, form, text, sentence);
	two_in_one(advice, form, text, sentence);
	leading(advice, form, text, sentence);
}
