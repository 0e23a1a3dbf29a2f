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

/* What stands round a receipt in a sentence. None of these is a sign of one, as the check signs * ~ $ = are. */
static bool is_mark(uint32_t sign)
{
	return (sign < 0x80 && sign != 0 && strchr(".,:;!?\"'()<>[]", (int) sign)) || sign == 0xab || sign == 0xbb ||
	       (sign >= 0x2018 && sign <= 0x201f) || sign == 0x2026;
}

enum { GROUPS = 5, GROUP_SIGNS = 4, KEPT_SIGNS = CODEC_RECEIPT_SIGNS };

/* The words of a text, of which only the last few matter. */
struct words_read {
	char signs[GROUPS][KEPT_SIGNS + 1]; /* the newest last; of the longer ones the beginning */
	size_t counts[GROUPS];
};

static void next_word(struct words_read *words)
{
	if (words->counts[GROUPS - 1] == 0)
		return;
	memmove(words->signs[0], words->signs[1], sizeof words->signs - sizeof words->signs[0]);
	memmove(&words->counts[0], &words->counts[1], sizeof words->counts - sizeof words->counts[0]);
	memset(words->signs[GROUPS - 1], 0, sizeof words->signs[0]);
	words->counts[GROUPS - 1] = 0;
}

/* The newest words as one receipt: all in one, or as it is printed. */
static bool ends_in_receipt(const struct words_read *words, uint8_t receipt[CODEC_RECEIPT_BYTES])
{
	char plain[CODEC_RECEIPT_SIGNS + 1] = {0};
	const size_t *counts = words->counts;
	bool is_grouped = counts[GROUPS - 1] == 1;
	for (size_t i = 0; i + 1 < GROUPS; i++)
		is_grouped = is_grouped && counts[i] == GROUP_SIGNS;
	if (counts[GROUPS - 1] == CODEC_RECEIPT_SIGNS)
		memcpy(plain, words->signs[GROUPS - 1], CODEC_RECEIPT_SIGNS);
	for (size_t i = 0; is_grouped && i < GROUPS; i++)
		memcpy(plain + GROUP_SIGNS * i, words->signs[i], counts[i]);
	bool is_receipt = plain[0] && strlen(plain) == CODEC_RECEIPT_SIGNS && codec_unreceipt(plain, receipt) == ERR_OK;
	keys_wipe(plain, sizeof plain);
	return is_receipt;
}

/* How many receipts stand in TYPED among other words; RECEIPT is the last of them. */
static size_t find_receipts(const char *typed, uint8_t receipt[CODEC_RECEIPT_BYTES])
{
	struct words_read words = {0};
	size_t found = 0;
	for (const char *at = typed, *begin = typed;; begin = at) {
		uint32_t sign = *at ? utf8_next(&at) : 0;
		bool is_end = !sign || is_mark(sign) || is_blank(begin, at);
		char *into = words.signs[GROUPS - 1];
		size_t *count = &words.counts[GROUPS - 1];
		if (is_end && *count && ends_in_receipt(&words, receipt))
			found++;
		if (is_end)
			next_word(&words);
		else if (!is_skipped(sign) && ++*count <= KEPT_SIGNS)
			into[*count - 1] = plain_sign(sign);
		if (!sign)
			break;
	}
	keys_wipe(&words, sizeof words);
	return found;
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
	uint8_t among[CODEC_RECEIPT_BYTES] = {0};
	if (*signs == 0)
		result = WITHDRAWAL_NOTHING;
	else if (*signs == CODEC_RECEIPT_SIGNS)
		result = is_plain && codec_unreceipt(plain, receipt) == ERR_OK ? result : WITHDRAWAL_CHECK;
	else if (*signs > CODEC_RECEIPT_SIGNS && find_receipts(typed, among) == 1)
		memcpy(receipt, among, sizeof among);
	else
		result = WITHDRAWAL_LENGTH;
	keys_wipe(plain, sizeof plain);
	keys_wipe(among, sizeof among);
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
