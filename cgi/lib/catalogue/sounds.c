/* SPDX-License-Identifier: MIT */
/* sounds.c: the office's list of sounds, read and written. It comes from our own office, but a backup of it may have been anywhere: what is
 * not of its shape is refused. */
#include "lib/catalogue/sounds.h"

#include "lib/base/codec.h"
#include "lib/base/json_read.h"

#include <stdlib.h>
#include <string.h>

enum { SOUNDS_FORMAT = 1, SOUNDS_MS_MAX = 3600 * 1000 };

static bool is_forms(const char *text, size_t most, const char *signs)
{
	return text && strlen(text) <= most && text[strspn(text, signs)] == '\0';
}

static enum err read_row(const char *key, const json_t *row, struct arena *arena, struct catalogue_sound *sound,
			 struct sounds_note *note)
{
	const char *name = json_string_value(json_array_get(row, 0));
	const json_t *ms = json_array_get(row, 1);
	const char *hash = json_string_value(json_array_get(row, 2));
	const char *of = json_string_value(json_array_get(row, 3));
	const char *owner = json_string_value(json_array_get(row, 4));
	const char *forms = json_string_value(json_array_get(row, 5));
	if (json_array_size(row) != 6 || !name || !json_is_integer(ms) || !hash || !of || strlen(of) > SOUNDS_OF_MAX ||
	    !is_forms(owner, SOUNDS_FORM_MAX, "abcdefghijklmnopqrstuvwxyz0123456789-") ||
	    !is_forms(forms, SOUNDS_FORMS_MAX, "abcdefghijklmnopqrstuvwxyz0123456789- "))
		return ERR_CORRUPT;
	json_int_t length = json_integer_value(ms);
	if (codec_unhex(key, sound->key, sizeof sound->key) != ERR_OK ||
	    codec_unhex(hash, sound->hash, sizeof sound->hash) != ERR_OK || length < 0 || length > SOUNDS_MS_MAX ||
	    strlen(name) != CATALOGUE_SOUND_NAME || strspn(name, "0123456789abcdef") != CATALOGUE_SOUND_NAME)
		return ERR_CORRUPT;
	sound->ms = (uint32_t) length;
	sound->name = arena_strdup(arena, name);
	note->of = arena_strdup(arena, of);
	note->owner = arena_strdup(arena, owner);
	note->forms = arena_strdup(arena, forms);
	return sound->name && note->of && note->owner && note->forms ? ERR_OK : ERR_NOMEM;
}

enum err sounds_decode(const char *json, struct arena *arena, struct sounds *out)
{
	json_auto_t *root = NULL;
	json_error_t trouble;
	*out = (struct sounds){0};
	enum err error = json_read(json, strlen(json), ERR_CORRUPT, &root, &trouble);
	if (error)
		return error;
	json_t *rows = json_object_get(root, "sounds"), *row;
	const char *key;
	if (json_integer_value(json_object_get(root, "format")) != SOUNDS_FORMAT || !json_is_object(rows))
		return ERR_CORRUPT;
	size_t count = json_object_size(rows);
	out->list = arena_array(arena, count + 1, struct catalogue_sound);
	out->notes = arena_array(arena, count + 1, struct sounds_note);
	if (!out->list || !out->notes)
		return ERR_NOMEM;
	json_object_foreach(rows, key, row)
	{
		error = read_row(key, row, arena, &out->list[out->count], &out->notes[out->count]);
		if (error)
			return error;
		out->count++;
	}
	return ERR_OK;
}

enum err sounds_encode(const struct sounds *sounds, struct arena *arena, char **out)
{
	json_t *rows = json_object();
	bool is_whole = rows != NULL;
	for (size_t i = 0; is_whole && i < sounds->count; i++) {
		const struct catalogue_sound *sound = &sounds->list[i];
		const struct sounds_note *note = &sounds->notes[i];
		char key[2 * CATALOGUE_SOUND_KEY + 1], hash[2 * CATALOGUE_SOUND_HASH + 1];
		codec_hex(sound->key, sizeof sound->key, key);
		codec_hex(sound->hash, sizeof sound->hash, hash);
		is_whole = json_object_set_new(rows, key,
					       json_pack("[s, i, s, s, s, s]", sound->name, (int) sound->ms, hash,
							 note->of, note->owner, note->forms)) == 0;
	}
	json_auto_t *root = is_whole ? json_pack("{s:i, s:o}", "format", SOUNDS_FORMAT, "sounds", rows) : NULL;
	if (!is_whole)
		json_decref(rows);
	char *text = root ? json_write(root, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	*out = text ? arena_strdup(arena, text) : NULL;
	free(text);
	return *out ? ERR_OK : ERR_NOMEM;
}

static bool is_persons(const struct sounds_note *note)
{
	return note->of[0] == 'r' || note->of[0] == 'm';
}

bool sounds_stays(const struct sounds_note *old, const struct sounds_note *fresh, bool is_own)
{
	return is_persons(old) ? !is_own : fresh == NULL;
}

bool sounds_has_form(const char *forms, const char *form)
{
	size_t length = strlen(form);
	for (const char *at = forms; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == length && memcmp(at, form, length) == 0)
			return true;
	return false;
}
