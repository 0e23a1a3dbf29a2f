/* SPDX-License-Identifier: MIT */
/* form_translation_test.c: hashes, stale and missing entries, and which English a variant is translated from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_load.h"
#include "lib/form/form_translation.h"
#include "unit/lib/form/form_folder.h"

enum { CEILING = 64 * 1024 * 1024 };

/* The vectors of the FNV draft. */
static void test_hash(void **state)
{
	(void) state;
	static const struct {
		const char *text, *hash;
	} rows[] = {{"", "cbf29c"},
		    {"a", "af63dc"},
		    {"b", "af63df"},
		    {"foobar", "859441"},
		    {"chongo was here!\n", "468109"}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hash[FORM_TRANSLATION_HASH];
		form_translation_hash(rows[i].text, hash);
		assert_string_equal(hash, rows[i].hash);
	}
}

static const char form_yaml[] = "form: trial\ntitle: Today\npages:\n  - page: p\n    title: Page\n    questions:\n"
				"      - name: q\n        type: text\n        label: |\n          How was it?\n";

/* The hash of what is a text, without the white space around it. */
static const char *hash_of(const char *text)
{
	static char hash[FORM_TRANSLATION_HASH];
	form_translation_hash(text, hash);
	return hash;
}

struct loaded {
	struct arena arena;
	struct problems problems;
	struct form *form;
	struct folder folder;
};

/* Loads the form with one translation, or two. */
static void load(struct loaded *loaded, const char *first, const char *first_text, const char *second,
		 const char *second_text)
{
	loaded->folder = folder_make();
	folder_write(&loaded->folder, "form.yaml", form_yaml);
	folder_write(&loaded->folder, first, first_text);
	if (second != NULL)
		folder_write(&loaded->folder, second, second_text);
	arena_init(&loaded->arena, CEILING);
	problems_init(&loaded->problems, &loaded->arena);
	loaded->form = NULL;
	enum err error = form_load(loaded->folder.path, NULL, &loaded->arena, &loaded->form, &loaded->problems);
	folder_remove(&loaded->folder);
	if (error != ERR_OK)
		problems_print(&loaded->problems, stderr);
	assert_int_equal(error, ERR_OK);
}

static size_t count_of(const struct problems *problems, const char *rule)
{
	size_t count = 0;
	for (size_t i = 0; i < problems->count; i++)
		count += strcmp(problems->list[i].rule, rule) == 0;
	return count;
}

static void test_whole_translation_is_silent(void **state)
{
	(void) state;
	char cy[400];
	snprintf(cy, sizeof cy,
		 "language: cy\nstatus: checked\ntitle: Heddiw\np.title: Tudalen\nq.label:\n  text: Sut oedd e?\n  of: "
		 "%s\n",
		 hash_of("How was it?"));
	struct loaded loaded;
	load(&loaded, "cy.yaml", cy, NULL, NULL);
	assert_int_equal(loaded.problems.count, 0);
	assert_string_equal(loaded.form->pages[0].questions[0].label.of[1], "Sut oedd e?");
	assert_int_equal(loaded.form->languages[1].status, LANGUAGE_CHECKED);
	arena_fini(&loaded.arena);
}

/* A stale text is still shown: it is nearer to right than English is. */
static void test_stale_is_kept(void **state)
{
	(void) state;
	struct loaded loaded;
	load(&loaded, "cy.yaml",
	     "language: cy\nstatus: checked\ntitle: Heddiw\np.title: Tudalen\nq.label:\n  text: Sut oedd e?\n  of: "
	     "123abc\n",
	     NULL, NULL);
	assert_int_equal(loaded.problems.count, 1);
	assert_string_equal(loaded.problems.list[0].rule, "stale-translation");
	assert_int_equal(loaded.problems.list[0].line, 7);
	assert_non_null(strstr(loaded.problems.list[0].message, hash_of("How was it?")));
	assert_string_equal(loaded.form->pages[0].questions[0].label.of[1], "Sut oedd e?");
	arena_fini(&loaded.arena);
}

static void test_english_left_in_counts_as_missing(void **state)
{
	(void) state;
	struct loaded loaded;
	load(&loaded, "cy.yaml",
	     "language: cy\nstatus: checked\ntitle: Today\np.title: Page\nsame: [p.title]\nq.label: S\n", NULL, NULL);
	assert_int_equal(loaded.problems.count, 1);
	assert_string_equal(loaded.problems.list[0].rule, "missing-translation");
	assert_int_equal(loaded.problems.list[0].line, 3);
	/* Left out, so that the page says that it is English. */
	assert_null(loaded.form->title.of[1]);
	assert_string_equal(loaded.form->pages[0].title.of[1], "Page");
	arena_fini(&loaded.arena);
}

static void test_english_variant_may_equal_english(void **state)
{
	(void) state;
	struct loaded loaded;
	load(&loaded, "en-x-easy.yaml", "language: en-x-easy\nstatus: checked\ntitle: Today\n", NULL, NULL);
	assert_int_equal(loaded.problems.count, 0);
	assert_string_equal(loaded.form->title.of[1], "Today");
	arena_fini(&loaded.arena);
}

/* The Welsh Easy Read is made from the English Easy Read, where that has words of its own. */
static void test_variant_is_made_from_its_english(void **state)
{
	(void) state;
	char cy[400];
	snprintf(cy, sizeof cy, "language: cy-x-easy\nstatus: checked\ntitle:\n  text: Ein diwrnod\n  of: %s\n",
		 hash_of("Our day"));
	struct loaded loaded;
	load(&loaded, "cy-x-easy.yaml", cy, "en-x-easy.yaml", "language: en-x-easy\nstatus: checked\ntitle: Our day\n");
	assert_int_equal(count_of(&loaded.problems, "stale-translation"), 0);
	arena_fini(&loaded.arena);
	snprintf(cy, sizeof cy, "language: cy-x-easy\nstatus: checked\ntitle:\n  text: Ein diwrnod\n  of: %s\n",
		 hash_of("Today"));
	load(&loaded, "cy-x-easy.yaml", cy, "en-x-easy.yaml", "language: en-x-easy\nstatus: checked\ntitle: Our day\n");
	assert_int_equal(count_of(&loaded.problems, "stale-translation"), 1);
	arena_fini(&loaded.arena);
	load(&loaded, "cy-x-easy.yaml", "language: cy-x-easy\nstatus: checked\ntitle: Our day\n", "en-x-easy.yaml",
	     "language: en-x-easy\nstatus: checked\ntitle: Our day\n");
	assert_null(loaded.form->title.of[1]);
	arena_fini(&loaded.arena);
}

/* A variant leans on its language; without one, what it leaves out would be English. */
static void test_variant_misses_only_what_nobody_has(void **state)
{
	(void) state;
	static const char easy[] = "language: cy-x-easy\nstatus: checked\ntitle: Ein diwrnod\n";
	struct loaded loaded;
	load(&loaded, "cy-x-easy.yaml", easy, "cy.yaml",
	     "language: cy\nstatus: checked\ntitle: Heddiw\np.title: Tudalen\nq.label: S\n");
	assert_int_equal(loaded.problems.count, 0);
	arena_fini(&loaded.arena);
	load(&loaded, "cy-x-easy.yaml", easy, NULL, NULL);
	assert_int_equal(count_of(&loaded.problems, "missing-translation"), 2);
	arena_fini(&loaded.arena);
}

/* A variant may say what English leaves to the page's own words. */
static void test_variant_may_add_a_hint(void **state)
{
	(void) state;
	struct loaded loaded;
	load(&loaded, "en-x-easy.yaml", "language: en-x-easy\nstatus: checked\nq.hint: You can draw\n", NULL, NULL);
	assert_int_equal(loaded.problems.count, 0);
	const struct text *hint = &loaded.form->pages[0].questions[0].hint;
	assert_string_equal(form_text(loaded.form, 1, hint, NULL), "You can draw");
	assert_null(form_text(loaded.form, 0, hint, NULL));
	arena_fini(&loaded.arena);
}

/* More texts are missing than the list holds: they are counted, and no error is lost. */
static void test_many_missing(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	char *text = malloc(64 * 1024);
	assert_non_null(text);
	int length =
		snprintf(text, 64 * 1024, "form: trial\ntitle: T\npages:\n  - page: p\n    title: P\n    questions:\n");
	for (int i = 0; i < 150; i++)
		length += snprintf(text + length, 64 * 1024 - (size_t) length,
				   "      - name: q%d\n        type: text\n        label: L\n", i);
	folder_write(&folder, "form.yaml", text);
	folder_write(&folder, "cy.yaml", "language: cy\nstatus: draft\n");
	folder_write(&folder, "pl.yaml", "language: pl\nstatus: draft\nnothing: x\n");
	free(text);
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	assert_int_equal(form_load(folder.path, NULL, &arena, &form, &problems), ERR_INVALID);
	folder_remove(&folder);
	/* One error, then what is missing in both: the Polish is not crowded out by the Welsh. */
	assert_in_range(problems.count, PROBLEMS_MAX, PROBLEMS_MAX + 4);
	assert_string_equal(problems.list[0].rule, "unknown-path");
	bool is_polish_told = false;
	for (size_t i = 0; i < problems.count; i++)
		is_polish_told |= strcmp(problems.list[i].rule, "missing-translation") == 0 &&
				  strstr(problems.list[i].file, "pl.yaml") != NULL;
	assert_true(is_polish_told);
	assert_true(problems.dropped > 100);
}

/* Files of the library are looked into for a list, one after the other. Those that have nothing for the form are not told of. */
static void test_library_that_is_not_used(void **state)
{
	(void) state;
	static const char draft[] = "language: cy\nstatus: draft\nchoices.%s.yes:\n  text: Oes\n  of: 000000\n";
	static const char list[] = "library: %s\nchoices:\n  %s:\n    - yes: Yes\n";
	struct folder folder = folder_make();
	folder_subfolder(&folder, "library");
	folder_subfolder(&folder, "try");
	for (const char *const *name = (const char *const[]){"aaa", "bbb", "ccc", NULL}; *name != NULL; name++) {
		char file[64], text[256];
		snprintf(file, sizeof file, "library/%s.yaml", *name);
		snprintf(text, sizeof text, list, *name, *name);
		folder_write(&folder, file, text);
		snprintf(file, sizeof file, "library/%s.cy.yaml", *name);
		snprintf(text, sizeof text, draft, *name);
		folder_write(&folder, file, text);
	}
	folder_write(&folder, "try/form.yaml",
		     "form: trial\ntitle: Today\npages:\n  - page: p\n    title: Page\n    questions:\n"
		     "      - name: q\n        type: select_one bbb\n        label: Is it so?\n");
	folder_write(&folder, "try/cy.yaml",
		     "language: cy\nstatus: checked\ntitle: Heddiw\np.title: Tudalen\nq.label: Ydy?\n");
	char path[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	enum err error = form_load(folder_path(&folder, "try", path), folder_path(&folder, "library", library), &arena,
				   &form, &problems);
	folder_remove(&folder);
	if (error != ERR_OK || problems.count != 2)
		problems_print(&problems, stderr);
	assert_int_equal(error, ERR_OK);
	assert_int_equal(problems.count, 2);
	for (size_t i = 0; i < problems.count; i++)
		assert_non_null(strstr(problems.list[i].file, "/bbb.cy.yaml"));
	assert_int_equal(count_of(&problems, "draft-translation"), 1);
	assert_int_equal(count_of(&problems, "stale-translation"), 1);
	assert_int_equal(form->languages[1].status, LANGUAGE_DRAFT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_whole_translation_is_silent),
		cmocka_unit_test(test_stale_is_kept),
		cmocka_unit_test(test_english_left_in_counts_as_missing),
		cmocka_unit_test(test_english_variant_may_equal_english),
		cmocka_unit_test(test_variant_is_made_from_its_english),
		cmocka_unit_test(test_variant_misses_only_what_nobody_has),
		cmocka_unit_test(test_variant_may_add_a_hint),
		cmocka_unit_test(test_many_missing),
		cmocka_unit_test(test_library_that_is_not_used),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
