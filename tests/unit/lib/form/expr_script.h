/* SPDX-License-Identifier: MIT */
/* expr_script.h: what a page's script makes of an expression's JSON, by the words of expr.h and nothing else: values as
 * JavaScript has them. Include cmocka, and what answers (expr_names.h), first.
 *
 * regex is left out: a pattern's meaning is tested elsewhere. */
#ifndef SOUNDINGS_TESTS_EXPR_SCRIPT_H
#define SOUNDINGS_TESTS_EXPR_SCRIPT_H

#include "lib/base/utf8.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct script_value {
	enum { SCRIPT_TEXT, SCRIPT_NUMBER, SCRIPT_BOOL } kind;
	const char *text;
	double number;
	bool is_true;
};

static inline struct script_value script_bool(bool is_true)
{
	return (struct script_value){.kind = SCRIPT_BOOL, .is_true = is_true};
}

static inline struct script_value script_number(double number)
{
	return (struct script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static inline bool script_is_nan(struct script_value value)
{
	return value.kind == SCRIPT_NUMBER && isnan(value.number);
}

static inline bool script_is_empty(struct script_value value)
{
	return value.kind == SCRIPT_TEXT && value.text[0] == '\0';
}

/* A === B, or one is "" and the other NaN. */
static inline bool script_equal(struct script_value a, struct script_value b)
{
	if ((script_is_empty(a) && script_is_nan(b)) || (script_is_nan(a) && script_is_empty(b)))
		return true;
	if (a.kind != b.kind)
		return false;
	return a.kind == SCRIPT_TEXT ? strcmp(a.text, b.text) == 0 : a.number == b.number;
}

/* A < B, A > B, and with IS_OR_EQUAL A <= B, A >= B. Two texts by their units; else as numbers, and a date is none. */
static inline bool script_order(struct script_value a, struct script_value b, bool is_less, bool is_or_equal)
{
	double left, right;
	if (a.kind == SCRIPT_TEXT && b.kind == SCRIPT_TEXT) {
		left = strcmp(a.text, b.text);
		right = 0;
	} else {
		left = a.kind == SCRIPT_NUMBER ? a.number : (double) NAN;
		right = b.kind == SCRIPT_NUMBER ? b.number : (double) NAN;
	}
	return (is_less ? left < right : left > right) || (is_or_equal && left == right);
}

static inline struct script_value script_eval(const json_t *node, const struct answered *answered);

/* ["q",name], ["n",name], ["d",name] */
static inline struct script_value script_answer(const char *kind, const char *name, const struct answered *answered)
{
	const char *text = values_text(answered, name);
	if (kind[0] == 'q' || (kind[0] == 'd' && text[0] != '\0'))
		return (struct script_value){.kind = SCRIPT_TEXT, .text = text};
	return script_number(kind[0] == 'd' || text[0] == '\0' ? (double) NAN : strtod(text, NULL));
}

static inline bool script_selected(const json_t *node, const struct answered *answered)
{
	const char *name = json_string_value(json_array_get(json_array_get(node, 1), 1));
	const char *code = json_string_value(json_array_get(node, 2));
	if (strcmp(name, "learned") == 0)
		return values_is_selected(answered, name, code);
	return strcmp(values_text(answered, name), code) == 0;
}

static inline struct script_value script_join(const json_t *node, const struct answered *answered, bool is_and)
{
	for (size_t i = 1; i < json_array_size(node); i++)
		if (script_eval(json_array_get(node, i), answered).is_true != is_and)
			return script_bool(!is_and);
	return script_bool(is_and);
}

static inline struct script_value script_eval(const json_t *node, const struct answered *answered)
{
	if (json_is_string(node))
		return (struct script_value){.kind = SCRIPT_TEXT, .text = json_string_value(node)};
	if (json_is_number(node))
		return script_number(json_number_value(node));
	if (json_is_boolean(node))
		return script_bool(json_is_true(node));
	const char *op = json_string_value(json_array_get(node, 0));
	const json_t *first = json_array_get(node, 1);
	assert_non_null(op);
	if (strlen(op) == 1 && strchr("qnd", op[0]) != NULL)
		return script_answer(op, json_string_value(first), answered);
	if (strcmp(op, "and") == 0 || strcmp(op, "or") == 0)
		return script_join(node, answered, op[0] == 'a');
	if (strcmp(op, "selected") == 0)
		return script_bool(script_selected(node, answered));
	if (strcmp(op, "count-selected") == 0)
		return script_number((double) values_count(answered, json_string_value(json_array_get(first, 1))));
	struct script_value a = script_eval(first, answered);
	if (strcmp(op, "not") == 0)
		return script_bool(!a.is_true);
	if (strcmp(op, "string-length") == 0)
		return script_number((double) utf8_utf16_length(a.text));
	if (strcmp(op, "if") == 0)
		return script_eval(json_array_get(node, a.is_true ? 2 : 3), answered);
	struct script_value b = script_eval(json_array_get(node, 2), answered);
	if (strcmp(op, "coalesce") == 0)
		return script_is_empty(a) || script_is_nan(a) ? b : a;
	if (strcmp(op, "=") == 0 || strcmp(op, "!=") == 0)
		return script_bool(script_equal(a, b) == (op[0] == '='));
	assert_true(op[0] == '<' || op[0] == '>');
	return script_bool(script_order(a, b, op[0] == '<', op[1] == '='));
}

#endif
