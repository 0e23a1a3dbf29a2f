/* SPDX-License-Identifier: MIT */
/* advice_trial.c: the answers that can make a difference to an expression, in all combinations: which fields decide, and their values
 * one after the other. Where they are too many nothing can be said. */
#include "lib/advice/advice_trial.h"

#include <string.h>

enum { COMBINATIONS_MOST = 2000 };

static bool has_field(const struct advice_trial *trial, const struct field *field)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (trial->fields[i] == field)
			return true;
	}
	return false;
}

bool advice_trial_add(struct advice_trial *trial, const struct field *field)
{
	if (has_field(trial, field))
		return true;
	if (trial->count == ADVICE_FIELDS_MOST)
		return false;
	trial->fields[trial->count++] = field;
	const struct question *question = field->question;
	return question->relevant_expr == NULL ||
	       advice_trial_add_names(trial, question->relevant_expr, question->relevant);
}

bool advice_trial_add_names(struct advice_trial *trial, const struct expr *expr, const char *source)
{
	size_t count = 0;
	const char *const *names = expr_names_used(expr, trial->arena, &count);
	if (names == NULL || strstr(source, "regex") != NULL ||
	    !advice_literals_add(&trial->literals, source, trial->arena))
		return false;
	for (size_t i = 0; i < count; i++) {
		int field = form_field(trial->form, names[i]);
		if (field < 0 && trial->self != NULL && strcmp(names[i], trial->self->name) == 0)
			continue;
		if (field < 0 || !advice_trial_add(trial, &trial->form->fields[field]))
			return false;
	}
	return true;
}

/* How many fields have an order or a length, in which others can come before or behind. */
static int count_ordered(const struct advice_trial *trial)
{
	int count = 0;
	for (size_t i = 0; i < trial->count; i++) {
		enum question_type type = trial->fields[i]->question->type;
		count +=
			trial->fields[i]->part != FIELD_REFUSAL && type != QUESTION_SELECT_ONE && type != QUESTION_GRID;
	}
	return count;
}

bool advice_trial_begin(struct advice_trial *trial)
{
	size_t combinations = 1;
	int ordered = count_ordered(trial);
	trial->literals.reach = ordered > 1 ? ordered : 1;
	for (size_t i = 0; i < trial->count; i++) {
		if (!advice_values_of(trial->form, trial->language, trial->fields[i], &trial->literals, trial->arena,
				      &trial->values[i]))
			return false;
		if (trial->is_left_out[i])
			trial->values[i].count = 1; /* the first is none */
		combinations *= trial->values[i].count;
		if (combinations > COMBINATIONS_MOST)
			return false;
	}
	return true;
}

bool advice_trial_next(struct advice_trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (++trial->values[i].now < trial->values[i].count)
			return true;
		trial->values[i].now = 0;
	}
	return false;
}

struct answers *advice_trial_answers(const struct advice_trial *trial, struct arena *scratch)
{
	struct answers *answers = answers_new(trial->form, trial->language, scratch);
	for (size_t i = 0; answers != NULL && i < trial->count; i++) {
		const struct advice_values *values = &trial->values[i];
		if (!advice_value_put(answers, scratch, values->field, &values->list[values->now]))
			return NULL;
	}
	return answers;
}
