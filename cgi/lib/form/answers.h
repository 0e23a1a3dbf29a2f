/* SPDX-License-Identifier: MIT */
/* answers.h: one person's answers to one form: decoded from a page, checked, and as canonical JSON.
 *
 * The same functions serve the page (intake) and the office (collector), so there is one judgement of what is valid.
 * Pure: no clock, no files. */
#ifndef SOUNDINGS_FORM_ANSWERS_H
#define SOUNDINGS_FORM_ANSWERS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>

enum { ANSWER_DAY, ANSWER_MONTH, ANSWER_YEAR, ANSWER_DATE_PARTS };

/* What is typed is kept as it was typed until answers_check finds nothing wrong with it; then it is canonical:
 *   text     as typed
 *   integer  an optional "-", digits without leading zeros: "0", "16", "-3"
 *   decimal  the same, and perhaps a point and digits, the last of them not 0: "2.5"; never "-0"
 *   date     RFC 3339 full-date: "2026-11-21", year 1000 to 9999, a day that there is
 * How numbers and the parts of a date are read: answers_number.h, answers_date.h. */
struct answer {
	const char *text;              /* what is typed; of a date NULL until it is canonical; NULL when unanswered */
	const struct choice **choices; /* in the order of the list; at most one of select_one, scale, a statement;
					* of a rank the best first once checked, NULL before */
	size_t choices_count;          /* 0 when unanswered */
	const char **parts;            /* as they came, NULL or "": date: ANSWER_DATE_PARTS; rank: a place for each
					* choice of the list, in its order. NULL for others, and when nothing came. Of
					* decoded answers as somebody would have typed them */
	size_t parts_count;
};

struct answers {
	const struct form *form;
	int language; /* index: whose face was answered */
	const char *const
		*months;   /* their 12 names where people may type them (answers_date.h); NULL from answers_new on */
	struct answer *of; /* by field index, form->fields_count of them */
	bool *is_sent;     /* answers_add's own: fields of one value that came already, even empty */
};

/* An empty set. NULL when there is no room. */
struct answers *answers_new(const struct form *form, int language, struct arena *arena);

/* Months that were typed as a word become their numbers, which every language knows. ERR_NOMEM. */
enum err answers_number_months(struct answers *answers, struct arena *arena) MUST_CHECK;

/* True when the field has an answer (white space alone is none). */
bool answer_is_given(const struct answer *answer);

/* Why a field of a request cannot have come from our page. */
enum answers_refusal {
	ANSWERS_OK,
	ANSWERS_UNKNOWN_FIELD,
	ANSWERS_REPEATED_FIELD, /* a field that can have one value came twice, or one choice twice */
	ANSWERS_UNKNOWN_CHOICE, /* not offered in this face */
	ANSWERS_WRONG_TYPE,     /* in JSON: a list for a text, and so on */
	ANSWERS_REFUSAL_COUNT
};

/* Index of the field that a page's control NAME belongs to in LANGUAGE, whether the face asks it or not; -1 when there is
 * none. NAME is a field's name, or one part of it: "born.day", "born.month", "born.year" of a date, "matters.CODE" of a
 * rank; *PART becomes its index into answer->parts, -1 for a whole field. */
int answers_field(const struct form *form, int language, const char *name, int *part);

/* What stands behind the point in the name of that control: "day", or the code of a choice. PART as answers_field gives it. */
const char *answers_part_name(const struct form *form, int language, const struct field *field, size_t part);

/* Adds one NAME=VALUE of a page, NAME as answers_field has it; of a rank VALUE is the place ("1" to the number of choices;
 * anything else is ANSWERS_UNKNOWN_CHOICE, an empty one no place). An empty VALUE of a select or text leaves it unanswered. Line ends of texts are
 * normalised; otherwise a text is kept exactly as it was typed. The strings are borrowed and must live as long as
 * ANSWERS. A field that the face does not ask is ANSWERS_UNKNOWN_FIELD; a text that is not UTF-8 (RFC 3629) is
 * ANSWERS_WRONG_TYPE. ERR_NOMEM only; *REFUSAL says the rest. */
enum err answers_add(struct answers *answers, struct arena *arena, const char *name, const char *value,
		     enum answers_refusal *refusal) MUST_CHECK;

/* Mistakes are a person's, and are shown beside the question. */
enum mistake_kind {
	MISTAKE_REQUIRED,   /* required and relevant, but unanswered */
	MISTAKE_TOO_LONG,   /* text over max_utf16 */
	MISTAKE_EXCLUSIVE,  /* an exclusive choice beside others, or a refusal beside an answer (field: the answer's) */
	MISTAKE_NOT_NUMBER, /* integer, decimal: cannot be read as one; or, if it is neither of the next two, has
			     * more than FORM_DIGITS_MAX digits */
	MISTAKE_NOT_WHOLE,  /* integer: with a point */
	MISTAKE_TOO_FINE,   /* decimal: more than 'decimals' digits behind the point, zeros at the end not counted */
	MISTAKE_TOO_SMALL,  /* integer, decimal below least; date before least */
	MISTAKE_TOO_LARGE,  /* above most; after most */
	MISTAKE_DATE_PART,  /* date: some of day, month and year are missing (part: the first of them) */
	MISTAKE_NOT_DATE,   /* date: no such day, or nothing that can be read (part: the first at fault) */
	MISTAKE_SAME_PLACE, /* rank: two choices have one place (place; part: the first choice of the list whose place
			     * another before it has) */
	MISTAKE_CONSTRAINT, /* the form's own rule */
	MISTAKE_NOTHING,    /* nothing was answered at all, and nothing is required (those mistakes say more);
			     * field is the first one asked */
	MISTAKE_KIND_COUNT
};

struct mistake {
	enum mistake_kind kind;
	int field;                      /* index into form->fields */
	size_t used_utf16;              /* MISTAKE_TOO_LONG: how many there are */
	const struct choice *exclusive; /* MISTAKE_EXCLUSIVE: the choice that stands alone */
	int part;       /* of a date or rank: index into answer->parts of the control at fault; else 0 */
	unsigned place; /* MISTAKE_SAME_PLACE */
};

struct mistakes {
	const struct mistake *list; /* in form order, at most one a field */
	size_t count;
};

/* True when the question's relevant: holds for these answers. Questions that are not relevant, or not asked in the
 * face, count as unanswered for the questions after them; the question itself and those after it, always. */
bool answers_is_relevant(const struct answers *answers, const struct question *question);

/* Drops answers to questions that are not relevant or not asked, and texts of white space alone; then lists the
 * mistakes, and makes canonical what has none. A field's first mistake is the one told, in this order: required, a refusal
 * or another exclusive choice beside the answer, what its type asks (in the order of mistake_kind), constraint. A constraint
 * is asked only of what was answered and is no other mistake, and never of a refusal; '.' is the field itself, for each half
 * of a pair and each statement of a grid. Doing it again changes nothing. ERR_NOMEM. */
enum err answers_check(struct answers *answers, struct arena *arena, struct mistakes *mistakes) MUST_CHECK;

/* The canonical JSON object of what was answered: keys sorted; one choice and what is typed as strings, select_multiple as
 * an array in the order of the list, rank as an array with the best first, unanswered left out, and so are a number that
 * is not canonical, a date and a rank that are not checked. WHICH picks fields: all, only those of apart pages, or only
 * those of the others. NUL-ended, in ARENA. ERR_NOMEM. */
enum answers_which { ANSWERS_ALL, ANSWERS_APART, ANSWERS_NOT_APART };
enum err answers_encode(const struct answers *answers, enum answers_which which, struct arena *arena, char **out,
			size_t *length) MUST_CHECK;

/* Reads such an object back for FORM in LANGUAGE, as hostile input. ERR_INVALID with *REFUSAL (and *FIELD, the name at
 * fault, in ARENA) when the bytes are not canonical or not possible; *FIELD is NULL when it is not one field's fault:
 * ANSWERS_WRONG_TYPE for bytes that are no such object or not its canonical form (a number or date that is not: its
 * field's), ANSWERS_REPEATED_FIELD for a key that
 * comes twice. At most 64 KiB, the largest bucket. ERR_NOMEM. Then run answers_check. */
enum err answers_decode(const struct form *form, int language, const char *json, size_t length, struct arena *arena,
			struct answers **out, enum answers_refusal *refusal, const char **field) MUST_CHECK;

#endif
