/* SPDX-License-Identifier: MIT */
/* cmd_kiosk.c: soundings kiosk: the PIN of its staff, and what is brought to it from the hub. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "folders.h"
#include "front.h"
#include "kiosk_stick.h"
#include "nginx_conf.h"

#include "lib/account/password.h"
#include "lib/account/pin.h"
#include "lib/base/file.h"
#include "lib/station/station.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

enum { PIN_LINE_MAX = 64 };

static const char usage[] =
	"usage: soundings [--instance DIR] kiosk pin\n"
	"       soundings [--instance DIR] kiosk pack FOLDER\n"
	"       soundings [--instance DIR] kiosk take FOLDER [--port N]\n"
	"       soundings [--instance DIR] kiosk nginx\n"
	"Sets the PIN of a kiosk's staff menu, read from standard input. On the hub: writes what a kiosk needs into a "
	"folder,\n"
	"such as a stick's. On the kiosk: takes it, and makes the kiosk's instance in DIR if there is none. Writes\n"
	"run/nginx.conf, for an nginx that 'soundings run' does not start.\n";

/* ---- pin --------------------------------------------------------------------------------------------------------------- */

/* A line of standard input without its end; at a terminal it is asked for, and not shown. False: none came, or one that is too long. */
static bool read_line(const char *question, char line[PIN_LINE_MAX])
{
	struct termios before;
	bool is_terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
	if (is_terminal) {
		struct termios quiet = before;
		quiet.c_lflag &= ~(tcflag_t) ECHO;
		fputs(question, stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	bool is_read = fgets(line, PIN_LINE_MAX, stdin) != NULL;
	if (is_terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	size_t length = is_read ? strcspn(line, "\r\n") : 0;
	bool is_whole = is_read && (line[length] != '\0' || feof(stdin));
	if (is_read)
		line[length] = '\0';
	return is_whole;
}

static int check_pin(const char *pin)
{
	static const char *const mends[PIN_FLAW_COUNT] = {
		[PIN_NO_DIGITS] = "a PIN is made of numbers: 6 to 12 of them",
		[PIN_SHORT] = "a PIN has 6 numbers at least",
		[PIN_LONG] = "a PIN has 12 numbers at most",
		[PIN_COMMON] = "that PIN is one of the first that anybody tries: take numbers without a pattern",
	};
	enum pin_flaw flaw = pin_flaw(pin);
	return flaw == PIN_FINE ? EX_OK : complain(EX_DATAERR, "%s", mends[flaw]);
}

static int store_pin(struct instance *instance, const char *pin)
{
	struct gate *gate = NULL;
	char hash[PASSWORD_HASH_TEXT + 1] = {0};
	enum err error = gate_new(1, 0, &gate);
	if (!error)
		error = password_hash(gate, pin, hash);
	if (!error)
		error = file_make_dir(AT_FDCWD, instance_path(instance, STATION_FOLDER), 0700);
	size_t length = strlen(hash);
	hash[length] = '\n';
	if (!error)
		error = file_write(AT_FDCWD, instance_path(instance, STATION_PIN), hash, length + 1, 0600);
	return error ? complain_err(error, "the PIN could not be stored; the one before stays") : EX_OK;
}

static int set_pin(struct instance *instance)
{
	char pin[PIN_LINE_MAX] = {0}, again[PIN_LINE_MAX] = {0};
	bool is_terminal = isatty(STDIN_FILENO);
	int code = read_line("New PIN (6 to 12 numbers, not shown): ", pin)
			   ? check_pin(pin)
			   : complain(EX_DATAERR, "the PIN comes on standard input, one line of 6 to 12 numbers");
	if (code == EX_OK && is_terminal && (!read_line("Once more: ", again) || strcmp(pin, again) != 0))
		code = complain(EX_DATAERR, "those were two different PINs; nothing was changed");
	if (code == EX_OK)
		code = store_pin(instance, pin);
	explicit_bzero(pin, sizeof pin);
	explicit_bzero(again, sizeof again);
	if (code == EX_OK)
		puts("The PIN is set. It counts from now on.");
	return code;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

static int not_a_kiosk(const struct instance *instance)
{
	return complain(EX_CONFIG, "%s is no kiosk: its soundings.conf says mode = phone", instance->dir);
}

static int with_kiosk(const char *dir, int (*run)(struct instance *instance))
{
	struct instance instance;
	struct instance_parts parts;
	int code = front_become_owner(dir);
	if (code != EX_OK)
		return code;
	code = instance_open_parts(&instance, dir, OFFICE_READER, &parts);
	if (code == EX_OK)
		code = instance.conf.mode == CONF_MODE_KIOSK ? run(&instance) : not_a_kiosk(&instance);
	instance_close(&instance);
	return code;
}

static int write_nginx(struct instance *instance)
{
	int code = front_pages(instance);
	return code == EX_OK ? nginx_conf_write(instance, instance->conf.port) : code;
}

/* Makes DIR what it should be, as far as it is not, and takes what FOLDER has. */
static int take_into(const char *dir, const char *folder, unsigned port)
{
	struct instance instance;
	struct instance_parts parts;
	struct instance fresh = {.dir = dir};
	arena_init(&fresh.arena, 1024 * 1024);
	folders_make_parents(dir, &fresh.arena);
	int code = front_make(&fresh, port);
	arena_fini(&fresh.arena);
	if (code != EX_OK)
		return code;
	code = instance_open_parts(&instance, dir, OFFICE_READER, &parts);
	bool has_root = parts.is_open[INSTANCE_ROOT];
	if (code == EX_OK && instance.conf.mode != CONF_MODE_KIOSK)
		code = not_a_kiosk(&instance);
	else if (code == EX_OK && !front_is(&instance, &parts))
		code = complain(EX_CONFIG, "%s has an office: it publishes its own catalogues", dir);
	else if (code == EX_OK && !has_root && parts.error[INSTANCE_ROOT] != ERR_NOT_FOUND)
		code = complain_err(parts.error[INSTANCE_ROOT], "%s/front/root.pub", dir);
	if (code == EX_OK)
		code = kiosk_take(&instance, folder, has_root);
	if (code == EX_OK)
		code = front_pages(&instance);
	instance_close(&instance);
	return code;
}

/* ---- commands ----------------------------------------------------------------------------------------------------------- */

static int cmd_take(const char *dir, int argc, char **argv)
{
	static const struct option options[] = {
		{"port", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'}, {0}};
	unsigned long port = 0;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		char *end = NULL;
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "kiosk take", argv, options);
		if (option == 'p' && ((port = strtoul(optarg, &end, 10)) < 1 || port > 65535 || *end))
			return complain(EX_USAGE, "--port takes a number from 1 to 65535, not '%s'", optarg);
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	int code = front_become_owner(dir);
	return code == EX_OK ? take_into(dir, argv[optind], (unsigned) port) : code;
}

/* Of a hub: what is published. Whoever mounted the stick may be somebody else than the hub's owner, so nobody becomes another here. */
static int cmd_pack(const char *dir, int argc, char **argv)
{
	if (argc != 2 || argv[1][0] == '-')
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	struct instance instance;
	struct instance_parts parts;
	int code = instance_open_parts(&instance, dir, OFFICE_READER, &parts);
	if (code == EX_OK && !parts.is_open[INSTANCE_ROOT])
		code = complain_err(parts.error[INSTANCE_ROOT], "%s/front/root.pub", dir);
	if (code == EX_OK)
		code = kiosk_pack(&instance, argv[1]);
	instance_close(&instance);
	return code;
}

int cmd_kiosk(const char *instance_dir, int argc, char **argv)
{
	static const char *const names[] = {"pin", "pack", "take", "nginx"};
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc < 2)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	if (strcmp(argv[1], "take") == 0)
		return cmd_take(instance_dir, argc - 1, argv + 1);
	if (strcmp(argv[1], "pack") == 0)
		return cmd_pack(instance_dir, argc - 1, argv + 1);
	bool is_pin = strcmp(argv[1], "pin") == 0;
	if (!is_pin && strcmp(argv[1], "nginx") != 0)
		return args_unknown(EX_USAGE, "there is no command", argv[1], names, 4,
				    "'soundings kiosk --help' says what there is");
	if (argc > 2 && is_pin)
		return complain(EX_USAGE, "the PIN comes on standard input, where nobody else sees it");
	if (argc > 2)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	return with_kiosk(instance_dir, is_pin ? set_pin : write_nginx);
}
