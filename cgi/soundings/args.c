/* SPDX-License-Identifier: MIT */
/* args.c: a slip at the keyboard is told with the word that was probably meant. getopt's own sentences are neither ours nor
 * in the shape of the others. */
#include "args.h"
#include "command.h"

#include "lib/base/problem.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

enum { ARGS_OPTIONS_MAX = 32 };

int args_unknown(int code, const char *what, const char *word, const char *const *names, size_t count,
		 const char *otherwise)
{
	const char *nearest = problem_nearest(word, names, count);
	if (nearest)
		return complain(code, "%s '%s'; did you mean '%s'?", what, word, nearest);
	return complain(code, "%s '%s'; %s", what, word, otherwise);
}

/* The long option that getopt_long means by optopt; NULL for a short one. */
static const char *option_name(const struct option *options)
{
	for (; options->name; options++)
		if (options->val == optopt)
			return options->name;
	return NULL;
}

/* Only an unknown long option leaves optopt 0. */
static int refuse_unknown_long(const char *command, const char *typed, const struct option *options)
{
	const char *names[ARGS_OPTIONS_MAX];
	size_t count = 0;
	for (; options[count].name && count < ARGS_OPTIONS_MAX; count++)
		names[count] = options[count].name;
	char word[64];
	snprintf(word, sizeof word, "%.*s", (int) strcspn(typed + 2, "="), typed + 2);
	const char *nearest = problem_nearest(word, names, count);
	if (nearest)
		return complain(EX_USAGE, "'soundings %s' has no option '--%s'; did you mean '--%s'?", command, word,
				nearest);
	return complain(EX_USAGE, "'soundings %s' has no option '--%s'; 'soundings %s --help' lists them", command,
			word, command);
}

int args_refuse(int refused, const char *command, char *const *argv, const struct option *options)
{
	const char *typed = argv[optind - 1], *name = option_name(options);
	if (optopt == 0)
		return refuse_unknown_long(command, typed, options);
	if (refused == ':' && name)
		return complain(EX_USAGE, "--%s needs a value after it; 'soundings %s --help' shows one", name,
				command);
	if (refused == ':')
		return complain(EX_USAGE, "-%c needs a value after it; 'soundings %s --help' shows one", optopt,
				command);
	if (name && strncmp(typed, "--", 2) == 0 && strchr(typed, '='))
		return complain(EX_USAGE, "--%s takes no value; 'soundings %s --help' says what it does", name,
				command);
	return complain(EX_USAGE, "'soundings %s' has no option '-%c'; 'soundings %s --help' lists them", command,
			optopt, command);
}

bool args_want_help(int argc, char *const *argv)
{
	return argc > 1 && (strcmp(argv[argc - 1], "--help") == 0 || strcmp(argv[argc - 1], "-h") == 0);
}

int args_no_event(struct instance *instance, const char *code)
{
	struct office_event *events = NULL;
	size_t count = 0;
	const char **codes = NULL;
	if (office_event_list(instance->office, &instance->arena, &events, &count) == ERR_OK)
		codes = arena_array(&instance->arena, count, const char *);
	for (size_t i = 0; codes && i < count; i++)
		codes[i] = events[i].shown.code;
	return args_unknown(EX_DATAERR, "there is no event with the code", code, codes, codes ? count : 0,
			    arena_printf(&instance->arena, "'%s event list' shows them", command()));
}
