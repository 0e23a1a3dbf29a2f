/* SPDX-License-Identifier: MIT */
/* merge_organisers_test.c: what organisers keep, merged: nothing that was ended, used or removed comes back, nobody's newer change is lost,
 * and of two that were made apart the same one wins whichever way they are merged. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/accounts.h"
#include "lib/office/organising.h"

static const char *const areas[] = {"north", "south"};
static const struct office_action_text texts[] = {{.tag = "en", .theme = "Buses", .said = "Late.", .did = "Earlier."},
						  {.tag = "cy", .theme = "Bysiau", .said = "Hwyr.", .did = "Cynt."}};

static void merge(struct fixture *here, struct fixture *there)
{
	struct office_merged merged;
	assert_int_equal(office_merge(here->office, there->office, &merged), ERR_OK);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void hash_of(const char *token, int number, uint8_t out[OFFICE_HASH_BYTES])
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%s %d", token, number);
	keys_hash(text, (size_t) length, out);
}

static int64_t add_account(struct fixture *fixture, const char *name)
{
	struct office_account account = {.name = name,
					 .shown = name,
					 .role = ACCOUNT_ORGANISER,
					 .language = "en",
					 .areas = areas,
					 .areas_count = 1};
	int64_t id = 0;
	assert_int_equal(office_account_add(fixture->office, &account, &id), ERR_OK);
	assert_int_equal(office_password_set(fixture->office, id, "$argon2id$one", NULL), ERR_OK);
	return id;
}

static void set_codes(struct fixture *fixture, int64_t id, const char *prefix)
{
	uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES], secret[OFFICE_TOTP_BYTES] = {0};
	memcpy(secret, prefix, strlen(prefix));
	for (int i = 0; i < OFFICE_RECOVERY_CODES; i++)
		hash_of(prefix, i, codes[i]);
	assert_int_equal(office_totp_set(fixture->office, id, secret, 0, codes), ERR_OK);
}

static struct office_account *account_of(struct fixture *fixture, int64_t id)
{
	struct office_account *account = NULL;
	assert_int_equal(office_account_get(fixture->office, id, &fixture->arena, &account), ERR_OK);
	return account;
}

static enum err take_code(struct fixture *fixture, int64_t id, const char *prefix, int number)
{
	uint8_t hash[OFFICE_HASH_BYTES];
	size_t left;
	hash_of(prefix, number, hash);
	return office_recovery_take(fixture->office, id, hash, &left);
}

static void what_was_ended_or_used_stays_so(void **state)
{
	struct fixture *here = *state;
	struct office_secrets secrets;
	struct office_session session;
	uint8_t cookie[OFFICE_HASH_BYTES];
	int64_t ended = add_account(here, "ended"), used = add_account(here, "used"), anew = add_account(here, "anew");
	set_codes(here, ended, "code");
	set_codes(here, used, "code");
	set_codes(here, anew, "old");
	assert_int_equal(take_code(here, used, "code", 1), ERR_OK);
	struct fixture *there = keeping_clone(here, "there.db");
	/* What happened after the backup, in the office that was found. */
	hash_of("cookie", 0, cookie);
	assert_int_equal(office_account_end(there->office, ended), ERR_OK);
	assert_int_equal(office_totp_take(there->office, used, 500), ERR_OK);
	assert_int_equal(take_code(there, used, "code", 2), ERR_OK);
	set_codes(there, anew, "new");
	assert_int_equal(office_session_add(there->office, cookie, used, SESSION_FULL, 1000), ERR_OK);
	/* And in the restored one, before anybody noticed: newer versions that must not win over an end. */
	struct office_account *changed = account_of(here, ended);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(office_account_change(here->office, changed), ERR_OK);
		changed->version++;
	}
	for (int twice = 0; twice < 2; twice++) {
		merge(here, there);
		assert_int_equal(account_of(here, ended)->state, ACCOUNT_ENDED);
		assert_int_equal(take_code(here, ended, "code", 5), ERR_NOT_FOUND);
		assert_int_equal(office_secrets_get(here->office, ended, &secrets), ERR_OK);
		assert_string_equal(secrets.password, "");
		assert_int_equal(office_totp_take(here->office, used, 500), ERR_CONFLICT);
		assert_int_equal(take_code(here, used, "code", 1), ERR_NOT_FOUND);
		assert_int_equal(take_code(here, used, "code", 2), ERR_NOT_FOUND);
		assert_int_equal(take_code(here, anew, "old", 3), ERR_NOT_FOUND);
		assert_int_equal(take_code(here, anew, "new", twice), ERR_OK);
		assert_int_equal(office_session_get(here->office, cookie, 1001, &session), ERR_NOT_FOUND);
	}
	/* The other way round nothing is undone. */
	merge(there, here);
	assert_int_equal(account_of(there, ended)->state, ACCOUNT_ENDED);
	assert_int_equal(take_code(there, used, "code", 2), ERR_NOT_FOUND);
	assert_int_equal(take_code(there, anew, "new", 0), ERR_NOT_FOUND); /* used here */
	keeping_close(there);
}

static void accounts_are_as_they_were_changed_last(void **state)
{
	struct fixture *here = *state;
	int64_t id = add_account(here, "sam");
	struct fixture *there = keeping_clone(here, "there.db");
	struct office_account *changed = account_of(there, id);
	changed->role = ACCOUNT_KEYER;
	changed->areas = areas + 1;
	assert_int_equal(office_account_change(there->office, changed), ERR_OK);
	int64_t new_one = add_account(there, "ann"), same_name = add_account(there, "eve");
	add_account(here, "eve"); /* invited again after the backup: another account of that name */
	merge(here, there);
	struct office_account *now = account_of(here, id), *none = NULL;
	assert_int_equal(now->role, ACCOUNT_KEYER);
	assert_int_equal(now->areas_count, 1);
	assert_string_equal(now->areas[0], "south");
	assert_int_equal(account_of(here, new_one)->state, ACCOUNT_ACTIVE);
	assert_int_equal(office_account_get(here->office, same_name, &here->arena, &none), ERR_NOT_FOUND);
	merge(there, here);
	assert_int_equal(account_of(there, id)->role, ACCOUNT_KEYER);
	keeping_close(there);
}

static struct office_event *event_of(struct fixture *fixture, const char *code)
{
	struct office_event *event = NULL;
	assert_int_equal(office_event_get(fixture->office, code, &fixture->arena, &event), ERR_OK);
	return event;
}

static struct office_event_detail detail_of(struct fixture *fixture, const char *code)
{
	struct office_event_detail detail;
	assert_int_equal(office_event_detail(fixture->office, code, &fixture->arena, &detail), ERR_OK);
	return detail;
}

static void change_title(struct fixture *fixture, const char *code, const char *title)
{
	struct office_event *event = event_of(fixture, code);
	struct office_event_detail detail = detail_of(fixture, code);
	event->shown.title = title;
	detail.topic = title;
	assert_int_equal(office_event_change(fixture->office, event, &detail), ERR_OK);
}

static void an_event_is_as_it_was_changed_last_with_its_lists(void **state)
{
	struct fixture *here = *state;
	static const char *const languages[] = {"cy", "ar"};
	static const struct catalogue_form_ref forms[] = {{"other", 0}, {"conversation", 0}};
	struct fixture *there = keeping_clone(here, "there.db");
	struct office_event *event = event_of(there, there->practice);
	struct office_event_detail detail = detail_of(there, there->practice);
	event->shown.title = "Another title";
	event->shown.held_on = (struct date){2027, 1, 2};
	event->shown.languages = languages;
	event->shown.languages_count = 2;
	event->shown.forms = forms;
	event->shown.forms_count = 2;
	detail.came = 12;
	detail.note = "Bring a coat.";
	assert_int_equal(office_event_change(there->office, event, &detail), ERR_OK);
	for (int twice = 0; twice < 2; twice++) {
		merge(here, there);
		merge(there, here); /* nothing is undone, the other way round */
		struct fixture *both[] = {here, there};
		for (size_t i = 0; i < 2; i++) {
			struct office_event *now = event_of(both[i], here->practice);
			assert_string_equal(now->shown.title, "Another title");
			assert_int_equal(now->shown.held_on.year, 2027);
			assert_int_equal(now->shown.languages_count, 2);
			assert_string_equal(now->shown.languages[0], "cy");
			assert_string_equal(now->shown.languages[1], "ar");
			assert_int_equal(now->shown.forms_count, 2);
			assert_string_equal(now->shown.forms[0].form, "other");
			assert_int_equal(detail_of(both[i], here->practice).came, 12);
			assert_string_equal(detail_of(both[i], here->practice).note, "Bring a coat.");
		}
	}
	keeping_close(there);
}

static void of_two_changes_apart_the_same_wins_both_ways(void **state)
{
	struct fixture *here = *state;
	char text[256], other[256];
	struct fixture *there = keeping_clone(here, "there.db");
	static const char sql[] =
		"SELECT group_concat(title || topic) FROM (SELECT * FROM event JOIN event_detail ON event = code "
		"ORDER BY code)";
	change_title(here, here->event, "Here");
	change_title(there, here->event, "There");
	change_title(here, here->practice, "Here");
	change_title(here, here->practice, "Here again");
	change_title(there, here->practice, "There");
	assert_int_equal(office_target_set(here->office, "north", 2026, 10), ERR_OK);
	assert_int_equal(office_target_set(there->office, "north", 2026, 20), ERR_OK);
	struct fixture *first = keeping_clone(here, "first.db");
	merge(first, there);
	merge(there, here);
	keeping_text(first, sql, text);
	assert_string_equal(keeping_text(there, sql, other), text);
	assert_non_null(strstr(text, "Here againHere again"));
	int64_t places = 0, other_places = 0;
	assert_int_equal(office_target_get(first->office, "north", 2026, &places), ERR_OK);
	assert_int_equal(office_target_get(there->office, "north", 2026, &other_places), ERR_OK);
	assert_int_equal(places, other_places);
	keeping_close(first);
	keeping_close(there);
}

/* The earliest day that either knew is what was promised. */
static void the_earliest_day_of_both_counts(void **state)
{
	struct fixture *here = *state;
	struct fixture *there = keeping_clone(here, "there.db");
	struct office_event *event = event_of(there, there->event);
	struct office_event_detail detail = detail_of(there, there->event);
	event->shown.held_on = (struct date){2026, 10, 1};
	assert_int_equal(office_event_change(there->office, event, &detail), ERR_OK);
	detail.version = 2;
	event->shown.held_on = (struct date){2027, 5, 1};
	assert_int_equal(office_event_change(there->office, event, &detail), ERR_OK);
	for (int i = 0; i < 4; i++)
		change_title(here, here->event, "Newer");
	merge(here, there);
	char text[256];
	assert_string_equal(keeping_text(here, "SELECT kept_from FROM event_detail WHERE kept_from IS NOT NULL", text),
			    "2026-10-01");
	assert_int_equal(event_of(here, here->event)->shown.held_on.month, 11);
	keeping_close(there);
}

static void a_removed_action_stays_removed(void **state)
{
	struct fixture *here = *state;
	struct office_action action = {.area = "north",
				       .event = here->event,
				       .status = ACTION_DONE,
				       .is_public = true,
				       .texts = texts,
				       .texts_count = 2};
	struct office_action *found = NULL;
	int64_t gone = 0, changed = 0, fresh = 0;
	assert_int_equal(office_action_save(here->office, &action, &gone), ERR_OK);
	assert_int_equal(office_action_save(here->office, &action, &changed), ERR_OK);
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_action_remove(there->office, gone, 1), ERR_OK);
	assert_int_equal(office_action_get(there->office, changed, &there->arena, &found), ERR_OK);
	found->texts_count = 1;
	found->status = ACTION_CANNOT;
	assert_int_equal(office_action_save(there->office, found, &changed), ERR_OK);
	assert_int_equal(office_action_save(there->office, &action, &fresh), ERR_OK);
	action.id = gone;
	action.version = 1;
	for (int i = 0; i < 3; i++, action.version++) /* here somebody goes on writing at it */
		assert_int_equal(office_action_save(here->office, &action, &gone), ERR_OK);
	merge(here, there);
	merge(here, there);
	assert_int_equal(office_action_get(here->office, gone, &here->arena, &found), ERR_NOT_FOUND);
	assert_int_equal(
		fixture_number(
			here, "SELECT count(*) FROM action_text t JOIN action a ON a.id = t.action WHERE a.is_removed"),
		0);
	assert_int_equal(office_action_get(here->office, changed, &here->arena, &found), ERR_OK);
	assert_int_equal(found->status, ACTION_CANNOT);
	assert_int_equal(found->texts_count, 1);
	assert_int_equal(office_action_get(here->office, fresh, &here->arena, &found), ERR_OK);
	assert_int_equal(found->texts_count, 2);
	merge(there, here);
	assert_int_equal(office_action_get(there->office, gone, &here->arena, &found), ERR_NOT_FOUND);
	keeping_close(there);
}

static void placements_are_as_they_were_changed_last(void **state)
{
	struct fixture *here = *state;
	struct office_placement placement = {.area = "north",
					     .year = 2026,
					     .quarter = 1,
					     .kind = "five-day",
					     .offered = 5},
				*list = NULL;
	size_t count = 0;
	assert_int_equal(office_placement_save(here->office, &placement), ERR_OK);
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_placement_list(there->office, NULL, 0, 2026, &there->arena, &list, &count), ERR_OK);
	list[0].offered = 9;
	assert_int_equal(office_placement_save(there->office, &list[0]), ERR_OK);
	placement.quarter = 2;
	assert_int_equal(office_placement_save(there->office, &placement), ERR_OK);
	merge(here, there);
	assert_int_equal(
		fixture_number(
			here, "SELECT group_concat(offered, '') FROM (SELECT offered FROM placement ORDER BY offered)"),
		59);
	keeping_close(there);
}

/* The same quarter was written down in both: one of them stays, the same one whichever way they are merged. */
static void places_that_were_written_down_twice_count_once(void **state)
{
	struct fixture *here = *state;
	struct office_placement placement = {
		.area = "north", .year = 2026, .quarter = 1, .kind = "five-day", .offered = 5};
	struct office_placement *list = NULL;
	size_t count = 0;
	struct fixture *there = keeping_clone(here, "there.db");
	assert_int_equal(office_placement_save(here->office, &placement), ERR_OK);
	placement.offered = 7;
	assert_int_equal(office_placement_save(there->office, &placement), ERR_OK);
	assert_int_equal(office_placement_list(there->office, NULL, 0, 2026, &there->arena, &list, &count), ERR_OK);
	list[0].offered = 9;
	assert_int_equal(office_placement_save(there->office, &list[0]), ERR_OK); /* newer by its version */
	merge(there, here);
	merge(here, there);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_number(i ? here : there, "SELECT count(*) FROM placement"), 1);
		assert_int_equal(fixture_number(i ? here : there, "SELECT offered FROM placement"), 9);
	}
	/* One that was moved onto another's place there does not undo the merge here. */
	placement.quarter = 2;
	assert_int_equal(office_placement_save(here->office, &placement), ERR_OK);
	merge(there, here);
	assert_int_equal(office_placement_list(there->office, NULL, 0, 2026, &there->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 2);
	list[0].quarter = 3;
	assert_int_equal(office_placement_save(there->office, &list[0]), ERR_OK);
	list[1].quarter = 1;
	assert_int_equal(office_placement_save(there->office, &list[1]), ERR_OK);
	merge(here, there);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM placement"), 2);
	keeping_close(there);
}

static void a_restored_office_signs_everybody_out(void **state)
{
	struct fixture *here = *state;
	uint8_t hash[OFFICE_HASH_BYTES];
	struct office_session session;
	struct office_one_time found;
	uint64_t number;
	int64_t id = add_account(here, "sam"), wait = 0;
	struct office_one_time what = {.purpose = ADDRESS_RESET, .account = id};
	hash_of("token", 0, hash);
	assert_int_equal(office_session_add(here->office, hash, id, SESSION_FULL, 1000), ERR_OK);
	assert_int_equal(office_one_time_add(here->office, hash, &what, 5000), ERR_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(office_throttle_fail(here->office, hash, 1000), ERR_OK);
	assert_int_equal(office_backup_begin(here->office, keeping_day("2026-11-21"), &number), ERR_OK);
	assert_int_equal(office_renew(here->office, number, "/restored/1", 0), ERR_OK);
	assert_int_equal(office_session_get(here->office, hash, 1001, &session), ERR_NOT_FOUND);
	assert_int_equal(office_one_time_get(here->office, hash, 1001, &found), ERR_NOT_FOUND);
	assert_int_equal(office_throttle_ask(here->office, hash, THROTTLE_HARD, 1001, &wait), ERR_OK);
	assert_int_equal(wait, 0);
	assert_int_equal(account_of(here, id)->state, ACCOUNT_ACTIVE);
}

static void expire_lets_sign_ins_go_that_are_over(void **state)
{
	struct fixture *here = *state;
	struct office_expired expired;
	int64_t id = add_account(here, "sam"), today = date_days((struct date){2026, 11, 22}) * 86400;
	uint8_t hash[OFFICE_HASH_BYTES];
	struct office_one_time what = {.purpose = ADDRESS_RESET, .account = id},
			       first = {.purpose = ADDRESS_INVITATION, .account = id};
	const int64_t ages[] = {60, 23 * 3600, 25 * 3600, 48 * 3600};
	for (size_t i = 0; i < COUNT_OF(ages); i++) {
		hash_of("token", (int) i, hash);
		/* Past the sweep of each sign-in. */
		char sql[256];
		snprintf(sql, sizeof(sql),
			 "INSERT INTO session VALUES (randomblob(32), %zu, %lld, 'full', %lld, %lld, 0)", i + 1,
			 (long long) id, (long long) (today - ages[i]), (long long) (today - ages[i]));
		keeping_run(here, sql);
		assert_int_equal(office_throttle_fail(here->office, hash, today - ages[i]), ERR_OK);
	}
	hash_of("over", 0, hash);
	assert_int_equal(office_one_time_add(here->office, hash, &what, today), ERR_OK);
	hash_of("good", 0, hash);
	assert_int_equal(office_one_time_add(here->office, hash, &first, today + 1), ERR_OK);
	assert_int_equal(office_expire(here->office, keeping_day("2026-11-22"), &expired), ERR_OK);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM session"), 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM throttle"), 2);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM one_time WHERE purpose = 'invitation'"), 1);
	assert_int_equal(fixture_number(here, "SELECT count(*) FROM one_time"), 1);
}

#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(what_was_ended_or_used_stays_so),
		WITH_OFFICE(accounts_are_as_they_were_changed_last),
		WITH_OFFICE(an_event_is_as_it_was_changed_last_with_its_lists),
		WITH_OFFICE(of_two_changes_apart_the_same_wins_both_ways),
		WITH_OFFICE(the_earliest_day_of_both_counts),
		WITH_OFFICE(a_removed_action_stays_removed),
		WITH_OFFICE(placements_are_as_they_were_changed_last),
		WITH_OFFICE(places_that_were_written_down_twice_count_once),
		WITH_OFFICE(a_restored_office_signs_everybody_out),
		WITH_OFFICE(expire_lets_sign_ins_go_that_are_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
