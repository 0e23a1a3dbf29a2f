/* SPDX-License-Identifier: MIT */
/* token.c: random tokens and what is reckoned from them, with libsodium. Keeps nothing. */
#include "lib/account/token.h"

#include "lib/base/random.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

_Static_assert(TOKEN_BYTES >= crypto_generichash_KEYBYTES_MIN && TOKEN_BYTES <= crypto_generichash_KEYBYTES_MAX,
	       "a token is a key of BLAKE2b");

static void write_text(const uint8_t bytes[TOKEN_BYTES], char out[TOKEN_TEXT])
{
	sodium_bin2base64(out, TOKEN_TEXT, bytes, TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool read_text(const char *text, uint8_t out[TOKEN_BYTES])
{
	size_t length = 0;
	return text && strlen(text) == TOKEN_TEXT - 1 &&
	       sodium_base642bin(out, TOKEN_BYTES, text, TOKEN_TEXT - 1, NULL, &length, NULL,
				 sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
	       length == TOKEN_BYTES;
}

void token_new(char out[TOKEN_TEXT])
{
	uint8_t bytes[TOKEN_BYTES];
	random_bytes(bytes, sizeof bytes);
	write_text(bytes, out);
	sodium_memzero(bytes, sizeof bytes);
}

bool token_is_shaped(const char *text)
{
	uint8_t bytes[TOKEN_BYTES];
	bool is_shaped = read_text(text, bytes);
	sodium_memzero(bytes, sizeof bytes);
	return is_shaped;
}

void token_hash(const char *token, uint8_t out[TOKEN_HASH_BYTES])
{
	uint8_t bytes[TOKEN_BYTES];
	bool is_shaped = read_text(token, bytes);
	assert(is_shaped);
	(void) is_shaped;
	crypto_generichash(out, TOKEN_HASH_BYTES, bytes, sizeof bytes, NULL, 0);
	sodium_memzero(bytes, sizeof bytes);
}

void token_derive(const char *token, const char *label, uint8_t out[TOKEN_HASH_BYTES])
{
	uint8_t bytes[TOKEN_BYTES];
	bool is_shaped = read_text(token, bytes);
	assert(is_shaped);
	(void) is_shaped;
	crypto_generichash(out, TOKEN_HASH_BYTES, (const unsigned char *) label, strlen(label), bytes, sizeof bytes);
	sodium_memzero(bytes, sizeof bytes);
}

void token_csrf(const char *token, char out[TOKEN_TEXT])
{
	uint8_t bytes[TOKEN_HASH_BYTES];
	token_derive(token, "soundings/csrf/1", bytes);
	write_text(bytes, out);
}

bool token_is_same(const char *a, const char *b)
{
	size_t length = strlen(a);
	return length == strlen(b) && sodium_memcmp(a, b, length) == 0;
}

void token_keyed(const uint8_t key[TOKEN_HASH_BYTES], const char *label, const char *text,
		 uint8_t out[TOKEN_HASH_BYTES])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, key, TOKEN_HASH_BYTES, TOKEN_HASH_BYTES);
	crypto_generichash_update(&state, (const unsigned char *) label, strlen(label) + 1);
	crypto_generichash_update(&state, (const unsigned char *) text, strlen(text));
	crypto_generichash_final(&state, out, TOKEN_HASH_BYTES);
	sodium_memzero(&state, sizeof state);
}
