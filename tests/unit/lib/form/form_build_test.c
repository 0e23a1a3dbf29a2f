/* SPDX-License-Identifier: MIT */
/* form_build_test.c: which names and tags there are, and which holes a page can fill. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_build.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define N32 "abcdefghijklmnopqrstuvwxyz012345"

struct name_row {
	const char *name;
	bool is_question, is_page, is_choice, is_slug, is_form;
};

static void test_names(void **state)
{
	(void) state;
	static const struct name_row rows[] = {
		/* name		question page   choice slug   form */
		{"overall", true, true, true, true, true},
		{"about-you", false, true, false, true, true},
		{"ethnic_group", true, true, true, false, false},
		{"1st", false, false, true, false, false},
		{"16_24", false, false, true, false, false},
		{"_x", false, false, true, false, false},
		{"-x", false, false, false, false, false},
		{"Overall", false, false, false, false, false},
		{"", false, false, false, false, false},
		{"a b", false, false, false, false, false},
		{"a.b", false, false, false, false, false},
		{"a\n", false, false, false, false, false},
		{"ŵ", false, false, false, false, false},
		{N32, true, true, true, true, true},
		{N32 "6", false, false, false, false, false},
		{"x", true, true, true, true, true},
		{"cy", true, true, true, true, false},
		{"day", true, true, true, true, false},
		{"pt-br", false, true, false, true, false},
		{"en-x-easy", false, true, false, true, false},
		{"day-one", false, true, false, true, false},
		{"job-fair", false, true, false, true, false},
		{"a-day", false, true, false, true, true},
		{"d2-fair", false, true, false, true, true},
		{"work-experience", false, true, false, true, true},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct name_row *row = &rows[i];
		bool is_right = form_name_is_question(row->name) == row->is_question &&
				form_name_is_page(row->name) == row->is_page &&
				form_name_is_choice(row->name) == row->is_choice &&
				form_name_is_slug(row->name) == row->is_slug &&
				form_name_is_form(row->name) == row->is_form;
		if (!is_right)
			fail_msg("\"%s\"", row->name);
	}
}

static void test_pictures(void **state)
{
	(void) state;
	assert_true(form_name_is_picture("sun.svg"));
	assert_true(form_name_is_picture("2-faces_b.png"));
	assert_false(form_name_is_picture(".hidden"));
	assert_false(form_name_is_picture("a/b.png"));
	assert_false(form_name_is_picture("../b.png"));
	assert_false(form_name_is_picture("Sun.svg"));
	assert_false(form_name_is_picture(""));
}

static void test_tags(void **state)
{
	(void) state;
	static const struct {
		const char *tag, *base, *variant; /* NULL: no tag */
	} rows[] = {
		{"en", "en", ""},
		{"cy", "cy", ""},
		{"gle", "gle", ""},
		{"pt-br", "pt-br", ""},
		{"zh-hant", "zh-hant", ""},
		{"zh-hant-hk", "zh-hant-hk", ""},
		{"en-x-easy", "en", "easy"},
		{"cy-x-easy", "cy", "easy"},
		{"pt-br-x-easy", "pt-br", "easy"},
		{"en-x-1", "en", "1"},
		{"e", NULL, NULL},
		{"engl", NULL, NULL},
		{"EN", NULL, NULL},
		{"en-", NULL, NULL},
		{"en-gb1", NULL, NULL},
		{"en-b", NULL, NULL},
		{"en-x-", NULL, NULL},
		{"en-x-toolongtag", NULL, NULL},
		{"en-x-a-b", NULL, NULL},
		{"en-latinx", NULL, NULL},
		{"en_gb", NULL, NULL},
		{"../en", NULL, NULL},
		{"", NULL, NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (form_tag_is_valid(rows[i].tag) != (rows[i].base != NULL))
			fail_msg("\"%s\"", rows[i].tag);
		if (rows[i].base == NULL)
			continue;
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 64 * 1024);
		struct language language;
		assert_int_equal(form_build_language(rows[i].tag, LANGUAGE_DRAFT, &arena, &language), ERR_OK);
		assert_string_equal(language.tag, rows[i].tag);
		assert_string_equal(language.base, rows[i].base);
		assert_string_equal(language.variant, rows[i].variant);
		assert_int_equal(language.status, LANGUAGE_DRAFT);
	}
}

static void test_holes(void **state)
{
	(void) state;
	static const struct {
		const char *text, *unknown; /* NULL: none */
	} rows[] = {
		{"plain", NULL},
		{"{event} in {place} on {date}, {organisation}, {name}", NULL},
		{"What of {colour}?", "{colour}"},
		{"{event} and {evnt}", "{evnt}"},
		{"{ event }, {}, {Event}, {a b}, {x", NULL},
		{"{{colour}}", "{colour}"},
		{"{event", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t length = 0;
		const char *hole = form_text_unknown_hole(rows[i].text, &length);
		if (rows[i].unknown == NULL) {
			assert_null(hole);
		} else {
			assert_non_null(hole);
			assert_int_equal(length, strlen(rows[i].unknown));
			assert_memory_equal(hole, rows[i].unknown, length);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_holes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
