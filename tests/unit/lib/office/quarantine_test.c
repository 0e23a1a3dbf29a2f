/* SPDX-License-Identifier: MIT */
/* quarantine_test.c: what may be filed one day is found and taken out of quarantine, and nothing else is; withdrawals that have found
 * nothing wait for it. */
#include "unit/lib/office/keeping_fixture.h"

static void quarantine(struct fixture *fixture, const char *reason, const char *envelope)
{
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	assert_int_equal(office_file_quarantine(fixture->office, reason, envelope, strlen(envelope)), ERR_OK);
	assert_int_equal(office_commit(fixture->office), ERR_OK);
}

static enum err remove_row(struct fixture *fixture, int64_t row)
{
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	enum err error = office_quarantine_remove(fixture->office, row);
	assert_int_equal(office_commit(fixture->office), ERR_OK);
	return error;
}

static struct office_quarantined *next(struct fixture *fixture, int64_t after, size_t max, size_t *count)
{
	struct office_quarantined *items = NULL;
	assert_int_equal(office_quarantine_next(fixture->office, after, max, &fixture->arena, &items, count), ERR_OK);
	return items;
}

static bool file_holds(const struct fixture *fixture, const char *text)
{
	char command[256];
	snprintf(command, sizeof(command), "grep -qa '%s' %s", text, fixture->path);
	return system(command) == 0;
}

static void only_what_was_not_known_is_listed(void **state)
{
	static const struct {
		const char *reason;
		size_t listed;
	} rows[] = {{"event", 1},    {"form", 1},    {"office", 1}, {"period", 1}, {"secret", 1},
		    {"envelope", 0}, {"forged", 0},  {"letter", 0}, {"ticket", 0}, {"language", 0},
		    {"answers", 0},  {"crossed", 0}, {"refused", 0}};
	struct fixture *fixture = *state;
	size_t count;
	int64_t row = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		quarantine(fixture, rows[i].reason, rows[i].reason);
		struct office_quarantined *items = next(fixture, 0, 20, &count);
		print_message("# %s\n", rows[i].reason);
		assert_int_equal(count, i < 5 ? i + 1 : 5);
		for (size_t n = 0; n < count; n++)
			assert_false(items[n].length == strlen(rows[i].reason) && rows[i].listed == 0 &&
				     memcmp(items[n].envelope, rows[i].reason, items[n].length) == 0);
	}
	for (size_t seen = 0; seen < 5; seen++) { /* one after the other, each once */
		struct office_quarantined *items = next(fixture, row, 1, &count);
		assert_int_equal(count, 1);
		assert_true(items[0].row > row);
		row = items[0].row;
	}
	next(fixture, row, 1, &count);
	assert_int_equal(count, 0);
}

static void what_is_removed_is_gone_from_the_file(void **state)
{
	struct fixture *fixture = *state;
	size_t count;
	bool is_done;
	quarantine(fixture, "event", "mark-envelope");
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_OK);
	assert_true(file_holds(fixture, "mark-envelope"));
	int64_t row = next(fixture, 0, 1, &count)->row;
	struct office *collector = fixture_open_as(fixture, OFFICE_COLLECTOR);
	assert_int_equal(office_begin(collector), ERR_OK);
	assert_int_equal(office_quarantine_remove(collector, row), ERR_OK);
	assert_int_equal(office_commit(collector), ERR_OK);
	office_close(collector);
	assert_false(file_holds(fixture, "mark-envelope"));
	assert_int_equal(fixture_number(fixture, "SELECT unordered FROM meta"), 1);
	assert_int_equal(remove_row(fixture, row), ERR_NOT_FOUND);
}

static int64_t tombstones(struct fixture *fixture)
{
	return fixture_number(fixture, "SELECT count(*) FROM tombstone");
}

/* An office without any event that is not released knows of nothing that a receipt could still find, but for what lies in
 * quarantine. */
static void a_withdrawal_waits_for_what_lies_in_quarantine(void **state)
{
	struct fixture *fixture = *state;
	size_t count;
	fixture_release(fixture);
	fixture_withdraw(fixture, 1, false);
	assert_int_equal(tombstones(fixture), 0);
	quarantine(fixture, "forged", "one");
	fixture_withdraw(fixture, 1, false);
	assert_int_equal(tombstones(fixture), 0);
	quarantine(fixture, "event", "two");
	quarantine(fixture, "period", "three");
	fixture_withdraw(fixture, 1, false);
	assert_int_equal(tombstones(fixture), 1);
	assert_int_equal(remove_row(fixture, next(fixture, 0, 1, &count)->row), ERR_OK);
	assert_int_equal(tombstones(fixture), 1);
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1}), OFFICE_FILED_TOMBSTONED);
	fixture_withdraw(fixture, 2, false);
	assert_int_equal(tombstones(fixture), 2);
	assert_int_equal(remove_row(fixture, next(fixture, 0, 1, &count)->row), ERR_OK);
	assert_int_equal(tombstones(fixture), 1); /* the one that found its response */
}

static void a_release_leaves_it_and_expire_ends_it(void **state)
{
	struct fixture *fixture = *state;
	struct office_expired expired;
	quarantine(fixture, "event", "one");
	fixture_withdraw(fixture, 1, false);
	fixture_release(fixture);
	assert_int_equal(tombstones(fixture), 1);
	struct date day = date_add_months(date_today(), OFFICE_QUARANTINE_MONTHS);
	assert_int_equal(office_expire(fixture->office, date_from_days(date_days(day) - 1), &expired), ERR_OK);
	assert_int_equal(tombstones(fixture), 1);
	assert_int_equal(office_expire(fixture->office, day, &expired), ERR_OK);
	assert_int_equal(expired.quarantined, 1);
	assert_int_equal(tombstones(fixture), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
		EACH(only_what_was_not_known_is_listed),
		EACH(what_is_removed_is_gone_from_the_file),
		EACH(a_withdrawal_waits_for_what_lies_in_quarantine),
		cmocka_unit_test_setup_teardown(a_release_leaves_it_and_expire_ends_it, keeping_set_up,
						fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
