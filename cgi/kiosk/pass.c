/* SPDX-License-Identifier: MIT */
/* pass.c: 16 hex digits of a second and 64 of BLAKE2b-256 under the key. Nothing is kept: what ends all passes is another key. */
#include "pass.h"

#include "lib/base/codec.h"

#include <stdio.h>
#include <string.h>

enum { PASS_UNTIL_BYTES = 8, PASS_UNTIL_DIGITS = 2 * PASS_UNTIL_BYTES };

static void write_pass(const uint8_t key[TOKEN_HASH_BYTES], int64_t until_s, char out[PASS_TEXT])
{
	uint8_t hash[TOKEN_HASH_BYTES];
	snprintf(out, PASS_UNTIL_DIGITS + 1, "%016llx", (unsigned long long) until_s);
	token_keyed(key, "soundings/staff/1", out, hash);
	codec_hex(hash, sizeof hash, out + PASS_UNTIL_DIGITS);
}

void pass_new(const uint8_t key[TOKEN_HASH_BYTES], int64_t now_s, char out[PASS_TEXT])
{
	write_pass(key, now_s + PASS_LIVES_S, out);
}

bool pass_is_good(const uint8_t key[TOKEN_HASH_BYTES], const char *text, int64_t now_s)
{
	uint8_t until[PASS_UNTIL_BYTES];
	char digits[PASS_UNTIL_DIGITS + 1] = {0}, whole[PASS_TEXT];
	if (!text || strlen(text) != PASS_TEXT - 1)
		return false;
	memcpy(digits, text, PASS_UNTIL_DIGITS);
	if (codec_unhex(digits, until, sizeof until) != ERR_OK)
		return false;
	uint64_t until_s = 0;
	for (size_t i = 0; i < sizeof until; i++)
		until_s = until_s << 8 | until[i];
	if (until_s > INT64_MAX)
		return false;
	write_pass(key, (int64_t) until_s, whole);
	return token_is_same(whole, text) && now_s < (int64_t) until_s;
}
