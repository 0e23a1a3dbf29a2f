/* SPDX-License-Identifier: MIT */
/* form_broken_test.c: broken forms, each with the rule, the file and the line that the person is told.
 *
 * Every row is a whole folder; '@' marks the place. A row must give that problem, and be ERR_INVALID for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/form/form_broken.h"

static const struct row rows[] = {
	/* The head. */
	{"unknown key",
	 "unknown-key",
	 "\"title\"",
	 {FORM("form: trial\n@tilte: Try\ntitle: T\npages:\n" PAGE Q1 SCALE)}},
	{"unknown key far from all", "unknown-key", "programmes", {FORM("@zebra: x\n" RIGHT)}},
	{"no name", "missing-key", "form: NAME", {FORM("@title: Try\npages:\n" PAGE Q1 SCALE)}},
	{"name of a language", "bad-name", "language tag", {FORM("form: @cy\ntitle: T\npages:\n" PAGE Q1 SCALE)}},
	{"name with capitals", "bad-name", NULL, {FORM("form: @Try\ntitle: T\npages:\n" PAGE Q1 SCALE)}},
	{"name of 33 signs",
	 "bad-name",
	 NULL,
	 {FORM("form: @abcdefghijklmnopqrstuvwxyz-abcdef\ntitle: T\npages:\n" PAGE Q1 SCALE)}},
	{"no title", "missing-title", "title: ...", {FORM("@form: trial\npages:\n" PAGE Q1 SCALE)}},
	{"empty title", "empty-value", NULL, {FORM("form: trial\ntitle: @''\npages:\n" PAGE Q1 SCALE)}},
	{"title is a list", "wrong-kind", NULL, {FORM("form: trial\ntitle:\n  @- T\npages:\n" PAGE Q1 SCALE)}},
	{"keep in years", "bad-keep", "120 months", {FORM("privacy:\n  keep: @2 years\n" RIGHT)}},
	{"keep without a number", "bad-keep", NULL, {FORM("privacy:\n  keep: @months\n" RIGHT)}},
	{"keep for ever", "bad-keep", "120 months", {FORM("privacy:\n  keep: @121 months\n" RIGHT)}},
	{"low threshold", "out-of-range", "5 to 100", {FORM("privacy:\n  threshold: @4\n" RIGHT)}},
	{"unknown privacy key", "unknown-key", "keep", {FORM("privacy:\n  @kep: 3 months\n" RIGHT)}},
	{"unknown safety", "bad-value", "exit-page", {FORM("safety: @exit\n" RIGHT)}},
	{"bad programme", "bad-name", NULL, {FORM("programmes: @[Panel]\n" RIGHT)}},
	{"no pages", "missing-key", "pages", {FORM("@form: trial\ntitle: T\n")}},
	{"pages is a text", "wrong-kind", NULL, {FORM("form: trial\ntitle: T\npages: @none\n")}},
	/* Pages. */
	{"page without a name", "missing-key", NULL, {FORM(HEAD "  - @title: P\n    questions:\n" Q2)}},
	{"page without a title", "missing-title", NULL, {FORM(HEAD "  - @page: one\n    questions:\n" Q2)}},
	{"page without questions", "empty-page", NULL, {FORM(HEAD "  - @page: one\n    title: One\n")}},
	{"bad page name", "bad-name", NULL, {FORM(HEAD "  - page: @One\n    title: One\n    questions:\n" Q2)}},
	{"two pages of one name",
	 "duplicate-name",
	 "a page",
	 {FORM(TOP Q2 "  - page: @one\n    title: Two\n    questions:\n      - name: b\n        type: text\n"
		      "        label: B\n")}},
	{"page and question of one name",
	 "duplicate-name",
	 "a page",
	 {FORM(TOP "      - name: @one\n        type: text\n        label: B\n")}},
	{"unknown page key",
	 "unknown-key",
	 "intro",
	 {FORM(HEAD "  - page: one\n    title: T\n    @into: x\n"
		    "    questions:\n" Q2)}},
	{"apart is not yes or no",
	 "bad-value",
	 "no or yes",
	 {FORM(HEAD "  - page: one\n    title: T\n    apart: @true\n    questions:\n" Q2)}},
	{"ask without use", "needs-key", NULL, {FORM(TOP Q2 "    ask: @[age]\n")}},
	{"page called choices",
	 "reserved-name",
	 NULL,
	 {FORM(HEAD "  - page: @choices\n    title: T\n    questions:\n" Q2)}},
	/* Questions. */
	{"no English label", "missing-label", "how", {FORM(TOP "      - @name: how\n        type: text\n")}},
	{"no question name", "missing-key", "name", {FORM(TOP "      - @type: text\n        label: L\n")}},
	{"no type", "missing-key", "type", {FORM(TOP "      - @name: how\n        label: L\n")}},
	{"unknown type",
	 "unknown-type",
	 "\"text\"",
	 {FORM(TOP "      - name: a\n        type: @txet\n        label: L\n")}},
	{"type far from all",
	 "unknown-type",
	 "select_one LIST",
	 {FORM(TOP "      - name: a\n        type: @zzzzzzzzz\n"
		   "        label: L\n")}},
	{"unknown list",
	 "unknown-list",
	 "\"scale\"",
	 {FORM(TOP "      - name: a\n        type: @select_one scael\n"
		   "        label: L\n" Q1 SCALE)}},
	{"select without a list",
	 "missing-list",
	 NULL,
	 {FORM(TOP "      - name: a\n        type: @select_one\n        label: L\n")}},
	{"text with a list",
	 "bad-value",
	 NULL,
	 {FORM(TOP "      - name: a\n        type: @text scale\n        label: L\n" Q1 SCALE)}},
	{"unknown question key", "unknown-key", "\"hint\"", {FORM(TOP Q1 "        @hnit: x\n" SCALE)}},
	{"bad question name",
	 "bad-name",
	 NULL,
	 {FORM(TOP "      - name: @how-much\n        type: text\n        label: L\n")}},
	{"question name of 33 signs",
	 "bad-name",
	 NULL,
	 {FORM(TOP "      - name: @abcdefghijklmnopqrstuvwxyz_abcdef\n        type: text\n        label: L\n")}},
	{"question name that begins with a digit",
	 "bad-name",
	 NULL,
	 {FORM(TOP "      - name: @1st\n        type: text\n        label: L\n")}},
	{"two questions of one name",
	 "duplicate-name",
	 "page \"one\"",
	 {FORM(TOP Q1 Q2 "      - name: @how\n        type: text\n        label: L\n" SCALE)}},
	{"two questions of one name on two pages",
	 "duplicate-name",
	 NULL,
	 {FORM(TOP Q1 APART "      - name: @how\n        type: text\n        label: L\n" SCALE)}},
	{"half of a pair is a question",
	 "duplicate-name",
	 "how_now",
	 {FORM(TOP "      - name: @how\n        type: select_one scale\n        label: L\n        pair: before-after\n"
		   "      - name: how_now\n        type: text\n        label: L\n" SCALE)}},
	{"pair with a long name",
	 "bad-name",
	 "25",
	 {FORM(TOP "      - name: @abcdefghijklmnopqrstuvwxyz\n        type: select_one scale\n        label: L\n"
		   "        pair: before-after\n" SCALE)}},
	{"retired name",
	 "retired-name",
	 NULL,
	 {FORM("retired: [how]\n" TOP "      - name: @how\n        type: text\n        label: L\n")}},
	{"retired half of a pair",
	 "retired-name",
	 "how_before",
	 {FORM("retired: [how_before]\n" TOP "      - name: @how\n        type: select_one scale\n        label: L\n"
	       "        pair: before-after\n" SCALE)}},
	{"was is still asked",
	 "duplicate-name",
	 "was",
	 {FORM(TOP Q1 "      - name: b\n        type: text\n        label: L\n        was: @how\n" SCALE)}},
	{"two questions were one",
	 "duplicate-name",
	 "both",
	 {FORM(TOP "      - name: a\n        type: text\n        label: L\n        was: @old\n"
		   "      - name: b\n        type: text\n        label: L\n        was: old\n")}},
	{"pair that is not before-after", "bad-value", "before-after", {FORM(TOP Q1 "        pair: @yes\n" SCALE)}},
	{"max too high", "out-of-range", "10000", {FORM(TOP Q2 "        max: @10001\n")}},
	{"max is zero", "out-of-range", NULL, {FORM(TOP Q2 "        max: @0\n")}},
	{"max of a select", "key-not-for-type", NULL, {FORM(TOP Q1 "        max: @10\n" SCALE)}},
	{"line of a select", "key-not-for-type", NULL, {FORM(TOP Q1 "        appearance: @line\n" SCALE)}},
	{"faces of a text", "key-not-for-type", NULL, {FORM(TOP Q2 "        appearance: @faces\n")}},
	{"unknown appearance", "bad-value", "multiline", {FORM(TOP Q2 "        appearance: @big\n")}},
	{"faces without faces",
	 "missing-face",
	 "good",
	 {FORM(TOP Q1 "        appearance: faces\nchoices:\n  scale:\n"
		      "    - @good: Good\n    - bad: Bad\n      face: 5\n")}},
	{"required note",
	 "key-not-for-type",
	 NULL,
	 {FORM(TOP "      - name: a\n        type: note\n        label: L\n"
		   "        required: @yes\n")}},
	{"label_now without a pair", "key-not-for-type", NULL, {FORM(TOP Q1 "        label_now: @x\n" SCALE)}},
	{"required_message alone", "key-not-for-type", NULL, {FORM(TOP Q2 "        required_message: @x\n")}},
	{"group in two places",
	 "split-group",
	 NULL,
	 {FORM(TOP Q1 "        group: g\n" Q2 "      - name: c\n        type: text\n        label: L\n"
		      "        group: @g\n" SCALE)}},
	{"hole that no page fills",
	 "unknown-hole",
	 "{colour}",
	 {FORM(TOP "      - name: a\n        type: text\n        label: @What of {colour} and {event}?\n")}},
	/* Expressions. */
	{"relevant without words",
	 "missing-relevant-when",
	 NULL,
	 {FORM(TOP Q1 Q2 "        relevant: @${how} = 'bad'\n" SCALE)}},
	{"words without relevant", "key-not-for-type", NULL, {FORM(TOP Q2 "        relevant_when: @If so\n")}},
	{"constraint without words",
	 "missing-constraint-message",
	 NULL,
	 {FORM(TOP Q2 "        constraint: @string-length(.) > 3\n")}},
	{"unknown question",
	 "unknown-question",
	 "how",
	 {FORM(TOP Q1 Q2 "        relevant: \"@${hwo} = 'bad'\"\n        relevant_when: If\n" SCALE)}},
	{"unknown choice",
	 "bad-expression",
	 NULL,
	 {FORM(TOP Q1 Q2 "        relevant: \"@${how} = 'badd'\"\n        relevant_when: If\n" SCALE)}},
	{"broken expression",
	 "bad-expression",
	 NULL,
	 {FORM(TOP Q1 Q2 "        relevant: \"@${how} = \"\n        relevant_when: If\n" SCALE)}},
	{"text where truth should be",
	 "bad-expression",
	 NULL,
	 {FORM(TOP Q1 Q2 "        relevant: \"@${how}\"\n        relevant_when: If\n" SCALE)}},
	{"dot in relevant",
	 "bad-expression",
	 NULL,
	 {FORM(TOP Q1 Q2 "        relevant: \"@. = 'x'\"\n        relevant_when: If\n" SCALE)}},
	{"later question",
	 "later-question",
	 "words",
	 {FORM(TOP Q1 "        relevant: \"@${words} = ''\"\n        relevant_when: If\n" Q2 SCALE)}},
	{"question depends on itself",
	 "later-question",
	 NULL,
	 {FORM(TOP Q1 "        relevant: \"@${how} = ''\"\n        relevant_when: If\n" SCALE)}},
	{"depends on an apart answer",
	 "apart",
	 NULL,
	 {FORM(HEAD APART AGE PAGE Q2 "        relevant: \"@${age} = 'good'\"\n        relevant_when: If\n" SCALE)}},
	{"constraint on an apart answer",
	 "apart",
	 NULL,
	 {FORM(HEAD APART AGE PAGE Q2
	       "        constraint: \"@. = '' or ${age} = 'good'\"\n        constraint_message: No\n" SCALE)}},
	{"pair without its half",
	 "unknown-question",
	 "how_now",
	 {FORM(TOP Q1 "        pair: before-after\n" Q2
		      "        relevant: \"@${how} = 'bad'\"\n        relevant_when: If\n" SCALE)}},
	/* Choices. */
	{"choice without a label",
	 "empty-value",
	 NULL,
	 {FORM(TOP Q1 "choices:\n  scale:\n    - good: Good\n    - bad:@\n")}},
	{"choice that is a text", "wrong-kind", "- code: Label", {FORM(TOP Q1 "choices:\n  scale:\n    - @good\n")}},
	{"list without choices", "wrong-kind", NULL, {FORM(TOP Q2 "choices:\n  scale:@\n")}},
	{"bad choice name", "bad-name", NULL, {FORM(TOP Q1 "choices:\n  scale:\n    - @Good: Good\n")}},
	{"two choices of one name",
	 "duplicate-name",
	 NULL,
	 {FORM(TOP Q1 "choices:\n  scale:\n    - a: A\n    - @a: B\n")}},
	{"key of a choice first",
	 "reserved-name",
	 NULL,
	 {FORM(TOP Q1 "choices:\n  scale:\n    - @exclusive: yes\n      a: A\n")}},
	{"unknown choice key",
	 "unknown-key",
	 "maps_to",
	 {FORM(TOP Q1 "choices:\n  scale:\n    - a: A\n      @map_to: top\n")}},
	{"unknown maps_to",
	 "bad-value",
	 "middle",
	 {FORM(TOP Q1 "choices:\n  scale:\n    - a: A\n      maps_to: @high\n")}},
	{"face out of range",
	 "out-of-range",
	 "1 to 5",
	 {FORM(TOP Q1 "choices:\n  scale:\n    - a: A\n      face: @6\n")}},
	{"picture with a folder",
	 "bad-name",
	 NULL,
	 {FORM(TOP Q1 "choices:\n  scale:\n    - @a: A\n      picture: ../a.svg\n")}},
	{"group without a label",
	 "missing-label",
	 NULL,
	 {FORM(TOP Q1 "choices:\n  @scale:\n    - group: g\n    - a: A\n")}},
	{"unknown group", "unknown-group", NULL, {FORM(TOP Q1 "choices:\n  scale:\n    - @a: A\n      group: g\n")}},
	{"group in two places in a list",
	 "split-group",
	 NULL,
	 {FORM(TOP Q1 "choices:\n  scale:\n    - group: g\n      label: G\n    - a: A\n    - group: none\n    - b: B\n"
		      "    - @c: C\n      group: g\n")}},
	{"bad list name",
	 "bad-name",
	 NULL,
	 {FORM(TOP "      - name: a\n        type: select_one Scale\n        label: L\n"
		   "choices:\n  @Scale:\n    - a: A\n")}},
	{"mistake in a list that nobody uses", "bad-name", NULL, {FORM(RIGHT "  other:\n    - @A: A\n")}},
	/* Crosstabs. */
	{"unknown crosstab",
	 "unknown-question",
	 "\"how\"",
	 {FORM(TOP Q1 "    crosstabs:\n      - @[hwo, how]\n" SCALE)}},
	{"crosstab of three", "bad-crosstab", NULL, {FORM(TOP Q1 "    crosstabs: [@[how, how, how]]\n" SCALE)}},
	{"crosstab with itself", "bad-crosstab", NULL, {FORM(TOP Q1 "    crosstabs: [@[how, how]]\n" SCALE)}},
	{"crosstab of a text", "bad-crosstab", "words", {FORM(TOP Q1 Q2 "    crosstabs: [@[how, words]]\n" SCALE)}},
	/* The library. */
	{"unknown library",
	 "unknown-library",
	 "\"scales\"",
	 {FORM(TOP "      - name: a\n        use: @scale/x\n        label: L\n"),
	  WITH("library/scales.yaml",
	       "library: scales\nquestions:\n      - name: x\n        type: text\n        label: X\n")}},
	{"question not in the library",
	 "unknown-question",
	 "\"mood\"",
	 {FORM(TOP "      - name: a\n        use: @scales/moo\n"),
	  WITH("library/scales.yaml", "library: scales\nquestions:\n  - name: mood\n    type: text\n    label: X\n")}},
	{"page asks what the library does not have",
	 "unknown-question",
	 "\"mood\"",
	 {FORM(HEAD "  - page: p\n    title: P\n    use: scales\n    ask: [@moood]\n"),
	  WITH("library/scales.yaml", "library: scales\nquestions:\n  - name: mood\n    type: text\n    label: X\n")}},
	{"page uses an unknown library",
	 "unknown-library",
	 NULL,
	 {FORM(HEAD "  - page: p\n    title: P\n    use: @nowhere\n")}},
	{"library of several questions",
	 "unknown-question",
	 "use: scales/QUESTION",
	 {FORM(TOP "      - name: a\n        use: @library/scales\n"),
	  WITH("library/scales.yaml",
	       "library: scales\nquestions:\n  - name: a\n    type: text\n    label: X\n  - name: b\n"
	       "    type: text\n    label: X\n")}},
	{"library with another name",
	 "bad-name",
	 "scales.yaml",
	 {FORM(TOP "      - name: a\n        use: scales\n"),
	  WITH("library/scales.yaml", "library: @scale\nquestions:\n  - name: a\n    type: text\n    label: X\n")}},
	{"library that uses a library",
	 "library-use",
	 NULL,
	 {FORM(TOP "      - name: a\n        use: scales\n"),
	  WITH("library/scales.yaml",
	       "library: scales\nquestions:\n  - @name: a\n    use: other\n    type: text\n    label: X\n")}},
	{"expression of the library that does not fit here",
	 "unknown-question",
	 NULL,
	 {FORM(TOP "      - name: a\n        use: scales\n"),
	  WITH("library/scales.yaml", "library: scales\nquestions:\n  - name: a\n    type: text\n    label: X\n"
				      "    relevant: @${gone} = ''\n    relevant_when: If\n")}},
	{"broken library",
	 "syntax",
	 NULL,
	 {FORM(TOP "      - name: a\n        use: scales\n"),
	  WITH("library/scales.yaml", "library: scales\nquestions: x@: y\n")}},
	{"two lists of one name",
	 "duplicate-name",
	 "two lists",
	 {FORM(TOP Q1 "      - name: a\n        use: scales\nchoices:\n  scale:\n    - a: A\n"),
	  WITH("library/scales.yaml",
	       "library: scales\nquestions:\n  - name: a\n    type: select_one scale\n    label: X\n"
	       "choices:\n  @scale:\n    - a: A\n")}},
	/* Translations. */
	{"path that names nothing",
	 "unknown-path",
	 "\"how.label\"",
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "@hwo.label: Sut\n")}},
	{"text that English does not have",
	 "unknown-path",
	 "English has no",
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "how.hint: @Sut\n")}},
	{"choice that is not there",
	 "unknown-path",
	 NULL,
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "@choices.scale.god: Da\n")}},
	{"same that names nothing",
	 "unknown-path",
	 NULL,
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "same:\n  @- hwo.label\n")}},
	{"language of another file",
	 "wrong-language",
	 NULL,
	 {FORM(RIGHT), WITH("try/cy.yaml", "language: @ar\nstatus: draft\n")}},
	{"translation without a language",
	 "missing-key",
	 "language: cy",
	 {FORM(RIGHT), WITH("try/cy.yaml", "@status: draft\n")}},
	{"translation without a status",
	 "missing-key",
	 "status",
	 {FORM(RIGHT), WITH("try/cy.yaml", "@language: cy\n")}},
	{"unknown status", "bad-value", NULL, {FORM(RIGHT), WITH("try/cy.yaml", "language: cy\nstatus: @done\n")}},
	{"entry without words",
	 "missing-key",
	 "text: ...",
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "how.label:\n  @of: 000000\n")}},
	{"hash that is none",
	 "bad-hash",
	 NULL,
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "how.label:\n  text: Sut\n  of: @12345\n")}},
	{"unknown key in an entry",
	 "unknown-key",
	 "\"text\"",
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "how.label:\n  text: Sut\n  @txt: Sut\n")}},
	{"language that omits", "variant-only", NULL, {FORM(RIGHT), WITH("try/cy.yaml", CY "@omit: [how]\n")}},
	{"language with other choices",
	 "variant-only",
	 NULL,
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "@how.choices: scale\n")}},
	{"hole in a translation",
	 "unknown-hole",
	 NULL,
	 {FORM(RIGHT), WITH("try/cy.yaml", CY "title: @Am {digwyddiad}\n")}},
	{"broken YAML in a translation", "syntax", NULL, {FORM(RIGHT), WITH("try/cy.yaml", CY "title: a@: b\n")}},
	/* Variants. */
	{"omits what is not there",
	 "unknown-question",
	 "\"how\"",
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "omit: [@hwo]\n")}},
	{"choices of an unknown list",
	 "unknown-list",
	 NULL,
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "how.choices: @scael\n")}},
	{"choices of an unknown question",
	 "unknown-question",
	 NULL,
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "hwo.choices: @scale\n")}},
	{"choices for a text",
	 "key-not-for-type",
	 NULL,
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "words.choices: @scale\n")}},
	{"plain question that is no pair",
	 "key-not-for-type",
	 NULL,
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "how.ask: @plain\n")}},
	{"ask is not plain",
	 "bad-value",
	 "plain",
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "how.ask: @simple\n")}},
	{"own choice without maps_to",
	 "maps-to",
	 "\"ok\"",
	 {FORM(TOP Q1 MAPPED),
	  WITH("try/en-x-easy.yaml",
	       EASY "lists:\n  easy:\n    - good: Good\n      maps_to: top\n    - @ok: OK\nhow.choices: easy\n")}},
	{"choice of the form without maps_to",
	 "maps-to",
	 "\"good\"",
	 {FORM(TOP Q1 "choices:\n  scale:\n    - @good: Good\n    - bad: Bad\n      maps_to: bottom\n"),
	  WITH("try/en-x-easy.yaml",
	       EASY "lists:\n  easy:\n    - good: Good\n      maps_to: top\nhow.choices: easy\n")}},
	{"lists of a Welsh variant",
	 "lists-in-english",
	 "en-x-easy.yaml",
	 {FORM(RIGHT),
	  WITH("try/cy-x-easy.yaml", "language: cy-x-easy\nstatus: draft\nlists:\n  @easy:\n    - da: Da\n")}},
	{"picture of an unknown choice",
	 "unknown-path",
	 NULL,
	 {FORM(RIGHT), WITH("try/en-x-easy.yaml", EASY "choices.scale.god.picture: @good.svg\n")}},
	/* Files. */
	{"English beside form.yaml", "unknown-file", "form.yaml", {FORM(RIGHT), WITH("try/en.yaml", "language: en\n")}},
	{"file that is no language", "unknown-file", NULL, {FORM(RIGHT), WITH("try/welsh.yaml", "language: cy\n")}},
	{"tag in capitals", "unknown-file", NULL, {FORM(RIGHT), WITH("try/CY.yaml", "language: cy\n")}},
	{"yml", "unknown-file", ".yaml", {FORM(RIGHT), WITH("try/cy.yml", "language: cy\n")}},
	{"sign language", "not-yet", NULL, {FORM(RIGHT), WITH("try/bsl.yaml", "language: bsl\n")}},
	{"broken YAML", "syntax", NULL, {FORM("form: trial\ntitle: One@: two\n")}},
	{"tab", "tab", NULL, {FORM("form: trial\ntitle:@\tOne\n")}},
	{"duplicate key",
	 "duplicate-key",
	 NULL,
	 {FORM("form: trial\ntitle: One\n@title: Two\n"
	       "pages:\n" PAGE Q2)}},
};

static void test_broken_forms(void **state)
{
	(void) state;
	assert_true(COUNT_OF(rows) >= 40);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		run_row(&rows[i]);
}

/* The row above is broken by one thing only: without it the form is right. */
static void test_the_pieces_are_right(void **state)
{
	(void) state;
	static const struct file right = {"try/form.yaml", RIGHT};
	struct folder folder = folder_make();
	folder_subfolder(&folder, "try");
	folder_write(&folder, right.name, right.text);
	char try[FOLDER_PATH_MAX];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	enum err error = form_load(folder_path(&folder, "try", try), NULL, &arena, &form, &problems);
	folder_remove(&folder);
	assert_int_equal(error, ERR_OK);
	assert_int_equal(problems.count, 0);
}

static void test_no_folder_and_no_english(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	folder_subfolder(&folder, "try");
	folder_write(&folder, "try/cy.yaml", CY);
	char path[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	assert_int_equal(form_load(folder_path(&folder, "try", path), NULL, &arena, &form, &problems), ERR_NOT_FOUND);
	folder_expect(&problems, "no English", "missing-english", folder_path(&folder, "try/form.yaml", file), 0,
		      "English");
	problems_init(&problems, &arena);
	assert_int_equal(form_load(folder_path(&folder, "no", path), NULL, &arena, &form, &problems), ERR_NOT_FOUND);
	folder_expect(&problems, "no folder", "missing-folder", path, 0, NULL);
	folder_remove(&folder);
}

static void test_several_mistakes_are_told_at_once(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	folder_subfolder(&folder, "try");
	folder_write(&folder, "try/form.yaml",
		     "form: trial\nzebra: 1\npages:\n" PAGE "      - name: A\n        type: txt\n" Q2
		     "        max: x\n");
	folder_write(&folder, "try/cy.yaml", CY "zebra: x\n");
	char path[FOLDER_PATH_MAX];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CEILING);
	struct problems problems;
	problems_init(&problems, &arena);
	struct form *form = NULL;
	assert_int_equal(form_load(folder_path(&folder, "try", path), NULL, &arena, &form, &problems), ERR_INVALID);
	folder_remove(&folder);
	static const char *const told[] = {"unknown-key", "unknown-type", "out-of-range", "unknown-path",
					   "missing-title"};
	for (size_t i = 0; i < COUNT_OF(told); i++)
		assert_non_null(folder_problem(&problems, told[i]));
	/* What is wrong stands before what is merely missing. */
	bool is_finding = false;
	for (size_t i = 0; i < problems.count; i++) {
		assert_true(form_load_is_finding(&problems.list[i]) || !is_finding);
		is_finding = form_load_is_finding(&problems.list[i]);
	}
	assert_true(is_finding);
}

static void test_column_of_an_expression(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
	} texts[] = {
		{"plain", TOP Q1 Q2 "        relevant: ${how} = '' or @${hwo} = ''\n        relevant_when: If\n" SCALE},
		{"quoted",
		 TOP Q1 Q2 "        relevant: \"${how} = '' or @${hwo} = ''\"\n        relevant_when: If\n" SCALE},
		{"behind Welsh",
		 TOP Q2 "        constraint: \". = 'ŵŵ' or @${hwo} = ''\"\n        constraint_message: M\n"},
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct folder folder = folder_make();
		folder_write(&folder, "form.yaml", texts[i].text);
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, CEILING);
		struct problems problems;
		problems_init(&problems, &arena);
		struct form *form = NULL;
		assert_int_equal(form_load(folder.path, NULL, &arena, &form, &problems), ERR_INVALID);
		folder_remove(&folder);
		unsigned column, line = folder_marked_line(texts[i].text, &column);
		const struct problem *problem = folder_problem(&problems, "unknown-question");
		assert_non_null(problem);
		if (problem->line != line || problem->column != column)
			fail_msg("%s: told at %u:%u, not %u:%u", texts[i].name, problem->line, problem->column, line,
				 column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_forms),
		cmocka_unit_test(test_the_pieces_are_right),
		cmocka_unit_test(test_no_folder_and_no_english),
		cmocka_unit_test(test_several_mistakes_are_told_at_once),
		cmocka_unit_test(test_column_of_an_expression),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
