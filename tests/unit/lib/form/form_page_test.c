/* SPDX-License-Identifier: MIT */
/* form_page_test.c: soundings-form(5) says what the loader does: its example loads, and every key and rule is in it.
 *
 * Run from the top of the checkout, as all unit tests are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/file.h"
#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

#include <ctype.h>
#include <fcntl.h>

enum { CEILING = 64 * 1024 * 1024, PAGE_MAX = 256 * 1024 };

static struct arena page_arena;
static char *page;

static int read_page(void **state)
{
	(void) state;
	size_t length = 0;
	arena_init(&page_arena, CEILING);
	return file_read(AT_FDCWD, "cgi/soundings/soundings-form.5", PAGE_MAX, &page_arena, &page, &length) != ERR_OK;
}

static int free_page(void **state)
{
	(void) state;
	arena_fini(&page_arena);
	return 0;
}

/* Loads form.yaml with TEXT. */
static enum err load(const char *text, struct arena *arena, struct problems *problems, struct form **form)
{
	struct folder folder = folder_make();
	folder_write_as_is(&folder, "form.yaml", text);
	arena_init(arena, CEILING);
	problems_init(problems, arena);
	enum err error = form_load(folder.path, NULL, arena, form, problems);
	folder_remove(&folder);
	return error;
}

static void test_example_loads(void **state)
{
	(void) state;
	const char *start = strstr(page, "form: open-day"), *end = start == NULL ? NULL : strstr(start, ".Ed");
	assert_non_null(end);
	char *text = arena_strndup(&page_arena, start, (size_t) (end - start));
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct form *form = NULL;
	enum err error = load(text, &arena, &problems, &form);
	problems_print(&problems, stderr);
	assert_int_equal(error, ERR_OK);
	assert_int_equal(problems.count, 0);
}

/* True when the page has an item ".It Ic KEY", alone or behind others. */
static bool is_described(const char *key, size_t length)
{
	for (const char *at = strstr(page, ".It Ic "); at != NULL; at = strstr(at + 1, ".It Ic ")) {
		const char *name = at + strlen(".It Ic ");
		if (strncmp(name, key, length) == 0 && !isalnum((unsigned char) name[length]) && name[length] != '_')
			return true;
	}
	return false;
}

/* An unknown key is told the keys that there are: each must be in the page. */
static void test_every_key_is_described(void **state)
{
	(void) state;
	static const struct {
		const char *where, *text;
		size_t keys;
	} rows[] = {
		{"form", "form: trial\ntitle: T\nqqqqqqqqqq: x\npages:\n  - page: p\n    title: P\n", 9},
		{"privacy", "form: trial\ntitle: T\nprivacy:\n  qqqqqqqqqq: x\npages:\n  - page: p\n    title: P\n", 2},
		{"page", "form: trial\ntitle: T\npages:\n  - page: p\n    title: P\n    qqqqqqqqqq: x\n", 8},
		{"question",
		 "form: trial\ntitle: T\npages:\n  - page: p\n    title: P\n    questions:\n      - name: q\n"
		 "        type: text\n        label: L\n        qqqqqqqqqq: x\n",
		 28},
		{"choice",
		 "form: trial\ntitle: T\npages:\n  - page: p\n    title: P\nchoices:\n  l:\n    - a: A\n      "
		 "qqqqqqqqqq: x\n",
		 7},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct form *form = NULL;
		assert_int_equal(load(rows[i].text, &arena, &problems, &form), ERR_INVALID);
		const struct problem *problem = folder_problem(&problems, "unknown-key");
		assert_non_null(problem);
		const char *at = strstr(problem->message, "here are ");
		assert_non_null(at);
		at += strlen("here are ");
		size_t keys = 0;
		for (; *at != '\0'; keys++) {
			size_t length = strcspn(at, ",");
			if (!is_described(at, length))
				fail_msg("%s: the page does not describe %.*s", rows[i].where, (int) length, at);
			at += length;
			at += strspn(at, ", ");
		}
		if (keys != rows[i].keys)
			fail_msg("%s has %zu keys, not %zu: describe them, and count them here", rows[i].where, keys,
				 rows[i].keys);
	}
}

/* Every rule that the loaders have. */
static void test_every_rule_is_described(void **state)
{
	(void) state;
	static const char *const rules[] = {"alias",
					    "anchor",
					    "apart",
					    "bad-character",
					    "bad-crosstab",
					    "bad-expression",
					    "bad-hash",
					    "bad-keep",
					    "bad-list",
					    "bad-name",
					    "bad-refusal",
					    "bad-value",
					    "directive",
					    "draft-translation",
					    "duplicate-key",
					    "duplicate-name",
					    "empty-file",
					    "empty-page",
					    "empty-value",
					    "flow",
					    "key-not-for-type",
					    "later-question",
					    "library-use",
					    "lists-in-english",
					    "maps-to",
					    "merge-key",
					    "missing-constraint-message",
					    "missing-english",
					    "missing-face",
					    "missing-folder",
					    "missing-key",
					    "missing-label",
					    "missing-list",
					    "missing-relevant-when",
					    "missing-statements",
					    "missing-title",
					    "missing-translation",
					    "needs-key",
					    "not-a-map",
					    "not-utf8",
					    "not-yet",
					    "out-of-range",
					    "reserved-name",
					    "retired-name",
					    "several-documents",
					    "split-group",
					    "stale-translation",
					    "syntax",
					    "tab",
					    "tag",
					    "too-big",
					    "too-long",
					    "too-many",
					    "unknown-file",
					    "unknown-group",
					    "unknown-hole",
					    "unknown-key",
					    "unknown-library",
					    "unknown-list",
					    "unknown-path",
					    "unknown-question",
					    "unknown-refusal",
					    "unknown-type",
					    "unreadable",
					    "unused-list",
					    "variant-only",
					    "wrong-kind",
					    "wrong-language"};
	const char *diagnostics = strstr(page, ".Sh DIAGNOSTICS");
	assert_non_null(diagnostics);
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		char item[64];
		snprintf(item, sizeof item, " %s", rules[i]);
		bool is_there = false;
		for (const char *at = strstr(diagnostics, item); at != NULL; at = strstr(at + 1, item))
			is_there |= at[strlen(item)] == ' ' || at[strlen(item)] == '\n';
		if (!is_there)
			fail_msg("the page does not describe %s", rules[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_loads),
		cmocka_unit_test(test_every_key_is_described),
		cmocka_unit_test(test_every_rule_is_described),
	};
	return cmocka_run_group_tests(tests, read_page, free_page);
}
