/* SPDX-License-Identifier: MIT */
/* form_shipped_test.c: what is shipped under forms/ loads without an error, in the three faces, and survives a document.
 *
 * Run from the top of the checkout, as all unit tests are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"

#include <stdbool.h>
#include <string.h>

enum { CEILING = 64 * 1024 * 1024, LETTER_MAX = 60 * 1024 };

static void expect_no_errors(const struct problems *problems)
{
	size_t errors = 0;
	for (size_t i = 0; i < problems->count; i++)
		errors += !form_load_is_finding(&problems->list[i]);
	if (errors > 0)
		problems_print(problems, stderr);
	assert_int_equal(errors, 0);
}

static void test_form(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL, *again = NULL;
	enum err error = form_load("forms/community-conversation", "forms/library", &arena, &form, &problems);
	expect_no_errors(&problems);
	assert_int_equal(error, ERR_OK);
	assert_string_equal(form->name, "community-conversation");
	assert_true(form_language(form, "cy") > 0 && form_language(form, "en-x-easy") > 0);
	assert_true(form_answers_max_bytes(form) < LETTER_MAX);
	bool has_apart = false;
	for (size_t i = 0; i < form->pages_count; i++)
		has_apart |= form->pages[i].is_apart;
	assert_true(has_apart);
	char *document = NULL, *same = NULL;
	size_t length = 0, same_length = 0;
	assert_int_equal(form_document_encode(form, &arena, &document, &length), ERR_OK);
	assert_int_equal(form_document_decode(document, length, 1, &arena, &again), ERR_OK);
	assert_int_equal(form_document_encode(again, &arena, &same, &same_length), ERR_OK);
	assert_int_equal(length, same_length);
	assert_memory_equal(document, same, length);
}

static void test_organisation(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct organisation *organisation = NULL, *again = NULL;
	enum err error = organisation_load("forms/organisation.yaml", &arena, &organisation, &problems);
	expect_no_errors(&problems);
	assert_int_equal(error, ERR_OK);
	char *document = NULL;
	size_t length = 0;
	assert_int_equal(organisation_encode(organisation, &arena, &document, &length), ERR_OK);
	assert_int_equal(organisation_decode(document, length, &arena, &again), ERR_OK);
	assert_int_equal(again->areas_count, organisation->areas_count);
	assert_int_equal(again->helplines_count, organisation->helplines_count);
}

static void test_words(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct words_set set = {0}, again = {0};
	enum err error = words_load("forms/strings", &arena, &set, &problems);
	expect_no_errors(&problems);
	assert_int_equal(error, ERR_OK);
	assert_string_equal(words_for(&set, "cy")->language, "cy");
	assert_string_equal(words_for(&set, "en-x-easy")->language, "en-x-easy");
	char *document = NULL;
	size_t length = 0;
	assert_int_equal(words_encode(&set, &arena, &document, &length), ERR_OK);
	assert_int_equal(words_decode(document, length, &arena, &again), ERR_OK);
	for (size_t i = 0; i < set.count; i++) {
		for (size_t key = 0; key < WORD_COUNT; key++)
			assert_string_equal(set.list[i].of[key], again.list[i].of[key]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_organisation),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
