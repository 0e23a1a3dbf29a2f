/* SPDX-License-Identifier: MIT */
/* stored.c: each answer in the words of the page's language: labels of choices, dates with the month's name, units. */
#include "stored.h"

#include "lib/base/strbuf.h"

#include <string.h>

enum { ANSWER_MAX_BYTES = 256 * 1024 };

static const char *choice_label(const struct visit *visit, const struct choice *choice, const char **lang)
{
	const char *label = visit_text(visit, &choice->label, lang);
	return label ? label : choice->name;
}

static struct page_text finished(const struct visit *visit, struct strbuf *text, const char *lang)
{
	return (struct page_text){arena_strdup(visit->arena, strbuf_text(text)), lang};
}

/* "The words, My language"; of a rank a line each, with its number. */
static struct page_text choices(const struct visit *visit, const struct answer *answer, bool is_rank)
{
	const char *lang = NULL;
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, ANSWER_MAX_BYTES);
	for (size_t i = 0; i < answer->choices_count; i++) {
		const char *label = choice_label(visit, answer->choices[i], &lang);
		if (is_rank)
			strbuf_putf(&text, "%s%zu. %s", i ? "\n" : "", i + 1, label);
		else
			strbuf_putf(&text, "%s%s%s", i ? visit_words(visit, WORD_answers_comma) : "", i ? " " : "",
				    label);
	}
	return finished(visit, &text, lang);
}

/* A rank that was not checked: the numbers beside the choices, as they were set. */
static struct page_text places(const struct visit *visit, const struct field *field, const struct answer *answer)
{
	const struct choice_list *list = form_field_list(visit->form, visit->language, field);
	const char *lang = NULL;
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, ANSWER_MAX_BYTES);
	for (size_t i = 0; list && i < list->choices_count && i < answer->parts_count; i++) {
		const char *place = answer->parts[i];
		if (place && *place)
			strbuf_putf(&text, "%s%s. %s", text.length ? "\n" : "", place,
				    choice_label(visit, &list->choices[i], &lang));
	}
	return finished(visit, &text, lang);
}

/* A date that was not checked: day, month and year as they were typed. */
static struct page_text typed_date(const struct visit *visit, const struct answer *answer)
{
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, ANSWER_MAX_BYTES);
	for (size_t i = 0; i < answer->parts_count; i++)
		if (answer->parts[i] && *answer->parts[i])
			strbuf_putf(&text, "%s%s", text.length ? " " : "", answer->parts[i]);
	return finished(visit, &text, NULL);
}

static struct page_text number(const struct visit *visit, const struct question *question, const char *typed)
{
	const char *lang = NULL;
	const char *unit = visit_text(visit, &question->unit, &lang);
	return (struct page_text){unit ? arena_printf(visit->arena, "%s %s", typed, unit) : typed, lang};
}

static struct page_text readable(const struct visit *visit, const struct field *field, const struct answer *answer)
{
	enum question_type type = field->question->type;
	if (field->part == FIELD_REFUSAL)
		return choices(visit, answer, false);
	if (type == QUESTION_DATE && !answer->text)
		return typed_date(visit, answer);
	if (type == QUESTION_DATE)
		return (struct page_text){visit_date_text(visit, answer->text), NULL};
	if (type == QUESTION_INTEGER || type == QUESTION_DECIMAL)
		return number(visit, field->question, answer->text);
	if (answer->text)
		return (struct page_text){answer->text, NULL};
	if (type == QUESTION_RANK && !answer->choices_count)
		return places(visit, field, answer);
	return choices(visit, answer, type == QUESTION_RANK);
}

static struct page_text asked(const struct visit *visit, const struct field *field)
{
	struct page_text out = {NULL, NULL};
	out.text = visit_text(visit, &field->question->label, &out.lang);
	const char *lang = NULL;
	const char *part = visit_part(visit, field, &lang);
	if (part)
		out.text = arena_printf(visit->arena, "%s – %s", out.text ? out.text : "", part);
	return out;
}

const struct page_stored *stored_list(const struct visit *visit, const struct answers *answers, size_t *count)
{
	const struct form *form = visit->form;
	struct page_stored *stored = arena_array(visit->arena, form->fields_count, struct page_stored);
	*count = 0;
	for (size_t i = 0; stored && i < form->fields_count; i++) {
		if (!answer_is_given(&answers->of[i]))
			continue;
		stored[*count].question = asked(visit, &form->fields[i]);
		stored[(*count)++].answer = readable(visit, &form->fields[i], &answers->of[i]);
	}
	return stored;
}
