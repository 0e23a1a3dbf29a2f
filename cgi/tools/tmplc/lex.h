/* SPDX-License-Identifier: MIT */
/* lex.h: a template's text as a list of tokens: HTML as it stands, and what stands in {{ }}, in words. */
#ifndef SOUNDINGS_TMPLC_LEX_H
#define SOUNDINGS_TMPLC_LEX_H

#include "tools/tmplc/source.h"

enum token_kind {
	TOKEN_TEXT,
	TOKEN_COMMENT, /* {{! ... }} */
	TOKEN_VALUE,   /* {{p.title}} */
	TOKEN_WORDS,   /* {{t continue}} */
	TOKEN_MODEL,
	TOKEN_IF,
	TOKEN_ELIF,
	TOKEN_ELSE,
	TOKEN_EACH,
	TOKEN_END,
	TOKEN_INCLUDE,
	TOKEN_LTRIM,
	TOKEN_EOF,
	TOKEN_COUNT
};

/* A word of a directive, without the keyword. */
struct token_word {
	const char *text; /* NUL-ended, in the source's arena */
	struct place place;
};

enum { TOKEN_WORDS_MAX = 16 };

struct token {
	enum token_kind kind;
	struct place place;
	const char *text; /* TOKEN_TEXT: into the source, not NUL-ended */
	size_t length;
	const struct token_word *words;
	size_t words_count;
};

struct tokens {
	struct token *list; /* the last is TOKEN_EOF */
	size_t count;
	size_t capacity;
};

/* ERR_INVALID (said already): {{ without }}, an empty or overlong directive. ERR_NOMEM. */
enum err lex_source(const struct source *source, struct tokens *out) MUST_CHECK;

/* How a person writes this kind ("{{each}}"). */
const char *lex_name(enum token_kind kind);

#endif
