/* SPDX-License-Identifier: MIT */
/* withdrawal.c: the same for the public page and for the command line, so that both take the same and send the same.
 *
 * Looks nothing up: what a receipt belongs to is known to nobody but the office, and only until the link is destroyed
 * (architecture.md, step 8; security.md, U6). */
#include "lib/envelope/withdrawal.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/utf8.h"
#include "lib/envelope/envelope.h"

/* What separates groups, or comes along unseen when text is copied: dashes, and marks of direction or of no width. White space
 * is asked of utf8_is_blank. */
static bool is_skipped(uint32_t sign)
{
	return sign == '-' || sign == 0xad || (sign >= 0x200b && sign <= 0x2015) ||
	       (sign >= 0x202a && sign <= 0x202e) || (sign >= 0x2060 && sign <= 0x2069) || sign == 0x2212 ||
	       sign == 0xfeff;
}

/* The ASCII sign that SIGN stands for; 0 where there is none. */
static char plain_sign(uint32_t sign)
{
	/* The zeros of scripts whose keyboards type digits of their own: Arabic, Persian and Urdu, Devanagari, Bengali, Gurmukhi,
	 * Gujarati, Tamil. */
	static const uint32_t zeros[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6};
	if (sign > ' ' && sign < 0x7f)
		return (char) sign;
	if (sign > 0xff00 && sign < 0xff5f) /* full width: ASCII, moved */
		return (char) (sign - 0xfee0);
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (sign >= zeros[i] && sign < zeros[i] + 10)
			return (char) ('0' + (sign - zeros[i]));
	return 0;
}

/* One character, NUL-ended, so that it can be asked about. */
static bool is_blank(const char *at, const char *end)
{
	char one[5] = {0};
	memcpy(one, at, (size_t) (end - at));
	return utf8_is_blank(one);
}

enum withdrawal_typed withdrawal_read(const char *typed, uint8_t receipt[CODEC_RECEIPT_BYTES], size_t *signs)
{
	char plain[CODEC_RECEIPT_SIGNS + 1] = {0};
	bool is_plain = true;
	*signs = 0;
	for (const char *at = typed, *begin = typed; *at; begin = at) {
		uint32_t sign = utf8_next(&at);
		if (is_skipped(sign) || is_blank(begin, at))
			continue;
		if (*signs < CODEC_RECEIPT_SIGNS)
			plain[*signs] = plain_sign(sign);
		is_plain = is_plain && plain_sign(sign);
		(*signs)++;
	}
	enum withdrawal_typed result = WITHDRAWAL_RECEIPT;
	if (*signs == 0)
		result = WITHDRAWAL_NOTHING;
	else if (*signs != CODEC_RECEIPT_SIGNS)
		result = WITHDRAWAL_LENGTH;
	else if (!is_plain || codec_unreceipt(plain, receipt) != ERR_OK)
		result = WITHDRAWAL_CHECK;
	keys_wipe(plain, sizeof plain);
	return result;
}

enum err withdrawal_seal(const uint8_t receipt[CODEC_RECEIPT_BYTES], const struct keyset *keyset, struct arena *arena,
			 uint8_t **envelope, size_t *length)
{
	const struct period *period = keyset_current(keyset, false);
	if (period == NULL)
		return ERR_NOT_FOUND;
	struct letter letter = {.kind = LETTER_WITHDRAWAL, .event = ""};
	envelope_withdraw(receipt, letter.withdraw);
	char *json = NULL;
	size_t json_length = 0;
	enum err error = letter_encode(&letter, arena, &json, &json_length);
	if (error != ERR_OK)
		return error;
	*envelope = arena_alloc(arena, ENVELOPE_MAX_BYTES, 1);
	error = *envelope == NULL ? ERR_NOMEM : envelope_seal(json, json_length, period, *envelope, length);
	keys_wipe(json, json_length);
	return error;
}
