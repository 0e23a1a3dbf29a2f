/* SPDX-License-Identifier: MIT */
/* stream_test.c: every length around the borders of chunks comes back, and no chunk opens that was changed, left out, moved, added, or
 * bound to something else. */
#include "lib/envelope/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "lib/base/random.h"

enum { PLAIN_MAX = 1024 * 1024, ADDED = STREAM_SEALED_CHUNK_BYTES - STREAM_CHUNK_BYTES, CHUNKS_MAX = 17 };

static const char bound[] = "what stands before the stream";
static struct box_pair pair;
static uint8_t plain[PLAIN_MAX], back[PLAIN_MAX];

/* A stream in memory. */
struct sealed {
	uint8_t head[STREAM_HEAD_BYTES];
	size_t lengths[CHUNKS_MAX];
	size_t count;
	uint8_t chunks[CHUNKS_MAX][STREAM_SEALED_CHUNK_BYTES];
};
static struct sealed sealed;

static void seal(size_t length, struct sealed *out)
{
	struct stream *stream = NULL;
	assert_int_equal(stream_seal_begin(pair.public_key, bound, sizeof bound, out->head, &stream), ERR_OK);
	out->count = 0;
	for (size_t at = 0;;) {
		size_t part = length - at < STREAM_CHUNK_BYTES ? length - at : STREAM_CHUNK_BYTES;
		bool is_last = at + part == length;
		assert_int_equal(stream_seal(stream, plain + at, part, is_last, out->chunks[out->count],
					     &out->lengths[out->count]),
				 ERR_OK);
		assert_int_equal(out->lengths[out->count], part + ADDED);
		out->count++;
		at += part;
		if (is_last)
			break;
	}
	stream_free(stream);
}

/* Opens it to its end: ERR_OK and *LENGTH only when the last chunk was the last. */
static enum err open_all(const struct sealed *in, const struct box_pair *with, const char *by, size_t by_length,
			 size_t *length)
{
	struct stream *stream = NULL;
	bool is_last = false;
	*length = 0;
	enum err error = stream_open_begin(in->head, with, by, by_length, &stream);
	for (size_t i = 0; error == ERR_OK && i < in->count; i++) {
		size_t got = 0;
		error = stream_open(stream, in->chunks[i], in->lengths[i], back + *length, &got, &is_last);
		*length += got;
	}
	stream_free(stream);
	return error == ERR_OK && !is_last ? ERR_CORRUPT : error;
}

static void assert_denied(const char *name)
{
	size_t length = 0;
	enum err error = open_all(&sealed, &pair, bound, sizeof bound, &length);
	if (error != ERR_DENIED)
		fail_msg("%s: gave %s", name, err_name(error));
}

static void every_length_comes_back(void **state)
{
	(void) state;
	static const size_t lengths[] = {0, 1, 65535, 65536, 65537, 131071, 131072, 131073, PLAIN_MAX};
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		size_t length = 0;
		seal(lengths[i], &sealed);
		memset(back, 0, sizeof back);
		assert_int_equal(open_all(&sealed, &pair, bound, sizeof bound, &length), ERR_OK);
		assert_int_equal(length, lengths[i]);
		assert_memory_equal(back, plain, length);
	}
}

static void nothing_of_it_may_change(void **state)
{
	(void) state;
	seal(2 * STREAM_CHUNK_BYTES + 5, &sealed);
	for (size_t i = 0; i < STREAM_HEAD_BYTES; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			/* X25519 takes no notice of the top bit of a public key, but the sealed box's nonce is made of it. */
			sealed.head[i] ^= (uint8_t) (1 << bit);
			assert_denied("a bit of the head");
			sealed.head[i] ^= (uint8_t) (1 << bit);
		}
	}
	for (size_t i = 0; i < sealed.count; i++) {
		const size_t places[] = {0,
					 1,
					 sealed.lengths[i] / 2,
					 sealed.lengths[i] - 17,
					 sealed.lengths[i] - 16,
					 sealed.lengths[i] - 1};
		for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
			sealed.chunks[i][places[k]] ^= 0x10;
			assert_denied("a bit of a chunk");
			sealed.chunks[i][places[k]] ^= 0x10;
		}
	}
	size_t length = 0;
	assert_int_equal(open_all(&sealed, &pair, bound, sizeof bound, &length), ERR_OK); /* all put back */
}

static void swap(size_t one, size_t other)
{
	static uint8_t kept[STREAM_SEALED_CHUNK_BYTES];
	size_t length = sealed.lengths[one];
	memcpy(kept, sealed.chunks[one], sizeof kept);
	memcpy(sealed.chunks[one], sealed.chunks[other], sizeof kept);
	memcpy(sealed.chunks[other], kept, sizeof kept);
	sealed.lengths[one] = sealed.lengths[other];
	sealed.lengths[other] = length;
}

static void chunks_stay_in_their_places(void **state)
{
	(void) state;
	size_t length = 0;
	memset(plain, 'x', 4 * STREAM_CHUNK_BYTES); /* the same in each, so that only the place differs */
	seal(4 * STREAM_CHUNK_BYTES, &sealed);
	swap(0, 1);
	assert_denied("the first two swapped");
	swap(0, 1);
	swap(1, 2);
	assert_denied("two in the middle swapped");
	swap(1, 2);
	swap(2, 3);
	assert_denied("the last before its time");
	swap(2, 3);
	memcpy(sealed.chunks[2], sealed.chunks[1], STREAM_SEALED_CHUNK_BYTES);
	assert_denied("one twice");
	seal(4 * STREAM_CHUNK_BYTES, &sealed);
	memcpy(sealed.chunks[4], sealed.chunks[3], STREAM_SEALED_CHUNK_BYTES);
	sealed.lengths[4] = sealed.lengths[3];
	sealed.count = 5;
	assert_denied("one after the last");
	/* Left out at the end: every chunk opens, but none of them says that it is the last. */
	sealed.count = 3;
	assert_int_equal(open_all(&sealed, &pair, bound, sizeof bound, &length), ERR_CORRUPT);
	assert_int_equal(length, 3 * STREAM_CHUNK_BYTES);
	random_bytes(plain, sizeof plain);
}

static void a_chunk_of_another_stream_does_not_open(void **state)
{
	(void) state;
	static struct sealed other;
	seal(3 * STREAM_CHUNK_BYTES, &other);
	seal(3 * STREAM_CHUNK_BYTES, &sealed);
	memcpy(sealed.chunks[1], other.chunks[1], STREAM_SEALED_CHUNK_BYTES);
	assert_denied("another's chunk");
	seal(3 * STREAM_CHUNK_BYTES, &sealed);
	memcpy(sealed.head, other.head, sizeof sealed.head);
	assert_denied("another's head");
}

static void every_chunk_cut_short_is_denied(void **state)
{
	(void) state;
	static const size_t cut_by[] = {1, 16, 17, 65536, 65552, 65553};
	for (size_t i = 0; i < sizeof cut_by / sizeof *cut_by; i++) {
		for (size_t chunk = 0; chunk < 2; chunk++) {
			seal(2 * STREAM_CHUNK_BYTES, &sealed);
			sealed.lengths[chunk] -= cut_by[i];
			assert_denied("a chunk cut short");
		}
	}
	seal(STREAM_CHUNK_BYTES, &sealed);
	sealed.lengths[0]++;
	uint8_t *longer = malloc(STREAM_SEALED_CHUNK_BYTES + 1);
	assert_non_null(longer);
	memcpy(longer, sealed.chunks[0], STREAM_SEALED_CHUNK_BYTES);
	longer[STREAM_SEALED_CHUNK_BYTES] = 0;
	struct stream *stream = NULL;
	size_t got = 0;
	bool is_last = false;
	assert_int_equal(stream_open_begin(sealed.head, &pair, bound, sizeof bound, &stream), ERR_OK);
	assert_int_equal(stream_open(stream, longer, STREAM_SEALED_CHUNK_BYTES + 1, back, &got, &is_last), ERR_DENIED);
	stream_free(stream);
	free(longer);
}

static void it_is_bound_to_what_stands_before(void **state)
{
	(void) state;
	size_t length = 0;
	char other[sizeof bound];
	seal(10, &sealed);
	memcpy(other, bound, sizeof bound);
	other[3] ^= 1;
	assert_int_equal(open_all(&sealed, &pair, other, sizeof other, &length), ERR_DENIED);
	assert_int_equal(open_all(&sealed, &pair, bound, sizeof bound - 1, &length), ERR_DENIED);
	assert_int_equal(open_all(&sealed, &pair, NULL, 0, &length), ERR_DENIED);
	/* A stream that is bound to nothing opens without, and only so. */
	struct stream *stream = NULL;
	assert_int_equal(stream_seal_begin(pair.public_key, NULL, 0, sealed.head, &stream), ERR_OK);
	assert_int_equal(stream_seal(stream, plain, 10, true, sealed.chunks[0], &sealed.lengths[0]), ERR_OK);
	stream_free(stream);
	assert_int_equal(open_all(&sealed, &pair, bound, sizeof bound, &length), ERR_DENIED);
	assert_int_equal(open_all(&sealed, &pair, NULL, 0, &length), ERR_OK);
}

static void another_key_does_not_open_it(void **state)
{
	(void) state;
	struct box_pair other;
	size_t length = 0;
	keys_new_period(&other);
	seal(10, &sealed);
	assert_int_equal(open_all(&sealed, &other, bound, sizeof bound, &length), ERR_DENIED);
	static const uint8_t small_order[KEYS_PUBLIC_BYTES] = {0};
	struct stream *stream = NULL;
	assert_int_equal(stream_seal_begin(small_order, bound, sizeof bound, sealed.head, &stream), ERR_INVALID);
}

static void the_same_text_looks_different_each_time(void **state)
{
	(void) state;
	static struct sealed other;
	seal(100, &other);
	seal(100, &sealed);
	assert_memory_not_equal(other.head, sealed.head, 32);
	assert_memory_not_equal(other.head + 80, sealed.head + 80, 24);
	assert_memory_not_equal(other.chunks[0], sealed.chunks[0], 100);
	assert_null(memmem(sealed.chunks[0], sealed.lengths[0], plain, 16));
}

/* What only a bug would ask for. */
static void chunks_have_their_sizes(void **state)
{
	(void) state;
	static uint8_t out[STREAM_SEALED_CHUNK_BYTES];
	struct stream *stream = NULL;
	size_t length = 0;
	assert_int_equal(stream_seal_begin(pair.public_key, NULL, 0, sealed.head, &stream), ERR_OK);
	assert_int_equal(stream_seal(stream, plain, STREAM_CHUNK_BYTES - 1, false, out, &length), ERR_INVALID);
	assert_int_equal(stream_seal(stream, plain, STREAM_CHUNK_BYTES + 1, true, out, &length), ERR_INVALID);
	assert_int_equal(stream_seal(stream, plain, 0, true, out, &length), ERR_OK);
	assert_int_equal(stream_seal(stream, plain, 0, true, out, &length), ERR_INVALID); /* after the last */
	stream_free(stream);
}

/* Somebody with libsodium and the public key, who seals what we never would: a short chunk in the middle, or another tag. */
static void foreign_chunks_are_denied(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		size_t length;
		uint8_t tag;
		enum err expected;
	} rows[] = {
		{"as we seal", STREAM_CHUNK_BYTES, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, ERR_OK},
		{"short, not the last", 100, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, ERR_DENIED},
		{"push", STREAM_CHUNK_BYTES, crypto_secretstream_xchacha20poly1305_TAG_PUSH, ERR_DENIED},
		{"rekey", STREAM_CHUNK_BYTES, crypto_secretstream_xchacha20poly1305_TAG_REKEY, ERR_DENIED},
		{"a tag of no name", STREAM_CHUNK_BYTES, 0x40, ERR_DENIED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		crypto_secretstream_xchacha20poly1305_state foreign;
		uint8_t key[32];
		struct stream *stream = NULL;
		size_t got = 0;
		bool is_last = true;
		crypto_secretstream_xchacha20poly1305_keygen(key);
		assert_int_equal(crypto_box_seal(sealed.head, key, sizeof key, pair.public_key), 0);
		crypto_secretstream_xchacha20poly1305_init_push(&foreign, sealed.head + 80, key);
		crypto_secretstream_xchacha20poly1305_push(&foreign, sealed.chunks[0], NULL, plain, rows[i].length,
							   NULL, 0, rows[i].tag);
		assert_int_equal(stream_open_begin(sealed.head, &pair, NULL, 0, &stream), ERR_OK);
		memset(back, 0, rows[i].length);
		enum err error = stream_open(stream, sealed.chunks[0], rows[i].length + ADDED, back, &got, &is_last);
		if (error != rows[i].expected)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
		if (error != ERR_OK)
			assert_null(memmem(back, rows[i].length, plain, 16)); /* no plain text of what was refused */
		stream_free(stream);
	}
}

/* The same chunks to libsodium alone, as the page says: what is bound goes with the first, and with no other. */
static void it_is_what_the_page_says(void **state)
{
	(void) state;
	crypto_secretstream_xchacha20poly1305_state foreign;
	uint8_t key[32], tag = 0;
	seal(STREAM_CHUNK_BYTES + 9, &sealed);
	assert_int_equal(crypto_box_seal_open(key, sealed.head, 80, pair.public_key, pair.secret_key), 0);
	assert_int_equal(crypto_secretstream_xchacha20poly1305_init_pull(&foreign, sealed.head + 80, key), 0);
	assert_int_equal(crypto_secretstream_xchacha20poly1305_pull(&foreign, back, NULL, &tag, sealed.chunks[0],
								    STREAM_SEALED_CHUNK_BYTES, (const uint8_t *) bound,
								    sizeof bound),
			 0);
	assert_int_equal(tag, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
	assert_int_equal(crypto_secretstream_xchacha20poly1305_pull(&foreign, back + STREAM_CHUNK_BYTES, NULL, &tag,
								    sealed.chunks[1], 9 + ADDED, NULL, 0),
			 0);
	assert_int_equal(tag, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
	assert_memory_equal(back, plain, STREAM_CHUNK_BYTES + 9);
}

/* Somebody goes on sealing under the same key after the last. */
static void nothing_opens_after_the_last(void **state)
{
	(void) state;
	crypto_secretstream_xchacha20poly1305_state foreign;
	uint8_t key[32];
	size_t length = 0;
	crypto_secretstream_xchacha20poly1305_keygen(key);
	assert_int_equal(crypto_box_seal(sealed.head, key, sizeof key, pair.public_key), 0);
	crypto_secretstream_xchacha20poly1305_init_push(&foreign, sealed.head + 80, key);
	for (sealed.count = 0; sealed.count < 2; sealed.count++) {
		crypto_secretstream_xchacha20poly1305_push(&foreign, sealed.chunks[sealed.count], NULL, plain, 10, NULL,
							   0, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
		sealed.lengths[sealed.count] = 10 + ADDED;
	}
	assert_int_equal(open_all(&sealed, &pair, NULL, 0, &length), ERR_DENIED);
	assert_int_equal(length, 10);
	sealed.count = 1;
	assert_int_equal(open_all(&sealed, &pair, NULL, 0, &length), ERR_OK);
}

static int start(void **state)
{
	(void) state;
	if (keys_start() != ERR_OK)
		return 1;
	keys_new_period(&pair);
	random_bytes(plain, sizeof plain);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(nothing_of_it_may_change),
		cmocka_unit_test(chunks_stay_in_their_places),
		cmocka_unit_test(a_chunk_of_another_stream_does_not_open),
		cmocka_unit_test(every_chunk_cut_short_is_denied),
		cmocka_unit_test(it_is_bound_to_what_stands_before),
		cmocka_unit_test(another_key_does_not_open_it),
		cmocka_unit_test(the_same_text_looks_different_each_time),
		cmocka_unit_test(chunks_have_their_sizes),
		cmocka_unit_test(foreign_chunks_are_denied),
		cmocka_unit_test(it_is_what_the_page_says),
		cmocka_unit_test(nothing_opens_after_the_last),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
