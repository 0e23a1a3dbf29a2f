/* SPDX-License-Identifier: MIT */
/* sound.c: makes a sound of each text that a form can say (lib/spoken), of somebody's recording where there is one, else of the language's
 * voice (lib/voice).
 *
 * The office keeps which sound says which text, and what it was made of, so that nothing is made twice. Files are named by what is
 * heard, so that one is never replaced by another: pages that are open go on. Must not fail a publication for want of a sound: what
 * cannot be made is a gap, and is named. */
#include "sound.h"

#include "sound_parts.h"

#include "lib/base/file.h"
#include "lib/base/strbuf.h"
#include "lib/catalogue/sounds.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { SOUND_ARENA_BYTES = 64 * 1024 * 1024, PROCESSES_MAX = 8, FOLDER_MODE = 0755, FILE_MODE = 0444 };

/* ---- what a text is made of ------------------------------------------------------------------------------------------------- */

/* The row of the text at INDEX becomes what says now how it would be made; without a source it is a gap. */
static enum err choose_plain(struct sound_maker *maker, size_t index)
{
	const struct spoken_text *text = &maker->spoken.list[index];
	struct sound_row *row = &maker->rows[index];
	enum err error = sound_recording(maker, text, &row->recording);
	if (error)
		return error;
	char name[SPOKEN_NAME_TEXT];
	row->owner = "";
	if (row->recording) {
		bool is_shared = text->source == SPOKEN_WORDS || text->source == SPOKEN_ORGANISATION;
		row->owner = is_shared ? "" : maker->form->name;
		error = sound_hash_file(maker, row->recording, name);
		row->of = arena_printf(maker->arena, "r:%s", name);
		return error ? error : row->of ? ERR_OK : ERR_NOMEM;
	}
	if (!sound_speaks(maker, text->language))
		return ERR_OK;
	const char *say = text->say ? text->say : text->text;
	const char *voice = maker->voice ? voice_version(maker->voice) : "";
	const char *all = arena_printf(maker->arena, "%s\n%s\n%s", voice, text->language, say);
	if (!all)
		return ERR_NOMEM;
	spoken_name(all, strlen(all), name);
	row->of = arena_printf(maker->arena, "v:%s", name);
	return row->of ? ERR_OK : ERR_NOMEM;
}

/* A text of several is made of what they are made of; one gap is a gap of the whole. */
static enum err choose_run(struct sound_maker *maker, size_t index)
{
	const struct spoken_text *text = &maker->spoken.list[index];
	CLEANUP_STRBUF struct strbuf all;
	strbuf_init(&all, SOUND_TEXT_MAX);
	bool is_recorded = false;
	maker->rows[index].owner = "";
	for (size_t i = 0; i < text->parts_count; i++) {
		const struct sound_row *part = &maker->rows[text->parts[i]];
		if (!part->of)
			return ERR_OK;
		is_recorded = is_recorded || part->recording;
		if (*part->owner)
			maker->rows[index].owner = part->owner;
		strbuf_putf(&all, "%s\n", part->of);
	}
	char name[SPOKEN_NAME_TEXT];
	spoken_name(strbuf_text(&all), all.length, name);
	maker->rows[index].of = arena_printf(maker->arena, "%c:%s", is_recorded ? 'm' : 'c', name);
	return strbuf_error(&all) ? strbuf_error(&all) : maker->rows[index].of ? ERR_OK : ERR_NOMEM;
}

/* Parts stand before what is made of them, for the most part: an earlier text may have become a part later. So plain ones first. */
static enum err choose(struct sound_maker *maker)
{
	enum err error = ERR_OK;
	for (size_t i = 0; i < maker->spoken.count && !error; i++)
		if (maker->spoken.list[i].parts_count == 0)
			error = choose_plain(maker, i);
	for (size_t i = 0; i < maker->spoken.count && !error; i++)
		if (maker->spoken.list[i].parts_count > 0)
			error = choose_run(maker, i);
	return error;
}

/* ---- making ----------------------------------------------------------------------------------------------------------------- */

static enum err speak(struct sound_maker *maker, size_t index, struct voice_sound *sound)
{
	const struct spoken_text *text = &maker->spoken.list[index];
	const struct sound_row *row = &maker->rows[index];
	enum err error = ERR_OK;
	if (row->recording)
		return voice_read(row->recording, sound);
	if (text->parts_count == 0)
		return voice_say(maker->voice, text->language, text->say ? text->say : text->text, sound);
	for (size_t i = 0; i < text->parts_count && !error; i++) {
		if (i)
			error = voice_pause(sound, VOICE_PAUSE_MS);
		if (!error)
			error = speak(maker, text->parts[i], sound);
	}
	return error;
}

/* What is there under that name holds this sound already, and is never replaced: its hash may be known. Nothing stays of what fails. Durable with the
 * folder, at the end. */
static enum err write_file(struct sound_maker *maker, const char *name, const char *ending,
			   const struct voice_sound *sound, enum voice_format format)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SOUND_ARENA_BYTES);
	const char *file = arena_printf(&arena, "%s.%s", name, ending);
	const char *part = arena_printf(&arena, ".making-%d-%s.%s", (int) getpid(), name, ending);
	void *bytes = NULL;
	size_t length = 0;
	if (!file || !part)
		return ERR_NOMEM;
	struct stat status;
	/* What a power cut has left is empty. One that is reused is as young as a new one (sound_files_sweep). */
	bool is_there = fstatat(maker->folder, file, &status, AT_SYMLINK_NOFOLLOW) == 0;
	if (is_there && S_ISREG(status.st_mode) && status.st_size > 0 &&
	    utimensat(maker->folder, file, NULL, AT_SYMLINK_NOFOLLOW) == 0)
		return ERR_OK;
	if (is_there)
		unlinkat(maker->folder, file, 0);
	enum err error = voice_encode(sound, format, &arena, &bytes, &length);
	if (error)
		return error;
	unlinkat(maker->folder, part, 0); /* of a run that was killed */
	CLEANUP_FD int fd = openat(maker->folder, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_err(errno);
	error = file_write_all(fd, bytes, length);
	if (!error && fchmod(fd, FILE_MODE) < 0)
		error = file_err(errno);
	if (!error)
		error = file_rename_new(maker->folder, part, file);
	if (error)
		unlinkat(maker->folder, part, 0);
	return error == ERR_CONFLICT ? ERR_OK : error; /* another process was quicker */
}

static void remove_files(struct sound_maker *maker, const char *name)
{
	for (size_t i = 0; i < VOICE_FORMAT_COUNT; i++) {
		char file[SPOKEN_NAME_TEXT + 8];
		snprintf(file, sizeof file, "%s.%s", name, sound_endings[i]);
		unlinkat(maker->folder, file, 0);
	}
}

static enum err make_row(struct sound_maker *maker, size_t index)
{
	struct sound_row *row = &maker->rows[index];
	CLEANUP_SOUND struct voice_sound sound = {0};
	enum err error = speak(maker, index, &sound);
	if (error)
		return error;
	char name[SPOKEN_NAME_TEXT];
	spoken_name(sound.samples, sound.count * sizeof *sound.samples, name);
	for (int i = 0; i < VOICE_FORMAT_COUNT && !error; i++)
		error = write_file(maker, name, sound_endings[i], &sound, (enum voice_format) i);
	row->ms = voice_ms(&sound);
	row->name = arena_strdup(maker->arena, name);
	return error ? error : row->name ? ERR_OK : ERR_NOMEM;
}

/* A recording that cannot be read is somebody's mistake, and does not stop the rest. */
static bool is_fatal(enum err error)
{
	return error == ERR_NOMEM || error == ERR_FULL || error == ERR_IO;
}

/* What a process has made, as it tells the first one. */
struct made {
	uint32_t index, ms;
	enum err error;
	char name[SPOKEN_NAME_TEXT];
};

/* Makes every STEPth of the COUNT rows of TODO from FIRST on, and tells FD of each. */
static void make_share(struct sound_maker *maker, const uint32_t *todo, size_t count, size_t first, size_t step, int fd)
{
	for (size_t i = first; i < count; i += step) {
		const struct sound_row *row = &maker->rows[todo[i]];
		struct made made = {.index = todo[i]};
		made.error = make_row(maker, todo[i]);
		made.ms = row->ms;
		if (!made.error)
			memcpy(made.name, row->name, sizeof made.name);
		if (file_write_all(fd, (const char *) &made, sizeof made) != ERR_OK)
			_exit(EX_IOERR); /* nobody listens any more */
		if (is_fatal(made.error))
			break;
	}
}

static enum err take_made(struct sound_maker *maker, const struct made *made, struct sound_report *report)
{
	struct sound_row *row = &maker->rows[made->index];
	if (is_fatal(made->error))
		return made->error;
	if (made->error) {
		complain_err(made->error, "%s cannot be heard", row->recording ? row->recording : "a text");
		row->of = NULL;
		return ERR_OK;
	}
	row->ms = made->ms;
	row->name = arena_strdup(maker->arena, made->name);
	report->made++;
	return row->name ? ERR_OK : ERR_NOMEM;
}

/* Until all processes have ended: a record is written at once (pipe(7)), and so comes whole. */
static enum err listen_to(struct sound_maker *maker, int fd, size_t count, struct sound_report *report)
{
	bool is_told = isatty(STDERR_FILENO);
	enum err error = ERR_OK;
	struct made made;
	_Static_assert(sizeof made <= PIPE_BUF, "a record is written at once");
	for (ssize_t got; (got = read(fd, &made, sizeof made)) != 0;) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got != (ssize_t) sizeof made || made.index >= maker->spoken.count)
			return ERR_IO;
		made.name[sizeof made.name - 1] = '\0';
		if (!error)
			error = take_made(maker, &made, report);
		if (is_told && report->made % 25 == 0)
			fprintf(stderr, "\rMaking sounds: %zu of %zu", report->made, count);
	}
	if (is_told && report->made)
		fprintf(stderr, "\r%60s\r", "");
	return error;
}

static size_t processes(size_t count)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = cores < 1 ? 1 : cores > PROCESSES_MAX ? PROCESSES_MAX : (size_t) cores;
	return count < most ? count : most;
}

/* Most of the work is compressing, which knows nothing of the rest: a process for each core. They end with what they have told. */
static enum err make_todo(struct sound_maker *maker, const uint32_t *todo, size_t count, struct sound_report *report)
{
	int ends[2];
	pid_t children[PROCESSES_MAX];
	size_t wanted = processes(count), begun = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return file_err(errno);
	fflush(NULL);
	for (; begun < wanted; begun++) {
		children[begun] = fork();
		if (children[begun] < 0)
			break;
		if (children[begun] == 0) {
			close(ends[0]);
			make_share(maker, todo, count, begun, wanted, ends[1]);
			_exit(EX_OK);
		}
	}
	close(ends[1]);
	enum err error = listen_to(maker, ends[0], count, report);
	close(ends[0]);
	for (size_t i = 0; i < begun; i++) {
		int status = 0;
		while (waitpid(children[i], &status, 0) < 0 && errno == EINTR)
			;
		if (!error && status != 0)
			error = ERR_IO;
	}
	return error ? error : begun < wanted ? ERR_NOMEM : ERR_OK;
}

static enum err make_all(struct sound_maker *maker, struct sound_report *report)
{
	uint32_t *todo = arena_array(maker->arena, maker->spoken.count + 1, uint32_t);
	size_t count = 0;
	for (size_t i = 0; todo && i < maker->spoken.count; i++) {
		const char *damaged = NULL;
		if (sound_known(maker, i, &damaged))
			continue;
		if (damaged)
			remove_files(maker, damaged);
		if (maker->rows[i].of)
			todo[count++] = (uint32_t) i;
	}
	if (!todo || count == 0)
		return todo ? ERR_OK : ERR_NOMEM;
	enum err error = make_todo(maker, todo, count, report);
	if (!error && (syncfs(maker->folder) < 0 || fsync(maker->folder) < 0))
		error = file_err(errno);
	/* Last: several texts may be one sound, and another command may have made it. */
	for (size_t i = 0; i < count && !error; i++) {
		struct sound_row *row = &maker->rows[todo[i]];
		if (row->name)
			error = sound_files_hash(maker->folder, row->name, row->hash);
	}
	return error;
}

static void measure(struct sound_maker *maker, struct sound_report *report)
{
	for (size_t i = 0; i < maker->spoken.count; i++) {
		const struct sound_row *row = &maker->rows[i];
		report->recorded += row->of && *row->of == 'r' && maker->spoken.list[i].parts_count == 0;
		report->ms += row->name ? row->ms : 0;
		for (size_t j = 0; row->name && j < VOICE_FORMAT_COUNT; j++) {
			char file[SPOKEN_NAME_TEXT + 8];
			struct stat status;
			snprintf(file, sizeof file, "%s.%s", row->name, sound_endings[j]);
			if (fstatat(maker->folder, file, &status, AT_SYMLINK_NOFOLLOW) == 0)
				report->bytes += (uint64_t) status.st_size;
		}
	}
}

/* ---- the whole -------------------------------------------------------------------------------------------------------------- */

static enum err open_folder(struct instance *instance, struct sound_maker *maker)
{
	const char *path = instance_path(instance, "sound");
	enum err error = file_make_dir(AT_FDCWD, path, FOLDER_MODE);
	if (error)
		return error;
	maker->folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return maker->folder < 0 ? file_err(errno) : ERR_OK;
}

static enum err make(struct instance *instance, struct sound_maker *maker, struct sound_report *report)
{
	enum err error = open_folder(instance, maker);
	if (!error)
		error = sound_list_load(instance, maker);
	if (!error)
		error = choose(maker);
	if (!error)
		error = make_all(maker, report);
	if (!error)
		error = sound_list_store(instance, maker, report);
	if (!error)
		measure(maker, report);
	return error;
}

int sound_make(struct instance *instance, const struct form *form, const char *folder, const char *forms,
	       struct sound_report *report)
{
	struct sound_maker maker;
	*report = (struct sound_report){.voiceless = ""};
	int code = sound_begin(&maker, &instance->arena, form, folder, forms);
	if (code == EX_OK) {
		enum err error = make(instance, &maker, report);
		code = error ? complain_err(error, "the sounds of %s cannot be made", form->name)
			     : sound_report_fill(&maker, report);
	}
	sound_end(&maker);
	return code;
}

int sound_check(struct arena *arena, const struct form *form, const char *folder, const char *forms,
		struct sound_report *report)
{
	struct sound_maker maker;
	*report = (struct sound_report){.voiceless = ""};
	int code = sound_begin(&maker, arena, form, folder, forms);
	if (code == EX_OK) {
		enum err error = choose(&maker);
		code = error ? complain_err(error, "%s", folder) : sound_report_fill(&maker, report);
	}
	sound_end(&maker);
	return code;
}
