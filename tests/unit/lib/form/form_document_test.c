/* SPDX-License-Identifier: MIT */
/* form_document_test.c: a form as a document and back: the same bytes, the same form, and nothing else gets in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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

/* What only some types have. */
static void compare_types(const struct question *a, const struct question *b)
{
	assert_true(a->scale_from == b->scale_from && a->scale_to == b->scale_to && a->decimals == b->decimals);
	assert_true(same_string(a->least, b->least) && same_string(a->most, b->most));
	assert_true(same_text(&a->label_low, &b->label_low) && same_text(&a->label_high, &b->label_high));
	assert_true(same_text(&a->unit, &b->unit));
	assert_int_equal(a->statements_count, b->statements_count);
	for (size_t i = 0; i < a->statements_count; i++) {
		assert_string_equal(a->statements[i].name, b->statements[i].name);
		assert_true(same_text(&a->statements[i].label, &b->statements[i].label));
	}
	assert_int_equal(a->refusal == NULL, b->refusal == NULL);
	if (a->refusal != NULL)
		compare_lists(a->refusal, b->refusal);
	if (a->type == QUESTION_SCALE)
		compare_lists(a->list, b->list);
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
	compare_types(a, b);
	for (size_t i = 0; i < FORM_LANGUAGES_MAX; i++) {
		const struct question_face *left = &a->faces[i], *right = &b->faces[i];
		assert_true(left->is_omitted == right->is_omitted && left->pair == right->pair);
		assert_true(same_string(left->picture, right->picture));
		assert_true(same_string(left->list != NULL ? left->list->name : NULL,
					right->list != NULL ? right->list->name : NULL));
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
		{"unknown type", "\"type\":\"note\"", "\"type\":\"grind\""},
		{"grid without anything", "\"type\":\"note\"", "\"type\":\"grid\""},
		{"scale without ends", "\"type\":\"note\"", "\"type\":\"scale\""},
		{"scale without one end", "\"from\":-1,", ""},
		{"scale that is upside down", "\"from\":-1,", "\"from\":4,"},
		{"scale of one point", "\"from\":-1,", "\"from\":3,"},
		{"scale from far below", "\"from\":-1,", "\"from\":-11,"},
		{"scale without an end in sight", "\"from\":-1,", "\"from\":-9223372036854775808,"},
		{"scale of too many points", "\"to\":3,", "\"to\":21,"},
		{"scale with a list", "\"name\":\"calm\"", "\"list\":\"scale\",\"name\":\"calm\""},
		{"scale with words for one end", "\"label_high\":{\"en\":\"Very\"},", ""},
		{"words of a scale elsewhere", "\"name\":\"line\"", "\"label_low\":{\"en\":\"x\"},\"name\":\"line\""},
		{"ends of a scale elsewhere", "\"max\":80", "\"from\":0,\"max\":80"},
		{"unknown refusal", "\"refusal\":\"dont_know\"", "\"refusal\":\"dont_say\""},
		{"refusal that is none", "\"name\":\"prefer_not\",\"refusal\":true}", "\"name\":\"prefer_not\"}"},
		{"refusal of a note", "\"name\":\"thanks\"", "\"name\":\"thanks\",\"refusal\":\"dont_know\""},
		{"grid of one statement",
		 "{\"label\":{\"cy\":\"Eich cwestiwn\",\"en\":\"What you asked\"},\"name\":\"ask\"},", ""},
		{"statement without words", "\"label\":{\"cy\":\"Eich cwestiwn\",\"en\":\"What you asked\"},", ""},
		{"statement without a name", "},\"name\":\"ask\"", "}"},
		{"statement with a bad name", "\"name\":\"ask\"", "\"name\":\"Ask\""},
		{"two statements of one name", "\"name\":\"ask\"", "\"name\":\"court\""},
		{"statements of a text", "\"name\":\"line\"",
		 "\"name\":\"line\",\"statements\":[{\"label\":{\"en\":\"x\"},\"name\":\"x\"}]"},
		{"rank of nothing", "\"list\":\"things\",", ""},
		{"rank of a refusal", "\"list\":\"things\"", "\"list\":\"refusals\""},
		{"rank of exclusive choices", "\"list\":\"things\"", "\"list\":\"hard\""},
		{"bound that is no number", "\"least\":\"0.5\"", "\"least\":\"0.50\""},
		{"bound that is too fine", "\"least\":\"0.5\"", "\"least\":\"0.55\""},
		{"bound of an integer with a point", "\"most\":\"12\"", "\"most\":\"12.5\""},
		{"bounds that cross", "\"most\":\"12\"", "\"most\":\"-1\""},
		{"bound that is a number of JSON", "\"most\":\"12\"", "\"most\":12"},
		{"bound that is no day", "\"1900-02-28\"", "\"1900-02-29\""},
		{"bounds of dates that cross", "\"1900-02-28\"", "\"2027-01-01\""},
		{"bound of a text", "\"max\":80", "\"least\":\"1\",\"max\":80"},
		{"no decimals", "\"decimals\":1,", ""},
		{"too many decimals", "\"decimals\":1,", "\"decimals\":7,"},
		{"decimals of an integer", "\"most\":\"12\"", "\"decimals\":2,\"most\":\"12\""},
		{"unit of a date", "\"name\":\"born\"", "\"name\":\"born\",\"unit\":{\"en\":\"x\"}"},
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

/* The longest value of one field, as JSON. */
static json_t *longest_value(const struct form *form, int language, const struct field *field, struct arena *arena)
{
	const struct question *question = field->question;
	const struct choice_list *list = form_field_list(form, language, field);
	if (list == NULL && question->type == QUESTION_TEXT) {
		char *text = arena_alloc(arena, question->max_utf16 + 1, 1);
		memset(text, 1, question->max_utf16);
		return json_string(text);
	}
	if (list == NULL)
		return json_string(question->type == QUESTION_DATE      ? "2026-11-21"
				   : question->type == QUESTION_INTEGER ? "-123456789012345"
									: "-123456789012.345");
	json_t *all = json_array();
	const char *longest = "";
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		longest = strlen(choice->name) > strlen(longest) ? choice->name : longest;
		if (!choice->is_exclusive)
			json_array_append_new(all, json_string(choice->name));
	}
	if (form_field_is_list(field))
		return all;
	json_decref(all);
	return json_string(longest);
}

/* The largest answers that one can give in a face. */
static size_t largest_answers(const struct form *form, int language, struct arena *arena)
{
	json_auto_t *answers = json_object();
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct field *field = &form->fields[i];
		if (form_asks_field(form, language, field))
			json_object_set_new(answers, field->name, longest_value(form, language, field, arena));
	}
	return json_dumpb(answers, NULL, 0, JSON_COMPACT);
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
