/* SPDX-License-Identifier: MIT */
/* routes.h: every address of the organisers' pages, what it needs, and who answers. routes.c is the one table: `organiser --routes` prints it, and the
 * authorisation test refuses a route that its own hand-written table does not have. */
#ifndef SOUNDINGS_ORGANISER_ROUTES_H
#define SOUNDINGS_ORGANISER_ROUTES_H

#include "visit.h"

enum route_object { OBJECT_NONE, OBJECT_EVENT, OBJECT_ACTION, OBJECT_PLACEMENT, OBJECT_ACCOUNT };

struct route {
	enum http_method method; /* HTTP_GET serves HEAD too */
	const char *pattern;     /* "/events/{code}/poster"; {…} is one path segment */
	enum act act;
	enum route_object
		object; /* what the first {…} names: loaded by the router, 404 when it is not there, or may not be seen */
	bool needs_proof; /* password and code given within the last 10 minutes, else asked for first (security.md O3) */
	void (*handle)(struct visit *visit);
};

extern const struct route routes[];
extern const size_t routes_count;

/* The handlers, one file for each group of pages. */
/* pages_home.c */ void home_page(struct visit *visit);
/* pages_sign_in.c */ void sign_in_page(struct visit *visit);
void sign_in_post(struct visit *visit);
void code_page(struct visit *visit);
void code_post(struct visit *visit);
void sign_out_post(struct visit *visit);
/* pages_welcome.c */ void welcome_page(struct visit *visit);
void welcome_post(struct visit *visit); /* one-time addresses: first, invitation, reset */
/* pages_account.c */ void enrol_page(struct visit *visit);
void enrol_post(struct visit *visit);
void account_page(struct visit *visit);
void account_post(struct visit *visit);
void session_end_post(struct visit *visit);
void prove_page(struct visit *visit);
void prove_post(struct visit *visit);
void enrol_code_image(struct visit *visit);
void recovery_codes_post(struct visit *visit);
/* pages_people.c */ void people_page(struct visit *visit);
void person_new_page(struct visit *visit);
void person_new_post(struct visit *visit);
void person_page(struct visit *visit);
void person_post(struct visit *visit);
void person_reset_post(struct visit *visit);
void person_end_post(struct visit *visit);
void person_sessions_end_post(struct visit *visit);
/* pages_audit.c */ void audit_page(struct visit *visit);
void audit_head_file(struct visit *visit);
/* pages_events.c */ void events_page(struct visit *visit); /* search */
/* pages_event.c */ void event_page(struct visit *visit);
void event_state_post(struct visit *visit);
void event_extend_post(struct visit *visit);
void event_door_post(struct visit *visit);
void event_point_page(struct visit *visit);
void event_point_post(struct visit *visit);
void event_calendar_file(struct visit *visit);
/* pages_event_edit.c */ void event_new_page(struct visit *visit);
void event_new_post(struct visit *visit);
void event_edit_page(struct visit *visit);
void event_edit_post(struct visit *visit);
void event_copy_page(struct visit *visit);
void event_series_page(struct visit *visit);
void event_series_post(struct visit *visit);
/* pages_poster.c */ void poster_page(struct visit *visit);
void poster_file(struct visit *visit); /* file: also the preview */
/* pages_actions.c */ void actions_page(struct visit *visit);
void action_new_page(struct visit *visit);
void action_new_post(struct visit *visit);
void action_page(struct visit *visit);
void action_post(struct visit *visit);
void action_remove_post(struct visit *visit);
/* pages_placements.c */ void placements_page(struct visit *visit);
void placement_new_page(struct visit *visit);
void placement_new_post(struct visit *visit);
void placement_page(struct visit *visit);
void placement_post(struct visit *visit);
void target_post(struct visit *visit);

#endif
