/* SPDX-License-Identifier: MIT */
/* action_form_page.c: the page on which an action is written and changed. What was typed stays, whatever is wrong with it. */
#include "action_form.h"

#include "action_words.h"
#include "controls.h"
#include "event_choices.h"
#include "event_read.h"
#include "event_words.h"

#include "pages/organiser/action_form.h"

#include <string.h>

enum { ROWS = 4, COMPARED = 40 };

static enum word of(int word)
{
	return (enum word) word;
}

/* ---- controls ----------------------------------------------------------------------------------------------------------------- */

static struct control events(const struct visit *visit, const struct action_form *form)
{
	struct control_option *options = arena_array(visit->arena, form->events_count + 2, struct control_option);
	const char *chosen = event_was(visit, "event", form->event ? form->event->shown.code : "");
	bool is_among = !*chosen;
	size_t count = 0;
	if (options)
		options[count++] = (struct control_option){
			.value = "", .label = visit_words(visit, of(WORD_o_action_event_none)), .is_chosen = is_among};
	for (size_t i = 0; options && i <= form->events_count; i++) {
		const struct office_event *event = i < form->events_count ? form->events[i].event : form->event;
		if (!event || (i == form->events_count && is_among))
			continue;
		const struct words_fill fills[] = {{"title", event->shown.title},
						   {"day", visit_date(visit, event->shown.held_on)}};
		bool is_this = strcmp(event->shown.code, chosen) == 0;
		is_among |= is_this;
		options[count++] = (struct control_option){
			.value = event->shown.code,
			.label = visit_words_fill(visit, of(WORD_o_action_event_option), fills, 2),
			.is_chosen = is_this};
	}
	return control_options(visit, "event", WORD_o_action_event, CONTROL_NO_HINT, options, count);
}

static void fill_area(const struct visit *visit, const struct action_form *form, struct page_action_form *page)
{
	size_t count = 0;
	const struct organisation_area **areas = event_areas(visit, ACT_ACTION_WRITE, &count);
	const char *fresh = form->was ? form->was->area : form->event ? form->event->shown.area : "";
	/* Of an event it is known; the question would only be in the way. */
	page->asks_area = count != 1 && (!form->event || visit_wrong_of(visit, "area"));
	page->area_one = count == 1 ? areas[0]->name : fresh;
	struct control_option *options = event_area_options(visit, ACT_ACTION_WRITE, event_was(visit, "area", fresh),
							    WORD_o_event_area_choose, &count);
	page->area = control_options(visit, "area", WORD_o_action_area, CONTROL_NO_HINT, options, count);
}

static struct control named(const struct visit *visit, const char *name, int label, int hint, int none,
			    const struct organisation_named *list, size_t list_count, const char *fresh)
{
	struct control_option *options = arena_array(visit->arena, list_count + 1, struct control_option);
	const char *chosen = event_was(visit, name, fresh);
	size_t count = 0;
	if (options)
		options[count++] = (struct control_option){.value = "", .label = visit_words(visit, of(none))};
	for (size_t i = 0; options && i < list_count; i++)
		options[count++] = (struct control_option){.value = list[i].name,
							   .label = visit_text(visit, &list[i].title),
							   .is_chosen = strcmp(list[i].name, chosen) == 0};
	return control_options(visit, name, label, hint, options, count);
}

/* COUNT choices with VALUES, LABELS and, where there are any, HINTS (-1: none). */
static struct control choices(const struct visit *visit, const char *name, int label, const char *const *values,
			      const int *labels, const int *hints, size_t count, const char *fresh)
{
	struct control_option *options = arena_array(visit->arena, count, struct control_option);
	const char *chosen = event_was(visit, name, fresh);
	for (size_t i = 0; options && i < count; i++)
		options[i] = (struct control_option){.value = values[i],
						     .label = visit_words(visit, of(labels[i])),
						     .hint = hints[i] >= 0 ? visit_words(visit, of(hints[i])) : NULL,
						     .is_chosen = strcmp(values[i], chosen) == 0};
	return control_options(visit, name, label, CONTROL_NO_HINT, options, options ? count : 0);
}

static void fill_choices(const struct visit *visit, const struct action_form *form, struct page_action_form *page)
{
	static const char *const many[] = {"", "few", "several", "many"};
	static const int many_labels[] = {WORD_o_action_many_unsaid, WORD_o_action_many_few, WORD_o_action_many_several,
					  WORD_o_action_many_many};
	static const char *const states[] = {"heard", "doing", "done", "cannot"};
	static const int state_labels[] = {WORD_o_action_status_heard, WORD_o_action_status_doing,
					   WORD_o_action_status_done, WORD_o_action_status_cannot};
	static const int state_hints[] = {WORD_o_action_status_heard_hint, -1, -1, WORD_o_action_status_cannot_hint};
	static const char *const yes_no[] = {"yes", "no"};
	static const int public_labels[] = {WORD_o_action_public_yes, WORD_o_action_public_no};
	static const int public_hints[] = {WORD_o_action_public_yes_hint, -1}, none[] = {-1, -1, -1, -1};
	const struct office_action *was = form->was;
	page->many =
		choices(visit, "many", WORD_o_action_many, many, many_labels, none, 4, was ? many[was->many] : many[0]);
	page->many.is_small = true;
	page->status = choices(visit, "status", WORD_o_action_status, states, state_labels, state_hints, 4,
			       was ? action_status_name(was->status) : "");
	page->is_public = choices(visit, "public", WORD_o_action_public, yes_no, public_labels, public_hints, 2,
				  was && !was->is_public ? "no" : "yes");
}

/* ---- words in each language ------------------------------------------------------------------------------------------------------ */

static const struct office_action_text *text_in(const struct action_form *form, const char *tag)
{
	for (size_t i = 0; form->was && i < form->was->texts_count; i++)
		if (strcmp(form->was->texts[i].tag, tag) == 0)
			return &form->was->texts[i];
	return NULL;
}

static bool is_something(const struct control *control)
{
	return control->error || (control->value && *control->value) || (control->day && *control->day);
}

static void fill_words(const struct visit *visit, const struct action_form *form, size_t number,
		       struct page_action_words *out)
{
	const char *tag = form->tags[number];
	const struct office_action_text *was = text_in(form, tag);
	const char *lang = arena_strndup(visit->arena, tag, strcspn(tag, "-"));
	bool is_first = number == 0;
	/* What the organisation's own heading says is not typed twice. */
	const char *own = was && !action_theme_saying(visit, was->theme, tag) ? was->theme : "";
	const char *heading = action_field(visit, "heading", tag), *said = action_field(visit, "said", tag),
		   *did = action_field(visit, "did", tag);
	*out = (struct page_action_words){
		.name = event_language_name(visit, tag),
		.lang = lang,
		.heading = control_optional(
			visit, heading, is_first ? WORD_o_action_heading : WORD_o_action_heading_other,
			is_first ? (int) WORD_o_action_heading_hint : CONTROL_NO_HINT, event_was(visit, heading, own)),
		.said = control_area(visit, said, WORD_o_action_said,
				     is_first ? (int) WORD_o_action_said_hint : CONTROL_NO_HINT,
				     event_was(visit, said, was ? was->said : ""), ROWS),
		.did = control_area(visit, did, WORD_o_action_did,
				    is_first ? (int) WORD_o_action_did_hint : CONTROL_NO_HINT,
				    event_was(visit, did, was ? was->did : ""), ROWS),
	};
	out->heading.lang = out->said.lang = out->did.lang = lang;
	out->is_open = is_something(&out->heading) || is_something(&out->said) || is_something(&out->did);
}

static void fill_languages(const struct visit *visit, const struct action_form *form, struct page_action_form *page)
{
	struct page_action_words *others = arena_array(visit->arena, form->tags_count, struct page_action_words);
	fill_words(visit, form, 0, &page->first);
	for (size_t i = 1; others && i < form->tags_count; i++)
		fill_words(visit, form, i, &others[page->others_count++]);
	page->others = others;
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------------- */

/* A new one is promised by the day on which people expect to hear. */
static struct date due_at_first(struct visit *visit, const struct action_form *form)
{
	struct office_event_detail detail;
	if (form->event && office_event_detail(visit->office, form->event->shown.code, visit->arena, &detail) == ERR_OK)
		return event_next_on(&form->event->shown, &detail);
	return date_from_days(date_days(visit->today) + EVENT_NEXT_DAYS);
}

static void fill_more(struct visit *visit, const struct action_form *form, struct page_action_form *page)
{
	static const struct office_action nothing = {.owner = "", .partner = "", .evidence = ""};
	const struct office_action *was = form->was ? form->was : &nothing;
	const struct date due = form->was ? was->due : due_at_first(visit, form);
	page->owner = control_text(visit, "owner", WORD_o_action_owner, WORD_o_action_owner_hint,
				   event_was(visit, "owner", was->owner));
	page->due = control_date(visit, "due", WORD_o_action_due, WORD_o_action_due_hint, due);
	page->partner = control_optional(visit, "partner", WORD_o_action_partner, WORD_o_action_partner_hint,
					 event_was(visit, "partner", was->partner));
	page->evidence = control_optional(visit, "evidence", WORD_o_action_evidence, WORD_o_action_evidence_hint,
					  event_was(visit, "evidence", was->evidence));
	page->evidence.type = "url";
	page->evidence.inputmode = "url";
	page->said_on = control_date(visit, "said_on", WORD_o_action_said_on, CONTROL_NO_HINT, was->said_on);
	page->done_on = control_date(visit, "done_on", WORD_o_action_done_on, CONTROL_NO_HINT, was->done_on);
	page->is_more_open = is_something(&page->partner) || is_something(&page->evidence) || page->said_on.error ||
			     page->done_on.error;
}

static struct control sure(const struct visit *visit)
{
	struct control_option *option = arena_new(visit->arena, struct control_option);
	if (option)
		*option = (struct control_option){.value = "yes",
						  .label = visit_words(visit, of(WORD_o_action_remove_sure))};
	return control_options(visit, "sure", WORD_o_action_remove_sure, CONTROL_NO_HINT, option, option ? 1 : 0);
}

void action_form_show(struct visit *visit, const struct action_form *form, int status)
{
	const struct office_action *was = form->was;
	const struct organisation *organisation = visit->organisation;
	const char *title = visit_words(visit, of(was ? WORD_o_action_edit_title : WORD_o_action_new_title));
	const struct organisation_named *theme =
		was && was->texts_count ? action_theme_saying(visit, was->texts[0].theme, was->texts[0].tag) : NULL;
	struct page_action_form page = {
		.title = title,
		.action = was ? visit_url(visit, "/actions/%lld", (long long) was->id) : view_url("/actions/new"),
		.cancel_url = form->event ? visit_url(visit, "/actions?event=%s", form->event->shown.code)
					  : view_url("/actions"),
		.version = was ? arena_printf(visit->arena, "%u", form->version) : NULL,
		.both = form->both,
		.event = events(visit, form),
		.theme = named(visit, "theme", WORD_o_action_theme, WORD_o_action_theme_hint, WORD_o_action_theme_own,
			       organisation->themes, organisation->themes_count, theme ? theme->name : ""),
		.aim = named(visit, "aim", WORD_o_action_aim, CONTROL_NO_HINT, WORD_o_action_aim_none,
			     organisation->aims, organisation->aims_count, was ? was->aim : ""),
		.has_aims = organisation->aims_count > 0,
		.remove = was ? visit_url(visit, "/actions/%lld/remove", (long long) was->id) : (struct safe_url){""},
		.sure = sure(visit),
		.is_remove_open = form->removes,
	};
	fill_area(visit, form, &page);
	fill_choices(visit, form, &page);
	fill_languages(visit, form, &page);
	fill_more(visit, form, &page);
	visit_frame_text(visit, title, "/actions");
	visit_back(visit, of(WORD_o_actions_title), page.cancel_url);
	page.page = visit->page;
	visit_print(visit, status, organiser_action_form_html, &page);
}

/* ---- two people at once ---------------------------------------------------------------------------------------------------------------- */

struct comparing {
	const struct visit *visit;
	struct page_difference *list;
	size_t count;
};

static void compare_named(struct comparing *comparing, const char *name, const char *theirs, const char *yours)
{
	if (strcmp(theirs, yours) != 0 && comparing->count < COMPARED)
		comparing->list[comparing->count++] = (struct page_difference){name, theirs, yours};
}

static void compare(struct comparing *comparing, int label, const char *theirs, const char *yours)
{
	compare_named(comparing, visit_words(comparing->visit, of(label)), theirs, yours);
}

static const struct office_action_text *text_of(const struct office_action *action, const char *tag)
{
	static const struct office_action_text nothing = {"", "", "", ""};
	for (size_t i = 0; i < action->texts_count; i++)
		if (strcmp(action->texts[i].tag, tag) == 0)
			return &action->texts[i];
	return &nothing;
}

static void compare_words(struct comparing *comparing, const char *tag, const struct office_action *now,
			  const struct office_action *read)
{
	static const int labels[] = {WORD_o_action_heading_other, WORD_o_action_said, WORD_o_action_did};
	const struct visit *visit = comparing->visit;
	const struct office_action_text *theirs = text_of(now, tag), *yours = text_of(read, tag);
	const char *const pairs[][2] = {
		{theirs->theme, yours->theme}, {theirs->said, yours->said}, {theirs->did, yours->did}};
	for (size_t i = 0; i < 3; i++) {
		const struct words_fill fills[] = {{"what", visit_words(visit, of(labels[i]))},
						   {"language", event_language_name(visit, tag)}};
		compare_named(comparing, visit_words_fill(visit, of(WORD_o_action_in), fills, 2), pairs[i][0],
			      pairs[i][1]);
	}
}

static const char *event_title(struct visit *visit, const char *code)
{
	struct office_event *event = NULL;
	if (!*code || office_event_get(visit->office, code, visit->arena, &event) != ERR_OK)
		return code;
	return event->shown.title;
}

void action_form_compare(struct visit *visit, struct action_form *form, const struct office_action *now)
{
	struct comparing comparing = {visit, arena_array(visit->arena, COMPARED, struct page_difference), 0};
	const struct office_action *read = &form->read;
	if (!comparing.list)
		return;
	compare(&comparing, WORD_o_action_event, event_title(visit, now->event), event_title(visit, read->event));
	compare(&comparing, WORD_o_action_area, visit_area(visit, now->area), visit_area(visit, read->area));
	for (size_t i = 0; i < form->tags_count; i++)
		compare_words(&comparing, form->tags[i], now, read);
	for (size_t i = 0; i < now->texts_count; i++) {
		bool is_known = false;
		for (size_t k = 0; k < form->tags_count; k++)
			is_known |= strcmp(form->tags[k], now->texts[i].tag) == 0;
		if (!is_known)
			compare_words(&comparing, now->texts[i].tag, now, read);
	}
	compare(&comparing, WORD_o_action_many, action_many_words(visit, now->many),
		action_many_words(visit, read->many));
	compare(&comparing, WORD_o_action_status, action_status_words(visit, now->status),
		action_status_words(visit, read->status));
	compare(&comparing, WORD_o_action_owner, now->owner, read->owner);
	compare(&comparing, WORD_o_action_due, visit_date(visit, now->due), visit_date(visit, read->due));
	compare(&comparing, WORD_o_action_aim, action_aim_words(visit, now->aim), action_aim_words(visit, read->aim));
	compare(&comparing, WORD_o_action_public,
		visit_words(visit, of(now->is_public ? WORD_o_action_public_yes : WORD_o_action_public_no)),
		visit_words(visit, of(read->is_public ? WORD_o_action_public_yes : WORD_o_action_public_no)));
	compare(&comparing, WORD_o_action_partner, now->partner, read->partner);
	compare(&comparing, WORD_o_action_evidence, now->evidence, read->evidence);
	compare(&comparing, WORD_o_action_said_on, visit_date(visit, now->said_on), visit_date(visit, read->said_on));
	compare(&comparing, WORD_o_action_done_on, visit_date(visit, now->done_on), visit_date(visit, read->done_on));
	form->both = (struct page_differences){comparing.list, comparing.count};
	form->version = now->version;
}
