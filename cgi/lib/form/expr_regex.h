/* SPDX-License-Identifier: MIT */
/* expr_regex.h: the patterns of regex(), matched in time that grows with text length times pattern size, never worse.
 *
 * Only expr*.c include this. The subset: literals, . [classes] \d \w \s \D \W \S \t \n \r, escaped signs, ^ $, ( ) and
 * (?: ), |, * + ? {m} {m,} {m,n} with bounds up to 100. Its meaning is that of ECMAScript with the u flag (the page
 * gives the same pattern to RegExp), and every pattern taken here is one there. As in ODK, a pattern must match the
 * whole text (docs.getodk.org/form-regex): ^ and $ at its ends change nothing. */
#ifndef SOUNDINGS_FORM_EXPR_REGEX_H
#define SOUNDINGS_FORM_EXPR_REGEX_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/expr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	EXPR_REGEX_REPEAT_MAX = 100,  /* the largest bound in {m,n} */
	EXPR_REGEX_STATES_MAX = 2000, /* of one compiled pattern */
	EXPR_REGEX_LEVELS_MAX = 32    /* groups in groups */
};

/* A set of characters: in one of the ranges, or (is_negated) in none. */
struct expr_regex_range {
	uint32_t first;
	uint32_t last;
};

struct expr_regex_class {
	const struct expr_regex_range *ranges;
	size_t count;
	bool is_negated;
};

enum expr_regex_kind {
	EXPR_REGEX_EMPTY,    /* the empty text */
	EXPR_REGEX_CHAR,     /* one character */
	EXPR_REGEX_CLASS,    /* one character of a set */
	EXPR_REGEX_START,    /* ^ */
	EXPR_REGEX_END,      /* $ */
	EXPR_REGEX_SEQUENCE, /* its parts, one after the other */
	EXPR_REGEX_CHOICE,   /* one of its parts */
	EXPR_REGEX_REPEAT    /* its only part, LEAST to MOST times */
};

enum { EXPR_REGEX_NO_MOST = EXPR_REGEX_REPEAT_MAX + 1 }; /* as MOST: without end */

/* A pattern as a tree. */
struct expr_regex_node {
	enum expr_regex_kind kind;
	uint32_t point;                     /* EXPR_REGEX_CHAR */
	const struct expr_regex_class *set; /* EXPR_REGEX_CLASS */
	unsigned least, most;               /* EXPR_REGEX_REPEAT */
	struct expr_regex_node *first;      /* parts */
	struct expr_regex_node *next;       /* sibling */
};

/* Reads PATTERN (well-formed UTF-8) into a tree in ARENA. ERR_INVALID with *ERROR (its place counts from the start of
 * the pattern), ERR_NOMEM. expr_regex_parse.c. */
enum err expr_regex_parse(const char *pattern, struct arena *arena, struct expr_regex_node **out,
			  struct expr_error *error) MUST_CHECK;

struct expr_regex;

/* The pattern made ready for matching, in ARENA. Errors as expr_regex_parse, and ERR_INVALID for one that needs more
 * than EXPR_REGEX_STATES_MAX states. */
enum err expr_regex_compile(const char *pattern, struct arena *arena, const struct expr_regex **out,
			    struct expr_error *error) MUST_CHECK;

/* True when the whole TEXT (well-formed UTF-8) is one that the pattern describes. Allocates nothing. */
bool expr_regex_matches(const struct expr_regex *regex, const char *text);

#endif
