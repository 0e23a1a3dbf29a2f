/* SPDX-License-Identifier: MIT */
/* words_more_test.c: the organisers' strings: as they are shipped, whole in English and Welsh and in no catalogue; gaps, holes and mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/words.h"
#include "words_organiser.h"
#include "words_organiser_keys.h"

#include <stdlib.h>
#include <string.h>

enum { CEILING = 64 * 1024 * 1024 };

static const char *const names[] = {"o_one", "o_two"};
#define HEAD(tag) "language: " tag "\nname: N\nstatus: draft\n"
static const char english[] = HEAD("en") "o_one: \"{n} of {total}\"\no_two: Two\n";

struct rig {
	struct arena arena;
	struct words_set set;
	struct problems problems;
};

static void rig_init(struct rig *rig)
{
	arena_init(&rig->arena, CEILING);
	problems_init(&rig->problems, &rig->arena);
	rig->set.list = arena_array(&rig->arena, 3, struct words);
	rig->set.list[0].language = "en";
	rig->set.list[1].language = "ar";
	rig->set.list[2].language = "cy";
	rig->set.count = 3;
}

static enum err add(struct rig *rig, const char *welsh)
{
	const struct words_file files[] = {{"en.yaml", "en", english}, {"cy.yaml", "cy", welsh}};
	return words_add(&rig->set, files, 2, names, 2, &rig->arena, &rig->problems);
}

static void test_added(void **state)
{
	(void) state;
	struct rig rig;
	rig_init(&rig);
	assert_int_equal(add(&rig, HEAD("cy") "o_one: \"{n} o {total}\"\n"), ERR_OK);
	const struct words *en = &rig.set.list[0], *ar = &rig.set.list[1], *cy = &rig.set.list[2];
	enum word one = WORD_COUNT, two = (enum word)(WORD_COUNT + 1), beyond = (enum word)(WORD_COUNT + 2);
	assert_string_equal(words_text(en, one), "{n} of {total}");
	assert_string_equal(words_text(cy, one), "{n} o {total}");
	assert_string_equal(words_text(cy, two), "Two"); /* a gap is filled */
	assert_null(words_text(cy, beyond));
	assert_null(words_text(ar, one)); /* organisers' pages are in two languages */
	const struct words_fill fills[] = {{"n", "1"}, {"total", "2"}};
	assert_string_equal(words_fill(cy, one, fills, 2, &rig.arena), "1 o 2");
	assert_null(words_fill(ar, one, fills, 2, &rig.arena));
	arena_fini(&rig.arena);
}

static void test_mistakes(void **state)
{
	(void) state;
	static const struct {
		const char *name, *rule, *welsh;
	} rows[] = {
		{"unknown key", "unknown-key", HEAD("cy") "o_three: Tri\n"},
		{"hole that English has not", "unknown-hole", HEAD("cy") "o_two: \"Dau {n}\"\n"},
		{"another language", "wrong-language", HEAD("ar") "o_two: Dau\n"},
		{"no status", "missing-key", "language: cy\nname: N\no_two: Dau\n"},
		{"empty", "empty-value", HEAD("cy") "o_two:\n"},
		{"broken", "syntax", "language: cy\nname: a: b\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rig rig;
		rig_init(&rig);
		if (add(&rig, rows[i].welsh) != ERR_INVALID || rig.problems.count == 0 ||
		    strcmp(rig.problems.list[0].rule, rows[i].rule) != 0)
			fail_msg("%s", rows[i].name);
		arena_fini(&rig.arena);
	}
	struct rig rig;
	rig_init(&rig);
	const struct words_file file = {"en.yaml", "en", HEAD("en") "o_one: One\n"};
	assert_int_equal(words_add(&rig.set, &file, 1, names, 2, &rig.arena, &rig.problems), ERR_INVALID);
	assert_string_equal(rig.problems.list[0].rule, "missing-english");
	arena_fini(&rig.arena);
}

/* The holes of a string, in order of their names, with blanks between them. */
static void holes_of(const char *text, char out[256])
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyz_";
	char found[12][32];
	size_t count = 0;
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		size_t length = strspn(at + 1, signs);
		if (at[1 + length] != '}' || length >= sizeof found[0] || count == 12)
			continue;
		memcpy(found[count], at + 1, length);
		found[count++][length] = '\0';
	}
	qsort(found, count, sizeof found[0], (int (*)(const void *, const void *)) strcmp);
	out[0] = '\0';
	for (size_t i = 0, used = 0; i < count; i++)
		if (i == 0 || strcmp(found[i], found[i - 1]) != 0)
			used += (size_t) snprintf(out + used, 256 - used, "%s ", found[i]);
}

/* What is built in: every string in both languages, each with the same holes, and none in what is published. */
static void test_shipped(void **state)
{
	(void) state;
	static const struct words_file files[] = {{"forms/strings/organiser/en.yaml", "en", words_organiser_en},
						  {"forms/strings/organiser/cy.yaml", "cy", words_organiser_cy}};
	struct rig rig;
	arena_init(&rig.arena, CEILING);
	problems_init(&rig.problems, &rig.arena);
	assert_int_equal(words_load("forms/strings", &rig.arena, &rig.set, &rig.problems), ERR_OK);
	char *before = NULL, *after = NULL;
	size_t before_length = 0, after_length = 0;
	assert_int_equal(words_encode(&rig.set, &rig.arena, &before, &before_length), ERR_OK);
	assert_int_equal(
		words_add(&rig.set, files, 2, word_organiser_names, WORD_ORGANISER_COUNT, &rig.arena, &rig.problems),
		ERR_OK);
	assert_int_equal(rig.problems.count, 0);
	assert_int_equal(words_encode(&rig.set, &rig.arena, &after, &after_length), ERR_OK);
	assert_int_equal(before_length, after_length);
	assert_memory_equal(before, after, before_length);
	assert_null(strstr(after, "\"o_"));
	const struct words *en = words_for(&rig.set, "en"), *cy = words_for(&rig.set, "cy");
	for (size_t i = 0; i < WORD_ORGANISER_COUNT; i++) {
		char in_english[256], in_welsh[256];
		char *own = NULL;
		assert_true(asprintf(&own, "\n%s:", word_organiser_names[i]) > 0);
		if (!strstr(words_organiser_cy, own))
			fail_msg("%s is not in cy.yaml", word_organiser_names[i]);
		free(own);
		holes_of(words_text(en, (enum word)(WORD_COUNT + i)), in_english);
		holes_of(words_text(cy, (enum word)(WORD_COUNT + i)), in_welsh);
		if (strcmp(in_english, in_welsh) != 0)
			fail_msg("%s: {%s} in English, {%s} in Welsh", word_organiser_names[i], in_english, in_welsh);
	}
	arena_fini(&rig.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_added),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_shipped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
