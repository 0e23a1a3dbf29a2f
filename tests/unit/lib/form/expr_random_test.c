/* SPDX-License-Identifier: MIT */
/* expr_random_test.c: conditions that are written together with what they must come to, and heaps of tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/expr_names.h"
#include "unit/lib/form/expr_script.h"
#include "unit/seeded.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* Source that is written together with what it must come to. Stops growing near its end. */
struct writer {
	char text[1800];
	size_t length;
	unsigned nodes;
	struct answered answered;
};

static void put(struct writer *writer, const char *text)
{
	size_t length = strlen(text);
	assert_true(writer->length + length < sizeof writer->text);
	memcpy(writer->text + writer->length, text, length + 1);
	writer->length += length;
}

static bool put_condition(struct writer *writer, unsigned depth);

static const char *put_text(struct writer *writer, unsigned depth)
{
	const char *left, *right;
	switch (below(depth > 0 ? 5 : 3)) {
	case 0:
		put(writer, "${better}");
		return writer->answered.better;
	case 1:
		put(writer, "\"b\"");
		return "b";
	case 2:
		put(writer, " 'good'");
		return "good";
	case 3:
		put(writer, "coalesce(");
		left = put_text(writer, depth - 1);
		put(writer, ",");
		right = put_text(writer, depth - 1);
		put(writer, ")");
		return left[0] != '\0' ? left : right;
	default:
		put(writer, "if(");
		bool is_true = put_condition(writer, depth - 1);
		put(writer, ", ");
		left = put_text(writer, depth - 1);
		put(writer, ", ");
		right = put_text(writer, depth - 1);
		put(writer, ")");
		return is_true ? left : right;
	}
}

/* A number that was left out is NaN: what C makes of comparing it is what expr.h says. */
static double number_of(const char *text)
{
	return text == NULL ? (double) NAN : strtod(text, NULL);
}

static double put_number(struct writer *writer, unsigned depth)
{
	double first, second;
	bool is_true;
	switch (below(depth > 0 ? 8 : 5)) {
	case 3:
		put(writer, "${age}");
		return number_of(writer->answered.age);
	case 4:
		put(writer, "${hours}");
		return number_of(writer->answered.hours);
	case 5:
		put(writer, "coalesce(");
		first = put_number(writer, depth - 1);
		put(writer, ", ");
		second = put_number(writer, depth - 1);
		put(writer, ")");
		return isnan(first) ? second : first;
	case 6:
		put(writer, "if(");
		is_true = put_condition(writer, depth - 1);
		put(writer, ",");
		first = put_number(writer, depth - 1);
		put(writer, ",");
		second = put_number(writer, depth - 1);
		put(writer, ")");
		return is_true ? first : second;
	case 0:
		put(writer, "1");
		return 1;
	case 1:
		put(writer, "0.5");
		return 0.5;
	case 2:
		put(writer, "count-selected( ${learned} )");
		return (double) values_count(&writer->answered, "learned");
	default:
		put(writer, "string-length(");
		double length = (double) strlen(put_text(writer, depth - 1)); /* all ASCII */
		put(writer, ")");
		return length;
	}
}

/* NULL: none. */
static const char *put_date(struct writer *writer, bool is_field)
{
	switch (below(is_field ? 2 : 3)) {
	case 0:
		put(writer, "${born}");
		return writer->answered.born;
	case 1:
		put(writer, "${moved}");
		return writer->answered.moved;
	default:
		put(writer, "'2010-09-01'");
		return "2010-09-01";
	}
}

static const char *const signs[] = {"=", " != ", "<", " <= ", " > ", ">="};

static bool put_date_comparison(struct writer *writer)
{
	unsigned sign = below(COUNT_OF(signs));
	const char *left = put_date(writer, true);
	put(writer, signs[sign]);
	if (sign < 2 && below(3) == 0) {
		put(writer, "''");
		return (left == NULL) == (sign == 0);
	}
	const char *right = put_date(writer, false);
	if (left == NULL || right == NULL)
		return sign == 1;
	int order = strcmp(left, right);
	const bool is_true[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
	return is_true[sign];
}

static bool put_left_out(struct writer *writer)
{
	bool is_equal = below(2) == 0;
	put(writer, below(2) == 0 ? "''" : "${age}");
	bool is_first = writer->text[writer->length - 1] == '}';
	put(writer, signs[!is_equal]);
	put(writer, is_first ? "''" : "${age}");
	return (writer->answered.age == NULL) == is_equal;
}

static bool put_comparison(struct writer *writer, unsigned depth)
{
	unsigned kind = below(6);
	if (kind == 0)
		return put_date_comparison(writer);
	if (kind == 1)
		return put_left_out(writer);
	if (below(2) == 0) {
		bool is_equal = below(2) == 0;
		const char *left = put_text(writer, depth);
		put(writer, signs[!is_equal]);
		return (strcmp(left, put_text(writer, depth)) == 0) == is_equal;
	}
	unsigned sign = below(COUNT_OF(signs));
	double left = put_number(writer, depth);
	put(writer, signs[sign]);
	double right = put_number(writer, depth);
	const bool is_true[] = {left == right, left != right, left<right, left <= right, left> right, left >= right};
	return is_true[sign];
}

static bool put_condition(struct writer *writer, unsigned depth)
{
	unsigned kind = below(depth > 0 ? 7 : 4);
	bool is_true;
	switch (kind) {
	case 0:
		put(writer, "true( )");
		return true;
	case 1:
		put(writer, "selected(${learned},'words')");
		return has_word(writer->answered.learned, "words");
	case 2:
		put(writer, "selected(${easy}, 'poor')");
		return strcmp(writer->answered.easy, "poor") == 0;
	case 3:
		return put_comparison(writer, depth > 0 ? depth - 1 : 0);
	case 4:
		put(writer, "not(");
		is_true = !put_condition(writer, depth - 1);
		put(writer, ")");
		return is_true;
	default:
		/* In parentheses, and both joined: a or b and c means a or (b and c). */
		put(writer, "(");
		is_true = put_condition(writer, depth - 1);
		put(writer, " or ");
		bool second = put_condition(writer, depth - 1);
		put(writer, " and ");
		bool third = put_condition(writer, depth - 1);
		put(writer, ")");
		return is_true || (second && third);
	}
}

/* What is well written is taken, and comes to what it was written to come to, here and in a page's script. */
static void test_random_conditions(void **state)
{
	(void) state;
	static const struct answered people[] = {NOBODY,
						 TYPED(.age = "1", .hours = "0.5", .born = "2010-09-01"),
						 TYPED(.age = "0", .born = "2001-01-01", .moved = "2010-09-02"),
						 TYPED(.hours = "-2.25", .moved = "2001-01-01"),
						 ANSWERED("poor", " words ", "b"),
						 ANSWERED("good", " other language ", "good"),
						 ANSWERED("", " words none other ", "bbb")};
	unsigned trues = 0, cases = 0;
	seed = 41;
	while (cases < 10000) {
		struct writer writer = {.answered = people[below(COUNT_OF(people))]};
		bool is_true = put_condition(&writer, 3);
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		const struct expr *expr;
		struct expr_error error = {0};
		if (parse(writer.text, &arena, &expr, &error) != ERR_OK)
			fail_msg("%s: at %zu: %s", writer.text, error.at, error.message);
		if (truth(expr, &writer.answered) != is_true)
			fail_msg("%s should be %d", writer.text, is_true);
		const char *json = expr_to_json(expr, &arena);
		json_auto_t *document = json_loads(json, JSON_DECODE_ANY, NULL);
		if (script_eval(document, &writer.answered).is_true != is_true)
			fail_msg("%s should be %d in a script", json, is_true);
		trues += is_true;
		cases++;
	}
	assert_in_range(trues, 1000, 9000);
}

/* Any heap of tokens ends in a tree that can be used or in a message that says where. */
static void test_token_soup(void **state)
{
	(void) state;
	static const char *const tokens[] = {"${easy}",
					     "${learned}",
					     "${better}",
					     "${nothing}",
					     "${age}",
					     "${score}",
					     "${born}",
					     "'2010-09-01'",
					     ".",
					     "'poor'",
					     "'words'",
					     "''",
					     "\"",
					     "'",
					     "=",
					     "!=",
					     "<",
					     "<=",
					     ">",
					     ">=",
					     "and",
					     "or",
					     "not(",
					     "selected(",
					     "count-selected(",
					     "string-length(",
					     "regex(",
					     "if(",
					     "coalesce(",
					     "true()",
					     "false()",
					     "(",
					     ")",
					     ",",
					     "3",
					     "-1",
					     "0.5",
					     "1.",
					     "..",
					     "$",
					     "${",
					     "}",
					     "'a*(b|c)'",
					     "'[a-'",
					     "==",
					     "\xE2\x80\x98",
					     "\xC3\xAA",
					     "\xFF",
					     "easy",
					     "&&",
					     "\n",
					     "#",
					     "today()",
					     "not"};
	unsigned good = 0;
	seed = 5;
	for (unsigned i = 0; i < 10000; i++) {
		struct writer writer = {.length = 0};
		for (unsigned count = 1 + below(12); count > 0; count--) {
			put(&writer, tokens[below(below(4) == 0 ? COUNT_OF(tokens) : 36)]);
			put(&writer, below(4) == 0 ? "" : " ");
		}
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		const struct expr *expr = NULL;
		struct expr_error error = {0};
		enum err result = parse(writer.text, &arena, &expr, &error);
		if (result != ERR_OK) {
			assert_int_equal(result, ERR_INVALID);
			assert_in_range(strlen(error.message), 10, sizeof error.message - 1);
			assert_true(error.at <= writer.length);
			continue;
		}
		good++;
		truth(expr, &(struct answered) ANSWERED("poor", " words ", "abc"));
		const char *json = expr_to_json(expr, &arena);
		json_auto_t *document = json_loads(json, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(document);
		size_t count;
		assert_non_null(expr_names_used(expr, &arena, &count));
		assert_true(count <= COUNT_OF(known));
	}
	assert_in_range(good, 20, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_conditions), cmocka_unit_test(test_token_soup)};
	return cmocka_run_group_tests_name("expr_random", tests, NULL, NULL);
}
