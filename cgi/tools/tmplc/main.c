/* SPDX-License-Identifier: MIT */
/* main.c: tmplc(1), the template compiler: one .html file in, one C function with its header out.
 *
 * Runs in the build only. Writes its outputs when everything was right and not before. */
#include "lib/base/arena.h"
#include "lib/base/file.h"
#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"
#include "tools/tmplc/compile.h"
#include "tools/tmplc/emit.h"
#include "tools/tmplc/lex.h"
#include "tools/tmplc/source.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum {
	MAIN_TEMPLATE_MAX_BYTES = 1024 * 1024,
	MAIN_OUTPUT_MAX_BYTES = 16 * 1024 * 1024,
	MAIN_ARENA_MAX_BYTES = 256 * 1024 * 1024
};

struct main_paths {
	const char *template, *code, *header;
};

/* "components/radios" of "cgi/pages/components/radios.html"; NULL when the path does not end so. */
static const char *main_name(struct arena *arena, const char *path)
{
	size_t length = strlen(path);
	if (length < 5 || strcmp(path + length - 5, ".html") != 0)
		return NULL;
	const char *name = path + length;
	for (int slashes = 0; name > path; name--) {
		slashes += name[-1] == '/';
		if (slashes == 2)
			break;
	}
	return arena_strndup(arena, name, length - 5 - (size_t) (name - path));
}

static enum err main_complain(const char *path, enum err error)
{
	fprintf(stderr, "tmplc: %s: %s\n", path, err_words(error));
	return error;
}

static enum err main_write(const char *path, const struct strbuf *text)
{
	enum err error = strbuf_error(text);
	if (error == ERR_OK)
		error = file_write(AT_FDCWD, path, strbuf_text(text), text->length, 0644);
	return error == ERR_OK ? ERR_OK : main_complain(path, error);
}

static enum err main_compile(struct source *source, struct program *program)
{
	char *text = NULL;
	enum err error =
		file_read(AT_FDCWD, source->file, MAIN_TEMPLATE_MAX_BYTES, source->arena, &text, &source->length);
	if (error != ERR_OK)
		return main_complain(source->file, error);
	source->text = text;
	if (!utf8_is_valid(text, source->length))
		return source_refuse(source, (struct place){1, 1}, "save this file as plain text in UTF-8");
	struct tokens tokens;
	error = lex_source(source, &tokens);
	if (error == ERR_OK)
		error = compile_tokens(source, &tokens, program);
	/* What is wrong with the template has been said with its line; the rest has not. */
	return error == ERR_OK || error == ERR_INVALID ? error : main_complain(source->file, error);
}

static enum err main_run(const struct main_paths *paths, struct arena *arena)
{
	const char *name = main_name(arena, paths->template);
	if (name == NULL || compile_function_name(arena, name) == NULL) {
		fprintf(stderr, "tmplc: %s: a template is called FOLDER/NAME.html, of a to z, 0 to 9, _ and -\n",
			paths->template);
		return ERR_INVALID;
	}
	struct source source = {.file = paths->template, .arena = arena, .complaints = stderr};
	struct program program;
	enum err error = main_compile(&source, &program);
	if (error != ERR_OK)
		return error;
	CLEANUP_STRBUF struct strbuf code;
	CLEANUP_STRBUF struct strbuf header;
	strbuf_init(&code, MAIN_OUTPUT_MAX_BYTES);
	strbuf_init(&header, MAIN_OUTPUT_MAX_BYTES);
	emit_code(&source, &program, name, &code);
	emit_header(&source, &program, name, &header);
	error = main_write(paths->code, &code);
	return error != ERR_OK ? error : main_write(paths->header, &header);
}

int main(int argc, char **argv)
{
	struct main_paths paths = {NULL, NULL, NULL};
	int option;
	while ((option = getopt(argc, argv, "o:h:")) != -1) {
		if (option == 'o')
			paths.code = optarg;
		else if (option == 'h')
			paths.header = optarg;
		else
			break;
	}
	if (option != -1 || paths.code == NULL || paths.header == NULL || argc - optind != 1) {
		fputs("usage: tmplc -o OUT.c -h OUT.h FOLDER/NAME.html\n", stderr);
		return EX_USAGE;
	}
	paths.template = argv[optind];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, MAIN_ARENA_MAX_BYTES);
	return err_exit_code(main_run(&paths, &arena));
}
