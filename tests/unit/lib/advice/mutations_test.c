/* SPDX-License-Identifier: MIT */
/* mutations_test.c: spoilt forms are refused with a place, or looked at to the end: advice has a place, a reason and an example
 * for each, says the same of the document that would be published, and its reports are whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "unit/mutations.h"

enum { CEILING = 64 * 1024 * 1024 };

static void expect_findings(const struct mutations *mutations, const struct advice *advice)
{
	size_t of_level[ADVICE_LEVELS] = {0};
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *finding = &advice->list[i];
		of_level[finding->rule->level]++;
		if (finding->message[0] == '\0' || finding->example[0] == '\0' || finding->rule->why[0] == '\0' ||
		    finding->file == NULL)
			fail_msg("mutation %u: a finding of %s without words or place", mutations->number,
				 finding->rule->name);
	}
	for (size_t i = 0; i < ADVICE_LEVELS && advice->dropped == 0; i++)
		assert_int_equal(of_level[i], advice->of_level[i]);
}

static void expect_reports(const struct advice *advice)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	assert_non_null(out);
	advice_print(advice, out);
	assert_int_equal(advice_print_json(advice, out), ERR_OK);
	assert_int_equal(fclose(out), 0);
	assert_true(length >= 3 && strcmp(text + length - 2, "]\n") == 0);
	free(text);
}

/* Without places the document has the same findings as the folder: none depends on anything but the form. */
static void expect_same_of_document(const struct mutations *mutations, const struct form *form,
				    const struct form *before, struct arena *arena)
{
	char *document = NULL;
	size_t length = 0;
	struct form *again = NULL;
	struct advice own, other;
	assert_int_equal(form_document_encode(form, arena, &document, &length), ERR_OK);
	assert_int_equal(form_document_decode(document, length, 7, arena, &again), ERR_OK);
	advice_init(&own, arena, NULL);
	advice_init(&other, arena, NULL);
	advice_form(&own, form);
	advice_form(&other, again);
	assert_int_equal(advice_finish(&own), ERR_OK);
	assert_int_equal(advice_finish(&other), ERR_OK);
	if (own.count != other.count)
		fail_msg("mutation %u: %zu findings in the folder, %zu in the document", mutations->number, own.count,
			 other.count);
	for (size_t i = 0; i < own.count; i++)
		assert_string_equal(own.list[i].message, other.list[i].message);
	/* What was published changes nothing of itself. */
	struct advice none;
	advice_init(&none, arena, NULL);
	advice_published(&none, form, again);
	if (none.count > 0)
		fail_msg("mutation %u: the form differs from itself: %s", mutations->number, none.list[0].message);
	advice_published(&none, form, before);
	assert_int_equal(advice_finish(&none), ERR_OK);
}

static bool run(struct mutations *mutations, const struct form *before)
{
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct form_places places;
	struct advice advice;
	struct form *form = NULL;
	arena_init(&arena, CEILING);
	problems_init(&problems, &arena);
	form_places_init(&places, &arena);
	advice_init(&advice, &arena, &places);
	enum err error = form_load_with_places(mutations->form, mutations->library, &arena, &form, &problems, &places);
	if (error != ERR_OK && error != ERR_INVALID)
		fail_msg("mutation %u: %s", mutations->number, err_name(error));
	if (error == ERR_INVALID)
		mutations_expect_place(mutations, &problems);
	advice_problems(&advice, form, &problems);
	if (form != NULL) {
		advice_form(&advice, form);
		expect_same_of_document(mutations, form, before, &arena);
	}
	assert_int_equal(advice_finish(&advice), ERR_OK);
	assert_non_null(advice_warnings(&advice, 2000));
	expect_findings(mutations, &advice);
	expect_reports(&advice);
	return form != NULL;
}

static void test_spoilt_forms(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct form *before = NULL;
	arena_init(&arena, CEILING);
	problems_init(&problems, &arena);
	assert_int_equal(form_load("forms/community-conversation", "forms/library", &arena, &before, &problems),
			 ERR_OK);
	struct mutations *mutations = mutations_start();
	unsigned first, count = mutations_count(&first), loaded = 0;
	for (unsigned i = 0; i < count; i++) {
		mutations_make(mutations, first + i);
		loaded += run(mutations, before);
		mutations_restore(mutations);
	}
	print_message("# %u spoilt forms: %u refused with a place, %u looked at\n", count, count - loaded, loaded);
	/* Otherwise one half of the test would test nothing. */
	if (count >= MUTATIONS_DEFAULT)
		assert_true(loaded > count / 20 && loaded < count * 19 / 20);
	mutations_end(mutations);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spoilt_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
