/* SPDX-License-Identifier: MIT */
/* letter.c: fuzzes the reader of letters, which stand behind the seal that anybody can make (lib/envelope/letter.c).
 *
 * The input is the letter. Each is also sealed and opened on its way, as the collector would get it. What is taken must be canonical:
 * written again it has the same bytes. */
#include "fuzz.h"

#include "lib/envelope/envelope.h"

static struct box_pair pair;
static struct period period;

static void set_up(void)
{
	FUZZ_CHECK(keys_start() == ERR_OK);
	keys_new_period(&pair);
	memcpy(period.public_key, pair.public_key, sizeof pair.public_key);
	keys_id(pair.public_key, period.id);
}

/* MIN to MAX bytes, as soundings-envelope(5) has it. */
static bool is_long(const char *text, size_t min, size_t max)
{
	return strlen(text) >= min && strlen(text) <= max;
}

static void check(const char *json, size_t length, struct arena *arena)
{
	struct letter letter;
	char *again = NULL;
	size_t again_length = 0;
	enum err error = letter_decode(json, length, arena, &letter);
	FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID);
	if (error != ERR_OK)
		return;
	FUZZ_CHECK(letter.kind < LETTER_KIND_COUNT && letter.event != NULL);
	if (letter.kind == LETTER_RESPONSE) {
		FUZZ_CHECK(is_long(letter.event, 6, 6) && is_long(letter.form, 1, 32) &&
			   is_long(letter.language, 2, 35));
		FUZZ_CHECK(is_long(letter.variant, 0, 32) && (letter.ticket == NULL || is_long(letter.ticket, 1, 64)));
		FUZZ_CHECK(letter.version >= 1 && letter.edit <= 9999 && letter.answers[0] == '{');
	}
	FUZZ_CHECK(letter_encode(&letter, arena, &again, &again_length) == ERR_OK);
	FUZZ_CHECK(again_length == length && memcmp(again, json, length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[ENVELOPE_MAX_BYTES];
	static bool is_set_up;
	if (!is_set_up)
		set_up();
	is_set_up = true;
	struct arena arena;
	arena_init(&arena, 4 * 1024 * 1024);
	uint8_t *json = fuzz_bytes(data, size);
	check((const char *) json, size, &arena);
	if (size % 8 == 0 && size <= ENVELOPE_LETTER_MAX) {
		char *opened = NULL;
		size_t length = 0, opened_length = 0;
		FUZZ_CHECK(envelope_seal((const char *) json, size, &period, out, &length) == ERR_OK);
		FUZZ_CHECK(envelope_open(out, length, &pair, &arena, &opened, &opened_length) == ERR_OK);
		FUZZ_CHECK(opened_length == size && (size == 0 || memcmp(opened, json, size) == 0));
		check(opened, opened_length, &arena);
	}
	free(json);
	arena_fini(&arena);
	return 0;
}
