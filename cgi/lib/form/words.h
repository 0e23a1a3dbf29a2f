/* SPDX-License-Identifier: MIT */
/* words.h: the page's own strings ("Continue", "There is a problem"), in every language: forms/strings/LANG.yaml.
 *
 * forms/strings/en.yaml decides which keys there are: the build makes the enum (build/gen/words_keys.h) from its
 * top-level keys, so a template that names another key does not compile. Holes are written {name}. Variants
 * ("en-x-easy") may leave keys out; they fall back to their base language, and every language to English. */
#ifndef SOUNDINGS_FORM_WORDS_H
#define SOUNDINGS_FORM_WORDS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"
#include "lib/base/strbuf.h"
#include "words_keys.h" /* generated: enum word { WORD_<key>..., WORD_COUNT }, const char *const word_names[] */

#include <stdbool.h>
#include <stddef.h>

/* The strings of one language, holes unfilled, fallbacks filled in. */
struct words {
	const char *language; /* tag, lower case */
	const char *name;     /* the language's own name for itself ("Cymraeg", "Easy Read") */
	bool is_rtl;          /* direction: rtl */
	bool is_draft;        /* status: draft */
	const char *of[WORD_COUNT];
	const char *const
		*more; /* the organisers' strings, by their number behind WORD_COUNT; NULL where nobody needs them */
	size_t more_count;
};

struct words_set {
	struct words *list; /* [0] is English */
	size_t count;
};

/* Loads every LANG.yaml of FOLDER. Besides the strings a file has the keys language, name, status and (rtl only)
 * direction. Unknown keys, holes that English does not have, and missing English are problems. ERR_INVALID, ERR_IO,
 * ERR_NOT_FOUND, ERR_NOMEM. */
enum err words_load(const char *folder, struct arena *arena, struct words_set *out,
		    struct problems *problems) MUST_CHECK;

/* One file of a second group of strings (the organisers': build/gen/words_organiser_keys.h), as it was built into a program. */
struct words_file {
	const char *name; /* for problems: "forms/strings/organiser/cy.yaml" */
	const char *language;
	const char *text;
};

/* Reads FILES, English first, and gives the words of SET in those languages their strings, named NAMES. What a translation leaves out is
 * filled from English; all else as words_load. Languages that have no file get none. ERR_INVALID, ERR_NOMEM. */
enum err words_add(struct words_set *set, const struct words_file *files, size_t files_count, const char *const *names,
		   size_t names_count, struct arena *arena, struct problems *problems) MUST_CHECK;

/* The string of a key of either group, holes unfilled; NULL where these words have none such. */
const char *words_text(const struct words *words, enum word key);

/* As one canonical JSON document for the catalogue, and back. Unknown keys in a document are ignored, and those that its
 * English lacks say what they said when this program was built: a front machine may be older or newer than its hub. ERR_NOMEM, ERR_CORRUPT. */
enum err words_encode(const struct words_set *set, struct arena *arena, char **out, size_t *length) MUST_CHECK;
enum err words_decode(const char *json, size_t length, struct arena *arena, struct words_set *out) MUST_CHECK;

/* The strings for a tag (any case): itself, else its base language, else English. Never NULL for a loaded set. */
const struct words *words_for(const struct words_set *set, const char *tag);

/* A hole's name and what goes in. */
struct words_fill {
	const char *name;
	const char *value;
};

/* Around a value with Latin letters or digits of several parts, in a string that runs from right to left: FIRST STRONG ISOLATE and
 * POP DIRECTIONAL ISOLATE (Unicode Standard Annex #9, 2.4.3). Without them an English title, an address or a telephone number changes
 * places with what stands beside it. */
#define WORDS_ISOLATE "\u2068"
#define WORDS_ISOLATE_END "\u2069"

/* True when VALUE, filled into a string of WORDS, needs them: the language runs from right to left, and the value is neither a
 * plain number nor without any letter or digit of ASCII. */
bool words_isolates(const struct words *words, const char *value);

/* TEXT with its holes filled, unescaped; values isolated where words_isolates says so. A hole without a fill stays as it is written, a fill
 * of NULL is nothing, and what is filled in is not looked at again. TEXT itself when it has no hole, else in ARENA; NULL without room. */
const char *words_fill_text(const struct words *words, const char *text, const struct words_fill *fills, size_t count,
			    struct arena *arena);

/* The same of a string of the page; NULL also where these words have none such. */
const char *words_fill(const struct words *words, enum word key, const struct words_fill *fills, size_t count,
		       struct arena *arena);

#endif
