/* SPDX-License-Identifier: MIT */
/* organiser_loop.h: page models of the organisers' pages about "you said, we did", and about posters. Texts are unescaped UTF-8, already in
 * the page's language; NULL or "" prints nothing. */
#ifndef SOUNDINGS_VIEW_ORGANISER_LOOP_H
#define SOUNDINGS_VIEW_ORGANISER_LOOP_H

#include "lib/view/organiser_events.h"

/* /actions: what is overdue first, then everything. */
struct page_actions {
	struct page_organiser page;
	const char *title;
	bool is_of_event;
	bool has_any;
	bool may_add;
	struct safe_url add_url;
	struct safe_url see_url; /* as attendees see it; "" */
	struct page_lines late, all;
	const char *late_more; /* how many more are late; NULL: none */
	struct safe_url late_more_url;
	struct page_pager pager;
};

/* The words of one language. */
struct page_action_words {
	const char *name; /* of the language, in itself */
	const char *lang;
	bool is_open; /* there is something in it */
	struct control heading, said, did;
};

/* /actions/new, /actions/ID. */
struct page_action_form {
	struct page_organiser page;
	const char *title;
	struct safe_url action, cancel_url;
	const char *version; /* hidden; NULL: a new one */
	struct page_differences both;
	bool asks_area;
	const char *area_one;
	struct control event, area, theme, many, status, owner, due, aim, is_public, partner, evidence, said_on,
		done_on;
	bool has_aims;
	struct page_action_words first;
	const struct page_action_words *others;
	size_t others_count;
	bool is_more_open;
	struct safe_url remove; /* where it is removed; "" : a new one */
	struct control sure;
	bool is_remove_open;
};

/* The same for whoever may only read. */
struct page_action_read {
	struct page_organiser page;
	const char *title;
	struct page_facts facts;
	const struct page_heard *texts; /* one for each language */
	size_t texts_count;
};

/* /events/CODE/poster: chosen on one page, seen beside it. */
struct page_poster {
	struct page_organiser page;
	const char *title, *code;
	const char *hint; /* what is worth knowing of this event's code; NULL */
	struct control kind, languages, laminated, distance, refuge;
	bool is_fine; /* it was drawn, and its code read back */
	struct safe_url preview_url;
	struct safe_url pdf_url, png_url, svg_url; /* svg_url "": not of this kind */
	const char *trouble_title, *trouble_text;  /* else why not */
	const char *trouble;                       /* in the poster's own words, in English; NULL */
	bool is_trouble_plain;                     /* nothing but those words says what is wrong */
};

#endif
