/* SPDX-License-Identifier: MIT */
/* qr_test.c: addresses, refusals, and the quiet zone. That the codes decode is shown by tests/site/qr.test.mjs with a real decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/print/qr.h"

static void test_address(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 16);
	char *address = NULL;
	assert_int_equal(qr_address("https://tell.example.org/", "E4K7QX", &arena, &address), ERR_OK);
	assert_string_equal(address, "HTTPS://TELL.EXAMPLE.ORG/E4K7QX");
	assert_int_equal(qr_address("https://tell.example.org/a_b", "E4K7QX", &arena, &address), ERR_INVALID);
}

static void test_refuses(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1 << 20);
	assert_int_equal(qr_draw("lower case", QR_TEXT, 0, false, &out), ERR_INVALID);
	assert_int_equal(qr_draw("", QR_TEXT, 0, false, &out), ERR_INVALID);
	assert_int_equal(qr_draw("A", QR_PNG, 3, false, &out), ERR_INVALID);
	char large[1000];
	memset(large, 'A', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	assert_int_equal(qr_draw(large, QR_TEXT, 0, false, &out), ERR_TOO_BIG);
}

/* On a light terminal dark modules are the blocks: the first two lines (4 modules) and the first 4 columns stay blank. */
static void test_quiet_zone(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1 << 20);
	assert_int_equal(qr_draw("HTTP://127.0.0.1:8080/E4K7QX", QR_TEXT, 0, false, &out), ERR_OK);
	const char *line = strbuf_text(&out);
	size_t width = strcspn(line, "\n");
	assert_int_equal(strspn(line, " "), width);
	assert_int_equal(strspn(line + width + 1, " "), width);
	line += 2 * (width + 1);
	assert_int_equal(strspn(line, " "), QR_QUIET_MODULES);
}

static void test_formats(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1 << 20);
	assert_int_equal(qr_draw("HTTP://A/E4K7QX", QR_PNG, 8, false, &out), ERR_OK);
	assert_memory_equal(strbuf_text(&out), "\x89PNG", 4);
	strbuf_reset(&out);
	assert_int_equal(qr_draw("HTTP://A/E4K7QX", QR_SVG, 0, false, &out), ERR_OK);
	assert_non_null(strstr(strbuf_text(&out), "<svg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_quiet_zone),
		cmocka_unit_test(test_formats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
