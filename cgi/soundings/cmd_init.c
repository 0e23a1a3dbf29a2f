/* SPDX-License-Identifier: MIT */
/* cmd_init.c: a new instance: folders, keys, recovery file, office, first catalogue.
 *
 * Everything is made in a folder beside and renamed at the end, so that an interrupted init leaves nothing in the way. The
 * recovery seed is the only secret that can bring everything back; it is in the recovery file and nowhere else. */
#include "cmd.h"
#include "args.h"
#include "folders.h"
#include "instance.h"
#include "periods.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/random.h"
#include "lib/office/keeping.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct keys_made {
	uint8_t seed[KEYS_SEED_BYTES];
	struct root_pair root, content;
	struct box_pair recovery;
	struct box_pair periods[2]; /* ordinary, practice */
};

static const char conf_text[] =
	"# soundings.conf: what this instance does differently. Every key and its default: soundings.conf(5).\n";

static enum err write_keyset(struct instance *instance, const struct keys_made *keys)
{
	struct keyset *keyset = &instance->keyset;
	keyset->serial = 1;
	memcpy(keyset->content_public, keys->content.public_key, KEYS_PUBLIC_BYTES);
	memcpy(keyset->recovery_public, keys->recovery.public_key, KEYS_PUBLIC_BYTES);
	enum err error = periods_add(keyset, keys->periods[0].public_key, false);
	if (!error)
		error = periods_add(keyset, keys->periods[1].public_key, true);
	if (!error)
		error = periods_sign(instance, &keys->root);
	return error ? error : periods_save(instance);
}

static enum err write_keys(struct instance *instance, const struct keys_made *keys)
{
	char hex[2 * KEYS_PUBLIC_BYTES + 2];
	codec_hex(keys->root.public_key, KEYS_PUBLIC_BYTES, hex);
	memcpy(hex + 2 * KEYS_PUBLIC_BYTES, "\n", 2);
	enum err error = file_write_new(AT_FDCWD, instance_path(instance, "front/root.pub"), hex,
					2 * KEYS_PUBLIC_BYTES + 1, 0644);
	if (!error)
		error = file_write_new(AT_FDCWD, instance_path(instance, "keys/content.secret"),
				       keys->content.secret_key, KEYS_SIGN_SECRET_BYTES, 0600);
	for (size_t i = 0; !error && i < 2; i++)
		error = periods_write(instance, &keys->periods[i], keys->recovery.public_key);
	if (!error)
		error = write_keyset(instance, keys);
	memcpy(instance->root_public, keys->root.public_key, KEYS_PUBLIC_BYTES);
	instance->content = keys->content;
	return error;
}

/* The recovery file, made last: an instance that has one has everything else. */
static enum err write_recovery(struct instance *instance, const struct keys_made *keys, const char *dir)
{
	char day[DATE_TEXT], *text = NULL;
	date_format(date_today(), day);
	const char *slash = strrchr(dir, '/');
	enum err error = keys_recovery_text(keys->seed, slash ? slash + 1 : dir, day, &instance->arena, &text);
	if (error)
		return error;
	const char *name = arena_printf(&instance->arena, "recovery-%s.txt", day);
	error = file_write_new(AT_FDCWD, instance_path(instance, name), text, strlen(text), 0600);
	keys_wipe(text, strlen(text));
	return error;
}

static void make_keys(struct keys_made *keys)
{
	random_bytes(keys->seed, sizeof keys->seed);
	keys_root(keys->seed, &keys->root);
	keys_recovery(keys->seed, &keys->recovery);
	keys_new_signing(&keys->content);
	keys_new_period(&keys->periods[0]);
	keys_new_period(&keys->periods[1]);
}

static enum err write_conf(struct instance *instance, unsigned port)
{
	const char *text = port ? arena_printf(&instance->arena, "%sport = %u\n", conf_text, port) : conf_text;
	if (!text)
		return ERR_NOMEM;
	return file_write_new(AT_FDCWD, instance_path(instance, "soundings.conf"), text, strlen(text), 0644);
}

static int fill(struct instance *instance, const char *dir, const char *forms, unsigned port)
{
	struct keys_made keys;
	make_keys(&keys);
	enum err error = folders_make(instance->dir, &instance->arena);
	if (!error)
		error = write_keys(instance, &keys);
	if (!error)
		error = office_create(instance_path(instance, "office/office.db"));
	if (!error)
		error = office_open(instance_path(instance, "office/office.db"), OFFICE_CLI, &instance->office);
	if (!error)
		error = office_periods_note(instance->office, &instance->keyset, date_today());
	int code = error ? complain_err(error, "%s could not be made", dir) : instance_take_texts(instance, forms);
	if (code == EX_OK)
		code = instance_publish(instance);
	if (code == EX_OK) {
		error = write_conf(instance, port);
		if (!error)
			error = write_recovery(instance, &keys, dir);
		if (error)
			code = complain_err(error, "%s could not be made", dir);
	}
	keys_wipe(&keys, sizeof keys);
	return code;
}

static int init(const char *dir, const char *forms, unsigned port)
{
	struct instance instance = {0};
	arena_init(&instance.arena, 64 * 1024 * 1024);
	char *final = arena_strdup(&instance.arena, dir);
	for (size_t length = strlen(dir); final && length > 1 && final[length - 1] == '/'; length--)
		final[length - 1] = '\0';
	if (!final)
		return complain(EX_OSERR, "there is not enough memory");
	folders_make_parents(final, &instance.arena); /* build/ of a fresh clone */
	if (rmdir(final) != 0 && errno != ENOENT) {   /* an empty folder may become the instance */
		int code = complain(EX_CANTCREAT,
				    errno == ENOTEMPTY || errno == EEXIST
					    ? "%s is there already and not empty; nothing was changed"
					    : "%s cannot be made here",
				    dir);
		arena_fini(&instance.arena);
		return code;
	}
	char *making = arena_printf(&instance.arena, "%s.making-XXXXXX", final);
	if (!making || !mkdtemp(making)) {
		int code = complain(EX_CANTCREAT, "%s cannot be written: %s", dir, strerror(errno));
		arena_fini(&instance.arena);
		return code;
	}
	const char *slash = strrchr(final, '/');
	const char *parent =
		slash ? arena_strndup(&instance.arena, final, slash == final ? 1 : (size_t) (slash - final)) : ".";
	instance.dir = making;
	int code = keys_start() == ERR_OK ? fill(&instance, final, forms, port)
					  : complain(EX_OSERR, "libsodium does not start");
	office_close(instance.office);
	if (code == EX_OK && rename(making, final) != 0)
		code = complain(EX_CANTCREAT, "%s cannot be made: %s", dir, strerror(errno));
	if (code != EX_OK)
		folders_remove(making);
	else if (!parent || file_sync_dir(AT_FDCWD, parent) != ERR_OK)
		code = complain(EX_IOERR, "%s may not be on disk yet", dir);
	keys_wipe(&instance.content, sizeof instance.content);
	arena_fini(&instance.arena);
	return code;
}

int cmd_init(const char *instance_dir, int argc, char **argv)
{
	static const char usage[] =
		"usage: soundings init DIR [--forms DIR] [--port N]\n"
		"Makes a new instance in DIR. Forms, organisation and page strings come from the forms folder.\n";
	static const struct option options[] = {
		{"forms", required_argument, NULL, 'f'},
		{"port", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	(void) instance_dir;
	const char *forms = NULL;
	unsigned long port = 0;
	for (int option; (option = getopt_long(argc, argv, ARGS_QUIET "h", options, NULL)) != -1;) {
		char *end = NULL;
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? EX_IOERR : EX_OK;
		if (option == '?' || option == ':')
			return args_refuse(option, "init", argv, options);
		if (option == 'f')
			forms = optarg;
		if (option == 'p' && ((port = strtoul(optarg, &end, 10)) < 1 || port > 65535 || *end))
			return complain(EX_USAGE, "--port takes a number from 1 to 65535, not '%s'", optarg);
	}
	if (optind + 1 != argc)
		return fputs(usage, stderr) < 0 ? EX_IOERR : EX_USAGE;
	struct arena arena;
	arena_init(&arena, 64 * 1024);
	int code = init(argv[optind], forms ? forms : instance_forms_dir(&arena), (unsigned) port);
	if (code == EX_OK)
		printf("%s is ready. It holds a recovery file, recovery-*.txt: print it or copy it to a stick, keep it "
		       "in a safe\n"
		       "place away from this machine, and delete it here. Without it nobody can restore a lost "
		       "machine.\n",
		       argv[optind]);
	arena_fini(&arena);
	return code;
}
