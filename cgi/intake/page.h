/* SPDX-License-Identifier: MIT */
/* page.h: from a visit to page models: what is around every page, and the models of the small pages. */
#ifndef SOUNDINGS_INTAKE_PAGE_H
#define SOUNDINGS_INTAKE_PAGE_H

#include "visit.h"

#include "lib/http/http.h"
#include "lib/view/pages.h"

#include <jansson.h>

/* What stands around a page with this title. Of a visit with a form: its languages, exit button, practice banner. */
void page_fill(const struct visit *visit, const char *title, struct page_frame *page);

/* Helplines in the page's language: those of the short panel, or all. Wales-only ones where the event is in Wales. */
const struct page_helpline *page_helplines(const struct visit *visit, bool emergency_only, size_t *count);

/* Where a picture of a form is served; "" for NULL, and for one that was not built in: a page without it is whole. */
struct safe_url page_picture(const char *name);

/* A kind page (or its JSON, where the script asked) with a title and up to three paragraphs, NULL-ended. */
void page_message(const struct visit *visit, int status, enum word title, const enum word *paragraphs, size_t count,
		  bool has_code_form, struct http_response *response);

/* What page_message and late_page share: frame, paragraphs and helplines; and printing it. */
void page_message_fill(const struct visit *visit, enum word title, const enum word *paragraphs, size_t count,
		       struct page_message *model);
void page_message_send(const struct visit *visit, int status, const struct page_message *model,
		       struct http_response *response);

/* The page at "/", with what is wrong with the typed code (WORD_COUNT: nothing). */
void page_home(const struct visit *visit, const char *code, enum word wrong, struct http_response *response);

/* Everybody who can help, and who helps with the form itself. */
void page_help(const struct visit *visit, struct http_response *response);

void page_notice(const struct visit *visit, enum notice notice, struct http_response *response);

/* The organisation's own words of a notice, in the page's language. */
const struct page_notice_section *page_notice_sections(const struct visit *visit, enum notice notice, size_t *count);

/* Choose a language (an event in Wales), or one of several forms. */
void page_language_chooser(const struct visit *visit, struct http_response *response);
void page_form_chooser(const struct visit *visit, const struct form *const *forms, size_t count,
		       struct http_response *response);

/* After an event: thank you, what was heard and what was done, or what happens next. */
void loop_event_page(struct visit *visit, struct http_response *response);

/* All Areas; one Area's page, and its feed: 404 for none of ours. */
void loop_areas_page(const struct visit *visit, struct http_response *response);
void loop_area_page(const struct visit *visit, struct http_response *response);
void loop_area_feed(const struct visit *visit, struct http_response *response);

/* Takes what a template wrote as the response's body. A failed buffer becomes a plain 500. */
void page_send(const struct visit *visit, int status, struct strbuf *html, struct http_response *response);

/* OBJECT as JSON, which is released; {} with 500 where OBJECT is NULL or something in it may be lacking: both only for want of memory. */
void page_send_json(const struct visit *visit, int status, json_t *object, struct http_response *response);

enum { PAGE_HTML_MAX = 4 * 1024 * 1024 };

#endif
