/* SPDX-License-Identifier: MIT */
/* page_small.c: the pages that are not the form: home, help, choosers, and kind words when there is no form to show. */
#include "page.h"

#include "kiosk_page.h"

#include "pages/intake/chooser.h"
#include "pages/intake/message.h"
#include "pages/kiosk/chooser.h"
#include "pages/kiosk/message.h"
#include "static_names.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void send_refusal_json(const struct visit *visit, int status, const char *title, const char *text,
			      struct http_response *response)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "state", "refused", "title", title, "message", text);
	page_send_json(visit, status, object, response);
}

void page_message_fill(const struct visit *visit, enum word title, const enum word *paragraphs, size_t count,
		       struct page_message *model)
{
	*model = (struct page_message){.title = visit_words(visit, title)};
	struct page_text *texts = arena_array(visit->arena, count, struct page_text);
	for (size_t i = 0; texts && i < count; i++)
		texts[i].text = visit_words(visit, paragraphs[i]);
	model->paragraphs = texts;
	model->paragraphs_count = texts ? count : 0;
	page_fill(visit, model->title, &model->page);
	if (kiosk_page_is_on(visit))
		kiosk_page_frame(visit, "message", &model->page);
	if (model->page.has_exit) /* the quick way out */
		model->page.js = (struct safe_url){STATIC_FORM_JS};
	if (visit->event)
		model->helplines = page_helplines(visit, true, &model->helplines_count);
}

void page_message_send(const struct visit *visit, int status, const struct page_message *model,
		       struct http_response *response)
{
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	if (model->page.kiosk.is_on)
		kiosk_message_html(&html, visit->words, model);
	else
		intake_message_html(&html, visit->words, model);
	page_send(visit, status, &html, response);
}

void page_message(const struct visit *visit, int status, enum word title, const enum word *paragraphs, size_t count,
		  bool has_code_form, struct http_response *response)
{
	struct page_message model;
	page_message_fill(visit, title, paragraphs, count, &model);
	model.has_code_form = has_code_form;
	if (visit->request->wants_json) {
		send_refusal_json(visit, status, model.title, model.paragraphs_count ? model.paragraphs[0].text : "",
				  response);
		return;
	}
	if (visit->event && visit->event->state == EVENT_OPEN && status >= 400)
		model.again_url =
			route_event(visit->route.how, visit->event->code, visit->route.form, visit->tag, visit->arena);
	if (visit->route.kind == ROUTE_WITHDRAW)
		model.again_url = route_withdraw(visit->tag, visit->arena);
	page_message_send(visit, status, &model, response);
}

void page_home(const struct visit *visit, const char *code, enum word wrong, struct http_response *response)
{
	const struct page_text paragraphs[] = {{visit_words(visit, WORD_home_intro), NULL}};
	struct page_message model = {
		.title = visit_words(visit, WORD_home_title),
		.paragraphs = paragraphs,
		.paragraphs_count = 1,
		.has_code_form = true,
		.code = code,
		.code_error = wrong == WORD_COUNT ? NULL : visit_words(visit, wrong),
		.is_receipt = wrong == WORD_home_is_receipt,
		.loop_url = route_areas(visit->route.language ? visit->words->language : NULL, visit->arena),
	};
	page_fill(visit, model.title, &model.page);
	model.page.has_errors = model.code_error != NULL;
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_message_html(&html, visit->words, &model);
	page_send(visit, wrong == WORD_COUNT ? 200 : 422, &html, response);
}

void page_help(const struct visit *visit, struct http_response *response)
{
	const struct page_text paragraphs[] = {{visit_words(visit, WORD_help_page_text), NULL},
					       {visit_words(visit, WORD_help_page_languages), NULL}};
	struct page_message model = {
		.title = visit_words(visit, WORD_help_page_title), .paragraphs = paragraphs, .paragraphs_count = 2};
	page_fill(visit, model.title, &model.page);
	model.helplines = page_helplines(visit, false, &model.helplines_count);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_message_html(&html, visit->words, &model);
	page_send(visit, 200, &html, response);
}

/* Where it can be left quickly, with the script for that. */
static void fill_chooser(const struct visit *visit, const char *title, struct page_frame *page)
{
	page_fill(visit, title, page);
	if (page->has_exit)
		page->js = (struct safe_url){STATIC_FORM_JS};
}

/* Both official languages of Wales stand in the title, Welsh first (Welsh Language (Wales) Measure 2011). */
void page_language_chooser(const struct visit *visit, struct http_response *response)
{
	const struct words_set *set = catalogue_words(visit->app->catalogue);
	const struct words *welsh = words_for(set, "cy"), *english = words_for(set, "en");
	struct page_choice *choices = arena_array(visit->arena, visit->offered_count, struct page_choice);
	struct page_chooser model = {
		.title = welsh->of[WORD_language_chooser_title],
		.title_other = english->of[WORD_language_chooser_title],
		.title_other_lang = "en",
		.choices = choices,
	};
	for (int pass = 0; choices && pass < 2; pass++) {
		for (size_t i = 0; i < visit->offered_count; i++) {
			const char *tag = visit->offered[i].tag;
			bool is_welsh = strncmp(tag, "cy", 2) == 0;
			if (is_welsh != (pass == 0))
				continue;
			const struct words *words = words_for(set, tag);
			choices[model.choices_count++] = (struct page_choice){
				.name = strcmp(words->language, tag) == 0 ? words->name : tag,
				.lang = arena_strndup(visit->arena, tag, strcspn(tag, "-")),
				.dir = words->is_rtl ? "rtl" : "ltr",
				.url = route_event(visit->route.how, visit->route.code, visit->route.form, tag,
						   visit->arena),
			};
		}
	}
	fill_chooser(visit, model.title, &model.page);
	model.page.languages_count = 0;
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_chooser_html(&html, visit->words, &model);
	page_send(visit, 200, &html, response);
}

void page_form_chooser(const struct visit *visit, const struct form *const *forms, size_t count,
		       struct http_response *response)
{
	struct page_choice *choices = arena_array(visit->arena, count, struct page_choice);
	struct page_chooser model = {.title = visit_words(visit, WORD_form_chooser_title), .choices = choices};
	for (size_t i = 0; choices && i < count; i++) {
		int language = form_language(forms[i], visit->tag), used = 0;
		const char *name = form_text(forms[i], language < 0 ? 0 : language, &forms[i]->title, &used);
		const char *base = forms[i]->languages[used].base;
		choices[model.choices_count++] = (struct page_choice){
			.name = visit_pipe(visit, name),
			.lang = strncmp(base, visit->tag, strlen(base)) == 0 ? NULL : base,
			.url = route_event(visit->route.how, visit->route.code, forms[i]->name, visit->route.language,
					   visit->arena),
		};
	}
	fill_chooser(visit, model.title, &model.page);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	if (kiosk_page_is_on(visit)) {
		kiosk_page_frame(visit, "chooser", &model.page);
		model.is_set = kiosk_page_is_set(visit);
		kiosk_chooser_html(&html, visit->words, &model);
	} else {
		intake_chooser_html(&html, visit->words, &model);
	}
	page_send(visit, 200, &html, response);
}
