/* SPDX-License-Identifier: MIT */
/* guess_test.c: wrong PINs make somebody wait, longer and longer, and never for good; and what a day of trying comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kiosk/guess.h"

#include <sys/wait.h>
#include <unistd.h>

/* How long the next waits after so many wrong ones in a row, each as soon as it was let. */
static const int64_t waits_s[] = {0, 0, 0, 5, 10, 20, 40, 80, 120, 120, 120, 120};

static void test_waits_double(void **state)
{
	(void) state;
	struct guess guess = {0};
	int64_t now_s = 1000;
	for (size_t wrong = 0; wrong < sizeof waits_s / sizeof waits_s[0]; wrong++) {
		assert_int_equal(guess_wait_s(&guess, now_s), waits_s[wrong]);
		if (waits_s[wrong] > 0)
			assert_int_equal(guess_wait_s(&guess, now_s + waits_s[wrong] - 1), 1);
		now_s += waits_s[wrong];
		assert_int_equal(guess_wait_s(&guess, now_s), 0);
		guess_note_wrong(&guess, now_s);
	}
}

static void test_never_for_good(void **state)
{
	(void) state;
	struct guess guess = {0};
	for (int i = 0; i < 100000; i++)
		guess_note_wrong(&guess, 50);
	assert_int_equal(guess_wait_s(&guess, 50), GUESS_MOST_S);
	assert_int_equal(guess_wait_s(&guess, 50 + GUESS_MOST_S), 0);
	guess_note_right(&guess);
	assert_int_equal(guess_wait_s(&guess, 51), 0);
}

static void test_an_hour_forgets(void **state)
{
	(void) state;
	struct guess guess = {0};
	for (int i = 0; i < 8; i++)
		guess_note_wrong(&guess, 50);
	guess_note_wrong(&guess, 50 + GUESS_FORGET_S);
	assert_int_equal(guess_wait_s(&guess, 50 + GUESS_FORGET_S), 0);
	assert_int_equal(guess.wrong, 1);
}

/* Eight hours of an event, without a pause: fewer than 3 in 10,000 of the PINs of six digits. */
static void test_a_day_of_trying(void **state)
{
	(void) state;
	struct guess guess = {0};
	unsigned tries = 0;
	for (int64_t now_s = 1; now_s < 8 * 3600; now_s++)
		if (guess_wait_s(&guess, now_s) == 0) {
			guess_note_wrong(&guess, now_s);
			tries++;
		}
	print_message("%u tries in eight hours\n", tries);
	assert_in_range(tries, 200, 300);
}

/* What a worker noted before it died, the next one knows. */
static void test_workers_share(void **state)
{
	(void) state;
	struct guess *guess = NULL;
	assert_int_equal(guess_new(&guess), 0);
	pid_t pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 4; i++)
			guess_note_wrong(guess, 7);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(guess_wait_s(guess, 7), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits_double),    cmocka_unit_test(test_never_for_good),
		cmocka_unit_test(test_an_hour_forgets), cmocka_unit_test(test_a_day_of_trying),
		cmocka_unit_test(test_workers_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
