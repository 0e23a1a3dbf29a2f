/* SPDX-License-Identifier: MIT */
/* keys_recovery.c: the recovery seed as text that survives a printer, a safe and a person typing it back.
 *
 * Four lines hold 10 bytes each, written as a receipt is (Crockford base 32 in groups of four, and a check sign): the
 * line's number, so that lines cannot change places; one byte of the seed's hash, so that mistakes which the check
 * signs miss are found by the whole; 8 bytes of the seed. Must not write files or log any part of the text:
 * the caller decides where the one copy lies. The format is in soundings-envelope(5). */
#include "lib/envelope/keys.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "lib/base/codec.h"
#include "lib/base/log.h"
#include "lib/base/utf8.h"

enum {
	RECOVERY_LINES = 4,
	RECOVERY_LINE_SEED_BYTES = KEYS_SEED_BYTES / RECOVERY_LINES,
	RECOVERY_NAME_MAX = 200 /* bytes of the instance's name and of the day */
};

static_assert(RECOVERY_LINE_SEED_BYTES + 2 == CODEC_RECEIPT_BYTES, "a line is written as a receipt is");

static const char recovery_label[] = "soundings/recovery/1";
static const char recovery_begin[] = "BEGIN-RECOVERY-KEY";
static const char recovery_end[] = "END-RECOVERY-KEY";

/* The first bytes of the seed's hash, one for each line. */
static void recovery_check(const uint8_t seed[KEYS_SEED_BYTES], uint8_t out[RECOVERY_LINES])
{
	uint8_t input[sizeof recovery_label + KEYS_SEED_BYTES], hash[32];
	memcpy(input, recovery_label, sizeof recovery_label); /* with its NUL */
	memcpy(input + sizeof recovery_label, seed, KEYS_SEED_BYTES);
	keys_hash(input, sizeof input, hash);
	memcpy(out, hash, RECOVERY_LINES);
	keys_wipe(input, sizeof input);
	keys_wipe(hash, sizeof hash);
}

/* One line of plain text: it stands in a file that is read by people and parsed by us. */
static bool recovery_is_line(const char *text)
{
	size_t length = strlen(text);
	if (length > RECOVERY_NAME_MAX || !utf8_is_valid(text, length))
		return false;
	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char) *at < ' ' || *at == 127)
			return false;
	}
	return strstr(text, recovery_begin) == NULL && strstr(text, recovery_end) == NULL;
}

enum err keys_recovery_text(const uint8_t seed[KEYS_SEED_BYTES], const char *instance, const char *day,
			    struct arena *arena, char **out)
{
	if (!recovery_is_line(instance) || !recovery_is_line(day))
		return ERR_INVALID;
	uint8_t check[RECOVERY_LINES], line[CODEC_RECEIPT_BYTES];
	char signs[RECOVERY_LINES][CODEC_RECEIPT_TEXT];
	recovery_check(seed, check);
	for (size_t i = 0; i < RECOVERY_LINES; i++) {
		line[0] = (uint8_t) (i + 1);
		line[1] = check[i];
		memcpy(line + 2, seed + i * RECOVERY_LINE_SEED_BYTES, RECOVERY_LINE_SEED_BYTES);
		codec_receipt(line, signs[i]);
	}
	*out = arena_printf(arena,
			    "SOUNDINGS RECOVERY FILE\n"
			    "\n"
			    "Instance: %s\n"
			    "Made on:  %s\n"
			    "\n"
			    "This is the master key of the instance named above. Whoever holds it can open\n"
			    "every backup and every response, and can name the keys that all its machines\n"
			    "trust. Without it, backups cannot be opened when the machine is lost, and keys\n"
			    "cannot be changed.\n"
			    "\n"
			    "1. Print this page twice, or copy the file to two memory sticks.\n"
			    "2. Keep the two copies in two locked places, with two people who can be trusted.\n"
			    "3. Then remove the file from the machine that made it.\n"
			    "4. Once a year, check that both copies can still be read.\n"
			    "\n"
			    "When it is needed, give this file back, or type the four lines between the two\n"
			    "marks, with the marks. Spaces and capital letters do not matter. A wrong sign is\n"
			    "noticed.\n"
			    "\n"
			    "%s\n"
			    "  %s\n"
			    "  %s\n"
			    "  %s\n"
			    "  %s\n"
			    "%s\n",
			    instance, day, recovery_begin, signs[0], signs[1], signs[2], signs[3], recovery_end);
	keys_wipe(line, sizeof line);
	keys_wipe(signs, sizeof signs);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

static bool recovery_is_space(char sign)
{
	return sign == ' ' || (sign >= '\t' && sign <= '\r');
}

/* Reads line NUMBER (from 0) at *AT and moves past it: the next 17 signs, whatever lies between them. */
static enum err recovery_line(const char **at, const char *end, size_t number, uint8_t out[CODEC_RECEIPT_BYTES])
{
	char signs[CODEC_RECEIPT_SIGNS + 1];
	size_t count = 0;
	while (*at < end && count < CODEC_RECEIPT_SIGNS) {
		char sign = *(*at)++;
		if (sign != '-' && !recovery_is_space(sign))
			signs[count++] = sign;
	}
	signs[count] = '\0';
	enum err error = count < CODEC_RECEIPT_SIGNS ? ERR_INVALID : codec_unreceipt(signs, out);
	if (error == ERR_OK && out[0] != number + 1)
		error = ERR_INVALID;
	if (error != ERR_OK)
		log_error("recovery.line", "number=%zu", number + 1);
	keys_wipe(signs, sizeof signs);
	return error;
}

/* The lines between AT and END as a seed. Leaves half a seed behind on failure: the caller wipes. */
static enum err recovery_lines(const char *at, const char *end, uint8_t seed[KEYS_SEED_BYTES])
{
	uint8_t line[CODEC_RECEIPT_BYTES], given[RECOVERY_LINES], check[RECOVERY_LINES];
	enum err error = ERR_OK;
	for (size_t i = 0; i < RECOVERY_LINES && error == ERR_OK; i++) {
		error = recovery_line(&at, end, i, line);
		if (error != ERR_OK)
			break;
		given[i] = line[1];
		memcpy(seed + i * RECOVERY_LINE_SEED_BYTES, line + 2, RECOVERY_LINE_SEED_BYTES);
	}
	keys_wipe(line, sizeof line);
	if (error != ERR_OK)
		return error;
	for (; at < end; at++) {
		if (*at != '-' && !recovery_is_space(*at))
			return ERR_INVALID; /* more signs than four lines have */
	}
	recovery_check(seed, check);
	return memcmp(given, check, sizeof check) == 0 ? ERR_OK : ERR_INVALID;
}

enum err keys_recovery_read(const char *text, uint8_t seed[KEYS_SEED_BYTES])
{
	const char *begin = strstr(text, recovery_begin);
	const char *end = begin == NULL ? NULL : strstr(begin, recovery_end);
	if (end == NULL)
		return ERR_INVALID;
	enum err error = recovery_lines(begin + sizeof recovery_begin - 1, end, seed);
	if (error != ERR_OK)
		keys_wipe(seed, KEYS_SEED_BYTES);
	return error;
}
