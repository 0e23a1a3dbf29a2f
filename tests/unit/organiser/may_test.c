/* SPDX-License-Identifier: MIT */
/* may_test.c: every role, every act, own and other Areas, against a table that people wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "organiser/may.h"

/* One sign a role, in the order administrator, organiser, analyst, keyer: A everywhere, o in its own Areas alone, - nowhere. */
static const struct {
	enum act act;
	const char *roles;
} table[] = {
	{ACT_NOBODY_NEEDED, "AAAA"},  {ACT_SELF, "AAAA"},
	{ACT_EVENT_READ, "AoAo"},     {ACT_EVENT_WRITE, "Ao--"},
	{ACT_ACTION_READ, "AoA-"},    {ACT_ACTION_WRITE, "Ao--"},
	{ACT_PLACEMENT_READ, "AoA-"}, {ACT_PLACEMENT_WRITE, "Ao--"},
	{ACT_TARGET_WRITE, "A---"},   {ACT_ACCOUNTS, "A---"},
	{ACT_AUDIT, "A---"},
};

static const char *const areas[] = {"wessex", "cymru-wales"};

static void test_table(void **state)
{
	(void) state;
	assert_int_equal(sizeof table / sizeof table[0], ACT_COUNT);
	for (size_t i = 0; i < ACT_COUNT; i++) {
		assert_int_equal(table[i].act, i);
		for (int role = 0; role < ACCOUNT_ROLE_COUNT; role++) {
			const struct office_account account = {.role = (enum account_role) role,
							       .state = ACCOUNT_ACTIVE,
							       .areas = areas,
							       .areas_count = 2};
			char sign = table[i].roles[role];
			bool is_all = sign == 'A', is_own = sign == 'A' || sign == 'o';
			if (may(&account, table[i].act, "wessex") != is_own ||
			    may(&account, table[i].act, "cymru-wales") != is_own ||
			    may(&account, table[i].act, "north-east") != is_all ||
			    may(&account, table[i].act, "wes") != is_all || may(&account, table[i].act, "") != is_all ||
			    may(&account, table[i].act, NULL) != is_all ||
			    may_somewhere(&account, table[i].act) != is_own ||
			    may_everywhere(&account, table[i].act) != is_all)
				fail_msg("act %zu, role %d", i, role);
		}
	}
}

/* Nobody, the invited and the ended may do what needs nobody, and nothing else; nor is anybody without an Area an organiser of all of them. */
static void test_others(void **state)
{
	(void) state;
	const struct office_account invited = {.role = ACCOUNT_ADMINISTRATOR, .state = ACCOUNT_INVITED};
	const struct office_account ended = {.role = ACCOUNT_ADMINISTRATOR, .state = ACCOUNT_ENDED};
	const struct office_account strange = {.role = ACCOUNT_ROLE_COUNT, .state = ACCOUNT_ACTIVE};
	const struct office_account *const accounts[] = {NULL, &invited, &ended, &strange};
	for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
		assert_true(may(accounts[i], ACT_NOBODY_NEEDED, ""));
		for (int act = ACT_NOBODY_NEEDED + 1; act <= ACT_COUNT; act++) {
			assert_false(may(accounts[i], (enum act) act, "wessex"));
			assert_false(may(accounts[i], (enum act) act, ""));
			assert_false(may_somewhere(accounts[i], (enum act) act));
		}
	}
	const struct office_account bare = {.role = ACCOUNT_ORGANISER, .state = ACCOUNT_ACTIVE};
	assert_false(may(&bare, ACT_EVENT_READ, "wessex"));
	assert_false(may(&bare, ACT_EVENT_READ, ""));
	assert_false(may_somewhere(&bare, ACT_EVENT_READ));
	assert_true(may(&bare, ACT_SELF, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_others)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
