/* SPDX-License-Identifier: MIT */
/* recovery.c: the recovery seed from what people kept: a file, a sheet typed by hand, the text of a scanned code, two shares.
 *
 * Somebody who needs this has lost a machine and holds a sheet of paper: whatever is wrong is said with the line of what they typed
 * and what to compare. The lines are looked at here first, for the words; whether they are a seed is decided in lib/envelope
 * alone. Must not print, log or leave in memory any part of the text. */
#include "recovery.h"

#include "folders.h"
#include "recovery_text.h"

#include "instance.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/envelope/shares.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { TEXT_MAX_BYTES = 64 * 1024, RECOVERY_ARENA_BYTES = 5 * TEXT_MAX_BYTES };

static const char needed[] = "this needs the recovery key: --recovery FILE, or two of its three shares, --share FILE "
			     "--share FILE (FILE may be -, standard input)";

static bool is_standard_input(const char *file)
{
	return strcmp(file, "-") == 0;
}

static const char *input_name(const char *file)
{
	return is_standard_input(file) ? "standard input" : file;
}

/* Any file that the command line may name: also a link, or a pipe out of a program that decrypts it. */
static enum err read_all(int fd, struct arena *arena, char **text, size_t *length)
{
	*text = arena_alloc(arena, TEXT_MAX_BYTES + 1, 1);
	if (!*text)
		return ERR_NOMEM;
	for (*length = 0; *length <= TEXT_MAX_BYTES - 1;) {
		ssize_t got = read(fd, *text + *length, TEXT_MAX_BYTES - *length);
		if (got < 0 && errno != EINTR)
			return file_err(errno);
		if (got == 0)
			return ERR_OK;
		if (got > 0)
			*length += (size_t) got;
	}
	return ERR_TOO_BIG;
}

static int read_text(const char *file, const char *what, struct arena *arena, char **text)
{
	size_t length = 0;
	CLEANUP_FD int fd = -1;
	bool is_typed = is_standard_input(file);
	if (!is_typed && folders_is(file))
		return complain(EX_NOINPUT, "%s is a folder; name the file in it that holds %s", file, what);
	if (is_typed && isatty(STDIN_FILENO))
		fprintf(stderr,
			"Type or scan %s, from the line that begins with BEGIN to the line that begins with END.\n"
			"Then press Enter and Ctrl-D.\n",
			what);
	if (!is_typed && (fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return complain_err(file_err(errno), "%s", file);
	enum err error = read_all(is_typed ? STDIN_FILENO : fd, arena, text, &length);
	if (error)
		return complain_err(error, "%s", input_name(file));
	if (length >= 5 && memcmp(*text, "%PDF-", 5) == 0)
		return complain(EX_DATAERR,
				"%s is a PDF: open it, and copy the lines on it, with both marks, into a text file",
				input_name(file));
	if (memchr(*text, '\0', length))
		return complain(EX_DATAERR,
				"%s is not plain text: type the lines of the sheet, with both marks, into a text "
				"file (UTF-8)",
				input_name(file));
	return EX_OK;
}

/* ---- the recovery file ------------------------------------------------------------------------------------------------ */

/* The name behind "Instance:", where there is one. */
static void take_name(const char *text, char out[RECOVERY_NAME_BYTES])
{
	static const char label[] = "Instance: ";
	const char *at = strstr(text, label);
	if (!at || (at != text && at[-1] != '\n'))
		return;
	at += sizeof label - 1;
	size_t length = strcspn(at, "\r\n");
	if (length < RECOVERY_NAME_BYTES)
		memcpy(out, at, length); /* OUT is all zero */
}

static int read_file(const char *file, struct arena *arena, struct recovery *out)
{
	char *text = NULL;
	int code = read_text(file, "the recovery key", arena, &text);
	if (code != EX_OK)
		return code;
	take_name(text, out->name);
	code = recovery_text_check(RECOVERY_TEXT_KEY, text, input_name(file), NULL);
	if (code != EX_OK)
		return code;
	enum err error = keys_recovery_read(text, out->seed);
	if (error == ERR_INVALID)
		return complain(EX_DATAERR,
				"%s: every line is right for itself, but not all together: one may be from another "
				"recovery file",
				input_name(file));
	return error ? complain_err(error, "%s", input_name(file)) : EX_OK;
}

/* ---- shares ------------------------------------------------------------------------------------------------------------- */

/* Reads the first share in TEXT; *REST is what stands behind it. */
static int read_share(const char *text, const char *file, struct arena *arena, struct share *out, const char **rest)
{
	int code = recovery_text_check(RECOVERY_TEXT_SHARE, text, input_name(file), rest);
	if (code != EX_OK)
		return code;
	const char *block = arena_strndup(arena, text, (size_t) (*rest - text)); /* one block at a time */
	enum err error = block ? share_read(block, out) : ERR_NOMEM;
	if (error == ERR_INVALID)
		return complain(EX_DATAERR,
				"%s: every line is right for itself, but not all together: one may be from another "
				"sheet of this letter",
				input_name(file));
	return error ? complain_err(error, "%s", input_name(file)) : EX_OK;
}

static int read_shares(const char *const files[2], struct arena *arena, struct share shares[2])
{
	bool is_one_input = is_standard_input(files[0]) && is_standard_input(files[1]);
	char *text = NULL;
	const char *rest = NULL;
	int code = read_text(files[0], is_one_input ? "both shares, one after the other" : "the share", arena, &text);
	if (code == EX_OK)
		code = read_share(text, files[0], arena, &shares[0], &rest);
	if (code == EX_OK && is_one_input && !recovery_text_has(RECOVERY_TEXT_SHARE, rest))
		return complain(EX_DATAERR,
				"standard input holds one share, and --share - is given twice: give both, one behind "
				"the other");
	if (code == EX_OK && !is_one_input) {
		code = read_text(files[1], "the share", arena, &text);
		rest = text;
	}
	return code == EX_OK ? read_share(rest, files[1], arena, &shares[1], &rest) : code;
}

static int join(const char *const files[2], const struct share shares[2], uint8_t seed[KEYS_SEED_BYTES])
{
	char sets[2][2 * SHARES_SET_BYTES + 1];
	for (size_t i = 0; i < 2; i++)
		codec_hex(shares[i].set, SHARES_SET_BYTES, sets[i]);
	enum err error = shares_join(&shares[0], &shares[1], seed);
	if (error == ERR_CONFLICT)
		return complain(EX_DATAERR,
				"%s and %s are the same share, %c: one share alone opens nothing; give one with "
				"another letter",
				input_name(files[0]), input_name(files[1]), (char) ('A' + shares[0].number));
	if (error == ERR_DENIED)
		return complain(EX_DATAERR,
				"%s is of set %.4s %.4s and %s of set %.4s %.4s: they were not made together; give two "
				"sheets of one set",
				input_name(files[0]), sets[0], sets[0] + 4, input_name(files[1]), sets[1], sets[1] + 4);
	if (error == ERR_INVALID)
		return complain(EX_DATAERR,
				"%s and %s are of one set but do not fit together: one has been changed; try each "
				"with the third",
				input_name(files[0]), input_name(files[1]));
	return error ? complain_err(error, "the shares do not go together") : EX_OK;
}

static int read_pair(const char *const files[2], struct arena *arena, struct recovery *out)
{
	struct share shares[2] = {0};
	int code = read_shares(files, arena, shares);
	if (code == EX_OK)
		code = join(files, shares, out->seed);
	keys_wipe(shares, sizeof shares);
	return code;
}

/* ---- both ----------------------------------------------------------------------------------------------------------------- */

static int read_source(const struct recovery_source *source, const char *fallback, struct arena *arena,
		       struct recovery *out)
{
	const char *file = source->file;
	if (file && source->shares_count)
		return complain(EX_USAGE, "--recovery and --share give the same thing in two ways: use one of them");
	if (source->shares_count == 1)
		return complain(EX_USAGE,
				"one share alone opens nothing: give another of the three with a second --share");
	if (source->shares_count == SHARES_NEEDED)
		return read_pair(source->shares, arena, out);
	if (!file)
		file = fallback;
	return file ? read_file(file, arena, out) : complain(EX_USAGE, needed);
}

int recovery_read(const struct recovery_source *source, const char *fallback, struct recovery *out)
{
	memset(out, 0, sizeof *out);
	if (keys_start() != ERR_OK) /* there may be no instance whose opening has done so */
		return complain(EX_OSERR, "libsodium does not start");
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, RECOVERY_ARENA_BYTES);
	int code = read_source(source, fallback, &arena, out);
	if (code != EX_OK) {
		recovery_wipe(out);
		return code;
	}
	keys_root(out->seed, &out->root);
	keys_recovery(out->seed, &out->box);
	return EX_OK;
}

void recovery_wipe(struct recovery *recovery)
{
	keys_wipe(recovery, sizeof *recovery);
}

int recovery_take(struct recovery_source *source, int option, const char *value)
{
	if (option == RECOVERY_OPTION) {
		if (source->file)
			return complain(EX_USAGE, "--recovery is given twice: name one file");
		source->file = value;
		return EX_OK;
	}
	if (source->shares_count == SHARES_NEEDED)
		return complain(EX_USAGE, "--share is given three times: two are enough, any two");
	source->shares[source->shares_count++] = value;
	return EX_OK;
}
