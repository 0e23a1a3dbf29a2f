/* SPDX-License-Identifier: MIT */
/* organiser_events.h: page models of the organisers' pages about events and placements. Texts are unescaped UTF-8, already in the page's
 * language; NULL or "" prints nothing. */
#ifndef SOUNDINGS_VIEW_ORGANISER_EVENTS_H
#define SOUNDINGS_VIEW_ORGANISER_EVENTS_H

#include "lib/view/organiser_pages.h"

/* ---- events ---------------------------------------------------------------------------------------------------------------- */

/* /events: search, and what it found. */
struct page_events {
	struct page_organiser page;
	struct control words, area, programme, state;
	struct control more; /* one tick: with practice */
	bool has_area;       /* there is more than one to choose from */
	bool is_searched;    /* something was asked for: "All events" leads back */
	bool is_open;        /* one of the rarer fields was used: they are shown */
	bool may_add;
	bool has_none; /* there is no event at all yet */
	struct page_lines found;
	struct page_pager pager;
};

/* A field in which what is there now differs from what was typed: somebody else has saved in between. */
struct page_difference {
	const char *name;
	const char *theirs; /* what is there now; NULL: nothing */
	const char *yours;
};
struct page_differences {
	const struct page_difference *list;
	size_t list_count;
};

/* /events/new, /events/CODE/edit, and a copy. */
struct page_event_form {
	struct page_organiser page;
	const char *title; /* h1 */
	const char *save;  /* words of the button */
	struct safe_url action, cancel_url;
	bool is_edit;
	bool is_practice;
	const char *version; /* hidden; of an edit */
	bool asks_area;
	const char *area_one; /* hidden, where it is not asked: the only Area that this account may use */
	bool has_no_forms;    /* none is published: nothing can be made yet */
	bool is_fixed;        /* people have been asked already: forms stay as they are */
	struct control programme, name, day, place, area;
	struct control choose;           /* usual, or own: two options */
	struct control forms, languages; /* ticks: each option is a field of its own */
	const char *fixed_forms;         /* "Tell us about today" */
	struct control partner, communities, topic, strand, expected, reach, channel, note, refuge, opens, closes, next;
	bool is_more_open;      /* one of the rarer fields has something in it */
	struct control because; /* why drafts are used; label NULL: not asked */
	const char *unfinished; /* what is not finished, in words */
	struct control again;   /* there is one like it: one tick; label NULL: not asked */
	struct safe_url twin_url;
	const char *twin;
	struct page_differences both; /* 409 */
};

/* A number at a glance. */
struct page_tile {
	const char *value;
	const char *name;
};

struct page_event_day {
	const char *title;
	const char *day;
	const char *state;
	const char *kind; /* of the tag */
	struct safe_url url;
	bool is_current;
};

/* /events/CODE */
struct page_event {
	struct page_organiser page;
	const char *code;
	const char *title;
	const char *where_when;   /* "Saturday 8 March 2028 · Slough Library · Thames and Chiltern" */
	const char *state, *kind; /* the tag */
	bool is_practice, is_refuge;
	const char *now;  /* sentences: what is so now */
	const char *then; /* what happens by itself; NULL */
	bool may_write;
	/* The one next step: a link, or a button that sends a state. */
	const char *step;         /* what to do: heading */
	const char *step_why;     /* a sentence; NULL */
	const char *step_words;   /* of the link or button; NULL: there is nothing to do */
	struct safe_url step_url; /* "" : a button */
	const char *step_to;      /* button: the state that it sends */
	/* What can be answered, and where. */
	const char *address; /* in words, without https:// */
	struct safe_url address_url;
	bool can_answer;
	const struct page_tile *tiles;
	size_t tiles_count;
	const char *tiles_note;
	struct control came;
	const char *version;
	bool has_came;
	/* Opening and closing. Each is there where that step is possible and is not the next one already. */
	bool can_open, can_close, can_close_now, can_extend;
	const char *open_words;       /* "Open it now", "Open it again" */
	bool has_steps;               /* any of these */
	bool asks_in_step, asks_here; /* drafts are in use: a reason is asked for where the event is opened */
	struct control because;
	const char *unfinished;
	struct control closes;
	const char *points_to; /* NULL: the code leads to this event */
	const char *points_title;
	struct safe_url points_url;
	const struct page_event_day *series;
	size_t series_count;
	bool can_make_series;
	struct safe_url lead_url; /* where the code of day 1 is made to lead here; "" */
	const char *lead_version;
	struct page_facts facts;
	bool may_see_actions;
	size_t actions;
};

/* /events/CODE/series */
struct page_series {
	struct page_organiser page;
	struct safe_url action;
	const char *version;
	const char *first; /* the event's day in words */
	struct control name, days, weekends;
};

/* /events/CODE/point */
struct page_point {
	struct page_organiser page;
	struct safe_url action;
	const char *code, *title, *version;
	struct control target, other;
	bool is_conflict;
};

/* ---- placements ------------------------------------------------------------------------------------------------------------ */

struct page_placement_row {
	const char *quarter; /* "April to June" */
	const char *kind;
	int64_t offered, taken_up, completed;
	struct safe_url url; /* where it is changed; "" */
};
struct page_criterion {
	const char *name;
	int64_t first, second, third, fourth, all; /* quarters and the year */
};
struct page_placement_area {
	const char *id;      /* of its section */
	struct safe_url url; /* where its section is shown */
	bool is_shown;
	const char *target_number; /* "150"; "" */
	const char *name;
	const char *sentence; /* "59 of 150 places were taken up" */
	int64_t bar;          /* percent, 0 to 100 */
	bool has_bar;
	int64_t offered, taken_up, completed;
	struct safe_url add_url; /* "" */
	const struct page_placement_row *rows;
	size_t rows_count;
	const struct page_criterion *criteria;
	size_t criteria_count;
	bool has_target;  /* the form with which it is set */
	const char *area; /* its name in the organisation's file */
	struct control target;
};

/* /placements */
struct page_placements {
	struct page_organiser page;
	const char *year_words; /* "April 2026 to March 2027" */
	int64_t year;
	struct safe_url previous_url, next_url;
	const char *previous, *next;
	const struct page_placement_area *areas;
	size_t areas_count;
	bool has_overview; /* more Areas than one sees at once */
	bool may_write;
	struct safe_url add_url;
};

/* /placements/new, /placements/ID */
struct page_placement_form {
	struct page_organiser page;
	const char *title;
	struct safe_url action, cancel_url;
	const char *version;
	bool asks_area;
	const char *area_one;
	struct control area, quarter, kind, offered, taken_up, completed;
	const struct control *criteria;
	size_t criteria_count;
	struct page_differences both;
};

#endif
