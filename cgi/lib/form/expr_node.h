/* SPDX-License-Identifier: MIT */
/* expr_node.h: a checked expression as a tree. Only expr*.c include this; others see struct expr as opaque. */
#ifndef SOUNDINGS_FORM_EXPR_NODE_H
#define SOUNDINGS_FORM_EXPR_NODE_H

#include "lib/form/expr.h"
#include "lib/form/expr_regex.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	EXPR_BYTES_MAX = 2000,
	EXPR_LEVELS_MAX = 32, /* parentheses and calls in one another */
	EXPR_NODES_MAX = 500
};

enum expr_op {
	EXPR_OP_STRING,
	EXPR_OP_NUMBER,
	EXPR_OP_FIELD, /* ${name} or . */
	EXPR_OP_EQUAL,
	EXPR_OP_UNEQUAL,
	EXPR_OP_LESS,
	EXPR_OP_LESS_EQUAL,
	EXPR_OP_MORE,
	EXPR_OP_MORE_EQUAL,
	EXPR_OP_AND, /* two arguments or more */
	EXPR_OP_OR,  /* two arguments or more */
	EXPR_OP_NOT,
	EXPR_OP_TRUE,
	EXPR_OP_FALSE,
	EXPR_OP_SELECTED,
	EXPR_OP_COUNT_SELECTED,
	EXPR_OP_STRING_LENGTH,
	EXPR_OP_REGEX,
	EXPR_OP_IF,
	EXPR_OP_COALESCE,
	EXPR_OP_COUNT
};

struct expr {
	enum expr_op op;
	enum expr_type type;
	size_t at;                      /* where it begins in the source */
	const char *text;               /* STRING: its value, also of one that is a DATE; FIELD: its name */
	double number;                  /* NUMBER */
	const struct expr_regex *regex; /* REGEX: its second argument, compiled */
	struct expr *first;             /* arguments */
	struct expr *next;              /* the argument after this one */
	bool is_self;                   /* FIELD: written as . */
};

/* An operator's or function's name in XLSForm: "!=", "count-selected". NULL for strings, numbers and fields. */
const char *expr_op_name(enum expr_op op);

#endif
