/* SPDX-License-Identifier: MIT */
/* answers.c: what somebody answered, and whether it can stand.
 *
 * The one judgement of what is valid, for the page that asks (intake) and for the office that files (collector). What
 * is relevant is worked out from the answers each time, in form order, never kept. It must not know HTTP, HTML or
 * words: mistakes are data, and the page says them (GOV.UK Design System, error summary). */
#include "lib/form/answers.h"

#include "lib/base/utf8.h"
#include "lib/form/expr.h"

#include <assert.h>
#include <string.h>

enum { ANSWERS_FIELDS_MAX = 2 * FORM_QUESTIONS_MAX }; /* every question a pair */

struct answers *answers_new(const struct form *form, int language, struct arena *arena)
{
	assert(language >= 0 && (size_t) language < form->languages_count);
	assert(form->fields_count <= ANSWERS_FIELDS_MAX);
	struct answers *answers = arena_new(arena, struct answers);
	struct answer *of = arena_array(arena, form->fields_count, struct answer);
	bool *is_sent = arena_array(arena, form->fields_count, bool);
	if (answers == NULL || of == NULL || is_sent == NULL)
		return NULL;
	*answers = (struct answers){.form = form, .language = language, .of = of, .is_sent = is_sent};
	return answers;
}

bool answer_is_given(const struct answer *answer)
{
	return answer->choices_count > 0 || (answer->text != NULL && !utf8_is_blank(answer->text));
}

/* ---- taking in ---- */

static enum err answers_add_text(struct answer *answer, struct arena *arena, const char *value,
				 enum answers_refusal *refusal)
{
	if (!utf8_is_valid(value, strlen(value))) {
		*refusal = ANSWERS_WRONG_TYPE;
		return ERR_OK;
	}
	if (utf8_is_blank(value))
		return ERR_OK;
	if (strchr(value, '\r') != NULL) {
		char *copy = arena_strdup(arena, value);
		if (copy == NULL)
			return ERR_NOMEM;
		utf8_normalise_line_ends(copy);
		value = copy;
	}
	answer->text = value;
	return ERR_OK;
}

/* Puts the choice where it stands in its list, so that the order of arrival leaves no trace. */
static enum err answers_add_choice(struct answer *answer, struct arena *arena, const struct choice_list *list,
				   const char *value, enum answers_refusal *refusal)
{
	const struct choice *choice = choice_list_find(list, value);
	if (choice == NULL) {
		*refusal = ANSWERS_UNKNOWN_CHOICE;
		return ERR_OK;
	}
	size_t at = 0;
	while (at < answer->choices_count && answer->choices[at] < choice)
		at++;
	if (at < answer->choices_count && answer->choices[at] == choice) {
		*refusal = ANSWERS_REPEATED_FIELD;
		return ERR_OK;
	}
	if (answer->choices == NULL)
		answer->choices = arena_array(arena, list->choices_count, const struct choice *);
	if (answer->choices == NULL)
		return ERR_NOMEM;
	for (size_t i = answer->choices_count; i > at; i--)
		answer->choices[i] = answer->choices[i - 1];
	answer->choices[at] = choice;
	answer->choices_count++;
	return ERR_OK;
}

enum err answers_add(struct answers *answers, struct arena *arena, const char *name, const char *value,
		     enum answers_refusal *refusal)
{
	*refusal = ANSWERS_OK;
	int index = form_field(answers->form, name);
	if (index < 0 || !form_asks_field(answers->form, answers->language, &answers->form->fields[index])) {
		*refusal = ANSWERS_UNKNOWN_FIELD;
		return ERR_OK;
	}
	const struct question *question = answers->form->fields[index].question;
	if (question->type != QUESTION_SELECT_MULTIPLE && answers->is_sent[index]) {
		*refusal = ANSWERS_REPEATED_FIELD;
		return ERR_OK;
	}
	answers->is_sent[index] = true;
	if (question->type == QUESTION_TEXT)
		return answers_add_text(&answers->of[index], arena, value, refusal);
	if (value[0] == '\0')
		return ERR_OK;
	const struct choice_list *list = form_list(answers->form, answers->language, question);
	return answers_add_choice(&answers->of[index], arena, list, value, refusal);
}

/* ---- relevance ---- */

/* What an expression sees: the answers that count, and what '.' is. */
struct answers_view {
	const struct answers *answers;
	const bool *counts;          /* by field index */
	const struct question *self; /* NULL in relevant: */
	size_t self_field;
};

/* The answer called NAME, or NULL when it does not count. A question's own name is the field that is being judged: of
 * a pair each half in turn. */
static const struct answer *view_find(const void *context, const char *name)
{
	const struct answers_view *view = context;
	if (view->self != NULL && strcmp(name, view->self->name) == 0)
		return &view->answers->of[view->self_field];
	int index = form_field(view->answers->form, name);
	return index >= 0 && view->counts[index] ? &view->answers->of[index] : NULL;
}

static const char *view_text(const void *context, const char *name)
{
	const struct answer *answer = view_find(context, name);
	if (answer == NULL || !answer_is_given(answer))
		return "";
	return answer->choices_count > 0 ? answer->choices[0]->name : answer->text;
}

static size_t view_count(const void *context, const char *name)
{
	const struct answer *answer = view_find(context, name);
	return answer == NULL ? 0 : answer->choices_count;
}

static bool view_is_selected(const void *context, const char *name, const char *choice)
{
	const struct answer *answer = view_find(context, name);
	for (size_t i = 0; answer != NULL && i < answer->choices_count; i++)
		if (strcmp(answer->choices[i]->name, choice) == 0)
			return true;
	return false;
}

static bool view_holds(const struct answers_view *view, const struct expr *expr)
{
	const struct expr_values values = {view_text, view_count, view_is_selected, view};
	return expr == NULL || expr_is_true(expr, &values);
}

/* Fills COUNTS (of all fields) for the questions before END, or all when END is NULL: true where the answer counts,
 * because its question is asked and relevant. In form order, so that each relevant: sees what was settled before it and
 * a second check finds the same. */
static void answers_settle(const struct answers *answers, const struct question *end, bool *counts)
{
	const struct form *form = answers->form;
	const struct answers_view view = {.answers = answers, .counts = counts};
	memset(counts, 0, form->fields_count * sizeof *counts);
	size_t field = 0;
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			if (question == end)
				return;
			size_t first = field;
			while (field < form->fields_count && form->fields[field].question == question)
				field++;
			if (field == first || !view_holds(&view, question->relevant_expr))
				continue;
			for (size_t i = first; i < field; i++)
				counts[i] = form_asks_field(form, answers->language, &form->fields[i]);
		}
	}
}

bool answers_is_relevant(const struct answers *answers, const struct question *question)
{
	if (question->relevant_expr == NULL)
		return true;
	bool counts[ANSWERS_FIELDS_MAX];
	answers_settle(answers, question, counts);
	const struct answers_view view = {.answers = answers, .counts = counts};
	return view_holds(&view, question->relevant_expr);
}

/* ---- mistakes ---- */

/* The exclusive choice that stands beside others, or NULL. */
static const struct choice *answer_exclusive(const struct answer *answer)
{
	for (size_t i = 0; i < answer->choices_count && answer->choices_count > 1; i++)
		if (answer->choices[i]->is_exclusive)
			return answer->choices[i];
	return NULL;
}

/* True, with *OUT filled, when the answer of field INDEX cannot stand. The first mistake of a field is enough: one that
 * is too long is not matched against a pattern as well. */
static bool answers_judge(const struct answers *answers, const bool *counts, size_t index, struct mistake *out)
{
	const struct question *question = answers->form->fields[index].question;
	const struct answer *answer = &answers->of[index];
	*out = (struct mistake){.field = (int) index};
	if (!answer_is_given(answer)) {
		out->kind = MISTAKE_REQUIRED;
		return question->is_required;
	}
	if (question->type == QUESTION_TEXT) {
		out->used_utf16 = utf8_utf16_length(answer->text);
		out->kind = MISTAKE_TOO_LONG;
		if (out->used_utf16 > question->max_utf16)
			return true;
		out->used_utf16 = 0;
	}
	out->kind = MISTAKE_EXCLUSIVE;
	out->exclusive = answer_exclusive(answer);
	if (out->exclusive != NULL)
		return true;
	out->kind = MISTAKE_CONSTRAINT;
	const struct answers_view view = {answers, counts, question, index};
	return !view_holds(&view, question->constraint_expr);
}

enum err answers_check(struct answers *answers, struct arena *arena, struct mistakes *mistakes)
{
	size_t fields_count = answers->form->fields_count, given = 0, count = 0, first = fields_count;
	bool counts[ANSWERS_FIELDS_MAX];
	struct mistake *list = arena_array(arena, fields_count, struct mistake);
	if (list == NULL)
		return ERR_NOMEM;
	answers_settle(answers, NULL, counts);
	for (size_t i = 0; i < fields_count; i++) {
		if (!counts[i] || !answer_is_given(&answers->of[i]))
			answers->of[i] = (struct answer){0};
		else
			given++;
		if (counts[i] && first == fields_count)
			first = i;
	}
	for (size_t i = 0; i < fields_count; i++)
		if (counts[i] && answers_judge(answers, counts, i, &list[count]))
			count++;
	if (given == 0 && count == 0 && first < fields_count)
		list[count++] = (struct mistake){.kind = MISTAKE_NOTHING, .field = (int) first};
	*mistakes = (struct mistakes){list, count};
	return ERR_OK;
}
