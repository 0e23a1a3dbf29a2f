/* SPDX-License-Identifier: MIT */
/* bytes_test.c: numbers as bytes, big endian, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/bytes.h"

#include <string.h>

static void test_both_ways(void **state)
{
	static const struct {
		const char *name;
		uint64_t number;
		size_t length;
		uint8_t bytes[8];
	} rows[] = {
		{"nothing in nothing", 0, 0, {0}},
		{"zero", 0, 8, {0}},
		{"one byte", 255, 1, {255}},
		{"two bytes", 258, 2, {1, 2}},
		{"the high bit of two", 0x8000, 2, {128, 0}},
		{"three bytes", 0x010203, 3, {1, 2, 3}},
		{"each byte its own", 0x0102030405060708, 8, {1, 2, 3, 4, 5, 6, 7, 8}},
		{"the largest", UINT64_MAX, 8, {255, 255, 255, 255, 255, 255, 255, 255}},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t out[9];
		memset(out, 77, sizeof out);
		bytes_put(out, rows[i].length, rows[i].number);
		if (memcmp(out, rows[i].bytes, rows[i].length) != 0 || out[rows[i].length] != 77)
			fail_msg("%s: written otherwise", rows[i].name);
		if (bytes_get(rows[i].bytes, rows[i].length) != rows[i].number)
			fail_msg("%s: read otherwise", rows[i].name);
	}
}

static void test_what_does_not_fit(void **state)
{
	uint8_t out[2];
	(void) state;
	bytes_put(out, sizeof out, 0x010203);
	assert_memory_equal(out, ((uint8_t[]){2, 3}), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_both_ways), cmocka_unit_test(test_what_does_not_fit)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
