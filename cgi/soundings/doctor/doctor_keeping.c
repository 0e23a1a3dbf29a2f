/* SPDX-License-Identifier: MIT */
/* doctor_keeping.c: whether what was promised is being kept, and would survive the loss of this machine. Changes nothing. */
#include "doctor.h"
#include "soundings/backups.h"
#include "soundings/command.h"
#include "soundings/periods.h"

#include "lib/base/file.h"
#include "lib/catalogue/catalogue.h"
#include "lib/office/keeping.h"
#include "lib/spool/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STALE_DAYS = 2, PERIOD_MONTHS = 12, SPOOL_TIMEOUT_MS = 2000 };

static int64_t days_ago(struct date day)
{
	return date_days(date_today()) - date_days(day);
}

/* Two machines need not agree on midnight. */
static bool is_to_come(struct date day)
{
	return days_ago(day) < -OFFICE_DAY_BEHIND;
}

static const char clock_wrong[] =
	"The clock was wrong then, or is now: date; timedatectl. Until it is right, nothing says how "
	"old things are.";

/* ---- backups ------------------------------------------------------------------------------------------------------------------- */

static void check_newest(struct examination *exam, const struct office_backup *newest)
{
	struct arena *arena = &exam->instance->arena;
	char day[DATE_TEXT];
	date_format(newest->day, day);
	if (!newest->file)
		doctor_say(exam, BAD,
			   arena_printf(arena,
					"no backup is left (the newest was of %s): all is lost with this machine", day),
			   doctor_command(exam, "backup"));
	else if (days_ago(newest->day) > STALE_DAYS)
		doctor_say(
			exam, BAD,
			arena_printf(arena, "the newest backup is of %s: what came since is lost with this machine",
				     day),
			doctor_command(
				exam,
				"backup; and find out why the daily one did not run (its timer, or 'soundings run')."));
	else if (access(newest->file, F_OK) != 0)
		doctor_say(
			exam, BAD,
			arena_printf(arena, "the newest backup, of %s, is not where it was written: %s", day,
				     newest->file),
			arena_printf(arena, "Connect the disk that it is on, or make another: %s backup", command()));
	else if (is_to_come(newest->day))
		doctor_say(exam, LOOK, arena_printf(arena, "the newest backup is of %s, which is still to come", day),
			   clock_wrong);
	else
		doctor_say(exam, FINE, arena_printf(arena, "there is a finished backup of %s", day), NULL);
}

/* Those whose 35 days are over while the disk that they are on is away. */
static void check_away(struct examination *exam)
{
	struct arena *arena = &exam->instance->arena;
	struct office_backup *over = NULL;
	size_t count = 0, away = 0;
	const char *file = NULL;
	if (office_backup_over(exam->instance->office, date_today(), arena, &over, &count) != ERR_OK)
		return; /* told already */
	for (size_t i = 0; i < count; i++) {
		if (backups_is_folder_there(over[i].file))
			continue;
		file = over[i].file;
		away++;
	}
	if (away)
		doctor_say(exam, LOOK,
			   arena_printf(arena, "%zu backup%s older than %d days, on a disk that is not connected: %s",
					away, away == 1 ? " is" : "s are", OFFICE_BACKUP_KEEP_DAYS, file),
			   doctor_command(exam,
					  "expire, when it is connected; if it is lost, the recovery key alone opens "
					  "what is on it."));
}

static void check_backups(struct examination *exam)
{
	struct office_backup *list = NULL;
	size_t count = 0;
	if (office_backup_list(exam->instance->office, &exam->instance->arena, &list, &count) != ERR_OK)
		doctor_say(exam, BAD, "the list of backups cannot be read",
			   "Look at the office's file: disk, permissions.");
	else if (count == 0)
		doctor_say(exam, BAD, "no backup has finished yet: with this machine, everything would be lost",
			   doctor_command(exam, "backup"));
	else
		check_newest(exam, &list[0]);
	check_away(exam);
}

static void check_backup_dir(struct examination *exam)
{
	struct instance *instance = exam->instance;
	struct stat backups, office;
	const char *name = instance->conf.backup_dir;
	const char *dir = name[0] == '/' ? name : instance_path(instance, name);
	if (stat(dir, &backups) != 0 || !S_ISDIR(backups.st_mode))
		doctor_say(exam, LOOK, arena_printf(&instance->arena, "the folder for backups, %s, is not there", dir),
			   "Connect the disk that it is on, or change backup_dir in soundings.conf.");
	else if (stat(instance_path(instance, "office"), &office) == 0 && office.st_dev == backups.st_dev)
		doctor_say(
			exam, LOOK, "backups are written to the disk that the office is on, and are lost with it",
			"Set backup_dir in soundings.conf to another disk, or copy backups to one: they are sealed.");
	else
		doctor_say(exam, FINE, "backups are written to another disk", NULL);
}

/* ---- expiry, periods, releases --------------------------------------------------------------------------------------------------- */

static void check_expire(struct examination *exam)
{
	struct date day;
	enum err error = office_expire_last(exam->instance->office, &day);
	if (error == ERR_NOT_FOUND)
		doctor_say(exam, LOOK,
			   "soundings expire has never run: nothing has been deleted when its time was over",
			   doctor_command(exam, "expire; 'soundings run' and the timers do it once a day."));
	else if (error || days_ago(day) > STALE_DAYS)
		doctor_say(
			exam, LOOK,
			"soundings expire has not run for days: what was promised to be deleted may still "
			"be here",
			doctor_command(
				exam,
				"expire; and find out why the daily one did not run (its timer, or 'soundings run')."));
	else if (is_to_come(day))
		doctor_say(exam, LOOK, "soundings expire ran last on a day that is still to come", clock_wrong);
	else
		doctor_say(exam, FINE, "what is over is deleted every day", NULL);
}

static void check_periods(struct examination *exam)
{
	struct instance *instance = exam->instance;
	struct office_period *periods = NULL;
	size_t count = 0;
	bool is_old = false;
	if (office_periods(instance->office, &instance->arena, &periods, &count) != ERR_OK)
		doctor_say(exam, BAD, "the key periods cannot be read",
			   "Look at the office's file: disk, permissions.");
	for (size_t i = 0; i < count; i++) {
		if (!periods[i].has_begun || periods[i].is_retired ||
		    days_ago(date_add_months(periods[i].begun_on, PERIOD_MONTHS)) < 0)
			continue;
		is_old = true;
		doctor_say(exam, LOOK,
			   arena_printf(&instance->arena, "the %s key period is older than %d months",
					periods[i].is_practice ? "practice" : "ordinary", PERIOD_MONTHS),
			   doctor_command(exam, periods[i].is_practice ? "key rotate --practice --recovery FILE"
								       : "key rotate --recovery FILE"));
	}
	if (!is_old)
		doctor_say(exam, FINE, "the key periods are younger than 12 months", NULL);
}

static void check_releases(struct examination *exam)
{
	struct instance *instance = exam->instance;
	struct office_event *events = NULL;
	size_t count = 0;
	if (office_event_list(instance->office, &instance->arena, &events, &count) != ERR_OK)
		doctor_say(exam, BAD, "the events cannot be read", "Look at the office's file: disk, permissions.");
	for (size_t i = 0; i < count; i++) {
		bool is_shown = true;
		const char *code = events[i].shown.code;
		if (!events[i].release || office_event_is_shown(instance->office, code, &is_shown) != ERR_OK ||
		    is_shown)
			continue;
		doctor_say(
			exam, LOOK,
			arena_printf(&instance->arena, "the release of %s waits for a finished backup", code),
			arena_printf(&instance->arena, "%s event release %s makes one, and goes on", command(), code));
	}
}

/* ---- leftovers ------------------------------------------------------------------------------------------------------------------- */

/* Whatever in FOLDER has a name like PATTERN. */
static void check_left(struct examination *exam, const char *folder, const char *pattern, const char *what,
		       const char *mend)
{
	struct instance *instance = exam->instance;
	const char *dir = instance_path(instance, folder);
	DIR *open_dir = opendir(dir);
	for (const struct dirent *entry; open_dir && (entry = readdir(open_dir)) != NULL;)
		if (fnmatch(pattern, entry->d_name, 0) == 0)
			doctor_say(exam, LOOK, arena_printf(&instance->arena, "%s: %s/%s", what, dir, entry->d_name),
				   mend);
	if (open_dir)
		closedir(open_dir);
}

static void check_leftovers(struct examination *exam)
{
	check_left(exam, ".", "restoring-*", "a restore is under way, or was interrupted and left responses",
		   "When none is under way: run 'soundings restore' again, or delete the folder.");
	check_left(exam, ".", "drill-*", "a drill is under way, or was interrupted and left responses",
		   "When none is under way: run 'soundings backup --drill' again, or delete the folder.");
	check_left(exam, "office", "office.db.damaged-*", "a damaged office is kept, which expire cannot clean",
		   "When nobody can mend it, delete it: it holds responses.");
}

/* ---- what the spool knows ---------------------------------------------------------------------------------------------------------- */

static void check_held(struct examination *exam, const struct spool_period *held, size_t count)
{
	struct instance *instance = exam->instance;
	size_t unknown = 0, destroyed = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_destroyed = false;
		if (office_period_is_destroyed(instance->office, held[i].id, &is_destroyed) == ERR_OK && is_destroyed)
			destroyed++;
		else if (!keyset_find(&instance->keyset, held[i].id))
			unknown++;
	}
	if (unknown)
		doctor_say(exam, LOOK, "the spool holds envelopes of a key period that the key set does not name",
			   arena_printf(&instance->arena,
					"Restore the backup that knows it, with --older if it must be: %s restore FILE",
					command()));
	if (destroyed)
		doctor_say(exam, LOOK,
			   "the spool holds envelopes of a key period that was destroyed; nobody can open them",
			   "A front machine served an old catalogue for very long: find it, and give it the new one.");
	if (!unknown && !destroyed)
		doctor_say(exam, FINE, "every envelope in the spool can be opened", NULL);
}

/* Intake refuses a catalogue older than one that its spooler has seen. */
static void check_serials(struct examination *exam, uint64_t seen, uint64_t keyset_seen)
{
	struct instance *instance = exam->instance;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	if (catalogue_open(instance_path(instance, "catalogue"), instance->root_public, 0, 0, &catalogue, &refusal) !=
	    ERR_OK)
		return; /* told already */
	bool is_low = catalogue_serial(catalogue) < seen || catalogue_keyset(catalogue)->serial < keyset_seen;
	catalogue_close(catalogue);
	if (is_low)
		doctor_say(exam, BAD, "a newer catalogue than this one was served before, so intake refuses this one",
			   "Stop the programs and restore the newest backup here again: it then begins above what was "
			   "seen.");
	else
		doctor_say(exam, FINE, "no newer catalogue than this one was ever served", NULL);
}

/* Asked in the instance's folder, for socket addresses are short. */
static enum err ask_seen(struct instance *instance, uint64_t *serial, uint64_t *keyset)
{
	CLEANUP_FD int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || chdir(instance->dir) != 0)
		return ERR_IO;
	struct spool spool;
	spool_init(&spool, "run/append.sock", SPOOL_TIMEOUT_MS);
	enum err error = spool_seen(&spool, 0, 0, serial, keyset);
	spool_fini(&spool);
	return fchdir(before) == 0 ? error : ERR_IO;
}

static void check_spool(struct examination *exam)
{
	struct spool_period *held = NULL;
	size_t count = 0;
	uint64_t serial = 0, keyset = 0;
	/* That the spooler does not answer is told elsewhere. */
	const bool *is_open = exam->parts->is_open;
	if (is_open[INSTANCE_OFFICE] && is_open[INSTANCE_KEYSET] &&
	    periods_held(exam->instance, &held, &count) == ERR_OK)
		check_held(exam, held, count);
	if (is_open[INSTANCE_ROOT] && ask_seen(exam->instance, &serial, &keyset) == ERR_OK)
		check_serials(exam, serial, keyset);
}

void doctor_keeping(struct examination *exam)
{
	bool has_office = exam->parts->is_open[INSTANCE_OFFICE];
	if (has_office)
		check_backups(exam);
	check_backup_dir(exam);
	if (has_office) {
		check_expire(exam);
		check_periods(exam);
		check_releases(exam);
	}
	check_leftovers(exam);
	check_spool(exam);
}
