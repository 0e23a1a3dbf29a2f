/* SPDX-License-Identifier: MIT */
/* cmd_audit.c: soundings audit: its head, signed, to be kept elsewhere; and whether all of it is as it was written.
 *
 * The chain shows what was changed or taken out. Only a head that is kept where nobody of this machine can write shows what was cut off at
 * the end, or written anew as a whole: soundings-keeping(7). */
#include "cmd.h"
#include "args.h"
#include "command.h"
#include "instance.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/office/organising.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const char usage[] =
	"usage: soundings audit verify [--head FILE]...\n"
	"                                  reckons the whole audit, and says the first line that is not as it was "
	"written; "
	"with\n"
	"                                  --head: and whether it still holds what it held when FILE was made\n"
	"       soundings audit head       prints the newest line's number and hash, signed: keep it on another "
	"machine\n";

enum { HEADS_MAX = 100, HEAD_FILE_MAX = 4096 };

static const char head_kind[] = "audithead";

/* What is signed; the organisers' pages write the same. */
static char *head_body(struct instance *instance, const struct office_audit_head *head)
{
	char hex[2 * sizeof head->hash + 1];
	codec_hex(head->hash, sizeof head->hash, hex);
	return arena_printf(&instance->arena, "{\"hash\":\"%s\",\"number\":%" PRId64 "}\n", hex, head->number);
}

/* Only in the one way in which head_body writes it. */
static enum err head_read(struct instance *instance, const char *body, size_t length, struct office_audit_head *out)
{
	static const char start[] = "{\"hash\":\"", middle[] = "\",\"number\":";
	size_t hex_length = 2 * sizeof out->hash;
	*out = (struct office_audit_head){0};
	const char *text = arena_strndup(&instance->arena, body, length);
	if (!text)
		return ERR_NOMEM;
	if (strlen(text) < sizeof start - 1 + hex_length || strncmp(text, start, sizeof start - 1) != 0)
		return ERR_INVALID;
	char *hex = arena_strndup(&instance->arena, text + sizeof start - 1, hex_length);
	if (!hex)
		return ERR_NOMEM;
	if (strncmp(text + sizeof start - 1 + hex_length, middle, sizeof middle - 1) != 0 ||
	    codec_unhex(hex, out->hash, sizeof out->hash) != ERR_OK)
		return ERR_INVALID;
	out->number = strtoll(text + sizeof start - 1 + hex_length + sizeof middle - 1, NULL, 10);
	const char *again = head_body(instance, out);
	if (!again)
		return ERR_NOMEM;
	return out->number > 0 && strcmp(again, text) == 0 ? ERR_OK : ERR_INVALID;
}

static int say_broken(int64_t broken_at, const char *file)
{
	if (file)
		return complain(EX_DATAERR,
				"the audit does not hold the line %" PRId64
				" that %s tells of: lines were taken out, or written anew, since it was made. (Lines "
				"go after 72 "
				"months, with the run of 'expire': a head that is older tells nothing.) See "
				"soundings-keeping(7)",
				broken_at, file);
	return complain(EX_DATAERR,
			"the audit is not as it was written: line %" PRId64
			" was changed, put elsewhere, or taken out. Do not restore or expire anything before somebody "
			"has looked: "
			"soundings-keeping(7)",
			broken_at);
}

static int verify(struct instance *instance, const struct office_audit_head *head, const char *file)
{
	int64_t broken_at = 0;
	enum err error = office_audit_verify(instance->office, NULL, &broken_at);
	if (error == ERR_CORRUPT && broken_at != 0)
		return say_broken(broken_at, NULL);
	if (!error && head)
		error = office_audit_verify(instance->office, head, &broken_at);
	if (error == ERR_CORRUPT && broken_at != 0)
		return say_broken(broken_at, file);
	return error ? complain_err(error, "the audit cannot be read") : EX_OK;
}

static int verify_file(struct instance *instance, const char *file)
{
	char *document = NULL;
	const char *body = NULL;
	size_t length = 0, body_length = 0;
	struct office_audit_head head;
	enum err error = file_read(AT_FDCWD, file, HEAD_FILE_MAX, &instance->arena, &document, &length);
	if (error)
		return complain_err(error, "%s cannot be read", file);
	error = signed_decode(head_kind, document, length, instance->content.public_key, &body, &body_length);
	if (error == ERR_DENIED)
		return complain(EX_DATAERR,
				"%s was not signed by this instance, or not since 'key recover' made another content "
				"key; or it "
				"was changed",
				file);
	if (!error)
		error = head_read(instance, body, body_length, &head);
	if (error)
		return complain_err(error, "%s is no head of an audit", file);
	return verify(instance, &head, file);
}

static int audit_verify(struct instance *instance, const char *const *files, size_t count)
{
	struct office_audit_head head;
	int code = verify(instance, NULL, NULL);
	for (size_t i = 0; code == EX_OK && i < count; i++)
		code = verify_file(instance, files[i]);
	if (code != EX_OK)
		return code;
	enum err error = office_audit_head(instance->office, &head);
	if (error)
		return complain_err(error, "the audit cannot be read");
	printf("The audit is as it was written, up to line %" PRId64 ".\n", head.number);
	if (count == 0)
		printf("What was cut off at its end shows only beside a head that was kept elsewhere: %s audit verify "
		       "--head "
		       "FILE\n",
		       command());
	return EX_OK;
}

static int audit_head(struct instance *instance, const char *const *files, size_t count)
{
	(void) files;
	struct office_audit_head head;
	char *document = NULL;
	size_t length = 0;
	if (count > 0)
		return complain(EX_USAGE, "--head is for 'audit verify'");
	/* Nobody signs for an audit that is broken. */
	int code = verify(instance, NULL, NULL);
	if (code != EX_OK)
		return code;
	enum err error = office_audit_head(instance->office, &head);
	if (error)
		return complain_err(error, "the audit cannot be read");
	if (head.number == 0)
		return complain(EX_DATAERR, "the audit has no line yet");
	const char *body = head_body(instance, &head);
	error = body ? signed_encode(head_kind, body, strlen(body), &instance->content, &instance->arena, &document,
				     &length)
		     : ERR_NOMEM;
	if (error)
		return complain_err(error, "the head cannot be signed");
	return fwrite(document, 1, length, stdout) == length ? EX_OK : EX_IOERR;
}

static const struct verb {
	const char *name;
	int (*run)(struct instance *instance, const char *const *files, size_t count);
} verbs[] = {{"verify", audit_verify}, {"head", audit_head}};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

int cmd_audit(const char *instance_dir, int argc, char **argv)
{
	static const struct option options[] = {{"head", required_argument, NULL, 'H'}, {0}};
	static const char *const names[VERBS] = {"verify", "head"};
	const char *files[HEADS_MAX];
	size_t count = 0;
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET, options, NULL)) != -1;) {
		if (option != 'H')
			return args_refuse(option, "audit", argv, options);
		if (count == HEADS_MAX)
			return complain(EX_USAGE, "at most %d heads at once", HEADS_MAX);
		files[count++] = optarg;
	}
	if (optind == argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	const struct verb *verb = NULL;
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(argv[optind], verbs[i].name) == 0)
			verb = &verbs[i];
	if (!verb)
		return args_unknown(EX_USAGE, "'audit' has no command", argv[optind], names, VERBS,
				    "'soundings audit --help' lists them");
	if (optind + 1 != argc)
		return complain(EX_USAGE, "'audit %s' takes no other word", verb->name);
	struct instance instance;
	int code = instance_open(&instance, instance_dir, OFFICE_CLI);
	if (code == EX_OK)
		code = verb->run(&instance, files, count);
	instance_close(&instance);
	return code;
}
