/* SPDX-License-Identifier: MIT */
/* expr_names.h: the names of a small form and somebody's answers, for the tests of expressions. Include cmocka first.
 */
#ifndef SOUNDINGS_TESTS_EXPR_NAMES_H
#define SOUNDINGS_TESTS_EXPR_NAMES_H

#include "lib/base/problem.h"
#include "lib/form/expr.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { ARENA_CEILING = 4 * 1024 * 1024 };

struct name {
	const char *name;
	enum expr_type type;
	const char *choices; /* each with a space before and behind; NULL: a text */
};

static const struct name known[] = {
	{"easy", EXPR_TYPE_STRING, " good poor very_poor "},
	{"learned", EXPR_TYPE_LIST, " words language other none "},
	{"better", EXPR_TYPE_STRING, NULL},
	{"overall", EXPR_TYPE_STRING, " good poor "},
	{"age", EXPR_TYPE_NUMBER, NULL},
	{"hours", EXPR_TYPE_NUMBER, NULL},
	{"score", EXPR_TYPE_NUMBER, " -1 0 1 2 prefer_not "},
	{"born", EXPR_TYPE_DATE, NULL},
	{"moved", EXPR_TYPE_DATE, NULL},
};
static const char *const known_names[] = {"easy",  "learned", "better", "overall", "age",
					  "hours", "score",   "born",   "moved"};

static inline const struct name *name_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

static inline bool names_find(const void *context, const char *name, enum expr_type *type)
{
	(void) context;
	const struct name *found = name_find(name);
	if (found != NULL)
		*type = found->type;
	return found != NULL;
}

/* True when the space-separated LIST, which begins and ends with a space, holds WORD. */
static inline bool has_word(const char *list, const char *word)
{
	char padded[80];
	snprintf(padded, sizeof padded, " %s ", word);
	return strstr(list, padded) != NULL;
}

static inline bool names_has_choice(const void *context, const char *name, const char *value)
{
	(void) context;
	const struct name *found = name_find(name);
	assert_non_null(found);
	return found->choices == NULL || (value[0] != '\0' && has_word(found->choices, value));
}

static inline const char *names_nearest(const void *context, const char *name)
{
	(void) context;
	return problem_nearest(name, known_names, COUNT_OF(known_names));
}

/* Names as a constraint: of SELF sees them; NULL: as a relevant:. */
static inline struct expr_names names_for(const char *self)
{
	return (struct expr_names){names_find, names_has_choice, names_nearest, NULL, self};
}

struct answered {
	const char *easy;
	const char *learned; /* as choices above; "" is unanswered */
	const char *better;
	const char *age, *hours, *score, *born, *moved; /* NULL is unanswered */
};

static inline const char *values_text(const void *context, const char *name)
{
	const struct answered *answered = context;
	const char *typed = strcmp(name, "age") == 0     ? answered->age
			    : strcmp(name, "hours") == 0 ? answered->hours
			    : strcmp(name, "score") == 0 ? answered->score
			    : strcmp(name, "born") == 0  ? answered->born
			    : strcmp(name, "moved") == 0 ? answered->moved
							 : NULL;
	if (typed != NULL)
		return typed;
	if (strcmp(name, "easy") == 0)
		return answered->easy;
	assert_string_not_equal(name, "learned"); /* a list is never asked for its text */
	return strcmp(name, "better") == 0 ? answered->better : "";
}

static inline size_t values_count(const void *context, const char *name)
{
	const struct answered *answered = context;
	assert_string_equal(name, "learned");
	size_t count = 0;
	for (const char *at = answered->learned; *at != '\0'; at++)
		count += *at == ' ';
	return count > 0 ? count - 1 : 0;
}

static inline bool values_is_selected(const void *context, const char *name, const char *choice)
{
	const struct answered *answered = context;
	assert_string_equal(name, "learned");
	return has_word(answered->learned, choice);
}

static inline bool truth(const struct expr *expr, const struct answered *answered)
{
	const struct expr_values values = {values_text, values_count, values_is_selected, answered};
	return expr_is_true(expr, &values);
}

/* Somebody's choices and words. */
#define ANSWERED(easy_choice, learned_choices, better_text)                                                            \
	{                                                                                                              \
		.easy = easy_choice, .learned = learned_choices, .better = better_text                                 \
	}
#define NOBODY ANSWERED("", "", "")
/* Somebody's numbers and dates. */
#define TYPED(...)                                                                                                     \
	{                                                                                                              \
		.easy = "", .learned = "", .better = "", __VA_ARGS__                                                   \
	}

/* Parses a constraint of the text "better". */
static inline enum err parse(const char *source, struct arena *arena, const struct expr **expr,
			     struct expr_error *error)
{
	const struct expr_names names = names_for("better");
	return expr_parse(source, &names, EXPR_TYPE_BOOL, arena, expr, error);
}

#endif
