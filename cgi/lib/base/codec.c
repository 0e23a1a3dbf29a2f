/* SPDX-License-Identifier: MIT */
/* codec.c: bytes as hexadecimal, and as Crockford base 32 with a check sign (crockford.com/base32).
 *
 * Receipts are read aloud, copied by hand and typed on phones: reading forgives what cannot be confused, and the check
 * sign catches every single wrong sign and every swap of neighbours. */
#include "lib/base/codec.h"

#include <string.h>

enum {
	CODEC_SIGNS_PLAIN = 32,
	CODEC_SIGNS_CHECK = 37 /* the prime that the check sign counts in */
};

static const char codec_alphabet[CODEC_SIGNS_CHECK + 1] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
static const char codec_digits[] = "0123456789abcdef";

void codec_hex(const uint8_t *bytes, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++) {
		*out++ = codec_digits[bytes[i] >> 4];
		*out++ = codec_digits[bytes[i] & 15];
	}
	*out = '\0';
}

static int codec_digit(char sign)
{
	if (sign >= '0' && sign <= '9')
		return sign - '0';
	if (sign >= 'a' && sign <= 'f')
		return sign - 'a' + 10;
	if (sign >= 'A' && sign <= 'F')
		return sign - 'A' + 10;
	return -1;
}

enum err codec_unhex(const char *text, uint8_t *out, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		int high = codec_digit(text[0]);
		int low = high < 0 ? -1 : codec_digit(text[1]);
		if (low < 0)
			return ERR_INVALID;
		out[i] = (uint8_t) (high * 16 + low);
		text += 2;
	}
	return *text == '\0' ? ERR_OK : ERR_INVALID;
}

/* The bytes as one big-endian number, modulo 37. */
static unsigned codec_check(const uint8_t bytes[CODEC_RECEIPT_BYTES])
{
	unsigned rest = 0;
	for (size_t i = 0; i < CODEC_RECEIPT_BYTES; i++)
		rest = (rest * 256 + bytes[i]) % CODEC_SIGNS_CHECK;
	return rest;
}

void codec_receipt(const uint8_t bytes[CODEC_RECEIPT_BYTES], char out[CODEC_RECEIPT_TEXT])
{
	unsigned held = 0, held_bits = 0;
	size_t signs = 0;
	for (size_t i = 0; i < CODEC_RECEIPT_BYTES; i++) {
		held = held << 8 | bytes[i];
		held_bits += 8;
		while (held_bits >= 5) {
			held_bits -= 5;
			*out++ = codec_alphabet[held >> held_bits & 31];
			if (++signs % 4 == 0)
				*out++ = ' ';
		}
		held &= (1U << held_bits) - 1;
	}
	*out++ = codec_alphabet[codec_check(bytes)];
	*out = '\0';
}

/* The value of a sign as a person may have typed it, of the first LIMIT signs of the alphabet; -1 for none of them. */
static int codec_sign(char sign, int limit)
{
	if (sign >= 'a' && sign <= 'z')
		sign = (char) (sign - 'a' + 'A');
	if (sign == 'O')
		sign = '0';
	else if (sign == 'I' || sign == 'L')
		sign = '1';
	const char *at = sign == '\0' ? NULL : strchr(codec_alphabet, sign);
	if (at == NULL || at - codec_alphabet >= limit)
		return -1;
	return (int) (at - codec_alphabet);
}

enum err codec_unreceipt(const char *text, uint8_t out[CODEC_RECEIPT_BYTES])
{
	uint8_t bytes[CODEC_RECEIPT_BYTES] = {0};
	unsigned held = 0, held_bits = 0;
	size_t signs = 0, filled = 0;
	int check = -1;
	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (signs == CODEC_RECEIPT_SIGNS)
			return ERR_INVALID;
		if (++signs == CODEC_RECEIPT_SIGNS) {
			check = codec_sign(*text, CODEC_SIGNS_CHECK);
			continue;
		}
		int value = codec_sign(*text, CODEC_SIGNS_PLAIN);
		if (value < 0)
			return ERR_INVALID;
		held = held << 5 | (unsigned) value;
		held_bits += 5;
		if (held_bits >= 8) {
			held_bits -= 8;
			bytes[filled++] = (uint8_t) (held >> held_bits);
			held &= (1U << held_bits) - 1;
		}
	}
	if (signs != CODEC_RECEIPT_SIGNS || check < 0 || (unsigned) check != codec_check(bytes))
		return ERR_INVALID;
	memcpy(out, bytes, sizeof bytes);
	return ERR_OK;
}
