/* SPDX-License-Identifier: MIT */
/* expr.c: what a checked expression means: its truth, its JSON for the page's script, the names it uses.
 *
 * Types were checked when it was parsed (expr_check.c), so nothing here can fail but memory. Evaluating allocates
 * nothing and visits each node once; texts are compared byte by byte, lengths are UTF-16 units as browsers count. */
#include "lib/form/expr.h"

#include "lib/base/utf8.h"
#include "lib/form/expr_node.h"
#include "lib/form/form_typed.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *const op_names[EXPR_OP_COUNT] = {
	[EXPR_OP_EQUAL] = "=",
	[EXPR_OP_UNEQUAL] = "!=",
	[EXPR_OP_LESS] = "<",
	[EXPR_OP_LESS_EQUAL] = "<=",
	[EXPR_OP_MORE] = ">",
	[EXPR_OP_MORE_EQUAL] = ">=",
	[EXPR_OP_AND] = "and",
	[EXPR_OP_OR] = "or",
	[EXPR_OP_NOT] = "not",
	[EXPR_OP_TRUE] = "true",
	[EXPR_OP_FALSE] = "false",
	[EXPR_OP_SELECTED] = "selected",
	[EXPR_OP_COUNT_SELECTED] = "count-selected",
	[EXPR_OP_STRING_LENGTH] = "string-length",
	[EXPR_OP_REGEX] = "regex",
	[EXPR_OP_IF] = "if",
	[EXPR_OP_COALESCE] = "coalesce",
};

const char *expr_op_name(enum expr_op op)
{
	return op_names[op];
}

/* ---- evaluating ---- */

/* The branch that an if() takes. */
static const struct expr *eval_branch(const struct expr *expr, const struct expr_values *values)
{
	const struct expr *yes = expr->first->next;
	return expr_is_true(expr->first, values) ? yes : yes->next;
}

static const char *eval_date(const struct expr *expr, const struct expr_values *values);

static const char *eval_text(const struct expr *expr, const struct expr_values *values)
{
	const char *text;
	switch (expr->op) {
	case EXPR_OP_STRING:
		return expr->text;
	case EXPR_OP_FIELD:
		text = values->text(values->context, expr->text);
		assert(text != NULL);
		return text;
	case EXPR_OP_IF:
		return eval_text(eval_branch(expr, values), values);
	case EXPR_OP_COALESCE:
		text = expr->type == EXPR_TYPE_DATE ? eval_date(expr->first, values) : eval_text(expr->first, values);
		return text[0] != '\0' ? text : eval_text(expr->first->next, values);
	default:
		assert(!"an operator that gives a text");
		return "";
	}
}

/* A number that was left out is NaN, so that no comparison with it holds but !=. */
static double eval_number(const struct expr *expr, const struct expr_values *values)
{
	double number;
	switch (expr->op) {
	case EXPR_OP_FIELD:
		return form_number_value(eval_text(expr, values));
	case EXPR_OP_COALESCE:
		number = eval_number(expr->first, values);
		return isnan(number) ? eval_number(expr->first->next, values) : number;
	case EXPR_OP_NUMBER:
		return expr->number;
	case EXPR_OP_COUNT_SELECTED:
		return (double) values->count(values->context, expr->first->text);
	case EXPR_OP_STRING_LENGTH:
		return (double) utf8_utf16_length(eval_text(expr->first, values));
	case EXPR_OP_IF:
		return eval_number(eval_branch(expr, values), values);
	default:
		assert(!"an operator that gives a number");
		return 0;
	}
}

/* How the left side stands to the right. NONE: one of them was left out, so that neither is less, equal or more. */
enum standing { STANDS_LESS, STANDS_EQUAL, STANDS_MORE, STANDS_NONE };

static enum standing eval_numbers(double a, double b)
{
	if (isnan(a) || isnan(b))
		return STANDS_NONE;
	return a < b ? STANDS_LESS : a > b ? STANDS_MORE : STANDS_EQUAL;
}

static enum standing eval_texts(const char *a, const char *b)
{
	int order = strcmp(a, b);
	return order < 0 ? STANDS_LESS : order > 0 ? STANDS_MORE : STANDS_EQUAL;
}

/* "" when the date was left out, or is none. */
static const char *eval_date(const struct expr *expr, const struct expr_values *values)
{
	const char *text = eval_text(expr, values);
	return form_date_is_canonical(text) ? text : "";
}

/* NODE, a number or a date, is compared with '': that is what it equals when it was left out. */
static enum standing eval_none(const struct expr *node, const struct expr_values *values)
{
	bool is_none =
		node->type == EXPR_TYPE_NUMBER ? isnan(eval_number(node, values)) : eval_date(node, values)[0] == '\0';
	return is_none ? STANDS_EQUAL : STANDS_NONE;
}

static enum standing eval_compare(const struct expr *expr, const struct expr_values *values)
{
	const struct expr *left = expr->first, *right = left->next;
	if (left->type != right->type)
		return eval_none(left->type == EXPR_TYPE_STRING ? right : left, values);
	if (left->type == EXPR_TYPE_NUMBER)
		return eval_numbers(eval_number(left, values), eval_number(right, values));
	if (left->type == EXPR_TYPE_STRING)
		return eval_texts(eval_text(left, values), eval_text(right, values));
	const char *a = eval_date(left, values), *b = eval_date(right, values);
	return a[0] == '\0' || b[0] == '\0' ? STANDS_NONE : eval_texts(a, b);
}

static bool eval_selected(const struct expr *field, const char *choice, const struct expr_values *values)
{
	if (field->type == EXPR_TYPE_LIST)
		return values->is_selected(values->context, field->text, choice);
	return strcmp(eval_text(field, values), choice) == 0;
}

/* The first argument that is IS_TRUE decides an or (true) and an and (false). */
static bool eval_has(const struct expr *expr, bool is_true, const struct expr_values *values)
{
	for (const struct expr *part = expr->first; part != NULL; part = part->next)
		if (expr_is_true(part, values) == is_true)
			return true;
	return false;
}

bool expr_is_true(const struct expr *expr, const struct expr_values *values)
{
	const struct expr *first = expr->first;
	enum standing standing;
	switch (expr->op) {
	case EXPR_OP_EQUAL:
		return eval_compare(expr, values) == STANDS_EQUAL;
	case EXPR_OP_UNEQUAL:
		return eval_compare(expr, values) != STANDS_EQUAL;
	case EXPR_OP_LESS:
		return eval_compare(expr, values) == STANDS_LESS;
	case EXPR_OP_LESS_EQUAL:
		standing = eval_compare(expr, values);
		return standing == STANDS_LESS || standing == STANDS_EQUAL;
	case EXPR_OP_MORE:
		return eval_compare(expr, values) == STANDS_MORE;
	case EXPR_OP_MORE_EQUAL:
		standing = eval_compare(expr, values);
		return standing == STANDS_MORE || standing == STANDS_EQUAL;
	case EXPR_OP_AND:
		return !eval_has(expr, false, values);
	case EXPR_OP_OR:
		return eval_has(expr, true, values);
	case EXPR_OP_NOT:
		return !expr_is_true(first, values);
	case EXPR_OP_TRUE:
		return true;
	case EXPR_OP_FALSE:
		return false;
	case EXPR_OP_SELECTED:
		return eval_selected(first, first->next->text, values);
	case EXPR_OP_REGEX:
		return expr_regex_matches(expr->regex, eval_text(first, values));
	case EXPR_OP_IF:
		return expr_is_true(eval_branch(expr, values), values);
	default:
		assert(!"an operator that gives a condition");
		return false;
	}
}

/* ---- JSON ---- */

/* A new reference, or NULL when there is no memory. */
static json_t *json_of(const struct expr *expr)
{
	if (expr->op == EXPR_OP_STRING)
		return json_string(expr->text);
	if (expr->op == EXPR_OP_FIELD)
		return json_pack("[ss]",
				 expr->type == EXPR_TYPE_NUMBER ? "n"
				 : expr->type == EXPR_TYPE_DATE ? "d"
								: "q",
				 expr->text);
	if (expr->op == EXPR_OP_TRUE || expr->op == EXPR_OP_FALSE)
		return json_boolean(expr->op == EXPR_OP_TRUE);
	if (expr->op == EXPR_OP_NUMBER) {
		json_int_t whole = (json_int_t) expr->number; /* at most 15 digits: always fits */
		return (double) whole == expr->number ? json_integer(whole) : json_real(expr->number);
	}
	json_t *array = json_array();
	if (array == NULL)
		return NULL;
	bool is_good = json_array_append_new(array, json_string(expr_op_name(expr->op))) == 0;
	for (const struct expr *part = expr->first; part != NULL && is_good; part = part->next)
		is_good = json_array_append_new(array, json_of(part)) == 0;
	if (is_good)
		return array;
	json_decref(array);
	return NULL;
}

const char *expr_to_json(const struct expr *expr, struct arena *arena)
{
	/* Numbers have at most 15 digits when they are read, so 15 give back what was written. */
	const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
	json_t *json = json_of(expr);
	if (json == NULL)
		return NULL;
	size_t length = json_dumpb(json, NULL, 0, flags);
	char *out = length == 0 ? NULL : arena_alloc(arena, length + 1, 1);
	if (out != NULL && json_dumpb(json, out, length, flags) != length)
		out = NULL;
	json_decref(json);
	return out;
}

/* ---- names ---- */

static size_t names_count(const struct expr *expr)
{
	size_t count = expr->op == EXPR_OP_FIELD;
	for (const struct expr *part = expr->first; part != NULL; part = part->next)
		count += names_count(part);
	return count;
}

static void names_collect(const struct expr *expr, const char **names, size_t *count)
{
	if (expr->op == EXPR_OP_FIELD) {
		for (size_t i = 0; i < *count; i++)
			if (strcmp(names[i], expr->text) == 0)
				return;
		names[(*count)++] = expr->text;
	}
	for (const struct expr *part = expr->first; part != NULL; part = part->next)
		names_collect(part, names, count);
}

const char *const *expr_names_used(const struct expr *expr, struct arena *arena, size_t *count)
{
	*count = 0;
	const char **names = arena_array(arena, names_count(expr), const char *);
	if (names != NULL)
		names_collect(expr, names, count);
	return names;
}
