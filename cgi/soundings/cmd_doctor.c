/* SPDX-License-Identifier: MIT */
/* cmd_doctor.c: soundings doctor: looks at everything, says what is not right and what to do. Changes nothing. */
#include "cmd.h"
#include "command.h"
#include "doctor/doctor.h"
#include "instance.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/office/keeping.h"
#include "lib/spool/spool.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sysexits.h>
#include <unistd.h>

enum { SPOOL_TIMEOUT_MS = 2000, DISK_LOW_PERCENT = 20, DISK_BAD_PERCENT = 5 };

void doctor_say(struct examination *exam, enum verdict verdict, const char *what, const char *mend)
{
	static const char *const names[] = {[FINE] = "ok  ", [LOOK] = "look", [BAD] = "BAD "};
	printf("%s  %s\n", names[verdict], what);
	if (mend)
		printf("      %s\n", mend);
	exam->looks += verdict == LOOK;
	exam->bads += verdict == BAD;
}

const char *doctor_command(struct examination *exam, const char *words)
{
	return arena_printf(&exam->instance->arena, "%s %s", command(), words);
}

static void check_private(struct examination *exam, const char *name)
{
	struct stat status;
	const char *path = instance_path(exam->instance, name);
	if (stat(path, &status) != 0)
		doctor_say(exam, BAD, arena_printf(&exam->instance->arena, "%s is not there", path),
			   "Restore it from a backup.");
	else if (status.st_mode & 077)
		doctor_say(exam, BAD, arena_printf(&exam->instance->arena, "%s can be read by others", path),
			   arena_printf(&exam->instance->arena, "chmod go= %s", path));
	else
		doctor_say(exam, FINE, arena_printf(&exam->instance->arena, "%s is private", name), NULL);
}

static void check_period(struct examination *exam, const struct period *period)
{
	struct arena *arena = &exam->instance->arena;
	char hex[2 * KEYS_ID_BYTES + 1], *data = NULL;
	size_t length = 0;
	bool is_destroyed = false;
	if (exam->parts->is_open[INSTANCE_OFFICE] &&
	    office_period_is_destroyed(exam->instance->office, period->id, &is_destroyed) == ERR_OK && is_destroyed)
		return; /* gone on purpose */
	codec_hex(period->id, KEYS_ID_BYTES, hex);
	const char *kind = period->is_practice ? "practice" : "ordinary";
	const char *secret = instance_path(exam->instance, arena_printf(arena, "keys/periods/%s.secret", hex));
	const char *sealed = instance_path(exam->instance, arena_printf(arena, "keys/sealed/%s.sealed", hex));
	enum err error = file_read(AT_FDCWD, secret, KEYS_SECRET_BYTES, arena, &data, &length);
	if (error || length != KEYS_SECRET_BYTES)
		doctor_say(exam, BAD,
			   arena_printf(arena,
					"the secret of the %s period %s is missing: its responses cannot be opened",
					kind, hex),
			   doctor_command(exam, "key recover --recovery FILE"));
	else
		doctor_say(exam, FINE, arena_printf(arena, "the secret of the %s period is here", kind), NULL);
	if (data)
		keys_wipe(data, length);
	if (access(sealed, R_OK) != 0)
		doctor_say(exam, BAD, arena_printf(arena, "the sealed copy of the %s period %s is missing", kind, hex),
			   "Without it and the secret nothing can be opened. Restore keys/sealed from a backup.");
}

static void check_catalogue(struct examination *exam)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {.reason = "unknown"};
	enum err error = catalogue_open(instance_path(exam->instance, "catalogue"), exam->instance->root_public, 0, 0,
					&catalogue, &refusal);
	if (error)
		doctor_say(exam, BAD,
			   arena_printf(&exam->instance->arena, "the catalogue does not verify (%s)",
					error == ERR_NOT_FOUND ? "none" : refusal.reason),
			   arena_printf(&exam->instance->arena,
					"Publish again: %s form publish forms/community-conversation", command()));
	else
		doctor_say(exam, FINE, "the catalogue verifies against the root key", NULL);
	catalogue_close(catalogue);
}

static void check_recovery(struct examination *exam)
{
	const char *file = instance_recovery_file(exam->instance);
	if (file)
		doctor_say(exam, LOOK,
			   arena_printf(&exam->instance->arena, "the recovery file is still on this machine: %s", file),
			   "Print it or copy it to a stick, keep it in a safe place, and delete it here.");
	else
		doctor_say(exam, FINE, "the recovery file has left this machine", NULL);
}

static void check_disk(struct examination *exam)
{
	struct statvfs disk;
	if (statvfs(exam->instance->dir, &disk) != 0 || disk.f_blocks == 0)
		return;
	unsigned long percent = (unsigned long) (disk.f_bavail * 100 / disk.f_blocks);
	const char *what = arena_printf(&exam->instance->arena, "%lu%% of the disk is free", percent);
	enum verdict verdict = percent < DISK_BAD_PERCENT ? BAD : percent < DISK_LOW_PERCENT ? LOOK : FINE;
	doctor_say(exam, verdict, what,
		   verdict == FINE ? NULL : "Make room: when the disk is full, responses are refused until there is.");
}

static void check_programs(struct examination *exam)
{
	struct spool spool;
	uint64_t waiting = 0, filed = 0;
	char before[4096];
	if (!getcwd(before, sizeof before) || chdir(exam->instance->dir) != 0) /* socket paths are short inside */
		return;
	spool_init(&spool, "run/batch.sock", SPOOL_TIMEOUT_MS);
	enum err error = spool_count(&spool, &waiting, &filed);
	spool_fini(&spool);
	if (chdir(before) != 0)
		error = ERR_IO;
	if (error)
		doctor_say(exam, LOOK, "the spooler does not answer: the programs are not running",
			   doctor_command(exam, "run"));
	else
		doctor_say(exam, FINE,
			   waiting > 50 ? "the spooler answers; more than 50 envelopes wait to be filed"
					: "the spooler answers; few or no envelopes wait to be filed",
			   NULL);
}

static void check_office(struct examination *exam)
{
	size_t count = 0;
	if (office_quarantine_count(exam->instance->office, &count) != ERR_OK)
		doctor_say(exam, BAD, "the quarantine cannot be read", "Look at the office's file: disk, permissions.");
	else if (count)
		doctor_say(
			exam, LOOK, arena_printf(&exam->instance->arena, "%zu envelopes are in quarantine", count),
			"Those that are about an event, a form or a key that is not known here are filed by themselves "
			"once it is: restore the backup that has it, with --older. The others were forged or damaged. "
			"All "
			"are kept as they came, for 12 months at most.");
	else
		doctor_say(exam, FINE, "the quarantine is empty", NULL);
	if (sqlite3_libversion_number() < 3037000)
		doctor_say(exam, BAD, "SQLite is older than 3.37", "Upgrade libsqlite3-0.");
	else
		doctor_say(exam, FINE,
			   arena_printf(&exam->instance->arena, "SQLite %s, never in WAL mode", sqlite3_libversion()),
			   NULL);
}

/* What does not open is said with what it means; what can be looked at without it still is. */
static void check_parts(struct examination *exam)
{
	const struct instance_parts *parts = exam->parts;
	bool is_whole = true;
	for (int i = 0; i < INSTANCE_PARTS; i++) {
		enum instance_part part = (enum instance_part) i;
		is_whole = is_whole && parts->is_open[i];
		if (parts->error[i])
			doctor_say(exam, BAD, instance_trouble(exam->instance, part, parts->error[i]),
				   instance_mend(exam->instance, part, parts->error[i]));
	}
	doctor_say(exam, FINE, is_whole ? "settings, key set and office open" : "the settings open", NULL);
}

static int sum_up(const struct examination *exam)
{
	printf("\n%u bad, %u to look at\n", exam->bads, exam->looks);
	return exam->bads ? EX_UNAVAILABLE : EX_OK;
}

/* A kiosk and no more. Whether its spool is read by a hub some day, nobody can see from here. */
static int examine_front(struct examination *exam)
{
	const struct instance_parts *parts = exam->parts;
	doctor_say(exam, FINE, "the settings open: this is a kiosk without an office", NULL);
	check_private(exam, "spool");
	if (parts->is_open[INSTANCE_ROOT])
		check_catalogue(exam);
	else
		doctor_say(exam, BAD, "this kiosk trusts no hub yet, so it has nothing to show",
			   doctor_command(exam, "kiosk take FOLDER"));
	check_disk(exam);
	doctor_spool(exam);
	doctor_kiosk(exam);
	doctor_confine(exam);
	check_programs(exam);
	return sum_up(exam);
}

static int examine(struct instance *instance, const struct instance_parts *parts)
{
	struct examination exam = {.instance = instance, .parts = parts};
	if (doctor_is_front(&exam))
		return examine_front(&exam);
	check_parts(&exam);
	check_private(&exam, "keys");
	if (parts->error[INSTANCE_CONTENT] != ERR_NOT_FOUND)
		check_private(&exam, "keys/content.secret");
	if (parts->error[INSTANCE_OFFICE] != ERR_NOT_FOUND)
		check_private(&exam, "office/office.db");
	check_private(&exam, "spool");
	for (size_t i = 0; parts->is_open[INSTANCE_KEYSET] && i < instance->keyset.periods_count; i++)
		check_period(&exam, &instance->keyset.periods[i]);
	if (parts->is_open[INSTANCE_ROOT])
		check_catalogue(&exam);
	if (parts->is_open[INSTANCE_OFFICE])
		check_office(&exam);
	if (parts->is_open[INSTANCE_OFFICE])
		doctor_sound(&exam);
	check_recovery(&exam);
	check_disk(&exam);
	doctor_keeping(&exam);
	doctor_spool(&exam);
	doctor_organiser(&exam);
	doctor_kiosk(&exam);
	doctor_confine(&exam);
	check_programs(&exam);
	return sum_up(&exam);
}

int cmd_doctor(const char *instance_dir, int argc, char **argv)
{
	if (argc > 1) {
		bool is_help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
		fputs("usage: soundings [--instance DIR] doctor\nLooks at everything and says what is not right. Exit "
		      "code 0: nothing is.\n",
		      is_help ? stdout : stderr);
		return is_help ? EX_OK : EX_USAGE;
	}
	struct instance instance;
	struct instance_parts parts;
	int code = instance_open_parts(&instance, instance_dir, OFFICE_READER, &parts);
	if (code == EX_OK)
		code = examine(&instance, &parts);
	instance_close(&instance);
	return code;
}
