/* SPDX-License-Identifier: MIT */
/* collector_test.c: the real program against a spooler that behaves as each test wants, and against the real one: filed
 * once whatever dies when, nothing confirmed before the commit, nothing started that could not open everything. */
#include "unit/collector/fake_spooler.h"

#include <sysexits.h>

enum { PATIENCE_MS = 20000 };

static void add_people(struct fake *fake, struct rig *rig, unsigned first, unsigned count)
{
	for (unsigned person = first; person < first + count; person++) {
		struct letter letter = rig_letter(rig, person);
		fake_add(fake, rig, &letter, RIG_ORDINARY);
	}
}

static int64_t responses(void)
{
	return rig_number("SELECT count(*) FROM response");
}

/* ---- once ---------------------------------------------------------------------------------------------------- */

static void a_batch_is_filed_and_confirmed(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	uint8_t generation[OFFICE_GENERATION_BYTES];
	add_people(fake, rig, 0, 7);
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 7));
	assert_int_equal(responses(), 7);
	assert_int_equal(fake->backup, 1);
	assert_int_equal(office_generation(rig->office, generation), ERR_OK);
	assert_memory_equal(fake->generation, generation, sizeof(generation));
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_int_equal(rig_number("SELECT unordered FROM meta"), 0);
	assert_true(fake_log_has("event=collector.stopped error=ok filed=\"5 to 9\""));
	assert_false(fake_log_has(rig->event));
	assert_false(fake_log_has("good"));
	fake_free(fake);
}

static void killed_between_commit_and_confirmation(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	struct letter letter = rig_letter(rig, 1);
	add_people(fake, rig, 0, 6);
	letter.ticket = "T1"; /* goes to quarantine, and must not go there twice */
	fake_add(fake, rig, &letter, RIG_ORDINARY);
	for (unsigned death = 1; death <= 3; death++) {
		fake->kills_at_filed = true;
		fake_start(fake);
		while (fake->filed_messages < death)
			assert_true(fake_step(fake, rig, PATIENCE_MS));
		assert_int_equal(fake_filed(fake), 0);
		assert_int_equal(responses(), 6);
	}
	fake->kills_at_filed = false;
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 7));
	assert_int_equal(responses(), 6);
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine"), 1);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void a_lost_connection_is_greeted_anew(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	add_people(fake, rig, 0, 5);
	fake->hangs_up_at_filed = true;
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 5));
	assert_int_equal(fake->hellos, 2);
	assert_int_equal(fake->filed_messages, 2);
	assert_int_equal(responses(), 5);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void it_waits_for_a_spooler(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	close(fake->listener);
	unlink("run/batch.sock");
	fake_start(fake);
	usleep(700000);
	fake_listen(fake);
	add_people(fake, rig, 0, 5);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 5));
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

/* Somebody else writes for longer than the collector waits: rolled back, not confirmed, taken again. */
static void a_busy_office_loses_nothing(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	sqlite3 *db = NULL;
	fake_start(fake);
	fake_serve(fake, rig, 1500, 0); /* it is up and has said hello */
	assert_int_equal(fake->hellos, 1);
	assert_int_equal(sqlite3_open("office/office.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	add_people(fake, rig, 0, 5);
	assert_false(fake_serve(fake, rig, 8000, 5));
	assert_int_equal(fake->filed_messages, 0);
	assert_true(fake_log_has("event=collector.batch error=busy result=rolled-back"));
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 5));
	assert_int_equal(responses(), 5);
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

/* ---- how many at once ---------------------------------------------------------------------------------------- */

static void few_wait_until_a_flush_is_wanted(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	struct letter practice = rig_letter(rig, 9);
	uint64_t wanted, asked, done;
	practice.event = rig->practice;
	add_people(fake, rig, 0, 4);
	fake_add(fake, rig, &practice, RIG_PRACTICE);
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 1));
	assert_true(fake->items[4].is_filed); /* practice alone */
	fake_serve(fake, rig, 1500, 0);
	assert_int_equal(fake_filed(fake), 1);
	assert_int_equal(fake->min_seen[RIG_ORDINARY], 5);
	assert_int_equal(fake->min_seen[RIG_PRACTICE], 1);
	assert_int_equal(office_flush_want(rig->office, &wanted), ERR_OK);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 5));
	assert_int_equal(responses(), 5);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(office_flush(rig->office, &asked, &done), ERR_OK);
		if (done == wanted)
			break;
		fake_step(fake, rig, 100);
	}
	assert_int_equal(done, wanted);
	fake_serve(fake, rig, 3000, 0);
	assert_int_equal(fake->min_seen[RIG_ORDINARY], 5); /* once only */
	assert_int_equal(fake_stop(fake), EX_OK);
	fake_free(fake);
}

static void a_stop_finishes_the_batch_in_hand(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	fake_start(fake);
	fake_serve(fake, rig, 1000, 0);
	add_people(fake, rig, 0, 30);
	/* The signal arrives while it waits for a batch that is then given out in full. */
	while (fake->fd < 0 || fake->hellos == 0)
		fake_step(fake, rig, 100);
	kill(fake->collector, SIGTERM);
	fake_serve(fake, rig, 1500, 30);
	assert_int_equal(fake_wait(fake->collector, 20), EX_OK);
	fake->collector = 0;
	assert_int_equal(responses(), (int64_t) fake_filed(fake)); /* all of it or none, and confirmed what is there */
	fake_free(fake);
}

/* ---- starting ------------------------------------------------------------------------------------------------ */

static void nothing_starts_that_could_not_open_everything(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		const char *spoil; /* a shell command; $S is the secret of the ordinary period */
		int code;
		const char *says;
	} rows[] = {
		{"a missing secret", "rm $S", EX_NOPERM, "wrong=missing"},
		{"a secret others can read", "chmod 0640 $S", EX_NOPERM, "wrong=permissions-not-0600"},
		{"a secret folder others can list", "chmod 0750 keys/periods", EX_NOPERM, "wrong=permissions-not-0700"},
		{"a secret of another length", "printf x >> $S", EX_NOPERM, "wrong=not-32-bytes"},
		{"another's secret", "head -c 32 /dev/zero | tr '\\0' 'x' > $S", EX_NOPERM,
		 "wrong=does-not-open-its-period"},
		{"a secret that is a link", "mv $S elsewhere && ln -s ../../elsewhere $S", EX_NOPERM,
		 "wrong=unreadable"},
		{"no catalogue", "rm -rf catalogue/*", EX_NOINPUT, "event=collector.catalogue"},
		{"a changed manifest", "chmod u+w catalogue/current/manifest; printf x >> catalogue/current/manifest",
		 EX_DATAERR, "reason="},
		{"another root", "tr 0-9a-f 1-9a-f0 < front/root.pub > r && cp r front/root.pub", EX_NOPERM, "reason="},
		{"half a root", "printf abc > front/root.pub", EX_DATAERR, "file=front/root.pub"},
		{"no office", "rm office/office.db", EX_NOINPUT, "file=office/office.db"},
		{"an office others can read", "chmod 0644 office/office.db", EX_NOPERM, "permissions=0644"},
		{"an unknown key in the configuration", "echo 'batch_mim = 3' > soundings.conf", EX_DATAERR,
		 "soundings.conf"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		void *rig_state;
		char secret[64], command[512], program[4096];
		print_message("# %s\n", rows[i].name);
		rig_set_up(&rig_state);
		struct rig *rig = rig_state;
		fake_find("collector", program);
		rig_secret_path(rig, RIG_ORDINARY, secret);
		snprintf(command, sizeof(command), "S=%s; %s", secret, rows[i].spoil);
		assert_int_equal(system(command), 0);
		assert_int_equal(fake_wait(fake_spawn(program, ".", "run/collector.log"), 20), rows[i].code);
		assert_true(fake_log_has(rows[i].says));
		rig_tear_down(&rig_state);
	}
}

static void usage_is_checked(void **state)
{
	struct rig *rig = *state;
	char program[4096], command[8192];
	(void) rig;
	fake_find("collector", program);
	static const struct {
		const char *arguments;
		int code;
	} rows[] = {{"", EX_USAGE},
		    {"--nothing", EX_USAGE},
		    {"--instance . more", EX_USAGE},
		    {"--instance nowhere", EX_NOINPUT},
		    {"--help", EX_OK}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(command, sizeof(command), "%s %s > run/out 2>&1", program, rows[i].arguments);
		assert_int_equal(WEXITSTATUS(system(command)), rows[i].code);
	}
}

/* ---- with the real spooler ----------------------------------------------------------------------------------- */

static bool wait_for(const char *sql, int64_t wanted)
{
	for (int i = 0; i < PATIENCE_MS / 100; i++) {
		if (rig_number(sql) == wanted)
			return true;
		usleep(100000);
	}
	return false;
}

static void the_real_spooler_is_emptied(void **state)
{
	struct rig *rig = *state;
	char spooler[4096], collector[4096];
	fake_find("spooler", spooler);
	fake_find("collector", collector);
	pid_t spooler_pid = fake_spawn(spooler, ".", "run/spooler.log");
	pid_t collector_pid = fake_spawn(collector, ".", "run/collector.log");
	struct spool append;
	spool_init(&append, "run/append.sock", 5000);
	for (unsigned person = 0; person < 23; person++) {
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
	assert_int_equal(office_event_set_state(rig->office, rig->event, EVENT_CLOSED, 0),
			 ERR_OK); /* asks for the rest */
	assert_true(wait_for("SELECT count(*) FROM response", 23));
	assert_true(wait_for("SELECT flush_wanted - flush_done FROM meta", 0));
	kill(collector_pid, SIGTERM);
	assert_int_equal(fake_wait(collector_pid, 20), EX_OK);
	uint64_t waiting = 99, filed = 0;
	struct spool batch;
	uint8_t generation[OFFICE_GENERATION_BYTES];
	spool_init(&batch, "run/batch.sock", 5000);
	assert_int_equal(office_generation(rig->office, generation), ERR_OK);
	assert_int_equal(spool_hello(&batch, generation), ERR_OK);
	assert_int_equal(spool_count(&batch, &waiting, &filed), ERR_OK);
	assert_int_equal(waiting, 0);
	assert_int_equal(filed, 23);
	/* The office is restored: its generation is another, so all are offered and filed again, and are the same. */
	spool_fini(&batch);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("office/office.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "UPDATE meta SET generation = randomblob(16), flush_wanted = flush_wanted + 1",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	collector_pid = fake_spawn(collector, ".", "run/collector.log");
	assert_true(wait_for("SELECT flush_wanted - flush_done FROM meta", 0));
	kill(collector_pid, SIGTERM);
	assert_int_equal(fake_wait(collector_pid, 20), EX_OK);
	assert_int_equal(responses(), 23);
	kill(spooler_pid, SIGTERM);
	assert_int_equal(fake_wait(spooler_pid, 20), EX_OK);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_batch_is_filed_and_confirmed),
		EACH(killed_between_commit_and_confirmation),
		EACH(a_lost_connection_is_greeted_anew),
		EACH(it_waits_for_a_spooler),
		EACH(a_busy_office_loses_nothing),
		EACH(few_wait_until_a_flush_is_wanted),
		EACH(a_stop_finishes_the_batch_in_hand),
		cmocka_unit_test(nothing_starts_that_could_not_open_everything),
		EACH(usage_is_checked),
		EACH(the_real_spooler_is_emptied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
