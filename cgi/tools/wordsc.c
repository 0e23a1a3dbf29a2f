/* SPDX-License-Identifier: MIT */
/* wordsc.c: makes the enum of page strings from forms/strings/en.yaml, so that a page that names a string which does
 * not exist does not compile.
 *
 * Usage: wordsc forms/strings/en.yaml > build/gen/words_keys.h
 *        wordsc --organiser forms/strings/organiser/en.yaml > build/gen/words_organiser_keys.h
 *
 * The second makes the numbers of the organisers' strings, which go on behind the public ones and are in no catalogue. Their
 * keys begin with "o_" and no public one does; so neither group can hide a string of the other.
 *
 * Runs in the build before any library is there, so it reads only what it needs: the top-level keys. A key stands at
 * the first column, "name: ..." with a name of [a-z][a-z0-9_]*; indented lines belong to the key above. Whether the
 * rest is good YAML is the loader's business (lib/form/words.h). The file's own four keys are left out.
 *
 * The holes of each string ({name}) become constants too: a template that fills a hole which is not there, or forgets
 * one, does not compile either. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum {
	WORDSC_KEYS_MAX = 2000,
	WORDSC_KEY_MAX_BYTES = 64, /* with the NUL */
	WORDSC_HOLES_MAX = 12,
	WORDSC_HOLE_MAX_BYTES = 32
};

struct wordsc_key {
	char name[WORDSC_KEY_MAX_BYTES];
	unsigned line;
	char holes[WORDSC_HOLES_MAX][WORDSC_HOLE_MAX_BYTES];
	size_t holes_count;
};

struct wordsc {
	const char *file;
	struct wordsc_key keys[WORDSC_KEYS_MAX];
	size_t count;
	unsigned mistakes;
	bool is_organiser;
};

static const char *const wordsc_reserved[] = {"language", "name", "status", "direction"};

static void wordsc_mistake(struct wordsc *words, unsigned line, const char *what, const char *text)
{
	fprintf(stderr, "%s:%u: %s: %.*s\n", words->file, line, what, (int) strcspn(text, "\r\n"), text);
	words->mistakes++;
}

/* Length of the key that LINE begins with, or 0 when it begins with none. */
static size_t wordsc_key_length(const char *line)
{
	if (line[0] < 'a' || line[0] > 'z')
		return 0;
	size_t length = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (line[length] != ':')
		return 0;
	const char *behind = &line[length + 1];
	return *behind == '\0' || strchr(" \r\n", *behind) != NULL ? length : 0;
}

static bool wordsc_is_reserved(const char *name)
{
	for (size_t i = 0; i < sizeof wordsc_reserved / sizeof wordsc_reserved[0]; i++)
		if (strcmp(wordsc_reserved[i], name) == 0)
			return true;
	return false;
}

/* A key of the wrong group. */
static bool wordsc_is_stray(const struct wordsc *words, const char *name)
{
	return !wordsc_is_reserved(name) && (strncmp(name, "o_", 2) == 0) != words->is_organiser;
}

static void wordsc_add(struct wordsc *words, const char *text, size_t length, unsigned line)
{
	if (length >= WORDSC_KEY_MAX_BYTES) {
		wordsc_mistake(words, line, "this key is too long", text);
		return;
	}
	if (words->count == WORDSC_KEYS_MAX) {
		wordsc_mistake(words, line, "there is no room for so many keys", text);
		return;
	}
	struct wordsc_key *key = &words->keys[words->count];
	memcpy(key->name, text, length);
	key->name[length] = '\0';
	key->line = line;
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->keys[i].name, key->name) != 0)
			continue;
		fprintf(stderr, "%s:%u: the key \"%s\" stands in line %u already\n", words->file, line, key->name,
			words->keys[i].line);
		words->mistakes++;
		return;
	}
	if (wordsc_is_stray(words, key->name))
		wordsc_mistake(words, line,
			       words->is_organiser ? "keys of the organisers' strings begin with o_"
						   : "only keys of the organisers' strings begin with o_",
			       text);
	words->count++;
}

/* Notes a hole of the newest key, once. */
static void wordsc_add_hole(struct wordsc *words, const char *name, size_t length, unsigned line)
{
	struct wordsc_key *key = &words->keys[words->count - 1];
	for (size_t i = 0; i < key->holes_count; i++)
		if (strlen(key->holes[i]) == length && memcmp(key->holes[i], name, length) == 0)
			return;
	if (key->holes_count == WORDSC_HOLES_MAX || length >= WORDSC_HOLE_MAX_BYTES) {
		wordsc_mistake(words, line, "too many holes, or one with too long a name", name);
		return;
	}
	memcpy(key->holes[key->holes_count], name, length);
	key->holes[key->holes_count++][length] = '\0';
}

static void wordsc_find_holes(struct wordsc *words, const char *text, unsigned line)
{
	while (words->count > 0 && (text = strchr(text, '{')) != NULL) {
		text++;
		size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
		if (length > 0 && text[length] == '}')
			wordsc_add_hole(words, text, length, line);
	}
}

static void wordsc_line(struct wordsc *words, const char *text, unsigned line)
{
	if (strchr("#\r\n", text[0]) != NULL)
		return;
	/* Not indented: a key. A tab is YAML's mistake to report. */
	if (text[0] != ' ' && text[0] != '\t') {
		size_t length = wordsc_key_length(text);
		if (length == 0) {
			wordsc_mistake(words, line, "a line begins with a key such as \"send_again: \", a blank or a #",
				       text);
			return;
		}
		wordsc_add(words, text, length, line);
	}
	wordsc_find_holes(words, text, line);
}

static bool wordsc_read(struct wordsc *words)
{
	FILE *in = fopen(words->file, "r");
	if (in == NULL)
		return false;
	char *text = NULL;
	size_t capacity = 0;
	for (unsigned line = 1; getline(&text, &capacity, in) >= 0; line++)
		wordsc_line(words, text, line);
	bool is_read = !ferror(in);
	free(text);
	fclose(in);
	return is_read;
}

/* How many holes each string has, and their names. */
static void wordsc_print_holes(const struct wordsc *words, FILE *out)
{
	fputs("/* How many holes each string has, and their names. */\nenum {\n", out);
	for (size_t i = 0; i < words->count; i++) {
		const struct wordsc_key *key = &words->keys[i];
		if (wordsc_is_reserved(key->name))
			continue;
		fprintf(out, "\tWORD_HOLES_%s = %zu,\n", key->name, key->holes_count);
		for (size_t j = 0; j < key->holes_count; j++)
			fprintf(out, "\tWORD_HOLE_%s__%s = 1,\n", key->name, key->holes[j]);
	}
	fputs("};\n\n", out);
}

static void wordsc_print_names(const struct wordsc *words, const char *list, const char *first, FILE *out)
{
	fprintf(out, "static const char *const %s __attribute__((unused)) = {\n", list);
	for (size_t i = 0; i < words->count; i++)
		if (!wordsc_is_reserved(words->keys[i].name))
			fprintf(out, "\t[WORD_%s%s] = \"%s\",\n", words->keys[i].name, first, words->keys[i].name);
	fputs("};\n\n", out);
}

static void wordsc_print_enum(const struct wordsc *words, FILE *out)
{
	for (size_t i = 0; i < words->count; i++)
		if (!wordsc_is_reserved(words->keys[i].name))
			fprintf(out, "\tWORD_%s,\n", words->keys[i].name);
}

static void wordsc_print(const struct wordsc *words, FILE *out)
{
	fputs("/* Made by wordsc from forms/strings/en.yaml. Change that file, not this one. */\n"
	      "#ifndef SOUNDINGS_WORDS_KEYS_H\n#define SOUNDINGS_WORDS_KEYS_H\n\nenum word {\n",
	      out);
	wordsc_print_enum(words, out);
	fputs("\tWORD_COUNT\n};\n\n", out);
	wordsc_print_names(words, "word_names[WORD_COUNT]", "", out);
	wordsc_print_holes(words, out);
	fputs("#endif\n", out);
}

/* Numbers behind the public ones, of the same type: they are given where an enum word is wanted. */
static void wordsc_print_organiser(const struct wordsc *words, FILE *out)
{
	fputs("/* Made by wordsc from forms/strings/organiser/en.yaml. Change that file, not this one. */\n"
	      "#ifndef SOUNDINGS_WORDS_ORGANISER_KEYS_H\n#define SOUNDINGS_WORDS_ORGANISER_KEYS_H\n\n"
	      "#include \"words_keys.h\"\n\n",
	      out);
	size_t count = 0;
	for (size_t i = 0; i < words->count; i++)
		if (!wordsc_is_reserved(words->keys[i].name))
			fprintf(out, "#define WORD_%s ((enum word)(WORD_COUNT + %zu))\n", words->keys[i].name, count++);
	fprintf(out, "enum { WORD_ORGANISER_COUNT = %zu, WORD_ORGANISER_END = WORD_COUNT + %zu };\n\n", count, count);
	wordsc_print_names(words, "word_organiser_names[WORD_ORGANISER_COUNT]", " - WORD_COUNT", out);
	wordsc_print_holes(words, out);
	fputs("#endif\n", out);
}

int main(int argc, char **argv)
{
	bool is_organiser = argc == 3 && strcmp(argv[1], "--organiser") == 0;
	if (argc != 2 && !is_organiser) {
		fputs("usage: wordsc [--organiser] STRINGS.yaml > words_keys.h\n", stderr);
		return EX_USAGE;
	}
	struct wordsc *words = calloc(1, sizeof *words);
	if (words == NULL)
		return EX_OSERR;
	words->file = argv[argc - 1];
	words->is_organiser = is_organiser;
	int code = EX_OK;
	if (!wordsc_read(words)) {
		perror(words->file);
		code = EX_NOINPUT;
	} else if (words->mistakes > 0) {
		code = EX_DATAERR;
	} else {
		(is_organiser ? wordsc_print_organiser : wordsc_print)(words, stdout);
		if (fflush(stdout) != 0 || ferror(stdout)) {
			perror("wordsc");
			code = EX_IOERR;
		}
	}
	free(words);
	return code;
}
