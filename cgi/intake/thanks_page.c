/* SPDX-License-Identifier: MIT */
/* thanks_page.c: the thank-you: receipt, exactly what was stored, when it is deleted, where help is. */
#include "form_page.h"

#include "kiosk_page.h"
#include "page.h"
#include "stored.h"

#include "lib/base/strbuf.h"
#include "pages/intake/thanks.h"
#include "pages/kiosk/thanks.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* Where there is no memory for one item there is no list. */
static void append(json_t **list, json_t *item)
{
	if (json_array_append_new(*list, item) == 0)
		return;
	json_decref(*list);
	*list = NULL;
}

/* The same ones as on the page, since the script makes it from these. */
static json_t *list_helplines(const struct page_helpline *helplines, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		append(&list, json_pack("{s:o, s:o, s:o, s:o}", "title", or_null(helplines[i].title), "number",
					or_null(helplines[i].number), "web", or_null(helplines[i].web), "note",
					or_null(helplines[i].note)));
	return list;
}

/* One text of the page, as the script calls it. */
struct thanks_text {
	const char *name;
	enum word keys[3]; /* sentences behind one another; WORD_COUNT ends them early */
};

static const struct thanks_text texts[] = {
	{"thanksTitle", {WORD_thanks_title, WORD_COUNT}},
	{"thanksText", {WORD_thanks_text, WORD_COUNT}},
	{"receiptTitle", {WORD_receipt_title, WORD_COUNT}},
	{"receiptText", {WORD_receipt_text, WORD_receipt_use, WORD_receipt_once}},
	{"receiptWhere", {WORD_receipt_where, WORD_COUNT}},
	{"receiptShow", {WORD_receipt_show, WORD_COUNT}},
	{"receiptCareful", {WORD_receipt_careful, WORD_COUNT}},
	{"nextTitle", {WORD_next_title, WORD_COUNT}},
	{"nextText", {WORD_next_text, WORD_COUNT}},
	{"storedTitle", {WORD_stored_title, WORD_COUNT}},
	{"storedText", {WORD_stored_text, WORD_COUNT}},
	{"storedMore", {WORD_stored_more, WORD_COUNT}},
	{"storedShow", {WORD_stored_show, WORD_COUNT}},
	{"deletedTitle", {WORD_deleted_title, WORD_COUNT}},
	{"deletedText", {WORD_deleted_text, WORD_deleted_backups, WORD_COUNT}},
	{"helpTitle", {WORD_help_title, WORD_COUNT}},
	{"helpText", {WORD_help_text, WORD_COUNT}},
	{"again", {WORD_new_response, WORD_COUNT}},
};

/* The same of a kiosk's page, which is shorter. "finished" tells the script that it is one. */
static const struct thanks_text kiosk_texts[] = {
	{"thanksTitle", {WORD_thanks_title, WORD_COUNT}},
	{"thanksText", {WORD_kiosk_thanks_text, WORD_COUNT}},
	{"finished", {WORD_kiosk_finished, WORD_COUNT}},
	{"finishedText", {WORD_kiosk_finished_text, WORD_COUNT}},
	{"receiptTitle", {WORD_receipt_title, WORD_COUNT}},
	{"receiptText", {WORD_receipt_text, WORD_kiosk_receipt_use, WORD_receipt_once}},
	{"receiptWhere", {WORD_kiosk_receipt_where, WORD_COUNT}},
	{"receiptShow", {WORD_receipt_show, WORD_COUNT}},
	{"receiptCareful", {WORD_receipt_careful, WORD_COUNT}},
	{"nextTitle", {WORD_next_title, WORD_COUNT}},
	{"nextText", {WORD_next_text, WORD_COUNT}},
	{"deletedText", {WORD_deleted_text, WORD_deleted_backups, WORD_COUNT}},
};

/* What the script makes the page of. It comes with the answer: on the form's own page it would stand between a phone and the first
 * question. */
static json_t *list_words(const struct visit *visit, const struct page_thanks *model)
{
	bool is_kiosk = kiosk_page_is_on(visit);
	const struct thanks_text *list = is_kiosk ? kiosk_texts : texts;
	size_t count = is_kiosk ? sizeof kiosk_texts / sizeof kiosk_texts[0] : sizeof texts / sizeof texts[0];
	const struct words_fill fills[] = {{"date", model->deleted_on},
					   {"link", visit_words(visit, WORD_footer_withdraw)}};
	json_t *object = json_object();
	for (size_t i = 0; i < count; i++) {
		const char *text = NULL;
		for (size_t j = 0; j < 3 && list[i].keys[j] != WORD_COUNT; j++) {
			enum word key = list[i].keys[j];
			if (key == WORD_kiosk_thanks_text && visit->event->is_practice)
				key = WORD_kiosk_thanks_practice; /* whoever runs it can read */
			const char *next = words_fill(visit->words, key, fills, 2, visit->arena);
			text = text ? arena_printf(visit->arena, "%s %s", text, next ? next : "") : next;
		}
		if (json_object_set_new(object, list[i].name, or_null(text)) == 0)
			continue;
		json_decref(object);
		return NULL;
	}
	return object;
}

static void send_json(const struct visit *visit, const struct page_thanks *model, struct http_response *response)
{
	json_t *list = json_array();
	for (size_t i = 0; i < model->stored_count; i++)
		append(&list, json_pack("{s:s, s:s}", "question", model->stored[i].question.text, "answer",
					model->stored[i].answer.text));
	json_t *object =
		json_pack("{s:s, s:s, s:b, s:o, s:s, s:o, s:o}", "state", "thanks", "receipt", model->receipt,
			  "receipt_on_request", (int) model->receipt_on_request, "stored", list, "deleted_on",
			  model->deleted_on, "helplines", list_helplines(model->helplines, model->helplines_count),
			  "words", list_words(visit, model));
	page_send_json(visit, 200, object, response);
}

static void thanks_model(const struct visit *visit, struct page_thanks *model)
{
	bool is_neutral = visit_is_careful(visit);
	*model = (struct page_thanks){
		.event_title = is_neutral ? "" : visit->event->title,
		.again_url =
			route_event(visit->route.how, visit->event->code, visit->route.form, visit->tag, visit->arena),
		.receipt = "",
		.receipt_on_request = is_neutral,
		.deleted_on = visit_date(visit, date_add_months(visit->event->held_on, (int) visit->form->keep_months)),
	};
}

void thanks_page(const struct visit *visit, const struct answers *answers, const char *receipt,
		 struct http_response *response)
{
	struct page_thanks model;
	thanks_model(visit, &model);
	model.receipt = receipt;
	bool is_kiosk = kiosk_page_is_on(visit);
	if (is_kiosk) /* what was answered is not shown there again: somebody else may stand behind */
		model.receipt_where = visit_words_with(visit, WORD_kiosk_receipt_where, "link",
						       visit_words(visit, WORD_footer_withdraw));
	else
		model.stored = stored_list(visit, answers, &model.stored_count);
	model.helplines = page_helplines(visit, true, &model.helplines_count);
	if (visit->request->wants_json) {
		send_json(visit, &model, response);
		return;
	}
	page_fill(visit, visit_words(visit, WORD_thanks_title), &model.page);
	model.page.languages_count = 0; /* another language here would ask for another response */
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	if (is_kiosk) {
		kiosk_page_frame(visit, "thanks", &model.page);
		kiosk_thanks_html(&html, visit->words, &model);
	} else {
		intake_thanks_html(&html, visit->words, &model);
	}
	page_send(visit, 200, &html, response);
}
