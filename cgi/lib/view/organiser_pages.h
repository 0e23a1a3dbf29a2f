/* SPDX-License-Identifier: MIT */
/* organiser_pages.h: page models of the organisers' pages: what every page has around it, what forms are made of, and a model for each
 * page. Programs fill them, templates in cgi/pages/organiser/ print them. Texts are unescaped UTF-8, already in the page's language; NULL
 * or "" prints nothing. */
#ifndef SOUNDINGS_VIEW_ORGANISER_PAGES_H
#define SOUNDINGS_VIEW_ORGANISER_PAGES_H

#include "lib/view/pages.h"
#include "words_organiser_keys.h" /* generated: WORD_o_... */

#include <stdint.h>

/* ---- around every page ---------------------------------------------------------------------------------------------------- */

struct page_tab {
	const char *name;
	struct safe_url url;
	bool is_current;
};

/* Begins with organiser/head and ends with organiser/foot; between them the page writes its own h1. */
struct page_organiser {
	const char *lang, *dir;   /* of <html> */
	const char *title;        /* of the document, without "Error: " and who we are */
	const char *organisation; /* its short name, in the bar */
	struct safe_url css, rare_css, js, icon;
	const struct page_tab *tabs; /* none before sign-in */
	size_t tabs_count;
	const char *who;           /* the shown name of who is signed in; NULL: nobody */
	bool has_whole_session;    /* else the second step is still to come, and there is only the way out */
	bool is_at_account;        /* the page is one of "Your account" */
	const char *csrf;          /* hidden field of every form */
	struct safe_url other_url; /* the same page in the other language, before sign-in; "" */
	const char *other_name;    /* "Cymraeg" */
	const char *other_lang;
	struct safe_url back_url; /* "" : no way back is needed */
	const char *back;         /* "Events": where it leads */
	const char *notice;       /* what was just done, once */
	bool is_notice_bad;       /* what was just done has not wholly worked */
	const struct page_error *errors;
	size_t errors_count;
	bool is_wide; /* lists and tables: more than a column of text */
};

/* ---- what forms are made of ------------------------------------------------------------------------------------------------ */

/* One of a list of choices. */
struct control_option {
	const char *id; /* "role", "role-2", ... : the first has the control's own name */
	const char *value;
	const char *label;
	const char *lang; /* of the label; NULL: the page's */
	const char *hint; /* NULL: none */
	bool is_chosen;
};

/* One control of a form with its words, what was typed, and what is wrong with it. organiser/input, textarea, password, radios,
 * checkboxes, select, date print it. Made with cgi/organiser/controls.h. */
struct control {
	const char *name; /* also the id of its first control, where the error summary leads */
	const char *label;
	const char *hint;         /* NULL: none */
	const char *error;        /* NULL: none */
	const char *described_by; /* ids of hint and error; NULL: none */
	const char *value;        /* "" */
	const char *type;         /* input: "text"; also "search", "url" */
	const char *autocomplete; /* "off" */
	const char *inputmode;    /* NULL, "numeric", "email", "url" */
	const char *suffix;       /* behind an input: "people" */
	unsigned width;           /* 2, 4, 10, 20: signs that an input has room for; 0: the whole line */
	unsigned rows;            /* textarea */
	bool is_title;            /* the label is the page's h1 */
	bool is_small;            /* radios, checkboxes: side by side where there is room */
	const char *lang;         /* of what is typed, for spelling and speech; NULL: the page's */
	const struct control_option *options;
	size_t options_count;
	const char *day, *month, *year; /* date: as typed; names NAME.day, NAME.month, NAME.year */
};

/* ---- lists ------------------------------------------------------------------------------------------------------------------ */

/* organiser/lines: things with a name that leads to them. */
struct page_line {
	const char *title;
	struct safe_url url; /* "" : leads nowhere */
	const char *lang;    /* of the title; NULL: nobody knows, as of all that organisers write */
	const char *meta;    /* "8 March 2028, Slough Library" */
	const char *next;    /* what to do with it: words of the link; NULL: the title is the link */
	const char *tag;     /* its state: "Open" */
	const char *kind;    /* of the tag: "good", "wait", "late", "off" or "" */
};
struct page_lines {
	const struct page_line *lines;
	size_t lines_count;
};

/* organiser/pager: which part of a list this is. */
struct page_pager {
	size_t first, last, total;
	struct safe_url previous_url, next_url; /* "" : none */
};

/* organiser/facts: what is known of one thing. */
struct page_fact {
	const char *name;
	const char *value;
	struct safe_url url; /* where it is changed; "" */
	const char *change;  /* words of that link, "Change"; the name follows, unseen */
};
struct page_facts {
	const struct page_fact *facts;
	size_t facts_count;
};

/* ---- pages ------------------------------------------------------------------------------------------------------------------ */

/* A sentence or two and a way on: not found, refused, failed, busy. */
struct page_plain {
	struct page_organiser page;
	const char *title;
	const struct page_text *paragraphs;
	size_t paragraphs_count;
	struct safe_url url; /* a way on; "" */
	const char *link;
};

#endif
