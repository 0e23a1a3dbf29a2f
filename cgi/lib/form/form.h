/* SPDX-License-Identifier: MIT */
/* form.h: what a form is once it is loaded: pages, questions, choices and texts, in all its languages.
 *
 * Plain data. form_load.h makes it from a folder of YAML, form_document.h from the one canonical document that a
 * published version is; both give the same structure. Everything lives in the arena it was loaded into and is never
 * changed afterwards. The format itself is soundings-form(5). */
#ifndef SOUNDINGS_FORM_FORM_H
#define SOUNDINGS_FORM_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FORM_LANGUAGES_MAX = 24,
	FORM_NAME_MAX = 32, /* form, page, question, choice and list names, without the NUL */
	FORM_PAGES_MAX = 50,
	FORM_QUESTIONS_MAX = 200, /* in one form */
	FORM_CHOICES_MAX = 100,   /* in one list */
	FORM_LISTS_MAX = 200,
	FORM_STATEMENTS_MAX = 20, /* in one grid */
	FORM_FIELDS_MAX = 1000,   /* in one form */
	FORM_SENT_MAX = 1100, /* values that one page can send at most, below HTTP_FIELDS_MAX with what travels along */
	FORM_SHOWN_MAX = 5 << 19, /* bytes of questions that one page shows, below intake's PAGE_HTML_MAX */
	FORM_SCALE_MIN = -10,     /* least scale_from */
	FORM_SCALE_MAX = 100,     /* most scale_to; at most FORM_SCALE_POINTS_MAX points */
	FORM_SCALE_POINTS_MAX = 21,
	FORM_DECIMALS_MAX = 6,
	FORM_DIGITS_MAX = 15, /* of a number before and behind the point: what a double holds exactly */
	FORM_KEEP_MONTHS_DEFAULT = 24,
	FORM_TEXT_MAX_DEFAULT = 1000 /* UTF-16 units of a text answer where the form gives no max */
};

/* One text in every language of the form, by index into form->languages; NULL where it is missing. [0] is English. */
struct text {
	const char *of[FORM_LANGUAGES_MAX];
};

/* Where a variant's choice, or a point of a scale, stands for measures that merge faces of a form. */
enum maps_to { MAPS_TO_NOTHING, MAPS_TO_TOP, MAPS_TO_MIDDLE, MAPS_TO_BOTTOM, MAPS_TO_COUNT };

struct choice {
	const char *name; /* the code in exports */
	struct text label;
	bool is_exclusive; /* in select_multiple: cannot stand beside others */
	bool is_refusal;   /* "Prefer not to say", "I don't know": an answer, but not a declared one */
	enum maps_to maps_to;
	const char *code;                              /* a census or other standard's code; NULL when none */
	const char *picture;                           /* file name without folder; NULL when none */
	const char *face_pictures[FORM_LANGUAGES_MAX]; /* by language: what a variant shows instead; NULL: picture */
	int face;                                      /* 1 (best) to 5 (worst) of the drawn faces; 0: none */
	const char *group; /* name of the choice_group it is listed under (ethnic group); NULL when none */
};

struct choice_group {
	const char *name;
	struct text label;
};

struct choice_list {
	const char *name;
	const struct choice *choices;
	size_t choices_count;
	const struct choice_group *groups; /* headings between choices; choices of a group stand together */
	size_t groups_count;
};

enum question_type {
	QUESTION_SELECT_ONE,
	QUESTION_SELECT_MULTIPLE,
	QUESTION_RANK,  /* choices in order, best first; not all need a place */
	QUESTION_SCALE, /* one of the whole numbers from scale_from to scale_to */
	QUESTION_GRID,  /* several statements by one list: a field each */
	QUESTION_TEXT,
	QUESTION_INTEGER,
	QUESTION_DECIMAL,
	QUESTION_DATE,
	QUESTION_NOTE,
	QUESTION_TYPE_COUNT
};

/* One row of a grid. */
struct statement {
	const char *name; /* its field is QUESTION_NAME */
	struct text label;
};

/* How a before-after pair is asked in one language. */
enum pair_face { PAIR_BOTH, PAIR_PLAIN };

/* What one variant changes of one question (forms.md: a variant may do a little more than words). A row for each
 * language of the form; for languages that are no variants, or change nothing, all is false or NULL. */
struct question_face {
	bool is_omitted;                /* the variant does not ask it */
	const struct choice_list *list; /* own choices; NULL: the question's */
	enum pair_face pair;            /* PAIR_PLAIN: only the 'now' half is asked, under the question's label */
	const char *picture;            /* NULL: none */
};

struct expr; /* expr.h */

struct page;

struct question {
	const char *name;
	enum question_type type;
	const struct page *page;
	const struct choice_list *list; /* select_*, rank, grid: the form's; scale: made from its ends, with the refusal
	                                * last; NULL otherwise */
	/* "Prefer not to say" beside a rank, text, integer, decimal or date: a list of one choice, the one that 'refusal:'
	 * names in the list "refusals"; it is a field of its own, NAME_refusal. Of a scale it stands in its list and
	 * makes no field. NULL: none. Choices and grids have their refusals in their lists. */
	const struct choice_list *refusal;
	struct statement *statements; /* grid */
	size_t statements_count;
	int scale_from, scale_to; /* scale: both ends are points; the high end is the top of maps_to */
	struct text label_low;    /* scale: what the ends mean, "Not at all likely"; may be missing */
	struct text label_high;
	const char *least; /* integer, decimal, date: canonical, as an answer would be (answers.h); NULL: none */
	const char *most;
	unsigned decimals; /* decimal: most digits behind the point, 1 to FORM_DECIMALS_MAX */
	struct text unit;  /* integer, decimal: behind the field, "years"; may be missing */
	struct text label;
	struct text hint;         /* may be missing everywhere */
	bool is_pair;             /* before-after: two fields, NAME_before and NAME_now */
	struct text label_before; /* only of a pair; missing: the page words 'Before today' */
	struct text label_now;    /* only of a pair; missing: the page words 'Now' */
	bool is_faces;            /* appearance: faces */
	bool is_multiline;        /* text: many lines (default) or one */
	uint32_t max_utf16;       /* text: longest answer in UTF-16 units */
	bool is_required;
	struct text required_message;
	const char *relevant; /* source text; NULL: always */
	const struct expr *relevant_expr;
	struct text relevant_when; /* without JavaScript: "Answer this if ..."; required wherever relevant is set */
	const char *constraint;    /* source text; NULL: none */
	const struct expr *constraint_expr;
	struct text constraint_message;
	const char *measure; /* NULL: none */
	const char *group;   /* questions of one page with the same group are one step with JavaScript; or NULL */
	const char *was;     /* earlier name; NULL */
	struct question_face faces[FORM_LANGUAGES_MAX];
};

struct page {
	const char *name;
	struct text title;
	struct text intro; /* paragraphs separated by blank lines; may be missing */
	bool is_apart;     /* equality answers: stored apart, linked only until release */
	struct question *questions;
	size_t questions_count;
};

/* A field is what one answer is called: an export column and the name of an HTML control. */
enum field_part { FIELD_WHOLE, FIELD_BEFORE, FIELD_NOW, FIELD_STATEMENT, FIELD_REFUSAL };

struct field {
	const char *name; /* "overall", "know_before", "know_now", "work_clear", "age_refusal" */
	const struct question *question;
	enum field_part part;
	const struct statement *statement; /* FIELD_STATEMENT; NULL otherwise */
};

enum form_safety { FORM_SAFETY_NONE, FORM_SAFETY_EXIT_PAGE };

enum language_status { LANGUAGE_CHECKED, LANGUAGE_DRAFT };

struct language {
	const char *tag;     /* lower case BCP 47: "en", "cy", "en-x-easy" */
	const char *variant; /* after "-x-": "easy"; "" for the form's plain face */
	const char *base;    /* before it: "en" */
	enum language_status status;
};

struct crosstab {
	const char *question;
	const char *by;
};

struct form {
	const char *name; /* [a-z][a-z0-9-]*, never a language tag */
	uint32_t version; /* 0 until published */
	struct text title;
	struct text time; /* "2 minutes" */
	unsigned keep_months;
	unsigned threshold; /* internal k of the disclosure rules, at least 5 */
	enum form_safety safety;
	const char *const *programmes;
	size_t programmes_count;
	const char *const *retired; /* names that answered once and must never be given to another question */
	size_t retired_count;
	struct language languages[FORM_LANGUAGES_MAX];
	size_t languages_count; /* at least 1; [0] is "en" */
	struct page *pages;
	size_t pages_count;
	const struct choice_list *const *lists; /* every list used, variants' own included */
	size_t lists_count;
	const struct crosstab *crosstabs;
	size_t crosstabs_count;
	const struct field *fields; /* in form order; notes have none; a pair has two */
	size_t fields_count;
};

/* The language with this tag (any case), or -1. */
int form_language(const struct form *form, const char *tag);

/* The face in which LANGUAGE is shown at an event in Wales: its variant "wales" ("en-x-wales"), which has the words that the census
 * uses there; LANGUAGE itself where the form has none. Nobody chooses that variant: it is no language of an event. */
int form_language_in_wales(const struct form *form, int language);
bool form_language_is_chosen(const struct language *language);

/* The text in LANGUAGE, or in what it falls back to: a variant to its base language, that to English. NULL when it is
 * missing in all of them. *USED (may be NULL) becomes the index it was found at: the page marks foreign text with it.
 */
const char *form_text(const struct form *form, int language, const struct text *text, int *used);

/* True when the question is put to a person in that language (not omitted by the variant). */
bool form_asks(const struct form *form, int language, const struct question *question);

/* True when this half, or the whole question, is put: of a plain-asked pair only FIELD_NOW. */
bool form_asks_field(const struct form *form, int language, const struct field *field);

/* The choices offered in that language: the variant's own, or the question's. NULL for types without choices. */
const struct choice_list *form_list(const struct form *form, int language, const struct question *question);

/* The same for one field: of FIELD_REFUSAL its one choice. NULL for what is typed. */
const struct choice_list *form_field_list(const struct form *form, int language, const struct field *field);

/* True for what is written in letters or digits: text, integer, decimal, date (not their FIELD_REFUSAL). */
bool form_field_is_typed(const struct field *field);

/* True when a field holds several choices: select_multiple, rank (there the order counts). */
bool form_field_is_list(const struct field *field);

/* The choice with that name, or NULL. */
const struct choice *choice_list_find(const struct choice_list *list, const char *name);

/* Index into form->fields, or -1. */
int form_field(const struct form *form, const char *name);

/* True when some variant gives this question choices of its own, so that only maps_to is common to all faces. */
bool form_has_own_choices(const struct form *form, const struct question *question);

#endif
