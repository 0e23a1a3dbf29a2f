/* SPDX-License-Identifier: MIT */
/* shares.c: splits the recovery seed into three shares of which two suffice, and puts a share into words.
 *
 * Three pieces whose exclusive or is the seed, two of them drawn: whoever lacks one piece knows nothing, because for every seed there is
 * a missing piece that fits as well as any other. So nothing in a share may depend on the seed but by its pieces: the check in its lines
 * is over the share itself, never over the seed. Must not log any part of a share. soundings-envelope(5). */
#include "lib/envelope/shares.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/base/strbuf.h"
#include "lib/envelope/lines.h"

enum {
	SHARES_CHECK_BYTES = SHARES_LINES - SHARES_SET_BYTES, /* each line has one byte of either */
	SHARES_TEXT_MAX = 512
};

static_assert(SHARES_LINES * LINES_SECRET_BYTES == 2 * KEYS_SEED_BYTES, "the lines hold two pieces");

static const char shares_label[] = "soundings/share/1";
static const char shares_begin[] = "BEGIN-RECOVERY-SHARE";
static const char shares_end[] = "END-RECOVERY-SHARE";

/* ---- splitting and joining --------------------------------------------------------------------------------------- */

static void shares_xor(uint8_t into[KEYS_SEED_BYTES], const uint8_t from[KEYS_SEED_BYTES])
{
	for (size_t i = 0; i < KEYS_SEED_BYTES; i++)
		into[i] ^= from[i];
}

void shares_split(const uint8_t seed[KEYS_SEED_BYTES], struct share out[SHARES_COUNT])
{
	uint8_t pieces[SHARES_COUNT][KEYS_SEED_BYTES], set[SHARES_SET_BYTES];
	random_bytes(set, sizeof set);
	random_bytes(pieces[0], KEYS_SEED_BYTES);
	random_bytes(pieces[1], KEYS_SEED_BYTES);
	memcpy(pieces[2], seed, KEYS_SEED_BYTES);
	shares_xor(pieces[2], pieces[0]);
	shares_xor(pieces[2], pieces[1]);
	for (unsigned i = 0; i < SHARES_COUNT; i++) {
		memcpy(out[i].set, set, sizeof set);
		out[i].number = i;
		memcpy(out[i].pieces[0], pieces[i], KEYS_SEED_BYTES);
		memcpy(out[i].pieces[1], pieces[(i + 1) % SHARES_COUNT], KEYS_SEED_BYTES);
	}
	keys_wipe(pieces, sizeof pieces);
}

enum err shares_join(const struct share *one, const struct share *other, uint8_t seed[KEYS_SEED_BYTES])
{
	if (one->number >= SHARES_COUNT || other->number >= SHARES_COUNT)
		return ERR_INVALID;
	if (memcmp(one->set, other->set, SHARES_SET_BYTES) != 0)
		return ERR_DENIED;
	if (one->number == other->number)
		return ERR_CONFLICT;
	/* Two of three are always neighbours in the ring: FIRST's second piece is SECOND's first. */
	bool is_in_order = (one->number + 1) % SHARES_COUNT == other->number;
	const struct share *first = is_in_order ? one : other, *second = is_in_order ? other : one;
	if (sodium_memcmp(first->pieces[1], second->pieces[0], KEYS_SEED_BYTES) != 0)
		return ERR_INVALID;
	memcpy(seed, first->pieces[0], KEYS_SEED_BYTES);
	shares_xor(seed, first->pieces[1]);
	shares_xor(seed, second->pieces[1]);
	return ERR_OK;
}

/* ---- as text ----------------------------------------------------------------------------------------------------- */

/* The number of a share's first line: 0x11, 0x21 or 0x31, so that no line passes for another share's or the recovery file's. */
static uint8_t shares_first_line(unsigned number)
{
	return (uint8_t) ((number + 1) << 4 | 1);
}

static void shares_check(const struct share *share, uint8_t out[SHARES_CHECK_BYTES])
{
	uint8_t input[sizeof shares_label + 1 + SHARES_SET_BYTES + 2 * KEYS_SEED_BYTES], hash[32], *at = input;
	memcpy(at, shares_label, sizeof shares_label); /* with its NUL */
	at += sizeof shares_label;
	*at++ = (uint8_t) share->number;
	memcpy(at, share->set, SHARES_SET_BYTES);
	memcpy(at + SHARES_SET_BYTES, share->pieces, sizeof share->pieces);
	keys_hash(input, sizeof input, hash);
	memcpy(out, hash, SHARES_CHECK_BYTES);
	keys_wipe(input, sizeof input);
	keys_wipe(hash, sizeof hash);
}

enum err share_text(const struct share *share, struct arena *arena, char **out)
{
	if (share->number >= SHARES_COUNT)
		return ERR_INVALID;
	uint8_t extras[SHARES_LINES];
	char signs[CODEC_RECEIPT_TEXT];
	memcpy(extras, share->set, SHARES_SET_BYTES);
	shares_check(share, extras + SHARES_SET_BYTES);
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, SHARES_TEXT_MAX);
	strbuf_putf(&text, "%s %c\n", shares_begin, (char) ('A' + share->number));
	for (size_t i = 0; i < SHARES_LINES; i++) {
		lines_put((uint8_t) (shares_first_line(share->number) + i), extras[i],
			  (const uint8_t *) share->pieces + i * LINES_SECRET_BYTES, signs);
		strbuf_putf(&text, "%s\n", signs);
	}
	strbuf_putf(&text, "%s\n", shares_end);
	keys_wipe(signs, sizeof signs);
	enum err error = strbuf_error(&text);
	if (error != ERR_OK)
		return error;
	*out = arena_strndup(arena, text.data, text.length);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

/* The letter that follows the mark, and *AT moved past it. */
static enum err share_letter(const char **at, const char *end, unsigned *number)
{
	while (*at < end && strchr(" \t\n\v\f\r", **at) != NULL)
		(*at)++;
	char letter = *at < end ? *(*at)++ : '\0';
	if (letter >= 'a' && letter <= 'z')
		letter = (char) (letter - 'a' + 'A');
	if (letter < 'A' || letter >= 'A' + SHARES_COUNT)
		return ERR_INVALID;
	*number = (unsigned) (letter - 'A');
	return ERR_OK;
}

/* What stands between the marks. Leaves part of a share behind on failure: the caller wipes. */
static enum err share_read_lines(const char *at, const char *end, struct share *out)
{
	uint8_t extras[SHARES_LINES], check[SHARES_CHECK_BYTES];
	enum err error = share_letter(&at, end, &out->number);
	if (error == ERR_OK)
		error = lines_read(at, end, shares_first_line(out->number), SHARES_LINES, extras,
				   (uint8_t *) out->pieces);
	if (error != ERR_OK)
		return error;
	memcpy(out->set, extras, SHARES_SET_BYTES);
	shares_check(out, check);
	return memcmp(extras + SHARES_SET_BYTES, check, sizeof check) == 0 ? ERR_OK : ERR_INVALID;
}

enum err share_read(const char *text, struct share *out)
{
	const char *inside = NULL, *end = NULL;
	enum err error = lines_find(text, shares_begin, shares_end, &inside, &end);
	if (error == ERR_OK && strcasestr(end, shares_begin) != NULL)
		error = ERR_INVALID; /* two blocks: which one is meant? */
	if (error == ERR_OK)
		error = share_read_lines(inside, end, out);
	if (error != ERR_OK)
		keys_wipe(out, sizeof *out);
	return error;
}
