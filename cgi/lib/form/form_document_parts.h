/* SPDX-License-Identifier: MIT */
/* form_document_parts.h: the words that form_document.c and form_document_decode.c share. */
#ifndef SOUNDINGS_FORM_FORM_DOCUMENT_PARTS_H
#define SOUNDINGS_FORM_FORM_DOCUMENT_PARTS_H

#include "lib/form/form.h"

#include <jansson.h>

/* Names the format, so that a later one can be told from it. */
#define FORM_DOCUMENT_FORMAT "soundings-form/1"

static const char *const form_document_types[QUESTION_TYPE_COUNT] = {
	[QUESTION_SELECT_ONE] = "select_one",
	[QUESTION_SELECT_MULTIPLE] = "select_multiple",
	[QUESTION_TEXT] = "text",
	[QUESTION_NOTE] = "note",
	[QUESTION_RANK] = "rank",
	[QUESTION_SCALE] = "scale",
	[QUESTION_GRID] = "grid",
	[QUESTION_INTEGER] = "integer",
	[QUESTION_DECIMAL] = "decimal",
	[QUESTION_DATE] = "date",
};

static const char *const form_document_maps_to[MAPS_TO_COUNT] = {
	[MAPS_TO_NOTHING] = "nothing",
	[MAPS_TO_TOP] = "top",
	[MAPS_TO_MIDDLE] = "middle",
	[MAPS_TO_BOTTOM] = "bottom",
};

static const char *const form_document_safety[] = {
	[FORM_SAFETY_NONE] = "none",
	[FORM_SAFETY_EXIT_PAGE] = "exit-page",
};

/* The document as a tree, a new reference; NULL without memory. */
json_t *form_document_tree(const struct form *form);

#endif
