/* SPDX-License-Identifier: MIT */
/* spoken_test.c: keys of texts, pieces round holes, and that every label, choice, mistake and notice of the form with every kind of
 * question is in the list.
 *
 * Run from the top of the checkout, as all unit tests are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/codec.h"
#include "lib/form/form_document.h"
#include "lib/form/form_load.h"
#include "lib/form/mistake_sentence.h"
#include "lib/spoken/spoken.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CEILING = 256 * 1024 * 1024 };

static struct arena arena;
static struct words_set words;
static struct organisation *organisation;

static int set_up(void **state)
{
	(void) state;
	struct problems problems;
	arena_init(&arena, CEILING);
	problems_init(&problems, &arena);
	return words_load("forms/strings", &arena, &words, &problems) != ERR_OK ||
	       organisation_load("forms/organisation.yaml", &arena, &organisation, &problems) != ERR_OK;
}

static int tear_down(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

static struct form *load(const char *folder)
{
	struct problems problems;
	struct form *form = NULL;
	problems_init(&problems, &arena);
	if (form_load(folder, "forms/library", &arena, &form, &problems) != ERR_OK)
		problems_print(&problems, stderr);
	assert_non_null(form);
	return form;
}

/* ---- texts and keys --------------------------------------------------------------------------------------------------------- */

static void test_plain(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *plain;
	} rows[] = {
		{"as it is", "How was it?", "How was it?"},
		{"white space", "  How\t was\n\nit?  ", "How was it?"},
		{"a blank at which no line ends", "27\u00a03\u00a02026", "27 3 2026"},
		{"marks of direction", "\u2068CPS\u2069 \u200fنص", "CPS نص"},
		{"nothing", " \n", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].name);
		assert_string_equal(spoken_plain(rows[i].text, &arena), rows[i].plain);
	}
}

/* As soundings-catalogue(5) has it: anybody can compute one. */
static void test_key(void **state)
{
	(void) state;
	uint8_t key[SPOKEN_KEY_BYTES], other[SPOKEN_KEY_BYTES];
	char hex[2 * SPOKEN_KEY_BYTES + 1];
	spoken_key("en", "Very good", key);
	codec_hex(key, sizeof key, hex);
	assert_string_equal(hex, "d16d079d895b1069874859368b43683c");
	spoken_key("cy", "Very good", other);
	assert_memory_not_equal(key, other, sizeof key);
	/* Language and text cannot run into one another. */
	spoken_key("enV", "ery good", other);
	assert_memory_not_equal(key, other, sizeof key);
}

/* ---- the list --------------------------------------------------------------------------------------------------------------- */

static bool has(const struct spoken *spoken, const char *language, const char *text)
{
	uint8_t key[SPOKEN_KEY_BYTES];
	const char *plain = spoken_plain(text, &arena);
	assert_non_null(plain);
	spoken_key(language, plain, key);
	return spoken_find(spoken, key) != NULL;
}

/* A sentence with a hole is there in the pieces round it. */
static void expect(const struct spoken *spoken, const char *language, const char *text)
{
	if (!text || strchr(text, '{') || has(spoken, language, text))
		return;
	fail_msg("no sound is made of \"%s\" (%s)", text, language);
}

static struct face face_of(const struct form *form, int language)
{
	struct face face = {.form = form, .language = language, .arena = &arena};
	face.words = words_for(&words, form->languages[language].tag);
	return face;
}

static void expect_text(const struct spoken *spoken, const struct face *face, const struct text *text)
{
	const char *lang = NULL;
	const char *found = face_text(face, text, &lang);
	expect(spoken, lang ? lang : face->form->languages[face->language].base, found);
}

/* Every mistake that there is, possible for the question or not: what has a sentence of this question must be in the list where the
 * question can give it. */
static void expect_mistakes(const struct spoken *spoken, const struct face *face, int index)
{
	const struct field *field = &face->form->fields[index];
	const char *base = face->form->languages[face->language].base;
	const struct choice_list *list = form_field_list(face->form, face->language, field);
	struct mistake mistake = {.field = index};
	bool is_date = field->question->type == QUESTION_DATE;
	bool is_number = field->question->type == QUESTION_INTEGER || field->question->type == QUESTION_DECIMAL;
	const struct {
		enum mistake_kind kind;
		bool can_be;
	} rows[] = {
		{MISTAKE_REQUIRED, field->question->is_required},
		{MISTAKE_TOO_LONG, field->question->type == QUESTION_TEXT},
		{MISTAKE_NOT_NUMBER, is_number},
		{MISTAKE_NOT_WHOLE, field->question->type == QUESTION_INTEGER},
		{MISTAKE_TOO_FINE, field->question->type == QUESTION_DECIMAL},
		{MISTAKE_TOO_SMALL, (is_number || is_date) && field->question->least},
		{MISTAKE_TOO_LARGE, (is_number || is_date) && field->question->most},
		{MISTAKE_NOT_DATE, is_date},
		{MISTAKE_CONSTRAINT, field->question->constraint != NULL},
		{MISTAKE_NOTHING, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		mistake.kind = rows[i].kind;
		if (rows[i].can_be && field->part != FIELD_REFUSAL)
			expect(spoken, base, mistake_sentence(face, &mistake));
	}
	mistake.kind = MISTAKE_DATE_PART;
	for (mistake.part = 0; is_date && field->part != FIELD_REFUSAL && mistake.part < ANSWER_DATE_PARTS;
	     mistake.part++)
		expect(spoken, base, mistake_sentence(face, &mistake));
	mistake.part = 0;
	mistake.kind = MISTAKE_SAME_PLACE;
	bool is_rank = field->question->type == QUESTION_RANK && field->part != FIELD_REFUSAL;
	for (mistake.place = 1; is_rank && mistake.place <= list->choices_count; mistake.place++)
		expect(spoken, base, mistake_sentence(face, &mistake));
}

static void expect_question(const struct spoken *spoken, const struct face *face, const struct question *question)
{
	expect_text(spoken, face, &question->label);
	expect_text(spoken, face, &question->hint);
	expect_text(spoken, face, &question->unit);
	expect_text(spoken, face, &question->relevant_when);
	expect_text(spoken, face, &question->label_low);
	expect_text(spoken, face, &question->label_high);
	for (size_t i = 0; i < question->statements_count; i++)
		expect_text(spoken, face, &question->statements[i].label);
	const struct choice_list *list = form_list(face->form, face->language, question);
	for (size_t i = 0; list && i < list->choices_count; i++)
		expect_text(spoken, face, &list->choices[i].label);
	for (size_t i = 0; list && i < list->groups_count; i++)
		expect_text(spoken, face, &list->groups[i].label);
	const struct spoken_text *whole = spoken_question(spoken, question);
	assert_non_null(whole);
	assert_true(whole->parts_count == 0 || whole->parts_count > 1);
}

static void check_form(const char *folder)
{
	struct form *form = load(folder);
	struct spoken spoken;
	spoken_init(&spoken, &arena);
	for (int language = 0; language < (int) form->languages_count; language++) {
		assert_int_equal(spoken_add(&spoken, form, language, &words, organisation), ERR_OK);
		struct face face = face_of(form, language);
		for (size_t i = 0; i < form->pages_count; i++) {
			expect_text(&spoken, &face, &form->pages[i].title);
			for (size_t j = 0; j < form->pages[i].questions_count; j++)
				if (form_asks(form, language, &form->pages[i].questions[j]))
					expect_question(&spoken, &face, &form->pages[i].questions[j]);
		}
		for (size_t i = 0; i < form->fields_count; i++)
			if (form_asks_field(form, language, &form->fields[i]))
				expect_mistakes(&spoken, &face, (int) i);
		for (int block = 0; block < SPOKEN_BLOCK_COUNT; block++) {
			assert_non_null(spoken_block(&spoken, (enum spoken_block) block, false));
			assert_non_null(spoken_block(&spoken, (enum spoken_block) block, true));
		}
	}
	for (size_t i = 0; i < spoken.count; i++) {
		assert_ptr_equal(spoken_find(&spoken, spoken.list[i].key), &spoken.list[i]);
		assert_true(spoken.list[i].text[0] != '\0');
		assert_null(strchr(spoken.list[i].text, '{'));
		for (size_t j = 0; j < spoken.list[i].parts_count; j++)
			assert_int_equal(spoken.list[spoken.list[i].parts[j]].parts_count, 0);
	}
	print_message("%s: %zu texts\n", folder, spoken.count);
}

static void test_all_kinds(void **state)
{
	(void) state;
	check_form("tests/forms/everything");
}

static void test_shipped(void **state)
{
	(void) state;
	check_form("forms/community-conversation");
	check_form("forms/work-experience-end");
}

/* Sounds are made of a form's folder, and a page finds them by the form that the catalogue has: each question has the same one in both. */
static void check_published(const char *folder)
{
	struct form *form = load(folder), *published = NULL;
	char *document = NULL;
	size_t length = 0;
	assert_int_equal(form_document_encode(form, &arena, &document, &length), ERR_OK);
	assert_int_equal(form_document_decode(document, length, 1, &arena, &published), ERR_OK);
	for (int language = 0; language < (int) form->languages_count; language++) {
		struct spoken made, shown;
		spoken_init(&made, &arena);
		spoken_init(&shown, &arena);
		assert_int_equal(spoken_add(&made, form, language, &words, organisation), ERR_OK);
		assert_int_equal(spoken_add(&shown, published, language, &words, organisation), ERR_OK);
		for (size_t i = 0; i < published->pages_count; i++)
			for (size_t j = 0; j < published->pages[i].questions_count; j++) {
				const struct question *question = &published->pages[i].questions[j];
				if (!form_asks(published, language, question))
					continue;
				const struct spoken_text *whole = spoken_question(&shown, question);
				assert_non_null(whole);
				if (!spoken_find(&made, whole->key))
					fail_msg("%s, %s: %s has no sound", folder, form->languages[language].tag,
						 question->name);
			}
	}
}

static void test_published(void **state)
{
	(void) state;
	check_published("tests/forms/everything");
	check_published("forms/community-conversation");
	check_published("forms/work-experience-before");
	check_published("forms/work-experience-day");
	check_published("forms/work-experience-end");
}

static void test_words(void **state)
{
	(void) state;
	struct form *form = load("forms/community-conversation");
	struct spoken spoken;
	spoken_init(&spoken, &arena);
	assert_int_equal(spoken_add(&spoken, form, 0, &words, organisation), ERR_OK);
	static const char *const said[] = {
		"There is a problem",
		"needs an answer",
		"Thank you. We heard you.",
		"We delete it by",
		"Are you still there?",
		"K",
		"*",
		"November",
		"22",
		"2028",
		"Samaritans",
		"116 123",
	};
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
		if (!has(&spoken, "en", said[i]))
			fail_msg("\"%s\" is not in the list", said[i]);
	bool has_progress = false;
	for (size_t i = 0; i < spoken.count; i++)
		has_progress |= strncmp(spoken.list[i].text, "Question 3 of ", 14) == 0;
	assert_true(has_progress);
	static const char *const unsaid[] = {"Scan the code with the camera of your phone.", "{event}", ","};
	for (size_t i = 0; i < sizeof unsaid / sizeof unsaid[0]; i++)
		assert_false(has(&spoken, "en", unsaid[i]));
	/* A receipt's signs are said by their names; a number digit by digit. */
	uint8_t key[SPOKEN_KEY_BYTES];
	spoken_key("en", "*", key);
	const struct spoken_text *star = spoken_find(&spoken, key);
	assert_true(star->is_sign);
	assert_string_equal(star->say, "star");
	spoken_key("en", "116 123", key);
	assert_string_equal(spoken_find(&spoken, key)->say, "1 1 6 , 1 2 3 ");
	/* A path of a translation file leads to a recording. */
	spoken_key("en", "Very good", key);
	assert_string_equal(spoken_find(&spoken, key)->path, "choices.satisfaction.very_good");
}

static void test_memory(void **state)
{
	(void) state;
	struct form *form = load("tests/forms/everything");
	bool has_failed = false, has_done = false;
	for (size_t bytes = 4096; bytes < CEILING && !has_done; bytes *= 2) {
		CLEANUP_ARENA struct arena small;
		struct spoken spoken;
		arena_init(&small, bytes);
		spoken_init(&spoken, &small);
		enum err error = spoken_add(&spoken, form, 0, &words, organisation);
		assert_true(error == ERR_OK || error == ERR_NOMEM);
		has_failed |= error == ERR_NOMEM;
		has_done = error == ERR_OK;
	}
	assert_true(has_failed && has_done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),     cmocka_unit_test(test_key),   cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_shipped),   cmocka_unit_test(test_words), cmocka_unit_test(test_memory),
		cmocka_unit_test(test_published),
	};
	return cmocka_run_group_tests_name("spoken", tests, set_up, tear_down);
}
