/* SPDX-License-Identifier: MIT */
/* template.c: fuzzes the template compiler (tools/tmplc): tokens, HTML states, blocks, the C it writes.
 *
 * What compiles must be C in lines that nothing of the template can leave: balanced braces, no raw control characters, every quote closed;
 * and the same again when it is compiled again. */
#include "fuzz.h"

#include "lib/base/utf8.h"
#include "tools/tmplc/compile.h"
#include "tools/tmplc/emit.h"
#include "tools/tmplc/lex.h"

enum { TEMPLATE_ARENA_BYTES = 256 * 1024 * 1024, TEMPLATE_OUTPUT_BYTES = 16 * 1024 * 1024 };

/* Strings end in the line they begin in, and braces outside them match. */
static void check_code(const char *code)
{
	long depth = 0;
	bool is_string = false;
	for (const char *at = code; *at != '\0'; at++) {
		unsigned char sign = (unsigned char) *at;
		FUZZ_CHECK((sign >= ' ' && sign < 0x7f) || sign == '\n' || sign == '\t');
		if (is_string && sign == '\\') {
			at++;
			FUZZ_CHECK(*at != '\0' && *at != '\n');
		} else if (sign == '"') {
			is_string = !is_string;
		} else if (!is_string && (sign == '{' || sign == '}')) {
			depth += sign == '{' ? 1 : -1;
			FUZZ_CHECK(depth >= 0);
		}
		FUZZ_CHECK(!is_string || sign != '\n');
	}
	FUZZ_CHECK(depth == 0 && !is_string);
}

static enum err compile(const struct source *source, struct strbuf *code)
{
	struct tokens tokens;
	struct program program;
	enum err error = lex_source(source, &tokens);
	if (error == ERR_OK)
		error = compile_tokens(source, &tokens, &program);
	if (error != ERR_OK)
		return error;
	emit_header(source, &program, "parts/item", code);
	emit_code(source, &program, "parts/item", code);
	return strbuf_error(code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	FUZZ_CHECK(nowhere != NULL);
	char *text = fuzz_text(data, size);
	struct arena arena;
	struct strbuf code, again;
	if (utf8_is_valid(text, size)) {
		arena_init(&arena, TEMPLATE_ARENA_BYTES);
		strbuf_init(&code, TEMPLATE_OUTPUT_BYTES);
		strbuf_init(&again, TEMPLATE_OUTPUT_BYTES);
		const struct source source = {"parts/item.html", text, size, &arena, nowhere};
		enum err error = compile(&source, &code);
		FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID || error == ERR_TOO_BIG);
		if (error == ERR_OK) {
			check_code(strbuf_text(&code));
			FUZZ_CHECK(compile(&source, &again) == ERR_OK);
			FUZZ_CHECK(strcmp(strbuf_text(&code), strbuf_text(&again)) == 0);
		}
		strbuf_fini(&code);
		strbuf_fini(&again);
		arena_fini(&arena);
	}
	free(text);
	return 0;
}
