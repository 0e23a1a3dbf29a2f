/* SPDX-License-Identifier: MIT */
/* form.c: the questions one can ask of a loaded form: which text, which choices, is it asked in this face?
 *
 * Pure look-ups: it makes nothing, changes nothing and knows neither files nor JSON. Pages, checks and exports come
 * here so that the fallbacks between languages (RFC 4647, 3.4 lookup, by way of soundings-form(5)) are written once. */
#include "lib/form/form.h"

#include <string.h>
#include <strings.h>

int form_language(const struct form *form, const char *tag)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		if (strcasecmp(form->languages[i].tag, tag) == 0)
			return (int) i;
	}
	return -1;
}

static const char wales[] = "wales";

int form_language_in_wales(const struct form *form, int language)
{
	const struct language *own = &form->languages[language];
	for (size_t i = 0; own->variant[0] == '\0' && i < form->languages_count; i++) {
		const struct language *other = &form->languages[i];
		if (strcmp(other->variant, wales) == 0 && strcmp(other->base, own->base) == 0)
			return (int) i;
	}
	return language;
}

bool form_language_is_chosen(const struct language *language)
{
	return strcmp(language->variant, wales) != 0;
}

const char *form_text(const struct form *form, int language, const struct text *text, int *used)
{
	int tried[3] = {language, -1, 0};
	if (form->languages[language].variant[0] != '\0')
		tried[1] = form_language(form, form->languages[language].base);
	for (size_t i = 0; i < 3; i++) {
		if (tried[i] < 0 || text->of[tried[i]] == NULL)
			continue;
		if (used != NULL)
			*used = tried[i];
		return text->of[tried[i]];
	}
	return NULL;
}

bool form_asks(const struct form *form, int language, const struct question *question)
{
	(void) form;
	return !question->faces[language].is_omitted;
}

bool form_asks_field(const struct form *form, int language, const struct field *field)
{
	if (!form_asks(form, language, field->question))
		return false;
	return field->part != FIELD_BEFORE || field->question->faces[language].pair != PAIR_PLAIN;
}

const struct choice_list *form_list(const struct form *form, int language, const struct question *question)
{
	(void) form;
	const struct choice_list *own = question->faces[language].list;
	return own != NULL ? own : question->list;
}

static bool is_typed(enum question_type type)
{
	return type == QUESTION_TEXT || type == QUESTION_INTEGER || type == QUESTION_DECIMAL || type == QUESTION_DATE;
}

const struct choice_list *form_field_list(const struct form *form, int language, const struct field *field)
{
	if (field->part == FIELD_REFUSAL)
		return field->question->refusal;
	return is_typed(field->question->type) ? NULL : form_list(form, language, field->question);
}

bool form_field_is_typed(const struct field *field)
{
	return field->part != FIELD_REFUSAL && is_typed(field->question->type);
}

bool form_field_is_list(const struct field *field)
{
	enum question_type type = field->question->type;
	return field->part != FIELD_REFUSAL && (type == QUESTION_SELECT_MULTIPLE || type == QUESTION_RANK);
}

const struct choice *choice_list_find(const struct choice_list *list, const char *name)
{
	for (size_t i = 0; i < list->choices_count; i++) {
		if (strcmp(list->choices[i].name, name) == 0)
			return &list->choices[i];
	}
	return NULL;
}

int form_field(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->fields_count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return (int) i;
	}
	return -1;
}

bool form_has_own_choices(const struct form *form, const struct question *question)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		if (question->faces[i].list != NULL)
			return true;
	}
	return false;
}
