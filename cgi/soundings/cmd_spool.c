/* SPDX-License-Identifier: MIT */
/* cmd_spool.c: soundings spool: what is in the spool folder; soundings spool salvage: what can still be got out of damaged files. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "instance.h"
#include "salvage.h"
#include "spool_state.h"

#include "lib/base/file.h"
#include "lib/spool/spool.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { SPOOL_TIMEOUT_MS = 2000 };

static const char usage[] =
	"usage: soundings [--instance DIR] spool\n"
	"       soundings [--instance DIR] spool salvage [--keep] [FILE ...]\n"
	"       soundings [--instance DIR] spool salvage --forget FILE\n"
	"Says what is in the spool. Hands everything that damaged spool files still hold to the spooler once more.\n";

/* ---- what there is -------------------------------------------------------------------------------------------- */

/* Asked in the instance's folder, for socket addresses are short. */
static enum err ask_count(struct instance *instance, uint64_t *waiting, uint64_t *filed)
{
	CLEANUP_FD int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || chdir(instance->dir) != 0)
		return ERR_IO;
	struct spool spool;
	spool_init(&spool, "run/batch.sock", SPOOL_TIMEOUT_MS);
	enum err error = spool_count(&spool, waiting, filed);
	spool_fini(&spool);
	return fchdir(before) == 0 ? error : ERR_IO;
}

static void print_files(const char *what, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s %s\n", what, paths[i]);
}

static int show(struct instance *instance)
{
	struct spool_state state;
	uint64_t waiting = 0, filed = 0;
	enum err error = spool_state_read(instance, &state);
	if (error)
		return complain_err(error, "%s/spool", instance->dir);
	if (ask_count(instance, &waiting, &filed) == ERR_OK)
		printf("Envelopes that wait to be filed: %s. Filed, and waiting for a backup: %s.\n",
		       salvage_band(waiting), salvage_band(filed));
	else
		puts("The spooler does not answer.");
	if (state.is_marked)
		puts("The spool file has failed. When the spooler starts again, it sets it aside and begins a new "
		     "one.");
	print_files("Damaged:", state.damaged, state.damaged_count);
	print_files("Salvaged:", state.salvaged, state.salvaged_count);
	if (state.is_low)
		puts("The disk has so little room left that no new responses are taken.");
	if (state.is_ballast_gone)
		puts("The ballast is not there: on a full disk nothing could be deleted.");
	if (state.damaged_count)
		printf("What damaged files still hold: %s spool salvage\n", command());
	return EX_OK;
}

static int cmd_show(const char *instance_dir, int argc, char **argv)
{
	if (argc > 1 && argv[1][0] == '-')
		return complain(EX_USAGE,
				"'soundings spool' has no option '%s'; 'soundings spool --help' says what there is",
				argv[1]);
	if (argc > 1) {
		static const char *const names[] = {"salvage"};
		return args_unknown(EX_USAGE, "there is no command", argv[1], names, 1,
				    "'soundings spool --help' says what there is");
	}
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_READER);
	if (code == EX_OK)
		code = show(&instance);
	instance_close(&instance);
	return code;
}

/* ---- salvage ---------------------------------------------------------------------------------------------------- */

static int salvage_files(struct instance *instance, char **files, size_t count, bool is_kept)
{
	struct spool_state state;
	if (count)
		return salvage(instance, (const char *const *) files, count, is_kept);
	enum err error = spool_state_read(instance, &state);
	if (error)
		return complain_err(error, "%s/spool", instance->dir);
	if (state.damaged_count == 0) {
		puts("No damaged spool file is there.");
		return EX_OK;
	}
	return salvage(instance, state.damaged, state.damaged_count, is_kept);
}

static int cmd_salvage(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {{"keep", no_argument, NULL, 'k'},
						{"forget", no_argument, NULL, 'f'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	bool is_kept = false, is_forgotten = false;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "spool salvage", argv, options);
		is_kept = is_kept || option == 'k';
		is_forgotten = is_forgotten || option == 'f';
	}
	size_t count = (size_t) (argc - optind);
	if (is_forgotten && (is_kept || count != 1))
		return complain(EX_USAGE, "--forget deletes one file for good: name that file, and nothing else");
	struct instance instance;
	int code = instance_open(&instance, instance_dir, is_forgotten ? OFFICE_READER : OFFICE_CLI);
	if (code == EX_OK)
		code = is_forgotten ? salvage_forget(argv[optind], &instance.arena)
				    : salvage_files(&instance, argv + optind, count, is_kept);
	instance_close(&instance);
	return code;
}

int cmd_spool(const char *instance_dir, int argc, char **argv)
{
	if (argc == 2 && args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc > 1 && strcmp(argv[1], "salvage") == 0)
		return cmd_salvage(instance_dir, argc - 1, argv + 1);
	return cmd_show(instance_dir, argc, argv);
}
