/* SPDX-License-Identifier: MIT */
/* pages_actions.c: you said, we did: the list, overdue first; one action, written, changed, read and removed. */
#include "action_form.h"
#include "action_words.h"
#include "event_choices.h"
#include "event_form.h"
#include "event_words.h"
#include "routes.h"

#include "lib/view/organiser_loop.h"
#include "pages/organiser/action.h"
#include "pages/organiser/actions.h"

#include <string.h>

enum { PAGE_LINES = 25, LATE_LINES = 100, PARTS_MAX = 10000, FACTS_MAX = 12 };

static enum word of(int word)
{
	return (enum word) word;
}

/* ---- the list --------------------------------------------------------------------------------------------------------------------- */

/* What to look for: in the Areas that this account may read, of one event where the query names one. */
static enum err search_of(struct visit *visit, const struct office_event *event, struct office_action_search *out)
{
	*out = (struct office_action_search){
		.event = event ? event->shown.code : "", .today = visit->today, .most = PAGE_LINES};
	if (may_everywhere(visit->account, ACT_ACTION_READ))
		return ERR_OK;
	size_t count = 0;
	const struct organisation_area **areas = event_areas(visit, ACT_ACTION_READ, &count);
	const char **names = arena_array(visit->arena, count + 1, const char *);
	for (size_t i = 0; names && i < count; i++)
		names[i] = areas[i]->name;
	out->areas = names;
	out->areas_count = count;
	return names ? ERR_OK : ERR_NOMEM;
}

/* The number of a part in the query, from 0. */
static size_t part_of(const struct visit *visit, const char *name)
{
	size_t part = 0;
	for (const char *at = visit_query(visit, name); *at >= '0' && *at <= '9' && part < PARTS_MAX; at++)
		part = 10 * part + (size_t) (*at - '0');
	return part > 0 ? part - 1 : 0;
}

static struct safe_url part_url(const struct visit *visit, const char *name, const struct office_event *event,
				size_t part)
{
	return visit_url(visit, "/actions?%s=%zu%s%s", name, part + 1, event ? "&event=" : "",
			 event ? event->shown.code : "");
}

static struct page_pager pager_of(const struct visit *visit, const char *name, const struct office_event *event,
				  const struct office_action_search *search, size_t count, size_t total)
{
	size_t part = search->skip / search->most, end = search->skip + count;
	return (struct page_pager){
		.first = search->skip + 1,
		.last = end,
		.total = total,
		.previous_url = part > 0 ? part_url(visit, name, event, part - 1) : (struct safe_url){""},
		.next_url = end < total ? part_url(visit, name, event, part + 1) : (struct safe_url){""},
	};
}

/* Those that were due before today. The first part stands above all others and says how many more there are; each further part is a page
 * of its own. */
static enum err fill_late(struct visit *visit, const struct office_event *event, struct office_action_search search,
			  struct page_actions *page)
{
	struct office_action *list = NULL;
	size_t count = 0, total = 0, part = part_of(visit, "late");
	search.due_only = true;
	search.today = date_from_days(date_days(visit->today) - 1);
	search.skip = part * LATE_LINES;
	search.most = LATE_LINES;
	enum err error = office_action_find(visit->office, &search, visit->arena, &list, &count, &total);
	struct page_line *lines = arena_array(visit->arena, count + 1, struct page_line);
	for (size_t i = 0; !error && lines && i < count; i++)
		if (action_is_late(visit, &list[i]))
			lines[page->late.lines_count++] = action_line(visit, &list[i]);
	page->late.lines = lines;
	page->has_any = part > 0;
	if (part > 0) {
		page->pager = pager_of(visit, "late", event, &search, count, total);
	} else if (count < total) {
		page->late_more_url = part_url(visit, "late", event, 1);
		page->late_more = visit_words_with(visit, of(WORD_o_actions_late_more), "count",
						   arena_printf(visit->arena, "%zu", total - count));
	}
	return error;
}

static enum err fill_all(struct visit *visit, const struct office_event *event, struct office_action_search search,
			 struct page_actions *page)
{
	struct office_action *list = NULL;
	size_t count = 0, total = 0;
	search.skip = part_of(visit, "part") * PAGE_LINES;
	enum err error = office_action_find(visit->office, &search, visit->arena, &list, &count, &total);
	struct page_line *lines = arena_array(visit->arena, count + 1, struct page_line);
	for (size_t i = 0; !error && lines && i < count; i++)
		if (!action_is_late(visit, &list[i])) /* those stand above */
			lines[page->all.lines_count++] = action_line(visit, &list[i]);
	page->all.lines = lines;
	page->has_any = total > 0;
	if (total > PAGE_LINES)
		page->pager = pager_of(visit, "part", event, &search, count, total);
	return error;
}

static bool is_over(enum event_state state)
{
	return state == EVENT_GRACE || state == EVENT_CLOSED || state == EVENT_RELEASED;
}

static const struct office_event *event_of_query(struct visit *visit, enum err *error)
{
	const char *code = visit_query(visit, "event");
	struct office_event *event = NULL;
	*error = *code ? office_event_get(visit->office, code, visit->arena, &event) : ERR_OK;
	if (!*error && event && !may(visit->account, ACT_ACTION_READ, event->shown.area))
		*error = ERR_NOT_FOUND;
	return *error ? NULL : event;
}

void actions_page(struct visit *visit)
{
	enum err error;
	const struct office_event *event = event_of_query(visit, &error);
	struct office_action_search search;
	struct page_actions page = {.title = visit_words(visit, of(WORD_o_actions_title)),
				    .add_url = view_url("/actions/new")};
	if (!error)
		error = search_of(visit, event, &search);
	if (!error && part_of(visit, "part") == 0)
		error = fill_late(visit, event, search, &page);
	if (!error && part_of(visit, "late") == 0)
		error = fill_all(visit, event, search, &page);
	if (error) {
		if (error == ERR_NOT_FOUND)
			visit_missing(visit);
		else
			visit_failed(visit, error);
		return;
	}
	page.may_add = event ? may(visit->account, ACT_ACTION_WRITE, event->shown.area)
			     : may_somewhere(visit->account, ACT_ACTION_WRITE);
	if (event) {
		page.is_of_event = true;
		page.title = visit_words_with(visit, of(WORD_o_actions_of), "title", event->shown.title);
		page.add_url = visit_url(visit, "/actions/new?event=%s", event->shown.code);
		if (is_over(event->shown.state))
			page.see_url = event_address_url(visit, event->shown.code);
	}
	visit_frame_text(visit, page.title, "/actions");
	if (event)
		visit_back(visit, of(WORD_o_events_title), visit_url(visit, "/events/%s", event->shown.code));
	visit->page.is_wide = true;
	page.page = visit->page;
	visit_print(visit, 200, organiser_actions_html, &page);
}

/* ---- reading one -------------------------------------------------------------------------------------------------------------------- */

static void add_fact(const struct visit *visit, struct page_fact *facts, size_t *count, int name, const char *value)
{
	if (value && *value && *count < FACTS_MAX)
		facts[(*count)++] = (struct page_fact){.name = visit_words(visit, of(name)), .value = value};
}

static void show_read(struct visit *visit)
{
	const struct office_action *action = visit->action;
	struct page_fact *facts = arena_array(visit->arena, FACTS_MAX, struct page_fact);
	struct page_heard *texts = arena_array(visit->arena, action->texts_count, struct page_heard);
	const char *title = action->texts_count ? action->texts[0].theme : "";
	struct page_action_read page = {.title = *title ? title : visit_words(visit, of(WORD_o_action_read_title)),
					.texts = texts};
	size_t count = 0;
	if (!facts || !texts) {
		visit_failed(visit, ERR_NOMEM);
		return;
	}
	struct office_event *event = NULL;
	if (*action->event && office_event_get(visit->office, action->event, visit->arena, &event) == ERR_OK)
		add_fact(visit, facts, &count, WORD_o_action_event, event->shown.title);
	add_fact(visit, facts, &count, WORD_o_area, visit_area(visit, action->area));
	add_fact(visit, facts, &count, WORD_o_action_status, action_status_words(visit, action->status));
	add_fact(visit, facts, &count, WORD_o_action_many, action_many_words(visit, action->many));
	add_fact(visit, facts, &count, WORD_o_action_owner, action->owner);
	add_fact(visit, facts, &count, WORD_o_action_due, visit_date(visit, action->due));
	add_fact(visit, facts, &count, WORD_o_action_aim, action_aim_words(visit, action->aim));
	add_fact(visit, facts, &count, WORD_o_action_partner, action->partner);
	add_fact(visit, facts, &count, WORD_o_action_evidence, action->evidence);
	add_fact(visit, facts, &count, WORD_o_action_said_on, visit_date(visit, action->said_on));
	add_fact(visit, facts, &count, WORD_o_action_done_on, visit_date(visit, action->done_on));
	add_fact(visit, facts, &count, WORD_o_action_fact_public,
		 visit_words(visit, of(action->is_public ? WORD_o_yes : WORD_o_no)));
	page.facts = (struct page_facts){facts, count};
	for (; page.texts_count < action->texts_count; page.texts_count++) {
		const struct office_action_text *text = &action->texts[page.texts_count];
		const char *lang = arena_strndup(visit->arena, text->tag, strcspn(text->tag, "-"));
		texts[page.texts_count] = (struct page_heard){.from = event_language_name(visit, text->tag),
							      .theme = {text->theme, lang},
							      .said = {text->said, lang},
							      .did = {text->did, lang}};
	}
	visit_frame_text(visit, page.title, "/actions");
	visit_back(visit, of(WORD_o_actions_title), view_url("/actions"));
	page.page = visit->page;
	visit_print(visit, 200, organiser_action_html, &page);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------------- */

static void show(struct visit *visit, const struct office_action *was)
{
	struct action_form form;
	enum err error = action_form_begin(visit, was, &form);
	if (error)
		visit_failed(visit, error);
	else
		action_form_show(visit, &form, 200);
}

void action_new_page(struct visit *visit)
{
	show(visit, NULL);
}

void action_page(struct visit *visit)
{
	if (may(visit->account, ACT_ACTION_WRITE, visit->action->area))
		show(visit, visit->action);
	else
		show_read(visit);
}

static bool is_same_text(const struct office_action *first, const struct office_action *second)
{
	const struct office_action_text *a = &first->texts[0], *b = &second->texts[0];
	return first->texts_count > 0 && second->texts_count > 0 && strcmp(a->tag, b->tag) == 0 &&
	       strcmp(a->theme, b->theme) == 0 && strcmp(a->said, b->said) == 0 && strcmp(a->did, b->did) == 0 &&
	       strcmp(first->area, second->area) == 0 && strcmp(first->event, second->event) == 0;
}

/* True when the very same was written down already: the button was pressed twice. */
static bool is_there(struct visit *visit, const struct office_action *read, enum err *error)
{
	struct office_action *list = NULL;
	size_t count = 0, total = 0;
	struct office_action_search search = {
		.areas = &read->area, .areas_count = 1, .event = read->event, .most = LATE_LINES};
	*error = office_action_find(visit->office, &search, visit->arena, &list, &count, &total);
	for (size_t i = 0; !*error && i < count; i++)
		if (is_same_text(&list[i], read))
			return true;
	return false;
}

static void go_back(struct visit *visit, const char *event, int notice)
{
	const char *path = *event ? arena_printf(visit->arena, "/actions?event=%s", event) : "/actions";
	visit_go(visit, path ? path : "/actions", notice);
}

/* 409: what they saved beside what this person wrote, which is still in the fields. */
static void show_both(struct visit *visit, struct action_form *form)
{
	struct office_action *now = NULL;
	enum err error = office_action_get(visit->office, form->was->id, visit->arena, &now);
	if (error == ERR_NOT_FOUND) {
		visit_missing(visit);
		return;
	}
	if (error) {
		visit_failed(visit, error);
		return;
	}
	action_form_compare(visit, form, now);
	visit_wrong(visit, "", visit_words(visit, of(WORD_o_both_error)));
	action_form_show(visit, form, 409);
}

static void save(struct visit *visit, const struct office_action *was)
{
	struct action_form form;
	int64_t id = 0;
	enum err error = action_form_begin(visit, was, &form);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	if (!action_form_read(visit, &form)) {
		action_form_show(visit, &form, 422);
		return;
	}
	bool is_twice = !was && is_there(visit, &form.read, &error);
	if (!error && !is_twice)
		error = office_action_save(visit->office, &form.read, &id);
	if (error == ERR_CONFLICT) {
		show_both(visit, &form);
		return;
	}
	if (error) {
		visit_failed(visit, error);
		return;
	}
	if (form.read.is_public || (was && was->is_public))
		visit_publish(visit);
	go_back(visit, form.read.event, WORD_o_done_action);
}

void action_new_post(struct visit *visit)
{
	save(visit, NULL);
}

void action_post(struct visit *visit)
{
	save(visit, visit->action);
}

/* The page of the action as it is now, with a message about removing it: nothing of it was typed. */
static void show_remove(struct visit *visit, const char *field, int message, int status)
{
	struct action_form form;
	struct http_request fresh = *visit->request;
	const struct http_request *posted = visit->request;
	fresh.method = HTTP_GET;
	visit->request = &fresh;
	enum err error = action_form_begin(visit, visit->action, &form);
	form.removes = true;
	visit_wrong(visit, field, visit_words(visit, of(message)));
	if (error)
		visit_failed(visit, error);
	else
		action_form_show(visit, &form, status);
	visit->request = posted;
}

void action_remove_post(struct visit *visit)
{
	const struct office_action *action = visit->action;
	if (strcmp(visit_field(visit, "sure"), "yes") != 0) {
		show_remove(visit, "sure", WORD_o_action_remove_missing, 422);
		return;
	}
	enum err error = office_action_remove(visit->office, action->id, event_version_field(visit));
	if (error == ERR_CONFLICT) {
		show_remove(visit, "", WORD_o_action_changed_since, 409);
		return;
	}
	if (error) {
		visit_failed(visit, error);
		return;
	}
	if (action->is_public)
		visit_publish(visit);
	go_back(visit, action->event, WORD_o_done_action_removed);
}
