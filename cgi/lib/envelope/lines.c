/* SPDX-License-Identifier: MIT */
/* lines.c: writes and reads the lines of the recovery file and of its shares.
 *
 * Crockford base 32 in groups of four with a check sign, as receipts have it. Must not log any part of a line but its place: that is what
 * the person who typed it needs. The format is in soundings-envelope(5). */
#include "lib/envelope/lines.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/envelope/keys.h"

void lines_put(uint8_t number, uint8_t extra, const uint8_t secret[LINES_SECRET_BYTES], char out[CODEC_RECEIPT_TEXT])
{
	uint8_t line[CODEC_RECEIPT_BYTES] = {number, extra};
	memcpy(line + 2, secret, LINES_SECRET_BYTES);
	codec_receipt(line, out);
	keys_wipe(line, sizeof line);
}

enum err lines_find(const char *text, const char *mark, const char *end_mark, const char **inside, const char **end)
{
	const char *begin = strcasestr(text, mark);
	if (begin == NULL)
		return ERR_INVALID;
	*inside = begin + strlen(mark);
	*end = strcasestr(*inside, end_mark);
	return *end == NULL ? ERR_INVALID : ERR_OK;
}

/* White space and hyphens stand anywhere. */
static bool lines_is_nothing(char sign)
{
	return sign == '-' || sign == ' ' || (sign >= '\t' && sign <= '\r');
}

/* The next 17 signs at *AT as a line, and *AT moved past them. */
static enum err lines_next(const char **at, const char *end, uint8_t number, uint8_t out[CODEC_RECEIPT_BYTES])
{
	char signs[CODEC_RECEIPT_SIGNS + 1];
	size_t count = 0;
	for (; *at < end && count < CODEC_RECEIPT_SIGNS; (*at)++) {
		if (!lines_is_nothing(**at))
			signs[count++] = **at;
	}
	signs[count] = '\0';
	enum err error = count < CODEC_RECEIPT_SIGNS ? ERR_INVALID : codec_unreceipt(signs, out);
	if (error == ERR_OK && out[0] != number)
		error = ERR_INVALID;
	keys_wipe(signs, sizeof signs);
	return error;
}

enum err lines_read(const char *at, const char *end, uint8_t first, size_t count, uint8_t *extras, uint8_t *secret)
{
	uint8_t line[CODEC_RECEIPT_BYTES];
	enum err error = ERR_OK;
	for (size_t i = 0; i < count && error == ERR_OK; i++) {
		error = lines_next(&at, end, (uint8_t) (first + i), line);
		if (error != ERR_OK) {
			log_error("recovery.line", "number=%zu", i + 1);
			break;
		}
		extras[i] = line[1];
		memcpy(secret + i * LINES_SECRET_BYTES, line + 2, LINES_SECRET_BYTES);
	}
	keys_wipe(line, sizeof line);
	for (; error == ERR_OK && at < end; at++) {
		if (!lines_is_nothing(*at))
			error = ERR_INVALID; /* more signs than the lines have */
	}
	return error;
}
