/* SPDX-License-Identifier: MIT */
/* restore_place.c: the folder that a restored instance lives in: nobody else may be at work on it, nothing foreign may lie in it, and what
 * was prepared takes its place in an order in which every instant is either before or after.
 *
 * Keys only become more, so they may come first. The office comes last and by rename(2): SQLite would roll a journal that lies beside
 * into whatever bears its name, so the old office's must be empty by then, or gone with it. */
#include "restore_parts.h"
#include "soundings/backing.h"
#include "soundings/folders.h"
#include "soundings/periods.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/office/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { SPOOL_WAIT_MS = 5000, SPOOL_STEP_MS = 50, DAMAGED_MAX = 99 };

/* ---- taking it --------------------------------------------------------------------------------------------------------------- */

/* Without settings a folder is no whole instance: then it may hold nothing but what one has, or a restore that was killed has made. */
static int check_contents(struct instance *to)
{
	static const char *const known[] = {
		".",     "..",      "office",     "catalogue",      "front",       "spool",   "keys",     "run",
		"pages", "backups", "lost+found", "recovery-*.txt", "restoring-*", "drill-*", "*.backup", ".*.tmp",
	};
	if (access(instance_path(to, "soundings.conf"), F_OK) == 0)
		return EX_OK;
	if (errno != ENOENT)
		return complain_errno(EX_NOPERM, "%s/soundings.conf", to->dir);
	DIR *folder = opendir(to->dir);
	if (!folder)
		return complain_errno(EX_NOPERM, "%s cannot be read", to->dir);
	int code = EX_OK;
	for (const struct dirent *entry; code == EX_OK && (entry = readdir(folder)) != NULL;) {
		size_t i = 0;
		while (i < sizeof known / sizeof known[0] && fnmatch(known[i], entry->d_name, 0) != 0)
			i++;
		if (i == sizeof known / sizeof known[0])
			code = complain(
				EX_CANTCREAT,
				"%s holds %s, which is no part of an instance; name an empty folder, or one that "
				"is not there, with --instance",
				to->dir, entry->d_name);
	}
	closedir(folder);
	return code;
}

static int make_dir(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	struct stat status;
	if (stat(to->dir, &status) == 0)
		return S_ISDIR(status.st_mode) ? check_contents(to)
					       : complain(EX_CANTCREAT, "%s is there and is no folder", to->dir);
	if (errno != ENOENT)
		return complain_errno(EX_CANTCREAT, "%s cannot be looked at", to->dir);
	folders_make_parents(to->dir, &to->arena);
	if (mkdir(to->dir, 0700) != 0)
		return complain_errno(EX_CANTCREAT, "%s cannot be made", to->dir);
	restoring->is_dir_made = true;
	enum err error = file_sync_parent(AT_FDCWD, to->dir);
	return error ? complain_err(error, "%s may not be on disk yet", to->dir) : EX_OK;
}

static int running(const struct instance *to)
{
	return complain(EX_TEMPFAIL, "%s is running: stop its programs first (Ctrl-C where 'soundings run' runs)",
			to->dir);
}

static int lock_run(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	enum err error = file_make_dir(AT_FDCWD, instance_path(to, "run"), 0700);
	if (!error) {
		restoring->run_lock = open(instance_path(to, "run/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		error = restoring->run_lock < 0 ? file_err(errno) : ERR_OK;
	}
	if (error)
		return complain_err(error, "%s/run cannot be written", to->dir);
	return flock(restoring->run_lock, LOCK_EX | LOCK_NB) == 0 ? EX_OK : running(to);
}

/* The spooler's own lock. One that a restore started and that was killed with it may need a moment to end. */
static int lock_spool(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	const char *path = instance_path(to, "spool");
	restoring->spool_lock = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (restoring->spool_lock < 0)
		return complain_errno(EX_NOPERM, "%s cannot be opened", path);
	for (int waited = 0; waited <= SPOOL_WAIT_MS; waited += SPOOL_STEP_MS) {
		if (flock(restoring->spool_lock, LOCK_EX | LOCK_NB) == 0)
			return EX_OK;
		usleep(SPOOL_STEP_MS * 1000);
	}
	return running(to);
}

static int check_root(struct instance *to, const struct backup_head *head)
{
	uint8_t root[KEYS_PUBLIC_BYTES];
	const char *path = instance_path(to, "front/root.pub");
	enum err error = keys_read_root(path, root);
	if (!error && memcmp(root, head->root_public, sizeof root) != 0)
		return complain(EX_NOPERM,
				"%s belongs to another root key than this backup: it is another instance. Restore it "
				"into a folder of its own with --instance",
				to->dir);
	/* Missing or damaged, it is among what a restore brings back. */
	bool is_lost = error == ERR_NOT_FOUND || error == ERR_INVALID || error == ERR_CORRUPT;
	if (error && !is_lost)
		return complain_err(error, "%s", path);
	memcpy(to->root_public, head->root_public, KEYS_PUBLIC_BYTES);
	return EX_OK;
}

int restore_take_place(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	int code = make_dir(restoring);
	if (code == EX_OK)
		code = check_root(to, restoring->head);
	if (code == EX_OK)
		code = lock_run(restoring);
	if (code == EX_OK)
		code = periods_lock(to->dir, &restoring->keys_lock);
	if (code != EX_OK)
		return code;
	enum err error = folders_make(to->dir, &to->arena);
	if (error)
		return complain_err(error, "the folders of %s cannot be made", to->dir);
	code = backing_lock(to->dir, &restoring->backup_lock);
	if (code == EX_OK)
		code = lock_spool(restoring);
	if (code == EX_OK)
		code = restore_ask_spool(restoring);
	if (code != EX_OK)
		return code;
	folders_sweep_scratch(to->dir, "restoring", &to->arena);
	folders_sweep_scratch(to->dir, "drill", &to->arena);
	error = folders_make_scratch(to->dir, "restoring", &to->arena, &restoring->scratch, &restoring->scratch_lock);
	if (error)
		return complain_err(error, "no folder can be made in %s", to->dir);
	restoring->office_path = arena_printf(&to->arena, "%s/office.db", restoring->scratch);
	return restoring->office_path ? EX_OK : complain(EX_OSERR, "there is not enough memory");
}

void restore_leave_place(struct restoring *restoring, bool is_done)
{
	struct instance *to = &restoring->to;
	if (restoring->scratch && !folders_remove(restoring->scratch))
		complain(EX_OK, "%s could not be removed; remove it", restoring->scratch);
	if (!is_done && restoring->is_dir_made && !folders_remove(to->dir))
		complain(EX_OK, "%s could not be removed; remove it", to->dir);
	file_close(&restoring->scratch_lock);
	file_close(&restoring->spool_lock);
	file_close(&restoring->backup_lock);
	file_close(&restoring->keys_lock);
	file_close(&restoring->run_lock);
}

/* ---- taking it over ------------------------------------------------------------------------------------------------------------ */

static enum err write_if_missing(const char *path, const void *data, size_t length)
{
	enum err error = file_write_new(AT_FDCWD, path, data, length, 0644);
	return error == ERR_CONFLICT ? ERR_OK : error;
}

static int write_settings(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	char root[2 * KEYS_PUBLIC_BYTES + 2];
	codec_hex(to->root_public, KEYS_PUBLIC_BYTES, root);
	memcpy(root + 2 * KEYS_PUBLIC_BYTES, "\n", 2);
	uint8_t there[KEYS_PUBLIC_BYTES];
	const char *path = instance_path(to, "front/root.pub");
	/* What is there and can be read was found to be the same. */
	enum err error = keys_read_root(path, there) == ERR_OK
				 ? ERR_OK
				 : file_write(AT_FDCWD, path, root, 2 * KEYS_PUBLIC_BYTES + 1, 0644);
	int code = error ? EX_OK : keyring_write(&restoring->ring, to);
	if (!error && code == EX_OK)
		error = write_if_missing(instance_path(to, "soundings.conf"), restoring->parts.conf,
					 restoring->parts.conf_length);
	return error ? complain_err(error, "%s cannot be written", to->dir) : code;
}

/* A second name for the damaged office, which it keeps when the new one takes the first. */
static enum err keep_damaged(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	const char *office = instance_path(to, "office/office.db");
	char day[DATE_TEXT];
	date_format(date_today(), day);
	for (int i = 1; i <= DAMAGED_MAX; i++) {
		const char *kept = i == 1 ? arena_printf(&to->arena, "%s.damaged-%s", office, day)
					  : arena_printf(&to->arena, "%s.damaged-%s-%d", office, day, i);
		struct stat one, other;
		if (!kept)
			return ERR_NOMEM;
		bool is_kept = lstat(kept, &one) == 0;
		/* A restore that was killed may have come this far before. */
		if (is_kept && (lstat(office, &other) != 0 || one.st_ino != other.st_ino))
			continue;
		if (!is_kept && link(office, kept) != 0)
			return file_err(errno);
		restoring->report->damaged = kept;
		const char *from = arena_printf(&to->arena, "%s-journal", office);
		const char *goes = arena_printf(&to->arena, "%s-journal", kept);
		if (!from || !goes)
			return ERR_NOMEM;
		if (rename(from, goes) != 0 && errno != ENOENT)
			return file_err(errno);
		return file_sync_dir(AT_FDCWD, instance_path(to, "office"));
	}
	return ERR_CONFLICT;
}

/* What a power cut has left goes; a journal that stays with something in it belongs to somebody who is writing just now. */
static bool is_journal_empty(struct instance *to)
{
	struct stat status;
	return lstat(instance_path(to, "office/office.db-journal"), &status) != 0 || status.st_size == 0;
}

/* A name in the scratch folder for the office that is about to lose its own, so that it is overwritten there when all is done. Where the file
 * system has no second names it goes like any file. */
static void keep_for_wiping(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	const char *name = arena_printf(&to->arena, "%s/before.db", restoring->scratch);
	if (name && link(instance_path(to, "office/office.db"), name) != 0 && errno != ENOENT)
		complain(EX_OK, "the office that was in %s cannot be overwritten: %s", to->dir, strerror(errno));
}

static int swap_office(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	enum err error = restoring->is_found_damaged ? keep_damaged(restoring) : ERR_OK;
	if (error)
		return complain_err(error, "the damaged office in %s/office cannot be kept", to->dir);
	if (!is_journal_empty(to))
		error = office_journal_remove(instance_path(to, "office/office.db"));
	if (error && error != ERR_NOT_FOUND && error != ERR_BUSY)
		return complain_err(error, "the journal in %s/office cannot be removed", to->dir);
	if (!is_journal_empty(to))
		return complain(EX_TEMPFAIL, "somebody is writing to the office in %s: stop that, and try again",
				to->dir);
	if (!restoring->is_found_damaged)
		keep_for_wiping(restoring);
	if (rename(restoring->office_path, instance_path(to, "office/office.db")) != 0)
		return complain_err(file_err(errno), "the office cannot take its place in %s/office", to->dir);
	error = file_sync_dir(AT_FDCWD, instance_path(to, "office"));
	return error ? complain_err(error, "the office may not be on disk yet") : EX_OK;
}

int restore_put_in_place(struct restoring *restoring)
{
	int code = write_settings(restoring);
	return code == EX_OK ? swap_office(restoring) : code;
}
