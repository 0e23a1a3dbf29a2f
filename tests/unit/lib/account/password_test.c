/* SPDX-License-Identifier: MIT */
/* password_test.c: which passwords are taken, and hashing: right, wrong, of nobody, of yesterday's costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/account/password.h"
#include "lib/account/totp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const context[] = {
	"sam.taylor@cps.example", "Sam Taylor", "Crown Prosecution Service", "CPS", "Soundings", NULL};

static void test_flaws(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		enum password_flaw flaw;
	} rows[] = {
		{"three calm rivers meet", PASSWORD_FINE},
		{"correct horse battery staple", PASSWORD_FINE},
		{"tri afon tawel", PASSWORD_FINE},
		{"vF9$kq2L", PASSWORD_FINE},
		{"пароль с морем", PASSWORD_FINE},
		{"the password is a long story", PASSWORD_FINE},
		{"summer rain on tin roofs", PASSWORD_FINE},
		{"7 herons, 4 boats", PASSWORD_FINE},
		{"taylor of the seven seas", PASSWORD_FINE},
		{"", PASSWORD_SHORT},
		{"seven77", PASSWORD_SHORT},
		{"пароль!", PASSWORD_SHORT},
		{"password", PASSWORD_COMMON},
		{"Password1!", PASSWORD_COMMON},
		{"P4ssw0rd", PASSWORD_COMMON},
		{"p@$$w0rd2026", PASSWORD_COMMON},
		{"passwordpassword", PASSWORD_COMMON},
		{"2026Summer!", PASSWORD_COMMON},
		{"Liverpool1", PASSWORD_COMMON},
		{"cyfrinair1", PASSWORD_COMMON},
		{"letmein!!", PASSWORD_COMMON},
		{"qwertyuiop", PASSWORD_COMMON},
		{"qwerty123456", PASSWORD_COMMON},
		{"poiuytrewq", PASSWORD_COMMON},
		{"1q2w3e4r5t", PASSWORD_COMMON},
		{"1qaz2wsx3edc", PASSWORD_COMMON},
		{"abcdefgh", PASSWORD_COMMON},
		{"abcd1234", PASSWORD_COMMON},
		{"87654321", PASSWORD_COMMON},
		{"20261122", PASSWORD_COMMON},
		{"22-11-2026", PASSWORD_COMMON},
		{"aaaaaaaaaaaaaaaaaaaa", PASSWORD_COMMON},
		{"abcabcabcabc", PASSWORD_COMMON},
		{"11223311", PASSWORD_COMMON},
		{"SamTaylor1", PASSWORD_OF_CONTEXT},
		{"taylorsam", PASSWORD_OF_CONTEXT},
		{"Taylor2026!", PASSWORD_OF_CONTEXT},
		{"t4yl0r99", PASSWORD_OF_CONTEXT},
		{"prosecution1", PASSWORD_OF_CONTEXT},
		{"Soundings1!", PASSWORD_COMMON},
		{"mysoundings1", PASSWORD_OF_CONTEXT},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum password_flaw flaw = password_flaw(rows[i].text, context, sizeof context / sizeof context[0]);
		if (flaw != rows[i].flaw)
			fail_msg("\"%s\": %d, expected %d", rows[i].text, (int) flaw, (int) rows[i].flaw);
	}
}

static void test_length(void **state)
{
	(void) state;
	static char text[PASSWORD_MAX_BYTES + 2];
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = "a quick heron "[i * i % 14];
	assert_int_equal(password_flaw(text, NULL, 0), PASSWORD_LONG);
	text[PASSWORD_MAX_BYTES] = '\0';
	assert_int_equal(password_flaw(text, NULL, 0), PASSWORD_FINE);
	text[128] = '\0';
	assert_int_equal(password_flaw(text, NULL, 0), PASSWORD_FINE);
}

static void test_verify(void **state)
{
	(void) state;
	struct gate *gate = NULL;
	char hash[PASSWORD_HASH_TEXT], other[PASSWORD_HASH_TEXT];
	assert_int_equal(gate_new(GATE_AT_ONCE, GATE_QUEUE, &gate), ERR_OK);
	assert_int_equal(password_hash(gate, "three calm rivers", hash), ERR_OK);
	assert_int_equal(password_hash(gate, "three calm rivers", other), ERR_OK);
	assert_string_not_equal(hash, other);
	/* What O1 of the security paper asks for, read from the hash itself. */
	assert_int_equal(strncmp(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31), 0);
	/* Of "three calm rivers" with the floor of O1: m = 19 MiB, t = 2. */
	static const char old[] =
		"$argon2id$v=19$m=19456,t=2,p=1$p3OUUXiZN1agiI57CfhbgQ$g4fecUn392B/nSfuUJcDoxHbB3S+3CfZ8Eh6W4bL8IU";
	static const struct {
		const char *name, *hash, *text;
		bool is_right, is_old;
	} rows[] = {
		{"right", NULL, "three calm rivers", true, false},
		{"wrong", NULL, "three calm river", false, false},
		{"with a blank behind it", NULL, "three calm rivers ", false, false},
		{"empty", NULL, "", false, false},
		{"of lower costs", old, "three calm rivers", true, true},
		{"of lower costs, wrong", old, "three", false, false},
		{"of nobody", "", "three calm rivers", false, false},
		{"a broken hash", "$argon2id$", "three calm rivers", false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool is_right = true, is_old = true;
		assert_int_equal(
			password_verify(gate, rows[i].hash ? rows[i].hash : hash, rows[i].text, &is_right, &is_old),
			ERR_OK);
		if (is_right != rows[i].is_right || is_old != rows[i].is_old)
			fail_msg("%s", rows[i].name);
	}
	bool is_right = true, is_old = true;
	assert_int_equal(password_verify(gate, NULL, "three calm rivers", &is_right, &is_old), ERR_OK);
	assert_false(is_right || is_old);
}

static double verify_ms(struct gate *gate, const char *hash)
{
	struct timespec before, after;
	bool is_right, is_old;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
	assert_int_equal(password_verify(gate, hash, "something else", &is_right, &is_old), ERR_OK);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
	return (double) (after.tv_sec - before.tv_sec) * 1e3 + (double) (after.tv_nsec - before.tv_nsec) / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

/* Nobody learns by the time whether a name exists. (The whole of sign-in is timed in tests/site.) */
static void test_same_time(void **state)
{
	(void) state;
	enum { TIMES = 7 };
	struct gate *gate = NULL;
	char hash[PASSWORD_HASH_TEXT];
	double known[TIMES], unknown[TIMES];
	assert_int_equal(gate_new(GATE_AT_ONCE, GATE_QUEUE, &gate), ERR_OK);
	assert_int_equal(password_hash(gate, "three calm rivers", hash), ERR_OK);
	for (int i = 0; i < TIMES; i++) {
		known[i] = verify_ms(gate, hash);
		unknown[i] = verify_ms(gate, NULL);
	}
	qsort(known, TIMES, sizeof known[0], compare);
	qsort(unknown, TIMES, sizeof unknown[0], compare);
	double ratio = known[TIMES / 2] / unknown[TIMES / 2];
	if (ratio < 0.8 || ratio > 1.25)
		fail_msg("%.1f ms and %.1f ms", known[TIMES / 2], unknown[TIMES / 2]);
}

static int start(void **state)
{
	(void) state;
	return totp_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flaws),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_same_time),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
