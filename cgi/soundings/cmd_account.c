/* SPDX-License-Identifier: MIT */
/* cmd_account.c: soundings account: who may sign in to the organisers' pages, for whoever runs the machine.
 *
 * It never takes or shows a password: addresses that work once go to the terminal, and whoever opens one chooses. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "first_address.h"
#include "instance.h"

#include "lib/account/token.h"
#include "lib/base/problem.h"
#include "lib/office/accounts.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

static const char usage[] =
	"usage: soundings account first              prints an address that makes the first administrator, once, "
	"within 24 "
	"hours\n"
	"       soundings account list               who may sign in, in which role, for which Areas\n"
	"       soundings account reset NAME [--code]\n"
	"                                            prints an address where NAME chooses a new password, once, within "
	"24 "
	"hours;\n"
	"                                            --code: takes the second step of signing in away too, for "
	"somebody "
	"who has\n"
	"                                            lost their telephone and the recovery codes\n"
	"       soundings account end NAME           NAME can never sign in again\n"
	"NAME is what is typed at sign-in. Anything else is done in the organisers' pages.\n";

static int account_first(struct instance *instance, const char *name, bool with_code)
{
	(void) name;
	(void) with_code;
	const char *address = NULL;
	enum err error = first_address(instance, &address);
	if (error == ERR_CONFLICT)
		return complain(
			EX_DATAERR,
			"there are accounts already: an administrator invites others in the organisers' pages; whoever "
			"cannot sign in gets a new password with '%s account reset NAME' ('%s account list' names "
			"them)",
			command(), command());
	if (error)
		return complain_err(error, "no address could be made");
	printf("Make the first administrator here, within %d hours and only once:\n  %s\n", FIRST_ADDRESS_HOURS,
	       address);
	return EX_OK;
}

static void print_areas(const struct office_account *account)
{
	for (size_t i = 0; i < account->areas_count; i++)
		printf("%s%s", i == 0 ? "  " : ", ", account->areas[i]);
}

static int account_list(struct instance *instance, const char *name, bool with_code)
{
	(void) name;
	(void) with_code;
	static const char *const states[] = {
		[ACCOUNT_INVITED] = "invited", [ACCOUNT_ACTIVE] = "active", [ACCOUNT_ENDED] = "ended"};
	struct office_account *list = NULL;
	size_t count = 0;
	enum err error = office_account_list(instance->office, &instance->arena, &list, &count);
	if (error)
		return complain_err(error, "the accounts cannot be read");
	for (size_t i = 0; i < count; i++) {
		printf("%-32s %-13s %-7s %s", list[i].name, account_role_name(list[i].role), states[list[i].state],
		       list[i].state != ACCOUNT_ACTIVE ? ""
		       : list[i].has_totp              ? "second step"
						       : "password alone");
		print_areas(&list[i]);
		putchar('\n');
	}
	if (count == 0)
		printf("There is no account yet. Begin with: %s account first\n", command());
	return EX_OK;
}

/* "there is no account 'smith'; did you mean 'smit'?" */
static int account_find(struct instance *instance, const char *name, struct office_account **out)
{
	struct office_account *list = NULL;
	size_t count = 0;
	enum err error = office_account_named(instance->office, name, &instance->arena, out);
	if (error != ERR_NOT_FOUND)
		return error ? complain_err(error, "the account cannot be read") : EX_OK;
	error = office_account_list(instance->office, &instance->arena, &list, &count);
	const char **names = arena_array(&instance->arena, count + 1, const char *);
	for (size_t i = 0; !error && names && i < count; i++)
		names[i] = list[i].name;
	const char *nearest = !error && names ? problem_nearest(name, names, count) : NULL;
	if (nearest)
		return complain(EX_DATAERR, "there is no account '%s'; did you mean '%s'?", name, nearest);
	return complain(EX_DATAERR, "there is no account '%s'; '%s account list' names them", name, command());
}

/* A fresh address for ACCOUNT, for a password that it chooses; the office keeps its hash alone. */
static enum err make_address(struct instance *instance, const struct office_account *account, bool with_code,
			     const char **address)
{
	char token[TOKEN_TEXT];
	uint8_t hash[TOKEN_HASH_BYTES];
	const struct office_one_time what = {.purpose = account->state == ACCOUNT_INVITED ? ADDRESS_INVITATION
											  : ADDRESS_RESET,
					     .account = account->id};
	token_new(token);
	token_hash(token, hash);
	int64_t until_s = (int64_t) time(NULL) + FIRST_ADDRESS_HOURS * 3600;
	enum err error = with_code ? office_account_reset(instance->office, account->id, hash, until_s)
				   : office_one_time_add(instance->office, hash, &what, until_s);
	if (!error) {
		*address = arena_printf(&instance->arena, "%s/welcome/%s", instance->conf.organiser_url, token);
		error = *address ? ERR_OK : ERR_NOMEM;
	}
	explicit_bzero(token, sizeof token);
	return error;
}

static int account_reset(struct instance *instance, const char *name, bool with_code)
{
	struct office_account *account = NULL;
	const char *address = NULL;
	int code = account_find(instance, name, &account);
	if (code != EX_OK)
		return code;
	if (account->state == ACCOUNT_ENDED)
		return complain(EX_DATAERR,
				"'%s' has ended, for good: an administrator invites the person anew, by another name",
				name);
	enum err error = make_address(instance, account, with_code && account->has_totp, &address);
	if (error)
		return complain_err(error, "no address could be made");
	printf("%s (%s) chooses a new password here, within %d hours and only once:\n  %s\n", account->shown,
	       account->name, FIRST_ADDRESS_HOURS, address);
	return EX_OK;
}

static int account_end(struct instance *instance, const char *name, bool with_code)
{
	(void) with_code;
	struct office_account *account = NULL;
	int code = account_find(instance, name, &account);
	if (code != EX_OK)
		return code;
	enum err error = office_account_end(instance->office, account->id);
	if (error == ERR_CONFLICT)
		return complain(EX_DATAERR, "'%s' has ended already", name);
	if (error == ERR_DENIED)
		return complain(EX_DATAERR,
				"'%s' is the only administrator who can sign in: make another one administrator first",
				name);
	if (error)
		return complain_err(error, "the account could not be ended");
	printf("%s can never sign in again; whoever was signed in by that name is not any more.\n", account->name);
	return EX_OK;
}

static const struct verb {
	const char *name;
	int (*run)(struct instance *instance, const char *name, bool with_code);
	bool has_name;
} verbs[] = {
	{"first", account_first, false},
	{"list", account_list, false},
	{"reset", account_reset, true},
	{"end", account_end, true},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

static const struct verb *find_verb(const char *word)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(word, verbs[i].name) == 0)
			return &verbs[i];
	return NULL;
}

static int unknown_verb(const char *word)
{
	const char *names[VERBS];
	for (size_t i = 0; i < VERBS; i++)
		names[i] = verbs[i].name;
	return args_unknown(EX_USAGE, "'account' has no command", word, names, VERBS,
			    "'soundings account --help' lists them");
}

int cmd_account(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {{"code", no_argument, NULL, 'c'}, {0}};
	bool with_code = false;
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET, options, NULL)) != -1;) {
		if (option != 'c')
			return args_refuse(option, "account", argv, options);
		with_code = true;
	}
	if (optind == argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	const struct verb *verb = find_verb(argv[optind]);
	if (!verb)
		return unknown_verb(argv[optind]);
	int words = argc - optind - 1;
	if (words != verb->has_name)
		return complain(EX_USAGE,
				verb->has_name ? "'account %s' takes one name, that is typed at sign-in"
					       : "'account %s' takes no other word",
				verb->name);
	if (with_code && verb->run != account_reset)
		return complain(EX_USAGE, "--code is for 'account reset' alone");
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_CLI);
	if (code == EX_OK)
		code = verb->run(&instance, verb->has_name ? argv[optind + 1] : NULL, with_code);
	instance_close(&instance);
	return code;
}
