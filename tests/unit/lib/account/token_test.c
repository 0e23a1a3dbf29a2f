/* SPDX-License-Identifier: MIT */
/* token_test.c: tokens: their shape, their hashes, and what is derived from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/account/token.h"
#include "lib/base/codec.h"

#include <string.h>

/* 32 bytes 0, 1, ..., 31. */
static const char known[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

static void test_new(void **state)
{
	(void) state;
	char one[TOKEN_TEXT], other[TOKEN_TEXT];
	token_new(one);
	token_new(other);
	assert_int_equal(strlen(one), TOKEN_TEXT - 1);
	assert_true(token_is_shaped(one));
	assert_string_not_equal(one, other);
}

static void test_shape(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		bool is_shaped;
	} rows[] = {
		{"known", known, true},
		{"nothing", NULL, false},
		{"empty", "", false},
		{"one sign less", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", false},
		{"one sign more", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh88", false},
		{"padded", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", false},
		{"plus of the other alphabet", "+AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false},
		{"bits that no byte has", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", false},
		{"blank", " AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (token_is_shaped(rows[i].text) != rows[i].is_shaped)
			fail_msg("%s", rows[i].name);
}

/* Reckoned with Python's hashlib.blake2b over the same bytes. */
static void test_hashes(void **state)
{
	(void) state;
	uint8_t hash[TOKEN_HASH_BYTES], key[TOKEN_HASH_BYTES] = {0};
	char hex[2 * TOKEN_HASH_BYTES + 1];
	token_hash(known, hash);
	codec_hex(hash, sizeof hash, hex);
	assert_string_equal(hex, "cb2f5160fc1f7e05a55ef49d340b48da2e5a78099d53393351cd579dd42503d6");
	token_derive(known, "soundings/csrf/1", hash);
	codec_hex(hash, sizeof hash, hex);
	assert_string_equal(hex, "fa69b7c80ea08f43a75142adfe42d3c17854c1786b45f160c688a52dff82e3f6");
	token_keyed(key, "address", "192.0.2.1", hash);
	codec_hex(hash, sizeof hash, hex);
	assert_string_equal(hex, "26c6bca8ed41e3b0e79a8fb780ff9aa1815c664b49d713d40ad1440a1eb1cf57");
}

static void test_purposes_differ(void **state)
{
	(void) state;
	uint8_t one[TOKEN_HASH_BYTES], other[TOKEN_HASH_BYTES], key[TOKEN_HASH_BYTES] = {1};
	token_derive(known, "a", one);
	token_derive(known, "b", other);
	assert_memory_not_equal(one, other, sizeof one);
	token_keyed(key, "ab", "c", one); /* the NUL between them tells them apart */
	token_keyed(key, "a", "bc", other);
	assert_memory_not_equal(one, other, sizeof one);
	char csrf[TOKEN_TEXT], fresh[TOKEN_TEXT], its[TOKEN_TEXT];
	token_csrf(known, csrf);
	assert_string_not_equal(csrf, known);
	token_new(fresh);
	token_csrf(fresh, its);
	assert_string_not_equal(csrf, its);
}

static void test_same(void **state)
{
	(void) state;
	assert_true(token_is_same(known, known));
	assert_true(token_is_same("", ""));
	assert_false(token_is_same(known, ""));
	assert_false(token_is_same("ab", "ac"));
	assert_false(token_is_same("ab", "abc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),    cmocka_unit_test(test_shape),
		cmocka_unit_test(test_hashes), cmocka_unit_test(test_purposes_differ),
		cmocka_unit_test(test_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
