/* SPDX-License-Identifier: MIT */
/* cmd_key_shares.c: soundings key shares and key sheet: the recovery key on paper, in three shares or whole.
 *
 * The seed is read, drawn and forgotten. What is written holds secrets: mode 0600, never over a file that is there, and either
 * all three shares of a set or none, since shares of two sets do not go together. Must not print a line of a share, nor what is
 * drawn from one. */
#include "cmd_key.h"
#include "args.h"
#include "command.h"
#include "folders.h"
#include "recovery.h"
#include "write_out.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/utf8.h"
#include "lib/envelope/shares.h"
#include "lib/print/sheet.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum {
	SHEET_MAX_BYTES = 2 * 1024 * 1024,
	SHEETS_ARENA_BYTES = 1024 * 1024,
	SET_TEXT = 2 * SHARES_SET_BYTES + 2,
	NAME_MAX_CHARACTERS = 50
};

static const char shares_usage[] = "usage: soundings key shares [--recovery FILE | --share FILE --share FILE] -o DIR\n"
				   "Writes three sheets for printing, share-A.pdf to share-C.pdf, into DIR. Any two of "
				   "them open everything, one alone\n"
				   "opens nothing. The recovery key is read from FILE (-: standard input), or from the "
				   "recovery file that is still in\n"
				   "the instance, or from two shares that there are.\n";

static const char sheet_usage[] =
	"usage: soundings key sheet [--recovery FILE | --share FILE --share FILE] -o FILE\n"
	"Writes the whole recovery key as a sheet for printing. FILE may be -: standard output, for a printer.\n";

/* ---- the words --------------------------------------------------------------------------------------------------------- */

static const char *const share_what[] = {
	"The instance named above collects what people say at events. Its backups are locked, and so is every "
	"response. The key that opens them when a machine is lost has been split into three shares: A, B and C. "
	"This is one of them.",
	NULL};
static const char *const share_to_do[] = {
	"Keep this sheet in a locked place. Each share is with another person, elsewhere.",
	"Never photograph or copy it, and never hold a phone over the code.",
	"Do not bring two shares together before they are needed.",
	"Once a year, look whether it is there and can be read. If it is lost, or somebody else is to keep it, "
	"tell whoever runs Soundings: then three new sheets are made, and the old ones destroyed.",
	NULL};
static const char *const share_when[] = {
	"It takes two sheets of the same set, the newest backup, and a machine with Soundings. Make a text file "
	"of each sheet: scan the code with a scanner that is plugged into that machine, or type the lines, also "
	"those with BEGIN and END. Spaces and capitals do not matter, and a wrong sign is noticed. Then type, "
	"with the names of your own files:",
	NULL};
static const struct sheet_section share_sections[] = {
	{.heading = "What this is", .paragraphs = share_what},
	{.heading = "What to do with it", .paragraphs = share_to_do, .is_numbered = true},
	{.heading = "When it is needed",
	 .paragraphs = share_when,
	 .typed = "soundings --instance FOLDER restore BACKUP --share ONE.txt --share OTHER.txt"},
};

static const char *const key_what[] = {
	"The instance named above collects what people say at events. Its backups are locked, and so is every "
	"response. The lines below open all of it, and name the keys that all its machines trust. Without them, "
	"nothing can be brought back when the machine is lost, and no key can be changed.",
	NULL};
static const char *const key_to_do[] = {
	"Print this sheet twice. Keep the two in two locked places, with two people who can be trusted.",
	"Never photograph it, and never hold a phone over the code.",
	"Delete the file it was printed from, and the recovery file on the machine.",
	"Once a year, look whether both sheets are there and can be read.", NULL};
static const char *const key_when[] = {
	"It takes this sheet, the newest backup, and a machine with Soundings. Make a text file of the sheet: "
	"scan the code with a scanner that is plugged into that machine, or type the lines, also those with BEGIN "
	"and END. Spaces and capitals do not matter, and a wrong sign is noticed. Then type, with the names of "
	"your own files:",
	NULL};
static const struct sheet_section key_sections[] = {
	{.heading = "What this is", .paragraphs = key_what},
	{.heading = "What to do with it", .paragraphs = key_to_do, .is_numbered = true},
	{.heading = "When it is needed",
	 .paragraphs = key_when,
	 .typed = "soundings --instance FOLDER restore BACKUP --recovery KEY.txt"},
};

enum { SECTIONS = 3, SECTIONS_BEFORE_CODE = 2 };

/* ---- what both verbs need ------------------------------------------------------------------------------------------------ */

struct order {
	const char *out; /* -o */
	struct recovery_source source;
	const char *left; /* the recovery file that is still in the instance, when it was read; NULL else */
	char day[DATE_TEXT];
	const char *name; /* of the instance */
};

/* EX_OK with OUT set; EX_OK without it: help was given. */
static int take_options(struct order *order, const char *command, const char *usage, int argc, char **argv)
{
	static const struct option options[] = {{"recovery", required_argument, NULL, RECOVERY_OPTION},
						{"share", required_argument, NULL, RECOVERY_SHARE_OPTION},
						{"help", no_argument, NULL, 'h'},
						{0}};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "ho:", options, NULL)) != -1;) {
		if (option == 'h') {
			order->out = NULL;
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		}
		if (option == '?' || option == ':')
			return args_refuse(option, command, argv, options);
		if (option == 'o')
			order->out = optarg;
		else if (recovery_take(&order->source, option, optarg) != EX_OK)
			return EX_USAGE;
	}
	if (optind != argc)
		return complain(EX_USAGE, "'%s' is not an option of '%s'; 'soundings %s --help' lists them",
				argv[optind], command, command);
	return order->out ? EX_OK : fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
}

/* As the recovery file calls it; else the folder's own name. Cut where a sheet has no more room. */
static const char *instance_name(struct instance *instance, const struct recovery *recovery, struct arena *arena)
{
	char *path = instance && !recovery->name[0] ? realpath(instance->dir, NULL) : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *name = recovery->name[0] ? recovery->name : slash && slash[1] ? slash + 1 : "not named";
	size_t length = strlen(name);
	const char *end = name;
	for (int i = 0; i < NAME_MAX_CHARACTERS && *end && utf8_is_valid(name, length); i++)
		utf8_next(&end);
	const char *cut = *end && end != name ? arena_printf(arena, "%.*s...", (int) (end - name), name)
					      : arena_strdup(arena, name);
	free(path);
	return cut;
}

static int read_key(struct instance *instance, struct order *order, struct arena *arena, struct recovery *out)
{
	const char *left = instance ? instance_recovery_file(instance) : NULL;
	int code = recovery_read(&order->source, left, out);
	if (code != EX_OK)
		return code;
	if (instance && memcmp(out->root.public_key, instance->root_public, KEYS_PUBLIC_BYTES) != 0) {
		recovery_wipe(out);
		return complain(
			EX_DATAERR,
			"this recovery key is not the one of %s: name its own with --recovery, or the instance that "
			"this one is of with --instance",
			instance->dir);
	}
	order->left = order->source.file || order->source.shares_count ? NULL : left;
	date_format(date_today(), order->day);
	order->name = instance_name(instance, out, arena);
	if (order->name)
		return EX_OK;
	recovery_wipe(out);
	return complain_err(ERR_NOMEM, "the sheet cannot be drawn");
}

/* ---- three shares ---------------------------------------------------------------------------------------------------------- */

struct sheets {
	const char *paths[SHARES_COUNT];
	struct strbuf drawn[SHARES_COUNT];
	char set[SET_TEXT]; /* "3f9a 12cd" */
};

static enum err draw_share(const struct order *order, const struct share *share, const char *set, struct arena *arena,
			   struct strbuf *out)
{
	const char letter[] = {(char) ('A' + share->number), '\0'};
	char *block = NULL;
	enum err error = share_text(share, arena, &block);
	if (error)
		return error;
	const char *title = arena_printf(arena, "Recovery share %s", letter);
	const char *which = arena_printf(arena, "%s of A, B, C", letter);
	if (!title || !which)
		return ERR_NOMEM;
	const struct sheet sheet = {
		.title = title,
		.lead = "Any two of the three open everything. One opens nothing.",
		.letter = letter,
		.day = order->day,
		.facts = {{"Instance", order->name}, {"Share", which}, {"Set", set}, {"Made on", order->day}},
		.sections = share_sections,
		.sections_count = SECTIONS,
		.sections_before_code = SECTIONS_BEFORE_CODE,
		.block = block,
	};
	return sheet_draw(&sheet, out);
}

static enum err draw_shares(const struct order *order, const uint8_t seed[KEYS_SEED_BYTES], struct arena *arena,
			    struct sheets *sheets)
{
	struct share shares[SHARES_COUNT];
	char hex[2 * SHARES_SET_BYTES + 1];
	shares_split(seed, shares);
	codec_hex(shares[0].set, SHARES_SET_BYTES, hex);
	snprintf(sheets->set, sizeof sheets->set, "%.4s %.4s", hex, hex + SHARES_SET_BYTES);
	enum err error = ERR_OK;
	for (size_t i = 0; !error && i < SHARES_COUNT; i++)
		error = draw_share(order, &shares[i], sheets->set, arena, &sheets->drawn[i]);
	keys_wipe(shares, sizeof shares);
	return error;
}

static int write_sheets(const struct sheets *sheets)
{
	for (size_t i = 0; i < SHARES_COUNT; i++) {
		enum err error = file_write_new(AT_FDCWD, sheets->paths[i], strbuf_text(&sheets->drawn[i]),
						sheets->drawn[i].length, 0600);
		if (!error)
			continue;
		for (size_t j = 0; j < i; j++)
			unlink(sheets->paths[j]); /* a set is whole or is not */
		return complain_err(error, "%s cannot be written; no share was kept", sheets->paths[i]);
	}
	return EX_OK;
}

/* The three names, none of which may be taken. Makes the folder when it is not there. */
static int find_paths(const char *dir, struct arena *arena, struct sheets *sheets)
{
	enum err error = file_make_dir(AT_FDCWD, dir, 0700);
	if (error == ERR_NOT_FOUND)
		return complain(EX_CANTCREAT,
				"the folder that %s would be made in is not there: make it, or name another", dir);
	if (error == ERR_CONFLICT)
		return complain(EX_CANTCREAT, "%s is a file; name a folder, for there are three sheets", dir);
	if (error)
		return complain_err(error, "the folder %s cannot be made", dir);
	for (size_t i = 0; i < SHARES_COUNT; i++) {
		sheets->paths[i] = arena_printf(arena, "%s/share-%c.pdf", dir, (char) ('A' + i));
		if (!sheets->paths[i])
			return complain_err(ERR_NOMEM, "%s", dir);
		if (faccessat(AT_FDCWD, sheets->paths[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return complain(
				EX_CANTCREAT,
				"%s is there already, and is not written over; name another folder, or delete the old "
				"three when their sheets are printed",
				sheets->paths[i]);
	}
	return EX_OK;
}

static void tell_shares(const struct order *order, const struct sheets *sheets)
{
	printf("Three sheets of set %s are made:\n  %s\n  %s\n  %s\n", sheets->set, sheets->paths[0], sheets->paths[1],
	       sheets->paths[2]);
	puts("1. Print each once, on a printer that keeps no copies, and look whether the lines can be read.");
	puts("2. Give each to another person, to be kept in another locked place. Any two open everything, one alone "
	     "nothing.");
	puts("3. Then delete the three files here.");
	puts("Were shares made before? Two of an older set still open everything: take them back and destroy them.");
	if (order->left)
		printf("%s still opens everything by itself: delete it once the sheets are in good hands.\n",
		       order->left);
}

static int make_shares(struct instance *instance, struct order *order)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SHEETS_ARENA_BYTES);
	struct sheets sheets = {0};
	struct recovery recovery;
	int code = read_key(instance, order, &arena, &recovery);
	if (code == EX_OK)
		code = find_paths(order->out, &arena, &sheets);
	for (size_t i = 0; i < SHARES_COUNT; i++)
		strbuf_init(&sheets.drawn[i], SHEET_MAX_BYTES);
	if (code == EX_OK) {
		enum err error = draw_shares(order, recovery.seed, &arena, &sheets);
		code = error ? complain_err(error, "the sheets cannot be drawn") : write_sheets(&sheets);
	}
	if (code == EX_OK)
		tell_shares(order, &sheets);
	for (size_t i = 0; i < SHARES_COUNT; i++)
		strbuf_fini(&sheets.drawn[i]);
	recovery_wipe(&recovery);
	return code;
}

int cmd_key_shares(struct instance *instance, int argc, char **argv)
{
	struct order order = {0};
	int code = take_options(&order, "key shares", shares_usage, argc, argv);
	return code == EX_OK && order.out ? make_shares(instance, &order) : code;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------- */

/* The lines of the recovery file with their marks, without the words around them. */
static enum err key_block(const struct order *order, const uint8_t seed[KEYS_SEED_BYTES], struct arena *arena,
			  char **out)
{
	char *text = NULL;
	enum err error = keys_recovery_text(seed, order->name, order->day, arena, &text);
	if (error)
		return error;
	*out = strstr(text, "BEGIN-RECOVERY-KEY");
	return *out ? ERR_OK : ERR_CORRUPT;
}

static enum err draw_key(const struct order *order, const uint8_t seed[KEYS_SEED_BYTES], struct arena *arena,
			 struct strbuf *out)
{
	char *block = NULL;
	enum err error = key_block(order, seed, arena, &block);
	if (error)
		return error;
	const struct sheet sheet = {
		.title = "Recovery key",
		.lead = "Whoever holds this sheet can open everything. Keep it as you would keep the key of a safe.",
		.day = order->day,
		.facts = {{"Instance", order->name}, {"Made on", order->day}},
		.sections = key_sections,
		.sections_count = SECTIONS,
		.sections_before_code = SECTIONS_BEFORE_CODE,
		.block = block,
	};
	return sheet_draw(&sheet, out);
}

static int write_key(const struct order *order, const struct strbuf *drawn)
{
	if (strcmp(order->out, "-") == 0)
		return write_out(NULL, strbuf_text(drawn), drawn->length, 0600);
	if (folders_is(order->out))
		return complain(EX_CANTCREAT, "%s is a folder; name a file for the sheet", order->out);
	enum err error = file_write_new(AT_FDCWD, order->out, strbuf_text(drawn), drawn->length, 0600);
	if (error == ERR_CONFLICT)
		return complain(EX_CANTCREAT, "%s is there already, and is not written over; name another file",
				order->out);
	if (error)
		return complain_err(error, "%s cannot be written", order->out);
	printf("The recovery key is in %s, as a sheet.\n"
	       "1. Print it twice, on a printer that keeps no copies, and look whether the lines can be read.\n"
	       "2. Keep the two in two locked places, with two people who can be trusted.\n"
	       "3. Then delete this file%s%s.\n"
	       "Where nobody should be able to open everything alone: %s key shares -o DIR\n",
	       order->out, order->left ? ", and " : "", order->left ? order->left : "", command());
	return EX_OK;
}

static int make_sheet(struct instance *instance, struct order *order)
{
	if (strcmp(order->out, "-") == 0 && isatty(STDOUT_FILENO))
		return complain(EX_USAGE,
				"a PDF is nothing for a terminal: name a file with -o, or lead it to a printer: "
				"%s key sheet -o - | lp",
				command());
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SHEETS_ARENA_BYTES);
	CLEANUP_STRBUF struct strbuf drawn;
	strbuf_init(&drawn, SHEET_MAX_BYTES);
	struct recovery recovery;
	int code = read_key(instance, order, &arena, &recovery);
	if (code != EX_OK)
		return code;
	enum err error = draw_key(order, recovery.seed, &arena, &drawn);
	recovery_wipe(&recovery);
	return error ? complain_err(error, "the sheet cannot be drawn") : write_key(order, &drawn);
}

int cmd_key_sheet(struct instance *instance, int argc, char **argv)
{
	struct order order = {0};
	int code = take_options(&order, "key sheet", sheet_usage, argc, argv);
	return code == EX_OK && order.out ? make_sheet(instance, &order) : code;
}
