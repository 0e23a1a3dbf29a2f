/* SPDX-License-Identifier: MIT */
/* poster_words_test.c: what somebody typed keeps its signs, and cannot turn round what stands beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/print/poster_words.h"

static const struct row {
	const char *name, *typed;
	bool is_rtl;
	const char *made;
} rows[] = {
	{"plain", "Slough & <b>Reading</b> %s \\n", false, "Slough & <b>Reading</b> %s \\n"},
	{"an override", "photo\u202egpj.exe", false, "photogpj.exe"},
	{"embeddings", "\u202aa\u202bb\u202cc\u202dd", false, "abcd"},
	{"an isolate with its end", "a \u2067b\u2069 c", false, "a \u2067b\u2069 c"},
	{"an isolate without", "a \u2067b", false, "a b"},
	{"two of them, one with", "\u2066a\u2068b\u2069", false, "a\u2068b\u2069"},
	{"ends of what was not begun", "a\u2069\u2069b\u2066c\u2069\u2069", false, "ab\u2066c\u2069"},
	{"marks stay", "a\u200eb\u200f", false, "a\u200eb\u200f"},
	{"a tab and line ends",
	 "a\tb\r\nc\rd\xc2\x85"
	 "e",
	 false, "a b\nc\nd\ne"},
	{"a number from left to right", "Call 0300 123 4567.", false, "Call 0300 123 4567."},
	{"a number from right to left", "أسئلة؟ 0300 123 4567", true, "أسئلة؟ \u20660300 123 4567\u2069"},
	{"a number with a country", "+44 20 7946-0999 x", true, "\u2066+44 20 7946-0999\u2069 x"},
	{"a year is no such number", "4 ديسمبر 2026", true, "4 ديسمبر 2026"},
	{"a sign alone", "+", true, "+"},
	{"nothing", "", true, ""},
};

static void words_are_made_ready(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 16);
		char *made = poster_words(&arena, rows[i].typed, rows[i].is_rtl);
		if (!made || strcmp(made, rows[i].made) != 0)
			fail_msg("%s: '%s'", rows[i].name, made ? made : "(none)");
	}
}

static void many_isolates_are_dropped(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 20);
	char typed[3 * 300 + 2] = "";
	for (size_t i = 0; i < 300; i++)
		memcpy(typed + 3 * i, "\u2066", 3);
	typed[900] = 'x';
	char *made = poster_words(&arena, typed, false);
	assert_non_null(made);
	assert_string_equal(made, "x");
}

static void parts_are_joined(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 16);
	const char *const parts[] = {"a", "", "b", NULL}, *const none[] = {"", NULL};
	assert_string_equal(poster_words_join(&arena, parts), "\u2068a\u2069\u00a0\u00b7 \u2068b\u2069");
	assert_string_equal(poster_words_join(&arena, none), "");
}

static void want_of_memory_is_told(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 8);
	const char *const parts[] = {"longer than eight", NULL};
	assert_null(poster_words(&arena, parts[0], false));
	assert_null(poster_words_join(&arena, parts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_made_ready),
		cmocka_unit_test(many_isolates_are_dropped),
		cmocka_unit_test(parts_are_joined),
		cmocka_unit_test(want_of_memory_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
