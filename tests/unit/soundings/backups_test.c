/* SPDX-License-Identifier: MIT */
/* backups_test.c: which of two backups is the newer, where lines of numbers may run side by side; what a reason means in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "soundings/backups.h"

#include <string.h>

static struct backup_file file(uint64_t number, int day, uint8_t generation)
{
	struct backup_file out = {.path = "", .number = number, .day = {.year = 2026, .month = 11, .day = day}};
	memset(out.generation, generation, sizeof out.generation);
	return out;
}

static void test_newer(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		uint64_t number, other_number;
		int day, other_day;
		uint8_t generation, other_generation;
		bool is_newer, is_older; /* the one than the other, and the other way round */
	} rows[] = {
		{"the same file twice", 7, 7, 10, 10, 1, 1, false, false},
		{"the same, whatever a copy's day says", 7, 7, 10, 11, 1, 1, false, false},
		{"the next number, the same day", 8, 7, 10, 10, 1, 1, true, false},
		{"the next number, a later day", 8, 7, 11, 10, 1, 1, true, false},
		{"of two lines: number and day agree", 8, 7, 11, 10, 2, 1, true, false},
		{"of two lines: a lower number on a later day: nobody knows", 4, 7, 20, 10, 2, 1, true, true},
		{"of two lines: the same number, a later day", 7, 7, 11, 10, 2, 1, true, false},
		{"of two lines: the same number and day: nobody knows", 7, 7, 10, 10, 2, 1, true, true},
		{"the clock was set back", 8, 7, 9, 10, 1, 1, true, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct backup_file one = file(rows[i].number, rows[i].day, rows[i].generation);
		struct backup_file other = file(rows[i].other_number, rows[i].other_day, rows[i].other_generation);
		if (backups_is_newer(&one, &other) != rows[i].is_newer)
			fail_msg("%s: the one", rows[i].name);
		if (backups_is_newer(&other, &one) != rows[i].is_older)
			fail_msg("%s: the other", rows[i].name);
	}
}

static void test_words(void **state)
{
	(void) state;
	static const char *const reasons[] = {"not-a-backup", "head", "keyset", "length", "hash", "signature"};
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		/* A reason speaks of the file only when the file is at fault. */
		assert_string_not_equal(backups_words(ERR_CORRUPT, reasons[i]), err_words(ERR_CORRUPT));
		assert_string_equal(backups_words(ERR_NOT_FOUND, reasons[i]), err_words(ERR_NOT_FOUND));
	}
	assert_string_equal(backups_words(ERR_CORRUPT, NULL), err_words(ERR_CORRUPT));
	assert_string_equal(backups_words(ERR_CORRUPT, "new"), err_words(ERR_CORRUPT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_newer), cmocka_unit_test(test_words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
