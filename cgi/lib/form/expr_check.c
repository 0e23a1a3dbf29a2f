/* SPDX-License-Identifier: MIT */
/* expr_check.c: the types of an expression, checked once when it is parsed, and the sentence for each way to be wrong.
 *
 * Nothing is converted in silence: XPath 1.0 (section 3.4) would turn '3' into 3 and a list into its first item, and a
 * form that means something else than its author thought would be found out in the hall. */
#include "lib/form/expr_parser.h"

#include "lib/form/expr_regex.h"
#include "lib/form/form_typed.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	SHOWN_BYTES = 64, /* of one operand in a message, so that three fit in it */
	SHOWN_TEXT_MAX = 32
};

static const char *const type_names[EXPR_TYPE_COUNT] = {
	[EXPR_TYPE_STRING] = "a text",   [EXPR_TYPE_LIST] = "a list of answers",
	[EXPR_TYPE_NUMBER] = "a number", [EXPR_TYPE_BOOL] = "a condition",
	[EXPR_TYPE_DATE] = "a date",
};

/* An operand as its author wrote it, cut where it is long: ${easy}, 'poor', 3, count-selected(...). */
struct shown {
	char text[SHOWN_BYTES];
};

static struct shown check_show(const struct expr *node)
{
	struct shown shown;
	size_t length;
	switch (node->op) {
	case EXPR_OP_FIELD:
		if (node->is_self)
			snprintf(shown.text, sizeof shown.text, ".");
		else
			snprintf(shown.text, sizeof shown.text, "${%s}", node->text);
		break;
	case EXPR_OP_STRING:
		length = strlen(node->text);
		if (length > SHOWN_TEXT_MAX) {
			for (length = SHOWN_TEXT_MAX; length > 0 && (node->text[length] & 0xC0) == 0x80;)
				length--; /* never half a character */
		}
		snprintf(shown.text, sizeof shown.text, "'%.*s%s'", (int) length, node->text,
			 node->text[length] == '\0' ? "" : "...");
		break;
	case EXPR_OP_NUMBER:
		snprintf(shown.text, sizeof shown.text, "%.15g", node->number);
		break;
	default:
		snprintf(shown.text, sizeof shown.text, "%s(...)", expr_op_name(node->op));
	}
	return shown;
}

/* A condition is needed where something else stands. */
static enum err check_refuse_condition(struct expr_parser *parser, const struct expr *node)
{
	struct shown shown = check_show(node);
	const char *it = shown.text;
	if (node->type == EXPR_TYPE_LIST)
		return expr_refuse(
			parser, node->at,
			"%s is a list of answers, and a condition is needed here: write count-selected(%s) > 0, or "
			"selected() for one choice.",
			it, it);
	if (node->type == EXPR_TYPE_NUMBER)
		return expr_refuse(parser, node->at,
				   "%s is a number, and a condition is needed here: compare it, as in %s > 0.", it, it);
	if (node->type == EXPR_TYPE_DATE)
		return expr_refuse(parser, node->at,
				   "%s is a date, and a condition is needed here: compare it, as in %s < '2010-09-01'.",
				   it, it);
	return expr_refuse(
		parser, node->at,
		"%s is a text, and a condition is needed here: write %s != '' to ask whether it was answered, or "
		"= to compare it.",
		it, it);
}

enum err expr_check_type(struct expr_parser *parser, const struct expr *node, enum expr_type expected)
{
	if (node->type == expected)
		return ERR_OK;
	if (expected == EXPR_TYPE_BOOL)
		return check_refuse_condition(parser, node);
	struct shown shown = check_show(node);
	return expr_refuse(parser, node->at, "%s is %s, and %s is needed here.", shown.text, type_names[node->type],
			   type_names[expected]);
}

/* ---- comparisons ---- */

static bool check_looks_like_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789.")] == '\0';
}

/* A text in quotation marks that is a date becomes one beside a date. */
static void check_take_date(struct expr *node, const struct expr *beside)
{
	if (beside->type == EXPR_TYPE_DATE && node->op == EXPR_OP_STRING && form_date_is_canonical(node->text))
		node->type = EXPR_TYPE_DATE;
}

/* True when NODE can be a number or a date that was left out, which '' asks for. */
static bool check_can_be_none(const struct expr *node)
{
	if (node->type != EXPR_TYPE_NUMBER && node->type != EXPR_TYPE_DATE)
		return false;
	if (node->op == EXPR_OP_IF)
		return check_can_be_none(node->first->next) || check_can_be_none(node->first->next->next);
	if (node->op == EXPR_OP_COALESCE)
		return check_can_be_none(node->first) && check_can_be_none(node->first->next);
	return node->op == EXPR_OP_FIELD;
}

static bool check_is_empty_text(const struct expr *node)
{
	return node->op == EXPR_OP_STRING && node->text[0] == '\0';
}

/* A number or a date that can be left out stands beside '', or the other way round. */
static bool check_asks_none(const struct expr *left, const struct expr *right)
{
	return (check_can_be_none(left) && check_is_empty_text(right)) ||
	       (check_is_empty_text(left) && check_can_be_none(right));
}

/* A list stands beside = or <. */
static enum err check_refuse_list(struct expr_parser *parser, const struct expr *list, const struct expr *other)
{
	struct shown it = check_show(list), value = check_show(other);
	if (other->type == EXPR_TYPE_NUMBER)
		return expr_refuse(parser, list->at,
				   "%s can have several answers: use count-selected(%s) to compare how many.", it.text,
				   it.text);
	if (other->op == EXPR_OP_STRING && other->text[0] == '\0')
		return expr_refuse(
			parser, list->at,
			"%s can have several answers: use count-selected(%s) = 0 to ask whether it was left out.",
			it.text, it.text);
	return expr_refuse(parser, list->at, "%s can have several answers: use selected(%s, %s).", it.text, it.text,
			   other->op == EXPR_OP_STRING ? value.text : "'choice'");
}

/* A text stands where a number is compared. */
static enum err check_refuse_text(struct expr_parser *parser, const struct expr *text, const struct expr *other,
				  enum expr_op op)
{
	struct shown it = check_show(text), value = check_show(other);
	bool is_order = op != EXPR_OP_EQUAL && op != EXPR_OP_UNEQUAL;
	if (check_asks_none(text, other))
		return expr_refuse(parser, text->at,
				   "'' is what a question that was left out equals: ask with = or !=, not with %s.",
				   expr_op_name(op));
	if (text->op == EXPR_OP_STRING && check_looks_like_number(text->text) && other->type == EXPR_TYPE_NUMBER)
		return expr_refuse(parser, text->at,
				   "%s is a text because of its quotation marks: write %s without them.", it.text,
				   text->text);
	if (text->op == EXPR_OP_STRING && other->op == EXPR_OP_FIELD)
		return expr_refuse(
			parser, text->at,
			"%s is a number, and %s is a text: compare it with a number, as in %s > 0, or with '' to ask "
			"whether it was left out.",
			value.text, it.text, value.text);
	if (is_order)
		return expr_refuse(
			parser, text->at,
			"%s compares numbers, and %s is a text: use string-length(%s) for its length, or = for the "
			"text itself.",
			expr_op_name(op), it.text, it.text);
	if (other->op == EXPR_OP_NUMBER)
		return expr_refuse(
			parser, other->at,
			"%s is a text and %s is a number: write '%s' in quotation marks, or string-length(%s) to "
			"compare its length.",
			it.text, value.text, value.text, it.text);
	return expr_refuse(parser, text->at,
			   "%s is a text and %s is a number: use string-length(%s) to compare its length.", it.text,
			   value.text, it.text);
}

/* DATE is compared with OTHER, which is none. */
static enum err check_refuse_date(struct expr_parser *parser, const struct expr *date, const struct expr *other,
				  enum expr_op op)
{
	struct shown it = check_show(date), value = check_show(other);
	if (check_asks_none(date, other))
		return expr_refuse(parser, other->at,
				   "'' is what a question that was left out equals: ask with = or !=, not with %s.",
				   expr_op_name(op));
	if (other->op == EXPR_OP_STRING)
		return expr_refuse(
			parser, other->at,
			"%s is a date, and %s is none: write a day that there is as '2010-09-01', year first.", it.text,
			value.text);
	return expr_refuse(parser, other->at,
			   "%s is a date, and %s is %s: compare it with another date, or with '2010-09-01'.", it.text,
			   value.text, type_names[other->type]);
}

/* FIELD, a scale, is compared with VALUE: one of its points must be called so. */
static enum err check_point(struct expr_parser *parser, const struct expr *field, const struct expr *value)
{
	char point[SHOWN_BYTES];
	if (field->op != EXPR_OP_FIELD || value->op != EXPR_OP_NUMBER)
		return ERR_OK;
	snprintf(point, sizeof point, "%.15g", value->number);
	if (parser->names->has_choice(parser->names->context, field->text, point))
		return ERR_OK;
	return expr_refuse(parser, value->at, "${%s} has no point %s: write one of its scale.", field->text, point);
}

/* FIELD is compared with VALUE: one of its choices must be called so. '' asks whether it was answered. */
static enum err check_choice(struct expr_parser *parser, const struct expr *field, const struct expr *value)
{
	if (field->op != EXPR_OP_FIELD || value->op != EXPR_OP_STRING || value->text[0] == '\0' ||
	    parser->names->has_choice(parser->names->context, field->text, value->text))
		return ERR_OK;
	struct shown shown = check_show(value);
	return expr_refuse(parser, value->at,
			   "No choice of ${%s} is called %s: write the name that stands before the colon in its list.",
			   field->text, shown.text);
}

/* What = and != compare must be possible. */
static enum err check_possible(struct expr_parser *parser, const struct expr *left, const struct expr *right)
{
	enum err (*check)(struct expr_parser *, const struct expr *, const struct expr *) =
		left->type == EXPR_TYPE_NUMBER ? check_point : check_choice;
	enum err error = check(parser, left, right);
	return error != ERR_OK ? error : check(parser, right, left);
}

static enum err check_comparison(struct expr_parser *parser, const struct expr *node)
{
	struct expr *left = node->first, *right = left->next;
	const struct expr *sides[2] = {left, right};
	for (size_t i = 0; i < 2; i++)
		if (sides[i]->type == EXPR_TYPE_LIST)
			return check_refuse_list(parser, sides[i], sides[1 - i]);
	for (size_t i = 0; i < 2; i++)
		if (sides[i]->type == EXPR_TYPE_BOOL)
			return expr_refuse(parser, sides[i]->at,
					   "A condition is true or false already and is not compared: use it as it is, "
					   "or in not().");
	bool is_order = node->op != EXPR_OP_EQUAL && node->op != EXPR_OP_UNEQUAL;
	check_take_date(left, right);
	check_take_date(right, left);
	if (!is_order && check_asks_none(left, right))
		return ERR_OK;
	for (size_t i = 0; i < 2; i++)
		if (sides[i]->type == EXPR_TYPE_DATE && sides[1 - i]->type != EXPR_TYPE_DATE)
			return check_refuse_date(parser, sides[i], sides[1 - i], node->op);
	for (size_t i = 0; i < 2; i++)
		if (sides[i]->type == EXPR_TYPE_STRING && (is_order || sides[1 - i]->type == EXPR_TYPE_NUMBER))
			return check_refuse_text(parser, sides[i], sides[1 - i], node->op);
	return is_order ? ERR_OK : check_possible(parser, left, right);
}

enum err expr_check_operator(struct expr_parser *parser, const struct expr *node)
{
	if (node->op != EXPR_OP_AND && node->op != EXPR_OP_OR)
		return check_comparison(parser, node);
	for (const struct expr *part = node->first; part != NULL; part = part->next) {
		enum err error = expr_check_type(parser, part, EXPR_TYPE_BOOL);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

/* ---- calls ---- */

static enum err check_selected(struct expr_parser *parser, const struct expr *node)
{
	const struct expr *field = node->first, *value = field->next;
	if (field->op != EXPR_OP_FIELD || value->op != EXPR_OP_STRING)
		return expr_refuse(
			parser, node->at,
			"selected() takes a question and the name of one choice, as in selected(${learned}, 'words').");
	if (value->text[0] != '\0')
		return check_choice(parser, field, value);
	struct shown shown = check_show(field);
	if (field->type == EXPR_TYPE_LIST)
		return expr_refuse(parser, value->at, "Write count-selected(%s) = 0 to ask whether it was left out.",
				   shown.text);
	return expr_refuse(parser, value->at, "Write %s = '' to ask whether it was left out.", shown.text);
}

static enum err check_count_selected(struct expr_parser *parser, const struct expr *node)
{
	const struct expr *field = node->first;
	if (field->op == EXPR_OP_FIELD && field->type == EXPR_TYPE_LIST)
		return ERR_OK;
	struct shown shown = check_show(field);
	if (field->op == EXPR_OP_FIELD)
		return expr_refuse(parser, field->at,
				   "%s has one answer at most: write %s != '' to ask whether it was answered.",
				   shown.text, shown.text);
	return expr_refuse(parser, field->at,
			   "count-selected() takes a question with several answers, as in count-selected(${learned}).");
}

/* A text is needed as argument of NODE. */
static enum err check_text(struct expr_parser *parser, const struct expr *node, const struct expr *argument)
{
	if (argument->type == EXPR_TYPE_STRING)
		return ERR_OK;
	struct shown shown = check_show(argument);
	return expr_refuse(parser, argument->at, "%s() takes a text, and %s is %s%s.", expr_op_name(node->op),
			   shown.text, type_names[argument->type],
			   argument->type == EXPR_TYPE_LIST ? ": use count-selected() for how many" : "");
}

static enum err check_regex(struct expr_parser *parser, struct expr *node)
{
	const struct expr *pattern = node->first->next;
	enum err error = check_text(parser, node, node->first);
	if (error != ERR_OK)
		return error;
	if (pattern->op != EXPR_OP_STRING)
		return expr_refuse(parser, pattern->at,
				   "The pattern of regex() is written out, as in regex(., '[0-9]{4}').");
	error = expr_regex_compile(pattern->text, parser->arena, &node->regex, parser->error);
	if (error == ERR_INVALID)
		parser->error->at += pattern->at + 1; /* past the quotation mark; strings have no escapes */
	return error;
}

static enum err check_if(struct expr_parser *parser, struct expr *node)
{
	struct expr *condition = node->first, *yes = condition->next, *no = yes->next;
	enum err error = expr_check_type(parser, condition, EXPR_TYPE_BOOL);
	if (error != ERR_OK)
		return error;
	if (yes->type == EXPR_TYPE_LIST || no->type == EXPR_TYPE_LIST)
		return expr_refuse(parser, yes->type == EXPR_TYPE_LIST ? yes->at : no->at,
				   "if() cannot give a list of answers: use selected() or count-selected() inside it.");
	check_take_date(yes, no);
	check_take_date(no, yes);
	if (yes->type != no->type)
		return expr_refuse(parser, no->at, "if() gives %s or %s: make both the same kind.",
				   type_names[yes->type], type_names[no->type]);
	node->type = yes->type;
	return ERR_OK;
}

/* Of two texts, two numbers or two dates. */
static enum err check_coalesce(struct expr_parser *parser, struct expr *node)
{
	struct expr *first = node->first, *second = first->next;
	check_take_date(second, first);
	bool is_typed = first->type == EXPR_TYPE_NUMBER || first->type == EXPR_TYPE_DATE;
	node->type = is_typed ? first->type : EXPR_TYPE_STRING;
	if (is_typed)
		return expr_check_type(parser, second, first->type);
	enum err error = check_text(parser, node, first);
	return error != ERR_OK ? error : check_text(parser, node, second);
}

enum err expr_check_call(struct expr_parser *parser, struct expr *node)
{
	switch (node->op) {
	case EXPR_OP_NOT:
		return expr_check_type(parser, node->first, EXPR_TYPE_BOOL);
	case EXPR_OP_SELECTED:
		return check_selected(parser, node);
	case EXPR_OP_COUNT_SELECTED:
		return check_count_selected(parser, node);
	case EXPR_OP_STRING_LENGTH:
		return check_text(parser, node, node->first);
	case EXPR_OP_REGEX:
		return check_regex(parser, node);
	case EXPR_OP_IF:
		return check_if(parser, node);
	case EXPR_OP_COALESCE:
		return check_coalesce(parser, node);
	default:
		return ERR_OK; /* true() and false() */
	}
}
