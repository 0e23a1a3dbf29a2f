/* SPDX-License-Identifier: MIT */
/* staff_pages.h: page models of a kiosk's staff: the program `kiosk` fills them, templates in cgi/pages/staff/ print them. */
#ifndef SOUNDINGS_VIEW_STAFF_PAGES_H
#define SOUNDINGS_VIEW_STAFF_PAGES_H

#include "lib/view/pages.h"

/* What stands around each of them. Nothing leads away from this machine. */
struct page_staff {
	const char *lang; /* base tag */
	const char *dir;  /* "ltr" or "rtl" */
	const char *title;
	struct safe_url css, js, icon;
	const struct page_language *languages; /* where choosing one loses nothing */
	size_t languages_count;
	const char *wrong; /* why it did not work, or NULL */
	const char *done;  /* what was done just now, or NULL */
	const char *pass;  /* what the menu's forms carry; NULL before the PIN */
};

/* Nothing can be answered here yet; and a page that there is not. */
struct page_staff_calm {
	struct page_staff page;
	const char *text;
	const char *go; /* what leads to the menu */
};

struct page_staff_pin {
	struct page_staff page;
	const char *typed; /* without script each touch of a number comes here and goes back */
	const char *once;  /* with which it counts, once */
	bool has_pin;      /* false: none was ever set */
};

/* An event as staff tell it from others. */
struct page_staff_event {
	const char *code;
	const char *title; /* in the organisers' own language */
	const char *place; /* likewise */
	const char *date;  /* in words */
	bool is_planned;
	bool is_practice;
	bool is_chosen;
};

struct page_staff_menu {
	struct page_staff page;
	const struct page_staff_event *event; /* NULL: none, or it can not be answered any more */
	bool is_event_gone;                   /* the latter */
	const char *waiting; /* how many responses, in words that tell nothing of one; NULL: nobody knows */
	bool is_silent;
	unsigned sound_level; /* percent */
	bool is_loudest, is_quietest;
	unsigned brightness; /* percent */
	bool is_brightest, is_darkest;
};

struct page_staff_events {
	struct page_staff page;
	const struct page_staff_event *events;
	size_t events_count;
};

#endif
