/* SPDX-License-Identifier: MIT */
/* visit.h: one request of an organiser, from the door to the answer, as page handlers see it.
 *
 * By the time a handler runs the router has done, in this order: method and path, host and origin, session, CSRF token of a POST,
 * the object that the path names (its Area), may(). A handler decodes, decides, stores, and answers with visit_page or visit_go. */
#ifndef SOUNDINGS_ORGANISER_VISIT_H
#define SOUNDINGS_ORGANISER_VISIT_H

#include "may.h"

#include "lib/base/arena.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"
#include "lib/http/http.h"
#include "lib/office/accounts.h"
#include "lib/office/organising.h"
#include "lib/view/organiser_pages.h"

struct app; /* app.h: settings, keys, office, words; one a worker */

struct visit {
	struct app *app;
	struct office *office;
	const struct organisation *organisation;
	const struct http_request *request;
	struct arena *arena;
	struct http_response *response;
	const struct words *t;
	int64_t now_s;
	struct date today;
	const struct office_account *account; /* NULL: nobody is signed in */
	const struct office_session *session;
	const char *csrf;             /* hidden field "csrf" of every form */
	const char *part[3];          /* what the path's {…} were: code, id */
	struct office_event *event;   /* of a route with {code} */
	struct office_action *action; /* of a route with {action} */
	struct page_organiser page; /* what the layout shows: title, tab, who, notices; handlers fill the rest of it */
};

/* A field of the POST that comes once, trimmed of white space at its ends; "" when absent. A field that comes twice was refused at the door. */
const char *visit_field(const struct visit *visit, const char *name);
/* The same of the query; */
const char *visit_query(const struct visit *visit, const char *name);

/* BODY, which a template wrote, as the answer with STATUS. */
void visit_page(struct visit *visit, int status, const struct strbuf *body);
/* 303 to a path of ours; NOTICE (WORD_…; or -1) is shown on the next page once: it travels in the query as a word's name, and nothing else does. */
void visit_go(struct visit *visit, const char *path, int notice);
/* Bytes as a file to keep (Content-Disposition, RFC 6266); NAME of [A-Za-z0-9.-]. Or to look at in the page (IS_INLINE). */
void visit_file(struct visit *visit, const char *type, const char *name, bool is_inline, const void *bytes,
		size_t length);
/* 404, 403 and 500 in our look, with a sentence. */
void visit_missing(struct visit *visit);
void visit_refused(struct visit *visit);
void visit_failed(struct visit *visit, enum err error);
/* "Somebody changed this while you were working": 409, with what they wrote beside what is there now. */

/* Every change of what attendees see ends with this: the next catalogue, at once. A failure is a notice (the change is kept and the
 * daily run publishes), never an error page. */
void visit_publish(struct visit *visit);

#endif
