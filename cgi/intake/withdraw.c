/* SPDX-License-Identifier: MIT */
/* withdraw.c: taking answers back (architecture.md, step 8; security.md, U5 and U6).
 *
 * The public program has no way to the office, so it cannot know what a receipt belongs to, and says the same for each. The
 * receipt stands in no address, no title, no log, and in no page after it was taken. */
#include "withdraw.h"

#include "page.h"
#include "post.h"

#include "lib/base/log.h"
#include "lib/envelope/withdrawal.h"
#include "pages/intake/withdraw.h"
#include "pages/intake/withdrawn.h"
#include "static_names.h"

#include <string.h>

/* What is around both pages. The script adds nothing but the quick way out. */
static void frame(const struct visit *visit, enum word title, struct page_frame *page)
{
	page_fill(visit, visit_words(visit, title), page);
	page->js = (struct safe_url){STATIC_FORM_JS};
}

/* The field with what was typed. WRONG: what is to be looked at; NULL where nothing is. */
static void field_page(const struct visit *visit, int status, const char *typed, const char *wrong,
		       struct http_response *response)
{
	struct page_withdraw model = {
		.action = route_withdraw(visit->tag, visit->arena),
		.typed = typed,
		.error = wrong,
		.is_not_saved = status == 503,
	};
	frame(visit, WORD_withdraw_title, &model.page);
	model.page.has_errors = wrong != NULL;
	model.helplines = page_helplines(visit, true, &model.helplines_count);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_withdraw_html(&html, visit->words, &model);
	page_send(visit, status, &html, response);
}

static void answer_page(const struct visit *visit, struct http_response *response)
{
	struct page_withdrawn model = {0};
	frame(visit, WORD_withdrawn_title, &model.page);
	model.page.languages_count =
		0; /* the same address in another language has an empty field, and looks like nothing was taken */
	model.helplines = page_helplines(visit, true, &model.helplines_count);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_withdrawn_html(&html, visit->words, &model);
	page_send(visit, 200, &html, response);
}

void withdraw_page(const struct visit *visit, struct http_response *response)
{
	field_page(visit, 200, "", NULL, response);
}

/* What to look at. */
static const char *mistake(const struct visit *visit, const char *typed, enum withdrawal_typed read, size_t signs)
{
	char code[7];
	if (read == WITHDRAWAL_NOTHING)
		return visit_words(visit, WORD_withdraw_missing);
	if (read == WITHDRAWAL_CHECK)
		return visit_words(visit, WORD_withdraw_wrong);
	if (route_code(typed, code))
		return visit_words(visit, WORD_withdraw_is_code);
	return visit_words_with(visit, WORD_withdraw_length, "count", arena_printf(visit->arena, "%zu", signs));
}

static enum err seal_and_store(const struct visit *visit, const uint8_t receipt[CODEC_RECEIPT_BYTES])
{
	uint8_t *envelope = NULL;
	size_t length = 0;
	enum err error =
		withdrawal_seal(receipt, catalogue_keyset(visit->app->catalogue), visit->arena, &envelope, &length);
	if (error)
		log_error("intake.withdraw", "error=%s", err_name(error));
	return error ? error : app_store(visit->app, envelope, length);
}

void withdraw_post(const struct visit *visit, struct http_response *response)
{
	const struct http_request *request = visit->request;
	const char *typed = http_field(request->fields, request->fields_count, "receipt", NULL);
	if (!typed || request->fields_count != 1) {
		post_fault(visit, HTTP_FAULT_FIELDS, response);
		return;
	}
	uint8_t receipt[CODEC_RECEIPT_BYTES];
	size_t signs = 0;
	enum withdrawal_typed read = withdrawal_read(typed, receipt, &signs);
	if (read != WITHDRAWAL_RECEIPT) {
		field_page(visit, 422, typed, mistake(visit, typed, read, signs), response);
		return;
	}
	enum err error = seal_and_store(visit, receipt);
	keys_wipe(receipt, sizeof receipt);
	if (error)
		field_page(visit, 503, typed, NULL, response);
	else
		answer_page(visit, response);
}
