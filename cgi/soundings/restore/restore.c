/* SPDX-License-Identifier: MIT */
/* restore.c: an instance out of a backup, step by step. restore.h says what holds when it is killed in between.
 *
 * The recovery seed is needed for all of it: it opens the backup, opens every period's secret again, and signs the key set that front
 * machines will take in place of whatever they have seen last. */
#include "restore.h"
#include "soundings/folders.h"
#include "restore_parts.h"
#include "soundings/today.h"

#include "lib/base/file.h"
#include "lib/catalogue/catalogue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { RESTORE_ARENA_BYTES = 512 * 1024 * 1024, LINK_BYTES = 64 };

/* ---- the file ------------------------------------------------------------------------------------------------------------------ */

static int read_backup(struct restoring *restoring)
{
	const char *file = restoring->request->file, *reason = NULL;
	char real[PATH_MAX];
	if (folders_is(file))
		return complain(EX_NOINPUT, "%s is a folder; name a backup in it", file);
	if (!realpath(file, real))
		return complain_errno(EX_NOINPUT, "%s", file);
	restoring->file = arena_strdup(&restoring->to.arena, real);
	if (!restoring->file)
		return complain(EX_OSERR, "there is not enough memory");
	enum err error = backup_open(restoring->file, &restoring->backup, &reason);
	if (!error)
		error = backup_check(restoring->backup, &reason);
	if (error)
		return complain(err_exit_code(error), "%s cannot be restored: %s", file, backups_words(error, reason));
	restoring->head = backup_head(restoring->backup);
	restoring->self = backups_of(restoring->backup, restoring->file);
	restoring->report->number = restoring->head->number;
	restoring->report->day = restoring->head->day;
	restoring->report->name = restoring->head->name;
	return EX_OK;
}

static int open_seal(struct restoring *restoring)
{
	const struct restore_request *request = restoring->request;
	const char *fallback =
		request->recovery_fallback ? request->recovery_fallback : instance_recovery_file(&restoring->to);
	int code = recovery_read(request->source, fallback, &restoring->recovery);
	if (code != EX_OK)
		return code;
	enum err error = ERR_DENIED;
	if (memcmp(restoring->recovery.root.public_key, restoring->head->root_public, KEYS_PUBLIC_BYTES) == 0)
		error = backup_unseal(restoring->backup, &restoring->recovery.box);
	if (error == ERR_DENIED)
		return complain(EX_NOPERM,
				"the recovery key is another instance's: it does not open %s, which is of '%s'",
				request->file, restoring->head->name);
	return error ? complain_err(error, "%s cannot be opened", request->file) : EX_OK;
}

/* ---- the office ---------------------------------------------------------------------------------------------------------------- */

static int compare_digests(struct restoring *restoring)
{
	struct office_digest told, found;
	const char *table = "";
	enum err error = office_digest_decode(restoring->parts.digest, restoring->parts.digest_length,
					      &restoring->to.arena, &told);
	if (!error)
		error = office_digest(restoring->to.office, &found);
	if (error)
		return complain_err(error, "the office in %s cannot be compared with what it should be",
				    restoring->request->file);
	if (!office_digest_is_equal(&told, &found, &table))
		return complain(
			EX_DATAERR,
			"the office in %s is not what was backed up (table %s differs); take the backup before it",
			restoring->request->file, table);
	for (size_t i = 0; i < found.count; i++) {
		if (strcmp(found.tables[i].table, "response") == 0)
			restoring->report->responses = found.tables[i].rows;
		if (strcmp(found.tables[i].table, "event") == 0)
			restoring->report->events = found.tables[i].rows;
	}
	return EX_OK;
}

static int unpack(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	enum err error = restore_extract(restoring->backup, restoring->office_path, &to->arena, &restoring->parts);
	if (!error)
		error = office_open(restoring->office_path, OFFICE_CLI, &to->office);
	if (error == ERR_INVALID)
		return complain(EX_DATAERR, "%s lacks a part, or was made by a newer Soundings",
				restoring->request->file);
	if (error)
		return complain_err(error, "%s cannot be unpacked into %s", restoring->request->file,
				    restoring->scratch);
	return compare_digests(restoring);
}

/* The serial that "current" in the catalogue's folder leads to, even when what lies there is damaged. */
static uint64_t published_serial(struct instance *to)
{
	char name[LINK_BYTES] = "";
	ssize_t length = readlink(instance_path(to, "catalogue/current"), name, sizeof name - 1);
	return length > 0 && name[0] >= '1' && name[0] <= '9' ? strtoull(name, NULL, 10) : 0;
}

/* Two restores of one backup must not publish under the same serials, even where nobody is left who has seen the first: the day counts
 * too. */
static uint64_t serial_of_today(void)
{
	return (uint64_t) date_days(date_today()) * OFFICE_SERIAL_JUMP;
}

static int renew(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	uint64_t least = serial_of_today(), seen = 0, keyset = 0, published = published_serial(to);
	/* One that cannot be read says nothing, and merging it will tell. */
	if (restoring->found && office_serials(restoring->found, 0, 0, &seen, &keyset) == ERR_OK && seen > published)
		published = seen;
	if (published < restoring->least_serial)
		published = restoring->least_serial;
	if (least < published + OFFICE_SERIAL_JUMP)
		least = published + OFFICE_SERIAL_JUMP;
	enum err error = office_renew(to->office, restoring->head->number, restoring->file, least);
	return error ? complain_err(error, "the restored office cannot be made new") : EX_OK;
}

/* ---- the keys ------------------------------------------------------------------------------------------------------------------ */

static int collect_keys(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	struct keyring *ring = &restoring->ring;
	enum err error = keyring_add_keyset(ring, backup_keyset(restoring->backup), restoring->parts.content_secret);
	if (!error)
		error = keyring_add_copies(ring, &restoring->parts, &to->arena);
	return error ? complain_err(error, "the keys in %s cannot be used", restoring->request->file)
		     : keyring_add_found(ring, to);
}

static int finish_keys(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	struct keyring *ring = &restoring->ring;
	uint64_t least = restoring->least_keyset < serial_of_today() ? serial_of_today() : restoring->least_keyset;
	int code = keyring_open(ring, to, &restoring->recovery);
	if (code == EX_OK)
		code = keyring_sign(ring, to, &restoring->recovery, least);
	if (code != EX_OK)
		return code;
	for (size_t i = 0; i < ring->keyset.periods_count; i++)
		*(ring->has_pair[i] ? &restoring->report->periods_opened : &restoring->report->periods_missing) += 1;
	enum err error = office_periods_note(to->office, &to->keyset, date_today());
	return error ? complain_err(error, "the key periods cannot be noted in the office") : EX_OK;
}

/* ---- the end ------------------------------------------------------------------------------------------------------------------- */

/* What is over by today never comes back to light. */
static int expire(struct restoring *restoring)
{
	struct instance *to = &restoring->to;
	struct date today = date_today();
	/* A drill shows what would be there today, and is thrown away. */
	if (!restoring->request->is_drill) {
		int code = today_check(to->office, restoring->request->confirmed_day, "nothing was restored",
				       "restore FILE ...", &today);
		if (code != EX_OK)
			return code;
	}
	enum err error = office_expire(to->office, today, &restoring->report->expired);
	office_close(to->office);
	to->office = NULL;
	return error ? complain_err(error, "what is past its time could not be deleted, so nothing was restored")
		     : EX_OK;
}

/* A link that leads nowhere keeps everybody from publishing, and cannot be what anybody reads. */
static void remove_bad_link(struct instance *to)
{
	struct stat status;
	const char *link = instance_path(to, "catalogue/current");
	if (published_serial(to) == 0 && lstat(link, &status) == 0 && S_ISLNK(status.st_mode))
		unlink(link);
}

static int publish(struct restoring *restoring)
{
	struct instance restored;
	remove_bad_link(&restoring->to);
	int code = instance_open(&restored, restoring->to.dir, OFFICE_CLI);
	if (code == EX_OK)
		code = instance_publish(&restored);
	instance_close(&restored);
	if (code != EX_OK)
		complain(code,
			 "everything is restored but the catalogue: mend what is said above, and run the same again");
	return code;
}

static int restore(struct restoring *restoring)
{
	bool is_drill = restoring->request->is_drill;
	int code = read_backup(restoring);
	if (code == EX_OK)
		code = open_seal(restoring);
	if (code == EX_OK)
		code = restore_take_place(restoring);
	if (code == EX_OK && !is_drill)
		code = restore_look_for_newer(restoring);
	if (code == EX_OK)
		code = unpack(restoring);
	if (code == EX_OK && !is_drill)
		code = restore_refuse_older(restoring);
	if (code == EX_OK)
		code = collect_keys(restoring);
	if (code == EX_OK)
		code = renew(restoring);
	if (code == EX_OK)
		code = restore_merge(restoring);
	if (code == EX_OK)
		code = finish_keys(restoring);
	if (code == EX_OK)
		code = expire(restoring);
	if (code == EX_OK)
		code = restore_put_in_place(restoring);
	if (code != EX_OK)
		return code;
	restoring->is_dir_made = false; /* from here on it is an instance, whatever comes */
	return publish(restoring);
}

const char *restore_band(uint64_t count)
{
	static const struct {
		uint64_t below;
		const char *words;
	} bands[] = {{1, "none"}, {5, "1 to 4"}, {10, "5 to 9"}, {20, "10 to 19"}, {50, "20 to 49"}, {100, "50 to 99"}};
	for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++)
		if (count < bands[i].below)
			return bands[i].words;
	return "100 or more";
}

int restore_instance(const struct restore_request *request, struct arena *arena, struct restore_report *report)
{
	struct restoring *restoring = calloc(1, sizeof *restoring);
	if (!restoring)
		return complain(EX_OSERR, "there is not enough memory");
	*report = (struct restore_report){0};
	restoring->request = request;
	restoring->report = report;
	restoring->run_lock = restoring->keys_lock = restoring->backup_lock = restoring->spool_lock =
		restoring->scratch_lock = -1;
	restoring->to.dir = request->dir;
	arena_init(&restoring->to.arena, RESTORE_ARENA_BYTES);
	int code = keys_start() == ERR_OK ? restore(restoring) : complain(EX_OSERR, "libsodium does not start");
	report->name = report->name ? arena_strdup(arena, report->name) : NULL;
	report->damaged = report->damaged ? arena_strdup(arena, report->damaged) : NULL;
	office_close(restoring->found);
	office_close(restoring->to.office);
	restore_leave_place(restoring, code == EX_OK);
	if (restoring->backup)
		backup_close(restoring->backup);
	recovery_wipe(&restoring->recovery);
	keyring_wipe(&restoring->ring);
	arena_fini(&restoring->to.arena);
	free(restoring);
	return code;
}
