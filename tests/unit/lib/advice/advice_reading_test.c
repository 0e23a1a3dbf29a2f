/* SPDX-License-Identifier: MIT */
/* advice_reading_test.c: syllables of words that forms use, and the reading age of texts of known grade. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/advice/advice.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Counted by ear. */
static const struct {
	const char *word;
	unsigned syllables;
} words[] = {
	{"a", 1},          {"able", 2},       {"about", 2},        {"action", 2},     {"activities", 4},
	{"again", 2},      {"answer", 2},     {"answers", 2},      {"anything", 3},   {"area", 3},
	{"asked", 1},      {"background", 2}, {"before", 2},       {"because", 2},    {"belief", 2},
	{"best", 1},       {"better", 2},     {"between", 2},      {"business", 2},   {"came", 1},
	{"career", 2},     {"case", 1},       {"cases", 2},        {"choice", 1},     {"choices", 2},
	{"choose", 1},     {"clear", 1},      {"college", 2},      {"community", 4},  {"confident", 3},
	{"conditions", 3}, {"could", 1},      {"court", 1},        {"crime", 1},      {"day-to-day", 3},
	{"decide", 2},     {"decided", 3},    {"decision", 3},     {"different", 3},  {"disability", 5},
	{"disabled", 3},   {"easy", 2},       {"english", 2},      {"ethnic", 2},     {"event", 2},
	{"every", 2},      {"everyone", 3},   {"expect", 2},       {"explained", 2},  {"fair", 1},
	{"feedback", 2},   {"feel", 1},       {"finding", 2},      {"form", 1},       {"found", 1},
	{"friend", 1},     {"going", 2},      {"good", 1},         {"group", 1},      {"happened", 2},
	{"hard", 1},       {"health", 1},     {"heard", 1},        {"helped", 1},     {"helpful", 2},
	{"home", 1},       {"hours", 1},      {"idea", 3},         {"ideas", 3},      {"illness", 2},
	{"important", 3},  {"included", 3},   {"information", 4},  {"interested", 4}, {"job", 1},
	{"judge", 1},      {"know", 1},       {"language", 2},     {"learned", 1},    {"lives", 1},
	{"likely", 2},     {"listened", 2},   {"little", 2},       {"looked", 1},     {"make", 1},
	{"making", 2},     {"matter", 2},     {"meeting", 2},      {"mental", 2},     {"minutes", 2},
	{"months", 1},     {"name", 1},       {"names", 1},        {"needed", 2},     {"nobody", 3},
	{"nothing", 2},    {"office", 2},     {"organisation", 5}, {"other", 2},      {"panel", 2},
	{"people", 2},     {"person", 2},     {"phone", 1},        {"physical", 3},   {"placement", 2},
	{"places", 2},     {"police", 2},     {"privacy", 3},      {"probably", 3},   {"prosecutor", 4},
	{"question", 2},   {"questions", 2},  {"quiet", 2},        {"reduce", 2},     {"religion", 3},
	{"results", 2},    {"school", 1},     {"science", 2},      {"seeing", 2},     {"service", 2},
	{"shadowed", 2},   {"situation", 4},  {"skills", 1},       {"somebody", 3},   {"something", 2},
	{"sometimes", 2},  {"stopped", 1},    {"student", 2},      {"support", 2},    {"talk", 1},
	{"telephone", 3},  {"thinking", 2},   {"time", 1},         {"today", 2},      {"treated", 2},
	{"trying", 2},     {"understand", 3}, {"used", 1},         {"useful", 2},     {"usually", 4},
	{"very", 2},       {"victims", 2},    {"visited", 3},      {"wanted", 2},     {"we", 1},
	{"welcome", 2},    {"went", 1},       {"witnesses", 3},    {"women", 2},      {"worried", 2},
	{"worries", 2},    {"write", 1},      {"writes", 1},       {"writing", 2},    {"year", 1},
	{"years", 1},      {"yes", 1},        {"young", 1},        {"your", 1},       {"yourself", 2},
};

static void test_syllables(void **state)
{
	(void) state;
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		unsigned found = advice_syllables(words[i].word, strlen(words[i].word));
		if (found == words[i].syllables)
			continue;
		print_message("# %s: %u, not %u\n", words[i].word, found, words[i].syllables);
		wrong++;
	}
	/* Letters do not tell everything: one in fifty may be wrong. */
	if (wrong * 50 > COUNT_OF(words))
		fail_msg("%zu of %zu words are counted wrong", wrong, COUNT_OF(words));
}

static void test_odd_words(void **state)
{
	(void) state;
	static const char *const odd[] = {"",          "-",      "---", "101", "b",  "zzz",
					  "\xc5\xb5y", "{name}", "'s",  "e",   "ed", "es"};
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		assert_true(advice_syllables(odd[i], strlen(odd[i])) >= 1);
	char longest[5000];
	memset(longest, 'a', sizeof(longest));
	assert_true(advice_syllables(longest, sizeof(longest)) >= 1);
}

/* The ages that the formula gives to texts whose words and syllables were counted by hand. */
static void test_ages(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		double least, most;
	} rows[] = {
		{"a picture book", "The cat sat on the mat. It was a big red mat. The cat was fat.", 5, 5.1},
		{"ours",
		 "Before you finish, can we ask a few questions about you? You can skip any or all of them. They help "
		 "us "
		 "check that we hear from everyone.",
		 7, 10.5},
		{"an office",
		 "Participation in the aforementioned consultation constitutes acknowledgement of the organisational "
		 "confidentiality arrangements notwithstanding subsequent administrative modifications.",
		 25, 60},
		{"holes are words",
		 "What should the {organisation} do next? Tell the {organisation} what matters to you.", 5, 12},
		{"no sentence", "", 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		double age = advice_reading_age(rows[i].text, 1);
		if (age < rows[i].least || age > rows[i].most)
			fail_msg("%s: %.2f", rows[i].name, age);
	}
	/* 0.39 * 10 / 2 + 11.8 * 16 / 10 - 15.59 + 5 = 10.24: ten words, sixteen syllables, two sentences. */
	double age = advice_reading_age("Somebody will answer you today. We read every answer here.", 10);
	if (age < 10.23 || age > 10.25)
		fail_msg("by hand: %.2f", age);
	assert_true(advice_reading_age("Too short to judge.", 5) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syllables),
		cmocka_unit_test(test_odd_words),
		cmocka_unit_test(test_ages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
