/* SPDX-License-Identifier: MIT */
/* shipped_test.c: the forms that are shipped are what we tell others to write: no errors, no warnings but drafts, little advice.
 *
 * Run from the top of the checkout, as all unit tests are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"
#include "lib/form/form_load.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CEILING = 64 * 1024 * 1024, ADVICE_MOST = 15, FORMS_LEAST = 4 };

static size_t look_at(const char *folder)
{
	CLEANUP_ARENA struct arena arena;
	struct problems problems;
	struct form_places places;
	struct advice advice;
	struct form *form = NULL;
	size_t wrong = 0;
	arena_init(&arena, CEILING);
	problems_init(&problems, &arena);
	form_places_init(&places, &arena);
	advice_init(&advice, &arena, &places);
	enum err error = form_load_with_places(folder, "forms/library", &arena, &form, &problems, &places);
	advice_problems(&advice, form, &problems);
	if (error == ERR_OK)
		advice_form(&advice, form);
	assert_int_equal(advice_finish(&advice), ERR_OK);
	for (size_t i = 0; i < advice.count; i++) {
		const struct advice_finding *finding = &advice.list[i];
		assert_non_null(finding->file);
		bool is_fine =
			finding->rule->level == ADVICE_ADVICE || strcmp(finding->rule->name, "draft-translation") == 0;
		wrong += !is_fine;
		if (!is_fine)
			print_error("%s:%u: %s [%s]\n", finding->file, finding->line, finding->message,
				    finding->rule->name);
	}
	print_message("# %s: %zu warnings, %zu pieces of advice\n", folder, advice.of_level[ADVICE_WARNING],
		      advice.of_level[ADVICE_ADVICE]);
	if (advice.of_level[ADVICE_ADVICE] > ADVICE_MOST)
		advice_print(&advice, stderr);
	return wrong + (advice.of_level[ADVICE_ADVICE] > ADVICE_MOST) + (error != ERR_OK);
}

static void test_shipped_forms(void **state)
{
	(void) state;
	size_t forms = 0, wrong = 0;
	DIR *dir = opendir("forms");
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char folder[300], file[320];
		snprintf(folder, sizeof(folder), "forms/%s", entry->d_name);
		snprintf(file, sizeof(file), "%s/form.yaml", folder);
		if (entry->d_name[0] == '.' || access(file, R_OK) != 0)
			continue;
		wrong += look_at(folder);
		forms++;
	}
	closedir(dir);
	assert_true(forms >= FORMS_LEAST);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
