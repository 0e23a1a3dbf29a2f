/* SPDX-License-Identifier: MIT */
/* advice_trial.h: the answers that can make a difference to an expression, in all combinations.
 *
 * Only advice_reach.c and advice_trial.c include this. */
#ifndef SOUNDINGS_ADVICE_ADVICE_TRIAL_H
#define SOUNDINGS_ADVICE_ADVICE_TRIAL_H

#include "lib/advice/advice_values.h"

#include "lib/form/answers.h"
#include "lib/form/expr.h"

enum { ADVICE_FIELDS_MOST = 8, ADVICE_SCRATCH_BYTES = 8 << 20 };

/* The fields that decide, each with its values. */
struct advice_trial {
	const struct form *form;
	int language;
	struct arena *arena;
	const struct question *self; /* whose own name a constraint says for either half of a pair; NULL */
	struct advice_literals literals;
	const struct field *fields[ADVICE_FIELDS_MOST];
	struct advice_values values[ADVICE_FIELDS_MOST];
	bool is_left_out[ADVICE_FIELDS_MOST]; /* nobody answers it */
	size_t count;
};

/* Adds a field, and what decides whether it is asked. False when they are too many, or a pattern decides. */
bool advice_trial_add(struct advice_trial *trial, const struct field *field);

/* Adds the fields that EXPR, which reads SOURCE, names. False as above. */
bool advice_trial_add_names(struct advice_trial *trial, const struct expr *expr, const char *source);

/* Fills in the values, at the first combination. False when there are too many. */
bool advice_trial_begin(struct advice_trial *trial);

/* The next combination. False behind the last. */
bool advice_trial_next(struct advice_trial *trial);

/* The answers of this combination, in SCRATCH; NULL when a page could not send them, or without memory (then SCRATCH has failed). */
struct answers *advice_trial_answers(const struct advice_trial *trial, struct arena *scratch);

#endif
