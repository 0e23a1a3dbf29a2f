/* SPDX-License-Identifier: MIT */
/* kept.c: carrying answers from one face of a form to another and back. Pure. */
#include "kept.h"

#include <string.h>

static const char *face_key(const struct form *form, int language)
{
	const char *variant = form->languages[language].variant;
	return *variant ? variant : "base";
}

enum err kept_init(struct kept *kept, const struct form *form, const struct http_request *request, struct arena *arena)
{
	kept->capacity = request->fields_count + form->fields_count * FORM_CHOICES_MAX;
	kept->count = 0;
	kept->list = arena_array(arena, kept->capacity, struct page_hidden);
	return kept->list ? ERR_OK : ERR_NOMEM;
}

/* The control that "keep-FACE-CONTROL" names when FACE is this key; NULL otherwise. */
static const char *control_of(const char *name, const char *key)
{
	static const char prefix[] = "keep-";
	size_t length = strlen(key);
	if (strncmp(name, prefix, sizeof prefix - 1) != 0)
		return NULL;
	name += sizeof prefix - 1;
	return strncmp(name, key, length) == 0 && name[length] == '-' ? name + length + 1 : NULL;
}

bool kept_is_name(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		const char *control = control_of(name, face_key(form, (int) i));
		int part;
		if (control && answers_field(form, (int) i, control, &part) >= 0)
			return true;
	}
	return false;
}

void kept_add(struct kept *kept, const char *name, const char *value)
{
	if (kept->count < kept->capacity)
		kept->list[kept->count++] = (struct page_hidden){name, value};
}

/* True when both faces put this field to people in the same way, so that an answer to one is an answer to the other. */
static bool is_alike(const struct form *form, const struct field *field, int one, int other)
{
	return form_asks_field(form, one, field) && form_asks_field(form, other, field) &&
	       form_field_list(form, one, field) == form_field_list(form, other, field);
}

static enum err keep(struct kept *kept, const char *name, const char *value)
{
	if (!name)
		return ERR_NOMEM;
	kept_add(kept, name, value);
	return ERR_OK;
}

/* Keeps the answer of field INDEX as it was typed: right or wrong, whole or not. */
static enum err copy_out(struct kept *kept, const struct answers *from, size_t index, struct arena *arena)
{
	const struct form *form = from->form;
	const struct field *field = &form->fields[index];
	const struct answer *answer = &from->of[index];
	const char *key = face_key(form, from->language);
	enum err error = ERR_OK;
	if (!answer_is_given(answer))
		return ERR_OK;
	for (size_t i = 0; i < answer->parts_count && !error; i++) {
		if (!answer->parts[i] || !*answer->parts[i])
			continue;
		const char *part = answers_part_name(form, from->language, field, i);
		error = keep(kept, arena_printf(arena, "keep-%s-%s.%s", key, field->name, part), answer->parts[i]);
	}
	if (answer->parts)
		return error;
	if (answer->text)
		error = keep(kept, arena_printf(arena, "keep-%s-%s", key, field->name), answer->text);
	for (size_t i = 0; i < answer->choices_count && !error; i++)
		error = keep(kept, arena_printf(arena, "keep-%s-%s", key, field->name), answer->choices[i]->name);
	return error;
}

/* Puts back what was kept for the face of TO, and takes it out of KEPT. What is no longer possible is let go. */
static enum err restore(struct kept *kept, struct answers *to, const char *key, struct arena *arena)
{
	size_t left = 0;
	for (size_t i = 0; i < kept->count; i++) {
		const char *control = control_of(kept->list[i].name, key);
		if (!control) {
			kept->list[left++] = kept->list[i];
			continue;
		}
		enum answers_refusal refusal;
		enum err error = answers_add(to, arena, control, kept->list[i].value, &refusal);
		if (error)
			return error;
	}
	kept->count = left;
	return ERR_OK;
}

enum err kept_change_face(struct kept *kept, const struct answers *from, struct answers *to, struct arena *arena)
{
	const struct form *form = from->form;
	const char *to_key = face_key(form, to->language);
	bool is_other = strcmp(face_key(form, from->language), to_key) != 0;
	enum err error = is_other ? restore(kept, to, to_key, arena) : ERR_OK;
	for (size_t i = 0; i < form->fields_count && !error; i++) {
		const struct field *field = &form->fields[i];
		if (is_alike(form, field, from->language, to->language))
			to->of[i] = from->of[i];
		else
			error = copy_out(kept, from, i, arena);
	}
	return error;
}
