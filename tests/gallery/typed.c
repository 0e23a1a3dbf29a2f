/* SPDX-License-Identifier: MIT */
/* typed.c: for each kind of question an answer, and mistakes in turn. Knows no form by name. */
#include "typed.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void typed_init(struct typed *typed, const struct form *form, int language, struct arena *arena)
{
	*typed = (struct typed){.arena = arena, .form = form, .language = language};
	typed->fields = arena_array(arena, TYPED_MAX, struct http_field);
	assert(typed->fields);
}

void typed_add(struct typed *typed, const char *name, const char *value)
{
	assert(name && value && typed->count < TYPED_MAX);
	typed->fields[typed->count++] = (struct http_field){name, value};
}

static void add_part(struct typed *typed, const struct field *field, const char *part, const char *value)
{
	typed_add(typed, arena_printf(typed->arena, "%s.%s", field->name, part), value);
}

static void add_date(struct typed *typed, const struct field *field, const char *day, const char *month, int year)
{
	add_part(typed, field, "day", day);
	add_part(typed, field, "month", month);
	add_part(typed, field, "year", year ? arena_printf(typed->arena, "%d", year) : "");
}

static const char *number(struct typed *typed, double value, bool is_decimal)
{
	return arena_printf(typed->arena, is_decimal ? "%.1f" : "%.0f", value);
}

/* Some words in the language of the page, and in one line. */
static const char *words(const struct typed *typed, bool is_long)
{
	const char *base = typed->form->languages[typed->language].base;
	if (strcmp(base, "cy") == 0)
		return is_long ? "Roedd y bobl yn garedig.\nHoffwn gael mwy o amser i siarad."
			       : "Roedd y bobl yn garedig";
	if (strcmp(base, "ar") == 0)
		return is_long ? "كان الناس لطفاء.\nأودّ وقتًا أطول للحديث." : "كان الناس لطفاء";
	return is_long ? "People were kind.\nI would like more time to talk." : "People were kind";
}

/* Those that may be chosen beside others: what is exclusive or a refusal stands last. */
static size_t plain_choices(const struct choice_list *list)
{
	size_t count = 0;
	while (count < list->choices_count && !list->choices[count].is_exclusive && !list->choices[count].is_refusal)
		count++;
	return count;
}

/* ---- what is right ------------------------------------------------------------------------------------------------------ */

static void right_list(struct typed *typed, const struct field *field, size_t index)
{
	const struct choice_list *list = form_field_list(typed->form, typed->language, field);
	size_t plain = plain_choices(list);
	if (field->question->type == QUESTION_SELECT_MULTIPLE) {
		for (size_t i = 0; i < plain && i < 3; i += 2)
			typed_add(typed, field->name, list->choices[i].name);
		return;
	}
	if (field->question->type != QUESTION_RANK) {
		typed_add(typed, field->name, list->choices[plain ? index % plain : 0].name);
		return;
	}
	for (size_t i = 0; i < plain && i < 3; i++)
		add_part(typed, field, list->choices[i].name, arena_printf(typed->arena, "%zu", 3 - i));
}

static void right_typed(struct typed *typed, const struct field *field)
{
	const struct question *question = field->question;
	double least = question->least ? strtod(question->least, NULL) : 0;
	double most = question->most ? strtod(question->most, NULL) : least + 24;
	switch (question->type) {
	case QUESTION_INTEGER:
		typed_add(typed, field->name, number(typed, (double) (long) ((least + most) / 2), false));
		break;
	case QUESTION_DECIMAL:
		typed_add(typed, field->name, number(typed, (least + most) / 2, true));
		break;
	case QUESTION_DATE:
		if (question->least)
			add_date(typed, field, "27", "3", atoi(question->least));
		else
			add_date(typed, field, "5", "9", 2026);
		break;
	default:
		/* A rule of the form's own asks for letters and digits. */
		typed_add(typed, field->name,
			  question->constraint ? "tea42"
					       : words(typed, question->is_multiline && question->max_utf16 >= 100));
	}
}

void typed_right(struct typed *typed)
{
	for (size_t i = 0; i < typed->form->fields_count; i++) {
		const struct field *field = &typed->form->fields[i];
		if (!form_asks_field(typed->form, typed->language, field) || field->part == FIELD_REFUSAL)
			continue;
		if (form_field_is_typed(field))
			right_typed(typed, field);
		else
			right_list(typed, field, i);
	}
}

/* ---- what is wrong ------------------------------------------------------------------------------------------------------ */

static void wrong_number(struct typed *typed, const struct field *field, unsigned round)
{
	const struct question *question = field->question;
	bool is_decimal = question->type == QUESTION_DECIMAL;
	const char *value = "many";
	if (round == 1)
		value = is_decimal ? "1.23456789" : "2.5";
	else if (round == 2 && question->least)
		value = number(typed, strtod(question->least, NULL) - 2, is_decimal);
	else if (round == 3 && question->most)
		value = number(typed, strtod(question->most, NULL) + 2, is_decimal);
	if (round == 3 && !question->most) /* other questions hang on it */
		right_typed(typed, field);
	else
		typed_add(typed, field->name, value);
}

static void wrong_date(struct typed *typed, const struct field *field, size_t index, unsigned round)
{
	const struct question *question = field->question;
	if (round == 0) /* one of the three is missing */
		add_date(typed, field, index % 3 ? "27" : "", index % 3 == 1 ? "" : "3", index % 3 == 2 ? 0 : 2026);
	else if (round == 2 && question->least)
		add_date(typed, field, "27", "3", atoi(question->least) - 1);
	else if (round == 3 && question->most && !question->refusal)
		add_date(typed, field, "27", "3", atoi(question->most) + 1);
	else if (round != 3 || !question->refusal) /* in the last, refused: other questions hang on it */
		add_date(typed, field, "31", "2", 2026);
}

static void wrong_text(struct typed *typed, const struct field *field, unsigned round)
{
	const char *some = words(typed, false);
	size_t length = strlen(some), room = field->question->max_utf16 + 40;
	if (round) { /* an address in place of a password breaks the form's own rule; for others it is an answer */
		typed_add(typed, field->name, round == 1 ? "?" : "");
		return;
	}
	char *text = arena_alloc(typed->arena, 4 * room + 4 * length, 1);
	assert(text);
	text[0] = '\0';
	for (size_t used = 0; used < room; used += length / 2) /* at most two bytes a letter */
		strcat(strcat(text, some), " ");
	typed_add(typed, field->name, text);
}

static void wrong_rank(struct typed *typed, const struct field *field, unsigned round)
{
	const struct choice_list *list = form_field_list(typed->form, typed->language, field);
	if (round == 3)
		return;
	add_part(typed, field, list->choices[0].name, "1");
	if (round == 0)
		add_part(typed, field, list->choices[1].name, "1");
}

static void wrong_list(struct typed *typed, const struct field *field, size_t index, unsigned round)
{
	const struct choice_list *list = form_field_list(typed->form, typed->language, field);
	size_t plain = plain_choices(list);
	if (field->question->type == QUESTION_RANK) {
		wrong_rank(typed, field, round);
		return;
	}
	if (field->question->type != QUESTION_SELECT_MULTIPLE) {
		if (round > 1 || !field->question->is_required)
			right_list(typed, field, index);
		return;
	}
	for (size_t i = 0; i < plain && (i == 0 || round == 1) && round != 3; i++)
		typed_add(typed, field->name, list->choices[i].name);
	if (round == 0 && plain && plain < list->choices_count && list->choices[list->choices_count - 1].is_exclusive)
		typed_add(typed, field->name, list->choices[list->choices_count - 1].name);
}

/* Prefers not to say, whatever stands beside it. */
static void refuse(struct typed *typed, const struct field *refusal)
{
	const struct choice_list *list = form_field_list(typed->form, typed->language, refusal);
	typed_add(typed, refusal->name, list->choices[0].name);
}

void typed_wrong(struct typed *typed, unsigned round)
{
	for (size_t i = 0; i < typed->form->fields_count; i++) {
		const struct field *field = &typed->form->fields[i];
		if (!form_asks_field(typed->form, typed->language, field))
			continue;
		bool is_number = field->question->type == QUESTION_INTEGER || field->question->type == QUESTION_DECIMAL;
		if (field->part == FIELD_REFUSAL) {
			if (round == 2 || (round == 3 && field->question->type == QUESTION_DATE))
				refuse(typed, field);
		} else if (is_number) {
			wrong_number(typed, field, round);
		} else if (field->question->type == QUESTION_DATE) {
			wrong_date(typed, field, i, round);
		} else if (form_field_is_typed(field)) {
			wrong_text(typed, field, round);
		} else {
			wrong_list(typed, field, i, round);
		}
	}
}
