/* SPDX-License-Identifier: MIT */
/* compile.h: a list of tokens as a list of steps that print the page: literals, and statements of C. */
#ifndef SOUNDINGS_TMPLC_COMPILE_H
#define SOUNDINGS_TMPLC_COMPILE_H

#include "tools/tmplc/lex.h"
#include "tools/tmplc/source.h"

struct op {
	unsigned line;       /* of the template */
	unsigned depth;      /* blocks around it */
	const char *literal; /* prints these bytes; NULL: CODE instead */
	size_t length;
	const char *code; /* one line of C */
};

struct program {
	const char *model;        /* "page_form", of struct page_form */
	const char *model_header; /* "lib/view/pages.h" */
	struct place model_place;
	struct op *ops;
	size_t ops_count, ops_capacity;
	const char **includes; /* "components/radios", each once */
	size_t includes_count, includes_capacity;
};

/* ERR_INVALID (said already), ERR_NOMEM. Everything lives in the source's arena. */
enum err compile_tokens(const struct source *source, const struct tokens *tokens, struct program *out) MUST_CHECK;

/* The C name of template FOLDER/NAME: "components/exit-about" is components_exit_about_html. NULL without room. */
char *compile_function_name(struct arena *arena, const char *template_name);

#endif
