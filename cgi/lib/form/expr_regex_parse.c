/* SPDX-License-Identifier: MIT */
/* expr_regex_parse.c: reads the pattern of a regex() into a tree.
 *
 * Takes only what means the same here and in ECMAScript's RegExp with the u flag (ECMA-262, section 22.2.1), and says
 * of everything else how to write it instead. It must never guess: a pattern that two engines read differently is an
 * error when the form is checked, not a surprise in the hall. */
#include "lib/form/expr_regex.h"

#include "lib/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { POINT_MAX = 0x10FFFF };

static const struct expr_regex_range digit_ranges[] = {{'0', '9'}};
static const struct expr_regex_range word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
/* ECMA-262: WhiteSpace and LineTerminator. */
static const struct expr_regex_range space_ranges[] = {
	{0x09, 0x0D},     {0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
	{0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
/* What . does not match: line ends. */
static const struct expr_regex_range line_end_ranges[] = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

static const struct expr_regex_class any_class = {line_end_ranges, COUNT_OF(line_end_ranges), true};

/* The sets behind \d \w \s; the capital letter is the opposite. */
static const struct {
	char letter;
	char opposite;
	struct expr_regex_class set;
	struct expr_regex_class opposite_set;
} shorthands[] = {
	{'d', 'D', {digit_ranges, COUNT_OF(digit_ranges), false}, {digit_ranges, COUNT_OF(digit_ranges), true}},
	{'w', 'W', {word_ranges, COUNT_OF(word_ranges), false}, {word_ranges, COUNT_OF(word_ranges), true}},
	{'s', 'S', {space_ranges, COUNT_OF(space_ranges), false}, {space_ranges, COUNT_OF(space_ranges), true}},
};

struct regex_parser {
	const char *pattern;
	const char *at;
	struct arena *arena;
	struct expr_error *error;
	unsigned level;
};

static enum err regex_refuse(struct regex_parser *parser, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum err regex_refuse(struct regex_parser *parser, const char *at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	parser->error->at = (size_t) (at - parser->pattern);
	vsnprintf(parser->error->message, sizeof parser->error->message, format, args);
	va_end(args);
	return ERR_INVALID;
}

static enum err regex_node_new(struct regex_parser *parser, enum expr_regex_kind kind, struct expr_regex_node **out)
{
	*out = arena_new(parser->arena, struct expr_regex_node);
	if (*out == NULL)
		return ERR_NOMEM;
	(*out)->kind = kind;
	return ERR_OK;
}

static const struct expr_regex_class *regex_shorthand(char letter)
{
	for (size_t i = 0; i < COUNT_OF(shorthands); i++) {
		if (letter == shorthands[i].letter)
			return &shorthands[i].set;
		if (letter == shorthands[i].opposite)
			return &shorthands[i].opposite_set;
	}
	return NULL;
}

/* Says what is wrong with \LETTER, which is not in the subset. */
static enum err regex_refuse_escape(struct regex_parser *parser, const char *at, char letter)
{
	if (letter == '\0')
		return regex_refuse(parser, at, "The pattern ends in a backslash: write \\\\ for a backslash itself.");
	if (letter >= '0' && letter <= '9')
		return regex_refuse(parser, at,
				    "Backreferences such as \\%c are not in the subset: write out what may come.",
				    letter);
	if (letter == 'b' || letter == 'B')
		return regex_refuse(
			parser, at,
			"\\%c (a word's edge) is not in the subset: the pattern always matches the whole answer, "
			"so write what stands around the word.",
			letter);
	if (letter == 'p' || letter == 'P')
		return regex_refuse(parser, at, "\\%c{...} is not in the subset: list the letters in [ ].", letter);
	if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
		return regex_refuse(
			parser, at,
			"\\%c is not in the subset, which has \\d \\w \\s \\D \\W \\S \\t \\n and \\r: write the "
			"character itself.",
			letter);
	return regex_refuse(parser, at, "This character needs no backslash before it here: leave the backslash out.");
}

/* Reads what follows a backslash at parser->at, as one character. Shorthands have been looked for before. */
static enum err regex_parse_escape(struct regex_parser *parser, bool is_in_class, uint32_t *point)
{
	const char *backslash = parser->at;
	char letter = backslash[1];
	switch (letter) {
	case 't':
		*point = '\t';
		break;
	case 'n':
		*point = '\n';
		break;
	case 'r':
		*point = '\r';
		break;
	default:
		if (letter == '\0' || strchr(is_in_class ? "^$\\.*+?()[]{}|/-" : "^$\\.*+?()[]{}|/", letter) == NULL)
			return regex_refuse_escape(parser, backslash, letter);
		*point = (unsigned char) letter;
	}
	parser->at = backslash + 2;
	return ERR_OK;
}

/* Ranges of a class while it is read. */
struct regex_ranges {
	struct expr_regex_range *list;
	size_t count;
	size_t capacity;
};

static enum err regex_ranges_add(struct regex_parser *parser, struct regex_ranges *ranges, uint32_t first,
				 uint32_t last)
{
	if (ranges->count == ranges->capacity) {
		size_t capacity = ranges->capacity == 0 ? 8 : ranges->capacity * 2;
		ranges->list = arena_grow(parser->arena, ranges->list, ranges->count, capacity, sizeof *ranges->list);
		if (ranges->list == NULL)
			return ERR_NOMEM;
		ranges->capacity = capacity;
	}
	ranges->list[ranges->count++] = (struct expr_regex_range){first, last};
	return ERR_OK;
}

/* Adds a shorthand's set. The tables are in order, so the opposite is what lies between their ranges. */
static enum err regex_ranges_add_set(struct regex_parser *parser, struct regex_ranges *ranges,
				     const struct expr_regex_class *set)
{
	enum err error = ERR_OK;
	uint32_t from = 0;
	for (size_t i = 0; i < set->count && error == ERR_OK; i++) {
		const struct expr_regex_range *range = &set->ranges[i];
		if (!set->is_negated)
			error = regex_ranges_add(parser, ranges, range->first, range->last);
		else if (range->first > from)
			error = regex_ranges_add(parser, ranges, from, range->first - 1);
		from = range->last + 1;
	}
	if (error == ERR_OK && set->is_negated)
		error = regex_ranges_add(parser, ranges, from, POINT_MAX);
	return error;
}

/* One character of a class, escaped or not. */
static enum err regex_parse_class_char(struct regex_parser *parser, uint32_t *point)
{
	if (*parser->at == '\\') {
		if (regex_shorthand(parser->at[1]) != NULL)
			return regex_refuse(parser, parser->at,
					    "A range cannot begin or end with \\%c: write \\- for a hyphen.",
					    parser->at[1]);
		return regex_parse_escape(parser, true, point);
	}
	if (*parser->at == '[')
		return regex_refuse(
			parser, parser->at,
			"There are no classes inside a class: write \\[ for the bracket itself, and a-z for "
			"[:lower:].");
	*point = utf8_next(&parser->at);
	return ERR_OK;
}

/* One item of a class: a shorthand, a character or a range. IS_FIRST: right behind the [ or [^. */
static enum err regex_parse_class_item(struct regex_parser *parser, struct regex_ranges *ranges, bool is_first)
{
	const char *start = parser->at;
	const struct expr_regex_class *set = *start == '\\' ? regex_shorthand(start[1]) : NULL;
	if (set != NULL) {
		parser->at += 2;
		return regex_ranges_add_set(parser, ranges, set);
	}
	if (*start == '-' && !is_first && start[1] != ']' && start[1] != '\0')
		return regex_refuse(parser, start,
				    "It is not clear what this hyphen means: write \\- for a hyphen itself.");
	uint32_t first;
	enum err error = regex_parse_class_char(parser, &first);
	if (error != ERR_OK)
		return error;
	uint32_t last = first;
	if (parser->at[0] == '-' && parser->at[1] != ']' && parser->at[1] != '\0') {
		parser->at++;
		error = regex_parse_class_char(parser, &last);
		if (error != ERR_OK)
			return error;
		if (last < first)
			return regex_refuse(parser, start, "This range runs backwards: write its lower end first.");
	}
	return regex_ranges_add(parser, ranges, first, last);
}

static enum err regex_parse_class(struct regex_parser *parser, struct expr_regex_node **out)
{
	const char *bracket = parser->at++;
	bool is_negated = *parser->at == '^';
	if (is_negated)
		parser->at++;
	if (*parser->at == ']')
		return regex_refuse(parser, bracket, "This class is empty: write \\] for a closing bracket itself.");
	struct regex_ranges ranges = {0};
	for (bool is_first = true; *parser->at != ']'; is_first = false) {
		if (*parser->at == '\0')
			return regex_refuse(parser, bracket, "This [ is never closed: write ] at its end.");
		enum err error = regex_parse_class_item(parser, &ranges, is_first);
		if (error != ERR_OK)
			return error;
	}
	parser->at++;
	struct expr_regex_class *set = arena_new(parser->arena, struct expr_regex_class);
	if (set == NULL)
		return ERR_NOMEM;
	*set = (struct expr_regex_class){ranges.list, ranges.count, is_negated};
	enum err error = regex_node_new(parser, EXPR_REGEX_CLASS, out);
	if (error == ERR_OK)
		(*out)->set = set;
	return error;
}

static enum err regex_parse_choice(struct regex_parser *parser, struct expr_regex_node **out);

static enum err regex_parse_group(struct regex_parser *parser, struct expr_regex_node **out)
{
	const char *bracket = parser->at++;
	if (strncmp(parser->at, "?:", 2) == 0) {
		parser->at += 2;
	} else if (*parser->at == '?') {
		if (parser->at[1] == '=' || parser->at[1] == '!' ||
		    (parser->at[1] == '<' && (parser->at[2] == '=' || parser->at[2] == '!')))
			return regex_refuse(
				parser, bracket,
				"Looking ahead or behind is not in the subset: use several regex() joined by and.");
		return regex_refuse(parser, bracket, "Groups have no names or flags here: write ( or (?: .");
	}
	if (++parser->level > EXPR_REGEX_LEVELS_MAX)
		return regex_refuse(parser, bracket, "There are more than %d groups in one another: write it flatter.",
				    EXPR_REGEX_LEVELS_MAX);
	enum err error = regex_parse_choice(parser, out);
	if (error != ERR_OK)
		return error;
	parser->level--;
	if (*parser->at != ')')
		return regex_refuse(parser, bracket, "This ( is never closed: write ) at its end.");
	parser->at++;
	return ERR_OK;
}

static enum err regex_parse_char(struct regex_parser *parser, struct expr_regex_node **out)
{
	uint32_t point;
	enum err error = ERR_OK;
	if (*parser->at == '\\')
		error = regex_parse_escape(parser, false, &point);
	else
		point = utf8_next(&parser->at);
	if (error == ERR_OK)
		error = regex_node_new(parser, EXPR_REGEX_CHAR, out);
	if (error == ERR_OK)
		(*out)->point = point;
	return error;
}

static enum err regex_parse_set(struct regex_parser *parser, const struct expr_regex_class *set, size_t length,
				struct expr_regex_node **out)
{
	parser->at += length;
	enum err error = regex_node_new(parser, EXPR_REGEX_CLASS, out);
	if (error == ERR_OK)
		(*out)->set = set;
	return error;
}

static enum err regex_parse_atom(struct regex_parser *parser, struct expr_regex_node **out)
{
	switch (*parser->at) {
	case '(':
		return regex_parse_group(parser, out);
	case '[':
		return regex_parse_class(parser, out);
	case '.':
		return regex_parse_set(parser, &any_class, 1, out);
	case '^':
		parser->at++;
		return regex_node_new(parser, EXPR_REGEX_START, out);
	case '$':
		parser->at++;
		return regex_node_new(parser, EXPR_REGEX_END, out);
	case '*':
	case '+':
	case '?':
	case '{':
		return regex_refuse(
			parser, parser->at,
			"Nothing stands before this %c that it could repeat: write \\%c for the sign itself.",
			*parser->at, *parser->at);
	case ']':
	case '}':
		return regex_refuse(parser, parser->at, "This %c closes nothing: write \\%c for the sign itself.",
				    *parser->at, *parser->at);
	case '\\':
		if (regex_shorthand(parser->at[1]) != NULL)
			return regex_parse_set(parser, regex_shorthand(parser->at[1]), 2, out);
		break;
	default:
		break;
	}
	return regex_parse_char(parser, out);
}

/* A bound's digits; false when there are none or it is over the limit. */
static bool regex_parse_bound(struct regex_parser *parser, unsigned *bound)
{
	const char *start = parser->at;
	*bound = 0;
	for (; *parser->at >= '0' && *parser->at <= '9'; parser->at++) {
		*bound = *bound * 10 + (unsigned) (*parser->at - '0');
		if (*bound > EXPR_REGEX_REPEAT_MAX)
			return false;
	}
	return parser->at > start;
}

static enum err regex_parse_bounds(struct regex_parser *parser, unsigned *least, unsigned *most)
{
	const char *bracket = parser->at++;
	bool is_good = regex_parse_bound(parser, least);
	*most = *least;
	if (is_good && *parser->at == ',') {
		parser->at++;
		*most = EXPR_REGEX_NO_MOST;
		if (*parser->at != '}')
			is_good = regex_parse_bound(parser, most);
	}
	if (!is_good || *parser->at != '}')
		return regex_refuse(
			parser, bracket,
			"Write how often as {3}, {3,} or {3,5}, with numbers up to %d, and \\{ for the sign itself.",
			EXPR_REGEX_REPEAT_MAX);
	if (*most < *least)
		return regex_refuse(parser, bracket, "These numbers run backwards: write the lower one first.");
	parser->at++;
	return ERR_OK;
}

/* An atom and how often it comes. */
static enum err regex_parse_piece(struct regex_parser *parser, struct expr_regex_node **out)
{
	struct expr_regex_node *atom = NULL;
	enum err error = regex_parse_atom(parser, &atom);
	if (error != ERR_OK)
		return error;
	*out = atom;
	const char *sign = parser->at;
	if (*sign == '\0' || strchr("*+?{", *sign) == NULL)
		return ERR_OK;
	if (atom->kind == EXPR_REGEX_START || atom->kind == EXPR_REGEX_END)
		return regex_refuse(parser, sign, "^ and $ cannot be repeated: leave the %c out.", *sign);
	unsigned least = *sign == '+' ? 1 : 0, most = *sign == '?' ? 1 : EXPR_REGEX_NO_MOST;
	if (*sign == '{')
		error = regex_parse_bounds(parser, &least, &most);
	else
		parser->at++;
	if (error != ERR_OK)
		return error;
	if (*parser->at != '\0' && strchr("*+?{", *parser->at) != NULL)
		return regex_refuse(
			parser, parser->at,
			"One sign for how often is enough: leave this %c out (a match is always of the whole answer), "
			"or put what is before it in (?: ).",
			*parser->at);
	error = regex_node_new(parser, EXPR_REGEX_REPEAT, out);
	if (error != ERR_OK)
		return error;
	(*out)->least = least;
	(*out)->most = most;
	(*out)->first = atom;
	return ERR_OK;
}

static enum err regex_parse_sequence(struct regex_parser *parser, struct expr_regex_node **out)
{
	enum err error = regex_node_new(parser, EXPR_REGEX_SEQUENCE, out);
	if (error != ERR_OK)
		return error;
	struct expr_regex_node **end = &(*out)->first;
	while (*parser->at != '\0' && *parser->at != '|' && *parser->at != ')') {
		error = regex_parse_piece(parser, end);
		if (error != ERR_OK)
			return error;
		end = &(*end)->next;
	}
	if ((*out)->first == NULL)
		(*out)->kind = EXPR_REGEX_EMPTY;
	return ERR_OK;
}

static enum err regex_parse_choice(struct regex_parser *parser, struct expr_regex_node **out)
{
	enum err error = regex_node_new(parser, EXPR_REGEX_CHOICE, out);
	if (error != ERR_OK)
		return error;
	struct expr_regex_node **end = &(*out)->first;
	for (;;) {
		error = regex_parse_sequence(parser, end);
		if (error != ERR_OK)
			return error;
		end = &(*end)->next;
		if (*parser->at != '|')
			return ERR_OK;
		parser->at++;
	}
}

enum err expr_regex_parse(const char *pattern, struct arena *arena, struct expr_regex_node **out,
			  struct expr_error *error)
{
	struct regex_parser parser = {.pattern = pattern, .at = pattern, .arena = arena, .error = error};
	enum err result = regex_parse_choice(&parser, out);
	if (result == ERR_OK && *parser.at == ')')
		return regex_refuse(&parser, parser.at, "This ) closes nothing: write \\) for the sign itself.");
	return result;
}
