/* SPDX-License-Identifier: MIT */
/* filing_test.c: one response for one page, the highest edit of it, in whatever order envelopes come; withdrawn is
 * withdrawn; what is replaced leaves no trace. */
#include "unit/lib/office/fixture.h"

#include <jansson.h>

enum { STEPS_MAX = 6 };

/* ---- edits, ties, replays, withdrawals: rows of letters filed one after the other ---------------------------- */

struct step {
	char what; /* 'f' files, 'w' withdraws, 'r' releases, 0 ends */
	uint32_t edit;
	const char *answers;
	enum office_filed result;
};

static const char good[] = "{\"overall\":\"good\"}";
static const char poor[] = "{\"overall\":\"poor\"}";
static const char very_poor[] = "{\"overall\":\"very_poor\"}";

static const struct story {
	const char *name;
	struct step steps[STEPS_MAX];
	const char *left; /* answers that count at the end; NULL: no response */
	int64_t tombstones;
} stories[] = {
	{"once", {{'f', 0, good, OFFICE_FILED_NEW}}, good, 0},
	{"the same bytes again",
	 {{'f', 0, good, OFFICE_FILED_NEW}, {'f', 0, good, OFFICE_FILED_OLDER}, {'f', 0, good, OFFICE_FILED_OLDER}},
	 good,
	 0},
	{"an edit after the first", {{'f', 0, good, OFFICE_FILED_NEW}, {'f', 1, poor, OFFICE_FILED_REPLACED}}, poor, 0},
	{"the first after its edit", {{'f', 1, poor, OFFICE_FILED_NEW}, {'f', 0, good, OFFICE_FILED_OLDER}}, poor, 0},
	{"three edits, middle, high, low",
	 {{'f', 3, good, OFFICE_FILED_NEW},
	  {'f', 9999, poor, OFFICE_FILED_REPLACED},
	  {'f', 0, very_poor, OFFICE_FILED_OLDER}},
	 poor,
	 0},
	{"a tie, greater bytes second",
	 {{'f', 2, good, OFFICE_FILED_NEW}, {'f', 2, poor, OFFICE_FILED_REPLACED}},
	 poor,
	 0},
	{"a tie, greater bytes first", {{'f', 2, poor, OFFICE_FILED_NEW}, {'f', 2, good, OFFICE_FILED_OLDER}}, poor, 0},
	{"a tie of three",
	 {{'f', 0, poor, OFFICE_FILED_NEW},
	  {'f', 0, very_poor, OFFICE_FILED_REPLACED},
	  {'f', 0, good, OFFICE_FILED_OLDER}},
	 very_poor,
	 0},
	{"withdrawn", {{'f', 0, good, OFFICE_FILED_NEW}, {'w', 0, NULL, 0}}, NULL, 1},
	{"withdrawn twice", {{'f', 0, good, OFFICE_FILED_NEW}, {'w', 0, NULL, 0}, {'w', 0, NULL, 0}}, NULL, 1},
	{"a replay after withdrawal",
	 {{'f', 0, good, OFFICE_FILED_NEW}, {'w', 0, NULL, 0}, {'f', 0, good, OFFICE_FILED_SEEN}},
	 NULL,
	 1},
	{"a later edit after withdrawal",
	 {{'f', 0, good, OFFICE_FILED_NEW}, {'w', 0, NULL, 0}, {'f', 7, poor, OFFICE_FILED_SEEN}},
	 NULL,
	 1},
	{"the withdrawal first", {{'w', 0, NULL, 0}, {'f', 0, good, OFFICE_FILED_TOMBSTONED}}, NULL, 1},
	{"the withdrawal first, then edits",
	 {{'w', 0, NULL, 0}, {'f', 0, good, OFFICE_FILED_TOMBSTONED}, {'f', 1, poor, OFFICE_FILED_SEEN}},
	 NULL,
	 1},
	{"a replay after release",
	 {{'f', 0, good, OFFICE_FILED_NEW}, {'r', 0, NULL, 0}, {'f', 0, good, OFFICE_FILED_SEEN}},
	 good,
	 0},
	{"an edit after release",
	 {{'f', 0, good, OFFICE_FILED_NEW}, {'r', 0, NULL, 0}, {'f', 1, poor, OFFICE_FILED_SEEN}},
	 good,
	 0},
	{"a withdrawal after release",
	 {{'f', 0, good, OFFICE_FILED_NEW}, {'r', 0, NULL, 0}, {'w', 0, NULL, 0}},
	 good,
	 0},
	{"a late response",
	 {{'r', 0, NULL, 0}, {'f', 0, good, OFFICE_FILED_NEW}, {'f', 1, poor, OFFICE_FILED_REPLACED}},
	 poor,
	 0},
	{"a withdrawal whose response never came", {{'w', 0, NULL, 0}, {'r', 0, NULL, 0}}, NULL, 0},
	{"withdrawn first, found, released",
	 {{'w', 0, NULL, 0}, {'f', 0, good, OFFICE_FILED_TOMBSTONED}, {'r', 0, NULL, 0}},
	 NULL,
	 1},
};

static void run_story(struct fixture *fixture, const struct story *story)
{
	for (const struct step *step = story->steps; step < story->steps + STEPS_MAX && step->what != 0; step++) {
		if (step->what == 'w')
			fixture_withdraw(fixture, 1, false);
		else if (step->what == 'r')
			fixture_release(fixture);
		else
			assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1,
										       .edit = step->edit,
										       .answers = step->answers}),
					 step->result);
	}
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), story->left != NULL);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM apart"), story->left != NULL);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone"), story->tombstones);
	if (story->left != NULL) {
		char sql[128];
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM response WHERE answers = '%s'", story->left);
		assert_int_equal(fixture_number(fixture, sql), 1);
	}
}

static void each_story_ends_as_it_should(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		void *fixture;
		print_message("# %s\n", stories[i].name);
		fixture_set_up(&fixture);
		run_story(fixture, &stories[i]);
		fixture_tear_down(&fixture);
	}
}

/* Whatever the order of four letters of one id, the same one counts. */
static void order_never_matters(void **state)
{
	struct fixture *fixture = *state;
	static const struct fixture_letter letters[] = {
		{.edit = 0, .answers = good},
		{.edit = 1, .answers = good, .language = "cy"},
		{.edit = 1, .answers = poor, .text = "zz", .canonical = "{\"better\":\"zz\",\"overall\":\"poor\"}"},
		{.edit = 1, .answers = good, .variant = "easy"},
	};
	unsigned person = 100;
	for (unsigned order = 0; order < 256; order++) { /* every way to draw four, repeats too */
		bool drawn[4] = {false};
		for (unsigned i = 0; i < 4; i++)
			drawn[order >> (2 * i) & 3] = true;
		if (!drawn[0] || !drawn[1] || !drawn[2] || !drawn[3])
			continue;
		person++;
		for (unsigned i = 0; i < 4; i++) {
			struct fixture_letter letter = letters[order >> (2 * i) & 3];
			letter.person = person;
			fixture_file(fixture, letter);
		}
	}
	/* Of edit 1 the bytes that begin with "better" are less than those that begin with "overall"; of the two that are
	 * left, which differ in their face alone, "en" is greater than "cy". */
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 24);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM apart WHERE variant = 'easy'"), 24);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM free_text"), 0);
}

/* ---- traces -------------------------------------------------------------------------------------------------- */

static bool file_holds(const char *path, const char *text)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	static char bytes[8 << 20];
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	assert_true(length < sizeof(bytes));
	fclose(file);
	return memmem(bytes, length, text, strlen(text)) != NULL;
}

static bool office_holds(struct fixture *fixture, const char *text)
{
	char journal[128];
	snprintf(journal, sizeof(journal), "%s-journal", fixture->path);
	return file_holds(fixture->path, text) || (access(journal, F_OK) == 0 && file_holds(journal, text));
}

static struct fixture_letter marked(uint32_t edit)
{
	return (struct fixture_letter){
		.person = 1,
		.edit = edit,
		.answers = "{\"overall\":\"MARKANSWER\"}",
		.apart = "{\"age_band\":\"MARKAPART\"}",
		.text = "MARKTEXT",
		.apart_text = "MARKBELIEF",
		.canonical = "{\"age_band\":\"MARKAPART\",\"belief\":\"MARKBELIEF\",\"better\":\"MARKTEXT\","
			     "\"overall\":\"MARKANSWER\"}",
	};
}

static void nothing_is_left_of(struct fixture *fixture)
{
	static const char *const marks[] = {"MARKANSWER", "MARKAPART", "MARKTEXT", "MARKBELIEF"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		assert_false(office_holds(fixture, marks[i]));
}

static void a_replaced_response_leaves_no_trace(void **state)
{
	struct fixture *fixture = *state;
	fixture_file(fixture, marked(0));
	assert_true(office_holds(fixture, "MARKANSWER"));
	assert_true(office_holds(fixture, "MARKBELIEF"));
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM free_text"), 2);
	assert_int_equal(fixture_file(fixture, marked(0)), OFFICE_FILED_OLDER); /* the join gives the very bytes */
	int64_t row = fixture_number(fixture, "SELECT row FROM response");
	int64_t apart = fixture_number(fixture, "SELECT row FROM apart");
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1, .edit = 1}), OFFICE_FILED_REPLACED);
	nothing_is_left_of(fixture);
	assert_int_not_equal(fixture_number(fixture, "SELECT row FROM response"), row);
	assert_int_not_equal(fixture_number(fixture, "SELECT row FROM apart"), apart);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM free_text"), 0);
}

/* jansson's n-th allocation fails, or all from the n-th on. */
static size_t allocations_left;
static bool is_for_good;

static void *failing_malloc(size_t size)
{
	if (allocations_left == 0 && is_for_good)
		return NULL;
	return allocations_left-- == 0 ? NULL : malloc(size);
}

/* Or the collector would end as it does over a damaged office, or take the same answers for others, when the machine is only short of memory. */
static void fail_allocations(struct fixture *fixture, struct fixture_letter letter, bool for_good)
{
	enum err error = ERR_NOMEM;
	is_for_good = for_good;
	for (size_t n = 0; error != ERR_OK && n < 1000; n++) {
		enum office_filed filed = OFFICE_FILED_COUNT;
		assert_int_equal(office_begin(fixture->office), ERR_OK);
		allocations_left = n;
		json_set_alloc_funcs(failing_malloc, free);
		error = fixture_put(fixture, fixture->office, &letter, &filed);
		json_set_alloc_funcs(malloc, free);
		office_rollback(fixture->office);
		assert_true(error == ERR_NOMEM || (error == ERR_OK && filed == OFFICE_FILED_OLDER));
	}
	assert_int_equal(error, ERR_OK);
}

static void want_of_memory_is_no_damage(void **state)
{
	/* Long enough for the text to grow several times, once while a key is written. */
	static const char answers[] =
		"{\"a_question_with_a_long_name\":\"good\",\"b_question_with_a_long_name\":\"good\","
		"\"c_question_with_a_long_name\":\"good\",\"d_question_with_a_long_name\":\"good\","
		"\"e_question_with_a_long_name\":\"good\",\"f_question_with_a_long_name\":\"good\"}";
	const struct fixture_letter letter = {.person = 1, .answers = answers};
	assert_int_equal(fixture_file(*state, letter), OFFICE_FILED_NEW);
	fail_allocations(*state, letter, true);
	fail_allocations(*state, letter, false);
}

static void a_withdrawn_response_leaves_no_trace(void **state)
{
	struct fixture *fixture = *state;
	fixture_file(fixture, marked(0));
	fixture_withdraw(fixture, 1, false);
	nothing_is_left_of(fixture);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM link"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM seen"), 1);
}

static void the_halves_lie_apart(void **state)
{
	struct fixture *fixture = *state;
	struct fixture_letter letter = marked(0);
	letter.variant = "easy";
	letter.mode = "kiosk";
	fixture_file(fixture, letter);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response r, apart a WHERE r.row = a.row"), 0);
	assert_int_equal(
		fixture_number(fixture, "SELECT count(*) FROM apart WHERE variant = 'easy' AND mode = 'kiosk'"), 1);
	assert_int_equal(
		fixture_number(fixture, "SELECT count(*) FROM free_text WHERE field = 'belief' AND response IS NULL"),
		1);
	assert_int_equal(
		fixture_number(fixture, "SELECT count(*) FROM free_text WHERE field = 'better' AND apart IS NULL"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM link JOIN response ON response = row"), 1);
}

/* ---- tombstones ---------------------------------------------------------------------------------------------- */

static void a_tombstone_waits_for_every_event(void **state)
{
	struct fixture *fixture = *state;
	char *second = fixture_add_event(fixture, false, EVENT_OPEN);
	uint32_t release;
	size_t responses;
	fixture_withdraw(fixture, 1, false);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone_waits"),
			 2); /* not the practice event */
	fixture_release(fixture);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone"), 1);
	fixture_add_event(fixture, false, EVENT_OPEN); /* later than the withdrawal: not waited for */
	assert_int_equal(office_event_set_state(fixture->office, second, EVENT_CLOSED, 0), ERR_OK);
	assert_int_equal(office_event_release(fixture->office, second, &release, &responses), ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone"), 0);
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1}), OFFICE_FILED_NEW);
}

static void a_practice_tombstone_waits_for_practice(void **state)
{
	struct fixture *fixture = *state;
	fixture_withdraw(fixture, 1, true);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone_waits"), 1);
	fixture_release(fixture);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone"), 1);
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1, .is_practice = true}),
			 OFFICE_FILED_TOMBSTONED);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone_waits"), 0);
}

static void a_receipt_given_twice_withdraws_both(void **state)
{
	struct fixture *fixture = *state;
	/* Ids of two people, one receipt: only a forger makes that, and it must not get in the way. */
	struct letter letter = {.event = fixture->event,
				.form = "conversation",
				.version = 1,
				.language = "en",
				.variant = "",
				.mode = "phone"};
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	for (unsigned person = 1; person <= 2; person++) {
		struct office_response response = {
			.letter = &letter, .answers = good, .apart_answers = "{}", .canonical = good};
		enum office_filed result;
		memcpy(response.period, fixture_period, KEYS_ID_BYTES);
		fixture_key(person, 'i', response.keyed_id);
		fixture_key(1, 'w', response.keyed_withdraw);
		assert_int_equal(office_file_response(fixture->office, &response, &result), ERR_OK);
		assert_int_equal(result, OFFICE_FILED_NEW);
	}
	assert_int_equal(office_commit(fixture->office), ERR_OK);
	fixture_withdraw(fixture, 1, false);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 0);
}

/* ---- what is refused ----------------------------------------------------------------------------------------- */

static void an_id_of_another_event_is_crossed(void **state)
{
	struct fixture *fixture = *state;
	char *second = fixture_add_event(fixture, false, EVENT_OPEN);
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1, .edit = 5, .event = second}),
			 OFFICE_FILED_CROSSED);
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1, .edit = 5, .form = "other"}),
			 OFFICE_FILED_CROSSED);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM link WHERE edit = 0"), 1);
}

static void what_the_office_lacks_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *name;
		struct fixture_letter letter;
		enum err error;
	} rows[] = {
		{"an event", {.person = 1, .event = "ZZZZZ9"}, ERR_NOT_FOUND},
		{"a form", {.person = 1, .form = "unknown"}, ERR_NOT_FOUND},
		{"answers that are no object", {.person = 1, .answers = "good"}, ERR_CONFLICT},
		{"a mode", {.person = 1, .mode = "pigeon"}, ERR_CONFLICT},
		{"an edit", {.person = 1, .edit = 10000}, ERR_CONFLICT},
	};
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum office_filed result;
		print_message("# %s\n", rows[i].name);
		assert_int_equal(fixture_put(fixture, fixture->office, &rows[i].letter, &result), rows[i].error);
	}
	enum office_filed result;
	struct fixture_letter fine = {.person = 2};
	assert_int_equal(fixture_put(fixture, fixture->office, &fine, &result), ERR_OK); /* the batch goes on */
	assert_int_equal(office_commit(fixture->office), ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM seen"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM apart"), 1);
}

static void a_batch_is_all_or_nothing(void **state)
{
	struct fixture *fixture = *state;
	enum office_filed result;
	struct fixture_letter letter = {.person = 1};
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	assert_int_equal(fixture_put(fixture, fixture->office, &letter, &result), ERR_OK);
	assert_int_equal(office_file_quarantine(fixture->office, "forged", "bytes", 5), ERR_OK);
	office_rollback(fixture->office);
	assert_int_equal(fixture_number(fixture,
					"SELECT (SELECT count(*) FROM response) + (SELECT count(*) FROM quarantine) + "
					"(SELECT count(*) FROM seen)"),
			 0);
	assert_int_equal(fixture_file(fixture, letter), OFFICE_FILED_NEW);
}

static void quarantine_keeps_each_envelope_once(void **state)
{
	struct fixture *fixture = *state;
	size_t count = 0;
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	assert_int_equal(office_file_quarantine(fixture->office, "forged", "one", 3), ERR_OK);
	assert_int_equal(office_file_quarantine(fixture->office, "forged", "one", 3), ERR_OK);
	assert_int_equal(office_file_quarantine(fixture->office, "answers", "two", 3), ERR_OK);
	assert_int_equal(office_file_quarantine(fixture->office, "Not a word", "three", 5), ERR_CONFLICT);
	assert_int_equal(office_commit(fixture->office), ERR_OK);
	assert_int_equal(office_quarantine_count(fixture->office, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM quarantine WHERE envelope = CAST('one' AS BLOB) "
						 "AND reason = 'forged' AND length(day) = 10"),
			 1);
}

static void an_id_is_known_by_its_key(void **state)
{
	struct fixture *fixture = *state;
	uint8_t keyed[32];
	bool is_seen = true;
	fixture_key(1, 'i', keyed);
	assert_int_equal(office_is_seen(fixture->office, keyed, &is_seen), ERR_OK);
	assert_false(is_seen);
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	assert_int_equal(office_is_seen(fixture->office, keyed, &is_seen), ERR_OK);
	assert_true(is_seen);
	fixture_key(2, 'i', keyed);
	assert_int_equal(office_is_seen(fixture->office, keyed, &is_seen), ERR_OK);
	assert_false(is_seen);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_story_ends_as_it_should),
		EACH(order_never_matters),
		EACH(a_replaced_response_leaves_no_trace),
		EACH(a_withdrawn_response_leaves_no_trace),
		EACH(want_of_memory_is_no_damage),
		EACH(the_halves_lie_apart),
		EACH(a_tombstone_waits_for_every_event),
		EACH(a_practice_tombstone_waits_for_practice),
		EACH(a_receipt_given_twice_withdraws_both),
		EACH(an_id_of_another_event_is_crossed),
		EACH(what_the_office_lacks_changes_nothing),
		EACH(a_batch_is_all_or_nothing),
		EACH(quarantine_keeps_each_envelope_once),
		EACH(an_id_is_known_by_its_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
