/* SPDX-License-Identifier: MIT */
/* drill.c: a backup that was never restored is a hope. So this restores one, by the very code that a restore runs, into a scratch folder,
 * and looks at what came out as the programs would.
 *
 * The plain office never lies outside the instance; what a drill that was killed leaves goes with the next one. */
#include "drill.h"
#include "soundings/command.h"
#include "soundings/folders.h"
#include "soundings/periods.h"
#include "restore.h"

#include "lib/base/file.h"
#include "lib/catalogue/catalogue.h"
#include "lib/envelope/envelope.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static const char canary[] = "{\"kind\":\"canary\"}";

/* The newest whose file is there. */
static const char *newest(struct instance *instance)
{
	struct office_backup *rows = NULL;
	size_t count = 0;
	if (office_backup_list(instance->office, &instance->arena, &rows, &count) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (rows[i].file && access(rows[i].file, R_OK) == 0)
			return rows[i].file;
	return NULL;
}

/* As a phone's answers go in, and as the collector takes them out. */
static enum err fly_canary(struct instance *restored, const struct period *period)
{
	struct box_pair pair;
	uint8_t envelope[ENVELOPE_MAX_BYTES];
	char *secret = NULL, *letter = NULL;
	size_t length = 0, letter_length = 0;
	struct arena *arena = &restored->arena;
	enum err error = file_read(AT_FDCWD, periods_secret_path(restored, period->id), KEYS_SECRET_BYTES, arena,
				   &secret, &length);
	if (error || length != KEYS_SECRET_BYTES)
		return error ? error : ERR_CORRUPT;
	memcpy(pair.public_key, period->public_key, KEYS_PUBLIC_BYTES);
	memcpy(pair.secret_key, secret, KEYS_SECRET_BYTES);
	keys_wipe(secret, length);
	error = envelope_seal(canary, sizeof canary - 1, period, envelope, &length);
	if (!error)
		error = envelope_open(envelope, length, &pair, arena, &letter, &letter_length);
	keys_wipe(&pair, sizeof pair);
	if (!error && (letter_length != sizeof canary - 1 || memcmp(letter, canary, letter_length) != 0))
		error = ERR_CORRUPT;
	return error;
}

/* What the programs would open at their start. */
static int look_at(struct instance *restored)
{
	for (size_t i = 0; i < restored->keyset.periods_count; i++) {
		const struct period *period = &restored->keyset.periods[i];
		enum err error = fly_canary(restored, period);
		if (error)
			return complain_err(error == ERR_NOT_FOUND ? ERR_DENIED : error,
					    "an envelope of one %s period does not open with what was restored",
					    period->is_practice ? "practice" : "ordinary");
	}
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {.reason = "none"};
	enum err error =
		catalogue_open(instance_path(restored, "catalogue"), restored->root_public, 0, 0, &catalogue, &refusal);
	catalogue_close(catalogue);
	return error ? complain(EX_DATAERR, "the restored catalogue does not verify (%s)", refusal.reason) : EX_OK;
}

static void say(const struct restore_report *report, const char *file, struct date today, long seconds)
{
	char day[DATE_TEXT];
	date_format(report->day, day);
	long long age = (long long) (date_days(today) - date_days(report->day));
	printf("The drill went well: %s can be restored.\n", file);
	printf("Backup %llu of '%s', made on %s: %lld day%s old\n", (unsigned long long) report->number, report->name,
	       day, age, age == 1 ? "" : "s");
	printf("Every table has the rows and the hash that it had: events: %llu, responses: %s\n",
	       (unsigned long long) report->events, restore_band(report->responses));
	printf("Key periods whose secret opens an envelope: %zu of %zu\n", report->periods_opened,
	       report->periods_opened);
	printf("The catalogue was published and verified. All of it took %ld second%s, and was removed again.\n",
	       seconds, seconds == 1 ? "" : "s");
}

static int restore_and_look(struct instance *instance, const struct restore_request *request)
{
	struct restore_report report;
	struct instance restored;
	struct timespec begun, ended;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	int code = restore_instance(request, &instance->arena, &report);
	if (code == EX_OK) {
		code = instance_open(&restored, request->dir, OFFICE_READER);
		if (code == EX_OK)
			code = look_at(&restored);
		instance_close(&restored);
	}
	if (code == EX_OK && report.periods_missing)
		code = complain(EX_DATAERR, "not every key period of the backup opens");
	clock_gettime(CLOCK_MONOTONIC, &ended);
	if (code == EX_OK)
		say(&report, request->file, date_today(), (long) (ended.tv_sec - begun.tv_sec) + 1);
	return code;
}

int drill(struct instance *instance, const char *file, const struct recovery_source *source)
{
	struct restore_request request = {.file = file ? file : newest(instance),
					  .source = source,
					  .recovery_fallback = instance_recovery_file(instance),
					  .is_drill = true};
	CLEANUP_FD int lock = -1;
	if (!source->file && !source->shares_count && !request.recovery_fallback)
		return complain(
			EX_USAGE,
			"a drill needs the recovery key: --recovery FILE, or two of its three shares, --share FILE "
			"--share FILE");
	if (!request.file)
		return complain(EX_NOINPUT, "there is no backup to try: make one with '%s backup', or name a file",
				command());
	folders_sweep_scratch(instance->dir, "drill", &instance->arena);
	enum err error = folders_make_scratch(instance->dir, "drill", &instance->arena, &request.dir, &lock);
	if (error)
		return complain_err(error, "no folder can be made in %s", instance->dir);
	int code = restore_and_look(instance, &request);
	if (!folders_remove(request.dir) && code == EX_OK)
		code = complain(EX_IOERR, "%s could not be removed: remove it, it holds responses", request.dir);
	if (code != EX_OK)
		complain(code, "the drill FAILED: %s is not known to be of use", request.file);
	return code;
}
