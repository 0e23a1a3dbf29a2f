/* SPDX-License-Identifier: MIT */
/* view_fields_test.c: which of two values counts, what is no value of ours, and when a POST only looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/view_fields.h"

static void test_read(void **state)
{
	(void) state;
	static struct http_field hidden[] = {{"view-size", "2"}, {"view-contrast", "1"}, {"view-listen", "1"}};
	static struct http_field size[] = {
		{"view-size", "1"}, {"view-contrast", "0"}, {"view-listen", "0"}, {"view-size", "3"}};
	static struct http_field off[] = {
		{"view-size", "3"}, {"view-listen", "1"}, {"view-listen", "0"}, {"view-size", "3"}};
	static struct http_field thrice[] = {{"view-contrast", "0"}, {"view-contrast", "0"}, {"view-contrast", "1"}};
	static struct http_field odd[] = {{"view-size", "4"}, {"view-contrast", "2"}, {"view-listen", "yes"}};
	static struct http_field empty[] = {{"view-size", ""}, {"view-contrast", "11"}, {"view-listen", "01"}};
	static struct http_field language[] = {{"view-size", "2"}, {"to", "cy"}};
	static struct http_field answers[] = {{"view-size", "2"}, {"overall", "good"}};
	static struct http_field like[] = {{"view_size", "2"}, {"View-Size", "2"}};
	static const struct {
		const char *name;
		struct http_field *fields;
		size_t count;
		unsigned size;
		bool has_contrast, is_listening, is_look;
		const char *pressed;
	} rows[] = {
		{"nothing", NULL, 0, 1, false, false, false, ""},
		{"as the page has it", hidden, 3, 2, true, true, true, ""},
		{"a button is the second", size, 4, 3, false, false, true, "view-size"},
		{"the last that comes twice has the focus", off, 4, 3, false, false, true, "view-size"},
		{"three times", thrice, 3, 1, true, false, true, "view-contrast"},
		{"no values of ours", odd, 3, 1, false, false, true, ""},
		{"nor these", empty, 3, 1, false, false, true, ""},
		{"a language of the start screen", language, 2, 2, false, false, true, ""},
		{"answers are sent", answers, 2, 2, false, false, false, ""},
		{"names that are like ours", like, 2, 1, false, false, false, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct http_request request = {
			.method = HTTP_POST, .fields = rows[i].fields, .fields_count = rows[i].count};
		struct page_view view;
		bool is_look;
		view_fields_read(&request, &view, &is_look);
		if (view.size != rows[i].size || view.has_contrast != rows[i].has_contrast ||
		    view.is_listening != rows[i].is_listening || is_look != rows[i].is_look ||
		    strcmp(view.pressed, rows[i].pressed) != 0)
			fail_msg("%s: %u %d %d look %d pressed %s", rows[i].name, view.size, view.has_contrast,
				 view.is_listening, is_look, view.pressed);
	}
}

static void test_get(void **state)
{
	(void) state;
	static struct http_field fields[] = {{"view-size", "3"}};
	const struct http_request request = {.method = HTTP_GET, .fields = fields, .fields_count = 1};
	struct page_view view;
	bool is_look = true;
	view_fields_read(&request, &view, &is_look);
	assert_false(is_look);
}

static void test_names(void **state)
{
	(void) state;
	assert_true(view_fields_is_name("view-size"));
	assert_true(view_fields_is_name("view-contrast"));
	assert_true(view_fields_is_name("view-listen"));
	assert_false(view_fields_is_name("view-sizes"));
	assert_false(view_fields_is_name("view"));
	assert_false(view_fields_is_name(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_read), cmocka_unit_test(test_get),
					   cmocka_unit_test(test_names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
