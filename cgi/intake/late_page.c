/* SPDX-License-Identifier: MIT */
/* late_page.c: what somebody is told who sends after the event has closed: that nothing was saved, and what they wrote, to copy.
 *
 * Browsers do not keep a form that may not be stored, so Back would show the closed page: what was typed is shown here or nowhere. */
#include "form_page.h"

#include "kiosk_page.h"
#include "page.h"
#include "stored.h"

#include <jansson.h>
#include <stdlib.h>

/* On a kiosk nobody can take along what they wrote, and the next person must not see it. */
static void kiosk_late_page(const struct visit *visit, struct http_response *response)
{
	const enum word paragraphs[] = {WORD_late_text, WORD_late_back};
	page_message(visit, 410, WORD_late_title, paragraphs, 2, false, response);
}

static void send_json(const struct visit *visit, struct http_response *response)
{
	json_t *object =
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "state", "late", "title", visit_words(visit, WORD_late_title),
			  "message", visit_words(visit, WORD_late_text), "copy", visit_words(visit, WORD_late_copy),
			  "list", visit_words(visit, WORD_late_list));
	page_send_json(visit, 410, object, response);
}

void late_page(const struct visit *visit, const struct answers *answers, struct http_response *response)
{
	if (kiosk_page_is_on(visit)) {
		kiosk_late_page(visit, response);
		return;
	}
	if (visit->request->wants_json) {
		send_json(visit, response);
		return;
	}
	size_t count = 0;
	const struct page_stored *written = answers ? stored_list(visit, answers, &count) : NULL;
	const enum word paragraphs[] = {WORD_late_text, count ? WORD_late_copy : WORD_late_back};
	struct page_message model;
	page_message_fill(visit, WORD_late_title, paragraphs, 2, &model);
	model.page.languages_count =
		0; /* the same address in another language says closed, and shows nothing that was typed */
	model.written = written;
	model.written_count = count;
	page_message_send(visit, 410, &model, response);
}
