/* SPDX-License-Identifier: MIT */
/* cmd_expire.c: soundings expire: lets go of everything whose time is over. Run once a day by a timer or by 'soundings run'; a second run on
 * a day finds nothing to do. soundings-keeping(7) has the rules.
 *
 * Nothing goes on a day that the office does not find likely (today.h). The office goes first, in one transaction of its own; then backups past their roll-off; then key periods that are over. What a crash leaves
 * undone the next run does. Must not delete a file that it has not seen to be what the office says it is. */
#include "cmd.h"
#include "args.h"
#include "backing.h"
#include "backups.h"
#include "command.h"
#include "folders.h"
#include "instance.h"
#include "periods.h"
#include "today.h"

#include "lib/backup/backup.h"
#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/office/keeping.h"
#include "lib/spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

static const char usage[] =
	"usage: soundings [--instance DIR] expire [--yes-it-is YYYY-MM-DD]\n"
	"Deletes what was promised to be deleted by today: responses, quarantine, audit, backups after 35 days, key\n"
	"periods that are over. Says what went; nothing when there was nothing to do.\n"
	"  --yes-it-is  today's date, when the clock is right though the office was not at work for two months\n";

/* What went wrong first is what the exit code tells. */
static int first_of(int one, int other)
{
	return one != EX_OK ? one : other;
}

/* ---- what went ----------------------------------------------------------------------------------------------- */

/* Of people's responses only this much is said; the audit has the numbers. */
static const char *band(size_t count)
{
	static const struct {
		size_t below;
		const char *words;
	} bands[] = {{5, "1 to 4"}, {10, "5 to 9"}, {20, "10 to 19"}, {50, "20 to 49"}, {100, "50 to 99"}};
	for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++)
		if (count < bands[i].below)
			return bands[i].words;
	return "100 or more";
}

static void say_deleted(const char *what, size_t count)
{
	if (count)
		printf("Deleted: %s (%s)\n", what, band(count));
}

static void say_office(const struct office_expired *gone)
{
	if (gone->events_closed)
		printf("Closed: %zu event%s whose time was over\n", gone->events_closed,
		       gone->events_closed == 1 ? "" : "s");
	say_deleted("responses", gone->responses);
	say_deleted("equality answers", gone->apart);
	say_deleted("free texts", gone->texts);
	say_deleted("envelopes in quarantine", gone->quarantined);
	say_deleted("lines of the audit", gone->audit);
}

/* ---- backups ------------------------------------------------------------------------------------------------- */

static int remove_file(const char *path, struct arena *arena)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return complain_errno(EX_NOPERM, "the backup %s is past its %d days and cannot be deleted", path,
				      OFFICE_BACKUP_KEEP_DAYS);
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? arena_strndup(arena, path, (size_t) (slash - path) + 1) : ".";
	enum err error = folder ? file_sync_dir(AT_FDCWD, folder) : ERR_NOMEM;
	return error ? complain_err(error, "%s may come back after a power cut", path) : EX_OK;
}

/* Whether FILE is backup NUMBER of this instance's root. A link to one is not: removing it would leave the backup where it is. */
static enum err look_at(struct instance *instance, const char *file, uint64_t number)
{
	struct backup *backup = NULL;
	const char *reason = NULL;
	struct stat status;
	if (lstat(file, &status) != 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode))
		return ERR_DENIED;
	enum err error = backup_open(file, &backup, &reason);
	if (error)
		return error;
	const struct backup_head *head = backup_head(backup);
	if (head->number != number || memcmp(head->root_public, instance->root_public, KEYS_PUBLIC_BYTES) != 0)
		error = ERR_DENIED;
	backup_close(backup);
	return error;
}

static int expire_backup(struct instance *instance, const struct office_backup *backup)
{
	enum err error = look_at(instance, backup->file, backup->number);
	if (error == ERR_IO || error == ERR_NOMEM)
		return complain_err(error,
				    "%s cannot be looked at, so it was left alone; it is tried again with the next run",
				    backup->file);
	if (error && error != ERR_NOT_FOUND)
		return complain(EX_DATAERR,
				"%s is not backup %llu of this instance any more, so it was left alone. Look at it, "
				"and delete it if it is an old backup",
				backup->file, (unsigned long long) backup->number);
	if (error == ERR_NOT_FOUND && !backups_is_folder_there(backup->file)) {
		/* Said to whoever looks on, but not once a day: doctor says it too. */
		if (isatty(STDOUT_FILENO))
			printf("Kept: backup %llu, for the folder of %s is not there. Is a disk not connected? When it "
			       "is, "
			       "run: %s expire\n",
			       (unsigned long long) backup->number, backup->file, command());
		return EX_OK;
	}
	int code = error == ERR_NOT_FOUND ? EX_OK : remove_file(backup->file, &instance->arena);
	if (code != EX_OK)
		return code;
	const char *was = error == ERR_NOT_FOUND ? " (the file was gone already)" : "";
	error = office_backup_gone(instance->office, backup->number);
	if (error)
		return complain_err(error, "the office could not note that backup %llu is gone",
				    (unsigned long long) backup->number);
	printf("Deleted: backup %llu%s\n", (unsigned long long) backup->number, was);
	return EX_OK;
}

/* Of a backup that is listed the office knows better how old it is than the clock that dated it. */
static bool is_listed(const struct office_backup *listed, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (listed[i].number == number)
			return listed[i].file != NULL;
	return false;
}

/* Files that no list has: of an office that was lost, or whole when a crash came before the office's note of them. Their own heads say what
 * they are. */
static int expire_unlisted(struct instance *instance, struct date today)
{
	const char *folder = NULL;
	struct backup_file *files = NULL;
	struct office_backup *listed = NULL;
	size_t count = 0, listed_count = 0;
	int code = backing_dir(instance, &folder);
	if (code != EX_OK)
		return code;
	enum err error = backups_in(folder, instance->root_public, &instance->arena, &files, &count);
	if (error)
		return complain_err(error, "the backup folder %s cannot be read", folder);
	error = office_backup_list(instance->office, &instance->arena, &listed, &listed_count);
	if (error)
		return complain_err(error, "the office's list of backups cannot be read");
	for (size_t i = 0; i < count; i++) {
		if (date_days(today) - date_days(files[i].day) < OFFICE_BACKUP_KEEP_DAYS ||
		    is_listed(listed, listed_count, files[i].number))
			continue;
		int removed = remove_file(files[i].path, &instance->arena);
		if (removed == EX_OK)
			printf("Deleted: backup %llu, of which the office had no note\n",
			       (unsigned long long) files[i].number);
		code = first_of(code, removed);
	}
	return code;
}

/* The daily backup comes after this; whoever types it alone must know. Deleting it is what people were promised. */
static void say_if_none_is_left(struct instance *instance)
{
	struct office_backup *list = NULL;
	size_t count = 0;
	bool is_any_left = office_backup_list(instance->office, &instance->arena, &list, &count) != ERR_OK;
	for (size_t i = 0; i < count && !is_any_left; i++)
		is_any_left = list[i].file != NULL;
	if (!is_any_left)
		printf("That was the last backup: nothing could bring this instance back now. Make one: %s backup\n",
		       command());
}

static int expire_backups(struct instance *instance, struct date today)
{
	struct office_backup *over = NULL;
	size_t count = 0;
	enum err error = office_backup_over(instance->office, today, &instance->arena, &over, &count);
	int code = error ? complain_err(error, "the office's list of backups cannot be read") : EX_OK;
	for (size_t i = 0; !error && i < count; i++)
		code = first_of(code, expire_backup(instance, &over[i]));
	if (!error && count > 0)
		say_if_none_is_left(instance);
	return first_of(code, expire_unlisted(instance, today));
}

/* ---- key periods --------------------------------------------------------------------------------------------- */

/* Whatever the office says: what people are thanked for just now is sealed to it, and nobody else can open that. */
static bool is_in_use(const struct instance *instance, const uint8_t id[KEYS_ID_BYTES])
{
	const struct period *named = keyset_find(&instance->keyset, id);
	return named && named->is_current;
}

static int keep_in_use(const struct instance *instance, const uint8_t id[KEYS_ID_BYTES])
{
	char hex[2 * KEYS_ID_BYTES + 1];
	codec_hex(id, KEYS_ID_BYTES, hex);
	return complain(EX_DATAERR,
			"key period %s is over, says the office, but responses are still sealed to it; it was left "
			"alone. Rotate: %s key rotate%s",
			hex, command(), keyset_find(&instance->keyset, id)->is_practice ? " --practice" : "");
}

/* A period that the office calls destroyed stays so, whatever an old backup has brought back. */
static int sweep_destroyed(struct instance *instance)
{
	struct office_period *periods = NULL;
	size_t count = 0;
	int code = EX_OK;
	enum err error = office_periods(instance->office, &instance->arena, &periods, &count);
	for (size_t i = 0; !error && i < count; i++) {
		if (periods[i].is_destroyed && is_in_use(instance, periods[i].id))
			code = keep_in_use(instance, periods[i].id);
		else if (periods[i].is_destroyed)
			error = periods_destroy(instance, periods[i].id, NULL);
	}
	return error ? complain_err(error, "what came back of a destroyed key period cannot be destroyed again") : code;
}

static bool is_waited_for(const struct spool_period *held, size_t count, const uint8_t id[KEYS_ID_BYTES])
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(held[i].id, id, KEYS_ID_BYTES) == 0)
			return held[i].waiting > 0;
	return false;
}

/* Files first: should the machine stop in between, the office still lists the period, and the next run ends it. */
static int expire_period(struct instance *instance, const struct office_period *period, struct date today)
{
	char hex[2 * KEYS_ID_BYTES + 1];
	codec_hex(period->id, KEYS_ID_BYTES, hex);
	if (is_in_use(instance, period->id))
		return keep_in_use(instance, period->id);
	enum err error = periods_destroy(instance, period->id, NULL);
	if (error)
		return complain_err(error, "the secret of key period %s cannot be destroyed", hex);
	error = office_period_destroyed(instance->office, period->id, today);
	if (error)
		return complain_err(error, "the office could not note that key period %s is destroyed", hex);
	printf("Destroyed: key period %s; whatever is still sealed to it can never be opened\n", hex);
	return EX_OK;
}

static int expire_periods(struct instance *instance, struct date today)
{
	struct office_period *over = NULL;
	struct spool_period *held = NULL;
	size_t count = 0, held_count = 0;
	enum err error = office_periods_over(instance->office, today, &instance->arena, &over, &count);
	if (error)
		return complain_err(error, "the office's list of key periods cannot be read");
	if (count && periods_held(instance, &held, &held_count) != ERR_OK) {
		printf("Kept: key periods that are over, because the spooler does not answer and may hold envelopes of "
		       "theirs.\n"
		       "They go with the next '%s expire' while the programs run.\n",
		       command());
		return EX_OK;
	}
	int code = EX_OK;
	for (size_t i = 0; i < count; i++) {
		if (is_waited_for(held, held_count, over[i].id))
			puts("Kept: a key period that is over, because envelopes of it still wait to be filed");
		else
			code = first_of(code, expire_period(instance, &over[i], today));
	}
	return code;
}

/* ---- all of it ----------------------------------------------------------------------------------------------- */

static int expire(struct instance *instance, const char *confirmed)
{
	struct date today;
	struct office_expired gone = {0};
	int checked = today_check(instance->office, confirmed, "nothing was deleted", "expire", &today);
	if (checked != EX_OK)
		return checked;
	/* What a drill or a restore that was killed has left holds responses and secrets in plain. */
	folders_sweep_scratch(instance->dir, "drill", &instance->arena);
	folders_sweep_scratch(instance->dir, "restoring", &instance->arena);
	enum err error = office_periods_note(instance->office, &instance->keyset, today);
	if (!error)
		error = office_expire(instance->office, today, &gone);
	int code = EX_OK;
	if (error)
		code = complain_err(error, "nothing was deleted from the office; it is tried again with the next run");
	say_office(&gone);
	if (!error && gone.events_closed)
		code = instance_publish(instance);
	/* Also then: on a full disk, which the office cannot be changed on, it is backups that make room for the next run. */
	code = first_of(code, expire_backups(instance, today));
	if (error)
		return code;
	code = first_of(code, sweep_destroyed(instance));
	return first_of(code, expire_periods(instance, today));
}

int cmd_expire(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"yes-it-is", required_argument, NULL, 'y'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char *confirmed = NULL;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "expire", argv, options);
		confirmed = optarg;
	}
	if (optind != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	CLEANUP_FD int lock = -1;
	int code = periods_lock(instance_dir, &lock);
	if (code != EX_OK)
		return code;
	struct instance instance;
	code = instance_open(&instance, instance_dir, OFFICE_CLI);
	if (code == EX_OK)
		code = expire(&instance, confirmed);
	instance_close(&instance);
	return code;
}
