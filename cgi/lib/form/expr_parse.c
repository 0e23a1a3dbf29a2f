/* SPDX-License-Identifier: MIT */
/* expr_parse.c: reads the source of a relevant: or constraint: into a tree, by recursive descent.
 *
 * The grammar is XPath 1.0's (section 3), less what forms do not need:
 *   expression = conjunction { "or" conjunction }        conjunction = comparison { "and" comparison }
 *   comparison = operand [ ("=" | "!=" | "<" | "<=" | ">" | ">=") operand ]
 *   operand    = "(" expression ")" | function "(" [ expression { "," expression } ] ")" | "${" name "}" | "." |
 *                string | number
 * It must stay within its limits whatever it is given, and say for every refusal where and how to mend it. */
#include "lib/form/expr_parser.h"

#include "lib/base/problem.h"
#include "lib/base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Of a number: so that its digits and its power of ten are exact, and their quotient is the nearest double. */
enum { NUMBER_DIGITS_MAX = 15 };

/* Of an unknown name in a message. */
enum { SHOWN_WORD_MAX = 40 };

/* What can be called. */
static const struct expr_function {
	enum expr_op op;
	unsigned arguments;
	enum expr_type type; /* what it gives; of if(): settled by its arguments */
	const char *usage;
} functions[] = {
	{EXPR_OP_NOT, 1, EXPR_TYPE_BOOL, "not(condition)"},
	{EXPR_OP_TRUE, 0, EXPR_TYPE_BOOL, "true()"},
	{EXPR_OP_FALSE, 0, EXPR_TYPE_BOOL, "false()"},
	{EXPR_OP_SELECTED, 2, EXPR_TYPE_BOOL, "selected(${question}, 'choice')"},
	{EXPR_OP_COUNT_SELECTED, 1, EXPR_TYPE_NUMBER, "count-selected(${question})"},
	{EXPR_OP_STRING_LENGTH, 1, EXPR_TYPE_NUMBER, "string-length(${question})"},
	{EXPR_OP_REGEX, 2, EXPR_TYPE_BOOL, "regex(${question}, 'pattern')"},
	{EXPR_OP_IF, 3, EXPR_TYPE_BOOL, "if(condition, value, other value)"},
	{EXPR_OP_COALESCE, 2, EXPR_TYPE_STRING, "coalesce(${question}, 'text if it is empty')"},
};

enum err expr_refuse(struct expr_parser *parser, size_t at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	parser->error->at = at;
	vsnprintf(parser->error->message, sizeof parser->error->message, format, args);
	va_end(args);
	return ERR_INVALID;
}

/* ---- tokens ---- */

static bool token_is_digit(char sign)
{
	return sign >= '0' && sign <= '9';
}

static bool token_is_letter(char sign)
{
	return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') || sign == '_';
}

/* Length of the name at TEXT: letters, digits, _ and inner hyphens, as in count-selected. */
static size_t token_word_length(const char *text)
{
	size_t length = 0;
	while (token_is_letter(text[length]) || (length > 0 && (token_is_digit(text[length]) || text[length] == '-')))
		length++;
	return length;
}

/* Takes LENGTH bytes at START as the token's text. */
static enum err token_set_text(struct expr_parser *parser, enum expr_token_kind kind, const char *start, size_t length)
{
	char *copy = arena_strndup(parser->arena, start, length);
	if (copy == NULL)
		return ERR_NOMEM;
	parser->token.kind = kind;
	parser->token.text = copy;
	return ERR_OK;
}

static enum err token_read_name(struct expr_parser *parser)
{
	const char *start = parser->at + 2;
	size_t length = token_word_length(start);
	if (length == 0 || start[length] != '}')
		return expr_refuse(parser, parser->token.at,
				   "Write a question's name between ${ and }, without spaces, as in ${overall}.");
	parser->at = start + length + 1;
	return token_set_text(parser, EXPR_TOKEN_NAME, start, length);
}

static enum err token_read_string(struct expr_parser *parser)
{
	char quote = *parser->at;
	const char *start = parser->at + 1, *end = strchr(start, quote);
	if (end == NULL)
		return expr_refuse(parser, parser->token.at, "This text is never closed: write %c at its end.", quote);
	parser->at = end + 1;
	return token_set_text(parser, EXPR_TOKEN_STRING, start, (size_t) (end - start));
}

static enum err token_read_number(struct expr_parser *parser)
{
	uint64_t digits = 0, scale = 1;
	unsigned count = 0;
	bool is_negative = *parser->at == '-', has_point = false;
	if (is_negative)
		parser->at++;
	for (; token_is_digit(*parser->at) || (*parser->at == '.' && !has_point); parser->at++) {
		if (*parser->at == '.') {
			has_point = true;
			if (!token_is_digit(parser->at[1]))
				return expr_refuse(parser, parser->token.at,
						   "Digits are missing after the point of this number.");
			continue;
		}
		if (++count > NUMBER_DIGITS_MAX)
			return expr_refuse(parser, parser->token.at, "A number has at most %d digits.",
					   NUMBER_DIGITS_MAX);
		digits = digits * 10 + (uint64_t) (*parser->at - '0');
		if (has_point)
			scale *= 10;
	}
	double value = (double) digits / (double) scale;
	parser->token.kind = EXPR_TOKEN_NUMBER;
	parser->token.number = is_negative && digits > 0 ? -value : value;
	return ERR_OK;
}

/* A sign that begins no token: other languages' operators, typographic quotation marks, and the rest. */
static enum err token_refuse(struct expr_parser *parser)
{
	static const struct {
		const char *sign;
		const char *mend;
	} mends[] = {
		{"==", "Write = once to compare."},
		{"<>", "Write != for 'is not'."},
		{"=<", "Write <= for 'at most'."},
		{"=>", "Write >= for 'at least'."},
		{"&", "Write and between two conditions."},
		{"|", "Write or between two conditions."},
		{"!", "Write not(...) for the opposite, or != for 'is not'."},
		{"+", "There is no arithmetic in forms: compare the numbers themselves."},
		{"-", "There is no arithmetic in forms: compare the numbers themselves."},
		{"*", "There is no arithmetic in forms: compare the numbers themselves."},
		{"/", "There is no arithmetic in forms: compare the numbers themselves."},
		{"\xE2\x80\x98", "Write straight quotation marks, as in 'poor'."},
		{"\xE2\x80\x99", "Write straight quotation marks, as in 'poor'."},
		{"\xE2\x80\x9C", "Write straight quotation marks, as in 'poor'."},
		{"\xE2\x80\x9D", "Write straight quotation marks, as in 'poor'."},
		{"$", "Write a question's name between ${ and }, as in ${overall}."},
		{"{", "Write a question's name between ${ and }, as in ${overall}."},
		{"..", "Write one . for the question's own answer."},
	};
	for (size_t i = 0; i < COUNT_OF(mends); i++)
		if (strncmp(parser->at, mends[i].sign, strlen(mends[i].sign)) == 0)
			return expr_refuse(parser, parser->token.at, "%s", mends[i].mend);
	return expr_refuse(parser, parser->token.at,
			   "This sign means nothing here: leave it out, or put the text in ' '.");
}

/* = != < <= > >= at parser->at. */
static enum err token_read_compare(struct expr_parser *parser)
{
	static const struct {
		char sign[3];
		enum expr_op op;
	} signs[] = {{"!=", EXPR_OP_UNEQUAL}, {"<=", EXPR_OP_LESS_EQUAL}, {">=", EXPR_OP_MORE_EQUAL},
		     {"=", EXPR_OP_EQUAL},    {"<", EXPR_OP_LESS},        {">", EXPR_OP_MORE}};
	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		size_t length = strlen(signs[i].sign);
		if (strncmp(parser->at, signs[i].sign, length) != 0)
			continue;
		if (length == 1 && parser->at[1] != '\0' && strchr("=<>", parser->at[1]) != NULL)
			break; /* == => =< <> */
		parser->at += length;
		parser->token.kind = EXPR_TOKEN_COMPARE;
		parser->token.op = signs[i].op;
		return ERR_OK;
	}
	return token_refuse(parser);
}

/* Looks at the next token. */
static enum err token_next(struct expr_parser *parser)
{
	parser->at += strspn(parser->at, " \t\r\n");
	const char *at = parser->at;
	parser->token = (struct expr_token){.kind = EXPR_TOKEN_END, .at = (size_t) (at - parser->text)};
	if (*at == '\0')
		return ERR_OK;
	if (at[0] == '$' && at[1] == '{')
		return token_read_name(parser);
	if (*at == '\'' || *at == '"')
		return token_read_string(parser);
	size_t sign = *at == '-';
	if (token_is_digit(at[sign]) || (at[sign] == '.' && token_is_digit(at[sign + 1])))
		return token_read_number(parser);
	size_t length = token_word_length(at);
	if (length > 0) {
		parser->at += length;
		return token_set_text(parser, EXPR_TOKEN_WORD, at, length);
	}
	static const char signs[] = "(),.";
	static const enum expr_token_kind kinds[] = {EXPR_TOKEN_OPEN, EXPR_TOKEN_CLOSE, EXPR_TOKEN_COMMA,
						     EXPR_TOKEN_SELF};
	const char *found = strchr(signs, *at);
	if (found == NULL || (at[0] == '.' && at[1] == '.'))
		return token_read_compare(parser);
	parser->at++;
	parser->token.kind = kinds[found - signs];
	return ERR_OK;
}

static bool token_is_word(const struct expr_parser *parser, const char *word)
{
	return parser->token.kind == EXPR_TOKEN_WORD && strcmp(parser->token.text, word) == 0;
}

/* ---- grammar ---- */

static enum err parse_expression(struct expr_parser *parser, struct expr **out);

static enum err parse_node_new(struct expr_parser *parser, enum expr_op op, enum expr_type type, size_t at,
			       struct expr **out)
{
	if (++parser->nodes > EXPR_NODES_MAX)
		return expr_refuse(parser, at,
				   "This has more than %d parts: split the question, or ask something simpler.",
				   EXPR_NODES_MAX);
	struct expr *node = arena_new(parser->arena, struct expr);
	if (node == NULL)
		return ERR_NOMEM;
	node->op = op;
	node->type = type;
	node->at = at;
	*out = node;
	return ERR_OK;
}

static enum err parse_field(struct expr_parser *parser, struct expr **out)
{
	const struct expr_names *names = parser->names;
	bool is_self = parser->token.kind == EXPR_TOKEN_SELF;
	size_t at = parser->token.at;
	const char *name = is_self ? names->self : parser->token.text;
	enum expr_type type = EXPR_TYPE_STRING;
	if (is_self && name == NULL)
		return expr_refuse(parser, at,
				   "'.' is the question's own answer, which is not known yet here: name another "
				   "question, as in ${overall}.");
	if (!names->find(names->context, name, &type)) {
		const char *nearest = names->nearest(names->context, name);
		if (nearest != NULL)
			return expr_refuse(parser, at,
					   "There is no answer called ${%.*s} to use here: did you mean ${%s}?",
					   SHOWN_WORD_MAX, name, nearest);
		return expr_refuse(parser, at,
				   "There is no answer called ${%.*s} to use here: write the name of another question.",
				   SHOWN_WORD_MAX, name);
	}
	assert(type < EXPR_TYPE_COUNT && type != EXPR_TYPE_BOOL);
	enum err error = parse_node_new(parser, EXPR_OP_FIELD, type, at, out);
	if (error != ERR_OK)
		return error;
	(*out)->is_self = is_self;
	(*out)->text = arena_strdup(parser->arena, name);
	return (*out)->text != NULL ? token_next(parser) : ERR_NOMEM;
}

static enum err parse_literal(struct expr_parser *parser, struct expr **out)
{
	bool is_string = parser->token.kind == EXPR_TOKEN_STRING;
	enum err error = parse_node_new(parser, is_string ? EXPR_OP_STRING : EXPR_OP_NUMBER,
					is_string ? EXPR_TYPE_STRING : EXPR_TYPE_NUMBER, parser->token.at, out);
	if (error != ERR_OK)
		return error;
	(*out)->text = parser->token.text;
	(*out)->number = parser->token.number;
	return token_next(parser);
}

static enum err parse_parentheses(struct expr_parser *parser, struct expr **out)
{
	size_t at = parser->token.at;
	enum err error = token_next(parser);
	if (error == ERR_OK)
		error = parse_expression(parser, out);
	if (error != ERR_OK)
		return error;
	if (parser->token.kind != EXPR_TOKEN_CLOSE)
		return expr_refuse(parser, at, "This ( is never closed: write ) at its end.");
	return token_next(parser);
}

/* A word that is no function's name, or one without its parentheses, at parser->token. */
static enum err parse_refuse_word(struct expr_parser *parser, const char *word, size_t at, bool is_call)
{
	const char *names[COUNT_OF(functions)];
	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		names[i] = expr_op_name(functions[i].op);
		if (!is_call && strcmp(names[i], word) == 0)
			return expr_refuse(parser, at, "%s needs parentheses: %s.", word, functions[i].usage);
	}
	if (strcmp(word, "and") == 0 || strcmp(word, "or") == 0)
		return expr_refuse(parser, at, "A condition is missing before this %s.", word);
	enum expr_type type;
	if (!is_call && parser->names->find(parser->names->context, word, &type))
		return expr_refuse(parser, at, "Write ${%s} for a question's answer, or '%s' for the text itself.",
				   word, word);
	const char *nearest = problem_nearest(word, names, COUNT_OF(names));
	if (nearest != NULL)
		return expr_refuse(parser, at, "There is no function called %.*s: did you mean %s?", SHOWN_WORD_MAX,
				   word, nearest);
	if (is_call)
		return expr_refuse(
			parser, at,
			"There is no function called %.*s: there are not, selected, count-selected, string-length, "
			"regex, if, coalesce, true and false.",
			SHOWN_WORD_MAX, word);
	return expr_refuse(parser, at,
			   "Write '%.*s' in quotation marks if it is a text, or ${ } around a question's name.",
			   SHOWN_WORD_MAX, word);
}

/* The arguments of a call, from behind its ( to behind its ). */
static enum err parse_arguments(struct expr_parser *parser, struct expr *call, unsigned *count)
{
	struct expr **end = &call->first;
	*count = 0;
	if (parser->token.kind == EXPR_TOKEN_CLOSE)
		return token_next(parser);
	for (;;) {
		enum err error = parse_expression(parser, end);
		if (error != ERR_OK)
			return error;
		end = &(*end)->next;
		++*count;
		if (parser->token.kind == EXPR_TOKEN_CLOSE)
			return token_next(parser);
		if (parser->token.kind != EXPR_TOKEN_COMMA)
			return expr_refuse(parser, call->at,
					   "This call is never closed: write ) at its end, and commas between "
					   "what stands in it.");
		error = token_next(parser);
		if (error != ERR_OK)
			return error;
	}
}

static enum err parse_call(struct expr_parser *parser, struct expr **out)
{
	const char *word = parser->token.text;
	size_t at = parser->token.at;
	enum err error = token_next(parser);
	if (error != ERR_OK)
		return error;
	bool is_call = parser->token.kind == EXPR_TOKEN_OPEN;
	const struct expr_function *function = NULL;
	for (size_t i = 0; i < COUNT_OF(functions) && is_call; i++)
		if (strcmp(word, expr_op_name(functions[i].op)) == 0)
			function = &functions[i];
	if (function == NULL)
		return parse_refuse_word(parser, word, at, is_call);
	error = parse_node_new(parser, function->op, function->type, at, out);
	if (error == ERR_OK)
		error = token_next(parser);
	unsigned count;
	if (error == ERR_OK)
		error = parse_arguments(parser, *out, &count);
	if (error != ERR_OK)
		return error;
	if (count != function->arguments)
		return expr_refuse(parser, at, "%s() takes %u in its parentheses, not %u: %s.", word,
				   function->arguments, count, function->usage);
	return expr_check_call(parser, *out);
}

static enum err parse_operand(struct expr_parser *parser, struct expr **out)
{
	switch (parser->token.kind) {
	case EXPR_TOKEN_NAME:
	case EXPR_TOKEN_SELF:
		return parse_field(parser, out);
	case EXPR_TOKEN_STRING:
	case EXPR_TOKEN_NUMBER:
		return parse_literal(parser, out);
	case EXPR_TOKEN_OPEN:
		return parse_parentheses(parser, out);
	case EXPR_TOKEN_WORD:
		return parse_call(parser, out);
	case EXPR_TOKEN_END:
	case EXPR_TOKEN_CLOSE:
	case EXPR_TOKEN_COMMA:
	case EXPR_TOKEN_COMPARE:
		break;
	}
	return expr_refuse(parser, parser->token.at,
			   "Something is missing here: a question such as ${overall}, a text in "
			   "' ', a number or a condition.");
}

static enum err parse_comparison(struct expr_parser *parser, struct expr **out)
{
	struct expr *left = NULL;
	enum err error = parse_operand(parser, &left);
	if (error != ERR_OK || parser->token.kind != EXPR_TOKEN_COMPARE) {
		*out = left;
		return error;
	}
	error = parse_node_new(parser, parser->token.op, EXPR_TYPE_BOOL, left->at, out);
	if (error == ERR_OK)
		error = token_next(parser);
	if (error == ERR_OK)
		error = parse_operand(parser, &left->next);
	if (error != ERR_OK)
		return error;
	(*out)->first = left;
	if (parser->token.kind == EXPR_TOKEN_COMPARE)
		return expr_refuse(parser, parser->token.at,
				   "Compare two things at a time, and join comparisons with and or or.");
	return expr_check_operator(parser, *out);
}

/* Comparisons joined by and, or (OP is EXPR_OP_OR) what those make joined by or. */
static enum err parse_joined(struct expr_parser *parser, enum expr_op op, struct expr **out)
{
	struct expr *first = NULL;
	enum err error =
		op == EXPR_OP_OR ? parse_joined(parser, EXPR_OP_AND, &first) : parse_comparison(parser, &first);
	if (error != ERR_OK || !token_is_word(parser, expr_op_name(op))) {
		*out = first;
		return error;
	}
	error = parse_node_new(parser, op, EXPR_TYPE_BOOL, first->at, out);
	if (error != ERR_OK)
		return error;
	(*out)->first = first;
	struct expr **end = &first->next;
	while (token_is_word(parser, expr_op_name(op))) {
		error = token_next(parser);
		if (error == ERR_OK)
			error = op == EXPR_OP_OR ? parse_joined(parser, EXPR_OP_AND, end)
						 : parse_comparison(parser, end);
		if (error != ERR_OK)
			return error;
		end = &(*end)->next;
	}
	return expr_check_operator(parser, *out);
}

static enum err parse_expression(struct expr_parser *parser, struct expr **out)
{
	if (parser->level == EXPR_LEVELS_MAX)
		return expr_refuse(parser, parser->token.at, "This is nested more than %d deep: write it flatter.",
				   EXPR_LEVELS_MAX);
	parser->level++;
	enum err error = parse_joined(parser, EXPR_OP_OR, out);
	parser->level--;
	return error;
}

/* Something stands behind a whole expression. */
static enum err parse_refuse_rest(struct expr_parser *parser)
{
	size_t at = parser->token.at;
	if (parser->token.kind == EXPR_TOKEN_CLOSE)
		return expr_refuse(parser, at, "This ) closes nothing: leave it out, or write ( before.");
	if (parser->token.kind == EXPR_TOKEN_COMMA)
		return expr_refuse(parser, at, "A comma stands between what a function takes, and nowhere else.");
	return expr_refuse(parser, at,
			   "Something is missing before this: join two conditions with and or or, and compare with "
			   "= != < <= > or >=.");
}

enum err expr_parse(const char *text, const struct expr_names *names, enum expr_type expected, struct arena *arena,
		    const struct expr **out, struct expr_error *error)
{
	struct expr_parser parser = {.text = text, .at = text, .names = names, .arena = arena, .error = error};
	size_t length = strlen(text);
	if (length > EXPR_BYTES_MAX)
		return expr_refuse(&parser, EXPR_BYTES_MAX,
				   "This is longer than %d bytes: split the question, or ask something "
				   "simpler.",
				   EXPR_BYTES_MAX);
	if (!utf8_is_valid(text, length))
		return expr_refuse(&parser, 0, "This is not valid UTF-8: save the file as UTF-8.");
	enum err result = token_next(&parser);
	if (result != ERR_OK)
		return result;
	if (parser.token.kind == EXPR_TOKEN_END)
		return expr_refuse(&parser, 0,
				   "There is nothing here: write a condition such as ${overall} = 'poor', or leave "
				   "the key out.");
	struct expr *tree;
	result = parse_expression(&parser, &tree);
	if (result == ERR_OK && parser.token.kind != EXPR_TOKEN_END)
		result = parse_refuse_rest(&parser);
	if (result == ERR_OK)
		result = expr_check_type(&parser, tree, expected);
	if (result == ERR_OK)
		*out = tree;
	return result;
}
