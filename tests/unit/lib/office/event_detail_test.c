/* SPDX-License-Identifier: MIT */
/* event_detail_test.c: what organisers keep of events, changes by two at once, pointing, and what the tick does by their days. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/organising.h"

enum { DAY_S = 86400 };

static const char *const languages[] = {"en", "cy"};
static const struct catalogue_form_ref forms[] = {{"conversation", 0}};
static const struct catalogue_form_ref other_forms[] = {{"conversation", 0}, {"other", 0}};

static struct office_event sample(void)
{
	return (struct office_event){.shown = {.title = "A conversation",
					       .place = "The hall",
					       .held_on = {2026, 11, 21},
					       .area = "north",
					       .programme = "community",
					       .languages = languages,
					       .languages_count = 2,
					       .forms = forms,
					       .forms_count = 1}};
}

static struct office_event_detail unknown(void)
{
	return (struct office_event_detail){
		.reach = OFFICE_UNKNOWN, .expected = OFFICE_UNKNOWN, .came = OFFICE_UNKNOWN};
}

static char *plan(struct fixture *fixture, const struct office_event_detail *detail)
{
	struct office_event event = sample();
	char *code = NULL;
	assert_int_equal(office_event_plan(fixture->office, &event, detail, &fixture->arena, &code), ERR_OK);
	return code;
}

static struct office_event *get(struct fixture *fixture, const char *code)
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

static void a_planned_event_keeps_its_detail(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail detail = {
		.partner = "Llais y Dŵr",
		.communities = "Somali, Roma",
		.topic = "hate crime",
		.strand = "strand 2",
		.note = "Tea at four.\nCome in by the side door.",
		.channel = "radio",
		.reach = 87900,
		.expected = 30,
		.came = OFFICE_UNKNOWN,
		.is_refuge = true,
		.opens_on = {2026, 11, 20},
		.closes_on = {2026, 11, 30},
		.next_on = {2027, 1, 15},
		.series = fixture->event,
	};
	char *code = plan(fixture, &detail);
	struct office_event_detail read = detail_of(fixture, code);
	assert_string_equal(read.partner, detail.partner);
	assert_string_equal(read.note, detail.note);
	assert_string_equal(read.channel, "radio");
	assert_int_equal(read.reach, 87900);
	assert_int_equal(read.expected, 30);
	assert_int_equal(read.came, OFFICE_UNKNOWN);
	assert_true(read.is_refuge);
	assert_memory_equal(&read.closes_on, &detail.closes_on, sizeof(struct date));
	assert_memory_equal(&read.next_on, &detail.next_on, sizeof(struct date));
	assert_string_equal(read.series, fixture->event);
	assert_string_equal(read.points_to, "");
	assert_int_equal(read.version, 1);
	assert_int_equal(get(fixture, code)->shown.state, EVENT_PLANNED);
	/* One that was made at the command line has none of it. */
	read = detail_of(fixture, fixture->event);
	assert_string_equal(read.partner, "");
	assert_int_equal(read.expected, OFFICE_UNKNOWN);
	assert_int_equal(read.opens_on.year, 0);
	assert_int_equal(read.version, 1);
	assert_int_equal(office_event_detail(fixture->office, "ZZZZZ9", &fixture->arena, &read), ERR_NOT_FOUND);
}

static void what_cannot_be_is_refused_whole(void **state)
{
	struct fixture *fixture = *state;
	char longest[OFFICE_TEXT_MAX + 2];
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct office_event event = sample(), untitled = sample();
	untitled.shown.title = "";
	struct office_event_detail rows[8];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i] = unknown();
	rows[0].note = longest;
	rows[1].partner = "two\nlines";
	rows[2].topic = "\xff";
	rows[3].expected = -2;
	rows[4].opens_on = (struct date){2026, 11, 30};
	rows[4].closes_on = (struct date){2026, 11, 29};
	rows[5].series = "ZZZZZ9";
	rows[6].note = "a bell \a";
	rows[7].came = INT64_C(1) << 40;
	char *code = NULL;
	int64_t before = fixture_number(fixture, "SELECT count(*) FROM event");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(office_event_plan(fixture->office, &event, &rows[i], &fixture->arena, &code),
				 ERR_INVALID);
	}
	struct office_event_detail fine = unknown();
	assert_int_equal(office_event_plan(fixture->office, &untitled, &fine, &fixture->arena, &code), ERR_INVALID);
	event.shown.forms = (const struct catalogue_form_ref[]){{"nowhere", 0}};
	assert_int_equal(office_event_plan(fixture->office, &event, &fine, &fixture->arena, &code), ERR_NOT_FOUND);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), before);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event_detail"), 0);
}

static void of_two_changes_at_once_one_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail start = unknown();
	static const char *const welsh[] = {"cy", "en", "ar"};
	char *code = plan(fixture, &start);
	struct office_event mine = *get(fixture, code), theirs = mine;
	struct office_event_detail my_detail = detail_of(fixture, code), their_detail = my_detail;
	mine.shown.title = "Another title";
	mine.shown.held_on = (struct date){2026, 12, 1};
	mine.shown.languages = welsh;
	mine.shown.languages_count = 3;
	mine.shown.forms = other_forms;
	mine.shown.forms_count = 2;
	my_detail.came = 17;
	assert_int_equal(office_event_change(fixture->office, &mine, &my_detail), ERR_OK);
	their_detail.partner = "Mind";
	assert_int_equal(office_event_change(fixture->office, &theirs, &their_detail), ERR_CONFLICT);
	struct office_event *now = get(fixture, code);
	assert_string_equal(now->shown.title, "Another title");
	assert_int_equal(now->shown.held_on.month, 12);
	assert_int_equal(now->shown.languages_count, 3);
	assert_string_equal(now->shown.languages[0], "cy");
	assert_string_equal(now->shown.languages[2], "ar");
	assert_int_equal(now->shown.forms_count, 2);
	assert_string_equal(now->shown.forms[1].form, "other");
	their_detail = detail_of(fixture, code);
	assert_int_equal(their_detail.came, 17);
	assert_int_equal(their_detail.version, 2);
	assert_string_equal(their_detail.partner, "");
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'event.change'"), 1);
	/* The first change of an event that was made at the command line. */
	mine = *get(fixture, fixture->event);
	my_detail = detail_of(fixture, fixture->event);
	assert_int_equal(office_event_change(fixture->office, &mine, &my_detail), ERR_OK);
	assert_int_equal(office_event_change(fixture->office, &mine, &my_detail), ERR_CONFLICT);
	mine.shown.code = "ZZZZZ9";
	assert_int_equal(office_event_change(fixture->office, &mine, &my_detail), ERR_NOT_FOUND);
}

static void forms_stay_once_it_has_opened(void **state)
{
	struct fixture *fixture = *state;
	const struct {
		const char *name, *code;
		const struct catalogue_form_ref *forms;
		size_t count;
		enum err wanted;
	} rows[] = {
		{"an open one, other forms", fixture->event, other_forms, 2, ERR_DENIED},
		{"an open one, the same", fixture->event, forms, 1, ERR_OK},
		{"practice, other forms", fixture->practice, other_forms, 2, ERR_OK},
		{"practice, one that is nowhere", fixture->practice,
		 (const struct catalogue_form_ref[]){{"nowhere", 0}}, 1, ERR_NOT_FOUND},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %s\n", rows[i].name);
		struct office_event event = *get(fixture, rows[i].code);
		struct office_event_detail detail = detail_of(fixture, rows[i].code);
		size_t before = event.shown.forms_count;
		event.shown.forms = rows[i].forms;
		event.shown.forms_count = rows[i].count;
		assert_int_equal(office_event_change(fixture->office, &event, &detail), rows[i].wanted);
		assert_int_equal(get(fixture, rows[i].code)->shown.forms_count,
				 rows[i].wanted == ERR_OK ? rows[i].count : before);
		assert_int_equal(detail_of(fixture, rows[i].code).version, detail.version + (rows[i].wanted == ERR_OK));
	}
}

/* A day that is moved must keep nothing longer than thank-you pages have said. */
static void the_earliest_day_is_what_was_promised(void **state)
{
	struct fixture *fixture = *state;
	struct office_expired expired;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	struct office_event event = *get(fixture, fixture->event);
	struct office_event_detail detail = detail_of(fixture, fixture->event);
	event.shown.held_on = (struct date){2028, 1, 1};
	assert_int_equal(office_event_change(fixture->office, &event, &detail), ERR_OK);
	/* conversation keeps 24 months. */
	assert_int_equal(office_expire(fixture->office, keeping_day("2028-11-20"), &expired), ERR_OK);
	assert_int_equal(expired.responses, 0);
	assert_int_equal(office_expire(fixture->office, keeping_day("2028-11-21"), &expired), ERR_OK);
	assert_int_equal(expired.responses, 1);
}

static void a_printed_code_leads_one_step(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail start = unknown();
	char *one = plan(fixture, &start), *two = plan(fixture, &start), *three = plan(fixture, &start);
	char lower[7];
	for (size_t i = 0; i < sizeof(lower); i++)
		lower[i] = (char) (two[i] >= 'A' ? two[i] | 0x20 : two[i]);
	assert_int_equal(office_event_point(fixture->office, one, 1, one), ERR_INVALID);
	assert_int_equal(office_event_point(fixture->office, one, 1, "ZZZZZ9"), ERR_INVALID);
	assert_int_equal(office_event_point(fixture->office, "ZZZZZ9", 1, one), ERR_NOT_FOUND);
	assert_int_equal(office_event_point(fixture->office, one, 7, two), ERR_CONFLICT);
	assert_int_equal(office_event_point(fixture->office, one, 1, lower), ERR_OK);
	assert_string_equal(detail_of(fixture, one).points_to, two);
	assert_int_equal(office_event_point(fixture->office, one, 1, ""), ERR_CONFLICT);
	assert_int_equal(office_event_point(fixture->office, three, 1, one), ERR_INVALID); /* it leads on */
	assert_int_equal(office_event_point(fixture->office, two, 1, three), ERR_INVALID); /* it is led to */
	assert_int_equal(office_event_point(fixture->office, fixture->event, 1, two), ERR_OK);
	assert_int_equal(office_event_point(fixture->office, one, 2, ""), ERR_OK);
	assert_string_equal(detail_of(fixture, one).points_to, "");
	/* A change of the rest leaves it as it is. */
	struct office_event event = *get(fixture, fixture->event);
	struct office_event_detail detail = detail_of(fixture, fixture->event);
	detail.points_to = "";
	assert_int_equal(office_event_change(fixture->office, &event, &detail), ERR_OK);
	assert_string_equal(detail_of(fixture, fixture->event).points_to, two);
}

static void a_printed_code_leads_to_where_answers_count(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail detail = unknown();
	struct office_event practised = sample();
	practised.shown.is_practice = true;
	char *practice = NULL, *other = NULL;
	assert_int_equal(office_event_plan(fixture->office, &practised, &detail, &fixture->arena, &practice), ERR_OK);
	assert_int_equal(office_event_plan(fixture->office, &practised, &detail, &fixture->arena, &other), ERR_OK);
	char *real = plan(fixture, &detail), *target = plan(fixture, &detail);
	assert_int_equal(office_event_point(fixture->office, real, 1, practice), ERR_INVALID);
	assert_int_equal(office_event_point(fixture->office, practice, 1, real), ERR_INVALID);
	assert_int_equal(office_event_point(fixture->office, practice, 1, other), ERR_OK);
	const struct {
		enum event_state state;
		enum err error;
	} rows[] = {{EVENT_OPEN, ERR_OK}, {EVENT_GRACE, ERR_INVALID}, {EVENT_CLOSED, ERR_INVALID}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(office_event_set_state(fixture->office, target, rows[i].state, 1000), ERR_OK);
		uint32_t version = detail_of(fixture, real).version;
		assert_int_equal(office_event_point(fixture->office, real, version, target), rows[i].error);
	}
	/* Where it leads is over by now: it still can be led back. */
	assert_string_equal(detail_of(fixture, real).points_to, target);
	assert_int_equal(office_event_point(fixture->office, real, 2, ""), ERR_OK);
}

static void a_series_is_made_whole_or_not_at_all(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail start = unknown();
	char *first = plan(fixture, &start);
	struct office_event_day days[3];
	for (size_t i = 0; i < COUNT_OF(days); i++)
		days[i] = (struct office_event_day){.event = sample(), .detail = unknown()};
	days[0].event = *get(fixture, first);
	days[0].event.shown.title = "Day 1";
	days[0].detail = detail_of(fixture, first);
	for (size_t i = 0; i < COUNT_OF(days); i++)
		days[i].detail.series = first;
	int64_t before = fixture_number(fixture, "SELECT count(*) FROM event");
	days[2].detail.topic = "two\nlines";
	assert_int_equal(office_event_series(fixture->office, days, COUNT_OF(days), &fixture->arena), ERR_INVALID);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), before);
	assert_string_equal(get(fixture, first)->shown.title, "A conversation");
	assert_string_equal(detail_of(fixture, first).series, "");
	days[2].detail.topic = "";
	assert_int_equal(office_event_series(fixture->office, days, COUNT_OF(days), &fixture->arena), ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), before + 2);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event_detail WHERE series <> ''"), 3);
	assert_string_equal(get(fixture, first)->shown.title, "Day 1");
	assert_int_equal(office_event_series(fixture->office, days, COUNT_OF(days), &fixture->arena), ERR_CONFLICT);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), before + 2);
}

static void the_tick_opens_and_closes_by_their_days(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail detail = unknown(), never = unknown(), late = unknown();
	int64_t at = date_days((struct date){2026, 11, 20}) * DAY_S;
	size_t changed = 0;
	detail.opens_on = (struct date){2026, 11, 21};
	detail.closes_on = (struct date){2026, 11, 22};
	late.opens_on = (struct date){2026, 11, 1};
	late.closes_on = (struct date){2026, 11, 2}; /* nobody ran the programs then */
	char *code = plan(fixture, &detail), *without = plan(fixture, &never), *missed = plan(fixture, &late);
	const struct {
		int64_t day_s;
		enum event_state wanted;
		size_t changed;
	} rows[] = {
		{0, EVENT_PLANNED, 0},           {DAY_S - 1, EVENT_PLANNED, 0},  {DAY_S, EVENT_OPEN, 1},
		{2 * DAY_S, EVENT_OPEN, 0},      {3 * DAY_S - 1, EVENT_OPEN, 0}, {3 * DAY_S, EVENT_GRACE, 1},
		{4 * DAY_S - 1, EVENT_GRACE, 0}, {4 * DAY_S, EVENT_CLOSED, 1},   {5 * DAY_S, EVENT_CLOSED, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(office_event_tick(fixture->office, at + rows[i].day_s, &changed), ERR_OK);
		assert_int_equal(changed, rows[i].changed);
		assert_int_equal(get(fixture, code)->shown.state, rows[i].wanted);
	}
	assert_int_equal(get(fixture, without)->shown.state, EVENT_PLANNED);
	assert_int_equal(get(fixture, missed)->shown.state, EVENT_PLANNED);
	/* Opened again by hand it stays open, until somebody names another day. */
	assert_int_equal(office_event_set_state(fixture->office, code, EVENT_OPEN, at + 5 * DAY_S), ERR_OK);
	assert_int_equal(detail_of(fixture, code).closes_on.year, 0);
	assert_int_equal(office_event_tick(fixture->office, at + 6 * DAY_S, &changed), ERR_OK);
	assert_int_equal(changed, 0);
	/* What was emptied is never opened, and keeps nothing else from its turn. */
	keeping_run(fixture, "UPDATE event SET expired_on = '2026-11-01'; "
			     "UPDATE event_detail SET opens_on = '2026-11-01', closes_on = NULL");
	assert_int_equal(office_event_tick(fixture->office, at, &changed), ERR_OK);
	assert_int_equal(changed, 0);
}

static void the_organiser_program_may_do_it_and_no_more(void **state)
{
	struct fixture *fixture = *state;
	struct office_event_detail detail = unknown();
	struct office_row *rows, *apart;
	struct catalogue_content *content = NULL;
	size_t count, apart_count, changed;
	const char *band = NULL;
	bool is_shown;
	char *code = plan(fixture, &detail);
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	fixture_file(fixture, (struct fixture_letter){.person = 2, .is_practice = true});
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "organisation", "{}"), ERR_OK);
	struct office *all = fixture->office;
	fixture->office = fixture_open_as(fixture, OFFICE_ORGANISER);
	char *mine = plan(fixture, &detail);
	struct office_event event = *get(fixture, mine);
	detail = detail_of(fixture, mine);
	assert_int_equal(office_event_change(fixture->office, &event, &detail), ERR_OK);
	assert_int_equal(office_event_point(fixture->office, mine, 2, code), ERR_OK);
	assert_int_equal(office_event_set_state(fixture->office, mine, EVENT_OPEN, 1000), ERR_OK);
	assert_int_equal(office_event_set_state(fixture->office, mine, EVENT_CLOSED, 1000), ERR_OK);
	assert_int_equal(office_event_tick(fixture->office, 1000, &changed), ERR_OK);
	assert_int_equal(office_event_band(fixture->office, fixture->event, &band), ERR_OK);
	assert_string_equal(band, "1 to 4");
	assert_int_equal(office_event_is_shown(fixture->office, fixture->event, &is_shown), ERR_OK);
	assert_int_equal(office_catalogue(fixture->office, &fixture->arena, &content), ERR_OK);
	assert_int_equal(
		office_export(fixture->office, fixture->practice, &fixture->arena, &rows, &count, &apart, &apart_count),
		ERR_DENIED);
	uint32_t release;
	assert_int_equal(office_event_release(fixture->office, mine, &release, &count), ERR_DENIED);
	assert_int_equal(office_form_because(fixture->office, "conversation", 1, "why"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_DENIED);
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	bool is_seen;
	uint8_t key[32] = {0};
	assert_int_equal(office_is_seen(fixture->office, key, &is_seen), ERR_DENIED);
	assert_int_equal(office_is_withdrawn(fixture->office, key, &is_seen), ERR_DENIED);
	office_rollback(fixture->office);
	office_close(fixture->office);
	fixture->office = all;
}

#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(a_planned_event_keeps_its_detail),
		WITH_OFFICE(what_cannot_be_is_refused_whole),
		WITH_OFFICE(of_two_changes_at_once_one_is_told),
		WITH_OFFICE(forms_stay_once_it_has_opened),
		WITH_OFFICE(the_earliest_day_is_what_was_promised),
		WITH_OFFICE(a_printed_code_leads_one_step),
		WITH_OFFICE(a_printed_code_leads_to_where_answers_count),
		WITH_OFFICE(a_series_is_made_whole_or_not_at_all),
		WITH_OFFICE(the_tick_opens_and_closes_by_their_days),
		WITH_OFFICE(the_organiser_program_may_do_it_and_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
