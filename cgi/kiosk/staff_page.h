/* SPDX-License-Identifier: MIT */
/* staff_page.h: the pages of a kiosk's staff, from what the program knows to HTML. */
#ifndef SOUNDINGS_KIOSK_STAFF_PAGE_H
#define SOUNDINGS_KIOSK_STAFF_PAGE_H

#include "app.h"

#include "lib/http/http.h"
#include "lib/view/staff_pages.h"

/* One request, and what its answer is made of. The catalogue is there. */
struct call {
	struct app *app;
	const struct http_request *request;
	struct arena *arena;
	struct http_response *response;
	const struct words *t;
	int64_t now_s;
};

/* The words of the page: the field or query "lang", else Accept-Language, else English. */
void staff_choose_language(struct call *call);

/* The event that staff chose, when it is open or planned; NULL. */
const struct catalogue_event *staff_event(const struct call *call);

/* "This kiosk is not ready yet"; and "we cannot find this page". */
void staff_calm_page(struct call *call);
void staff_missing_page(struct call *call);

/* The PIN with what was TYPED of it so far, and what is wrong (NULL: nothing). */
void staff_pin_page(struct call *call, int status, const char *typed, const char *wrong);

/* The menu and the list of events, with a new pass. DONE, WRONG: what to say of what was just asked, or NULL. */
void staff_menu_page(struct call *call, int status, const char *done, const char *wrong);
void staff_events_page(struct call *call);

/* "/kiosk", after what a POST has done. */
void staff_go(struct call *call, const char *path);

/* A string of the page, never NULL. */
const char *staff_words(const struct call *call, enum word key);

#endif
