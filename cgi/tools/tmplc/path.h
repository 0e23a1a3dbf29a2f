/* SPDX-License-Identifier: MIT */
/* path.h: what a template calls things ("q.hint.text"), as C. */
#ifndef SOUNDINGS_TMPLC_PATH_H
#define SOUNDINGS_TMPLC_PATH_H

#include "tools/tmplc/lex.h"
#include "tools/tmplc/source.h"

#include <stdbool.h>

/* Every {{each}} may be compiled a few times over (compile.c), so this many inside one another are enough. */
enum { SCOPE_MAX = 8 };

/* The names that hold at one place of a template. */
struct scope {
	const char *names[SCOPE_MAX];  /* [0] is "p"; the others are of the {{each}} blocks around, outermost first */
	const char *counts[SCOPE_MAX]; /* C for the length of that block's array */
	size_t count;
};

/* The C expression for WORD. ERR_INVALID (said already), ERR_NOMEM. */
enum err path_compile(const struct source *source, const struct scope *scope, const struct token_word *word,
		      const char **out) MUST_CHECK;

/* The same for what {{each}} goes over: a member whose length stands beside it. */
enum err path_compile_array(const struct source *source, const struct scope *scope, const struct token_word *word,
			    const char **array, const char **count) MUST_CHECK;

/* Checks the name that an {{each}} gives. */
enum err path_check_name(const struct source *source, const struct scope *scope,
			 const struct token_word *word) MUST_CHECK;

#endif
