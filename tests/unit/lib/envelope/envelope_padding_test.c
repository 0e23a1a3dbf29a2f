/* SPDX-License-Identifier: MIT */
/* envelope_padding_test.c: anybody with the public key can make an envelope whose seal is right and whose inside is
 * not: made here by hand, from the layout in envelope.h, with libsodium alone. */
#include "lib/envelope/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static struct arena arena;
static struct box_pair pair;

/* An envelope around PADDED, which has the size of BUCKET. ID_FLIP changes the period's id before anything is sealed. */
static size_t forge(unsigned bucket, uint8_t id_flip, const uint8_t *padded, size_t size, uint8_t *out)
{
	uint8_t key[32];
	unsigned long long sealed = 0;
	randombytes_buf(key, sizeof key);
	memcpy(out, "SNDG", 4);
	out[4] = 1;
	out[5] = (uint8_t) bucket;
	out[6] = out[7] = 0;
	keys_id(pair.public_key, out + 8);
	out[8] ^= id_flip;
	assert_int_equal(crypto_box_seal(out + 16, key, sizeof key, pair.public_key), 0);
	randombytes_buf(out + 96, 24);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + 120, &sealed, padded, size, out, 120, NULL, out + 96, key);
	return 120 + (size_t) sealed;
}

static void padding(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		unsigned bucket;
		size_t size, text;
		int mark; /* byte after the text; -1: all of it is text */
		uint8_t rest;
		enum err expected;
	} rows[] = {
		{"as we pad", 0, 1024, 500, 0x80, 0, ERR_OK},
		{"mark at the very end", 0, 1024, 1023, 0x80, 0, ERR_OK},
		{"no mark", 0, 1024, 1024, -1, 0, ERR_INVALID},
		{"nothing but zeros", 0, 1024, 0, 0, 0, ERR_INVALID},
		{"another mark", 0, 1024, 500, 0x81, 0, ERR_INVALID},
		{"no zeros after the mark", 0, 1024, 500, 0x80, 1, ERR_INVALID},
		{"the smallest text of the second bucket", 1, 4096, 1024, 0x80, 0, ERR_OK},
		{"a text that fits the first bucket", 1, 4096, 1023, 0x80, 0, ERR_INVALID},
		{"a short text in the largest", 3, 65536, 2, 0x80, 0, ERR_INVALID},
	};
	static uint8_t padded[65536], envelope[ENVELOPE_MAX_BYTES];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memset(padded, rows[i].rest, sizeof padded);
		memset(padded, 'x', rows[i].text);
		if (rows[i].mark >= 0)
			padded[rows[i].text] = (uint8_t) rows[i].mark;
		size_t length = forge(rows[i].bucket, 0, padded, rows[i].size, envelope), back_length = 0;
		char *back = NULL;
		enum err error = envelope_open(envelope, length, &pair, &arena, &back, &back_length);
		if (error != rows[i].expected)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
		if (error == ERR_OK)
			assert_int_equal(back_length, rows[i].text);
		arena_reset(&arena);
	}
}

/* Associated data, nonce and key right, but the size of another bucket: the seal is whole, the header lies. */
static void a_bucket_that_lies(void **state)
{
	(void) state;
	static uint8_t padded[4096], envelope[ENVELOPE_MAX_BYTES];
	memset(padded, 'x', 2000);
	padded[2000] = 0x80;
	char *back = NULL;
	size_t length = forge(0, 0, padded, sizeof padded, envelope), back_length = 0;
	assert_int_equal(envelope_open(envelope, length, &pair, &arena, &back, &back_length), ERR_INVALID);
}

/* Sealed to our key from the start under an id that is not its own. */
static void an_id_that_lies(void **state)
{
	(void) state;
	static uint8_t padded[1024] = {'{', '}', 0x80}, envelope[ENVELOPE_MAX_BYTES];
	char *back = NULL;
	size_t length = forge(0, 0, padded, sizeof padded, envelope), back_length = 0;
	assert_int_equal(envelope_open(envelope, length, &pair, &arena, &back, &back_length), ERR_OK);
	length = forge(0, 1, padded, sizeof padded, envelope);
	assert_int_equal(envelope_open(envelope, length, &pair, &arena, &back, &back_length), ERR_DENIED);
}

static int start(void **state)
{
	(void) state;
	arena_init(&arena, 1024 * 1024);
	if (keys_start() != ERR_OK)
		return 1;
	keys_new_period(&pair);
	return 0;
}

static int stop(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(padding),
		cmocka_unit_test(a_bucket_that_lies),
		cmocka_unit_test(an_id_that_lies),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
