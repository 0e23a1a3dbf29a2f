/* SPDX-License-Identifier: MIT */
/* routes_test.c: every public address, both ways, and what is no address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "intake/language.h"
#include "intake/routes.h"

struct row {
	const char *path, *expected; /* kind, then notice, code, form, language */
};

static const struct row rows[] = {
	{"/", "home -"},
	{"/CY", "home cy"},
	{"/en-x-easy", "home en-x-easy"},
	{"/cyfle", "none"},
	{"/E4K7QX", "event E4K7QX - -"},
	{"/e4k7qx", "event E4K7QX - -"},
	{"/E4K7QX/", "event E4K7QX - -"},
	{"/E4K7QX/CY", "event E4K7QX - cy"},
	{"/E4K7QX/EN-X-EASY", "event E4K7QX - en-x-easy"},
	{"/E4K7QX/community-conversation", "event E4K7QX community-conversation -"},
	{"/E4K7QX/COMMUNITY-CONVERSATION/CY", "event E4K7QX community-conversation cy"},
	{"/privacy", "notice 0 -"},
	{"/PRIVACY/CY", "notice 0 cy"},
	{"/help", "help -"},
	{"/Help/CY", "help cy"},
	{"/help/form/cy", "none"},
	{"/withdraw", "withdraw -"},
	{"/WITHDRAW/", "withdraw -"},
	{"/Withdraw/En-X-Easy", "withdraw en-x-easy"},
	{"/withdraw/K7QX9M2T4WRB6HD3K", "none"}, /* a receipt has no place in an address */
	{"/withdraw/cy/cy", "none"},
	{"/withdrawn", "none"},
	{"/E4K7QX/withdraw", "event E4K7QX withdraw -"}, /* a form's name */
	{"/accessibility", "notice 1 -"},
	{"/cookies/en-x-easy", "notice 2 en-x-easy"},
	{"", "none"},
	{"E4K7QX", "none"},
	{"//", "none"},
	{"/E4K7QX//CY", "none"},
	{"/E4K7QX/CY/CY", "none"},
	{"/E4K7QX/form/cy/more", "none"},
	{"/ABCDEF", "none"}, /* no digit */
	{"/E4K7Q", "none"},  /* too short */
	{"/E4K7QXX", "none"},
	{"/E4K0QX", "none"}, /* 0 is not in the alphabet */
	{"/privacy/notalanguage", "none"},
	{"/robots.txt", "none"},
	{"/areas", "areas - -"},
	{"/AREAS/", "areas - -"},
	{"/areas/CY", "areas - cy"},
	{"/areas/en-x-easy", "areas - en-x-easy"},
	{"/areas/Thames-and-Chiltern", "area thames-and-chiltern -"},
	{"/areas/wessex/CY", "area wessex cy"},
	{"/areas/wessex/feed.xml", "feed wessex -"},
	{"/areas/wessex/CY/feed.xml", "feed wessex cy"},
	{"/areas/cy/feed.xml", "feed cy -"}, /* an Area may be named like a language */
	{"/areas/cy/cy", "area cy cy"},
	{"/areas/wessex/feed.xml/CY", "none"},
	{"/areas/wessex/feed.atom", "none"},
	{"/areas/wessex/CY/CY", "none"},
	{"/areas/wessex/CY/feed.xml/more", "none"},
	{"/area", "none"},
	{"/kiosk", "kiosk"},
	{"/KIOSK/", "kiosk"},
	{"/kiosk/cy", "none"},
	{"/kiosk/E4K7QX", "event kiosk E4K7QX - -"},
	{"/Kiosk/e4k7qx/CY", "event kiosk E4K7QX - cy"},
	{"/kiosk/E4K7QX/Community-Conversation", "event kiosk E4K7QX community-conversation -"},
	{"/kiosk/E4K7QX/community-conversation/EN-X-EASY", "event kiosk E4K7QX community-conversation en-x-easy"},
	{"/kiosk/E4K7QX/form/cy/more", "none"},
	{"/kiosk/kiosk/E4K7QX", "none"},
	{"/kiosk/listen/E4K7QX", "none"},
	{"/kiosk/areas", "none"},
	{"/listen", "none"},
	{"/listen/E4K7QX", "event listen E4K7QX - -"},
	{"/listen/E4K7QX/daily/CY", "event listen E4K7QX daily cy"},
	{"/E4K7QX/kiosk", "event E4K7QX kiosk -"}, /* a form's name */
};

static void describe(const struct route *route, char *out, size_t size)
{
	static const char *const kinds[] = {"home",  "help", "notice", "withdraw", "event",
					    "areas", "area", "feed",   "kiosk",    "none"};
	static const char *const hows[ROUTE_HOW_COUNT] = {"", "listen ", "kiosk "};
	const char *language = route->language ? route->language : "-";
	if (route->kind == ROUTE_NOTICE)
		snprintf(out, size, "notice %d %s", (int) route->notice, language);
	else if (route->kind == ROUTE_EVENT)
		snprintf(out, size, "event %s%s %s %s", hows[route->how], route->code, route->form ? route->form : "-",
			 language);
	else if (route->kind == ROUTE_AREAS || route->kind == ROUTE_AREA || route->kind == ROUTE_FEED)
		snprintf(out, size, "%s %s %s", kinds[route->kind], route->area ? route->area : "-", language);
	else if (route->kind == ROUTE_HOME || route->kind == ROUTE_HELP || route->kind == ROUTE_WITHDRAW)
		snprintf(out, size, "%s %s", kinds[route->kind], language);
	else
		snprintf(out, size, "%s", kinds[route->kind]);
}

static void test_parse(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 16);
		struct route route = route_parse(rows[i].path, &arena);
		char got[128];
		describe(&route, got, sizeof got);
		if (strcmp(got, rows[i].expected) != 0)
			fail_msg("%s: %s, expected %s", rows[i].path, got, rows[i].expected);
	}
}

static void test_build_and_parse_agree(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 16);
	assert_string_equal(route_event(ROUTE_PLAIN, "E4K7QX", NULL, NULL, &arena).url, "/E4K7QX");
	assert_string_equal(route_event(ROUTE_PLAIN, "E4K7QX", "daily", "en-x-easy", &arena).url,
			    "/E4K7QX/daily/EN-X-EASY");
	assert_string_equal(route_event(ROUTE_KIOSK, "E4K7QX", NULL, "cy", &arena).url, "/kiosk/E4K7QX/CY");
	assert_string_equal(route_event(ROUTE_LISTEN, "E4K7QX", "daily", NULL, &arena).url, "/listen/E4K7QX/daily");
	assert_string_equal(route_kiosk_home().url, "/kiosk");
	assert_string_equal(route_home(NULL, &arena).url, "/");
	assert_string_equal(route_home("en-x-easy", &arena).url, "/EN-X-EASY");
	assert_string_equal(route_withdraw(NULL, &arena).url, "/withdraw");
	assert_string_equal(route_withdraw("en-x-easy", &arena).url, "/withdraw/EN-X-EASY");
	assert_string_equal(route_notice(NOTICE_COOKIES, "cy", &arena).url, "/cookies/CY");
	struct route route = route_parse("/E4K7QX/daily/EN-X-EASY", &arena);
	assert_string_equal(route.form, "daily");
	assert_string_equal(route.language, "en-x-easy");
}

static void test_code(void **state)
{
	(void) state;
	char code[7];
	assert_true(route_code("e4k7qx", code));
	assert_string_equal(code, "E4K7QX");
	assert_true(route_code("E4K 7QX", code));
	assert_true(route_code("E4K-7QX", code));
	assert_false(route_code("E4K7Q", code));
	assert_false(route_code("E4K7QXX", code));
	assert_false(route_code("ABCDEF", code));
	assert_false(route_code("E4K7Q\xc3\xa9", code));
}

struct accept_row {
	const char *header;
	size_t expected;
};

static void test_accept_language(void **state)
{
	(void) state;
	static const char *const offered[] = {"en", "cy", "en-x-easy", "ar"};
	static const struct accept_row accepts[] = {
		{"", 0},
		{"cy", 1},
		{"cy-GB,en;q=0.8", 1},
		{"en-GB,en;q=0.9,cy;q=0.8", 0},
		{"fr,ar;q=0.5", 3},
		{"fr,de", 0},
		{"cy;q=0, en", 0},
		{"en;q=0.2 , cy;q=0.7", 1},
		{"*", 0},
		{",,;;q=,cy", 1},
		{"CY", 1},
	};
	for (size_t i = 0; i < sizeof accepts / sizeof accepts[0]; i++) {
		size_t got = language_choose(accepts[i].header, offered, 4, 0);
		if (got != accepts[i].expected)
			fail_msg("'%s': %zu", accepts[i].header, got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_build_and_parse_agree),
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_accept_language),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
