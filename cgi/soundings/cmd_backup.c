/* SPDX-License-Identifier: MIT */
/* cmd_backup.c: soundings backup: makes one, checks one, lists them, or tries in earnest whether one can be restored (drill.c). */
#include "cmd.h"
#include "args.h"
#include "backing.h"
#include "backups.h"
#include "command.h"
#include "restore/drill.h"
#include "folders.h"
#include "instance.h"

#include "lib/backup/backup.h"
#include "lib/base/codec.h"
#include "lib/office/keeping.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const char usage[] =
	"usage: soundings [--instance DIR] backup [FILE | FOLDER]   makes a backup, sealed to the recovery key\n"
	"       soundings [--instance DIR] backup --check FILE      reads all of one: is it whole, and this "
	"instance's?\n"
	"       soundings [--instance DIR] backup --list            the finished ones, newest first\n"
	"       soundings [--instance DIR] backup --drill [FILE] [--recovery FILE | --share FILE --share FILE]\n"
	"                                                           restores one into a scratch folder, and compares\n"
	"Unless named, a backup goes to the folder backup_dir of soundings.conf(5), and the newest is drilled.\n";

enum verb { MAKE, CHECK, LIST, DRILL };

struct wanted {
	enum verb verb;
	const char *file; /* NULL: not named */
	struct recovery_source source;
};

/* Releases of which nothing is shown before a backup holds them. */
static enum err count_waiting(struct instance *instance, size_t *waiting)
{
	struct office_event *events = NULL;
	size_t count = 0;
	*waiting = 0;
	enum err error = office_event_list(instance->office, &instance->arena, &events, &count);
	for (size_t i = 0; !error && i < count; i++) {
		bool is_shown = true;
		if (events[i].shown.state == EVENT_RELEASED)
			error = office_event_is_shown(instance->office, events[i].shown.code, &is_shown);
		*waiting += !is_shown;
	}
	return error;
}

static int make(struct instance *instance, const char *file)
{
	uint64_t number = 0;
	const char *path = NULL;
	char day[DATE_TEXT];
	size_t waiting = 0, still_waiting = 0;
	enum err error = count_waiting(instance, &waiting);
	int code =
		error ? complain_err(error, "the events cannot be read") : backing_make(instance, file, &number, &path);
	if (code != EX_OK)
		return code;
	date_format(date_today(), day);
	printf("Backup %llu of %s is finished and checked: %s\n", (unsigned long long) number, day, path);
	error = count_waiting(instance, &still_waiting);
	if (error || still_waiting < waiting)
		code = instance_publish(instance);
	if (code == EX_OK && still_waiting < waiting)
		puts("Released events that waited for it are shown now.");
	return code;
}

static int list(struct instance *instance)
{
	struct office_backup *rows = NULL;
	size_t count = 0;
	enum err error = office_backup_list(instance->office, &instance->arena, &rows, &count);
	if (error)
		return complain_err(error, "the list of backups cannot be read");
	for (size_t i = 0; i < count; i++) {
		char day[DATE_TEXT];
		date_format(rows[i].day, day);
		bool is_there = rows[i].file && access(rows[i].file, F_OK) == 0;
		printf("%6llu  %s  %s%s\n", (unsigned long long) rows[i].number, day,
		       rows[i].file ? rows[i].file : "deleted, its time was over",
		       rows[i].file && !is_there ? " (not there)" : "");
	}
	if (count == 0)
		printf("There are no backups yet: %s backup\n", command());
	return EX_OK;
}

/* ---- checking ------------------------------------------------------------------------------------------------------------------- */

/* Whether the instance's root is the one that the file names. Without an instance anybody can still see whether the file is whole. */
static int compare_root(struct instance *instance, const char *file, const uint8_t root[KEYS_PUBLIC_BYTES],
			const char **whose)
{
	uint8_t own[KEYS_PUBLIC_BYTES];
	const char *path = instance_path(instance, "front/root.pub");
	enum err error = keys_read_root(path, own);
	if (error == ERR_NOT_FOUND) {
		char hex[2 * KEYS_PUBLIC_BYTES + 1];
		codec_hex(root, KEYS_PUBLIC_BYTES, hex);
		const char *words =
			arena_printf(&instance->arena,
				     "There is no instance in %s to compare it with; its root key is the one that "
				     "the file names: %s",
				     instance->dir, hex);
		*whose = words ? words : "";
		return EX_OK;
	}
	if (error)
		return complain_err(error, "%s", path);
	if (memcmp(own, root, sizeof own) != 0)
		return complain(EX_DATAERR, "%s is whole, but it is another instance's: its root key is not that of %s",
				file, instance->dir);
	*whose = "It is this instance's.";
	return EX_OK;
}

static int check_open(struct instance *instance, const char *file, struct backup *backup)
{
	const struct backup_head *head = backup_head(backup);
	const char *reason = NULL, *whose = "";
	enum err error = backup_check(backup, &reason);
	if (error)
		return complain(err_exit_code(error), "%s cannot be used: %s", file, backups_words(error, reason));
	int code = compare_root(instance, file, head->root_public, &whose);
	if (code != EX_OK)
		return code;
	char day[DATE_TEXT];
	date_format(head->day, day);
	printf("%s is whole: backup %llu of '%s', made on %s. %s\n", file, (unsigned long long) head->number,
	       head->name, day, whose);
	return EX_OK;
}

static int check(const char *dir, const char *file)
{
	struct instance instance = {.dir = dir};
	struct backup *backup = NULL;
	const char *reason = NULL;
	if (keys_start() != ERR_OK)
		return complain(EX_OSERR, "libsodium does not start");
	if (folders_is(file))
		return complain(EX_NOINPUT, "%s is a folder; name a backup in it", file);
	enum err error = backup_open(file, &backup, &reason);
	if (error)
		return complain(err_exit_code(error), "%s cannot be used: %s", file, backups_words(error, reason));
	arena_init(&instance.arena, 64 * 1024);
	int code = check_open(&instance, file, backup);
	backup_close(backup);
	arena_fini(&instance.arena);
	return code;
}

/* ---- all of it -------------------------------------------------------------------------------------------------------------------- */

static int choose(struct wanted *wanted, enum verb verb)
{
	if (wanted->verb != MAKE)
		return complain(EX_USAGE, "--check, --list and --drill are three different things: take one of them");
	wanted->verb = verb;
	return EX_OK;
}

static int read_options(int argc, char **argv, struct wanted *wanted)
{
	static const struct option options[] = {
		{"check", no_argument, NULL, 'c'},
		{"list", no_argument, NULL, 'l'},
		{"drill", no_argument, NULL, 'd'},
		{"recovery", required_argument, NULL, RECOVERY_OPTION},
		{"share", required_argument, NULL, RECOVERY_SHARE_OPTION},
		{0},
	};
	int code = EX_OK;
	for (int option; code == EX_OK && (option = getopt_long(argc, argv, ARGS_QUIET, options, NULL)) != -1;) {
		if (option == '?' || option == ':')
			return args_refuse(option, "backup", argv, options);
		code = option == 'c'   ? choose(wanted, CHECK)
		       : option == 'l' ? choose(wanted, LIST)
		       : option == 'd' ? choose(wanted, DRILL)
				       : recovery_take(&wanted->source, option, optarg);
	}
	if (code != EX_OK)
		return code;
	bool has_key = wanted->source.file || wanted->source.shares_count;
	if (has_key && wanted->verb != DRILL)
		return complain(EX_USAGE,
				"only --drill needs the recovery key: backups are made and checked without it");
	int words = argc - optind;
	if (words > 1 || (words == 0 && wanted->verb == CHECK) || (words == 1 && wanted->verb == LIST))
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	wanted->file = words ? argv[optind] : NULL;
	return EX_OK;
}

int cmd_backup(const char *instance_dir, int argc, char **argv)
{
	struct wanted wanted = {.verb = MAKE};
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	int code = read_options(argc, argv, &wanted);
	if (code != EX_OK)
		return code;
	if (wanted.verb == CHECK)
		return check(instance_dir, wanted.file);
	if (wanted.verb == DRILL && wanted.file && folders_is(wanted.file))
		return complain(EX_NOINPUT, "%s is a folder; name a backup in it", wanted.file);
	struct instance instance;
	code = instance_open(&instance, instance_dir, wanted.verb == MAKE ? OFFICE_CLI : OFFICE_READER);
	if (code == EX_OK && wanted.verb == MAKE)
		code = make(&instance, wanted.file);
	else if (code == EX_OK && wanted.verb == LIST)
		code = list(&instance);
	else if (code == EX_OK)
		code = drill(&instance, wanted.file, &wanted.source);
	instance_close(&instance);
	return code;
}
