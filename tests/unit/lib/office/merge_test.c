/* SPDX-License-Identifier: MIT */
/* merge_test.c: what a restored office takes over from one that it replaces, one rule at a time. That the order does not
 * matter is merge_order_test.c. */
#include "unit/lib/office/keeping_fixture.h"

static struct office_merged merge(struct fixture *here, struct fixture *there)
{
	struct office_merged merged;
	assert_int_equal(office_merge(here->office, there->office, &merged), ERR_OK);
	return merged;
}

static void digest_of(struct fixture *fixture, struct office_digest *digest)
{
	assert_int_equal(office_digest(fixture->office, digest), ERR_OK);
}

/* Once more changes nothing and counts nothing. */
static void merge_again(struct fixture *here, struct fixture *there)
{
	struct office_digest before, after;
	const char *table = NULL;
	digest_of(here, &before);
	struct office_merged merged = merge(here, there);
	digest_of(here, &after);
	if (!office_digest_is_equal(&before, &after, &table))
		fail_msg("merging twice changed %s", table);
	assert_int_equal(merged.tombstones + merged.withdrawn + merged.released + merged.events + merged.quarantined,
			 0);
}

static void a_withdrawn_response_goes(void **state)
{
	struct fixture *here = *state;
	for (unsigned i = 1; i <= 3; i++)
		fixture_file(here, (struct fixture_letter){
					   .person = i,
					   .answers = i == 2 ? "{\"overall\":\"mark-answers\"}" : NULL,
					   .apart = i == 2 ? "{\"age_band\":\"mark-apart\"}" : NULL,
					   .text = i == 2 ? "mark-text" : NULL,
					   .apart_text = i == 2 ? "mark-belief" : NULL,
				   });
	struct fixture *there = keeping_clone(here, "there.db");
	fixture_withdraw(there, 2, false);
	static const char *const marks[] = {"mark-answers", "mark-apart", "mark-text", "mark-belief"};
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		assert_true(keeping_holds_text(here, marks[i]));
	struct office_merged merged = merge(here, there);
	assert_int_equal(merged.withdrawn, 1);
	assert_int_equal(merged.tombstones, 1);
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		assert_false(keeping_holds_text(here, marks[i]));
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM response"), 2);
	assert_int_equal(fixture_number(here, "SELECT is_matched FROM tombstone"), 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone_waits"), 0);
	merge_again(here, there);
	/* The spool offers it again, as it was and edited. */
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 2}), OFFICE_FILED_SEEN);
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 2, .edit = 4}), OFFICE_FILED_SEEN);
	keeping_close(there);
}

/* Going back to before the response was filed: the spool still holds it. */
static void a_withdrawn_response_does_not_come_again(void **state)
{
	struct fixture *here = *state;
	struct fixture *there = keeping_clone(here, "there.db");
	fixture_file(there, (struct fixture_letter){.person = 1});
	fixture_withdraw(there, 1, false); /* matched */
	fixture_withdraw(there, 2, false); /* waits for its response */
	fixture_withdraw(there, 3, true);
	struct office_merged merged = merge(here, there);
	assert_int_equal(merged.tombstones, 3);
	assert_int_equal(merged.withdrawn, 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone_waits"), 2);
	merge_again(here, there);
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 1}), OFFICE_FILED_TOMBSTONED);
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 2}), OFFICE_FILED_TOMBSTONED);
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 3, .is_practice = true}),
			 OFFICE_FILED_TOMBSTONED);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM response"), 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone_waits"), 0);
	keeping_close(there);
}

/* The response is here, its withdrawal found nothing there: that office came from before it. */
static void a_withdrawal_that_waits_finds_what_is_here(void **state)
{
	struct fixture *there = *state;
	struct fixture *here = keeping_clone(there, "here.db");
	fixture_file(here, (struct fixture_letter){.person = 1, .text = "mark-text"});
	fixture_withdraw(there, 1, false);
	fixture_release(there); /* it still waits for the event below */
	assert_int_equal(fixture_number(there, "SELECT count(*) FROM tombstone"), 0);
	fixture_add_event(there, false, EVENT_OPEN);
	fixture_withdraw(there, 1, false);
	assert_int_equal(fixture_number(there, "SELECT is_matched FROM tombstone"), 0);
	struct office_merged merged = merge(here, there);
	assert_int_equal(merged.withdrawn, 1);
	assert_int_equal(merged.released, 1);
	assert_false(keeping_holds_text(here, "mark-text"));
	assert_int_equal(fixture_number(here, "SELECT is_matched FROM tombstone"), 1);
	merge_again(here, there);
	keeping_close(here);
}

static void what_waits_here_may_be_found_there(void **state)
{
	struct fixture *here = *state;
	fixture_withdraw(here, 1, false);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone_waits"), 1);
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(fixture_file(there, (struct fixture_letter){.person = 1}), OFFICE_FILED_TOMBSTONED);
	assert_int_equal(merge(here, there).tombstones, 0);
	assert_int_equal(fixture_number(here, "SELECT is_matched FROM tombstone"), 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone_waits"), 0);
	merge_again(here, there);
	merge_again(there, here);
	keeping_close(there);
}

static void file_people(struct fixture *fixture, unsigned first, unsigned count)
{
	for (unsigned i = first; i < first + count; i++)
		fixture_file(fixture, (struct fixture_letter){.person = i, .text = "t", .apart_text = "a"});
}

static void a_release_is_repeated(void **state)
{
	struct fixture *here = *state;
	struct office_event *event = NULL;
	bool is_shown = true;
	char text[256];
	file_people(here, 0, 12);
	struct fixture *there = keeping_clone(here, "there.db");
	file_people(there, 12, 3);
	fixture_release(there);
	fixture_backup(there);
	file_people(there, 20, 5);
	fixture_release(there);
	uint64_t newest = fixture_backup(there);
	assert_true(keeping_holds_key(here, 7, 'w'));
	assert_int_equal(merge(here, there).released, 1);
	assert_int_equal(office_event_get(here->office, here->event, &here->arena, &event), ERR_OK);
	assert_int_equal(event->shown.state, EVENT_RELEASED);
	assert_int_equal(event->release, 2);
	/* All of here went out with the first of the two. */
	assert_string_equal(
		keeping_text(here, "SELECT min(release) || ' ' || max(release) || ' ' || count(*) FROM response", text),
		"1 1 12");
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM link"), 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM free_text WHERE apart IS NOT NULL"), 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM free_text"), 24);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM seen"), 12);
	assert_false(keeping_holds_key(here, 7, 'w'));
	/* No backup of there holds what is cut apart here. */
	assert_int_equal(fixture_number(here, "SELECT release_backup FROM event WHERE release > 0"), newest + 1);
	assert_int_equal(office_event_is_shown(here->office, here->event, &is_shown), ERR_OK);
	assert_false(is_shown);
	merge_again(here, there);
	fixture_backup(here);
	assert_int_equal(office_event_is_shown(here->office, here->event, &is_shown), ERR_OK);
	assert_true(is_shown);
	merge_again(here, there);
	assert_int_equal(office_event_is_shown(here->office, here->event, &is_shown), ERR_OK);
	assert_true(is_shown);
	/* What the spool brings again of the other's is late, as all that comes now. */
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 3}), OFFICE_FILED_SEEN);
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 13}), OFFICE_FILED_NEW);
	keeping_close(there);
}

static void a_release_that_waits_here_takes_no_backup_of_there(void **state)
{
	struct fixture *here = *state;
	bool is_shown = true;
	struct fixture *there = keeping_clone(here, "there.db");
	file_people(here, 0, 12);
	fixture_release(here);
	for (int i = 0; i < 3; i++)
		fixture_backup(there);
	merge(here, there);
	assert_int_equal(fixture_number(here, "SELECT max(number) FROM backup WHERE is_finished"), 3);
	assert_int_equal(office_event_is_shown(here->office, here->event, &is_shown), ERR_OK);
	assert_false(is_shown);
	fixture_backup(here);
	assert_int_equal(office_event_is_shown(here->office, here->event, &is_shown), ERR_OK);
	assert_true(is_shown);
	keeping_close(there);
}

/* Withdrawn before the release or after it: what was done there is what is repeated here. */
static void a_withdrawal_and_a_release_keep_their_order(void **state)
{
	struct fixture *here = *state;
	file_people(here, 0, 12);
	fixture_add_event(here, false, EVENT_OPEN); /* for the late one to wait for */
	struct fixture *there = keeping_clone(here, "there.db");
	fixture_withdraw(there, 1, false);
	fixture_release(there);
	fixture_withdraw(there, 2, false);
	assert_int_equal(fixture_number(there, "SELECT count(*) FROM response"), 11);
	struct office_merged merged = merge(here, there);
	assert_int_equal(merged.withdrawn, 1);
	assert_int_equal(merged.tombstones, 2);
	assert_int_equal(merged.released, 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM response WHERE release = 1"), 11);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone WHERE is_matched = 0"), 1);
	merge_again(here, there);
	keeping_close(there);
}

static void a_period_destroyed_there_is_destroyed_here(void **state)
{
	struct fixture *here = *state;
	char text[256];
	file_people(here, 0, 3);
	fixture_file(here, (struct fixture_letter){.person = 9, .is_practice = true});
	fixture_withdraw(here, 5, false);
	struct fixture *there = keeping_clone(here, "there.db");
	for (unsigned i = 0; i < 3; i++)
		fixture_withdraw(there, i, false);
	keeping_run(there, "UPDATE period SET begun_on = '2026-01-01', retired_on = '2027-01-01'");
	keeping_run(here, "UPDATE period SET retired_on = '2027-03-01'");
	assert_int_equal(office_period_destroyed(there->office, fixture_period, keeping_day("2030-01-01")), ERR_OK);
	assert_true(keeping_holds_key(here, 1, 'i'));
	struct office_merged merged = merge(here, there);
	assert_int_equal(merged.withdrawn, 3); /* their tombstones are gone with the period */
	for (unsigned i = 0; i < 3; i++) {
		assert_false(keeping_holds_key(here, i, 'i'));
		assert_false(keeping_holds_key(here, i, 'w'));
	}
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM response"), 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone"), 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM seen"), 1);
	assert_string_equal(keeping_text(here,
					 "SELECT group_concat(begun_on || ' ' || retired_on || ' ' || "
					 "coalesce(destroyed_on, '-'), '; ') FROM (SELECT * FROM period ORDER BY id)",
					 text),
			    "2026-01-01 2027-01-01 2030-01-01; 2026-01-01 2027-01-01 -");
	merge_again(here, there);
	/* An older office's tombstones do not come back into it. */
	struct fixture *older = keeping_clone(there, "older.db");
	keeping_run(older, "UPDATE period SET destroyed_on = NULL");
	fixture_withdraw(older, 1, false);
	assert_int_equal(fixture_number(older, "SELECT count(*) FROM tombstone"), 1);
	assert_int_equal(merge(here, older).tombstones, 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone"), 0);
	keeping_close(older);
	keeping_close(there);
}

/* The tombstone went with the period: that the row does not lie among the released ones is all that is left to see. */
static void what_was_withdrawn_before_its_period_ended_goes(void **state)
{
	struct fixture *here = *state;
	file_people(here, 0, 12);
	fixture_file(here, (struct fixture_letter){.person = 20, .text = "mark-text"});
	struct fixture *there = keeping_clone(here, "there.db");
	fixture_withdraw(there, 20, false);
	fixture_release(there);
	keeping_run(there, "UPDATE period SET retired_on = '2027-01-01'");
	assert_int_equal(office_period_destroyed(there->office, fixture_period, keeping_day("2030-01-01")), ERR_OK);
	assert_true(keeping_holds_text(here, "mark-text"));
	struct office_merged merged = merge(here, there);
	assert_int_equal(merged.withdrawn, 1);
	assert_int_equal(merged.released, 1);
	assert_false(keeping_holds_text(here, "mark-text"));
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM response WHERE release = 1"), 12);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM seen"), 0);
	merge_again(here, there);
	keeping_close(there);
}

/* It found nothing, for what it looked for had expired: gone here as well, but nothing was found here either. */
static void a_withdrawal_of_what_had_expired_waits_on(void **state)
{
	struct fixture *here = *state;
	struct office_expired expired;
	fixture_file(here, (struct fixture_letter){.person = 1, .form = "other", .text = "mark-text"});
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_expire(there->office, keeping_day("2027-11-21"), &expired), ERR_OK);
	assert_int_equal(expired.responses, 1);
	fixture_withdraw(there, 1, false);
	assert_true(keeping_holds_text(here, "mark-text"));
	assert_int_equal(merge(here, there).withdrawn, 1);
	assert_false(keeping_holds_text(here, "mark-text"));
	assert_int_equal(fixture_number(here, "SELECT is_matched FROM tombstone"), 0);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM tombstone_waits"), 1);
	merge_again(here, there);
	keeping_close(there);
}

static void forms_and_events_are_taken_over_without_responses(void **state)
{
	struct fixture *here = *state;
	struct fixture *there = keeping_clone(here, "there.db");
	struct office_event *mine = NULL, *theirs = NULL;
	struct catalogue_content *content = NULL;
	struct office_digest digests[2];
	fixture_publish(there, "conversation", keeping_document(there, "conversation", 6));
	fixture_publish(there, "third", keeping_document(there, "third", 7));
	char *codes[] = {fixture_add_event(there, false, EVENT_OPEN), fixture_add_event(there, true, EVENT_OPEN),
			 fixture_add_event(there, false, EVENT_PLANNED)};
	assert_int_equal(office_text_set(there->office, "organisation", "{}"), ERR_OK);
	assert_int_equal(office_text_set(there->office, "words", "{}"), ERR_OK);
	assert_int_equal(office_catalogue(there->office, &there->arena, &content), ERR_OK);
	fixture_file(there, (struct fixture_letter){.person = 1, .event = codes[0]});
	assert_int_equal(merge(here, there).events, 3);
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		assert_int_equal(office_event_get(here->office, codes[i], &here->arena, &mine), ERR_OK);
		assert_int_equal(office_event_get(there->office, codes[i], &here->arena, &theirs), ERR_OK);
		assert_int_equal(mine->shown.state, theirs->shown.state);
		assert_int_equal(mine->shown.languages_count, 3);
		assert_string_equal(mine->shown.languages[2], "en-x-easy");
		assert_int_equal(mine->shown.forms_count, 1);
		assert_int_equal(mine->shown.forms[0].version, theirs->shown.forms[0].version);
	}
	digest_of(here, &digests[0]);
	digest_of(there, &digests[1]);
	for (size_t i = 0; i < digests[0].count; i++) {
		const char *table = digests[0].tables[i].table;
		bool is_document = strncmp(table, "event", 5) == 0 || strcmp(table, "form_version") == 0;
		if (is_document)
			assert_memory_equal(digests[0].tables[i].hash, digests[1].tables[i].hash, 32);
	}
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM event_served"), 4);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM response"), 0);
	merge_again(here, there);
	/* The envelope of there can be filed here now. */
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 1, .event = codes[0]}), OFFICE_FILED_NEW);
	keeping_close(there);
}

static void an_event_goes_on_from_where_it_got_furthest(void **state)
{
	static const struct {
		const char *name;
		const char *here;
		const char *there;
		const char *after; /* state and end of grace */
	} rows[] = {
		{"planned, opened there", "'planned', NULL", "'open', NULL", "open -"},
		{"open, planned there", "'open', NULL", "'planned', NULL", "open -"},
		{"open, in grace there", "'open', NULL", "'grace', 100", "grace 100"},
		{"in grace, open there", "'grace', 100", "'open', NULL", "grace 100"},
		{"in grace, later there", "'grace', 100", "'grace', 200", "grace 200"},
		{"in grace, earlier there", "'grace', 200", "'grace', 100", "grace 200"},
		{"in grace, closed there", "'grace', 100", "'closed', NULL", "closed -"},
		{"closed, open there", "'closed', NULL", "'open', NULL", "closed -"},
		{"open, closed there", "'open', NULL", "'closed', NULL", "closed -"},
	};
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		void *fresh;
		char sql[160], text[256];
		print_message("# %s\n", rows[i].name);
		keeping_set_up(&fresh);
		struct fixture *here = fresh;
		struct fixture *there = keeping_clone(here, "there.db");
		snprintf(sql, sizeof(sql), "UPDATE event SET (state, grace_until) = (%s)", rows[i].here);
		keeping_run(here, sql);
		snprintf(sql, sizeof(sql), "UPDATE event SET (state, grace_until) = (%s)", rows[i].there);
		keeping_run(there, sql);
		merge(here, there);
		assert_string_equal(
			keeping_text(here, "SELECT DISTINCT state || ' ' || coalesce(grace_until, '-') FROM event",
				     text),
			rows[i].after);
		merge_again(here, there);
		keeping_close(there);
		fixture_tear_down(&fresh);
	}
}

static void an_event_that_was_over_is_over(void **state)
{
	struct fixture *here = *state;
	struct office_expired expired;
	char text[256];
	file_people(here, 0, 3);
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_expire(there->office, keeping_day("2028-11-21"), &expired), ERR_OK);
	merge(here, there);
	merge_again(here, there);
	assert_string_equal(keeping_text(here, "SELECT min(expired_on) || min(state) FROM event", text),
			    "2028-11-21closed");
	assert_int_equal(fixture_file(here, (struct fixture_letter){.person = 7}), OFFICE_FILED_EXPIRED);
	/* Emptied by the run that follows every restore, whatever its forms may say by then. */
	fixture_publish(here, "conversation", keeping_document(here, "conversation", 120));
	assert_int_equal(office_expire(here->office, keeping_day("2028-11-22"), &expired), ERR_OK);
	assert_int_equal(expired.responses, 3);
	assert_int_equal(expired.texts, 6);
	assert_string_equal(keeping_text(here, "SELECT min(expired_on) FROM event", text), "2028-11-21");
	keeping_close(there);
}

static void quarantine_audit_and_backups_are_joined(void **state)
{
	struct fixture *here = *state;
	char text[256];
	assert_int_equal(office_begin(here->office), ERR_OK);
	assert_int_equal(office_file_quarantine(here->office, "forged", "one", 3), ERR_OK);
	assert_int_equal(office_commit(here->office), ERR_OK);
	uint64_t number;
	assert_int_equal(office_backup_begin(here->office, keeping_day("2026-11-21"), &number), ERR_OK);
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_backup_finish(there->office, number, "/backups/1"), ERR_OK);
	fixture_backup(there);
	assert_int_equal(office_begin(there->office), ERR_OK);
	assert_int_equal(office_file_quarantine(there->office, "forged", "one", 3), ERR_OK);
	assert_int_equal(office_file_quarantine(there->office, "event", "mark-envelope", 13), ERR_OK);
	assert_int_equal(office_commit(there->office), ERR_OK);
	assert_int_equal(office_audit(there->office, "cli", "mark.action", "there"), ERR_OK);
	assert_int_equal(merge(here, there).quarantined, 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM quarantine"), 2);
	assert_true(keeping_holds_text(here, "mark-envelope"));
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM audit WHERE action = 'mark.action'"), 1);
	assert_string_equal(
		keeping_text(
			here,
			"SELECT group_concat(number || ' ' || is_finished || ' ' || coalesce(file, '-'), '; ') FROM "
			"(SELECT * FROM backup ORDER BY number)",
			text),
		"1 1 /backups/1; 2 1 /backups/one.backup");
	merge_again(here, there);
	merge(there, here);
	assert_int_equal(fixture_number(there, "SELECT count(*) FROM audit WHERE action = 'mark.action'"), 1);
	keeping_close(there);
}

static void two_documents_of_one_number_do_not_replace_one_another(void **state)
{
	struct fixture *here = *state;
	struct fixture *there = keeping_clone(here, "there.db");
	uint32_t found;
	char *document;
	size_t length;
	fixture_publish(here, "conversation", keeping_document(here, "conversation", 3));
	fixture_publish(there, "conversation", keeping_document(there, "conversation", 4));
	merge(here, there);
	assert_int_equal(office_form_get(here->office, "conversation", 2, &here->arena, &found, &document, &length),
			 ERR_OK);
	assert_string_equal(document, keeping_document(here, "conversation", 3));
	keeping_close(there);
}

static void a_renewed_office_voids_every_mark_and_number(void **state)
{
	struct fixture *here = *state;
	uint8_t old[OFFICE_GENERATION_BYTES], now[OFFICE_GENERATION_BYTES];
	uint64_t number, serial, keyset, wanted, done, next;
	char text[256];
	assert_int_equal(office_flush_want(here->office, &wanted), ERR_OK);
	assert_int_equal(office_serials(here->office, 41, 7, &serial, &keyset), ERR_OK);
	keeping_run(here, "UPDATE meta SET serial = 41");
	assert_int_equal(office_backup_begin(here->office, keeping_day("2026-11-21"), &number), ERR_OK);
	int64_t lines = fixture_number(here, "SELECT max(number) FROM audit");
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_audit(there->office, "cli", "mark.action", "there"), ERR_OK);
	assert_int_equal(office_generation(here->office, old), ERR_OK);
	assert_int_equal(office_renew(here->office, 9, "/restored/9", 0), ERR_NOT_FOUND);
	assert_int_equal(office_renew(here->office, number, "restored", 0), ERR_INVALID);
	assert_int_equal(office_generation(here->office, now), ERR_OK);
	assert_memory_equal(old, now, sizeof(old));
	assert_int_equal(office_renew(here->office, number, "/restored/1", 0), ERR_OK);
	assert_int_equal(office_generation(here->office, now), ERR_OK);
	assert_memory_not_equal(old, now, sizeof(old));
	assert_int_equal(fixture_number(here, "SELECT serial FROM meta"), 41 + OFFICE_SERIAL_JUMP);
	assert_int_equal(office_serials(here->office, 0, 0, &serial, &keyset), ERR_OK);
	assert_int_equal(serial + keyset, 0);
	assert_int_equal(office_flush(here->office, &wanted, &done), ERR_OK);
	assert_int_equal(wanted, 1);
	assert_int_equal(office_backup_next(here->office, &next), ERR_OK);
	assert_int_equal(next, number + 1);
	assert_string_equal(keeping_text(here, "SELECT is_finished || file FROM backup", text), "1/restored/1");
	/* Lines of the office that is gone never meet the restored one's, whichever comes first. */
	merge(here, there);
	assert_int_equal(fixture_number(here, "SELECT number FROM audit WHERE action = 'mark.action'"), lines + 1);
	assert_string_equal(keeping_text(here, "SELECT actor || subject FROM audit WHERE action = 'restore'", text),
			    "cli1");
	assert_int_equal(office_renew(here->office, number, "/restored/1", 50 * (uint64_t) OFFICE_SERIAL_JUMP), ERR_OK);
	assert_int_equal(fixture_number(here, "SELECT serial FROM meta"), 50 * (int64_t) OFFICE_SERIAL_JUMP);
	keeping_close(there);
}

/* A failure half way leaves everything as it was. */
static void a_merge_is_whole_or_not_at_all(void **state)
{
	struct fixture *here = *state;
	struct office_digest before, after;
	struct office_merged merged;
	file_people(here, 0, 3);
	struct fixture *there = keeping_clone(here, "there.db");
	fixture_withdraw(there, 1, false);
	fixture_add_event(there, false, EVENT_OPEN);
	keeping_run(there, "CREATE TABLE audit2 AS SELECT * FROM audit; DROP TABLE audit");
	digest_of(here, &before);
	assert_int_not_equal(office_merge(here->office, there->office, &merged), ERR_OK);
	digest_of(here, &after);
	assert_true(office_digest_is_equal(&before, &after, NULL));
	keeping_close(there);
}

int main(void)
{
#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(a_withdrawn_response_goes),
		WITH_OFFICE(a_withdrawn_response_does_not_come_again),
		WITH_OFFICE(a_withdrawal_that_waits_finds_what_is_here),
		WITH_OFFICE(what_waits_here_may_be_found_there),
		WITH_OFFICE(a_release_is_repeated),
		WITH_OFFICE(a_release_that_waits_here_takes_no_backup_of_there),
		WITH_OFFICE(a_withdrawal_and_a_release_keep_their_order),
		WITH_OFFICE(a_period_destroyed_there_is_destroyed_here),
		WITH_OFFICE(what_was_withdrawn_before_its_period_ended_goes),
		WITH_OFFICE(a_withdrawal_of_what_had_expired_waits_on),
		WITH_OFFICE(forms_and_events_are_taken_over_without_responses),
		cmocka_unit_test(an_event_goes_on_from_where_it_got_furthest),
		WITH_OFFICE(an_event_that_was_over_is_over),
		WITH_OFFICE(quarantine_audit_and_backups_are_joined),
		WITH_OFFICE(two_documents_of_one_number_do_not_replace_one_another),
		WITH_OFFICE(a_renewed_office_voids_every_mark_and_number),
		WITH_OFFICE(a_merge_is_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
