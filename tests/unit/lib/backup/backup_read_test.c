/* SPDX-License-Identifier: MIT */
/* backup_read_test.c: a backup of which a bit was changed, that was cut, lengthened, put together anew, or made by somebody else, is
 * refused, with the reason; hostile ones cost no memory. Forged ones are made here by hand from soundings-backup(5). */
#include "fixture.h"

#include <inttypes.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "lib/base/random.h"
#include "lib/envelope/stream.h"

enum { MIB = 1024 * 1024, ROOM = 16384, TAIL = 96, SEALED = STREAM_SEALED_CHUNK_BYTES };

static uint8_t bytes[MIB];
static uint8_t good[MIB];               /* a right backup of three chunks */
static size_t good_length, head_length; /* all of it; all before the stream */

static void put_file(const void *data, size_t length)
{
	unlink(path);
	assert_int_equal(file_write_new(AT_FDCWD, path, data, length, 0600), ERR_OK);
}

/* What a reader of PATH comes to: without a secret, and with the recovery key. */
struct verdict {
	enum err opened, checked, read;
	const char *reason; /* of the first two */
};

static struct verdict judge(const struct box_pair *recovery)
{
	struct verdict verdict = {ERR_OK, ERR_OK, ERR_OK, "none"};
	struct backup *backup = NULL;
	const char *reason = NULL;
	verdict.opened = backup_open(path, &backup, &reason);
	if (verdict.opened != ERR_OK) {
		verdict.reason = reason;
		verdict.checked = verdict.read = verdict.opened;
		return verdict;
	}
	verdict.read = backup_unseal(backup, recovery);
	if (verdict.read == ERR_OK)
		verdict.read = fixture_drain(backup);
	verdict.checked = backup_check(backup, &reason);
	if (verdict.checked != ERR_OK)
		verdict.reason = reason;
	backup_close(backup);
	return verdict;
}

static void assert_refused(const char *name, size_t at, const char *reason)
{
	struct verdict verdict = judge(&keys.recovery);
	if (verdict.checked != ERR_CORRUPT || strcmp(verdict.reason, reason) != 0)
		fail_msg("%s %zu: gave %s, %s", name, at, err_name(verdict.checked), verdict.reason);
	if (verdict.read != ERR_CORRUPT)
		fail_msg("%s %zu: was read: %s", name, at, err_name(verdict.read));
}

/* ---- changed, cut, lengthened ------------------------------------------------------------------------------------------ */

static void assert_flip_is_refused(const char *name, size_t at, unsigned bit, const char *reason)
{
	static uint8_t changed[MIB];
	memcpy(changed, good, good_length);
	changed[at] ^= (uint8_t) (1 << bit);
	put_file(changed, good_length);
	if (reason != NULL) {
		assert_refused(name, at, reason);
		return;
	}
	struct verdict verdict = judge(&keys.recovery); /* in the head: whatever the reason */
	if (verdict.checked == ERR_OK || verdict.read == ERR_NOT_FOUND)
		fail_msg("%s %zu, bit %u: was taken", name, at, bit);
}

static void no_bit_may_change(void **state)
{
	(void) state;
	size_t chunks = head_length + STREAM_HEAD_BYTES, tail = good_length - TAIL;
	const struct {
		const char *name;
		size_t at;
		const char *reason;
	} rows[] = {
		{"magic", 0, "not-a-backup"},
		{"magic's version", 17, "not-a-backup"},
		{"length's first byte", 19, "head"},
		{"length's last byte", 22, "head"},
		{"head's first sign", 23, "head"},
		{"head's last sign", head_length - 1, "head"},
		{"the sealed key's ephemeral half", head_length, "hash"},
		{"the sealed key", head_length + 40, "hash"},
		{"the sealed key's end", head_length + 79, "hash"},
		{"the stream's header", head_length + 80, "hash"},
		{"the stream's header's end", head_length + 103, "hash"},
		{"the first chunk's tag", chunks, "hash"},
		{"the first chunk", chunks + 1, "hash"},
		{"the first chunk's end", chunks + SEALED - 1, "hash"},
		{"the second chunk's tag", chunks + SEALED, "hash"},
		{"the second chunk", chunks + SEALED + 3000, "hash"},
		{"the last chunk's tag", chunks + 2 * SEALED, "hash"},
		{"the last chunk's end", tail - 1, "hash"},
		{"the hash", tail, "hash"},
		{"the hash's end", tail + 31, "hash"},
		{"the signature", tail + 32, "signature"},
		{"the signature's second half", tail + 64, "signature"},
		{"the signature's end", tail + 95, "signature"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (unsigned bit = 0; bit < 8; bit++)
			assert_flip_is_refused(rows[i].name, rows[i].at, bit, rows[i].reason);
	}
	for (size_t at = 0; at < head_length; at++)
		assert_flip_is_refused("head byte", at, at % 8, NULL);
	for (size_t i = 0; i < 100; i++)
		assert_flip_is_refused("any byte", head_length + (size_t) random_below(tail - head_length), i % 8,
				       "hash");
	put_file(good, good_length);
	struct verdict verdict = judge(&keys.recovery);
	assert_int_equal(verdict.checked, ERR_OK);
	assert_int_equal(verdict.read, ERR_NOT_FOUND);
}

static void no_length_but_its_own(void **state)
{
	(void) state;
	size_t chunks = head_length + STREAM_HEAD_BYTES, tail = good_length - TAIL;
	const struct {
		const char *name;
		size_t length;
		const char *reason;
	} rows[] = {
		{"nothing", 0, "not-a-backup"},
		{"half the magic", 10, "not-a-backup"},
		{"all but its last sign", 18, "not-a-backup"},
		{"the magic alone", 19, "head"},
		{"half the length", 21, "head"},
		{"no head", 23, "head"},
		{"a sign of the head", 24, "head"},
		{"all but its last sign", head_length - 1, "head"},
		{"the head alone", head_length, "length"},
		{"half the sealed key", head_length + 40, "length"},
		{"the sealed key", head_length + 80, "length"},
		{"no chunk", chunks, "length"},
		{"a byte of the first", chunks + 1, "length"},
		{"all but its last byte", chunks + SEALED - 1, "length"},
		{"one chunk", chunks + SEALED, "length"},
		{"two chunks", chunks + 2 * (size_t) SEALED, "length"},
		{"one chunk and a tail", chunks + SEALED + TAIL, "length"},
		{"all but the last chunk's last byte", tail - 1, "length"},
		{"no tail", tail, "length"},
		{"half the hash", tail + 16, "length"},
		{"no signature", tail + 32, "length"},
		{"all but the last byte", good_length - 1, "length"},
		{"a byte more", good_length + 1, "length"},
		{"a tail more", good_length + TAIL, "length"},
		{"a chunk more", good_length + SEALED, "length"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		put_file(good, rows[i].length);
		assert_refused(rows[i].name, rows[i].length, rows[i].reason);
	}
}

static void chunks_that_change_places(void **state)
{
	(void) state;
	static uint8_t changed[MIB];
	size_t chunks = head_length + STREAM_HEAD_BYTES;
	memcpy(changed, good, good_length);
	memcpy(changed + chunks, good + chunks + SEALED, SEALED);
	memcpy(changed + chunks + SEALED, good + chunks, SEALED);
	put_file(changed, good_length);
	assert_refused("swapped", 0, "hash");
	/* The same by somebody who holds the content key: the file checks, but does not open. */
	keys_hash(changed, good_length - TAIL, changed + good_length - TAIL);
	keys_sign_hash("soundings/backup/1\n", changed + good_length - TAIL, &keys.content,
		       changed + good_length - TAIL + 32);
	put_file(changed, good_length);
	struct verdict verdict = judge(&keys.recovery);
	assert_int_equal(verdict.checked, ERR_OK);
	assert_int_equal(verdict.read, ERR_CORRUPT);
}

/* Two backups of the same keys and sizes: no piece of one goes into the other. */
static void pieces_of_another_backup(void **state)
{
	(void) state;
	static uint8_t changed[MIB];
	const struct fixture_part part = {"office.db", bytes, 150000};
	char *other = NULL;
	size_t length = 0, chunks = head_length + STREAM_HEAD_BYTES, tail = good_length - TAIL;
	unlink(path);
	assert_int_equal(fixture_write(&part, 1), ERR_OK);
	assert_int_equal(file_read(AT_FDCWD, path, MIB, &arena, &other, &length), ERR_OK);
	assert_int_equal(length, good_length);
	const struct {
		const char *name;
		size_t at, length;
		const char *reason;
	} rows[] = {
		{"its stream's head", head_length, STREAM_HEAD_BYTES, "hash"},
		{"its first chunk", chunks, SEALED, "hash"},
		{"its last chunk", chunks + 2 * SEALED, tail - chunks - 2 * SEALED, "hash"},
		{"its stream", head_length, tail - head_length, "hash"},
		{"its hash", tail, 32, "hash"},
		{"its signature", tail + 32, 64, "signature"},
		{"its tail", tail, TAIL, "hash"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memcpy(changed, good, good_length);
		memcpy(changed + rows[i].at, other + rows[i].at, rows[i].length);
		put_file(changed, good_length);
		assert_refused(rows[i].name, rows[i].at, rows[i].reason);
	}
}

/* ---- forged -------------------------------------------------------------------------------------------------------------- */

/* What a forger chooses. */
struct forged {
	const char *json;
	const uint8_t *plain; /* the stream's plain text */
	size_t plain_length;
	const struct box_pair *to;
	const struct root_pair *signer;
};

static void put_number(uint64_t number, uint8_t *out, size_t length)
{
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t) (number >> 8 * (length - 1 - i));
}

static void sign_and_put(uint8_t *file, size_t length, const struct root_pair *signer)
{
	keys_hash(file, length, file + length);
	keys_sign_hash("soundings/backup/1\n", file + length, signer, file + length + 32);
	put_file(file, length + TAIL);
}

/* Writes PATH as the forger likes it, hash and signature and all. */
static void forge(const struct forged *forged)
{
	static uint8_t file[2 * MIB];
	size_t json = strlen(forged->json), at = 23 + json;
	struct stream *stream = NULL;
	memcpy(file, "soundings-backup 1\n", 19);
	put_number(json, file + 19, 4);
	memcpy(file + 23, forged->json, json);
	assert_int_equal(stream_seal_begin(forged->to->public_key, file, at, file + at, &stream), ERR_OK);
	at += STREAM_HEAD_BYTES;
	for (size_t done = 0; done < forged->plain_length;) {
		size_t left = forged->plain_length - done, got = 0;
		size_t part = left < STREAM_CHUNK_BYTES ? left : STREAM_CHUNK_BYTES;
		assert_int_equal(stream_seal(stream, forged->plain + done, part, part == left, file + at, &got),
				 ERR_OK);
		done += part;
		at += got;
	}
	stream_free(stream);
	sign_and_put(file, at, forged->signer);
}

/* The key set of OF as it stands in JSON. */
static const char *escaped(const struct fixture_keys *of)
{
	char *out = arena_alloc(&arena, 2 * of->keyset_length + 1, 1), *at = out;
	assert_non_null(out);
	for (size_t i = 0; i < of->keyset_length; i++) {
		char sign = of->keyset[i];
		if (sign == '"' || sign == '\n')
			*at++ = '\\';
		*at++ = sign == '\n' ? 'n' : sign;
	}
	*at = '\0';
	return out;
}

static const char *hex_of(const uint8_t key[KEYS_PUBLIC_BYTES])
{
	char *out = arena_alloc(&arena, 2 * KEYS_PUBLIC_BYTES + 1, 1);
	assert_non_null(out);
	for (size_t i = 0; i < KEYS_PUBLIC_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", key[i]);
	return out;
}

#define GENERATION "000102030405060708090a0b0c0d0e0f"

/* A right head for parts of BYTES. */
static const char *json_of(const struct fixture_keys *of, const char *number_of_bytes)
{
	return arena_printf(&arena,
			    "{\"bytes\":%s,\"day\":\"2026-11-21\",\"generation\":\"" GENERATION
			    "\",\"keyset\":\"%s\",\"name\":\"Hall\",\"number\":1,\"root\":\"%s\"}",
			    number_of_bytes, escaped(of), hex_of(of->root.public_key));
}

/* A part's name and length, as far as they are said. */
static size_t put_part(uint8_t *at, const char *name, uint64_t length)
{
	size_t name_length = strlen(name);
	put_number(name_length, at, 2);
	memcpy(at + 2, name, name_length);
	put_number(length, at + 2 + name_length, 8);
	return 2 + name_length + 8;
}

static void parts_that_are_refused(void **state)
{
	(void) state;
	static const struct {
		const char *name, *part;
		uint64_t length;
		int last_byte; /* of the stream's plain text */
		size_t plain_length;
		enum err expected;
	} rows[] = {
		{"as it should be", "a", 100, 0, ROOM + 100, ERR_NOT_FOUND},
		{"a name that leads up", "../a", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a name that leads up later", "a/../b", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"an absolute name", "/etc/passwd", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a name that is a folder", "sealed/", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a hidden name", ".profile", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a name with a capital letter", "Office.db", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a name with a backslash", "a\\b", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a name with a line feed", "a\nb", 100, 0, ROOM + 100, ERR_CORRUPT},
		{"a byte more than the head says", "a", 101, 0, ROOM + 100, ERR_CORRUPT},
		{"a byte fewer", "a", 99, 0, ROOM + 100, ERR_CORRUPT},
		{"a huge part", "a", UINT64_MAX, 0, ROOM + 100, ERR_CORRUPT},
		{"half of that", "a", INT64_MAX, 0, ROOM + 100, ERR_CORRUPT},
		{"something after the end", "a", 100, 1, ROOM + 100, ERR_CORRUPT},
		{"a shorter stream", "a", 100, 0, ROOM + 99, ERR_CORRUPT},
		{"a longer stream", "a", 100, 0, ROOM + 101, ERR_CORRUPT},
		{"a stream of one chunk more", "a", 100, 0, ROOM + 100 + STREAM_CHUNK_BYTES, ERR_CORRUPT},
	};
	static uint8_t plain[ROOM + 100 + STREAM_CHUNK_BYTES];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memset(plain, 0, sizeof plain);
		put_part(plain, rows[i].part, rows[i].length);
		plain[rows[i].plain_length - 1] = (uint8_t) rows[i].last_byte;
		forge(&(struct forged){json_of(&keys, "100"), plain, rows[i].plain_length, &keys.recovery,
				       &keys.content});
		struct verdict verdict = judge(&keys.recovery);
		if (verdict.read != rows[i].expected)
			fail_msg("%s: gave %s", rows[i].name, err_name(verdict.read));
		bool is_long = rows[i].plain_length == ROOM + 100;
		assert_int_equal(verdict.checked, is_long ? ERR_OK : ERR_CORRUPT);
	}
	/* Names that do not fit into a name, one that the stream's end cuts off, and a stream of names without end. */
	memset(plain, 0, sizeof plain);
	memset(plain, 'a', 300);
	put_number(BACKUP_NAME_MAX + 1, plain, 2);
	forge(&(struct forged){json_of(&keys, "100"), plain, ROOM + 100, &keys.recovery, &keys.content});
	assert_int_equal(judge(&keys.recovery).read, ERR_CORRUPT);
	put_number(UINT16_MAX, plain, 2);
	forge(&(struct forged){json_of(&keys, "100"), plain, ROOM + 100, &keys.recovery, &keys.content});
	assert_int_equal(judge(&keys.recovery).read, ERR_CORRUPT);
	for (size_t at = 0; at + 11 <= sizeof plain;)
		at += put_part(plain + at, "a", 0);
	forge(&(struct forged){json_of(&keys, "100"), plain, ROOM + 100, &keys.recovery, &keys.content});
	assert_int_equal(judge(&keys.recovery).read, ERR_CORRUPT);
}

/* A length that cannot be is refused before anybody hears of it. */
static void huge_lengths_are_told_to_nobody(void **state)
{
	(void) state;
	static const uint64_t lengths[] = {101, UINT32_MAX, INT64_MAX, UINT64_MAX};
	static uint8_t plain[ROOM + 100];
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct backup *backup = NULL;
		const char *reason = NULL, *name = NULL;
		uint64_t length = 7;
		put_part(plain, "a", lengths[i]);
		forge(&(struct forged){json_of(&keys, "100"), plain, sizeof plain, &keys.recovery, &keys.content});
		assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
		assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK);
		assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_CORRUPT);
		assert_int_equal(length, 7);
		assert_null(name);
		backup_close(backup);
	}
}

/* A stream of two chunks whose second was left out, under a head, a hash and a signature that say it has one. */
static void a_stream_without_its_end_is_refused(void **state)
{
	(void) state;
	static uint8_t plain[2 * STREAM_CHUNK_BYTES], file[MIB];
	char *whole = NULL;
	size_t length = 0;
	const char *json = json_of(&keys, "49152");
	put_part(plain, "a", 49152);
	forge(&(struct forged){json, plain, sizeof plain, &keys.recovery, &keys.content});
	assert_int_equal(file_read(AT_FDCWD, path, MIB, &arena, &whole, &length), ERR_OK);
	memcpy(file, whole, length);
	sign_and_put(file, 23 + strlen(json) + STREAM_HEAD_BYTES + SEALED, &keys.content);
	struct verdict verdict = judge(&keys.recovery);
	assert_int_equal(verdict.checked, ERR_OK);
	assert_int_equal(verdict.read, ERR_CORRUPT);
	/* With its end it is right. */
	forge(&(struct forged){json, plain, STREAM_CHUNK_BYTES, &keys.recovery, &keys.content});
	assert_int_equal(judge(&keys.recovery).read, ERR_NOT_FOUND);
}

static void heads_that_are_refused(void **state)
{
	(void) state;
	const char *set = escaped(&keys), *root = hex_of(keys.root.public_key);
	struct fixture_keys other;
	fixture_keys_make(&other, 2);
#define HEAD(bytes, day, generation, keyset, name, number, root)                                                       \
	arena_printf(&arena,                                                                                           \
		     "{\"bytes\":%s,\"day\":\"%s\",\"generation\":\"%s\",\"keyset\":\"%s\",\"name\":\"%s\","           \
		     "\"number\":%s,\"root\":\"%s\"}",                                                                 \
		     bytes, day, generation, keyset, name, number, root)
	const struct {
		const char *name, *json, *reason;
	} rows[] = {
		{"as it should be", HEAD("100", "2026-11-21", GENERATION, set, "Hall", "1", root), "none"},
		{"no name", HEAD("100", "2026-11-21", GENERATION, set, "", "1", root), "none"},
		{"bytes below zero", HEAD("-1", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"as a real number", HEAD("100.0", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"with an exponent", HEAD("1e2", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"2^50 and one", HEAD("1125899906842625", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"2^63 - 1", HEAD("9223372036854775807", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"2^64", HEAD("18446744073709551616", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"as text", HEAD("\"100\"", "2026-11-21", GENERATION, set, "Hall", "1", root), "head"},
		{"number 0", HEAD("100", "2026-11-21", GENERATION, set, "Hall", "0", root), "head"},
		{"number -1", HEAD("100", "2026-11-21", GENERATION, set, "Hall", "-1", root), "head"},
		{"a day that is none", HEAD("100", "2026-02-30", GENERATION, set, "Hall", "1", root), "head"},
		{"a time of day", HEAD("100", "2026-11-21T10:00", GENERATION, set, "Hall", "1", root), "head"},
		{"a short generation", HEAD("100", "2026-11-21", "0001", set, "Hall", "1", root), "head"},
		{"upper case", HEAD("100", "2026-11-21", "000102030405060708090A0B0C0D0E0F", set, "Hall", "1", root),
		 "head"},
		{"a name of two lines", HEAD("100", "2026-11-21", GENERATION, set, "a\\nb", "1", root), "head"},
		{"a name with an escape", HEAD("100", "2026-11-21", GENERATION, set, "a\\u001B[2J", "1", root), "head"},
		{"a name in another spelling", HEAD("100", "2026-11-21", GENERATION, set, "\\u0048all", "1", root),
		 "head"},
		{"a name with NUL", HEAD("100", "2026-11-21", GENERATION, set, "a\\u0000", "1", root), "head"},
		{"a name that is no UTF-8", HEAD("100", "2026-11-21", GENERATION, set, "\xff", "1", root), "head"},
		{"no key set", HEAD("100", "2026-11-21", GENERATION, "", "Hall", "1", root), "keyset"},
		{"another's key set", HEAD("100", "2026-11-21", GENERATION, escaped(&other), "Hall", "1", root),
		 "keyset"},
		{"another root", HEAD("100", "2026-11-21", GENERATION, set, "Hall", "1", hex_of(other.root.public_key)),
		 "keyset"},
		{"a member more",
		 arena_printf(&arena, "%.*s,\"x\":1}", (int) strlen(json_of(&keys, "100")) - 1, json_of(&keys, "100")),
		 "head"},
		{"a member twice", arena_printf(&arena, "{\"bytes\":100,%s", json_of(&keys, "100") + 1), "head"},
		{"a space", arena_printf(&arena, "%s ", json_of(&keys, "100")), "head"},
		{"a list", "[]", "head"},
		{"an empty object", "{}", "head"},
		{"no JSON", "hello", "head"},
		{"nothing", "", "head"},
	};
	static uint8_t plain[ROOM + 100];
	put_part(plain, "a", 100);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_non_null(rows[i].json);
		forge(&(struct forged){rows[i].json, plain, sizeof plain, &keys.recovery, &keys.content});
		struct verdict verdict = judge(&keys.recovery);
		if (strcmp(verdict.reason, rows[i].reason) != 0 ||
		    (verdict.checked == ERR_OK) != (strcmp(rows[i].reason, "none") == 0))
			fail_msg("%s: gave %s, %s", rows[i].name, err_name(verdict.checked), verdict.reason);
	}
}

/* ---- another's ------------------------------------------------------------------------------------------------------------ */

static void another_recovery_key_is_denied(void **state)
{
	(void) state;
	struct fixture_keys other;
	struct backup *backup = NULL;
	const char *reason = NULL;
	fixture_keys_make(&other, 2);
	put_file(good, good_length);
	assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
	assert_int_equal(backup_unseal(backup, &other.recovery), ERR_DENIED);
	assert_int_equal(backup_check(backup, &reason), ERR_OK); /* that does not need it */
	assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK);
	assert_int_equal(fixture_drain(backup), ERR_NOT_FOUND);
	backup_close(backup);
}

/* A backup by somebody else's root that names our recovery key: all of it is right but the root, which the caller must compare. */
static void anothers_root_is_there_to_compare(void **state)
{
	(void) state;
	static uint8_t plain[ROOM + 100];
	struct fixture_keys other;
	struct backup *backup = NULL;
	const char *reason = NULL;
	fixture_keys_make(&other, 2);
	struct keyset set;
	assert_int_equal(keyset_decode(other.keyset, other.keyset_length, other.root.public_key, &set), ERR_OK);
	memcpy(set.recovery_public, keys.recovery.public_key, KEYS_PUBLIC_BYTES);
	assert_int_equal(keyset_encode(&set, &other.root, &arena, &other.keyset, &other.keyset_length), ERR_OK);
	put_part(plain, "a", 100);
	forge(&(struct forged){json_of(&other, "100"), plain, sizeof plain, &keys.recovery, &other.content});
	assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
	assert_int_equal(backup_check(backup, &reason), ERR_OK);
	assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK);
	assert_memory_not_equal(backup_head(backup)->root_public, keys.root.public_key, KEYS_PUBLIC_BYTES);
	backup_close(backup);
}

static void another_content_key_signs_nothing(void **state)
{
	(void) state;
	static uint8_t plain[ROOM + 100];
	struct fixture_keys other;
	fixture_keys_make(&other, 2);
	put_part(plain, "a", 100);
	forge(&(struct forged){json_of(&keys, "100"), plain, sizeof plain, &keys.recovery, &other.content});
	assert_refused("signed by another", 0, "signature");
	/* Sealed to another key than the key set names. */
	forge(&(struct forged){json_of(&keys, "100"), plain, sizeof plain, &other.recovery, &keys.content});
	assert_int_equal(judge(&keys.recovery).checked, ERR_OK);
	assert_int_equal(judge(&keys.recovery).read, ERR_CORRUPT);
	assert_int_equal(judge(&other.recovery).read, ERR_DENIED);
}

/* ---- how it is read --------------------------------------------------------------------------------------------------------- */

static void parts_can_be_skipped_and_begun_again(void **state)
{
	(void) state;
	static uint8_t back[150000];
	const struct fixture_part parts[] = {
		{"one", bytes, 150000}, {"two", bytes + 1, 100000}, {"three", bytes + 2, 9}};
	struct backup *backup = NULL;
	const char *reason = NULL, *name = NULL;
	uint64_t length = 0;
	size_t got = 0;
	unlink(path);
	assert_int_equal(fixture_write(parts, 3), ERR_OK);
	assert_int_equal(backup_open(path, &backup, &reason), ERR_OK);
	assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK);
	assert_int_equal(backup_read(backup, back, 10, &got), ERR_OK);
	assert_int_equal(got, 0); /* no part yet */
	assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_OK);
	assert_int_equal(backup_read(backup, back, 10, &got), ERR_OK);
	assert_int_equal(got, 10);
	assert_int_equal(backup_check(backup, &reason), ERR_OK); /* in the middle of a part */
	assert_int_equal(backup_read(backup, back + 10, 10, &got), ERR_OK);
	assert_memory_equal(back, bytes, 20);
	assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_OK); /* 149980 bytes are skipped */
	assert_string_equal(name, "two");
	assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_OK);
	assert_string_equal(name, "three");
	assert_int_equal(length, 9);
	assert_int_equal(fixture_read_part(backup, back, 9, 4), ERR_OK);
	assert_memory_equal(back, bytes + 2, 9);
	assert_int_equal(backup_unseal(backup, &keys.recovery), ERR_OK); /* from the beginning */
	assert_int_equal(backup_next(backup, &arena, &name, &length), ERR_OK);
	assert_string_equal(name, "one");
	assert_int_equal(fixture_read_part(backup, back, 150000, 65536), ERR_OK);
	assert_memory_equal(back, bytes, 150000);
	assert_int_equal(fixture_drain(backup), ERR_NOT_FOUND);
	assert_int_equal(backup_read(backup, back, 10, &got), ERR_NOT_FOUND);
	backup_close(backup);
}

static void places_that_hold_no_backup(void **state)
{
	(void) state;
	struct backup *backup = NULL;
	const char *reason = NULL;
	unlink(path);
	assert_int_equal(backup_open(path, &backup, &reason), ERR_NOT_FOUND);
	assert_int_equal(backup_open(folder, &backup, &reason), ERR_CORRUPT);
	assert_string_equal(reason, "not-a-backup");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(backup_open(path, &backup, &reason), ERR_CORRUPT); /* and does not wait for a writer */
	assert_string_equal(reason, "not-a-backup");
	unlink(path);
	backup_close(NULL);
}

/* ---- what costs nothing -------------------------------------------------------------------------------------------------------- */

static long peak_kib(void)
{
	struct rusage usage;
	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* PATH: magic, LENGTH, TEXT, and as much nothing as makes SIZE. */
static void put_hostile(uint64_t length, const char *text, off_t size)
{
	uint8_t start[23] = "soundings-backup 1\n";
	put_number(length, start + 19, 4);
	unlink(path);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, start, sizeof start), sizeof start);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

static void hostile_heads_cost_nothing(void **state)
{
	(void) state;
	enum { LARGE = 32768 };
	static char deep[LARGE + 1], wide[LARGE + 1];
	memset(deep, '[', LARGE);
	for (size_t i = 0; i + 3 <= LARGE; i += 3)
		memcpy(wide + i, i == 0 ? "[[]" : ",[]", 3);
	const struct {
		const char *name;
		uint64_t length;
		const char *text;
		off_t size; /* most of it holes */
	} rows[] = {
		{"4 GiB, and they are there", UINT32_MAX, "{", (off_t) 5 << 30},
		{"2 GiB", INT32_MAX, "{", (off_t) 5 << 30},
		{"a byte more than a head may have", LARGE + 1, "{", (off_t) 5 << 30},
		{"zeros", LARGE, "", (off_t) 5 << 30},
		{"deep", LARGE, deep, (off_t) 23 + LARGE},
		{"wide", LARGE, wide, (off_t) 23 + LARGE},
		{"no length", 0, "", (off_t) 5 << 30},
	};
	long before = peak_kib();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct backup *backup = NULL;
		const char *reason = NULL;
		put_hostile(rows[i].length, rows[i].text, rows[i].size);
		enum err error = backup_open(path, &backup, &reason);
		if (error != ERR_CORRUPT || strcmp(reason, "head") != 0)
			fail_msg("%s: gave %s, %s", rows[i].name, err_name(error), reason);
	}
	assert_in_range(peak_kib() - before, 0, 12 * 1024);
	/* A head that promises a pebibyte: the check sees the length, reading ends where the file does. */
	static uint8_t plain[ROOM];
	forge(&(struct forged){json_of(&keys, "1125899906842624"), plain, sizeof plain, &keys.recovery, &keys.content});
	before = peak_kib();
	assert_refused("a pebibyte", 0, "length");
	assert_in_range(peak_kib() - before, 0, 1024);
}

static int start(void **state)
{
	if (fixture_start(state) != 0)
		return 1;
	random_bytes(bytes, sizeof bytes);
	const struct fixture_part part = {"office.db", bytes, 150000};
	char *data = NULL;
	if (fixture_write(&part, 1) != ERR_OK ||
	    file_read(AT_FDCWD, path, sizeof good - 2 * SEALED, &arena, &data, &good_length) != ERR_OK)
		return 1;
	memcpy(good, data, good_length);
	head_length = 23 + ((size_t) good[21] << 8 | good[22]);
	return good_length != head_length + STREAM_HEAD_BYTES + 150000 + ROOM + 3 * 17 + TAIL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bit_may_change),
		cmocka_unit_test(no_length_but_its_own),
		cmocka_unit_test(chunks_that_change_places),
		cmocka_unit_test(pieces_of_another_backup),
		cmocka_unit_test(parts_that_are_refused),
		cmocka_unit_test(huge_lengths_are_told_to_nobody),
		cmocka_unit_test(a_stream_without_its_end_is_refused),
		cmocka_unit_test(heads_that_are_refused),
		cmocka_unit_test(another_recovery_key_is_denied),
		cmocka_unit_test(anothers_root_is_there_to_compare),
		cmocka_unit_test(another_content_key_signs_nothing),
		cmocka_unit_test(parts_can_be_skipped_and_begun_again),
		cmocka_unit_test(places_that_hold_no_backup),
		cmocka_unit_test(hostile_heads_cost_nothing),
	};
	return cmocka_run_group_tests(tests, start, fixture_stop);
}
