/* SPDX-License-Identifier: MIT */
/* emit.c: writes the steps of a template as C. Decides nothing: what is allowed was settled before. */
#include "tools/tmplc/emit.h"

#include "tools/tmplc/html.h"

#include <string.h>

enum { EMIT_PIECE_BYTES = 90 /* of a literal in one line of C */ };

static const char emit_made[] = "/* Made by tmplc from %s. Change that file, not this one. */\n";

/* TEXT as the inside of a C string. Octal has three digits at most, so no digit behind it can belong to it. */
static void emit_string(struct strbuf *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char) text[i];
		if (byte == '\n')
			strbuf_puts(out, "\\n");
		else if (byte == '"' || byte == '\\')
			strbuf_putf(out, "\\%c", byte);
		else if (byte == '?')
			strbuf_puts(out, "\\?"); /* two would begin a trigraph */
		else if (byte < 0x20 || byte >= 0x7F)
			strbuf_putf(out, "\\%03o", byte);
		else
			strbuf_putc(out, (char) byte);
	}
}

static void emit_line(const struct source *source, unsigned line, struct strbuf *out)
{
	strbuf_putf(out, "#line %u \"", line);
	emit_string(out, source->file, strlen(source->file));
	strbuf_puts(out, "\"\n");
}

static void emit_indent(unsigned depth, struct strbuf *out)
{
	for (unsigned i = 0; i <= depth; i++)
		strbuf_putc(out, '\t');
}

/* Prints LENGTH bytes as they are, in pieces of a line each. */
static void emit_put(const char *text, size_t length, unsigned depth, struct strbuf *out)
{
	strbuf_puts(out, "strbuf_put(out, ");
	for (size_t at = 0; at < length;) {
		size_t rest = length - at;
		const char *end = memchr(text + at, '\n', rest);
		size_t piece = end != NULL ? (size_t) (end - (text + at)) + 1 : rest;
		if (piece > EMIT_PIECE_BYTES)
			piece = EMIT_PIECE_BYTES;
		if (at > 0) {
			strbuf_putc(out, '\n');
			emit_indent(depth + 1, out);
		}
		strbuf_putc(out, '"');
		emit_string(out, text + at, piece);
		strbuf_putc(out, '"');
		at += piece;
	}
	strbuf_putf(out, ", %zu);\n", length);
}

static void emit_literal(const struct op *op, struct strbuf *out)
{
	for (size_t at = 0; at < op->length;) {
		if (at > 0)
			emit_indent(op->depth, out);
		const char *text = op->literal + at;
		const char *soft = memchr(text, HTML_SOFT_NEWLINE, op->length - at);
		size_t length = soft != NULL ? (size_t) (soft - text) : op->length - at;
		if (length > 0)
			emit_put(text, length, op->depth, out);
		else
			strbuf_puts(out, "view_put_newline(out);\n");
		at += length > 0 ? length : 1;
	}
}

/* "pages/components/radios.h" as a macro that guards it. */
static void emit_guard(const char *name, struct strbuf *out)
{
	strbuf_puts(out, "SOUNDINGS_PAGES_");
	for (; *name != '\0'; name++)
		strbuf_putc(out, *name >= 'a' && *name <= 'z'   ? (char) (*name - 'a' + 'A')
				 : *name >= '0' && *name <= '9' ? *name
								: '_');
	strbuf_puts(out, "_H");
}

static void emit_prototype(const struct program *program, const char *function, struct strbuf *out)
{
	strbuf_putf(out, "void %s(struct strbuf *out, const struct words *t, const struct %s *p)", function,
		    program->model);
}

void emit_header(const struct source *source, const struct program *program, const char *name, struct strbuf *out)
{
	const char *function = compile_function_name(source->arena, name);
	if (function == NULL) {
		strbuf_fail(out, ERR_NOMEM);
		return;
	}
	strbuf_putf(out, emit_made, source->file);
	strbuf_puts(out, "#ifndef ");
	emit_guard(name, out);
	strbuf_puts(out, "\n#define ");
	emit_guard(name, out);
	strbuf_puts(out, "\n\n#include \"lib/base/strbuf.h\"\n#include \"lib/form/words.h\"\n");
	emit_line(source, program->model_place.line, out);
	strbuf_putf(out, "#include %s\n\n", program->model_header);
	emit_line(source, program->model_place.line, out);
	emit_prototype(program, function, out);
	/* What an {{include}} names may be the struct itself or a pointer to it. */
	strbuf_putf(out,
		    ";\n\n#define %s_model(value) _Generic((value), struct %s: &(value), struct %s *: (value), "
		    "const struct %s *: (value))\n\n#endif\n",
		    function, program->model, program->model, program->model);
}

void emit_code(const struct source *source, const struct program *program, const char *name, struct strbuf *out)
{
	const char *function = compile_function_name(source->arena, name);
	if (function == NULL) {
		strbuf_fail(out, ERR_NOMEM);
		return;
	}
	strbuf_putf(out, emit_made, source->file);
	strbuf_putf(out, "#include \"pages/%s.h\"\n\n#include \"lib/view/view.h\"\n", name);
	for (size_t i = 0; i < program->includes_count; i++)
		if (strcmp(program->includes[i], name) != 0)
			strbuf_putf(out, "#include \"pages/%s.h\"\n", program->includes[i]);
	strbuf_puts(out, "\n#include <stddef.h>\n\n");
	emit_line(source, program->model_place.line, out);
	emit_prototype(program, function, out);
	strbuf_puts(out, "\n{\n\t(void) out;\n\t(void) t;\n\t(void) p;\n");
	for (size_t i = 0; i < program->ops_count; i++) {
		const struct op *op = &program->ops[i];
		emit_line(source, op->line, out);
		emit_indent(op->depth, out);
		if (op->literal != NULL)
			emit_literal(op, out);
		else
			strbuf_putf(out, "%s\n", op->code);
	}
	strbuf_puts(out, "}\n");
}
