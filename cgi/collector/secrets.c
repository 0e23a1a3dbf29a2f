/* SPDX-License-Identifier: MIT */
/* secrets.c: loads the periods' secrets and proves each before anything depends on it (security.md, C4).
 *
 * A secret that does not fit its public key would be found out only when envelopes no longer open, perhaps in a hall. So a
 * canary is sealed and opened for each at start. Nothing of a secret is ever logged; period ids are public. */
#include "collector/secrets.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/envelope/envelope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRETS_NAME_MAX = 2 * KEYS_ID_BYTES + sizeof(".secret"), SECRETS_ARENA_BYTES = 1 << 20 };

static const char secrets_folder[] = "keys/periods";

/* Whole and nobody else's, or a short word for what is wrong with it. */
static const char *secret_read(int folder, const char *name, uint8_t secret[KEYS_SECRET_BYTES])
{
	CLEANUP_FD int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;
	if (fd < 0)
		return errno == ENOENT ? "missing" : "unreadable";
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return "unreadable";
	if ((status.st_mode & 07777) != 0600)
		return "permissions-not-0600";
	if (status.st_size != KEYS_SECRET_BYTES)
		return "not-32-bytes";
	return read(fd, secret, KEYS_SECRET_BYTES) == KEYS_SECRET_BYTES ? NULL : "unreadable";
}

/* Seals a canary to PERIOD and opens it with PAIR. */
static bool secret_fits(const struct period *period, const struct box_pair *pair)
{
	static const char canary[] = "{\"canary\":\"soundings\"}";
	uint8_t envelope[ENVELOPE_MAX_BYTES];
	size_t length = 0;
	char text[sizeof(canary)]; /* sealing wipes what it seals */
	memcpy(text, canary, sizeof(canary));
	if (envelope_seal(text, sizeof(canary) - 1, period, envelope, &length) != ERR_OK)
		return false;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SECRETS_ARENA_BYTES);
	char *opened = NULL;
	size_t opened_length = 0;
	return envelope_open(envelope, length, pair, &arena, &opened, &opened_length) == ERR_OK &&
	       opened_length == sizeof(canary) - 1 && memcmp(opened, canary, opened_length) == 0;
}

static const char *secret_load(int folder, const struct period *period, const char *name, struct secret *out)
{
	memcpy(out->id, period->id, KEYS_ID_BYTES);
	memcpy(out->pair.public_key, period->public_key, KEYS_PUBLIC_BYTES);
	out->is_practice = period->is_practice;
	const char *wrong = secret_read(folder, name, out->pair.secret_key);
	if (wrong == NULL && !secret_fits(period, &out->pair))
		wrong = "does-not-open-its-period";
	return wrong;
}

static enum err secrets_open_folder(int *folder)
{
	struct stat status;
	*folder = open(secrets_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*folder < 0 || fstat(*folder, &status) != 0) {
		log_error("collector.keys", "folder=%s wrong=%s", secrets_folder, err_name(file_err(errno)));
		return ERR_DENIED;
	}
	if ((status.st_mode & 07777) != 0700) {
		log_error("collector.keys", "folder=%s wrong=permissions-not-0700", secrets_folder);
		return ERR_DENIED;
	}
	return ERR_OK;
}

enum err secrets_load(const struct keyset *keyset, struct secrets *out)
{
	CLEANUP_FD int folder = -1;
	secrets_wipe(out);
	enum err error = secrets_open_folder(&folder);
	if (error != ERR_OK)
		return error;
	for (size_t i = 0; i < keyset->periods_count; i++) {
		char hex[2 * KEYS_ID_BYTES + 1];
		char name[SECRETS_NAME_MAX];
		codec_hex(keyset->periods[i].id, KEYS_ID_BYTES, hex);
		snprintf(name, sizeof(name), "%s.secret", hex);
		struct secret *secret = &out->list[out->count];
		const char *wrong = secret_load(folder, &keyset->periods[i], name, secret);
		if (wrong == NULL) {
			out->count++;
			continue;
		}
		keys_wipe(secret, sizeof(*secret));
		log_error("collector.keys", "file=%s/%s wrong=%s", secrets_folder, name, wrong);
		error = ERR_DENIED;
	}
	return error;
}

const struct secret *secrets_find(const struct secrets *secrets, const uint8_t id[KEYS_ID_BYTES])
{
	for (size_t i = 0; i < secrets->count; i++) {
		if (memcmp(secrets->list[i].id, id, KEYS_ID_BYTES) == 0)
			return &secrets->list[i];
	}
	return NULL;
}

void secrets_wipe(struct secrets *secrets)
{
	keys_wipe(secrets, sizeof(*secrets));
}
