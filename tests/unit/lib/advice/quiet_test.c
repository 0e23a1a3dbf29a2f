/* SPDX-License-Identifier: MIT */
/* quiet_test.c: texts that are fine as they are, of the kinds that a careless rule would complain about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"
#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

enum { CEILING = 64 * 1024 * 1024 };

#define ASKED(name, type, more) "      - name: " name "\n        type: " type "\n        label: What about it?\n" more
#define RULE(rule) "        constraint: " rule "\n        constraint_message: Look again\n"
#define THEN(condition)                                                                                                \
	ASKED("then", "text", "        relevant: " condition "\n        relevant_when: Answer this if it was so\n")

/* Each is the label of a select_one. */
static const char *const labels[] = {
	"Did you feel safe and welcome?",
	"How was the food and the room?",
	"Do you look after somebody, or help them?",
	"Who told you about today and where?",
	"If you did not come by bus, how did you come?",
	"Were you asked by email or by phone?",
	"Was the room finished by noon?",
	"Did the CPS and the NHS answer you?",
	"Do you live in the UK or the USA?",
	"You do not have to answer if you do not want to. How was it?",
	"Was there a step that you could not take, or no lift?",
	"Did nobody come, or did you not see them?",
	"Do you understand what happens next?",
	"Did staff address what worried you?",
	"Is there a name for your group?",
	"Did you get a phone call before today?",
	"Was it good, OK or bad?",
	"How likely are you to come again?",
	"Did you agree on a next step?",
};

/* Each is the hint of a text. */
static const char *const hints[] = {
	"Do not write names, or details of a crime or a court case",
	"Do not write names, addresses or phone numbers",
	"Tell us what matters most to you. Do not write names.",
	"For example, names of places, but not of people",
};

/* Each is a text question. */
static const char *const asked[] = {
	"What did you like about the address by the mayor?",
	"What name should the new group have?",
	"What was the best phone line for help?",
	"What should we do about email?",
};

static size_t findings(const char *yaml, const char *text, const char *const *expected, size_t expected_count)
{
	struct folder folder = folder_make();
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	struct form_places places;
	struct advice advice;
	struct form *form = NULL;
	folder_write_as_is(&folder, "form.yaml", yaml);
	problems_init(&problems, &arena);
	form_places_init(&places, &arena);
	advice_init(&advice, &arena, &places);
	enum err error = form_load_with_places(folder.path, NULL, &arena, &form, &problems, &places);
	folder_remove(&folder);
	if (error != ERR_OK)
		problems_print(&problems, stderr);
	assert_int_equal(error, ERR_OK);
	advice_form(&advice, form);
	assert_int_equal(advice_finish(&advice), ERR_OK);
	size_t count = 0;
	for (size_t i = 0; i < advice.count; i++) {
		bool is_expected = false;
		for (size_t k = 0; k < expected_count; k++)
			is_expected |= strcmp(advice.list[i].rule->name, expected[k]) == 0;
		count += !is_expected;
		if (!is_expected)
			print_error("\"%s\": %s [%s]\n", text, advice.list[i].message, advice.list[i].rule->name);
	}
	return count;
}

static size_t run(const char *question, const char *text, const char *more, const char *const *expected, size_t count)
{
	char yaml[2048];
	snprintf(yaml, sizeof(yaml),
		 "form: trial\ntitle: Tell us about today\npages:\n  - page: one\n    title: Today\n    questions:\n"
		 "      - name: how\n        type: %s\n        label: \"%s\"\n%s"
		 "%s",
		 question, text, more,
		 strncmp(question, "select", 6) == 0 ? "choices:\n  scale:\n    - good: Good\n    - bad: Bad\n" : "");
	return findings(yaml, text, expected, count);
}

static void test_nothing_is_said(void **state)
{
	(void) state;
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		wrong += run("select_one scale", labels[i], "", NULL, 0);
	for (size_t i = 0; i < COUNT_OF(hints); i++) {
		char more[256];
		snprintf(more, sizeof(more), "        hint: \"%s\"\n", hints[i]);
		wrong += run("text", "What should change?", more, NULL, 0);
	}
	for (size_t i = 0; i < COUNT_OF(asked); i++)
		wrong += run("text", asked[i], "        hint: Do not write names\n", NULL, 0);
	assert_int_equal(wrong, 0);
}

/* Questions that some answers lead to, and rules that some answer keeps. */
static const struct {
	const char *name;
	const char *questions;
} possible[] = {
	{"one day behind another", ASKED("a", "date", "") ASKED("b", "date", "") THEN("${b} > ${a}")},
	{"three days in a row",
	 ASKED("a", "date", "") ASKED("b", "date", "") ASKED("c", "date", "") THEN("${a} < ${b} and ${b} < ${c}")},
	{"a day behind a day that is behind one that is named",
	 ASKED("a", "date", "") ASKED("b", "date", "") THEN("${a} > '2020-02-28' and ${b} > ${a}")},
	{"a number above one that is above one that is named",
	 ASKED("a", "integer", "") ASKED("b", "integer", "") THEN("${a} > 5 and ${b} > ${a}")},
	{"three numbers in a row", ASKED("a", "integer", "") ASKED("b", "decimal", "") ASKED("c", "integer", "")
					   THEN("${a} > ${b} and ${b} > ${c}")},
	{"a number above a point that is above one that is named",
	 ASKED("a", "scale", "") ASKED("b", "integer", "") THEN("${a} > 8 and ${b} > ${a}")},
	{"a whole number between two that are none", ASKED("a", "integer", "") THEN("${a} > 2.5 and ${a} < 3.5")},
	{"a day before 1900", ASKED("a", "date", "") THEN("${a} < '1837-06-20'")},
	{"the first days that there are", ASKED("a", "date", "") THEN("${a} < '1000-01-02'")},
	{"the last day that there is", ASKED("a", "date", "") THEN("${a} > '9999-12-30'")},
	{"a rule on days before 1900",
	 ASKED("a", "date", "        min: 1700-01-01\n        max: 1899-12-31\n" RULE(". < '1890-01-01'"))},
	{"a rule on long numbers",
	 ASKED("a", "integer", "        min: 1000000000000\n        max: 9999999999999\n" RULE(". > 2000000000000"))},
	{"a rule that lets through what has nothing to compare with",
	 ASKED("a", "date", "") ASKED("b", "date", RULE("\"${a} = '' or . > ${a}\""))},
	{"a rule on a question that must be answered",
	 ASKED("a", "date", "        required: yes\n") ASKED("b", "date", RULE(". > ${a}"))},
	{"a rule on another only where the answer is large",
	 ASKED("a", "integer", "") ASKED("b", "integer", RULE(". < 5 or . < ${a}"))},
	{"a rule on one of two of which one must be answered",
	 ASKED("a", "integer", "        required: yes\n") ASKED("b", "integer", "")
		 ASKED("c", "integer", RULE(". > ${a} or . > ${b}"))},
	{"a rule on the longest numbers", ASKED("a", "integer", RULE(". >= 999999999999999"))},
};

static void test_what_is_possible(void **state)
{
	(void) state;
	static const char *const others[] = {"no-names-hint", "no-dont-know", "required"};
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT_OF(possible); i++) {
		char yaml[2048];
		snprintf(yaml, sizeof(yaml),
			 "form: trial\ntitle: T\npages:\n  - page: one\n    title: One\n    questions:\n%s",
			 possible[i].questions);
		wrong += findings(yaml, possible[i].name, others, COUNT_OF(others));
	}
	assert_int_equal(wrong, 0);
}

/* A question whose choices carry the codes of a standard keeps the standard's words. */
static void test_harmonised_words_stay(void **state)
{
	(void) state;
	static const char form[] =
		"form: trial\ntitle: Tell us about today\npages:\n  - page: one\n    title: Today\n    questions:\n"
		"      - name: how\n        type: select_one scale\n"
		"        label: PLEASE tell us if you do not have no physical or mental health conditions or illnesses "
		"lasting or expected to last 12 months or more?\n"
		"choices:\n  scale:\n    - yes: Yes\n      standard: 1\n    - no: No\n";
	assert_int_equal(findings(form, "harmonised", NULL, 0), 0);
}

/* Labels without a word are still the same as themselves. */
static void test_no_change_is_none(void **state)
{
	(void) state;
	static const char yaml[] = "form: trial\ntitle: T\npages:\n  - page: one\n    title: One\n    questions:\n"
				   "      - name: how\n        type: select_one scale\n        label: \"?\"\n"
				   "choices:\n  scale:\n    - good: \":)\"\n    - bad: \":(\"\n";
	struct folder folder = folder_make();
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	struct advice advice;
	struct form *form = NULL;
	folder_write_as_is(&folder, "form.yaml", yaml);
	problems_init(&problems, &arena);
	advice_init(&advice, &arena, NULL);
	assert_int_equal(form_load(folder.path, NULL, &arena, &form, &problems), ERR_OK);
	folder_remove(&folder);
	advice_published(&advice, form, form);
	assert_int_equal(advice.count, 0);
}

/* The gate asks by this list for which events a reason is wanted, so nothing may be left out of it in silence. */
static void test_warnings_in_short(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		size_t drafts, hints; /* warnings with a language each, and advice before them that fills the list */
		size_t most;
		const char *end;
	} rows[] = {
		{"none", 0, 3, 2000, ""},
		{"all of them fit", 2, 0, 48, "draft-translation cy, draft-translation pl"},
		{"what does not fit", 2, 0, 47, "draft-translation cy, more"},
		{"not one fits", 2, 0, 20, "more"},
		{"what was only counted", 2, ADVICE_MAX, 2000, "more"},
		{"what was only counted is told of", 2, ADVICE_MAX - 2, 2000,
		 "draft-translation cy, draft-translation pl"},
	};
	static const char *const files[] = {"cy.yaml", "pl.yaml"};
	struct form form = {.languages = {{.tag = "en"}, {.tag = "cy"}, {.tag = "pl"}}, .languages_count = 3};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct advice advice;
		arena_init(&arena, CEILING);
		advice_init(&advice, &arena, NULL);
		for (size_t k = 0; k < rows[i].hints; k++) {
			problems_init(&problems, &arena);
			problems_add(&problems, "form.yaml", (unsigned) k + 1, 1, "long-hint", "hint");
			advice_problems(&advice, &form, &problems);
		}
		/* Where there is room each comes twice, and is told once. */
		for (size_t k = 0; k < rows[i].drafts; k++) {
			for (unsigned line = 1; line <= (rows[i].hints == 0 ? 2 : 1); line++) {
				problems_init(&problems, &arena);
				problems_add(&problems, files[k], line, 1, "draft-translation", "draft");
				advice_problems(&advice, &form, &problems);
			}
		}
		const char *words = advice_warnings(&advice, rows[i].most);
		if (words == NULL || strcmp(words, rows[i].end) != 0)
			fail_msg("%s: \"%s\"", rows[i].name, words != NULL ? words : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_said),       cmocka_unit_test(test_what_is_possible),
		cmocka_unit_test(test_harmonised_words_stay), cmocka_unit_test(test_no_change_is_none),
		cmocka_unit_test(test_warnings_in_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
