/* SPDX-License-Identifier: MIT */
/* mistake_sentence.c: the sentences for mistakes, after the GOV.UK error guidance: what to do, never that something is invalid. */
#include "lib/form/mistake_sentence.h"

#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_SIGNS = FORM_DECIMALS_MAX + 2 };

static const char *label_of(const struct face *face, const struct question *question)
{
	const char *lang = NULL;
	const char *label = face_text(face, &question->label, &lang);
	return label ? label : question->name;
}

static const char *with_label(const struct face *face, enum word key, const char *label)
{
	return face_words_with(face, key, "label", label);
}

static enum word required_word(enum question_type type)
{
	switch (type) {
	case QUESTION_TEXT:
	case QUESTION_INTEGER:
	case QUESTION_DECIMAL:
		return WORD_error_enter;
	case QUESTION_DATE:
		return WORD_error_date;
	case QUESTION_RANK:
		return WORD_error_rank;
	default:
		return WORD_error_select;
	}
}

const char *mistake_required(const struct face *face, const struct question *question)
{
	const char *lang = NULL;
	const char *own = face_text(face, &question->required_message, &lang);
	if (own)
		return own;
	enum word key = required_word(question->type);
	return question->type == QUESTION_GRID ? face_words(face, key)
					       : with_label(face, key, label_of(face, question));
}

const char *mistake_constraint(const struct face *face, const struct question *question)
{
	const char *lang = NULL;
	const char *own = face_text(face, &question->constraint_message, &lang);
	return own ? own : with_label(face, WORD_error_constraint, label_of(face, question));
}

const char *mistake_limit(const struct face *face, const struct question *question, const char *limit)
{
	return limit && question->type == QUESTION_DATE ? face_date_text(face, limit) : limit;
}

/* 16, or with digits behind the point; else an end of the range, which is an answer too. */
const char *mistake_example(const struct face *face, const struct question *question)
{
	static const char most_digits[] = "1.234567";
	bool is_decimal = question->type == QUESTION_DECIMAL;
	size_t signs = question->decimals + 2 < EXAMPLE_SIGNS ? question->decimals + 2 : EXAMPLE_SIGNS;
	const char *example = is_decimal ? arena_strndup(face->arena, most_digits, signs) : "16";
	double value = example ? strtod(example, NULL) : 0;
	if (question->least && strtod(question->least, NULL) > value)
		example = question->least;
	else if (question->most && strtod(question->most, NULL) < value)
		example = question->most;
	return example ? example : "1";
}

/* Below the least or above the most: where both are known, both are said. */
static const char *out_of_range(const struct face *face, const struct question *question)
{
	bool is_date = question->type == QUESTION_DATE;
	const char *least = mistake_limit(face, question, question->least);
	const char *most = mistake_limit(face, question, question->most);
	const struct words_fill fills[] = {
		{"label", label_of(face, question)}, {"min", least ? least : ""}, {"max", most ? most : ""}};
	enum word key = is_date ? WORD_error_date_between : WORD_error_not_between;
	if (!most)
		key = is_date ? WORD_error_date_early : WORD_error_too_small;
	else if (!least)
		key = is_date ? WORD_error_date_late : WORD_error_too_large;
	return face_words_fill(face, key, fills, 3);
}

static const char *about_number(const struct face *face, enum word key, const struct question *question)
{
	const struct words_fill fills[] = {{"label", label_of(face, question)},
					   {"example", mistake_example(face, question)}};
	return face_words_fill(face, key, fills, 2);
}

static const char *exclusive(const struct face *face, const struct mistake *mistake, const struct question *question)
{
	const char *lang = NULL;
	const struct words_fill fills[] = {{"label", label_of(face, question)},
					   {"choice", face_text(face, &mistake->exclusive->label, &lang)}};
	bool is_among_others = question->type == QUESTION_SELECT_MULTIPLE;
	return face_words_fill(face, is_among_others ? WORD_error_exclusive : WORD_error_refusal, fills, 2);
}

static const char *too_long(const struct face *face, const struct question *question)
{
	const struct words_fill fills[] = {{"label", label_of(face, question)},
					   {"max", arena_printf(face->arena, "%u", question->max_utf16)}};
	return face_words_fill(face, WORD_error_too_long, fills, 2);
}

static const char *missing_part(const struct face *face, const struct mistake *mistake, const struct question *question)
{
	static const enum word keys[ANSWER_DATE_PARTS] = {
		[ANSWER_DAY] = WORD_error_date_day,
		[ANSWER_MONTH] = WORD_error_date_month,
		[ANSWER_YEAR] = WORD_error_date_year,
	};
	return with_label(face, keys[mistake->part], label_of(face, question));
}

static const char *required(const struct face *face, const struct field *field)
{
	const char *lang = NULL;
	const char *text = mistake_required(face, field->question);
	if (field->part != FIELD_STATEMENT)
		return text;
	const struct words_fill fill = {"label", face_text(face, &field->statement->label, &lang)};
	return face_fill(face, text, &fill, 1);
}

static const char *sentence(const struct face *face, const struct mistake *mistake, const struct field *field)
{
	const struct question *question = field->question;
	const struct words_fill place[] = {{"label", label_of(face, question)},
					   {"n", arena_printf(face->arena, "%u", mistake->place)}};
	switch (mistake->kind) {
	case MISTAKE_REQUIRED:
		return required(face, field);
	case MISTAKE_TOO_LONG:
		return too_long(face, question);
	case MISTAKE_EXCLUSIVE:
		return exclusive(face, mistake, question);
	case MISTAKE_NOT_NUMBER:
		return about_number(face, WORD_error_not_number, question);
	case MISTAKE_NOT_WHOLE:
		return about_number(face, WORD_error_not_whole, question);
	case MISTAKE_TOO_FINE:
		return about_number(face, WORD_error_too_fine, question);
	case MISTAKE_TOO_SMALL:
	case MISTAKE_TOO_LARGE:
		return out_of_range(face, question);
	case MISTAKE_DATE_PART:
		return missing_part(face, mistake, question);
	case MISTAKE_NOT_DATE:
		return with_label(face, WORD_error_not_date, label_of(face, question));
	case MISTAKE_SAME_PLACE:
		return face_words_fill(face, WORD_error_same_place, place, 2);
	case MISTAKE_CONSTRAINT:
		return mistake_constraint(face, question);
	case MISTAKE_NOTHING:
	case MISTAKE_KIND_COUNT:
		break;
	}
	return face_words(face, WORD_error_nothing);
}

/* Of the halves of a pair, or of the statements, several may have the same sentence: each says which it is of. */
const char *mistake_sentence(const struct face *face, const struct mistake *mistake)
{
	const struct field *field = &face->form->fields[mistake->field];
	const char *lang = NULL;
	const char *text = sentence(face, mistake, field);
	const char *part = face_part(face, field, &lang);
	bool has_name = field->part == FIELD_STATEMENT && mistake->kind == MISTAKE_REQUIRED &&
			strstr(mistake_required(face, field->question), "{label}");
	if (!part || has_name || mistake->kind == MISTAKE_NOTHING)
		return text;
	const char *whole = arena_printf(face->arena, "%s (%s)", text, part);
	return whole ? whole : text;
}

const char *mistake_control(const struct face *face, const struct mistake *mistake)
{
	static const char *const parts[ANSWER_DATE_PARTS] = {"day", "month", "year"};
	const struct field *field = &face->form->fields[mistake->field];
	const char *id = field->name;
	const struct choice_list *list = form_field_list(face->form, face->language, field);
	size_t part = mistake->part > 0 ? (size_t) mistake->part : 0;
	if (field->part == FIELD_REFUSAL)
		return id;
	if (field->question->type == QUESTION_DATE && part < ANSWER_DATE_PARTS)
		id = arena_printf(face->arena, "%s-%s", field->name, parts[part]);
	else if (field->question->type == QUESTION_RANK && list && part < list->choices_count)
		id = arena_printf(face->arena, "%s.%s", field->name, list->choices[part].name);
	return id ? id : "";
}
