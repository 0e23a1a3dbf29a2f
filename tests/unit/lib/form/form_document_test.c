/* SPDX-License-Identifier: MIT */
/* form_document_test.c: a form as a document and back: the same bytes, the same form, and nothing else gets in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/answers.h"
#include "lib/form/expr.h"
#include "lib/form/form_document.h"
#include "unit/lib/form/form_full.h"

#include <jansson.h>

/* The full form's document, for all tests. */
static struct arena group_arena;
static char *document;
static size_t document_length;

static enum err decode(const char *bytes, size_t length, struct arena *arena, struct form **form)
{
	arena_init(arena, FULL_CEILING);
	return form_document_decode(bytes, length, 3, arena, form);
}

static void test_round_trip(void **state)
{
	const struct form *form = *state;
	CLEANUP_ARENA struct arena arena;
	struct form *again = NULL;
	assert_int_equal(decode(document, document_length, &arena, &again), ERR_OK);
	char *bytes = NULL;
	size_t length = 0;
	assert_int_equal(form_document_encode(again, &arena, &bytes, &length), ERR_OK);
	assert_int_equal(length, document_length);
	assert_memory_equal(bytes, document, length);
	assert_int_equal(bytes[length], '\0');
	assert_int_equal(again->version, 3);
	assert_int_equal(again->keep_months, form->keep_months);
	assert_int_equal(again->threshold, form->threshold);
	assert_int_equal(again->safety, form->safety);
	assert_int_equal(again->fields_count, form->fields_count);
	assert_int_equal(again->lists_count, form->lists_count);
}

static bool same_text(const struct text *a, const struct text *b)
{
	for (size_t i = 0; i < FORM_LANGUAGES_MAX; i++) {
		if ((a->of[i] == NULL) != (b->of[i] == NULL) || (a->of[i] != NULL && strcmp(a->of[i], b->of[i]) != 0))
			return false;
	}
	return true;
}

static bool same_string(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static void compare_questions(const struct question *a, const struct question *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->type, b->type);
	assert_true(same_string(a->list != NULL ? a->list->name : NULL, b->list != NULL ? b->list->name : NULL));
	assert_true(same_text(&a->label, &b->label) && same_text(&a->hint, &b->hint));
	assert_true(same_text(&a->label_before, &b->label_before) && same_text(&a->label_now, &b->label_now));
	assert_true(same_text(&a->required_message, &b->required_message));
	assert_true(same_text(&a->relevant_when, &b->relevant_when));
	assert_true(same_text(&a->constraint_message, &b->constraint_message));
	assert_true(a->is_pair == b->is_pair && a->is_faces == b->is_faces && a->is_multiline == b->is_multiline);
	assert_true(a->is_required == b->is_required && a->max_utf16 == b->max_utf16);
	assert_true(same_string(a->relevant, b->relevant) && same_string(a->constraint, b->constraint));
	assert_true((a->relevant_expr == NULL) == (b->relevant_expr == NULL));
	assert_true((a->constraint_expr == NULL) == (b->constraint_expr == NULL));
	assert_true(same_string(a->measure, b->measure) && same_string(a->group, b->group));
	assert_true(same_string(a->was, b->was));
	for (size_t i = 0; i < FORM_LANGUAGES_MAX; i++) {
		const struct question_face *left = &a->faces[i], *right = &b->faces[i];
		assert_true(left->is_omitted == right->is_omitted && left->pair == right->pair);
		assert_true(same_string(left->picture, right->picture));
		assert_true(same_string(left->list != NULL ? left->list->name : NULL,
					right->list != NULL ? right->list->name : NULL));
	}
}

static void compare_lists(const struct choice_list *a, const struct choice_list *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->choices_count, b->choices_count);
	assert_int_equal(a->groups_count, b->groups_count);
	for (size_t i = 0; i < a->groups_count; i++)
		assert_true(same_text(&a->groups[i].label, &b->groups[i].label));
	for (size_t i = 0; i < a->choices_count; i++) {
		const struct choice *left = &a->choices[i], *right = &b->choices[i];
		assert_string_equal(left->name, right->name);
		assert_true(same_text(&left->label, &right->label));
		assert_true(left->is_exclusive == right->is_exclusive && left->is_refusal == right->is_refusal);
		assert_true(left->maps_to == right->maps_to && left->face == right->face);
		assert_true(same_string(left->code, right->code) && same_string(left->picture, right->picture));
		assert_true(same_string(left->group, right->group));
		for (size_t k = 0; k < FORM_LANGUAGES_MAX; k++)
			assert_true(same_string(left->face_pictures[k], right->face_pictures[k]));
	}
}

static void test_nothing_is_lost(void **state)
{
	const struct form *form = *state;
	CLEANUP_ARENA struct arena arena;
	struct form *again = NULL;
	assert_int_equal(decode(document, document_length, &arena, &again), ERR_OK);
	assert_true(same_text(&form->title, &again->title) && same_text(&form->time, &again->time));
	for (size_t i = 0; i < form->languages_count; i++) {
		assert_string_equal(form->languages[i].tag, again->languages[i].tag);
		assert_string_equal(form->languages[i].base, again->languages[i].base);
		assert_string_equal(form->languages[i].variant, again->languages[i].variant);
		assert_int_equal(form->languages[i].status, again->languages[i].status);
	}
	for (size_t p = 0; p < form->pages_count; p++) {
		const struct page *a = &form->pages[p], *b = &again->pages[p];
		assert_string_equal(a->name, b->name);
		assert_true(same_text(&a->title, &b->title) && same_text(&a->intro, &b->intro));
		assert_true(a->is_apart == b->is_apart && a->questions_count == b->questions_count);
		for (size_t q = 0; q < a->questions_count; q++) {
			compare_questions(&a->questions[q], &b->questions[q]);
			assert_ptr_equal(b->questions[q].page, b);
		}
	}
	for (size_t i = 0; i < form->lists_count; i++)
		compare_lists(form->lists[i], again->lists[i]);
	for (size_t i = 0; i < form->crosstabs_count; i++) {
		assert_string_equal(form->crosstabs[i].question, again->crosstabs[i].question);
		assert_string_equal(form->crosstabs[i].by, again->crosstabs[i].by);
	}
}

static void test_canonical(void **state)
{
	(void) state;
	assert_null(strchr(document, '\n'));
	assert_null(strstr(document, ": "));
	/* Keys sorted, and the version is not in it. */
	const char *format = strstr(document, "\"format\":"), *name = strstr(document, "\"keep_months\":");
	assert_true(format != NULL && name != NULL && format < name);
	assert_null(strstr(document, "version"));
	assert_non_null(strstr(document, "\"constraint\":\"count-selected(.) <= 2\""));
}

/* One mistake each, put into the right document. */
static void test_corrupt(void **state)
{
	(void) state;
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"other format", "soundings-form/1", "soundings-form/2"},
		{"unknown key", "{\"crosstabs\"", "{\"a\":1,\"crosstabs\""},
		{"white space", "{\"crosstabs\"", "{ \"crosstabs\""},
		{"key twice", "\"keep_months\":6", "\"keep_months\":6,\"keep_months\":6"},
		{"number as text", "\"keep_months\":6", "\"keep_months\":\"6\""},
		{"real number", "\"keep_months\":6", "\"keep_months\":6.0"},
		{"no months", "\"keep_months\":6", "\"keep_months\":0"},
		{"months of a century", "\"keep_months\":6", "\"keep_months\":99999999999999"},
		{"low threshold", "\"threshold\":7", "\"threshold\":1"},
		{"unknown safety", "\"exit-page\"", "\"exit-door\""},
		{"name of a language", "\"name\":\"full\"", "\"name\":\"cy\""},
		{"name with a slash", "\"name\":\"full\"", "\"name\":\"../f\""},
		{"no English first", "\"tag\":\"en\"", "\"tag\":\"pl\""},
		{"tag twice", "\"tag\":\"cy\"", "\"tag\":\"en\""},
		{"bad tag", "\"tag\":\"cy\"", "\"tag\":\"c!\""},
		{"text in no language", "{\"cy\":\"Heddiw\"", "{\"ar\":\"Heddiw\""},
		{"text that is a number", "\"cy\":\"Heddiw\"", "\"cy\":1"},
		{"NUL in a text", "\"cy\":\"Heddiw\"", "\"cy\":\"Hedd\\u0000\""},
		{"no label", "\"label\":{\"en\":\"In one line\"},", ""},
		{"false where it should be left out", "\"name\":\"how\"", "\"multiline\":false,\"name\":\"how\""},
		{"question without a name", "\"name\":\"line\",", ""},
		{"question with a bad name", "\"name\":\"line\"", "\"name\":\"Line\""},
		{"two questions of one name", "\"name\":\"line\"", "\"name\":\"words\""},
		{"field of another name", "\"name\":\"line\"", "\"name\":\"know_now\""},
		{"retired name", "\"name\":\"line\"", "\"name\":\"mood\""},
		{"unknown type", "\"type\":\"note\"", "\"type\":\"grid\""},
		{"text with a list", "\"max\":80", "\"list\":\"scale\",\"max\":80"},
		{"select without a list", "\"list\":\"ages\",", ""},
		{"unknown list", "\"list\":\"ages\"", "\"list\":\"aged\""},
		{"unknown own list", "\"choices\":\"easy-scale\"", "\"choices\":\"easy-scald\""},
		{"max over the limit", "\"max\":80", "\"max\":10001"},
		{"max of nothing", "\"max\":80", "\"max\":0"},
		{"broken expression", "\"count-selected(.) <= 2\"", "\"count-selected(.) <= \""},
		{"expression of an unknown question", "'bad' or ${how}", "'bad' or ${hoo}"},
		{"expression without words", "\"relevant_when\":{\"en\":\"Answer this if it was bad\"},", ""},
		{"unknown maps_to", "\"maps_to\":\"bottom\"", "\"maps_to\":\"under\""},
		{"maps to nothing, said", "\"name\":\"far\"", "\"maps_to\":\"nothing\",\"name\":\"far\""},
		{"own choices that map to nothing", "\"maps_to\":\"bottom\",", ""},
		{"bad picture", "\"good.svg\"", "\"../g.svg\""},
		{"unknown group", "\"group\":\"place\"", "\"group\":\"plaice\""},
		{"face out of range", "\"face\":5", "\"face\":6"},
		{"crosstab of an unknown question", "[\"know\",\"age\"]", "[\"knew\",\"age\"]"},
		{"crosstab of three", "[\"know\",\"age\"]", "[\"know\",\"age\",\"how\"]"},
		{"crosstab of one", "[\"know\",\"age\"]", "[\"know\"]"},
		{"crosstab of numbers", "[\"know\",\"age\"]", "[1,2]"},
		{"pages that are none", "\"pages\":[", "\"pages\":7,\"q\":["},
		{"plain language that omits", "\"en-x-easy\":{\"omit\":true}", "\"cy\":{\"omit\":true}"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *at = strstr(document, rows[i].from);
		if (at == NULL)
			fail_msg("%s: the document has no %s", rows[i].name, rows[i].from);
		CLEANUP_ARENA struct arena arena;
		struct form *form = NULL;
		char *bytes = malloc(document_length + strlen(rows[i].to) + 1);
		assert_non_null(bytes);
		int length = snprintf(bytes, document_length + strlen(rows[i].to) + 1, "%.*s%s%s",
				      (int) (at - document), document, rows[i].to, at + strlen(rows[i].from));
		enum err error = decode(bytes, (size_t) length, &arena, &form);
		free(bytes);
		if (error != ERR_CORRUPT)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_null(form);
	}
}

/* Whatever byte changes: refused, or read as what it now says and written the same. */
static void test_every_byte(void **state)
{
	(void) state;
	static const char with[] = {'"', '0', '}', '\\', '\0', (char) 0xff, ']'};
	char *bytes = malloc(document_length + 1);
	assert_non_null(bytes);
	for (size_t i = 0; i < document_length; i++) {
		memcpy(bytes, document, document_length + 1);
		bytes[i] = with[i % sizeof with];
		CLEANUP_ARENA struct arena arena;
		struct form *form = NULL;
		enum err error = decode(bytes, document_length, &arena, &form);
		assert_true(error == ERR_CORRUPT || error == ERR_OK);
		if (error != ERR_OK)
			continue;
		char *again = NULL;
		size_t length = 0;
		assert_int_equal(form_document_encode(form, &arena, &again, &length), ERR_OK);
		assert_int_equal(length, document_length);
		assert_memory_equal(again, bytes, length);
	}
	free(bytes);
}

static void test_every_length(void **state)
{
	(void) state;
	for (size_t length = 0; length < document_length; length += 7) {
		/* An exact copy, so that reading past the end is seen. */
		char *bytes = malloc(length + 1);
		assert_non_null(bytes);
		memcpy(bytes, document, length);
		CLEANUP_ARENA struct arena arena;
		struct form *form = NULL;
		assert_int_equal(decode(bytes, length, &arena, &form), ERR_CORRUPT);
		free(bytes);
	}
}

static void test_hostile(void **state)
{
	(void) state;
	static const char *const texts[] = {"",
					    "null",
					    "[]",
					    "{}",
					    "1",
					    "\"x\"",
					    "{\"format\":\"soundings-form/1\"}",
					    "{\"format\":[],\"languages\":{}}"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		CLEANUP_ARENA struct arena arena;
		struct form *form = NULL;
		assert_int_equal(decode(texts[i], strlen(texts[i]), &arena, &form), ERR_CORRUPT);
	}
	size_t deep = 100000;
	char *brackets = malloc(deep);
	assert_non_null(brackets);
	memset(brackets, '[', deep);
	CLEANUP_ARENA struct arena arena;
	struct form *form = NULL;
	assert_int_equal(decode(brackets, deep, &arena, &form), ERR_CORRUPT);
	free(brackets);
}

static void test_little_memory(void **state)
{
	(void) state;
	enum err error = ERR_NOMEM;
	for (size_t ceiling = 0; error == ERR_NOMEM && ceiling < FULL_CEILING; ceiling += 509) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ceiling);
		struct form *form = NULL;
		error = form_document_decode(document, document_length, 1, &arena, &form);
		assert_true(error == ERR_NOMEM || error == ERR_OK);
	}
	assert_int_equal(error, ERR_OK);
}

/* jansson's allocations fail, each in turn: it alone, or all that follow too. */
static size_t allocations_left;
static bool is_for_good;

static void *failing_malloc(size_t size)
{
	if (allocations_left == 0 && is_for_good)
		return NULL;
	return allocations_left-- == 0 ? NULL : malloc(size);
}

static void fail_allocations(const struct form *form, bool for_good)
{
	enum err encoded = ERR_NOMEM, decoded = ERR_NOMEM;
	is_for_good = for_good;
	for (size_t n = 0; (encoded != ERR_OK || decoded != ERR_OK) && n < 100000; n += n < 50 ? 1 : 37) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, FULL_CEILING);
		struct form *again = NULL;
		char *bytes = NULL;
		size_t length = 0;
		json_set_alloc_funcs(failing_malloc, free);
		allocations_left = n;
		encoded = form_document_encode(form, &arena, &bytes, &length);
		allocations_left = n;
		decoded = form_document_decode(document, document_length, 1, &arena, &again);
		json_set_alloc_funcs(malloc, free);
		assert_true(encoded == ERR_NOMEM || encoded == ERR_OK);
		assert_true(decoded == ERR_NOMEM || (decoded == ERR_OK && again != NULL)); /* never a damaged one */
	}
	assert_int_equal(encoded, ERR_OK);
	assert_int_equal(decoded, ERR_OK);
}

static void test_failing_allocations(void **state)
{
	fail_allocations(*state, true);
	fail_allocations(*state, false);
}

/* The largest answers that one can give, in the largest face. */
static size_t largest_answers(const struct form *form, int language, struct arena *arena)
{
	struct answers *answers = answers_new(form, language, arena);
	assert_non_null(answers);
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct field *field = &form->fields[i];
		const struct question *question = field->question;
		enum answers_refusal refusal = ANSWERS_OK;
		if (!form_asks_field(form, language, field))
			continue;
		if (question->type == QUESTION_TEXT) {
			char *text = arena_alloc(arena, question->max_utf16 + 1, 1);
			memset(text, 1, question->max_utf16);
			assert_int_equal(answers_add(answers, arena, field->name, text, &refusal), ERR_OK);
			assert_int_equal(refusal, ANSWERS_OK);
			continue;
		}
		const struct choice_list *list = form_list(form, language, question);
		const char *longest = "";
		for (size_t k = 0; k < list->choices_count; k++) {
			const struct choice *choice = &list->choices[k];
			longest = strlen(choice->name) > strlen(longest) ? choice->name : longest;
			if (question->type == QUESTION_SELECT_MULTIPLE && !choice->is_exclusive)
				assert_int_equal(answers_add(answers, arena, field->name, choice->name, &refusal),
						 ERR_OK);
		}
		if (question->type == QUESTION_SELECT_ONE)
			assert_int_equal(answers_add(answers, arena, field->name, longest, &refusal), ERR_OK);
		assert_int_equal(refusal, ANSWERS_OK);
	}
	char *json = NULL;
	size_t length = 0;
	assert_int_equal(answers_encode(answers, ANSWERS_ALL, arena, &json, &length), ERR_OK);
	return length;
}

static void test_answers_max_bytes(void **state)
{
	const struct form *form = *state;
	size_t largest = 0, promised = form_answers_max_bytes(form);
	for (size_t i = 0; i < form->languages_count; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, FULL_CEILING);
		size_t length = largest_answers(form, (int) i, &arena);
		largest = length > largest ? length : largest;
	}
	assert_true(promised >= largest);
	/* No more than the commas that the last of a row does not have. */
	assert_true(promised <= largest + form->fields_count + 1);
}

static int make_document(void **state)
{
	struct problems problems;
	struct folder folder = full_folder();
	struct form *form = full_load(&folder, &group_arena, &problems);
	folder_remove(&folder);
	*state = form;
	return form == NULL || form_document_encode(form, &group_arena, &document, &document_length) != ERR_OK;
}

static int free_document(void **state)
{
	(void) state;
	arena_fini(&group_arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_nothing_is_lost),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_corrupt),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_little_memory),
		cmocka_unit_test(test_failing_allocations),
		cmocka_unit_test(test_answers_max_bytes),
	};
	return cmocka_run_group_tests(tests, make_document, free_document);
}
