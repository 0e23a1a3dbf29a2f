/* SPDX-License-Identifier: MIT */
/* audit_test.c: the audit's chain: what was changed, taken out, cut off or put elsewhere is found; what expires and what is merged is not
 * taken for it. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/audit_chain.h"

enum { LINES = 20 };

static void add_lines(struct fixture *fixture, const char *action, int count)
{
	for (int i = 0; i < count; i++) {
		char subject[16];
		snprintf(subject, sizeof(subject), "%d", i);
		assert_int_equal(office_audit_words(fixture->office, "sam", action, subject, i % 3 == 0 ? "why" : ""),
				 ERR_OK);
	}
}

static struct office_audit_head head_of(struct fixture *fixture)
{
	struct office_audit_head head;
	assert_int_equal(office_audit_head(fixture->office, &head), ERR_OK);
	return head;
}

static int64_t broken_at(struct fixture *fixture, const struct office_audit_head *head)
{
	int64_t broken = -1;
	enum err error = office_audit_verify(fixture->office, head, &broken);
	assert_int_equal(error, broken == 0 ? ERR_OK : ERR_CORRUPT);
	return broken;
}

static void lines_are_listed_newest_first(void **state)
{
	struct fixture *fixture = *state;
	struct office_audit_line *lines = NULL;
	size_t count = 0, total = 0;
	int64_t before = fixture_number(fixture, "SELECT count(*) FROM audit");
	add_lines(fixture, "mark", 5);
	assert_int_equal(office_audit_list(fixture->office, 1, 2, &fixture->arena, &lines, &count, &total), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(total, before + 5);
	assert_int_equal(lines[0].number, before + 4);
	assert_string_equal(lines[0].actor, "sam");
	assert_string_equal(lines[0].action, "mark");
	assert_string_equal(lines[0].subject, "3");
	assert_string_equal(lines[0].words, "why");
	assert_null(lines[1].words);
	assert_true(lines[0].day.year > 2000);
	struct office_audit_head head = head_of(fixture);
	assert_int_equal(head.number, before + 5);
	assert_int_equal(broken_at(fixture, &head), 0);
	assert_int_equal(broken_at(fixture, NULL), 0);
}

/* As soundings-keeping(7) says it, for whoever reckons it with other tools. */
static void a_hash_is_what_its_description_says(void **state)
{
	struct fixture *fixture = *state;
	uint8_t bytes[512], wanted[32], first[32];
	size_t length = 0;
	keeping_run(fixture, "DELETE FROM audit; DELETE FROM audit_tip");
	assert_int_equal(office_audit(fixture->office, "sam", "one", "A"), ERR_OK);
	struct office_audit_head head = head_of(fixture);
	memcpy(first, head.hash, sizeof(first));
	assert_int_equal(office_audit_words(fixture->office, "sam", "two", "", "why"), ERR_OK);
	char day[256];
	keeping_text(fixture, "SELECT max(day) FROM audit", day);
	const struct {
		const char *text;
		uint64_t number;
		const uint8_t *hash;
	} parts[] = {{"soundings/audit/1\n", 0, NULL}, {NULL, 1, NULL}, {NULL, 1, first}, {NULL, 2, NULL}};
	memcpy(bytes, parts[0].text, strlen(parts[0].text));
	length = strlen(parts[0].text);
	for (size_t i = 1; i < COUNT_OF(parts); i++) {
		for (int j = 7; j >= 0; j--)
			bytes[length++] = (uint8_t) (parts[i].number >> (8 * j));
		if (parts[i].hash != NULL) {
			memcpy(bytes + length, parts[i].hash, 32);
			length += 32;
		}
	}
	const char *const texts[] = {day, "sam", "two", "", "why"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		memset(bytes + length, 0, 8);
		bytes[length + 7] = (uint8_t) strlen(texts[i]);
		memcpy(bytes + length + 8, texts[i], strlen(texts[i]));
		length += 8 + strlen(texts[i]);
	}
	keys_hash(bytes, length, wanted);
	head = head_of(fixture);
	assert_int_equal(head.number, 2);
	assert_memory_equal(head.hash, wanted, sizeof(wanted));
}

/* What somebody who can write to the file could try. The same again with everything beside the lines put right: then the head of before tells. */
static void whatever_is_done_to_lines_is_found(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *name, *sql;
		bool needs_head; /* it looks whole by itself */
	} rows[] = {
		{"a day flipped", "UPDATE audit SET day = '2020-01-01' WHERE number = 9", false},
		{"an actor flipped", "UPDATE audit SET actor = 'ann' WHERE number = 9", false},
		{"an action flipped", "UPDATE audit SET action = 'mork' WHERE number = 9", false},
		{"a subject flipped", "UPDATE audit SET subject = '99' WHERE number = 9", false},
		{"words flipped", "UPDATE audit SET words = 'because' WHERE words IS NOT NULL AND number > 5", false},
		{"words taken away", "UPDATE audit SET words = NULL WHERE words IS NOT NULL AND number > 5", false},
		{"words added", "UPDATE audit SET words = 'why' WHERE words IS NULL AND number > 5", false},
		{"two texts run together", "UPDATE audit SET action = 'mar', actor = 'samk' WHERE number = 9", false},
		{"a hash flipped", "UPDATE audit SET hash = zeroblob(32) WHERE number = 9", false},
		{"what it comes after flipped", "UPDATE audit SET after = '7' WHERE number = 9", false},
		{"the first deleted", "DELETE FROM audit WHERE number = 1", false},
		{"one in the middle deleted", "DELETE FROM audit WHERE number = 9", false},
		{"several deleted", "DELETE FROM audit WHERE number BETWEEN 3 AND 9", false},
		{"all deleted", "DELETE FROM audit", false},
		{"the last deleted", "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)", false},
		{"two put in each other's place", "UPDATE audit SET number = -1 * number WHERE number IN (8, 9)",
		 false},
		{"their words exchanged",
		 "UPDATE audit SET subject = (SELECT b.subject FROM audit b WHERE b.number = 17 - audit.number) "
		 "WHERE number IN (8, 9)",
		 false},
		{"one added at the end",
		 "INSERT INTO audit SELECT max(number) + 1, day, actor, action, subject, words, "
		 "max(number), randomblob(32) FROM audit",
		 false},
		{"one added beside",
		 "INSERT INTO audit SELECT 1000, day, actor, action, subject, words, '', hash FROM audit "
		 "WHERE number = 1",
		 false},
		{"cut off, and the tip with it",
		 "DELETE FROM audit WHERE number > 12; DELETE FROM audit_tip; INSERT INTO audit_tip SELECT number, "
		 "hash FROM "
		 "audit WHERE number = 12",
		 true},
		{"all of it, and the tip with it", "DELETE FROM audit; DELETE FROM audit_tip", true},
		{"the first let go, with an anchor",
		 "INSERT INTO audit_anchor SELECT number, hash FROM audit WHERE number = 5; DELETE FROM audit WHERE "
		 "number <= 5",
		 false},
		{"some in the middle, with an anchor",
		 "INSERT INTO audit_anchor SELECT number, hash FROM audit WHERE number = 9; "
		 "DELETE FROM audit WHERE number BETWEEN 5 AND 9",
		 false},
		{"no hash at all", "UPDATE audit SET hash = NULL, after = NULL, subject = '99'; DELETE FROM audit_tip",
		 true},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %s\n", rows[i].name);
		struct fixture *copy = keeping_clone(fixture, "copy.db");
		add_lines(copy, "mark", LINES);
		struct office_audit_head head = head_of(copy);
		assert_int_equal(broken_at(copy, &head), 0);
		keeping_run(copy, "PRAGMA ignore_check_constraints = ON");
		sqlite3 *db = NULL;
		assert_int_equal(sqlite3_open(copy->path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL), SQLITE_OK);
		if (sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s", sqlite3_errmsg(db));
		sqlite3_close(db);
		assert_int_not_equal(broken_at(copy, &head), 0);
		assert_int_equal(broken_at(copy, NULL) == 0, rows[i].needs_head);
		keeping_close(copy);
	}
}

/* Whoever has the whole file can write a chain of their own: but not the head that was signed. */
static void a_chain_that_was_written_anew_is_not_the_one_of_the_head(void **state)
{
	struct fixture *fixture = *state;
	add_lines(fixture, "mark", LINES);
	struct office_audit_head head = head_of(fixture);
	keeping_run(fixture, "UPDATE audit SET subject = 'other' WHERE number = 9; DELETE FROM audit_tip; "
			     "UPDATE audit SET hash = NULL, after = NULL");
	assert_int_equal(office_audit(fixture->office, "sam", "mark", "more"), ERR_OK); /* chains all of it */
	assert_int_equal(broken_at(fixture, NULL), 0);
	assert_int_equal(broken_at(fixture, &head), head.number);
}

static void lines_whose_time_is_over_leave_an_anchor(void **state)
{
	struct fixture *fixture = *state;
	struct office_expired expired;
	char text[256];
	add_lines(fixture, "old", 5);
	struct office_audit_head old = head_of(fixture);
	add_lines(fixture, "new", 5);
	struct office_audit_head head = head_of(fixture);
	/* As if they had been written long ago: chained with those days. */
	keeping_run(fixture, "UPDATE audit SET hash = NULL, after = NULL; DELETE FROM audit_tip; "
			     "UPDATE audit SET day = '2020-01-01' WHERE action <> 'new'");
	assert_int_equal(office_audit(fixture->office, "sam", "new", "5"), ERR_OK);
	head = head_of(fixture);
	assert_int_equal(office_expire(fixture->office, keeping_day("2026-11-22"), &expired), ERR_OK);
	assert_int_equal(expired.audit, old.number);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'old'"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT number FROM audit_anchor"), old.number);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit_anchor"), 1);
	assert_int_equal(strlen(keeping_text(fixture, "SELECT words FROM audit WHERE action = 'expire.audit'", text)),
			 64);
	assert_int_equal(broken_at(fixture, NULL), 0);
	assert_int_equal(broken_at(fixture, &head), 0);
	assert_int_equal(broken_at(fixture, &old), old.number); /* nobody can say any more */
	/* An anchor further on would have to be told of. */
	struct fixture *copy = keeping_clone(fixture, "copy.db");
	keeping_run(
		copy,
		"DELETE FROM audit_anchor; INSERT INTO audit_anchor SELECT number, hash FROM audit WHERE subject = '2' "
		"AND action = 'new'; DELETE FROM audit WHERE action = 'new' AND subject < '3'");
	assert_int_not_equal(broken_at(copy, NULL), 0);
	keeping_close(copy);
	/* All of it at once; numbers go on. */
	head = head_of(fixture);
	assert_int_equal(office_expire(fixture->office, keeping_day("2099-01-01"), &expired), ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE actor = 'sam'"), 0);
	assert_true(fixture_number(fixture, "SELECT min(number) FROM audit") > head.number);
	assert_int_equal(broken_at(fixture, NULL), 0);
	add_lines(fixture, "mark", 3);
	assert_int_equal(broken_at(fixture, NULL), 0);
}

static void offices_that_parted_are_joined_by_the_next_line(void **state)
{
	struct fixture *here = *state;
	struct office_merged merged;
	uint64_t number;
	assert_int_equal(office_backup_begin(here->office, keeping_day("2026-11-21"), &number), ERR_OK);
	struct fixture *there = keeping_clone(here, "there.db");
	add_lines(there, "there", 5);
	struct office_audit_head theirs = head_of(there);
	assert_int_equal(office_renew(here->office, number, "/restored/1", 0), ERR_OK);
	add_lines(here, "here", 2);
	struct office_audit_head ours = head_of(here);
	assert_int_equal(office_merge(here->office, there->office, &merged), ERR_OK);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit_tip"), 2);
	assert_int_equal(broken_at(here, &theirs), 0);
	assert_int_equal(broken_at(here, &ours), 0);
	add_lines(here, "joined", 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit_tip"), 1);
	assert_int_equal(broken_at(here, &theirs), 0);
	assert_int_equal(broken_at(here, &ours), 0);
	/* The other way round, and again. */
	ours = head_of(here);
	assert_int_equal(office_merge(there->office, here->office, &merged), ERR_OK);
	assert_int_equal(office_merge(there->office, here->office, &merged), ERR_OK);
	assert_int_equal(broken_at(there, &ours), 0);
	assert_int_equal(broken_at(there, &theirs), 0);
	assert_int_equal(fixture_number(there, "SELECT count(*) FROM audit_tip"), 1);
	keeping_run(here,
		    "DELETE FROM audit WHERE action = 'there' AND subject = '4'"); /* the end of the other branch */
	assert_int_not_equal(broken_at(here, NULL), 0);
	keeping_close(there);
}

/* Two that were restored from one backup by themselves gave the same numbers to other lines. */
static void lines_that_lose_their_place_are_chained_anew(void **state)
{
	struct fixture *here = *state;
	struct office_merged merged;
	struct fixture *there = keeping_clone(here, "there.db");
	add_lines(here, "here", 2);
	add_lines(there, "there", 4);
	struct office_audit_head ours = head_of(here);
	assert_int_equal(office_merge(here->office, there->office, &merged), ERR_OK);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit WHERE action = 'there'"), 2);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit WHERE hash IS NULL"), 2);
	assert_int_equal(broken_at(here, &ours), 0);
	/* The organisers' program adds to it and changes nothing; the command line chains them. */
	struct office *organiser = fixture_open_as(here, OFFICE_ORGANISER);
	assert_int_equal(office_audit(organiser, "sam", "mark", ""), ERR_OK);
	office_close(organiser);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit WHERE hash IS NULL"), 2);
	assert_int_equal(broken_at(here, &ours), 0);
	add_lines(here, "mark", 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit WHERE hash IS NULL"), 0);
	assert_int_equal(broken_at(here, &ours), 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit_tip"), 1);
	keeping_close(there);
}

/* A merge heals nothing: what was tampered with there is broken here. */
static void a_merge_heals_nothing(void **state)
{
	struct fixture *here = *state;
	struct office_merged merged;
	struct fixture *there = keeping_clone(here, "there.db");
	add_lines(there, "there", 4);
	keeping_run(there, "UPDATE audit SET subject = '99' WHERE action = 'there' AND subject = '1'");
	assert_int_equal(office_merge(here->office, there->office, &merged), ERR_OK);
	assert_int_equal(broken_at(here, NULL), fixture_number(here, "SELECT number FROM audit WHERE subject = '99'"));
	keeping_close(there);
}

static void numbers_of_lines_before_are_read_back(void **state)
{
	(void) state;
	const struct {
		const char *after;
		enum err wanted;
		size_t count;
	} rows[] = {
		{"", ERR_OK, 0},        {"1", ERR_OK, 1},       {"80 1000050", ERR_OK, 2},
		{" 1", ERR_OK, 1},      {"1 ", ERR_CORRUPT, 1}, {"0", ERR_CORRUPT, 0},
		{"-1", ERR_CORRUPT, 0}, {"x", ERR_CORRUPT, 0},  {"1,2", ERR_CORRUPT, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t numbers[AUDIT_TIPS_MAX];
		size_t count;
		print_message("# '%s'\n", rows[i].after);
		assert_int_equal(audit_read_after(rows[i].after, numbers, &count), rows[i].wanted);
		if (rows[i].wanted == ERR_OK)
			assert_int_equal(count, rows[i].count);
	}
}

#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(lines_are_listed_newest_first),
		WITH_OFFICE(a_hash_is_what_its_description_says),
		WITH_OFFICE(whatever_is_done_to_lines_is_found),
		WITH_OFFICE(a_chain_that_was_written_anew_is_not_the_one_of_the_head),
		WITH_OFFICE(lines_whose_time_is_over_leave_an_anchor),
		WITH_OFFICE(offices_that_parted_are_joined_by_the_next_line),
		WITH_OFFICE(lines_that_lose_their_place_are_chained_anew),
		WITH_OFFICE(a_merge_heals_nothing),
		cmocka_unit_test(numbers_of_lines_before_are_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
