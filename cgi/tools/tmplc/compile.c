/* SPDX-License-Identifier: MIT */
/* compile.c: goes through the tokens of a template by recursive descent and makes the steps that print the page.
 *
 * Each literal moves the HTML state, each directive asks it what is allowed. A block in {{each}} may run again after
 * itself, so it is compiled again until the state it begins in covers the one it ends in. */
#include "tools/tmplc/compile.h"

#include "lib/base/strbuf.h"
#include "tools/tmplc/html.h"
#include "tools/tmplc/path.h"
#include "tools/tmplc/slot.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

enum {
	COMPILE_DEPTH_MAX = 24,
	COMPILE_LITERAL_MAX_BYTES = 1024 * 1024,
	COMPILE_ROUNDS_MAX = 8 /* the state can only grow more careful, in fewer steps than this */
};

struct compiler {
	const struct source *source;
	const struct tokens *tokens;
	size_t at; /* next token */
	struct html html;
	struct strbuf literal; /* read, not yet an op */
	unsigned literal_line;
	struct scope scope;
	unsigned depth;
	struct program *program;
};

static const struct token *compile_peek(const struct compiler *compiler)
{
	return &compiler->tokens->list[compiler->at];
}

/* ---- ops ----------------------------------------------------------------------------------------------------------
 */

static enum err compile_add(struct compiler *compiler, struct op op)
{
	struct program *program = compiler->program;
	if (program->ops_count == program->ops_capacity) {
		size_t capacity = program->ops_capacity > 0 ? program->ops_capacity * 2 : 128;
		struct op *ops =
			arena_grow(compiler->source->arena, program->ops, program->ops_count, capacity, sizeof *ops);
		if (ops == NULL)
			return ERR_NOMEM;
		program->ops = ops;
		program->ops_capacity = capacity;
	}
	op.depth = compiler->depth;
	program->ops[program->ops_count++] = op;
	return ERR_OK;
}

/* Makes an op of the literal text so far. */
static enum err compile_flush(struct compiler *compiler)
{
	enum err error = strbuf_error(&compiler->literal);
	if (error != ERR_OK || compiler->literal.length == 0)
		return error;
	const char *text =
		arena_memdup(compiler->source->arena, strbuf_text(&compiler->literal), compiler->literal.length);
	if (text == NULL)
		return ERR_NOMEM;
	error = compile_add(
		compiler,
		(struct op){.line = compiler->literal_line, .literal = text, .length = compiler->literal.length});
	strbuf_reset(&compiler->literal);
	return error;
}

/* One line of C for TOKEN, behind the literal before it. */
static enum err compile_code(struct compiler *compiler, const struct token *token, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum err compile_code(struct compiler *compiler, const struct token *token, const char *format, ...)
{
	enum err error = compile_flush(compiler);
	if (error != ERR_OK)
		return error;
	va_list args;
	va_start(args, format);
	const char *code = arena_vprintf(compiler->source->arena, format, args);
	va_end(args);
	if (code == NULL)
		return ERR_NOMEM;
	return compile_add(compiler, (struct op){.line = token->place.line, .code = code});
}

static enum err compile_count_words(const struct compiler *compiler, const struct token *token, size_t least,
				    size_t most, const char *example)
{
	if (token->words_count >= least && token->words_count <= most)
		return ERR_OK;
	return source_refuse(compiler->source, token->place, "%s is written like this: %s", lex_name(token->kind),
			     example);
}

/* ---- values ---------------------------------------------------------------------------------------------------------
 */

static enum err compile_value(struct compiler *compiler, const struct token *token)
{
	static const char *const writers[SLOT_COUNT] = {
		[SLOT_TEXT] = "view_put",
		[SLOT_ATTR] = "view_put_attr",
		[SLOT_URL] = "view_put_url",
		[SLOT_URL_FIRST] = "view_put_url_first_part",
		[SLOT_URL_PART] = "view_put_url_part",
	};
	if (token->words_count != 1)
		return source_refuse(compiler->source, token->place,
				     "there is no directive \"%s\", and a value is one path such as p.title",
				     token->words[0].text);
	enum slot slot = SLOT_TEXT;
	enum err error = slot_value(&compiler->html, token, &slot);
	const char *code = NULL;
	if (error == ERR_OK)
		error = path_compile(compiler->source, &compiler->scope, &token->words[0], &code);
	if (error != ERR_OK)
		return error;
	return compile_code(compiler, token, "%s(out, %s);", writers[slot], code);
}

static bool compile_is_key(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

/* One NAME=PATH of {{t KEY}}, appended to FILLS as C. */
static enum err compile_fill(struct compiler *compiler, const struct token *token, size_t index, struct strbuf *fills)
{
	const struct token_word *word = &token->words[index];
	const char *equals = strchr(word->text, '=');
	size_t length = equals == NULL ? 0 : (size_t) (equals - word->text);
	const char *name = arena_strndup(compiler->source->arena, word->text, length);
	if (name == NULL)
		return ERR_NOMEM;
	if (!compile_is_key(name))
		return source_refuse(compiler->source, word->place,
				     "\"%s\" fills no hole: write its name, = and a path, as in n=p.step", word->text);
	for (size_t i = 1; i < index; i++)
		if (strncmp(token->words[i].text, word->text, length + 1) == 0)
			return source_refuse(compiler->source, word->place, "the hole \"%s\" is filled already", name);
	struct token_word path = {equals + 1, word->place};
	source_advance(&path.place, word->text, length + 1);
	const char *code = NULL;
	enum err error = path_compile(compiler->source, &compiler->scope, &path, &code);
	if (error != ERR_OK)
		return error;
	strbuf_putf(fills, "%s{\"%s\", view_fill(&(struct view_digits){{0}}, %s)}", fills->length > 0 ? ", " : "", name,
		    code);
	/* The C compiler knows which holes the string has (build/gen/words_keys.h) and says so at this line. */
	return compile_code(compiler, token, "(void) WORD_HOLE_%s__%s;", token->words[0].text, name);
}

static enum err compile_words(struct compiler *compiler, const struct token *token)
{
	const struct source *source = compiler->source;
	enum err error =
		compile_count_words(compiler, token, 1, TOKEN_WORDS_MAX, "{{t continue}} or {{t step n=p.step}}");
	if (error != ERR_OK)
		return error;
	enum slot slot = SLOT_TEXT;
	error = slot_value(&compiler->html, token, &slot);
	if (error != ERR_OK)
		return error;
	if (slot != SLOT_TEXT && slot != SLOT_ATTR)
		return source_refuse(source, token->place, "a page string is no address, and no part of one");
	if (!compile_is_key(token->words[0].text))
		return source_refuse(source, token->words[0].place, "\"%s\" is no key of forms/strings/en.yaml",
				     token->words[0].text);
	CLEANUP_STRBUF struct strbuf fills;
	strbuf_init(&fills, COMPILE_LITERAL_MAX_BYTES);
	for (size_t i = 1; i < token->words_count; i++) {
		error = compile_fill(compiler, token, i, &fills);
		if (error != ERR_OK)
			return error;
	}
	error = strbuf_error(&fills);
	if (error != ERR_OK)
		return error;
	if (token->words_count == 1)
		return compile_code(compiler, token, "view_put_words(out, t, WORD_%s, NULL, 0);", token->words[0].text);
	error = compile_code(compiler, token, "_Static_assert(WORD_HOLES_%s == %zu, \"fill each hole of %s, once\");",
			     token->words[0].text, token->words_count - 1, token->words[0].text);
	if (error != ERR_OK)
		return error;
	return compile_code(compiler, token, "view_put_words(out, t, WORD_%s, (const struct words_fill[]){%s}, %zu);",
			    token->words[0].text, strbuf_text(&fills), token->words_count - 1);
}

/* ---- includes -------------------------------------------------------------------------------------------------------
 */

/* FOLDER/NAME, each of [a-z][a-z0-9_-]*. */
static bool compile_is_template_name(const char *name)
{
	for (int part = 0; part < 2; part++) {
		if (*name < 'a' || *name > 'z')
			return false;
		name += strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
		if (part == 0 && *name++ != '/')
			return false;
	}
	return *name == '\0';
}

char *compile_function_name(struct arena *arena, const char *template_name)
{
	if (!compile_is_template_name(template_name))
		return NULL;
	char *name = arena_printf(arena, "%s_html", template_name);
	for (char *at = name; at != NULL && *at != '\0'; at++)
		if (*at == '/' || *at == '-')
			*at = '_';
	return name;
}

static enum err compile_note_include(struct compiler *compiler, const char *name)
{
	struct program *program = compiler->program;
	for (size_t i = 0; i < program->includes_count; i++)
		if (strcmp(program->includes[i], name) == 0)
			return ERR_OK;
	if (program->includes_count == program->includes_capacity) {
		size_t capacity = program->includes_capacity > 0 ? program->includes_capacity * 2 : 8;
		const char **includes = arena_grow(compiler->source->arena, program->includes, program->includes_count,
						   capacity, sizeof *includes);
		if (includes == NULL)
			return ERR_NOMEM;
		program->includes = includes;
		program->includes_capacity = capacity;
	}
	program->includes[program->includes_count++] = name;
	return ERR_OK;
}

static enum err compile_include(struct compiler *compiler, const struct token *token)
{
	enum err error = compile_count_words(compiler, token, 2, 2, "{{include components/radios q}}");
	if (error != ERR_OK)
		return error;
	const struct token_word *name = &token->words[0];
	if (!compile_is_template_name(name->text))
		return source_refuse(compiler->source, name->place,
				     "\"%s\" is no template: write FOLDER/NAME as in cgi/pages/, without .html",
				     name->text);
	error = slot_include(&compiler->html, token);
	const char *code = NULL;
	if (error == ERR_OK)
		error = path_compile(compiler->source, &compiler->scope, &token->words[1], &code);
	if (error == ERR_OK)
		error = compile_note_include(compiler, name->text);
	if (error != ERR_OK)
		return error;
	const char *function = compile_function_name(compiler->source->arena, name->text);
	if (function == NULL)
		return ERR_NOMEM;
	return compile_code(compiler, token, "%s(out, t, %s_model(%s));", function, function, code);
}

/* ---- blocks ---------------------------------------------------------------------------------------------------------
 */

static enum err compile_block(struct compiler *compiler);

static enum err compile_enter(struct compiler *compiler, const struct token *token)
{
	if (++compiler->depth < COMPILE_DEPTH_MAX)
		return ERR_OK;
	return source_refuse(compiler->source, token->place,
			     "too many blocks inside one another: move some into a template of "
			     "their own and include it");
}

/* The condition of an {{if}} or {{elif}}, as C. */
static enum err compile_condition(struct compiler *compiler, const struct token *token, const char **out)
{
	enum err error = compile_count_words(compiler, token, 1, 2, "{{if p.has_errors}} or {{if not p.has_errors}}");
	if (error != ERR_OK)
		return error;
	bool is_not = token->words_count == 2;
	if (is_not && strcmp(token->words[0].text, "not") != 0)
		return source_refuse(
			compiler->source, token->words[0].place,
			"a condition is a path, or \"not\" and a path: compute anything else in the page model");
	const char *path = NULL;
	error = path_compile(compiler->source, &compiler->scope, &token->words[token->words_count - 1], &path);
	if (error != ERR_OK)
		return error;
	*out = arena_printf(compiler->source->arena, "%sview_true(%s)", is_not ? "!" : "", path);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

/* One branch, from the state that holds where the {{if}} stands. Its end state is joined to END, unless it is the
 * first. */
static enum err compile_branch(struct compiler *compiler, const struct html_state *begin, struct html_state *end,
			       bool is_first)
{
	const struct token *token = compile_peek(compiler);
	compiler->at++;
	compiler->html.state = *begin;
	enum err error = compile_enter(compiler, token);
	if (error == ERR_OK)
		error = compile_block(compiler);
	if (error != ERR_OK)
		return error;
	const struct token *stop = compile_peek(compiler);
	if (stop->kind == TOKEN_EOF)
		return source_refuse(compiler->source, token->place, "this %s is never ended: write {{end}}",
				     lex_name(token->kind));
	error = slot_control(&compiler->html, stop);
	if (error == ERR_OK)
		error = compile_flush(compiler);
	compiler->depth--;
	if (error != ERR_OK)
		return error;
	if (!is_first)
		return slot_join(&compiler->html, stop, end, &compiler->html.state, end);
	*end = compiler->html.state;
	return ERR_OK;
}

static enum err compile_if(struct compiler *compiler)
{
	const struct token *token = compile_peek(compiler);
	const char *condition = NULL;
	enum err error = compile_condition(compiler, token, &condition);
	if (error == ERR_OK)
		error = slot_control(&compiler->html, token);
	if (error == ERR_OK)
		error = compile_code(compiler, token, "if (%s) {", condition);
	if (error != ERR_OK)
		return error;
	struct html_state begin = compiler->html.state, end;
	error = compile_branch(compiler, &begin, &end, true);
	bool has_else = false;
	while (error == ERR_OK && (token = compile_peek(compiler))->kind != TOKEN_END) {
		if (has_else)
			return source_refuse(compiler->source, token->place,
					     "%s stands behind {{else}}, which must be the last branch",
					     lex_name(token->kind));
		has_else = token->kind == TOKEN_ELSE;
		error = has_else ? compile_count_words(compiler, token, 0, 0,
						       "{{else}} (with a condition: {{elif p.x}})")
				 : compile_condition(compiler, token, &condition);
		if (error == ERR_OK)
			error = has_else ? compile_code(compiler, token, "} else {")
					 : compile_code(compiler, token, "} else if (%s) {", condition);
		if (error == ERR_OK)
			error = compile_branch(compiler, &begin, &end, false);
	}
	/* Without an else nothing may be printed at all, and the state stays as it was. */
	if (error == ERR_OK && !has_else)
		error = slot_join(&compiler->html, token, &end, &begin, &end);
	if (error != ERR_OK)
		return error;
	compiler->html.state = end;
	return compile_code(compiler, token, "}");
}

/* The body of an {{each}}, from BEGIN. STOP is its {{end}}. */
static enum err compile_body(struct compiler *compiler, const struct token *each, const struct html_state *begin,
			     struct html_state *end)
{
	enum err error = compile_branch(compiler, begin, end, true);
	if (error != ERR_OK)
		return error;
	const struct token *stop = compile_peek(compiler);
	if (stop->kind != TOKEN_END)
		return source_refuse(compiler->source, stop->place,
				     "%s stands in the {{each}} of line %u, which has no branches",
				     lex_name(stop->kind), each->place.line);
	return ERR_OK;
}

static enum err compile_each_head(struct compiler *compiler, const struct token *token)
{
	struct scope *scope = &compiler->scope;
	enum err error = compile_count_words(compiler, token, 3, 3, "{{each q in p.questions}}");
	if (error != ERR_OK)
		return error;
	if (strcmp(token->words[1].text, "in") != 0)
		return source_refuse(compiler->source, token->words[1].place,
				     "write \"in\" here: {{each q in p.questions}}");
	if (scope->count == SCOPE_MAX)
		return source_refuse(compiler->source, token->place, "too many {{each}} inside one another");
	const char *name = token->words[0].text, *array = NULL, *count = NULL;
	error = path_check_name(compiler->source, scope, &token->words[0]);
	if (error == ERR_OK)
		error = path_compile_array(compiler->source, scope, &token->words[2], &array, &count);
	if (error == ERR_OK)
		error = slot_control(&compiler->html, token);
	if (error == ERR_OK)
		error = compile_code(compiler, token, "for (size_t %s__at = 0; %s__at < %s; %s__at++) {", name, name,
				     count, name);
	if (error == ERR_OK) {
		compiler->depth++;
		error = compile_code(compiler, token, "const __typeof__(%s[0]) *%s = &%s[%s__at]; (void) %s;", array,
				     name, array, name, name);
		compiler->depth--;
	}
	scope->names[scope->count] = name;
	scope->counts[scope->count++] = count;
	return error;
}

static enum err compile_each(struct compiler *compiler)
{
	const struct token *token = compile_peek(compiler);
	enum err error = compile_each_head(compiler, token);
	if (error != ERR_OK)
		return error;
	const size_t at = compiler->at, ops_count = compiler->program->ops_count;
	struct html_state begin = compiler->html.state, end;
	for (int round = 0; round < COMPILE_ROUNDS_MAX; round++) {
		compiler->at = at;
		compiler->program->ops_count = ops_count;
		error = compile_body(compiler, token, &begin, &end);
		struct html_state joined;
		if (error == ERR_OK)
			error = slot_join(&compiler->html, compile_peek(compiler), &begin, &end, &joined);
		if (error != ERR_OK)
			return error;
		if (slot_is_same(&joined, &begin))
			break;
		assert(round < COMPILE_ROUNDS_MAX - 1);
		begin = joined;
	}
	compiler->html.state = begin;
	compiler->scope.count--;
	return compile_code(compiler, compile_peek(compiler), "}");
}

/* The kinds that end a block belong to the one who began it. */
static bool compile_ends_block(enum token_kind kind)
{
	return kind == TOKEN_END || kind == TOKEN_ELSE || kind == TOKEN_ELIF || kind == TOKEN_EOF;
}

static enum err compile_one(struct compiler *compiler, const struct token *token)
{
	switch (token->kind) {
	case TOKEN_TEXT:
		if (compiler->literal.length == 0)
			compiler->literal_line = token->place.line;
		return html_text(&compiler->html, token);
	case TOKEN_COMMENT:
		return slot_comment(&compiler->html, token);
	case TOKEN_LTRIM:
		return slot_ltrim(&compiler->html, token);
	case TOKEN_VALUE:
		return compile_value(compiler, token);
	case TOKEN_WORDS:
		return compile_words(compiler, token);
	case TOKEN_INCLUDE:
		return compile_include(compiler, token);
	case TOKEN_IF:
		return compile_if(compiler);
	case TOKEN_EACH:
		return compile_each(compiler);
	case TOKEN_MODEL:
		return source_refuse(compiler->source, token->place, "{{model}} stands once, in the first line");
	case TOKEN_ELIF:
	case TOKEN_ELSE:
	case TOKEN_END:
	case TOKEN_EOF:
	case TOKEN_COUNT:
		break;
	}
	assert(!"a token that ends a block");
	return ERR_INVALID;
}

static enum err compile_block(struct compiler *compiler)
{
	for (;;) {
		const struct token *token = compile_peek(compiler);
		if (compile_ends_block(token->kind))
			return ERR_OK;
		enum err error = compile_one(compiler, token);
		if (error != ERR_OK)
			return error;
		compiler->at++;
	}
}

/* ---- the whole ------------------------------------------------------------------------------------------------------
 */

static enum err compile_model(struct compiler *compiler)
{
	static const char example[] = "the first line is {{model struct page_form \"lib/view/pages.h\"}}";
	const struct token *token = compile_peek(compiler);
	struct program *program = compiler->program;
	if (token->kind != TOKEN_MODEL || token->place.line != 1 || token->place.column != 1 || token->words_count != 3)
		return source_refuse(compiler->source, (struct place){1, 1}, "%s", example);
	const char *name = token->words[1].text, *header = token->words[2].text;
	size_t length = strlen(header);
	if (strcmp(token->words[0].text, "struct") != 0 || !compile_is_key(name))
		return source_refuse(compiler->source, token->words[1].place, "%s", example);
	if (length < 5 || header[0] != '"' || strcmp(header + length - 3, ".h\"") != 0 ||
	    strspn(header + 1, "abcdefghijklmnopqrstuvwxyz0123456789_-/.") != length - 2)
		return source_refuse(compiler->source, token->words[2].place, "%s", example);
	program->model = name;
	program->model_header = header;
	program->model_place = token->place;
	compiler->at++;
	const struct token *next = compile_peek(compiler);
	if (next->kind != TOKEN_EOF && (next->kind != TOKEN_TEXT || (next->text[0] != '\n' && next->text[0] != '\r')))
		return source_refuse(compiler->source, next->place, "{{model}} stands alone in its line");
	return ERR_OK;
}

static enum err compile_all(struct compiler *compiler)
{
	enum err error = compile_model(compiler);
	if (error == ERR_OK)
		error = compile_block(compiler);
	if (error != ERR_OK)
		return error;
	const struct token *token = compile_peek(compiler);
	if (token->kind != TOKEN_EOF)
		return source_refuse(compiler->source, token->place, "%s without an {{if}} or {{each}} before it",
				     lex_name(token->kind));
	error = slot_finish(&compiler->html);
	return error != ERR_OK ? error : compile_flush(compiler);
}

enum err compile_tokens(const struct source *source, const struct tokens *tokens, struct program *out)
{
	*out = (struct program){.model = NULL};
	struct compiler compiler = {.source = source, .tokens = tokens, .program = out};
	strbuf_init(&compiler.literal, COMPILE_LITERAL_MAX_BYTES);
	html_init(&compiler.html, source, &compiler.literal);
	compiler.scope.names[0] = "p";
	compiler.scope.counts[0] = "";
	compiler.scope.count = 1;
	enum err error = compile_all(&compiler);
	strbuf_fini(&compiler.literal);
	return error;
}
