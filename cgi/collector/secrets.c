/* SPDX-License-Identifier: MIT */
/* secrets.c: loads the periods' secrets and proves each before anything depends on it (security.md, C4).
 *
 * A secret that does not fit its public key would be found out only when envelopes no longer open, perhaps in a hall. So a
 * canary is sealed and opened for each at start, and again every hour (collector.c), from the file each time: what was
 * destroyed on disk does not live on in memory. Nothing of a secret is ever logged; period ids are public. */
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
static const char secret_missing[] = "missing";

/* Whole and nobody else's, or a short word for what is wrong with it. */
static const char *secret_read(int folder, const char *name, uint8_t secret[KEYS_SECRET_BYTES])
{
	CLEANUP_FD int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;
	if (fd < 0)
		return errno == ENOENT ? secret_missing : "unreadable";
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return "unreadable";
	if ((status.st_mode & 07777) != 0600)
		return "permissions-not-0600";
	if (status.st_size != KEYS_SECRET_BYTES)
		return "not-32-bytes";
	ssize_t got;
	do
		got = read(fd, secret, KEYS_SECRET_BYTES);
	while (got < 0 && errno == EINTR);
	return got == KEYS_SECRET_BYTES ? NULL : "unreadable";
}

static const char *secret_wrong(enum err error)
{
	return error == ERR_OK ? NULL : error == ERR_NOMEM ? "not-enough-memory" : "does-not-open-its-period";
}

/* Seals a canary to PERIOD and opens it with PAIR. NULL, or what is wrong. */
static const char *secret_try(const struct period *period, const struct box_pair *pair)
{
	static const char canary[] = "{\"canary\":\"soundings\"}";
	uint8_t envelope[ENVELOPE_MAX_BYTES];
	size_t length = 0;
	char text[sizeof(canary)]; /* sealing wipes what it seals */
	memcpy(text, canary, sizeof(canary));
	enum err error = envelope_seal(text, sizeof(canary) - 1, period, envelope, &length);
	if (error != ERR_OK)
		return secret_wrong(error);
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SECRETS_ARENA_BYTES);
	char *opened = NULL;
	size_t opened_length = 0;
	error = envelope_open(envelope, length, pair, &arena, &opened, &opened_length);
	if (error == ERR_OK && (opened_length != sizeof(canary) - 1 || memcmp(opened, canary, opened_length) != 0))
		error = ERR_CORRUPT;
	return secret_wrong(error);
}

static const char *secret_load(int folder, const struct period *period, const char *name, struct secret *out)
{
	memcpy(out->id, period->id, KEYS_ID_BYTES);
	memcpy(out->pair.public_key, period->public_key, KEYS_PUBLIC_BYTES);
	out->is_practice = period->is_practice;
	const char *wrong = secret_read(folder, name, out->pair.secret_key);
	if (wrong == NULL)
		wrong = secret_try(period, &out->pair);
	return wrong;
}

/* ---- all of them --------------------------------------------------------------------------------------------- */

/* NULL, or a word for what is wrong with the folder. */
static const char *secrets_open_folder(int *folder)
{
	struct stat status;
	*folder = open(secrets_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*folder < 0 || fstat(*folder, &status) != 0)
		return err_name(file_err(errno));
	return (status.st_mode & 07777) == 0700 ? NULL : "permissions-not-0700";
}

/* What was wrong with a period's secret at the last look, or NULL. */
static const char *secrets_wrong(const struct secrets *secrets, const uint8_t id[KEYS_ID_BYTES])
{
	for (size_t i = 0; i < secrets->lacking_count; i++) {
		if (memcmp(secrets->lacking[i].id, id, KEYS_ID_BYTES) == 0)
			return secrets->lacking[i].wrong;
	}
	return NULL;
}

static bool secrets_is_news(const char *wrong, const char *before)
{
	return wrong != NULL && (before == NULL || strcmp(wrong, before) != 0);
}

/* When the office cannot say, the secret counts as missing: a complaint too many does no harm. */
static bool secrets_is_destroyed(struct office *office, const uint8_t id[KEYS_ID_BYTES])
{
	bool is_destroyed = false;
	return office_period_is_destroyed(office, id, &is_destroyed) == ERR_OK && is_destroyed;
}

/* Adds PERIOD's secret to OUT, or the period to those that lack one; BEFORE is what the last look found. */
static void secrets_add(struct office *office, int folder, const struct period *period, const struct secrets *before,
			struct secrets *out)
{
	char hex[2 * KEYS_ID_BYTES + 1];
	char name[SECRETS_NAME_MAX];
	struct secret *secret = &out->list[out->count];
	const char *wrong_before = secrets_wrong(before, period->id);
	codec_hex(period->id, KEYS_ID_BYTES, hex);
	snprintf(name, sizeof(name), "%s.secret", hex);
	const char *wrong = out->folder_wrong != NULL ? out->folder_wrong : secret_load(folder, period, name, secret);
	if (wrong == NULL) {
		out->count++;
		if (wrong_before != NULL)
			log_info("collector.keys", "file=%s/%s result=found", secrets_folder, name);
		return;
	}
	keys_wipe(secret, sizeof(*secret));
	if (wrong == secret_missing && secrets_is_destroyed(office, period->id))
		return;
	struct lacking *lacking = &out->lacking[out->lacking_count++];
	memcpy(lacking->id, period->id, KEYS_ID_BYTES);
	lacking->wrong = wrong;
	if (out->folder_wrong == NULL && secrets_is_news(wrong, wrong_before))
		log_error("collector.keys", "file=%s/%s wrong=%s", secrets_folder, name, wrong);
}

bool secrets_load(struct office *office, const struct keyset *keyset, struct secrets *out)
{
	CLEANUP_FD int folder = -1;
	struct secrets before = *out;
	secrets_wipe(out);
	out->folder_wrong = secrets_open_folder(&folder);
	if (secrets_is_news(out->folder_wrong, before.folder_wrong))
		log_error("collector.keys", "folder=%s wrong=%s", secrets_folder, out->folder_wrong);
	for (size_t i = 0; i < keyset->periods_count; i++)
		secrets_add(office, folder, &keyset->periods[i], &before, out);
	secrets_wipe(&before);
	return out->lacking_count == 0;
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
