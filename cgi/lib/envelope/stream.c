/* SPDX-License-Identifier: MIT */
/* stream.c: seals and opens a stream chunk by chunk, so that a backup of any size passes through a fixed 64 KiB.
 *
 * A fresh key for each stream, sealed to the public key (crypto_box_seal), and libsodium's secretstream under it: a chunk opens only
 * in its place, and only the chunk that was sealed as the last ends the stream. Anybody can seal to a public key: who made a stream is
 * the business of the signature around it (lib/backup). Must not keep plain text or keys behind. soundings-backup(5). */
#include "lib/envelope/stream.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
	STREAM_KEY_BYTES = crypto_secretstream_xchacha20poly1305_KEYBYTES,
	STREAM_SEALED_KEY_BYTES = STREAM_KEY_BYTES + crypto_box_SEALBYTES,
	STREAM_ADDED_BYTES = crypto_secretstream_xchacha20poly1305_ABYTES
};

static_assert(STREAM_HEAD_BYTES == STREAM_SEALED_KEY_BYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	      "the head as stream.h draws it");
static_assert(STREAM_SEALED_CHUNK_BYTES == STREAM_CHUNK_BYTES + STREAM_ADDED_BYTES, "a sealed chunk");

struct stream {
	crypto_secretstream_xchacha20poly1305_state state;
	void *bound; /* goes with the first chunk; NULL when that is over, or when there is none */
	size_t bound_length;
	bool is_over; /* the last chunk went by */
};

static struct stream *stream_new(const void *bound, size_t bound_length)
{
	struct stream *stream = calloc(1, sizeof *stream);
	if (stream == NULL || bound_length == 0)
		return stream;
	stream->bound = malloc(bound_length);
	if (stream->bound == NULL) {
		free(stream);
		return NULL;
	}
	memcpy(stream->bound, bound, bound_length);
	stream->bound_length = bound_length;
	return stream;
}

void stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	free(stream->bound);
	sodium_memzero(stream, sizeof *stream);
	free(stream);
}

/* What was bound to the first chunk counts for no other. */
static void stream_went_by(struct stream *stream, bool is_last)
{
	free(stream->bound);
	stream->bound = NULL;
	stream->bound_length = 0;
	stream->is_over = is_last;
}

enum err stream_seal_begin(const uint8_t public_key[KEYS_PUBLIC_BYTES], const void *bound, size_t bound_length,
			   uint8_t head[STREAM_HEAD_BYTES], struct stream **out)
{
	struct stream *stream = stream_new(bound, bound_length);
	if (stream == NULL)
		return ERR_NOMEM;
	uint8_t key[STREAM_KEY_BYTES];
	crypto_secretstream_xchacha20poly1305_keygen(key);
	/* Fails for public keys of small order only. */
	int failed = crypto_box_seal(head, key, sizeof key, public_key);
	if (failed == 0) {
		int refused = crypto_secretstream_xchacha20poly1305_init_push(&stream->state,
									      head + STREAM_SEALED_KEY_BYTES, key);
		assert(refused == 0); /* it refuses nothing */
	}
	sodium_memzero(key, sizeof key);
	if (failed != 0) {
		stream_free(stream);
		return ERR_INVALID;
	}
	*out = stream;
	return ERR_OK;
}

enum err stream_seal(struct stream *stream, const void *data, size_t length, bool is_last, uint8_t *out,
		     size_t *out_length)
{
	if (stream->is_over || length > STREAM_CHUNK_BYTES || (!is_last && length != STREAM_CHUNK_BYTES))
		return ERR_INVALID;
	unsigned char tag = is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
				    : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
	int failed = crypto_secretstream_xchacha20poly1305_push(&stream->state, out, NULL, data, length, stream->bound,
								stream->bound_length, tag);
	assert(failed == 0); /* it only refuses lengths */
	stream_went_by(stream, is_last);
	*out_length = length + STREAM_ADDED_BYTES;
	return ERR_OK;
}

enum err stream_open_begin(const uint8_t head[STREAM_HEAD_BYTES], const struct box_pair *pair, const void *bound,
			   size_t bound_length, struct stream **out)
{
	struct stream *stream = stream_new(bound, bound_length);
	if (stream == NULL)
		return ERR_NOMEM;
	uint8_t key[STREAM_KEY_BYTES];
	int failed =
		crypto_box_seal_open(key, head, STREAM_SEALED_KEY_BYTES, pair->public_key, pair->secret_key) != 0 ||
		crypto_secretstream_xchacha20poly1305_init_pull(&stream->state, head + STREAM_SEALED_KEY_BYTES, key) !=
			0;
	sodium_memzero(key, sizeof key);
	if (failed) {
		stream_free(stream);
		return ERR_DENIED;
	}
	*out = stream;
	return ERR_OK;
}

enum err stream_open(struct stream *stream, const void *sealed, size_t length, uint8_t *out, size_t *out_length,
		     bool *is_last)
{
	unsigned char tag = 0;
	if (stream->is_over || length < STREAM_ADDED_BYTES || length > STREAM_SEALED_CHUNK_BYTES)
		return ERR_DENIED;
	if (crypto_secretstream_xchacha20poly1305_pull(&stream->state, out, NULL, &tag, sealed, length, stream->bound,
						       stream->bound_length) != 0)
		return ERR_DENIED;
	bool is_final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	bool is_full = tag == crypto_secretstream_xchacha20poly1305_TAG_MESSAGE && length == STREAM_SEALED_CHUNK_BYTES;
	if (!is_final && !is_full) { /* sealed by somebody who writes another format */
		sodium_memzero(out, length - STREAM_ADDED_BYTES);
		return ERR_DENIED;
	}
	stream_went_by(stream, is_final);
	*out_length = length - STREAM_ADDED_BYTES;
	*is_last = is_final;
	return ERR_OK;
}
