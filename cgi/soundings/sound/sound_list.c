/* SPDX-License-Identifier: MIT */
/* sound_list.c: the office's list of sounds, by key, between publications. What no form says any more stays in it: pages that were published with it
 * may be open, and a text that comes back is not made again. */
#include "sound_parts.h"

#include <stdlib.h>
#include <string.h>

static const char list_name[] = "sound";

static int compare_key(const void *key, const void *sound)
{
	return memcmp(key, ((const struct catalogue_sound *) sound)->key, CATALOGUE_SOUND_KEY);
}

enum err sound_list_load(struct instance *instance, struct sound_maker *maker)
{
	char *document = NULL;
	enum err error = office_text_get(instance->office, list_name, maker->arena, &document);
	if (!error)
		error = sounds_decode(document, maker->arena, &maker->known);
	if (error == ERR_NOT_FOUND || error == ERR_CORRUPT) {
		maker->known = (struct sounds){0}; /* all is made anew, under the same names */
		return ERR_OK;
	}
	return error;
}

/* Where the list has KEY: written sorted, it is read sorted. */
static struct catalogue_sound *find(const struct sounds *known, const uint8_t key[SPOKEN_KEY_BYTES])
{
	return known->count ? bsearch(key, known->list, known->count, sizeof known->list[0], compare_key) : NULL;
}

/* Whose recording the sound of the text at INDEX would be: see sounds_stays. */
static bool is_own(struct sound_maker *maker, size_t index, const struct sounds_note *note)
{
	const struct spoken_text *text = &maker->spoken.list[index];
	bool is_shared = text->parts_count || text->source == SPOKEN_WORDS || text->source == SPOKEN_ORGANISATION;
	return *note->owner ? strcmp(note->owner, maker->form->name) == 0 : is_shared;
}

/* What the text at INDEX would be made of; NULL: of nothing. */
static const struct sounds_note *fresh_note(struct sound_maker *maker, size_t index, struct sounds_note *note)
{
	const struct sound_row *row = &maker->rows[index];
	*note = (struct sounds_note){.of = row->of, .owner = row->owner};
	return row->of ? note : NULL;
}

bool sound_known(struct sound_maker *maker, size_t index, const char **damaged)
{
	struct sound_row *row = &maker->rows[index];
	struct sounds_note note;
	const struct catalogue_sound *found = find(&maker->known, maker->spoken.list[index].key);
	if (!found)
		return false;
	const struct sounds_note *old = &maker->known.notes[found - maker->known.list];
	const struct sounds_note *fresh = fresh_note(maker, index, &note);
	bool is_same = fresh && strcmp(old->of, fresh->of) == 0;
	if (!is_same && !sounds_stays(old, fresh, is_own(maker, index, old)))
		return false;
	uint8_t hash[CATALOGUE_SOUND_HASH];
	enum err error = sound_files_hash(maker->folder, found->name, hash);
	if (error || memcmp(hash, found->hash, sizeof hash) != 0) {
		*damaged = error == ERR_NOT_FOUND ? NULL : found->name;
		return false;
	}
	row->is_kept = true;
	row->of = old->of;
	row->owner = old->owner;
	row->name = found->name;
	row->ms = found->ms;
	memcpy(row->hash, found->hash, sizeof row->hash);
	return true;
}

static bool has_files(struct sound_maker *maker, const char *name)
{
	uint8_t ignored[CATALOGUE_SOUND_HASH];
	return sound_files_hash(maker->folder, name, ignored) == ERR_OK;
}

/* The row of the text at INDEX as it goes into the list, of which NOW has it as FOUND (NULL: not). False: none goes. What another command has put there
 * meanwhile is judged as what was there before. */
static bool merge(struct sound_maker *maker, size_t index, const struct sounds *now,
		  const struct catalogue_sound *found, struct catalogue_sound *sound, struct sounds_note *note)
{
	const struct sound_row *row = &maker->rows[index];
	const char *name = maker->form->name;
	struct sounds_note fresh = {.of = row->of, .owner = row->owner};
	const struct sounds_note *old = found ? &now->notes[found - now->list] : NULL;
	const char *forms = !old ? name
			    : sounds_has_form(old->forms, name)
				    ? old->forms
				    : arena_printf(maker->arena, "%s%s%s", old->forms, *old->forms ? " " : "", name);
	bool is_old = old && sounds_stays(old, row->name ? &fresh : NULL, is_own(maker, index, old)) &&
		      !(row->name && strcmp(row->name, found->name) == 0) && has_files(maker, found->name);
	if (!is_old && !row->name)
		return false;
	if (is_old) {
		*sound = *found;
		*note = *old;
	} else {
		memcpy(sound->key, maker->spoken.list[index].key, sizeof sound->key);
		sound->name = row->name;
		sound->ms = row->ms;
		memcpy(sound->hash, row->hash, sizeof sound->hash);
		*note = fresh;
	}
	note->forms = forms;
	return forms != NULL;
}

static int compare_name(const void *one, const void *other)
{
	const struct sound_row *const *left = one, *const *right = other;
	return strcmp((*left)->name, (*right)->name);
}

/* A sound that was made anew, for its files were gone, has another hash under the same name: for every text that it says. */
static enum err follow(struct sound_maker *maker, struct sounds *all)
{
	const struct sound_row **rows = arena_array(maker->arena, maker->spoken.count + 1, const struct sound_row *);
	size_t count = 0;
	if (!rows)
		return ERR_NOMEM;
	for (size_t i = 0; i < maker->spoken.count; i++)
		if (maker->rows[i].name && !maker->rows[i].is_kept)
			rows[count++] = &maker->rows[i];
	qsort(rows, count, sizeof *rows, compare_name);
	for (size_t i = 0; i < all->count; i++) {
		const struct sound_row wanted = {.name = all->list[i].name}, *key = &wanted;
		const struct sound_row *const *same = bsearch(&key, rows, count, sizeof *rows, compare_name);
		if (same)
			memcpy(all->list[i].hash, (*same)->hash, sizeof all->list[i].hash);
	}
	return ERR_OK;
}

/* NOW, with what MAKER has of its form's texts. */
static enum err merge_all(struct sound_maker *maker, const struct sounds *now, struct sounds *all)
{
	const struct spoken *spoken = &maker->spoken;
	all->list = arena_array(maker->arena, now->count + spoken->count + 1, struct catalogue_sound);
	all->notes = arena_array(maker->arena, now->count + spoken->count + 1, struct sounds_note);
	if (!all->list || !all->notes)
		return ERR_NOMEM;
	for (size_t i = 0; i < now->count; i++) {
		if (spoken_find(spoken, now->list[i].key))
			continue;
		all->list[all->count] = now->list[i];
		all->notes[all->count++] = now->notes[i];
	}
	for (size_t i = 0; i < spoken->count; i++)
		all->count += merge(maker, i, now, find(now, spoken->list[i].key), &all->list[all->count],
				    &all->notes[all->count]);
	return follow(maker, all);
}

/* Inside a transaction: what is read here is still there when it is replaced. */
static enum err store(struct instance *instance, struct sound_maker *maker, struct sound_report *report)
{
	struct sounds now = {0}, all = {0};
	char *before = NULL, *after = NULL;
	enum err error = office_text_get(instance->office, list_name, maker->arena, &before);
	if (!error)
		error = sounds_decode(before, maker->arena, &now);
	if (error == ERR_NOT_FOUND || error == ERR_CORRUPT)
		error = ERR_OK;
	if (!error)
		error = merge_all(maker, &now, &all);
	if (!error)
		error = sounds_encode(&all, maker->arena, &after);
	report->is_changed = !error && !(before && strcmp(before, after) == 0);
	return error || !report->is_changed ? error : office_text_set(instance->office, list_name, after);
}

enum err sound_list_store(struct instance *instance, struct sound_maker *maker, struct sound_report *report)
{
	enum err error = office_begin(instance->office);
	if (!error)
		error = store(instance, maker, report);
	if (!error)
		error = office_commit(instance->office);
	office_rollback(instance->office);
	return error;
}
