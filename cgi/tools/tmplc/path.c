/* SPDX-License-Identifier: MIT */
/* path.c: what a template calls things, as C. Lets through names, steps and nothing else: no calls, no operators, no
 * numbers, so that a template can print what its page model holds and compute nothing. Whether a member exists, and
 * whether its type can be printed, the C compiler says at the template's line. */
#include "tools/tmplc/path.h"

#include "lib/base/problem.h"
#include "lib/base/strbuf.h"

#include <string.h>

enum { PATH_CODE_MAX_BYTES = 4096 };

static const char path_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
static const char path_signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

/* The parameters of the function that is made, words of the template language, and the keywords of C. */
static const char *const path_reserved[] = {
	"p",     "t",        "out",     "in",      "not",    "auto",   "break",    "case",     "char",
	"const", "continue", "default", "do",      "double", "else",   "enum",     "extern",   "float",
	"for",   "goto",     "if",      "inline",  "int",    "long",   "register", "restrict", "return",
	"short", "signed",   "sizeof",  "static",  "struct", "switch", "typedef",  "union",    "unsigned",
	"void",  "volatile", "while",   "asm",     "typeof", "bool",   "true",     "false",    "if",
	"elif",  "each",     "end",     "include", "model",  "ltrim",
};

static size_t path_name_length(const char *text)
{
	return strspn(text, path_letters) == 0 ? 0 : strspn(text, path_signs);
}

static enum err path_find(const struct source *source, const struct scope *scope, const struct token_word *word,
			  size_t length, size_t *out)
{
	for (size_t i = scope->count; i-- > 0;) {
		if (strlen(scope->names[i]) == length && memcmp(scope->names[i], word->text, length) == 0) {
			*out = i;
			return ERR_OK;
		}
	}
	if (length == 0)
		return source_refuse(source, word->place, "\"%s\" is no path: write one such as p.title", word->text);
	const char *name = arena_strndup(source->arena, word->text, length);
	if (name == NULL)
		return ERR_NOMEM;
	const char *nearest = problem_nearest(name, scope->names, scope->count);
	return source_refuse(source, word->place, "nothing is called \"%s\" here%s%s%s", name,
			     nearest != NULL ? ": did you mean \""
					     : ": a path begins with p or the name of an {{each}}",
			     nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

/* q.#, q.#first, q.#last */
static enum err path_position(const struct source *source, const struct scope *scope, size_t index,
			      const struct token_word *word, const char *step, struct strbuf *code)
{
	const char *name = scope->names[index];
	if (index == 0)
		return source_refuse(source, word->place, "only the name of an {{each}} has a number, p has none");
	if (strcmp(step, ".#") == 0)
		strbuf_putf(code, "(%s__at + 1)", name);
	else if (strcmp(step, ".#first") == 0)
		strbuf_putf(code, "(%s__at == 0)", name);
	else if (strcmp(step, ".#last") == 0)
		strbuf_putf(code, "(%s__at + 1 == %s)", name, scope->counts[index]);
	else
		return source_refuse(source, word->place,
				     "after %s only #, #first and #last may follow the dot with a #", name);
	return ERR_OK;
}

static enum err path_steps(const struct source *source, const struct scope *scope, size_t index,
			   const struct token_word *word, const char *steps, struct strbuf *code)
{
	if (strncmp(steps, ".#", 2) == 0)
		return path_position(source, scope, index, word, steps, code);
	/* An element that is a pointer itself is followed with "->" from the start. */
	bool is_first = true;
	bool is_pointer_element = strncmp(steps, "->", 2) == 0;
	if (is_pointer_element && index == 0)
		return source_refuse(source, word->place, "the first step after p is written with a dot: p.%s",
				     steps + 2);
	strbuf_putf(code, is_pointer_element || *steps == '\0' ? "(*%s)" : "%s", scope->names[index]);
	while (*steps != '\0') {
		bool is_arrow = strncmp(steps, "->", 2) == 0;
		size_t skip = is_arrow ? 2 : 1;
		size_t length = *steps == '.' || is_arrow ? path_name_length(steps + skip) : 0;
		if (length == 0)
			return source_refuse(
				source, word->place,
				"\"%s\" is no path: names are joined by . (or -> where the member is a pointer)",
				word->text);
		strbuf_puts(code, is_first || is_arrow ? "->" : ".");
		strbuf_put(code, steps + skip, length);
		steps += skip + length;
		is_first = false;
	}
	return ERR_OK;
}

enum err path_compile(const struct source *source, const struct scope *scope, const struct token_word *word,
		      const char **out)
{
	size_t length = path_name_length(word->text), index = 0;
	enum err error = path_find(source, scope, word, length, &index);
	if (error != ERR_OK)
		return error;
	CLEANUP_STRBUF struct strbuf code;
	strbuf_init(&code, PATH_CODE_MAX_BYTES);
	error = path_steps(source, scope, index, word, word->text + length, &code);
	if (error == ERR_OK)
		error = strbuf_error(&code);
	if (error != ERR_OK)
		return error;
	*out = arena_strdup(source->arena, strbuf_text(&code));
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

enum err path_compile_array(const struct source *source, const struct scope *scope, const struct token_word *word,
			    const char **array, const char **count)
{
	if (strpbrk(word->text, ".>") == NULL || strchr(word->text, '#') != NULL)
		return source_refuse(source, word->place,
				     "{{each}} goes over an array that is a member, such as p.questions");
	enum err error = path_compile(source, scope, word, array);
	if (error != ERR_OK)
		return error;
	*count = arena_printf(source->arena, "(size_t) %s_count", *array);
	return *count == NULL ? ERR_NOMEM : ERR_OK;
}

enum err path_check_name(const struct source *source, const struct scope *scope, const struct token_word *word)
{
	const char *name = word->text;
	if (path_name_length(name) != strlen(name) || name[0] < 'a' || name[0] > 'z' || strstr(name, "__") != NULL)
		return source_refuse(source, word->place, "\"%s\" is no name: write one such as q (a to z, 0 to 9, _)",
				     name);
	for (size_t i = 0; i < sizeof path_reserved / sizeof path_reserved[0]; i++)
		if (strcmp(path_reserved[i], name) == 0)
			return source_refuse(source, word->place,
					     "\"%s\" means something else already: choose another name", name);
	for (size_t i = 0; i < scope->count; i++)
		if (strcmp(scope->names[i], name) == 0)
			return source_refuse(source, word->place,
					     "an {{each}} around this one is called \"%s\" too: choose another name",
					     name);
	return ERR_OK;
}
