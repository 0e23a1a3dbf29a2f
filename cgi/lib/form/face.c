/* SPDX-License-Identifier: MIT */
/* face.c: what the texts of a form and the page's strings become in one language. It must not escape: that is for whoever prints. */
#include "lib/form/face.h"

#include <ctype.h>
#include <string.h>

const char *face_fill(const struct face *face, const char *text, const struct words_fill *fills, size_t count)
{
	if (!text)
		return NULL;
	const char *filled = words_fill_text(face->words, text, fills, count, face->arena);
	return filled ? filled : "";
}

const char *face_pipe(const struct face *face, const char *text)
{
	return face_fill(face, text, face->pipes, face->pipes_count);
}

const char *face_words(const struct face *face, enum word key)
{
	const char *text = face_pipe(face, face->words->of[key]);
	return text ? text : "";
}

const char *face_words_fill(const struct face *face, enum word key, const struct words_fill *fills, size_t count)
{
	return face_fill(face, face_words(face, key), fills, count);
}

const char *face_words_with(const struct face *face, enum word key, const char *name, const char *value)
{
	const struct words_fill one = {name, value};
	return face_words_fill(face, key, &one, 1);
}

const char *face_text(const struct face *face, const struct text *text, const char **lang)
{
	int used = face->language;
	const char *found = form_text(face->form, face->language, text, &used);
	*lang = NULL;
	if (!found)
		return NULL;
	const char *base = face->form->languages[used].base;
	if (strcmp(base, face->form->languages[face->language].base) != 0)
		*lang = base;
	return face_pipe(face, found);
}

const char *face_part(const struct face *face, const struct field *field, const char **lang)
{
	const struct question *question = field->question;
	*lang = NULL;
	if (field->part == FIELD_STATEMENT)
		return face_text(face, &field->statement->label, lang);
	bool is_before = field->part == FIELD_BEFORE;
	if ((!is_before && field->part != FIELD_NOW) || question->faces[face->language].pair == PAIR_PLAIN)
		return NULL;
	const char *own = face_text(face, is_before ? &question->label_before : &question->label_now, lang);
	return own ? own : face_words(face, is_before ? WORD_before_today : WORD_now);
}

const char *face_date(const struct face *face, struct date date)
{
	enum word month = (enum word)(WORD_month_1 + date.month - 1);
	const char *day = arena_printf(face->arena, "%d", date.day);
	const char *year = arena_printf(face->arena, "%d", date.year);
	const struct words_fill fills[] = {
		{"day", day ? day : ""}, {"month", face->words->of[month]}, {"year", year ? year : ""}};
	return face_fill(face, face->words->of[WORD_date_words], fills, 3);
}

/* Not date_parse: people were born before 1900, too. */
const char *face_date_text(const struct face *face, const char *date)
{
	static const char shape[] = "0000-00-00";
	int numbers[3] = {0}; /* year, month, day */
	size_t i = 0;
	for (int at = 0; shape[i]; i++) {
		if (shape[i] == '-' ? date[i] != '-' : !isdigit((unsigned char) date[i]))
			return date;
		if (shape[i] == '-')
			at++;
		else
			numbers[at] = 10 * numbers[at] + (date[i] - '0');
	}
	if (date[i] || numbers[1] < 1 || numbers[1] > 12)
		return date;
	return face_date(face, (struct date){.year = numbers[0], .month = numbers[1], .day = numbers[2]});
}
