/* SPDX-License-Identifier: MIT */
/* routes.c: the table of every address. Rows with plain segments stand before those with {...} in the same place. */
#include "routes.h"

#pragma weak poster_page
#pragma weak poster_file

/* clang-format off */
const struct route routes[] = {
	{HTTP_GET,  "/",                              ACT_SELF,            OBJECT_NONE,      false, home_page},

	{HTTP_GET,  "/sign-in",                       ACT_NOBODY_NEEDED,   OBJECT_NONE,      false, sign_in_page},
	{HTTP_POST, "/sign-in",                       ACT_NOBODY_NEEDED,   OBJECT_NONE,      false, sign_in_post},
	{HTTP_GET,  "/code",                          ACT_NOBODY_NEEDED,   OBJECT_NONE,      false, code_page},
	{HTTP_POST, "/code",                          ACT_NOBODY_NEEDED,   OBJECT_NONE,      false, code_post},
	{HTTP_POST, "/sign-out",                      ACT_SELF,            OBJECT_NONE,      false, sign_out_post},
	{HTTP_GET,  "/welcome/{token}",               ACT_NOBODY_NEEDED,   OBJECT_NONE,      false, welcome_page},
	{HTTP_POST, "/welcome/{token}",               ACT_NOBODY_NEEDED,   OBJECT_NONE,      false, welcome_post},
	{HTTP_GET,  "/enrol",                         ACT_SELF,            OBJECT_NONE,      true,  enrol_page},
	{HTTP_POST, "/enrol",                         ACT_SELF,            OBJECT_NONE,      true,  enrol_post},
	{HTTP_GET,  "/enrol/code.svg",                ACT_SELF,            OBJECT_NONE,      true,  enrol_code_image},
	{HTTP_GET,  "/account",                       ACT_SELF,            OBJECT_NONE,      false, account_page},
	{HTTP_POST, "/account",                       ACT_SELF,            OBJECT_NONE,      false, account_post},
	{HTTP_POST, "/account/codes",                 ACT_SELF,            OBJECT_NONE,      true,  recovery_codes_post},
	{HTTP_POST, "/account/sessions/{id}/end",     ACT_SELF,            OBJECT_NONE,      false, session_end_post},
	{HTTP_GET,  "/prove",                         ACT_SELF,            OBJECT_NONE,      false, prove_page},
	{HTTP_POST, "/prove",                         ACT_SELF,            OBJECT_NONE,      false, prove_post},

	{HTTP_GET,  "/people",                        ACT_ACCOUNTS,        OBJECT_NONE,      false, people_page},
	{HTTP_GET,  "/people/new",                    ACT_ACCOUNTS,        OBJECT_NONE,      true,  person_new_page},
	{HTTP_POST, "/people/new",                    ACT_ACCOUNTS,        OBJECT_NONE,      true,  person_new_post},
	{HTTP_GET,  "/people/{account}",              ACT_ACCOUNTS,        OBJECT_ACCOUNT,   true,  person_page},
	{HTTP_POST, "/people/{account}",              ACT_ACCOUNTS,        OBJECT_ACCOUNT,   true,  person_post},
	{HTTP_POST, "/people/{account}/reset",        ACT_ACCOUNTS,        OBJECT_ACCOUNT,   true,  person_reset_post},
	{HTTP_POST, "/people/{account}/end",          ACT_ACCOUNTS,        OBJECT_ACCOUNT,   true,  person_end_post},
	{HTTP_POST, "/people/{account}/sessions",     ACT_ACCOUNTS,        OBJECT_ACCOUNT,   true,  person_sessions_end_post},
	{HTTP_GET,  "/audit",                         ACT_AUDIT,           OBJECT_NONE,      false, audit_page},
	{HTTP_GET,  "/audit/head",                    ACT_AUDIT,           OBJECT_NONE,      false, audit_head_file},

	{HTTP_GET,  "/events",                        ACT_EVENT_READ,      OBJECT_NONE,      false, events_page},
	{HTTP_GET,  "/events/new",                    ACT_EVENT_WRITE,     OBJECT_NONE,      false, event_new_page},
	{HTTP_POST, "/events/new",                    ACT_EVENT_WRITE,     OBJECT_NONE,      false, event_new_post},
	{HTTP_GET,  "/events/{code}",                 ACT_EVENT_READ,      OBJECT_EVENT,     false, event_page},
	{HTTP_GET,  "/events/{code}/edit",            ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_edit_page},
	{HTTP_POST, "/events/{code}/edit",            ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_edit_post},
	{HTTP_GET,  "/events/{code}/copy",            ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_copy_page},
	{HTTP_GET,  "/events/{code}/series",          ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_series_page},
	{HTTP_POST, "/events/{code}/series",          ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_series_post},
	{HTTP_POST, "/events/{code}/state",           ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_state_post},
	{HTTP_POST, "/events/{code}/extend",          ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_extend_post},
	{HTTP_POST, "/events/{code}/door",            ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_door_post},
	{HTTP_GET,  "/events/{code}/point",           ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_point_page},
	{HTTP_POST, "/events/{code}/point",           ACT_EVENT_WRITE,     OBJECT_EVENT,     false, event_point_post},
	{HTTP_GET,  "/events/{code}/event.ics",       ACT_EVENT_READ,      OBJECT_EVENT,     false, event_calendar_file},
	{HTTP_GET,  "/events/{code}/poster",          ACT_EVENT_WRITE,     OBJECT_EVENT,     false, poster_page},
	{HTTP_GET,  "/events/{code}/poster/file",     ACT_EVENT_WRITE,     OBJECT_EVENT,     false, poster_file},

	{HTTP_GET,  "/actions",                       ACT_ACTION_READ,     OBJECT_NONE,      false, actions_page},
	{HTTP_GET,  "/actions/new",                   ACT_ACTION_WRITE,    OBJECT_NONE,      false, action_new_page},
	{HTTP_POST, "/actions/new",                   ACT_ACTION_WRITE,    OBJECT_NONE,      false, action_new_post},
	{HTTP_GET,  "/actions/{action}",              ACT_ACTION_READ,     OBJECT_ACTION,    false, action_page},
	{HTTP_POST, "/actions/{action}",              ACT_ACTION_WRITE,    OBJECT_ACTION,    false, action_post},
	{HTTP_POST, "/actions/{action}/remove",       ACT_ACTION_WRITE,    OBJECT_ACTION,    false, action_remove_post},

	{HTTP_GET,  "/placements",                    ACT_PLACEMENT_READ,  OBJECT_NONE,      false, placements_page},
	{HTTP_GET,  "/placements/new",                ACT_PLACEMENT_WRITE, OBJECT_NONE,      false, placement_new_page},
	{HTTP_POST, "/placements/new",                ACT_PLACEMENT_WRITE, OBJECT_NONE,      false, placement_new_post},
	{HTTP_POST, "/placements/target",             ACT_TARGET_WRITE,    OBJECT_NONE,      false, target_post},
	{HTTP_GET,  "/placements/{placement}",        ACT_PLACEMENT_READ,  OBJECT_PLACEMENT, false, placement_page},
	{HTTP_POST, "/placements/{placement}",        ACT_PLACEMENT_WRITE, OBJECT_PLACEMENT, false, placement_post},
};
/* clang-format on */

const size_t routes_count = sizeof routes / sizeof routes[0];
