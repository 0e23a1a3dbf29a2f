/* SPDX-License-Identifier: MIT */
/* utf8_test.c: RFC 3629 to the letter, browsers' way of counting, blank texts, line ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/utf8.h"

#include <string.h>

#define BYTES(text) (text), sizeof(text) - 1

static void test_valid(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		size_t length;
		bool is_valid;
	} rows[] = {
		{"empty", BYTES(""), true},
		{"ASCII", BYTES("Tell us"), true},
		{"Welsh", BYTES("\xC5\xB5y \xC3\xA2"), true},
		{"first of two bytes", BYTES("\xC2\x80"), true},
		{"last of two bytes", BYTES("\xDF\xBF"), true},
		{"first of three bytes", BYTES("\xE0\xA0\x80"), true},
		{"before the surrogates", BYTES("\xED\x9F\xBF"), true},
		{"behind the surrogates", BYTES("\xEE\x80\x80"), true},
		{"last of three bytes", BYTES("\xEF\xBF\xBF"), true},
		{"first of four bytes", BYTES("\xF0\x90\x80\x80"), true},
		{"the last character", BYTES("\xF4\x8F\xBF\xBF"), true},
		{"NUL", BYTES("a\0b"), false},
		{"a lone continuation", BYTES("\x80"), false},
		{"overlong slash of two bytes", BYTES("\xC0\xAF"), false},
		{"overlong letter of two bytes", BYTES("\xC1\xBF"), false},
		{"overlong of three bytes", BYTES("\xE0\x80\xAF"), false},
		{"the longest overlong of three", BYTES("\xE0\x9F\xBF"), false},
		{"overlong of four bytes", BYTES("\xF0\x80\x80\xAF"), false},
		{"the longest overlong of four", BYTES("\xF0\x8F\xBF\xBF"), false},
		{"overlong NUL", BYTES("\xC0\x80"), false},
		{"first surrogate", BYTES("\xED\xA0\x80"), false},
		{"last surrogate", BYTES("\xED\xBF\xBF"), false},
		{"a pair of surrogates", BYTES("\xED\xA0\xBD\xED\xB8\x80"), false},
		{"past the last character", BYTES("\xF4\x90\x80\x80"), false},
		{"a first byte past it", BYTES("\xF5\x80\x80\x80"), false},
		{"five bytes", BYTES("\xF8\x88\x80\x80\x80"), false},
		{"FE", BYTES("\xFE"), false},
		{"FF", BYTES("\xFF"), false},
		{"two bytes cut", BYTES("\xC3"), false},
		{"three bytes cut", BYTES("\xE2\x82"), false},
		{"four bytes cut", BYTES("\xF0\x9F\x98"), false},
		{"a letter for a continuation",
		 BYTES("\xE2\x82"
		       "a"),
		 false},
		{"wrong last of four", BYTES("\xF0\x9F\x98\xC0"), false},
		{"good, then bad", BYTES("ok\xFF"), false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (utf8_is_valid(rows[i].text, rows[i].length) != rows[i].is_valid)
			fail_msg("%s", rows[i].name);
}

static void test_next(void **state)
{
	(void) state;
	static const uint32_t points[] = {'a', 0xE2, 0x20AC, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF, 0};
	const char *at = "a\xC3\xA2\xE2\x82\xAC\xEF\xBF\xBD\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF";
	const char *end = at + strlen(at);
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
		assert_int_equal(utf8_next(&at), points[i]);
	assert_ptr_equal(at, end);
	assert_int_equal(utf8_next(&at), 0);
	assert_ptr_equal(at, end);
}

static void test_counts(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		size_t units;
		bool is_blank;
	} rows[] = {
		{"empty", "", 0, true},
		{"ASCII", "abc", 3, false},
		{"two bytes are one unit", "\xC5\xB5", 1, false},
		{"three bytes are one unit", "\xE0\xA6\xAC", 1, false},
		{"the last of one unit", "\xEF\xBF\xBF", 1, false},
		{"the first of two units", "\xF0\x90\x80\x80", 2, false},
		{"an emoji", "\xF0\x9F\x98\x80", 2, false},
		{"emoji with a joiner", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", 5, false},
		{"blanks and line ends", " \t\r\n\v\f", 6, true},
		{"no-break space", "\xC2\xA0", 1, true},
		{"next line", "\xC2\x85", 1, true},
		{"em space, ideographic space", "\xE2\x80\x83\xE3\x80\x80", 2, true},
		{"line and paragraph separator", "\xE2\x80\xA8\xE2\x80\xA9", 2, true},
		{"Ogham space, narrow, mathematical", "\xE1\x9A\x80\xE2\x80\xAF\xE2\x81\x9F", 3, true},
		{"zero width space is no White_Space", "\xE2\x80\x8B", 1, false},
		{"a full stop among blanks", "  .  ", 5, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (utf8_utf16_length(rows[i].text) != rows[i].units)
			fail_msg("%s: %zu units", rows[i].name, utf8_utf16_length(rows[i].text));
		if (utf8_is_blank(rows[i].text) != rows[i].is_blank)
			fail_msg("%s: blank or not", rows[i].name);
	}
}

static void test_line_ends(void **state)
{
	(void) state;
	static const struct {
		const char *name, *before, *after;
	} rows[] = {
		{"empty", "", ""},
		{"CR LF", "a\r\nb\r\n", "a\nb\n"},
		{"lone CR", "a\rb\r", "a\nb\n"},
		{"LF stays", "a\n\nb", "a\n\nb"},
		{"CR CR LF is two", "a\r\r\nb", "a\n\nb"},
		{"LF CR is two", "a\n\rb", "a\n\nb"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[16];
		memcpy(text, rows[i].before, strlen(rows[i].before) + 1);
		utf8_normalise_line_ends(text);
		if (strcmp(text, rows[i].after) != 0)
			fail_msg("%s", rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_valid), cmocka_unit_test(test_next),
					   cmocka_unit_test(test_counts), cmocka_unit_test(test_line_ends)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
