/* SPDX-License-Identifier: MIT */
/* random_test.c: ranges, evenness (bounds that fail once in a million runs), and shuffles that lose nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/random.h"

#include <string.h>

static void test_bytes(void **state)
{
	(void) state;
	uint8_t a[32] = {0}, b[32] = {0}, guard[4] = {1, 2, 3, 4};
	random_bytes(a, sizeof a);
	random_bytes(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	random_bytes(guard + 1, 0);
	assert_memory_equal(guard, ((uint8_t[]){1, 2, 3, 4}), 4);
}

static void test_below(void **state)
{
	(void) state;
	static const uint64_t bounds[] = {1, 2, 3, 31, UINT64_MAX, (UINT64_MAX >> 1) + 2};
	for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
		for (int round = 0; round < 200; round++)
			assert_true(random_below(bounds[i]) < bounds[i]);
	unsigned counts[6] = {0};
	for (int round = 0; round < 60000; round++)
		counts[random_below(6)]++;
	for (size_t i = 0; i < 6; i++)
		assert_in_range(counts[i], 9500, 10500); /* 10,000 with a deviation of 91 */
}

static void test_key(void **state)
{
	(void) state;
	int64_t all = 0;
	for (int round = 0; round < 1000; round++) {
		int64_t key = random_key();
		assert_true(key >= 1);
		all |= key;
	}
	assert_true(all > INT64_MAX / 2); /* the highest bit is used */
}

static void test_shuffle(void **state)
{
	(void) state;
	unsigned first_stays = 0, orders[6] = {0};
	for (int round = 0; round < 6000; round++) {
		char items[3][7] = {"red", "green", "blue"};
		random_shuffle(items, 3, sizeof items[0]);
		unsigned seen = 0;
		for (size_t i = 0; i < 3; i++)
			seen |= strcmp(items[i], "red") == 0     ? 1U
				: strcmp(items[i], "green") == 0 ? 2U
				: strcmp(items[i], "blue") == 0  ? 4U
								 : 8U;
		assert_int_equal(seen, 7);
		first_stays += strcmp(items[0], "red") == 0;
		orders[(items[0][0] == 'r' ? 0 : items[0][0] == 'g' ? 2 : 4) + (items[1][0] < items[2][0])]++;
	}
	assert_in_range(first_stays, 1800, 2200);
	for (size_t i = 0; i < 6; i++)
		assert_in_range(orders[i], 840, 1160);
	int one = 5;
	random_shuffle(&one, 1, sizeof one);
	random_shuffle(NULL, 0, sizeof one);
	assert_int_equal(one, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_bytes), cmocka_unit_test(test_below),
					   cmocka_unit_test(test_key), cmocka_unit_test(test_shuffle)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
