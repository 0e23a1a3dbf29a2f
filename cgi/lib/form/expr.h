/* SPDX-License-Identifier: MIT */
/* expr.h: the expression subset of XLSForm that relevant: and constraint: are written in.
 *
 * ${q}, ., = != < <= > >=, and or not(), selected(list, 'c'), count-selected(list), string-length(s), regex(s, 'p') (a
 * subset without backreferences, linear time), if(c, a, b), coalesce(a, b), numbers, 'strings', "strings", true(),
 * false(), parentheses. Pure: always ends, no side effect. Limits: 2,000 bytes, 32 levels, 500 nodes.
 *
 * As in ODK, regex() is true when the pattern matches the whole text; expr_regex.h has its subset, which means the same
 * in RegExp('^(?:' + p + ')$', 'u'). selected() takes a STRING field too (select_one): its text is that choice.
 *
 * An unanswered question is the empty string, or an empty list: ${q} = '' is how a form asks whether it was left out.
 * A number or a date that was left out is none: it equals '' and nothing else, not even another that was left out; it is
 * not less or more than anything, and != holds. So ${age} < 16 is false for who did not say, and ${age} >= 16 too. */
#ifndef SOUNDINGS_FORM_EXPR_H
#define SOUNDINGS_FORM_EXPR_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* NUMBER fields (integer, decimal, scale) and DATE fields (date) give their canonical text (form_typed.h); any other text
 * is none, so the name of a scale's refusal is, too. '' may stand beside a NUMBER or DATE with = and != only, and only
 * where that can be left out. A NUMBER is compared with a NUMBER, by value (2.50 is 2.5); of a scale, = and != only with
 * a point that it has. A DATE is compared with a DATE or with a text in quotation marks that is one: ${born} <
 * '2010-09-01'. coalesce() and if() take two of one type, and give it. */
enum expr_type { EXPR_TYPE_STRING, EXPR_TYPE_LIST, EXPR_TYPE_NUMBER, EXPR_TYPE_BOOL, EXPR_TYPE_DATE, EXPR_TYPE_COUNT };

/* What the text means wrongly: where (bytes from 0) and a sentence with the mend. */
struct expr_error {
	size_t at;
	char message[300];
};

/* What parsing asks about names. Types: select_one, a grid's statement, a refusal and text are STRING; select_multiple
 * and rank are LIST; integer, decimal and scale NUMBER; date DATE. */
struct expr_names {
	/* True and *TYPE (any but BOOL) when a field of that name may be used here. For relevant: only questions that
	 * stand before it may: answers.h counts later ones as unanswered. */
	bool (*find)(const void *context, const char *name, enum expr_type *type);
	/* True when VALUE is one of the choices of that field in some face, or one of the points of a scale in digits;
	 * fields without choices: always true.
	 * Compared strings that no choice can equal are an error at publish time, not at the kiosk. */
	bool (*has_choice)(const void *context, const char *name, const char *value);
	/* Suggests the nearest known name for an unknown one, or NULL. */
	const char *(*nearest)(const void *context, const char *name);
	const void *context;
	/* The name that '.' stands for, always the question's own name, which find and has_choice must then know: a
	 * before-after pair has one constraint for both halves, and answers.h puts each half in. NULL where '.' may not
	 * be used (relevant:). */
	const char *self;
};

struct expr;

/* Parses TEXT and checks every name and type; the result must be EXPECTED (true or false for relevant: and
 * constraint:). The tree lives in ARENA. ERR_INVALID with *ERROR filled, ERR_NOMEM. */
enum err expr_parse(const char *text, const struct expr_names *names, enum expr_type expected, struct arena *arena,
		    const struct expr **out, struct expr_error *error) MUST_CHECK;

/* Where evaluating gets answers from. Texts are NUL-ended, never NULL ("" is unanswered). text() is asked for STRING,
 * NUMBER and DATE fields, the others for LIST fields. */
struct expr_values {
	const char *(*text)(const void *context, const char *name);
	size_t (*count)(const void *context, const char *name); /* chosen in a list */
	bool (*is_selected)(const void *context, const char *name, const char *choice);
	const void *context;
};

/* The truth of a checked expression of type BOOL. */
bool expr_is_true(const struct expr *expr, const struct expr_values *values);

/* The same expression as a JSON array for the page's script: ["=",["q","easy"],"poor"], with "." written as the name
 * it stands for. NUL-ended, in ARENA; NULL when there is no room. Types are settled here, so a script that does the
 * following gives the same truth, with no look at the form:
 *
 *   "text", 16, true  themselves; a date in quotation marks is a text
 *   ["q",name]        STRING: the answer's text or choice, "" when left out. LIST: only as first of the next two
 *   ["n",name]        NUMBER: Number(canonical text), or of a scale Number(its point); NaN when left out, refused or none
 *   ["d",name]        DATE: the canonical text, "2010-09-01"; NaN when left out or none
 *   ["selected",["q",name],code]    code is among the choices, or of a STRING is the answer
 *   ["count-selected",["q",name]]   how many are chosen, or of a rank have a place
 *   ["string-length",A]             A.length
 *   ["regex",A,pattern]             RegExp("^(?:" + pattern + ")$", "u").test(A)
 *   ["=",A,B]         A === B, or one is "" and the other NaN. NaN is not NaN.
 *   ["!=",A,B]        not ["=",A,B]
 *   ["<",A,B] and <= > >=           the operators of JavaScript: NaN makes them false; dates compare as texts
 *   ["and",A,B,...] ["or",A,B,...] ["not",A]   two arguments or more; one
 *   ["if",C,A,B]      C ? A : B
 *   ["coalesce",A,B]  B when A is "" or NaN, else A */
const char *expr_to_json(const struct expr *expr, struct arena *arena);

/* The names that the expression uses, each once, in order of appearance, '.' as the name it stands for. *COUNT of them,
 * in ARENA; NULL when there is no room. */
const char *const *expr_names_used(const struct expr *expr, struct arena *arena, size_t *count);

#endif
