/* SPDX-License-Identifier: MIT */
/* envelope.h: a response, sealed the moment it arrives: soundings-envelope(5).
 *
 * Layout (all of it before the ciphertext is the associated data):
 *   0    4  magic "SNDG"
 *   4    1  format version, 1
 *   5    1  bucket, 0 to 3: 1, 4, 16 or 64 KiB
 *   6    2  zero
 *   8    8  period id (keys.h)
 *   16  80  the fresh 32-byte message key, sealed to the period's public key (crypto_box_seal)
 *   96  24  nonce
 *   120  n  XChaCha20-Poly1305 (IETF) ciphertext of the padded letter, 16 bytes of tag at its end; n = bucket + 16
 * The letter is canonical JSON, padded to the bucket by ISO/IEC 7816-4 (sodium_pad). Nothing outside the seal differs
 * between two people but key id, bucket and randomness. */
#ifndef SOUNDINGS_ENVELOPE_ENVELOPE_H
#define SOUNDINGS_ENVELOPE_ENVELOPE_H

#include "lib/base/arena.h"
#include "lib/base/codec.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"

#include <stddef.h>
#include <stdint.h>

enum {
	ENVELOPE_HEADER_BYTES = 120,
	ENVELOPE_TAG_BYTES = 16,
	ENVELOPE_BUCKETS = 4,
	ENVELOPE_MAX_BYTES = ENVELOPE_HEADER_BYTES + 65536 + ENVELOPE_TAG_BYTES,
	ENVELOPE_LETTER_MAX = 65535, /* canonical JSON of the letter; one byte of padding at least */
	ENVELOPE_ID_BYTES = 32,
	ENVELOPE_NONCE_BYTES = 20, /* the page's nonce: 160 bits, 40 hex digits in the page */
	ENVELOPE_EDIT_MAX = 9999
};

enum letter_kind { LETTER_RESPONSE, LETTER_WITHDRAWAL, LETTER_KIND_COUNT };

/* What is inside. Of a withdrawal only kind, event ("" where the person named none) and withdraw count. */
struct letter {
	enum letter_kind kind;
	const char *event; /* the code */
	const char *form;
	uint32_t version;
	const char *language; /* base tag: "en", "cy" */
	const char *variant;  /* "" or "easy" */
	const char *mode;     /* "phone", "kiosk" or "paper" */
	uint8_t id[ENVELOPE_ID_BYTES];
	uint8_t withdraw[32]; /* BLAKE2b("soundings/withdraw/1", R) */
	uint32_t edit;        /* 0 to ENVELOPE_EDIT_MAX; the higher counts */
	const char *ticket;   /* NULL when the event wants none */
	const char *answers;  /* canonical JSON object, NUL-ended */
};

/* id = BLAKE2b-256 over label "soundings/id/1", event, form and nonce, each preceded by its length as 4 bytes, big
 * endian. In kiosk mode KIOSK_ANSWERS (the canonical answers) is a fifth part; NULL otherwise. */
void envelope_id(const char *event, const char *form, const uint8_t nonce[ENVELOPE_NONCE_BYTES],
		 const char *kiosk_answers, uint8_t out[ENVELOPE_ID_BYTES]);

/* R: the first 80 bits of the same hash with label "soundings/receipt/1". */
void envelope_receipt(const char *event, const char *form, const uint8_t nonce[ENVELOPE_NONCE_BYTES],
		      const char *kiosk_answers, uint8_t out[CODEC_RECEIPT_BYTES]);

/* BLAKE2b-256 with label "soundings/withdraw/1" over R: what a response carries and a withdrawal names. */
void envelope_withdraw(const uint8_t receipt[CODEC_RECEIPT_BYTES], uint8_t out[32]);

/* The letter as canonical JSON in ARENA. ERR_INVALID when a member is not what letter_decode would take (the answers
 * are trusted to be canonical: answers.h makes them); ERR_TOO_BIG over ENVELOPE_LETTER_MAX, ERR_NOMEM. */
enum err letter_encode(const struct letter *letter, struct arena *arena, char **out, size_t *length) MUST_CHECK;

/* Reads one back, as hostile input: exact keys, exact types, canonical bytes. ERR_INVALID, ERR_NOMEM. */
enum err letter_decode(const char *json, size_t length, struct arena *arena, struct letter *out) MUST_CHECK;

/* Bytes that fit around a letter of LENGTH: the whole envelope's size; 0 when it fits no bucket. */
size_t envelope_size(size_t letter_length);

/* Seals LETTER to a period. OUT has ENVELOPE_MAX_BYTES. No copy of the plain text is left; LETTER itself is the
 * caller's to wipe. ERR_TOO_BIG: it fits no bucket. ERR_INVALID: the period's public key is none (of small order). */
enum err envelope_seal(const char *letter, size_t length, const struct period *period, uint8_t *out,
		       size_t *out_length) MUST_CHECK;

/* What stands outside the seal. ERR_INVALID when the bytes cannot be an envelope (magic, version, zero, bucket against
 * length); then nobody should store it. */
struct envelope_header {
	uint8_t period[KEYS_ID_BYTES];
	unsigned bucket; /* 0 to 3 */
};
enum err envelope_peek(const uint8_t *envelope, size_t length, struct envelope_header *out) MUST_CHECK;

/* Opens with the pair of the named period. The letter, NUL-ended, in ARENA. ERR_INVALID as envelope_peek, and when the
 * padding is not that of the smallest bucket; ERR_DENIED when it does not open: another key, a changed byte, a
 * re-sealed header. ERR_NOMEM. */
enum err envelope_open(const uint8_t *envelope, size_t length, const struct box_pair *period, struct arena *arena,
		       char **letter, size_t *letter_length) MUST_CHECK;

#endif
