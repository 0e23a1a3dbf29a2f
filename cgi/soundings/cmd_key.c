/* SPDX-License-Identifier: MIT */
/* cmd_key.c: soundings key: a new key period, keys that are lost, and the recovery key on paper. The verbs that need nothing but the
 * recovery key are in cmd_key_shares.c.
 *
 * rotate: sealed copy and secret on disk; a finished backup that holds them with the key set that names them; that key set on disk; then the
 * catalogue. So no page ever seals to a period that the recovery key cannot open on an empty machine. After a crash at any of these the
 * period before is still the current one, or all is done but publishing, and another rotate is right either way.
 * recover: what is lost comes back from what is left, the recovery key being one part; it changes nothing that is whole. */
#include "cmd.h"
#include "args.h"
#include "backing.h"
#include "cmd_key.h"
#include "command.h"
#include "instance.h"
#include "periods.h"
#include "recovery.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/office/keeping.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

static const char usage[] =
	"usage: soundings key rotate [--practice] [--recovery FILE | --share FILE --share FILE]\n"
	"           a new key period: from now on responses are sealed to a new key (--practice: those of practice "
	"events)\n"
	"       soundings key recover [--recovery FILE | --share FILE --share FILE]\n"
	"           brings back secrets that are lost or damaged, from their sealed copies\n"
	"       soundings key shares [--recovery FILE] -o DIR     three sheets, any two of which give the recovery "
	"key\n"
	"       soundings key sheet [--recovery FILE] -o FILE     the whole recovery key on one sheet\n"
	"The recovery key is read from FILE ('-': standard input); --recovery may be left out while the recovery file "
	"is\n"
	"still in the instance.\n";

enum { KEY_FILE_MAX = 64 * 1024 };

/* What the command line of rotate and recover says. */
struct wanted {
	struct recovery_source source;
	bool is_practice;
};

static int read_options(int argc, char **argv, const char *command, bool is_rotate, struct wanted *wanted)
{
	static const struct option options[] = {
		{"recovery", required_argument, NULL, RECOVERY_OPTION},
		{"share", required_argument, NULL, RECOVERY_SHARE_OPTION},
		{"practice", no_argument, NULL, 'P'},
		{0},
	};
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET, options, NULL)) != -1;) {
		int code = EX_OK;
		if (option == 'P' && is_rotate)
			wanted->is_practice = true;
		else if (option == 'P')
			code = complain(EX_USAGE, "'soundings %s' has no option '--practice'", command);
		else if (option == '?' || option == ':')
			code = args_refuse(option, command, argv, options);
		else
			code = recovery_take(&wanted->source, option, optarg);
		if (code != EX_OK)
			return code;
	}
	return optind == argc ? EX_OK
			      : complain(EX_USAGE, "'%s' is not an option of '%s'; 'soundings key --help' lists them",
					 argv[optind], command);
}

/* The recovery key, and that it is this instance's. */
static int read_recovery(struct instance *instance, const struct recovery_source *source, struct recovery *out)
{
	int code = recovery_read(source, instance_recovery_file(instance), out);
	if (code != EX_OK)
		return code;
	if (memcmp(out->root.public_key, instance->root_public, KEYS_PUBLIC_BYTES) == 0 &&
	    memcmp(out->box.public_key, instance->keyset.recovery_public, KEYS_PUBLIC_BYTES) == 0)
		return EX_OK;
	recovery_wipe(out);
	return complain(EX_DATAERR,
			"this recovery key belongs to another instance than %s; nothing was changed. Its name and day "
			"stand at the top of the recovery file",
			instance->dir);
}

/* ---- rotate -------------------------------------------------------------------------------------------------- */

/* The key set that is to follow, with PAIR's period as the current one of its kind. */
static int next_keyset(struct instance *instance, const struct box_pair *pair, bool is_practice, struct keyset *next)
{
	*next = instance->keyset;
	enum err error = periods_drop_destroyed(instance, next);
	if (!error)
		error = periods_next_serial(instance, &next->serial);
	if (error)
		return complain_err(error, "the office's key periods cannot be read");
	if (periods_add(next, pair->public_key, is_practice) != ERR_OK)
		return complain(EX_DATAERR,
				"there are %d key periods, and none of them is old enough to be destroyed: nothing was "
				"changed. Rotate again when '%s expire' has destroyed one",
				KEYS_PERIODS_MAX, command());
	return EX_OK;
}

/* The period is on disk, and nothing names it yet. EX_OK: a finished backup holds it, and the key set that does, which is signed and in
 * INSTANCE. */
static int back_up(struct instance *instance, const struct recovery *recovery, const struct keyset *next)
{
	instance->keyset = *next;
	enum err error = periods_sign(instance, &recovery->root);
	if (error)
		return complain_err(error, "the new key set cannot be signed");
	int code = backing_make(instance, NULL, NULL, NULL);
	return code == EX_OK
		       ? code
		       : complain(code, "without a backup that holds the new key it is not used: the period stays "
					"as it was. Mend what is said above and rotate again");
}

/* The key set on disk names the new period, and so does a backup: everybody may know. */
static int announce(struct instance *instance, const uint8_t id[KEYS_ID_BYTES], bool is_practice)
{
	char hex[2 * KEYS_ID_BYTES + 1];
	codec_hex(id, KEYS_ID_BYTES, hex);
	enum err error = office_periods_note(instance->office, &instance->keyset, date_today());
	if (!error)
		error = office_audit(instance->office, "cli", "key.rotate", hex);
	if (error)
		complain_err(error, "the office could not note the new period; '%s expire' does it", command());
	int code = instance_publish(instance);
	if (code != EX_OK)
		return complain(code, "the new period is ready and goes into use with the next catalogue that is "
				      "published");
	printf("%s are sealed to a new key from now on (period %s).\n"
	       "What was sealed before can still be opened, here and with the recovery key.\n",
	       is_practice ? "Responses to practice events" : "Responses", hex);
	return EX_OK;
}

static int rotate(struct instance *instance, const struct recovery *recovery, bool is_practice)
{
	struct box_pair pair;
	struct keyset next;
	uint8_t id[KEYS_ID_BYTES];
	size_t cleared = 0;
	enum err error = periods_clear(instance, &cleared);
	if (error)
		return complain_err(error, "%s/keys cannot be cleared of what an earlier rotation left", instance->dir);
	keys_new_period(&pair);
	keys_id(pair.public_key, id);
	int code = next_keyset(instance, &pair, is_practice, &next);
	if (code == EX_OK) {
		error = periods_write(instance, &pair, recovery->box.public_key);
		code = error ? complain_err(error, "the new key cannot be written: the period stays as it was")
			     : back_up(instance, recovery, &next);
	}
	keys_wipe(&pair, sizeof pair);
	if (code != EX_OK) {
		if (periods_destroy(instance, id, NULL) != ERR_OK)
			complain(code, "the key that was not used is still in %s/keys; the next rotation removes it",
				 instance->dir);
		return code;
	}
	/* When this fails the key set may be on disk all the same, so the period stays: a rotation that finds it unnamed removes it. */
	error = periods_save(instance);
	return error ? complain_err(error, "the new key set cannot be written; rotate again when the disk is well")
		     : announce(instance, id, is_practice);
}

static int cmd_rotate(const char *dir, int argc, char **argv)
{
	struct wanted wanted = {.is_practice = false};
	int code = read_options(argc, argv, "key rotate", true, &wanted);
	CLEANUP_FD int lock = -1;
	if (code == EX_OK)
		code = periods_lock(dir, &lock);
	if (code != EX_OK)
		return code;
	struct instance instance;
	struct recovery recovery;
	code = instance_open(&instance, dir, OFFICE_CLI);
	if (code == EX_OK)
		code = read_recovery(&instance, &wanted.source, &recovery);
	if (code == EX_OK) {
		code = rotate(&instance, &recovery, wanted.is_practice);
		recovery_wipe(&recovery);
	}
	instance_close(&instance);
	return code;
}

/* ---- recover ------------------------------------------------------------------------------------------------- */

struct mended {
	size_t secrets, sealed, lost;
	bool is_content;
};

/* Exactly LENGTH bytes of a private file; false when it is missing, of another length, or others may read it. */
static bool read_private(struct instance *instance, const char *path, void *out, size_t length)
{
	char *data = NULL;
	size_t got = 0;
	struct stat status;
	if (lstat(path, &status) != 0 || (status.st_mode & 07777) != 0600 ||
	    file_read(AT_FDCWD, path, KEY_FILE_MAX, &instance->arena, &data, &got) != ERR_OK)
		return false;
	if (got == length)
		memcpy(out, data, length);
	keys_wipe(data, got);
	return got == length;
}

/* Opens what recovering needs: everything that instance_open opens but the content key, which may be what is lost. */
static int open_without_content(struct instance *instance, const char *dir)
{
	memset(instance, 0, sizeof *instance);
	arena_init(&instance->arena, 64 * 1024 * 1024);
	instance->dir = dir;
	if (keys_start() != ERR_OK)
		return complain(EX_OSERR, "libsodium does not start");
	const char *path = instance_path(instance, "front/root.pub");
	enum err error = keys_read_root(path, instance->root_public);
	if (!error) {
		path = instance_path(instance, "keys/keyset");
		error = file_read(AT_FDCWD, path, KEY_FILE_MAX, &instance->arena, &instance->keyset_document,
				  &instance->keyset_length);
	}
	if (!error)
		error = keyset_decode(instance->keyset_document, instance->keyset_length, instance->root_public,
				      &instance->keyset);
	if (!error) {
		path = instance_path(instance, "office/office.db");
		error = office_open(path, OFFICE_CLI, &instance->office);
	}
	if (error == ERR_NOT_FOUND)
		return complain(EX_NOINPUT,
				"%s is missing, and this command cannot mend that: %s restore FILE --recovery FILE",
				path, command());
	if (error)
		return complain(
			err_exit_code(error),
			"%s cannot be used (%s), and this command cannot mend that: %s restore FILE --recovery FILE",
			path, err_words(error), command());
	return EX_OK;
}

static bool content_fits(struct instance *instance)
{
	static const char canary[] = "{}";
	const char *body = NULL;
	char *document = NULL;
	size_t length = 0, body_length = 0;
	struct root_pair *pair = &instance->content;
	if (!read_private(instance, instance_path(instance, "keys/content.secret"), pair->secret_key,
			  KEYS_SIGN_SECRET_BYTES))
		return false;
	memcpy(pair->public_key, instance->keyset.content_public, KEYS_PUBLIC_BYTES);
	return signed_encode("canary", canary, sizeof canary - 1, pair, &instance->arena, &document, &length) ==
		       ERR_OK &&
	       signed_decode("canary", document, length, instance->keyset.content_public, &body, &body_length) ==
		       ERR_OK;
}

/* There is no copy of a content key but in backups, and none is needed: the root names another one. A key that is found is never
 * taken for it, or whoever can put a file there could have the root sign it. */
static enum err recover_content(struct instance *instance, const struct recovery *recovery, struct mended *mended)
{
	if (content_fits(instance))
		return ERR_OK;
	keys_new_signing(&instance->content);
	enum err error = file_write(AT_FDCWD, instance_path(instance, "keys/content.secret"),
				    instance->content.secret_key, KEYS_SIGN_SECRET_BYTES, 0600);
	if (!error)
		error = periods_next_serial(instance, &instance->keyset.serial);
	if (error)
		return error;
	memcpy(instance->keyset.content_public, instance->content.public_key, KEYS_PUBLIC_BYTES);
	error = periods_sign(instance, &recovery->root);
	if (!error)
		error = periods_save(instance);
	mended->is_content = !error;
	return error ? error : office_audit(instance->office, "cli", "key.content", "new");
}

/* Opens the sealed copy of a period's secret; false when it is missing, damaged or another key's. */
static bool open_sealed(struct instance *instance, const struct period *period, const struct recovery *recovery,
			struct box_pair *pair)
{
	uint8_t sealed[KEYS_SEALED_BYTES];
	return read_private(instance, periods_sealed_path(instance, period->id), sealed, sizeof sealed) &&
	       keys_open_secret(sealed, &recovery->box, pair->secret_key) == ERR_OK && periods_fits(pair);
}

static enum err recover_period(struct instance *instance, const struct period *period, const struct recovery *recovery,
			       struct mended *mended)
{
	struct box_pair here = {0}, copy = {0};
	memcpy(here.public_key, period->public_key, KEYS_PUBLIC_BYTES);
	memcpy(copy.public_key, period->public_key, KEYS_PUBLIC_BYTES);
	bool is_here =
		read_private(instance, periods_secret_path(instance, period->id), here.secret_key, KEYS_SECRET_BYTES) &&
		periods_fits(&here);
	bool is_sealed = open_sealed(instance, period, recovery, &copy);
	enum err error = ERR_OK;
	if (is_here && !is_sealed) {
		error = periods_write_sealed(instance, &here, recovery->box.public_key);
		mended->sealed += !error;
	} else if (is_sealed && !is_here) {
		error = periods_write_secret(instance, &copy);
		mended->secrets += !error;
	} else if (!is_here) {
		char hex[2 * KEYS_ID_BYTES + 1];
		codec_hex(period->id, KEYS_ID_BYTES, hex);
		complain(EX_DATAERR,
			 "key period %s: neither its secret nor its sealed copy is left. Put keys/sealed/%s.sealed "
			 "back from a copy, or restore a backup, which has it",
			 hex, hex);
		mended->lost++;
	}
	keys_wipe(&here, sizeof here);
	keys_wipe(&copy, sizeof copy);
	return error;
}

static enum err recover_periods(struct instance *instance, const struct recovery *recovery, struct mended *mended)
{
	struct keyset living = instance->keyset;
	enum err error = file_make_dir(AT_FDCWD, instance_path(instance, "keys/periods"), 0700);
	if (!error)
		error = file_make_dir(AT_FDCWD, instance_path(instance, "keys/sealed"), 0700);
	if (!error)
		error = periods_drop_destroyed(instance, &living);
	for (size_t i = 0; !error && i < living.periods_count; i++)
		error = recover_period(instance, &living.periods[i], recovery, mended);
	return error;
}

/* Published whatever was mended: the collector takes up secrets with a new catalogue, and an earlier run may have got no further. */
static int publish(const char *dir)
{
	struct instance instance;
	int code = instance_open(&instance, dir, OFFICE_CLI);
	if (code == EX_OK)
		code = instance_publish(&instance);
	instance_close(&instance);
	return code;
}

static void say_mended(const struct mended *mended)
{
	if (mended->secrets)
		printf("Back: the secrets of %zu key period%s\n", mended->secrets, mended->secrets == 1 ? "" : "s");
	if (mended->sealed)
		printf("Sealed again: the copies of %zu key period%s\n", mended->sealed,
		       mended->sealed == 1 ? "" : "s");
	if (mended->is_content)
		printf("New: the content key, and a key set that names it. Make a backup: %s backup\n", command());
	if (!mended->secrets && !mended->sealed && !mended->is_content && !mended->lost)
		puts("Nothing was missing.");
}

static int recover(struct instance *instance, const struct recovery_source *source, struct mended *mended)
{
	struct recovery recovery;
	int code = read_recovery(instance, source, &recovery);
	if (code != EX_OK)
		return code;
	enum err error = recover_periods(instance, &recovery, mended);
	if (!error)
		error = recover_content(instance, &recovery, mended);
	recovery_wipe(&recovery);
	return error ? complain_err(error, "%s/keys cannot be written", instance->dir) : EX_OK;
}

static int cmd_recover(const char *dir, int argc, char **argv)
{
	struct wanted wanted = {.is_practice = false};
	int code = read_options(argc, argv, "key recover", false, &wanted);
	CLEANUP_FD int lock = -1;
	if (code == EX_OK)
		code = periods_lock(dir, &lock);
	if (code != EX_OK)
		return code;
	struct instance instance;
	struct mended mended = {0};
	code = open_without_content(&instance, dir);
	if (code == EX_OK)
		code = recover(&instance, &wanted.source, &mended);
	instance_close(&instance);
	if (code == EX_OK)
		code = publish(dir);
	if (code == EX_OK)
		say_mended(&mended);
	return code == EX_OK && mended.lost ? EX_DATAERR : code;
}

/* ---- dispatch ------------------------------------------------------------------------------------------------ */

/* For the verbs that need no more of an instance than where it is and who its root is; or no instance at all. */
static int run_bare(const char *dir, int argc, char **argv,
		    int (*verb)(struct instance *instance, int argc, char **argv))
{
	struct instance instance = {.dir = dir};
	arena_init(&instance.arena, 64 * 1024 * 1024);
	const char *path = instance_path(&instance, "front/root.pub");
	int code = keys_start() == ERR_OK ? EX_OK : complain(EX_OSERR, "libsodium does not start");
	if (code == EX_OK) {
		enum err error = keys_read_root(path, instance.root_public);
		code = error && error != ERR_NOT_FOUND ? complain_err(error, "%s", path)
						       : verb(error ? NULL : &instance, argc, argv);
	}
	arena_fini(&instance.arena);
	return code;
}

int cmd_key(const char *instance_dir, int argc, char **argv)
{
	static const char *const verbs[] = {"rotate", "recover", "shares", "sheet"};
	enum { VERBS = sizeof verbs / sizeof verbs[0] };
	if (argc < 2)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	if (args_want_help(argc, argv))
		return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
	argc--;
	argv++;
	if (strcmp(argv[0], "rotate") == 0)
		return cmd_rotate(instance_dir, argc, argv);
	if (strcmp(argv[0], "recover") == 0)
		return cmd_recover(instance_dir, argc, argv);
	if (strcmp(argv[0], "shares") == 0)
		return run_bare(instance_dir, argc, argv, cmd_key_shares);
	if (strcmp(argv[0], "sheet") == 0)
		return run_bare(instance_dir, argc, argv, cmd_key_sheet);
	return args_unknown(EX_USAGE, "'soundings key' has no command", argv[0], verbs, VERBS,
			    "'soundings key --help' lists them");
}
