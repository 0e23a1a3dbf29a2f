/* SPDX-License-Identifier: MIT */
/* advice_reach.c: questions that nobody is ever asked, and rules that no answer keeps.
 *
 * Tried, not proved: the answers that can make a difference (advice_trial.h), judged by answers.h as the page judges them. Where
 * they are too many, or a pattern decides, nothing is said. */
#include "lib/advice/advice_parts.h"
#include "lib/advice/advice_trial.h"

#include <string.h>

enum { CONDITION_BYTES = 200 };

/* What is being looked at. */
struct reach {
	struct advice *advice;
	const struct form *form;
	int language;
};

static const char *tag_of(const struct reach *reach)
{
	return reach->form->languages[reach->language].tag;
}

/* "${tea} = 'green'" with where it stands: it may be the library's. */
static const char *show(const struct reach *reach, const char *what, const char *source)
{
	struct arena *arena = reach->advice->arena;
	struct form_place place = form_places_find(reach->advice->places, source);
	const char *at = place.line > 0 ? arena_printf(arena, " (line %u)", place.line) : "";
	size_t length = strlen(source);
	const char *shown = length <= CONDITION_BYTES ? source : advice_quote(reach->advice, source, length);
	const char *all = arena_printf(arena, "its %s%s is \"%s\"", what, at != NULL ? at : "", shown);
	return all != NULL ? all : "";
}

/* ---- questions that nobody is asked ---- */

/* True when some combination makes the question one that is asked, or when that cannot be tried. */
static bool is_reached(const struct form *form, int language, const struct question *question)
{
	CLEANUP_ARENA struct arena arena, scratch;
	arena_init(&arena, ADVICE_SCRATCH_BYTES);
	arena_init(&scratch, ADVICE_SCRATCH_BYTES);
	struct advice_trial trial = {.form = form, .language = language, .arena = &arena};
	if (question->relevant_expr == NULL ||
	    !advice_trial_add_names(&trial, question->relevant_expr, question->relevant) || !advice_trial_begin(&trial))
		return true;
	do {
		arena_reset(&scratch);
		const struct answers *answers = advice_trial_answers(&trial, &scratch);
		if (scratch.is_failed || (answers != NULL && answers_is_relevant(answers, question)))
			return true;
	} while (advice_trial_next(&trial));
	return false;
}

/* The first choice that SOURCE names, that FIELD has in English, and that this face does not offer; NULL. */
static const struct choice *missing_choice(const struct reach *reach, const struct field *field, const char *source)
{
	const struct choice_list *own = form_field_list(reach->form, reach->language, field);
	const struct choice_list *english = form_field_list(reach->form, 0, field);
	struct advice_literals literals = {0};
	if (own == NULL || english == NULL || own == english ||
	    !advice_literals_add(&literals, source, reach->advice->arena))
		return NULL;
	for (size_t i = 0; i < literals.count; i++) {
		const struct choice *choice = choice_list_find(english, literals.list[i]);
		if (choice != NULL && choice_list_find(own, literals.list[i]) == NULL)
			return choice;
	}
	return NULL;
}

/* Why a variant does not lead to a question that the English leads to; "" when that is not plain. */
static const char *why_not(const struct reach *reach, const struct question *question)
{
	struct arena *arena = reach->advice->arena;
	size_t count = 0;
	const char *const *names = expr_names_used(question->relevant_expr, arena, &count);
	const char *why = NULL;
	for (size_t i = 0; names != NULL && why == NULL && i < count; i++) {
		int index = form_field(reach->form, names[i]);
		if (index < 0)
			continue;
		const struct field *field = &reach->form->fields[index];
		const struct choice *choice = missing_choice(reach, field, question->relevant);
		if (!form_asks_field(reach->form, reach->language, field) ||
		    !is_reached(reach->form, reach->language, field->question))
			why = arena_printf(arena, ", and \"%s\" is not asked there", names[i]);
		else if (choice != NULL)
			why = arena_printf(arena, ", and \"%s\" does not offer \"%s\" there", names[i], choice->name);
	}
	return why != NULL ? why : "";
}

/* True when it is told that nobody is asked the question. */
static bool tell_unreached(const struct reach *reach, const struct question *question)
{
	if (is_reached(reach->form, reach->language, question))
		return false;
	if (reach->language == 0) {
		advice_add(reach->advice, "unreachable-question", reach->form, 0, question->relevant,
			   "no answers ever lead to \"%s\": %s", question->name,
			   show(reach, "condition", question->relevant));
		return true;
	}
	if (!is_reached(reach->form, 0, question))
		return true; /* told of the English */
	if (advice_add(reach->advice, "unreachable-in-variant", reach->form, reach->language, question->relevant,
		       "nobody is asked \"%s\" in %s: %s%s", question->name, tag_of(reach),
		       show(reach, "condition", question->relevant), why_not(reach, question)))
		advice_better(reach->advice,
			      arena_printf(reach->advice->arena, "%s.yaml: omit: [%s]", tag_of(reach), question->name));
	return true;
}

/* ---- rules that no answer keeps ---- */

/* Whether FIELD is answered in this combination and nothing is wrong with the answer. */
static bool is_taken(const struct advice_trial *trial, const struct field *field, struct arena *scratch)
{
	struct answers *answers = advice_trial_answers(trial, scratch);
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
static bool is_plain(const struct advice_trial *trial, const struct field *field)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (trial->fields[i] != field && !trial->is_left_out[i] && form_field_is_typed(trial->fields[i]))
			return false;
	}
	return true;
}

/* Takes up the fields that decide about FIELD's constraint. False when that cannot be tried. */
static bool begin_rule(struct advice_trial *trial, const struct field *field)
{
	trial->self = field->question;
	return advice_trial_add(trial, field) &&
	       advice_trial_add_names(trial, field->question->constraint_expr, field->question->constraint);
}

/* True when some answer to FIELD keeps its rule, or when that cannot be tried. */
static bool is_possible(struct advice_trial *trial, const struct field *field)
{
	CLEANUP_ARENA struct arena scratch;
	arena_init(&scratch, ADVICE_SCRATCH_BYTES);
	for (size_t i = 0; i < trial->count; i++)
		trial->values[i] = (struct advice_values){0};
	if (!is_plain(trial, field) || !advice_trial_begin(trial))
		return true;
	do {
		arena_reset(&scratch);
		if (is_taken(trial, field, &scratch) || scratch.is_failed)
			return true;
	} while (advice_trial_next(trial));
	return false;
}

/* Whether somebody who sends the form can have left FIELD without an answer. */
static bool may_be_left_out(const struct reach *reach, const struct field *field)
{
	const struct question *question = field->question;
	return form_asks_field(reach->form, reach->language, field) &&
	       (!question->is_required || question->relevant != NULL || question->refusal != NULL ||
		field->part == FIELD_REFUSAL);
}

/* True when the constraint of FIELD says something of OTHER itself, and not only of what decides whether that is asked. */
static bool names(const struct reach *reach, const struct field *field, const struct field *other)
{
	size_t count = 0;
	const char *const *used = expr_names_used(field->question->constraint_expr, reach->advice->arena, &count);
	for (size_t i = 0; used != NULL && i < count; i++) {
		if (strcmp(used[i], other->name) == 0)
			return true;
	}
	return false;
}

static void tell_stopped(const struct reach *reach, const struct field *field, const char *others, const char *mend)
{
	const struct question *question = field->question;
	if (others != NULL && mend != NULL &&
	    advice_add(reach->advice, "constraint-on-unanswered", reach->form, reach->language, question->constraint,
		       "whoever leaves out %s cannot answer \"%s\" at all%s%s: %s", others, question->name,
		       reach->language > 0 ? " in " : "", reach->language > 0 ? tag_of(reach) : "",
		       show(reach, "constraint", question->constraint)))
		advice_better(reach->advice, arena_printf(reach->advice->arena, "constraint: \"%s or (%s)\"", mend,
							  question->constraint));
}

/* An answer that was left out is neither more nor less than another: a rule that compares with it stops everybody who left it out. */
static void look_at_unanswered(const struct reach *reach, struct advice_trial *trial, const struct field *field)
{
	struct arena *arena = reach->advice->arena;
	const char *all = NULL, *mend_all = NULL;
	size_t count = 0;
	bool is_told = false;
	bool may[ADVICE_FIELDS_MOST] = {false};
	for (size_t i = 0; i < trial->count; i++) {
		const struct field *other = trial->fields[i];
		bool is_list = form_field_is_list(other);
		may[i] = other != field && names(reach, field, other) && may_be_left_out(reach, other);
		if (!may[i])
			continue;
		const char *mend =
			arena_printf(arena, is_list ? "count-selected(${%s}) = 0" : "${%s} = ''", other->name);
		const char *one = arena_printf(arena, "\"%s\"", other->name);
		trial->is_left_out[i] = true;
		bool is_stopped = !is_possible(trial, field);
		trial->is_left_out[i] = false;
		if (is_stopped)
			tell_stopped(reach, field, one, mend);
		is_told |= is_stopped;
		count++;
		all = all == NULL ? one : arena_printf(arena, "%s and %s", all, one != NULL ? one : "");
		mend_all =
			mend_all == NULL ? mend : arena_printf(arena, "%s or %s", mend_all, mend != NULL ? mend : "");
	}
	if (is_told || count < 2)
		return;
	memcpy(trial->is_left_out, may, sizeof(may));
	if (!is_possible(trial, field))
		tell_stopped(reach, field, all, mend_all);
}

static const struct field *first_field(const struct form *form, const struct question *question)
{
	for (size_t i = 0; i < form->fields_count; i++) {
		if (form->fields[i].question == question && form->fields[i].part != FIELD_REFUSAL)
			return &form->fields[i];
	}
	return NULL;
}

static void look_at_rule(const struct reach *reach, const struct question *question)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ADVICE_SCRATCH_BYTES);
	struct advice_trial trial = {.form = reach->form, .language = reach->language, .arena = &arena};
	const struct field *field = first_field(reach->form, question);
	if (question->constraint_expr == NULL || field == NULL)
		return;
	if (field->part == FIELD_BEFORE && question->faces[reach->language].pair == PAIR_PLAIN)
		field++; /* the half that is asked */
	if (!begin_rule(&trial, field))
		return;
	if (is_possible(&trial, field))
		look_at_unanswered(reach, &trial, field);
	else
		advice_add(reach->advice, "impossible-constraint", reach->form, reach->language, question->constraint,
			   "no answer to \"%s\" keeps its own rule%s%s, so nobody who answers it can send the form: %s",
			   question->name, reach->language > 0 ? " in " : "", reach->language > 0 ? tag_of(reach) : "",
			   show(reach, "constraint", question->constraint));
}

/* A language that only translates asks what its base asks; a variant may not. */
void advice_reach(struct advice *advice, const struct form *form)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		const struct reach reach = {.advice = advice, .form = form, .language = (int) i};
		if (i > 0 && form->languages[i].variant[0] == '\0')
			continue;
		for (size_t p = 0; p < form->pages_count; p++) {
			for (size_t q = 0; q < form->pages[p].questions_count; q++) {
				const struct question *question = &form->pages[p].questions[q];
				/* What is never asked keeps every rule. */
				if (form_asks(form, (int) i, question) && !tell_unreached(&reach, question))
					look_at_rule(&reach, question);
			}
		}
	}
}
