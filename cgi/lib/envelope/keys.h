/* SPDX-License-Identifier: MIT */
/* keys.h: the root and recovery keys, periods, and documents signed by them.
 *
 * One 32-byte recovery seed is the source of the offline keys: the root pair (Ed25519, signs the key set) and the
 * recovery pair (X25519, opens sealed period secrets and backups). The seed exists in the recovery file only. A period
 * pair (X25519) opens responses. The content pair (Ed25519) signs catalogues; its public half is named by the key set.
 * Crypto is libsodium's. Secrets are wiped by whoever holds them (keys_wipe). */
#ifndef SOUNDINGS_ENVELOPE_KEYS_H
#define SOUNDINGS_ENVELOPE_KEYS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KEYS_SEED_BYTES = 32,
	KEYS_PUBLIC_BYTES = 32,
	KEYS_SECRET_BYTES = 32,      /* X25519 */
	KEYS_SIGN_SECRET_BYTES = 64, /* Ed25519 */
	KEYS_ID_BYTES = 8,           /* of a period: first 8 bytes of BLAKE2b-256("soundings/key/1" NUL public) */
	KEYS_PERIODS_MAX = 64
};

/* Must be called once, before anything else here and in envelope.h. ERR_IO when libsodium cannot start. */
enum err keys_start(void) MUST_CHECK;

struct root_pair {
	uint8_t public_key[KEYS_PUBLIC_BYTES];
	uint8_t secret_key[KEYS_SIGN_SECRET_BYTES];
};

struct box_pair {
	uint8_t public_key[KEYS_PUBLIC_BYTES];
	uint8_t secret_key[KEYS_SECRET_BYTES];
};

/* From the recovery seed: crypto_kdf with context "sndg-rec", subkey 1 for the root's seed, 2 for the recovery pair's.
 */
void keys_root(const uint8_t seed[KEYS_SEED_BYTES], struct root_pair *out);
void keys_recovery(const uint8_t seed[KEYS_SEED_BYTES], struct box_pair *out);

/* The pinned root key: PATH holds its 64 hex digits and a newline. ERR_NOT_FOUND, ERR_INVALID, ERR_IO. */
enum err keys_read_root(const char *path, uint8_t out[KEYS_PUBLIC_BYTES]) MUST_CHECK;

/* Fresh pairs. */
void keys_new_signing(struct root_pair *out);
void keys_new_period(struct box_pair *out);

/* The id under which envelopes name a period. */
void keys_id(const uint8_t public_key[KEYS_PUBLIC_BYTES], uint8_t out[KEYS_ID_BYTES]);

/* A period's secret sealed to the recovery key (crypto_box_seal), 80 bytes, and opened again. Sealing: ERR_INVALID when
 * the public key is none (of small order). Opening: ERR_DENIED when the key does not open it. */
enum { KEYS_SEALED_BYTES = KEYS_SECRET_BYTES + 48 };
enum err keys_seal_secret(const uint8_t secret[KEYS_SECRET_BYTES], const uint8_t recovery_public[KEYS_PUBLIC_BYTES],
			  uint8_t out[KEYS_SEALED_BYTES]) MUST_CHECK;
enum err keys_open_secret(const uint8_t sealed[KEYS_SEALED_BYTES], const struct box_pair *recovery,
			  uint8_t out[KEYS_SECRET_BYTES]) MUST_CHECK;

/* The text of the recovery file: what it is, what to do with it, the instance's name, and the seed as Crockford base 32
 * in lines with check signs. INSTANCE and DAY are one line each. Reading takes that text back, whatever white space.
 * ERR_INVALID when a line does not check (its number is logged); ERR_NOMEM. Caller wipes. */
enum err keys_recovery_text(const uint8_t seed[KEYS_SEED_BYTES], const char *instance, const char *day,
			    struct arena *arena, char **out) MUST_CHECK;
enum err keys_recovery_read(const char *text, uint8_t seed[KEYS_SEED_BYTES]) MUST_CHECK;

struct period {
	uint8_t id[KEYS_ID_BYTES];
	uint8_t public_key[KEYS_PUBLIC_BYTES];
	bool is_practice;
	bool is_current; /* new envelopes are sealed to it; one ordinary and one practice period are current */
};

/* The key set: JSON {"content":HEX,"format":1,"periods":[{"current":B,"id":HEX,"practice":B,"public":HEX}...],
 * "recovery":HEX,"serial":N}, signed by the root as kind "keyset". */
struct keyset {
	uint64_t serial;
	uint8_t content_public[KEYS_PUBLIC_BYTES];
	uint8_t recovery_public[KEYS_PUBLIC_BYTES];
	struct period periods[KEYS_PERIODS_MAX];
	size_t periods_count;
};

/* The signed document in ARENA. ERR_INVALID when KEYSET is not one that keyset_decode would take; ERR_NOMEM. */
enum err keyset_encode(const struct keyset *keyset, const struct root_pair *root, struct arena *arena, char **out,
		       size_t *length) MUST_CHECK;

/* Checks the signature against the pinned root, then the contents (ids match public keys, one current of each kind).
 * ERR_DENIED: not signed by the root. ERR_INVALID: signed, but not a key set we understand. */
enum err keyset_decode(const char *document, size_t length, const uint8_t root_public[KEYS_PUBLIC_BYTES],
		       struct keyset *out) MUST_CHECK;

/* The period with that id, or NULL; the current one of a kind, or NULL. */
const struct period *keyset_find(const struct keyset *keyset, const uint8_t id[KEYS_ID_BYTES]);
const struct period *keyset_current(const struct keyset *keyset, bool is_practice);

/* A signed document: the line "soundings-signed 1 KIND SIGNATURE\n" (signature: 128 hex digits, Ed25519 over
 * "soundings/signed/1\n" KIND "\n" BODY) and then the body to the end of the file. KIND is [a-z]+. */
enum err signed_encode(const char *kind, const char *body, size_t body_length, const struct root_pair *signer,
		       struct arena *arena, char **out, size_t *length) MUST_CHECK;

/* Checks it and points *BODY into DOCUMENT. ERR_DENIED: wrong kind, key or signature. ERR_INVALID: no such document. */
enum err signed_decode(const char *kind, const char *document, size_t length,
		       const uint8_t public_key[KEYS_PUBLIC_BYTES], const char **body, size_t *body_length) MUST_CHECK;

/* BLAKE2b-256 of a file's bytes, for manifests and form versions. */
void keys_hash(const void *data, size_t length, uint8_t out[32]);

/* The same of all that FD still has to give, and how many *BYTES that was. ERR_IO. */
enum err keys_hash_fd(int fd, uint64_t *bytes, uint8_t out[32]) MUST_CHECK;

/* The same of bytes that come bit by bit. Lives in the caller's storage; holds nothing that need be wiped. */
struct keys_hasher {
	_Alignas(64) uint8_t state[384];
};
void keys_hasher_init(struct keys_hasher *hasher);
void keys_hasher_add(struct keys_hasher *hasher, const void *data, size_t length);
void keys_hasher_end(struct keys_hasher *hasher, uint8_t out[32]);

/* A signature (Ed25519) over LABEL and a hash, for what is too long to be a signed document; LABEL, of 32 signs at most, says what it is
 * the hash of. ERR_DENIED: not that key's, or of something else. */
enum { KEYS_SIGNATURE_BYTES = 64 };
void keys_sign_hash(const char *label, const uint8_t hash[32], const struct root_pair *signer,
		    uint8_t out[KEYS_SIGNATURE_BYTES]);
enum err keys_verify_hash(const char *label, const uint8_t hash[32], const uint8_t signature[KEYS_SIGNATURE_BYTES],
			  const uint8_t public_key[KEYS_PUBLIC_BYTES]) MUST_CHECK;

/* A keyed BLAKE2b-256 under a subkey of a period's secret (crypto_kdf, context "sndg-see", subkey 1): how the office
 * remembers ids and tombstones without being able to name them once the secret is gone. */
void keys_keyed_id(const uint8_t period_secret[KEYS_SECRET_BYTES], const uint8_t *id, size_t length, uint8_t out[32]);

/* Overwrites LENGTH bytes so that no compiler leaves it out. */
void keys_wipe(void *secret, size_t length);

#endif
