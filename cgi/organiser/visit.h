/* SPDX-License-Identifier: MIT */
/* visit.h: one request of an organiser, from the door to the answer, as page handlers see it.
 *
 * By the time a handler runs the router has done, in this order: method and path, host and origin, session, CSRF token of a POST,
 * the object that the path names (its Area), may(). A handler decodes, decides, stores, and answers with visit_page or visit_go. A 409 ("somebody
 * changed this while you were working") is a page of the handler's own, with what they wrote beside what is there now. */
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

#include <stdarg.h>

struct app; /* app.h: settings, keys, office, words; one a worker */
enum { VISIT_HTML_MAX = 4 * 1024 * 1024, VISIT_WRONG_MAX = 40 };

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
	const char *csrf;                   /* hidden field "csrf" of every form; "" when there is no token */
	const char *part[3];                /* what the path's {…} were: code, id */
	struct office_event *event;         /* of a route with {code} */
	struct office_action *action;       /* of a route with {action} */
	struct office_placement *placement; /* of a route with {placement} */
	struct office_account *person;      /* of a route with {account} */
	const char *token; /* of the session; else of nobody, for the forms before it (session_form); NULL */
	struct page_organiser
		page; /* what the layout shows: visit_frame fills it; a handler copies it into its model, last of all */
	bool is_unpublished;      /* visit_publish failed */
	struct page_error *wrong; /* page.errors, with room for VISIT_WRONG_MAX */
};

/* A field of the POST, trimmed of white space at its ends; "" when absent, and when it comes twice: then nobody knows which is meant. */
const char *visit_field(const struct visit *visit, const char *name);
/* The same as it came, blanks and all: a password. */
const char *visit_secret(const struct visit *visit, const char *name);
/* The same of the query; */
const char *visit_query(const struct visit *visit, const char *name);

/* All values of a field, for tick boxes; *COUNT of them. Never NULL unless *COUNT is 0. */
const char *const *visit_fields(const struct visit *visit, const char *name, size_t *count);

/* A string of the page, "" when there is none such; and with its holes filled: {NAME}. */
const char *visit_words(const struct visit *visit, enum word key);
const char *visit_words_with(const struct visit *visit, enum word key, const char *name, const char *value);
const char *visit_words_fill(const struct visit *visit, enum word key, const struct words_fill *fills, size_t count);

/* The languages that pages can be in. */
const struct words_set *visit_languages(const struct visit *visit);

/* "8 March 2028"; "" for a day of year 0. */
const char *visit_date(const struct visit *visit, struct date date);

/* A text of the organisation in the page's language; "" when it is missing. */
const char *visit_text(const struct visit *visit, const struct text *text);

/* The title of an Area, or of a programme; its name when the organisation has none such (any more). */
const char *visit_area(const struct visit *visit, const char *name);
const char *visit_programme(const struct visit *visit, const char *name);

/* An address from our own signs and parts: "/events/%s/edit". */
struct safe_url visit_url(const struct visit *visit, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Notes a mistake of the person: FIELD is the control's name (controls.h), or "" for what belongs to none. The page then has an error summary, and the
 * control, made afterwards, its message. */
void visit_wrong(struct visit *visit, const char *field, const char *message);
/* The message of that control; NULL. */
const char *visit_wrong_of(const struct visit *visit, const char *field);
bool visit_is_wrong(const struct visit *visit);

/* What every page has around it, before the handler fills its model: title (WORD_...), which main page it belongs to ("/events"; "": none). */
void visit_frame(struct visit *visit, enum word title, const char *tab);
/* The same with a title of the organisers' own words, behind WORD's. */
void visit_frame_text(struct visit *visit, const char *title, const char *tab);
/* The way back, above the page's title. */
void visit_back(struct visit *visit, enum word name, struct safe_url url);

/* BODY, which a template wrote, as the answer with STATUS. */
void visit_page(struct visit *visit, int status, const struct strbuf *body);
/* The same in one step: visit_print(visit, 200, organiser_home_html, &model). */
#define visit_print(visit, status, template, model)                                                                    \
	do {                                                                                                           \
		CLEANUP_STRBUF struct strbuf visit_body;                                                               \
		strbuf_init(&visit_body, VISIT_HTML_MAX);                                                              \
		template(&visit_body, (visit)->t, (model));                                                            \
		visit_page((visit), (status), &visit_body);                                                            \
	} while (0)
/* 303 to a path of ours; NOTICE (WORD_o_done_...; or -1) is shown on the next page once: it travels in the query as a word's name, and nothing
 * else does. After a visit_publish that failed the next page says that instead. */
void visit_go(struct visit *visit, const char *path, int notice);
/* Bytes as a file to keep (Content-Disposition, RFC 6266); NAME of [A-Za-z0-9.-]. Or to look at in the page (IS_INLINE). */
void visit_file(struct visit *visit, const char *type, const char *name, bool is_inline, const void *bytes,
		size_t length);
/* 404, 403 and 500 in our look, with a sentence. */
void visit_missing(struct visit *visit);
void visit_refused(struct visit *visit);
void visit_failed(struct visit *visit, enum err error);
/* A page with a title and one sentence, with STATUS. */
void visit_say(struct visit *visit, int status, enum word title, enum word text);
/* A page with a link to this very page: who follows it comes from our own site, so that the browser sends its Strict cookies. */
void visit_ask_again(struct visit *visit);

/* Every change of what attendees see ends with this: the next catalogue, at once. A failure is a notice (the change is kept and the
 * daily run publishes), never an error page. */
void visit_publish(struct visit *visit);

#endif
