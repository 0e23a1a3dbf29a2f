/* SPDX-License-Identifier: MIT */
/* answers_test.c: what is taken in from a page, what is dropped, and what is a mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/answers_form.h"

/* ---- what a page sends ---- */

struct check_row {
	const char *name;
	const struct form *form;
	int language;
	const char *sent;
	const char *json; /* after the check */
	const char *mistakes;
};

static const struct check_row check_rows[] = {
	{"all is well", &form, EN, "overall=good&easy=good", "{\"easy\":\"good\",\"overall\":\"good\"}", ""},
	{"keys are sorted, choices in the order of the list", &form, EN, "overall=good&easy=poor&hard=room&hard=words",
	 "{\"easy\":\"poor\",\"hard\":[\"words\",\"room\"],\"overall\":\"good\"}", ""},
	{"one choice of several is a list too", &form, EN, "overall=good&easy=poor&hard=room",
	 "{\"easy\":\"poor\",\"hard\":[\"room\"],\"overall\":\"good\"}", ""},
	{"required and left out", &form, EN, "easy=good", "{\"easy\":\"good\"}", "required:overall"},
	{"required and sent empty", &form, EN, "overall=&easy=good", "{\"easy\":\"good\"}", "required:overall"},
	{"nothing, where something is required", &form, EN, "", "{}", "required:overall"},
	{"nothing at all", &form_free, EN, "", "{}", "nothing:overall"},
	{"nothing but white space", &form_free, EN, "better=\n \t\xC2\xA0&hard=&overall=", "{}", "nothing:overall"},
	{"nothing that is relevant", &form_free, EN, "hard=words", "{}", "nothing:overall"},
	{"one answer is enough", &form_free, EN, "age=much", "{\"age\":\"much\"}", ""},
	{"an answer with a mistake is not nothing", &form_free, EN, "year=1", "{\"year\":\"1\"}", "constraint:year"},
	{"not relevant, dropped", &form, EN, "overall=good&easy=good&hard=words",
	 "{\"easy\":\"good\",\"overall\":\"good\"}", ""},
	{"not relevant because what it asks about is unanswered", &form, EN, "overall=good&hard=words",
	 "{\"overall\":\"good\"}", ""},
	{"not relevant because what it asks about was dropped", &form, EN,
	 "overall=good&easy=good&hard=other&why=because", "{\"easy\":\"good\",\"overall\":\"good\"}", ""},
	{"relevant because what it asks about was dropped", &form, EN,
	 "overall=good&easy=good&hard=other&why=x&better=y",
	 "{\"better\":\"y\",\"easy\":\"good\",\"overall\":\"good\"}", ""},
	{"relevant in a chain, and then not", &form, EN, "overall=good&easy=poor&hard=other&why=x&better=y",
	 "{\"easy\":\"poor\",\"hard\":[\"other\"],\"overall\":\"good\",\"why\":\"x\"}", ""},
	{"required, but not relevant", &form, EN, "overall=good&easy=poor&hard=words",
	 "{\"easy\":\"poor\",\"hard\":[\"words\"],\"overall\":\"good\"}", ""},
	{"required and relevant", &form, EN, "overall=good&easy=poor&hard=other",
	 "{\"easy\":\"poor\",\"hard\":[\"other\"],\"overall\":\"good\"}", "required:why"},
	{"required, relevant, but white space", &form, EN, "overall=good&easy=poor&hard=other&why= \n",
	 "{\"easy\":\"poor\",\"hard\":[\"other\"],\"overall\":\"good\"}", "required:why"},
	{"required, but not asked in the face", &form, EASY, "overall=good&easy=hard&hard=other",
	 "{\"easy\":\"hard\",\"hard\":[\"other\"],\"overall\":\"good\"}", ""},
	{"a face's own choice makes relevant", &form, EASY, "overall=good&easy=hard&hard=room",
	 "{\"easy\":\"hard\",\"hard\":[\"room\"],\"overall\":\"good\"}", ""},
	{"exactly the longest", &form, EN, "overall=good&better=1234567890",
	 "{\"better\":\"1234567890\",\"overall\":\"good\"}", ""},
	{"too long by one", &form, EN, "overall=good&better=12345678901",
	 "{\"better\":\"12345678901\",\"overall\":\"good\"}", "too_long:better:11"},
	{"length counts letters, not bytes", &form, EN,
	 "overall=good&better=\xC5\xB5\xC5\xB5\xC5\xB5\xC5\xB5\xC5\xB5\xC5\xB5",
	 "{\"better\":\"\xC5\xB5\xC5\xB5\xC5\xB5\xC5\xB5\xC5\xB5\xC5\xB5\",\"overall\":\"good\"}", ""},
	{"length counts as browsers do", &form, EN,
	 "overall=good&better="
	 "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80",
	 "{\"better\":"
	 "\"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\","
	 "\"overall\":\"good\"}",
	 "too_long:better:12"},
	{"line ends count one", &form, EN, "overall=good&better=1234\r\n6789\r",
	 "{\"better\":\"1234\\n6789\\n\",\"overall\":\"good\"}", ""},
	{"texts stay as they were typed", &form, EN, "overall=good&better=  a\tb  ",
	 "{\"better\":\"  a\\tb  \",\"overall\":\"good\"}", ""},
	{"signs that JSON escapes", &form, EN, "overall=good&better=\"\\/<\x01\x7F'\b",
	 "{\"better\":\"\\\"\\\\/<\\u0001\x7F'\\b\",\"overall\":\"good\"}", ""},
	{"an exclusive choice alone", &form, EN, "overall=good&easy=poor&hard=none",
	 "{\"easy\":\"poor\",\"hard\":[\"none\"],\"overall\":\"good\"}", ""},
	{"an exclusive choice beside others", &form, EN, "overall=good&easy=poor&hard=none&hard=words",
	 "{\"easy\":\"poor\",\"hard\":[\"words\",\"none\"],\"overall\":\"good\"}", "exclusive:hard:none"},
	{"one mistake a field: exclusive before the constraint", &form, EN,
	 "overall=good&easy=poor&hard=none&hard=words&hard=room&hard=language",
	 "{\"easy\":\"poor\",\"hard\":[\"words\",\"language\",\"room\",\"none\"],\"overall\":\"good\"}",
	 "exclusive:hard:none"},
	{"a constraint on how many", &form, EN,
	 "overall=good&easy=poor&hard=words&hard=room&hard=language&hard=other&why=x",
	 "{\"easy\":\"poor\",\"hard\":[\"words\",\"language\",\"room\",\"other\"],\"overall\":\"good\",\"why\":\"x\"}",
	 "constraint:hard"},
	{"a constraint on a text", &form, EN, "overall=good&year=19x4", "{\"overall\":\"good\",\"year\":\"19x4\"}",
	 "constraint:year"},
	{"a constraint that holds", &form, EN, "overall=good&year=1984", "{\"overall\":\"good\",\"year\":\"1984\"}",
	 ""},
	{"a constraint is not asked of what is unanswered", &form, EN, "overall=good&year=", "{\"overall\":\"good\"}",
	 ""},
	{"one mistake a field: too long before the constraint", &form, EN, "overall=good&year=1234567",
	 "{\"overall\":\"good\",\"year\":\"1234567\"}", "too_long:year:7"},
	{"a constraint of a pair, first half", &form, EN, "overall=poor&know_before=unsure&know_now=much",
	 "{\"know_before\":\"unsure\",\"know_now\":\"much\",\"overall\":\"poor\"}", "constraint:know_before"},
	{"a constraint of a pair, second half", &form, EN, "overall=poor&know_before=much&know_now=unsure",
	 "{\"know_before\":\"much\",\"know_now\":\"unsure\",\"overall\":\"poor\"}", "constraint:know_now"},
	{"a constraint of a pair, both halves", &form, EN, "overall=poor&know_before=unsure&know_now=unsure",
	 "{\"know_before\":\"unsure\",\"know_now\":\"unsure\",\"overall\":\"poor\"}",
	 "constraint:know_before constraint:know_now"},
	{"a constraint sees other answers", &form, EN, "overall=good&know_now=unsure",
	 "{\"know_now\":\"unsure\",\"overall\":\"good\"}", ""},
	{"mistakes come in form order", &form, EN, "year=x&better=12345678901&easy=poor&hard=words&hard=none",
	 "{\"better\":\"12345678901\",\"easy\":\"poor\",\"hard\":[\"words\",\"none\"],\"year\":\"x\"}",
	 "required:overall exclusive:hard:none too_long:better:11 constraint:year"},
	{"a plain-asked pair", &form, EASY, "overall=good&know_now=much",
	 "{\"know_now\":\"much\",\"overall\":\"good\"}", ""},
	{"Welsh has the choices of the form", &form, CY, "overall=good&easy=poor",
	 "{\"easy\":\"poor\",\"overall\":\"good\"}", ""},
};

static void test_check(void **state)
{
	const struct check_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(row->form, row->language, &arena);
	assert_int_equal(add_all(answers, &arena, row->sent), ANSWERS_OK);
	struct mistakes mistakes;
	/* Twice: the second time finds the same. */
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		assert_string_equal(describe(&mistakes, &arena), row->mistakes);
		assert_string_equal(encode(answers, ANSWERS_ALL, &arena), row->json);
	}
}

struct refusal_row {
	const char *name;
	int language;
	const char *sent; /* the last part is the one that is refused */
	enum answers_refusal refusal;
};

static const struct refusal_row refusal_rows[] = {
	{"no such field", EN, "colour=red", ANSWERS_UNKNOWN_FIELD},
	{"a note answers nothing", EN, "note=x", ANSWERS_UNKNOWN_FIELD},
	{"a pair is no field, its halves are", EN, "know=much", ANSWERS_UNKNOWN_FIELD},
	{"names have their case", EN, "Overall=good", ANSWERS_UNKNOWN_FIELD},
	{"an empty name", EN, "=good", ANSWERS_UNKNOWN_FIELD},
	{"a question that the variant leaves out", EASY, "why=x", ANSWERS_UNKNOWN_FIELD},
	{"a question that the variant leaves out, empty", EASY, "why=", ANSWERS_UNKNOWN_FIELD},
	{"the first half of a plain-asked pair", EASY, "know_before=much", ANSWERS_UNKNOWN_FIELD},
	{"no such choice", EN, "overall=great", ANSWERS_UNKNOWN_CHOICE},
	{"no such choice of several", EN, "hard=words&hard=great", ANSWERS_UNKNOWN_CHOICE},
	{"white space is no choice", EN, "overall= ", ANSWERS_UNKNOWN_CHOICE},
	{"another face's choice", EN, "easy=hard", ANSWERS_UNKNOWN_CHOICE},
	{"the form's choice where the face has its own", EASY, "easy=poor", ANSWERS_UNKNOWN_CHOICE},
	{"one of two choices where one is asked", EN, "overall=good&overall=poor", ANSWERS_REPEATED_FIELD},
	{"the same choice twice where one is asked", EN, "overall=good&overall=good", ANSWERS_REPEATED_FIELD},
	{"the same choice twice where several are asked", EN, "hard=words&hard=room&hard=words",
	 ANSWERS_REPEATED_FIELD},
	{"a text twice", EN, "better=a&better=b", ANSWERS_REPEATED_FIELD},
	{"a text twice, first empty", EN, "better=&better=b", ANSWERS_REPEATED_FIELD},
	{"a choice after an empty one", EN, "overall=&overall=good", ANSWERS_REPEATED_FIELD},
	{"a text that is no UTF-8", EN, "better=\xC3(", ANSWERS_WRONG_TYPE},
	{"a choice that is no UTF-8", EN, "overall=\xFF", ANSWERS_UNKNOWN_CHOICE},
	{"several choices, some empty, are fine", EN, "hard=&hard=words&hard=&hard=room", ANSWERS_OK},
};

static void test_refusal(void **state)
{
	const struct refusal_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form, row->language, &arena);
	assert_int_equal(add_all(answers, &arena, row->sent), row->refusal);
}

/* ---- relevance ---- */

struct relevant_row {
	const char *name;
	int language;
	const char *sent;
	const struct question *question;
	bool is_relevant;
};

static const struct relevant_row relevant_rows[] = {
	{"a question without a condition", EN, "", &today[OVERALL], true},
	{"its condition holds", EN, "easy=poor", &today[HARD], true},
	{"its condition does not hold", EN, "easy=good", &today[HARD], false},
	{"its condition asks about nothing", EN, "", &today[HARD], false},
	{"through a question that is relevant", EN, "easy=poor&hard=other", &today[WHY], true},
	{"through a question that is not relevant", EN, "easy=good&hard=other", &today[WHY], false},
	{"asked to be empty, and not relevant", EN, "easy=good&hard=other&why=x", &today[BETTER], true},
	{"asked to be empty, and answered", EN, "easy=poor&hard=other&why=x", &today[BETTER], false},
	{"a note", EN, "know_now=much", &today[NOTE], true},
	{"a note that is not relevant", EN, "know_now=little", &today[NOTE], false},
	{"in the words of another face", EASY, "easy=hard", &today[HARD], true},
};

static void test_relevant(void **state)
{
	const struct relevant_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form, row->language, &arena);
	assert_int_equal(add_all(answers, &arena, row->sent), ANSWERS_OK);
	assert_int_equal(answers_is_relevant(answers, row->question), row->is_relevant);
}

/* An answer that the variant does not ask for may still be there (it travels along): it must not count. */
static void test_not_asked_does_not_count(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form, EASY, &arena);
	answers->of[3].text = "left over";
	assert_true(answers_is_relevant(answers, &today[BETTER]));
	struct mistakes mistakes;
	assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
	assert_null(answers->of[3].text);
}

/* ---- properties ---- */

/* Conditions that questions are given at random, also of questions that come later, so that chains of every kind occur.
 */
static const char *const conditions[] = {NULL,
					 NULL,
					 "${overall} = 'good'",
					 "${easy} = 'poor' or ${better} = ''",
					 "not(selected(${hard}, 'words'))",
					 "count-selected(${hard}) >= 1",
					 "${why} != ''",
					 "string-length(${better}) > 2",
					 "${know_now} = ${know_before}",
					 "${age} != 'much'",
					 "${year} = '' and ${why} = ''",
					 "${people} > 10 or ${born} = ''",
					 "false()"};

static void test_random_check(void **state)
{
	(void) state;
	const struct expr *parsed[COUNT_OF(conditions)], *kept[TODAY_COUNT];
	for (size_t i = 0; i < COUNT_OF(conditions); i++)
		parsed[i] = parse(conditions[i], NULL);
	for (size_t q = 0; q < TODAY_COUNT; q++)
		kept[q] = today[q].relevant_expr;
	seed = 2;
	unsigned dropped = 0, mistaken = 0, whole = 0;
	for (unsigned i = 0; i < 10000; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		for (size_t q = 0; q < TODAY_COUNT; q++)
			today[q].relevant_expr = parsed[below(COUNT_OF(parsed))];
		int language = (int) below(3);
		struct answers *answers = random_answers(language, &arena), *again;
		bool is_kept[COUNT_OF(fields)];
		for (size_t f = 0; f < COUNT_OF(fields); f++)
			is_kept[f] =
				answer_is_given(&answers->of[f]) && answers_is_relevant(answers, fields[f].question);
		const char *before = encode(answers, ANSWERS_ALL, &arena);
		struct mistakes mistakes;
		assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		for (size_t f = 0; f < COUNT_OF(fields); f++)
			assert_int_equal(answer_is_given(&answers->of[f]), is_kept[f]);
		const char *json = encode(answers, ANSWERS_ALL, &arena), *said = describe(&mistakes, &arena);
		for (size_t m = 1; m < mistakes.count; m++)
			assert_true(mistakes.list[m - 1].field < mistakes.list[m].field);
		dropped += strcmp(json, before) != 0;
		mistaken += mistakes.count > 0;
		/* Again, and by somebody who reads what was kept. */
		assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		assert_string_equal(encode(answers, ANSWERS_ALL, &arena), json);
		assert_string_equal(describe(&mistakes, &arena), said);
		enum answers_refusal refusal;
		const char *field;
		assert_int_equal(answers_decode(&form, language, json, strlen(json), &arena, &again, &refusal, &field),
				 ERR_OK);
		assert_string_equal(encode(again, ANSWERS_ALL, &arena), json);
		if (!is_all_written(answers, json))
			continue;
		whole++;
		assert_int_equal(answers_check(again, &arena, &mistakes), ERR_OK);
		assert_same(answers, again);
		assert_string_equal(describe(&mistakes, &arena), said);
	}
	for (size_t q = 0; q < TODAY_COUNT; q++)
		today[q].relevant_expr = kept[q];
	assert_in_range(dropped, 2000, 9900);
	assert_in_range(mistaken, 2000, 9900);
	assert_in_range(whole, 1000, 9000);
}

/* The largest form there can be: FORM_QUESTIONS_MAX grids of five statements. */
static void test_most_fields(void **state)
{
	(void) state;
	enum { EACH = FORM_FIELDS_MAX / FORM_QUESTIONS_MAX };
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct page page = {.name = "all", .questions_count = FORM_QUESTIONS_MAX};
	page.questions = arena_array(&arena, FORM_QUESTIONS_MAX, struct question);
	struct field *all = arena_array(&arena, FORM_FIELDS_MAX, struct field);
	for (size_t i = 0; i < FORM_FIELDS_MAX; i++) {
		struct question *question = &page.questions[i / EACH];
		*question = (struct question){.name = "q",
					      .type = QUESTION_GRID,
					      .list = &know_list,
					      .page = &page,
					      .statements_count = EACH};
		all[i] = (struct field){arena_printf(&arena, "q%zu_s%zu", i / EACH, i % EACH), question,
					FIELD_STATEMENT, &work_statements[0]};
	}
	struct form large = form;
	large.pages = &page;
	large.pages_count = 1;
	large.fields = all;
	large.fields_count = FORM_FIELDS_MAX;
	struct answers *answers = answers_new(&large, EN, &arena);
	struct mistakes mistakes;
	assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
	assert_int_equal(mistakes.count, 1);
	assert_int_equal(mistakes.list[0].kind, MISTAKE_NOTHING);
	assert_int_equal(add_all(answers, &arena, "q199_s4=much"), ANSWERS_OK);
	assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
	assert_int_equal(mistakes.count, 0);
	assert_string_equal(encode(answers, ANSWERS_ALL, &arena), "{\"q199_s4\":\"much\"}");
}

static enum err whole_way(struct arena *arena)
{
	static const char *const sent[][2] = {{"overall", "good"},
					      {"easy", "poor"},
					      {"hard", "room"},
					      {"hard", "words"},
					      {"better", "a\r\nb"},
					      {"year", "1984"},
					      {"hours", "2,50"},
					      {"born.day", "1"},
					      {"born.month", "2"},
					      {"born.year", "1984"},
					      {"more", "yes"},
					      {"matters.place", "1"},
					      {"matters.words", "3"},
					      {"likely_now", "-1"},
					      {"work_clear", "good"},
					      {"work_court", "good"},
					      {"people_refusal", "prefer_not"},
					      {"say", "x"}};
	struct answers *answers = answers_new(&form, EN, arena);
	if (answers == NULL)
		return ERR_NOMEM;
	enum answers_refusal refusal;
	enum err error = ERR_OK;
	for (size_t i = 0; i < COUNT_OF(sent) && error == ERR_OK; i++)
		error = answers_add(answers, arena, sent[i][0], sent[i][1], &refusal);
	struct mistakes mistakes;
	if (error == ERR_OK)
		error = answers_check(answers, arena, &mistakes);
	char *json;
	size_t length;
	if (error == ERR_OK)
		error = answers_encode(answers, ANSWERS_ALL, arena, &json, &length);
	const char *field;
	if (error == ERR_OK)
		error = answers_decode(&form, EN, json, length, arena, &answers, &refusal, &field);
	return error;
}

/* Every ceiling of the arena gives a result or ERR_NOMEM, never something between. */
static void test_no_room(void **state)
{
	(void) state;
	bool is_good = false;
	for (size_t ceiling = 0; !is_good; ceiling += 16) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ceiling);
		enum err error = whole_way(&arena);
		assert_true(error == ERR_OK || error == ERR_NOMEM);
		is_good = error == ERR_OK;
		assert_int_equal(is_good, !arena.is_failed);
	}
}

#define ROW(rows, test)                                                                                                \
	for (size_t i = 0; i < COUNT_OF(rows); i++)                                                                    \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			rows[i].name, test, NULL, NULL, (void *) (uintptr_t) &rows[i]                                  \
		}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(check_rows) + COUNT_OF(refusal_rows) + COUNT_OF(relevant_rows)];
	size_t count = 0;
	ROW(check_rows, test_check);
	ROW(refusal_rows, test_refusal);
	ROW(relevant_rows, test_relevant);
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_not_asked_does_not_count),
		cmocka_unit_test(test_random_check),
		cmocka_unit_test(test_most_fields),
		cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests_name("answers rows", tests, form_setup, form_teardown) +
	       cmocka_run_group_tests_name("answers", others, form_setup, form_teardown);
}
