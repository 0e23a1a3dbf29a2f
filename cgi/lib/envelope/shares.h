/* SPDX-License-Identifier: MIT */
/* shares.h: the recovery seed in three shares, of which any two give it back and one alone gives nothing.
 *
 * Replicated secret sharing (Ito, Saito and Nishizeki, 1987): two random pieces and a third that makes the exclusive or of all three
 * the seed; share A holds pieces 1 and 2, B 2 and 3, C 3 and 1. Only exclusive or and random bytes, so nothing is invented here. One
 * share lacks one piece, and what is left is random. The text is in soundings-envelope(5). */
#ifndef SOUNDINGS_ENVELOPE_SHARES_H
#define SOUNDINGS_ENVELOPE_SHARES_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"

enum { SHARES_COUNT = 3, SHARES_NEEDED = 2, SHARES_SET_BYTES = 4, SHARES_LINES = 8 };

struct share {
	uint8_t set[SHARES_SET_BYTES]; /* random: shares of one splitting belong together */
	unsigned number;               /* 0 to 2: A, B, C */
	uint8_t pieces[2][KEYS_SEED_BYTES];
};

/* Splits SEED. Each splitting is another; shares of two splittings do not go together. */
void shares_split(const uint8_t seed[KEYS_SEED_BYTES], struct share out[SHARES_COUNT]);

/* The seed again. ERR_CONFLICT: the same share twice; ERR_DENIED: of two splittings; ERR_INVALID: they contradict each other. */
enum err shares_join(const struct share *one, const struct share *other, uint8_t seed[KEYS_SEED_BYTES]) MUST_CHECK;

/* The block a sheet shows and its QR code carries: "BEGIN-RECOVERY-SHARE A", lines of groups of four with check signs as the recovery
 * file has them, "END-RECOVERY-SHARE". NUL-ended, in ARENA, which the caller wipes. And back from any text that holds one
 * such block, and no second one, whatever white space and case. ERR_INVALID when a line does not check (its number is logged). */
enum err share_text(const struct share *share, struct arena *arena, char **out) MUST_CHECK;
enum err share_read(const char *text, struct share *out) MUST_CHECK;

#endif
