/* SPDX-License-Identifier: MIT */
/* make_backups.c: makes backups, a recovery file and its three shares for the readers in other languages, and beside each what a reader
 * must find in it. backup_check.sh compares. Prints nothing; any failure ends it with a line that says where.
 *
 *   make_backups OUT_DIR
 *
 * OUT_DIR must be there and be empty. It gets NAME.backup with the folder NAME that holds its parts, and NAME.list, for several sizes;
 * other.backup, of other keys; recovery.txt, other.txt, share-A.txt and so on, recovery.expected and root.hex. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/backup/backup.h"
#include "lib/base/arena.h"
#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/random.h"
#include "lib/envelope/shares.h"

static struct arena arena;
static const char *out_dir;
static uint8_t bytes[1024 * 1024 + 1];

#define MUST(call) must((call), #call)

static void must(enum err error, const char *what)
{
	if (error == ERR_OK)
		return;
	fprintf(stderr, "make_backups: %s: %s\n", err_name(error), what);
	exit(1);
}

static const char *in(const char *name)
{
	const char *path = arena_printf(&arena, "%s/%s", out_dir, name);
	must(path == NULL ? ERR_NOMEM : ERR_OK, "arena");
	return path;
}

static void put(const char *name, const void *data, size_t length)
{
	MUST(file_write_new(AT_FDCWD, in(name), data, length, 0644));
}

static const char *hex(const uint8_t *data, size_t length)
{
	char *text = arena_alloc(&arena, 2 * length + 1, 1);
	must(text == NULL ? ERR_NOMEM : ERR_OK, "arena");
	codec_hex(data, length, text);
	return text;
}

struct keys {
	uint8_t seed[KEYS_SEED_BYTES];
	struct root_pair root, content;
	struct box_pair recovery;
	char *keyset;
	size_t keyset_length;
};

/* Fresh keys, and their recovery file as NAME. */
static void make_keys(const char *name, struct keys *keys)
{
	struct keyset keyset = {.serial = 12, .periods_count = 2};
	char *text = NULL;
	random_bytes(keys->seed, sizeof keys->seed);
	keys_root(keys->seed, &keys->root);
	keys_recovery(keys->seed, &keys->recovery);
	keys_new_signing(&keys->content);
	memcpy(keyset.content_public, keys->content.public_key, KEYS_PUBLIC_BYTES);
	memcpy(keyset.recovery_public, keys->recovery.public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < 2; i++) {
		struct box_pair pair;
		keys_new_period(&pair);
		memcpy(keyset.periods[i].public_key, pair.public_key, KEYS_PUBLIC_BYTES);
		keys_id(pair.public_key, keyset.periods[i].id);
		keyset.periods[i].is_practice = i == 1;
		keyset.periods[i].is_current = true;
	}
	MUST(keyset_encode(&keyset, &keys->root, &arena, &keys->keyset, &keys->keyset_length));
	MUST(keys_recovery_text(keys->seed, "Neuadd y dref", "2026-11-21", &arena, &text));
	put(name, text, strlen(text));
}

/* A backup with an office of LENGTH bytes; its parts in the folder NAME, as they must come out. */
static void make_backup(const struct keys *keys, const char *name, size_t length)
{
	const struct {
		const char *name;
		const void *bytes;
		size_t length;
	} parts[] = {
		{"keyset", keys->keyset, keys->keyset_length},
		{"sealed/0123456789abcdef.sealed", bytes + 7, 80},
		{"empty", bytes, 0},
		{"office.db", bytes, length},
		{"digest", "{}", 2},
	};
	struct backup_head head = {.number = 42,
				   .generation = {0, 1, 2, 0xfe},
				   .day = {2026, 11, 21},
				   .name = "Neuadd \"y dref\" \xe2\x98\x95",
				   .keyset_document = keys->keyset,
				   .keyset_length = keys->keyset_length};
	struct backup_writer *writer = NULL;
	uint64_t sum = 0;
	const char *list = "";
	memcpy(head.root_public, keys->root.public_key, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		sum += parts[i].length;
	MUST(file_make_dir(AT_FDCWD, in(name), 0755));
	MUST(file_make_dir(AT_FDCWD, in(arena_printf(&arena, "%s/sealed", name)), 0755));
	MUST(backup_create(in(arena_printf(&arena, "%s.backup", name)), &head, sum, &keys->content, &writer));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		MUST(backup_part(writer, parts[i].name, parts[i].length));
		MUST(backup_write(writer, parts[i].bytes, parts[i].length));
		put(arena_printf(&arena, "%s/%s", name, parts[i].name), parts[i].bytes, parts[i].length);
		list = arena_printf(&arena, "%s%zu %s\n", list, parts[i].length, parts[i].name);
	}
	MUST(backup_finish(writer));
	put(arena_printf(&arena, "%s.list", name), list, strlen(list));
	const char *json =
		arena_printf(&arena,
			     "{\"bytes\":%llu,\"day\":\"2026-11-21\",\"generation\":\"%s\",\"name\":\"Neuadd "
			     "\\\"y dref\\\" \xe2\x98\x95\",\"number\":42,\"root\":\"%s\"}\n",
			     (unsigned long long) sum, hex(head.generation, sizeof head.generation),
			     hex(head.root_public, KEYS_PUBLIC_BYTES));
	put(arena_printf(&arena, "%s.head", name), json, strlen(json));
}

static void make_shares(const struct keys *keys, const char *prefix)
{
	struct share shares[SHARES_COUNT];
	shares_split(keys->seed, shares);
	for (size_t i = 0; i < SHARES_COUNT; i++) {
		char *text = NULL;
		MUST(share_text(&shares[i], &arena, &text));
		put(arena_printf(&arena, "%s-%c.txt", prefix, (char) ('A' + i)), text, strlen(text));
	}
}

int main(int argc, char **argv)
{
	static struct keys keys, other;
	if (argc != 2) {
		fprintf(stderr, "usage: make_backups OUT_DIR\n");
		return 64;
	}
	out_dir = argv[1];
	arena_init(&arena, 64 * 1024 * 1024);
	MUST(keys_start());
	random_bytes(bytes, sizeof bytes);
	make_keys("recovery.txt", &keys);
	make_keys("other.txt", &other);
	make_shares(&keys, "share");
	make_shares(&keys, "again");
	const char *expected = arena_printf(&arena, "%s\n%s\n", hex(keys.root.public_key, KEYS_PUBLIC_BYTES),
					    hex(keys.recovery.public_key, KEYS_PUBLIC_BYTES));
	put("recovery.expected", expected, strlen(expected));
	put("root.hex", hex(keys.root.public_key, KEYS_PUBLIC_BYTES), 2 * KEYS_PUBLIC_BYTES);
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 1024 * 1024};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		make_backup(&keys, arena_printf(&arena, "office-%zu", sizes[i]), sizes[i]);
	/* Whose plain text is whole chunks: with 16384 bytes of room. */
	make_backup(&keys, "whole", 2 * 65536 - 16384 - 82 - keys.keyset_length);
	make_backup(&other, "other", 1000);
	arena_fini(&arena);
	return 0;
}
