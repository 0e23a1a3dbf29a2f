/* SPDX-License-Identifier: MIT */
/* backup.c: fuzzes the reader of backups (lib/backup): head, sealed stream, parts.
 *
 * The input: a byte, then by its lowest two bits 0: a file as it stands; 1: the JSON of a head, in a file that is right in all else; 2: the
 * plain parts, filled up with zeros, sealed and signed here as backup_write.c does. For these a second reader of the parts, written from
 * soundings-backup(5), must come to the same end after the same parts. Bits 2 and 3 of the byte: a length 1 too short or too long. */
#include "fuzz.h"

#include "lib/backup/backup.h"
#include "lib/backup/layout.h"

enum { FILE_BYTES = 4 * 1024 * 1024, PARTS_BYTES = 200 * 1024 };

static struct root_pair root, content;
static struct box_pair recovery;
static char keyset[4096];
static size_t keyset_length;
static uint8_t file[FILE_BYTES];

static void set_up(void)
{
	static const uint8_t seed[KEYS_SEED_BYTES] = {42};
	struct keyset of = {.serial = 7, .periods_count = 2};
	struct arena arena;
	char *text = NULL;
	FUZZ_CHECK(keys_start() == ERR_OK);
	arena_init(&arena, 64 * 1024);
	keys_root(seed, &root);
	keys_recovery(seed, &recovery);
	keys_new_signing(&content);
	memcpy(of.content_public, content.public_key, KEYS_PUBLIC_BYTES);
	memcpy(of.recovery_public, recovery.public_key, KEYS_PUBLIC_BYTES);
	for (uint8_t i = 0; i < 2; i++) {
		memset(of.periods[i].public_key, 10 + i, KEYS_PUBLIC_BYTES);
		keys_id(of.periods[i].public_key, of.periods[i].id);
		of.periods[i].is_practice = i == 1;
		of.periods[i].is_current = true;
	}
	FUZZ_CHECK(keyset_encode(&of, &root, &arena, &text, &keyset_length) == ERR_OK);
	FUZZ_CHECK(keyset_length < sizeof keyset);
	memcpy(keyset, text, keyset_length);
	arena_fini(&arena);
	fuzz_enter_folder();
}

/* ---- parts, by the book ----------------------------------------------------------------------------------------------- */

struct parts {
	const uint8_t *plain;
	size_t length, at;   /* of all of it */
	uint64_t bytes_left; /* that no part has announced */
};

/* 'p': a part, with its name and bytes; 'e': the end, as it must be; 'x': wrong, and to be refused at once; 'l': the stream ends in the part's
 * bytes, which shows when they are read. */
static char next_part(struct parts *parts, const uint8_t **name, size_t *name_length, const uint8_t **bytes,
		      uint64_t *length)
{
	if (parts->length - parts->at < 2)
		return 'x';
	*name_length = (size_t) parts->plain[parts->at] << 8 | parts->plain[parts->at + 1];
	*name = parts->plain + parts->at + 2;
	parts->at += 2;
	if (*name_length == 0) {
		while (parts->at < parts->length)
			if (parts->plain[parts->at++] != 0)
				return 'x';
		return parts->bytes_left == 0 ? 'e' : 'x';
	}
	if (*name_length > 200 || parts->length - parts->at < *name_length + 8)
		return 'x';
	for (size_t i = 0; i < *name_length; i++) {
		bool is_first = i == 0 || (*name)[i - 1] == '/', is_last = i + 1 == *name_length;
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-./", (*name)[i]) == NULL || (*name)[i] == '\0' ||
		    (is_first && ((*name)[i] == '.' || (*name)[i] == '/')) || (is_last && (*name)[i] == '/'))
			return 'x';
	}
	parts->at += *name_length;
	*length = 0;
	for (int i = 0; i < 8; i++)
		*length = *length << 8 | parts->plain[parts->at++];
	*bytes = parts->plain + parts->at;
	if (*length > parts->bytes_left)
		return 'x';
	if (*length > parts->length - parts->at)
		return 'l';
	parts->bytes_left -= *length;
	parts->at += (size_t) *length;
	return 'p';
}

/* ---- making one ------------------------------------------------------------------------------------------------------- */

static size_t make_head(uint64_t bytes, struct arena *arena, uint8_t **start)
{
	struct backup_head head = {.number = 42,
				   .generation = {1, 2, 3, 0xff},
				   .day = {2026, 11, 21},
				   .name = "Neuadd \"y dref\"",
				   .keyset_document = keyset,
				   .keyset_length = keyset_length};
	size_t length = 0;
	memcpy(head.root_public, root.public_key, KEYS_PUBLIC_BYTES);
	FUZZ_CHECK(layout_encode(&head, bytes, arena, start, &length) == ERR_OK);
	return length;
}

/* FILE from a START and PLAIN; its length. */
static size_t make_file(const uint8_t *start, size_t start_length, const uint8_t *plain, size_t plain_length)
{
	struct stream *stream = NULL;
	size_t used = start_length + STREAM_HEAD_BYTES, got = 0;
	FUZZ_CHECK(used + plain_length + 17 * (plain_length / STREAM_CHUNK_BYTES + 1) + LAYOUT_TAIL_BYTES < FILE_BYTES);
	memcpy(file, start, start_length);
	FUZZ_CHECK(stream_seal_begin(recovery.public_key, start, start_length, file + start_length, &stream) == ERR_OK);
	for (size_t at = 0; at < plain_length; at += STREAM_CHUNK_BYTES) {
		size_t part = plain_length - at < STREAM_CHUNK_BYTES ? plain_length - at : STREAM_CHUNK_BYTES;
		FUZZ_CHECK(stream_seal(stream, plain + at, part, at + part == plain_length, file + used, &got) ==
			   ERR_OK);
		used += got;
	}
	stream_free(stream);
	keys_hash(file, used, file + used);
	keys_sign_hash(LAYOUT_LABEL, file + used, &content, file + used + LAYOUT_HASH_BYTES);
	return used + LAYOUT_TAIL_BYTES;
}

/* ---- reading it ------------------------------------------------------------------------------------------------------- */

/* Reads a part's bytes in odd pieces, or leaves them. */
static enum err read_bytes(struct backup *backup, const uint8_t *expected, uint64_t length, size_t room)
{
	static uint8_t bytes[1000];
	uint64_t at = 0;
	for (;;) {
		size_t got = 0;
		enum err error = backup_read(backup, bytes, room, &got);
		if (error != ERR_OK || got == 0)
			return error != ERR_OK ? error : at == length ? ERR_OK : ERR_TOO_BIG;
		FUZZ_CHECK(got <= length - at && (expected == NULL || memcmp(expected + at, bytes, got) == 0));
		at += got;
	}
}

/* Goes through all parts, beside PARTS unless that is NULL. The last error. */
static enum err read_parts(struct backup *backup, struct parts *parts, struct arena *arena)
{
	for (size_t number = 0;; number++) {
		const char *name = NULL;
		const uint8_t *expected_name = NULL, *expected = NULL;
		size_t name_length = 0;
		uint64_t length = 0, expected_length = 0;
		enum err error = backup_next(backup, arena, &name, &length);
		char kind = parts == NULL ? '?'
					  : next_part(parts, &expected_name, &name_length, &expected, &expected_length);
		FUZZ_CHECK(kind != 'e' || error == ERR_NOT_FOUND);
		FUZZ_CHECK(error != ERR_NOT_FOUND || kind == 'e' || parts == NULL);
		FUZZ_CHECK(error != ERR_OK || kind != 'x');
		if (error != ERR_OK)
			return error;
		FUZZ_CHECK(strlen(name) <= BACKUP_NAME_MAX);
		if (kind == 'p') {
			FUZZ_CHECK(strlen(name) == name_length && memcmp(name, expected_name, name_length) == 0);
			FUZZ_CHECK(length == expected_length);
		}
		if (number % 3 != 2)
			error = read_bytes(backup, kind == 'p' ? expected : NULL, length, 1 + number * 333 % 1000);
		FUZZ_CHECK(kind != 'p' || error == ERR_OK);
		if (error != ERR_OK)
			return error;
	}
}

/* All that a restore does with a file. */
static void read_file(size_t length, const uint8_t *plain, size_t plain_length, uint64_t bytes)
{
	struct backup *backup = NULL;
	const char *reason = NULL;
	struct arena arena;
	struct parts parts = {plain, plain_length, 0, bytes};
	fuzz_write("a.backup", file, length);
	arena_init(&arena, 8 * 1024 * 1024);
	enum err error = backup_open("a.backup", &backup, &reason);
	FUZZ_CHECK(error == ERR_OK || (error == ERR_CORRUPT && reason != NULL));
	if (error == ERR_OK) {
		enum err checked = backup_check(backup, &reason);
		FUZZ_CHECK(checked == ERR_OK || (checked == ERR_CORRUPT && reason != NULL));
		FUZZ_CHECK(plain == NULL || checked == ERR_OK);
		FUZZ_CHECK(backup_head(backup)->number > 0 && backup_keyset(backup)->periods_count >= 2);
		error = backup_unseal(backup, &recovery);
		FUZZ_CHECK(plain == NULL || error == ERR_OK);
		if (error == ERR_OK) {
			enum err end = read_parts(backup, plain != NULL ? &parts : NULL, &arena);
			FUZZ_CHECK(end == ERR_NOT_FOUND || end == ERR_CORRUPT);
			FUZZ_CHECK(end != ERR_NOT_FOUND || checked == ERR_OK);
		}
		backup_close(backup);
	}
	arena_fini(&arena);
}

static void from_parts(struct fuzz_input *input, struct arena *arena)
{
	static uint8_t plain[PARTS_BYTES + LAYOUT_ROOM_BYTES];
	uint64_t bytes = fuzz_number(input, 4) % PARTS_BYTES;
	size_t plain_length = (size_t) bytes + LAYOUT_ROOM_BYTES;
	uint8_t *start = NULL;
	memset(plain, 0, sizeof plain);
	memcpy(plain, input->at, input->left < plain_length ? input->left : plain_length);
	size_t start_length = make_head(bytes, arena, &start);
	read_file(make_file(start, start_length, plain, plain_length), plain, plain_length, bytes);
}

static void from_head(const struct fuzz_input *input, int longer)
{
	static const uint8_t plain[LAYOUT_ROOM_BYTES];
	static uint8_t start[LAYOUT_START_BYTES + 2 * LAYOUT_HEAD_MAX];
	/* Where the fuzzer writes %KEYSET% or %ROOT%, the real ones stand: it cannot make signatures. */
	static const char hex[] = "0123456789abcdef";
	size_t used = LAYOUT_START_BYTES;
	for (size_t i = 0; i < input->left && used < sizeof start - 4096; i++) {
		if (input->left - i >= 8 && memcmp(input->at + i, "%KEYSET%", 8) == 0) {
			for (size_t k = 0; k < keyset_length; k++) {
				if (keyset[k] == '"' || keyset[k] == '\n')
					start[used++] = '\\';
				start[used++] = keyset[k] == '\n' ? 'n' : (uint8_t) keyset[k];
			}
			i += 7;
		} else if (input->left - i >= 6 && memcmp(input->at + i, "%ROOT%", 6) == 0) {
			for (size_t k = 0; k < KEYS_PUBLIC_BYTES; k++) {
				start[used++] = (uint8_t) hex[root.public_key[k] >> 4];
				start[used++] = (uint8_t) hex[root.public_key[k] & 15];
			}
			i += 5;
		} else {
			start[used++] = input->at[i];
		}
	}
	memcpy(start, layout_magic, LAYOUT_MAGIC_BYTES);
	layout_put((uint64_t) ((int64_t) (used - LAYOUT_START_BYTES) + longer), start + LAYOUT_MAGIC_BYTES, 4);
	read_file(make_file(start, used, plain, sizeof plain), NULL, 0, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_set_up;
	if (!is_set_up)
		set_up();
	is_set_up = true;
	struct fuzz_input input = {data, size};
	struct arena arena;
	uint8_t how = fuzz_byte(&input);
	int longer = (how >> 2 & 1) - (how >> 3 & 1);
	arena_init(&arena, 1024 * 1024);
	if ((how & 3) == 1) {
		from_head(&input, longer);
	} else if ((how & 3) == 2) {
		from_parts(&input, &arena);
	} else if (input.left <= sizeof file) {
		if (input.left > 0)
			memcpy(file, input.at, input.left);
		read_file(input.left, NULL, 0, 0);
	}
	arena_fini(&arena);
	return 0;
}
