/* SPDX-License-Identifier: MIT */
/* form_check_expressions.c: parses relevant: and constraint: and holds them to what a page can keep.
 *
 * A question may depend only on what was asked before it, and an ordinary question never on one that is stored apart:
 * whether it was answered would give the equality answer away. Grammar and types are expr.c's. Part of form_check.c. */
#include "lib/form/form_check.h"

#include <string.h>

#include "lib/form/expr.h"

/* What the callbacks of expr_parse need, and what they noticed. */
struct scope {
	const struct form *form;
	const struct question
		*self; /* in constraint: what '.' is, also of a pair or a grid, whose parts are judged in turn */
	struct arena *arena;
	bool *has_unknown;
};

static const struct field *find_field(const struct form *form, const char *name)
{
	int index = form_field(form, name);
	return index < 0 ? NULL : &form->fields[index];
}

/* What NAME stands for in this scope; false when there is no such answer. */
struct meant {
	const struct question *question;
	bool is_refusal;
};

static bool scope_meant(const struct scope *scope, const char *name, struct meant *out)
{
	const struct field *field = find_field(scope->form, name);
	if (scope->self != NULL && strcmp(scope->self->name, name) == 0)
		*out = (struct meant){.question = scope->self};
	else if (field != NULL)
		*out = (struct meant){field->question, field->part == FIELD_REFUSAL};
	else
		return false;
	return true;
}

static bool scope_find(const void *context, const char *name, enum expr_type *type)
{
	static const enum expr_type types[QUESTION_TYPE_COUNT] = {
		[QUESTION_SELECT_ONE] = EXPR_TYPE_STRING, [QUESTION_SELECT_MULTIPLE] = EXPR_TYPE_LIST,
		[QUESTION_RANK] = EXPR_TYPE_LIST,         [QUESTION_SCALE] = EXPR_TYPE_NUMBER,
		[QUESTION_GRID] = EXPR_TYPE_STRING,       [QUESTION_TEXT] = EXPR_TYPE_STRING,
		[QUESTION_INTEGER] = EXPR_TYPE_NUMBER,    [QUESTION_DECIMAL] = EXPR_TYPE_NUMBER,
		[QUESTION_DATE] = EXPR_TYPE_DATE,         [QUESTION_NOTE] = EXPR_TYPE_STRING,
	};
	const struct scope *scope = context;
	struct meant meant;
	if (!scope_meant(scope, name, &meant)) {
		*scope->has_unknown = true;
		return false;
	}
	*type = meant.is_refusal ? EXPR_TYPE_STRING : types[meant.question->type];
	return true;
}

static bool scope_has_choice(const void *context, const char *name, const char *value)
{
	const struct scope *scope = context;
	struct meant meant;
	if (!scope_meant(scope, name, &meant))
		return true;
	const struct question *question = meant.question;
	const struct choice_list *list = meant.is_refusal ? question->refusal : question->list;
	/* "" asks whether the question was left out. A list without choices is one that could not be read. */
	if (list == NULL || list->choices_count == 0 || value[0] == '\0')
		return true;
	if (choice_list_find(list, value) != NULL)
		return true;
	for (size_t i = 0; !meant.is_refusal && i < scope->form->languages_count; i++) {
		const struct choice_list *own = question->faces[i].list;
		if (own != NULL && choice_list_find(own, value) != NULL)
			return true;
	}
	return false;
}

static const char *scope_nearest(const void *context, const char *name)
{
	const struct scope *scope = context;
	return form_check_nearest(scope->form, name, false, scope->arena);
}

static bool is_before(const struct form *form, const struct question *first, const struct question *second)
{
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			if (question == second)
				return false;
			if (question == first)
				return true;
		}
	}
	return false;
}

static void check_used(struct form_check_state *state, const struct question *question, const struct expr *expr)
{
	size_t count = 0;
	const char *const *names = expr_names_used(expr, state->arena, &count);
	if (names == NULL)
		state->has_no_memory = true;
	for (size_t i = 0; names != NULL && i < count; i++) {
		const struct field *field = find_field(state->form, names[i]);
		if (field == NULL || (expr == question->constraint_expr && field->question == question))
			continue;
		if (expr == question->relevant_expr && !is_before(state->form, field->question, question))
			form_check_complain(
				state, "later-question",
				"\"%s\" depends on \"%s\", which does not stand before it: move \"%s\" down",
				question->name, names[i], question->name);
		if (field->question->page->is_apart && !question->page->is_apart)
			form_check_complain(state, "apart",
					    "\"%s\" depends on \"%s\", which is stored apart: that would give the "
					    "answer away, so put "
					    "both on one apart page or take the condition out",
					    question->name, names[i]);
	}
}

static void parse(struct form_check_state *state, const struct question *question, const char *key, const char *text,
		  const struct expr **out)
{
	if (text == NULL)
		return;
	bool has_unknown = false;
	bool is_constraint = strcmp(key, "constraint") == 0;
	struct scope scope = {state->form, is_constraint ? question : NULL, state->arena, &has_unknown};
	struct expr_names names = {.find = scope_find,
				   .has_choice = scope_has_choice,
				   .nearest = scope_nearest,
				   .context = &scope,
				   .self = is_constraint ? question->name : NULL};
	struct expr_error mistake = {0};
	state->now.key = key;
	state->now.at = 0;
	enum err error = expr_parse(text, &names, EXPR_TYPE_BOOL, state->arena, out, &mistake);
	if (error == ERR_INVALID) {
		state->now.at = mistake.at;
		form_check_complain(state, has_unknown ? "unknown-question" : "bad-expression", "%s: %s", key,
				    mistake.message);
		state->now.at = 0;
	} else if (error != ERR_OK) {
		state->has_no_memory = true;
	} else {
		check_used(state, question, *out);
	}
}

void form_check_expressions(struct form_check_state *state)
{
	const struct form *form = state->form;
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			struct question *question = &form->pages[p].questions[q];
			state->now = (struct form_complaint){
				.page = &form->pages[p], .question = question, .language = -1, .crosstab = -1};
			parse(state, question, "relevant", question->relevant, &question->relevant_expr);
			/* A note has been told of already: '.' means nothing there. */
			if (question->type != QUESTION_NOTE)
				parse(state, question, "constraint", question->constraint, &question->constraint_expr);
		}
	}
}
