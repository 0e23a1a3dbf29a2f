/* SPDX-License-Identifier: MIT */
/* salvage.c: envelopes out of a file that cannot be trusted, into the spooler that runs.
 *
 * Whatever looks like an envelope is handed over, in doubt twice: the collector knows what it has filed by its id, and puts into
 * quarantine what does not open. Reading changes nothing. The file keeps its name until everything in it that can be read is
 * in the office, so that running this again after any failure is right, and it is never deleted here but by salvage_forget. */
#include "salvage.h"
#include "command.h"

#include "lib/base/file.h"
#include "lib/envelope/envelope.h"
#include "lib/spool/folder.h"
#include "lib/spool/pages.h"
#include "lib/spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum {
	APPEND_WAIT_MS = 9000,
	APPEND_TRIES = 5, /* the spooler may be starting again */
	TRY_MS = 1000,
	FILED_WAIT_MS = 30000,
	FILED_STEP_MS = 100
};

struct salvaging {
	struct spool spool;
	uint64_t handed;
	uint64_t refused; /* no envelope after all */
};

const char *salvage_band(uint64_t count)
{
	return count == 0    ? "none"
	       : count < 5   ? "1 to 4"
	       : count < 10  ? "5 to 9"
	       : count < 100 ? "10 to 99"
			     : "100 or more";
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static enum err hand_over(void *context, const uint8_t *envelope, size_t length)
{
	struct salvaging *salvaging = context;
	struct envelope_header header;
	if (envelope_peek(envelope, length, &header) != ERR_OK) {
		salvaging->refused++;
		return ERR_OK;
	}
	enum err error = ERR_BUSY;
	for (int try = 0; (error == ERR_BUSY || error == ERR_IO) && try < APPEND_TRIES; try++) {
		if (try > 0)
			pause_ms(TRY_MS);
		error = spool_append(&salvaging->spool, envelope, length);
	}
	salvaging->handed += error == ERR_OK;
	return error;
}

/* The name of a file that is done: ".salvaged" in the place of ".damaged", or behind it. */
static const char *done_name(const char *path, struct arena *arena)
{
	size_t length = strlen(path), ending = strlen(FOLDER_DAMAGED);
	bool is_ours = length > ending && strcmp(path + length - ending, FOLDER_DAMAGED) == 0;
	return arena_printf(arena, "%.*s" FOLDER_SALVAGED, (int) (is_ours ? length - ending : length), path);
}

static enum err sync_folder_of(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? arena_printf(arena, "%.*s", (int) (slash - path + 1), path) : ".";
	return folder ? file_sync_dir(AT_FDCWD, folder) : ERR_NOMEM;
}

/* The journal first: without the file it means nothing, and the file without it less. */
static enum err rename_done(const char *path, struct arena *arena)
{
	const char *done = done_name(path, arena);
	const char *journal = arena_printf(arena, "%s-journal", path);
	const char *journal_done = done ? arena_printf(arena, "%s-journal", done) : NULL;
	if (!journal || !journal_done)
		return ERR_NOMEM;
	enum err error = file_rename_new(AT_FDCWD, journal, journal_done);
	if (!error || error == ERR_NOT_FOUND)
		error = file_rename_new(AT_FDCWD, path, done);
	return error ? error : sync_folder_of(path, arena);
}

static int cannot_hand_over(const char *path, enum err error)
{
	if (error == ERR_BUSY)
		return complain(EX_TEMPFAIL,
				"the spooler does not answer: start it (%s run), and salvage again. %s stays as it is",
				command(), path);
	if (error == ERR_FULL)
		return complain(EX_IOERR, "the disk has no room for what is in %s: make room, and salvage again", path);
	return complain_err(error, "%s cannot be salvaged; it stays as it is", path);
}

/* Socket paths are short inside the instance. */
static enum err read_one(struct instance *instance, const char *path, struct salvaging *salvaging,
			 struct pages_report *report)
{
	CLEANUP_FD int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || chdir(instance->dir) != 0)
		return ERR_IO;
	spool_init(&salvaging->spool, "run/append.sock", APPEND_WAIT_MS);
	enum err error = pages_read(path, hand_over, salvaging, report);
	spool_fini(&salvaging->spool);
	return fchdir(before) == 0 ? error : ERR_IO;
}

static int salvage_one(struct instance *instance, const char *path)
{
	struct salvaging salvaging = {0};
	struct pages_report report;
	enum err error = read_one(instance, path, &salvaging, &report);
	if (error)
		return cannot_hand_over(path, error);
	printf("%s\n  handed over and on disk: %s\n  begun, and not whole: %s\n", path, salvage_band(salvaging.handed),
	       salvage_band(report.broken + salvaging.refused));
	if (report.unreadable)
		printf("  pages that the disk does not give any more: %s\n", salvage_band(report.unreadable));
	fflush(stdout);
	return EX_OK;
}

/* As before a release: fewer than batch_min are filed too, so that the file need not wait for a day. */
static bool wait_for_collector(struct instance *instance)
{
	uint64_t wanted = 0, asked = 0, done = 0;
	if (office_flush_want(instance->office, &wanted) != ERR_OK)
		return false;
	for (int waited = 0; waited < FILED_WAIT_MS; waited += FILED_STEP_MS) {
		if (office_flush(instance->office, &asked, &done) == ERR_OK && done >= wanted)
			return true;
		pause_ms(FILED_STEP_MS);
	}
	return false;
}

/* A file that a spooler has open, or will open, is none to salvage. */
static bool is_live(struct instance *instance, const char *path)
{
	struct stat live, status;
	return stat(instance_path(instance, FOLDER_FILE), &live) == 0 && stat(path, &status) == 0 &&
	       live.st_dev == status.st_dev && live.st_ino == status.st_ino;
}

/* Whole paths, for the folder is changed while they are read. */
static int resolve(struct instance *instance, const char *given, const char **out)
{
	char path[PATH_MAX];
	if (!realpath(given, path))
		return complain_err(file_err(errno), "%s", given);
	if (is_live(instance, path))
		return complain(EX_USAGE,
				"%s is the spool itself: the spooler sets it aside by itself when it is damaged",
				given);
	*out = arena_strdup(&instance->arena, path);
	return *out ? EX_OK : complain(EX_OSERR, "there is not enough memory");
}

int salvage(struct instance *instance, const char *const *paths, size_t count, bool is_kept)
{
	const char **whole = arena_array(&instance->arena, count, const char *);
	if (!whole)
		return complain(EX_OSERR, "there is not enough memory");
	int code = EX_OK;
	for (size_t i = 0; code == EX_OK && i < count; i++)
		code = resolve(instance, paths[i], &whole[i]);
	for (size_t i = 0; code == EX_OK && i < count; i++)
		code = salvage_one(instance, whole[i]);
	if (code != EX_OK)
		return code;
	if (!is_kept && !wait_for_collector(instance))
		return complain(EX_TEMPFAIL,
				"all of that is on the spooler's disk, but the collector has not filed it yet. The "
				"files stay as they are; when the collector runs, salvage again: twice does no harm");
	for (size_t i = 0; i < count; i++) {
		enum err error = rename_done(whole[i], &instance->arena);
		if (error)
			return complain_err(error, "%s is salvaged, but cannot be renamed", whole[i]);
		printf("%s: kept as %s\n", is_kept ? "On disk" : "Filed", done_name(whole[i], &instance->arena));
	}
	printf("Delete these files once a backup has finished: %s spool salvage --forget FILE\n", command());
	return EX_OK;
}

int salvage_forget(const char *path, struct arena *arena)
{
	size_t length = strlen(path);
	bool is_ours = false;
	static const char *const endings[] = {FOLDER_DAMAGED, FOLDER_SALVAGED};
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		size_t ending = strlen(endings[i]);
		is_ours = is_ours || (length > ending && strcmp(path + length - ending, endings[i]) == 0);
	}
	if (!is_ours)
		return complain(EX_USAGE,
				"%s is no file that was set aside: those end in " FOLDER_DAMAGED " or " FOLDER_SALVAGED,
				path);
	const char *names[] = {arena_printf(arena, "%s-journal", path), path};
	for (size_t i = 0; i < 2; i++) {
		if (!names[i])
			return complain(EX_OSERR, "there is not enough memory");
		enum err error = chmod(names[i], 0600) < 0 ? file_err(errno) : file_wipe(AT_FDCWD, names[i]);
		if (error && !(i == 0 && error == ERR_NOT_FOUND))
			return complain_err(error, "%s", names[i]);
	}
	printf("%s is overwritten and deleted.\n", path);
	return EX_OK;
}
