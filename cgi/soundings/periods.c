/* SPDX-License-Identifier: MIT */
/* periods.c: key periods on disk and in the key set.
 *
 * The order is what makes a crash harmless at any instant: sealed copy, secret, key set, and each is on disk before the next. So a period
 * that a key set names can always be opened, here and with the recovery key; one that none names was never sealed to, and goes
 * (periods_clear). Must not hold the recovery seed: whoever calls has it. */
#include "periods.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/random.h"
#include "lib/office/keeping.h"
#include "lib/spool/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

enum { SPOOL_TIMEOUT_MS = 5000, NAME_HEX = 2 * KEYS_ID_BYTES };

static const char secrets_dir[] = "keys/periods", sealed_dir[] = "keys/sealed";
static const char secret_end[] = ".secret", sealed_end[] = ".sealed";

static int open_keys(const char *dir, int *fd)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	const char *path = arena_printf(&arena, "%s/keys", dir);
	if (!path)
		return complain(EX_OSERR, "there is not enough memory");
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 && errno != ENOENT && errno != ENOTDIR)
		return complain_errno(EX_NOPERM, "%s", path);
	return EX_OK;
}

int periods_lock(const char *dir, int *fd)
{
	int code = open_keys(dir, fd);
	if (code != EX_OK || *fd < 0 || flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return code;
	complain(EX_OK, "another 'expire' or 'key' is at work on %s: waiting until it has ended", dir);
	while (flock(*fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return complain_errno(EX_TEMPFAIL, "%s/keys cannot be locked", dir);
	return EX_OK;
}

/* A key set that was read before the lock may be the one before, and a period that it does not name would be retired. */
int periods_note(const char *dir)
{
	CLEANUP_FD int lock = -1;
	int code = open_keys(dir, &lock);
	if (code != EX_OK || (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0))
		return code;
	struct instance instance;
	code = instance_open(&instance, dir, OFFICE_CLI);
	if (code == EX_OK) {
		enum err error = office_periods_note(instance.office, &instance.keyset, date_today());
		code = error ? complain_err(error, "the office could not note the key periods") : EX_OK;
	}
	instance_close(&instance);
	return code;
}

/* ---- one period ---------------------------------------------------------------------------------------------- */

static const char *period_path(struct instance *instance, const char *folder, const uint8_t id[KEYS_ID_BYTES],
			       const char *end)
{
	char hex[NAME_HEX + 1];
	codec_hex(id, KEYS_ID_BYTES, hex);
	const char *name = arena_printf(&instance->arena, "%s/%s%s", folder, hex, end);
	if (!name)
		exit(complain(EX_OSERR, "there is not enough memory"));
	return instance_path(instance, name);
}

const char *periods_secret_path(struct instance *instance, const uint8_t id[KEYS_ID_BYTES])
{
	return period_path(instance, secrets_dir, id, secret_end);
}

const char *periods_sealed_path(struct instance *instance, const uint8_t id[KEYS_ID_BYTES])
{
	return period_path(instance, sealed_dir, id, sealed_end);
}

bool periods_fits(const struct box_pair *pair)
{
	uint8_t canary[KEYS_SECRET_BYTES], sealed[KEYS_SEALED_BYTES], opened[KEYS_SECRET_BYTES];
	random_bytes(canary, sizeof canary);
	return keys_seal_secret(canary, pair->public_key, sealed) == ERR_OK &&
	       keys_open_secret(sealed, pair, opened) == ERR_OK && memcmp(canary, opened, sizeof canary) == 0;
}

enum err periods_write_sealed(struct instance *instance, const struct box_pair *pair,
			      const uint8_t recovery_public[KEYS_PUBLIC_BYTES])
{
	uint8_t id[KEYS_ID_BYTES], sealed[KEYS_SEALED_BYTES];
	keys_id(pair->public_key, id);
	enum err error = keys_seal_secret(pair->secret_key, recovery_public, sealed);
	return error ? error : file_write(AT_FDCWD, periods_sealed_path(instance, id), sealed, sizeof sealed, 0600);
}

enum err periods_write_secret(struct instance *instance, const struct box_pair *pair)
{
	uint8_t id[KEYS_ID_BYTES];
	keys_id(pair->public_key, id);
	return file_write(AT_FDCWD, periods_secret_path(instance, id), pair->secret_key, KEYS_SECRET_BYTES, 0600);
}

enum err periods_write(struct instance *instance, const struct box_pair *pair,
		       const uint8_t recovery_public[KEYS_PUBLIC_BYTES])
{
	enum err error = periods_write_sealed(instance, pair, recovery_public);
	return error ? error : periods_write_secret(instance, pair);
}

/* IS_DONE becomes true when there was such a file. */
static enum err wipe(const char *path, bool *is_done)
{
	enum err error = file_wipe(AT_FDCWD, path);
	*is_done = *is_done || error == ERR_OK;
	return error == ERR_NOT_FOUND ? ERR_OK : error;
}

enum err periods_destroy(struct instance *instance, const uint8_t id[KEYS_ID_BYTES], bool *is_done)
{
	bool is_any = false;
	enum err error = wipe(periods_secret_path(instance, id), &is_any);
	if (!error)
		error = wipe(periods_sealed_path(instance, id), &is_any);
	if (is_done)
		*is_done = is_any;
	return error;
}

/* ---- the key set --------------------------------------------------------------------------------------------- */

enum err periods_add(struct keyset *keyset, const uint8_t public_key[KEYS_PUBLIC_BYTES], bool is_practice)
{
	if (keyset->periods_count == KEYS_PERIODS_MAX)
		return ERR_TOO_BIG;
	for (size_t i = 0; i < keyset->periods_count; i++)
		if (keyset->periods[i].is_practice == is_practice)
			keyset->periods[i].is_current = false;
	struct period *period = &keyset->periods[keyset->periods_count++];
	memcpy(period->public_key, public_key, KEYS_PUBLIC_BYTES);
	keys_id(public_key, period->id);
	period->is_practice = is_practice;
	period->is_current = true;
	return ERR_OK;
}

static const struct office_period *find_known(const struct office_period *known, size_t count,
					      const uint8_t id[KEYS_ID_BYTES])
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(known[i].id, id, KEYS_ID_BYTES) == 0)
			return &known[i];
	return NULL;
}

enum err periods_drop_destroyed(struct instance *instance, struct keyset *keyset)
{
	struct office_period *known = NULL;
	size_t known_count = 0, kept = 0;
	enum err error = office_periods(instance->office, &instance->arena, &known, &known_count);
	for (size_t i = 0; !error && i < keyset->periods_count; i++) {
		const struct office_period *row = find_known(known, known_count, keyset->periods[i].id);
		if (!row || !row->is_destroyed || keyset->periods[i].is_current)
			keyset->periods[kept++] = keyset->periods[i];
	}
	if (!error)
		keyset->periods_count = kept;
	return error;
}

enum err periods_next_serial(struct instance *instance, uint64_t *serial)
{
	uint64_t catalogue = 0, highest = 0;
	enum err error = office_serials(instance->office, 0, 0, &catalogue, &highest);
	if (!error)
		*serial = (highest > instance->keyset.serial ? highest : instance->keyset.serial) + 1;
	return error;
}

enum err periods_sign(struct instance *instance, const struct root_pair *root)
{
	return keyset_encode(&instance->keyset, root, &instance->arena, &instance->keyset_document,
			     &instance->keyset_length);
}

enum err periods_save(struct instance *instance)
{
	return file_write(AT_FDCWD, instance_path(instance, "keys/keyset"), instance->keyset_document,
			  instance->keyset_length, 0644);
}

/* ---- what a crash left behind -------------------------------------------------------------------------------- */

enum err periods_held(struct instance *instance, struct spool_period **held, size_t *count)
{
	CLEANUP_FD int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || chdir(instance->dir) != 0) /* the path of a socket has 108 bytes: short inside the instance */
		return ERR_IO;
	struct spool spool;
	spool_init(&spool, "run/batch.sock", SPOOL_TIMEOUT_MS);
	enum err error = spool_periods(&spool, &instance->arena, held, count);
	spool_fini(&spool);
	return fchdir(before) != 0 ? ERR_IO : error;
}

/* Who may know a period. A catalogue may still be out that was published with a key set which a crash or a hand has taken back. */
struct known {
	struct instance *instance;
	struct office_period *rows;
	size_t rows_count;
	struct catalogue *catalogue;
	struct spool_period *held;
	size_t held_count;
	bool is_spooler_silent;
	size_t cleared;
};

static bool is_known(const struct known *known, const uint8_t id[KEYS_ID_BYTES])
{
	if (keyset_find(&known->instance->keyset, id) || find_known(known->rows, known->rows_count, id))
		return true;
	if (known->catalogue && keyset_find(catalogue_keyset(known->catalogue), id))
		return true;
	for (size_t i = 0; i < known->held_count; i++)
		if (memcmp(known->held[i].id, id, KEYS_ID_BYTES) == 0)
			return true;
	return false;
}

/* HEX and then END, and nothing else: the period's id. */
static bool read_name(const char *name, const char *end, uint8_t id[KEYS_ID_BYTES])
{
	char hex[NAME_HEX + 1] = {0};
	if (strlen(name) != NAME_HEX + strlen(end) || strcmp(name + NAME_HEX, end) != 0)
		return false;
	memcpy(hex, name, NAME_HEX);
	return codec_unhex(hex, id, KEYS_ID_BYTES) == ERR_OK;
}

static enum err clear_one(struct known *known, const char *folder, const char *name, const char *end)
{
	size_t length = strlen(name);
	uint8_t id[KEYS_ID_BYTES];
	enum err error = ERR_OK;
	bool is_done = false;
	if (name[0] == '.' && length > 4 && strcmp(name + length - 4, ".tmp") == 0) { /* file_write, interrupted */
		const char *path = arena_printf(&known->instance->arena, "%s/%s", folder, name);
		error = path ? wipe(instance_path(known->instance, path), &is_done) : ERR_NOMEM;
	} else if (end && read_name(name, end, id) && !known->is_spooler_silent && !is_known(known, id)) {
		error = periods_destroy(known->instance, id, &is_done);
	}
	known->cleared += is_done;
	return error;
}

static enum err clear_folder(struct known *known, const char *folder, const char *end)
{
	DIR *dir = opendir(instance_path(known->instance, folder));
	if (!dir)
		return file_err(errno);
	enum err error = ERR_OK;
	for (const struct dirent *entry; !error && (entry = readdir(dir)) != NULL;)
		error = clear_one(known, folder, entry->d_name, end);
	closedir(dir);
	return error;
}

enum err periods_clear(struct instance *instance, size_t *count)
{
	struct known known = {.instance = instance};
	struct catalogue_refusal refusal;
	enum err error = office_periods(instance->office, &instance->arena, &known.rows, &known.rows_count);
	if (error)
		return error;
	if (catalogue_open(instance_path(instance, "catalogue"), instance->root_public, 0, 0, &known.catalogue,
			   &refusal) != ERR_OK)
		known.catalogue = NULL; /* nothing is published that anybody would seal to */
	known.is_spooler_silent = periods_held(instance, &known.held, &known.held_count) != ERR_OK;
	error = clear_folder(&known, secrets_dir, secret_end);
	if (!error)
		error = clear_folder(&known, sealed_dir, sealed_end);
	if (!error)
		error = clear_folder(&known, "keys", NULL); /* the content key, half-written */
	catalogue_close(known.catalogue);
	*count = known.cleared;
	return error;
}
