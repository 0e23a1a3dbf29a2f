/* SPDX-License-Identifier: MIT */
/* drop_test.c: what the collector tells the spooler about backups: after filing, once on each connection and again when a
 * backup has finished since, and as often as it takes when the spooler needs long. */
#include "unit/collector/fake_spooler.h"

#include "lib/office/keeping.h"

#include <sysexits.h>

enum { PATIENCE_MS = 20000, A_FEW_ROUNDS_MS = 3000 };

static void add_people(struct fake *fake, struct rig *rig, unsigned first, unsigned count)
{
	for (unsigned person = first; person < first + count; person++) {
		struct letter letter = rig_letter(rig, person);
		fake_add(fake, rig, &letter, RIG_ORDINARY);
	}
}

/* A backup begins, and finishes if it IS_FINISHED. Gives its number. */
static uint64_t back_up(struct rig *rig, bool is_finished)
{
	uint64_t number = 0;
	assert_int_equal(office_backup_begin(rig->office, date_today(), &number), ERR_OK);
	if (is_finished)
		assert_int_equal(office_backup_finish(rig->office, number, "/backup"), ERR_OK);
	return number;
}

/* Serves until so many DROPs have come. */
static bool serve_until_drops(struct fake *fake, const struct rig *rig, unsigned wanted)
{
	for (int ms = 0; ms < PATIENCE_MS && fake->drop_messages < wanted; ms += 100)
		fake_serve(fake, rig, 100, 0);
	return fake->drop_messages >= wanted;
}

static void it_follows_the_backups(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	add_people(fake, rig, 0, 6);
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 6));
	back_up(rig, false);
	fake_serve(fake, rig, A_FEW_ROUNDS_MS, 0);
	assert_int_equal(fake->drop_messages, 0); /* none has finished */

	add_people(fake, rig, 6, 5);
	uint64_t number = back_up(rig, true);
	assert_int_equal(number, 2);
	assert_true(serve_until_drops(fake, rig, 1));
	assert_int_equal(fake->drop_backup, number);
	assert_int_equal(fake->filed_at_drop, 11); /* filing went first */
	fake_serve(fake, rig, A_FEW_ROUNDS_MS, 0);
	assert_int_equal(fake->drop_messages, 1); /* told once */
	assert_int_equal(fake->hellos, 1);

	number = back_up(rig, true);
	assert_true(serve_until_drops(fake, rig, 2));
	assert_int_equal(fake->drop_backup, number);
	fake_hang_up(fake);
	assert_true(serve_until_drops(fake, rig, 3)); /* and again to whoever is there now */
	assert_int_equal(fake->drop_hellos, 2);
	assert_int_equal(fake->drop_backup, number);
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_false(fake_log_has("collector.drop"));
	fake_free(fake);
}

static void what_is_filed_after_a_backup_has_a_higher_mark(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	uint64_t number = back_up(rig, true);
	add_people(fake, rig, 0, 5);
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 5));
	assert_true(serve_until_drops(fake, rig, 1));
	assert_int_equal(fake->drop_backup, number);
	assert_int_equal(fake->backup, number + 1);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

/* The spooler needs longer than the collector waits: it is asked again, and what comes in meanwhile is filed. */
static void a_slow_drop_holds_up_nobody(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	uint64_t number = back_up(rig, true);
	fake->drops_unanswered = 2;
	fake_start(fake);
	assert_true(serve_until_drops(fake, rig, 1));
	add_people(fake, rig, 0, 5);
	assert_true(serve_until_drops(fake, rig, 2));
	assert_int_equal(fake_filed(fake), 5);
	assert_true(serve_until_drops(fake, rig, 3));
	assert_int_equal(fake->drop_backup, number);
	assert_int_equal(fake->drop_hellos, 3); /* a late answer is never taken for another's */
	fake_serve(fake, rig, A_FEW_ROUNDS_MS, 0);
	assert_int_equal(fake->drop_messages, 3);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void a_refused_drop_is_logged_once_and_tried_again(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	back_up(rig, true);
	fake->drop_refusal = SPOOL_REFUSED_FULL;
	fake_start(fake);
	assert_true(serve_until_drops(fake, rig, 3));
	fake->drop_refusal = 0;
	assert_true(serve_until_drops(fake, rig, 4));
	fake_serve(fake, rig, A_FEW_ROUNDS_MS, 0);
	assert_int_equal(fake->drop_messages, 4);
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_int_equal(fake_log_count("event=collector.drop error=full"), 1);
	fake_free(fake);
}

/* ---- with the real spooler ----------------------------------------------------------------------------------- */

static void append_people(struct rig *rig, unsigned first, unsigned count)
{
	struct spool append;
	spool_init(&append, "run/append.sock", 5000);
	for (unsigned person = first; person < first + count; person++) {
		struct rig_envelope envelope;
		struct letter letter = rig_letter(rig, person);
		rig_seal(rig, &letter, RIG_ORDINARY, &envelope);
		enum err error = ERR_BUSY;
		for (int i = 0; error == ERR_BUSY && i < 200; i++) { /* it may not listen yet */
			error = spool_append(&append, envelope.bytes, envelope.length);
			if (error == ERR_BUSY)
				usleep(50000);
		}
		assert_int_equal(error, ERR_OK);
	}
	spool_fini(&append);
}

/* Waits until the spooler holds exactly so much of the ordinary period, and nothing of another. */
static void expect_held(const struct rig *rig, uint64_t waiting, uint64_t filed)
{
	struct spool batch;
	struct spool_period *periods = NULL;
	size_t count = 0;
	bool is_so = false;
	spool_init(&batch, "run/batch.sock", 5000);
	for (int i = 0; i < PATIENCE_MS / 50 && !is_so; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 20);
		usleep(50000);
		assert_int_equal(spool_periods(&batch, &arena, &periods, &count), ERR_OK);
		if (waiting + filed == 0)
			is_so = count == 0;
		else
			is_so = count == 1 && periods[0].waiting == waiting && periods[0].filed == filed &&
				memcmp(periods[0].id, rig->keyset.periods[RIG_ORDINARY].id, KEYS_ID_BYTES) == 0;
	}
	spool_fini(&batch);
	assert_true(is_so);
}

static void the_real_spooler_lets_go(void **state)
{
	struct rig *rig = *state;
	char spooler[4096], collector[4096];
	uint64_t wanted;
	fake_find("spooler", spooler);
	fake_find("collector", collector);
	pid_t spooler_pid = fake_spawn(spooler, ".", "run/spooler.log");
	append_people(rig, 0, 150); /* more than go in one of its steps */
	pid_t collector_pid = fake_spawn(collector, ".", "run/collector.log");
	expect_held(rig, 0, 150);
	append_people(rig, 150, 3);
	expect_held(rig, 3, 150);
	back_up(rig, true);
	expect_held(rig, 3, 0);
	assert_int_equal(office_flush_want(rig->office, &wanted), ERR_OK);
	expect_held(rig, 0, 3); /* filed after that backup began: they wait for the next */
	usleep(A_FEW_ROUNDS_MS * 1000);
	expect_held(rig, 0, 3);
	back_up(rig, true);
	expect_held(rig, 0, 0);
	kill(collector_pid, SIGTERM);
	assert_int_equal(fake_wait(collector_pid, 20), EX_OK);
	kill(spooler_pid, SIGTERM);
	assert_int_equal(fake_wait(spooler_pid, 20), EX_OK);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 153);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(it_follows_the_backups),      EACH(what_is_filed_after_a_backup_has_a_higher_mark),
		EACH(a_slow_drop_holds_up_nobody), EACH(a_refused_drop_is_logged_once_and_tried_again),
		EACH(the_real_spooler_lets_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
