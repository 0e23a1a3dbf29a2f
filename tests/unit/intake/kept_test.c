/* SPDX-License-Identifier: MIT */
/* kept_test.c: answers go along from face to face and back as they were typed, right or wrong, and none is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/kept.h"
#include "unit/lib/form/answers_form.h"

#include <stdlib.h>

/* In this form Easy Read has own choices for "easy" and "work", asks "know" and "likely" plainly, and leaves out "why". These too: */
static void leave_out_more(void)
{
	static const int more[] = {MATTERS, PEOPLE, BORN, SAY};
	for (size_t i = 0; i < COUNT_OF(more); i++)
		kinds[more[i]].faces[EASY].is_omitted = true;
}

static int set_up(void **state)
{
	leave_out_more();
	return form_setup(state);
}

static const struct http_request no_request;

static struct answers *given(int language, const char *sent, struct arena *arena)
{
	struct answers *answers = answers_new(&form, language, arena);
	assert_int_equal(add_all(answers, arena, sent), ANSWERS_OK);
	return answers;
}

static struct answers *change(struct kept *kept, const struct answers *from, int language, struct arena *arena)
{
	struct answers *to = answers_new(&form, language, arena);
	assert_int_equal(kept_change_face(kept, from, to, arena), ERR_OK);
	return to;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* LIST of COUNT texts, sorted and joined by &. */
static const char *joined(const char **list, size_t count, struct arena *arena)
{
	const char *text = "";
	qsort(list, count, sizeof *list, by_text);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? "&" : "", list[i]);
	return text;
}

/* What a page would send for ANSWERS, sorted. */
static const char *sent_by(const struct answers *answers, struct arena *arena)
{
	const char *list[256];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct answer *answer = &answers->of[i];
		for (size_t p = 0; p < answer->parts_count; p++) {
			const char *part = answers_part_name(&form, answers->language, &fields[i], p);
			if (answer->parts[p] != NULL && answer->parts[p][0] != '\0')
				list[count++] = arena_printf(arena, "%s.%s=%s", fields[i].name, part, answer->parts[p]);
		}
		if (answer->text != NULL)
			list[count++] = arena_printf(arena, "%s=%s", fields[i].name, answer->text);
		for (size_t c = 0; c < answer->choices_count; c++)
			list[count++] = arena_printf(arena, "%s=%s", fields[i].name, answer->choices[c]->name);
	}
	return joined(list, count, arena);
}

static const char *kept_by(const struct kept *kept, struct arena *arena)
{
	const char *list[256];
	for (size_t i = 0; i < kept->count; i++)
		list[i] = arena_printf(arena, "%s=%s", kept->list[i].name, kept->list[i].value);
	return joined(list, kept->count, arena);
}

/* ---- rows ---- */

struct row {
	const char *name;
	const char *english; /* sorted */
	const char *shown;   /* in Easy Read */
	const char *kept;    /* beside it */
};

static const struct row rows[] = {
	{"nothing", "", "", ""},
	{"a question of both", "overall=good", "overall=good", ""},
	{"a question with choices of its own", "easy=poor", "", "keep-base-easy=poor"},
	{"several choices of both", "hard=none&hard=words", "hard=none&hard=words", ""},
	{"a half that is not asked", "know_before=much&know_now=little", "know_now=little",
	 "keep-base-know_before=much"},
	{"a text that is not asked", "why=  because ", "", "keep-base-why=  because "},
	{"a scale's half that is not asked", "likely_before=-1&likely_now=prefer_not", "likely_now=prefer_not",
	 "keep-base-likely_before=-1"},
	{"statements with choices of their own", "work_clear=good&work_court=poor", "",
	 "keep-base-work_clear=good&keep-base-work_court=poor"},
	{"a decimal of both, as it was typed", "hours= 2,50", "hours= 2,50", ""},
	{"a decimal of both that is none", "hours=two", "hours=two", ""},
	{"an integer that is not asked, in another script", "people=\xD9\xA1\xD9\xA6", "",
	 "keep-base-people=\xD9\xA1\xD9\xA6"},
	{"an integer that is none", "people=sixteen", "", "keep-base-people=sixteen"},
	{"an integer and its refusal", "people=16&people_refusal=prefer_not", "",
	 "keep-base-people=16&keep-base-people_refusal=prefer_not"},
	{"a date", "born.day=03&born.month=4&born.year=1984", "",
	 "keep-base-born.day=03&keep-base-born.month=4&keep-base-born.year=1984"},
	{"half a date", "born.month=4", "", "keep-base-born.month=4"},
	{"a date that is none", "born.day=x&born.month=99&born.year= 84 ", "",
	 "keep-base-born.day=x&keep-base-born.month=99&keep-base-born.year= 84 "},
	{"a rank", "matters.food=1&matters.words=3", "", "keep-base-matters.food=1&keep-base-matters.words=3"},
	{"a rank with two of one place", "matters.food=1&matters.words=1", "",
	 "keep-base-matters.food=1&keep-base-matters.words=1"},
	{"a rank refused", "matters_refusal=prefer_not", "", "keep-base-matters_refusal=prefer_not"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct kept kept;
	assert_int_equal(kept_init(&kept, &form, &no_request, &arena), ERR_OK);
	const struct answers *english = given(EN, row->english, &arena);
	const struct answers *easy = change(&kept, english, EASY, &arena);
	assert_string_equal(sent_by(easy, &arena), row->shown);
	assert_string_equal(kept_by(&kept, &arena), row->kept);
	for (size_t i = 0; i < kept.count; i++)
		assert_true(kept_is_name(&form, kept.list[i].name));
	/* Back, to the other language that has that face: all of it, and nothing goes along any more. */
	const struct answers *back = change(&kept, easy, CY, &arena);
	assert_string_equal(sent_by(back, &arena), row->english);
	assert_int_equal(kept.count, 0);
}

/* After a check, what had no mistake is shown canonical where it was typed as one, and as it was typed where in parts. */
static void test_checked(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct kept kept;
	assert_int_equal(kept_init(&kept, &form, &no_request, &arena), ERR_OK);
	struct answers *english = given(EN,
					"more=yes&people= 016 &hours=2,5&born.day=03&born.month=4&born.year=1984&"
					"matters.food=2&matters.words=1",
					&arena);
	struct mistakes mistakes;
	assert_int_equal(answers_check(english, &arena, &mistakes), ERR_OK);
	const struct answers *easy = change(&kept, english, EASY, &arena);
	assert_string_equal(sent_by(easy, &arena), "hours=2.5&more=yes");
	assert_string_equal(kept_by(&kept, &arena),
			    "keep-base-born.day=03&keep-base-born.month=4&keep-base-born.year=1984&"
			    "keep-base-matters.food=2&keep-base-matters.words=1&keep-base-people=16");
}

static void test_names(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		bool is_kept;
	} names[] = {
		{"keep-base-people", true},
		{"keep-easy-people", true},
		{"keep-base-born.day", true},
		{"keep-base-matters.food", true},
		{"keep-easy-work_court", true},
		{"keep-base-people_refusal", true},
		{"keep-base-born", false},
		{"keep-base-born.hour", false},
		{"keep-base-matters", false},
		{"keep-base-matters.rain", false},
		{"keep-base-people.day", false},
		{"keep-base-", false},
		{"keep-base-nothing", false},
		{"keep-other-people", false},
		{"keep-people", false},
		{"people", false},
		{"", false},
		{"keep-base-born.day.day", false},
		{"keep-en-people", false},
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(kept_is_name(&form, names[i].name), names[i].is_kept);
}

/* Whatever people type, wandering between faces ends where it began. */
static void test_random(void **state)
{
	(void) state;
	seed = 21;
	for (unsigned i = 0; i < 3000; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		struct kept kept;
		assert_int_equal(kept_init(&kept, &form, &no_request, &arena), ERR_OK);
		int language = (int) below(3);
		const struct answers *answers = random_answers(language, &arena);
		const char *first = sent_by(answers, &arena);
		for (unsigned step = below(6); step > 0; step--)
			answers = change(&kept, answers, (int) below(3), &arena);
		answers = change(&kept, answers, language, &arena);
		assert_string_equal(sent_by(answers, &arena), first);
	}
}

/* Every ceiling of the arena gives all of it or ERR_NOMEM: nothing is left out in silence. */
static void test_no_room(void **state)
{
	(void) state;
	bool is_good = false;
	for (size_t room = 0; !is_good; room += 16) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		struct kept kept;
		assert_int_equal(kept_init(&kept, &form, &no_request, &arena), ERR_OK);
		const struct answers *english =
			given(EN, "people=16&born.day=03&born.year=1984&matters.food=1&why=x", &arena);
		struct answers *easy = answers_new(&form, EASY, &arena);
		arena.ceiling_bytes = arena.used_bytes + room;
		enum err error = kept_change_face(&kept, english, easy, &arena);
		assert_true(error == ERR_OK || error == ERR_NOMEM);
		is_good = error == ERR_OK;
		assert_int_equal(is_good, !arena.is_failed);
		assert_true(!is_good || kept.count == 5);
	}
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(rows)];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		tests[i] = (struct CMUnitTest){rows[i].name, test_row, NULL, NULL, (void *) (uintptr_t) &rows[i]};
	const struct CMUnitTest whole[] = {
		cmocka_unit_test(test_checked),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests_name("kept rows", tests, set_up, form_teardown) +
	       cmocka_run_group_tests_name("kept", whole, set_up, form_teardown);
}
