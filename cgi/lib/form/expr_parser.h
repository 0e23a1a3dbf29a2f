/* SPDX-License-Identifier: MIT */
/* expr_parser.h: what expr_parse.c (tokens and grammar) and expr_check.c (types and their sentences) share. */
#ifndef SOUNDINGS_FORM_EXPR_PARSER_H
#define SOUNDINGS_FORM_EXPR_PARSER_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/expr.h"
#include "lib/form/expr_node.h"

#include <stddef.h>

enum expr_token_kind {
	EXPR_TOKEN_END,
	EXPR_TOKEN_NAME,   /* ${text} */
	EXPR_TOKEN_SELF,   /* . */
	EXPR_TOKEN_STRING, /* 'text' or "text" */
	EXPR_TOKEN_NUMBER,
	EXPR_TOKEN_WORD, /* text: and, or, a function's name */
	EXPR_TOKEN_OPEN,
	EXPR_TOKEN_CLOSE,
	EXPR_TOKEN_COMMA,
	EXPR_TOKEN_COMPARE /* op */
};

struct expr_token {
	enum expr_token_kind kind;
	size_t at;
	const char *text;
	double number;
	enum expr_op op;
};

struct expr_parser {
	const char *text;
	const char *at;          /* behind the token */
	struct expr_token token; /* looked at, not yet taken */
	const struct expr_names *names;
	struct arena *arena;
	struct expr_error *error;
	unsigned level;
	unsigned nodes;
};

/* Fills the error and gives ERR_INVALID. AT counts bytes of the source. */
enum err expr_refuse(struct expr_parser *parser, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4), warn_unused_result));

/* Whether NODE, an operator with its arguments, has the types it needs, and compares a field with one of its choices.
 * ERR_INVALID with the error filled. */
enum err expr_check_operator(struct expr_parser *parser, const struct expr *node) MUST_CHECK;

/* The same for a call, whose number of arguments is right already. Sets its type, and compiles a pattern. ERR_NOMEM. */
enum err expr_check_call(struct expr_parser *parser, struct expr *node) MUST_CHECK;

/* Whether NODE gives what is EXPECTED. */
enum err expr_check_type(struct expr_parser *parser, const struct expr *node, enum expr_type expected) MUST_CHECK;

#endif
