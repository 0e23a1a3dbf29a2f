/* SPDX-License-Identifier: MIT */
/* calendar_test.c: folding, escaping, and a whole file, octet by octet (RFC 5545). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "organiser/calendar.h"

#include "lib/base/utf8.h"

#include <string.h>

enum { CEILING = 1024 * 1024 };

#define TEN "0123456789"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

static void test_fold(void **state)
{
	(void) state;
	static const struct {
		const char *name, *line, *folded;
	} rows[] = {
		{"empty", "", "\r\n"},
		{"short", "A:b", "A:b\r\n"},
		{"75 octets", SEVENTY "12345", SEVENTY "12345\r\n"},
		{"76 octets", SEVENTY "123456", SEVENTY "12345\r\n 6\r\n"},
		{"75 and 74", SEVENTY "12345" SEVENTY "abcd", SEVENTY "12345\r\n " SEVENTY "abcd\r\n"},
		{"75, 74 and 1", SEVENTY "12345" SEVENTY "abcde", SEVENTY "12345\r\n " SEVENTY "abcd\r\n e\r\n"},
		{"two octets at the fold", SEVENTY "1234\xc3\xa9", SEVENTY "1234\r\n \xc3\xa9\r\n"},
		{"two octets before the fold", SEVENTY "123\xc3\xa9x", SEVENTY "123\xc3\xa9\r\n x\r\n"},
		{"four octets, the last beyond it", SEVENTY "12\xf0\x9f\x99\x82",
		 SEVENTY "12\r\n \xf0\x9f\x99\x82\r\n"},
		{"a blank at the fold stays", SEVENTY "12345 x", SEVENTY "12345\r\n  x\r\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_STRBUF struct strbuf out;
		strbuf_init(&out, CEILING);
		calendar_put_line(&out, rows[i].line);
		if (strcmp(strbuf_text(&out), rows[i].folded) != 0)
			fail_msg("%s: %s", rows[i].name, strbuf_text(&out));
	}
}

static void test_escape(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *escaped;
	} rows[] = {
		{"plain", "Slough", "Slough"},
		{"comma, semicolon, backslash", "a,b;c\\d", "a\\,b\\;c\\\\d"},
		{"what looks escaped already", "a\\nb", "a\\\\nb"},
		{"line ends of all kinds", "a\nb\r\nc\rd", "a\\nb\\nc\\nd"},
		{"colon and quotes stay", "a: \"b\"", "a: \"b\""},
		{"another property", "x\r\nATTENDEE:mailto:a", "x\\nATTENDEE:mailto:a"},
		{"control characters go",
		 "a\x01\x1b\x7f"
		 "b",
		 "ab"},
		{"a tab stays", "a\tb", "a\tb"},
		{"other scripts stay", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_STRBUF struct strbuf out;
		strbuf_init(&out, CEILING);
		calendar_put_text(&out, rows[i].text);
		if (strcmp(strbuf_text(&out), rows[i].escaped) != 0)
			fail_msg("%s: %s", rows[i].name, strbuf_text(&out));
	}
}

static const struct calendar_entry plain = {.code = "E4K7QX",
					    .host = "forms.example.org",
					    .title = "Conversation, Slough",
					    .place = "Library; upstairs",
					    .text = "",
					    .address = "https://forms.example.org/E4K7QX",
					    .held_on = {2028, 2, 29},
					    .made_on = {2028, 1, 2},
					    .version = 3};

static void test_whole(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, CEILING);
	calendar_put(&out, &plain);
	assert_int_equal(strbuf_error(&out), ERR_OK);
	assert_string_equal(strbuf_text(&out),
			    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Soundings//Soundings//EN\r\n"
			    "CALSCALE:GREGORIAN\r\nBEGIN:VEVENT\r\nUID:E4K7QX@forms.example.org\r\n"
			    "DTSTAMP:20280102T000000Z\r\nDTSTART;VALUE=DATE:20280229\r\n"
			    "DTEND;VALUE=DATE:20280301\r\nSEQUENCE:3\r\nSUMMARY:Conversation\\, Slough\r\n"
			    "LOCATION:Library\\; upstairs\r\nURL:https://forms.example.org/E4K7QX\r\n"
			    "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

/* Every line of a file with the longest title, in three octets a character, fits and is whole UTF-8. */
static void test_long(void **state)
{
	(void) state;
	char title[200 * 3 + 1] = "";
	for (size_t i = 0; i < 200; i++)
		memcpy(title + 3 * i, "\xe5\xad\x97", 4);
	struct calendar_entry entry = plain;
	entry.title = title;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, CEILING);
	calendar_put(&out, &entry);
	size_t lines = 0;
	for (const char *at = strbuf_text(&out); *at != '\0'; lines++) {
		const char *end = strstr(at, "\r\n");
		assert_non_null(end);
		size_t length = (size_t) (end - at);
		assert_true(length <= 75);
		assert_true(utf8_is_valid(at, length));
		at = end + 2;
	}
	assert_true(lines > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
