/* SPDX-License-Identifier: MIT */
/* placard_test.c: the words of posters: which languages, in which order; what is always on them; and what never is on one for a refuge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/placard/placard.h"

static struct arena arena;
static struct words languages[4];
static const struct words_set words = {languages, 4};
static const char *const tags[] = {"en", "cy", "en-x-easy", "pa"};
static const struct organisation_named programmes[] = {{"talks", {.of = {"Talks at court", "Sgyrsiau"}}}};
static const struct organisation organisation = {
	.name = {.of = {"A council", "Cyngor"}},
	.short_name = {.of = {"Council"}},
	.contact_email = "hello@council.example",
	.languages = {{.tag = "en", .variant = "", .base = "en"}, {.tag = "cy", .variant = "", .base = "cy"}},
	.languages_count = 2,
	.programmes = programmes,
	.programmes_count = 1,
};
static const struct form form = {
	.name = "short",
	.languages = {{"en", "", "en", LANGUAGE_CHECKED}, {"cy", "", "cy", LANGUAGE_CHECKED}},
	.languages_count = 2,
	.title = {.of = {"Tell us about {event}"}},
	.time = {.of = {"2 minutes", "2 funud"}},
};
static struct catalogue_event event;
static struct placard_event about;

static int set_up(void **state)
{
	(void) state;
	static const char *const names[] = {"en", "cy", "en-x-easy", "ar"};
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < 4; i++) {
		languages[i].language = languages[i].name = names[i];
		for (size_t k = 0; k < WORD_COUNT; k++)
			languages[i].of[k] = word_names[k];
	}
	languages[0].of[WORD_poster_minutes] = languages[2].of[WORD_poster_minutes] = "About {time}";
	languages[1].of[WORD_poster_minutes] = "Tua {time}";
	languages[0].of[WORD_poster_until] = "Open until {until}";
	languages[0].of[WORD_poster_soon] = "Answer on {date}";
	languages[0].of[WORD_poster_email] = "Questions? {email}";
	languages[0].of[WORD_poster_alt] = "{address} {code}";
	for (size_t i = 0; i < 3; i++)
		languages[i].of[WORD_date_words] = "{day} {month} {year}";
	event = (struct catalogue_event){
		.code = "E4K7QX",
		.title = "Trust & <tea>",
		.place = "",
		.held_on = {2027, 3, 8},
		.programme = "talks",
		.languages = tags,
		.languages_count = 4,
	};
	about = (struct placard_event){.event = &event,
				       .form = &form,
				       .closes_on = {2027, 3, 12},
				       .base_url = "https://feedback.example.org",
				       .organisation = &organisation,
				       .words = &words};
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

static void languages_of_a_poster(void **state)
{
	(void) state;
	static const char *const easy[] = {"en-x-easy", "pa"}, *const foreign[] = {"pa"},
				 *const late[] = {"en", "ar", "pa", "cy"};
	const char *found[4];
	assert_int_equal(placard_languages(&about, found, 4), 2);
	assert_string_equal(found[0], "en");
	assert_string_equal(found[1], "cy");
	event.is_wales = true;
	assert_int_equal(placard_languages(&about, found, 4), 2);
	assert_string_equal(found[0], "cy");
	assert_string_equal(found[1], "en");
	assert_int_equal(placard_languages(&about, found, 1), 1);
	event.is_wales = false;
	event.languages = late;
	event.languages_count = 4;
	assert_int_equal(placard_languages(&about, found, 4), 3);
	assert_string_equal(found[1], "cy");
	assert_string_equal(found[2], "ar");
	assert_int_equal(placard_languages(&about, found, 2), 2);
	assert_string_equal(found[1], "cy");
	event.is_wales = true;
	assert_int_equal(placard_languages(&about, found, 4), 3);
	assert_string_equal(found[0], "cy");
	assert_string_equal(found[1], "en");
	event.languages = easy;
	event.languages_count = 2;
	assert_int_equal(placard_languages(&about, found, 4), 1);
	assert_string_equal(found[0], "en-x-easy");
	event.languages = foreign;
	event.languages_count = 1;
	assert_int_equal(placard_languages(&about, found, 4), 1);
	assert_string_equal(found[0], "en");
}

static void what_is_always_on_it(void **state)
{
	(void) state;
	struct poster_request request;
	const struct placard_choice choice = {
		.kind = POSTER_A4, .format = POSTER_PDF, .is_laminated = true, .distance_cm = 150};
	assert_int_equal(placard_request(&about, &choice, &arena, &request), ERR_OK);
	assert_string_equal(request.address, "HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QX");
	assert_string_equal(request.shown_address, "feedback.example.org");
	assert_string_equal(request.code, "E4K7QX");
	assert_string_equal(request.organisation, "A council");
	assert_string_equal(request.event.title, "Trust & <tea>");
	assert_null(request.event.place);
	assert_string_equal(request.event.day, "8 month_3 2027");
	assert_true(request.is_laminated && request.distance_cm == 150 && !request.is_refuge);
	assert_int_equal(request.faces_count, 2);
	const struct poster_face *english = &request.faces[0], *welsh = &request.faces[1];
	assert_string_equal(english->lang, "en");
	assert_string_equal(english->title, "Talks at court");
	assert_string_equal(english->minutes, "About 2 minutes");
	assert_string_equal(english->until, "Open until 12 month_3 2027");
	assert_string_equal(english->phone, "Questions? hello@council.example");
	assert_string_equal(english->alt, "feedback.example.org E4K7QX");
	assert_string_equal(welsh->title, "Sgyrsiau");
	assert_string_equal(welsh->minutes, "Tua 2 funud");
	assert_string_equal(placard_file(&request, &arena), "poster-E4K7QX-a4.pdf");
}

static void where_little_is_known(void **state)
{
	(void) state;
	struct poster_request request;
	const struct placard_choice choice = {
		.kind = POSTER_QR, .format = POSTER_SVG, .languages = {"en-x-easy"}, .languages_count = 1};
	about.form = NULL;
	about.closes_on = (struct date){0};
	event.programme = "";
	languages[2].of[WORD_poster_soon] = "Answer on {date}";
	assert_int_equal(placard_request(&about, &choice, &arena, &request), ERR_OK);
	assert_string_equal(request.faces[0].lang, "en");
	assert_string_equal(request.faces[0].title, "poster_neutral");
	assert_string_equal(request.faces[0].minutes, "poster_minutes_few");
	assert_string_equal(request.faces[0].until, "Answer on 8 month_3 2027");
	about.form = &form; /* whose title has a hole that no poster fills */
	assert_int_equal(placard_request(&about, &choice, &arena, &request), ERR_OK);
	assert_string_equal(request.faces[0].title, "poster_neutral");
}

static void a_refuge_is_told_to_nobody(void **state)
{
	(void) state;
	struct poster_request request;
	struct strbuf json;
	const struct placard_choice choice = {.kind = POSTER_CARDS, .format = POSTER_PDF, .is_refuge = true};
	assert_int_equal(placard_request(&about, &choice, &arena, &request), ERR_OK);
	strbuf_init(&json, POSTER_REQUEST_MAX_BYTES);
	assert_int_equal(poster_request_write(&request, &json), ERR_OK);
	static const char *const never[] = {"council", "Council", "Trust", "court", "Sgyrsiau", "Questions", "8 month"};
	for (size_t i = 0; i < 6; i++)
		assert_null(strstr(strbuf_text(&json), never[i]));
	strbuf_fini(&json);
	assert_null(request.faces[0].phone);
	assert_string_equal(request.faces[0].title, "poster_neutral");
}

static void an_address_that_no_code_can_hold(void **state)
{
	(void) state;
	struct poster_request request;
	const struct placard_choice choice = {.kind = POSTER_A4};
	about.base_url = "https://feedback.example.org/a_b";
	assert_int_equal(placard_request(&about, &choice, &arena, &request), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(languages_of_a_poster, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_always_on_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(where_little_is_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_refuge_is_told_to_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_address_that_no_code_can_hold, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
