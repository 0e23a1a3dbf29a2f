/* SPDX-License-Identifier: MIT */
/* form_load_test.c: what right folders become: every key, the library, variants, and the look-ups of form.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_load.h"
#include "unit/lib/form/form_full.h"

static void test_head(void **state)
{
	const struct form *form = *state;
	assert_string_equal(form->name, "full");
	assert_int_equal(form->version, 0);
	assert_string_equal(form->title.of[0], "A full form");
	assert_string_equal(form->time.of[0], "2 minutes");
	assert_int_equal(form->keep_months, 6);
	assert_int_equal(form->threshold, 7);
	assert_int_equal(form->safety, FORM_SAFETY_EXIT_PAGE);
	assert_int_equal(form->programmes_count, 2);
	assert_string_equal(form->programmes[1], "panel");
	assert_int_equal(form->retired_count, 1);
	assert_string_equal(form->retired[0], "mood");
	assert_int_equal(form->crosstabs_count, 4);
	assert_string_equal(form->crosstabs[1].question, "know");
	assert_string_equal(form->crosstabs[1].by, "age");
}

static void test_languages(void **state)
{
	const struct form *form = *state;
	static const struct {
		const char *tag, *base, *variant;
		enum language_status status;
	} expected[] = {
		{"en", "en", "", LANGUAGE_CHECKED},
		{"cy", "cy", "", LANGUAGE_CHECKED},
		{"cy-x-easy", "cy", "easy", LANGUAGE_DRAFT},
		{"en-x-easy", "en", "easy", LANGUAGE_CHECKED},
	};
	assert_int_equal(form->languages_count, COUNT_OF(expected));
	for (size_t i = 0; i < COUNT_OF(expected); i++) {
		assert_string_equal(form->languages[i].tag, expected[i].tag);
		assert_string_equal(form->languages[i].base, expected[i].base);
		assert_string_equal(form->languages[i].variant, expected[i].variant);
		assert_int_equal(form->languages[i].status, expected[i].status);
		assert_int_equal(form_language(form, expected[i].tag), i);
	}
	assert_int_equal(form_language(form, "EN-X-Easy"), 3);
	assert_int_equal(form_language(form, "ar"), -1);
}

static void test_pages_and_fields(void **state)
{
	const struct form *form = *state;
	static const char *const fields[] = {
		"how",         "know_before",    "know_now",    "hard",        "words",      "line",
		"age",         "likely",         "calm_before", "calm_now",    "matters",    "matters_refusal",
		"clear_court", "clear_picture",  "again_ask",   "again_court", "told_court", "told_picture",
		"visits",      "visits_refusal", "hours",       "born",        "aside",      "aside_refusal"};
	assert_int_equal(form->pages_count, 3);
	assert_false(form->pages[0].is_apart);
	assert_true(form->pages[1].is_apart);
	assert_string_equal(form->pages[0].intro.of[0], "First.\n\nSecond.");
	assert_int_equal(form->pages[0].questions_count, 6);
	assert_int_equal(form->fields_count, COUNT_OF(fields));
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		assert_string_equal(form->fields[i].name, fields[i]);
		assert_int_equal(form_field(form, fields[i]), i);
	}
	assert_int_equal(form_field(form, "know"), -1);
	assert_int_equal(form->fields[1].part, FIELD_BEFORE);
	assert_int_equal(form->fields[2].part, FIELD_NOW);
	assert_ptr_equal(form->fields[6].question->page, &form->pages[1]);
	assert_int_equal(form->fields[7].part, FIELD_WHOLE);
	assert_int_equal(form->fields[11].part, FIELD_REFUSAL);
	assert_int_equal(form->fields[13].part, FIELD_STATEMENT);
	assert_string_equal(form->fields[13].statement->name, "picture");
	assert_null(form->fields[11].statement);
}

static void expect_points(const struct choice_list *list, const char *const *names, const enum maps_to *maps_to)
{
	for (size_t i = 0; i < list->choices_count; i++) {
		assert_non_null(names[i]);
		assert_string_equal(list->choices[i].name, names[i]);
		assert_int_equal(list->choices[i].maps_to, maps_to[i]);
	}
	assert_null(names[list->choices_count]);
}

static void test_scales(void **state)
{
	const struct form *form = *state;
	int cy = form_language(form, "cy");
	const struct question *likely = full_question(form, "likely"), *calm = full_question(form, "calm");
	assert_int_equal(likely->type, QUESTION_SCALE);
	assert_int_equal(likely->scale_from, -1);
	assert_int_equal(likely->scale_to, 3);
	assert_string_equal(likely->label_low.of[cy], "Dim o gwbl");
	assert_string_equal(likely->label_high.of[0], "Very");
	static const char *const points[] = {"-1", "0", "1", "2", "3", "dont_know", NULL};
	static const enum maps_to maps[] = {MAPS_TO_BOTTOM, MAPS_TO_BOTTOM, MAPS_TO_MIDDLE,
					    MAPS_TO_TOP,    MAPS_TO_TOP,    MAPS_TO_NOTHING};
	expect_points(likely->list, points, maps);
	assert_string_equal(likely->list->choices[0].label.of[cy], "\xE2\x88\x92"
								   "1");
	assert_string_equal(likely->list->choices[4].label.of[0], "3");
	assert_true(likely->list->choices[5].is_refusal);
	assert_string_equal(likely->list->choices[5].label.of[0], "I do not know");
	static const char *const ten[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", NULL};
	static const enum maps_to ten_maps[] = {MAPS_TO_BOTTOM, MAPS_TO_BOTTOM, MAPS_TO_BOTTOM, MAPS_TO_BOTTOM,
						MAPS_TO_MIDDLE, MAPS_TO_MIDDLE, MAPS_TO_MIDDLE, MAPS_TO_TOP,
						MAPS_TO_TOP,    MAPS_TO_TOP,    MAPS_TO_TOP};
	assert_true(calm->is_pair);
	assert_null(calm->refusal);
	expect_points(calm->list, ten, ten_maps);
}

static void test_ranks_and_grids(void **state)
{
	const struct form *form = *state;
	int cy = form_language(form, "cy"), easy = form_language(form, "en-x-easy");
	const struct question *matters = full_question(form, "matters"), *clear = full_question(form, "clear"),
			      *again = full_question(form, "again"), *told = full_question(form, "told");
	assert_int_equal(matters->type, QUESTION_RANK);
	assert_int_equal(matters->list->choices_count, 2);
	assert_int_equal(matters->refusal->choices_count, 1);
	assert_string_equal(matters->refusal->choices[0].name, "prefer_not");
	assert_string_equal(matters->refusal->choices[0].label.of[cy], "Gwell peidio");
	assert_int_equal(clear->type, QUESTION_GRID);
	assert_true(clear->is_required);
	assert_int_equal(clear->statements_count, 2);
	/* The form's own words for one question are not another's, which took the same from the library. */
	assert_string_equal(clear->statements[0].label.of[cy], "Yn ein llys");
	assert_string_equal(told->statements[0].label.of[cy], "Yn y llys");
	assert_string_equal(told->statements[1].label.of[cy], "Y llun");
	/* A statement may be called like a key of variants. */
	assert_string_equal(clear->statements[1].label.of[easy], "What you saw");
	assert_null(clear->faces[easy].picture);
	assert_string_equal(form_list(form, easy, clear)->name, "easy-scale");
	/* Its own statements take the place of the library's, words and all. */
	assert_string_equal(again->statements[0].name, "ask");
	assert_string_equal(again->statements[0].label.of[cy], "Eich cwestiwn");
	assert_null(again->statements[1].label.of[cy]);
	assert_string_equal(again->list->name, "hard2");
}

static void test_numbers_and_dates(void **state)
{
	const struct form *form = *state;
	int cy = form_language(form, "cy");
	const struct question *visits = full_question(form, "visits"), *hours = full_question(form, "hours"),
			      *born = full_question(form, "born"), *aside = full_question(form, "aside");
	assert_int_equal(visits->type, QUESTION_INTEGER);
	assert_string_equal(visits->least, "0");
	assert_string_equal(visits->most, "12");
	assert_string_equal(visits->unit.of[0], "times");
	assert_string_equal(visits->unit.of[cy], "gwaith");
	assert_string_equal(visits->refusal->choices[0].name, "prefer_not");
	assert_int_equal(hours->type, QUESTION_DECIMAL);
	assert_string_equal(hours->least, "0.5");
	assert_string_equal(hours->most, "24");
	assert_int_equal(hours->decimals, 1);
	assert_string_equal(hours->unit.of[cy], "awr");
	assert_int_equal(born->type, QUESTION_DATE);
	assert_string_equal(born->least, "1900-02-28");
	assert_string_equal(born->most, "2026-12-31");
	assert_non_null(born->relevant_expr);
	assert_non_null(born->constraint_expr);
	assert_null(born->refusal);
	assert_non_null(aside->refusal);
	assert_null(aside->least);
}

static void test_fields_of_types(void **state)
{
	const struct form *form = *state;
	static const struct {
		const char *field, *list; /* NULL: typed */
		bool is_list;
	} rows[] = {
		{"how", "scale", false},
		{"know_now", "scale", false},
		{"hard", "hard", true},
		{"words", NULL, false},
		{"likely", "likely", false},
		{"calm_before", "calm", false},
		{"matters", "things", true},
		{"matters_refusal", "refusals", false},
		{"clear_court", "scale", false},
		{"visits", NULL, false},
		{"visits_refusal", "refusals", false},
		{"hours", NULL, false},
		{"born", NULL, false},
		{"aside_refusal", "refusals", false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct field *field = &form->fields[form_field(form, rows[i].field)];
		const struct choice_list *list = form_field_list(form, 0, field);
		assert_int_equal(form_field_is_typed(field), rows[i].list == NULL);
		assert_int_equal(form_field_is_list(field), rows[i].is_list);
		assert_int_equal(list == NULL, rows[i].list == NULL);
		if (list != NULL)
			assert_string_equal(list->name, rows[i].list);
	}
	int easy = form_language(form, "en-x-easy");
	const struct field *statement = &form->fields[form_field(form, "clear_court")];
	assert_string_equal(form_field_list(form, easy, statement)->name, "easy-scale");
	assert_false(form_asks_field(form, easy, &form->fields[form_field(form, "calm_before")]));
	assert_true(form_asks_field(form, easy, &form->fields[form_field(form, "visits_refusal")]));
}

static void test_questions(void **state)
{
	const struct form *form = *state;
	const struct question *how = full_question(form, "how"), *know = full_question(form, "know"),
			      *hard = full_question(form, "hard"), *words = full_question(form, "words"),
			      *line = full_question(form, "line");
	assert_int_equal(how->type, QUESTION_SELECT_ONE);
	assert_true(how->is_faces && how->is_required);
	assert_string_equal(how->required_message.of[0], "Tell us how it was");
	assert_string_equal(how->measure, "satisfaction");
	assert_string_equal(how->was, "mood2");
	assert_string_equal(how->group, "g");
	assert_true(know->is_pair);
	assert_string_equal(know->label_before.of[0], "Back then");
	assert_string_equal(know->label_now.of[0], "These days");
	assert_int_equal(hard->type, QUESTION_SELECT_MULTIPLE);
	assert_string_equal(hard->relevant, "${how} = 'bad' or ${how} = 'no'");
	assert_non_null(hard->relevant_expr);
	assert_non_null(hard->constraint_expr);
	assert_string_equal(hard->constraint_message.of[0], "Choose one or two");
	assert_true(words->is_multiline);
	assert_int_equal(words->max_utf16, FORM_TEXT_MAX_DEFAULT);
	assert_false(line->is_multiline);
	assert_int_equal(line->max_utf16, 80);
	assert_int_equal(full_question(form, "thanks")->type, QUESTION_NOTE);
}

static void test_choices(void **state)
{
	const struct form *form = *state;
	const struct choice_list *scale = full_question(form, "how")->list, *hard = full_question(form, "hard")->list;
	const struct choice *good = choice_list_find(scale, "good"), *refused = choice_list_find(scale, "dont_know");
	assert_int_equal(good->maps_to, MAPS_TO_TOP);
	assert_int_equal(good->face, 1);
	assert_string_equal(good->code, "01");
	assert_string_equal(good->picture, "good.svg");
	assert_true(refused->is_refusal);
	assert_null(choice_list_find(scale, "GOOD"));
	assert_true(choice_list_find(hard, "none")->is_exclusive);
	assert_int_equal(hard->groups_count, 2);
	assert_string_equal(hard->groups[0].label.of[0], "The place");
	assert_string_equal(choice_list_find(hard, "far")->group, "place");
	assert_string_equal(choice_list_find(hard, "long_words")->group, "talk");
	assert_null(choice_list_find(hard, "none")->group);
	/* Only lists that a question uses, in the order in which they are used. */
	static const char *const lists[] = {"scale", "easy-scale", "hard", "ages", "refusals", "things", "hard2"};
	assert_int_equal(form->lists_count, COUNT_OF(lists));
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		assert_string_equal(form->lists[i]->name, lists[i]);
}

static void test_library(void **state)
{
	const struct form *form = *state;
	const struct question *how = full_question(form, "how"), *age = full_question(form, "age");
	int cy = form_language(form, "cy");
	/* Own words stand over the library's, and take its translations with them. */
	assert_string_equal(how->label.of[0], "How was today?");
	assert_string_equal(how->label.of[cy], "Sut oedd heddiw?");
	/* What is not given here comes along in every language. */
	assert_string_equal(how->hint.of[0], "Choose one");
	assert_string_equal(how->hint.of[cy], "Dewiswch un");
	assert_string_equal(age->label.of[cy], "Beth yw eich oed?");
	assert_string_equal(choice_list_find(age->list, "young")->label.of[cy], "Dan 30");
	/* The form's own entry wins. */
	assert_string_equal(choice_list_find(age->list, "old")->label.of[cy], "30 neu fwy");
}

static void test_variants(void **state)
{
	const struct form *form = *state;
	int en = 0, cy = form_language(form, "cy"), easy = form_language(form, "en-x-easy"),
	    cy_easy = form_language(form, "cy-x-easy");
	const struct question *how = full_question(form, "how"), *know = full_question(form, "know"),
			      *words = full_question(form, "words");
	assert_string_equal(form_list(form, easy, how)->name, "easy-scale");
	assert_string_equal(form_list(form, cy_easy, how)->name, "easy-scale");
	assert_string_equal(form_list(form, cy, how)->name, "scale");
	assert_null(form_list(form, easy, words));
	assert_true(form_has_own_choices(form, how));
	assert_false(form_has_own_choices(form, know));
	assert_false(form_asks(form, easy, words));
	assert_true(form_asks(form, cy_easy, words));
	assert_true(form_asks(form, en, words));
	const struct field *before = &form->fields[form_field(form, "know_before")],
			   *now = &form->fields[form_field(form, "know_now")];
	assert_true(form_asks_field(form, en, before));
	assert_false(form_asks_field(form, easy, before));
	assert_true(form_asks_field(form, easy, now));
	assert_false(form_asks_field(form, easy, &form->fields[form_field(form, "words")]));
	assert_string_equal(how->faces[easy].picture, "sun.svg");
	assert_null(how->faces[en].picture);
	const struct choice *bad = choice_list_find(how->list, "bad");
	assert_string_equal(bad->face_pictures[easy], "bad.svg");
	assert_null(bad->picture);
	/* A variant's list is in English for exports, and in the words of each variant that offers it. */
	const struct choice *yes = choice_list_find(form_list(form, easy, how), "yes");
	assert_string_equal(yes->label.of[en], "Yes");
	assert_string_equal(yes->label.of[easy], "Yes");
	assert_string_equal(yes->label.of[cy_easy], "Oedd");
	assert_null(yes->label.of[cy]);
}

static void test_fallbacks(void **state)
{
	const struct form *form = *state;
	int en = 0, cy = form_language(form, "cy"), easy = form_language(form, "en-x-easy"),
	    cy_easy = form_language(form, "cy-x-easy"), used = -1;
	const struct question *how = full_question(form, "how"), *line = full_question(form, "line");
	assert_string_equal(form_text(form, easy, &how->label, &used), "Was today good?");
	assert_int_equal(used, easy);
	assert_string_equal(form_text(form, cy_easy, &how->label, &used), "Sut oedd heddiw?");
	assert_int_equal(used, cy);
	assert_string_equal(form_text(form, cy_easy, &line->label, &used), "In one line");
	assert_int_equal(used, en);
	assert_string_equal(form_text(form, easy, &line->label, NULL), "In one line");
	assert_null(form_text(form, cy, &line->hint, &used));
	/* Under 'same:' the English is a translation. */
	assert_string_equal(form_text(form, cy, &form->time, &used), "2 minutes");
	assert_int_equal(used, cy);
}

static void test_findings(void **state)
{
	(void) state;
	struct folder folder = full_folder();
	struct problems problems;
	CLEANUP_ARENA struct arena arena;
	struct form *form = full_load(&folder, &arena, &problems);
	char cy[FOLDER_PATH_MAX], easy[FOLDER_PATH_MAX], yaml[FOLDER_PATH_MAX];
	folder_path(&folder, "full/cy.yaml", cy);
	folder_path(&folder, "full/cy-x-easy.yaml", easy);
	folder_path(&folder, "full/form.yaml", yaml);
	folder_remove(&folder);
	assert_non_null(form);
	for (size_t i = 0; i < problems.count; i++)
		assert_true(form_load_is_finding(&problems.list[i]));
	folder_expect(&problems, "missing", "missing-translation", cy, 0, "\"line.label\"");
	folder_expect(&problems, "left in English", "missing-translation", cy, 12, "\"words.label\"");
	folder_expect(&problems, "stale", "stale-translation", cy, 10, "\"know.label\"");
	folder_expect(&problems, "draft", "draft-translation", easy, 2, "checked");
	folder_expect(&problems, "variant's own list", "missing-translation", easy, 0, "\"choices.easy-scale.no\"");
	folder_expect(&problems, "unused", "unused-list", yaml, 131, "\"spare\"");
	/* A variant leans on its language: only its own list is missed. */
	for (size_t i = 0; i < problems.count; i++) {
		if (strcmp(problems.list[i].file, easy) == 0 && problems.list[i].line == 0)
			assert_non_null(strstr(problems.list[i].message, "choices.easy-scale."));
	}
}

/* Files that are no YAML, and a library that is not there, are nothing to complain of. */
static void test_defaults(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	folder_write(&folder, "form.yaml",
		     "form: least\ntitle: T\npages:\n  - page: p\n    title: P\n    questions:\n      - name: q\n"
		     "        type: text\n        label: L\n");
	folder_write(&folder, "notes.txt", "not read");
	folder_write(&folder, ".hidden.yaml", "not: [read");
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FULL_CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	assert_int_equal(form_load(folder.path, "/nowhere/library", &arena, &form, &problems), ERR_OK);
	folder_remove(&folder);
	assert_int_equal(problems.count, 0);
	assert_int_equal(form->languages_count, 1);
	assert_int_equal(form->keep_months, 24);
	assert_int_equal(form->threshold, 5);
	assert_int_equal(form->safety, FORM_SAFETY_NONE);
	assert_int_equal(form->programmes_count, 0);
	assert_int_equal(form->lists_count, 0);
	assert_null(form->time.of[0]);
	assert_false(form->pages[0].questions[0].is_required);
}

static void test_little_memory(void **state)
{
	(void) state;
	struct folder folder = full_folder();
	char path[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX];
	folder_path(&folder, "full", path);
	folder_path(&folder, "library", library);
	enum err error = ERR_NOMEM;
	size_t ceiling = 0;
	for (; error == ERR_NOMEM && ceiling < FULL_CEILING; ceiling += 1021) {
		CLEANUP_ARENA struct arena arena, told;
		arena_init(&arena, ceiling);
		arena_init(&told, FULL_CEILING);
		struct problems problems;
		problems_init(&problems, &told);
		struct form *form = NULL;
		error = form_load(path, library, &arena, &form, &problems);
		assert_true(error == ERR_NOMEM || (error == ERR_OK && form != NULL));
	}
	folder_remove(&folder);
	assert_int_equal(error, ERR_OK);
	assert_true(ceiling > 10000);
}

static struct folder group_folder;
static struct arena group_arena;

static int load_group(void **state)
{
	struct problems problems;
	group_folder = full_folder();
	*state = full_load(&group_folder, &group_arena, &problems);
	folder_remove(&group_folder);
	return *state == NULL;
}

static int free_group(void **state)
{
	(void) state;
	arena_fini(&group_arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_pages_and_fields),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_scales),
		cmocka_unit_test(test_ranks_and_grids),
		cmocka_unit_test(test_numbers_and_dates),
		cmocka_unit_test(test_fields_of_types),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_library),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_fallbacks),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_little_memory),
	};
	return cmocka_run_group_tests(tests, load_group, free_group);
}
