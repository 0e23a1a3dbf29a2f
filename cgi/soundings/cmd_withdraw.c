/* SPDX-License-Identifier: MIT */
/* cmd_withdraw.c: soundings withdraw: takes back the answers that a receipt belongs to, for whoever rings up or writes.
 *
 * The same door as the public page (cgi/intake/withdraw.c): an envelope to the spooler, never a look into the office, and the
 * same words for every receipt. */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "instance.h"

#include "lib/base/utf8.h"
#include "lib/envelope/withdrawal.h"
#include "lib/spool/spool.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { TYPED_MAX_BYTES = 512, SPOOL_WAIT_MS = 9000 };

static const char usage[] =
	"usage: soundings withdraw\n"
	"Takes back the answers that a receipt belongs to. The receipt is read from standard input, one at a time.\n";

/* One line, and nothing behind it: somebody who gives a list should not believe that all of it was taken. Read without stdio,
 * which would keep a copy. */
static int read_typed(bool is_terminal, char typed[TYPED_MAX_BYTES])
{
	size_t length = 0;
	while (length < TYPED_MAX_BYTES - 1) {
		ssize_t got = read(STDIN_FILENO, typed + length, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return complain(EX_IOERR, "standard input cannot be read");
		if (got == 0 || (is_terminal && typed[length] == '\n'))
			break;
		length++;
	}
	typed[length] = '\0';
	if (!utf8_is_valid(typed, length))
		return complain(EX_DATAERR, "that is no receipt: it is not text");
	const char *end = strchr(typed, '\n');
	if (length == TYPED_MAX_BYTES - 1 || (end && !utf8_is_blank(end)))
		return complain(EX_DATAERR, "give one receipt at a time, on one line; nothing was taken back yet");
	return EX_OK;
}

/* What to look at: never the receipt itself. */
static int refuse(enum withdrawal_typed read, size_t signs)
{
	if (read == WITHDRAWAL_NOTHING)
		return complain(EX_DATAERR,
				"there is no receipt on standard input: run it again and type the receipt there");
	if (read == WITHDRAWAL_LENGTH)
		return complain(EX_DATAERR,
				"a receipt has %d letters, numbers and signs, and this has %zu: look at it again",
				CODEC_RECEIPT_SIGNS, signs);
	return complain(EX_DATAERR, "the signs of this receipt do not fit together: look at it again");
}

/* Socket paths are short inside the instance. */
static enum err append(struct instance *instance, const uint8_t *envelope, size_t length)
{
	char before[4096];
	if (!getcwd(before, sizeof before) || chdir(instance->dir) != 0)
		return ERR_IO;
	struct spool spool;
	spool_init(&spool, "run/append.sock", SPOOL_WAIT_MS);
	enum err error = spool_append(&spool, envelope, length);
	spool_fini(&spool);
	return chdir(before) != 0 ? ERR_IO : error;
}

static int withdraw(struct instance *instance, const uint8_t receipt[CODEC_RECEIPT_BYTES])
{
	uint8_t *envelope = NULL;
	size_t length = 0;
	enum err error = withdrawal_seal(receipt, &instance->keyset, &instance->arena, &envelope, &length);
	if (error)
		return complain_err(error, "the withdrawal cannot be sealed");
	error = append(instance, envelope, length);
	if (error == ERR_BUSY)
		return complain(
			EX_TEMPFAIL,
			"not saved yet: the spooler does not answer. Start the programs with '%s run', then give the "
			"receipt again: twice does no harm",
			command());
	if (error)
		return complain_err(error, "not saved yet; give the receipt again later: twice does no harm");
	puts("If this receipt belongs to answers that can still be found, they are deleted within a day or so.\n"
	     "Safety copies can hold them for up to 35 days longer. Once the results of an event are released, nobody\n"
	     "can tell which answers a receipt belongs to. This is said of every receipt.");
	return EX_OK;
}

int cmd_withdraw(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		return args_refuse(option, "withdraw", argv, options);
	}
	if (optind != argc)
		return complain(EX_USAGE, "give the receipt on standard input, not as a word of the command: those are "
					  "kept in the shell's history, and everybody on this machine can see them. To "
					  "remove it from bash's "
					  "history: history -d -2; history -w (in other shells: delete the line from "
					  "the history's file)");
	struct instance instance;
	char typed[TYPED_MAX_BYTES] = "";
	uint8_t receipt[CODEC_RECEIPT_BYTES] = {0};
	int code = instance_open(&instance, instance_dir, OFFICE_READER);
	bool is_terminal = isatty(STDIN_FILENO);
	if (code == EX_OK && is_terminal)
		fputs("Receipt: ", stderr);
	if (code == EX_OK)
		code = read_typed(is_terminal, typed);
	if (code == EX_OK) {
		size_t signs = 0;
		enum withdrawal_typed read = withdrawal_read(typed, receipt, &signs);
		code = read == WITHDRAWAL_RECEIPT ? withdraw(&instance, receipt) : refuse(read, signs);
	}
	keys_wipe(typed, sizeof typed);
	keys_wipe(receipt, sizeof receipt);
	instance_close(&instance);
	return code;
}
