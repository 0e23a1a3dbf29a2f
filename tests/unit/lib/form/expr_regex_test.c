/* SPDX-License-Identifier: MIT */
/* expr_regex_test.c: what the patterns of regex() match, what they refuse, and that nothing makes them slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/expr_regex.h"
#include "unit/seeded.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { ARENA_CEILING = 4 * 1024 * 1024 };

/* ---- matching ---- */

struct match_row {
	const char *name;
	const char *pattern;
	const char *text;
	bool is_match;
};

static const struct match_row match_rows[] = {
	{"the whole text is matched", "abc", "abc", true},
	{"a part at the start is not enough", "abc", "abcd", false},
	{"a part at the end is not enough", "abc", "xabc", false},
	{"a part in the middle is not enough", "b", "abc", false},
	{"anchors at the ends change nothing", "^abc$", "abc", true},
	{"anchors at the ends do not loosen it", "^abc$", "abcd", false},
	{"an anchor in the middle never holds", "a^b", "ab", false},
	{"an end in the middle never holds", "a$b", "ab", false},
	{"anchors on the empty text", "^$", "", true},
	{"the end is the end of the text, not of a line", "a$\\nb", "a\nb", false},
	{"the empty pattern takes the empty text", "", "", true},
	{"the empty pattern takes nothing else", "", "a", false},
	{"each choice is of the whole text", "cat|dog", "dog", true},
	{"a choice binds less than a sequence", "ab|cd", "abd", false},
	{"an empty choice", "a|", "", true},
	{"three choices", "a|b|c", "c", true},
	{"a choice in a group", "x(a|b)y", "xby", true},
	{"an empty group", "a()b", "ab", true},
	{"a group without a name", "(?:ab)+", "abab", true},
	{"star takes none", "a*", "", true},
	{"star takes many", "a*", "aaaaaaaa", true},
	{"plus needs one", "a+", "", false},
	{"plus takes many", "a+", "aaa", true},
	{"a question mark takes none", "ab?", "a", true},
	{"a question mark takes one", "ab?", "ab", true},
	{"a question mark does not take two", "ab?", "abb", false},
	{"a count takes that many", "[0-9]{4}", "2024", true},
	{"a count does not take fewer", "[0-9]{4}", "202", false},
	{"a count does not take more", "[0-9]{4}", "20245", false},
	{"a count from", "a{2,}", "aaaaa", true},
	{"a count from does not take fewer", "a{2,}", "a", false},
	{"a count from none", "a{0,}", "", true},
	{"a span takes its least", "a{2,3}", "aa", true},
	{"a span takes its most", "a{2,3}", "aaa", true},
	{"a span does not take more", "a{2,3}", "aaaa", false},
	{"a span from none", "a{0,2}b", "b", true},
	{"a count of none", "a{0}b", "b", true},
	{"a count of none takes none", "a{0}b", "ab", false},
	{"repeats of repeats", "(?:a{2}){3}", "aaaaaa", true},
	{"repeats of repeats do not take what lies between", "(?:a{2}){3}", "aaaaa", false},
	{"a repeat that can be empty ends", "(a*)*b", "aaab", true},
	{"a repeat of nothing ends", "(){5}(|)*a", "a", true},
	{"a class", "[abc]", "b", true},
	{"a class takes one", "[abc]", "ab", false},
	{"a range", "[a-f]", "d", true},
	{"a range includes its ends", "[a-f]", "f", true},
	{"a range excludes the rest", "[a-f]", "g", false},
	{"the opposite of a class", "[^abc]", "d", true},
	{"the opposite of a class refuses its own", "[^abc]", "a", false},
	{"the opposite of a class takes a line end", "[^abc]", "\n", true},
	{"a hyphen at the end of a class", "[a-]", "-", true},
	{"a hyphen at the start of a class", "[-a]", "-", true},
	{"a hyphen with a backslash", "[a\\-z]", "-", true},
	{"a hyphen with a backslash is no range", "[a\\-z]", "m", false},
	{"a closing bracket in a class", "[\\]]", "]", true},
	{"a caret that is not first in a class", "[a^]", "^", true},
	{"signs mean themselves in a class", "[.*+?(){}|$]{11}", ".*+?(){}|$.", true},
	{"digits", "\\d+", "0123456789", true},
	{"digits are those of ASCII", "\\d", "\xD9\xA3", false},
	{"no digits", "\\D", "a", true},
	{"no digits refuses one", "\\D", "7", false},
	{"word signs", "\\w+", "aZ_9", true},
	{"word signs are those of ASCII", "\\w", "\xC3\xA9", false},
	{"no word signs", "\\W", "-", true},
	{"spaces", "\\s+", " \t\n\r\xC2\xA0\xE2\x80\xAF\xE3\x80\x80\xEF\xBB\xBF", true},
	{"no spaces", "\\S", "a", true},
	{"no spaces refuses one", "\\S", " ", false},
	{"a shorthand in a class", "[\\dx]+", "1x2", true},
	{"an opposite in a class", "[\\Dx1]+", "ab1x", true},
	{"an opposite in a class keeps out the rest", "[\\D1]", "2", false},
	{"an opposite of words in a class", "[\\W]", "!", true},
	{"an opposite of spaces in a class, opposed", "[^\\S]", " ", true},
	{"an escaped tab and line end", "a\\tb\\nc\\r", "a\tb\nc\r", true},
	{"an escaped point", "a\\.b", "a.b", true},
	{"an escaped point takes no other sign", "a\\.b", "axb", false},
	{"every sign that has a meaning can be escaped", "\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/",
	 "^$\\.*+?()[]{}|/", true},
	{"a point takes any letter", "a.c", "abc", true},
	{"a point takes a character of four bytes once", ".", "\xF0\x9F\x98\x80", true},
	{"a point takes no line end", "a.c", "a\nc", false},
	{"a point takes no Unicode line end", ".", "\xE2\x80\xA8", false},
	{"letters with accents",
	 "gw\xC3\xAA"
	 "n",
	 "gw\xC3\xAA"
	 "n",
	 true},
	{"a range beyond ASCII", "[\xD9\xA0-\xD9\xA9]+", "\xD9\xA1\xD9\xA9", true},
	{"letters have their case", "abc", "ABC", false},
	{"ODK's own example", "^[A-Z]{3}_[A-Z]{3}_[0-9]{4}_[0-9]{3,4}$", "CAR_PRC_2015_048", true},
	{"a British postcode's shape", "[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}", "SW1H 9EA", true},
};

static void test_match(void **state)
{
	const struct match_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_regex *regex;
	struct expr_error error;
	assert_int_equal(expr_regex_compile(row->pattern, &arena, &regex, &error), ERR_OK);
	assert_int_equal(expr_regex_matches(regex, row->text), row->is_match);
}

/* ---- refusals ---- */

struct refusal_row {
	const char *name;
	const char *pattern;
	size_t at;
	const char *says; /* a part of the message */
};

static const struct refusal_row refusal_rows[] = {
	{"a backreference", "(a)\\1", 3, "Backreferences"},
	{"looking ahead", "a(?=b)", 1, "ahead or behind"},
	{"not looking ahead", "(?!b)", 0, "ahead or behind"},
	{"looking behind", "(?<=b)", 0, "ahead or behind"},
	{"not looking behind", "(?<!b)", 0, "ahead or behind"},
	{"a named group", "(?<year>a)", 0, "names or flags"},
	{"a flag", "(?i)a", 0, "names or flags"},
	{"a word's edge", "a\\b", 1, "word's edge"},
	{"a property", "\\p{L}", 0, "list the letters"},
	{"a number for a character", "\\x41", 0, "character itself"},
	{"an end of the text in other engines", "a\\Z", 1, "\\Z is not in the subset"},
	{"a number in octal", "\\0", 0, "Backreferences"},
	{"a letter without a meaning", "\\q", 0, "\\q is not in the subset"},
	{"a backslash before a plain sign", "\\@", 0, "leave the backslash out"},
	{"a backslash before a hyphen outside a class", "\\-", 0, "leave the backslash out"},
	{"a backslash before a letter with an accent", "\\\xC3\xAA", 0, "leave the backslash out"},
	{"a backslash at the end", "a\\", 1, "ends in a backslash"},
	{"a backslash at the end of a class", "[a\\", 2, "ends in a backslash"},
	{"a star without anything", "*a", 0, "Nothing stands before this *"},
	{"a plus behind a bar", "a|+", 2, "Nothing stands before this +"},
	{"a count without anything", "{2}", 0, "Nothing stands before this {"},
	{"a star on a star", "a**", 2, "leave this * out"},
	{"a lazy star", "a*?", 2, "leave this ? out"},
	{"a possessive count", "a{2}+", 4, "leave this + out"},
	{"a repeated anchor", "^*", 1, "cannot be repeated"},
	{"a group left open", "(ab", 0, "never closed"},
	{"a group not opened", "ab)", 2, "closes nothing"},
	{"a class left open", "x[ab", 1, "never closed"},
	{"a class left open behind a hyphen", "[a-", 0, "never closed"},
	{"a bracket that closes nothing", "a]", 1, "closes nothing"},
	{"a brace that closes nothing", "a}", 1, "closes nothing"},
	{"an empty class", "[]", 0, "empty"},
	{"an empty opposite class", "[^]a]", 0, "empty"},
	{"a class in a class", "[a[b]]", 2, "no classes inside"},
	{"a POSIX class", "[[:alpha:]]", 1, "no classes inside"},
	{"a range backwards", "[z-a]", 1, "backwards"},
	{"a range to a shorthand", "[a-\\d]", 3, "cannot begin or end"},
	{"a hyphen behind a shorthand", "[\\d-z]", 3, "what this hyphen means"},
	{"a hyphen behind a range", "[a-c-e]", 4, "what this hyphen means"},
	{"a count without numbers", "a{}", 1, "Write how often as"},
	{"a count without its least", "a{,3}", 1, "Write how often as"},
	{"a count of letters", "a{x}", 1, "Write how often as"},
	{"a count left open", "a{2", 1, "Write how often as"},
	{"a count with a space", "a{2, 3}", 1, "Write how often as"},
	{"a count over the limit", "a{101}", 1, "up to 100"},
	{"a count far over the limit", "a{99999999999999999999}", 1, "up to 100"},
	{"a count backwards", "a{3,2}", 1, "backwards"},
	{"too many states", "(?:[a-z]{100}){21}", 0, "too large"},
	{"too many repeats of nothing", "((((){100}){100}){100}){100}", 0, "too large"},
	{"too many states by nesting", "((((a{9}){9}){9}){9}){9}", 0, "too large"},
};

static void test_refusal(void **state)
{
	const struct refusal_row *row = *state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_regex *regex;
	struct expr_error error = {0};
	assert_int_equal(expr_regex_compile(row->pattern, &arena, &regex, &error), ERR_INVALID);
	if (strstr(error.message, row->says) == NULL)
		fail_msg("'%s' does not say '%s'", error.message, row->says);
	assert_int_equal(error.at, row->at);
}

/* ---- limits ---- */

/* N opening signs, "a", and N closing ones. */
static void nest(char *out, size_t size, unsigned count)
{
	assert_true(size > 2 * count + 1);
	memset(out, '(', count);
	out[count] = 'a';
	memset(out + count + 1, ')', count);
	out[2 * count + 1] = '\0';
}

static void test_levels(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_regex *regex;
	struct expr_error error;
	char pattern[4 * EXPR_REGEX_LEVELS_MAX];
	nest(pattern, sizeof pattern, EXPR_REGEX_LEVELS_MAX);
	assert_int_equal(expr_regex_compile(pattern, &arena, &regex, &error), ERR_OK);
	assert_true(expr_regex_matches(regex, "a"));
	nest(pattern, sizeof pattern, EXPR_REGEX_LEVELS_MAX + 1);
	assert_int_equal(expr_regex_compile(pattern, &arena, &regex, &error), ERR_INVALID);
	assert_int_equal(error.at, EXPR_REGEX_LEVELS_MAX);
}

/* A program of exactly the most states there may be, every one of them reached at once. */
static void test_most_states(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct expr_regex *regex;
	struct expr_error error;
	/* 9 * 100 optional copies of 2 states, 99 of 2, 1 in sequence: 1,999, and the match. */
	const char *pattern = "(?:a{0,100}){9}a{0,99}a";
	assert_int_equal(expr_regex_compile(pattern, &arena, &regex, &error), ERR_OK);
	char text[1101];
	memset(text, 'a', sizeof text);
	text[1000] = '\0';
	assert_true(expr_regex_matches(regex, text));
	text[1000] = 'a';
	text[1001] = '\0';
	assert_false(expr_regex_matches(regex, text));
	assert_int_equal(expr_regex_compile("(?:a{0,100}){9}a{0,99}aa", &arena, &regex, &error), ERR_INVALID);
}

/* Patterns on which a matcher that tries one way after the other needs longer than there is time. */
static void test_never_slow(void **state)
{
	(void) state;
	static const char *const patterns[] = {
		"(a*)*b", "(a|a)*b", "(a+)+b", "(?:a?){50}a{50}b", "(.*)(.*)(.*)(.*)b", "(a|aa)+b", "(?:(?:a*)*)*b"};
	static char text[20001];
	memset(text, 'a', sizeof text - 1);
	alarm(60); /* ends the program, and with it the test, when one of them is slow */
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		const struct expr_regex *regex;
		struct expr_error error;
		assert_int_equal(expr_regex_compile(patterns[i], &arena, &regex, &error), ERR_OK);
		assert_false(expr_regex_matches(regex, text));
	}
	alarm(0);
}

/* Every ceiling of the arena gives a result or ERR_NOMEM, never something between. */
static void test_no_room(void **state)
{
	(void) state;
	const char *pattern = "(a|[b-d\\Dxyz0-9]{2,3}|\\w+)*(?:x?|y)$";
	bool is_good = false;
	for (size_t ceiling = 0; !is_good; ceiling += 16) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ceiling);
		const struct expr_regex *regex = NULL;
		struct expr_error error;
		enum err result = expr_regex_compile(pattern, &arena, &regex, &error);
		assert_true(result == ERR_NOMEM || result == ERR_OK);
		is_good = result == ERR_OK;
		assert_int_equal(is_good, !arena.is_failed);
		if (is_good)
			assert_true(expr_regex_matches(regex, "abcx"));
	}
}

/* ---- against regcomp(3) ---- */

struct writer {
	char text[400];
	size_t length;
};

static void put(struct writer *writer, const char *text)
{
	size_t length = strlen(text);
	if (writer->length + length >= sizeof writer->text)
		return;
	memcpy(writer->text + writer->length, text, length + 1);
	writer->length += length;
}

static void put_choice(struct writer *writer, unsigned depth);

static void put_atom(struct writer *writer, unsigned depth)
{
	static const char *const atoms[] = {"a",      "b",    "c",   ".",   "[ab]", "[^a]", "[a-c]",
					    "[^b-c]", "[bc]", "\\.", "\\*", "a",    "b",    "c"};
	if (depth > 0 && below(3) == 0) {
		put(writer, "(");
		put_choice(writer, depth - 1);
		put(writer, ")");
	} else {
		put(writer, atoms[below(COUNT_OF(atoms))]);
	}
}

static void put_choice(struct writer *writer, unsigned depth)
{
	static const char *const repeats[] = {"*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}", "{0,3}"};
	do {
		for (unsigned pieces = 1 + below(3); pieces > 0; pieces--) {
			put_atom(writer, depth);
			if (below(3) == 0)
				put(writer, repeats[below(COUNT_OF(repeats))]);
		}
	} while (below(4) == 0 && (put(writer, "|"), true));
}

static void test_agrees_with_regcomp(void **state)
{
	(void) state;
	enum { CASES = 10000, TEXTS = 6 };
	unsigned matches = 0;
	seed = 20260;
	for (unsigned i = 0; i < CASES; i++) {
		struct writer writer = {.length = 0}, whole = {.length = 0};
		put_choice(&writer, 3);
		put(&whole, "^(");
		put(&whole, writer.text);
		if (writer.length + 4 >= sizeof whole.text)
			continue;
		put(&whole, ")$");
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		const struct expr_regex *regex;
		struct expr_error error;
		regex_t posix;
		if (regcomp(&posix, whole.text, REG_EXTENDED | REG_NOSUB) != 0)
			fail_msg("regcomp(3) refuses %s", whole.text);
		if (expr_regex_compile(writer.text, &arena, &regex, &error) != ERR_OK)
			fail_msg("%s: %s", writer.text, error.message);
		for (unsigned j = 0; j < TEXTS; j++) {
			char text[10];
			unsigned length = below(sizeof text);
			for (unsigned k = 0; k < length; k++)
				text[k] = "abcd.*"[below(below(3) == 0 ? 6 : 3)];
			text[length] = '\0';
			bool is_match = regexec(&posix, text, 0, NULL, 0) == 0;
			if (expr_regex_matches(regex, text) != is_match)
				fail_msg("%s on '%s': regexec(3) says %d", writer.text, text, is_match);
			matches += is_match;
		}
		regfree(&posix);
	}
	/* Both answers must come often enough to mean something. */
	assert_in_range(matches, CASES * TEXTS / 50, CASES * TEXTS * 9 / 10);
}

/* Any bytes that are well-formed text give a verdict. */
static void test_soup(void **state)
{
	(void) state;
	static const char *const parts[] = {
		"a",     "b",   "-",  "[",   "]",     "[^",  "(",   ")",        "(?:",
		"(?",    "|",   "*",  "+",   "?",     "{2}", "{",   "}",        "{1,",
		"\\d",   "\\W", "\\", "^",   "$",     ".",   "\\1", "\xC3\xAA", "\xF0\x9F\x98\x80",
		"{100}", ",",   "9",  "\\s", "[a-z]", "\n"};
	unsigned good = 0;
	seed = 7;
	for (unsigned i = 0; i < 10000; i++) {
		struct writer writer = {.length = 0};
		for (unsigned count = below(14); count > 0; count--)
			put(&writer, parts[below(COUNT_OF(parts))]);
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_CEILING);
		const struct expr_regex *regex;
		struct expr_error error = {0};
		enum err result = expr_regex_compile(writer.text, &arena, &regex, &error);
		if (result == ERR_OK) {
			good++;
			expr_regex_matches(regex, "ab-\xC3\xAA-9");
			continue;
		}
		assert_int_equal(result, ERR_INVALID);
		assert_true(error.message[0] != '\0');
		assert_true(error.at <= writer.length);
	}
	assert_in_range(good, 300, 9700);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(match_rows) + COUNT_OF(refusal_rows)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(match_rows); i++)
		tests[count++] = (struct CMUnitTest){match_rows[i].name, test_match, NULL, NULL,
						     (void *) (uintptr_t) &match_rows[i]};
	for (size_t i = 0; i < COUNT_OF(refusal_rows); i++)
		tests[count++] = (struct CMUnitTest){refusal_rows[i].name, test_refusal, NULL, NULL,
						     (void *) (uintptr_t) &refusal_rows[i]};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_most_states),
		cmocka_unit_test(test_never_slow),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_agrees_with_regcomp),
		cmocka_unit_test(test_soup),
	};
	return cmocka_run_group_tests_name("expr_regex rows", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("expr_regex", others, NULL, NULL);
}
