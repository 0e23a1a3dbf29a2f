/* SPDX-License-Identifier: MIT */
/* pages_event_series.c: an event becomes the first day of several. The others are made like it, one for each working day. */
#include "controls.h"
#include "event_form.h"
#include "event_read.h"
#include "event_words.h"
#include "routes.h"
#include "series.h"

#include "pages/organiser/series.h"

#include <string.h>

static enum word of(int word)
{
	return (enum word) word;
}

static void go_to(struct visit *visit, int notice)
{
	visit_go(visit, arena_printf(visit->arena, "/events/%s", visit->event->shown.code), notice);
}

static struct control tick(const struct visit *visit, bool is_chosen)
{
	struct control_option *option = arena_new(visit->arena, struct control_option);
	if (option)
		*option = (struct control_option){
			.value = "yes", .label = visit_words(visit, of(WORD_o_series_skip)), .is_chosen = is_chosen};
	return control_options(visit, "skip", WORD_o_series_skip, CONTROL_NO_HINT, option, option ? 1 : 0);
}

static void show(struct visit *visit, const struct office_event_detail *detail, int status)
{
	const struct catalogue_event *shown = &visit->event->shown;
	const char *usual = arena_printf(visit->arena, "%d", SERIES_DAYS_USUAL);
	bool skips = visit->request->method != HTTP_POST || strcmp(visit_field(visit, "skip"), "yes") == 0;
	struct page_series page = {
		.action = visit_url(visit, "/events/%s/series", shown->code),
		.version = arena_printf(visit->arena, "%u", detail->version),
		.first = event_day(visit, shown->held_on),
		.name = control_text(visit, "title", WORD_o_series_name, WORD_o_series_name_hint,
				     event_was(visit, "title", shown->title)),
		.days = control_text(visit, "days", WORD_o_series_days, CONTROL_NO_HINT,
				     event_was(visit, "days", usual ? usual : "")),
		.weekends = tick(visit, skips),
	};
	page.days.inputmode = "numeric";
	page.days.width = 2;
	visit_frame(visit, of(WORD_o_series_title), "/events");
	visit_back(visit, of(WORD_o_event_about), visit_url(visit, "/events/%s", shown->code));
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_series_html(&body, visit->t, &page);
	visit_page(visit, status, &body);
}

void event_series_page(struct visit *visit)
{
	struct office_event_detail detail;
	enum err error = office_event_detail(visit->office, visit->event->shown.code, visit->arena, &detail);
	if (error)
		visit_failed(visit, error);
	else if (*detail.series)
		go_to(visit, WORD_o_done_series_is);
	else
		show(visit, &detail, 200);
}

struct wanted {
	const char *titles[SERIES_DAYS_MAX];
	struct date days[SERIES_DAYS_MAX];
	size_t count;
};

static size_t count_signs(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char) *text & 0xC0) != 0x80;
	return count;
}

static const char *title_of_day(const struct visit *visit, const char *title, size_t number)
{
	const char *digits = arena_printf(visit->arena, "%zu", number);
	const struct words_fill fills[] = {{"title", title}, {"n", digits ? digits : ""}};
	return visit_words_fill(visit, of(WORD_o_series_day), fills, 2);
}

static void wrong_count(struct visit *visit)
{
	const char *first = arena_printf(visit->arena, "%d", SERIES_DAYS_MIN);
	const char *last = arena_printf(visit->arena, "%d", SERIES_DAYS_MAX);
	const struct words_fill fills[] = {{"first", first ? first : ""}, {"last", last ? last : ""}};
	visit_wrong(visit, "days", visit_words_fill(visit, of(WORD_o_bad_days), fills, 2));
}

static void read(struct visit *visit, struct wanted *wanted)
{
	const char *title = event_read_line(visit, "title", WORD_o_series_name, WORD_o_bad_title);
	int64_t count = event_read_number(visit, "days", visit_words(visit, of(WORD_o_series_days)), 9999, true);
	*wanted = (struct wanted){.count = 0};
	if (count != OFFICE_UNKNOWN && (count < SERIES_DAYS_MIN || count > SERIES_DAYS_MAX))
		wrong_count(visit);
	if (visit_is_wrong(visit))
		return;
	wanted->count = (size_t) count;
	series_days(visit->event->shown.held_on, wanted->count, strcmp(visit_field(visit, "skip"), "yes") != 0,
		    wanted->days);
	for (size_t i = 0; i < wanted->count; i++)
		wanted->titles[i] = title_of_day(visit, title, i + 1);
	if (count_signs(wanted->titles[wanted->count - 1]) > OFFICE_LINE_MAX) {
		const char *limit = arena_printf(
			visit->arena, "%zu",
			OFFICE_LINE_MAX - (count_signs(wanted->titles[wanted->count - 1]) - count_signs(title)));
		const struct words_fill fills[] = {{"label", visit_words(visit, of(WORD_o_series_name))},
						   {"max", limit ? limit : ""}};
		visit_wrong(visit, "title", visit_words_fill(visit, of(WORD_o_bad_long), fills, 2));
	}
}

/* A day that opens or closes so many days from the event does so for each of the series. */
static struct date moved(struct date day, struct date from, struct date to)
{
	return day.year ? date_from_days(date_days(day) + date_days(to) - date_days(from)) : day;
}

/* The event of day NUMBER (from 0), like that of the first day. False without memory. */
static bool make_day(const struct visit *visit, const struct wanted *wanted, const struct office_event_day *first,
		     size_t number, struct office_event_day *out)
{
	const struct catalogue_event *shown = &first->event.shown;
	const struct office_event_detail *detail = &first->detail;
	struct date from = shown->held_on, to = wanted->days[number];
	struct catalogue_form_ref *forms = arena_array(visit->arena, shown->forms_count + 1, struct catalogue_form_ref);
	if (!forms)
		return false;
	*out = (struct office_event_day){.event = {.shown = *shown}, .detail = *detail};
	for (size_t i = 0; i < shown->forms_count; i++)
		forms[i] = (struct catalogue_form_ref){shown->forms[i].form, 0};
	out->event.shown.forms = forms;
	out->event.shown.title = wanted->titles[number];
	out->event.shown.held_on = to;
	out->event.shown.state = shown->is_practice ? EVENT_OPEN : EVENT_PLANNED;
	out->event.shown.shown = NULL;
	out->detail.came = OFFICE_UNKNOWN;
	out->detail.points_to = "";
	out->detail.opens_on = moved(detail->opens_on, from, to);
	out->detail.closes_on = moved(detail->closes_on, from, to);
	out->detail.next_on = moved(detail->next_on, from, to);
	return true;
}

/* All days or none. The first day's event has the version that was shown: of two people, or of a button pressed twice, one wins and makes
 * the days. */
static enum err make(struct visit *visit, const struct wanted *wanted, const struct office_event_detail *detail)
{
	struct office_event_day *days = arena_array(visit->arena, SERIES_DAYS_MAX, struct office_event_day);
	if (!days)
		return ERR_NOMEM;
	days[0] = (struct office_event_day){.event = *visit->event, .detail = *detail};
	days[0].event.shown.title = wanted->titles[0];
	days[0].detail.series = days[0].event.shown.code;
	for (size_t i = 1; i < wanted->count; i++)
		if (!make_day(visit, wanted, &days[0], i, &days[i]))
			return ERR_NOMEM;
	return office_event_series(visit->office, days, wanted->count, visit->arena);
}

void event_series_post(struct visit *visit)
{
	struct office_event_detail detail;
	struct wanted wanted;
	enum err error = office_event_detail(visit->office, visit->event->shown.code, visit->arena, &detail);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	if (*detail.series) {
		go_to(visit, WORD_o_done_series_is);
		return;
	}
	read(visit, &wanted);
	if (visit_is_wrong(visit)) {
		show(visit, &detail, 422);
		return;
	}
	uint32_t now = detail.version;
	detail.version = event_version_field(visit);
	error = make(visit, &wanted, &detail);
	if (error == ERR_CONFLICT) {
		detail.version = now;
		visit_wrong(visit, "", visit_words(visit, of(WORD_o_done_both_again)));
		show(visit, &detail, 409);
	} else if (error) {
		visit_failed(visit, error);
	} else {
		visit_publish(visit);
		go_to(visit, WORD_o_done_series);
	}
}
