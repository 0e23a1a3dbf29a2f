/* SPDX-License-Identifier: MIT */
/* form_page_test.c: the largest form that may be published has a page, and for want of memory there is none rather than half of one.
 *
 * Run from the top of the checkout, as all unit tests are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/mistake_words.h"
#include "lib/form/form_load.h"
#include "unit/intake/site.h"
#include "unit/lib/form/form_folder.h"

enum {
	FORM_BYTES = 64 * 1024 * 1024,
	REQUEST_BYTES = 16 * 1024 * 1024, /* intake's */
	GRIDS = 50,
	STATEMENTS = 18,
	LISTS = 100 /* of two ticks: 1,000 answers and 1,100 values, as many as there may be */
};

static struct form *load(const char *folder, struct arena *arena)
{
	struct problems problems;
	struct form *form = NULL;
	problems_init(&problems, arena);
	enum err error = form_load(folder, "forms/library", arena, &form, &problems);
	if (error != ERR_OK)
		fail_msg("%s: %s", err_name(error), problems.count > 0 ? problems.list[0].message : "");
	return form;
}

static struct http_response show(struct site *site, const struct form *form, struct arena *arena)
{
	const struct http_request request = {.method = HTTP_GET, .path = "/E4K7QX", .accept_language = ""};
	struct http_response response = {.status = 0};
	struct draft draft = {.at = ""};
	struct visit visit;
	site->ref = (struct catalogue_form_ref){form->name, 1};
	site->event.languages_count = 1;
	site->languages[0] = "en";
	visit_init(&visit, &site->app, &request, arena);
	visit_take_event(&visit, &site->event);
	assert_true(visit_take_form(&visit, form, "en"));
	form_page(&visit, 200, &draft, &response);
	return response;
}

static void write_largest(const struct folder *folder)
{
	char path[FOLDER_PATH_MAX];
	FILE *file = fopen(folder_path(folder, "form.yaml", path), "w");
	assert_non_null(file);
	fputs("form: largest\ntitle: Much\ntime: 2 hours\nprivacy:\n  keep: 24 months\n  threshold: 5\n"
	      "choices:\n  two:\n    - one: One\n    - other: Other\n"
	      "pages:\n  - page: all\n    title: All\n    questions:\n",
	      file);
	for (int i = 0; i < GRIDS; i++) {
		fprintf(file,
			"      - name: g%d\n        type: grid two\n        label: Grid %d\n        statements:\n", i,
			i);
		for (int k = 0; k < STATEMENTS; k++)
			fprintf(file, "          - s%d: Statement %d\n", k, k);
	}
	for (int i = 0; i < LISTS; i++)
		fprintf(file, "      - name: m%d\n        type: select_multiple two\n        label: Ticks %d\n", i, i);
	assert_int_equal(fclose(file), 0);
}

static void test_largest_form(void **state)
{
	CLEANUP_ARENA struct arena arena, request;
	struct folder folder = folder_make();
	arena_init(&arena, FORM_BYTES);
	arena_init(&request, REQUEST_BYTES);
	write_largest(&folder);
	const struct form *form = load(folder.path, &arena);
	assert_int_equal(form->fields_count, 1000);
	const struct http_response response = show(*state, form, &request);
	assert_int_equal(response.status, 200);
	assert_non_null(strstr(response.body, "name=\"g49_s17\""));
	assert_non_null(strstr(response.body, "name=\"m99\""));
	folder_remove(&folder);
}

/* Forms with so many of something; N is what is tried. */
struct growing {
	const char *name;
	int questions;
	const char *type;    /* grids have 20 statements */
	const char *label;   /* of a choice */
	const char *rule;    /* of each question but the first, so often as there would be choices; NULL */
	bool is_always_fine; /* also with FORM_CHOICES_MAX */
};

static const struct growing growing[] = {
	{"grids", 50, "grid", "Yes", NULL, false},
	{"few grids", 3, "grid", "Yes", NULL, false},
	{"one grid", 1, "grid", "Yes", NULL, true},
	{"labels of signs", 2, "grid", "\"\"\"\"\"\"\"\"\"\"<<<<<<<<<<>>>>>>>>>>&&&&&&&&&&", NULL, false},
	{"orders", 11, "rank", "Yes", NULL, false},
	{"ticks", 11, "select_multiple", "Yes", NULL, true},
	{"questions", 199, "select_one", "Yes", NULL, false},
	{"rules", 199, "select_one", "Yes", "${q0}='' or ", false},
};

static void write_growing(const struct folder *folder, const struct growing *row, int n)
{
	bool is_grid = strcmp(row->type, "grid") == 0;
	char path[FOLDER_PATH_MAX];
	FILE *file = fopen(folder_path(folder, "form.yaml", path), "w");
	assert_non_null(file);
	fputs("form: growing\ntitle: Much\npages:\n  - page: all\n    title: All\n    questions:\n", file);
	for (int i = 0; i < row->questions; i++) {
		fprintf(file, "      - name: q%d\n        type: %s many\n        label: Question %d\n", i, row->type,
			i);
		fputs(is_grid ? "        statements:\n" : "", file);
		for (int k = 0; is_grid && k < FORM_STATEMENTS_MAX; k++)
			fprintf(file, "          - s%d: Statement %d\n", k, k);
		if (row->rule == NULL || i == 0)
			continue;
		fputs("        relevant_when: Mostly.\n        relevant: \"", file);
		for (int k = 0; k < n; k++)
			fputs(row->rule, file);
		fputs("true()\"\n", file);
	}
	fputs("choices:\n  many:\n", file);
	for (int i = 0; i < (row->rule != NULL ? 2 : n); i++)
		fprintf(file, "    - c%d: '%d %s'\n", i, i, row->label);
	assert_int_equal(fclose(file), 0);
}

/* Whether the form may be published; then its page is made, in as much memory as intake has. */
static bool is_shown(struct site *site, const struct growing *row, int n)
{
	CLEANUP_ARENA struct arena arena, request;
	struct folder folder = folder_make();
	struct problems problems;
	struct form *form = NULL;
	arena_init(&arena, FORM_BYTES);
	arena_init(&request, REQUEST_BYTES);
	problems_init(&problems, &arena);
	write_growing(&folder, row, n);
	enum err error = form_load(folder.path, NULL, &arena, &form, &problems);
	folder_remove(&folder);
	if (error != ERR_OK) {
		assert_int_equal(error, ERR_INVALID);
		if (problems.count != 1 || strcmp(problems.list[0].rule, "too-big") != 0)
			fail_msg("%s, %d: %s", row->name, n, problems.list[0].message);
		return false;
	}
	const struct http_response response = show(site, form, &request);
	if (response.status != 200)
		fail_msg("%s, %d: a form that may be published has no page", row->name, n);
	return true;
}

/* The largest form of each kind that may be published has a page; a larger one is refused, in words, before it fails in the hall. */
static void test_no_form_is_too_large_to_show(void **state)
{
	for (size_t i = 0; i < COUNT_OF(growing); i++) {
		int fine = 2, wrong = FORM_CHOICES_MAX + 1;
		assert_true(is_shown(*state, &growing[i], fine));
		while (wrong - fine > 1) {
			int middle = (fine + wrong) / 2;
			if (is_shown(*state, &growing[i], middle))
				fine = middle;
			else
				wrong = middle;
		}
		if ((fine == FORM_CHOICES_MAX) != growing[i].is_always_fine)
			fail_msg("%s: %d at most", growing[i].name, fine);
	}
}

/* Every ceiling from next to nothing up to one that is enough. */
static void test_want_of_memory(void **state)
{
	CLEANUP_ARENA struct arena arena, whole;
	arena_init(&arena, FORM_BYTES);
	arena_init(&whole, REQUEST_BYTES);
	const struct form *form = load("tests/forms/everything", &arena);
	const struct http_response full = show(*state, form, &whole);
	assert_int_equal(full.status, 200);
	size_t failed = 0;
	for (size_t ceiling = 4096; ceiling <= whole.used_bytes; ceiling += 509) {
		CLEANUP_ARENA struct arena request;
		arena_init(&request, ceiling);
		const struct http_response response = show(*state, form, &request);
		failed += response.status == 500;
		if (response.status != 500 && (response.status != 200 || response.body_length != full.body_length))
			fail_msg("%zu of %zu bytes of memory: a page of status %d with %zu of %zu bytes", ceiling,
				 whole.used_bytes, response.status, response.body_length, full.body_length);
	}
	assert_true(failed > 100);
}

/* Fails where two elements of the page have one id. */
static void expect_ids_once(const char *body)
{
	static const char before[] = " id=\"";
	for (const char *at = body; (at = strstr(at, before)) != NULL; at++) {
		char id[200];
		size_t length = strcspn(at + sizeof before - 1, "\"") + sizeof before;
		assert_true(length < sizeof id);
		memcpy(id, at, length);
		id[length] = '\0';
		if (strstr(at + 1, id) != NULL)
			fail_msg("twice:%s", id);
	}
}

/* Choices and questions may be called like the marks of others' parts. */
static void test_ids(void **state)
{
	static const char yaml[] =
		"form: trial\ntitle: Much\npages:\n  - page: when\n    title: All\n    questions:\n"
		"      - name: first\n        type: date\n        label: When?\n        hint: A day\n"
		"      - name: second\n        type: rank parts\n        label: In which order?\n        hint: Best "
		"first\n"
		"        relevant: \"${first} != ''\"\n        relevant_when: Answer this if there was a day.\n"
		"        refusal: prefer_not\n"
		"      - name: day\n        type: scale\n        label: How was it?\n        label_low: Bad\n"
		"        label_high: Good\n        hint: A number\n"
		"      - name: hint\n        type: rank parts\n        label: And now?\n"
		"  - page: parts\n    title: More\n    questions:\n"
		"      - name: error\n        type: rank parts\n        label: And then?\n        required: yes\n"
		"choices:\n  parts:\n    - hint: A hint\n    - error: A mistake\n    - when: When\n    - info: More\n"
		"    - day: A day\n    - low: Low\n    - unit: No\n    - \"2\": Two\n";
	CLEANUP_ARENA struct arena arena, request;
	struct folder folder = folder_make();
	arena_init(&arena, FORM_BYTES);
	arena_init(&request, REQUEST_BYTES);
	folder_write_as_is(&folder, "form.yaml", yaml);
	struct form *form = load(folder.path, &arena);
	folder_remove(&folder);
	expect_ids_once(show(*state, form, &request).body);
	arena_reset(&request);
	expect_ids_once(show(*state, load("tests/forms/everything", &arena), &request).body);
}

/* A piece that could not be had is not missed where it is printed; so the page as a whole is not sent. */
static void test_piece_lacking(void **state)
{
	CLEANUP_ARENA struct arena arena, request;
	arena_init(&arena, FORM_BYTES);
	arena_init(&request, REQUEST_BYTES);
	const struct form *form = load("tests/forms/everything", &arena);
	assert_null(arena_alloc(&request, 1, REQUEST_BYTES + 1));
	assert_int_equal(show(*state, form, &request).status, 500);
}

/* An error that the script is not told of would be one that nobody can mend. */
static void test_piece_of_json_lacking(void **state)
{
	struct site *site = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FORM_BYTES);
	const struct form *form = load("tests/forms/everything", &arena);
	for (int is_lacking = 0; is_lacking < 2; is_lacking++) {
		CLEANUP_ARENA struct arena request;
		arena_init(&request, REQUEST_BYTES);
		const struct http_request sent = {.method = HTTP_POST, .path = "/E4K7QX", .accept_language = ""};
		const struct mistake mistake = {.kind = MISTAKE_REQUIRED};
		const struct draft draft = {.at = "", .mistakes = {&mistake, 1}};
		struct http_response response = {.status = 0};
		struct visit visit;
		visit_init(&visit, &site->app, &sent, &request);
		visit_take_event(&visit, &site->event);
		assert_true(visit_take_form(&visit, form, "en"));
		if (is_lacking)
			assert_null(arena_alloc(&request, 1, REQUEST_BYTES + 1));
		form_page_json(&visit, 422, &draft, &response);
		assert_int_equal(response.status, is_lacking ? 500 : 422);
		assert_int_equal(strstr(response.body, "\"message\":") == NULL, is_lacking);
	}
}

/* What a message gives as an example must be an answer that would do. */
static void test_examples(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		enum question_type type;
		unsigned decimals;
		const char *least, *most, *example;
	} rows[] = {
		{"a whole number", QUESTION_INTEGER, 0, NULL, NULL, "16"},
		{"a whole number of few", QUESTION_INTEGER, 0, "0", "10", "10"},
		{"a whole number of many", QUESTION_INTEGER, 0, "18", "99", "18"},
		{"a number", QUESTION_DECIMAL, 1, NULL, NULL, "1.2"},
		{"a fine number", QUESTION_DECIMAL, 6, "0", "2", "1.234567"},
		{"a least just above the example", QUESTION_DECIMAL, 1, "1.4", NULL, "1.4"},
		{"a most just below the example", QUESTION_DECIMAL, 2, NULL, "1.22", "1.22"},
		{"below nothing", QUESTION_DECIMAL, 2, "-5", "-1", "-1"},
	};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, REQUEST_BYTES);
	const struct visit visit = {.arena = &arena};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct question question = {.type = rows[i].type,
						  .decimals = rows[i].decimals,
						  .least = rows[i].least,
						  .most = rows[i].most};
		const char *example = mistake_words_example(&visit, &question);
		if (strcmp(example, rows[i].example) != 0)
			fail_msg("%s: %s", rows[i].name, example);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_largest_form),
		cmocka_unit_test(test_want_of_memory),
		cmocka_unit_test(test_piece_lacking),
		cmocka_unit_test(test_piece_of_json_lacking),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_no_form_is_too_large_to_show),
	};
	return cmocka_run_group_tests(tests, site_start, site_stop);
}
