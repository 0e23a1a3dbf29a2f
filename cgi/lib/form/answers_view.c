/* SPDX-License-Identifier: MIT */
/* answers_view.c: what expressions see of answers, and what is relevant because of it.
 *
 * Worked out from the answers each time, in form order, never kept. Whether a number was typed in one script or another, or is
 * canonical already, makes no difference here; so a check done twice finds the same. */
#include "lib/form/answers_parts.h"

#include <string.h>

/* An integer with a point is none; a decimal that is too fine is one. */
static void know_number(const struct question *question, const char *text, char out[ANSWERS_NUMBER_TEXT])
{
	struct answers_number number;
	if (!answers_number_read(text, &number) || (question->type == QUESTION_INTEGER && number.has_mark))
		return;
	memcpy(out, number.text, sizeof number.text);
}

void answers_know(const struct answers *answers, struct answers_known *known)
{
	for (size_t i = 0; i < answers->form->fields_count; i++) {
		const struct field *field = &answers->form->fields[i];
		const struct answer *answer = &answers->of[i];
		char *out = known->of[i];
		int part;
		out[0] = '\0';
		if (!form_field_is_typed(field))
			continue;
		if (field->question->type == QUESTION_DATE && answer->parts != NULL)
			answers_date_read(answer->parts, answers->months, out, &part);
		else if (field->question->type != QUESTION_TEXT && answer->text != NULL)
			know_number(field->question, answer->text, out);
	}
}

/* ---- what an expression asks ---- */

/* Index of the answer called NAME, or -1 when it does not count. A question's own name is the field that is being judged:
 * of a pair or a grid each in turn. */
static int view_find(const struct answers_view *view, const char *name)
{
	if (view->self != NULL && strcmp(name, view->self->name) == 0)
		return (int) view->self_field;
	int index = form_field(view->answers->form, name);
	return index >= 0 && view->counts[index] ? index : -1;
}

static const char *view_text(const void *context, const char *name)
{
	const struct answers_view *view = context;
	int index = view_find(view, name);
	if (index < 0 || !answer_is_given(&view->answers->of[index]))
		return "";
	const struct field *field = &view->answers->form->fields[index];
	const struct answer *answer = &view->answers->of[index];
	if (form_field_is_typed(field))
		return field->question->type == QUESTION_TEXT ? answer->text : view->known->of[index];
	if (answer->choices_count == 0)
		return "";
	/* A scale is a number, and who did not want to say gave none. */
	bool is_number = field->question->type == QUESTION_SCALE;
	return is_number && answer->choices[0]->is_refusal ? "" : answer->choices[0]->name;
}

static bool view_is_rank(const struct answers_view *view, int index)
{
	const struct field *field = &view->answers->form->fields[index];
	return field->question->type == QUESTION_RANK && field->part != FIELD_REFUSAL;
}

static size_t view_count(const void *context, const char *name)
{
	const struct answers_view *view = context;
	int index = view_find(view, name);
	if (index < 0)
		return 0;
	const struct answer *answer = &view->answers->of[index];
	return view_is_rank(view, index) ? answers_rank_count(answer) : answer->choices_count;
}

static bool view_is_selected(const void *context, const char *name, const char *choice)
{
	const struct answers_view *view = context;
	int index = view_find(view, name);
	if (index < 0)
		return false;
	const struct answers *answers = view->answers;
	const struct answer *answer = &answers->of[index];
	if (view_is_rank(view, index))
		return answers_rank_has(
			answer, form_field_list(answers->form, answers->language, &answers->form->fields[index]),
			choice);
	for (size_t i = 0; i < answer->choices_count; i++)
		if (strcmp(answer->choices[i]->name, choice) == 0)
			return true;
	return false;
}

bool answers_view_holds(const struct answers_view *view, const struct expr *expr)
{
	const struct expr_values values = {view_text, view_count, view_is_selected, view};
	return expr == NULL || expr_is_true(expr, &values);
}

/* ---- relevance ---- */

void answers_settle(const struct answers *answers, const struct answers_known *known, const struct question *end,
		    bool *counts)
{
	const struct form *form = answers->form;
	const struct answers_view view = {.answers = answers, .known = known, .counts = counts};
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
			if (field == first || !answers_view_holds(&view, question->relevant_expr))
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
	bool counts[FORM_FIELDS_MAX];
	struct answers_known known;
	answers_know(answers, &known);
	answers_settle(answers, &known, question, counts);
	const struct answers_view view = {.answers = answers, .known = &known, .counts = counts};
	return answers_view_holds(&view, question->relevant_expr);
}
