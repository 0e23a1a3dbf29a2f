/* SPDX-License-Identifier: MIT */
/* keys_detached.c: a signature over the hash of what is too long to be a signed document, such as a backup.
 *
 * Plain Ed25519 (RFC 8032) over a label and the hash. The label says what the hash is of, so that a signature can never be taken for
 * that of another kind of file, nor for a signed document's (keys_signed.c, whose label differs). */
#include "lib/envelope/keys.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { DETACHED_LABEL_MAX = 32 };

static_assert(KEYS_SIGNATURE_BYTES == crypto_sign_BYTES, "an Ed25519 signature");

/* The signed bytes, and how many. Labels are ours: a long one is a bug. */
static size_t detached_message(const char *label, const uint8_t hash[32], uint8_t out[DETACHED_LABEL_MAX + 32])
{
	size_t length = strlen(label);
	assert(length <= DETACHED_LABEL_MAX);
	memcpy(out, label, length);
	memcpy(out + length, hash, 32);
	return length + 32;
}

void keys_sign_hash(const char *label, const uint8_t hash[32], const struct root_pair *signer,
		    uint8_t out[KEYS_SIGNATURE_BYTES])
{
	uint8_t message[DETACHED_LABEL_MAX + 32];
	size_t length = detached_message(label, hash, message);
	crypto_sign_detached(out, NULL, message, length, signer->secret_key);
}

enum err keys_verify_hash(const char *label, const uint8_t hash[32], const uint8_t signature[KEYS_SIGNATURE_BYTES],
			  const uint8_t public_key[KEYS_PUBLIC_BYTES])
{
	uint8_t message[DETACHED_LABEL_MAX + 32];
	size_t length = detached_message(label, hash, message);
	return crypto_sign_verify_detached(signature, message, length, public_key) == 0 ? ERR_OK : ERR_DENIED;
}
