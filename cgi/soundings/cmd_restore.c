/* SPDX-License-Identifier: MIT */
/* cmd_restore.c: soundings restore: an instance out of a backup and the recovery key, and what to do next. restore.c does it. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "instance.h"
#include "restore/restore.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const char usage[] =
	"usage: soundings [--instance DIR] restore FILE [--recovery FILE | --share FILE --share FILE] [--older] "
	"[--old-key] "
	"[--yes-it-is YYYY-MM-DD]\n"
	"Makes DIR the instance that the backup FILE holds: DIR may be missing, hold a spool, or be a whole instance. "
	"What\n"
	"must not be undone is taken over from the office that is there: withdrawals, releases, key periods, new "
	"events.\n"
	"The recovery key is read from FILE ('-': standard input), or from two of its three shares.\n"
	"  --older      go back on purpose, though a newer backup is known. Withdrawals, releases and key periods of "
	"newer\n"
	"               ones in the same folder are taken over; their responses do not come along: only what the "
	"spool\n"
	"               still holds is filed again\n"
	"  --old-key    take FILE though another content key has replaced the one that signed it: only if you know "
	"where "
	"it\n"
	"               has been, for whoever stole the old key can make such a file\n"
	"  --yes-it-is  today's date, when the clock is right though the backup is more than two months old\n";

static void say_merged(const struct restore_report *report)
{
	const struct office_merged *merged = &report->merged;
	if (report->is_found_merged)
		puts("The office that was there was merged into it.");
	if (report->newer)
		printf("Newer backups that were merged into it: %zu\n", report->newer);
	if (!report->is_found_merged && !report->newer)
		return;
	printf("Taken over: events: %zu, releases: %zu, withdrawals: %s (responses that went with them: %s), "
	       "quarantine: "
	       "%s\n",
	       merged->events, merged->released, restore_band(merged->tombstones), restore_band(merged->withdrawn),
	       restore_band(merged->quarantined));
}

static void say_done(const char *dir, const struct restore_report *report)
{
	char day[DATE_TEXT];
	date_format(report->day, day);
	printf("%s is restored from backup %llu of '%s', made on %s.\n", dir, (unsigned long long) report->number,
	       report->name, day);
	printf("In it: events: %llu, responses: %s, key periods that open: %zu\n", (unsigned long long) report->events,
	       restore_band(report->responses), report->periods_opened);
	say_merged(report);
	if (report->expired.responses || report->expired.apart || report->expired.texts)
		printf("Deleted, for their time is over: responses: %s\n", restore_band(report->expired.responses));
	if (report->damaged)
		printf("The damaged office is kept as %s. It holds responses: when nobody can mend it, delete it.\n",
		       report->damaged);
}

static void say_next(const struct restore_report *report)
{
	printf("\nWhat to do next:\n"
	       "  %s run     start the programs; what the spool still holds is filed again%s\n"
	       "  %s backup  the first backup of the restored office%s\n"
	       "  %s doctor  see that all is well\n"
	       "If the machine was stolen, or others may have read it, soundings-keeping(7) says under \"Stolen\" what "
	       "to do;\n"
	       "in short, so that what comes from now on is sealed and signed with other keys:\n"
	       "  %s key rotate --recovery FILE\n"
	       "  %s key rotate --practice --recovery FILE\n"
	       "  rm keys/content.secret in the instance, and %s key recover --recovery FILE  (a new content key)\n",
	       command(),
	       report->is_spool_asked ? report->is_spool_held ? " (it holds some)" : " (it holds nothing)" : "",
	       command(), report->merged.released ? "; releases that were taken over are shown after it" : "",
	       command(), command(), command(), command());
}

int cmd_restore(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"recovery", required_argument, NULL, RECOVERY_OPTION},
		{"share", required_argument, NULL, RECOVERY_SHARE_OPTION},
		{"older", no_argument, NULL, 'o'},
		{"old-key", no_argument, NULL, 'k'},
		{"yes-it-is", required_argument, NULL, 'y'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct recovery_source source = {.file = NULL};
	struct restore_request request = {.dir = instance_dir, .source = &source};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "restore", argv, options);
		if (option == 'o')
			request.is_older = true;
		if (option == 'k')
			request.is_old_key = true;
		if (option == 'y')
			request.confirmed_day = optarg;
		int code = option == 'o' || option == 'k' || option == 'y' ? EX_OK
									   : recovery_take(&source, option, optarg);
		if (code != EX_OK)
			return code;
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	request.file = argv[optind];
	struct arena arena;
	struct restore_report report;
	arena_init(&arena, 64 * 1024);
	int code = restore_instance(&request, &arena, &report);
	if (code == EX_OK) {
		say_done(instance_dir, &report);
		say_next(&report);
	}
	arena_fini(&arena);
	return code;
}
