/* SPDX-License-Identifier: MIT */
/* restore_keys_test.c: one key set out of many: no period is lost, the newest set says which are current, and the content key is the one
 * that it names; in whatever order they are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "soundings/restore/restore_parts.h"

#include <stdlib.h>
#include <string.h>

/* A period whose id is all NUMBER. */
static struct period period(uint8_t number, bool is_practice, bool is_current)
{
	struct period out = {.is_practice = is_practice, .is_current = is_current};
	memset(out.id, number, sizeof out.id);
	memset(out.public_key, number, sizeof out.public_key);
	return out;
}

static struct keyset keyset(uint64_t serial, uint8_t content, uint8_t former, uint8_t current, uint8_t practice)
{
	struct keyset out = {.serial = serial, .periods_count = 2};
	memset(out.content_public, content, sizeof out.content_public);
	out.periods[0] = period(current, false, true);
	out.periods[1] = period(practice, true, true);
	if (former)
		out.periods[out.periods_count++] = period(former, false, false);
	return out;
}

/* As Ed25519 secrets lie: the public key behind. */
static void make_secret(uint8_t number, char out[KEYS_SIGN_SECRET_BYTES])
{
	memset(out, 0x55, KEYS_SIGN_SECRET_BYTES);
	memset(out + KEYS_SIGN_SECRET_BYTES - KEYS_PUBLIC_BYTES, number, KEYS_PUBLIC_BYTES);
}

static bool is_current(const struct keyring *ring, uint8_t number)
{
	struct period wanted = period(number, false, false);
	const struct period *found = keyset_find(&ring->keyset, wanted.id);
	assert_non_null(found);
	return found->is_current;
}

static void test_any_order(void **state)
{
	(void) state;
	/* Before a rotation, after it, and a content key that was lost and made again; 9 is the practice period throughout. */
	struct keyset sets[3] = {keyset(3, 0xC1, 0, 1, 9), keyset(7, 0xC1, 1, 2, 9), keyset(8, 0xC2, 1, 2, 9)};
	char secrets[3][KEYS_SIGN_SECRET_BYTES];
	make_secret(0xC1, secrets[0]);
	make_secret(0xC1, secrets[1]);
	make_secret(0xC2, secrets[2]);
	static const size_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
		struct keyring *ring = calloc(1, sizeof *ring);
		assert_non_null(ring);
		for (size_t j = 0; j < 3; j++) {
			size_t at = orders[i][j];
			assert_int_equal(keyring_add_keyset(ring, &sets[at], secrets[at]), ERR_OK);
		}
		assert_int_equal(ring->keyset.serial, 8);
		assert_int_equal(ring->keyset.periods_count, 3);
		assert_false(is_current(ring, 1));
		assert_true(is_current(ring, 2));
		assert_true(is_current(ring, 9));
		assert_int_equal(ring->content.public_key[0], 0xC2);
		free(ring);
	}
}

static void test_content(void **state)
{
	(void) state;
	struct keyset old = keyset(3, 0xC1, 0, 1, 9), newest = keyset(8, 0xC2, 1, 2, 9);
	char own[KEYS_SIGN_SECRET_BYTES], other[KEYS_SIGN_SECRET_BYTES];
	make_secret(0xC1, own);
	make_secret(0xC3, other);
	struct keyring *ring = calloc(1, sizeof *ring);
	assert_non_null(ring);
	assert_int_equal(keyring_add_keyset(ring, &old, own), ERR_OK);
	/* The newest set without its content key: the one there is stays. */
	assert_int_equal(keyring_add_keyset(ring, &newest, NULL), ERR_OK);
	assert_true(ring->has_content);
	assert_int_equal(ring->content.public_key[0], 0xC1);
	/* A key that its own set does not name is never preferred. */
	assert_int_equal(keyring_add_keyset(ring, &newest, other), ERR_OK);
	assert_int_equal(ring->content.public_key[0], 0xC1);
	free(ring);
}

static void test_too_many(void **state)
{
	(void) state;
	struct keyring *ring = calloc(1, sizeof *ring);
	assert_non_null(ring);
	struct keyset full = {.serial = 5, .periods_count = KEYS_PERIODS_MAX};
	for (size_t i = 0; i < KEYS_PERIODS_MAX; i++)
		full.periods[i] = period((uint8_t) (i + 1), i % 2, i < 2);
	struct keyset more = keyset(4, 0xC1, 0, 200, 1);
	assert_int_equal(keyring_add_keyset(ring, &full, NULL), ERR_OK);
	assert_int_equal(keyring_add_keyset(ring, &more, NULL), ERR_TOO_BIG);
	assert_int_equal(ring->keyset.periods_count, KEYS_PERIODS_MAX);
	assert_int_equal(ring->keyset.serial, 5);
	free(ring);
}

static void test_names(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		bool is_sealed;
	} rows[] = {
		{"0123456789abcdef.sealed", true},     {"0123456789abcdef.secret", false},
		{"0123456789abcde.sealed", false},     {"0123456789abcdefg.sealed", false},
		{"0123456789abcdez.sealed", false},    {"../456789abcdef0.sealed", false},
		{"0123456789abcdef.sealedx", false},   {"", false},
		{".0123456789abcdef.sealed.a", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t id[KEYS_ID_BYTES] = {0};
		if (restore_sealed_id(rows[i].name, id) != rows[i].is_sealed)
			fail_msg("'%s'", rows[i].name);
		if (rows[i].is_sealed)
			assert_int_equal(id[7], 0xef);
	}
}

static void test_copies(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 20);
	struct extracted list = {0};
	for (unsigned i = 0; i < 100; i++) {
		uint8_t id[KEYS_ID_BYTES] = {(uint8_t) i};
		char sealed[KEYS_SEALED_BYTES];
		memset(sealed, (int) i + 1, sizeof sealed);
		assert_int_equal(restore_add_copy(&list, &arena, id, sealed), ERR_OK);
	}
	assert_int_equal(list.copies_count, 100);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(list.copies[i].id[0], i);
		assert_int_equal(list.copies[i].sealed[KEYS_SEALED_BYTES - 1], i + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order), cmocka_unit_test(test_content),
					   cmocka_unit_test(test_too_many), cmocka_unit_test(test_names),
					   cmocka_unit_test(test_copies)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
