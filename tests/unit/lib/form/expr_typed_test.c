/* SPDX-License-Identifier: MIT */
/* expr_typed_test.c: what expressions make of numbers and dates, answered and left out, and their JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_typed.h"
#include "unit/lib/form/expr_names.h"
#include "unit/lib/form/expr_script.h"

struct truth_row {
	const char *source;
	struct answered answered;
	bool is_true;
};

static const struct truth_row truth_rows[] = {
	/* Numbers by their value. */
	{"${age} = 16", TYPED(.age = "16"), true},
	{"${age} = 16", TYPED(.age = "17"), false},
	{"${age} != 16", TYPED(.age = "17"), true},
	{"${age} < 16", TYPED(.age = "9"), true},
	{"${age} < 16", TYPED(.age = "100"), false},
	{"${age} <= 16", TYPED(.age = "16"), true},
	{"${age} > -4", TYPED(.age = "-3"), true},
	{"16 >= ${age}", TYPED(.age = "16"), true},
	{"${hours} = 2.50", TYPED(.hours = "2.5"), true},
	{"${hours} < 2.51", TYPED(.hours = "2.5"), true},
	{"${hours} = 0.1", TYPED(.hours = "0.1"), true},
	{"${hours} > ${age}", TYPED(.age = "2", .hours = "2.000001"), true},
	{"${age} = 999999999999999", TYPED(.age = "999999999999999"), true},
	{"${age} < 999999999999999", TYPED(.age = "999999999999998"), true},
	{"${score} > 1", TYPED(.score = "2"), true},
	{"${score} = -1", TYPED(.score = "-1"), true},
	/* A number that was left out equals '' and nothing else. */
	{"${age} = ''", NOBODY, true},
	{"'' = ${age}", NOBODY, true},
	{"${age} != ''", NOBODY, false},
	{"${age} = ''", TYPED(.age = "0"), false},
	{"${age} != ''", TYPED(.age = "0"), true},
	{"${age} = 0", NOBODY, false},
	{"${age} != 0", NOBODY, true},
	{"${age} < 16", NOBODY, false},
	{"${age} <= 16", NOBODY, false},
	{"${age} > 16", NOBODY, false},
	{"${age} >= 16", NOBODY, false},
	{"16 > ${age}", NOBODY, false},
	{"${age} = ${hours}", NOBODY, false},
	{"${age} != ${hours}", NOBODY, true},
	{"${age} = ${age}", NOBODY, false},
	{"${age} = ${hours}", TYPED(.age = "3", .hours = "3"), true},
	{"${age} != ${hours}", TYPED(.age = "3"), true},
	{"not(${age} < 16)", NOBODY, true},
	/* What is no number is none, and so is a refusal among the points of a scale. */
	{"${age} = ''", TYPED(.age = "sixteen"), true},
	{"${age} >= 0", TYPED(.age = "16 years"), false},
	{"${score} = ''", TYPED(.score = "prefer_not"), true},
	{"${score} >= -1", TYPED(.score = "prefer_not"), false},
	/* Dates. */
	{"${born} < '2010-09-01'", TYPED(.born = "2010-08-31"), true},
	{"${born} < '2010-09-01'", TYPED(.born = "2010-09-01"), false},
	{"${born} <= '2010-09-01'", TYPED(.born = "2010-09-01"), true},
	{"'2010-09-01' > ${born}", TYPED(.born = "2010-08-31"), true},
	{"${born} = '2010-09-01'", TYPED(.born = "2010-09-01"), true},
	{"${born} != '2010-09-01'", TYPED(.born = "2010-09-02"), true},
	{"${born} >= '1999-12-31'", TYPED(.born = "2000-01-01"), true},
	{"${moved} > ${born}", TYPED(.born = "2001-02-28", .moved = "2001-03-01"), true},
	{"${moved} > ${born}", TYPED(.born = "2001-02-28"), false},
	{"${moved} = ${born}", NOBODY, false},
	{"${moved} != ${born}", NOBODY, true},
	{"${born} = ''", NOBODY, true},
	{"${born} != ''", NOBODY, false},
	{"${born} != ''", TYPED(.born = "2010-09-01"), true},
	{"${born} < '2010-09-01'", NOBODY, false},
	{"${born} >= '2010-09-01'", NOBODY, false},
	{"${born} != '2010-09-01'", NOBODY, true},
	{"${born} = ''", TYPED(.born = "2010-02-30"), true},
	{"${born} > '2000-01-01'", TYPED(.born = "2010-02-30"), false},
	/* In functions. */
	{"coalesce(${age}, 99) > 50", NOBODY, true},
	{"coalesce(${age}, 99) > 50", TYPED(.age = "12"), false},
	{"coalesce(${age}, ${hours}) = ''", NOBODY, true},
	{"coalesce(${age}, ${hours}) = 2", TYPED(.hours = "2"), true},
	{"coalesce(${score}, 2) = 2", TYPED(.score = "prefer_not"), true},
	{"coalesce(${born}, '2010-01-01') < '2010-06-01'", NOBODY, true},
	{"coalesce(${born}, ${moved}) = ''", NOBODY, true},
	{"coalesce(${born}, '2010-01-01') = '2010-01-01'", TYPED(.born = "2010-02-30"), true},
	{"if(${age} < 16, ${hours}, 8) <= 8", TYPED(.age = "15", .hours = "9"), false},
	{"if(${age} < 16, ${hours}, 8) = ''", TYPED(.age = "15"), true},
	{"if(${age} < 16, ${hours}, 8) = ''", NOBODY, false},
	{"if(${age} < 16, ${born}, '2010-01-01') > '2009-01-01'", NOBODY, true},
	{"if(${age} < 16, ${born}, ${moved}) = ''", NOBODY, true},
};

static void test_truth(void **state)
{
	const struct truth_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error = {0};
	if (parse(row->source, &arena, &expr, &error) != ERR_OK)
		fail_msg("%s: at %zu: %s", row->source, error.at, error.message);
	assert_int_equal(truth(expr, &row->answered), row->is_true);
	/* A script sees canonical answers alone: what is none was left out. */
	struct answered seen = row->answered;
	const char **typed[] = {&seen.age, &seen.hours, &seen.score, &seen.born, &seen.moved};
	for (size_t i = 0; i < COUNT_OF(typed); i++) {
		if (*typed[i] != NULL && !form_number_is_canonical(*typed[i]) && !form_date_is_canonical(*typed[i]))
			*typed[i] = NULL;
	}
	json_auto_t *document = json_loads(expr_to_json(expr, &arena), JSON_DECODE_ANY, NULL);
	assert_int_equal(script_eval(document, &seen).is_true, row->is_true);
}

struct refusal_row {
	const char *source;
	size_t at;
	const char *says;
};

static const struct refusal_row refusal_rows[] = {
	{"${age} = '16'", 9, "write 16 without them"},
	{"${age} = 'old'", 9, "${age} > 0"},
	{"'prefer_not' != ${score}", 0, "'' to ask whether it was left out"},
	{"${age} = ${easy}", 9, "${easy} is a text"},
	{"${age} < ''", 9, "= or !="},
	{"'' >= ${age}", 0, "= or !="},
	{"${age}", 0, "${age} > 0"},
	{"count-selected(${learned}) = ''", 29, "''"},
	{"3 = ''", 0, "''"},
	{"coalesce(${age}, 3) = ''", 22, "''"},
	{"${score} = 3", 11, "no point 3"},
	{"1.5 != ${score}", 0, "no point 1.5"},
	{"string-length(${age}) = 2", 14, "${age} is a number"},
	{"regex(${age}, '[0-9]+')", 6, "${age} is a number"},
	{"count-selected(${age}) = 1", 15, "${age} != ''"},
	{"${born}", 0, "${born} < '2010-09-01'"},
	{"${born} < '2010-02-30'", 10, "year first"},
	{"${born} < '1 September 2010'", 10, "year first"},
	{"${born} < 2010", 10, "2010 is a number"},
	{"2010 < ${born}", 0, "2010 is a number"},
	{"${born} = ${age}", 10, "${age} is a number"},
	{"${born} = ${better}", 10, "${better} is a text"},
	{"${born} > ''", 10, "= or !="},
	{"regex(${born}, '.*')", 6, "${born} is a date"},
	{"coalesce(${age}, '3') = 3", 17, "a number is needed here"},
	{"coalesce(${born}, '') = ''", 18, "a date is needed here"},
	{"coalesce('2010-01-01', ${born}) = ''", 23, "takes a text"},
	{"if(true(), ${born}, 'never') = ''", 20, "same kind"},
	{"if(true(), ${age}, '') = ''", 19, "same kind"},
};

static void test_refusal(void **state)
{
	const struct refusal_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error = {0};
	assert_int_equal(parse(row->source, &arena, &expr, &error), ERR_INVALID);
	if (strstr(error.message, row->says) == NULL)
		fail_msg("'%s' does not say '%s'", error.message, row->says);
	assert_int_equal(error.at, row->at);
}

struct json_row {
	const char *source, *json;
};

static const struct json_row json_rows[] = {
	{"${age} = 16", "[\"=\",[\"n\",\"age\"],16]"},
	{"'' != ${score}", "[\"!=\",\"\",[\"n\",\"score\"]]"},
	{"${born} < '2010-09-01'", "[\"<\",[\"d\",\"born\"],\"2010-09-01\"]"},
	{"coalesce(${born}, ${moved}) = ''", "[\"=\",[\"coalesce\",[\"d\",\"born\"],[\"d\",\"moved\"]],\"\"]"},
	{"if(${age} > 2.5, ${hours}, -1) = 3", "[\"=\",[\"if\",[\">\",[\"n\",\"age\"],2.5],[\"n\",\"hours\"],-1],3]"},
	{"${easy} = 'poor'", "[\"=\",[\"q\",\"easy\"],\"poor\"]"},
};

static void test_json(void **state)
{
	const struct json_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error = {0};
	assert_int_equal(parse(row->source, &arena, &expr, &error), ERR_OK);
	assert_string_equal(expr_to_json(expr, &arena), row->json);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(truth_rows) + COUNT_OF(refusal_rows) + COUNT_OF(json_rows)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(truth_rows); i++)
		tests[count++] = (struct CMUnitTest){truth_rows[i].source, test_truth, NULL, NULL,
						     (void *) (uintptr_t) &truth_rows[i]};
	for (size_t i = 0; i < COUNT_OF(refusal_rows); i++)
		tests[count++] = (struct CMUnitTest){refusal_rows[i].source, test_refusal, NULL, NULL,
						     (void *) (uintptr_t) &refusal_rows[i]};
	for (size_t i = 0; i < COUNT_OF(json_rows); i++)
		tests[count++] = (struct CMUnitTest){json_rows[i].source, test_json, NULL, NULL,
						     (void *) (uintptr_t) &json_rows[i]};
	return cmocka_run_group_tests_name("expr_typed", tests, NULL, NULL);
}
