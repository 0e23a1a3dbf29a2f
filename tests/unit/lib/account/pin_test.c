/* SPDX-License-Identifier: MIT */
/* pin_test.c: which PINs are refused, and that few are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/account/pin.h"

#include <stdio.h>

static const struct row {
	const char *text;
	enum pin_flaw flaw;
} rows[] = {
	{"", PIN_NO_DIGITS},       {"12345a", PIN_NO_DIGITS},  {"12 4456", PIN_NO_DIGITS},  {"-204817", PIN_NO_DIGITS},
	{"١٢٣٤٥٦", PIN_NO_DIGITS}, {"48207", PIN_SHORT},       {"4820719365281", PIN_LONG}, {"000000", PIN_COMMON},
	{"112211", PIN_COMMON},    {"123456", PIN_COMMON},     {"654321", PIN_COMMON},      {"890123", PIN_COMMON},
	{"246802", PIN_COMMON},    {"123123", PIN_COMMON},     {"12312312", PIN_COMMON},    {"989898", PIN_COMMON},
	{"204817", PIN_FINE},      {"482071936528", PIN_FINE}, {"112358", PIN_FINE},
};

static void test_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (pin_flaw(rows[i].text) != rows[i].flaw)
			fail_msg("\"%s\": %d", rows[i].text, (int) pin_flaw(rows[i].text));
}

/* Of a million PINs of six digits not one in two hundred is refused: guessing gains nothing from the rules. */
static void test_few_are_refused(void **state)
{
	(void) state;
	unsigned refused = 0;
	for (unsigned i = 0; i < 1000000; i++) {
		char text[8];
		snprintf(text, sizeof text, "%06u", i);
		refused += pin_flaw(text) != PIN_FINE;
	}
	print_message("%u of a million are refused\n", refused);
	assert_in_range(refused, 1000, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_few_are_refused)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
