/* SPDX-License-Identifier: MIT */
/* keys_test.c: pairs, ids and hashes against values that Python's hashlib and PyNaCl gave (RFC 7693, RFC 8032), and
 * sealed secrets. */
#include "lib/envelope/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/codec.h"

static void assert_hex(const uint8_t *bytes, size_t length, const char *expected)
{
	char hex[2 * 64 + 1];
	assert_true(length <= 64);
	codec_hex(bytes, length, hex);
	assert_string_equal(hex, expected);
}

/* FIRST, FIRST + 1, ... */
static void fill(uint8_t *out, size_t length, uint8_t first)
{
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t) (first + i);
}

static void offline_keys_come_from_the_seed(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES], id[KEYS_ID_BYTES];
	struct root_pair root;
	struct box_pair recovery;
	fill(seed, sizeof seed, 0);
	keys_root(seed, &root);
	keys_recovery(seed, &recovery);
	keys_id(recovery.public_key, id);
	assert_hex(root.public_key, 32, "adcb5268426eeb84540a76b3539d71307a197d86a48bc92d455fe45af73392fc");
	assert_hex(recovery.public_key, 32, "ce00629c49b56167561b743d857d1f65ace91461e1b4a0ec08dcdf505beb8d53");
	assert_hex(recovery.secret_key, 32, "5306da8725acb7cacb2696be55f8c2ed2d53152e3b2afd1beb6bb989f0c81df6");
	assert_hex(id, sizeof id, "68f8397e8ed6eeaf");
}

static void hashes_are_blake2b(void **state)
{
	(void) state;
	uint8_t hash[32], secret[KEYS_SECRET_BYTES];
	keys_hash("abc", 3, hash);
	assert_hex(hash, 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	fill(secret, sizeof secret, 100);
	keys_keyed_id(secret, (const uint8_t *) "a response id", 13, hash);
	assert_hex(hash, 32, "ea4aa3509e6343e33b7f33716c6331fe3f5de99c3129be8aa6b72257f9e15d11");
	secret[0] ^= 1;
	keys_keyed_id(secret, (const uint8_t *) "a response id", 13, hash);
	assert_int_not_equal(hash[0], 0xea);
}

static void a_file_hashes_as_its_bytes(void **state)
{
	(void) state;
	static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 70000};
	static uint8_t bytes[70000];
	fill(bytes, sizeof bytes, 7);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		FILE *file = tmpfile();
		assert_non_null(file);
		assert_int_equal(fwrite(bytes, 1, sizes[i], file), sizes[i]);
		assert_int_equal(fflush(file), 0);
		rewind(file);
		uint8_t of_file[32], of_bytes[32];
		uint64_t length = 1;
		assert_int_equal(keys_hash_fd(fileno(file), &length, of_file), ERR_OK);
		keys_hash(bytes, sizes[i], of_bytes);
		assert_int_equal(length, sizes[i]);
		assert_memory_equal(of_file, of_bytes, 32);
		fclose(file);
	}
	uint8_t hash[32];
	uint64_t length = 0;
	assert_int_not_equal(keys_hash_fd(-1, &length, hash), ERR_OK);
}

static void fresh_pairs_differ(void **state)
{
	(void) state;
	struct root_pair signing[2];
	struct box_pair box[2];
	for (size_t i = 0; i < 2; i++) {
		keys_new_signing(&signing[i]);
		keys_new_period(&box[i]);
	}
	assert_memory_not_equal(signing[0].public_key, signing[1].public_key, KEYS_PUBLIC_BYTES);
	assert_memory_not_equal(box[0].secret_key, box[1].secret_key, KEYS_SECRET_BYTES);
	assert_memory_not_equal(box[0].secret_key, box[0].public_key, KEYS_SECRET_BYTES);
}

static void a_sealed_secret_opens_for_the_recovery_key_alone(void **state)
{
	(void) state;
	uint8_t secret[KEYS_SECRET_BYTES], opened[KEYS_SECRET_BYTES], sealed[KEYS_SEALED_BYTES],
		again[KEYS_SEALED_BYTES];
	struct box_pair recovery, other;
	keys_new_period(&recovery);
	keys_new_period(&other);
	fill(secret, sizeof secret, 9);
	assert_int_equal(keys_seal_secret(secret, recovery.public_key, sealed), ERR_OK);
	assert_int_equal(keys_seal_secret(secret, recovery.public_key, again), ERR_OK);
	assert_memory_not_equal(sealed, again, sizeof sealed);
	assert_int_equal(keys_open_secret(sealed, &recovery, opened), ERR_OK);
	assert_memory_equal(opened, secret, sizeof secret);
	assert_int_equal(keys_open_secret(sealed, &other, opened), ERR_DENIED);
	for (size_t i = 0; i < sizeof sealed; i++) {
		memcpy(again, sealed, sizeof sealed);
		again[i] ^= 1;
		assert_int_equal(keys_open_secret(again, &recovery, opened), ERR_DENIED);
		assert_memory_not_equal(opened, secret, sizeof secret);
	}
}

static void a_key_of_small_order_is_no_recovery_key(void **state)
{
	(void) state;
	static const uint8_t zero[KEYS_PUBLIC_BYTES];
	uint8_t secret[KEYS_SECRET_BYTES] = {1}, sealed[KEYS_SEALED_BYTES];
	assert_int_equal(keys_seal_secret(secret, zero, sealed), ERR_INVALID);
}

static void wiping_leaves_zeros(void **state)
{
	(void) state;
	uint8_t secret[40], zero[40] = {0};
	fill(secret, sizeof secret, 1);
	keys_wipe(secret, sizeof secret);
	assert_memory_equal(secret, zero, sizeof secret);
}

static int start(void **state)
{
	(void) state;
	/* Twice: starting again must be harmless. */
	return keys_start() != ERR_OK || keys_start() != ERR_OK;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offline_keys_come_from_the_seed),
		cmocka_unit_test(hashes_are_blake2b),
		cmocka_unit_test(a_file_hashes_as_its_bytes),
		cmocka_unit_test(fresh_pairs_differ),
		cmocka_unit_test(a_sealed_secret_opens_for_the_recovery_key_alone),
		cmocka_unit_test(a_key_of_small_order_is_no_recovery_key),
		cmocka_unit_test(wiping_leaves_zeros),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
