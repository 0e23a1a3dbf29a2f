/* SPDX-License-Identifier: MIT */
/* shown_test.c: what closed events and Areas show goes into a document and comes out of it again, and nothing else comes out of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/catalogue/shown.h"

static struct arena arena;

static const struct shown_text texts[] = {
	{"en", "Fear at court", "“I did not want to see him.”\r\nMany said so.", "A separate way in & <b>a room</b>."},
	{"cy", "Ofn yn y llys", "Doeddwn i ddim eisiau ei weld.", "Drws ar wahân."},
	{"en-x-easy", "Court", "Court can be scary.", ""},
};

static const struct shown_action actions[] = {
	{"0123456789abcdef", SHOWN_DONE, SHOWN_MANY, "Trust in the courts", {2027, 3, 8}, {2027, 5, 2}, texts, 3},
	{"fedcba9876543210", SHOWN_HEARD, SHOWN_UNSAID, NULL, {0}, {2027, 4, 1}, texts, 1},
};

static const struct shown both = {.next_on = {2027, 6, 6}, .actions = actions, .actions_count = 2};

static const char document[] = "{\"actions\":[{\"event\":\"Trust in the "
			       "courts\",\"held_on\":\"2027-03-08\",\"id\":\"0123456789abcdef\",\"many\":\"many\","
			       "\"status\":\"done\",\"texts\":[{\"did\":\"A separate way in & <b>a "
			       "room</b>.\",\"said\":\"“I did not want to see him.”\\nMany "
			       "said so.\",\"tag\":\"en\",\"theme\":\"Fear at court\"},{\"did\":\"Drws ar "
			       "wahân.\",\"said\":\"Doeddwn i ddim eisiau ei weld.\","
			       "\"tag\":\"cy\",\"theme\":\"Ofn yn y llys\"},{\"said\":\"Court can be "
			       "scary.\",\"tag\":\"en-x-easy\",\"theme\":\"Court\"}],"
			       "\"updated\":\"2027-05-02\"},{\"id\":\"fedcba9876543210\",\"status\":\"heard\","
			       "\"texts\":[{\"did\":\"A separate way in & <b>a "
			       "room</b>.\",\"said\":\"“I did not want to see him.”\\nMany said "
			       "so.\",\"tag\":\"en\",\"theme\":\"Fear at court\"}],\"updated\":"
			       "\"2027-04-01\"}],\"format\":\"soundings-shown/1\",\"next_on\":\"2027-06-06\"}";

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 64 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

static void it_is_written_in_one_way(void **state)
{
	(void) state;
	char *text = NULL;
	const struct shown nothing = {0};
	assert_int_equal(shown_encode(&both, &arena, &text), ERR_OK);
	assert_string_equal(text, document);
	assert_int_equal(shown_encode(&nothing, &arena, &text), ERR_OK);
	assert_string_equal(text, "{\"actions\":[],\"format\":\"soundings-shown/1\"}");
}

static void it_is_read_again(void **state)
{
	(void) state;
	struct shown *shown = NULL;
	assert_int_equal(shown_decode(document, &arena, &shown), ERR_OK);
	assert_true(shown->next_on.year == 2027 && shown->next_on.month == 6 && shown->next_on.day == 6);
	assert_int_equal(shown->actions_count, 2);
	const struct shown_action *first = &shown->actions[0], *second = &shown->actions[1];
	assert_string_equal(first->id, "0123456789abcdef");
	assert_int_equal(first->status, SHOWN_DONE);
	assert_int_equal(first->many, SHOWN_MANY);
	assert_string_equal(first->event, "Trust in the courts");
	assert_int_equal(first->held_on.month, 3);
	assert_int_equal(first->updated.day, 2);
	assert_int_equal(first->texts_count, 3);
	assert_string_equal(first->texts[1].did, "Drws ar wahân.");
	assert_string_equal(first->texts[2].did, "");
	assert_int_equal(second->many, SHOWN_UNSAID);
	assert_null(second->event);
	assert_int_equal(second->held_on.year, 0);
}

static void texts_by_language(void **state)
{
	(void) state;
	static const struct shown_text welsh[] = {{"cy", "T", "S", ""}, {"ur", "T", "S", ""}};
	const struct shown_action foreign = {
		"0123456789abcdef", SHOWN_HEARD, SHOWN_UNSAID, NULL, {0}, {2027, 1, 1}, welsh, 2};
	static const struct {
		const char *name, *tag, *found;
	} rows[] = {
		{"itself", "cy", "cy"},
		{"a variant", "en-x-easy", "en-x-easy"},
		{"a variant's base", "cy-x-easy", "cy"},
		{"English for the rest", "ar", "en"},
		{"not by its beginning", "e", "en"},
		{"nor the other way round", "cym", "en"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(shown_text(&actions[0], rows[i].tag)->tag, rows[i].found) != 0)
			fail_msg("%s: %s", rows[i].name, shown_text(&actions[0], rows[i].tag)->tag);
	assert_string_equal(shown_text(&foreign, "ar")->tag, "cy");
	assert_string_equal(shown_text(&foreign, "ur")->tag, "ur");
}

/* What no page and no feed may hold never keeps anything from being published. */
static void signs_that_cannot_be_shown(void **state)
{
	(void) state;
	static const struct shown_text nasty[] = {
		{"en",
		 "a\x01\x02"
		 "b\x7f",
		 "tab\tvt\x0b"
		 "esc\x1b[31m\nnext\r\nlast\r",
		 "c1\xc2\x85 fffe\xef\xbf\xbe ffff\xef\xbf\xbf bom\xef\xbb\xbf \xf0\x9f\x98\x80"}};
	const struct shown_action action = {"0123456789abcdef", SHOWN_DOING,  SHOWN_A_FEW, "x\x08y",
					    {2027, 1, 1},       {2027, 1, 1}, nasty,       1};
	const struct shown one = {.actions = &action, .actions_count = 1};
	char *text = NULL;
	struct shown *shown = NULL;
	assert_int_equal(shown_encode(&one, &arena, &text), ERR_OK);
	assert_int_equal(shown_decode(text, &arena, &shown), ERR_OK);
	const struct shown_text *got = &shown->actions[0].texts[0];
	assert_string_equal(got->theme, "a  b ");
	assert_string_equal(got->said, "tab vt esc [31m\nnext\nlast\n");
	assert_string_equal(got->did, "c1  fffe  ffff  bom\xef\xbb\xbf \xf0\x9f\x98\x80");
	assert_string_equal(shown->actions[0].event, "x y");
}

static void what_cannot_be_said(void **state)
{
	(void) state;
	static char longer[SHOWN_TEXT_MAX + 2];
	memset(longer, 'a', SHOWN_TEXT_MAX + 1);
	const struct shown_text too_long[] = {{"en", "T", longer, ""}}, no_tag[] = {{"", "T", "S", ""}},
				capitals[] = {{"EN", "T", "S", ""}};
	struct shown_action bad[8];
	for (size_t i = 0; i < 8; i++)
		bad[i] = actions[0];
	bad[0].id = "0123456789abcde";
	bad[1].id = "0123456789ABCDEF";
	bad[2].updated = (struct date){0};
	bad[3].texts_count = 0;
	bad[4].texts_count = CATALOGUE_LANGUAGES_MAX + 1;
	bad[5].texts = too_long;
	bad[6].texts = no_tag;
	bad[7].texts = capitals;
	bad[5].texts_count = bad[6].texts_count = bad[7].texts_count = 1;
	for (size_t i = 0; i < 8; i++) {
		char *text = NULL;
		const struct shown one = {.actions = &bad[i], .actions_count = 1};
		if (shown_encode(&one, &arena, &text) != ERR_INVALID)
			fail_msg("row %zu was taken", i);
	}
}

/* However much there is, a document stays within its bounds, and the first actions are in it. */
static void too_much_to_show(void **state)
{
	(void) state;
	static char said[SHOWN_TEXT_MAX + 1];
	static struct shown_text many[CATALOGUE_LANGUAGES_MAX];
	static struct shown_action rows[SHOWN_ACTIONS_MAX + 5];
	static char ids[SHOWN_ACTIONS_MAX + 5][SHOWN_ID_BYTES + 1];
	memset(said, '"', SHOWN_TEXT_MAX);
	for (size_t i = 0; i < CATALOGUE_LANGUAGES_MAX; i++)
		many[i] = (struct shown_text){i == 0 ? "en" : "cy", "T", said, "D"};
	for (size_t i = 0; i < SHOWN_ACTIONS_MAX + 5; i++) {
		snprintf(ids[i], sizeof ids[i], "%016zx", i);
		rows[i] = actions[0];
		rows[i].id = ids[i];
	}
	struct shown shown = {.actions = rows, .actions_count = SHOWN_ACTIONS_MAX + 5}, *got = NULL;
	char *text = NULL;
	assert_int_equal(shown_encode(&shown, &arena, &text), ERR_OK);
	assert_int_equal(shown_decode(text, &arena, &got), ERR_OK);
	assert_int_equal(got->actions_count, SHOWN_ACTIONS_MAX);
	assert_string_equal(got->actions[SHOWN_ACTIONS_MAX - 1].id, ids[SHOWN_ACTIONS_MAX - 1]);
	for (size_t i = 0; i < SHOWN_ACTIONS_MAX; i++) {
		rows[i].texts = many;
		rows[i].texts_count = CATALOGUE_LANGUAGES_MAX;
	}
	assert_int_equal(shown_encode(&shown, &arena, &text), ERR_OK);
	assert_true(strlen(text) <= SHOWN_MAX_BYTES);
	assert_int_equal(shown_decode(text, &arena, &got), ERR_OK);
	assert_true(got->actions_count >= 1 && got->actions_count < SHOWN_ACTIONS_MAX);
	assert_string_equal(got->actions[0].id, ids[0]);
}

static void documents_that_are_none(void **state)
{
	(void) state;
#define ACTION(members) "{\"actions\":[{" members "}],\"format\":\"soundings-shown/1\"}"
#define TEXTS "\"texts\":[{\"said\":\"S\",\"tag\":\"en\",\"theme\":\"T\"}],\"updated\":\"2027-01-01\""
	static const struct {
		const char *name, *text;
	} rows[] = {
		{"nothing", ""},
		{"no object", "[]"},
		{"no actions", "{\"format\":\"soundings-shown/1\"}"},
		{"another format", "{\"actions\":[],\"format\":\"soundings-shown/2\"}"},
		{"a blank", "{\"actions\": [],\"format\":\"soundings-shown/1\"}"},
		{"a member more", "{\"actions\":[],\"format\":\"soundings-shown/1\",\"more\":1}"},
		{"a day that is none", "{\"actions\":[],\"format\":\"soundings-shown/1\",\"next_on\":\"2027-02-30\"}"},
		{"a number for a text", "{\"actions\":[],\"format\":\"soundings-shown/1\",\"next_on\":1}"},
		{"no id", ACTION("\"status\":\"done\"," TEXTS)},
		{"an id that is none", ACTION("\"id\":\"0123456789abcdeg\",\"status\":\"done\"," TEXTS)},
		{"no status", ACTION("\"id\":\"0123456789abcdef\"," TEXTS)},
		{"another status", ACTION("\"id\":\"0123456789abcdef\",\"status\":\"late\"," TEXTS)},
		{"a number of people", ACTION("\"id\":\"0123456789abcdef\",\"many\":\"7\",\"status\":\"done\"," TEXTS)},
		{"unsaid, said", ACTION("\"id\":\"0123456789abcdef\",\"many\":\"\",\"status\":\"done\"," TEXTS)},
		{"no texts",
		 ACTION("\"id\":\"0123456789abcdef\",\"status\":\"done\",\"texts\":[],\"updated\":\"2027-01-01\"")},
		{"a control character",
		 ACTION("\"event\":\"\\u0001\",\"id\":\"0123456789abcdef\",\"status\":\"done\"," TEXTS)},
		{"no JSON", "{\"actions\":[],"},
	};
	struct shown *shown = NULL;
	assert_int_equal(shown_decode(ACTION("\"id\":\"0123456789abcdef\",\"status\":\"done\"," TEXTS), &arena, &shown),
			 ERR_OK);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (shown_decode(rows[i].text, &arena, &shown) != ERR_CORRUPT)
			fail_msg("%s: was taken", rows[i].name);
}

static void no_room(void **state)
{
	(void) state;
	enum err error = ERR_NOMEM;
	for (size_t ceiling = 0; error == ERR_NOMEM; ceiling += 64) {
		CLEANUP_ARENA struct arena small;
		struct shown *shown = NULL;
		arena_init(&small, ceiling);
		error = shown_decode(document, &small, &shown);
		assert_true(error == ERR_OK || (error == ERR_NOMEM && shown == NULL));
	}
	error = ERR_NOMEM;
	for (size_t ceiling = 0; error == ERR_NOMEM; ceiling += 64) {
		CLEANUP_ARENA struct arena small;
		char *text = NULL;
		arena_init(&small, ceiling);
		error = shown_encode(&both, &small, &text);
	}
	assert_int_equal(error, ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_written_in_one_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_is_read_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(texts_by_language, set_up, tear_down),
		cmocka_unit_test_setup_teardown(signs_that_cannot_be_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_much_to_show, set_up, tear_down),
		cmocka_unit_test_setup_teardown(documents_that_are_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_room, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
