/* SPDX-License-Identifier: MIT */
/* advice_values.h: the answers that can make a difference to an expression.
 *
 * Only advice_reach.c, advice_trial.* and advice_values.c include this. */
#ifndef SOUNDINGS_ADVICE_ADVICE_VALUES_H
#define SOUNDINGS_ADVICE_ADVICE_VALUES_H

#include "lib/form/answers.h"
#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>

enum { ADVICE_VALUES_MAX = 200, ADVICE_LITERALS_MAX = 40 };

/* One answer to one field; nothing in it: unanswered. */
struct advice_value {
	const struct choice **choices; /* in the order in which they are given */
	size_t choices_count;
	const char *text; /* what is typed; a date as 2026-11-21 */
};

/* The answers to one field that differ for expressions with these literals, unanswered first. */
struct advice_values {
	const struct field *field;
	struct advice_value *list;
	size_t count;
	size_t now; /* the one that is being tried */
};

/* The quoted texts and the numbers of expressions, without their quotes. */
struct advice_literals {
	const char *list[ADVICE_LITERALS_MAX];
	size_t count;
	bool is_cut; /* there were more */
	int reach; /* so many fields may be compared with them and with one another: values that far from each are needed */
};

/* Adds those of SOURCE. False without memory. */
bool advice_literals_add(struct advice_literals *literals, const char *source, struct arena *arena);

/* Fills in what FIELD can be answered with in LANGUAGE. False when they are too many to try, or without memory. */
bool advice_values_of(const struct form *form, int language, const struct field *field,
		      const struct advice_literals *literals, struct arena *arena, struct advice_values *out);

/* Puts one value into ANSWERS, as a page would. False when it cannot be answered so, or without memory. */
bool advice_value_put(struct answers *answers, struct arena *arena, const struct field *field,
		      const struct advice_value *value);

#endif
