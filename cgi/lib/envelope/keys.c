/* SPDX-License-Identifier: MIT */
/* keys.c: the pairs, where they come from, and the hashes under a name.
 *
 * Primitives are libsodium's and nothing is invented here: Ed25519 signs (RFC 8032), X25519 sealed boxes carry secrets,
 * BLAKE2b hashes (RFC 7693), crypto_kdf derives. What is written down in soundings-envelope(5) must be enough to write
 * these functions again. No key is ever logged; no function here reads or writes a path. */
#include "lib/envelope/keys.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/codec.h"
#include "lib/base/file.h"

static_assert(KEYS_SEED_BYTES == crypto_kdf_KEYBYTES, "the recovery seed is a kdf key");
static_assert(KEYS_SEED_BYTES == crypto_sign_SEEDBYTES, "a derived subkey is a signing seed");
static_assert(KEYS_SEED_BYTES == crypto_box_SEEDBYTES, "a derived subkey is a box seed");
static_assert(KEYS_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
static_assert(KEYS_PUBLIC_BYTES == crypto_box_PUBLICKEYBYTES, "X25519 public key");
static_assert(KEYS_SECRET_BYTES == crypto_box_SECRETKEYBYTES, "X25519 secret key");
static_assert(KEYS_SECRET_BYTES == crypto_kdf_KEYBYTES, "a period's secret is a kdf key");
static_assert(KEYS_SIGN_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
static_assert(KEYS_SEALED_BYTES == KEYS_SECRET_BYTES + crypto_box_SEALBYTES, "a sealed secret");

enum {
	KEYS_SUBKEY_ROOT = 1,     /* of the recovery seed */
	KEYS_SUBKEY_RECOVERY = 2, /* of the recovery seed */
	KEYS_SUBKEY_SEEN = 1,     /* of a period's secret */
	KEYS_READ_BYTES = 16384   /* at a time, when a file is hashed */
};

static const char keys_recovery_context[] = "sndg-rec";
static const char keys_seen_context[] = "sndg-see";
static const char keys_id_label[] = "soundings/key/1";

static_assert(sizeof keys_recovery_context - 1 == crypto_kdf_CONTEXTBYTES, "kdf contexts are 8 bytes");
static_assert(sizeof keys_seen_context - 1 == crypto_kdf_CONTEXTBYTES, "kdf contexts are 8 bytes");

static_assert(sizeof(((struct keys_hasher *) 0)->state) == sizeof(crypto_generichash_state),
	      "a hasher holds one state");

enum err keys_start(void)
{
	/* 1 means that it was started before. */
	return sodium_init() < 0 ? ERR_IO : ERR_OK;
}

void keys_wipe(void *secret, size_t length)
{
	sodium_memzero(secret, length);
}

static void keys_subkey(const uint8_t key[crypto_kdf_KEYBYTES], const char *context, uint64_t number, uint8_t out[32])
{
	int failed = crypto_kdf_derive_from_key(out, 32, number, context, key);
	assert(failed == 0); /* it only refuses lengths */
}

void keys_root(const uint8_t seed[KEYS_SEED_BYTES], struct root_pair *out)
{
	uint8_t root_seed[crypto_sign_SEEDBYTES];
	keys_subkey(seed, keys_recovery_context, KEYS_SUBKEY_ROOT, root_seed);
	crypto_sign_seed_keypair(out->public_key, out->secret_key, root_seed);
	keys_wipe(root_seed, sizeof root_seed);
}

void keys_recovery(const uint8_t seed[KEYS_SEED_BYTES], struct box_pair *out)
{
	uint8_t box_seed[crypto_box_SEEDBYTES];
	keys_subkey(seed, keys_recovery_context, KEYS_SUBKEY_RECOVERY, box_seed);
	crypto_box_seed_keypair(out->public_key, out->secret_key, box_seed);
	keys_wipe(box_seed, sizeof box_seed);
}

enum err keys_read_root(const char *path, uint8_t out[KEYS_PUBLIC_BYTES])
{
	enum { TEXT_BYTES = 2 * KEYS_PUBLIC_BYTES + 1, ARENA_BYTES = 4096 };
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	char *text = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, path, TEXT_BYTES, &arena, &text, &length);
	if (error != ERR_OK)
		return error == ERR_TOO_BIG ? ERR_INVALID : error;
	if (length != TEXT_BYTES || text[TEXT_BYTES - 1] != '\n')
		return ERR_INVALID;
	text[TEXT_BYTES - 1] = '\0';
	return codec_unhex(text, out, KEYS_PUBLIC_BYTES);
}

void keys_new_signing(struct root_pair *out)
{
	crypto_sign_keypair(out->public_key, out->secret_key);
}

void keys_new_period(struct box_pair *out)
{
	crypto_box_keypair(out->public_key, out->secret_key);
}

void keys_id(const uint8_t public_key[KEYS_PUBLIC_BYTES], uint8_t out[KEYS_ID_BYTES])
{
	uint8_t input[sizeof keys_id_label + KEYS_PUBLIC_BYTES], hash[32];
	memcpy(input, keys_id_label, sizeof keys_id_label); /* with its NUL */
	memcpy(input + sizeof keys_id_label, public_key, KEYS_PUBLIC_BYTES);
	keys_hash(input, sizeof input, hash);
	memcpy(out, hash, KEYS_ID_BYTES);
}

enum err keys_seal_secret(const uint8_t secret[KEYS_SECRET_BYTES], const uint8_t recovery_public[KEYS_PUBLIC_BYTES],
			  uint8_t out[KEYS_SEALED_BYTES])
{
	/* Fails for public keys of small order only: whatever named such a key is no key set of ours. */
	return crypto_box_seal(out, secret, KEYS_SECRET_BYTES, recovery_public) != 0 ? ERR_INVALID : ERR_OK;
}

enum err keys_open_secret(const uint8_t sealed[KEYS_SEALED_BYTES], const struct box_pair *recovery,
			  uint8_t out[KEYS_SECRET_BYTES])
{
	if (crypto_box_seal_open(out, sealed, KEYS_SEALED_BYTES, recovery->public_key, recovery->secret_key) == 0)
		return ERR_OK;
	keys_wipe(out, KEYS_SECRET_BYTES);
	return ERR_DENIED;
}

void keys_hash(const void *data, size_t length, uint8_t out[32])
{
	int failed = crypto_generichash(out, 32, data, length, NULL, 0);
	assert(failed == 0); /* it only refuses lengths */
}

void keys_hasher_init(struct keys_hasher *hasher)
{
	int failed = crypto_generichash_init((crypto_generichash_state *) hasher->state, NULL, 0, 32);
	assert(failed == 0); /* it only refuses lengths */
}

void keys_hasher_add(struct keys_hasher *hasher, const void *data, size_t length)
{
	crypto_generichash_update((crypto_generichash_state *) hasher->state, data, length);
}

void keys_hasher_end(struct keys_hasher *hasher, uint8_t out[32])
{
	crypto_generichash_final((crypto_generichash_state *) hasher->state, out, 32);
}

enum err keys_hash_fd(int fd, uint64_t *bytes, uint8_t out[32])
{
	crypto_generichash_state state;
	uint8_t part[KEYS_READ_BYTES];
	uint64_t total = 0;
	crypto_generichash_init(&state, NULL, 0, 32);
	for (;;) {
		ssize_t got = read(fd, part, sizeof part);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return file_err(errno);
		if (got == 0)
			break;
		crypto_generichash_update(&state, part, (unsigned long long) got);
		total += (uint64_t) got;
	}
	crypto_generichash_final(&state, out, 32);
	*bytes = total;
	return ERR_OK;
}

void keys_keyed_id(const uint8_t period_secret[KEYS_SECRET_BYTES], const uint8_t *id, size_t length, uint8_t out[32])
{
	uint8_t key[32];
	keys_subkey(period_secret, keys_seen_context, KEYS_SUBKEY_SEEN, key);
	int failed = crypto_generichash(out, 32, id, length, key, sizeof key);
	assert(failed == 0); /* it only refuses lengths */
	keys_wipe(key, sizeof key);
}
