/* SPDX-License-Identifier: MIT */
/* sheet_test.c: what a sheet takes and refuses, that it is one page, and that its file tells a day and nothing else. That the code decodes
 * and the lines are read from paper is shown by tests/site/shares.test.mjs with real readers. */
#include "lib/print/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { OUT_MAX = 2 << 20 };

/* Fonts are kept by fontconfig until the program ends: the leak checker (where there is one) asks this. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}

static const char *const words[] = {"A paragraph.", NULL};
static const char *const none[] = {NULL};
static char long_text[20000], long_word[100], block_too_large[1200];
static const char *const many_words[] = {long_text, NULL};

static struct sheet_section sections[] = {
	{.heading = "What this is", .paragraphs = words},
	{.heading = "What to do", .paragraphs = words, .is_numbered = true, .typed = "soundings restore"},
};

static const struct sheet plain = {
	.title = "A sheet",
	.lead = "One sentence.",
	.letter = "A",
	.day = "2026-11-21",
	.facts = {{"Instance", "hall"}, {"Made on", "2026-11-21"}},
	.sections = sections,
	.sections_count = 2,
	.sections_before_code = 1,
	.block = "BEGIN\nK7QX 9M2T 4WRB 6HD3 5\nEND\n",
};

static int set_up(void **state)
{
	(void) state;
	for (size_t i = 0; i + 1 < sizeof long_text; i++)
		long_text[i] = i % 6 == 5 ? ' ' : 'w';
	memset(long_word, 'w', sizeof long_word - 1);
	memset(block_too_large, 'B', sizeof block_too_large - 1);
	return 0;
}

static void assert_draws(const char *name, const struct sheet *sheet, enum err expected)
{
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, OUT_MAX);
	enum err error = sheet_draw(sheet, &out);
	if (error != expected)
		fail_msg("%s: gave %d, not %d", name, error, expected);
	if (expected == ERR_OK && (out.length < 1000 || memcmp(out.data, "%PDF-1.", 7) != 0))
		fail_msg("%s: no PDF", name);
}

static void sheets_are_drawn(void **state)
{
	(void) state;
	struct sheet sheet = plain;
	assert_draws("plain", &sheet, ERR_OK);
	sheet.letter = NULL;
	assert_draws("without a letter", &sheet, ERR_OK);
	sheet.facts[0].value = long_word;
	assert_draws("a word wider than its place", &sheet, ERR_OK);
	sheet = plain;
	sheet.facts[0].value = "Neuadd y Gŵyl আমার";
	assert_draws("other alphabets", &sheet, ERR_OK);
	sheet = plain;
	memset(sheet.facts, 0, sizeof sheet.facts);
	assert_draws("without facts", &sheet, ERR_OK);
	sheet = plain;
	sheet.block = "no line end";
	assert_draws("one line, not ended", &sheet, ERR_OK);
	sheet.sections_count = sheet.sections_before_code = 0;
	assert_draws("without sections", &sheet, ERR_OK);
	const struct sheet_section empty = {.heading = "", .paragraphs = none};
	sheet.sections = &empty;
	sheet.sections_count = 1;
	assert_draws("an empty section", &sheet, ERR_OK);
}

static void sheets_are_refused(void **state)
{
	(void) state;
	const struct sheet_section too_much[] = {{.heading = "Much", .paragraphs = many_words}};
	struct sheet sheet = plain;
	sheet.sections = too_much;
	sheet.sections_count = sheet.sections_before_code = 1;
	assert_draws("more words than a page takes", &sheet, ERR_TOO_BIG);
	sheet = plain;
	sheet.block = block_too_large;
	assert_draws("more than a code takes", &sheet, ERR_TOO_BIG);
	sheet.block = "";
	assert_draws("nothing for the code", &sheet, ERR_INVALID);
	sheet = plain;
	sheet.facts[0].value = "h\xC3ll";
	assert_draws("a fact in another encoding", &sheet, ERR_INVALID);
	sheet = plain;
	sheet.title = "\xff";
	assert_draws("a title in another encoding", &sheet, ERR_INVALID);
	sheet = plain;
	sheet.block = "\xff";
	assert_draws("a block in another encoding", &sheet, ERR_INVALID);
	sheet = plain;
	sheet.day = "today";
	assert_draws("a day that is none", &sheet, ERR_INVALID);
}

static void a_full_buffer_is_told(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1000);
	assert_int_equal(sheet_draw(&plain, &out), ERR_TOO_BIG);
	assert_int_equal(out.length, 0);
}

static void the_file_tells_a_day_only(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out, again;
	strbuf_init(&out, OUT_MAX);
	strbuf_init(&again, OUT_MAX);
	assert_int_equal(sheet_draw(&plain, &out), ERR_OK);
	assert_int_equal(sheet_draw(&plain, &again), ERR_OK);
	assert_int_equal(out.length, again.length);
	assert_memory_equal(out.data, again.data, out.length); /* nothing of the clock or of chance */
	const char *date = memmem(out.data, out.length, "/CreationDate (", 15);
	assert_non_null(date);
	date += 15;
	if (strncmp(date, "D:", 2) == 0)
		date += 2;
	assert_memory_equal(date, "20261121)", 9);
	assert_null(memmem(out.data, out.length, "/ModDate", 8));
	assert_null(memmem(out.data, out.length, "/Author", 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sheets_are_drawn),
		cmocka_unit_test(sheets_are_refused),
		cmocka_unit_test(a_full_buffer_is_told),
		cmocka_unit_test(the_file_tells_a_day_only),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
