/* SPDX-License-Identifier: MIT */
/* match_test.c: paths and rows of the table of routes; where somebody may be led on to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "organiser/match.h"
#include "organiser/onward.h"

#include <string.h>

enum { CEILING = 1024 * 1024 };

static void test_routes(void **state)
{
	(void) state;
	static const struct {
		enum http_method method;
		const char *path, *pattern, *part;
		bool is_there;
	} rows[] = {
		{HTTP_GET, "/", "/", NULL, true},
		{HTTP_HEAD, "/", "/", NULL, true},
		{HTTP_POST, "/", NULL, NULL, true},
		{HTTP_GET, "", NULL, NULL, false},
		{HTTP_GET, "//", NULL, NULL, false},
		{HTTP_GET, "/people/new", "/people/new", NULL, true},
		{HTTP_GET, "/people/17", "/people/{account}", "17", true},
		{HTTP_GET, "/people/17/", NULL, NULL, false},
		{HTTP_GET, "/people/", NULL, NULL, false},
		{HTTP_GET, "/people/17/end", NULL, NULL, true},
		{HTTP_POST, "/people/17/end", "/people/{account}/end", "17", true},
		{HTTP_POST, "/people/17/endless", NULL, NULL, false},
		{HTTP_GET, "/welcome/abc_-", "/welcome/{token}", "abc_-", true},
		{HTTP_GET, "/enrol/code.svg", "/enrol/code.svg", NULL, true},
		{HTTP_OTHER, "/sign-in", NULL, NULL, true},
		{HTTP_GET, "/Sign-in", NULL, NULL, false},
		{HTTP_GET, "/sign-out", NULL, NULL, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, CEILING);
		const struct http_request request = {.method = rows[i].method, .path = rows[i].path};
		const char *part[3] = {NULL};
		bool is_there = false;
		const struct route *route = match_route(&request, &arena, part, &is_there);
		if (is_there != rows[i].is_there || !route != !rows[i].pattern)
			fail_msg("%s", rows[i].path);
		if (route)
			assert_string_equal(route->pattern, rows[i].pattern);
		if (route && rows[i].part)
			assert_string_equal(part[0], rows[i].part);
	}
}

/* Every row is reached by an address of its own: none stands behind one that takes it. */
static void test_no_row_hides_another(void **state)
{
	(void) state;
	for (size_t i = 0; i < routes_count; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, CEILING);
		char *path = arena_strdup(&arena, routes[i].pattern), *to = path;
		for (const char *from = path; *from; from++) { /* {anything} becomes "1" */
			if (*from == '{') {
				*to++ = '1';
				from = strchr(from, '}');
			} else {
				*to++ = *from;
			}
		}
		*to = '\0';
		const struct http_request request = {.method = routes[i].method, .path = path};
		const char *part[3];
		bool is_there = false;
		if (match_route(&request, &arena, part, &is_there) != &routes[i])
			fail_msg("%s", routes[i].pattern);
	}
}

static void test_onward(void **state)
{
	(void) state;
	static const struct {
		const char *next, *to;
	} rows[] = {
		{"/people/new", "/people/new"},
		{"/", "/"},
		{"", "/"},
		{"/nowhere", "/"},
		{"//example.org", "/"},
		{"https://example.org/", "/"},
		{"/people/new?x=1", "/"},
		{"/people/\\evil", "/"},
		{"/welcome/abc", "/"},
		{"people/new", "/"},
		{"/sign-out", "/"},
		{"/people/1/end", "/"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, CEILING);
		const struct http_field query = {"next", rows[i].next};
		const struct http_request request = {.query = &query, .query_count = 1};
		const struct visit visit = {.arena = &arena, .request = &request};
		assert_string_equal(onward_to(&visit), rows[i].to);
		if (strcmp(rows[i].to, "/") == 0)
			assert_string_equal(onward_by(&visit, "/code").url, "/code");
	}
	assert_string_equal(match_page_of("/people/17/end"), "/people");
	assert_string_equal(match_page_of("/people/17"), "/people/17");
	assert_string_equal(match_page_of("/account/codes"), "/account");
	assert_string_equal(match_page_of("/elsewhere"), "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_no_row_hides_another),
		cmocka_unit_test(test_onward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
