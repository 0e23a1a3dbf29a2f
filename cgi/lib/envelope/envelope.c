/* SPDX-License-Identifier: MIT */
/* envelope.c: ids and receipts of a response, and the seal around a letter.
 *
 * Intake seals, the collector opens. The ids are hashes of the page's nonce, so that the same page sent twice is the
 * same response and nobody keeps a list. Must not let the length outside tell more than the bucket, must not leave
 * plain text behind in the output buffer, and must not say which of key, header and ciphertext was wrong.
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), sealed boxes of libsodium; the layout is in envelope.h and
 * soundings-envelope(5). */
#include "lib/envelope/envelope.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
	AT_MAGIC = 0,
	AT_VERSION = 4,
	AT_BUCKET = 5,
	AT_ZERO = 6,
	AT_PERIOD = 8,
	AT_KEY = AT_PERIOD + KEYS_ID_BYTES,
	KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	SEALED_KEY_BYTES = KEY_BYTES + crypto_box_SEALBYTES,
	AT_NONCE = AT_KEY + SEALED_KEY_BYTES,
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	FORMAT_VERSION = 1
};

static_assert(AT_NONCE + NONCE_BYTES == ENVELOPE_HEADER_BYTES, "the header as envelope.h draws it");
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == ENVELOPE_TAG_BYTES, "Poly1305's tag");

static const char envelope_magic[4] = {'S', 'N', 'D', 'G'};
static const size_t envelope_bucket_bytes[ENVELOPE_BUCKETS] = {1024, 4096, 16384, 65536};

/* ---- ids --------------------------------------------------------------------------------------------------------- */

/* One part of a hash: its length as 4 bytes, big endian, and its bytes, so that no two lists of parts look alike. */
static void envelope_hash_part(crypto_generichash_state *state, const void *bytes, size_t length)
{
	assert(length <= UINT32_MAX);
	uint8_t size[4] = {(uint8_t) (length >> 24), (uint8_t) (length >> 16), (uint8_t) (length >> 8),
			   (uint8_t) length};
	crypto_generichash_update(state, size, sizeof size);
	crypto_generichash_update(state, bytes, length);
}

static void envelope_hash(const char *label, const char *event, const char *form,
			  const uint8_t nonce[ENVELOPE_NONCE_BYTES], const char *kiosk_answers, uint8_t out[32])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, 32);
	envelope_hash_part(&state, label, strlen(label));
	envelope_hash_part(&state, event, strlen(event));
	envelope_hash_part(&state, form, strlen(form));
	envelope_hash_part(&state, nonce, ENVELOPE_NONCE_BYTES);
	if (kiosk_answers != NULL)
		envelope_hash_part(&state, kiosk_answers, strlen(kiosk_answers));
	crypto_generichash_final(&state, out, 32);
	sodium_memzero(&state, sizeof state);
}

void envelope_id(const char *event, const char *form, const uint8_t nonce[ENVELOPE_NONCE_BYTES],
		 const char *kiosk_answers, uint8_t out[ENVELOPE_ID_BYTES])
{
	envelope_hash("soundings/id/1", event, form, nonce, kiosk_answers, out);
}

void envelope_receipt(const char *event, const char *form, const uint8_t nonce[ENVELOPE_NONCE_BYTES],
		      const char *kiosk_answers, uint8_t out[CODEC_RECEIPT_BYTES])
{
	uint8_t hash[32];
	envelope_hash("soundings/receipt/1", event, form, nonce, kiosk_answers, hash);
	memcpy(out, hash, CODEC_RECEIPT_BYTES);
	sodium_memzero(hash, sizeof hash);
}

void envelope_withdraw(const uint8_t receipt[CODEC_RECEIPT_BYTES], uint8_t out[32])
{
	static const char label[] = "soundings/withdraw/1";
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, 32);
	envelope_hash_part(&state, label, sizeof label - 1);
	envelope_hash_part(&state, receipt, CODEC_RECEIPT_BYTES);
	crypto_generichash_final(&state, out, 32);
	sodium_memzero(&state, sizeof state);
}

/* ---- the seal ---------------------------------------------------------------------------------------------------- */

/* The smallest bucket that holds LENGTH bytes and at least one of padding; ENVELOPE_BUCKETS when none does. */
static unsigned envelope_bucket(size_t length)
{
	unsigned bucket = 0;
	while (bucket < ENVELOPE_BUCKETS && length >= envelope_bucket_bytes[bucket])
		bucket++;
	return bucket;
}

size_t envelope_size(size_t letter_length)
{
	unsigned bucket = envelope_bucket(letter_length);
	return bucket == ENVELOPE_BUCKETS ? 0
					  : ENVELOPE_HEADER_BYTES + envelope_bucket_bytes[bucket] + ENVELOPE_TAG_BYTES;
}

/* Writes the header around KEY and NONCE. Fails for period keys of small order, which no key set should name. */
static enum err envelope_put_header(unsigned bucket, const struct period *period, const uint8_t key[KEY_BYTES],
				    uint8_t *out)
{
	memcpy(out + AT_MAGIC, envelope_magic, sizeof envelope_magic);
	out[AT_VERSION] = FORMAT_VERSION;
	out[AT_BUCKET] = (uint8_t) bucket;
	memset(out + AT_ZERO, 0, AT_PERIOD - AT_ZERO);
	memcpy(out + AT_PERIOD, period->id, KEYS_ID_BYTES);
	if (crypto_box_seal(out + AT_KEY, key, KEY_BYTES, period->public_key) != 0)
		return ERR_INVALID;
	randombytes_buf(out + AT_NONCE, NONCE_BYTES);
	return ERR_OK;
}

enum err envelope_seal(const char *letter, size_t length, const struct period *period, uint8_t *out, size_t *out_length)
{
	unsigned bucket = envelope_bucket(length);
	if (bucket == ENVELOPE_BUCKETS)
		return ERR_TOO_BIG;
	uint8_t key[KEY_BYTES];
	crypto_aead_xchacha20poly1305_ietf_keygen(key);
	enum err error = envelope_put_header(bucket, period, key, out);
	if (error == ERR_OK) {
		/* Padded and encrypted where it will lie, so that there is no second copy of the plain text to wipe. */
		size_t padded = 0, block = envelope_bucket_bytes[bucket];
		uint8_t *text = out + ENVELOPE_HEADER_BYTES;
		memcpy(text, letter, length);
		int failed = sodium_pad(&padded, text, length, block, block);
		assert(failed == 0 && padded == block);
		failed = crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, padded, out,
								    ENVELOPE_HEADER_BYTES, NULL, out + AT_NONCE, key);
		assert(failed == 0);
		*out_length = ENVELOPE_HEADER_BYTES + padded + ENVELOPE_TAG_BYTES;
	}
	sodium_memzero(key, sizeof key);
	return error;
}

enum err envelope_peek(const uint8_t *envelope, size_t length, struct envelope_header *out)
{
	if (length < ENVELOPE_HEADER_BYTES || memcmp(envelope + AT_MAGIC, envelope_magic, sizeof envelope_magic) != 0 ||
	    envelope[AT_VERSION] != FORMAT_VERSION || envelope[AT_BUCKET] >= ENVELOPE_BUCKETS ||
	    envelope[AT_ZERO] != 0 || envelope[AT_ZERO + 1] != 0)
		return ERR_INVALID;
	unsigned bucket = envelope[AT_BUCKET];
	if (length != ENVELOPE_HEADER_BYTES + envelope_bucket_bytes[bucket] + ENVELOPE_TAG_BYTES)
		return ERR_INVALID;
	memcpy(out->period, envelope + AT_PERIOD, KEYS_ID_BYTES);
	out->bucket = bucket;
	return ERR_OK;
}

/* The padding must be what envelope_seal writes: of the smallest bucket that fits. */
static enum err envelope_unpad(char *text, unsigned bucket, size_t *length)
{
	size_t block = envelope_bucket_bytes[bucket];
	if (sodium_unpad(length, (const uint8_t *) text, block, block) != 0 || envelope_bucket(*length) != bucket)
		return ERR_INVALID;
	memset(text + *length, 0, block - *length);
	return ERR_OK;
}

enum err envelope_open(const uint8_t *envelope, size_t length, const struct box_pair *period, struct arena *arena,
		       char **letter, size_t *letter_length)
{
	struct envelope_header header;
	uint8_t id[KEYS_ID_BYTES], key[KEY_BYTES];
	enum err error = envelope_peek(envelope, length, &header);
	if (error != ERR_OK)
		return error;
	keys_id(period->public_key, id);
	if (memcmp(id, header.period, KEYS_ID_BYTES) != 0)
		return ERR_DENIED;
	size_t padded = length - ENVELOPE_HEADER_BYTES - ENVELOPE_TAG_BYTES;
	char *text = arena_alloc(arena, padded + 1, 1);
	if (text == NULL)
		return ERR_NOMEM;
	if (crypto_box_seal_open(key, envelope + AT_KEY, SEALED_KEY_BYTES, period->public_key, period->secret_key) != 0)
		return ERR_DENIED;
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
		(uint8_t *) text, NULL, NULL, envelope + ENVELOPE_HEADER_BYTES, padded + ENVELOPE_TAG_BYTES, envelope,
		ENVELOPE_HEADER_BYTES, envelope + AT_NONCE, key);
	sodium_memzero(key, sizeof key);
	if (failed != 0)
		return ERR_DENIED;
	error = envelope_unpad(text, header.bucket, letter_length);
	if (error == ERR_OK)
		*letter = text;
	return error;
}
