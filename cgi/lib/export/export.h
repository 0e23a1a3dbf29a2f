/* SPDX-License-Identifier: MIT */
/* export.h: rows of one event as CSV or JSON. The rows come from the caller; which may leave is decided before (office).
 *
 * CSV: RFC 4180, UTF-8 with BOM (spreadsheets guess wrong without), CR LF, every cell quoted when it must be, text cells
 * that a spreadsheet would take for a formula (= + - @ TAB CR LF NUL and their full-width forms, also behind blanks and
 * signs that show nothing) begin with an apostrophe. Columns are the form's fields, by name:
 *   select_one, a statement of a grid, a refusal    the code
 *   select_multiple    NAME with space-separated codes, and one 0/1 column NAME__CODE for each choice (empty where the
 *                      question was not answered)
 *   rank               NAME with space-separated codes, the best first, and a column NAME__CODE for each choice with its
 *                      place, 1 the best (empty where it has none)
 *   scale, integer, decimal    the number in a bare cell, which is no formula also when it begins with a minus; of a scale
 *                      also its refusal's code
 *   date               YYYY-MM-DD
 *   text               as it was typed
 * JSON has lists for select_multiple and rank, numbers for scale, integer and decimal, strings for the rest. Columns
 * "language" and "mode" come first where rows have them; where a field has that name already they are "response_language",
 * "response_mode". */
#ifndef SOUNDINGS_EXPORT_EXPORT_H
#define SOUNDINGS_EXPORT_EXPORT_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row: canonical answers (answers.h) to one version of the form. */
struct export_row {
	const char *answers;     /* JSON object */
	const struct form *form; /* the version it answers */
	const char *language;    /* tag with variant: "en-x-easy"; NULL where it must not be shown */
	const char *mode;        /* NULL where it must not be shown */
};

/* A list of rows that is exported together: the responses, or the apart answers of a practice event. All versions are
 * merged; columns in the order of the newest version, then those only older versions have. */
struct export_list {
	const char *name;              /* "responses" or "about-you" */
	const struct export_row *rows; /* in any order: exporting shuffles a copy afresh */
	size_t rows_count;
	bool is_apart; /* columns of apart pages instead of the others */
	bool is_full;  /* practice: variants' own codes as they are. Otherwise a question for which a variant
	                                * has own choices is exported by maps_to (top, middle, bottom) in every row as soon as
	                                * one row needs it, so that a row does not show which face was answered. Refusals are
	                                * then "refused". A word that not every face can give is left out for the same reason:
	                                * where Easy Read alone offers "I don't know", its cell is empty. And as soon as
	                                * one row needs it (also because it lacks what is required of everybody who is asked it),
	                                * fields that some face does not ask have no column at all, since their
	                                * empty cells would show that face */
};

/* ERR_CORRUPT when answers are no JSON object, or name a field or choice that the row's form does not have; ERR_NOMEM. No
 * rows: no columns either. OUT is also failed (strbuf_fail) with the error. */
enum err export_csv(const struct export_list *list, struct arena *arena, struct strbuf *out) MUST_CHECK;

/* {"event":CODE,"form":NAME,"responses":[{...}],"about-you":[{...}]}: one object a row, typed; lists in export order. */
enum err export_json(const char *event, const char *form, const struct export_list *lists, size_t lists_count,
		     struct arena *arena, struct strbuf *out) MUST_CHECK;

#endif
