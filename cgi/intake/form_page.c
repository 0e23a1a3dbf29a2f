/* SPDX-License-Identifier: MIT */
/* form_page.c: a form version, a face and what was typed become the model of the page, and its HTML. */
#include "form_page.h"

#include "kiosk_page.h"
#include "mistake_words.h"
#include "page.h"
#include "question_page.h"
#include "sound_page.h"

#include "pages/intake/form.h"
#include "static_names.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Paragraphs of an intro are separated by blank lines. */
static void fill_intro(const struct visit *visit, const struct page_text *intro, struct page_section *section)
{
	if (!intro->text)
		return;
	size_t most = 1;
	for (const char *at = intro->text; (at = strstr(at, "\n\n")) != NULL; at += 2)
		most++;
	struct page_text *paragraphs = arena_array(visit->arena, most, struct page_text);
	section->intro = paragraphs;
	for (const char *at = intro->text; paragraphs && *at;) {
		const char *end = strstr(at, "\n\n");
		size_t length = end ? (size_t) (end - at) : strlen(at);
		paragraphs[section->intro_count++] =
			(struct page_text){arena_strndup(visit->arena, at, length), intro->lang};
		at += length + strspn(at + length, "\n");
	}
}

/* What stands behind a question that needs an answer, and behind one that needs none; WORD_COUNT: nothing. */
struct marks {
	enum word needed, optional;
};

/* Whichever are fewer are marked, and the page says so once before the first question (GOV.UK Design System, question pages). */
static struct marks choose_marks(const struct visit *visit, struct page_form *model)
{
	const struct form *form = visit->form;
	size_t asked = 0, needed = 0;
	for (size_t i = 0; i < form->pages_count; i++) {
		for (size_t j = 0; j < form->pages[i].questions_count; j++) {
			const struct question *question = &form->pages[i].questions[j];
			if (question->type == QUESTION_NOTE || !form_asks(form, visit->language, question))
				continue;
			asked++;
			needed += question->is_required;
		}
	}
	bool is_mostly_needed = 2 * needed > asked;
	enum word skipping = is_mostly_needed ? WORD_optional_marked_hint : WORD_needed_hint;
	if (needed < asked)
		model->skipping = visit_words(visit, needed ? skipping : WORD_optional_hint);
	return (struct marks){
		.needed = is_mostly_needed ? WORD_COUNT : WORD_needed,
		.optional = is_mostly_needed ? WORD_optional : WORD_COUNT,
	};
}

static void mark(const struct visit *visit, const struct marks *marks, const struct page_frame *page,
		 struct page_question *question)
{
	enum word word = question->is_required ? marks->needed : marks->optional;
	if (word == WORD_COUNT || question->is_note)
		return;
	question->mark = (struct page_text){visit_words(visit, word), question->label.lang ? page->lang : NULL};
}

/* Words, drawings and styles that only some kinds need are only sent where there is one. */
static void take_note(const struct page_question *question, struct page_form *model)
{
	model->questions_count += !question->is_note;
	model->has_faces = model->has_faces || question->is_faces;
	model->has_text = model->has_text || question->is_text;
	model->has_number = model->has_number || question->is_number;
	model->has_date = model->has_date || question->is_date;
	model->has_rank = model->has_rank || question->is_rank;
	model->has_refusal = model->has_refusal || question->refusal;
	bool has_ticks = question->is_select_multiple && question->fields_count > 0; /* none for want of memory */
	for (size_t i = 0; has_ticks && i < question->fields[0].items_count; i++)
		model->has_exclusive = model->has_exclusive || question->fields[0].items[i].is_exclusive;
	if (model->page.kiosk.is_on)
		return; /* its sheet has everything */
	if (question->is_scale || question->is_grid || question->is_rank || question->is_number || question->is_date)
		model->page.css = (struct safe_url){STATIC_KINDS_CSS};
}

static void fill_sections(const struct visit *visit, const struct draft *draft, struct page_form *model)
{
	const struct form *form = visit->form;
	const struct marks marks = choose_marks(visit, model);
	struct page_section *sections = arena_array(visit->arena, form->pages_count, struct page_section);
	model->sections = sections;
	for (size_t i = 0; sections && i < form->pages_count; i++) {
		struct page_section *section = &sections[model->sections_count];
		*section = (struct page_section){
			.name = form->pages[i].name,
			.title = question_page_text(visit, &form->pages[i].title),
			.is_apart = form->pages[i].is_apart,
		};
		struct page_text intro = question_page_text(visit, &form->pages[i].intro);
		fill_intro(visit, &intro, section);
		struct page_question *questions =
			arena_array(visit->arena, form->pages[i].questions_count, struct page_question);
		section->questions = questions;
		for (size_t j = 0; questions && j < form->pages[i].questions_count; j++) {
			const struct question *question = &form->pages[i].questions[j];
			if (!form_asks(form, visit->language, question))
				continue;
			struct page_question *asked = &questions[section->questions_count++];
			question_page(visit, draft, question, asked);
			asked->sound = sound_page_question(visit, question);
			mark(visit, &marks, &model->page, asked);
			take_note(asked, model);
		}
		model->sections_count += section->questions_count > 0;
	}
}

static void fill_errors(const struct visit *visit, const struct draft *draft, struct page_form *model)
{
	struct page_error *errors = arena_array(visit->arena, draft->mistakes.count, struct page_error);
	model->errors = errors;
	model->errors_count = errors ? draft->mistakes.count : 0;
	for (size_t i = 0; i < model->errors_count; i++) {
		const struct mistake *mistake = &draft->mistakes.list[i];
		errors[i].message = mistake_words(visit, mistake);
		const char *href = arena_printf(visit->arena, "#%s", mistake_words_control(visit, mistake));
		errors[i].href = view_url(href ? href : "#");
	}
}

/* What the organisers write to attendees is in the event's own language, as far as anybody knows. */
static void fill_note(const struct visit *visit, struct page_form *model)
{
	const struct catalogue_event *event = visit->event;
	const char *own = event->languages[0];
	size_t base = strcspn(own, "-");
	model->note = event->note ? event->note : "";
	if (strncmp(visit->tag, own, base) != 0 || (visit->tag[base] != '\0' && visit->tag[base] != '-'))
		model->note_lang = arena_strndup(visit->arena, own, base);
}

void form_page(const struct visit *visit, int status, const struct draft *draft, struct http_response *response)
{
	struct page_form model = {
		.action =
			route_event(visit->route.how, visit->event->code, visit->route.form, visit->tag, visit->arena),
		.event_title = visit_is_careful(visit) ? "" : visit->event->title,
		.event_place = visit->event->place,
		.event_date = visit_date(visit, visit->event->held_on),
		.version = visit->form->version,
		.edit = draft->edit,
		.at = draft->at,
		.face = visit->tag,
		.kept = draft->kept,
		.kept_count = draft->kept_count,
		.is_not_saved = draft->is_not_saved,
	};
	fill_note(visit, &model);
	char nonce[2 * ENVELOPE_NONCE_BYTES + 1];
	codec_hex(draft->nonce, sizeof draft->nonce, nonce);
	model.nonce = nonce;
	struct page_text time = question_page_text(visit, &visit->form->time);
	model.time = time.text;
	struct page_text title = question_page_text(visit, &visit->form->title);
	page_fill(visit, title.text, &model.page);
	model.page.is_form = true;
	model.page.has_errors = draft->mistakes.count > 0;
	model.page.js = view_url(model.page.sounds.is_on ? STATIC_LISTEN_JS : STATIC_FORM_JS);
	if (kiosk_page_is_on(visit))
		kiosk_page_frame(visit, "form", &model.page);
	else
		model.emergency = page_helplines(visit, true, &model.emergency_count);
	struct safe_url css = model.page.css;
	fill_sections(visit, draft, &model);
	if (visit->route.how != ROUTE_PLAIN) /* one sheet has everything there */
		model.page.css = css;
	fill_errors(visit, draft, &model);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_form_html(&html, visit->words, &model);
	page_send(visit, status, &html, response);
}

void form_page_json(const struct visit *visit, int status, const struct draft *draft, struct http_response *response)
{
	json_auto_t *list = json_array();
	bool is_whole = list != NULL;
	for (size_t i = 0; is_whole && i < draft->mistakes.count; i++) {
		const struct mistake *mistake = &draft->mistakes.list[i];
		const char *name = visit->form->fields[mistake->field].name;
		is_whole = json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "field", name, "id",
								 mistake_words_control(visit, mistake), "message",
								 mistake_words(visit, mistake))) == 0;
	}
	json_t *object = !is_whole
				 ? NULL
				 : json_pack("{s:s, s:i, s:O}", "state", draft->is_not_saved ? "not-saved" : "mistakes",
					     "edit", (int) draft->edit, "mistakes", list);
	page_send_json(visit, status, object, response);
}
