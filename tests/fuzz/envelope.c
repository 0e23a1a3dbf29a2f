/* SPDX-License-Identifier: MIT */
/* envelope.c: fuzzes the opener of envelopes (lib/envelope/envelope.c), before and behind the seal.
 *
 * The input: a byte, then by its lowest two bits
 *   0  an envelope as it stands;
 *   1  a padded letter of the target's own making, sealed here with libsodium, and what to change in the header after that;
 *   2  a length (8 bytes, low end first) and letters' bytes, repeated to that length, through envelope_seal and back.
 * Whatever opens must be a letter that seals to an envelope of the same size. */
#include "fuzz.h"

#include "lib/envelope/envelope.h"

#include <sodium.h>

static struct box_pair pair;
static struct period period;

static void set_up(void)
{
	static const uint8_t secret[KEYS_SECRET_BYTES] = {7, 1, 2, 3};
	FUZZ_CHECK(keys_start() == ERR_OK);
	memcpy(pair.secret_key, secret, sizeof secret);
	crypto_scalarmult_base(pair.public_key, secret);
	memcpy(period.public_key, pair.public_key, sizeof pair.public_key);
	keys_id(pair.public_key, period.id);
}

/* Opens; true when it did. */
static bool open_it(const uint8_t *bytes, size_t length)
{
	struct arena arena;
	struct envelope_header header;
	char *letter = NULL;
	size_t letter_length = 0;
	uint8_t *envelope = fuzz_bytes(bytes, length);
	arena_init(&arena, 1024 * 1024);
	enum err peeked = envelope_peek(envelope, length, &header);
	enum err error = envelope_open(envelope, length, &pair, &arena, &letter, &letter_length);
	FUZZ_CHECK(peeked == ERR_OK || peeked == ERR_INVALID);
	FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID || error == ERR_DENIED);
	FUZZ_CHECK(peeked == ERR_OK || error == peeked);
	if (error == ERR_OK) {
		FUZZ_CHECK(letter_length <= ENVELOPE_LETTER_MAX && letter[letter_length] == '\0');
		FUZZ_CHECK(envelope_size(letter_length) == length);
	}
	arena_fini(&arena);
	free(envelope);
	return error == ERR_OK;
}

/* The layout of envelope.h, written a second time. */
static void sealed_by_hand(struct fuzz_input *input)
{
	static uint8_t out[ENVELOPE_MAX_BYTES];
	uint8_t key[32], bucket = fuzz_byte(input) & 3;
	uint8_t change_at = fuzz_byte(input), change_to = fuzz_byte(input), end = fuzz_byte(input);
	size_t block = (size_t) 1024 << (2 * bucket), tail = input->left < 24 ? input->left : 24;
	uint8_t *text = out + ENVELOPE_HEADER_BYTES;
	memset(out, 0, sizeof out);
	memset(key, 9, sizeof key);
	memcpy(out, "SNDG\1", 5);
	out[5] = bucket;
	memcpy(out + 8, period.id, sizeof period.id);
	FUZZ_CHECK(crypto_box_seal(out + 16, key, sizeof key, pair.public_key) == 0);
	/* The input from the beginning, or at the end of the block where padding is judged. */
	if ((end & 1) != 0)
		memcpy(text + block - tail, input->at, tail);
	else
		memcpy(text, input->at, input->left < block ? input->left : block);
	if ((end & 2) != 0 && input->left < block)
		text[input->left] = 0x80;
	if ((change_at & 0x80) != 0)
		out[change_at & 15] = change_to; /* before the tag is made: what a forger can do */
	crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, block, out, ENVELOPE_HEADER_BYTES, NULL, out + 96,
						   key);
	if ((change_at & 0xc0) == 0x40)
		out[change_at & 15] ^= change_to; /* and after: must not open */
	bool is_open = open_it(out, ENVELOPE_HEADER_BYTES + block + ENVELOPE_TAG_BYTES - ((end & 4) != 0));
	FUZZ_CHECK(!is_open || (change_at & 0xc0) != 0x40 || change_to == 0);
}

static void there_and_back(struct fuzz_input *input)
{
	static uint8_t out[ENVELOPE_MAX_BYTES];
	size_t length = fuzz_number(input, 8), out_length = 0;
	if (length > ENVELOPE_LETTER_MAX + 10 || input->left == 0)
		return;
	char *letter = fuzz_text("", 0);
	letter = realloc(letter, length + 1);
	FUZZ_CHECK(letter != NULL);
	for (size_t i = 0; i < length; i++)
		letter[i] = (char) input->at[i % input->left];
	enum err error = envelope_seal(letter, length, &period, out, &out_length);
	FUZZ_CHECK(error == (length > ENVELOPE_LETTER_MAX ? ERR_TOO_BIG : ERR_OK));
	if (error == ERR_OK)
		FUZZ_CHECK(envelope_size(length) == out_length && open_it(out, out_length));
	free(letter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (period.id[0] == 0 && pair.secret_key[0] == 0)
		set_up();
	struct fuzz_input input = {data, size};
	switch (fuzz_byte(&input) & 3) {
	case 1:
		sealed_by_hand(&input);
		break;
	case 2:
		there_and_back(&input);
		break;
	default:
		open_it(input.at, input.left);
	}
	return 0;
}
