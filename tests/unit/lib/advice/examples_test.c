/* SPDX-License-Identifier: MIT */
/* examples_test.c: how a finding could be put better: from the text at hand where that can be, and else in words that fit any form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"
#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

#include <ctype.h>
#include <dirent.h>

enum { CEILING = 64 * 1024 * 1024, YAML_MAX = 4096 };

/* A text of the form and what it could be instead. */
static const struct {
	const char *rule;
	const char *label, *hint; /* of a select_one, or with a hint of a text */
	const char *example;
} rows[] = {
	{"leading", "How much did you enjoy the day?", NULL, "How was the day?"},
	{"leading", "How helpful was the map?", NULL, "How helpful or unhelpful was the map?"},
	{"leading", "Of course the room was warm?", NULL, "The room was warm?"},
	{"leading", "Why don't you come?", NULL, "Why do you come?"},
	{"leading", "Do you agree that it was warm?", NULL, "How was it? (not: How good was it?)"},
	{"capitals", "Was it VERY warm?", NULL, "Was it very warm?"},
	{"capitals", "WHICH room was it?", NULL, "Which room was it?"},
	{"please", "Please say which room it was.", NULL, "Say which room it was."},
	{"two-in-one", "Did people help you and listen?", NULL,
	 "Two questions: one with \"help\", one with \"listen\""},
	{"passive", "Was the plan explained by the helpers in the room?", NULL,
	 "Begin with \"the helpers\", and then say what they do."},
	{"hint-full-stop", "What was it?", "Do not write names.", "Do not write names"},
	{"long-hint", "What was it?", "Think of the room. It has two doors. Do not write names.", "Think of the room"},
	{"no-names-hint", "What was it?", "Think of the room.", "hint: Think of the room. Do not write names."},
	{"no-names-hint", "What was it like?", "", "hint: Do not write names"},
};

static const struct advice_finding *find(const struct advice *advice, const char *rule)
{
	for (size_t i = 0; i < advice->count; i++) {
		if (strcmp(advice->list[i].rule->name, rule) == 0)
			return &advice->list[i];
	}
	return NULL;
}

static void look(const char *yaml, struct arena *arena, struct advice *advice)
{
	struct folder folder = folder_make();
	struct problems problems;
	struct form *form = NULL;
	folder_write_as_is(&folder, "form.yaml", yaml);
	problems_init(&problems, arena);
	advice_init(advice, arena, NULL);
	assert_int_equal(form_load(folder.path, NULL, arena, &form, &problems), ERR_OK);
	folder_remove(&folder);
	advice_form(advice, form);
	assert_int_equal(advice_finish(advice), ERR_OK);
}

static void test_from_the_text_at_hand(void **state)
{
	(void) state;
	int wrong = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char yaml[YAML_MAX];
		CLEANUP_ARENA struct arena arena;
		struct advice advice;
		const char *hint = rows[i].hint;
		arena_init(&arena, CEILING);
		snprintf(yaml, sizeof(yaml),
			 "form: trial\ntitle: Trial\npages:\n  - page: one\n    title: One\n    questions:\n"
			 "      - name: how\n        type: %s\n        label: \"%s\"\n%s%s%s"
			 "%s",
			 hint != NULL ? "text" : "select_one scale", rows[i].label,
			 hint != NULL && hint[0] != '\0' ? "        hint: \"" : "", hint != NULL ? hint : "",
			 hint != NULL && hint[0] != '\0' ? "\"\n" : "",
			 hint != NULL ? "" : "choices:\n  scale:\n    - good: Good\n    - bad: Bad\n");
		look(yaml, &arena, &advice);
		const struct advice_finding *finding = find(&advice, rows[i].rule);
		bool is_fine = finding != NULL && strcmp(finding->example, rows[i].example) == 0;
		if (!is_fine)
			print_error("\"%s\" [%s]: expected \"%s\", got \"%s\"\n", rows[i].label, rows[i].rule,
				    rows[i].example, finding != NULL ? finding->example : "no finding");
		wrong += !is_fine;
	}
	assert_int_equal(wrong, 0);
}

/* What the loader names is the example. */
static void test_from_what_the_loader_says(void **state)
{
	(void) state;
	static const struct {
		const char *rule, *message, *example;
	} said[] = {
		{"unknown-key", "unknown key \"tilte\": did you mean \"title\"?", "title"},
		{"unknown-question", "relevant: There is no answer called ${a} to use here: did you mean ${b}?",
		 "${b}"},
		{"missing-translation", "\"how.label\" is missing: people are shown the English until it is translated",
		 "how.label: The same in the language of the file"},
		{"unknown-key", "unknown key \"x\": the keys that may stand here are a, b", NULL},
	};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		struct problems problems;
		struct advice advice;
		problems_init(&problems, &arena);
		advice_init(&advice, &arena, NULL);
		problems_add(&problems, "form.yaml", 1, 1, said[i].rule, "%s", said[i].message);
		advice_problems(&advice, NULL, &problems);
		const struct advice_finding *finding = &advice.list[0];
		assert_string_equal(finding->example,
				    said[i].example != NULL ? said[i].example : finding->rule->example);
		/* Who reads the message need not read it twice. */
		char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);
		assert_non_null(out);
		advice_print(&advice, out);
		assert_int_equal(fclose(out), 0);
		bool is_in_message = said[i].example != NULL && strstr(said[i].message, said[i].example) != NULL;
		assert_int_equal(strstr(text, "Better") == NULL, is_in_message);
		free(text);
	}
}

/* The words of a form: names of its questions and choices that are no word of every day. */
static bool says(const char *text, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
		bool begins = at == text || !(isalnum((unsigned char) at[-1]) || at[-1] == '_');
		if (begins && !(isalnum((unsigned char) at[length]) || at[length] == '_'))
			return true;
	}
	return false;
}

/* No rule's example is about what one form asks, or in the language of one translation. */
static void test_examples_fit_any_form(void **state)
{
	(void) state;
	static const char *const subjects[] = {"court",   "crime",    "event",    "conversation", "satisfaction",
					       "overall", "age_band", "heddiw",   "Heddiw",       "today",
					       "Today",   "learn",    "listened", "2027",         "9f31c2"};
	int wrong = 0;
	for (size_t i = 0; i < advice_rules_count; i++) {
		const struct advice_rule *rule = &advice_rules[i];
		bool is_list_of_holes = strcmp(rule->name, "unknown-hole") == 0;
		for (size_t k = 0; k < COUNT_OF(subjects) && !is_list_of_holes; k++) {
			if (!says(rule->example, subjects[k]))
				continue;
			print_error("%s: \"%s\" is about one form: %s\n", rule->name, rule->example, subjects[k]);
			wrong++;
		}
	}
	/* Nor does one name a form that is shipped. */
	DIR *dir = opendir("forms");
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		for (size_t i = 0; i < advice_rules_count && strchr(entry->d_name, '-') != NULL; i++)
			wrong += strstr(advice_rules[i].example, entry->d_name) != NULL;
	}
	closedir(dir);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_the_text_at_hand),
		cmocka_unit_test(test_from_what_the_loader_says),
		cmocka_unit_test(test_examples_fit_any_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
