/* SPDX-License-Identifier: MIT */
/* event_page.c: one event at a glance: what is so now, the one thing to do next, numbers in bands, and all else that can be done with it.
 *
 * How many answered is told in bands alone, and the share of those who came is reckoned from the band: two looks at the page, one answer
 * apart, must not differ but where a band ends. */
#include "event_page.h"

#include "controls.h"
#include "event_choices.h"
#include "event_read.h"
#include "event_words.h"

#include "lib/office/unfinished.h"
#include "lib/view/organiser_events.h"
#include "pages/organiser/event.h"

#include <stdlib.h>
#include <string.h>

enum { SERIES_AROUND_DAYS = 60, SERIES_LOOKED_AT = 200, TILES_MAX = 4, FACTS_MAX = 16 };

static enum word of(int word)
{
	return (enum word) word;
}

static const char *say(const struct visit *visit, int word)
{
	return visit_words(visit, of(word));
}

struct loaded {
	const struct office_event *event;
	struct office_event_detail detail;
	const char *band;
	size_t actions;
	struct office_unfinished *unfinished;
	size_t unfinished_count;
	bool may_write;
};

static enum err load(struct visit *visit, struct loaded *out)
{
	const char *code = visit->event->shown.code;
	struct office_event *event = NULL;
	*out = (struct loaded){.may_write = may(visit->account, ACT_EVENT_WRITE, visit->event->shown.area)};
	enum err error = office_event_get(visit->office, code, visit->arena, &event);
	out->event = event;
	if (!error)
		error = office_event_detail(visit->office, code, visit->arena, &out->detail);
	if (!error)
		error = office_event_band(visit->office, code, &out->band);
	const struct office_action_search search = {.event = code, .today = visit->today, .most = 1};
	struct office_action *actions = NULL;
	size_t count = 0;
	if (!error)
		error = office_action_find(visit->office, &search, visit->arena, &actions, &count, &out->actions);
	if (!error && out->may_write && event->shown.state != EVENT_OPEN && event->shown.state != EVENT_RELEASED)
		error = office_event_unfinished(visit->office, &event->shown, visit->arena, &out->unfinished,
						&out->unfinished_count);
	return error;
}

static int64_t days_ahead(const struct visit *visit, struct date day)
{
	return date_days(day) - date_days(visit->today);
}

static void fill_now(const struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	static const int now[EVENT_STATE_COUNT] = {
		[EVENT_PLANNED] = WORD_o_now_planned,   [EVENT_OPEN] = WORD_o_now_open,
		[EVENT_GRACE] = WORD_o_now_grace,       [EVENT_CLOSED] = WORD_o_now_closed,
		[EVENT_RELEASED] = WORD_o_now_released,
	};
	const struct catalogue_event *shown = &loaded->event->shown;
	const struct office_event_detail *detail = &loaded->detail;
	page->now = say(visit, now[shown->state]);
	if (shown->state == EVENT_PLANNED && detail->opens_on.year)
		page->then = visit_words_with(visit, of(WORD_o_then_opens), "day", event_day(visit, detail->opens_on));
	else if (shown->state == EVENT_OPEN && detail->closes_on.year)
		page->then =
			visit_words_with(visit, of(WORD_o_then_closes), "day", event_day(visit, detail->closes_on));
	else if (shown->state == EVENT_GRACE)
		page->then = say(visit, WORD_o_then_grace);
	else if (shown->state == EVENT_CLOSED && !shown->is_practice)
		page->then = say(visit, WORD_o_then_closed);
	else if (shown->state == EVENT_RELEASED)
		page->then = say(visit, WORD_o_then_released);
}

/* ---- the one next step --------------------------------------------------------------------------------------------------- */

enum next {
	NEXT_NOTHING,
	NEXT_POSTER,
	NEXT_OPEN,
	NEXT_SHARE,
	NEXT_COUNT,
	NEXT_CLOSE,
	NEXT_HEARD,
	NEXT_ACTIONS,
	NEXT_TRY
};

static enum next next_of(const struct visit *visit, const struct loaded *loaded, bool can_answer)
{
	const struct catalogue_event *shown = &loaded->event->shown;
	const struct office_event_detail *detail = &loaded->detail;
	int64_t ahead = days_ahead(visit, shown->held_on);
	bool is_counted = detail->came != OFFICE_UNKNOWN || shown->is_practice;
	if (shown->is_practice)
		return shown->state != EVENT_OPEN ? NEXT_OPEN : can_answer ? NEXT_TRY : NEXT_POSTER;
	switch (shown->state) {
	case EVENT_PLANNED:
		return ahead > 0 || detail->opens_on.year ? NEXT_POSTER : NEXT_OPEN;
	case EVENT_OPEN:
		if (ahead >= 0)
			return ahead > 0 ? NEXT_POSTER : NEXT_SHARE;
		if (!is_counted)
			return NEXT_COUNT;
		return detail->closes_on.year ? NEXT_SHARE : NEXT_CLOSE;
	default:
		if (!is_counted && shown->state != EVENT_RELEASED)
			return NEXT_COUNT;
		return loaded->actions ? NEXT_ACTIONS : NEXT_HEARD;
	}
}

static void fill_step(const struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	static const struct {
		int what, why, words;
		const char *url, *to;
	} steps[] = {
		[NEXT_POSTER] = {WORD_o_step_poster, WORD_o_step_poster_why, WORD_o_step_poster_words,
				 "/events/%s/poster", NULL},
		[NEXT_OPEN] = {WORD_o_step_open, -1, WORD_o_step_open_words, NULL, "open"},
		[NEXT_SHARE] = {WORD_o_step_share, WORD_o_step_share_why, WORD_o_step_share_words, "/events/%s/poster",
				NULL},
		[NEXT_COUNT] = {WORD_o_step_count, WORD_o_step_count_why, WORD_o_step_count_words, "#door", NULL},
		[NEXT_CLOSE] = {WORD_o_step_close, WORD_o_step_close_why, WORD_o_step_close_words, NULL, "grace"},
		[NEXT_HEARD] = {WORD_o_step_heard, -1, WORD_o_step_heard_words, "/actions/new?event=%s", NULL},
		[NEXT_ACTIONS] = {WORD_o_step_actions, -1, WORD_o_step_actions_words, "/actions?event=%s", NULL},
		[NEXT_TRY] = {WORD_o_step_try, -1, WORD_o_step_try_words, NULL, NULL},
	};
	const char *code = loaded->event->shown.code;
	enum next next = loaded->may_write ? next_of(visit, loaded, page->can_answer) : NEXT_NOTHING;
	page->step_url = (struct safe_url){""};
	if (next == NEXT_NOTHING)
		return;
	page->step = say(visit, steps[next].what);
	page->step_words = say(visit, steps[next].words);
	page->step_to = steps[next].to;
	if (steps[next].why >= 0)
		page->step_why = say(visit, steps[next].why);
	if (next == NEXT_HEARD)
		page->step_why =
			visit_words_with(visit, of(WORD_o_step_heard_why), "day",
					 visit_date(visit, event_next_on(&loaded->event->shown, &loaded->detail)));
	if (next == NEXT_TRY)
		page->step_url = page->address_url;
	else if (next == NEXT_COUNT)
		page->step_url = view_url(steps[next].url);
	else if (steps[next].url) {
		const char *mark = strstr(steps[next].url, "%s");
		page->step_url =
			visit_url(visit, "%.*s%s%s", (int) (mark - steps[next].url), steps[next].url, code, mark + 2);
	}
}

/* ---- numbers --------------------------------------------------------------------------------------------------------------- */

static void fill_tiles(const struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	const struct catalogue_event *shown = &loaded->event->shown;
	const struct office_event_detail *detail = &loaded->detail;
	struct page_tile *tiles = arena_array(visit->arena, TILES_MAX, struct page_tile);
	if (!tiles || shown->state == EVENT_PLANNED)
		return;
	tiles[page->tiles_count++] =
		(struct page_tile){event_band_words(visit, loaded->band),
				   say(visit, shown->is_practice ? WORD_o_tile_answers_practice : WORD_o_tile_answers)};
	const char *rate = shown->is_practice ? NULL : event_rate_words(visit, loaded->band, detail->came);
	if (detail->came != OFFICE_UNKNOWN)
		tiles[page->tiles_count++] =
			(struct page_tile){event_came_words(visit, detail->came), say(visit, WORD_o_tile_came)};
	else if (detail->expected != OFFICE_UNKNOWN)
		tiles[page->tiles_count++] = (struct page_tile){event_number_text(visit, detail->expected),
								say(visit, WORD_o_tile_expected)};
	if (rate)
		tiles[page->tiles_count++] = (struct page_tile){rate, say(visit, WORD_o_tile_rate)};
	page->tiles = tiles;
	page->tiles_note = say(visit, WORD_o_tiles_note);
}

/* ---- opening and closing --------------------------------------------------------------------------------------------------- */

static void fill_steps(const struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	enum event_state state = loaded->event->shown.state;
	bool is_step_open = page->step_to && strcmp(page->step_to, "open") == 0;
	bool is_step_close = page->step_to && strcmp(page->step_to, "grace") == 0;
	page->can_open = (state == EVENT_PLANNED || state == EVENT_GRACE || state == EVENT_CLOSED) && !is_step_open;
	page->open_words = say(visit, state == EVENT_PLANNED ? WORD_o_open : WORD_o_open_again);
	page->can_close = state == EVENT_OPEN && !is_step_close;
	page->can_close_now = state == EVENT_OPEN || state == EVENT_GRACE;
	page->can_extend = state == EVENT_PLANNED || state == EVENT_OPEN;
	page->has_steps = page->can_open || page->can_close || page->can_close_now || page->can_extend;
	page->closes = control_date(visit, "closes", WORD_o_extend, WORD_o_extend_hint, loaded->detail.closes_on);
	if (!visit_wrong_of(visit, "closes") && loaded->detail.closes_on.year) {
		/* Another form of this page was sent: the day that is set stands here all the same. */
		struct date day = loaded->detail.closes_on;
		page->closes.day = arena_printf(visit->arena, "%d", day.day);
		page->closes.month = arena_printf(visit->arena, "%d", day.month);
		page->closes.year = arena_printf(visit->arena, "%d", day.year);
	}
	if (loaded->unfinished_count == 0)
		return;
	page->unfinished =
		event_unfinished_words(visit, &loaded->event->shown, loaded->unfinished, loaded->unfinished_count);
	page->because =
		control_text(visit, "because", WORD_o_because, WORD_o_because_hint, event_was(visit, "because", ""));
	page->asks_in_step = is_step_open;
	page->asks_here = page->can_open;
}

/* ---- what is known of it ----------------------------------------------------------------------------------------------------- */

struct facts {
	struct page_fact *list;
	size_t count;
};

static void fact(const struct visit *visit, struct facts *facts, int name, const char *value)
{
	if (value && *value && facts->count < FACTS_MAX)
		facts->list[facts->count++] = (struct page_fact){.name = say(visit, name), .value = value, .url = {""}};
}

static const char *form_titles(const struct visit *visit, const struct catalogue_event *shown)
{
	const char *all = "";
	for (size_t i = 0; i < shown->forms_count && all; i++)
		all = arena_printf(visit->arena, "%s%s%s", all, i ? "\n" : "",
				   event_form_title(visit, shown->forms[i].form));
	return all;
}

static void fill_facts(const struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	const struct catalogue_event *shown = &loaded->event->shown;
	const struct office_event_detail *detail = &loaded->detail;
	struct facts facts = {arena_array(visit->arena, FACTS_MAX, struct page_fact), 0};
	if (!facts.list)
		return;
	fact(visit, &facts, WORD_o_programme, *shown->programme ? visit_programme(visit, shown->programme) : "");
	fact(visit, &facts, WORD_o_fact_forms, form_titles(visit, shown));
	fact(visit, &facts, WORD_o_fact_languages,
	     event_language_list(visit, shown->languages, shown->languages_count));
	fact(visit, &facts, WORD_o_event_partner, detail->partner);
	fact(visit, &facts, WORD_o_event_communities, detail->communities);
	fact(visit, &facts, WORD_o_event_topic, detail->topic);
	fact(visit, &facts, WORD_o_event_strand, detail->strand);
	fact(visit, &facts, WORD_o_event_expected, event_number_text(visit, detail->expected));
	fact(visit, &facts, WORD_o_event_channel, detail->channel);
	fact(visit, &facts, WORD_o_event_reach, event_number_text(visit, detail->reach));
	fact(visit, &facts, WORD_o_event_note, detail->note);
	fact(visit, &facts, WORD_o_fact_refuge, detail->is_refuge ? say(visit, WORD_o_yes) : "");
	if (!shown->is_practice)
		fact(visit, &facts, WORD_o_fact_next, visit_date(visit, event_next_on(shown, detail)));
	page->facts = (struct page_facts){facts.list, facts.count};
}

/* ---- several days -------------------------------------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
	const struct office_event_line *first = a, *second = b;
	int64_t days = date_days(first->event->shown.held_on) - date_days(second->event->shown.held_on);
	return days < 0 ? -1 : days > 0;
}

struct office_event_line *event_series_days(struct visit *visit, const struct office_event *event, const char *series,
					    size_t *count)
{
	const char *const area[] = {event->shown.area};
	int64_t day = date_days(event->shown.held_on);
	const struct office_event_search search = {.words = "",
						   .areas = area,
						   .areas_count = 1,
						   .programme = "",
						   .state = -1,
						   .from = date_from_days(day - SERIES_AROUND_DAYS),
						   .to = date_from_days(day + SERIES_AROUND_DAYS),
						   .with_practice = true,
						   .most = SERIES_LOOKED_AT};
	struct office_event_line *lines = NULL;
	size_t found = 0, total = 0;
	*count = 0;
	if (!*series || office_event_find(visit->office, &search, visit->arena, &lines, &found, &total) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < found; i++)
		if (strcmp(lines[i].series, series) == 0)
			lines[(*count)++] = lines[i];
	qsort(lines, *count, sizeof lines[0], by_day);
	return lines;
}

/* On its own day, any but the first can have the poster of day 1 lead to it. */
static void fill_lead(struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	const struct catalogue_event *shown = &loaded->event->shown;
	const char *first = loaded->detail.series;
	struct office_event_detail detail;
	page->lead_url = (struct safe_url){""};
	if (!loaded->may_write || strcmp(first, shown->code) == 0 || days_ahead(visit, shown->held_on) != 0 ||
	    office_event_detail(visit->office, first, visit->arena, &detail) != ERR_OK ||
	    strcmp(detail.points_to, shown->code) == 0)
		return;
	page->lead_url = visit_url(visit, "/events/%s/point", first);
	page->lead_version = arena_printf(visit->arena, "%u", detail.version);
}

static void fill_series(struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	size_t count = 0;
	struct office_event_line *lines = event_series_days(visit, loaded->event, loaded->detail.series, &count);
	struct page_event_day *days = arena_array(visit->arena, count + 1, struct page_event_day);
	page->can_make_series = !*loaded->detail.series;
	page->lead_url = (struct safe_url){""};
	for (size_t i = 0; days && i < count; i++) {
		const struct catalogue_event *shown = &lines[i].event->shown;
		days[i] = (struct page_event_day){.title = shown->title,
						  .day = event_day_near(visit, shown->held_on),
						  .state = event_state_words(visit, shown->state),
						  .kind = event_state_kind(shown->state),
						  .url = visit_url(visit, "/events/%s", shown->code),
						  .is_current = strcmp(shown->code, loaded->event->shown.code) == 0};
	}
	page->series = days;
	page->series_count = days ? count : 0;
	if (page->series_count)
		fill_lead(visit, loaded, page);
}

/* ---- all of it -------------------------------------------------------------------------------------------------------------------- */

static void fill_code(struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	const struct catalogue_event *shown = &loaded->event->shown;
	page->code = shown->code;
	page->address = event_address(visit, shown->code);
	page->address_url = view_url(event_address_url(visit, shown->code).url);
	page->can_answer = shown->state == EVENT_OPEN && strcmp(page->address_url.url, "#") != 0;
	struct office_event *target = NULL;
	if (!*loaded->detail.points_to ||
	    office_event_get(visit->office, loaded->detail.points_to, visit->arena, &target) != ERR_OK ||
	    (target->shown.state != EVENT_PLANNED && target->shown.state != EVENT_OPEN)) /* the code is its own again */
		return;
	page->points_to = loaded->detail.points_to;
	bool may_see = may(visit->account, ACT_EVENT_READ, target->shown.area);
	page->points_title = may_see ? target->shown.title : target->shown.code;
	page->points_url = visit_url(visit, "/events/%s", target->shown.code);
}

static void fill_door(const struct visit *visit, const struct loaded *loaded, struct page_event *page)
{
	const struct catalogue_event *shown = &loaded->event->shown;
	const char *was = event_number_text(visit, loaded->detail.came);
	bool is_typed = visit_wrong_of(visit, "came") != NULL;
	page->came = control_text(visit, "came", WORD_o_door_came, CONTROL_NO_HINT,
				  is_typed ? visit_field(visit, "came") : was);
	page->came.inputmode = "numeric";
	page->came.width = 4;
	page->came.suffix = say(visit, WORD_o_door_people);
	page->has_came = !shown->is_practice && days_ahead(visit, shown->held_on) <= 0;
}

void event_show(struct visit *visit, int status)
{
	struct loaded loaded;
	enum err error = load(visit, &loaded);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	const struct catalogue_event *shown = &loaded.event->shown;
	struct page_event page = {
		.title = shown->title,
		.where_when = event_where_when(visit, shown),
		.state = event_state_words(visit, shown->state),
		.kind = event_state_kind(shown->state),
		.is_practice = shown->is_practice,
		.is_refuge = loaded.detail.is_refuge,
		.may_write = loaded.may_write,
		.version = arena_printf(visit->arena, "%u", loaded.detail.version),
		.may_see_actions = may(visit->account, ACT_ACTION_READ, shown->area),
		.actions = loaded.actions,
	};
	fill_code(visit, &loaded, &page);
	fill_now(visit, &loaded, &page);
	fill_step(visit, &loaded, &page);
	fill_tiles(visit, &loaded, &page);
	fill_door(visit, &loaded, &page);
	fill_steps(visit, &loaded, &page);
	fill_series(visit, &loaded, &page);
	fill_facts(visit, &loaded, &page);
	visit_frame_text(visit, shown->title, "/events");
	visit_back(visit, of(WORD_o_nav_events), view_url("/events"));
	visit->page.is_wide = true;
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_event_html(&body, visit->t, &page);
	visit_page(visit, status, &body);
}
