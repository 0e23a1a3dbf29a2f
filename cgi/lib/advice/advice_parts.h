/* SPDX-License-Identifier: MIT */
/* advice_parts.h: what the files of lib/advice share: texts with their surroundings, sentences and words. */
#ifndef SOUNDINGS_ADVICE_ADVICE_PARTS_H
#define SOUNDINGS_ADVICE_ADVICE_PARTS_H

#include "lib/advice/advice.h"

enum {
	ADVICE_WORDS_MAX = 400, /* of one sentence that are looked at; more are counted */
	ADVICE_WORD_ROOM = 40
};

/* One word of a sentence: letters, digits, hyphens and apostrophes inside; or a hole such as {organisation}. */
struct advice_word {
	const char *at; /* in the text */
	size_t length;
	char low[ADVICE_WORD_ROOM]; /* in lower case, ’ as '; cut off when longer */
	bool is_hole;
	bool has_stop; /* a comma, colon, bracket, dash or the like stands before it */
};

struct advice_sentence {
	const char *at;
	size_t length;
	struct advice_word words[ADVICE_WORDS_MAX];
	size_t count; /* of words in the list */
	size_t words_count;
	char end; /* '.', '!', '?', or 0 */
};

/* Moves *AT behind the next sentence of a text. False at the end. */
bool advice_sentence_next(const char **at, struct advice_sentence *out);

/* What a text is there for. */
enum advice_kind {
	ADVICE_TITLE, /* of the form or a page */
	ADVICE_TIME,
	ADVICE_INTRO,
	ADVICE_LABEL,
	ADVICE_HALF, /* label_before, label_now */
	ADVICE_HINT,
	ADVICE_MESSAGE, /* required_message, constraint_message */
	ADVICE_WHEN,
	ADVICE_END, /* label_low, label_high, unit */
	ADVICE_STATEMENT,
	ADVICE_CHOICE, /* and headings between choices */
	ADVICE_KINDS
};

/* One English text as one face shows it. */
struct advice_text {
	const char *words;
	enum advice_kind kind;
	int language;                    /* whose face it is shown in */
	bool is_easy;                    /* that face is Easy Read */
	bool is_fallback;                /* the face has no words of its own and shows these */
	bool is_harmonised;              /* the wording of a standard, which is kept as it is */
	const struct question *question; /* NULL: none, or several */
};

/* Every English text of the form, in the order in which people meet them.. */
typedef void advice_text_look(void *context, const struct form *form, const struct advice_text *text);
void advice_texts(const struct form *form, advice_text_look *look, void *context);

/* True for "en-x-easy", "cy-x-easy". */
bool advice_is_easy(const struct language *language);

/* True when the wording of the question is a standard's: its choices carry the standard's codes. */
bool advice_is_harmonised(const struct choice_list *list);

/* Adds a finding at the place of VALUE (a text or name of the form). LANGUAGE is an index, or -1. The rule must be in the table. True when
 * it stands in the list now and did not before: then it may get an example of its own. */
bool advice_add(struct advice *advice, const char *rule, const struct form *form, int language, const char *value,
		const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Gives the finding that was added last an example of its own. Does nothing with NULL. */
void advice_better(struct advice *advice, const char *example);

/* The first LENGTH bytes of TEXT, cut at a word behind some 60 letters, in the arena; "" without memory. */
const char *advice_quote(struct advice *advice, const char *text, size_t length);

/* SENTENCE with the LENGTH bytes at AT, which lie in it, and white space and commas around them, made WORDS; a capital at its beginning. In the
 * arena; NULL without memory, or when nothing but WORDS is left. */
const char *advice_instead(struct advice *advice, const struct advice_sentence *sentence, const char *at, size_t length,
			   const char *words);

/* Where a person looks for a question: its English label, or its name. */
const char *advice_at_question(const struct question *question);

/* True when WORD (in lower case) is one of COUNT. */
bool advice_is_one_of(const char *word, const char *const *words, size_t count);
#define ADVICE_IS_ONE_OF(word, words) advice_is_one_of((word), (words), sizeof(words) / sizeof((words)[0]))

/* advice_grammar.c: what a sentence's words say together. Called by advice_wording for every sentence of a text. */
void advice_grammar(struct advice *advice, const struct form *form, const struct advice_text *text,
		    const struct advice_sentence *sentence);

/* advice_wording.c, advice_reading.c, advice_questions.c, advice_lists.c, advice_length.c, advice_reach.c: the rules. */
void advice_wording(struct advice *advice, const struct form *form);
void advice_reading(struct advice *advice, const struct form *form);
void advice_questions(struct advice *advice, const struct form *form);
void advice_length(struct advice *advice, const struct form *form);
void advice_lists(struct advice *advice, const struct form *form);
void advice_reach(struct advice *advice, const struct form *form);

#endif
