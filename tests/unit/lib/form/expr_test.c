/* SPDX-License-Identifier: MIT */
/* expr_test.c: what relevant: and constraint: mean, and the sentence for each way to write them wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/expr_names.h"

/* ---- meaning ---- */

struct truth_row {
	const char *name;
	const char *source;
	struct answered answered;
	bool is_true;
	const char *self;
};

static const struct truth_row truth_rows[] = {
	{"equal", "${easy} = 'poor'", ANSWERED("poor", "", ""), true, NULL},
	{"equal to something else", "${easy} = 'poor'", ANSWERED("good", "", ""), false, NULL},
	{"equal when unanswered", "${easy} = 'poor'", NOBODY, false, NULL},
	{"the choice stands first", "'poor' = ${easy}", ANSWERED("poor", "", ""), true, NULL},
	{"double quotation marks", "${easy} = \"poor\"", ANSWERED("poor", "", ""), true, NULL},
	{"unequal", "${easy} != 'poor'", ANSWERED("good", "", ""), true, NULL},
	{"unequal when unanswered", "${easy} != 'poor'", NOBODY, true, NULL},
	{"left out", "${easy} = ''", NOBODY, true, NULL},
	{"not left out", "${easy} != ''", ANSWERED("poor", "", ""), true, NULL},
	{"two questions are compared", "${easy} = ${better}", ANSWERED("good", "", "good"), true, NULL},
	{"texts are equal byte by byte", "${better} = 'Yes'", ANSWERED("", "", "yes"), false, NULL},
	{"a text with the other quotation mark", "${better} = \"it's\"", ANSWERED("", "", "it's"), true, NULL},
	{"or, second holds", "${easy} = 'poor' or ${easy} = 'very_poor'", ANSWERED("very_poor", "", ""), true, NULL},
	{"or, neither holds", "${easy} = 'poor' or ${easy} = 'very_poor'", ANSWERED("good", "", ""), false, NULL},
	{"or of three", "false() or false() or true()", NOBODY, true, NULL},
	{"and, both hold", "${easy} = 'poor' and ${better} = 'x'", ANSWERED("poor", "", "x"), true, NULL},
	{"and, one holds", "${easy} = 'poor' and ${better} = 'x'", ANSWERED("poor", "", "y"), false, NULL},
	{"and binds more than or", "true() or true() and false()", NOBODY, true, NULL},
	{"and binds more than or, the other way round", "false() and true() or true()", NOBODY, true, NULL},
	{"parentheses first", "(true() or true()) and false()", NOBODY, false, NULL},
	{"a comparison binds more than and", "1 < 2 and 2 < 3", NOBODY, true, NULL},
	{"not", "not(${easy} = 'poor')", ANSWERED("good", "", ""), true, NULL},
	{"not with a space", "not (true())", NOBODY, false, NULL},
	{"selected", "selected(${learned}, 'words')", ANSWERED("", " language words ", ""), true, NULL},
	{"not selected", "selected(${learned}, 'words')", ANSWERED("", " language ", ""), false, NULL},
	{"selected when unanswered", "selected(${learned}, 'words')", NOBODY, false, NULL},
	{"selected of one answer", "selected(${easy}, 'poor')", ANSWERED("poor", "", ""), true, NULL},
	{"selected of one answer is not its part", "selected(${easy}, 'poor')", ANSWERED("very_poor", "", ""), false,
	 NULL},
	{"count-selected", "count-selected(${learned}) = 2", ANSWERED("", " words other ", ""), true, NULL},
	{"count-selected when unanswered", "count-selected(${learned}) = 0", NOBODY, true, NULL},
	{"count-selected of itself", "count-selected(.) <= 1", ANSWERED("", " words other ", ""), false, "learned"},
	{"selected of itself", "selected(., 'other')", ANSWERED("", " words other ", ""), true, "learned"},
	{"itself", ". = 'poor'", ANSWERED("poor", "", ""), true, "easy"},
	{"itself without spaces", ".='poor'", ANSWERED("poor", "", ""), true, "easy"},
	{"string-length", "string-length(${better}) = 3", ANSWERED("", "", "abc"), true, NULL},
	{"string-length counts characters, not bytes", "string-length(${better}) = 3",
	 ANSWERED("", "", "\xC3\xAA\xC3\xAA\xC3\xAA"), true, NULL},
	{"string-length counts as browsers do", "string-length(${better}) = 2", ANSWERED("", "", "\xF0\x9F\x98\x80"),
	 true, NULL},
	{"string-length when unanswered", "string-length(${better}) = 0", NOBODY, true, NULL},
	{"regex", "regex(${better}, '[0-9]{4}')", ANSWERED("", "", "2024"), true, NULL},
	{"regex matches the whole answer", "regex(${better}, '[0-9]{4}')", ANSWERED("", "", "in 2024"), false, NULL},
	{"regex with anchors", "regex(., '^[A-Z]+$')", ANSWERED("", "", "ABC"), true, "better"},
	{"if takes its first branch", "if(${easy} = 'poor', 1, 2) = 1", ANSWERED("poor", "", ""), true, NULL},
	{"if takes its second branch", "if(${easy} = 'poor', 1, 2) = 2", ANSWERED("good", "", ""), true, NULL},
	{"if gives a text", "if(true(), ${better}, 'no') = 'yes'", ANSWERED("", "", "yes"), true, NULL},
	{"if gives a condition", "if(${easy} = 'poor', true(), ${better} != '')", ANSWERED("good", "", "x"), true,
	 NULL},
	{"coalesce gives the first", "coalesce(${easy}, 'none') = 'good'", ANSWERED("good", "", ""), true, NULL},
	{"coalesce gives the second", "coalesce(${easy}, 'none') = 'none'", NOBODY, true, NULL},
	{"coalesce in coalesce", "coalesce(${easy}, coalesce(${better}, 'z')) = 'z'", NOBODY, true, NULL},
	{"less", "1 < 2", NOBODY, true, NULL},
	{"not less", "2 < 2", NOBODY, false, NULL},
	{"at most", "2 <= 2", NOBODY, true, NULL},
	{"more", "3 > 2", NOBODY, true, NULL},
	{"not more", "2 > 2", NOBODY, false, NULL},
	{"at least", "2 >= 2", NOBODY, true, NULL},
	{"equal numbers", "2 = 2.0", NOBODY, true, NULL},
	{"unequal numbers", "2 != 2", NOBODY, false, NULL},
	{"numbers are no texts", "10 > 9", NOBODY, true, NULL},
	{"a fraction", "0.1 < 0.25", NOBODY, true, NULL},
	{"a fraction without its nought", ".5 = 0.50", NOBODY, true, NULL},
	{"below nought", "-1 < 0", NOBODY, true, NULL},
	{"below nought, a fraction", "-.5 > -1", NOBODY, true, NULL},
	{"nought below nought is nought", "-0 = 0", NOBODY, true, NULL},
	{"the longest number", "999999999999999 > 999999999999998", NOBODY, true, NULL},
	{"without any spaces", "${easy}='poor'or(1<2)and true()", NOBODY, true, NULL},
	{"over several lines", "${easy} = 'poor'\n\tor\r\n ${easy} = ''", NOBODY, true, NULL},
};

static void test_truth(void **state)
{
	const struct truth_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_names names = names_for(row->self);
	const struct expr *expr;
	struct expr_error error = {0};
	enum err result = expr_parse(row->source, &names, EXPR_TYPE_BOOL, &arena, &expr, &error);
	if (result != ERR_OK)
		fail_msg("at %zu: %s", error.at, error.message);
	assert_int_equal(truth(expr, &row->answered), row->is_true);
}

/* ---- refusals ---- */

struct refusal_row {
	const char *name;
	const char *source;
	size_t at;
	const char *says; /* a part of the message */
	const char *self;
};

static const struct refusal_row refusal_rows[] = {
	{"an unknown name, with the nearest", "${easi} = 'poor'", 0, "${easi} to use here: did you mean ${easy}?",
	 NULL},
	{"an unknown name, nothing near", "1 = 1 and ${zebra} = ''", 10, "called ${zebra}", NULL},
	{"a name in capitals", "${EASZ} = ''", 0, "called ${EASZ} to use here", NULL},
	{"a name in braces with a space", "${ easy } = ''", 0, "without spaces", NULL},
	{"a name left open", "${easy = ''", 0, "between ${ and }", NULL},
	{"an empty name", "${} = ''", 0, "between ${ and }", NULL},
	{"a dollar alone", "$easy = ''", 0, "between ${ and }", NULL},
	{"itself in a relevant", ". = 'poor'", 0, "not known yet", NULL},
	{"two points", ".. = 'poor'", 0, "Write one .", "easy"},
	{"a list compared", "${learned} = 'words'", 0, "use selected(${learned}, 'words')", NULL},
	{"a list compared, the other way round", "'words' != ${learned}", 11, "use selected(${learned}, 'words')",
	 NULL},
	{"itself a list compared", ". = 'words'", 0, "use selected(., 'words')", "learned"},
	{"a list left out", "${learned} = ''", 0, "count-selected(${learned}) = 0", NULL},
	{"a list compared with a number", "${learned} > 2", 0, "use count-selected(${learned})", NULL},
	{"a list compared with a question", "${learned} = ${easy}", 0, "use selected(${learned}, 'choice')", NULL},
	{"a text compared with a number", "${easy} = 3", 10, "write '3' in quotation marks", NULL},
	{"a number compared with a text", "3 = ${better}", 0, "write '3' in quotation marks", NULL},
	{"a number in quotation marks", "string-length(${better}) > '3'", 27, "write 3 without them", NULL},
	{"a number in quotation marks, equal", "count-selected(${learned}) = '2'", 29, "write 2 without them", NULL},
	{"a length compared with a text", "string-length(${better}) = ${easy}", 27, "string-length(${easy})", NULL},
	{"texts by size", "${better} < 'b'", 0, "string-length(${better})", NULL},
	{"no such choice", "${easy} = 'pour'", 10, "No choice of ${easy} is called 'pour'", NULL},
	{"no such choice, the other way round", "'pour' != ${easy}", 0, "No choice of ${easy} is called 'pour'", NULL},
	{"no such choice selected", "selected(${learned}, 'wrods')", 21, "No choice of ${learned} is called 'wrods'",
	 NULL},
	{"no such choice of itself", ". = 'pour'", 4, "No choice of ${easy} is called 'pour'", "easy"},
	{"nothing selected", "selected(${learned}, '')", 21, "count-selected(${learned}) = 0", NULL},
	{"nothing selected of one answer", "selected(${easy}, '')", 18, "Write ${easy} = ''", NULL},
	{"a condition compared", "(1 = 1) = true()", 1, "not compared", NULL},
	{"comparisons in a chain", "1 < 2 < 3", 6, "two things at a time", NULL},
	{"a text as a condition", "${easy}", 0, "write ${easy} != ''", NULL},
	{"a list as a condition", "${learned} or true()", 0, "count-selected(${learned}) > 0", NULL},
	{"a number as a condition", "true() and count-selected(${learned})", 11, "count-selected(...) > 0", NULL},
	{"not of a text", "not(${better})", 4, "${better} != ''", NULL},
	{"a number where a condition is expected", "3", 0, "3 > 0", NULL},
	{"selected the wrong way round", "selected('words', ${learned})", 0, "selected(${learned}, 'words')", NULL},
	{"selected of a question's text", "selected(${learned}, ${better})", 0, "selected(${learned}, 'words')", NULL},
	{"count-selected of one answer", "count-selected(${easy}) > 0", 15, "write ${easy} != ''", NULL},
	{"count-selected of a text", "count-selected('a') > 0", 15, "several answers", NULL},
	{"string-length of a list", "string-length(${learned}) > 1", 14, "count-selected()", NULL},
	{"string-length of a number", "string-length(3) > 1", 14, "takes a text, and 3 is a number", NULL},
	{"regex of a list", "regex(${learned}, 'a')", 6, "regex() takes a text", NULL},
	{"regex with a pattern from an answer", "regex(${better}, ${easy})", 17, "written out", NULL},
	{"an error in a pattern, in its place", "regex(${better}, 'ab(')", 20, "never closed", NULL},
	{"a backreference", "regex(., '(a)\\1')", 13, "Backreferences", "better"},
	{"looking ahead", "regex(., '(?=a)')", 10, "ahead or behind", "better"},
	{"if of a text", "if(${easy}, true(), false())", 3, "${easy} != ''", NULL},
	{"if of two kinds", "if(true(), 1, 'a') = 1", 14, "same kind", NULL},
	{"if of a list", "if(true(), ${learned}, ${learned}) = ''", 11, "cannot give a list", NULL},
	{"coalesce of a number", "coalesce(${easy}, 3) = ''", 18, "coalesce() takes a text", NULL},
	{"too few arguments", "selected(${learned})", 0, "takes 2 in its parentheses, not 1", NULL},
	{"too many arguments", "not(true(), false())", 0, "takes 1 in its parentheses, not 2", NULL},
	{"arguments where there are none", "true(1)", 0, "takes 0 in its parentheses, not 1", NULL},
	{"an unknown function, with the nearest", "count-select(${learned}) > 1", 0, "did you mean count-selected?",
	 NULL},
	{"a function of XLSForm that is not here", "today() = '2024-01-01'", 0, "no function called today", NULL},
	{"number() is not here", "number(${easy}) > 3", 0, "no function called number", NULL},
	{"a function without its parentheses", "true", 0, "true needs parentheses: true()", NULL},
	{"not without its parentheses", "not ${easy} = ''", 0, "not needs parentheses", NULL},
	{"a name without its braces", "easy = 'poor'", 0, "Write ${easy}", NULL},
	{"a text without its quotation marks", "${better} = maybe", 12, "Write 'maybe' in quotation marks", NULL},
	{"and without its left side", "and true()", 0, "missing before this and", NULL},
	{"or without its right side", "true() or", 9, "Something is missing here", NULL},
	{"a comparison without its right side", "${easy} =", 9, "Something is missing here", NULL},
	{"a comparison without its left side", "= 'poor'", 0, "Something is missing here", NULL},
	{"two conditions side by side", "true() true()", 7, "join two conditions with and or or", NULL},
	{"and in capitals", "true() AND true()", 7, "join two conditions", NULL},
	{"a parenthesis left open", "(true()", 0, "never closed", NULL},
	{"a parenthesis not opened", "true())", 6, "closes nothing", NULL},
	{"empty parentheses", "()", 1, "Something is missing here", NULL},
	{"a call left open", "not(true()", 0, "never closed", NULL},
	{"a comma missing", "selected(${learned} 'words')", 0, "commas", NULL},
	{"a comma outside", "true(), true()", 6, "A comma", NULL},
	{"a text left open", "${easy} = 'poor", 10, "write ' at its end", NULL},
	{"typographic quotation marks", "${easy} = \xE2\x80\x98poor\xE2\x80\x99", 10, "straight quotation marks", NULL},
	{"two equal signs", "${easy} == 'poor'", 8, "Write = once", NULL},
	{"an unequal sign of SQL", "${easy} <> 'poor'", 8, "Write !=", NULL},
	{"at most, turned round", "1 =< 2", 2, "Write <=", NULL},
	{"at least, turned round", "1 => 2", 2, "Write >=", NULL},
	{"an ampersand", "true() && true()", 7, "Write and", NULL},
	{"a bar", "true() || true()", 7, "Write or", NULL},
	{"an exclamation mark", "!true()", 0, "Write not(...)", NULL},
	{"a sum", "1 + 1 = 2", 2, "no arithmetic", NULL},
	{"a difference", "2 - 1 = 1", 2, "no arithmetic", NULL},
	{"a number with nothing behind its point", "1. = 1", 0, "Digits are missing", NULL},
	{"a number that is too long", "1234567890123456 > 1", 0, "at most 15 digits", NULL},
	{"a sign without a meaning", "# = 1", 0, "means nothing", NULL},
	{"nothing", "", 0, "nothing here", NULL},
	{"white space alone", " \n\t", 0, "nothing here", NULL},
	{"bytes that are no UTF-8", "${better} = '\xFF'", 0, "UTF-8", NULL},
};

static void test_refusal(void **state)
{
	const struct refusal_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_names names = names_for(row->self);
	const struct expr *expr;
	struct expr_error error = {0};
	assert_int_equal(expr_parse(row->source, &names, EXPR_TYPE_BOOL, &arena, &expr, &error), ERR_INVALID);
	if (strstr(error.message, row->says) == NULL)
		fail_msg("'%s' does not say '%s'", error.message, row->says);
	assert_int_equal(error.at, row->at);
}

/* ---- limits ---- */

static void test_bytes_limit(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error;
	char source[2002];
	memset(source, ' ', sizeof source);
	memcpy(source, "true()", 6);
	source[2000] = '\0';
	assert_int_equal(parse(source, &arena, &expr, &error), ERR_OK);
	source[2000] = ' ';
	source[2001] = '\0';
	assert_int_equal(parse(source, &arena, &expr, &error), ERR_INVALID);
	assert_non_null(strstr(error.message, "2000 bytes"));
}

static void test_levels_limit(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error;
	for (unsigned levels = 31; levels <= 32; levels++) {
		char source[300] = "";
		for (unsigned i = 0; i < levels; i++)
			memcpy(source + 4 * i, i % 2 == 0 ? "not(" : "   (", 5);
		memcpy(source + 4 * levels, "1=1", 4);
		memset(source + 4 * levels + 3, ')', levels);
		source[5 * levels + 3] = '\0';
		assert_int_equal(parse(source, &arena, &expr, &error), levels == 31 ? ERR_OK : ERR_INVALID);
	}
	assert_int_equal(error.at, 4 * 32);
	assert_non_null(strstr(error.message, "32 deep"));
}

static void test_nodes_limit(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error;
	/* One or, and 3 nodes for each 1=1: 166 of them make 499 nodes, 167 make 502. */
	for (unsigned terms = 166; terms <= 167; terms++) {
		char source[2000] = "1=1";
		for (unsigned i = 1; i < terms; i++)
			memcpy(source + 3 + 7 * (i - 1), " or 1=1", 8);
		assert_int_equal(parse(source, &arena, &expr, &error), terms == 166 ? ERR_OK : ERR_INVALID);
	}
	assert_non_null(strstr(error.message, "500 parts"));
}

/* A message that would be longer than its room is cut, and what it quotes is never cut in half. */
static void test_long_quotes(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr *expr;
	struct expr_error error;
	char source[1900] = "${easy} = 'x";
	for (unsigned i = 0; i < 900; i++)
		memcpy(source + 12 + 2 * i, "\xC3\xAA", 3);
	memcpy(source + 12 + 1800, "'", 2);
	assert_int_equal(parse(source, &arena, &expr, &error), ERR_INVALID);
	assert_non_null(strstr(error.message, "\xC3\xAA...': write the name"));
	assert_true(strlen(error.message) < sizeof error.message - 1);
}

static void test_expected_number(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_names names = names_for(NULL);
	const struct expr *expr;
	struct expr_error error;
	assert_int_equal(expr_parse("count-selected(${learned})", &names, EXPR_TYPE_NUMBER, &arena, &expr, &error),
			 ERR_OK);
	assert_int_equal(expr_parse("true()", &names, EXPR_TYPE_NUMBER, &arena, &expr, &error), ERR_INVALID);
	assert_non_null(strstr(error.message, "true(...) is a condition, and a number is needed here"));
}

static void test_no_room(void **state)
{
	(void) state;
	const char *source = "not(selected(${learned}, 'words')) and regex(., '[a-z\\d]{2,4}|x') or "
			     "if(${easy} = 'poor', 1, 2.5) > count-selected(${learned}) or coalesce(., ${easy}) = ''";
	bool is_good = false;
	for (size_t ceiling = 0; !is_good; ceiling += 16) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ceiling);
		const struct expr *expr = NULL;
		struct expr_error error;
		enum err result = parse(source, &arena, &expr, &error);
		assert_true(result == ERR_OK || result == ERR_NOMEM);
		is_good = result == ERR_OK;
		if (!is_good)
			continue;
		size_t count;
		arena.ceiling_bytes = arena.used_bytes;
		assert_null(expr_to_json(expr, &arena));
		assert_null(expr_names_used(expr, &arena, &count));
		assert_int_equal(count, 0);
	}
}

/* ---- JSON and names ---- */

struct json_row {
	const char *name;
	const char *source;
	const char *json;
	const char *names; /* joined by spaces */
};

static const struct json_row json_rows[] = {
	{"as expr.h has it", "${easy} = 'poor'", "[\"=\",[\"q\",\"easy\"],\"poor\"]", "easy"},
	{"itself is named", "count-selected(.) <= 3 ", "[\"<=\",[\"count-selected\",[\"q\",\"learned\"]],3]",
	 "learned"},
	{"and, or take many", "${easy} != '' and (1 < 2 or 2 > 1 or 2 >= 1) and true()",
	 "[\"and\",[\"!=\",[\"q\",\"easy\"],\"\"],[\"or\",[\"<\",1,2],[\">\",2,1],[\">=\",2,1]],true]", "easy"},
	{"not, false, selected", "not(selected(${learned}, 'words')) or false()",
	 "[\"or\",[\"not\",[\"selected\",[\"q\",\"learned\"],\"words\"]],false]", "learned"},
	{"regex keeps its pattern", "regex(${better}, '^\\d+\"/$')", "[\"regex\",[\"q\",\"better\"],\"^\\\\d+\\\"/$\"]",
	 "better"},
	{"if, coalesce, string-length", "if(${easy} = 'good', string-length(coalesce(${better}, ${easy})), 0) = 2",
	 "[\"=\",[\"if\",[\"=\",[\"q\",\"easy\"],\"good\"],[\"string-length\",[\"coalesce\",[\"q\",\"better\"],[\"q\","
	 "\"easy\"]]],0],2]",
	 "easy better"},
	{"numbers", "-1.5 < 0.1 and 007 < 999999999999999", "[\"and\",[\"<\",-1.5,0.1],[\"<\",7,999999999999999]]", ""},
	{"one word of JSON", "true()", "true", ""},
	{"other alphabets stay", "${better} = 'd\xC5\xB5r'", "[\"=\",[\"q\",\"better\"],\"d\xC5\xB5r\"]", "better"},
	{"names come once, in order", "${overall} = ${easy} or ${easy} = ${overall} or count-selected(.) = 0",
	 "[\"or\",[\"=\",[\"q\",\"overall\"],[\"q\",\"easy\"]],[\"=\",[\"q\",\"easy\"],[\"q\",\"overall\"]],"
	 "[\"=\",[\"count-selected\",[\"q\",\"learned\"]],0]]",
	 "overall easy learned"},
};

static void test_json(void **state)
{
	const struct json_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_names names = names_for("learned");
	const struct expr *expr;
	struct expr_error error = {0};
	assert_int_equal(expr_parse(row->source, &names, EXPR_TYPE_BOOL, &arena, &expr, &error), ERR_OK);
	assert_string_equal(expr_to_json(expr, &arena), row->json);
	size_t count;
	const char *const *used = expr_names_used(expr, &arena, &count);
	assert_non_null(used);
	char joined[200] = "";
	size_t length = 0;
	for (size_t i = 0; i < count; i++)
		length += (size_t) snprintf(joined + length, sizeof joined - length, "%s%s", i > 0 ? " " : "", used[i]);
	assert_string_equal(joined, row->names);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(truth_rows) + COUNT_OF(refusal_rows) + COUNT_OF(json_rows)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(truth_rows); i++)
		tests[count++] = (struct CMUnitTest){truth_rows[i].name, test_truth, NULL, NULL,
						     (void *) (uintptr_t) &truth_rows[i]};
	for (size_t i = 0; i < COUNT_OF(refusal_rows); i++)
		tests[count++] = (struct CMUnitTest){refusal_rows[i].name, test_refusal, NULL, NULL,
						     (void *) (uintptr_t) &refusal_rows[i]};
	for (size_t i = 0; i < COUNT_OF(json_rows); i++)
		tests[count++] = (struct CMUnitTest){json_rows[i].name, test_json, NULL, NULL,
						     (void *) (uintptr_t) &json_rows[i]};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_bytes_limit),     cmocka_unit_test(test_levels_limit),
		cmocka_unit_test(test_nodes_limit),     cmocka_unit_test(test_long_quotes),
		cmocka_unit_test(test_expected_number), cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests_name("expr rows", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("expr", others, NULL, NULL);
}
