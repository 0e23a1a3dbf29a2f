/* SPDX-License-Identifier: MIT */
/* words_test.c: page strings: fallbacks, holes, mistakes with their lines, and the document for the catalogue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/words.h"
#include "unit/lib/form/form_folder.h"

enum { CEILING = 64 * 1024 * 1024, FILE_MAX = 64 * 1024 };

/* English with every key; {n} and {total} in the first string. */
static void write_english(const struct folder *folder, const char *left_out)
{
	static char text[FILE_MAX];
	int length = snprintf(text, sizeof text, "language: en\nname: English\nstatus: checked\n");
	for (size_t i = 0; i < WORD_COUNT; i++) {
		if (left_out != NULL && strcmp(word_names[i], left_out) == 0)
			continue;
		length += snprintf(text + length, sizeof text - (size_t) length, "%s: \"English %zu%s\"\n",
				   word_names[i], i, i == 0 ? " {n} of {total}" : "");
	}
	folder_write(folder, "en.yaml", text);
}

/* TEXT with KEY_0 and KEY_1 replaced by the first two keys, whatever they are called. */
static void write_words(const struct folder *folder, const char *name, const char *text)
{
	static char out[FILE_MAX];
	size_t length = 0;
	while (*text != '\0') {
		bool is_key = strncmp(text, "KEY_", 4) == 0;
		length += (size_t) snprintf(out + length, sizeof out - length, "%.*s", is_key ? 64 : 1,
					    is_key ? word_names[text[4] - '0'] : text);
		text += is_key ? 5 : 1;
	}
	folder_write(folder, name, out);
}

static enum err load(const struct folder *folder, struct arena *arena, struct words_set *set, struct problems *problems)
{
	arena_init(arena, CEILING);
	problems_init(problems, arena);
	return words_load(folder->path, arena, set, problems);
}

static struct folder right_folder(void)
{
	struct folder folder = folder_make();
	write_english(&folder, NULL);
	write_words(&folder, "cy.yaml",
		    "language: cy\nname: Cymraeg\nstatus: draft\nKEY_0: \"{n} o {total}\"\nKEY_1: Un\n");
	write_words(&folder, "cy-x-easy.yaml", "language: cy-x-easy\nname: Hawdd\nstatus: draft\nKEY_1: Hawdd un\n");
	write_words(&folder, "en-x-easy.yaml", "language: en-x-easy\nname: Easy Read\nstatus: checked\nKEY_0: Easy\n");
	write_words(&folder, "ar.yaml",
		    "language: ar\nname: العربية\nstatus: draft\ndirection: rtl\nKEY_0: \"{n} من {total}\"\n");
	return folder;
}

static void test_fallbacks(void **state)
{
	(void) state;
	struct folder folder = right_folder();
	CLEANUP_ARENA struct arena arena;
	struct words_set set;
	struct problems problems;
	assert_int_equal(load(&folder, &arena, &set, &problems), ERR_OK);
	folder_remove(&folder);
	assert_int_equal(problems.count, 0);
	assert_int_equal(set.count, 5);
	static const struct {
		const char *tag, *language, *first, *second;
	} rows[] = {
		{"en", "en", "English 0 {n} of {total}", "English 1"},
		{"cy", "cy", "{n} o {total}", "Un"},
		{"CY", "cy", "{n} o {total}", "Un"},
		{"cy-x-easy", "cy-x-easy", "{n} o {total}", "Hawdd un"},
		{"en-x-easy", "en-x-easy", "Easy", "English 1"},
		{"EN-X-EASY", "en-x-easy", "Easy", "English 1"},
		{"cy-x-loud", "cy", "{n} o {total}", "Un"},
		{"en-gb", "en", "English 0 {n} of {total}", "English 1"},
		{"ar-x-easy", "ar", "{n} من {total}", "English 1"},
		{"pl", "en", "English 0 {n} of {total}", "English 1"},
		{"", "en", "English 0 {n} of {total}", "English 1"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct words *words = words_for(&set, rows[i].tag);
		assert_string_equal(words->language, rows[i].language);
		assert_string_equal(words->of[0], rows[i].first);
		assert_string_equal(words->of[1], rows[i].second);
	}
	assert_ptr_equal(words_for(&set, "en"), &set.list[0]);
	assert_true(words_for(&set, "ar")->is_rtl && words_for(&set, "ar")->is_draft);
	assert_false(words_for(&set, "en")->is_rtl || words_for(&set, "en")->is_draft);
	assert_string_equal(words_for(&set, "cy")->name, "Cymraeg");
	for (size_t i = 0; i < set.count; i++) {
		for (size_t key = 0; key < WORD_COUNT; key++)
			assert_non_null(set.list[i].of[key]);
	}
}

static void test_broken(void **state)
{
	(void) state;
	static const char head[] = "language: cy\nname: Cymraeg\nstatus: draft\n";
	static const struct {
		const char *name, *rule, *file, *text;
	} rows[] = {
		{"unknown key", "unknown-key", "cy.yaml", "language: cy\nname: C\nstatus: draft\n@KEY_0x: Un\n"},
		{"hole that English does not have", "unknown-hole", "cy.yaml",
		 "language: cy\nname: C\nstatus: draft\nKEY_0: @\"{m} o {total}\"\n"},
		{"hole where English has none", "unknown-hole", "cy.yaml",
		 "language: cy\nname: C\nstatus: draft\nKEY_1: @Un {n}\n"},
		{"no name", "missing-key", "cy.yaml", "@language: cy\nstatus: draft\n"},
		{"no status", "missing-key", "cy.yaml", "@language: cy\nname: C\n"},
		{"no language", "missing-key", "cy.yaml", "@name: C\nstatus: draft\n"},
		{"another language", "wrong-language", "cy.yaml", "language: @ar\nname: C\nstatus: draft\n"},
		{"unknown status", "bad-value", "cy.yaml", "language: cy\nname: C\nstatus: @new\n"},
		{"unknown direction", "bad-value", "cy.yaml",
		 "language: cy\nname: C\nstatus: draft\ndirection: @ltr\n"},
		{"empty string", "empty-value", "cy.yaml", "language: cy\nname: C\nstatus: draft\nKEY_0:@\n"},
		{"list", "wrong-kind", "cy.yaml", "language: cy\nname: C\nstatus: draft\nKEY_0:\n  @- Un\n"},
		{"file that is no language", "unknown-file", "welsh.yaml", head},
		{"broken YAML", "syntax", "cy.yaml", "language: cy\nname: a@: b\n"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct folder folder = folder_make();
		write_english(&folder, NULL);
		write_words(&folder, rows[i].file, rows[i].text);
		CLEANUP_ARENA struct arena arena;
		struct words_set set = {0};
		struct problems problems;
		char path[FOLDER_PATH_MAX];
		enum err error = load(&folder, &arena, &set, &problems);
		folder_remove(&folder);
		unsigned column, line = folder_marked_line(rows[i].text, &column);
		folder_expect(&problems, rows[i].name, rows[i].rule, folder_path(&folder, rows[i].file, path), line,
			      NULL);
		if (error != ERR_INVALID)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_int_equal(set.count, 0);
	}
}

static void test_english_is_whole(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	write_english(&folder, word_names[WORD_COUNT - 1]);
	CLEANUP_ARENA struct arena arena;
	struct words_set set = {0};
	struct problems problems;
	char path[FOLDER_PATH_MAX];
	assert_int_equal(load(&folder, &arena, &set, &problems), ERR_INVALID);
	folder_expect(&problems, "missing", "missing-english", folder_path(&folder, "en.yaml", path), 0,
		      word_names[WORD_COUNT - 1]);
	folder_remove(&folder);
}

static void test_no_english(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	CLEANUP_ARENA struct arena arena;
	struct words_set set = {0};
	struct problems problems;
	assert_int_equal(load(&folder, &arena, &set, &problems), ERR_NOT_FOUND);
	assert_non_null(folder_problem(&problems, "missing-english"));
	folder_remove(&folder);
	CLEANUP_ARENA struct arena other;
	assert_int_equal(load(&folder, &other, &set, &problems), ERR_NOT_FOUND);
}

static void test_fill(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *filled;
	} rows[] = {
		{"two holes", "{n} of {total}", "3 of <b>"},
		{"twice the same", "{n}{n}", "33"},
		{"no hole", "plain", "plain"},
		{"unknown hole", "{m} of {n}", "{m} of 3"},
		{"no name in braces", "{} {N} {n n} {n", "{} {N} {n n} {n"},
		{"braces in braces", "{{n}}", "{3}"},
		{"value that looks like a hole", "{loop} {n}", "{n} 3"},
		{"value that is not there", "a{nothing}b", "ab"},
		{"empty value", "a{empty}b", "ab"},
		{"empty", "", ""},
	};
	static const struct words_fill fills[] = {
		{"n", "3"}, {"total", "<b>"}, {"loop", "{n}"}, {"nothing", NULL}, {"empty", ""}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 64 * 1024);
		struct words words = {.language = "en"};
		words.of[0] = rows[i].text;
		const char *filled = words_fill(&words, (enum word) 0, fills, COUNT_OF(fills), &arena);
		if (filled == NULL || strcmp(filled, rows[i].filled) != 0)
			fail_msg("%s: \"%s\"", rows[i].name, filled != NULL ? filled : "(no room)");
	}
	CLEANUP_ARENA struct arena none;
	arena_init(&none, 0);
	struct words words = {.language = "en"};
	words.of[0] = "{n}";
	assert_null(words_fill(&words, (enum word) 0, fills, COUNT_OF(fills), &none));
	/* A text of a form is filled by the same function, and is not copied when there is nothing to fill in. */
	assert_null(words_fill_text(&words, "{n}", fills, COUNT_OF(fills), &none));
	const char *plain = "no hole {";
	assert_ptr_equal(words_fill_text(&words, plain, fills, COUNT_OF(fills), &none), plain);
}

/* Between the signs: what has Latin letters, or digits and anything else. */
static void test_isolates(void **state)
{
	(void) state;
	static const struct row {
		const char *name, *value;
		bool in_arabic;
	} rows[] = {
		{"English title", "A talk (Slough)", true},
		{"address", "a@b.uk", true},
		{"number with spaces", "0303 123 1113", true},
		{"Arabic with a Latin word", "دائرة الادعاء (CPS)", true},
		{"date in Arabic", "21 نوفمبر 2026", true},
		{"plain number", "1000", false},
		{"Arabic alone", "السؤال، نعم", false},
		{"empty", "", false},
		{"not there", NULL, false},
	};
	static const struct words arabic = {.language = "ar", .is_rtl = true}, english = {.language = "en"};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (words_isolates(&arabic, rows[i].value) != rows[i].in_arabic)
			fail_msg("%s", rows[i].name);
		assert_false(words_isolates(&english, rows[i].value));
	}
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1024);
	struct words words = arabic;
	words.of[0] = "لقاء {event}، {n}";
	const struct words_fill fills[] = {{"event", "A talk!"}, {"n", "3"}};
	assert_string_equal(words_fill(&words, (enum word) 0, fills, 2, &arena), "لقاء \u2068A talk!\u2069، 3");
}

static void test_document(void **state)
{
	(void) state;
	struct folder folder = right_folder();
	CLEANUP_ARENA struct arena arena;
	struct words_set set, again;
	struct problems problems;
	assert_int_equal(load(&folder, &arena, &set, &problems), ERR_OK);
	folder_remove(&folder);
	char *json = NULL, *second = NULL;
	size_t length = 0, second_length = 0;
	assert_int_equal(words_encode(&set, &arena, &json, &length), ERR_OK);
	assert_int_equal(words_decode(json, length, &arena, &again), ERR_OK);
	assert_int_equal(words_encode(&again, &arena, &second, &second_length), ERR_OK);
	assert_int_equal(length, second_length);
	assert_memory_equal(json, second, length);
	assert_true(words_for(&again, "ar")->is_rtl);
	assert_true(words_for(&again, "cy")->is_draft);
	assert_string_equal(words_for(&again, "cy-x-easy")->of[1], "Hawdd un");
	assert_string_equal(words_for(&again, "cy")->name, "Cymraeg");
}

/* A hub, or an office's own texts, that are older or newer than this program: what they do not have says what it said when this was built, in
 * each language that has it; what they have stays theirs, and a translation that they left out is not put in beside English of their own. */
static void test_other_versions(void **state)
{
	(void) state;
	static const char json[] =
		"{\"format\":\"soundings-words/1\",\"new\":1,\"words\":[{\"language\":\"en\",\"name\":\"English\","
		"\"of\":{\"zzz_new\":\"New\",\"continue\":\"Go on\"}},{\"language\":\"cy\",\"name\":\"Cymraeg\","
		"\"of\":{\"back\":\"N\u00f4l\"}},{\"language\":\"en-x-easy\",\"name\":\"Easy Read\",\"of\":{}},"
		"{\"language\":\"xx\",\"name\":\"None\",\"of\":{}}]}";
	CLEANUP_ARENA struct arena arena, shipped_arena;
	arena_init(&arena, CEILING);
	arena_init(&shipped_arena, CEILING);
	struct words_set set, shipped;
	struct problems problems;
	problems_init(&problems, &shipped_arena);
	assert_int_equal(words_load("forms/strings", &shipped_arena, &shipped, &problems), ERR_OK);
	assert_int_equal(words_decode(json, sizeof json - 1, &arena, &set), ERR_OK);
	const struct words *english = words_for(&set, "en"), *welsh = words_for(&set, "cy");
	for (size_t key = 0; key < WORD_COUNT; key++) {
		if (key == WORD_continue || key == WORD_back)
			continue;
		assert_string_equal(english->of[key], words_for(&shipped, "en")->of[key]);
		assert_string_equal(welsh->of[key], words_for(&shipped, "cy")->of[key]);
		assert_string_equal(words_for(&set, "en-x-easy")->of[key], words_for(&shipped, "en-x-easy")->of[key]);
		assert_string_equal(words_for(&set, "xx")->of[key], english->of[key]);
	}
	assert_string_not_equal(english->of[WORD_poster_lead], "poster_lead");
	assert_string_equal(english->of[WORD_continue], "Go on");
	assert_string_equal(welsh->of[WORD_continue], "Go on");
	assert_string_equal(english->of[WORD_back], words_for(&shipped, "en")->of[WORD_back]);
	assert_string_equal(welsh->of[WORD_back], "N\u00f4l");
}

static void test_corrupt(void **state)
{
	(void) state;
	static const struct {
		const char *name, *json;
	} rows[] = {
		{"empty", ""},
		{"not JSON", "{"},
		{"list", "[]"},
		{"no format", "{\"words\":[{\"language\":\"en\",\"name\":\"E\",\"of\":{}}]}"},
		{"other format",
		 "{\"format\":\"soundings-words/2\",\"words\":[{\"language\":\"en\",\"name\":\"E\",\"of\":{}}]}"},
		{"no words", "{\"format\":\"soundings-words/1\"}"},
		{"no language", "{\"format\":\"soundings-words/1\",\"words\":[]}"},
		{"English is not first",
		 "{\"format\":\"soundings-words/1\",\"words\":[{\"language\":\"cy\",\"name\":\"E\",\"of\":{}}]}"},
		{"no name", "{\"format\":\"soundings-words/1\",\"words\":[{\"language\":\"en\",\"of\":{}}]}"},
		{"no strings", "{\"format\":\"soundings-words/1\",\"words\":[{\"language\":\"en\",\"name\":\"E\"}]}"},
		{"bad tag",
		 "{\"format\":\"soundings-words/1\",\"words\":[{\"language\":\"en\",\"name\":\"E\",\"of\":{}},"
		 "{\"language\":\"../x\",\"name\":\"E\",\"of\":{}}]}"},
		{"language twice",
		 "{\"format\":\"soundings-words/1\",\"words\":[{\"language\":\"en\",\"name\":\"E\",\"of\":{}},"
		 "{\"language\":\"en\",\"name\":\"E\",\"of\":{}}]}"},
		{"direction that is no truth",
		 "{\"format\":\"soundings-words/"
		 "1\",\"words\":[{\"language\":\"en\",\"name\":\"E\",\"of\":{},\"rtl\":\"yes\"}]}"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, CEILING);
		struct words_set set = {0};
		enum err error = words_decode(rows[i].json, strlen(rows[i].json), &arena, &set);
		if (error != ERR_CORRUPT)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_int_equal(set.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fallbacks),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_english_is_whole),
		cmocka_unit_test(test_no_english),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_isolates),
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_other_versions),
		cmocka_unit_test(test_corrupt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
