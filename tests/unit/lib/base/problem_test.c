/* SPDX-License-Identifier: MIT */
/* problem_test.c: the nearest name, the list that never forgets that there was more, and the printed line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/problem.h"

#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {"label", "hint", "required", "relevant", "constraint", "constraint_message", "type"};

static void test_nearest(void **state)
{
	(void) state;
	static const struct {
		const char *name, *word, *nearest;
	} rows[] = {
		{"the name itself", "label", "label"},
		{"a sign left out", "labl", "label"},
		{"a sign too many", "labbel", "label"},
		{"a wrong sign", "lapel", "label"},
		{"neighbours swapped count once", "hnit", "hint"},
		{"two swaps are two edits", "alble", "label"},
		{"the nearer of two", "relevent", "relevant"},
		{"a third of a long word", "constrant_mesage", "constraint_message"},
		{"five edits are too many", "constraint_wording", NULL},
		{"too far", "colour", NULL},
		{"nothing in common", "x", NULL},
		{"two of two signs", "ab", NULL},
		{"empty", "", NULL},
		{"longer than any key may be", "labellabellabellabellabellabellabellabellabellabellabellabellabellabel",
		 NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *nearest = problem_nearest(rows[i].word, keys, sizeof keys / sizeof keys[0]);
		if ((nearest == NULL) != (rows[i].nearest == NULL) ||
		    (nearest != NULL && strcmp(nearest, rows[i].nearest) != 0))
			fail_msg("%s: \"%s\" gave %s", rows[i].name, rows[i].word, nearest == NULL ? "none" : nearest);
	}
	assert_null(problem_nearest("label", keys, 0));
	assert_ptr_equal(problem_nearest("labels", keys, 1), keys[0]);
}

static void test_list(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1024 * 1024);
	struct problems problems;
	problems_init(&problems, &arena);
	for (int i = 0; i < PROBLEMS_MAX + 7; i++)
		problems_add(&problems, "form.yaml", (unsigned) i + 1, 2, "rule", "problem %d", i);
	assert_int_equal(problems.count, PROBLEMS_MAX);
	assert_int_equal(problems.dropped, 7);
	assert_string_equal(problems.list[99].message, "problem 99");
	assert_int_equal(problems.list[99].line, 100);
}

/* The first of a rule in a file is told also when another file has filled the list; but not without end. */
static void test_list_keeps_each_kind(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 4 * 1024 * 1024);
	struct problems problems;
	problems_init(&problems, &arena);
	for (int i = 0; i < PROBLEMS_MAX + 7; i++)
		problems_add(&problems, "ar.yaml", 0, 0, "missing", "problem %d", i);
	for (int i = 0; i < 3; i++) {
		problems_add(&problems, "cy.yaml", 0, 0, "missing", "problem %d", i);
		problems_add(&problems, "ar.yaml", 0, 0, "stale", "problem %d", i);
		problems_add(&problems, NULL, 0, 0, "missing", "problem %d", i);
	}
	assert_int_equal(problems.count, PROBLEMS_MAX + 3);
	assert_int_equal(problems.dropped, 7 + 6);
	assert_string_equal(problems.list[PROBLEMS_MAX].file, "cy.yaml");
	assert_string_equal(problems.list[PROBLEMS_MAX + 1].rule, "stale");
	assert_null(problems.list[PROBLEMS_MAX + 2].file);
	for (int i = 0; i < 2 * PROBLEMS_KINDS_MAX; i++)
		problems_add(&problems, arena_printf(&arena, "%d.yaml", i), 0, 0, "missing", "problem");
	assert_int_equal(problems.count, PROBLEMS_KINDS_MAX);
}

static void test_list_without_memory(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 0);
	struct problems problems;
	problems_init(&problems, &arena);
	problems_add(&problems, "form.yaml", 1, 1, "rule", "lost");
	assert_int_equal(problems.count, 0);
	assert_int_equal(problems.dropped, 1);
}

static void test_print(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	struct problems problems;
	problems_init(&problems, &arena);
	problems_add(&problems, "a.yaml", 3, 5, "unknown-key", "there is no key \"%s\"", "lable");
	problems_add(&problems, "a.yaml", 3, 0, "r", "no column");
	problems_add(&problems, "a.yaml", 0, 0, "r", "the whole file");
	problems_add(&problems, NULL, 0, 0, "r", "nowhere");
	problems.dropped = 2;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	assert_non_null(out);
	problems_print(&problems, out);
	fclose(out);
	assert_string_equal(text, "a.yaml:3:5: there is no key \"lable\" [unknown-key]\n"
				  "a.yaml:3: no column [r]\n"
				  "a.yaml: the whole file [r]\n"
				  "nowhere [r]\n"
				  "and 2 more\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_nearest), cmocka_unit_test(test_list),
					   cmocka_unit_test(test_list_keeps_each_kind),
					   cmocka_unit_test(test_list_without_memory), cmocka_unit_test(test_print)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
