/* SPDX-License-Identifier: MIT */
/* yaml_test.c: the strict subset: what is read, where it stands, and a problem with its line for everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/yaml.h"
#include "unit/lib/form/form_folder.h"

#include <stdbool.h>

enum { CEILING = 32 * 1024 * 1024 };

static enum err parse_bytes(const char *text, size_t length, struct arena *arena, struct problems *problems,
			    struct yaml_node **root)
{
	arena_init(arena, CEILING);
	problems_init(problems, arena);
	return yaml_parse("f.yaml", text, length, arena, problems, root);
}

static void test_every_scalar_is_a_string(void **state)
{
	(void) state;
	static const struct {
		const char *name, *yaml, *text;
	} rows[] = {
		{"yes", "k: yes\n", "yes"},
		{"number with a zero", "k: 01\n", "01"},
		{"exponent", "k: 1e3\n", "1e3"},
		{"null", "k: null\n", "null"},
		{"tilde", "k: ~\n", "~"},
		{"nothing", "k:\n", ""},
		{"single quotes", "k: 'it''s'\n", "it's"},
		{"double quotes", "k: \"a: \\\"b\\\" #c\"\n", "a: \"b\" #c"},
		{"lines kept", "k: |\n  one\n  two\n", "one\ntwo\n"},
		{"lines folded", "k: >-\n  one\n  two\n\n  three\n", "one two\nthree"},
		{"plain over two lines", "k: one\n  two\n", "one two"},
		{"comment behind", "k: v # c\n", "v"},
		{"Arabic", "k: اليوم\n", "اليوم"},
		{"carriage returns", "k: v\r\nl: w\r\n", "v"},
		{"no line end at the end", "k: v", "v"},
		{"one document start", "---\nk: v\n", "v"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct yaml_node *root = NULL;
		if (parse_bytes(rows[i].yaml, strlen(rows[i].yaml), &arena, &problems, &root) != ERR_OK)
			fail_msg("%s: not read", rows[i].name);
		const struct yaml_node *node = yaml_get(root, "k");
		assert_non_null(node);
		assert_int_equal(node->kind, YAML_SCALAR);
		assert_string_equal(node->text, rows[i].text);
	}
}

static void test_structure(void **state)
{
	(void) state;
	static const char yaml[] = "a:\n  - x: 1\n    y: 2\n  - z\nb: [p, q, [r, s]]\n";
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct yaml_node *root = NULL;
	assert_int_equal(parse_bytes(yaml, sizeof yaml - 1, &arena, &problems, &root), ERR_OK);
	const struct yaml_node *a = yaml_get(root, "a"), *b = yaml_get(root, "b");
	assert_int_equal(a->kind, YAML_LIST);
	assert_int_equal(a->count, 2);
	assert_int_equal(a->items[0]->kind, YAML_MAP);
	assert_string_equal(a->items[0]->keys[1], "y");
	assert_int_equal(a->items[0]->key_lines[1], 3);
	assert_string_equal(a->items[1]->text, "z");
	assert_int_equal(b->count, 3);
	assert_string_equal(b->items[2]->items[1]->text, "s");
	assert_null(yaml_get(root, "c"));
	assert_null(yaml_get(a, "x"));
}

/* The span of a value is exactly its bytes, also behind characters of more than one byte. */
static void test_spans(void **state)
{
	(void) state;
	static const struct {
		const char *name, *yaml, *key, *span;
		unsigned line, column;
	} rows[] = {
		{"plain", "a: 1\nb: two words # c\n", "b", "two words", 2, 4},
		{"quoted", "b: \"x y\"\n", "b", "\"x y\"", 1, 4},
		{"behind Welsh", "a: Ŵyl â thŷ ✓ 😀\nb: gŵr\nc: z\n", "b", "gŵr", 2, 4},
		{"behind 200 letters of two bytes",
		 "a: "
		 "ŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵ"
		 "\nb: c\n",
		 "b", "c", 2, 4},
		{"behind carriage returns", "a: 1\r\nb: 2\r\n", "b", "2", 2, 4},
		{"list ends at its last item", "b:\n  - x\n  - y\n\n# c\n\nd: 1\n", "b", "- x\n  - y", 2, 3},
		{"map ends at its last value", "b:\n  x: 1\n  y: 2\n\n\nd: 1\n", "b", "x: 1\n  y: 2", 2, 3},
		{"flow list", "b: [x, y] # c\n", "b", "[x, y]", 1, 4},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct yaml_node *root = NULL;
		assert_int_equal(parse_bytes(rows[i].yaml, strlen(rows[i].yaml), &arena, &problems, &root), ERR_OK);
		const struct yaml_node *node = yaml_get(root, rows[i].key);
		char *span = arena_strndup(&arena, rows[i].yaml + node->start, node->end - node->start);
		if (strcmp(span, rows[i].span) != 0 || node->line != rows[i].line || node->column != rows[i].column)
			fail_msg("%s: span \"%s\" at %u:%u", rows[i].name, span, node->line, node->column);
	}
}

static void test_refused(void **state)
{
	(void) state;
	static const struct {
		const char *name, *rule, *yaml; /* '@' marks the line */
	} rows[] = {
		{"anchor", "anchor", "a: 1\n@b: &x y\n"},
		{"anchor on a map", "anchor", "a: @&x\n  b: 1\n"},
		{"alias", "alias", "a: 1\nb: @*x\n"},
		{"tag", "tag", "a: @!!str 1\n"},
		{"own tag on a list", "tag", "a: @!x\n  - 1\n"},
		{"merge key", "merge-key", "a: 1\n@<<: b\n"},
		{"flow map", "flow", "a: 1\nb: @{c: 1}\n"},
		{"flow map in a list", "flow", "b: [@{c: 1}]\n"},
		{"pair in a flow list", "flow", "b: [@c: 1]\n"},
		{"quotes in a flow list", "flow", "b: [@\"c\"]\n"},
		{"hole that begins a text", "flow", "b: @{organisation} is here\n"},
		{"duplicate key", "duplicate-key", "a: 1\nb: 2\n@a: 3\n"},
		{"duplicate key below", "duplicate-key", "a:\n  b: 1\n  @b: 2\n"},
		{"tab", "tab", "a: 1\nb:@\t2\n"},
		{"tab in quotes", "tab", "b: \"x@\ty\"\n"},
		{"escaped tab", "bad-character", "b: @\"x\\ty\"\n"},
		{"escaped NUL", "bad-character", "a: 1\nb: @\"x\\0y\"\n"},
		{"escaped NUL in a key", "bad-character", "a: 1\n@\"x\\0y\": 2\n"},
		{"control character", "bad-character", "a: x@\x01y\n"},
		{"delete", "bad-character", "a: x@\x7fy\n"},
		{"next line", "bad-character", "a: 1\nb: x@\xc2\x85y\n"},
		{"line separator", "bad-character", "a: x@\xe2\x80\xa8y\n"},
		{"byte order mark", "bad-character",
		 "@\xef\xbb\xbf"
		 "a: 1\n"},
		{"lone carriage return", "bad-character", "a: 1@\rb: 2\n"},
		{"not UTF-8", "not-utf8", "a: 1\nb: @\xff\n"},
		{"Latin-1", "not-utf8", "a: 1\nb: 2\nc: t@\xe2n\n"},
		{"cut character at the end", "not-utf8", "a: @\xc3"},
		{"second document", "several-documents", "a: 1\n@---\nb: 2\n"},
		{"directive", "directive", "%YAML 1.1\n@---\nb: 2\n"},
		{"empty", "empty-file", "@"},
		{"comment alone", "empty-file", "# c\n@"},
		{"list at the top", "not-a-map", "@- a\n- b\n"},
		{"text at the top", "not-a-map", "@hello\n"},
		{"colon in a text", "syntax", "a: 1\nb: x@: y\n"},
		{"bad indentation", "syntax", "a:\n  b: 1\n @c: 2\n"},
		{"open quote", "syntax", "a: @\"x\nb: 1\n"},
		{"list as a key", "syntax", "@? [a]\n: 1\n"},
		{"key with a question mark", "syntax", "a: 1\n? @b\n: 2\n"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct yaml_node *root = NULL;
		char text[200] = "";
		size_t length = 0;
		for (const char *at = rows[i].yaml; *at != '\0'; at++) {
			if (*at != '@')
				text[length++] = *at;
		}
		unsigned column = 0, line = folder_marked_line(rows[i].yaml, &column);
		enum err error = parse_bytes(text, length, &arena, &problems, &root);
		if (error != ERR_INVALID)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_null(root);
		/* At the directive and at the directives' document libyaml marks the directive itself. */
		if (strcmp(rows[i].rule, "directive") == 0)
			line = 1;
		folder_expect(&problems, rows[i].name, rows[i].rule, "f.yaml", line, NULL);
	}
}

static void test_nul_is_refused(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct yaml_node *root = NULL;
	assert_int_equal(parse_bytes("a: 1\nb: \0\n", 10, &arena, &problems, &root), ERR_INVALID);
	folder_expect(&problems, "NUL", "not-utf8", "f.yaml", 2, NULL);
}

static void test_all_problems_are_told(void **state)
{
	(void) state;
	static const char yaml[] = "a: &x 1\nb: !t 2\nc: {d: 1}\na: 4\n";
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct yaml_node *root = NULL;
	assert_int_equal(parse_bytes(yaml, sizeof yaml - 1, &arena, &problems, &root), ERR_INVALID);
	assert_int_equal(problems.count, 4);
}

/* REPEAT times PIECE behind START. */
static char *repeated(const char *start, const char *piece, size_t repeat, size_t *length)
{
	size_t piece_length = strlen(piece), at = strlen(start);
	char *text = malloc(at + piece_length * repeat + 1);
	assert_non_null(text);
	memcpy(text, start, at);
	for (size_t i = 0; i < repeat; i++, at += piece_length)
		memcpy(text + at, piece, piece_length);
	text[at] = '\0';
	*length = at;
	return text;
}

static void test_limits(void **state)
{
	(void) state;
	static const struct {
		const char *name, *start, *piece;
		size_t repeat;
		enum err expected;
	} rows[] = {
		{"1 MiB", "a: ", "x", 1024 * 1024 - 3, ERR_OK},
		{"over 1 MiB", "a: ", "x", 1024 * 1024 - 2, ERR_INVALID},
		{"16 levels", "", "[", 0, ERR_INVALID},
		{"20,000 values", "a:\n", "- x\n", 19997, ERR_OK},
		{"over 20,000 values", "a:\n", "- x\n", 19998, ERR_INVALID},
		{"deep list", "a: ", "[", 15, ERR_INVALID},
		{"very deep list", "a: ", "[", 100000, ERR_INVALID},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct yaml_node *root = NULL;
		size_t length = 0;
		char *text = repeated(rows[i].start, rows[i].piece, rows[i].repeat, &length);
		enum err error = parse_bytes(text, length, &arena, &problems, &root);
		free(text);
		if (error != rows[i].expected)
			fail_msg("%s: %s", rows[i].name, err_name(error));
	}
}

static void test_depth(void **state)
{
	(void) state;
	for (int levels = 14; levels <= 17; levels++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct yaml_node *root = NULL;
		char text[64] = "a: ";
		/* The map is one level, the innermost name another. */
		for (int i = 0; i < levels - 2; i++)
			text[3 + i] = '[';
		text[3 + levels - 2] = 'x';
		for (int i = 0; i < levels - 2; i++)
			text[4 + levels - 2 + i] = ']';
		enum err error = parse_bytes(text, strlen(text), &arena, &problems, &root);
		assert_int_equal(error, levels <= 16 ? ERR_OK : ERR_INVALID);
	}
}

static void test_unknown_keys(void **state)
{
	(void) state;
	static const char yaml[] = "label: x\nlable: y\nzebra: z\n";
	static const char *const known[] = {"label", "hint"};
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct yaml_node *root = NULL;
	assert_int_equal(parse_bytes(yaml, sizeof yaml - 1, &arena, &problems, &root), ERR_OK);
	assert_non_null(yaml_get(root, "label"));
	yaml_report_unknown(root, "f.yaml", known, 2, &problems);
	assert_int_equal(problems.count, 2);
	assert_int_equal(problems.list[0].line, 2);
	assert_non_null(strstr(problems.list[0].message, "did you mean \"label\""));
	assert_int_equal(problems.list[1].line, 3);
	assert_non_null(strstr(problems.list[1].message, "label, hint"));
}

/* However little memory there is, the answer is NOMEM or the right one, and nothing breaks. */
static void test_little_memory(void **state)
{
	(void) state;
	static const char yaml[] = "a:\n  - b: 1\n    c: [d, e]\nf: |\n  g\nh: 'i'\n";
	enum err error = ERR_NOMEM;
	for (size_t ceiling = 0; error == ERR_NOMEM && ceiling < CEILING; ceiling += 64) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ceiling);
		struct problems problems;
		problems_init(&problems, &arena);
		struct yaml_node *root = NULL;
		error = yaml_parse("f.yaml", yaml, sizeof yaml - 1, &arena, &problems, &root);
		assert_true(error == ERR_NOMEM || error == ERR_OK);
	}
	assert_int_equal(error, ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_scalar_is_a_string),
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nul_is_refused),
		cmocka_unit_test(test_all_problems_are_told),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_little_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
