/* SPDX-License-Identifier: MIT */
/* err_test.c: every failure has a name, a sentence, an HTTP status and an exit code, and they are told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/err.h"

#include <string.h>
#include <sysexits.h>

static const struct row {
	const char *name;
	enum err error;
	int http_status;
	int exit_code;
} rows[] = {
	{"ok", ERR_OK, 200, EX_OK},
	{"no_memory", ERR_NOMEM, 503, EX_OSERR},
	{"not_found", ERR_NOT_FOUND, 404, EX_NOINPUT},
	{"conflict", ERR_CONFLICT, 409, EX_CANTCREAT},
	{"busy", ERR_BUSY, 503, EX_TEMPFAIL},
	{"too_big", ERR_TOO_BIG, 413, EX_DATAERR},
	{"invalid", ERR_INVALID, 400, EX_DATAERR},
	{"denied", ERR_DENIED, 403, EX_NOPERM},
	{"full", ERR_FULL, 503, EX_IOERR},
	{"io", ERR_IO, 503, EX_IOERR},
	{"corrupt", ERR_CORRUPT, 500, EX_DATAERR},
};

static void test_each_failure(void **state)
{
	(void) state;
	assert_int_equal(sizeof rows / sizeof rows[0], ERR_COUNT);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_string_equal(err_name(rows[i].error), rows[i].name);
		assert_int_equal(err_http_status(rows[i].error), rows[i].http_status);
		assert_int_equal(err_exit_code(rows[i].error), rows[i].exit_code);
		assert_true(strlen(err_words(rows[i].error)) > 5);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(err_words(rows[i].error), err_words(rows[j].error));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_failure)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
