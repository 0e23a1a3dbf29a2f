/* SPDX-License-Identifier: MIT */
/* catalogue_test.c: what was published is found again, by every way of asking. */
#include "unit/lib/catalogue/sample.h"

static struct sample *sample;
static struct catalogue *catalogue;

static void events_are_found_in_any_case(void **state)
{
	(void) state;
	static const char *const codes[] = {"E4K7QX", "e4k7qx", "e4K7Qx"};
	for (size_t i = 0; i < 3; i++) {
		struct catalogue_event *event = NULL;
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 64 * 1024);
		assert_int_equal(catalogue_event(catalogue, codes[i], &arena, &event), ERR_OK);
		assert_string_equal(event->code, "E4K7QX");
		assert_string_equal(event->title, sample->events[0].title);
		assert_string_equal(event->place, "Neuadd y dref");
		assert_string_equal(event->area, "cymru-wales");
		assert_string_equal(event->programme, "conversation");
		assert_true(event->held_on.year == 2026 && event->held_on.month == 11 && event->held_on.day == 21);
		assert_true(event->is_practice && event->is_wales && !event->wants_tickets);
		assert_int_equal(event->state, EVENT_OPEN);
		assert_int_equal(event->languages_count, 3);
		for (size_t k = 0; k < 3; k++)
			assert_string_equal(event->languages[k], sample->languages[k]);
		assert_int_equal(event->forms_count, 1);
		assert_string_equal(event->forms[0].form, "short");
		assert_int_equal(event->forms[0].version, 2);
		assert_null(event->shown);
		assert_false(event->is_careful);
		assert_string_equal(event->note, "Te am 3.\n<b>Croeso</b>");
		assert_string_equal(event->points_to, "K7QX9M");
	}
}

static void a_released_event_shows(void **state)
{
	(void) state;
	struct catalogue_event *event = NULL;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	assert_int_equal(catalogue_event(catalogue, "K7QX9M", &arena, &event), ERR_OK);
	assert_int_equal(event->state, EVENT_RELEASED);
	assert_true(event->wants_tickets && !event->is_practice && !event->is_wales);
	assert_int_equal(event->languages_count, 1);
	assert_int_equal(event->forms_count, 0);
	assert_string_equal(event->shown, sample_shown);
	assert_true(event->is_careful);
	assert_string_equal(event->note, "");
	assert_null(event->points_to);
}

static void an_area_shows(void **state)
{
	(void) state;
	const char *shown = NULL;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	assert_int_equal(catalogue_area(catalogue, "cymru-wales", &arena, &shown), ERR_OK);
	assert_string_equal(shown, sample_shown);
	shown = NULL;
	assert_int_equal(catalogue_area(catalogue, "wessex", &arena, &shown), ERR_NOT_FOUND);
	assert_int_equal(catalogue_area(catalogue, "", &arena, &shown), ERR_NOT_FOUND);
	assert_null(shown);
}

static void unknown_codes(void **state)
{
	(void) state;
	static const char *const codes[] = {"E4K7QY",        "",       "E4K7Q",   "E4K7QX1", "E4K7Q'",
					    "E4K7Q\xc3\xa9", "%%%%%%", "E4K7QX\n"};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		struct catalogue_event *event = NULL;
		assert_int_equal(catalogue_event(catalogue, codes[i], &arena, &event), ERR_NOT_FOUND);
		assert_null(event);
	}
}

static void no_room_for_an_event(void **state)
{
	(void) state;
	/* Every ceiling from nothing up to what is enough. */
	enum err error = ERR_NOMEM;
	size_t ceiling = 0;
	while (error == ERR_NOMEM) {
		CLEANUP_ARENA struct arena arena;
		struct catalogue_event *event = NULL;
		arena_init(&arena, ceiling);
		error = catalogue_event(catalogue, "E4K7QX", &arena, &event);
		assert_true(error == ERR_OK || (error == ERR_NOMEM && event == NULL));
		ceiling += 16;
	}
	assert_int_equal(error, ERR_OK);
	assert_true(ceiling > 200);
}

static void forms_are_kept(void **state)
{
	(void) state;
	const struct form *first = NULL, *second = NULL, *again = NULL;
	assert_int_equal(catalogue_form(catalogue, "short", 1, &first), ERR_OK);
	assert_int_equal(catalogue_form(catalogue, "short", 2, &second), ERR_OK);
	assert_int_equal(catalogue_form(catalogue, "short", 1, &again), ERR_OK);
	assert_ptr_equal(first, again);
	assert_ptr_not_equal(first, second);
	assert_string_equal(first->name, "short");
	assert_int_equal(first->version, 1);
	assert_int_equal(second->version, 2);
	assert_int_equal(catalogue_form(catalogue, "short", 3, &again), ERR_NOT_FOUND);
	assert_int_equal(catalogue_form(catalogue, "short", 0, &again), ERR_NOT_FOUND);
	assert_int_equal(catalogue_form(catalogue, "shor", 1, &again), ERR_NOT_FOUND);
}

static void the_rest_is_there(void **state)
{
	(void) state;
	assert_int_equal(catalogue_serial(catalogue), 1);
	assert_int_equal(catalogue_keyset(catalogue)->serial, 5);
	assert_memory_equal(keyset_current(catalogue_keyset(catalogue), true)->public_key,
			    sample->periods[1].public_key, KEYS_PUBLIC_BYTES);
	assert_int_equal(catalogue_words(catalogue)->count, 1);
	assert_string_equal(catalogue_words(catalogue)->list[0].of[0], word_names[0]);
	assert_string_equal(catalogue_organisation(catalogue)->name.of[0], "A council");
}

/* ---- growing old --------------------------------------------------------------------------------------------------
 */

static void an_open_one_grows_stale_and_goes_on(void **state)
{
	(void) state;
	struct sample *own = sample_new("catalogue");
	struct catalogue *old = NULL;
	struct catalogue_refusal refusal;
	const struct form *form = NULL;
	assert_int_equal(sample_publish(own), ERR_OK);
	assert_int_equal(sample_open(own, &old, &refusal), ERR_OK);
	assert_false(catalogue_is_stale(old));
	for (own->content.serial = 2; own->content.serial < 5; own->content.serial++) {
		own->events[0].title = "A newer title";
		assert_int_equal(sample_publish(own), ERR_OK);
		assert_true(catalogue_is_stale(old));
		/* Requests under way finish on the old one, even when its files are gone. */
		struct catalogue_event *event = NULL;
		assert_int_equal(catalogue_event(old, "E4K7QX", &own->arena, &event), ERR_OK);
		assert_string_equal(event->title, sample->events[0].title);
	}
	assert_int_equal(catalogue_form(old, "short", 1, &form), ERR_OK);
	catalogue_close(old);
	assert_int_equal(sample_open(own, &old, &refusal), ERR_OK);
	assert_int_equal(catalogue_serial(old), 4);
	assert_false(catalogue_is_stale(old));
	assert_int_equal(unlink(sample_path(own, "catalogue/current")), 0);
	assert_true(catalogue_is_stale(old));
	catalogue_close(old);
	sample_free(own);
}

static void any_folder_name_will_do(void **state)
{
	(void) state;
	static const char *const names[] = {"with a space",      "why?mode=rw", "50%",  "a#b",
					    "\xc3\xa9t\xc3\xa9", "file:x",      "a%20b"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sample *own = sample_new(names[i]);
		assert_int_equal(sample_publish(own), ERR_OK);
		assert_int_equal(sample_serial(own), 1);
		/* And by a path that is relative, or has more slashes than it needs. */
		char here[1024];
		const char *whole = own->root_dir;
		assert_non_null(getcwd(here, sizeof here));
		assert_int_equal(chdir(own->folder), 0);
		own->root_dir = names[i];
		assert_int_equal(sample_serial(own), 1);
		own->content.serial = 2;
		assert_int_equal(sample_publish(own), ERR_OK);
		assert_int_equal(chdir(here), 0);
		own->root_dir = arena_printf(&own->arena, "/%s/", whole);
		assert_int_equal(sample_serial(own), 2);
		sample_free(own);
	}
}

static void states_have_names(void **state)
{
	(void) state;
	static const char *const names[] = {"planned", "open", "grace", "closed", "released"};
	enum event_state parsed = EVENT_STATE_COUNT;
	for (size_t i = 0; i < EVENT_STATE_COUNT; i++) {
		assert_string_equal(event_state_name((enum event_state) i), names[i]);
		assert_int_equal(event_state_parse(names[i], &parsed), ERR_OK);
		assert_int_equal(parsed, i);
	}
	assert_int_equal(event_state_parse("Open", &parsed), ERR_INVALID);
	assert_int_equal(event_state_parse("", &parsed), ERR_INVALID);
}

static int start(void **state)
{
	(void) state;
	struct catalogue_refusal refusal;
	if (keys_start() != ERR_OK)
		return 1;
	sample = sample_new("catalogue");
	assert_int_equal(sample_publish(sample), ERR_OK);
	return sample_open(sample, &catalogue, &refusal) != ERR_OK;
}

static int stop(void **state)
{
	(void) state;
	catalogue_close(catalogue);
	catalogue_close(NULL);
	sample_free(sample);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_found_in_any_case),
		cmocka_unit_test(a_released_event_shows),
		cmocka_unit_test(an_area_shows),
		cmocka_unit_test(unknown_codes),
		cmocka_unit_test(no_room_for_an_event),
		cmocka_unit_test(forms_are_kept),
		cmocka_unit_test(the_rest_is_there),
		cmocka_unit_test(an_open_one_grows_stale_and_goes_on),
		cmocka_unit_test(any_folder_name_will_do),
		cmocka_unit_test(states_have_names),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
