/* SPDX-License-Identifier: MIT */
/* keys_recovery.c: the recovery seed as text that survives a printer, a safe and a person typing it back.
 *
 * Four lines as lines.h has them, each with one byte of the seed's hash, so that mistakes which the check signs miss are
 * found by the whole, and 8 bytes of the seed. Must not write files or log any part of the text: the caller decides where
 * the one copy lies. The format is in soundings-envelope(5). */
#include "lib/envelope/keys.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "lib/base/utf8.h"
#include "lib/envelope/lines.h"

enum {
	RECOVERY_LINES = 4,
	RECOVERY_FIRST_LINE = 1, /* its number */
	RECOVERY_NAME_MAX = 200  /* bytes of the instance's name and of the day */
};

static_assert(RECOVERY_LINES * LINES_SECRET_BYTES == KEYS_SEED_BYTES, "the lines hold the seed");

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
	return strcasestr(text, recovery_begin) == NULL && strcasestr(text, recovery_end) == NULL;
}

enum err keys_recovery_text(const uint8_t seed[KEYS_SEED_BYTES], const char *instance, const char *day,
			    struct arena *arena, char **out)
{
	if (!recovery_is_line(instance) || !recovery_is_line(day))
		return ERR_INVALID;
	uint8_t check[RECOVERY_LINES];
	char signs[RECOVERY_LINES][CODEC_RECEIPT_TEXT];
	recovery_check(seed, check);
	for (size_t i = 0; i < RECOVERY_LINES; i++)
		lines_put((uint8_t) (RECOVERY_FIRST_LINE + i), check[i], seed + i * LINES_SECRET_BYTES, signs[i]);
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
	keys_wipe(signs, sizeof signs);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

enum err keys_recovery_read(const char *text, uint8_t seed[KEYS_SEED_BYTES])
{
	const char *inside = NULL, *end = NULL;
	enum err error = lines_find(text, recovery_begin, recovery_end, &inside, &end);
	if (error != ERR_OK)
		return error;
	uint8_t given[RECOVERY_LINES], check[RECOVERY_LINES];
	error = lines_read(inside, end, RECOVERY_FIRST_LINE, RECOVERY_LINES, given, seed);
	if (error == ERR_OK) {
		recovery_check(seed, check);
		if (memcmp(given, check, sizeof check) != 0)
			error = ERR_INVALID;
	}
	if (error != ERR_OK)
		keys_wipe(seed, KEYS_SEED_BYTES);
	return error;
}
