/* SPDX-License-Identifier: MIT */
/* form_page.c: a form version, a face and what was typed become the model of the page, and its HTML. */
#include "form_page.h"

#include "page.h"

#include "lib/form/expr.h"
#include "pages/intake/form.h"
#include "static_names.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct page_text in_page(const struct visit *visit, const struct text *text)
{
	struct page_text out = {NULL, NULL};
	out.text = visit_text(visit, text, &out.lang);
	return out;
}

static const char *required_message(const struct visit *visit, const struct question *question, const char **lang)
{
	const char *own = visit_text(visit, &question->required_message, lang);
	if (own)
		return own;
	const char *label = visit_text(visit, &question->label, lang);
	return visit_words_with(visit, question->type == QUESTION_TEXT ? WORD_error_enter : WORD_error_select, "label",
				label);
}

const char *form_page_mistake(const struct visit *visit, const struct mistake *mistake)
{
	const struct question *question = visit->form->fields[mistake->field].question;
	const char *lang = NULL;
	const char *label = visit_text(visit, &question->label, &lang);
	const char *own = NULL;
	switch (mistake->kind) {
	case MISTAKE_REQUIRED:
		return required_message(visit, question, &lang);
	case MISTAKE_TOO_LONG:
		return visit_words_with(visit, WORD_error_too_long, "max",
					arena_printf(visit->arena, "%u", question->max_utf16));
	case MISTAKE_EXCLUSIVE:
		return visit_words_with(visit, WORD_error_exclusive, "choice",
					visit_text(visit, &mistake->exclusive->label, &lang));
	case MISTAKE_CONSTRAINT:
		own = visit_text(visit, &question->constraint_message, &lang);
		return own ? own : visit_words_with(visit, WORD_error_constraint, "label", label);
	case MISTAKE_NOT_NUMBER:
	case MISTAKE_NOT_WHOLE:
	case MISTAKE_TOO_FINE:
	case MISTAKE_TOO_SMALL:
	case MISTAKE_TOO_LARGE:
	case MISTAKE_DATE_PART:
	case MISTAKE_NOT_DATE:
	case MISTAKE_SAME_PLACE:
	case MISTAKE_NOTHING:
	case MISTAKE_KIND_COUNT:
		break;
	}
	return visit_words(visit, WORD_error_nothing);
}

static bool is_chosen(const struct answer *answer, const struct choice *choice)
{
	for (size_t i = 0; answer && i < answer->choices_count; i++)
		if (answer->choices[i] == choice || strcmp(answer->choices[i]->name, choice->name) == 0)
			return true;
	return false;
}

static const struct choice_group *find_group(const struct choice_list *list, const char *name)
{
	for (size_t i = 0; i < list->groups_count; i++)
		if (strcmp(list->groups[i].name, name) == 0)
			return &list->groups[i];
	return NULL;
}

static void fill_items(const struct visit *visit, const struct field *field, const struct answer *answer,
		       struct page_field *out)
{
	const struct choice_list *list = form_list(visit->form, visit->language, field->question);
	struct page_item *items = arena_array(visit->arena, list->choices_count, struct page_item);
	if (!items)
		return;
	const char *open_group = NULL;
	bool is_divided = false;
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		struct page_item *item = &items[i];
		*item = (struct page_item){
			.id = i ? arena_printf(visit->arena, "%s-%zu", field->name, i + 1) : field->name,
			.name = field->name,
			.value = choice->name,
			.label = in_page(visit, &choice->label),
			.is_checked = is_chosen(answer, choice),
			.is_exclusive = choice->is_exclusive,
			.face = field->question->is_faces ? choice->face : 0,
		};
		bool stands_apart = choice->is_exclusive || choice->is_refusal;
		item->has_divider = stands_apart && !is_divided && i > 0;
		is_divided = is_divided || stands_apart;
		bool is_same = open_group == choice->group ||
			       (open_group && choice->group && strcmp(open_group, choice->group) == 0);
		if (!is_same) {
			item->ends_group = open_group != NULL;
			const struct choice_group *group = choice->group ? find_group(list, choice->group) : NULL;
			if (group)
				item->group = in_page(visit, &group->label);
			open_group = choice->group;
		}
	}
	out->items = items;
	out->items_count = list->choices_count;
	out->ends_in_group = open_group != NULL;
}

static const char *join_ids(const struct visit *visit, const char *first, const char *second, const char *third)
{
	if (!first && !second && !third)
		return NULL;
	const char *joined =
		arena_printf(visit->arena, "%s%s%s%s%s", first ? first : "", first && (second || third) ? " " : "",
			     second ? second : "", second && third ? " " : "", third ? third : "");
	return joined;
}

static const char *find_mistake(const struct visit *visit, const struct draft *draft, int field)
{
	for (size_t i = 0; i < draft->mistakes.count; i++)
		if (draft->mistakes.list[i].field == field && draft->mistakes.list[i].kind != MISTAKE_NOTHING)
			return form_page_mistake(visit, &draft->mistakes.list[i]);
	return NULL;
}

static void fill_field(const struct visit *visit, const struct draft *draft, int index,
		       const struct page_question *question, struct page_field *out)
{
	const struct field *field = &visit->form->fields[index];
	const struct answer *answer = draft->answers ? &draft->answers->of[index] : NULL;
	*out = (struct page_field){
		.name = field->name,
		.id = field->name,
		.value = answer && answer->text ? answer->text : "",
		.max = field->question->max_utf16,
		.error = find_mistake(visit, draft, index),
	};
	bool is_plain = field->question->faces[visit->language].pair == PAIR_PLAIN;
	if (field->part == FIELD_BEFORE) {
		out->label = in_page(visit, &field->question->label_before);
		if (!out->label.text)
			out->label.text = visit_words(visit, WORD_before_today);
	} else if (field->part == FIELD_NOW && !is_plain) {
		out->label = in_page(visit, &field->question->label_now);
		if (!out->label.text)
			out->label.text = visit_words(visit, WORD_now);
	}
	if (out->error)
		out->error_id = arena_printf(visit->arena, "%s-error", field->name);
	/* A pair's hint belongs to the fieldset around both halves. */
	const char *hint = question->is_pair ? NULL : question->hint_id;
	const char *when = question->is_pair ? NULL : question->when_id;
	const char *count =
		field->question->type == QUESTION_TEXT ? arena_printf(visit->arena, "%s-info", field->name) : NULL;
	out->described_by = join_ids(visit, join_ids(visit, when, hint, NULL), out->error_id, count);
	if (field->question->type == QUESTION_SELECT_ONE || field->question->type == QUESTION_SELECT_MULTIPLE)
		fill_items(visit, field, answer, out);
}

static void fill_question(const struct visit *visit, const struct draft *draft, const struct question *source,
			  struct page_question *out)
{
	*out = (struct page_question){
		.name = source->name,
		.label = in_page(visit, &source->label),
		.hint = in_page(visit, &source->hint),
		.when = in_page(visit, &source->relevant_when),
		.is_select_one = source->type == QUESTION_SELECT_ONE,
		.is_select_multiple = source->type == QUESTION_SELECT_MULTIPLE,
		.is_text = source->type == QUESTION_TEXT,
		.is_note = source->type == QUESTION_NOTE,
		.is_pair = source->is_pair && source->faces[visit->language].pair == PAIR_BOTH,
		.is_faces = source->is_faces,
		.is_multiline = source->is_multiline,
		.is_required = source->is_required,
		.step = source->group ? source->group : source->name,
	};
	if (!out->hint.text && out->is_select_multiple)
		out->hint.text = visit_words(visit, WORD_choose_many);
	if (out->hint.text)
		out->hint_id = arena_printf(visit->arena, "%s-hint", source->name);
	if (out->when.text)
		out->when_id = arena_printf(visit->arena, "%s-when", source->name);
	const char *ignored = NULL;
	if (source->is_required)
		out->required_message = required_message(visit, source, &ignored);
	if (source->relevant_expr)
		out->relevant_json = expr_to_json(source->relevant_expr, visit->arena);
	struct page_field *fields = arena_array(visit->arena, 2, struct page_field);
	out->fields = fields;
	for (size_t i = 0; fields && i < visit->form->fields_count; i++) {
		const struct field *field = &visit->form->fields[i];
		if (field->question != source || !form_asks_field(visit->form, visit->language, field))
			continue;
		struct page_field *target = &fields[out->fields_count++];
		fill_field(visit, draft, (int) i, out, target);
		out->has_error = out->has_error || target->error;
	}
}

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

static void fill_sections(const struct visit *visit, const struct draft *draft, struct page_form *model)
{
	const struct form *form = visit->form;
	struct page_section *sections = arena_array(visit->arena, form->pages_count, struct page_section);
	model->sections = sections;
	for (size_t i = 0; sections && i < form->pages_count; i++) {
		struct page_section *section = &sections[model->sections_count];
		*section = (struct page_section){
			.name = form->pages[i].name,
			.title = in_page(visit, &form->pages[i].title),
			.is_apart = form->pages[i].is_apart,
		};
		struct page_text intro = in_page(visit, &form->pages[i].intro);
		fill_intro(visit, &intro, section);
		struct page_question *questions =
			arena_array(visit->arena, form->pages[i].questions_count, struct page_question);
		section->questions = questions;
		for (size_t j = 0; questions && j < form->pages[i].questions_count; j++) {
			const struct question *question = &form->pages[i].questions[j];
			if (!form_asks(form, visit->language, question))
				continue;
			fill_question(visit, draft, question, &questions[section->questions_count++]);
			model->questions_count += question->type != QUESTION_NOTE;
			model->has_faces = model->has_faces || question->is_faces;
			model->has_text = model->has_text || question->type == QUESTION_TEXT;
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
		errors[i].message = form_page_mistake(visit, mistake);
		const char *href = arena_printf(visit->arena, "#%s", visit->form->fields[mistake->field].name);
		errors[i].href = view_url(href ? href : "#");
	}
}

void form_page(const struct visit *visit, int status, const struct draft *draft, struct http_response *response)
{
	struct page_form model = {
		.action = route_event(visit->event->code, visit->route.form, visit->tag, visit->arena),
		.event_title = visit->form->safety == FORM_SAFETY_EXIT_PAGE ? "" : visit->event->title,
		.event_place = visit->event->place,
		.event_date = visit_date(visit, visit->event->held_on),
		.version = visit->form->version,
		.edit = draft->edit,
		.at = draft->at,
		.face = visit->tag,
		.kept = draft->kept,
		.kept_count = draft->kept_count,
		.is_not_saved = draft->is_not_saved,
		.is_kiosk = visit->app->conf.mode == CONF_MODE_KIOSK,
	};
	struct page_thanks thanks;
	thanks_model(visit, &thanks);
	model.thanks = &thanks;
	char nonce[2 * ENVELOPE_NONCE_BYTES + 1];
	codec_hex(draft->nonce, sizeof draft->nonce, nonce);
	model.nonce = nonce;
	struct page_text time = in_page(visit, &visit->form->time);
	model.time = time.text;
	struct page_text title = in_page(visit, &visit->form->title);
	page_fill(visit, title.text, &model.page);
	model.page.is_form = true;
	model.page.has_errors = draft->mistakes.count > 0;
	model.page.js = (struct safe_url){STATIC_FORM_JS};
	model.emergency = page_helplines(visit, true, &model.emergency_count);
	fill_sections(visit, draft, &model);
	fill_errors(visit, draft, &model);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_form_html(&html, visit->words, &model);
	page_send(visit, status, &html, response);
}

void form_page_json(const struct visit *visit, int status, const struct draft *draft, struct http_response *response)
{
	json_t *list = json_array();
	for (size_t i = 0; i < draft->mistakes.count; i++) {
		const struct mistake *mistake = &draft->mistakes.list[i];
		const char *name = visit->form->fields[mistake->field].name;
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "field", name, "id", name, "message",
						      form_page_mistake(visit, mistake)));
	}
	json_t *object = json_pack("{s:s, s:i, s:o}", "state", draft->is_not_saved ? "not-saved" : "mistakes", "edit",
				   (int) draft->edit, "mistakes", list);
	char *json = object ? json_dumps(object, JSON_COMPACT) : NULL;
	page_send_json(status, json ? arena_strdup(visit->arena, json) : NULL, response);
	free(json);
	json_decref(object);
}
