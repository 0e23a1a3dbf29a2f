/* SPDX-License-Identifier: MIT */
/* handle.c: everything that is asked of a request before its handler runs, in one place and in one order: what it is, who asks, whether its
 * form is ours, what it is about, whether they may. A GET never writes, but for the use of a session. */
#include "handle.h"

#include "frame.h"
#include "match.h"
#include "routes.h"
#include "session.h"

#include "lib/base/log.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void answer_fault(struct visit *visit, enum http_fault fault)
{
	if (fault == HTTP_FAULT_METHOD)
		visit_say(visit, 405, WORD_o_missing_title, WORD_o_missing_text);
	else if (fault == HTTP_FAULT_TOO_LARGE)
		visit_say(visit, 413, WORD_o_large_title, WORD_o_large_text);
	else if (fault == HTTP_FAULT_FOREIGN)
		visit_say(visit, 403, WORD_o_stale_title, WORD_o_stale_text);
	else
		visit_say(visit, fault == HTTP_FAULT_TYPE ? 415 : 400, WORD_o_unreadable_title, WORD_o_unreadable_text);
}

/* Sends whoever must sign in, give the code, enrol or prove who they are there, and back to this page behind it. */
static void send_first_to(struct visit *visit, const char *where)
{
	bool is_page = visit->request->method != HTTP_POST && strcmp(visit->request->path, "/") != 0;
	const char *to = is_page ? arena_printf(visit->arena, "%s?next=%s", where, visit->request->path) : where;
	visit_go(visit, to ? to : where, -1);
}

/* True when the person is where the route may be asked for at all; else they have been sent on. */
static bool is_signed_in(struct visit *visit, const struct route *route)
{
	if (route->act == ACT_NOBODY_NEEDED)
		return true;
	bool leaves = route->handle == sign_out_post;
	if (!visit->account && session_may_be_kept_back(visit)) {
		visit_ask_again(visit);
		return false;
	}
	if (!visit->account) {
		send_first_to(visit, "/sign-in");
		return false;
	}
	if (!session_is_whole(visit) && !leaves) {
		send_first_to(visit, "/code");
		return false;
	}
	/* Only on a machine that nobody else reaches the second step may be put off. */
	bool enrols = route->handle == enrol_page || route->handle == enrol_post || route->handle == enrol_code_image ||
		      route->handle == prove_page || route->handle == prove_post;
	if (!visit->account->has_totp && !visit->app->is_local && !leaves && !enrols) {
		send_first_to(visit, "/enrol");
		return false;
	}
	return true;
}

static bool read_id(const char *text, int64_t *id)
{
	size_t length = strspn(text, "0123456789");
	if (length == 0 || length > 19 || text[length] != '\0')
		return false;
	*id = strtoll(text, NULL, 10);
	return *id > 0;
}

/* What the route's first {...} names; *AREA is its Area, *READ the act of seeing it. */
static enum err load_object(struct visit *visit, const struct route *route, const char **area, enum act *read)
{
	int64_t id = 0;
	*area = "";
	*read = route->act;
	enum err error = ERR_OK;
	if (route->object != OBJECT_NONE && route->object != OBJECT_EVENT && !read_id(visit->part[0], &id))
		return ERR_NOT_FOUND;
	switch (route->object) {
	case OBJECT_NONE:
		break;
	case OBJECT_EVENT:
		*read = ACT_EVENT_READ;
		error = office_event_get(visit->office, visit->part[0], visit->arena, &visit->event);
		*area = error ? "" : visit->event->shown.area;
		break;
	case OBJECT_ACTION:
		*read = ACT_ACTION_READ;
		error = office_action_get(visit->office, id, visit->arena, &visit->action);
		*area = error ? "" : visit->action->area;
		break;
	case OBJECT_PLACEMENT:
		*read = ACT_PLACEMENT_READ;
		error = office_placement_get(visit->office, id, visit->arena, &visit->placement);
		*area = error ? "" : visit->placement->area;
		break;
	case OBJECT_ACCOUNT:
		error = office_account_get(visit->office, id, visit->arena, &visit->person);
		break;
	}
	return error;
}

/* True when this person may; else they have been told. What they may not even see is not there for them. */
static bool is_allowed(struct visit *visit, const struct route *route)
{
	if (route->act == ACT_NOBODY_NEEDED)
		return true;
	const char *area = "";
	enum act read = route->act;
	if (route->object == OBJECT_NONE || route->object == OBJECT_ACCOUNT) {
		if (!may_somewhere(visit->account, route->act)) {
			visit_refused(visit);
			return false;
		}
	}
	enum err error = load_object(visit, route, &area, &read);
	if (error == ERR_NOT_FOUND || (!error && route->object != OBJECT_NONE && !may(visit->account, read, area))) {
		visit_missing(visit);
		return false;
	}
	if (error) {
		visit_failed(visit, error);
		return false;
	}
	if (route->object == OBJECT_NONE || may(visit->account, route->act, area))
		return true;
	visit_refused(visit);
	return false;
}

static bool is_proved(struct visit *visit, const struct route *route)
{
	int64_t age_s = route->needs_proof ? visit->now_s - visit->session->proved_s : 0;
	if (age_s <= (visit->request->method == HTTP_POST ? SESSION_PROOF_S : SESSION_PROOF_PAGE_S))
		return true;
	const char *to = arena_printf(visit->arena, "/prove?next=%s", match_page_of(visit->request->path));
	visit_go(visit, to ? to : "/prove", -1);
	return false;
}

enum { FIELDS_MAX = 200 }; /* our largest form has some 60, with every language and form ticked */

/* Whether a field comes twice that is not one of tick boxes: nobody would know which is meant; or more come than any form of ours has
 * (security.md E6). */
static bool is_ambiguous(const struct http_request *request)
{
	if (request->fields_count > FIELDS_MAX)
		return true;
	static const char *const boxes[] = {"area", "form", "language"};
	for (size_t i = 0; i < request->fields_count; i++) {
		bool is_repeated = false, is_box = false;
		http_field(request->fields, request->fields_count, request->fields[i].name, &is_repeated);
		for (size_t j = 0; j < sizeof boxes / sizeof boxes[0]; j++)
			is_box = is_box || strcmp(boxes[j], request->fields[i].name) == 0;
		if (is_repeated && !is_box)
			return true;
	}
	return false;
}

static void answer(struct visit *visit)
{
	const struct http_request *request = visit->request;
	if (request->fault) {
		answer_fault(visit, request->fault);
		return;
	}
	if (is_ambiguous(request)) {
		answer_fault(visit, HTTP_FAULT_FIELDS);
		return;
	}
	bool is_there = false;
	const struct route *route = match_route(request, visit->arena, visit->part, &is_there);
	if (!route) {
		visit_say(visit, is_there ? 405 : 404, WORD_o_missing_title, WORD_o_missing_text);
		return;
	}
	bool is_outside = route->handle == sign_in_post || route->handle == welcome_post;
	if (request->method == HTTP_POST && !session_is_own_form(visit, is_outside)) {
		visit_say(visit, 403, WORD_o_stale_title, WORD_o_stale_text);
		return;
	}
	if (is_signed_in(visit, route) && is_allowed(visit, route) && is_proved(visit, route))
		route->handle(visit);
}

void handle(void *context, const struct http_request *request, struct arena *arena, struct http_response *response)
{
	struct app *app = context;
	*response = (struct http_response){.status = 503, .content_type = "text/plain; charset=utf-8", .body = ""};
	if (app_refresh(app) != ERR_OK)
		return; /* it was logged; nginx has a page for it */
	response->content_type = NULL;
	struct visit visit = {
		.app = app,
		.office = app->office,
		.organisation = app->texts->organisation,
		.request = request,
		.arena = arena,
		.response = response,
		.now_s = (int64_t) time(NULL),
		.today = date_today(),
		.wrong = arena_array(arena, VISIT_WRONG_MAX, struct page_error),
	};
	office_act_as(app->office, NULL);
	enum err error = visit.wrong ? session_take(&visit) : ERR_NOMEM;
	frame_choose_language(&visit);
	if (error) {
		visit_failed(&visit, error);
		return;
	}
	if (visit.account)
		office_act_as(app->office, visit.account->name);
	answer(&visit);
}
