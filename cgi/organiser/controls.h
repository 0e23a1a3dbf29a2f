/* SPDX-License-Identifier: MIT */
/* controls.h: the controls of the organisers' forms, made from what was typed and what is wrong with it; and reading numbers and days. Note
 * mistakes first (visit_wrong, or the readers here do): a control takes up its own message when it is made. LABEL and HINT are WORD_...; a
 * HINT of CONTROL_NO_HINT is none. */
#ifndef SOUNDINGS_ORGANISER_CONTROLS_H
#define SOUNDINGS_ORGANISER_CONTROLS_H

#include "visit.h"

enum { CONTROL_NO_HINT = -1 };

/* One line of text; set width, inputmode, autocomplete or suffix on the result. */
struct control control_text(const struct visit *visit, const char *name, int label, int hint, const char *value);
/* The same with "(optional)" behind its label. */
struct control control_optional(const struct visit *visit, const char *name, int label, int hint, const char *value);
struct control control_area(const struct visit *visit, const char *name, int label, int hint, const char *value,
			    unsigned rows);
/* AUTOCOMPLETE: "current-password" or "new-password". */
struct control control_password(const struct visit *visit, const char *name, int label, int hint,
				const char *autocomplete);
/* Radios, tick boxes or a list, as the template prints it. Ids are filled in; OPTIONS must live as long as the page. */
struct control control_options(const struct visit *visit, const char *name, int label, int hint,
			       struct control_option *options, size_t count);

/* A day, as it was typed in NAME.day, NAME.month, NAME.year of this POST; or DATE (year 0: nothing) on a fresh page. */
struct control control_date(const struct visit *visit, const char *name, int label, int hint, struct date date);

/* Reads it. Year 0 when nothing was typed. False, and a mistake noted: it is no day, or nothing was typed where IS_NEEDED (the WORD of what is
 * said then; -1: it may be left out). */
bool control_read_date(struct visit *visit, const char *name, int missing, struct date *out);

/* A whole number from 0 to MOST; OFFICE_UNKNOWN when nothing was typed. False, and a mistake noted: it is none. */
bool control_read_number(struct visit *visit, const char *name, int64_t most, int64_t *out);

/* A text of at most MOST characters. False, and a mistake noted: it is longer, or empty where MISSING is not -1. */
bool control_read_text(struct visit *visit, const char *name, int missing, size_t most, const char **out);

#endif
