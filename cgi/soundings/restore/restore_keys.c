/* SPDX-License-Identifier: MIT */
/* restore_keys.c: one set of keys out of all that are found: the backup's, those of the instance that is there, those of newer backups.
 *
 * Nothing that can open an envelope is left behind: the new key set names every period that any of them names, but those that the office
 * calls destroyed. The root signs it here, with the recovery seed; nothing of that seed is written. */
#include "restore_parts.h"
#include "soundings/periods.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/catalogue/catalogue.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>

enum { KEY_FILE_MAX = 64 * 1024 };

/* ---- collecting --------------------------------------------------------------------------------------------------------- */

static enum err add_period(struct keyset *keyset, const struct period *period)
{
	if (keyset_find(keyset, period->id))
		return ERR_OK;
	if (keyset->periods_count == KEYS_PERIODS_MAX)
		return ERR_TOO_BIG;
	keyset->periods[keyset->periods_count] = *period;
	keyset->periods[keyset->periods_count++].is_current = false;
	return ERR_OK;
}

static void add_content(struct keyring *ring, const struct keyset *keyset, const char *secret)
{
	const uint8_t *public_key = (const uint8_t *) secret + KEYS_SIGN_SECRET_BYTES - KEYS_PUBLIC_BYTES;
	bool is_its_own = memcmp(public_key, keyset->content_public, KEYS_PUBLIC_BYTES) == 0;
	/* The one that the newest set names, or any that there is. */
	if (ring->has_content && !(is_its_own && keyset->serial >= ring->keyset.serial))
		return;
	memcpy(ring->content.secret_key, secret, KEYS_SIGN_SECRET_BYTES);
	memcpy(ring->content.public_key, public_key, KEYS_PUBLIC_BYTES);
	ring->has_content = true;
}

enum err keyring_add_keyset(struct keyring *ring, const struct keyset *keyset, const char *content_secret)
{
	bool is_newest = ring->keyset.periods_count == 0 || keyset->serial > ring->keyset.serial;
	struct keyset merged = is_newest ? *keyset : ring->keyset;
	const struct keyset *other = is_newest ? &ring->keyset : keyset;
	for (size_t i = 0; i < other->periods_count; i++) {
		enum err error = add_period(&merged, &other->periods[i]);
		if (error)
			return error;
	}
	ring->keyset = merged;
	if (content_secret)
		add_content(ring, keyset, content_secret);
	return ERR_OK;
}

enum err keyring_add_copies(struct keyring *ring, const struct extracted *from, struct arena *arena)
{
	enum err error = ERR_OK;
	for (size_t i = 0; !error && i < from->copies_count; i++)
		error = restore_add_copy(&ring->copies, arena, from->copies[i].id,
					 (const char *) from->copies[i].sealed);
	return error;
}

/* ---- what the instance has ------------------------------------------------------------------------------------------------ */

/* A file of the instance; NULL when it is not there or not to be read. */
static char *read_found(struct instance *to, const char *name, size_t *length)
{
	char *data = NULL;
	const char *path = instance_path(to, name);
	enum err error = file_read(AT_FDCWD, path, KEY_FILE_MAX, &to->arena, &data, length);
	if (error && error != ERR_NOT_FOUND)
		complain_err(error, "%s cannot be read, and is not taken over", path);
	return error ? NULL : data;
}

static int add_found_copies(struct keyring *ring, struct instance *to)
{
	DIR *folder = opendir(instance_path(to, "keys/sealed"));
	enum err error = ERR_OK;
	for (const struct dirent *entry; !error && folder && (entry = readdir(folder)) != NULL;) {
		uint8_t id[KEYS_ID_BYTES];
		if (!restore_sealed_id(entry->d_name, id))
			continue;
		size_t length = 0;
		const char *name = arena_printf(&to->arena, "keys/sealed/%s", entry->d_name);
		const char *data = name ? read_found(to, name, &length) : NULL;
		if (data && length == KEYS_SEALED_BYTES)
			error = restore_add_copy(&ring->copies, &to->arena, id, data);
	}
	if (folder)
		closedir(folder);
	return error ? complain_err(error, "the sealed copies in %s/keys/sealed cannot be taken over", to->dir) : EX_OK;
}

static int too_many(enum err error)
{
	return complain_err(error, "the key sets that were found name more than %d periods together", KEYS_PERIODS_MAX);
}

/* What is published may be newer than keys/keyset, when that was lost. */
static int add_published(struct keyring *ring, struct instance *to)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {.reason = NULL};
	if (catalogue_open(instance_path(to, "catalogue"), to->root_public, 0, 0, &catalogue, &refusal) != ERR_OK)
		return EX_OK;
	enum err error = keyring_add_keyset(ring, catalogue_keyset(catalogue), NULL);
	catalogue_close(catalogue);
	return error ? too_many(error) : EX_OK;
}

int keyring_add_found(struct keyring *ring, struct instance *to)
{
	size_t length = 0, secret_length = 0;
	const char *document = read_found(to, "keys/keyset", &length);
	const char *secret = read_found(to, "keys/content.secret", &secret_length);
	struct keyset keyset;
	enum err error = document ? keyset_decode(document, length, to->root_public, &keyset) : ERR_NOT_FOUND;
	if (document && error)
		complain(EX_OK, "%s/keys/keyset is damaged, or the root key did not sign it; it is not taken over",
			 to->dir);
	if (!error)
		error = keyring_add_keyset(ring, &keyset, secret_length == KEYS_SIGN_SECRET_BYTES ? secret : NULL);
	if (error == ERR_TOO_BIG)
		return too_many(error);
	int code = add_published(ring, to);
	return code == EX_OK ? add_found_copies(ring, to) : code;
}

/* ---- opening ---------------------------------------------------------------------------------------------------------------- */

static bool open_copy(const struct keyring *ring, const struct period *period, const struct recovery *recovery,
		      struct box_pair *pair)
{
	memcpy(pair->public_key, period->public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < ring->copies.copies_count; i++) {
		const struct sealed_copy *copy = &ring->copies.copies[i];
		if (memcmp(copy->id, period->id, KEYS_ID_BYTES) == 0 &&
		    keys_open_secret(copy->sealed, &recovery->box, pair->secret_key) == ERR_OK && periods_fits(pair))
			return true;
	}
	return false;
}

static bool read_secret(struct instance *to, const struct period *period, struct box_pair *pair)
{
	char *data = NULL;
	size_t length = 0;
	if (file_read(AT_FDCWD, periods_secret_path(to, period->id), KEYS_SECRET_BYTES, &to->arena, &data, &length) !=
		    ERR_OK ||
	    length != KEYS_SECRET_BYTES)
		return false;
	memcpy(pair->secret_key, data, KEYS_SECRET_BYTES);
	keys_wipe(data, length);
	return periods_fits(pair);
}

int keyring_open(struct keyring *ring, struct instance *to, const struct recovery *recovery)
{
	enum err error = periods_drop_destroyed(to, &ring->keyset);
	if (error)
		return complain_err(error, "the key periods cannot be read from the office");
	for (size_t i = 0; i < ring->keyset.periods_count; i++) {
		const struct period *period = &ring->keyset.periods[i];
		ring->has_pair[i] =
			open_copy(ring, period, recovery, &ring->pairs[i]) || read_secret(to, period, &ring->pairs[i]);
		if (ring->has_pair[i])
			continue;
		char hex[2 * KEYS_ID_BYTES + 1];
		codec_hex(period->id, KEYS_ID_BYTES, hex);
		complain(EX_OK,
			 "no copy of the secret of the %s period %s opens: what is sealed to it cannot be filed. "
			 "Another "
			 "backup may hold one",
			 period->is_practice ? "practice" : "ordinary", hex);
	}
	return EX_OK;
}

/* ---- the new set ------------------------------------------------------------------------------------------------------------ */

int keyring_sign(struct keyring *ring, struct instance *to, const struct recovery *recovery, uint64_t serial)
{
	if (!ring->has_content)
		return complain(EX_DATAERR, "there is no content key; take another backup");
	if (ring->keyset.serial < serial)
		ring->keyset.serial = serial;
	ring->keyset.serial += OFFICE_SERIAL_JUMP;
	memcpy(ring->keyset.content_public, ring->content.public_key, KEYS_PUBLIC_BYTES);
	memcpy(ring->keyset.recovery_public, recovery->box.public_key, KEYS_PUBLIC_BYTES);
	to->keyset = ring->keyset;
	enum err error = periods_sign(to, &recovery->root);
	return error ? complain_err(error, "the key set cannot be signed") : EX_OK;
}

static enum err write_content(struct keyring *ring, struct instance *to)
{
	size_t length = 0;
	const char *path = instance_path(to, "keys/content.secret");
	const char *there = read_found(to, "keys/content.secret", &length);
	if (there && length == KEYS_SIGN_SECRET_BYTES && memcmp(there, ring->content.secret_key, length) == 0)
		return ERR_OK;
	return file_write(AT_FDCWD, path, ring->content.secret_key, KEYS_SIGN_SECRET_BYTES, 0600);
}

int keyring_write(struct keyring *ring, struct instance *to)
{
	enum err error = ERR_OK;
	for (size_t i = 0; !error && i < ring->keyset.periods_count; i++)
		if (ring->has_pair[i])
			error = periods_write(to, &ring->pairs[i], ring->keyset.recovery_public);
	if (!error)
		error = write_content(ring, to);
	if (!error)
		error = periods_save(to);
	return error ? complain_err(error, "the keys cannot be written to %s/keys", to->dir) : EX_OK;
}

void keyring_wipe(struct keyring *ring)
{
	keys_wipe(ring->pairs, sizeof ring->pairs);
	keys_wipe(&ring->content, sizeof ring->content);
}
