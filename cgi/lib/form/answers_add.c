/* SPDX-License-Identifier: MIT */
/* answers_add.c: takes in what a page sent, one control at a time.
 *
 * What cannot have come from our page is refused here, and told apart from a person's mistakes, which answers.c lists. What
 * was typed is never changed (but for line ends), so that a page can show it again as it was. */
#include "lib/form/answers_parts.h"

#include "lib/base/utf8.h"

#include <string.h>

enum { CONTROL_NAME_MAX = 2 * FORM_NAME_MAX + 1 }; /* question, "_", statement */

/* ---- names ---- */

static bool is_in_parts(const struct field *field)
{
	enum question_type type = field->question->type;
	return field->part != FIELD_REFUSAL && (type == QUESTION_DATE || type == QUESTION_RANK);
}

static size_t parts_of(const struct form *form, int language, const struct field *field)
{
	if (field->question->type == QUESTION_DATE)
		return ANSWER_DATE_PARTS;
	return form_field_list(form, language, field)->choices_count;
}

const char *answers_part_name(const struct form *form, int language, const struct field *field, size_t part)
{
	static const char *const date_parts[ANSWER_DATE_PARTS] = {
		[ANSWER_DAY] = "day", [ANSWER_MONTH] = "month", [ANSWER_YEAR] = "year"};
	if (field->question->type == QUESTION_DATE)
		return date_parts[part];
	return form_field_list(form, language, field)->choices[part].name;
}

/* Which part of FIELD is called NAME; -1 for none. */
static int part_index(const struct form *form, int language, const struct field *field, const char *name)
{
	for (size_t i = 0, count = parts_of(form, language, field); i < count; i++)
		if (strcmp(name, answers_part_name(form, language, field, i)) == 0)
			return (int) i;
	return -1;
}

int answers_field(const struct form *form, int language, const char *name, int *part)
{
	char field_name[CONTROL_NAME_MAX + 1];
	size_t length = strcspn(name, ".");
	*part = -1;
	if (length > CONTROL_NAME_MAX)
		return -1;
	memcpy(field_name, name, length);
	field_name[length] = '\0';
	int index = form_field(form, field_name);
	bool has_part = name[length] == '.';
	if (index < 0 || is_in_parts(&form->fields[index]) != has_part)
		return -1;
	if (has_part)
		*part = part_index(form, language, &form->fields[index], name + length + 1);
	return has_part && *part < 0 ? -1 : index;
}

/* ---- values ---- */

static enum err add_text(struct answer *answer, struct arena *arena, const char *value, enum answers_refusal *refusal)
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
static enum err add_choice(struct answer *answer, struct arena *arena, const struct choice_list *list,
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

static enum err add_part(struct answer *answer, struct arena *arena, const struct field *field, size_t parts_count,
			 int part, const char *value, enum answers_refusal *refusal)
{
	if (answer->parts != NULL && answer->parts[part] != NULL) {
		*refusal = ANSWERS_REPEATED_FIELD;
		return ERR_OK;
	}
	if (field->question->type == QUESTION_DATE && !utf8_is_valid(value, strlen(value)))
		*refusal = ANSWERS_WRONG_TYPE;
	if (field->question->type == QUESTION_RANK && value[0] != '\0' && answers_rank_place(value, parts_count) == 0)
		*refusal = ANSWERS_UNKNOWN_CHOICE;
	if (*refusal != ANSWERS_OK)
		return ERR_OK;
	if (answer->parts == NULL)
		answer->parts = arena_array(arena, parts_count, const char *);
	if (answer->parts == NULL)
		return ERR_NOMEM;
	answer->parts_count = parts_count;
	answer->parts[part] = value;
	return ERR_OK;
}

enum err answers_add(struct answers *answers, struct arena *arena, const char *name, const char *value,
		     enum answers_refusal *refusal)
{
	const struct form *form = answers->form;
	int part, index = answers_field(form, answers->language, name, &part);
	*refusal = ANSWERS_OK;
	if (index < 0 || !form_asks_field(form, answers->language, &form->fields[index])) {
		*refusal = ANSWERS_UNKNOWN_FIELD;
		return ERR_OK;
	}
	const struct field *field = &form->fields[index];
	struct answer *answer = &answers->of[index];
	if (part >= 0)
		return add_part(answer, arena, field, parts_of(form, answers->language, field), part, value, refusal);
	if (!form_field_is_list(field) && answers->is_sent[index]) {
		*refusal = ANSWERS_REPEATED_FIELD;
		return ERR_OK;
	}
	answers->is_sent[index] = true;
	if (form_field_is_typed(field))
		return add_text(answer, arena, value, refusal);
	if (value[0] == '\0')
		return ERR_OK;
	return add_choice(answer, arena, form_field_list(form, answers->language, field), value, refusal);
}
