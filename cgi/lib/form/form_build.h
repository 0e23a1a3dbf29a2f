/* SPDX-License-Identifier: MIT */
/* form_build.h: what both ways of making a form share: the folder (form_load.h) and the document (form_document.h).
 *
 * Only files of lib/form, and advice.c for what names a translation, include this. */
#ifndef SOUNDINGS_FORM_FORM_BUILD_H
#define SOUNDINGS_FORM_FORM_BUILD_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	FORM_MAX_UTF16 = 10000, /* most that max: may say */
	FORM_KEEP_MONTHS_MAX = 120,
	FORM_THRESHOLD_MIN = 5,
	FORM_THRESHOLD_MAX = 100,
	FORM_CROSSTABS_MAX = 200,
	FORM_NAMES_MAX = 200,       /* programmes, retired names */
	FORM_TEXT_BYTES_MAX = 10000 /* one label, intro or message */
};

/* The kinds of names. Each is true for 1 to FORM_NAME_MAX bytes of the alphabet in its comment. */
bool form_name_is_question(const char *name); /* [a-z][a-z0-9_]*: questions, fields, measures */
bool form_name_is_page(const char *name);     /* [a-z][a-z0-9_-]*: pages, lists, steps of a page */
bool form_name_is_choice(const char *name);   /* [a-z0-9_]+: choices, headings between them */
bool form_name_is_slug(const char *name);     /* [a-z][a-z0-9-]*: library files, programmes, Areas */
bool form_name_is_form(const char *name);     /* a slug that nobody can take for a language tag */
bool form_name_is_picture(const char *name);  /* a file name without folder: [a-z0-9][a-z0-9._-]*, to 64 bytes */

/* True for the tags that may name a file: ll[-Ssss][-rr][-x-variant] in lower case (BCP 47; the variant to 8 signs). */
bool form_tag_is_valid(const char *tag);

/* Fills tag, variant and base from a valid TAG. ERR_NOMEM. */
enum err form_build_language(const char *tag, enum language_status status, struct arena *arena,
			     struct language *out) MUST_CHECK;

/* The list that refusals of questions are looked up in. */
#define FORM_REFUSALS "refusals"

/* What follows from a form whose questions, lists and texts are all there: the lists of scales, and form->fields, with
 * names for the halves of pairs, the statements of grids and the refusals. A scale with impossible ends has no list.
 * ERR_NOMEM. */
enum err form_build_fields(struct form *form, struct arena *arena) MUST_CHECK;

/* True for the types that stand before the name of a list: select_one, select_multiple, rank, grid. */
bool form_build_needs_list(enum question_type type);

/* True when a refusal of this question is a field of its own. */
bool form_build_has_refusal_field(const struct question *question);

/* True when both ends can be ends of a scale. */
bool form_build_is_scale(int from, int to);

/* The hole of TEXT ("{colour}") that no page fills, or NULL: a pointer to its brace in TEXT, and its LENGTH. Holes are
 * {event} {place} {date} {organisation} {name}; braces around anything but one lower-case word are plain text. */
const char *form_text_unknown_hole(const char *text, size_t *length);

#endif
