/* SPDX-License-Identifier: MIT */
/* poster_size_test.c: how large a code has to be, and in which words it is refused where there is no room for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/print/poster_size.h"
#include "poster_sample.h"

static const struct row {
	const char *name;
	unsigned modules, distance_cm, tenths_mm;
} rows[] = {
	{"in the hand", 25, 20, 250},
	{"at arm's length", 25, 60, 600},
	{"a wall", 25, 150, 1500},
	{"a longer address", 29, 60, 600},
	{"modules ask for more", 45, 60, 900},
	{"in the hand, with fine modules", 65, 10, 260},
	{"the least module", 100, 10, 400},
};

static void sides_follow_distance_and_modules(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double side = poster_size_side_mm(rows[i].modules, rows[i].distance_cm);
		if (side * 10 < rows[i].tenths_mm - 0.01 || side * 10 > rows[i].tenths_mm + 0.01)
			fail_msg("%s: %f mm", rows[i].name, side);
		assert_true(side / rows[i].modules >= 0.4 - 1e-9);
	}
}

static const struct check {
	const char *name;
	enum poster_kind kind;
	unsigned modules, distance_cm;
	const char *words[3]; /* none: it fits */
} checks[] = {
	{"a4", POSTER_A4, 25, 0, {NULL}},
	{"a4 from its farthest", POSTER_A4, 25, 95, {NULL}},
	{"a4 from too far",
	 POSTER_A4,
	 25,
	 150,
	 {"150 mm wide", "room for 95 mm: read it from 95 cm (distance_cm) at most, or take an a3"}},
	{"a3 at 1.5 m", POSTER_A3, 25, 150, {NULL}},
	{"a3 from too far", POSTER_A3, 25, 400, {"400 mm wide", "room for 180 mm: read it from 180 cm"}},
	{"a card", POSTER_CARDS, 25, 0, {NULL}},
	{"a card from afar", POSTER_CARDS, 25, 60, {"cards has room for 36 mm", "read it from 35 cm"}},
	{"a card with a long address", POSTER_CARDS, 49, 25, {"the address is long", "use a shorter address"}},
	{"a slide, which has no millimetres", POSTER_SLIDE, 25, 900, {NULL}},
	{"a code alone", POSTER_QR, 25, 1000, {NULL}},
};

static void what_does_not_fit_is_refused(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		struct poster_request request = poster_sample();
		request.kind = checks[i].kind;
		request.distance_cm = checks[i].distance_cm;
		struct poster_trouble trouble = {{0}};
		double side = 0;
		enum err error = poster_size_check(&request, checks[i].modules, &side, &trouble);
		if (error != (checks[i].words[0] ? ERR_TOO_BIG : ERR_OK))
			fail_msg("%s: %d, %s", checks[i].name, error, trouble.words);
		for (const char *const *words = checks[i].words; *words; words++)
			if (!strstr(trouble.words, *words))
				fail_msg("%s: '%s' is not in '%s'", checks[i].name, *words, trouble.words);
		if (!error && request.kind != POSTER_SLIDE)
			assert_true(side <= poster_size_most_mm(request.kind) && side >= 25);
	}
}

/* A wall poster that is read from 1.5 m has at least 100 mm, from where it is read unless said otherwise too. */
static void a_wall_has_a_large_code(void **state)
{
	(void) state;
	struct poster_request request = poster_sample();
	request.kind = POSTER_A3;
	assert_true(poster_size_side_mm(25, poster_size_distance_cm(&request)) >= 100);
	assert_true(poster_size_side_mm(25, 150) >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sides_follow_distance_and_modules),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(a_wall_has_a_large_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
