/* SPDX-License-Identifier: MIT */
/* keys_recovery_test.c: the recovery file is read back as it was written, however it was typed, and no typing mistake
 * of one sign gets through. The four lines are values that Python gave. */
#include "lib/envelope/keys.h"

#include <ctype.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const lines[4] = {"0710 0082 0C20 A1G7 3", "09J0 G28A 1C60 T3GF 1", "0EZH 048J 2CA1 A5GQ U",
				     "0K0H G68T 3CE1 T7GZ 2"};

static struct arena arena;

static void expected_seed(uint8_t seed[KEYS_SEED_BYTES])
{
	for (uint8_t i = 0; i < KEYS_SEED_BYTES; i++)
		seed[i] = i;
}

static const char *text_of_seed(void)
{
	uint8_t seed[KEYS_SEED_BYTES];
	char *text = NULL;
	expected_seed(seed);
	assert_int_equal(keys_recovery_text(seed, "Hall kiosk", "2026-11-21", &arena, &text), ERR_OK);
	return text;
}

static void assert_reads(const char *name, const char *text, enum err expected)
{
	uint8_t seed[KEYS_SEED_BYTES], good[KEYS_SEED_BYTES], zero[KEYS_SEED_BYTES] = {0};
	expected_seed(good);
	memset(seed, 0xee, sizeof seed);
	enum err error = keys_recovery_read(text, seed);
	if (error != expected)
		fail_msg("%s: gave %s", name, err_name(error));
	if (expected == ERR_OK)
		assert_memory_equal(seed, good, sizeof seed);
	else
		assert_true(memcmp(seed, zero, sizeof seed) == 0 || seed[0] == 0xee); /* never half a seed */
}

static void the_text_is_as_the_page_says(void **state)
{
	(void) state;
	const char *text = text_of_seed();
	assert_non_null(strstr(text, "Instance: Hall kiosk\n"));
	assert_non_null(strstr(text, "2026-11-21"));
	for (size_t i = 0; i < 4; i++)
		assert_non_null(strstr(text, lines[i]));
	assert_reads("as written", text, ERR_OK);
}

static void typed_in_other_ways(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		enum err expected;
	} rows[] = {
		{"the lines alone",
		 "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1G7 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U 0K0H G68T 3CE1 "
		 "T7GZ 2 "
		 "END-RECOVERY-KEY",
		 ERR_OK},
		{"without any space",
		 "BEGIN-RECOVERY-KEY071000820C20A1G7309J0G28A1C60T3GF10EZH048J2CA1A5GQU0K0HG68T3CE1T7GZ2END-RECOVERY-"
		 "KEY",
		 ERR_OK},
		{"lower case, o for 0, l and i for 1",
		 "BEGIN-RECOVERY-KEY\r\n\to7lo oo82 oc2o aig7 3\r\n\r\n o9jo-g28a-1c6o-t3gf-l\r\noezh o48j 2cai a5gq "
		 "u\r\n"
		 "okoh g68t 3ce1 t7gz 2\r\nEND-RECOVERY-KEY\r\n",
		 ERR_OK},
		{"two lines swapped",
		 "BEGIN-RECOVERY-KEY 09J0 G28A 1C60 T3GF 1 0710 0082 0C20 A1G7 3 0EZH 048J 2CA1 A5GQ U 0K0H G68T 3CE1 "
		 "T7GZ 2 "
		 "END-RECOVERY-KEY",
		 ERR_INVALID},
		{"a line twice",
		 "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1G7 3 0710 0082 0C20 A1G7 3 0EZH 048J 2CA1 A5GQ U 0K0H G68T 3CE1 "
		 "T7GZ 2 "
		 "END-RECOVERY-KEY",
		 ERR_INVALID},
		{"a line missing",
		 "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1G7 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U "
		 "END-RECOVERY-KEY",
		 ERR_INVALID},
		{"a sign too many",
		 "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1G7 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U 0K0H G68T 3CE1 "
		 "T7GZ 2 0 "
		 "END-RECOVERY-KEY",
		 ERR_INVALID},
		{"no marks", "0710 0082 0C20 A1G7 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U 0K0H G68T 3CE1 T7GZ 2",
		 ERR_INVALID},
		{"no end", "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1G7 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U",
		 ERR_INVALID},
		{"nothing", "", ERR_INVALID},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_reads(rows[i].name, rows[i].text, rows[i].expected);
}

/* Every sign of every line, changed to every other sign. */
static void one_wrong_sign_is_noticed(void **state)
{
	(void) state;
	static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	/* Each refusal logs its line's number: keep two thousand of them out of the test's output. */
	int kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	assert_true(kept >= 0 && dup2(nowhere, STDERR_FILENO) >= 0);
	char text[4096];
	size_t length = strlen(text_of_seed()), tried = 0;
	assert_true(length < sizeof text);
	memcpy(text, text_of_seed(), length + 1);
	char *at = strstr(text, "BEGIN-RECOVERY-KEY") + strlen("BEGIN-RECOVERY-KEY");
	for (char *end = strstr(at, "END-RECOVERY-KEY"); at < end; at++) {
		char right = *at;
		for (const char *wrong = signs; *wrong != '\0' && !isspace((unsigned char) right); wrong++) {
			*at = *wrong;
			if (*wrong != right) {
				assert_reads("one wrong sign", text, ERR_INVALID);
				tried++;
			}
		}
		*at = right;
	}
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(nowhere);
	assert_int_equal(tried, 4 * 17 * 31 + 1); /* the check sign U is not among the plain signs */
}

/* Mistakes that a check sign misses (the value changes by a multiple of 37) are found by the bytes of the hash. */
static void mistakes_that_check_are_noticed(void **state)
{
	(void) state;
	/* The first line's last 8 bytes plus 37: same check sign. */
	assert_reads("plus 37",
		     "BEGIN-RECOVERY-KEY 0710 0082 0C20 A1HC 3 09J0 G28A 1C60 T3GF 1 0EZH 048J 2CA1 A5GQ U "
		     "0K0H G68T 3CE1 T7GZ 2 END-RECOVERY-KEY",
		     ERR_INVALID);
}

static void names_are_one_line(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES] = {1};
	static const char *const bad[] = {"two\nlines", "a\ttab", "BEGIN-RECOVERY-KEY", "an END-RECOVERY-KEY", "\xff"};
	char *text = NULL;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(keys_recovery_text(seed, bad[i], "2026-11-21", &arena, &text), ERR_INVALID);
		assert_int_equal(keys_recovery_text(seed, "Hall", bad[i], &arena, &text), ERR_INVALID);
	}
}

static void fresh_seeds_come_back(void **state)
{
	(void) state;
	for (uint8_t i = 0; i < 50; i++) {
		uint8_t seed[KEYS_SEED_BYTES], back[KEYS_SEED_BYTES];
		char *text = NULL;
		keys_hash(&i, 1, seed);
		assert_int_equal(keys_recovery_text(seed, "Neuadd y dref", "2026-11-21", &arena, &text), ERR_OK);
		assert_int_equal(keys_recovery_read(text, back), ERR_OK);
		assert_memory_equal(seed, back, sizeof seed);
	}
}

static int start(void **state)
{
	(void) state;
	arena_init(&arena, 1024 * 1024);
	return keys_start() != ERR_OK;
}

static int stop(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_is_as_the_page_says), cmocka_unit_test(typed_in_other_ways),
		cmocka_unit_test(one_wrong_sign_is_noticed),    cmocka_unit_test(mistakes_that_check_are_noticed),
		cmocka_unit_test(names_are_one_line),           cmocka_unit_test(fresh_seeds_come_back),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
