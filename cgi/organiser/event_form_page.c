/* SPDX-License-Identifier: MIT */
/* event_form_page.c: the page on which an event is made, copied or changed. What was typed stays, whatever is wrong with it. */
#include "event_form.h"

#include "controls.h"
#include "event_read.h"
#include "event_words.h"

#include "pages/organiser/event_form.h"

#include <string.h>

enum { EXAMPLE_DAYS = 14, NOTE_ROWS = 3 };

static enum word of(int word)
{
	return (enum word) word;
}

static bool is_post(const struct visit *visit)
{
	return visit->request->method == HTTP_POST;
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

static struct control programmes(const struct visit *visit, const struct event_form *form)
{
	const struct organisation *organisation = visit->organisation;
	size_t count = organisation->programmes_count;
	struct control_option *options = arena_array(visit->arena, count + 1, struct control_option);
	const char *fresh = form->was ? form->was->shown.programme : visit_query(visit, "programme");
	const char *chosen = event_was(visit, "programme", fresh);
	for (size_t i = 0; options && i < count; i++)
		options[i] =
			(struct control_option){.value = organisation->programmes[i].name,
						.label = visit_text(visit, &organisation->programmes[i].title),
						.is_chosen = strcmp(organisation->programmes[i].name, chosen) == 0};
	struct control control = control_options(visit, "programme", WORD_o_event_programme, CONTROL_NO_HINT, options,
						 options ? count : 0);
	control.is_small = true;
	return control;
}

/* One Area: it is not asked. */
static void fill_area(const struct visit *visit, const struct event_form *form, struct page_event_form *page)
{
	size_t count = 0;
	const struct organisation_area **areas = event_areas(visit, ACT_EVENT_WRITE, &count);
	const char *fresh = form->was ? form->was->shown.area : "";
	page->asks_area = count > 1 || visit_wrong_of(visit, "area");
	page->area_one = count == 1 ? areas[0]->name : "";
	struct control_option *options = event_area_options(visit, ACT_EVENT_WRITE, event_was(visit, "area", fresh),
							    WORD_o_event_area_choose, &count);
	page->area = control_options(visit, "area", WORD_o_event_area, CONTROL_NO_HINT, options, count);
}

static bool begins_with_form(const struct event_form *form, const char *name)
{
	for (size_t i = 0; form->was && i < form->was->shown.forms_count; i++)
		if (strcmp(form->was->shown.forms[i].form, name) == 0)
			return true;
	return false;
}

static bool begins_with_language(const struct event_form *form, const char *tag)
{
	for (size_t i = 0; form->was && i < form->was->shown.languages_count; i++)
		if (strcmp(form->was->shown.languages[i], tag) == 0)
			return true;
	return false;
}

static bool is_ticked(const struct visit *visit, const char *name, const char *value)
{
	size_t count = 0;
	const char *const *list = visit_fields(visit, name, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], value) == 0)
			return true;
	return false;
}

static void fill_choices(const struct visit *visit, const struct event_form *form, struct page_event_form *page)
{
	const struct event_choices *choices = &form->choices;
	struct control_option *forms = arena_array(visit->arena, choices->forms_count + 1, struct control_option);
	struct control_option *languages =
		arena_array(visit->arena, choices->languages_count + 1, struct control_option);
	for (size_t i = 0; forms && i < choices->forms_count; i++) {
		const char *name = choices->forms[i].name;
		forms[i] = (struct control_option){.value = name,
						   .label = choices->forms[i].title,
						   .is_chosen = is_post(visit) ? is_ticked(visit, "form", name)
									       : begins_with_form(form, name)};
	}
	for (size_t i = 0; languages && i < choices->languages_count; i++) {
		const char *tag = choices->languages[i].tag;
		languages[i] = (struct control_option){
			.value = tag,
			.label = event_language_name(visit, tag),
			.lang = arena_strndup(visit->arena, tag, strcspn(tag, "-")),
			.hint = choices->languages[i].is_draft ? visit_words(visit, of(WORD_o_event_draft)) : NULL,
			.is_chosen =
				is_post(visit) ? is_ticked(visit, "language", tag) : begins_with_language(form, tag)};
	}
	page->forms = control_options(visit, "form", WORD_o_event_forms, WORD_o_event_forms_hint, forms,
				      forms ? choices->forms_count : 0);
	page->languages = control_options(visit, "language", WORD_o_event_languages, WORD_o_event_languages_hint,
					  languages, languages ? choices->languages_count : 0);
	struct control_option *ways = arena_array(visit->arena, 2, struct control_option);
	bool is_own = strcmp(event_was(visit, "choose", form->was ? "own" : "usual"), "own") == 0;
	if (ways) {
		ways[0] = (struct control_option){.value = "usual",
						  .label = visit_words(visit, of(WORD_o_event_usual)),
						  .hint = visit_words(visit, of(WORD_o_event_usual_hint)),
						  .is_chosen = !is_own};
		ways[1] = (struct control_option){
			.value = "own", .label = visit_words(visit, of(WORD_o_event_own)), .is_chosen = is_own};
	}
	page->choose = control_options(visit, "choose", WORD_o_event_choose, CONTROL_NO_HINT, ways, ways ? 2 : 0);
}

/* One tick box. */
static struct control tick(const struct visit *visit, const char *name, int label, int hint, bool fresh)
{
	struct control_option *option = arena_new(visit->arena, struct control_option);
	if (option)
		*option = (struct control_option){
			.value = "yes",
			.label = visit_words(visit, of(label)),
			.hint = hint >= 0 ? visit_words(visit, of(hint)) : NULL,
			.is_chosen = is_post(visit) ? strcmp(visit_field(visit, name), "yes") == 0 : fresh};
	return control_options(visit, name, label, CONTROL_NO_HINT, option, option ? 1 : 0);
}

static struct control line(const struct visit *visit, const char *name, int label, int hint, const char *fresh)
{
	return control_text(visit, name, label, hint, event_was(visit, name, or_none(fresh)));
}

static struct control number(const struct visit *visit, const char *name, int label, int64_t fresh)
{
	struct control control = control_text(visit, name, label, CONTROL_NO_HINT,
					      event_was(visit, name, event_number_text(visit, fresh)));
	control.inputmode = "numeric";
	control.width = 10;
	return control;
}

static bool is_something(const struct control *control)
{
	return control->error || (control->value && *control->value) || (control->day && *control->day) ||
	       (control->options_count == 1 && control->options[0].is_chosen);
}

/* What is rarely wanted. A copy begins with what is likely to be so again: not with days and numbers of people. */
static void fill_more(const struct visit *visit, const struct event_form *form, struct page_event_form *page)
{
	static const struct office_event_detail nothing = {.expected = OFFICE_UNKNOWN, .reach = OFFICE_UNKNOWN};
	struct office_event_detail was = form->was_detail ? *form->was_detail : nothing;
	if (form->kind == EVENT_FORM_COPY) {
		was.opens_on = was.closes_on = was.next_on = (struct date){0};
		was.reach = was.expected = OFFICE_UNKNOWN;
	}
	page->partner = line(visit, "partner", WORD_o_event_partner, WORD_o_event_partner_hint, was.partner);
	page->communities =
		line(visit, "communities", WORD_o_event_communities, WORD_o_event_communities_hint, was.communities);
	page->topic = line(visit, "topic", WORD_o_event_topic, CONTROL_NO_HINT, was.topic);
	page->strand = line(visit, "strand", WORD_o_event_strand, CONTROL_NO_HINT, was.strand);
	page->expected = number(visit, "expected", WORD_o_event_expected, was.expected);
	page->channel = line(visit, "channel", WORD_o_event_channel, WORD_o_event_channel_hint, was.channel);
	page->reach = number(visit, "reach", WORD_o_event_reach, was.reach);
	page->note = control_area(visit, "note", WORD_o_event_note, WORD_o_event_note_hint,
				  event_was(visit, "note", or_none(was.note)), NOTE_ROWS);
	page->refuge = tick(visit, "refuge", WORD_o_event_refuge, WORD_o_event_refuge_hint, was.is_refuge);
	page->opens = control_date(visit, "opens", WORD_o_event_opens, WORD_o_event_opens_hint, was.opens_on);
	page->closes = control_date(visit, "closes", WORD_o_event_closes, WORD_o_event_closes_hint, was.closes_on);
	page->next = control_date(visit, "next", WORD_o_event_next_on, WORD_o_event_next_on_hint, was.next_on);
	const struct control *const all[] = {&page->partner,  &page->communities, &page->topic,  &page->strand,
					     &page->expected, &page->channel,     &page->reach,  &page->note,
					     &page->refuge,   &page->opens,       &page->closes, &page->next};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		page->is_more_open |= is_something(all[i]);
}

static void fill_asked(const struct visit *visit, const struct event_form *form, struct page_event_form *page)
{
	if (form->unfinished) {
		page->because = line(visit, "because", WORD_o_because, WORD_o_because_hint, "");
		page->unfinished = form->unfinished;
	}
	if (form->twin) {
		page->again = tick(visit, "again", WORD_o_twin, -1, false);
		page->twin = form->twin->shown.title;
		page->twin_url = visit_url(visit, "/events/%s", form->twin->shown.code);
	}
}

static void fill_head(struct visit *visit, const struct event_form *form, struct page_event_form *page)
{
	const char *title = "";
	if (form->kind == EVENT_FORM_NEW)
		title = visit_words(visit,
				    of(form->is_practice ? WORD_o_event_practice_title : WORD_o_event_new_title));
	else
		title = visit_words_with(
			visit, of(form->kind == EVENT_FORM_COPY ? WORD_o_event_copy_title : WORD_o_event_edit_title),
			"title", form->was->shown.title);
	page->title = title;
	page->is_edit = form->kind == EVENT_FORM_EDIT;
	page->is_practice = form->is_practice;
	page->is_fixed = form->is_fixed;
	page->has_no_forms = form->choices.forms_count == 0;
	page->both = form->both;
	page->action = view_url("/events/new");
	page->cancel_url = view_url("/events");
	if (form->was)
		page->cancel_url = visit_url(visit, "/events/%s", form->was->shown.code);
	if (page->is_edit) {
		page->action = visit_url(visit, "/events/%s/edit", form->was->shown.code);
		uint32_t version = form->both.list  ? form->detail.version
				   : is_post(visit) ? event_version_field(visit)
						    : form->was_detail->version;
		page->version = arena_printf(visit->arena, "%u", version);
	}
	page->save = visit_words(visit, of(page->is_edit ? WORD_o_event_save_changes : WORD_o_event_save));
	visit_frame_text(visit, title, "/events");
	if (form->was)
		visit_back(visit, of(WORD_o_event_about), page->cancel_url);
	else
		visit_back(visit, of(WORD_o_nav_events), page->cancel_url);
}

static const char *fixed_forms(const struct visit *visit, const struct event_form *form)
{
	const char *all = "";
	for (size_t i = 0; form->is_fixed && all && i < form->was->shown.forms_count; i++)
		all = arena_printf(visit->arena, "%s%s%s", all, i ? ", " : "",
				   event_form_title(visit, form->was->shown.forms[i].form));
	return all;
}

void event_form_show(struct visit *visit, const struct event_form *form, int status)
{
	struct page_event_form page = {0};
	struct date example = date_from_days(date_days(visit->today) + EXAMPLE_DAYS);
	const char *example_words = arena_printf(visit->arena, "%d %d %d", example.day, example.month, example.year);
	const struct catalogue_event *was = form->was ? &form->was->shown : NULL;
	fill_head(visit, form, &page);
	page.programme = programmes(visit, form);
	page.name = line(visit, "title", WORD_o_event_name, WORD_o_event_name_hint, was ? was->title : "");
	page.day = control_date(visit, "day", WORD_o_event_day, WORD_o_event_day_hint,
				was && page.is_edit ? was->held_on : (struct date){0});
	page.day.hint = visit_words_with(visit, of(WORD_o_event_day_hint), "example", or_none(example_words));
	page.place = line(visit, "place", WORD_o_event_place, WORD_o_event_place_hint, was ? was->place : "");
	fill_area(visit, form, &page);
	fill_choices(visit, form, &page);
	page.fixed_forms = fixed_forms(visit, form);
	fill_more(visit, form, &page);
	fill_asked(visit, form, &page);
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_event_form_html(&body, visit->t, &page);
	visit_page(visit, status, &body);
}
