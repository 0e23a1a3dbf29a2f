/* SPDX-License-Identifier: MIT */
/* stream.h: a sealed stream: any length, to the holder of one box key, so that neither a byte nor the end can be changed, left out or
 * added without notice. libsodium's crypto_secretstream_xchacha20poly1305 under a fresh key that is sealed to the public key
 * (crypto_box_seal); the associated data of the first chunk is whatever the caller binds to it. soundings-backup(5). */
#ifndef SOUNDINGS_ENVELOPE_STREAM_H
#define SOUNDINGS_ENVELOPE_STREAM_H

#include "lib/base/err.h"
#include "lib/envelope/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STREAM_CHUNK_BYTES = 65536,                          /* of plain text; only the last chunk may be shorter */
	STREAM_SEALED_CHUNK_BYTES = STREAM_CHUNK_BYTES + 17, /* what crypto_secretstream adds */
	STREAM_HEAD_BYTES = 80 + 24                          /* the sealed stream key, and the stream's header */
};

struct stream; /* one end of one stream; heap, wiped when freed */

/* Begins one to PUBLIC_KEY; HEAD goes in front of the chunks. ERR_INVALID: no such key; ERR_NOMEM. */
enum err stream_seal_begin(const uint8_t public_key[KEYS_PUBLIC_BYTES], const void *bound, size_t bound_length,
			   uint8_t head[STREAM_HEAD_BYTES], struct stream **out) MUST_CHECK;

/* Seals one chunk of LENGTH bytes (exactly STREAM_CHUNK_BYTES unless IS_LAST) into OUT, LENGTH + 17 bytes. */
enum err stream_seal(struct stream *stream, const void *data, size_t length, bool is_last, uint8_t *out,
		     size_t *out_length) MUST_CHECK;

/* Opens one with the pair it was sealed to. ERR_DENIED: not this key's; ERR_NOMEM. */
enum err stream_open_begin(const uint8_t head[STREAM_HEAD_BYTES], const struct box_pair *pair, const void *bound,
			   size_t bound_length, struct stream **out) MUST_CHECK;

/* Opens one chunk. ERR_DENIED: changed, out of place, or after the last. */
enum err stream_open(struct stream *stream, const void *sealed, size_t length, uint8_t *out, size_t *out_length,
		     bool *is_last) MUST_CHECK;

void stream_free(struct stream *stream);

#endif
