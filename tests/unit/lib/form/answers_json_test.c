/* SPDX-License-Identifier: MIT */
/* answers_json_test.c: how answers are written, and how hostile bytes are read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/answers_form.h"

#include <jansson.h>
#include <stdlib.h>

static void test_apart(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = answers_new(&form, EN, &arena);
	assert_int_equal(add_all(answers, &arena, "overall=good&age=much&year=1984&better=x"), ANSWERS_OK);
	assert_string_equal(encode(answers, ANSWERS_APART, &arena), "{\"age\":\"much\",\"year\":\"1984\"}");
	assert_string_equal(encode(answers, ANSWERS_NOT_APART, &arena), "{\"better\":\"x\",\"overall\":\"good\"}");
	assert_string_equal(encode(answers, ANSWERS_ALL, &arena),
			    "{\"age\":\"much\",\"better\":\"x\",\"overall\":\"good\",\"year\":\"1984\"}");
}

struct decode_row {
	const char *name;
	int language;
	const char *json;
	enum err error;
	enum answers_refusal refusal;
	const char *field;
};

static const struct decode_row decode_rows[] = {
	{"nothing answered", EN, "{}", ERR_OK, ANSWERS_OK, NULL},
	{"one of each", EN, "{\"better\":\"a\\nb\",\"hard\":[\"words\",\"none\"],\"overall\":\"good\"}", ERR_OK,
	 ANSWERS_OK, NULL},
	{"a face's own choice", EASY, "{\"easy\":\"hard\"}", ERR_OK, ANSWERS_OK, NULL},
	{"a choice of another face", EN, "{\"easy\":\"hard\"}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE, "easy"},
	{"a choice that the face replaced", EASY, "{\"easy\":\"poor\"}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE, "easy"},
	{"no such choice", EN, "{\"hard\":[\"words\",\"x\"]}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE, "hard"},
	{"no such field", EN, "{\"colour\":\"red\"}", ERR_INVALID, ANSWERS_UNKNOWN_FIELD, "colour"},
	{"a field that the face does not ask", EASY, "{\"why\":\"x\"}", ERR_INVALID, ANSWERS_UNKNOWN_FIELD, "why"},
	{"the half that the face does not ask", EASY, "{\"know_before\":\"much\"}", ERR_INVALID, ANSWERS_UNKNOWN_FIELD,
	 "know_before"},
	{"a list for a text", EN, "{\"better\":[\"a\"]}", ERR_INVALID, ANSWERS_WRONG_TYPE, "better"},
	{"a list for one choice", EN, "{\"overall\":[\"good\"]}", ERR_INVALID, ANSWERS_WRONG_TYPE, "overall"},
	{"a text for a list", EN, "{\"hard\":\"words\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "hard"},
	{"a number for a text", EN, "{\"year\":1984}", ERR_INVALID, ANSWERS_WRONG_TYPE, "year"},
	{"null for a text", EN, "{\"year\":null}", ERR_INVALID, ANSWERS_WRONG_TYPE, "year"},
	{"true for a choice", EN, "{\"overall\":true}", ERR_INVALID, ANSWERS_WRONG_TYPE, "overall"},
	{"an object for a text", EN, "{\"better\":{}}", ERR_INVALID, ANSWERS_WRONG_TYPE, "better"},
	{"a number in a list", EN, "{\"hard\":[\"words\",3]}", ERR_INVALID, ANSWERS_WRONG_TYPE, "hard"},
	{"a list in a list", EN, "{\"hard\":[[\"words\"]]}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"a choice twice", EN, "{\"hard\":[\"words\",\"words\"]}", ERR_INVALID, ANSWERS_REPEATED_FIELD, "hard"},
	{"a key twice", EN, "{\"better\":\"a\",\"better\":\"a\"}", ERR_INVALID, ANSWERS_REPEATED_FIELD, NULL},
	{"choices in another order", EN, "{\"hard\":[\"none\",\"words\"]}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"keys in another order", EN, "{\"overall\":\"good\",\"better\":\"a\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"white space inside", EN, "{ \"overall\":\"good\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"white space behind", EN, "{\"overall\":\"good\"}\n", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an escape that is not needed", EN, "{\"better\":\"\\u0061\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an escaped key", EN, "{\"b\\u0065tter\":\"a\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an escaped slash", EN, "{\"better\":\"\\/\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an empty text", EN, "{\"better\":\"\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"a text of white space", EN, "{\"better\":\" \\n\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an empty choice", EN, "{\"overall\":\"\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an empty list", EN, "{\"hard\":[]}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"an empty choice in a list", EN, "{\"hard\":[\"\",\"words\"]}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"line ends of another kind", EN, "{\"better\":\"a\\r\\nb\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"a NUL", EN, "{\"better\":\"a\\u0000b\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"half a character", EN, "{\"better\":\"\\ud83d\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"bytes that are no UTF-8", EN, "{\"better\":\"\xC3(\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"a list", EN, "[]", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"a string", EN, "\"x\"", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"cut off", EN, "{\"better\":\"a\"", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"two objects", EN, "{}{}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"no bytes", EN, "", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},

	{"one of each of the others", EN,
	 "{\"born\":\"1984-02-29\",\"hours\":\"-2.5\",\"likely_now\":\"-1\",\"matters\":[\"time\",\"words\"],"
	 "\"people\":\"16\",\"people_refusal\":\"prefer_not\",\"work_court\":\"good\"}",
	 ERR_OK, ANSWERS_OK, NULL},
	{"all choices of a rank", EN, "{\"matters\":[\"food\",\"time\",\"place\",\"words\"]}", ERR_OK, ANSWERS_OK,
	 NULL},
	{"a rank with a choice twice", EN, "{\"matters\":[\"food\",\"time\",\"food\"]}", ERR_INVALID,
	 ANSWERS_REPEATED_FIELD, "matters"},
	{"a rank with no such choice", EN, "{\"matters\":[\"food\",\"x\"]}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE,
	 "matters"},
	{"a rank with an empty choice", EN, "{\"matters\":[\"\"]}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE, "matters"},
	{"a rank with a number", EN, "{\"matters\":[1]}", ERR_INVALID, ANSWERS_WRONG_TYPE, "matters"},
	{"a rank of nothing", EN, "{\"matters\":[]}", ERR_INVALID, ANSWERS_WRONG_TYPE, NULL},
	{"a rank as a text", EN, "{\"matters\":\"food\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "matters"},
	{"a rank as places", EN, "{\"matters\":{\"food\":\"1\"}}", ERR_INVALID, ANSWERS_WRONG_TYPE, "matters"},
	{"a part of a rank", EN, "{\"matters.food\":\"1\"}", ERR_INVALID, ANSWERS_UNKNOWN_FIELD, "matters.food"},
	{"a number as a number", EN, "{\"people\":16}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number with a zero before it", EN, "{\"people\":\"016\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number with a plus", EN, "{\"people\":\"+16\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number with a blank", EN, "{\"people\":\"16 \"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number in another script", EN, "{\"people\":\"\u0661\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number that is none", EN, "{\"people\":\"=1+1\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number that is empty", EN, "{\"people\":\"\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a number of sixteen digits", EN, "{\"people\":\"1234567890123456\"}", ERR_INVALID, ANSWERS_WRONG_TYPE,
	 "people"},
	{"a whole number with a point", EN, "{\"people\":\"2.5\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "people"},
	{"a decimal with a zero behind", EN, "{\"hours\":\"2.50\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "hours"},
	{"minus nothing", EN, "{\"hours\":\"-0\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "hours"},
	{"a list for a number", EN, "{\"hours\":[\"2\"]}", ERR_INVALID, ANSWERS_WRONG_TYPE, "hours"},
	{"a number out of bounds is for the check", EN, "{\"people\":\"99999\"}", ERR_OK, ANSWERS_OK, NULL},
	{"a day that is none", EN, "{\"born\":\"2026-02-29\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "born"},
	{"a day with a time", EN, "{\"born\":\"2026-02-28T00:00\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "born"},
	{"a day in another order", EN, "{\"born\":\"28-02-2026\"}", ERR_INVALID, ANSWERS_WRONG_TYPE, "born"},
	{"a day that is a number", EN, "{\"born\":20260228}", ERR_INVALID, ANSWERS_WRONG_TYPE, "born"},
	{"a part of a day", EN, "{\"born.day\":\"1\"}", ERR_INVALID, ANSWERS_UNKNOWN_FIELD, "born.day"},
	{"a point that the scale has not", EN, "{\"likely_now\":\"4\"}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE,
	 "likely_now"},
	{"a point as a number", EN, "{\"likely_now\":1}", ERR_INVALID, ANSWERS_WRONG_TYPE, "likely_now"},
	{"a scale's refusal", EN, "{\"likely_now\":\"prefer_not\"}", ERR_OK, ANSWERS_OK, NULL},
	{"a grid is no field, its statements are", EN, "{\"work\":\"good\"}", ERR_INVALID, ANSWERS_UNKNOWN_FIELD,
	 "work"},
	{"a statement in the words of a face", EASY, "{\"work_court\":\"fine\"}", ERR_OK, ANSWERS_OK, NULL},
	{"a statement in the words of another face", EN, "{\"work_court\":\"fine\"}", ERR_INVALID,
	 ANSWERS_UNKNOWN_CHOICE, "work_court"},
	{"a refusal that is another", EN, "{\"people_refusal\":\"dont_know\"}", ERR_INVALID, ANSWERS_UNKNOWN_CHOICE,
	 "people_refusal"},
	{"a refusal as a list", EN, "{\"matters_refusal\":[\"prefer_not\"]}", ERR_INVALID, ANSWERS_WRONG_TYPE,
	 "matters_refusal"},
	{"a refusal that the face does not ask", EASY, "{\"say_refusal\":\"prefer_not\"}", ERR_INVALID,
	 ANSWERS_UNKNOWN_FIELD, "say_refusal"},
};

static void test_decode(void **state)
{
	const struct decode_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers = NULL;
	enum answers_refusal refusal = ANSWERS_REFUSAL_COUNT;
	const char *field = "untouched";
	enum err error =
		answers_decode(&form, row->language, row->json, strlen(row->json), &arena, &answers, &refusal, &field);
	assert_int_equal(error, row->error);
	assert_int_equal(refusal, row->refusal);
	if (row->field == NULL)
		assert_null(field);
	else
		assert_string_equal(field, row->field);
	if (error == ERR_OK)
		assert_string_equal(encode(answers, ANSWERS_ALL, &arena), row->json);
}

/* Bytes behind the length do not count, and a NUL among the bytes is refused. */
static void test_decode_length(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers;
	enum answers_refusal refusal;
	const char *field;
	assert_int_equal(answers_decode(&form, EN, "{}garbage", 2, &arena, &answers, &refusal, &field), ERR_OK);
	assert_int_equal(answers_decode(&form, EN, "{}", 3, &arena, &answers, &refusal, &field), ERR_INVALID);
}

static void test_decode_deep_and_long(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	struct answers *answers;
	enum answers_refusal refusal;
	const char *field;
	static char json[70000];
	memset(json, '[', sizeof json);
	assert_int_equal(answers_decode(&form, EN, json, 60000, &arena, &answers, &refusal, &field), ERR_INVALID);
	/* Brackets in a text are no depth. */
	const char *text = "{\"better\":\"\\\"[[[[{{{{\\\\\"}";
	assert_int_equal(answers_decode(&form, EN, text, strlen(text), &arena, &answers, &refusal, &field), ERR_OK);
	/* 64 KiB are read, one byte more is not, whatever it says. */
	memset(json, 'a', sizeof json);
	memcpy(json, "{\"better\":\"", 11);
	memcpy(json + 65536 - 2, "\"}", 2);
	assert_int_equal(answers_decode(&form, EN, json, 65536, &arena, &answers, &refusal, &field), ERR_OK);
	json[65536 - 2] = 'a';
	memcpy(json + 65536 - 1, "\"}", 2);
	assert_int_equal(answers_decode(&form, EN, json, 65537, &arena, &answers, &refusal, &field), ERR_INVALID);
}

/* ---- properties ---- */

static void test_random_round_trip(void **state)
{
	(void) state;
	seed = 1;
	size_t longest = 0, complete = 0;
	for (unsigned i = 0; i < 10000; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		int language = (int) below(3);
		struct answers *answers = random_answers(language, &arena), *again;
		struct mistakes mistakes;
		if (below(2) == 0)
			assert_int_equal(answers_check(answers, &arena, &mistakes), ERR_OK);
		const char *json = encode(answers, ANSWERS_ALL, &arena);
		enum answers_refusal refusal;
		const char *field;
		if (answers_decode(&form, language, json, strlen(json), &arena, &again, &refusal, &field) != ERR_OK)
			fail_msg("%s: refusal %d at %s", json, (int) refusal, field != NULL ? field : "all");
		if (is_all_written(answers, json)) {
			assert_same(answers, again);
			complete++;
		}
		assert_string_equal(encode(again, ANSWERS_ALL, &arena), json);
		/* Byte for byte what jansson makes of it, and the two parts are the whole. */
		json_auto_t *whole = json_loads(json, 0, NULL);
		json_auto_t *part = json_loads(encode(answers, ANSWERS_APART, &arena), 0, NULL);
		json_auto_t *rest = json_loads(encode(answers, ANSWERS_NOT_APART, &arena), 0, NULL);
		char *dumped = json_dumps(whole, JSON_COMPACT | JSON_SORT_KEYS);
		assert_string_equal(dumped, json);
		free(dumped);
		assert_int_equal(json_object_size(part) + json_object_size(rest), json_object_size(whole));
		assert_int_equal(json_object_update(part, rest), 0);
		assert_true(json_equal(part, whole));
		longest = strlen(json) > longest ? strlen(json) : longest;
	}
	assert_true(longest > 150);
	assert_in_range(complete, 1000, 9000);
}

/* Changed bytes are refused or are another canonical document; never anything else. */
static void test_random_damage(void **state)
{
	(void) state;
	seed = 3;
	unsigned refused = 0;
	for (unsigned i = 0; i < 10000; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		int language = (int) below(3);
		const char *json = encode(random_answers(language, &arena), ANSWERS_ALL, &arena);
		size_t length = strlen(json);
		char *damaged = arena_strdup(&arena, json);
		for (unsigned changes = 1 + below(3); changes > 0; changes--)
			damaged[below((unsigned) length)] =
				below(2) == 0 ? "{}[]\",:\\ 0an"[below(12)] : (char) (below(256) - 128);
		length -= below(4) == 0 ? below((unsigned) length) : 0;
		struct answers *answers;
		enum answers_refusal refusal;
		const char *field;
		enum err error = answers_decode(&form, language, damaged, length, &arena, &answers, &refusal, &field);
		refused += error == ERR_INVALID;
		if (error == ERR_INVALID) {
			assert_int_not_equal(refusal, ANSWERS_OK);
			continue;
		}
		assert_int_equal(error, ERR_OK);
		char *again;
		size_t again_length;
		assert_int_equal(answers_encode(answers, ANSWERS_ALL, &arena, &again, &again_length), ERR_OK);
		assert_int_equal(again_length, length);
		assert_memory_equal(again, damaged, length);
	}
	assert_in_range(refused, 5000, 9999);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(decode_rows)];
	for (size_t i = 0; i < COUNT_OF(decode_rows); i++)
		tests[i] = (struct CMUnitTest){decode_rows[i].name, test_decode, NULL, NULL,
					       (void *) (uintptr_t) &decode_rows[i]};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_decode_length),
		cmocka_unit_test(test_decode_deep_and_long),
		cmocka_unit_test(test_random_round_trip),
		cmocka_unit_test(test_random_damage),
	};
	return cmocka_run_group_tests_name("answers_json rows", tests, form_setup, form_teardown) +
	       cmocka_run_group_tests_name("answers_json", others, form_setup, form_teardown);
}
