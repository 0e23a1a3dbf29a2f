/* SPDX-License-Identifier: MIT */
/* advice_reach.c: questions that nobody is ever asked, and rules that no answer keeps.
 *
 * Tried, not proved: the answers that can make a difference (advice_values.h), in all combinations, judged by answers.h as
 * the page judges them. Where they are too many, or a pattern decides, nothing is said. */
#include "lib/advice/advice_parts.h"
#include "lib/advice/advice_values.h"

#include "lib/form/expr.h"

#include <string.h>

enum { FIELDS_MOST = 8, COMBINATIONS_MOST = 2000, SCRATCH_BYTES = 8 << 20 };

/* The fields that decide, each with its values. */
struct trial {
	const struct form *form;
	int language;
	struct arena *arena;
	const struct question *self; /* whose own name a constraint says for either half of a pair */
	struct advice_literals literals;
	const struct field *fields[FIELDS_MOST];
	struct advice_values values[FIELDS_MOST];
	size_t count;
};

static bool has_field(const struct trial *trial, const struct field *field)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (trial->fields[i] == field)
			return true;
	}
	return false;
}

static bool add_fields_of(struct trial *trial, const struct expr *expr, const char *source);

/* A field, and what decides whether it is asked. */
static bool add_field(struct trial *trial, const struct field *field)
{
	if (has_field(trial, field))
		return true;
	if (trial->count == FIELDS_MOST)
		return false;
	trial->fields[trial->count++] = field;
	const struct question *question = field->question;
	return question->relevant_expr == NULL || add_fields_of(trial, question->relevant_expr, question->relevant);
}

static bool add_fields_of(struct trial *trial, const struct expr *expr, const char *source)
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
		if (field < 0 || !add_field(trial, &trial->form->fields[field]))
			return false;
	}
	return true;
}

/* How many fields have an order or a length, in which others can come before or behind. */
static int count_ordered(const struct trial *trial)
{
	int count = 0;
	for (size_t i = 0; i < trial->count; i++) {
		enum question_type type = trial->fields[i]->question->type;
		count +=
			trial->fields[i]->part != FIELD_REFUSAL && type != QUESTION_SELECT_ONE && type != QUESTION_GRID;
	}
	return count;
}

static bool fill_values(struct trial *trial)
{
	size_t combinations = 1;
	int ordered = count_ordered(trial);
	trial->literals.reach = ordered > 1 ? ordered : 1;
	for (size_t i = 0; i < trial->count; i++) {
		if (!advice_values_of(trial->form, trial->language, trial->fields[i], &trial->literals, trial->arena,
				      &trial->values[i]))
			return false;
		combinations *= trial->values[i].count;
		if (combinations > COMBINATIONS_MOST)
			return false;
	}
	return true;
}

/* The next combination. False behind the last. */
static bool step(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (++trial->values[i].now < trial->values[i].count)
			return true;
		trial->values[i].now = 0;
	}
	return false;
}

/* The answers of this combination; NULL when a page could not send them, *IS_LOST without memory. */
static struct answers *answers_of(const struct trial *trial, struct arena *scratch)
{
	struct answers *answers = answers_new(trial->form, trial->language, scratch);
	for (size_t i = 0; answers != NULL && i < trial->count; i++) {
		const struct advice_values *values = &trial->values[i];
		if (!advice_value_put(answers, scratch, values->field, &values->list[values->now]))
			return NULL;
	}
	return answers;
}

/* True when some combination makes the question one that is asked, or when that cannot be tried. */
static bool is_reached(struct trial *trial, const struct question *question)
{
	CLEANUP_ARENA struct arena scratch;
	arena_init(&scratch, SCRATCH_BYTES);
	if (!add_fields_of(trial, question->relevant_expr, question->relevant) || !fill_values(trial))
		return true;
	do {
		arena_reset(&scratch);
		const struct answers *answers = answers_of(trial, &scratch);
		if (scratch.is_failed || (answers != NULL && answers_is_relevant(answers, question)))
			return true;
	} while (step(trial));
	return false;
}

/* Whether FIELD is answered in this combination and nothing is wrong with the answer. */
static bool is_taken(const struct trial *trial, const struct field *field, struct arena *scratch)
{
	struct answers *answers = answers_of(trial, scratch);
	struct mistakes mistakes = {0};
	if (answers == NULL || answers_check(answers, scratch, &mistakes) != ERR_OK)
		return false;
	int index = form_field(trial->form, field->name);
	if (!answer_is_given(&answers->of[index]))
		return false;
	for (size_t i = 0; i < mistakes.count; i++) {
		if (mistakes.list[i].field == index)
			return false;
	}
	return true;
}

/* Whether the judgement on typed answers can be trusted: only when nothing else that is typed decides with them. */
static bool is_plain(const struct trial *trial, const struct field *field)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (trial->fields[i] != field && form_field_is_typed(trial->fields[i]))
			return false;
	}
	return true;
}

static bool is_possible(struct trial *trial, const struct question *question, const struct field *field)
{
	CLEANUP_ARENA struct arena scratch;
	arena_init(&scratch, SCRATCH_BYTES);
	if (!add_field(trial, field) || !add_fields_of(trial, question->constraint_expr, question->constraint) ||
	    !is_plain(trial, field) || !fill_values(trial))
		return true;
	do {
		arena_reset(&scratch);
		if (is_taken(trial, field, &scratch) || scratch.is_failed)
			return true;
	} while (step(trial));
	return false;
}

static const struct field *first_field(const struct form *form, const struct question *question)
{
	for (size_t i = 0; i < form->fields_count; i++) {
		if (form->fields[i].question == question && form->fields[i].part != FIELD_REFUSAL)
			return &form->fields[i];
	}
	return NULL;
}

static void look(struct advice *advice, const struct form *form, int language, const struct question *question)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SCRATCH_BYTES);
	const char *in = language > 0 ? " in " : "", *tag = language > 0 ? form->languages[language].tag : "";
	struct trial trial = {.form = form, .language = language, .arena = &arena};
	if (question->relevant_expr != NULL && !is_reached(&trial, question)) {
		advice_add(advice, "unreachable-question", form, language, question->relevant,
			   "no answers ever lead to \"%s\"%s%s", question->name, in, tag);
		return; /* what is never asked keeps every rule */
	}
	const struct field *field = first_field(form, question);
	if (question->constraint_expr == NULL || field == NULL)
		return;
	if (field->part == FIELD_BEFORE && question->faces[language].pair == PAIR_PLAIN)
		field++; /* the half that is asked */
	trial = (struct trial){.form = form, .language = language, .arena = &arena, .self = question};
	if (!is_possible(&trial, question, field))
		advice_add(advice, "impossible-constraint", form, language, question->constraint,
			   "no answer to \"%s\" keeps its own rule%s%s, so nobody who answers it can send the form",
			   question->name, in, tag);
}

/* A language that only translates asks what its base asks; a variant may not. */
void advice_reach(struct advice *advice, const struct form *form)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		if (i > 0 && form->languages[i].variant[0] == '\0')
			continue;
		for (size_t p = 0; p < form->pages_count; p++) {
			for (size_t q = 0; q < form->pages[p].questions_count; q++) {
				const struct question *question = &form->pages[p].questions[q];
				if (form_asks(form, (int) i, question))
					look(advice, form, (int) i, question);
			}
		}
	}
}
