/* SPDX-License-Identifier: MIT */
/* post.c: decode, decide, seal, store, thank. In this order, and nothing calls back upstream.
 *
 * The thank-you is only ever printed after the spooler said that the envelope is on disk (architecture.md, step 5). */
#include "post.h"

#include "form_page.h"
#include "kept.h"
#include "kiosk_page.h"
#include "page.h"
#include "view_fields.h"

#include "lib/base/log.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One POST, decoded. */
struct sent {
	struct draft draft;
	struct answers *answers;
	struct kept kept;
	uint32_t version;
	const char *face; /* the tag of the page that was filled in */
	const char *to;   /* a language button was pressed: its tag; NULL: Send */
};

static void refuse(const struct visit *visit, int status, enum word title, enum word text,
		   struct http_response *response)
{
	const enum word paragraphs[] = {text};
	page_message(visit, status, title, paragraphs, 1, false, response);
}

void post_fault(const struct visit *visit, enum http_fault fault, struct http_response *response)
{
	switch (fault) {
	case HTTP_FAULT_METHOD:
		refuse(visit, 405, WORD_refused_title, WORD_refused_text, response);
		return;
	case HTTP_FAULT_TOO_LARGE:
		refuse(visit, 413, WORD_too_large_title, WORD_too_large_text, response);
		return;
	case HTTP_FAULT_TYPE:
		refuse(visit, 415, WORD_refused_title, WORD_refused_text, response);
		return;
	case HTTP_FAULT_FOREIGN:
		refuse(visit, 403, WORD_foreign_title, WORD_foreign_text, response);
		return;
	default:
		refuse(visit, 400, WORD_refused_title, WORD_refused_text, response);
	}
}

/* A whole number without sign or leading zero, up to MOST. */
static bool parse_number(const char *text, uint32_t most, uint32_t *out)
{
	size_t length = text ? strspn(text, "0123456789") : 0;
	if (length == 0 || length > 9 || text[length] || (text[0] == '0' && length > 1))
		return false;
	*out = (uint32_t) strtoul(text, NULL, 10);
	return *out <= most;
}

/* The script's place: a name of ours, or nothing. */
static const char *plain_place(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t length = text ? strspn(text, plain) : 0;
	return length && length <= 64 && !text[length] ? text : "";
}

static bool is_reserved(const char *name)
{
	static const char *const reserved[] = {"nonce", "version", "edit", "at", "face", "to", "send"};
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (strcmp(name, reserved[i]) == 0)
			return true;
	return false;
}

/* The hidden fields of our page, each exactly once. */
static bool read_envelope_fields(const struct http_request *request, struct sent *sent)
{
	bool repeated[6] = {false};
	const struct http_field *fields = request->fields;
	size_t count = request->fields_count;
	const char *nonce = http_field(fields, count, "nonce", &repeated[0]);
	const char *version = http_field(fields, count, "version", &repeated[1]);
	const char *edit = http_field(fields, count, "edit", &repeated[2]);
	sent->face = http_field(fields, count, "face", &repeated[3]);
	sent->to = http_field(fields, count, "to", &repeated[4]);
	sent->draft.at = plain_place(http_field(fields, count, "at", &repeated[5]));
	for (size_t i = 0; i < 6; i++)
		if (repeated[i])
			return false;
	return nonce && codec_unhex(nonce, sent->draft.nonce, ENVELOPE_NONCE_BYTES) == ERR_OK &&
	       parse_number(version, UINT32_MAX / 2, &sent->version) &&
	       parse_number(edit, ENVELOPE_EDIT_MAX, &sent->draft.edit) && sent->face;
}

/* Every other field is an answer of the face that was shown, or one that travels along. False: not from our page. */
static enum err read_answers(struct visit *visit, struct sent *sent, bool *is_ours)
{
	const struct http_request *request = visit->request;
	enum err error = kept_init(&sent->kept, visit->form, request, visit->arena);
	sent->answers = answers_new(visit->form, visit->language, visit->arena);
	if (error || !sent->answers)
		return ERR_NOMEM;
	sent->answers->months = visit_months(visit);
	*is_ours = false;
	bool has_view = visit->route.how != ROUTE_PLAIN;
	for (size_t i = 0; i < request->fields_count; i++) {
		const struct http_field *field = &request->fields[i];
		if (is_reserved(field->name) || (has_view && view_fields_is_name(field->name)))
			continue;
		if (kept_is_name(visit->form, field->name)) {
			kept_add(&sent->kept, field->name, field->value);
			continue;
		}
		enum answers_refusal refusal = ANSWERS_OK;
		error = answers_add(sent->answers, visit->arena, field->name, field->value, &refusal);
		if (error || refusal != ANSWERS_OK)
			return error;
	}
	*is_ours = true;
	return ERR_OK;
}

/* The next edit number; an edit that has reached the end stays there (a page is not sent ten thousand times). */
static uint32_t next_edit(uint32_t edit)
{
	return edit < ENVELOPE_EDIT_MAX ? edit + 1 : edit;
}

static void show_again(const struct visit *visit, int status, struct sent *sent, struct http_response *response)
{
	sent->draft.answers = sent->answers;
	sent->draft.kept = sent->kept.list;
	sent->draft.kept_count = sent->kept.count;
	if (visit->request->wants_json)
		form_page_json(visit, status, &sent->draft, response);
	else
		form_page(visit, status, &sent->draft, response);
}

/* A language button: keeps all answers, validates nothing, stores nothing. */
static enum err change_language(struct visit *visit, struct sent *sent, struct http_response *response)
{
	struct answers *from = sent->answers;
	enum err error = answers_number_months(from, visit->arena);
	if (error)
		return error;
	if (!visit_take_form(visit, visit->form, sent->to)) {
		post_fault(visit, HTTP_FAULT_FIELDS, response);
		return ERR_OK;
	}
	visit->route.language = visit->tag;
	struct answers *to = answers_new(visit->form, visit->language, visit->arena);
	if (!to)
		return ERR_NOMEM;
	to->months = visit_months(visit);
	error = kept_change_face(&sent->kept, from, to, visit->arena);
	if (error)
		return error;
	sent->answers = to;
	show_again(visit, 200, sent, response);
	return ERR_OK;
}

/* The sealed envelope of these answers, and the receipt that goes with it. */
static enum err seal(const struct visit *visit, const struct sent *sent, const char *canonical, uint8_t *envelope,
		     size_t *length, char receipt[CODEC_RECEIPT_TEXT])
{
	bool is_kiosk = visit->app->conf.mode == CONF_MODE_KIOSK || kiosk_page_is_on(visit);
	const char *bound = is_kiosk ? canonical : NULL;
	const char *event = visit->event->code, *form = visit->form->name;
	struct letter letter = {
		.kind = LETTER_RESPONSE,
		.event = event,
		.form = form,
		.version = visit->form->version,
		.language = visit->form->languages[visit->language].base,
		.variant = visit->form->languages[visit->language].variant,
		.mode = is_kiosk ? "kiosk" : "phone",
		.edit = sent->draft.edit,
		.answers = canonical,
	};
	uint8_t receipt_bytes[CODEC_RECEIPT_BYTES];
	envelope_id(event, form, sent->draft.nonce, bound, letter.id);
	envelope_receipt(event, form, sent->draft.nonce, bound, receipt_bytes);
	envelope_withdraw(receipt_bytes, letter.withdraw);
	codec_receipt(receipt_bytes, receipt);
	keys_wipe(receipt_bytes, sizeof receipt_bytes);
	const struct period *period =
		keyset_current(catalogue_keyset(visit->app->catalogue), visit->event->is_practice);
	if (!period)
		return ERR_NOT_FOUND;
	char *json = NULL;
	size_t json_length = 0;
	enum err error = letter_encode(&letter, visit->arena, &json, &json_length);
	return error ? error : envelope_seal(json, json_length, period, envelope, length);
}

/* Send: checked, sealed, on disk, thanked. Whatever does not get onto the disk is 503, with everything kept. */
static enum err send_answers(struct visit *visit, struct sent *sent, struct http_response *response)
{
	enum err error = answers_check(sent->answers, visit->arena, &sent->draft.mistakes);
	if (error)
		return error;
	if (sent->draft.mistakes.count) {
		sent->draft.edit = next_edit(sent->draft.edit);
		show_again(visit, 422, sent, response);
		return ERR_OK;
	}
	char *canonical = NULL;
	size_t canonical_length = 0, length = 0;
	error = answers_encode(sent->answers, ANSWERS_ALL, visit->arena, &canonical, &canonical_length);
	uint8_t *envelope = arena_alloc(visit->arena, ENVELOPE_MAX_BYTES, 1);
	if (error || !envelope)
		return ERR_NOMEM;
	char receipt[CODEC_RECEIPT_TEXT];
	error = seal(visit, sent, canonical, envelope, &length, receipt);
	if (error)
		return error;
	error = app_store(visit->app, envelope, length);
	if (error) {
		sent->draft.is_not_saved = true;
		sent->draft.edit = next_edit(sent->draft.edit);
		show_again(visit, 503, sent, response);
		return ERR_OK;
	}
	thanks_page(visit, sent->answers, receipt, response);
	return ERR_OK;
}

/* Our pages are sent to the address of their own face, or to one that names none; a language button to that of the face it
 * leads to. */
static bool is_sent_home(const struct visit *visit, const struct sent *sent)
{
	const char *expected = sent->to ? sent->to : sent->face;
	return !visit->route.language || strcasecmp(visit->route.language, expected) == 0 ||
	       strcasecmp(visit->route.language, sent->face) == 0;
}

/* The form version that the page was made from; it must be one of a form of this event. */
static enum err take_version(struct visit *visit, const struct sent *sent, bool *is_known)
{
	*is_known = false;
	const struct catalogue_event *event = visit->event;
	for (size_t i = 0; i < event->forms_count; i++) {
		const char *name = event->forms[i].form;
		bool is_meant = visit->route.form ? strcmp(visit->route.form, name) == 0 : event->forms_count == 1;
		if (!is_meant)
			continue;
		const struct form *form = NULL;
		enum err error = catalogue_form(visit->app->catalogue, name, sent->version, &form);
		if (error)
			return error == ERR_NOT_FOUND ? ERR_OK : error;
		*is_known = true;
		return visit_take_form(visit, form, sent->face) ? ERR_OK : ERR_INVALID;
	}
	return ERR_OK;
}

/* What was typed, where it is of a form that can still be read. */
static const struct answers *read_late(struct visit *visit)
{
	struct sent sent = {.draft = {.at = ""}};
	bool is_known = false, is_ours = false;
	if (!read_envelope_fields(visit->request, &sent) || take_version(visit, &sent, &is_known) != ERR_OK ||
	    !is_known || read_answers(visit, &sent, &is_ours) != ERR_OK)
		return NULL;
	return is_ours ? sent.answers : NULL;
}

void post_late(struct visit *visit, struct http_response *response)
{
	late_page(visit, read_late(visit), response);
}

void post_form(struct visit *visit, struct http_response *response)
{
	struct sent sent = {.draft = {.at = ""}};
	if (!read_envelope_fields(visit->request, &sent) || !is_sent_home(visit, &sent)) {
		post_fault(visit, HTTP_FAULT_FIELDS, response);
		return;
	}
	bool is_known = false, is_ours = false;
	enum err error = take_version(visit, &sent, &is_known);
	if (!error && !is_known) {
		refuse(visit, 400, WORD_old_form_title, WORD_old_form_text, response);
		return;
	}
	if (!error)
		error = read_answers(visit, &sent, &is_ours);
	if (error == ERR_INVALID || (!error && !is_ours)) {
		post_fault(visit, HTTP_FAULT_FIELDS, response);
		return;
	}
	if (!error && !sent.to && visit->route.how != ROUTE_PLAIN && *visit->view.pressed)
		show_again(visit, 200, &sent, response); /* larger text, say: nothing is judged, nothing stored */
	else if (!error)
		error = sent.to ? change_language(visit, &sent, response) : send_answers(visit, &sent, response);
	if (error) {
		log_error("intake.post", "error=%s", err_name(error));
		refuse(visit, err_http_status(error), WORD_failed_title, WORD_failed_text, response);
	}
}
