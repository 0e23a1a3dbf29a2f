/* SPDX-License-Identifier: MIT */
/* codec.h: bytes as hexadecimal, and as Crockford base 32 with a check sign (the form of receipts).
 *
 * Crockford's alphabet is 0123456789ABCDEFGHJKMNPQRSTVWXYZ; reading takes lower case, O for 0, and I or L for 1, and
 * skips spaces and hyphens. The check sign is the number modulo 37 in that alphabet and *~$=U (crockford.com/base32). */
#ifndef SOUNDINGS_BASE_CODEC_H
#define SOUNDINGS_BASE_CODEC_H

#include "lib/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Writes 2 * LENGTH lower-case digits and a NUL into OUT, which has room for 2 * LENGTH + 1. */
void codec_hex(const uint8_t *bytes, size_t length, char *out);

/* Reads exactly 2 * LENGTH digits, either case. ERR_INVALID for another length or sign. */
enum err codec_unhex(const char *text, uint8_t *out, size_t length) MUST_CHECK;

enum {
	CODEC_RECEIPT_BYTES = 10, /* 80 bits */
	CODEC_RECEIPT_SIGNS = 17, /* 16 signs and the check sign */
	CODEC_RECEIPT_TEXT =
		CODEC_RECEIPT_SIGNS + 5 /* in groups of 4 with spaces ("K7QX 9M2T 4WRB 6HD3 5"), and a NUL */
};

/* The receipt as a person reads it, in groups of four. */
void codec_receipt(const uint8_t bytes[CODEC_RECEIPT_BYTES], char out[CODEC_RECEIPT_TEXT]);

/* Reads what a person typed. ERR_INVALID when the length, a sign or the check sign is wrong. */
enum err codec_unreceipt(const char *text, uint8_t out[CODEC_RECEIPT_BYTES]) MUST_CHECK;

#endif
