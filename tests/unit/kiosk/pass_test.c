/* SPDX-License-Identifier: MIT */
/* pass_test.c: a pass counts for two minutes under its own key, and nothing else counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kiosk/pass.h"

#include <string.h>

static const uint8_t key[TOKEN_HASH_BYTES] = {1, 2, 3}, other[TOKEN_HASH_BYTES] = {1, 2, 4};

static void test_two_minutes(void **state)
{
	(void) state;
	char pass[PASS_TEXT];
	pass_new(key, 1000, pass);
	assert_int_equal(strlen(pass), PASS_TEXT - 1);
	assert_true(pass_is_good(key, pass, 1000));
	assert_true(pass_is_good(key, pass, 1119));
	assert_false(pass_is_good(key, pass, 1120));
	assert_false(pass_is_good(key, pass, 999999));
	assert_false(pass_is_good(other, pass, 1000));
}

/* Every sign matters: also those that say until when. */
static void test_no_other(void **state)
{
	(void) state;
	char pass[PASS_TEXT];
	pass_new(key, 1000, pass);
	for (size_t i = 0; i < PASS_TEXT - 1; i++) {
		char changed[PASS_TEXT];
		memcpy(changed, pass, sizeof changed);
		changed[i] = changed[i] == '0' ? '1' : '0';
		assert_false(pass_is_good(key, changed, 1000));
		changed[i] = '\0';
		assert_false(pass_is_good(key, changed, 1000));
	}
	static const char *const none[] = {
		"", "x", "7fffffffffffffff",
		"ffffffffffffffff0000000000000000000000000000000000000000000000000000000000000000",
		"00000000000003E80000000000000000000000000000000000000000000000000000000000000000"};
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(pass_is_good(key, none[i], 0));
	assert_false(pass_is_good(key, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_two_minutes), cmocka_unit_test(test_no_other)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
