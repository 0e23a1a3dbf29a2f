/* SPDX-License-Identifier: MIT */
/* withdrawal.h: from what a person typed off their receipt to the envelope that takes their answers back. */
#ifndef SOUNDINGS_ENVELOPE_WITHDRAWAL_H
#define SOUNDINGS_ENVELOPE_WITHDRAWAL_H

#include "lib/base/arena.h"
#include "lib/base/codec.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"

#include <stddef.h>
#include <stdint.h>

/* What was typed: a receipt, or what to tell the person to look at. */
enum withdrawal_typed {
	WITHDRAWAL_RECEIPT,
	WITHDRAWAL_NOTHING, /* no sign at all */
	WITHDRAWAL_LENGTH,  /* not CODEC_RECEIPT_SIGNS of them */
	WITHDRAWAL_CHECK    /* as many, but a sign that no receipt has, or the check sign does not fit the others */
};

/* Reads TYPED, well-formed UTF-8, as people type and paste: case, white space, dashes and invisible marks do not matter, O is 0,
 * I and L are 1, and digits and letters of other keyboards (full width, Arabic, Persian, Indic) are what they stand for. A receipt in groups as it is printed, or in
 * one piece, may have words round it, as when more of the page is copied: the one in TYPED that checks is taken, and none when there are
 * two. *SIGNS is how many signs there were. RECEIPT is written for WITHDRAWAL_RECEIPT only; the caller wipes it. */
enum withdrawal_typed withdrawal_read(const char *typed, uint8_t receipt[CODEC_RECEIPT_BYTES], size_t *signs);

/* The withdrawal for RECEIPT, naming no event, sealed to the current ordinary period of KEYSET: always an envelope of the
 * smallest size, whatever the receipt belongs to. In ARENA. ERR_NOT_FOUND: no such period. ERR_NOMEM; ERR_INVALID as
 * envelope_seal. */
enum err withdrawal_seal(const uint8_t receipt[CODEC_RECEIPT_BYTES], const struct keyset *keyset, struct arena *arena,
			 uint8_t **envelope, size_t *length) MUST_CHECK;

#endif
