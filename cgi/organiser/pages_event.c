/* SPDX-License-Identifier: MIT */
/* pages_event.c: the page of an event, and what is done from it: open and close, extend, count at the door, keep it in a calendar. */
#include "app.h"
#include "calendar.h"
#include "event_page.h"
#include "event_form.h"
#include "event_read.h"
#include "event_words.h"
#include "routes.h"

#include "lib/office/keeping.h"
#include "lib/office/unfinished.h"

#include <string.h>

enum { CALENDAR_MAX = 64 * 1024, PEOPLE_MOST = 1000000 };

static enum word of(int word)
{
	return (enum word) word;
}

static void go_to(struct visit *visit, int notice)
{
	visit_go(visit, arena_printf(visit->arena, "/events/%s", visit->event->shown.code), notice);
}

void event_page(struct visit *visit)
{
	event_show(visit, 200);
}

/* ---- open and close ---------------------------------------------------------------------------------------------------------- */

/* Opens it, with a reason where drafts would be shown. False: a reason is wanted, or ERROR. */
static bool open_event(struct visit *visit, enum err *error)
{
	const struct catalogue_event *shown = &visit->event->shown;
	struct office_unfinished *list = NULL;
	size_t count = 0;
	const char *because = visit_field(visit, "because");
	*error = office_event_unfinished(visit->office, shown, visit->arena, &list, &count);
	if (*error)
		return false;
	if (count > 0 && !office_because_is_fine(because)) {
		visit_wrong(visit, "because", visit_words(visit, of(WORD_o_bad_because)));
		return false;
	}
	*error = office_event_open_because(visit->office, shown, list, count, because, visit->now_s);
	return !*error;
}

/* By a clock that had fallen back, the 24 hours would be over as soon as it is right again. */
static bool is_likely_day(struct visit *visit)
{
	bool is_likely = true;
	return office_day_is_likely(visit->office, visit->today, &is_likely) != ERR_OK || is_likely;
}

void event_state_post(struct visit *visit)
{
	static const int notices[EVENT_STATE_COUNT] = {[EVENT_OPEN] = WORD_o_done_opened,
						       [EVENT_GRACE] = WORD_o_done_closing,
						       [EVENT_CLOSED] = WORD_o_done_closed};
	enum event_state to;
	if (event_state_parse(visit_field(visit, "to"), &to) != ERR_OK || !notices[to]) {
		go_to(visit, WORD_o_done_state_moved);
		return;
	}
	if (to == EVENT_GRACE && !is_likely_day(visit)) {
		go_to(visit, WORD_o_done_clock);
		return;
	}
	enum err error = ERR_OK;
	if (to == EVENT_OPEN && !open_event(visit, &error) && !error) {
		event_show(visit, 422);
		return;
	}
	if (to != EVENT_OPEN)
		error = office_event_set_state(visit->office, visit->event->shown.code, to, visit->now_s);
	if (error && error != ERR_CONFLICT) {
		visit_failed(visit, error);
		return;
	}
	if (!error)
		visit_publish(visit);
	go_to(visit, error ? (int) WORD_o_done_state_moved : notices[to]);
}

/* ---- one field of it ------------------------------------------------------------------------------------------------------------ */

/* Saves DETAIL, made from the version that the page showed. False: it was answered. */
static bool save(struct visit *visit, const char *field, struct office_event_detail *detail)
{
	enum err error = office_event_change(visit->office, visit->event, detail);
	if (error == ERR_CONFLICT) {
		visit_wrong(visit, field, visit_words(visit, of(WORD_o_done_both_again)));
		event_show(visit, 409);
	} else if (error) {
		visit_failed(visit, error);
	}
	return !error;
}

void event_extend_post(struct visit *visit)
{
	struct office_event_detail detail;
	enum err error = office_event_detail(visit->office, visit->event->shown.code, visit->arena, &detail);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	detail.version = event_version_field(visit);
	detail.closes_on = event_read_day(visit, "closes", WORD_o_extend, -1);
	int64_t closes = detail.closes_on.year ? date_days(detail.closes_on) : 0;
	if (detail.closes_on.year && closes < date_days(visit->today))
		visit_wrong(visit, "closes", visit_words(visit, of(WORD_o_bad_past)));
	else if (detail.closes_on.year && detail.opens_on.year && closes < date_days(detail.opens_on))
		visit_wrong(visit, "closes", visit_words(visit, of(WORD_o_bad_order)));
	if (visit_is_wrong(visit)) {
		event_show(visit, 422);
		return;
	}
	if (!save(visit, "closes", &detail))
		return;
	visit_publish(visit);
	go_to(visit, WORD_o_done_extended);
}

void event_door_post(struct visit *visit)
{
	struct office_event_detail detail;
	enum err error = office_event_detail(visit->office, visit->event->shown.code, visit->arena, &detail);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	detail.version = event_version_field(visit);
	detail.came = event_read_number(visit, "came", visit_words(visit, of(WORD_o_door_came)), PEOPLE_MOST, false);
	if (visit_is_wrong(visit))
		event_show(visit, 422);
	else if (save(visit, "came", &detail))
		go_to(visit, WORD_o_done_door);
}

/* ---- calendar ---------------------------------------------------------------------------------------------------------------------- */

void event_calendar_file(struct visit *visit)
{
	const struct catalogue_event *shown = &visit->event->shown;
	struct office_event_detail detail;
	enum err error = office_event_detail(visit->office, shown->code, visit->arena, &detail);
	const char *base = visit->app->conf.base_url, *scheme = strstr(base, "://");
	const char *name = arena_printf(visit->arena, "%s.ics", shown->code);
	if (error || !name) {
		visit_failed(visit, error ? error : ERR_NOMEM);
		return;
	}
	const struct calendar_entry entry = {
		.code = shown->code,
		.host = scheme ? scheme + 3 : base,
		.title = shown->title,
		.place = shown->place,
		.text = "",
		.address = event_address_url(visit, shown->code).url,
		.held_on = shown->held_on,
		.made_on = visit->today,
		.version = detail.version,
	};
	CLEANUP_STRBUF struct strbuf file;
	strbuf_init(&file, CALENDAR_MAX);
	calendar_put(&file, &entry);
	error = strbuf_error(&file);
	if (error)
		visit_failed(visit, error);
	else
		visit_file(visit, "text/calendar; charset=utf-8", name, false, strbuf_text(&file), file.length);
}
