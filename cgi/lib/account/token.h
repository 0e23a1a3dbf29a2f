/* SPDX-License-Identifier: MIT */
/* token.h: secrets that a browser or an address carries, and what is kept of them. 32 random bytes, written in base64url (RFC 4648, 5)
 * without padding: 43 signs that stand in a cookie, a path and a form as they are. */
#ifndef SOUNDINGS_ACCOUNT_TOKEN_H
#define SOUNDINGS_ACCOUNT_TOKEN_H

#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 44 /* with the NUL */, TOKEN_HASH_BYTES = 32 };

/* A new one. */
void token_new(char out[TOKEN_TEXT]);

/* True when TEXT could be one: 43 signs that stand for 32 bytes. NULL is none. */
bool token_is_shaped(const char *text);

/* BLAKE2b-256 of a shaped token: what the office keeps of it. */
void token_hash(const char *token, uint8_t out[TOKEN_HASH_BYTES]);

/* What only who holds TOKEN, shaped, can make, for one purpose: BLAKE2b-256 of LABEL under the token as the key. */
void token_derive(const char *token, const char *label, uint8_t out[TOKEN_HASH_BYTES]);

/* The same as text: the hidden field that a form of this token's session carries. */
void token_csrf(const char *token, char out[TOKEN_TEXT]);

/* In constant time, for equally long texts; false for others. */
bool token_is_same(const char *a, const char *b);

/* BLAKE2b-256 of "LABEL NUL TEXT" under KEY: how failures are counted by name and address without either being kept. */
void token_keyed(const uint8_t key[TOKEN_HASH_BYTES], const char *label, const char *text,
		 uint8_t out[TOKEN_HASH_BYTES]);

#endif
