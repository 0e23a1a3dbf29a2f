/* SPDX-License-Identifier: MIT */
/* command_test.c: what advice says before a command, as a shell would take it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "soundings/command.h"

static const struct {
	const char *name, *dir, *expected;
} rows[] = {
	{"the instance that is meant anyway", "build/instance", "soundings"},
	{"another", "hall", "soundings --instance hall"},
	{"a path", "/srv/tell-2/a_b.c", "soundings --instance /srv/tell-2/a_b.c"},
	{"a space", "town hall", "soundings --instance 'town hall'"},
	{"an apostrophe", "Ann's", "soundings --instance 'Ann'\\''s'"},
	{"what a shell would do something with", "$(id)`id`;\"*", "soundings --instance '$(id)`id`;\"*'"},
	{"no name", "", "soundings --instance ''"},
	{"and back", "build/instance", "soundings"},
};

static void advice_can_be_typed(void **state)
{
	(void) state;
	assert_string_equal(command(), "soundings");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		command_on(rows[i].dir);
		if (strcmp(command(), rows[i].expected) != 0)
			fail_msg("%s: %s", rows[i].name, command());
	}
}

/* A path that is longer than any disk takes is not cut into another one. */
static void nothing_is_cut(void **state)
{
	(void) state;
	static char path[20000];
	for (int sign = 0; sign < 2; sign++) {
		memset(path, sign ? '\'' : 'a', sizeof path - 1);
		command_on(path);
		assert_string_equal(command(), "soundings --instance DIR");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advice_can_be_typed),
		cmocka_unit_test(nothing_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
