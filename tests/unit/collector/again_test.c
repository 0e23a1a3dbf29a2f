/* SPDX-License-Identifier: MIT */
/* again_test.c: whoever was thanked and then stuck in quarantine, because nobody knew the event, is filed once somebody does: once, not
 * before, and not when it was withdrawn or its days are over. With the real collector, which does it at start and after each
 * new catalogue. */
#include "unit/collector/fake_spooler.h"

#include <sysexits.h>

enum { PATIENCE_MS = 20000 };

static void run_sql(const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("office/office.db", &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* The rig's first event has not been made yet: it takes another code until know_event. */
static void hide_event(struct rig *rig)
{
	char sql[640];
	snprintf(sql, sizeof(sql),
		 "BEGIN; PRAGMA defer_foreign_keys = ON; UPDATE event SET code = 'ZZZZZ9' WHERE code = '%s'; "
		 "UPDATE event_language SET event = 'ZZZZZ9' WHERE event = '%s'; "
		 "UPDATE event_form SET event = 'ZZZZZ9' WHERE event = '%s'; "
		 "UPDATE event_served SET event = 'ZZZZZ9' WHERE event = '%s'; COMMIT",
		 rig->event, rig->event, rig->event, rig->event);
	run_sql(sql);
}

static void know_event(struct rig *rig)
{
	char sql[640];
	snprintf(sql, sizeof(sql),
		 "BEGIN; PRAGMA defer_foreign_keys = ON; UPDATE event SET code = '%s' WHERE code = 'ZZZZZ9'; "
		 "UPDATE event_language SET event = '%s' WHERE event = 'ZZZZZ9'; "
		 "UPDATE event_form SET event = '%s' WHERE event = 'ZZZZZ9'; "
		 "UPDATE event_served SET event = '%s' WHERE event = 'ZZZZZ9'; COMMIT",
		 rig->event, rig->event, rig->event, rig->event);
	run_sql(sql);
}

static bool wait_for(struct fake *fake, struct rig *rig, const char *sql, int64_t wanted)
{
	for (int i = 0; i < PATIENCE_MS / 50; i++) {
		if (rig_number(sql) == wanted)
			return true;
		fake_step(fake, rig, 50);
	}
	return false;
}

/* COUNT people are thanked for an event that the office does not know. */
static struct fake *quarantined(struct rig *rig, unsigned count)
{
	struct fake *fake = fake_new();
	hide_event(rig);
	rig_publish(rig);
	for (unsigned person = 0; person < count; person++) {
		struct letter letter = rig_letter(rig, person);
		fake_add(fake, rig, &letter, RIG_ORDINARY);
	}
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, count));
	assert_true(wait_for(fake, rig, "SELECT count(*) FROM quarantine WHERE reason = 'event'", count));
	run_sql("UPDATE quarantine SET day = '2026-02-03'");
	return fake;
}

static const char responses[] = "SELECT count(*) FROM response";
static const char left[] = "SELECT count(*) FROM quarantine WHERE day = '2026-02-03'";

static void a_new_catalogue_files_them(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = quarantined(rig, 7);
	rig_publish(rig); /* one that knows no more */
	fake_serve(fake, rig, 3000, 99);
	assert_int_equal(rig_number(left), 7);
	know_event(rig);
	rig_publish(rig);
	assert_true(wait_for(fake, rig, responses, 7));
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_true(fake_log_has("event=collector.unquarantined count=\"5 to 9\""));
	assert_int_equal(rig_number("SELECT unordered FROM meta"), 0);
	/* The spool still has them: they come again, and are the same. */
	for (size_t i = 0; i < fake->items_count; i++)
		fake->items[i].is_filed = false;
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 7));
	assert_int_equal(rig_number(responses), 7);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void a_start_files_them(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = quarantined(rig, 5);
	assert_int_equal(fake_stop(fake), EX_OK);
	know_event(rig);
	rig_publish(rig);
	fake_start(fake);
	assert_true(wait_for(fake, rig, responses, 5));
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

/* More than fit into one round, among others that will never be filed. */
static void many_are_filed_in_steps_and_forgeries_stay(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = quarantined(rig, 5);
	struct rig_envelope *envelope = arena_array(&rig->arena, 1, struct rig_envelope);
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_int_equal(office_begin(rig->office), ERR_OK);
	for (unsigned person = 5; person < 205; person++) {
		struct letter letter = rig_letter(rig, person);
		if (person % 2 == 0)
			letter.event = "YYYYY8"; /* never made */
		rig_seal(rig, &letter, RIG_ORDINARY, envelope);
		assert_int_equal(office_file_quarantine(rig->office, "event", envelope->bytes, envelope->length),
				 ERR_OK);
	}
	envelope->bytes[300] ^= 1;
	assert_int_equal(office_file_quarantine(rig->office, "event", envelope->bytes, envelope->length), ERR_OK);
	assert_int_equal(office_commit(rig->office), ERR_OK);
	know_event(rig);
	rig_publish(rig);
	fake_start(fake);
	assert_true(wait_for(fake, rig, responses, 105));
	assert_true(wait_for(fake, rig, "SELECT count(*) FROM quarantine WHERE reason = 'event'", 101));
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

/* Two receipts come while their responses lie in quarantine: one before, one after the event is known. */
static void a_withdrawal_beats_what_lies_in_quarantine(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = quarantined(rig, 6);
	for (unsigned person = 0; person < 2; person++) {
		struct letter letter = rig_withdrawal(rig, person);
		fake_add(fake, rig, &letter, RIG_ORDINARY);
	}
	uint64_t wanted;
	assert_int_equal(office_flush_want(rig->office, &wanted), ERR_OK);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 8));
	/* Nothing else is here that it could wait for. */
	run_sql("DELETE FROM tombstone_waits");
	know_event(rig);
	rig_publish(rig);
	assert_true(wait_for(fake, rig, "SELECT count(*) FROM quarantine", 0));
	assert_int_equal(rig_number(responses), 4);
	assert_int_equal(rig_number("SELECT count(*) FROM tombstone WHERE is_matched = 1"), 2);
	assert_int_equal(rig_number("SELECT count(*) FROM tombstone WHERE is_matched = 0"), 0);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void a_quarantined_withdrawal_is_carried_out(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = quarantined(rig, 5);
	struct rig_envelope envelope;
	struct letter letter = rig_withdrawal(rig, 3);
	letter.event = rig->event;
	rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
	assert_int_equal(office_begin(rig->office), ERR_OK);
	assert_int_equal(office_file_quarantine(rig->office, "event", envelope.bytes, envelope.length), ERR_OK);
	assert_int_equal(office_commit(rig->office), ERR_OK);
	know_event(rig);
	rig_publish(rig);
	assert_true(wait_for(fake, rig, "SELECT count(*) FROM quarantine", 0));
	assert_int_equal(rig_number(responses), 4);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void what_is_over_is_let_go(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = quarantined(rig, 5);
	know_event(rig);
	run_sql("UPDATE event SET state = 'closed', expired_on = '2026-02-04' WHERE is_practice = 0 AND state = "
		"'open'");
	rig_publish(rig);
	assert_true(wait_for(fake, rig, "SELECT count(*) FROM quarantine", 0));
	assert_int_equal(rig_number(responses), 0);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

/* ---- with the real spooler ----------------------------------------------------------------------------------- */

static void append(struct spool *spool, struct rig *rig, const struct letter *letter, size_t period)
{
	struct rig_envelope envelope;
	CLEANUP_ARENA struct arena arena; /* thousands of them */
	struct arena kept = rig->arena;
	arena_init(&arena, 4 << 20);
	rig->arena = arena;
	rig_seal(rig, letter, period, &envelope);
	arena = rig->arena;
	rig->arena = kept;
	enum err error = ERR_BUSY;
	for (int i = 0; error == ERR_BUSY && i < 200; i++) { /* it may not listen yet */
		error = spool_append(spool, envelope.bytes, envelope.length);
		if (error == ERR_BUSY)
			usleep(50000);
	}
	assert_int_equal(error, ERR_OK);
}

static bool comes_to(const char *sql, int64_t wanted)
{
	for (int i = 0; i < 3 * PATIENCE_MS / 100; i++) {
		if (rig_number(sql) == wanted)
			return true;
		usleep(100000);
	}
	print_message("# %lld instead\n", (long long) rig_number(sql));
	return false;
}

/* More withdrawals than one connection may have in hand come while a secret is lacking, and nothing else waits for them; when the secret is
 * back, the one that was meant for something under it finds it. */
static void many_withdrawals_without_a_secret_hold_up_nothing(void **state)
{
	enum { MANY = 4200 };
	struct rig *rig = *state;
	char spooler[4096], collector[4096], secret[64];
	struct letter letter = rig_letter(rig, 60000);
	struct spool spool;
	rig_add_period(rig, false, false);
	rig_publish(rig);
	fake_find("spooler", spooler);
	fake_find("collector", collector);
	pid_t spooler_pid = fake_spawn(spooler, ".", "run/spooler.log");
	pid_t collector_pid = fake_spawn(collector, ".", "run/collector.log");
	spool_init(&spool, "run/append.sock", 5000);
	for (unsigned person = 60000; person < 60005; person++) {
		letter = rig_letter(rig, person);
		append(&spool, rig, &letter, RIG_OLD);
	}
	assert_true(comes_to(responses, 5));
	rig_secret_path(rig, RIG_OLD, secret);
	assert_int_equal(unlink(secret), 0);
	rig_publish(rig);
	for (int i = 0; i < PATIENCE_MS / 100 && !fake_log_has("wrong=missing"); i++)
		usleep(100000);
	for (unsigned person = 0; person < MANY; person++) {
		letter = rig_withdrawal(rig, person == 0 ? 60000 : person);
		append(&spool, rig, &letter, RIG_ORDINARY);
	}
	for (unsigned person = 61000; person < 61005; person++) {
		letter = rig_letter(rig, person);
		append(&spool, rig, &letter, RIG_ORDINARY);
	}
	letter = rig_letter(rig, 62000);
	letter.event = rig->practice;
	append(&spool, rig, &letter, RIG_PRACTICE);
	spool_fini(&spool);
	uint64_t wanted;
	assert_int_equal(office_flush_want(rig->office, &wanted), ERR_OK);
	assert_true(comes_to(responses, 11));
	assert_true(comes_to("SELECT flush_wanted - flush_done FROM meta", 0));
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'secret'"), MANY);
	rig_write(secret, rig->periods[RIG_OLD].secret_key, KEYS_SECRET_BYTES, 0600);
	assert_true(comes_to("SELECT count(*) FROM quarantine", 0));
	assert_int_equal(rig_number(responses), 10);
	kill(collector_pid, SIGTERM);
	assert_int_equal(fake_wait(collector_pid, 20), EX_OK);
	kill(spooler_pid, SIGTERM);
	assert_int_equal(fake_wait(spooler_pid, 20), EX_OK);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_new_catalogue_files_them),
		EACH(a_start_files_them),
		EACH(many_are_filed_in_steps_and_forgeries_stay),
		EACH(a_withdrawal_beats_what_lies_in_quarantine),
		EACH(a_quarantined_withdrawal_is_carried_out),
		EACH(what_is_over_is_let_go),
		EACH(many_withdrawals_without_a_secret_hold_up_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
