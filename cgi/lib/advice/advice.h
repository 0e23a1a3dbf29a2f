/* SPDX-License-Identifier: MIT */
/* advice.h: what a person should know about a form before it is published: every finding with its rule, its place, why it
 * matters and how it could be put better.
 *
 * The loader says what stops a form; this says what would hurt the people who answer it, or the results. It looks at a
 * struct form, so that a published document can be looked at as well. Pure: no files, no clock. The rules are those of
 * soundings-form(5), DIAGNOSTICS. */
#ifndef SOUNDINGS_ADVICE_ADVICE_H
#define SOUNDINGS_ADVICE_ADVICE_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"
#include "lib/form/form.h"
#include "lib/form/form_places.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum advice_level {
	ADVICE_ERROR,   /* the form cannot be published */
	ADVICE_WARNING, /* outside practice, publishing asks for a reason */
	ADVICE_ADVICE,  /* worth a look; changes nothing */
	ADVICE_LEVELS
};

/* "error", "warning", "advice". Static storage. */
const char *advice_level_name(enum advice_level level);

struct advice_rule {
	const char *name; /* kebab-case, for ever: others look for it in the JSON */
	enum advice_level level;
	const char *why;     /* a sentence */
	const char *example; /* how it could be put; where a finding has a better one, that counts */
};

/* Every rule there is, the loader's and those of lib/form/yaml.c included, in order of name. */
extern const struct advice_rule advice_rules[];
extern const size_t advice_rules_count;

/* The rule of that name, or NULL. */
const struct advice_rule *advice_rule_find(const char *name);

struct advice_finding {
	const struct advice_rule *rule;
	const char *file; /* NULL when the form was read from no file */
	unsigned line;    /* 0: the whole file */
	unsigned column;
	const char *language; /* the tag that it is about; NULL: the form */
	const char *message;  /* a sentence or a part of one, without a full stop */
	const char *example;
};

enum { ADVICE_MAX = 2000 };

struct advice {
	struct arena *arena; /* holds all of it */
	const struct form_places *places;
	struct advice_finding *list;
	size_t count;
	size_t capacity;
	size_t of_level[ADVICE_LEVELS]; /* those past ADVICE_MAX included */
	size_t dropped;                 /* past ADVICE_MAX: only counted */
	bool has_untold; /* something that was only counted may be of a kind that nothing in the list is */
	bool has_no_memory;
};

/* An empty list. PLACES (may be NULL) says where the texts of the forms stand that it will be about. */
void advice_init(struct advice *advice, struct arena *arena, const struct form_places *places);

/* Adds what the loader said. FORM may be NULL, when it could not be loaded. */
void advice_problems(struct advice *advice, const struct form *form, const struct problems *problems);

/* Looks at a form by itself. */
void advice_form(struct advice *advice, const struct form *form);

/* Looks at what FORM changes of PUBLISHED, its last version: what would break exports that join the two. */
void advice_published(struct advice *advice, const struct form *form, const struct form *published);

/* Looks whether every picture that the form names is one of COUNT names. */
void advice_pictures(struct advice *advice, const struct form *form, const char *const *names, size_t count);

/* Looks whether the longest response fits in ROOM bytes. */
void advice_room(struct advice *advice, const struct form *form, size_t room);

/* Puts the list in order (files, with form.yaml first and translations last; level, rule, line) and says whether all of it could be kept. ERR_NOMEM. */
enum err advice_finish(struct advice *advice) MUST_CHECK;

/* For people: grouped by file and rule, 80 columns wide where no path or word is longer. */
void advice_print(const struct advice *advice, FILE *out);

/* For machines: an array of objects with file, line, column, rule, level, message, why, example; null where there is none.
 * ERR_NOMEM, ERR_IO. */
enum err advice_print_json(const struct advice *advice, FILE *out) MUST_CHECK;

/* The warnings in short, as the audit keeps them: "unreachable-question, draft-translation cy". A rule that is about one
 * language has its tag behind it; in order of languages, whatever the files are called. At most MOST bytes; where that is not all, the last word is "more". "" when there are none. NULL
 * without memory. */
const char *advice_warnings(const struct advice *advice, size_t most);

/* The Flesch-Kincaid grade plus 5: how old a reader of TEXT should be. 0 when it has fewer than WORDS_LEAST words: the
 * formula needs sentences. */
double advice_reading_age(const char *text, size_t words_least);

/* How many syllables an English word has, by its letters; at least 1. */
unsigned advice_syllables(const char *word, size_t length);

#endif
