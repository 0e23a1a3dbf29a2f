/* SPDX-License-Identifier: MIT */
/* restore_newer.c: going back must not undo what people were promised: withdrawals, releases and destroyed periods that came after the
 * backup are taken over from the office that is there and from newer backups. Without --older, a backup that is not the newest known
 * is refused.
 *
 * An office that cannot be read is said to be so, kept under another name, and left out: restoring is what it is needed for. */
#include "soundings/folders.h"
#include "restore_parts.h"

#include "lib/base/conf.h"
#include "lib/base/log.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { OFFICE_MODE_FORBIDDEN = 0137 };

/* ---- looking ---------------------------------------------------------------------------------------------------------------- */

static int open_found(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	const char *path = instance_path(to, "office/office.db");
	struct stat status;
	if (lstat(path, &status) != 0)
		return EX_OK;
	if (S_ISREG(status.st_mode) && (status.st_mode & OFFICE_MODE_FORBIDDEN))
		return complain(EX_NOPERM, "%s can be read by others: chmod 600 it, and try again", path);
	enum err error = office_open(path, OFFICE_CLI, &restoring->found);
	if (error == ERR_BUSY || error == ERR_NOMEM || error == ERR_FULL)
		return complain_err(error, "the office that is in %s cannot be read just now", to->dir);
	if (error) {
		restoring->is_found_damaged = true;
		complain(
			EX_OK,
			"the office that is in %s is damaged, or of another version of Soundings (%s). It is kept, but "
			"withdrawals and releases that only it knows are not taken over",
			to->dir, err_words(error));
	}
	return EX_OK;
}

/* The newest backup that the found office knows to be finished, when it is newer than ours. */
static int ask_found(struct restoring *restoring, struct backup_file *newest, bool *is_any)
{
	struct instance *to = &restoring->to;
	struct office_backup *list = NULL;
	size_t count = 0;
	if (!restoring->found)
		return EX_OK;
	enum err error = office_backup_list(restoring->found, &to->arena, &list, &count);
	if (error)
		return complain_err(error, "the backups cannot be read from the office that is in %s", to->dir);
	for (size_t i = 0; i < count; i++) {
		struct backup_file known = {.path = list[i].file, .number = list[i].number, .day = list[i].day};
		memcpy(known.generation, restoring->self.generation, sizeof known.generation);
		if (!backups_is_newer(&known, &restoring->self) || (*is_any && !backups_is_newer(&known, newest)))
			continue;
		*newest = known;
		*is_any = true;
	}
	return EX_OK;
}

static bool is_listed(const struct restoring *restoring, const struct backup_file *file)
{
	for (size_t i = 0; i < restoring->newer_count; i++)
		if (backups_is_same(&restoring->newer[i], file))
			return true;
	return false;
}

/* Newer backups of the same root in DIR go to the list. */
static int look_in(struct restoring *restoring, const char *dir)
{
	struct arena *arena = &restoring->to.arena;
	struct backup_file *files = NULL;
	size_t count = 0;
	enum err error = backups_in(dir, restoring->head->root_public, arena, &files, &count);
	if (error == ERR_NOT_FOUND)
		return EX_OK;
	if (error)
		return complain_err(error, "%s cannot be searched for newer backups", dir);
	struct backup_file *all = arena_grow(arena, restoring->newer, restoring->newer_count,
					     restoring->newer_count + count + 1, sizeof *all);
	if (!all)
		return complain(EX_OSERR, "there is not enough memory");
	restoring->newer = all;
	for (size_t i = 0; i < count; i++) {
		restore_note_keyset(restoring, files[i].keyset_serial, files[i].content_public);
		if (backups_is_newer(&files[i], &restoring->self) && !is_listed(restoring, &files[i]))
			all[restoring->newer_count++] = files[i];
	}
	return EX_OK;
}

/* What may be forged neither keeps anybody from restoring nor is merged. */
static void leave_old_keys(struct restoring *restoring)
{
	size_t kept = 0;
	for (size_t i = 0; i < restoring->newer_count; i++) {
		if (restore_is_signed_newly(restoring, &restoring->newer[i]))
			restoring->newer[kept++] = restoring->newer[i];
		else
			complain(EX_OK,
				 "%s says that it is newer, but was signed by a content key that another has replaced "
				 "since; it is left out",
				 restoring->newer[i].path);
	}
	restoring->newer_count = kept;
}

/* The folder that the backup lies in, and the one that the instance writes its own to. */
static int look_around(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	struct problems problems;
	struct conf conf;
	problems_init(&problems, &to->arena);
	const char *slash = strrchr(restoring->file, '/');
	const char *dir = arena_strndup(&to->arena, restoring->file,
					slash == restoring->file ? 1 : (size_t) (slash - restoring->file));
	int code = dir ? look_in(restoring, dir) : complain(EX_OSERR, "there is not enough memory");
	if (code != EX_OK || conf_load(instance_path(to, "soundings.conf"), &to->arena, &conf, &problems) != ERR_OK)
		return code; /* settings that are wrong are told when the instance is opened */
	dir = conf.backup_dir[0] == '/' ? conf.backup_dir : instance_path(to, conf.backup_dir);
	return look_in(restoring, dir);
}

/* How many responses the office that is there has, as far as it may be said; "" where there is none, or it does not tell. */
static const char *said_of_found(const struct restoring *restoring)
{
	struct office_digest digest;
	if (!restoring->found || office_digest(restoring->found, &digest) != ERR_OK)
		return "";
	for (size_t i = 0; i < digest.count; i++)
		if (strcmp(digest.tables[i].table, "response") == 0)
			return restore_band(digest.tables[i].rows);
	return "";
}

int restore_refuse_older(const struct restoring *restoring)
{
	if (!restoring->is_behind || restoring->request->is_older)
		return EX_OK;
	const struct backup_file *newest = &restoring->newest;
	const char *here = said_of_found(restoring);
	char day[DATE_TEXT], own_day[DATE_TEXT];
	date_format(newest->day, day);
	date_format(restoring->self.day, own_day);
	return complain(
		EX_DATAERR,
		"this is backup %llu of %s, and a newer one is known: backup %llu of %s%s%s. Restore that one. "
		"To go back on purpose, say --older: withdrawals and releases that came later are kept, responses "
		"that came later only as far as the spool still holds them. (Responses: %s%s%sthis backup %s)",
		(unsigned long long) restoring->self.number, own_day, (unsigned long long) newest->number, day,
		newest->path ? ", " : "", newest->path ? newest->path : "", *here ? "the office here has " : "", here,
		*here ? ", " : "", restore_band(restoring->report->responses));
}

int restore_look_for_newer(struct restoring *restoring)
{
	struct backup_file *newest = &restoring->newest;
	bool *is_any = &restoring->is_behind;
	restore_note_keyset(restoring, restoring->self.keyset_serial, restoring->self.content_public);
	int code = restore_note_found_keysets(restoring);
	if (code == EX_OK)
		code = look_around(restoring);
	if (code == EX_OK)
		code = restore_check_signer(restoring);
	if (code == EX_OK)
		code = open_found(restoring);
	if (code == EX_OK)
		code = ask_found(restoring, newest, is_any);
	if (code != EX_OK)
		return code;
	leave_old_keys(restoring);
	for (size_t i = 0; i < restoring->newer_count; i++)
		if (!*is_any || backups_is_newer(&restoring->newer[i], newest)) {
			*newest = restoring->newer[i];
			*is_any = true;
		}
	return EX_OK;
}

/* ---- merging ---------------------------------------------------------------------------------------------------------------- */

static void add_up(struct office_merged *sum, const struct office_merged *one)
{
	sum->tombstones += one->tombstones;
	sum->withdrawn += one->withdrawn;
	sum->released += one->released;
	sum->events += one->events;
	sum->quarantined += one->quarantined;
}

static int merge_found(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	struct office_merged merged = {0};
	uint64_t catalogue = 0, keyset = 0;
	if (!restoring->found)
		return EX_OK;
	enum err error = office_serials(restoring->found, 0, 0, &catalogue, &keyset);
	if (!error)
		error = office_merge(to->office, restoring->found, &merged);
	office_close(restoring->found); /* before another takes its name */
	restoring->found = NULL;
	if (error == ERR_BUSY || error == ERR_NOMEM || error == ERR_FULL)
		return complain_err(error, "the office that is in %s could not be merged", to->dir);
	if (error) {
		restoring->is_found_damaged = true;
		complain_err(error,
			     "the office that is in %s opens, but reading it failed. It is kept, but withdrawals and "
			     "releases that only it knows are not taken over",
			     to->dir);
		return EX_OK;
	}
	restoring->least_keyset = keyset > restoring->least_keyset ? keyset : restoring->least_keyset;
	restoring->report->is_found_merged = true;
	add_up(&restoring->report->merged, &merged);
	return EX_OK;
}

/* A newer file that is damaged cannot help; the others still can. */
static bool open_newer(struct restoring *restoring, const char *path, struct backup **backup)
{
	const char *reason = NULL;
	*backup = NULL;
	enum err error = backup_open(path, backup, &reason);
	if (!error)
		error = backup_check(*backup, &reason);
	if (!error)
		error = backup_unseal(*backup, &restoring->recovery.box);
	if (!error)
		return true;
	if (*backup)
		backup_close(*backup);
	restoring->report->newer_left++;
	complain(EX_OK, "%s is newer, but nothing can be taken over from it: %s", path, backups_words(error, reason));
	return false;
}

static enum err take_over(struct restoring *restoring, struct backup *backup, const char *path)
{
	struct instance *to = &restoring->to;
	struct extracted parts;
	struct office *other = NULL;
	struct office_merged merged = {0};
	enum err error = restore_extract(backup, path, &to->arena, &parts);
	if (!error)
		error = keyring_add_keyset(&restoring->ring, backup_keyset(backup), parts.content_secret);
	if (!error)
		error = keyring_add_copies(&restoring->ring, &parts, &to->arena);
	if (!error)
		error = office_open(path, OFFICE_CLI, &other);
	if (!error)
		error = office_merge(to->office, other, &merged);
	office_close(other);
	if (!error)
		add_up(&restoring->report->merged, &merged);
	return error;
}

static int merge_newer(struct restoring *restoring, const struct backup_file *file)
{
	struct instance *to = &restoring->to;
	struct backup *backup = NULL;
	const char *path = arena_printf(&to->arena, "%s/newer.db", restoring->scratch);
	if (!path)
		return complain(EX_OSERR, "there is not enough memory");
	if (!open_newer(restoring, file->path, &backup))
		return EX_OK;
	enum err error = take_over(restoring, backup, path);
	backup_close(backup);
	const char *journal = arena_printf(&to->arena, "%s-journal", path);
	folders_wipe(path);
	if (journal)
		folders_wipe(journal);
	if (error)
		return complain_err(error, "what %s knows could not be taken over", file->path);
	/* Its own office did not know yet that it was finished; known, it goes when its time is over. */
	char real[PATH_MAX];
	error = realpath(file->path, real) ? office_backup_finish(to->office, file->number, real) : ERR_OK;
	if (error && error != ERR_NOT_FOUND && error != ERR_CONFLICT)
		return complain_err(error, "%s could not be noted", file->path);
	restoring->report->newer++;
	return EX_OK;
}

int restore_merge(struct restoring *restoring)
{
	int code = merge_found(restoring);
	for (size_t i = 0; code == EX_OK && i < restoring->newer_count; i++)
		code = merge_newer(restoring, &restoring->newer[i]);
	return code;
}
