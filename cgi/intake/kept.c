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

/* The field that "keep-FACE-FIELD" names when FACE is this key; NULL otherwise. */
static const char *field_of(const char *name, const char *key)
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
		const char *field = field_of(name, face_key(form, (int) i));
		if (field && form_field(form, field) >= 0)
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
	       form_list(form, one, field->question) == form_list(form, other, field->question);
}

static void copy_out(struct kept *kept, const char *key, const struct field *field, const struct answer *answer,
		     struct arena *arena)
{
	if (!answer_is_given(answer))
		return;
	const char *name = arena_printf(arena, "keep-%s-%s", key, field->name);
	if (!name)
		return;
	if (answer->text)
		kept_add(kept, name, answer->text);
	for (size_t i = 0; i < answer->choices_count; i++)
		kept_add(kept, name, answer->choices[i]->name);
}

/* Puts back what was kept for the face of TO, and takes it out of KEPT. What is no longer possible is let go. */
static enum err restore(struct kept *kept, struct answers *to, const char *key, struct arena *arena)
{
	size_t left = 0;
	for (size_t i = 0; i < kept->count; i++) {
		const char *field = field_of(kept->list[i].name, key);
		if (!field) {
			kept->list[left++] = kept->list[i];
			continue;
		}
		enum answers_refusal refusal;
		enum err error = answers_add(to, arena, field, kept->list[i].value, &refusal);
		if (error)
			return error;
	}
	kept->count = left;
	return ERR_OK;
}

enum err kept_change_face(struct kept *kept, const struct answers *from, struct answers *to, struct arena *arena)
{
	const struct form *form = from->form;
	const char *from_key = face_key(form, from->language), *to_key = face_key(form, to->language);
	enum err error = strcmp(from_key, to_key) != 0 ? restore(kept, to, to_key, arena) : ERR_OK;
	for (size_t i = 0; i < form->fields_count && !error; i++) {
		const struct field *field = &form->fields[i];
		if (is_alike(form, field, from->language, to->language))
			to->of[i] = from->of[i];
		else
			copy_out(kept, from_key, field, &from->of[i], arena);
	}
	return error;
}
