/* SPDX-License-Identifier: MIT */
/* secrets_test.c: secrets that go, come back, are spoilt or destroyed while the collector runs: each period without one is
 * left alone, its return is noticed, and no withdrawal misses it. */
#include "unit/collector/fake_spooler.h"

#include "collector/collector.h"
#include "collector/file.h"
#include "collector/judge.h"
#include "lib/office/keeping.h"

#include <sysexits.h>

enum { PATIENCE_MS = 20000, HOUR_MS = COLLECTOR_PROOF_MS, PERIODS = 3 };

static struct collector collector;

/* A rig with a third period, which is past, and a collector's insides that have opened all of it. */
static int set_up(void **state)
{
	bool is_complete = false;
	rig_set_up(state);
	struct rig *rig = *state;
	rig_add_period(rig, false, false);
	rig_publish(rig);
	memset(&collector, 0, sizeof(collector));
	memcpy(collector.root_public, rig->root.public_key, KEYS_PUBLIC_BYTES);
	assert_int_equal(office_open("office/office.db", OFFICE_COLLECTOR, &collector.office), ERR_OK);
	assert_int_equal(collector_load(&collector, &is_complete), ERR_OK);
	assert_true(is_complete);
	assert_int_equal(collector.secrets.count, PERIODS);
	return 0;
}

static int tear_down(void **state)
{
	catalogue_close(collector.catalogue);
	office_close(collector.office);
	secrets_wipe(&collector.secrets);
	return rig_tear_down(state);
}

static void unlink_secret(const struct rig *rig, size_t period)
{
	char path[64];
	rig_secret_path(rig, period, path);
	assert_int_equal(unlink(path), 0);
}

/* Writes the secret of FROM as that of PERIOD. */
static void write_secret(const struct rig *rig, size_t period, size_t from, mode_t mode)
{
	char path[64];
	rig_secret_path(rig, period, path);
	rig_write(path, rig->periods[from].secret_key, KEYS_SECRET_BYTES, mode);
}

static void destroy(struct rig *rig, size_t period)
{
	assert_int_equal(office_periods_note(rig->office, &rig->keyset, date_today()), ERR_OK);
	assert_int_equal(office_period_destroyed(rig->office, rig->keyset.periods[period].id, date_today()), ERR_OK);
	unlink_secret(rig, period);
}

static bool has(const struct rig *rig, size_t period)
{
	return secrets_find(&collector.secrets, rig->keyset.periods[period].id) != NULL;
}

/* Exactly the old period is lacking, for that reason. */
static void expect_lacking(const struct rig *rig, const char *wrong)
{
	assert_int_equal(collector.secrets.count, PERIODS - 1);
	assert_int_equal(collector.secrets.lacking_count, 1);
	assert_memory_equal(collector.secrets.lacking[0].id, rig->keyset.periods[RIG_OLD].id, KEYS_ID_BYTES);
	assert_string_equal(collector.secrets.lacking[0].wrong, wrong);
	assert_false(has(rig, RIG_OLD));
	assert_true(has(rig, RIG_ORDINARY) && has(rig, RIG_PRACTICE));
}

/* ---- proving anew -------------------------------------------------------------------------------------------- */

static void every_hour_each_is_proved_anew(void **state)
{
	struct rig *rig = *state;
	const struct {
		const char *name;
		size_t from; /* whose secret lies there then; PERIODS: none */
		mode_t mode;
		const char *wrong; /* NULL: nothing */
	} rows[] = {
		{"as it was", RIG_OLD, 0600, NULL},
		{"gone", PERIODS, 0, "missing"},
		{"another period's", RIG_ORDINARY, 0600, "does-not-open-its-period"},
		{"others can read it", RIG_OLD, 0640, "permissions-not-0600"},
	};
	int64_t now_ms = 7 * (int64_t) HOUR_MS;
	collector_prove(&collector, now_ms);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		if (rows[i].from == PERIODS)
			unlink_secret(rig, RIG_OLD);
		else
			write_secret(rig, RIG_OLD, rows[i].from, rows[i].mode);
		collector_prove(&collector, now_ms + HOUR_MS - 1);
		assert_int_equal(collector.secrets.count, PERIODS); /* not yet */
		now_ms += HOUR_MS;
		collector_prove(&collector, now_ms);
		if (rows[i].wrong == NULL) {
			assert_int_equal(collector.secrets.count, PERIODS);
			continue;
		}
		expect_lacking(rig, rows[i].wrong);
		collector_prove(&collector, now_ms + 1);
		expect_lacking(rig, rows[i].wrong);
		write_secret(rig, RIG_OLD, RIG_OLD, 0600);
		collector_prove(&collector, now_ms + 2); /* what is lacking is looked for at once */
		assert_int_equal(collector.secrets.count, PERIODS);
		assert_int_equal(collector.secrets.lacking_count, 0);
		assert_true(has(rig, RIG_OLD));
	}
}

static void a_folder_that_others_can_list_is_not_used(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(chmod("keys/periods", 0750), 0);
	collector_prove(&collector, 2 * (int64_t) HOUR_MS);
	assert_int_equal(collector.secrets.count, 0);
	assert_int_equal(collector.secrets.lacking_count, PERIODS);
	assert_int_equal(chmod("keys/periods", 0700), 0);
	collector_prove(&collector, 2 * (int64_t) HOUR_MS + 1);
	assert_int_equal(collector.secrets.count, PERIODS);
	assert_true(has(rig, RIG_OLD));
}

/* What was destroyed is missing on purpose, and does not live on in memory. */
static void a_destroyed_period_needs_no_secret(void **state)
{
	struct rig *rig = *state;
	bool is_complete = false;
	destroy(rig, RIG_OLD);
	collector_prove(&collector, 2 * (int64_t) HOUR_MS);
	assert_int_equal(collector.secrets.count, PERIODS - 1);
	assert_int_equal(collector.secrets.lacking_count, 0);
	assert_false(has(rig, RIG_OLD));
	assert_int_equal(collector_load(&collector, &is_complete), ERR_OK);
	assert_true(is_complete);
	unlink_secret(rig, RIG_ORDINARY); /* another one still counts */
	assert_int_equal(collector_load(&collector, &is_complete), ERR_OK);
	assert_false(is_complete);
	assert_int_equal(collector.secrets.lacking_count, 1);
}

/* ---- what follows from it ------------------------------------------------------------------------------------ */

static void a_withdrawal_waits_for_a_lacking_secret(void **state)
{
	struct rig *rig = *state;
	struct letter response = rig_letter(rig, 1), withdrawal = rig_withdrawal(rig, 1);
	struct rig_envelope envelopes[2];
	struct verdict verdict;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 << 20);
	rig_seal(rig, &response, RIG_ORDINARY, &envelopes[0]);
	rig_seal(rig, &withdrawal, RIG_ORDINARY, &envelopes[1]);
	unlink_secret(rig, RIG_OLD);
	collector_prove(&collector, 2 * (int64_t) HOUR_MS);
	assert_int_equal(judge(&collector, envelopes[0].bytes, envelopes[0].length, &arena, &verdict), ERR_OK);
	assert_int_equal(verdict.kind, VERDICT_RESPONSE);
	assert_int_equal(judge(&collector, envelopes[1].bytes, envelopes[1].length, &arena, &verdict), ERR_OK);
	assert_int_equal(verdict.kind, VERDICT_WITHDRAWAL);
	assert_true(verdict.is_partial);
	write_secret(rig, RIG_OLD, RIG_OLD, 0600);
	collector_prove(&collector, 2 * (int64_t) HOUR_MS + 1);
	assert_int_equal(judge(&collector, envelopes[1].bytes, envelopes[1].length, &arena, &verdict), ERR_OK);
	assert_int_equal(verdict.kind, VERDICT_WITHDRAWAL);
	assert_false(verdict.is_partial);
}

/* One envelope as a batch of its own; nobody answers at the spooler's socket, so it would come again. */
static void file_one(struct rig *rig, const struct letter *letter)
{
	struct rig_envelope envelope;
	rig_seal(rig, letter, RIG_ORDINARY, &envelope);
	struct spool_item item = {.token = 1, .envelope = envelope.bytes, .length = envelope.length};
	assert_int_equal(file_batch(&collector, &item, 1), ERR_OK);
}

/* A secret may never come back: what is under the others is deleted all the same, and the withdrawal goes on waiting. */
static void a_withdrawal_that_waits_deletes_what_can_be_found(void **state)
{
	struct rig *rig = *state;
	struct letter mine = rig_letter(rig, 1), other = rig_letter(rig, 2), withdrawal = rig_withdrawal(rig, 1);
	spool_init(&collector.spool, "run/batch.sock", 100);
	file_one(rig, &mine);
	file_one(rig, &other);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 2);
	unlink_secret(rig, RIG_OLD);
	collector_prove(&collector, 2 * (int64_t) HOUR_MS);
	for (int i = 0; i < 2; i++) { /* it may be sent again */
		file_one(rig, &withdrawal);
		assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'secret'"), 1 + i);
		assert_int_equal(rig_number("SELECT count(*) FROM response"), 1);
		assert_int_equal(rig_number("SELECT count(*) FROM tombstone WHERE is_matched = 1"), 1);
	}
	file_one(rig, &mine); /* a replay changes nothing */
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 1);
}

/* ---- the program --------------------------------------------------------------------------------------------- */

static void it_starts_without_the_secret_of_a_destroyed_period(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	destroy(rig, RIG_OLD);
	for (unsigned person = 0; person < 5; person++) {
		struct letter letter = rig_letter(rig, person);
		fake_add(fake, rig, &letter, RIG_ORDINARY);
	}
	fake_start(fake);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 5));
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_true(fake_log_has("event=collector.started periods=2"));
	assert_false(fake_log_has("event=collector.keys"));
	fake_free(fake);
}

/* A catalogue comes with a period whose secret is not there yet: it is logged once, and its envelopes wait, and a withdrawal in quarantine,
 * until the secret is there. Everything else is filed meanwhile. */
static void a_secret_may_come_while_it_runs(void **state)
{
	struct rig *rig = *state;
	struct fake *fake = fake_new();
	struct letter early = rig_letter(rig, 9), withdrawal = rig_withdrawal(rig, 9);
	fake_add(fake, rig, &early, RIG_OLD);
	fake_start(fake);
	fake_serve(fake, rig, 1500, 0);
	assert_int_equal(fake->hellos, 1);
	unlink_secret(rig, RIG_OLD);
	rig_publish(rig);
	for (int i = 0; i < PATIENCE_MS / 100 && !fake_log_has("wrong=missing"); i++)
		fake_serve(fake, rig, 100, 0);
	for (unsigned person = 0; person < 5; person++) {
		struct letter letter = rig_letter(rig, person);
		fake_add(fake, rig, &letter, RIG_ORDINARY);
	}
	for (unsigned more = 0; more < 4; more++) {
		struct letter letter = rig_letter(rig, 10 + more);
		fake_add(fake, rig, &letter, RIG_OLD);
	}
	fake_add(fake, rig, &withdrawal, RIG_ORDINARY);
	assert_false(fake_serve(fake, rig, 6000, 7));
	assert_int_equal(fake_filed(fake), 6);
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine WHERE reason = 'secret'"), 1);
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 5);
	assert_int_equal(rig_number("SELECT count(*) FROM tombstone WHERE is_matched = 1"), 0);
	assert_int_equal(fake_log_count("wrong=missing"), 1);
	write_secret(rig, RIG_OLD, RIG_OLD, 0600);
	assert_true(fake_serve(fake, rig, PATIENCE_MS, 11));
	assert_int_equal(rig_number("SELECT count(*) FROM response"), 9); /* all but the withdrawn one */
	assert_int_equal(rig_number("SELECT count(*) FROM quarantine"), 0);
	assert_int_equal(rig_number("SELECT count(*) FROM tombstone WHERE is_matched = 1"), 1);
	assert_int_equal(fake_stop(fake), EX_OK);
	assert_int_equal(fake_log_count("result=found"), 1);
	fake_free(fake);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(every_hour_each_is_proved_anew),
		EACH(a_folder_that_others_can_list_is_not_used),
		EACH(a_destroyed_period_needs_no_secret),
		EACH(a_withdrawal_waits_for_a_lacking_secret),
		EACH(a_withdrawal_that_waits_deletes_what_can_be_found),
		EACH(it_starts_without_the_secret_of_a_destroyed_period),
		EACH(a_secret_may_come_while_it_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
