/* SPDX-License-Identifier: MIT */
/* handle.c: which page answers a request. A GET never writes. */
#include "handle.h"

#include "form_page.h"
#include "kiosk_page.h"
#include "page.h"
#include "post.h"
#include "withdraw.h"

#include "lib/base/log.h"
#include "lib/base/random.h"
#include "lib/envelope/withdrawal.h"

#include <string.h>

static void message(const struct visit *visit, int status, enum word title, enum word text, bool has_code_form,
		    struct http_response *response)
{
	const enum word paragraphs[] = {text};
	page_message(visit, status, title, paragraphs, 1, has_code_form, response);
}

/* Loads the event's served forms. ERR_NOT_FOUND when the address names one that it has not. */
static enum err load_forms(struct visit *visit, const struct form **forms, size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < visit->event->forms_count; i++) {
		const struct catalogue_form_ref *ref = &visit->event->forms[i];
		if (visit->route.form && strcmp(visit->route.form, ref->form) != 0)
			continue;
		enum err error = catalogue_form(visit->app->catalogue, ref->form, ref->version, &forms[*count]);
		if (error)
			return error;
		(*count)++;
	}
	return *count ? ERR_OK : ERR_NOT_FOUND;
}

/* A fresh page: an empty form under a nonce that nobody else has. */
static void fresh_form(struct visit *visit, struct http_response *response)
{
	struct draft draft = {.at = ""};
	random_bytes(draft.nonce, sizeof draft.nonce);
	form_page(visit, 200, &draft, response);
}

static size_t welsh_first(const struct visit *visit)
{
	for (size_t i = 0; i < visit->offered_count; i++)
		if (strcmp(visit->offered[i].tag, "cy") == 0)
			return i;
	return 0;
}

/* What stands for several forms of an event until one is chosen: the first with the exit button, for what is careful of one is careful of
 * all of them; else the first. */
static bool stands_before(const struct form *form, const struct form *other)
{
	return !other || (form->safety == FORM_SAFETY_EXIT_PAGE && other->safety != FORM_SAFETY_EXIT_PAGE);
}

static void open_form(struct visit *visit, struct http_response *response)
{
	const struct form **forms = arena_array(visit->arena, visit->event->forms_count, const struct form *);
	size_t count = 0;
	enum err error = forms ? load_forms(visit, forms, &count) : ERR_NOMEM;
	if (error == ERR_NOT_FOUND) {
		message(visit, 404, WORD_not_found_title, WORD_not_found_text, true, response);
		return;
	}
	if (error) {
		log_error("intake.form", "error=%s", err_name(error));
		message(visit, 500, WORD_failed_title, WORD_failed_text, false, response);
		return;
	}
	const struct form *first = NULL;
	for (size_t i = 0; i < count; i++)
		if (stands_before(forms[i], first))
			first = forms[i];
	if (!visit_take_form(visit, first, visit->route.language)) {
		message(visit, 404, WORD_not_found_title, WORD_not_found_text, true, response);
		return;
	}
	bool is_kiosk = kiosk_page_is_on(visit);
	if (is_kiosk && !visit->route.language && !visit->route.form) {
		kiosk_page_start(visit, count, response);
		return;
	}
	if (visit->event->is_wales && !visit->route.language && visit->offered_count > 1) {
		visit_set_language(visit, welsh_first(visit));
		if (!is_kiosk) {
			page_language_chooser(visit, response);
			return;
		}
	}
	if (count > 1) {
		page_form_chooser(visit, forms, count, response);
		return;
	}
	fresh_form(visit, response);
}

/* The event of the address and its form, so that a page that says no still has the form's languages, its exit button
 * and the way back. Nothing of it need be there. */
static void know_event(struct visit *visit)
{
	struct catalogue_event *event = visit->event;
	const struct form *form = NULL;
	if (!event && (visit->route.kind != ROUTE_EVENT ||
		       catalogue_event(visit->app->catalogue, visit->route.code, visit->arena, &event) != ERR_OK))
		return;
	visit_take_event(visit, event);
	for (size_t i = 0; i < event->forms_count; i++) {
		const struct catalogue_form_ref *ref = &event->forms[i];
		const struct form *one = NULL;
		bool is_meant = !visit->route.form || strcmp(visit->route.form, ref->form) == 0;
		if (is_meant && catalogue_form(visit->app->catalogue, ref->form, ref->version, &one) == ERR_OK &&
		    stands_before(one, form))
			form = one;
	}
	if (form)
		visit_take_form(visit, form, visit->route.language);
}

/* An event that takes no answers says so kindly, in the page's language, and on careful pages without its title. (A released one has no
 * forms any more.) */
static void closed_event(struct visit *visit, bool is_post, struct http_response *response)
{
	const struct catalogue_event *event = visit->event;
	know_event(visit);
	if (event->state == EVENT_PLANNED)
		message(visit, is_post ? 403 : 200, WORD_not_open_title,
			visit_is_careful(visit) ? WORD_not_open_text_plain : WORD_not_open_text, false, response);
	else if (is_post)
		post_late(visit, response);
	else if (kiosk_page_is_on(visit))
		message(visit, 200, WORD_loop_title,
			visit_is_careful(visit) ? WORD_closed_text_plain : WORD_closed_text, false, response);
	else
		loop_event_page(visit, response);
}

/* The language that the page is read in, where the event CODE has it: chosen once, it holds. NULL otherwise. */
static const char *language_of(const struct visit *visit, const char *code)
{
	struct catalogue_event *event = NULL;
	const struct form *form = NULL;
	if (!visit->route.language || catalogue_event(visit->app->catalogue, code, visit->arena, &event) != ERR_OK)
		return NULL;
	if (event->forms_count &&
	    (catalogue_form(visit->app->catalogue, event->forms[0].form, event->forms[0].version, &form) != ERR_OK ||
	     form_language(form, visit->route.language) < 0))
		return NULL;
	for (size_t i = 0; i < event->languages_count; i++)
		if (strcmp(event->languages[i], visit->route.language) == 0)
			return visit->route.language;
	return NULL;
}

/* Whether people can still answer, now or soon, where the event's printed code leads to. Once that is over the code is its own event's
 * again, so that what was said there and what was done about it are found where people look for them. */
static bool does_lead_on(const struct visit *visit, const struct catalogue_event *event)
{
	struct catalogue_event *target = NULL;
	return event->points_to &&
	       catalogue_event(visit->app->catalogue, event->points_to, visit->arena, &target) == ERR_OK &&
	       (target->state == EVENT_PLANNED || target->state == EVENT_OPEN);
}

static void lead_to(struct safe_url url, struct http_response *response)
{
	*response = (struct http_response){.status = 303, .location = url.url, .body = ""};
}

/* The printed code leads elsewhere: to another event, in the language that was asked for. */
static void lead_on(const struct visit *visit, const char *code, struct http_response *response)
{
	lead_to(route_event(visit->route.how, code, NULL, language_of(visit, code), visit->arena), response);
}

static void answer_event(struct visit *visit, struct http_response *response)
{
	struct catalogue_event *event = NULL;
	enum err error = catalogue_event(visit->app->catalogue, visit->route.code, visit->arena, &event);
	if (error == ERR_NOT_FOUND) {
		message(visit, 404, WORD_unknown_code_title, WORD_unknown_code_text, true, response);
		return;
	}
	if (error) {
		log_error("intake.event", "error=%s", err_name(error));
		message(visit, err_http_status(error), WORD_failed_title, WORD_failed_text, false, response);
		return;
	}
	visit_take_event(visit, event);
	bool is_post = visit->request->method == HTTP_POST && !visit->is_look;
	enum event_state state = event->state;
	if (!is_post && does_lead_on(visit, event))
		lead_on(visit, event->points_to, response);
	else if (state == EVENT_OPEN && !is_post)
		open_form(visit, response);
	else if (is_post && (state == EVENT_OPEN || state == EVENT_GRACE))
		post_form(visit, response);
	else
		closed_event(visit, is_post, response);
}

/* What was typed comes in a POST, so that it stands in no address: some type their receipt here. It is not shown again either. */
static void post_home(const struct visit *visit, struct http_response *response)
{
	const struct http_request *request = visit->request;
	const char *typed = http_field(request->fields, request->fields_count, "code", NULL);
	if (!typed || request->fields_count != 1) {
		post_fault(visit, HTTP_FAULT_FIELDS, response);
		return;
	}
	char code[7];
	uint8_t receipt[CODEC_RECEIPT_BYTES];
	size_t signs = 0;
	enum withdrawal_typed read = withdrawal_read(typed, receipt, &signs);
	keys_wipe(receipt, sizeof receipt);
	if (read == WITHDRAWAL_NOTHING)
		page_home(visit, "", WORD_home_code_missing, response);
	else if (read == WITHDRAWAL_RECEIPT)
		page_home(visit, "", WORD_home_is_receipt, response);
	else if (!route_code(typed, code))
		page_home(visit, signs < CODEC_RECEIPT_SIGNS - 1 ? typed : "", WORD_home_code_wrong, response);
	else
		lead_on(visit, code, response);
}

void handle(void *context, const struct http_request *request, struct arena *arena, struct http_response *response)
{
	struct app *app = context;
	enum err error = app_refresh(app);
	if (error) { /* nothing to serve from: nginx's own page says so in every language */
		*response = (struct http_response){.status = 503, .internal = "/_down", .body = ""};
		return;
	}
	struct visit visit;
	visit_init(&visit, app, request, arena);
	if (request->fault) {
		know_event(&visit);
		post_fault(&visit, request->fault, response);
		return;
	}
	bool is_post = request->method == HTTP_POST;
	bool takes_post =
		visit.route.kind == ROUTE_EVENT || visit.route.kind == ROUTE_WITHDRAW || visit.route.kind == ROUTE_HOME;
	switch (is_post && !takes_post ? ROUTE_NOT_FOUND : visit.route.kind) {
	case ROUTE_HOME:
		if (app->conf.mode == CONF_MODE_KIOSK && !visit.route.language) { /* nobody types a code there */
			lead_to(route_kiosk_home(), response);
			return;
		}
		if (visit.route.language && strcmp(visit.route.language, visit.tag) != 0)
			break; /* not a language of ours */
		if (is_post)
			post_home(&visit, response);
		else
			page_home(&visit, "", WORD_COUNT, response);
		return;
	case ROUTE_HELP:
		page_help(&visit, response);
		return;
	case ROUTE_NOTICE:
		page_notice(&visit, visit.route.notice, response);
		return;
	case ROUTE_WITHDRAW:
		if (is_post)
			withdraw_post(&visit, response);
		else
			withdraw_page(&visit, response);
		return;
	case ROUTE_EVENT:
		answer_event(&visit, response);
		return;
	case ROUTE_AREAS:
		loop_areas_page(&visit, response);
		return;
	case ROUTE_AREA:
		loop_area_page(&visit, response);
		return;
	case ROUTE_FEED:
		loop_area_feed(&visit, response);
		return;
	case ROUTE_KIOSK_HOME:
		if (app->conf.mode == CONF_MODE_KIOSK)
			break; /* nginx gives it to another program */
		lead_to(route_home(NULL, arena), response);
		return;
	case ROUTE_NOT_FOUND:
		break;
	}
	message(&visit, 404, WORD_not_found_title, WORD_not_found_text, true, response);
}
