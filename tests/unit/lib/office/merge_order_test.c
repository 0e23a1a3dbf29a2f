/* SPDX-License-Identifier: MIT */
/* merge_order_test.c: several states of one office, merged into any of them in any order, give the same office.
 *
 * Random lives of an office, from seeds that are written here: a life files, withdraws, releases, expires, backs up, ends
 * periods and so on; what it is at four moments is kept, as backups and a found disk would be. Each of the four is
 * restored, and the other three are merged into it in all six orders. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/accounts.h"
#include "lib/office/organising.h"

#include <stdlib.h>

enum { MOMENTS = 4, STEPS = 14, PEOPLE = 10, EVENTS = 4, ORDERS = 6 };

struct life {
	struct fixture *fixture;
	uint64_t seed;
	uint64_t organisers;  /* the same for what they do; 0: nothing */
	char *events[EVENTS]; /* the last is for practice */
	size_t events_count;
	uint64_t backup; /* begun and not finished; 0: none */
	int day;
};

static unsigned draw(struct life *life, unsigned below)
{
	life->seed = life->seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned) (life->seed >> 33) % below;
}

static struct date life_day(struct life *life)
{
	return date_from_days(date_days(keeping_day("2026-11-01")) + life->day);
}

static void do_file(struct life *life)
{
	unsigned person = draw(life, PEOPLE);
	bool is_practice = person == 0;
	/* Whose page it is settles the event and the form, as the id does. */
	fixture_file(life->fixture, (struct fixture_letter){
					    .person = person,
					    .event = is_practice ? life->fixture->practice : life->events[person % 2],
					    .form = person % 3 == 0 ? "other" : "conversation",
					    .edit = draw(life, 3),
					    .text = "a text",
					    .apart_text = "a belief",
					    .is_practice = is_practice,
				    });
}

static void do_withdraw(struct life *life)
{
	unsigned person = draw(life, PEOPLE);
	fixture_withdraw(life->fixture, person, person == 0);
}

static void do_state(struct life *life)
{
	enum err error =
		office_event_set_state(life->fixture->office, life->events[draw(life, (unsigned) life->events_count)],
				       EVENT_OPEN + draw(life, 3), 1000 + life->day);
	assert_true(error == ERR_OK || error == ERR_CONFLICT);
}

static void do_release(struct life *life)
{
	uint32_t release;
	size_t responses;
	enum err error = office_event_release(life->fixture->office, life->events[draw(life, 2)], &release, &responses);
	assert_true(error == ERR_OK || error == ERR_CONFLICT || error == ERR_BUSY);
}

static void do_backup(struct life *life)
{
	if (life->backup == 0) {
		assert_int_equal(office_backup_begin(life->fixture->office, life_day(life), &life->backup), ERR_OK);
		return;
	}
	assert_int_equal(office_backup_finish(life->fixture->office, life->backup, "/backups/one"), ERR_OK);
	if (draw(life, 2) == 0)
		assert_int_equal(office_backup_gone(life->fixture->office, life->backup), ERR_OK);
	life->backup = 0;
}

static void do_expire(struct life *life)
{
	struct office_expired expired;
	life->day += (int) draw(life, 150);
	assert_int_equal(office_expire(life->fixture->office, life_day(life), &expired), ERR_OK);
}

static void do_add(struct life *life)
{
	if (life->events_count < EVENTS)
		life->events[life->events_count++] =
			fixture_add_event(life->fixture, false, draw(life, 2) == 0 ? EVENT_OPEN : EVENT_PLANNED);
	fixture_publish(life->fixture, "conversation",
			keeping_document(life->fixture, "conversation", 12 + draw(life, 12)));
}

static void do_publish(struct life *life)
{
	struct catalogue_content *content = NULL;
	assert_int_equal(office_catalogue(life->fixture->office, &life->fixture->arena, &content), ERR_OK);
}

static void do_quarantine(struct life *life)
{
	unsigned number = draw(life, 1000);
	assert_int_equal(office_begin(life->fixture->office), ERR_OK);
	assert_int_equal(office_file_quarantine(life->fixture->office, "forged", &number, sizeof(number)), ERR_OK);
	assert_int_equal(office_commit(life->fixture->office), ERR_OK);
}

static const struct office_action_text action_text = {.tag = "en", .theme = "", .said = "Late.", .did = "Earlier."};

/* One of the few there are, by a draw; 0 where there is none yet. */
static int64_t one_of(struct life *life, const char *table)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "SELECT coalesce((SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET %u), 0)", table,
		 draw(life, 3));
	return fixture_number(life->fixture, sql);
}

static void do_account(struct life *life)
{
	static const char *const names[] = {"ann", "bob", "eve"}, *const areas[] = {"north"};
	struct office *office = life->fixture->office;
	struct office_account account = {.name = names[draw(life, 3)],
					 .shown = "A",
					 .role = ACCOUNT_KEYER,
					 .language = "en",
					 .areas = areas,
					 .areas_count = draw(life, 2)},
			      *found = NULL;
	uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES] = {0},
		secret[OFFICE_TOTP_BYTES] = {(uint8_t) draw(life, 3)};
	size_t left;
	int64_t id = one_of(life, "account");
	for (uint8_t i = 0; i < OFFICE_RECOVERY_CODES; i++) {
		codes[i][0] = i;
		codes[i][1] = secret[0];
	}
	enum err error = ERR_OK;
	switch (id == 0 ? 0 : draw(life, 6)) {
	case 0:
		error = office_account_add(office, &account, &id);
		break;
	case 1:
		error = office_password_set(office, id, "$argon2id$", NULL);
		break;
	case 2:
		error = office_totp_set(office, id, secret, 0, codes);
		break;
	case 3:
		error = office_recovery_take(office, id, codes[draw(life, OFFICE_RECOVERY_CODES)], &left);
		break;
	case 4:
		error = draw(life, 3) == 0 ? office_account_end(office, id) : office_totp_take(office, id, life->day);
		break;
	default:
		assert_int_equal(office_account_get(office, id, &life->fixture->arena, &found), ERR_OK);
		found->areas = areas;
		found->areas_count = draw(life, 2);
		error = office_account_change(office, found);
	}
	assert_true(error == ERR_OK || error == ERR_CONFLICT || error == ERR_NOT_FOUND);
}

static void do_change(struct life *life)
{
	static const char *const languages[][2] = {{"en", "cy"}, {"cy", "en"}, {"ar", "cy"}};
	const char *code = life->events[draw(life, (unsigned) life->events_count)];
	struct office_event *event = NULL;
	struct office_event_detail detail;
	assert_int_equal(office_event_get(life->fixture->office, code, &life->fixture->arena, &event), ERR_OK);
	assert_int_equal(office_event_detail(life->fixture->office, code, &life->fixture->arena, &detail), ERR_OK);
	event->shown.languages = languages[draw(life, 3)];
	event->shown.languages_count = 1 + draw(life, 2);
	event->shown.held_on.day = 1 + (int) draw(life, 28);
	detail.came = life->day;
	assert_int_equal(office_event_change(life->fixture->office, event, &detail), ERR_OK);
}

static void do_action(struct life *life)
{
	struct office_action action = {.area = "north", .status = ACTION_DONE, .texts = &action_text, .texts_count = 1},
			     *found = NULL;
	int64_t id = one_of(life, "action");
	enum err error =
		id == 0 ? ERR_NOT_FOUND : office_action_get(life->fixture->office, id, &life->fixture->arena, &found);
	if (error == ERR_OK && draw(life, 3) == 0)
		error = office_action_remove(life->fixture->office, id, found->version);
	else
		error = office_action_save(life->fixture->office,
					   error == ERR_OK && draw(life, 2) == 0 ? found : &action, &id);
	assert_int_equal(error, ERR_OK);
}

static void do_target(struct life *life)
{
	assert_int_equal(office_target_set(life->fixture->office, "north", 2026 + (int) draw(life, 2), life->day),
			 ERR_OK);
}

static void do_period(struct life *life)
{
	struct keyset keyset = {.serial = 1, .periods_count = 1};
	keyset.periods[0].is_practice = true;
	keyset.periods[0].is_current = true;
	memcpy(keyset.periods[0].id, fixture_practice_period, KEYS_ID_BYTES);
	assert_int_equal(office_periods_note(life->fixture->office, &keyset, life_day(life)), ERR_OK);
	enum err error = office_period_destroyed(life->fixture->office, fixture_period, life_day(life));
	assert_true(error == ERR_OK || error == ERR_CONFLICT || error == ERR_NOT_FOUND);
}

/* Filing and withdrawing come most often. Ending the period ends them: a secret that is gone keys nothing more. */
static void step(struct life *life)
{
	static void (*const acts[])(struct life *) = {do_file,    do_file,   do_file,   do_file,      do_withdraw,
						      do_release, do_backup, do_expire, do_add,       do_state,
						      do_publish, do_state,  do_backup, do_quarantine};
	bool is_over = false;
	life->day += (int) draw(life, 20);
	assert_int_equal(office_period_is_destroyed(life->fixture->office, fixture_period, &is_over), ERR_OK);
	void (*act)(struct life *) = acts[draw(life, COUNT_OF(acts))];
	if (draw(life, 30) == 0)
		act = do_period;
	if (is_over && (act == do_file || act == do_withdraw))
		act = do_publish;
	act(life);
}

/* All that a merge could change. What only waits to expire may still be here in one order and gone in another: so the rows
 * are looked at after the run of expire that follows every restore. That run's own lines in the audit count what it found. */
struct picture {
	struct office_digest merged;
	struct office_digest expired;
	char backups[256]; /* the digest leaves them out */
};

static void take_picture(struct fixture *fixture, struct date last, struct picture *out)
{
	struct office_expired expired;
	assert_int_equal(office_digest(fixture->office, &out->merged), ERR_OK);
	keeping_text(fixture,
		     "SELECT group_concat(number || ' ' || is_finished || ' ' || coalesce(file, '-'), ';') FROM "
		     "(SELECT * FROM backup ORDER BY number)",
		     out->backups);
	assert_int_equal(office_expire(fixture->office, last, &expired), ERR_OK);
	assert_int_equal(office_digest(fixture->office, &out->expired), ERR_OK);
}

/* The first table in which the two differ; NULL: none. */
static const char *difference(const struct picture *one, const struct picture *other)
{
	for (size_t i = 0; i < one->merged.count; i++) {
		const char *table = one->merged.tables[i].table;
		bool is_audit = strcmp(table, "audit") == 0;
		const struct office_digest *left = is_audit ? &one->merged : &one->expired;
		const struct office_digest *right = is_audit ? &other->merged : &other->expired;
		if (left->tables[i].rows != right->tables[i].rows ||
		    memcmp(left->tables[i].hash, right->tables[i].hash, sizeof(left->tables[i].hash)) != 0)
			return table;
	}
	return strcmp(one->backups, other->backups) == 0 ? NULL : "backup";
}

static void merge_into(struct fixture *here, struct fixture *moments[MOMENTS], size_t restored, size_t order)
{
	static const size_t orders[ORDERS][MOMENTS - 1] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
							   {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	struct office_merged merged;
	for (size_t i = 0; i < MOMENTS - 1; i++) {
		size_t which = orders[order][i];
		which += which >= restored; /* the three others */
		assert_int_equal(office_merge(here->office, moments[which]->office, &merged), ERR_OK);
	}
}

static void merge_again(struct fixture *here, struct fixture *moments[MOMENTS], size_t restored, unsigned seed)
{
	struct office_digest before, after;
	const char *table = NULL;
	assert_int_equal(office_digest(here->office, &before), ERR_OK);
	merge_into(here, moments, restored, ORDERS - 1);
	assert_int_equal(office_digest(here->office, &after), ERR_OK);
	if (!office_digest_is_equal(&before, &after, &table))
		fail_msg("seed %u, moment %zu: merging twice changes %s", seed, restored, table);
}

static void compare_orders(struct fixture *moments[MOMENTS], size_t restored, struct date last, unsigned seed)
{
	struct picture first, now;
	for (size_t order = 0; order < ORDERS; order++) {
		struct fixture *here = keeping_clone(moments[restored], "here.db");
		merge_into(here, moments, restored, order);
		if (order == 0)
			merge_again(here, moments, restored, seed);
		take_picture(here, last, &now);
		if (order == 0)
			first = now;
		const char *table = difference(&first, &now);
		if (table != NULL)
			fail_msg("seed %u, moment %zu, order %zu: %s differs", seed, restored, order, table);
		assert_int_equal(fixture_number(here, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
		keeping_close(here);
	}
}

/* What organisers do meanwhile, by draws of their own: lives in which the order once mattered stay what they were. */
static void organise(struct life *life)
{
	static void (*const acts[])(struct life *) = {do_account, do_account, do_change, do_action, do_target};
	uint64_t seed = life->seed;
	life->seed = life->organisers;
	acts[draw(life, COUNT_OF(acts))](life);
	life->organisers = life->seed;
	life->seed = seed;
}

static void live(unsigned seed, int64_t *sums)
{
	static const char *const names[MOMENTS] = {"m0.db", "m1.db", "m2.db", "m3.db"};
	void *fresh;
	keeping_set_up(&fresh);
	struct fixture *moments[MOMENTS];
	struct life life = {.fixture = fresh, .seed = seed, .organisers = seed < 10 ? seed : 0, .events_count = 2};
	assert_int_equal(office_text_set(life.fixture->office, "organisation", "{}"), ERR_OK);
	assert_int_equal(office_text_set(life.fixture->office, "words", "{}"), ERR_OK);
	life.events[0] = life.fixture->event;
	life.events[1] = fixture_add_event(life.fixture, false, EVENT_OPEN);
	for (size_t i = 0; i < MOMENTS; i++) {
		for (int k = 0; k < STEPS; k++) {
			step(&life);
			if (life.organisers != 0)
				organise(&life);
		}
		moments[i] = keeping_clone(life.fixture, names[i]);
	}
	sums[0] += fixture_number(moments[MOMENTS - 1], "SELECT count(*) FROM tombstone");
	sums[1] += fixture_number(moments[MOMENTS - 1], "SELECT count(*) FROM event WHERE release > 0");
	sums[2] += fixture_number(moments[MOMENTS - 1], "SELECT count(*) FROM event WHERE expired_on IS NOT NULL");
	sums[3] += fixture_number(moments[MOMENTS - 1], "SELECT count(*) FROM period WHERE destroyed_on IS NOT NULL");
	sums[4] += fixture_number(moments[0], "SELECT count(*) FROM link");
	for (size_t i = 0; i < MOMENTS; i++)
		compare_orders(moments, i, life_day(&life), seed);
	for (size_t i = 0; i < MOMENTS; i++)
		keeping_close(moments[i]);
	fixture_tear_down(&fresh);
}

static void the_order_does_not_matter(void **state)
{
	(void) state;
	int64_t sums[5] = {0};
	/* The first three are lives in which the order once mattered, without organisers. SOUNDINGS_LIVES=all: more of them. */
	static const unsigned seeds[] = {38, 41, 90, 1, 2, 3, 4, 5, 6, 7, 8};
	enum { USUAL = 6 };
	size_t count = getenv("SOUNDINGS_LIVES") ? COUNT_OF(seeds) : USUAL;
	for (size_t i = 0; i < count; i++)
		live(seeds[i], sums);
	print_message("# at the ends: %lld tombstones, %lld releases, %lld events over, %lld periods destroyed; %lld "
		      "links at "
		      "the first moments\n",
		      (long long) sums[0], (long long) sums[1], (long long) sums[2], (long long) sums[3],
		      (long long) sums[4]);
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		assert_true(sums[i] > 0); /* or the lives were too quiet to prove anything */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_order_does_not_matter)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
