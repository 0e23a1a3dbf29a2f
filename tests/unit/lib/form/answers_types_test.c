/* SPDX-License-Identifier: MIT */
/* answers_types_test.c: ranks, scales, grids, numbers, dates, refusals: what a page sends, what is made of it, what is a
 * mistake, and that what was typed stays as it was until nothing is wrong with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/answers_form.h"

/* ---- checks ---- */

struct check_row {
	const char *name;
	int language;
	const char *sent;
	const char *json; /* after the check */
	const char *mistakes;
};

/* All that a yes to "more" makes required, so that a row can leave out one. */
#define MATTERS_SENT "&matters.place=1"
#define WORK_SENT "&work_clear=good&work_court=good"
#define PEOPLE_SENT "&people=16"
#define BORN_SENT "&born.day=3&born.month=4&born.year=1984"

static const struct check_row check_rows[] = {
	{"all is well", EN, "more=yes" MATTERS_SENT WORK_SENT PEOPLE_SENT BORN_SENT,
	 "{\"born\":\"1984-04-03\",\"matters\":[\"place\"],\"more\":\"yes\",\"people\":\"16\",\"work_clear\":\"good\","
	 "\"work_court\":\"good\"}",
	 ""},
	{"each is required, each statement too", EN, "more=yes", "{\"more\":\"yes\"}",
	 "required:matters required:work_clear required:work_court required:people required:born"},
	{"a refusal is an answer", EN,
	 "more=yes&matters_refusal=prefer_not&people_refusal=prefer_not&born_refusal=prefer_not&say=x" WORK_SENT,
	 "{\"born_refusal\":\"prefer_not\",\"matters_refusal\":\"prefer_not\",\"more\":\"yes\",\"people_refusal\":"
	 "\"prefer_not\",\"say\":\"x\",\"work_clear\":\"good\",\"work_court\":\"good\"}",
	 ""},
	{"a refusal beside an answer", EN,
	 "more=yes&matters_refusal=prefer_not&people_refusal=prefer_not&born_refusal=prefer_not&say=x&say_refusal="
	 "prefer_"
	 "not" MATTERS_SENT WORK_SENT PEOPLE_SENT BORN_SENT,
	 "{\"born_refusal\":\"prefer_not\",\"matters_refusal\":\"prefer_not\",\"more\":\"yes\",\"people\":\"16\","
	 "\"people_"
	 "refusal\":\"prefer_not\",\"say\":\"x\",\"say_refusal\":\"prefer_not\",\"work_clear\":\"good\",\"work_court\":"
	 "\"good\"}",
	 "exclusive:matters:prefer_not exclusive:people:prefer_not exclusive:born:prefer_not exclusive:say:prefer_not"},
	{"a refusal beside half a date and half a number", EN,
	 "more=yes&people_refusal=prefer_not&born_refusal=prefer_not&people=x&born.day=1&say=x" MATTERS_SENT WORK_SENT,
	 "{\"born_refusal\":\"prefer_not\",\"matters\":[\"place\"],\"more\":\"yes\",\"people_refusal\":\"prefer_not\","
	 "\"say\":\"x\",\"work_clear\":\"good\",\"work_court\":\"good\"}",
	 "exclusive:people:prefer_not exclusive:born:prefer_not"},
	{"a refusal beside white space", EN,
	 "overall=good&more=yes&people=  &people_refusal=prefer_not&born.day= "
	 "&born_refusal=prefer_not&say=x" MATTERS_SENT WORK_SENT,
	 "{\"born_refusal\":\"prefer_not\",\"matters\":[\"place\"],\"more\":\"yes\",\"overall\":\"good\",\"people_"
	 "refusal\":"
	 "\"prefer_not\",\"say\":\"x\",\"work_clear\":\"good\",\"work_court\":\"good\"}",
	 ""},
	{"a refusal of what is not relevant is dropped", EN,
	 "more=no&people_refusal=prefer_not&born_refusal=prefer_not", "{\"more\":\"no\"}", ""},
	{"what is not relevant is dropped, right or wrong", EN,
	 "more=no&people=x&born.day=99&matters.words=1&matters.place=1" WORK_SENT, "{\"more\":\"no\"}", ""},
	{"a refusal alone is not nothing", EN, "hours=2&say_refusal=prefer_not", "{\"hours\":\"2\"}", ""},

	{"an integer with groups", EN,
	 "more=yes&people=1,\xD9\xA1\xD9\xA0\xD9\xA0&say=x" MATTERS_SENT WORK_SENT BORN_SENT,
	 "{\"born\":\"1984-04-03\",\"matters\":[\"place\"],\"more\":\"yes\",\"people\":\"1100\",\"say\":\"x\",\"work_"
	 "clear\":\"good\",\"work_court\":\"good\"}",
	 ""},
	{"not required and left out", EN, "more=no&hours=", "{\"more\":\"no\"}", ""},
	{"a decimal in another script", EN, "hours=\xE0\xA7\xA8.\xE0\xA7\xAB", "{\"hours\":\"2.5\"}", ""},
	{"a decimal with a comma", EN, "hours= 2,50 ", "{\"hours\":\"2.5\"}", ""},
	{"a decimal exactly the least", EN, "hours=.5&say=x", "{\"hours\":\"0.5\",\"say\":\"x\"}", ""},
	{"a decimal exactly the most", EN, "hours=24.00", "{\"hours\":\"24\"}", ""},
	{"a decimal too small", EN, "hours=0.49&say=x", "{\"hours\":\"0.49\",\"say\":\"x\"}", "too_small:hours"},
	{"a decimal too large", EN, "hours=24.01", "{\"hours\":\"24.01\"}", "too_large:hours"},
	{"a decimal too fine", EN, "hours=2.505", "{\"hours\":\"2.505\"}", "too_fine:hours"},
	{"zeros at the end are not fine", EN, "hours=2.5000", "{\"hours\":\"2.5\"}", ""},
	{"too fine before too large", EN, "hours=99.999", "{\"hours\":\"99.999\"}", "too_fine:hours"},
	{"too fine before too many digits", EN, "hours=0.33333333333333333333", "{}", "too_fine:hours"},
	{"a decimal of too many digits", EN, "hours=12345678901234567890", "{}", "not_number:hours"},
	{"no decimal", EN, "hours=two", "{}", "not_number:hours"},
	{"what cannot be read is not nothing", EN, "hours=?", "{}", "not_number:hours"},

	{"a scale", EN, "likely_before=-1&likely_now=1", "{\"likely_before\":\"-1\",\"likely_now\":\"1\"}", ""},
	{"a scale's refusal", EN, "likely_before=prefer_not&likely_now=0",
	 "{\"likely_before\":\"prefer_not\",\"likely_now\":\"0\"}", ""},
	{"a constraint of each half of a scale", EN, "likely_before=2&likely_now=2",
	 "{\"likely_before\":\"2\",\"likely_now\":\"2\"}", "constraint:likely_before constraint:likely_now"},
	{"a plain-asked scale", EASY, "likely_now=3", "{\"likely_now\":\"3\"}", ""},

	{"text with a refusal, required", EN, "likely_now=3", "{\"likely_now\":\"3\"}", "required:say"},
	{"text with a refusal, refused", EN, "likely_now=3&say_refusal=prefer_not",
	 "{\"likely_now\":\"3\",\"say_refusal\":\"prefer_not\"}", ""},
	{"text with a refusal, too long", EN, "likely_now=3&say=12345678901",
	 "{\"likely_now\":\"3\",\"say\":\"12345678901\"}", "too_long:say:11"},
	{"the refusal is told before too long", EN, "likely_now=3&say=12345678901&say_refusal=prefer_not",
	 "{\"likely_now\":\"3\",\"say\":\"12345678901\",\"say_refusal\":\"prefer_not\"}", "exclusive:say:prefer_not"},
	{"text with a refusal, not asked in the face", EASY, "likely_now=3", "{\"likely_now\":\"3\"}", ""},
};

static void test_check(void **state)
{
	const struct check_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form_free, row->language, &arena);
	assert_int_equal(add_all(answers, &arena, row->sent), ANSWERS_OK);
	struct mistakes mistakes;
	/* Twice: the second time finds the same. */
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		assert_string_equal(describe(&mistakes, &arena), row->mistakes);
		assert_string_equal(encode(answers, ANSWERS_ALL, &arena), row->json);
	}
}

/* ---- one question ---- */

struct one_row {
	const char *name;
	const char *sent;
	const char *text; /* of the question's field after the check: an order with blanks, or the text; NULL: none */
	const char *mistake;
};

static const struct one_row people_rows[] = {
	{"an integer", "people=16", "16", ""},
	{"leading zeros go", "people=007", "7", ""},
	{"blanks go", "people= 16 ", "16", ""},
	{"minus", "people=-3", "-3", ""},
	{"the least", "people=-5", "-5", ""},
	{"the most", "people=1 200&say=x", "1200", ""},
	{"below the least stays as typed", "people=-06", "-06", "too_small:people"},
	{"above the most stays as typed", "people=1,201&say=x", "1,201", "too_large:people"},
	{"with a point stays as typed", "people=2.5", "2.5", "not_whole:people"},
	{"with a point and nothing behind it that counts", "people=2.0", "2.0", "not_whole:people"},
	{"with a comma that is no group", "people=2,5", "2,5", "not_whole:people"},
	{"with a point is told before too large", "people=9999.5", "9999.5", "not_whole:people"},
	{"letters stay as typed", "people= sixteen", " sixteen", "not_number:people"},
	{"too many digits stay as typed", "people=1234567890123456", "1234567890123456", "not_number:people"},
	{"a constraint, and it stays as typed", "people=013", "013", "constraint:people"},
	{"a constraint in another script", "people=\xD9\xA1\xD9\xA3", "\xD9\xA1\xD9\xA3", "constraint:people"},
	{"line ends are white space", "people=16\r\n", "16", ""},
};

static const struct one_row born_rows[] = {
	{"a date", "born.day=3&born.month=4&born.year=1984", "1984-04-03", ""},
	{"parts in any order", "born.year=1984&born.day=03&born.month=04", "1984-04-03", ""},
	{"the least", "born.day=1&born.month=1&born.year=1900&say=x", "1900-01-01", ""},
	{"the most", "born.day=21&born.month=11&born.year=2026", "2026-11-21", ""},
	{"before the least", "born.day=31&born.month=12&born.year=1899&say=x", NULL, "too_small:born"},
	{"after the most", "born.day=22&born.month=11&born.year=2026", NULL, "too_large:born"},
	{"no day", "born.month=4&born.year=1984", NULL, "date_part:born:0"},
	{"no month", "born.day=3&born.month=&born.year=1984", NULL, "date_part:born:1"},
	{"no year", "born.day=3&born.month=4&born.year= ", NULL, "date_part:born:2"},
	{"no such day", "born.day=31&born.month=4&born.year=1984", NULL, "not_date:born:0"},
	{"no such month", "born.day=3&born.month=14&born.year=1984", NULL, "not_date:born:1"},
	{"no such year", "born.day=3&born.month=4&born.year=84", NULL, "not_date:born:2"},
	{"a constraint", "born.day=1&born.month=1&born.year=2000", NULL, "constraint:born"},
	{"nothing", "born.day=&born.month=&born.year=", NULL, "required:born"},
};

static const struct one_row matters_rows[] = {
	{"one place", "matters.time=1&say=x", "time", ""},
	{"places in order", "matters.place=1&matters.words=2", "place words", ""},
	{"places sent in another order", "matters.words=2&matters.place=1", "place words", ""},
	{"gaps are no mistake", "matters.words=4&matters.place=2", "place words", ""},
	{"empty places are none", "matters.words=&matters.place=1&matters.food=", "place", ""},
	{"no place", "matters.words=&matters.place=&matters.food=", NULL, "required:matters"},
	{"two of one place", "matters.words=2&matters.place=2", NULL, "same_place:matters:1:2"},
	{"the first that another before it has", "matters.words=1&matters.place=3&matters.time=3&matters.food=1&say=x",
	 NULL, "same_place:matters:2:3"},
	{"a constraint on how many", "matters.words=1&matters.place=2&matters.time=3&matters.food=4&say=x", NULL,
	 "constraint:matters"},
	{"a constraint on one of them", "matters.food=1", NULL, "constraint:matters"},
	{"a constraint that holds", "matters.food=1&matters.words=2", "food words", ""},
};

static void check_one(const struct one_row *row, int field, const char *rest)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form_free, EN, &arena);
	struct answer *answer = &answers->of[field];
	assert_int_equal(add_all(answers, &arena, "more=yes" WORK_SENT), ANSWERS_OK);
	assert_int_equal(add_all(answers, &arena, rest), ANSWERS_OK);
	assert_int_equal(add_all(answers, &arena, row->sent), ANSWERS_OK);
	struct answer typed = *answer;
	const char *const *parts =
		(const char *const *) arena_memdup(&arena, answer->parts, answer->parts_count * sizeof *answer->parts);
	for (unsigned i = 0; i < 2; i++) {
		struct mistakes mistakes;
		assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		assert_string_equal(describe(&mistakes, &arena), row->mistake);
		const char *text = answer->text;
		for (size_t c = 0; c < answer->choices_count; c++)
			text = c == 0 ? answer->choices[0]->name
				      : arena_printf(&arena, "%s %s", text, answer->choices[c]->name);
		if (row->text == NULL)
			assert_null(text);
		else
			assert_string_equal(text, row->text);
		/* Parts stay as they came, right or wrong; where all of them are empty there is no answer. */
		if (answer->parts == NULL)
			continue;
		assert_ptr_equal(answer->parts, typed.parts);
		for (size_t p = 0; p < answer->parts_count; p++)
			assert_ptr_equal(answer->parts[p], parts[p]);
	}
}

static void test_people(void **state)
{
	check_one(*state, form_field(&form_free, "people"), "matters.place=1" BORN_SENT);
}

static void test_born(void **state)
{
	check_one(*state, form_field(&form_free, "born"), "matters.place=1" PEOPLE_SENT);
}

static void test_matters(void **state)
{
	check_one(*state, form_field(&form_free, "matters"), "people=16" BORN_SENT);
}

/* ---- what cannot have come from our page ---- */

struct refusal_row {
	const char *name;
	int language;
	const char *sent; /* the last part is the one that is refused */
	enum answers_refusal refusal;
};

static const struct refusal_row refusal_rows[] = {
	{"a date in one", EN, "born=1984-04-03", ANSWERS_UNKNOWN_FIELD},
	{"an unknown part of a date", EN, "born.hour=1", ANSWERS_UNKNOWN_FIELD},
	{"no part of a date", EN, "born.=1", ANSWERS_UNKNOWN_FIELD},
	{"a part of a part", EN, "born.day.day=1", ANSWERS_UNKNOWN_FIELD},
	{"a part of a date twice", EN, "born.day=1&born.day=1", ANSWERS_REPEATED_FIELD},
	{"a part of a date twice, first empty", EN, "born.day=&born.day=1", ANSWERS_REPEATED_FIELD},
	{"a part of a date that is no UTF-8", EN, "born.day=\xC3(", ANSWERS_WRONG_TYPE},
	{"a rank in one", EN, "matters=words", ANSWERS_UNKNOWN_FIELD},
	{"a rank of what is no choice", EN, "matters.weather=1", ANSWERS_UNKNOWN_FIELD},
	{"a place that there is not", EN, "matters.words=5", ANSWERS_UNKNOWN_CHOICE},
	{"place 0", EN, "matters.words=0", ANSWERS_UNKNOWN_CHOICE},
	{"a place with a zero before it", EN, "matters.words=01", ANSWERS_UNKNOWN_CHOICE},
	{"a place with a sign", EN, "matters.words=+1", ANSWERS_UNKNOWN_CHOICE},
	{"a place of white space", EN, "matters.words= ", ANSWERS_UNKNOWN_CHOICE},
	{"a place that would overflow", EN, "matters.words=4294967297", ANSWERS_UNKNOWN_CHOICE},
	{"a place in another script", EN, "matters.words=\xD9\xA1", ANSWERS_UNKNOWN_CHOICE},
	{"a place twice", EN, "matters.words=1&matters.words=1", ANSWERS_REPEATED_FIELD},
	{"a place twice, first empty", EN, "matters.words=&matters.words=1", ANSWERS_REPEATED_FIELD},
	{"two of one place are the person's mistake", EN, "matters.words=1&matters.place=1", ANSWERS_OK},
	{"a part of what has none", EN, "people.day=1", ANSWERS_UNKNOWN_FIELD},
	{"a part of a refusal", EN, "born_refusal.day=1", ANSWERS_UNKNOWN_FIELD},
	{"a part of no field", EN, "thing.day=1", ANSWERS_UNKNOWN_FIELD},
	{"nothing before the point", EN, ".day=1", ANSWERS_UNKNOWN_FIELD},
	{"a very long name", EN,
	 "bornbornbornbornbornbornbornbornbornbornbornbornbornbornbornbornbornbornbornbornborn.day=1",
	 ANSWERS_UNKNOWN_FIELD},
	{"a number twice", EN, "people=1&people=1", ANSWERS_REPEATED_FIELD},
	{"a number that is no UTF-8", EN, "people=\xFF", ANSWERS_WRONG_TYPE},
	{"a number that is none is the person's mistake", EN, "people=x", ANSWERS_OK},
	{"a point that the scale has not", EN, "likely_now=4", ANSWERS_UNKNOWN_CHOICE},
	{"a point in another spelling", EN, "likely_now=+1", ANSWERS_UNKNOWN_CHOICE},
	{"a scale twice", EN, "likely_now=1&likely_now=2", ANSWERS_REPEATED_FIELD},
	{"a scale that is a pair is no field", EN, "likely=1", ANSWERS_UNKNOWN_FIELD},
	{"half of a plain-asked scale", EASY, "likely_before=1", ANSWERS_UNKNOWN_FIELD},
	{"a grid is no field", EN, "work=good", ANSWERS_UNKNOWN_FIELD},
	{"a statement twice", EN, "work_clear=good&work_clear=poor", ANSWERS_REPEATED_FIELD},
	{"a statement in another face's words", EN, "work_clear=fine", ANSWERS_UNKNOWN_CHOICE},
	{"a statement in the face's words", EASY, "work_clear=fine", ANSWERS_OK},
	{"a refusal that is none", EN, "people_refusal=yes", ANSWERS_UNKNOWN_CHOICE},
	{"a refusal twice", EN, "people_refusal=prefer_not&people_refusal=prefer_not", ANSWERS_REPEATED_FIELD},
	{"a scale has no field for its refusal", EN, "likely_refusal=prefer_not", ANSWERS_UNKNOWN_FIELD},
	{"a refusal that the face does not ask", EASY, "say_refusal=prefer_not", ANSWERS_UNKNOWN_FIELD},
};

static void test_refusal(void **state)
{
	const struct refusal_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form, row->language, &arena);
	assert_int_equal(add_all(answers, &arena, row->sent), row->refusal);
}

/* ---- what expressions see ---- */

struct view_row {
	const char *name;
	const char *sent;
	const char *expression;
	bool is_true;
};

static const struct view_row view_rows[] = {
	{"a number as it is meant, before any check", "more=yes&people= 1,100 ", "${people} = 1100", true},
	{"a number in another script", "more=yes&people=\xD9\xA1\xD9\xA6", "${people} = 16", true},
	{"a decimal with a comma", "hours=2,5", "${hours} = 2.5 and ${hours} < 3", true},
	{"a number below the least is still one", "hours=0.1", "${hours} < 0.5", true},
	{"a decimal that is too fine is still one", "hours=2.505", "${hours} > 2.5", true},
	{"a number with letters is left out", "hours=2h", "${hours} = ''", true},
	{"and not less than anything", "hours=2h", "${hours} < 100 or ${hours} >= 100", false},
	{"an integer with a point is left out", "more=yes&people=2.5", "${people} = ''", true},
	{"a number of too many digits is left out", "hours=12345678901234567", "${hours} = ''", true},
	{"a date", "more=yes" BORN_SENT, "${born} = '1984-04-03' and ${born} < '1984-04-04'", true},
	{"a date in another script", "more=yes&born.day=\xD9\xA3&born.month=4&born.year=1984", "${born} = '1984-04-03'",
	 true},
	{"half a date is left out", "more=yes&born.day=3", "${born} = ''", true},
	{"a date that is none is left out", "more=yes&born.day=31&born.month=2&born.year=1984", "${born} = ''", true},
	{"a date after the most is still one", "more=yes&born.day=1&born.month=2&born.year=2030",
	 "${born} > '2029-12-31'", true},
	{"a point of a scale is a number", "likely_now=-1", "${likely_now} < 0", true},
	{"a scale's refusal is none", "likely_now=prefer_not", "${likely_now} = ''", true},
	{"a refusal is a text", "more=yes&people_refusal=prefer_not",
	 "${people_refusal} = 'prefer_not' and ${people} = ''", true},
	{"a statement is a text", "more=yes&work_court=poor", "${work_court} = 'poor' and ${work_clear} = ''", true},
	{"a rank counts its places",
	 "more=yes&matters.words=3&matters.food=1&matters.time=", "count-selected(${matters}) = 2", true},
	{"also two of one place", "more=yes&matters.words=3&matters.food=3", "count-selected(${matters}) = 2", true},
	{"a rank has what has a place", "more=yes&matters.words=3",
	 "selected(${matters}, 'words') and not(selected(${matters}, 'food'))", true},
	{"a rank without a place", "more=yes&matters.words=", "count-selected(${matters}) > 0", false},
	{"what is not relevant is left out", "people=16&matters.words=1",
	 "${people} = '' and count-selected(${matters}) = 0", true},
};

static void test_view(void **state)
{
	const struct view_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form, EN, &arena);
	struct question asking = kinds[THANKS];
	asking.relevant_expr = parse(row->expression, NULL);
	assert_int_equal(add_all(answers, &arena, row->sent), ANSWERS_OK);
	assert_int_equal(answers_is_relevant(answers, &asking), row->is_true);
	/* The check makes it canonical, which changes nothing for expressions. */
	struct mistakes mistakes;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		assert_int_equal(answers_is_relevant(answers, &asking), row->is_true);
	}
}

/* ---- names of controls ---- */

static void test_field(void **state)
{
	(void) state;
	static const struct {
		const char *name, *field;
		int part;
	} rows[] = {
		{"people", "people", -1},
		{"people_refusal", "people_refusal", -1},
		{"likely_before", "likely_before", -1},
		{"born.day", "born", ANSWER_DAY},
		{"born.month", "born", ANSWER_MONTH},
		{"born.year", "born", ANSWER_YEAR},
		{"matters.words", "matters", 0},
		{"matters.food", "matters", 3},
		{"work_court", "work_court", -1},
		{"say", "say", -1}, /* also where the face does not ask it */
		{"born", NULL, -1},
		{"matters", NULL, -1},
		{"born.Day", NULL, -1},
		{"matters.food ", NULL, -1},
		{"", NULL, -1},
		{".", NULL, -1},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int part = 99;
		int index = answers_field(&form, EASY, rows[i].name, &part);
		assert_int_equal(index, rows[i].field == NULL ? -1 : form_field(&form, rows[i].field));
		assert_int_equal(part, rows[i].part);
	}
}

/* Reading a document gives what somebody would have typed, so that a page can show it. */
static void test_decoded_parts(void **state)
{
	(void) state;
	static const char json[] = "{\"born\":\"1984-04-03\",\"matters\":[\"time\",\"words\"],\"more\":\"yes\"}";
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers;
	enum answers_refusal refusal;
	const char *field;
	assert_int_equal(answers_decode(&form, EN, json, strlen(json), &arena, &answers, &refusal, &field), ERR_OK);
	const struct answer *born = &answers->of[form_field(&form, "born")];
	assert_string_equal(born->parts[ANSWER_DAY], "03");
	assert_string_equal(born->parts[ANSWER_MONTH], "04");
	assert_string_equal(born->parts[ANSWER_YEAR], "1984");
	const struct answer *matters = &answers->of[form_field(&form, "matters")];
	assert_int_equal(matters->parts_count, 4);
	assert_string_equal(matters->parts[0], "2");
	assert_null(matters->parts[1]);
	assert_string_equal(matters->parts[2], "1");
	assert_null(matters->parts[3]);
}

#define ROW(rows, test)                                                                                                \
	for (size_t i = 0; i < COUNT_OF(rows); i++)                                                                    \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			rows[i].name, test, NULL, NULL, (void *) (uintptr_t) &rows[i]                                  \
		}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(check_rows) + COUNT_OF(people_rows) + COUNT_OF(born_rows) +
				       COUNT_OF(matters_rows) + COUNT_OF(refusal_rows) + COUNT_OF(view_rows)];
	size_t count = 0;
	ROW(check_rows, test_check);
	ROW(people_rows, test_people);
	ROW(born_rows, test_born);
	ROW(matters_rows, test_matters);
	ROW(refusal_rows, test_refusal);
	ROW(view_rows, test_view);
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_field),
		cmocka_unit_test(test_decoded_parts),
	};
	return cmocka_run_group_tests_name("answers_types rows", tests, form_setup, form_teardown) +
	       cmocka_run_group_tests_name("answers_types", others, form_setup, form_teardown);
}
