/* SPDX-License-Identifier: MIT */
/* form_broken_types_test.c: questions of every type, each written wrongly in one way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/form_broken.h"

#define LABEL "        label: L\n"
#define RANK "      - name: order\n        type: rank scale\n" LABEL
#define POINTS "      - name: score\n        type: scale\n" LABEL
#define GRID "      - name: clear\n        type: grid scale\n" LABEL
#define TWO "        statements:\n          - a: A\n          - b: B\n"
#define WHOLE "      - name: age\n        type: integer\n" LABEL
#define PARTS "      - name: hours\n        type: decimal\n" LABEL
#define DAY "      - name: born\n        type: date\n" LABEL
#define REFUSALS "  refusals:\n    - prefer_not: No\n      refusal: yes\n"
#define LONG24 "abcdefghijklmnopqrstuvwx"
#define IF(expression) "        relevant: \"" expression "\"\n        relevant_when: If\n"

static const struct row rows[] = {
	/* Types and lists. */
	{"rank without a list",
	 "missing-list",
	 "'type: rank LIST'",
	 {FORM(TOP "      - name: a\n        type: @rank\n" LABEL)}},
	{"grid without a list",
	 "missing-list",
	 "'type: grid LIST'",
	 {FORM(TOP "      - name: a\n        type: @grid\n" LABEL TWO)}},
	{"scale with a list",
	 "bad-value",
	 "too much",
	 {FORM(TOP Q1 "      - name: a\n        type: @scale scale\n" LABEL SCALE)}},
	{"type that is nearly one",
	 "unknown-type",
	 "\"integer\"",
	 {FORM(TOP "      - name: a\n        type: @intger\n" LABEL)}},
	{"keys of a type that is none",
	 "unknown-type",
	 NULL,
	 {FORM(TOP "      - name: a\n        type: @zzzzzzzzz\n        from: 1\n        min: x\n" LABEL)}},
	{"list for a scale in a variant",
	 "key-not-for-type",
	 "leave it out",
	 {FORM(TOP Q1 POINTS SCALE), WITH("try/en-x-easy.yaml", EASY "score.choices: @scale\n")}},
	{"list for a rank in a variant",
	 "key-not-for-type",
	 "leave it out",
	 {FORM(TOP RANK SCALE), WITH("try/en-x-easy.yaml", EASY "order.choices: @scale\n")}},
	{"list for a number in a variant",
	 "key-not-for-type",
	 "delete 'age.choices'",
	 {FORM(TOP Q1 WHOLE SCALE), WITH("try/en-x-easy.yaml", EASY "age.choices: @scale\n")}},
	/* Rank. */
	{"rank of one choice",
	 "bad-list",
	 "two or more",
	 {FORM(TOP "      - name: a\n        type: @rank one\n" LABEL "choices:\n  one:\n    - x: X\n")}},
	{"rank with a refusal in its list",
	 "bad-list",
	 "'refusal: prefer_not' below the question",
	 {FORM(TOP "      - name: a\n        type: @rank scale\n" LABEL SCALE "    - no: No\n      refusal: yes\n")}},
	{"rank with an exclusive choice",
	 "bad-list",
	 "exclusive",
	 {FORM(TOP "      - name: a\n        type: @rank scale\n" LABEL SCALE
		   "    - none: None\n      exclusive: yes\n")}},
	{"rank with headings",
	 "bad-list",
	 "- group",
	 {FORM(TOP "      - name: a\n        type: @rank l\n" LABEL
		   "choices:\n  l:\n    - group: g\n      label: G\n    - a: A\n    - b: B\n")}},
	/* Scale. */
	{"scale with min", "key-not-for-type", "integer", {FORM(TOP POINTS "        min: @0\n")}},
	{"scale from below", "out-of-range", "-10 to 100", {FORM(TOP POINTS "        from: @-11\n")}},
	{"scale to above", "out-of-range", "-10 to 100", {FORM(TOP POINTS "        to: @101\n")}},
	{"scale from a word", "out-of-range", "whole number", {FORM(TOP POINTS "        from: @none\n")}},
	{"scale from a half", "out-of-range", "whole number", {FORM(TOP POINTS "        from: @0.5\n")}},
	{"scale from 01", "out-of-range", "whole number", {FORM(TOP POINTS "        from: @01\n")}},
	{"scale that is upside down",
	 "out-of-range",
	 "above its 'from'",
	 {FORM(TOP POINTS "        from: 5\n        to: @1\n")}},
	{"scale of one point", "out-of-range", NULL, {FORM(TOP POINTS "        from: 3\n        to: @3\n")}},
	{"scale of 22 points", "out-of-range", "22 points", {FORM(TOP POINTS "        from: 0\n        to: @21\n")}},
	{"scale with one end", "needs-key", "label_high", {FORM(TOP POINTS "        label_low: @Not at all\n")}},
	{"scale with the other end", "needs-key", "label_low", {FORM(TOP POINTS "        label_high: @Very\n")}},
	{"scale with one end in a variant",
	 "needs-key",
	 "label_low",
	 {FORM(TOP POINTS), WITH("try/en-x-easy.yaml", EASY "score.label_high: @Yes\n")}},
	{"scale with faces", "key-not-for-type", "faces", {FORM(TOP POINTS "        appearance: @faces\n")}},
	{"ends of a text", "key-not-for-type", "scale", {FORM(TOP Q2 "        to: @5\n")}},
	{"words for the ends of a text", "key-not-for-type", "scale", {FORM(TOP Q2 "        label_low: @No\n")}},
	/* Grid. */
	{"grid without statements",
	 "missing-statements",
	 "2 to 20",
	 {FORM(TOP "      - @name: clear\n        type: grid scale\n" LABEL SCALE)}},
	{"grid of one statement",
	 "missing-statements",
	 "select_one",
	 {FORM(TOP GRID "        statements:\n          @- a: A\n" SCALE)}},
	{"grid of 21 statements",
	 "too-many",
	 "21",
	 {FORM(TOP GRID "        statements:\n          @- a: A\n          - b: A\n          - c: A\n          - d: A\n"
			"          - e: A\n          - f: A\n          - g: A\n          - h: A\n          - i: A\n"
			"          - j: A\n          - k: A\n          - l: A\n          - m: A\n          - n: A\n"
			"          - o: A\n          - p: A\n          - q: A\n          - r: A\n          - s: A\n"
			"          - t: A\n          - u: A\n" SCALE)}},
	{"statements that are no list", "wrong-kind", NULL, {FORM(TOP GRID "        statements: @a\n" SCALE)}},
	{"statement that is a text",
	 "wrong-kind",
	 "- name: Words",
	 {FORM(TOP GRID "        statements:\n          - a: A\n          - @b\n" SCALE)}},
	{"statement without words",
	 "empty-value",
	 NULL,
	 {FORM(TOP GRID "        statements:\n          - a: A\n          - b:@\n" SCALE)}},
	{"statement with a key",
	 "unknown-key",
	 "begin each statement",
	 {FORM(TOP GRID "        statements:\n          - a: A\n            @face: 1\n          - b: B\n" SCALE)}},
	{"statement with a bad name",
	 "bad-name",
	 "statement",
	 {FORM(TOP GRID "        statements:\n          - a: A\n          - @B: B\n" SCALE)}},
	{"statement with a long name",
	 "bad-name",
	 "32 signs",
	 {FORM(TOP GRID "        statements:\n          - a: A\n          - @" LONG24 "yz1: B\n" SCALE)}},
	{"two statements of one name",
	 "duplicate-name",
	 "twice",
	 {FORM(TOP GRID "        statements:\n          - a: A\n          - b: B\n          - @a: C\n" SCALE)}},
	{"statement that is a question",
	 "duplicate-name",
	 "clear_b",
	 {FORM(TOP GRID "        statements:\n          - a: A\n          - @b: B\n"
			"      - name: clear_b\n        type: text\n" LABEL SCALE)}},
	{"statements of two grids",
	 "duplicate-name",
	 "clear_a_b",
	 {FORM(TOP GRID "        statements:\n          - a_b: A\n          - c: B\n"
			"      - name: clear_a\n        type: grid scale\n" LABEL
			"        statements:\n          - @b: A\n          - c: B\n" SCALE)}},
	{"retired statement",
	 "retired-name",
	 "clear_b",
	 {FORM("retired: [clear_b]\n" TOP GRID "        statements:\n          - a: A\n          - @b: B\n" SCALE)}},
	{"grid that is a pair", "key-not-for-type", "once", {FORM(TOP GRID TWO "        pair: @before-after\n" SCALE)}},
	{"grid with a refusal",
	 "key-not-for-type",
	 "in their list",
	 {FORM(TOP GRID TWO "        refusal: @prefer_not\n" SCALE)}},
	{"grid with headings",
	 "bad-list",
	 "- group",
	 {FORM(TOP "      - name: a\n        type: @grid l\n" LABEL TWO
		   "choices:\n  l:\n    - group: g\n      label: G\n    - a: A\n    - b: B\n")}},
	{"statements of a text", "key-not-for-type", "grid", {FORM(TOP Q2 "        statements:\n          @- a: A\n")}},
	{"hole in a statement",
	 "unknown-hole",
	 "{colour}",
	 {FORM(TOP GRID "        statements:\n          - a: \"@The {colour}\"\n          - b: B\n" SCALE)}},
	{"choices of a grid in a variant without maps_to",
	 "maps-to",
	 "\"good\"",
	 {FORM(TOP GRID TWO "choices:\n  scale:\n    - @good: Good\n    - bad: Bad\n      maps_to: bottom\n"),
	  WITH("try/en-x-easy.yaml",
	       EASY "lists:\n  easy:\n    - good: Good\n      maps_to: top\nclear.choices: easy\n")}},
	{"path of a statement that is not there",
	 "unknown-path",
	 "clear.statements.a",
	 {FORM(TOP GRID TWO SCALE), WITH("try/cy.yaml", CY "@clear.statements.aa: Sut\n")}},
	/* Numbers. */
	{"least that is a word", "bad-value", "such as 16", {FORM(TOP WHOLE "        min: @none\n")}},
	{"least with a point", "bad-value", "whole number", {FORM(TOP WHOLE "        min: @0.5\n")}},
	{"most of 16 digits", "bad-value", NULL, {FORM(TOP WHOLE "        max: @1234567890123456\n")}},
	{"most with a comma", "bad-value", "such as 2.5", {FORM(TOP PARTS "        max: \"@2,5\"\n")}},
	{"most with a plus", "bad-value", NULL, {FORM(TOP PARTS "        max: \"@+2\"\n")}},
	{"bounds that cross", "out-of-range", "swap", {FORM(TOP WHOLE "        min: 10\n        max: @9\n")}},
	{"bound that is too fine", "bad-value", "'decimals: 3'", {FORM(TOP PARTS "        min: @0.125\n")}},
	{"no decimals", "out-of-range", "1 to 6", {FORM(TOP PARTS "        decimals: @0\n")}},
	{"too many decimals", "out-of-range", "1 to 6", {FORM(TOP PARTS "        decimals: @7\n")}},
	{"decimals of an integer", "key-not-for-type", "decimal", {FORM(TOP WHOLE "        decimals: @2\n")}},
	{"unit of a text", "key-not-for-type", "integer and decimal", {FORM(TOP Q2 "        unit: @words\n")}},
	{"unit of a date", "key-not-for-type", NULL, {FORM(TOP DAY "        unit: @days\n")}},
	{"min of a text", "key-not-for-type", NULL, {FORM(TOP Q2 "        min: @3\n")}},
	{"max of a grid", "key-not-for-type", NULL, {FORM(TOP GRID TWO "        max: @3\n" SCALE)}},
	{"lines of a number", "key-not-for-type", NULL, {FORM(TOP WHOLE "        appearance: @line\n")}},
	{"unit in Welsh alone",
	 "unknown-path",
	 "English has no",
	 {FORM(TOP WHOLE), WITH("try/cy.yaml", CY "age.unit: @oed\n")}},
	/* Dates. */
	{"day that there is not", "bad-value", "YYYY-MM-DD", {FORM(TOP DAY "        min: @2025-02-29\n")}},
	{"day first", "bad-value", NULL, {FORM(TOP DAY "        max: @31/12/2025\n")}},
	{"today", "bad-value", NULL, {FORM(TOP DAY "        max: @today\n")}},
	{"dates that cross",
	 "out-of-range",
	 "swap",
	 {FORM(TOP DAY "        min: 2026-01-01\n        max: @2025-12-31\n")}},
	/* Refusals. */
	{"refusal without a list", "unknown-list", "refusals", {FORM(TOP WHOLE "        refusal: @prefer_not\n")}},
	{"refusal that is not in the list",
	 "unknown-refusal",
	 "\"prefer_not\"",
	 {FORM(TOP WHOLE "        refusal: @prefer_no\n"
			 "choices:\n" REFUSALS)}},
	{"refusal far from all",
	 "unknown-refusal",
	 "\"prefer_not\"",
	 {FORM(TOP WHOLE "        refusal: @zzz\n"
			 "choices:\n" REFUSALS)}},
	{"refusal that is an answer",
	 "bad-refusal",
	 "refusal: yes",
	 {FORM(TOP WHOLE "        refusal: @a\nchoices:\n  refusals:\n    - a: A\n")}},
	{"refusal in a group",
	 "bad-refusal",
	 "group",
	 {FORM(TOP WHOLE "        refusal: @a\nchoices:\n  refusals:\n    - group: g\n      label: G\n"
			 "    - a: A\n      refusal: yes\n")}},
	{"refusal that is a point",
	 "bad-refusal",
	 "in letters",
	 {FORM(TOP POINTS "        refusal: @5\nchoices:\n  refusals:\n    - 5: A\n      refusal: yes\n")}},
	{"refusal of a select",
	 "key-not-for-type",
	 "in their list",
	 {FORM(TOP Q1 "        refusal: @prefer_not\n" SCALE)}},
	{"refusal of a note",
	 "key-not-for-type",
	 NULL,
	 {FORM(TOP "      - name: a\n        type: note\n" LABEL "        refusal: @prefer_not\n")}},
	{"pair of whole numbers",
	 "key-not-for-type",
	 "two questions",
	 {FORM(TOP WHOLE "        pair: @before-after\n")}},
	{"pair of numbers", "key-not-for-type", "two questions", {FORM(TOP PARTS "        pair: @before-after\n")}},
	{"pair of days", "key-not-for-type", "two questions", {FORM(TOP DAY "        pair: @before-after\n")}},
	{"pair of orders", "key-not-for-type", "two questions", {FORM(TOP RANK "        pair: @before-after\n" SCALE)}},
	{"pair of texts",
	 "key-not-for-type",
	 "two questions",
	 {FORM(TOP "      - name: a\n        type: text\n" LABEL "        pair: @before-after\n")}},
	{"pair of lists of ticks",
	 "key-not-for-type",
	 "two questions",
	 {FORM(TOP "      - name: a\n        type: select_multiple scale\n" LABEL
		   "        pair: @before-after\n" SCALE)}},
	{"refusal of a pair",
	 "key-not-for-type",
	 "two questions",
	 {FORM(TOP WHOLE "        pair: @before-after\n        refusal: prefer_not\n"
			 "choices:\n" REFUSALS)}},
	{"refusal with a long name",
	 "bad-name",
	 "24",
	 {FORM(TOP "      - name: @" LONG24 "y\n        type: text\n" LABEL "        refusal: prefer_not\n"
		   "choices:\n" REFUSALS)}},
	{"refusal that is a question",
	 "duplicate-name",
	 "age_refusal",
	 {FORM(TOP "      - name: @age\n        type: integer\n" LABEL "        refusal: prefer_not\n"
		   "      - name: age_refusal\n        type: text\n" LABEL "choices:\n" REFUSALS)}},
	{"retired refusal",
	 "retired-name",
	 "age_refusal",
	 {FORM("retired: [age_refusal]\n" TOP "      - name: @age\n        type: integer\n" LABEL
	       "        refusal: prefer_not\n"
	       "choices:\n" REFUSALS)}},
	{"refusal of the library that this form's list does not have",
	 "unknown-refusal",
	 "\"prefer_not\"",
	 {FORM(TOP "      - name: a\n        use: scales\nchoices:\n" REFUSALS),
	  WITH("library/scales.yaml", "library: scales\nquestions:\n  - name: x\n    type: integer\n    label: X\n"
				      "    refusal: @dont_know\nchoices:\n  refusals:\n    - dont_know: D\n"
				      "      refusal: yes\n")}},
	{"bound of the library",
	 "bad-value",
	 NULL,
	 {FORM(TOP "      - name: a\n        use: scales\n"),
	  WITH("library/scales.yaml",
	       "library: scales\nquestions:\n  - name: x\n    type: integer\n    label: X\n    min: @x\n")}},
	{"statement of the library",
	 "bad-name",
	 "statement",
	 {FORM(TOP Q1 "      - name: a\n        use: scales\n" SCALE),
	  WITH("library/scales.yaml", "library: scales\nquestions:\n  - name: x\n    type: grid y\n    label: X\n"
				      "    statements:\n      - a: A\n      - @B: B\nchoices:\n  y:\n    - a: A\n")}},
	/* Names and numbers of answers. */
	{"renamed to a grid, and still asked",
	 "duplicate-name",
	 "was",
	 {FORM(TOP Q1 GRID TWO "        was: @how\n" SCALE)}},
	/* Expressions. */
	{"number compared with a text", "bad-expression", "without them", {FORM(TOP WHOLE Q2 IF("${age} = @'16'"))}},
	{"number that has no such point", "bad-expression", "no point 11", {FORM(TOP POINTS Q2 IF("${score} = @11"))}},
	{"date that there is not", "bad-expression", "year first", {FORM(TOP DAY Q2 IF("${born} > @'2010-13-01'"))}},
	{"list of a rank", "bad-expression", "selected(", {FORM(TOP RANK Q2 IF("@${order} = 'good'") SCALE)}},
	{"grid without its statement",
	 "unknown-question",
	 "${clear_a}",
	 {FORM(TOP GRID TWO Q2 IF("@${clear} = 'good'") SCALE)}},
	{"choice that the grid does not have",
	 "bad-expression",
	 "'goood'",
	 {FORM(TOP GRID TWO Q2 IF("${clear_a} = @'goood'") SCALE)}},
	{"refusal that is not offered",
	 "bad-expression",
	 "'dont_know'",
	 {FORM(TOP WHOLE
	       "        refusal: prefer_not\n" Q2 IF("${age_refusal} = @'dont_know'") "choices:\n" REFUSALS)}},
	{"refusal of a question without one",
	 "unknown-question",
	 NULL,
	 {FORM(TOP WHOLE Q2 IF("@${age_refusal} = 'prefer_not'"))}},
	{"date as a condition", "bad-expression", "${born} <", {FORM(TOP DAY Q2 IF("@${born}"))}},
	{"itself as a text",
	 "bad-expression",
	 ". is a number",
	 {FORM(TOP WHOLE "        constraint: \"string-length(@.) > 1\"\n        constraint_message: M\n")}},
	/* Crosstabs. */
	{"crosstab of a number",
	 "bad-crosstab",
	 "no choices",
	 {FORM(TOP Q1 WHOLE "    crosstabs:\n      - @[age, how]\n" SCALE)}},
	{"crosstab of a refusal",
	 "bad-crosstab",
	 "did not answer",
	 {FORM(TOP Q1 WHOLE
	       "        refusal: prefer_not\n    crosstabs:\n      - @[how, age_refusal]\n" SCALE REFUSALS)}},
	{"crosstab of an unknown statement",
	 "unknown-question",
	 "clear_",
	 {FORM(TOP Q1 GRID TWO "    crosstabs:\n      - @[how, clear_c]\n" SCALE)}},
};

static void test_broken_types(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		run_row(&rows[i]);
}

/* Loads what the rows are made of. */
static enum err load(const char *text, struct arena *arena, struct problems *problems, struct form **form)
{
	struct folder folder = folder_make();
	folder_write(&folder, "form.yaml", text);
	arena_init(arena, CEILING);
	problems_init(problems, arena);
	enum err error = form_load(folder.path, NULL, arena, form, problems);
	folder_remove(&folder);
	return error;
}

static void test_the_pieces_are_right(void **state)
{
	(void) state;
	static const char *const texts[] = {
		TOP RANK POINTS GRID TWO WHOLE PARTS DAY Q2 SCALE,
		TOP POINTS "        from: -10\n        to: 10\n        label_low: A\n        label_high: B\n",
		TOP POINTS
		"        from: 80\n        to: 100\n        pair: before-after\n        refusal: prefer_not\n"
		"choices:\n" REFUSALS,
		TOP WHOLE "        min: -999999999999999\n        max: 999999999999999\n        refusal: prefer_not\n"
			  "choices:\n" REFUSALS,
		TOP WHOLE "        min: 5\n        max: 5\n",
		TOP PARTS "        min: -0.10\n        max: 0.000001\n        decimals: 6\n        unit: hours\n",
		TOP DAY "        min: 2024-02-29\n        max: 2024-02-29\n",
		TOP DAY "        min: 1000-01-01\n        max: 9999-12-31\n",
		/* Names of 32 signs. */
		TOP "      - name: " LONG24 "\n        type: text\n" LABEL
		    "        refusal: prefer_not\nchoices:\n" REFUSALS,
		TOP "      - name: " LONG24 "\n        type: grid scale\n" LABEL
		    "        statements:\n          - 1234567: A\n          - b: B\n" SCALE,
		/* '' and expressions of every kind. */
		TOP POINTS WHOLE "        refusal: prefer_not\n" DAY RANK GRID TWO Q2 IF(
			"${score} >= 3 or ${age} = '' or ${age_refusal} = 'prefer_not' or ${born} < '2010-09-01' or "
			"selected(${order}, 'good') or count-selected(${order}) = 2 or ${clear_b} != 'bad'")
			SCALE REFUSALS,
		TOP Q1 POINTS GRID TWO RANK
		"    crosstabs: [[score, how], [clear, how], [clear_a, score], [how, order]]\n" SCALE,
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct form *form = NULL;
		enum err error = load(texts[i], &arena, &problems, &form);
		problems_print(&problems, stderr);
		assert_int_equal(error, ERR_OK);
		assert_int_equal(problems.count, 0);
	}
}

/* 20 statements each: 50 grids may be in a form, and 51 may not. */
static void test_number_of_fields(void **state)
{
	(void) state;
	for (unsigned grids = 50; grids <= 51; grids++) {
		enum { ROOM = 64 * 1024 };
		char *text = malloc(ROOM);
		assert_non_null(text);
		size_t length = (size_t) snprintf(text, ROOM, "%s", TOP);
		for (unsigned g = 0; g < grids; g++) {
			length += (size_t) snprintf(
				text + length, ROOM - length,
				"      - name: g%u\n        type: grid scale\n" LABEL "        statements:\n", g);
			for (unsigned s = 0; s < FORM_STATEMENTS_MAX; s++)
				length += (size_t) snprintf(text + length, ROOM - length, "          - s%u: S\n", s);
		}
		snprintf(text + length, ROOM - length, "%s", SCALE);
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct form *form = NULL;
		enum err error = load(text, &arena, &problems, &form);
		free(text);
		assert_int_equal(error, grids == 50 ? ERR_OK : ERR_INVALID);
		assert_int_equal(folder_problem(&problems, "too-many") == NULL, grids == 50);
		if (form != NULL)
			assert_int_equal(form->fields_count, FORM_FIELDS_MAX);
	}
}

/* 100 ticks each: 11 such questions can be sent with one request, and 12 cannot. */
static void test_number_sent(void **state)
{
	(void) state;
	for (unsigned lists = 11; lists <= 12; lists++) {
		enum { ROOM = 16 * 1024 };
		char *text = malloc(ROOM);
		assert_non_null(text);
		size_t length = (size_t) snprintf(text, ROOM, "%s", TOP);
		for (unsigned m = 0; m < lists; m++)
			length += (size_t) snprintf(text + length, ROOM - length,
						    "      - name: m%u\n        type: select_multiple many\n" LABEL, m);
		length += (size_t) snprintf(text + length, ROOM - length, "choices:\n  many:\n");
		for (unsigned c = 0; c < FORM_CHOICES_MAX; c++)
			length += (size_t) snprintf(text + length, ROOM - length, "    - c%u: C%u\n", c, c);
		CLEANUP_ARENA struct arena arena;
		struct problems problems;
		struct form *form = NULL;
		enum err error = load(text, &arena, &problems, &form);
		free(text);
		assert_int_equal(error, lists == 11 ? ERR_OK : ERR_INVALID);
		assert_int_equal(folder_problem(&problems, "too-many") == NULL, lists == 11);
	}
}

/* A form's own list of refusals stands before the library's, also for what it takes from the library. */
static void test_own_refusals(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	folder_subfolder(&folder, "try");
	folder_subfolder(&folder, "library");
	folder_write(&folder, "try/form.yaml",
		     TOP "      - name: a\n        use: ages/age\n" WHOLE
			 "        refusal: prefer_not\nchoices:\n" REFUSALS);
	folder_write(&folder, "library/ages.yaml",
		     "library: ages\nquestions:\n  - name: age\n    type: integer\n    label: L\n"
		     "    refusal: prefer_not\n");
	folder_write(&folder, "library/refusals.yaml",
		     "library: refusals\nchoices:\n  refusals:\n    - prefer_not: Library\n      refusal: yes\n");
	char try[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	enum err error = form_load(folder_path(&folder, "try", try), folder_path(&folder, "library", library), &arena,
				   &form, &problems);
	problems_print(&problems, stderr);
	folder_remove(&folder);
	assert_int_equal(error, ERR_OK);
	assert_int_equal(problems.count, 0);
	assert_int_equal(form->lists_count, 1);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(form->pages[0].questions[i].refusal->choices[0].label.of[0], "No");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_types),     cmocka_unit_test(test_the_pieces_are_right),
		cmocka_unit_test(test_number_of_fields), cmocka_unit_test(test_number_sent),
		cmocka_unit_test(test_own_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
