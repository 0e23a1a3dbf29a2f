/* SPDX-License-Identifier: MIT */
/* main.c: soundings, the command line: set-up, forms, events, QR codes, exports, checks. See soundings(1). */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "instance.h"

#include "lib/base/log.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct command {
	const char *name;
	int (*run)(const char *instance_dir, int argc, char **argv);
	const char *usage;
	const char *meaning;
};

static const struct command commands[] = {
	{"init", cmd_init, "init DIR [--forms DIR] [--port N]",
	 "make a new instance in DIR, with its keys and recovery file"},
	{"run", cmd_run, "run [--port N]", "start nginx and every program; Ctrl-C stops them"},
	{"form", cmd_form, "form check|publish FOLDER, form list", "check a form, publish it, list what is published"},
	{"event", cmd_event, "event add|list|show|open|close|release",
	 "make events and lead them from open to released"},
	{"qr", cmd_qr, "qr CODE --format svg|png|text -o FILE", "draw the QR code of an event's address"},
	{"poster", cmd_poster, "poster CODE [--kind a4|cards|...] -o FILE",
	 "draw a poster, cards, a tent or a slide of an event"},
	{"export", cmd_export, "export CODE --format csv|json -o FILE", "write the responses of an event to a file"},
	{"withdraw", cmd_withdraw, "withdraw", "take back the answers that a receipt belongs to"},
	{"expire", cmd_expire, "expire", "delete what was promised to be deleted by today"},
	{"account", cmd_account, "account first|list|reset NAME|end NAME", "who may sign in to the organisers' pages"},
	{"audit", cmd_audit, "audit verify [--head FILE], audit head",
	 "whether the record of who did what is as it was written"},
	{"key", cmd_key, "key rotate|recover|shares|sheet", "a new key, keys that are lost, the recovery key on paper"},
	{"backup", cmd_backup, "backup [FILE], backup --check|--list|--drill",
	 "make a sealed backup, check it, list them, try to restore one"},
	{"restore", cmd_restore, "restore FILE --recovery FILE",
	 "make an instance out of a backup and the recovery key"},
	{"spool", cmd_spool, "spool, spool salvage [FILE ...]",
	 "what is in the spool; get what can be got out of damaged spool files"},
	{"kiosk", cmd_kiosk, "kiosk pin, kiosk pack|take FOLDER",
	 "the PIN of a kiosk's staff; bring events and forms to a kiosk"},
	{"doctor", cmd_doctor, "doctor", "look at everything and say what is not right, and what to do"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int help(FILE *out, int code)
{
	fputs("usage: soundings [--instance DIR] COMMAND ...\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-42s %s\n", commands[i].usage, commands[i].meaning);
	fputs("\nDIR is the instance to work on, " COMMAND_INSTANCE " unless given. Each command knows --help. See "
	      "soundings(1).\n",
	      out);
	return code;
}

static int unknown(const char *word)
{
	const char *names[COMMANDS];
	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	return args_unknown(EX_USAGE, "there is no command", word, names, COMMANDS, "'soundings --help' lists them");
}

static int option_unknown(const char *option, bool is_last)
{
	static const char *const names[] = {"--instance", "--help"};
	if (is_last && strcmp(option, names[0]) == 0)
		return complain(EX_USAGE, "--instance needs the folder of an instance after it");
	return args_unknown(EX_USAGE, "before the command there is no option", option, names, 2,
			    "'soundings --help' says what there is");
}

int main(int argc, char **argv)
{
	log_init("soundings");
	if (isatty(STDERR_FILENO)) /* a journal wants both */
		log_hush();
	const char *dir = COMMAND_INSTANCE;
	int at = 1;
	while (at < argc && argv[at][0] == '-') {
		if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0)
			return help(stdout, EX_OK);
		if (strncmp(argv[at], "--instance=", 11) == 0) {
			dir = argv[at++] + 11;
		} else if (strcmp(argv[at], "--instance") == 0 && at + 1 < argc) {
			dir = argv[at + 1];
			at += 2;
		} else {
			return option_unknown(argv[at], at + 1 == argc);
		}
	}
	if (at == argc)
		return help(stderr, EX_USAGE);
	command_on(dir);
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[at], commands[i].name) == 0)
			return commands[i].run(dir, argc - at, argv + at);
	return unknown(argv[at]);
}
