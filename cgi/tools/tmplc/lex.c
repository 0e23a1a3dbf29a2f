/* SPDX-License-Identifier: MIT */
/* lex.c: cuts a template into tokens. Knows nothing of HTML and nothing of what names mean. */
#include "tools/tmplc/lex.h"

#include <string.h>

static const struct lex_keyword {
	const char *word;
	const char *written;
} lex_keywords[TOKEN_COUNT] = {
	[TOKEN_TEXT] = {NULL, "text"},
	[TOKEN_COMMENT] = {NULL, "{{! }}"},
	[TOKEN_VALUE] = {NULL, "a value"},
	[TOKEN_WORDS] = {"t", "{{t}}"},
	[TOKEN_MODEL] = {"model", "{{model}}"},
	[TOKEN_IF] = {"if", "{{if}}"},
	[TOKEN_ELIF] = {"elif", "{{elif}}"},
	[TOKEN_ELSE] = {"else", "{{else}}"},
	[TOKEN_EACH] = {"each", "{{each}}"},
	[TOKEN_END] = {"end", "{{end}}"},
	[TOKEN_INCLUDE] = {"include", "{{include}}"},
	[TOKEN_LTRIM] = {"ltrim", "{{ltrim}}"},
	[TOKEN_EOF] = {NULL, "the end of the file"},
};

const char *lex_name(enum token_kind kind)
{
	return lex_keywords[kind].written;
}

static struct token *lex_add(const struct source *source, struct tokens *tokens, enum token_kind kind,
			     struct place place)
{
	if (tokens->count == tokens->capacity) {
		size_t capacity = tokens->capacity > 0 ? tokens->capacity * 2 : 64;
		struct token *list = arena_grow(source->arena, tokens->list, tokens->count, capacity, sizeof *list);
		if (list == NULL)
			return NULL;
		tokens->list = list;
		tokens->capacity = capacity;
	}
	struct token *token = &tokens->list[tokens->count++];
	*token = (struct token){.kind = kind, .place = place};
	return token;
}

static enum token_kind lex_kind(const char *word)
{
	for (size_t kind = 0; kind < TOKEN_COUNT; kind++)
		if (lex_keywords[kind].word != NULL && strcmp(lex_keywords[kind].word, word) == 0)
			return (enum token_kind) kind;
	return TOKEN_VALUE;
}

/* Cuts the inside of a directive at blanks. The keyword decides the kind and is taken off; a value keeps its path. */
static enum err lex_directive(const struct source *source, struct tokens *tokens, struct place open, const char *inside,
			      size_t length)
{
	static const char blanks[] = " \t\r\n";
	struct token_word *words = arena_array(source->arena, TOKEN_WORDS_MAX + 1, struct token_word);
	if (words == NULL)
		return ERR_NOMEM;
	struct place place = {open.line, open.column + 2};
	size_t count = 0;
	for (size_t at = 0; at < length;) {
		size_t step = 0;
		if (strchr(blanks, inside[at]) != NULL) {
			step = 1;
		} else {
			while (at + step < length && strchr(blanks, inside[at + step]) == NULL)
				step++;
			if (count > TOKEN_WORDS_MAX)
				return source_refuse(source, place, "no directive has so many words: is a }} missing?");
			char *text = arena_strndup(source->arena, inside + at, step);
			if (text == NULL)
				return ERR_NOMEM;
			words[count++] = (struct token_word){text, place};
		}
		source_advance(&place, inside + at, step);
		at += step;
	}
	if (count == 0)
		return source_refuse(source, open, "there is nothing between {{ and }}");
	struct token *token = lex_add(source, tokens, lex_kind(words[0].text), open);
	if (token == NULL)
		return ERR_NOMEM;
	size_t skip = token->kind != TOKEN_VALUE;
	token->words = words + skip;
	token->words_count = count - skip;
	return ERR_OK;
}

/* The "}}" that ends what begins at TEXT, a NUL-ended rest of the source; NULL when another "{{" or the end comes
 * first. A comment may hold "{{". */
static const char *lex_close(const char *text)
{
	const char *close = strstr(text, "}}");
	const char *open = *text == '!' ? NULL : strstr(text, "{{");
	return close == NULL || (open != NULL && open < close) ? NULL : close;
}

enum err lex_source(const struct source *source, struct tokens *out)
{
	*out = (struct tokens){.list = NULL};
	struct place place = {1, 1};
	const char *text = source->text;
	while (*text != '\0') {
		const char *open = strstr(text, "{{");
		size_t length = open != NULL ? (size_t) (open - text) : strlen(text);
		if (length > 0) {
			struct token *token = lex_add(source, out, TOKEN_TEXT, place);
			if (token == NULL)
				return ERR_NOMEM;
			token->text = text;
			token->length = length;
			source_advance(&place, text, length);
			text += length;
			continue;
		}
		const char *inside = text + 2;
		const char *close = lex_close(inside);
		if (close == NULL)
			return source_refuse(source, place, "this {{ is never closed: write }} behind it");
		enum err error = ERR_OK;
		if (*inside == '!')
			error = lex_add(source, out, TOKEN_COMMENT, place) == NULL ? ERR_NOMEM : ERR_OK;
		else
			error = lex_directive(source, out, place, inside, (size_t) (close - inside));
		if (error != ERR_OK)
			return error;
		source_advance(&place, text, (size_t) (close + 2 - text));
		text = close + 2;
	}
	return lex_add(source, out, TOKEN_EOF, place) == NULL ? ERR_NOMEM : ERR_OK;
}
