/* SPDX-License-Identifier: MIT */
/* judge_test.c: when a browser may stay, and which flags it may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kiosk-session/flags.h"
#include "kiosk-session/judge.h"

#include <string.h>

/* A browser of second 100, heard within 90 seconds and then each 60, that was told of 3 ended sessions. */
static void test_judge(void **state)
{
	static const struct {
		const char *name;
		bool has_state;
		uint64_t ended;
		int64_t alive_s, now_s;
		enum verdict verdict;
	} rows[] = {
		{"no state: nobody counts", false, 0, 0, 9999, VERDICT_STAYS},
		{"just started", true, 3, 0, 100, VERDICT_STAYS},
		{"not heard yet, in time", true, 3, 0, 190, VERDICT_STAYS},
		{"not heard yet, too late", true, 3, 0, 191, VERDICT_SILENT},
		{"another browser's heartbeat is none", true, 3, 99, 191, VERDICT_SILENT},
		{"nor is one of its first second", true, 3, 100, 191, VERDICT_SILENT},
		{"heard, in time", true, 3, 180, 240, VERDICT_STAYS},
		{"heard, too late", true, 3, 180, 241, VERDICT_SILENT},
		{"a heartbeat of before the machine was started", true, 3, 5000, 191, VERDICT_SILENT},
		{"a session ended", true, 4, 180, 181, VERDICT_ENDED},
		{"counted anew", true, 0, 180, 181, VERDICT_ENDED},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct judge judged = {
			.knows_ended = true, .ended = 3, .started_s = 100, .start_limit_s = 90, .silence_limit_s = 60};
		const struct station_state said = {.ended = rows[i].ended, .alive_s = rows[i].alive_s};
		if (judge(&judged, rows[i].has_state ? &said : NULL, rows[i].now_s) != rows[i].verdict)
			fail_msg("%s", rows[i].name);
	}
}

/* The same browser while nobody answers, who could have heard it. */
static void test_deaf(void **state)
{
	static const struct {
		const char *name;
		int64_t alive_s, deaf_s, now_s;
		bool has_doubt;
		enum verdict verdict;
	} rows[] = {
		{"heard of late: nobody needs to ask", 180, 0, 220, false, VERDICT_STAYS},
		{"time to ask", 180, 0, 221, true, VERDICT_STAYS},
		{"time to ask after a start", 0, 0, 171, true, VERDICT_STAYS},
		{"silent, and all answer", 180, 0, 241, true, VERDICT_SILENT},
		{"silent, and nobody answers", 180, 240, 241, true, VERDICT_STAYS},
		{"a start, and nobody answers", 0, 190, 191, true, VERDICT_STAYS},
		{"they answer again, and its next heartbeat may be on its way", 180, 240, 260, true, VERDICT_STAYS},
		{"they answer again, and would have heard it", 180, 240, 261, true, VERDICT_SILENT},
		{"five minutes more", 180, 535, 540, true, VERDICT_STAYS},
		{"and no longer", 180, 540, 541, true, VERDICT_SILENT},
		{"heard again", 300, 299, 330, false, VERDICT_STAYS},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct judge judged = {.knows_ended = true,
				       .started_s = 100,
				       .start_limit_s = 90,
				       .silence_limit_s = 60,
				       .deaf_s = rows[i].deaf_s};
		const struct station_state said = {.alive_s = rows[i].alive_s};
		if (judge_has_doubt(&judged, &said, rows[i].now_s) != rows[i].has_doubt ||
		    judge(&judged, &said, rows[i].now_s) != rows[i].verdict)
			fail_msg("%s", rows[i].name);
	}
	assert_false(judge_has_doubt(&(struct judge){.started_s = 1}, NULL, 9999));
}

static void test_first_count(void **state)
{
	(void) state;
	struct judge judged = {.started_s = 100, .start_limit_s = 90, .silence_limit_s = 60};
	assert_int_equal(judge(&judged, NULL, 101), VERDICT_STAYS);
	assert_int_equal(judge(&judged, &(const struct station_state){.ended = 7}, 102), VERDICT_STAYS);
	assert_int_equal(judge(&judged, &(const struct station_state){.ended = 8}, 103), VERDICT_ENDED);
}

static void test_flags(void **state)
{
	static const struct {
		const char *text;
		enum err error;
		size_t count, line;
	} rows[] = {
		{"", ERR_OK, 0, 0},
		{"# why\n--kiosk\n\n--a-rule=MAP * x, EXCLUDE y", ERR_OK, 2, 4},
		{"--kiosk\n--no-sandbox\n", ERR_DENIED, 1, 2},
		{"--remote-debugging-port=9222\n", ERR_DENIED, 0, 1},
		{"--disable-web-security", ERR_DENIED, 0, 1},
		{"--user-data-dir=/tmp\n", ERR_DENIED, 0, 1},
		{"kiosk\n", ERR_INVALID, 0, 1},
		{"--kiosk \n", ERR_INVALID, 0, 1},
		{"--ki\tosk\n", ERR_INVALID, 0, 1},
		{"--\n", ERR_INVALID, 0, 1},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CLEANUP_ARENA struct arena arena;
		struct flags flags;
		size_t line;
		arena_init(&arena, 1 << 16);
		if (flags_parse(rows[i].text, strlen(rows[i].text), &arena, &flags, &line) != rows[i].error ||
		    flags.count != rows[i].count || line != rows[i].line)
			fail_msg("row %zu: %zu flags, line %zu", i, flags.count, line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_judge), cmocka_unit_test(test_deaf),
					   cmocka_unit_test(test_first_count), cmocka_unit_test(test_flags)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
