/* SPDX-License-Identifier: MIT */
/* fixture.h: what the tests of backups share: keys, a folder of their own, a backup of given parts, and reading one to its end. */
#ifndef SOUNDINGS_TESTS_BACKUP_FIXTURE_H
#define SOUNDINGS_TESTS_BACKUP_FIXTURE_H

#include "lib/backup/backup.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/file.h"

/* The keys of an instance. */
struct fixture_keys {
	uint8_t seed[KEYS_SEED_BYTES];
	struct root_pair root, content;
	struct box_pair recovery;
	char *keyset;
	size_t keyset_length;
};

struct fixture_part {
	const char *name;
	const uint8_t *bytes;
	size_t length;
};

static struct arena arena;
static struct fixture_keys keys;
static char folder[64], path[128]; /* PATH: folder/a.backup */

/* Keys from a seed that NUMBER gives. */
static inline void fixture_keys_make(struct fixture_keys *out, int number)
{
	struct keyset keyset = {.serial = 7, .periods_count = 2};
	keys_hash(&number, sizeof number, out->seed);
	keys_root(out->seed, &out->root);
	keys_recovery(out->seed, &out->recovery);
	keys_new_signing(&out->content);
	memcpy(keyset.content_public, out->content.public_key, KEYS_PUBLIC_BYTES);
	memcpy(keyset.recovery_public, out->recovery.public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < 2; i++) {
		struct box_pair pair;
		keys_new_period(&pair);
		memcpy(keyset.periods[i].public_key, pair.public_key, KEYS_PUBLIC_BYTES);
		keys_id(pair.public_key, keyset.periods[i].id);
		keyset.periods[i].is_practice = i == 1;
		keyset.periods[i].is_current = true;
	}
	assert_int_equal(keyset_encode(&keyset, &out->root, &arena, &out->keyset, &out->keyset_length), ERR_OK);
}

static inline struct backup_head fixture_head(const struct fixture_keys *of)
{
	struct backup_head head = {.number = 42,
				   .generation = {1, 2, 3, 0xff},
				   .day = {2026, 11, 21},
				   .name = "Neuadd \"y dref\"",
				   .keyset_document = of->keyset,
				   .keyset_length = of->keyset_length};
	memcpy(head.root_public, of->root.public_key, KEYS_PUBLIC_BYTES);
	return head;
}

/* Writes PATH; ERR_OK or the first failure, after which nothing is left open. */
static inline enum err fixture_write(const struct fixture_part *parts, size_t count)
{
	struct backup_head head = fixture_head(&keys);
	struct backup_writer *writer = NULL;
	uint64_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += parts[i].length;
	enum err error = backup_create(path, &head, bytes, &keys.content, &writer);
	if (error != ERR_OK)
		return error;
	for (size_t i = 0; i < count && error == ERR_OK; i++) {
		error = backup_part(writer, parts[i].name, parts[i].length);
		if (error == ERR_OK)
			error = backup_write(writer, parts[i].bytes, parts[i].length);
	}
	if (error == ERR_OK)
		return backup_finish(writer);
	backup_abandon(writer);
	return error;
}

/* Reads the rest of a part, ROOM bytes at a time at most, into OUT of LENGTH bytes. */
static inline enum err fixture_read_part(struct backup *backup, uint8_t *out, size_t length, size_t room)
{
	for (size_t at = 0;;) {
		size_t got = 0;
		enum err error = backup_read(backup, out + at, room < length - at ? room : length - at, &got);
		if (error != ERR_OK)
			return error;
		if (got == 0)
			return at == length ? ERR_OK : ERR_TOO_BIG;
		at += got;
	}
}

/* Goes through all parts of an unsealed backup: ERR_NOT_FOUND when it is right to its end. */
static inline enum err fixture_drain(struct backup *backup)
{
	static uint8_t bytes[16384];
	for (;;) {
		const char *name = NULL;
		uint64_t length = 0;
		size_t got = 0;
		enum err error = backup_next(backup, &arena, &name, &length);
		if (error != ERR_OK)
			return error;
		do {
			error = backup_read(backup, bytes, sizeof bytes, &got);
		} while (error == ERR_OK && got > 0);
		if (error != ERR_OK)
			return error;
	}
}

/* How many names there are in the tests' folder. */
static inline size_t fixture_count(void)
{
	size_t count = 0;
	DIR *entries = opendir(folder);
	assert_non_null(entries);
	for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(entries);
	return count;
}

static inline void fixture_empty(void)
{
	DIR *entries = opendir(folder);
	assert_non_null(entries);
	for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(entries), entry->d_name, 0);
	}
	closedir(entries);
}

static inline int fixture_start(void **state)
{
	(void) state;
	arena_init(&arena, 64 * 1024 * 1024);
	snprintf(folder, sizeof folder, "/tmp/soundings-backup-XXXXXX");
	if (keys_start() != ERR_OK || mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/a.backup", folder);
	fixture_keys_make(&keys, 1);
	return 0;
}

static inline int fixture_stop(void **state)
{
	(void) state;
	fixture_empty();
	arena_fini(&arena);
	return rmdir(folder);
}

/* Each test begins with an empty folder. */
static inline int fixture_each(void **state)
{
	(void) state;
	fixture_empty();
	return 0;
}

#endif
