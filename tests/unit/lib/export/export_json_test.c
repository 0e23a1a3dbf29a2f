/* SPDX-License-Identifier: MIT */
/* export_json_test.c: rows as typed JSON, the lists of a practice event in one object, faces merged as in CSV. */
#include "unit/lib/export/form.h"

#include <jansson.h>

enum { OUT_MAX = 1 << 20 };

static void run(const struct export_list *lists, size_t count, enum err error, const char *wanted)
{
	CLEANUP_ARENA struct arena arena;
	CLEANUP_STRBUF struct strbuf out;
	arena_init(&arena, 16 << 20);
	strbuf_init(&out, OUT_MAX);
	assert_int_equal(export_json("E4K7QX", "test", lists, count, &arena, &out), error);
	assert_string_equal(strbuf_text(&out), wanted);
}

static void both_lists_are_typed(void **state)
{
	(void) state;
	static const struct export_row rows[] = {
		{"{\"better\":\"=1+1 \\\"x\\\"\",\"overall\":\"no\",\"topics\":[\"courts\",\"other\"]}", &form_two,
		 NULL, NULL}};
	static const struct export_row apart[] = {{"{\"age\":\"18_24\"}", &form_two, "cy", "kiosk"}};
	const struct export_list lists[] = {{"responses", rows, 1, false, true}, {"about-you", apart, 1, true, true}};
	run(lists, 2, ERR_OK,
	    "{\"event\":\"E4K7QX\",\"form\":\"test\",\"responses\":[{\"overall\":\"no\",\"topics\":[\"courts\","
	    "\"other\"],"
	    "\"better\":\"=1+1 "
	    "\\\"x\\\"\"}],\"about-you\":[{\"response_language\":\"cy\",\"mode\":\"kiosk\",\"age\":\"18_24\"}]}\n");
	run(lists, 1, ERR_OK,
	    "{\"event\":\"E4K7QX\",\"form\":\"test\",\"responses\":[{\"overall\":\"no\",\"topics\":[\"courts\","
	    "\"other\"],"
	    "\"better\":\"=1+1 \\\"x\\\"\"}]}\n");
}

static void faces_are_merged(void **state)
{
	(void) state;
	static const struct export_row rows[] = {
		{"{\"hard\":[\"too_loud\"],\"overall\":\"dont_know\"}", &form_two, NULL, NULL}};
	const struct export_list list = {"responses", rows, 1, false, false};
	run(&list, 1, ERR_OK, "{\"event\":\"E4K7QX\",\"form\":\"test\",\"responses\":[{\"hard\":[\"bottom\"]}]}\n");
}

static void nothing_is_an_empty_list(void **state)
{
	(void) state;
	const struct export_list list = {"responses", NULL, 0, false, false};
	run(&list, 1, ERR_OK, "{\"event\":\"E4K7QX\",\"form\":\"test\",\"responses\":[]}\n");
}

static void what_the_form_does_not_know_stops_it(void **state)
{
	(void) state;
	static const struct export_row rows[] = {{"{\"nothing\":\"x\"}", &form_two, NULL, NULL}};
	const struct export_list list = {"responses", rows, 1, false, false};
	run(&list, 1, ERR_CORRUPT, "");
}

/* jansson's allocations fail from the n-th on. */
static size_t allocations_left;

static void *failing_malloc(size_t size)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left--;
	return malloc(size);
}

/* Or somebody would be told to look for damage in the office of a machine that is only short of memory. */
static void want_of_memory_is_no_damage(void **state)
{
	(void) state;
	static const struct export_row rows[] = {
		{"{\"hard\":[\"too_loud\"],\"overall\":\"dont_know\"}", &form_two, NULL, NULL}};
	const struct export_list list = {"responses", rows, 1, false, false};
	enum err error = ERR_NOMEM;
	for (size_t n = 0; error != ERR_OK && n < 1000; n++) {
		CLEANUP_ARENA struct arena arena;
		CLEANUP_STRBUF struct strbuf out;
		arena_init(&arena, 16 << 20);
		strbuf_init(&out, OUT_MAX);
		allocations_left = n;
		json_set_alloc_funcs(failing_malloc, free);
		error = export_json("E4K7QX", "test", &list, 1, &arena, &out);
		json_set_alloc_funcs(malloc, free);
		assert_true(error == ERR_NOMEM || error == ERR_OK);
	}
	assert_int_equal(error, ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_lists_are_typed),        cmocka_unit_test(faces_are_merged),
		cmocka_unit_test(nothing_is_an_empty_list),    cmocka_unit_test(what_the_form_does_not_know_stops_it),
		cmocka_unit_test(want_of_memory_is_no_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
