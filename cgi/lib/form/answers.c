/* SPDX-License-Identifier: MIT */
/* answers.c: what somebody answered, and whether it can stand.
 *
 * The one judgement of what is valid, for the page that asks (intake) and for the office that files (collector). It must not
 * know HTTP, HTML or words: mistakes are data, and the page says them (GOV.UK Design System, error summary). Taking in is
 * answers_add.c, relevance answers_view.c, how each type is read answers_number.c, answers_date.c and answers_rank.c. */
#include "lib/form/answers_parts.h"

#include "lib/base/utf8.h"
#include "lib/form/form_typed.h"

#include <assert.h>
#include <string.h>

struct answers *answers_new(const struct form *form, int language, struct arena *arena)
{
	assert(language >= 0 && (size_t) language < form->languages_count);
	assert(form->fields_count <= FORM_FIELDS_MAX);
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
	if (answer->choices_count > 0 || (answer->text != NULL && !utf8_is_blank(answer->text)))
		return true;
	for (size_t i = 0; i < answer->parts_count; i++)
		if (answer->parts[i] != NULL && !utf8_is_blank(answer->parts[i]))
			return true;
	return false;
}

enum err answers_number_months(struct answers *answers, struct arena *arena)
{
	for (size_t i = 0; i < answers->form->fields_count; i++) {
		const struct field *field = &answers->form->fields[i];
		const char **parts = answers->of[i].parts;
		if (field->question->type != QUESTION_DATE || field->part == FIELD_REFUSAL || parts == NULL ||
		    parts[ANSWER_MONTH] == NULL)
			continue;
		int month = answers_date_named_month(parts[ANSWER_MONTH], answers->months);
		if (month > 0)
			parts[ANSWER_MONTH] = arena_printf(arena, "%d", month);
		if (parts[ANSWER_MONTH] == NULL)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

/* ---- mistakes of one type ---- */

/* A check under way. */
struct checking {
	struct answers *answers;
	struct arena *arena;
	const struct answers_known *known;
	const bool *counts; /* by field index */
};

static bool judge_text(const struct question *question, const struct answer *answer, struct mistake *out)
{
	size_t used = utf8_utf16_length(answer->text);
	out->kind = MISTAKE_TOO_LONG;
	if (used > question->max_utf16)
		out->used_utf16 = used;
	return used > question->max_utf16;
}

static bool judge_bounds(const struct question *question, const char *canonical, struct mistake *out)
{
	out->kind = MISTAKE_TOO_SMALL;
	if (question->least != NULL && form_typed_compare(question->type, canonical, question->least) < 0)
		return true;
	out->kind = MISTAKE_TOO_LARGE;
	return question->most != NULL && form_typed_compare(question->type, canonical, question->most) > 0;
}

static bool judge_number(const struct question *question, const struct answer *answer, struct mistake *out)
{
	struct answers_number number;
	out->kind = MISTAKE_NOT_NUMBER;
	if (!answers_number_read(answer->text, &number))
		return true;
	bool is_whole = question->type == QUESTION_INTEGER;
	out->kind = is_whole ? MISTAKE_NOT_WHOLE : MISTAKE_TOO_FINE;
	if (is_whole ? number.has_mark : number.fraction > question->decimals)
		return true;
	out->kind = MISTAKE_NOT_NUMBER;
	if (number.text[0] == '\0')
		return true;
	return judge_bounds(question, number.text, out);
}

static bool judge_date(const struct question *question, const struct answer *answer, const char *const *months,
		       struct mistake *out)
{
	char date[ANSWERS_DATE_TEXT];
	enum answers_date_fault fault = answers_date_read(answer->parts, months, date, &out->part);
	out->kind = fault == ANSWERS_DATE_WRONG ? MISTAKE_NOT_DATE : MISTAKE_DATE_PART;
	return fault != ANSWERS_DATE_FINE || judge_bounds(question, date, out);
}

static enum err judge_rank(const struct checking *checking, size_t index, struct mistake *out, bool *is_mistake)
{
	const struct answers *answers = checking->answers;
	struct answer *answer = &answers->of[index];
	const struct choice_list *list =
		form_field_list(answers->form, answers->language, &answers->form->fields[index]);
	int same;
	enum err error = answers_rank_order(answer, list, checking->arena, &same);
	*is_mistake = error == ERR_OK && same >= 0;
	if (!*is_mistake)
		return error;
	out->kind = MISTAKE_SAME_PLACE;
	out->part = same;
	out->place = answers_rank_place(answer->parts[same], answer->parts_count);
	return ERR_OK;
}

static enum err judge_type(const struct checking *checking, size_t index, struct mistake *out, bool *is_mistake)
{
	const struct field *field = &checking->answers->form->fields[index];
	const struct answer *answer = &checking->answers->of[index];
	*is_mistake = false;
	if (field->part == FIELD_REFUSAL)
		return ERR_OK;
	switch (field->question->type) {
	case QUESTION_TEXT:
		*is_mistake = judge_text(field->question, answer, out);
		return ERR_OK;
	case QUESTION_INTEGER:
	case QUESTION_DECIMAL:
		*is_mistake = judge_number(field->question, answer, out);
		return ERR_OK;
	case QUESTION_DATE:
		*is_mistake = judge_date(field->question, answer, checking->answers->months, out);
		return ERR_OK;
	case QUESTION_RANK:
		return judge_rank(checking, index, out, is_mistake);
	default:
		return ERR_OK;
	}
}

/* ---- all of a field ---- */

/* The refusal that was given beside, or instead of, the answer of field INDEX; NULL when there is none. */
static const struct choice *given_refusal(const struct answers *answers, size_t index)
{
	const struct field *fields = answers->form->fields;
	const struct question *question = fields[index].question;
	if (question->refusal == NULL || fields[index].part == FIELD_REFUSAL)
		return NULL;
	for (size_t i = 0; i < answers->form->fields_count; i++)
		if (fields[i].question == question && fields[i].part == FIELD_REFUSAL &&
		    answers->of[i].choices_count > 0)
			return answers->of[i].choices[0];
	return NULL;
}

/* The exclusive choice that stands beside others, or NULL. */
static const struct choice *exclusive_choice(const struct answer *answer)
{
	for (size_t i = 0; i < answer->choices_count && answer->choices_count > 1; i++)
		if (answer->choices[i]->is_exclusive)
			return answer->choices[i];
	return NULL;
}

/* *IS_MISTAKE, with *OUT filled, when the answer of field INDEX cannot stand. */
static enum err judge(const struct checking *checking, size_t index, struct mistake *out, bool *is_mistake)
{
	const struct answers *answers = checking->answers;
	const struct field *field = &answers->form->fields[index];
	const struct answer *answer = &answers->of[index];
	const struct choice *refusal = given_refusal(answers, index);
	*out = (struct mistake){.kind = MISTAKE_REQUIRED, .field = (int) index};
	if (!answer_is_given(answer)) {
		*is_mistake = field->question->is_required && field->part != FIELD_REFUSAL && refusal == NULL;
		return ERR_OK;
	}
	*is_mistake = true;
	out->kind = MISTAKE_EXCLUSIVE;
	out->exclusive = refusal;
	if (refusal == NULL && field->question->type == QUESTION_SELECT_MULTIPLE)
		out->exclusive = exclusive_choice(answer);
	if (out->exclusive != NULL)
		return ERR_OK;
	enum err error = judge_type(checking, index, out, is_mistake);
	if (error != ERR_OK || *is_mistake || field->part == FIELD_REFUSAL)
		return error;
	const struct answers_view view = {answers, checking->known, checking->counts, field->question, index};
	out->kind = MISTAKE_CONSTRAINT;
	*is_mistake = !answers_view_holds(&view, field->question->constraint_expr);
	return ERR_OK;
}

/* Makes what is typed canonical where there is no mistake; where there is one, a date has no text, and a rank no order. */
static enum err settle_form(const struct checking *checking, size_t index, bool is_mistake)
{
	const struct field *field = &checking->answers->form->fields[index];
	struct answer *answer = &checking->answers->of[index];
	const char *known = checking->known->of[index];
	if (is_mistake && field->question->type == QUESTION_RANK && answer->parts != NULL) {
		answer->choices = NULL;
		answer->choices_count = 0;
	}
	if (is_mistake && answer->parts != NULL)
		answer->text = NULL;
	/* What has a canonical form is known by it. */
	if (is_mistake || known[0] == '\0' || (answer->text != NULL && strcmp(answer->text, known) == 0))
		return ERR_OK;
	answer->text = arena_strdup(checking->arena, known);
	return answer->text == NULL ? ERR_NOMEM : ERR_OK;
}

/* Takes out what does not count. How many answers are left, and the first field that counts. */
static size_t drop(struct answers *answers, const bool *counts, size_t *first)
{
	size_t given = 0;
	*first = answers->form->fields_count;
	for (size_t i = 0; i < answers->form->fields_count; i++) {
		if (!counts[i] || !answer_is_given(&answers->of[i]))
			answers->of[i] = (struct answer){0};
		else
			given++;
		if (counts[i] && *first == answers->form->fields_count)
			*first = i;
	}
	return given;
}

enum err answers_check(struct answers *answers, struct arena *arena, struct mistakes *mistakes)
{
	size_t fields_count = answers->form->fields_count, count = 0, first;
	bool counts[FORM_FIELDS_MAX];
	struct answers_known known;
	struct mistake *list = arena_array(arena, fields_count, struct mistake);
	if (list == NULL)
		return ERR_NOMEM;
	answers_know(answers, &known);
	answers_settle(answers, &known, NULL, counts);
	size_t given = drop(answers, counts, &first);
	const struct checking checking = {answers, arena, &known, counts};
	for (size_t i = 0; i < fields_count; i++) {
		bool is_mistake;
		if (!counts[i])
			continue;
		enum err error = judge(&checking, i, &list[count], &is_mistake);
		if (error == ERR_OK)
			error = settle_form(&checking, i, is_mistake);
		if (error != ERR_OK)
			return error;
		count += is_mistake;
	}
	if (given == 0 && count == 0 && first < fields_count)
		list[count++] = (struct mistake){.kind = MISTAKE_NOTHING, .field = (int) first};
	*mistakes = (struct mistakes){list, count};
	return ERR_OK;
}
