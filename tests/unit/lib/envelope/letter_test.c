/* SPDX-License-Identifier: MIT */
/* letter_test.c: letters come back as they were written, and nothing is read that we would have written otherwise. */
#include "lib/envelope/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define A32 "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
#define C32 "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
#define ANSWERS "{\"better\":\"Te \\\"da\\\"\\n\xe2\x98\x95\",\"hard\":[\"words\",\"language\"],\"overall\":\"good\"}"
#define HEAD                                                                                                           \
	"{\"answers\":" ANSWERS ",\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"community-conversation\",\"format\":1,"
#define MIDDLE                                                                                                         \
	"\"id\":\"" A32 "\",\"kind\":\"response\",\"language\":\"cy\",\"mode\":\"phone\",\"receipt\":\"" C32 "\","
#define RESPONSE HEAD MIDDLE "\"variant\":\"easy\",\"version\":12}"
#define WITHDRAWAL "{\"event\":\"E4K7QX\",\"format\":1,\"kind\":\"withdrawal\",\"receipt\":\"" C32 "\"}"

static struct arena arena;

static struct letter response(void)
{
	struct letter letter = {
		.kind = LETTER_RESPONSE,
		.event = "E4K7QX",
		.form = "community-conversation",
		.version = 12,
		.language = "cy",
		.variant = "easy",
		.mode = "phone",
		.edit = 3,
		.answers = ANSWERS,
	};
	for (uint8_t i = 0; i < 32; i++) {
		letter.id[i] = (uint8_t) (0xa0 + i);
		letter.withdraw[i] = (uint8_t) (0xc0 + i);
	}
	return letter;
}

static void assert_encodes(const struct letter *letter, const char *expected)
{
	char *text = NULL;
	size_t length = 0;
	struct letter back;
	assert_int_equal(letter_encode(letter, &arena, &text, &length), ERR_OK);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
	assert_int_equal(letter_decode(text, length, &arena, &back), ERR_OK);
	assert_int_equal(back.kind, letter->kind);
	assert_string_equal(back.event, letter->event);
	assert_memory_equal(back.withdraw, letter->withdraw, 32);
	if (letter->kind == LETTER_WITHDRAWAL)
		return;
	assert_string_equal(back.form, letter->form);
	assert_int_equal(back.version, letter->version);
	assert_string_equal(back.language, letter->language);
	assert_string_equal(back.variant, letter->variant);
	assert_string_equal(back.mode, letter->mode);
	assert_memory_equal(back.id, letter->id, ENVELOPE_ID_BYTES);
	assert_int_equal(back.edit, letter->edit);
	assert_string_equal(back.answers, letter->answers);
	if (letter->ticket == NULL)
		assert_null(back.ticket);
	else
		assert_string_equal(back.ticket, letter->ticket);
}

static void letters_come_back(void **state)
{
	(void) state;
	struct letter letter = response();
	assert_encodes(&letter, RESPONSE);
	letter.ticket = "K7QX-9M2T";
	assert_encodes(&letter, HEAD MIDDLE "\"ticket\":\"K7QX-9M2T\",\"variant\":\"easy\",\"version\":12}");
	letter.kind = LETTER_WITHDRAWAL;
	assert_encodes(&letter, WITHDRAWAL);
	letter.event = "";
	assert_encodes(&letter, "{\"event\":\"\",\"format\":1,\"kind\":\"withdrawal\",\"receipt\":\"" C32 "\"}");
}

static void extremes_come_back(void **state)
{
	(void) state;
	struct letter letter = response();
	char *text = NULL;
	size_t length = 0;
	struct letter back;
	letter.version = UINT32_MAX;
	letter.edit = ENVELOPE_EDIT_MAX;
	letter.variant = "";
	letter.mode = "kiosk";
	letter.answers = "{}";
	assert_int_equal(letter_encode(&letter, &arena, &text, &length), ERR_OK);
	assert_int_equal(letter_decode(text, length, &arena, &back), ERR_OK);
	assert_int_equal(back.version, UINT32_MAX);
	assert_int_equal(back.edit, ENVELOPE_EDIT_MAX);
	assert_string_equal(back.variant, "");
	assert_string_equal(back.mode, "kiosk");
	assert_string_equal(back.answers, "{}");
}

/* The escapes of soundings-envelope(5), each of them; and signs that other writers escape. */
static void answers_of_every_sign_come_back(void **state)
{
	(void) state;
	struct letter letter = response(), back;
	char *text = NULL;
	size_t length = 0;
	letter.answers =
		"{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001F /\x7f\xc2\x80\xe2\x80\xa8\xf0\x9f\x98\x80<>&'\"}";
	assert_int_equal(letter_encode(&letter, &arena, &text, &length), ERR_OK);
	assert_int_equal(letter_decode(text, length, &arena, &back), ERR_OK);
	assert_string_equal(back.answers, letter.answers);
}

/* Answers that fill a letter to the last byte, and one more. */
static void the_longest_letter(void **state)
{
	(void) state;
	static char answers[ENVELOPE_LETTER_MAX + 1];
	struct letter letter = response(), back;
	char *text = NULL;
	size_t length = 0;
	letter.answers = "{\"a\":\"\"}";
	assert_int_equal(letter_encode(&letter, &arena, &text, &length), ERR_OK);
	size_t room = ENVELOPE_LETTER_MAX - length;
	snprintf(answers, sizeof answers, "{\"a\":\"%0*d\"}", (int) room, 0);
	letter.answers = answers;
	assert_int_equal(letter_encode(&letter, &arena, &text, &length), ERR_OK);
	assert_int_equal(length, ENVELOPE_LETTER_MAX);
	assert_int_not_equal(envelope_size(length), 0);
	assert_int_equal(letter_decode(text, length, &arena, &back), ERR_OK);
	assert_int_equal(strlen(back.answers), strlen(answers));
	snprintf(answers, sizeof answers, "{\"a\":\"%0*d\"}", (int) room + 1, 0);
	assert_int_equal(letter_encode(&letter, &arena, &text, &length), ERR_TOO_BIG);
}

static void what_is_not_written(void **state)
{
	(void) state;
	static char long_name[100];
	memset(long_name, 'a', sizeof long_name - 1);
	struct letter rows[] = {response(), response(), response(), response(), response(), response(),
				response(), response(), response(), response(), response(), response(),
				response(), response(), response(), response(), response(), response()};
	size_t n = 0;
	rows[n++].event = "e4k7qx";
	rows[n++].event = "E4K7Q";
	rows[n++].event = "E4K7QX7";
	rows[n++].event = "E4K\"QX";
	rows[n++].event = "";
	rows[n++].event = NULL;
	rows[n++].form = "";
	rows[n++].form = "Form";
	rows[n++].form = long_name;
	rows[n++].version = 0;
	rows[n++].language = "c";
	rows[n++].variant = NULL;
	rows[n++].mode = "fax";
	rows[n++].edit = ENVELOPE_EDIT_MAX + 1;
	rows[n++].ticket = "";
	rows[n++].ticket = "a\"b";
	rows[n++].answers = "[]";
	rows[n++].answers = NULL;
	assert_int_equal(n, sizeof rows / sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		char *text = NULL;
		size_t length = 0;
		enum err error = letter_encode(&rows[i], &arena, &text, &length);
		if (error != ERR_INVALID)
			fail_msg("row %zu: gave %s", i, err_name(error));
	}
	struct letter withdrawal = response();
	withdrawal.kind = LETTER_WITHDRAWAL;
	withdrawal.event = "E4K7Q";
	char *text = NULL;
	size_t length = 0;
	assert_int_equal(letter_encode(&withdrawal, &arena, &text, &length), ERR_INVALID);
}

static enum err decode(const char *text, size_t length)
{
	struct letter letter;
	/* From the heap and exactly as long, so that reading past the end is seen. */
	char *copy = malloc(length == 0 ? 1 : length);
	assert_non_null(copy);
	memcpy(copy, text, length);
	enum err error = letter_decode(copy, length, &arena, &letter);
	free(copy);
	return error;
}

static void what_is_not_read(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
	} rows[] = {
		{"nothing", ""},
		{"not JSON", "response"},
		{"a list", "[]"},
		{"an empty object", "{}"},
		{"a surplus key", HEAD MIDDLE "\"variant\":\"easy\",\"version\":12,\"when\":\"now\"}"},
		{"a surplus key in between", HEAD MIDDLE "\"time\":\"12:00\",\"variant\":\"easy\",\"version\":12}"},
		{"a missing key", HEAD MIDDLE "\"variant\":\"easy\"}"},
		{"no answers", "{\"edit\":3," MIDDLE "\"variant\":\"easy\",\"version\":12}"},
		{"a key twice", HEAD MIDDLE "\"variant\":\"easy\",\"version\":12,\"version\":12}"},
		{"an answer twice", "{\"answers\":{\"a\":\"x\",\"a\":\"x\"},\"edit\":3,\"event\":\"E4K7QX\",\"form\":"
				    "\"f\",\"format\":1," MIDDLE "\"variant\":\"easy\",\"version\":12}"},
		{"another order", HEAD MIDDLE "\"version\":12,\"variant\":\"easy\"}"},
		{"answers in another order",
		 "{\"answers\":{\"b\":\"x\",\"a\":\"x\"},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":"
		 "1," MIDDLE "\"variant\":\"easy\",\"version\":12}"},
		{"a space", HEAD MIDDLE "\"variant\":\"easy\", \"version\":12}"},
		{"a space before", " " RESPONSE},
		{"a line end after", RESPONSE "\n"},
		{"a byte-order mark", "\xef\xbb\xbf" RESPONSE},
		{"something after", RESPONSE "{}"},
		{"an escape that needs none", HEAD MIDDLE "\"variant\":\"e\\u0061sy\",\"version\":12}"},
		{"an escaped slash in an answer",
		 "{\"answers\":{\"a\":\"1\\/2\"},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"NUL in an answer",
		 "{\"answers\":{\"a\":\"1\\u0000\"},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"invalid UTF-8 in an answer",
		 "{\"answers\":{\"a\":\"\xc3\x28\"},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"a number as an answer",
		 "{\"answers\":{\"a\":1},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"null as an answer",
		 "{\"answers\":{\"a\":null},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"an object as an answer",
		 "{\"answers\":{\"a\":{}},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"a list of lists as an answer",
		 "{\"answers\":{\"a\":[[]]},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"answers as a list",
		 "{\"answers\":[],\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"another format", "{\"answers\":{},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":2," MIDDLE
				   "\"variant\":\"easy\",\"version\":12}"},
		{"an event in lower case",
		 "{\"answers\":{},\"edit\":3,\"event\":\"e4k7qx\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"a form that is a path",
		 "{\"answers\":{},\"edit\":3,\"event\":\"E4K7QX\",\"form\":\"../f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"edit over the limit",
		 "{\"answers\":{},\"edit\":10000,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"edit below zero",
		 "{\"answers\":{},\"edit\":-1,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"edit as minus zero",
		 "{\"answers\":{},\"edit\":-0,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"edit with a point",
		 "{\"answers\":{},\"edit\":3.0,\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"edit as text",
		 "{\"answers\":{},\"edit\":\"3\",\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1," MIDDLE
		 "\"variant\":\"easy\",\"version\":12}"},
		{"version 0", HEAD MIDDLE "\"variant\":\"easy\",\"version\":0}"},
		{"version past 32 bits", HEAD MIDDLE "\"variant\":\"easy\",\"version\":4294967296}"},
		{"version past 64 bits", HEAD MIDDLE "\"variant\":\"easy\",\"version\":18446744073709551616}"},
		{"ticket as a number", HEAD MIDDLE "\"ticket\":7,\"variant\":\"easy\",\"version\":12}"},
		{"ticket null", HEAD MIDDLE "\"ticket\":null,\"variant\":\"easy\",\"version\":12}"},
		{"an empty ticket", HEAD MIDDLE "\"ticket\":\"\",\"variant\":\"easy\",\"version\":12}"},
		{"another kind",
		 "{\"event\":\"E4K7QX\",\"format\":1,\"kind\":\"resignation\",\"receipt\":\"" C32 "\"}"},
		{"a response that calls itself otherwise",
		 HEAD "\"id\":\"" A32
		      "\",\"kind\":\"respond\",\"language\":\"cy\",\"mode\":\"phone\",\"receipt\":\"" C32 "\","
		      "\"variant\":\"easy\",\"version\":12}"},
		{"a response without more than a withdrawal",
		 "{\"event\":\"E4K7QX\",\"format\":1,\"kind\":\"response\",\"receipt\":\"" C32 "\"}"},
		{"a withdrawal with a form",
		 "{\"event\":\"E4K7QX\",\"form\":\"f\",\"format\":1,\"kind\":\"withdrawal\",\"receipt\":\"" C32 "\"}"},
		{"a withdrawal without an event", "{\"format\":1,\"kind\":\"withdrawal\",\"receipt\":\"" C32 "\"}"},
		{"a short receipt", "{\"event\":\"E4K7QX\",\"format\":1,\"kind\":\"withdrawal\",\"receipt\":\"c0c1\"}"},
		{"a receipt in upper case",
		 "{\"event\":\"E4K7QX\",\"format\":1,\"kind\":\"withdrawal\",\"receipt\":\"C0C1"
		 "c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf\"}"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum err error = decode(rows[i].text, strlen(rows[i].text));
		if (error != ERR_INVALID)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
	}
	assert_int_equal(decode(RESPONSE, strlen(RESPONSE)), ERR_OK); /* what the rows were made from is right */
	assert_int_equal(decode(WITHDRAWAL, strlen(WITHDRAWAL)), ERR_OK);
}

static void cut_and_changed(void **state)
{
	(void) state;
	char text[sizeof RESPONSE];
	for (size_t i = 0; i + 1 < sizeof RESPONSE; i++) {
		assert_int_equal(decode(RESPONSE, i), ERR_INVALID);
		/* Whatever a changed byte makes of it: it is refused, or it is another whole letter. */
		memcpy(text, RESPONSE, sizeof text);
		text[i] = (char) (text[i] ^ 0x80);
		assert_int_not_equal(decode(text, sizeof text - 1), ERR_OK);
		text[i] = '\0';
		assert_int_equal(decode(text, sizeof text - 1), ERR_INVALID);
		arena_reset(&arena);
	}
	assert_int_equal(decode(RESPONSE, sizeof RESPONSE), ERR_INVALID); /* with the NUL */
}

static void nested_without_end(void **state)
{
	(void) state;
	static char text[ENVELOPE_LETTER_MAX + 2];
	memset(text, '[', sizeof text);
	assert_int_equal(decode(text, ENVELOPE_LETTER_MAX), ERR_INVALID);
	memset(text, ' ', sizeof text);
	assert_int_equal(decode(text, ENVELOPE_LETTER_MAX + 1), ERR_INVALID);
}

static int start(void **state)
{
	(void) state;
	arena_init(&arena, 16 * 1024 * 1024);
	return keys_start() != ERR_OK;
}

static int stop(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_come_back),   cmocka_unit_test(answers_of_every_sign_come_back),
		cmocka_unit_test(extremes_come_back),  cmocka_unit_test(the_longest_letter),
		cmocka_unit_test(what_is_not_written), cmocka_unit_test(what_is_not_read),
		cmocka_unit_test(cut_and_changed),     cmocka_unit_test(nested_without_end),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
