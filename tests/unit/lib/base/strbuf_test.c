/* SPDX-License-Identifier: MIT */
/* strbuf_test.c: the ceiling and the first error stick, and a failed buffer holds nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/strbuf.h"

#include <string.h>

static void test_appends(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf buffer;
	strbuf_init(&buffer, 10000);
	assert_string_equal(strbuf_text(&buffer), "");
	strbuf_puts(&buffer, "a");
	strbuf_putc(&buffer, 'b');
	strbuf_put(&buffer, "cXX", 1);
	strbuf_put(&buffer, NULL, 0);
	strbuf_putf(&buffer, "%d-%s", 4, "e");
	assert_string_equal(strbuf_text(&buffer), "abc4-e");
	assert_int_equal(buffer.length, 6);
	for (int i = 0; i < 3000; i++)
		strbuf_puts(&buffer, "xyz");
	assert_int_equal(buffer.length, 9006);
	assert_int_equal(strlen(strbuf_text(&buffer)), 9006);
	assert_int_equal(strbuf_error(&buffer), ERR_OK);
}

static void test_ceiling(void **state)
{
	(void) state;
	static const struct {
		const char *name, *first, *second;
		size_t ceiling;
		enum err error;
	} rows[] = {
		{"below", "abc", "de", 10, ERR_OK},
		{"exactly full", "abc", "de", 5, ERR_OK},
		{"one too many", "abc", "def", 5, ERR_TOO_BIG},
		{"nothing fits", "a", "", 0, ERR_TOO_BIG},
		{"nothing put", "", "", 0, ERR_OK},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf by_put, by_format;
		strbuf_init(&by_put, rows[i].ceiling);
		strbuf_init(&by_format, rows[i].ceiling);
		strbuf_puts(&by_put, rows[i].first);
		strbuf_puts(&by_put, rows[i].second);
		strbuf_putf(&by_format, "%s%s", rows[i].first, rows[i].second);
		if (strbuf_error(&by_put) != rows[i].error || strbuf_error(&by_format) != rows[i].error)
			fail_msg("%s: %s, %s", rows[i].name, err_name(by_put.error), err_name(by_format.error));
		strbuf_fini(&by_put);
		strbuf_fini(&by_format);
	}
}

static void test_error_sticks(void **state)
{
	(void) state;
	struct strbuf buffer;
	strbuf_init(&buffer, 8);
	strbuf_puts(&buffer, "secret");
	strbuf_puts(&buffer, "more than fits");
	assert_int_equal(strbuf_error(&buffer), ERR_TOO_BIG);
	assert_string_equal(strbuf_text(&buffer), "");
	assert_int_equal(buffer.length, 0);
	strbuf_puts(&buffer, "a");
	strbuf_putf(&buffer, "%d", 1);
	strbuf_fail(&buffer, ERR_IO);
	assert_int_equal(strbuf_error(&buffer), ERR_TOO_BIG);
	assert_string_equal(strbuf_text(&buffer), "");
	strbuf_reset(&buffer);
	strbuf_puts(&buffer, "again");
	assert_int_equal(strbuf_error(&buffer), ERR_OK);
	assert_string_equal(strbuf_text(&buffer), "again");
	strbuf_fail(&buffer, ERR_CORRUPT);
	assert_int_equal(strbuf_error(&buffer), ERR_CORRUPT);
	assert_string_equal(strbuf_text(&buffer), "");
	strbuf_fini(&buffer);
	assert_int_equal(strbuf_error(&buffer), ERR_OK);
	strbuf_fini(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_appends), cmocka_unit_test(test_ceiling),
					   cmocka_unit_test(test_error_sticks)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
