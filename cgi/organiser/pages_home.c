/* SPDX-License-Identifier: MIT */
/* pages_home.c: what is to be done: actions that are due, events of today, those that are over and wait for something, those that come. Each has one
 * next step. A page that has nothing to show says what to begin with. */
#include "event_words.h"
#include "roles.h"
#include "routes.h"
#include "pages/organiser/home.h"

#include "lib/view/organiser_accounts.h"

#include <string.h>

enum { SOON_DAYS = 14, WAITING_DAYS = 92, LINES_MAX = 20, ALL_MAX = 2000 };

/* How many of each list are shown: with ?all=yes as many as there are. */
static size_t most_of(const struct visit *visit)
{
	return strcmp(visit_query(visit, "all"), "yes") == 0 ? ALL_MAX : LINES_MAX;
}

/* What leads to all of them; NULL: they are here. */
static const char *more_of(const struct visit *visit, size_t total)
{
	return total > most_of(visit) && most_of(visit) < ALL_MAX
		       ? visit_words_with(visit, WORD_o_home_more, "count", arena_printf(visit->arena, "%zu", total))
		       : NULL;
}

/* The Areas of who looks; none: all. */
static void limit(const struct visit *visit, struct office_event_search *search)
{
	if (may_everywhere(visit->account, ACT_EVENT_READ))
		return;
	search->areas = visit->account->areas;
	search->areas_count = visit->account->areas_count;
}

static struct office_event_search search_of(const struct visit *visit, int from_days, int to_days)
{
	struct office_event_search search = {
		.words = "", .programme = "", .state = -1, .with_practice = true, .most = most_of(visit)};
	int64_t today = date_days(visit->today);
	search.from = date_from_days(today + from_days);
	search.to = date_from_days(today + to_days);
	limit(visit, &search);
	return search;
}

/* What to do next with an event of today or of the days to come. */
static enum word next_of(const struct visit *visit, const struct catalogue_event *event)
{
	bool is_today = date_days(event->held_on) == date_days(visit->today);
	if (!may(visit->account, ACT_EVENT_WRITE, event->area))
		return WORD_o_home_next_look;
	if (event->state == EVENT_PLANNED)
		return is_today ? WORD_o_home_next_open : WORD_o_home_next_poster;
	if (event->state == EVENT_OPEN && !is_today)
		return WORD_o_home_next_poster;
	return WORD_o_home_next_look;
}

static struct page_line line_of(const struct visit *visit, const struct office_event_line *line, enum word next)
{
	const struct catalogue_event *event = &line->event->shown;
	const char *path = next == WORD_o_home_next_poster ? "/poster" : "";
	struct safe_url url = visit_url(visit, "/events/%s%s", event->code, path);
	if (next == WORD_o_home_next_action)
		url = visit_url(visit, "/actions/new?event=%s", event->code);
	return (struct page_line){
		.title = event->title,
		.url = url,
		.meta = event_where_when(visit, event),
		.next = visit_words(visit, next),
		.tag = event->is_practice ? visit_words(visit, WORD_o_tag_practice)
					  : event_state_words(visit, event->state),
		.kind = event->is_practice ? "off" : event_state_kind(event->state),
	};
}

/* Events of a span of days, the nearest first. */
static enum err fill_days(struct visit *visit, int from_days, int to_days, struct page_lines *out, const char **more)
{
	struct office_event_search search = search_of(visit, from_days, to_days);
	struct office_event_line *list = NULL;
	size_t count = 0, total = 0;
	search.soonest_first = true;
	enum err error = office_event_find(visit->office, &search, visit->arena, &list, &count, &total);
	struct page_line *lines = error ? NULL : arena_array(visit->arena, count + 1, struct page_line);
	if (!lines)
		return error ? error : ERR_NOMEM;
	for (size_t i = 0; i < count; i++)
		lines[i] = line_of(visit, &list[i], next_of(visit, &list[i].event->shown));
	*out = (struct page_lines){lines, count};
	*more = more_of(visit, total);
	return ERR_OK;
}

/* What an event of the past still waits for, as waits_only asks; WORD_COUNT: nothing. */
static enum word waits_for(const struct visit *visit, const struct office_event_line *line)
{
	const struct catalogue_event *event = &line->event->shown;
	if (event->is_practice || !may(visit->account, ACT_EVENT_WRITE, event->area))
		return WORD_COUNT;
	if (event->state == EVENT_OPEN)
		return WORD_o_home_next_close;
	if (event->state == EVENT_GRACE)
		return WORD_o_home_next_wait;
	if (event->state != EVENT_PLANNED && line->actions == 0)
		return WORD_o_home_next_action;
	return WORD_COUNT;
}

/* Where this account may do something about it. */
static enum err fill_waiting(struct visit *visit, struct page_lines *out, const char **more)
{
	struct office_event_search search = search_of(visit, -WAITING_DAYS, -1);
	struct office_event_line *list = NULL;
	size_t count = 0, total = 0;
	search.with_practice = false;
	search.waits_only = true;
	enum err error = office_event_find(visit->office, &search, visit->arena, &list, &count, &total);
	struct page_line *lines = error ? NULL : arena_array(visit->arena, count + 1, struct page_line);
	if (!lines)
		return error ? error : ERR_NOMEM;
	out->lines = lines;
	for (size_t i = 0; i < count; i++) {
		enum word next = waits_for(visit, &list[i]);
		if (next != WORD_COUNT)
			lines[out->lines_count++] = line_of(visit, &list[i], next);
	}
	*more = more_of(visit, total);
	return ERR_OK;
}

static struct page_line action_line(const struct visit *visit, const struct office_action *action)
{
	bool is_late = date_days(action->due) < date_days(visit->today);
	const char *theme = action->texts_count ? action->texts[0].theme : "";
	return (struct page_line){
		.title = *theme ? theme : visit_area(visit, action->area),
		.lang = action->texts_count ? action->texts[0].tag : NULL,
		.url = visit_url(visit, "/actions/%lld", (long long) action->id),
		.meta = visit_area(visit, action->area),
		.next = visit_words(visit, WORD_o_home_next_update),
		.tag = visit_words_with(visit, is_late ? WORD_o_home_late : WORD_o_home_due, "day",
					visit_date(visit, action->due)),
		.kind = is_late ? "late" : "wait",
	};
}

static enum err fill_actions(struct visit *visit, struct page_lines *out, const char **more)
{
	struct office_action_search search = {
		.event = "", .due_only = true, .today = visit->today, .most = most_of(visit)};
	if (!may_everywhere(visit->account, ACT_ACTION_WRITE)) {
		search.areas = visit->account->areas;
		search.areas_count = visit->account->areas_count;
	}
	struct office_action *list = NULL;
	size_t count = 0, total = 0;
	enum err error = office_action_find(visit->office, &search, visit->arena, &list, &count, &total);
	struct page_line *lines = error ? NULL : arena_array(visit->arena, count + 1, struct page_line);
	if (!lines)
		return error ? error : ERR_NOMEM;
	for (size_t i = 0; i < count; i++)
		lines[i] = action_line(visit, &list[i]);
	*out = (struct page_lines){lines, count};
	*more = more_of(visit, total);
	return ERR_OK;
}

/* Whether there is any event at all that this person may see. */
static enum err is_any(struct visit *visit, bool *is_there)
{
	struct office_event_search search = {
		.words = "", .programme = "", .state = -1, .with_practice = true, .most = 1};
	struct office_event_line *list = NULL;
	size_t count = 0, total = 0;
	limit(visit, &search);
	enum err error = office_event_find(visit->office, &search, visit->arena, &list, &count, &total);
	*is_there = count > 0;
	return error;
}

static enum err fill(struct visit *visit, struct page_home *model)
{
	bool is_there = false;
	enum err error = is_any(visit, &is_there);
	model->is_first = !is_there && model->may_add;
	model->is_empty = !is_there;
	if (!error && is_there)
		error = fill_days(visit, 0, 0, &model->today, &model->today_more);
	if (!error && is_there)
		error = fill_days(visit, 1, SOON_DAYS, &model->soon, &model->soon_more);
	if (!error && is_there && model->may_add)
		error = fill_waiting(visit, &model->waiting, &model->waiting_more);
	if (!error && model->may_act)
		error = fill_actions(visit, &model->actions, &model->actions_more);
	return error;
}

void home_page(struct visit *visit)
{
	const struct office_account *account = visit->account;
	struct page_home model = {
		.title = visit_words_with(visit, WORD_o_home_title, "name", account->shown),
		.has_no_areas = role_has_areas(account->role) && account->areas_count == 0,
		.may_add = may_somewhere(account, ACT_EVENT_WRITE),
		.may_act = may_somewhere(account, ACT_ACTION_WRITE),
		.wants_second = !account->has_totp,
	};
	enum err error = model.has_no_areas ? ERR_OK : fill(visit, &model);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	visit->page.is_wide = true;
	visit_frame(visit, WORD_o_nav_home, "/");
	model.page = visit->page;
	visit_print(visit, 200, organiser_home_html, &model);
}
