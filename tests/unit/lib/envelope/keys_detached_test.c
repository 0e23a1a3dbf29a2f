/* SPDX-License-Identifier: MIT */
/* keys_detached_test.c: a signature over a hash verifies for that hash, that label and that key, and for nothing else. */
#include "lib/envelope/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static const char label[] = "soundings/test/1\n";

static void it_is_ed25519_over_label_and_hash(void **state)
{
	(void) state;
	struct root_pair signer;
	uint8_t hash[32], signature[KEYS_SIGNATURE_BYTES], message[sizeof label - 1 + 32];
	keys_new_signing(&signer);
	keys_hash("a file", 6, hash);
	keys_sign_hash(label, hash, &signer, signature);
	memcpy(message, label, sizeof label - 1);
	memcpy(message + sizeof label - 1, hash, 32);
	assert_int_equal(crypto_sign_verify_detached(signature, message, sizeof message, signer.public_key), 0);
	assert_int_equal(keys_verify_hash(label, hash, signature, signer.public_key), ERR_OK);
}

static void anything_else_is_denied(void **state)
{
	(void) state;
	struct root_pair signer, other;
	uint8_t hash[32], signature[KEYS_SIGNATURE_BYTES];
	keys_new_signing(&signer);
	keys_new_signing(&other);
	keys_hash("a file", 6, hash);
	keys_sign_hash(label, hash, &signer, signature);
	assert_int_equal(keys_verify_hash(label, hash, signature, other.public_key), ERR_DENIED);
	assert_int_equal(keys_verify_hash("soundings/test/2\n", hash, signature, signer.public_key), ERR_DENIED);
	for (size_t i = 0; i < 8 * sizeof hash; i++) {
		hash[i / 8] ^= (uint8_t) (1 << i % 8);
		assert_int_equal(keys_verify_hash(label, hash, signature, signer.public_key), ERR_DENIED);
		hash[i / 8] ^= (uint8_t) (1 << i % 8);
	}
	for (size_t i = 0; i < 8 * sizeof signature; i++) {
		signature[i / 8] ^= (uint8_t) (1 << i % 8);
		assert_int_equal(keys_verify_hash(label, hash, signature, signer.public_key), ERR_DENIED);
		signature[i / 8] ^= (uint8_t) (1 << i % 8);
	}
	assert_int_equal(keys_verify_hash(label, hash, signature, signer.public_key), ERR_OK); /* all put back */
}

static int start(void **state)
{
	(void) state;
	return keys_start() != ERR_OK;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_ed25519_over_label_and_hash),
		cmocka_unit_test(anything_else_is_denied),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
