/* SPDX-License-Identifier: MIT */
/* answers_parts.h: what the files of answers share; nobody else includes it. */
#ifndef SOUNDINGS_FORM_ANSWERS_PARTS_H
#define SOUNDINGS_FORM_ANSWERS_PARTS_H

#include "lib/form/answers.h"
#include "lib/form/answers_date.h"
#include "lib/form/answers_number.h"
#include "lib/form/expr.h"

/* ---- answers_view.c: what expressions see ---- */

/* What each number and date that was typed is, canonical; "" where it is none. By field index. */
struct answers_known {
	char of[FORM_FIELDS_MAX][ANSWERS_NUMBER_TEXT];
};

struct answers_view {
	const struct answers *answers;
	const struct answers_known *known;
	const bool *counts;          /* by field index: asked, and relevant */
	const struct question *self; /* what '.' is; NULL in relevant: */
	size_t self_field;
};

void answers_know(const struct answers *answers, struct answers_known *known);

/* Fills COUNTS (of all fields) for the questions before END, or all when END is NULL: true where the answer counts. In form
 * order, so that each relevant: sees what was settled before it and a second check finds the same. */
void answers_settle(const struct answers *answers, const struct answers_known *known, const struct question *end,
		    bool *counts);

/* NULL holds always. */
bool answers_view_holds(const struct answers_view *view, const struct expr *expr);

/* ---- answers_rank.c: places and order ---- */

/* The place that PART gives, 1 to COUNT; 0 when it gives none. */
unsigned answers_rank_place(const char *part, size_t count);

size_t answers_rank_count(const struct answer *answer);
bool answers_rank_has(const struct answer *answer, const struct choice_list *list, const char *name);

/* Makes the order of the choices from their places. *SAME is the first choice whose place another before it has (then there is
 * no order), or -1. ERR_NOMEM. */
enum err answers_rank_order(struct answer *answer, const struct choice_list *list, struct arena *arena,
			    int *same) MUST_CHECK;

#endif
