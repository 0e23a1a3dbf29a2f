/* SPDX-License-Identifier: MIT */
/* types_test.c: ranks, scales, grids, numbers, dates and refusals as columns of CSV and members of JSON; that nothing of them
 * shows which face was answered; that nothing but a number stands bare in a column of numbers. */
#include "unit/lib/export/form.h"

enum { OUT_MAX = 1 << 20 };

#define BOM "\xEF\xBB\xBF"

static const struct choice matter_choices[] = {{.name = "words"}, {.name = "place"}, {.name = "time"}};
static const struct choice likely_choices[] = {
	{.name = "-1"}, {.name = "0"}, {.name = "10"}, {.name = "prefer_not", .is_refusal = true}};
static const struct choice refusal_choices[] = {{.name = "prefer_not", .is_refusal = true}};
static const struct choice_list matter_list = LIST(matter_choices), likely_list = LIST(likely_choices),
				refusal_list = LIST(refusal_choices);
static struct statement statements[] = {{.name = "clear"}, {.name = "court"}};

static const struct question matters = {
	.name = "matters", .type = QUESTION_RANK, .page = &main_page, .list = &matter_list, .refusal = &refusal_list};
static const struct question likely = {
	.name = "likely", .type = QUESTION_SCALE, .page = &main_page, .list = &likely_list, .refusal = &refusal_list};
static const struct question work = {.name = "work",
				     .type = QUESTION_GRID,
				     .page = &main_page,
				     .list = &plain_list,
				     .statements = statements,
				     .statements_count = 2,
				     .faces[EASY].list = &face_list};
static const struct question people = {
	.name = "people", .type = QUESTION_INTEGER, .page = &main_page, .refusal = &refusal_list};
static const struct question hours = {
	.name = "hours", .type = QUESTION_DECIMAL, .page = &main_page, .faces[EASY].is_omitted = true};
static const struct question born = {.name = "born", .type = QUESTION_DATE, .page = &main_page};

static const struct field fields_all[] = {
	{"matters", &matters, FIELD_WHOLE, NULL},
	{"matters_refusal", &matters, FIELD_REFUSAL, NULL},
	{"likely", &likely, FIELD_WHOLE, NULL},
	{"work_clear", &work, FIELD_STATEMENT, &statements[0]},
	{"work_court", &work, FIELD_STATEMENT, &statements[1]},
	{"people", &people, FIELD_WHOLE, NULL},
	{"people_refusal", &people, FIELD_REFUSAL, NULL},
	{"hours", &hours, FIELD_WHOLE, NULL},
	{"born", &born, FIELD_WHOLE, NULL},
};
static const struct form form_all = FORM(3, fields_all);

#define NAMES                                                                                                          \
	"matters,matters__words,matters__place,matters__time,matters_refusal,likely,work_clear,work_court,people,"     \
	"people_refusal,hours,born\r\n"

static struct arena arena;
static struct strbuf out;

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 64 << 20);
	strbuf_init(&out, OUT_MAX);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	strbuf_fini(&out);
	arena_fini(&arena);
	return 0;
}

static const char *csv_of(const struct export_row *rows, size_t count, bool is_full)
{
	const struct export_list list = {"responses", rows, count, false, is_full};
	strbuf_reset(&out);
	assert_int_equal(export_csv(&list, &arena, &out), ERR_OK);
	return strbuf_text(&out);
}

static const char *json_of(const struct export_row *rows, size_t count, bool is_full)
{
	const struct export_list list = {"responses", rows, count, false, is_full};
	strbuf_reset(&out);
	assert_int_equal(export_json("E4K7QX", "test", &list, 1, &arena, &out), ERR_OK);
	return strbuf_text(&out);
}

/* ---- one row ------------------------------------------------------------------------------------------------- */

struct row {
	const char *name;
	const char *answers;
	const char *csv;  /* without the names */
	const char *json; /* the one response */
};

static const struct row rows[] = {
	{"nothing", "{}", ",,,,,,,,,,,\r\n", "{}"},
	{"a rank, best first", "{\"matters\":[\"time\",\"words\"]}", "time words,2,,1,,,,,,,,\r\n",
	 "{\"matters\":[\"time\",\"words\"]}"},
	{"a rank of all", "{\"matters\":[\"place\",\"words\",\"time\"]}", "place words time,2,1,3,,,,,,,,\r\n",
	 "{\"matters\":[\"place\",\"words\",\"time\"]}"},
	{"a rank of one", "{\"matters\":[\"place\"]}", "place,,1,,,,,,,,,\r\n", "{\"matters\":[\"place\"]}"},
	{"a rank refused", "{\"matters_refusal\":\"prefer_not\"}", ",,,,prefer_not,,,,,,,\r\n",
	 "{\"matters_refusal\":\"prefer_not\"}"},
	{"a scale", "{\"likely\":\"10\"}", ",,,,,10,,,,,,\r\n", "{\"likely\":10}"},
	{"a scale below nothing is no formula", "{\"likely\":\"-1\"}", ",,,,,-1,,,,,,\r\n", "{\"likely\":-1}"},
	{"a scale refused", "{\"likely\":\"prefer_not\"}", ",,,,,prefer_not,,,,,,\r\n", "{\"likely\":\"prefer_not\"}"},
	{"statements", "{\"work_clear\":\"good\",\"work_court\":\"poor\"}", ",,,,,,good,poor,,,,\r\n",
	 "{\"work_clear\":\"good\",\"work_court\":\"poor\"}"},
	{"one statement", "{\"work_court\":\"poor\"}", ",,,,,,,poor,,,,\r\n", "{\"work_court\":\"poor\"}"},
	{"an integer", "{\"people\":\"16\"}", ",,,,,,,,16,,,\r\n", "{\"people\":16}"},
	{"an integer below nothing is no formula", "{\"people\":\"-3\"}", ",,,,,,,,-3,,,\r\n", "{\"people\":-3}"},
	{"nothing is a number", "{\"people\":\"0\"}", ",,,,,,,,0,,,\r\n", "{\"people\":0}"},
	{"a longest integer", "{\"people\":\"-123456789012345\"}", ",,,,,,,,-123456789012345,,,\r\n",
	 "{\"people\":-123456789012345}"},
	{"an integer refused", "{\"people_refusal\":\"prefer_not\"}", ",,,,,,,,,prefer_not,,\r\n",
	 "{\"people_refusal\":\"prefer_not\"}"},
	{"a decimal", "{\"hours\":\"2.5\"}", ",,,,,,,,,,2.5,\r\n", "{\"hours\":2.5}"},
	{"a decimal below nothing", "{\"hours\":\"-0.1\"}", ",,,,,,,,,,-0.1,\r\n", "{\"hours\":-0.1}"},
	{"a decimal that is whole", "{\"hours\":\"24\"}", ",,,,,,,,,,24,\r\n", "{\"hours\":24}"},
	{"a longest decimal", "{\"hours\":\"123456789.012345\"}", ",,,,,,,,,,123456789.012345,\r\n",
	 "{\"hours\":123456789.012345}"},
	{"a date", "{\"born\":\"1984-04-03\"}", ",,,,,,,,,,,1984-04-03\r\n", "{\"born\":\"1984-04-03\"}"},
};

static void one_row_is_typed(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct export_row row = {rows[i].answers, &form_all, NULL, NULL};
		print_message("# %s\n", rows[i].name);
		for (int is_full = 0; is_full < 2; is_full++) {
			const char *wanted = arena_printf(&arena, BOM NAMES "%s", rows[i].csv);
			assert_string_equal(csv_of(&row, 1, is_full), wanted);
			wanted = arena_printf(&arena, "{\"event\":\"E4K7QX\",\"form\":\"test\",\"responses\":[%s]}\n",
					      rows[i].json);
			assert_string_equal(json_of(&row, 1, is_full), wanted);
		}
	}
}

/* ---- what is damaged ----------------------------------------------------------------------------------------- */

static void what_is_not_canonical_stops_it(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		const char *answers;
	} damaged[] = {
		{"a formula for an integer", "{\"people\":\"=1+1\"}"},
		{"a formula that looks like a number", "{\"people\":\"-1+1\"}"},
		{"an integer with a point", "{\"people\":\"2.5\"}"},
		{"an integer with a zero before it", "{\"people\":\"007\"}"},
		{"a number for a number", "{\"people\":16}"},
		{"a decimal with a comma", "{\"hours\":\"2,5\"}"},
		{"a decimal with a zero behind", "{\"hours\":\"2.50\"}"},
		{"an empty decimal", "{\"hours\":\"\"}"},
		{"a day that is none", "{\"born\":\"1984-02-30\"}"},
		{"a day with a time", "{\"born\":\"1984-02-03T00:00\"}"},
		{"a point that the scale has not", "{\"likely\":\"11\"}"},
		{"a point as a number", "{\"likely\":10}"},
		{"a rank as text", "{\"matters\":\"words\"}"},
		{"a rank with an unknown choice", "{\"matters\":[\"words\",\"x\"]}"},
		{"a grid that is no field", "{\"work\":\"good\"}"},
		{"a statement with an unknown choice", "{\"work_clear\":\"x\"}"},
		{"a refusal that is the question's choice", "{\"matters_refusal\":\"words\"}"},
		{"a refusal as a list", "{\"matters_refusal\":[\"prefer_not\"]}"},
	};
	for (size_t i = 0; i < COUNT_OF(damaged); i++) {
		const struct export_row row = {damaged[i].answers, &form_all, NULL, NULL};
		const struct export_list list = {"responses", &row, 1, false, true};
		print_message("# %s\n", damaged[i].name);
		strbuf_reset(&out);
		assert_int_equal(export_csv(&list, &arena, &out), ERR_CORRUPT);
		assert_string_equal(strbuf_text(&out), "");
		assert_int_equal(export_json("E4K7QX", "test", &list, 1, &arena, &out), ERR_CORRUPT);
	}
}

/* An earlier version asked for text what a later one asks as a number: that text is never bare. */
static void text_of_another_version_is_text(void **state)
{
	(void) state;
	static const struct question people_text = {.name = "people", .type = QUESTION_TEXT, .page = &main_page};
	static const struct field fields[] = {{"people", &people_text, FIELD_WHOLE, NULL}};
	static const struct form form_old = FORM(1, fields);
	const struct export_row both[] = {{"{\"people\":\"-1+cmd\"}", &form_old, NULL, NULL},
					  {"{\"people\":\"-1\"}", &form_all, NULL, NULL}};
	const char *csv = csv_of(both, 2, false);
	assert_non_null(strstr(csv, ",\"'-1+cmd\","));
	assert_non_null(strstr(csv, ",-1,"));
	const char *json = json_of(both, 2, false);
	assert_non_null(strstr(json, "{\"people\":\"-1+cmd\"}"));
	assert_non_null(strstr(json, "{\"people\":-1}"));
}

/* ---- faces --------------------------------------------------------------------------------------------------- */

static void statements_are_merged_as_soon_as_one_row_needs_it(void **state)
{
	(void) state;
	static const struct export_row both[] = {
		{"{\"hours\":\"2\",\"likely\":\"prefer_not\",\"matters_refusal\":\"prefer_not\",\"work_clear\":\"very_"
		 "good\","
		 "\"work_court\":\"ok\"}",
		 &form_all, NULL, NULL},
		{"{\"people\":\"1\",\"work_clear\":\"no\"}", &form_all, NULL, NULL},
	};
	const char *csv = csv_of(both, 2, false);
	/* The face that does not ask for hours is among the rows, so there is no such column. */
	assert_non_null(strstr(csv, "likely,work_clear,work_court,people,people_refusal,born\r\n"));
	assert_non_null(strstr(csv, ",,,,prefer_not,prefer_not,top,ok,,,\r\n"));
	assert_non_null(strstr(csv, ",,,,,,bottom,,1,,\r\n"));
	assert_null(strstr(csv, "very_good"));
	/* Practice keeps all. */
	csv = csv_of(both, 2, true);
	assert_non_null(strstr(csv, NAMES));
	assert_non_null(strstr(csv, ",prefer_not,prefer_not,very_good,ok,,,2,\r\n"));
	assert_non_null(strstr(csv, ",,no,,1,,,\r\n"));
	/* Easy Read alone offers "I don't know". */
	static const struct export_row unknown = {"{\"work_clear\":\"dont_know\"}", &form_all, NULL, NULL};
	assert_string_equal(json_of(&unknown, 1, false),
			    "{\"event\":\"E4K7QX\",\"form\":\"test\",\"responses\":[{}]}\n");
}

/* A row without what is required of everybody was answered where it is not asked. */
static void what_is_required_and_left_out_shows_no_face(void **state)
{
	(void) state;
	static const struct question must = {.name = "must",
					     .type = QUESTION_DECIMAL,
					     .page = &main_page,
					     .is_required = true,
					     .refusal = &refusal_list,
					     .faces[EASY].is_omitted = true};
	static const struct question may = {.name = "may",
					    .type = QUESTION_SCALE,
					    .page = &main_page,
					    .list = &likely_list,
					    .faces[EASY].is_omitted = true};
	static const struct field fields[] = {{"must", &must, FIELD_WHOLE, NULL},
					      {"must_refusal", &must, FIELD_REFUSAL, NULL},
					      {"may", &may, FIELD_WHOLE, NULL},
					      {"people", &people, FIELD_WHOLE, NULL}};
	static const struct form form_must = FORM(1, fields);
	const struct export_row plain = {"{\"may\":\"0\",\"must\":\"2.5\",\"people\":\"1\"}", &form_must, NULL, NULL};
	const struct export_row refused = {"{\"must_refusal\":\"prefer_not\"}", &form_must, NULL, NULL};
	const struct export_row easy = {"{\"people\":\"7\"}", &form_must, NULL, NULL};
	const struct export_row all_plain[] = {plain, refused}, mixed[] = {plain, refused, easy};
	assert_non_null(strstr(csv_of(all_plain, 2, false), "must,must_refusal,may,people\r\n"));
	const char *csv = csv_of(mixed, 3, false);
	assert_non_null(strstr(csv, BOM "people\r\n"));
	assert_null(strstr(csv, "2.5"));
	assert_null(strstr(csv, "prefer_not"));
	assert_non_null(strstr(csv_of(mixed, 3, true), "must,must_refusal,may,people\r\n"));
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(one_row_is_typed),
		EACH(what_is_not_canonical_stops_it),
		EACH(text_of_another_version_is_text),
		EACH(statements_are_merged_as_soon_as_one_row_needs_it),
		EACH(what_is_required_and_left_out_shows_no_face),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
