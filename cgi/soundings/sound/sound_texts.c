/* SPDX-License-Identifier: MIT */
/* sound_texts.c: the texts that want a sound, who can say them, and the recordings that people have laid over them. */
#include "sound_parts.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { RECORDING_MAX_BYTES = 128 * 1024 * 1024, GAPS_SHOWN = 5 };

static const char *const recording_endings[] = {"wav", "flac"};
enum { RECORDING_ENDINGS = sizeof recording_endings / sizeof recording_endings[0] };

/* ---- beginning and end ------------------------------------------------------------------------------------------------------ */

static int list_texts(struct sound_maker *maker)
{
	struct problems problems;
	problems_init(&problems, maker->arena);
	struct organisation *organisation = NULL;
	struct words_set words;
	const char *path = arena_printf(maker->arena, "%s/organisation.yaml", maker->forms);
	const char *strings = arena_printf(maker->arena, "%s/strings", maker->forms);
	if (!path || !strings)
		return complain_err(ERR_NOMEM, "%s", maker->forms);
	enum err error = organisation_load(path, maker->arena, &organisation, &problems);
	if (!error)
		error = words_load(strings, maker->arena, &words, &problems);
	if (error) {
		problems_print(&problems, stderr);
		return problems.count ? EX_DATAERR : complain_err(error, "%s", path);
	}
	spoken_init(&maker->spoken, maker->arena);
	for (size_t i = 0; i < maker->form->languages_count && !error; i++)
		error = spoken_add(&maker->spoken, maker->form, (int) i, &words, organisation);
	maker->rows = error ? NULL : arena_array(maker->arena, maker->spoken.count + 1, struct sound_row);
	return maker->rows ? EX_OK : complain_err(ERR_NOMEM, "%s", maker->folder_path);
}

int sound_begin(struct sound_maker *maker, struct arena *arena, const struct form *form, const char *folder,
		const char *forms)
{
	*maker =
		(struct sound_maker){.arena = arena, .form = form, .folder_path = folder, .forms = forms, .folder = -1};
	enum err error = voice_open(&maker->voice);
	if (error && error != ERR_NOT_FOUND)
		return complain_err(error, "the voice does not start");
	return list_texts(maker);
}

void sound_end(struct sound_maker *maker)
{
	voice_close(maker->voice);
	file_close(&maker->folder);
}

bool sound_speaks(struct sound_maker *maker, const char *language)
{
	for (size_t i = 0; i < maker->languages_count; i++)
		if (strcmp(maker->languages[i].base, language) == 0)
			return maker->languages[i].is_spoken;
	bool is_spoken = maker->voice && voice_speaks(maker->voice, language);
	if (maker->languages_count < FORM_LANGUAGES_MAX && strlen(language) < sizeof maker->languages[0].base) {
		struct sound_language *row = &maker->languages[maker->languages_count++];
		memcpy(row->base, language, strlen(language) + 1);
		row->is_spoken = is_spoken;
	}
	return is_spoken;
}

/* ---- recordings ------------------------------------------------------------------------------------------------------------- */

/* The folder of recordings for a text of that source; derived texts, such as mistakes, lie with their form. */
static const char *folder_of(struct sound_maker *maker, const struct spoken_text *text, const char *tag)
{
	switch (text->source) {
	case SPOKEN_WORDS:
		return arena_printf(maker->arena, "%s/strings/sound/%s", maker->forms, tag);
	case SPOKEN_ORGANISATION:
		return arena_printf(maker->arena, "%s/sound/%s", maker->forms, tag);
	default:
		return arena_printf(maker->arena, "%s/sound/%s", maker->folder_path, tag);
	}
}

/* A text without a path is known by its key. */
static const char *name_of(struct sound_maker *maker, const struct spoken_text *text)
{
	char key[2 * SPOKEN_KEY_BYTES + 1];
	if (text->path)
		return text->path;
	codec_hex(text->key, sizeof text->key, key);
	return arena_strdup(maker->arena, key);
}

/* English shown where a translation is missing is recorded, if at all, as English. */
static const char *tag_of(const struct spoken_text *text)
{
	size_t base = strcspn(text->tag, "-");
	bool is_own = strlen(text->language) == base && strncmp(text->tag, text->language, base) == 0;
	return is_own ? text->tag : text->language;
}

const char *sound_recording_place(struct sound_maker *maker, const struct spoken_text *text)
{
	const char *folder = folder_of(maker, text, tag_of(text)), *name = name_of(maker, text);
	return folder && name ? arena_printf(maker->arena, "%s/%s", folder, name) : NULL;
}

enum err sound_recording(struct sound_maker *maker, const struct spoken_text *text, const char **path)
{
	*path = NULL;
	if (text->parts_count)
		return ERR_OK;
	const char *place = sound_recording_place(maker, text);
	for (size_t i = 0; place && i < RECORDING_ENDINGS; i++) {
		const char *candidate = arena_printf(maker->arena, "%s.%s", place, recording_endings[i]);
		if (!candidate)
			return ERR_NOMEM;
		if (access(candidate, R_OK) == 0) {
			*path = candidate;
			return ERR_OK;
		}
	}
	return place ? ERR_OK : ERR_NOMEM;
}

enum err sound_hash_file(struct sound_maker *maker, const char *path, char out[SPOKEN_NAME_TEXT])
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, RECORDING_MAX_BYTES + 4096);
	(void) maker;
	char *data = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, path, RECORDING_MAX_BYTES, &arena, &data, &length);
	if (!error)
		spoken_name(data, length, out);
	return error;
}

/* ---- the report ------------------------------------------------------------------------------------------------------------- */

/* Files of FOLDER that no text is recorded by: a slip in a name would otherwise be silence. */
static enum err find_strays(struct sound_maker *maker, const char *folder, const char ***strays, size_t *count)
{
	DIR *dir = folder ? opendir(folder) : NULL;
	enum err error = folder ? ERR_OK : ERR_NOMEM;
	for (const struct dirent *entry; dir && !error && (entry = readdir(dir)) != NULL;) {
		const char *path = arena_printf(maker->arena, "%s/%s", folder, entry->d_name);
		bool is_used = entry->d_name[0] == '.';
		for (size_t i = 0; path && !is_used && i < maker->spoken.count; i++)
			is_used = maker->rows[i].recording && strcmp(maker->rows[i].recording, path) == 0;
		if (path && is_used)
			continue;
		*strays = path ? arena_grow(maker->arena, *strays, *count, *count + 1, sizeof **strays) : NULL;
		if (!*strays)
			error = ERR_NOMEM;
		else
			(*strays)[(*count)++] = path;
	}
	if (dir)
		closedir(dir);
	return error;
}

static const char *join(struct sound_maker *maker, const char *list, const char *more)
{
	const char *joined = arena_printf(maker->arena, "%s%s%s", list, *list ? ", " : "", more);
	return joined ? joined : list;
}

int sound_report_fill(struct sound_maker *maker, struct sound_report *report)
{
	const struct spoken *spoken = &maker->spoken;
	struct sound_gap *gaps = arena_array(maker->arena, spoken->count + 1, struct sound_gap);
	struct sound_gap *all = arena_array(maker->arena, spoken->count + 1, struct sound_gap);
	const char **strays = NULL;
	enum err error = gaps && all ? ERR_OK : ERR_NOMEM;
	report->has_no_voice = maker->voice == NULL;
	for (size_t i = 0; i < spoken->count && !error; i++) {
		const struct spoken_text *text = &spoken->list[i];
		if (text->parts_count)
			continue; /* its parts say it */
		const struct sound_row *row = &maker->rows[i];
		struct sound_gap one = {
			.tag = tag_of(text), .file = sound_recording_place(maker, text), .text = text->text};
		const char *of = row->of;
		one.by = !of ? NULL : *of == 'r' ? "recording" : "voice";
		all[report->texts++] = one;
		if (!of)
			gaps[report->gaps_count++] = one;
	}
	for (size_t i = 0; i < maker->languages_count; i++)
		if (!maker->languages[i].is_spoken)
			report->voiceless = join(maker, report->voiceless, maker->languages[i].base);
	for (size_t i = 0; i < maker->form->languages_count && !error; i++) {
		const char *tag = maker->form->languages[i].tag;
		error = find_strays(maker, arena_printf(maker->arena, "%s/sound/%s", maker->folder_path, tag), &strays,
				    &report->strays_count);
	}
	report->all = all;
	report->all_count = report->texts;
	report->gaps = gaps;
	report->strays = strays;
	return error ? complain_err(error, "%s", maker->folder_path) : EX_OK;
}

void sound_print_list(const struct sound_report *report)
{
	for (size_t i = 0; i < report->all_count; i++)
		printf("%s.wav\t%s\t%s\n", report->all[i].file, report->all[i].by ? report->all[i].by : "nobody",
		       report->all[i].text);
}

void sound_print(const struct sound_report *report, const char *folder, bool all)
{
	if (report->bytes)
		printf("It can be heard: %zu texts, %zu of them recorded by people, %.0f minutes, %.1f MB in two "
		       "formats%s",
		       report->texts - report->gaps_count, report->recorded, (double) report->ms / 60000.0,
		       (double) report->bytes / 1e6, report->made ? "" : "\n");
	if (report->made)
		printf("; %zu sounds made just now\n", report->made);
	if (report->has_no_voice)
		printf("No synthetic voice is on this machine: apt-get install espeak-ng-data\n");
	for (size_t i = 0; i < report->strays_count; i++)
		printf("%s is a recording of no text: correct its name\n", report->strays[i]);
	if (report->gaps_count == 0)
		return;
	printf("%zu texts cannot be heard: there is no voice for %s, and nobody has recorded them. Ask somebody who "
	       "speaks it to read "
	       "them out, each into a file of its own (.wav or .flac), such as:\n",
	       report->gaps_count, report->voiceless);
	for (size_t i = 0; i < report->gaps_count && (all || i < GAPS_SHOWN); i++)
		printf("    %s.wav: %s\n", report->gaps[i].file, report->gaps[i].text);
	if (!all && report->gaps_count > GAPS_SHOWN)
		printf("    and %zu more: soundings form sound --check %s\n", report->gaps_count - GAPS_SHOWN, folder);
}
