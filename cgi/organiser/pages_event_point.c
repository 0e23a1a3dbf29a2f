/* SPDX-License-Identifier: MIT */
/* pages_event_point.c: a code that is printed already leads to another event. */
#include "controls.h"
#include "event_form.h"
#include "event_read.h"
#include "event_words.h"
#include "routes.h"

#include "pages/organiser/point.h"

#include <string.h>

enum { NEAR_DAYS = 30, NEAR_MOST = 8, LOOKED_AT = 40, CODE_TYPED_MAX = 20 };

static enum word of(int word)
{
	return (enum word) word;
}

static const struct office_event *find_among(const struct office_event_line *lines, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(lines[i].event->shown.code, code) == 0)
			return lines[i].event;
	return NULL;
}

/* Those of SEARCH that the code may lead to, behind the *COUNT that LINES has, up to NEAR_MOST. */
static enum err add_near(struct visit *visit, const struct office_event_search *search, struct office_event_line *lines,
			 size_t *count)
{
	struct office_event_line *list = NULL;
	size_t found = 0, total = 0;
	enum err error = office_event_find(visit->office, search, visit->arena, &list, &found, &total);
	for (size_t i = 0; !error && i < found && *count < NEAR_MOST; i++) {
		const struct catalogue_event *shown = &list[i].event->shown;
		bool is_possible = shown->state == EVENT_PLANNED || shown->state == EVENT_OPEN;
		if (is_possible && shown->is_practice == visit->event->shown.is_practice &&
		    strcmp(shown->code, visit->event->shown.code) != 0)
			lines[(*count)++] = list[i];
	}
	return error;
}

/* Events of the same Area within a month that people may still answer: from today on the soonest first, then the newest of the past. */
static enum err near(struct visit *visit, struct office_event_line **lines, size_t *count)
{
	const char *const area[] = {visit->event->shown.area};
	int64_t day = date_days(visit->event->shown.held_on), today = date_days(visit->today);
	struct office_event_search search = {.words = "",
					     .areas = area,
					     .areas_count = 1,
					     .programme = "",
					     .state = -1,
					     .from = visit->today,
					     .to = date_from_days((day > today ? day : today) + NEAR_DAYS),
					     .with_practice = visit->event->shown.is_practice,
					     .soonest_first = true,
					     .most = LOOKED_AT};
	*count = 0;
	*lines = arena_array(visit->arena, NEAR_MOST, struct office_event_line);
	enum err error = *lines ? add_near(visit, &search, *lines, count) : ERR_NOMEM;
	search.from = date_from_days((day < today ? day : today) - NEAR_DAYS);
	search.to = date_from_days(today - 1);
	search.soonest_first = false;
	return error ? error : add_near(visit, &search, *lines, count);
}

static struct control targets(struct visit *visit, const struct office_event_detail *detail,
			      const struct office_event_line *lines, size_t count)
{
	struct control_option *options = arena_array(visit->arena, count + 2, struct control_option);
	const char *chosen = event_was(visit, "target", detail->points_to);
	struct office_event *now = NULL;
	size_t filled = 0;
	if (!options)
		return control_options(visit, "target", WORD_o_point_target, CONTROL_NO_HINT, NULL, 0);
	options[filled++] = (struct control_option){.value = "",
						    .label = visit_words(visit, of(WORD_o_point_own)),
						    .hint = visit->event->shown.title,
						    .is_chosen = !*chosen};
	if (*detail->points_to && !find_among(lines, count, detail->points_to) &&
	    office_event_get(visit->office, detail->points_to, visit->arena, &now) == ERR_OK)
		options[filled++] = (struct control_option){.value = now->shown.code,
							    .label = now->shown.title,
							    .is_chosen = strcmp(now->shown.code, chosen) == 0};
	for (size_t i = 0; i < count; i++) {
		const struct catalogue_event *shown = &lines[i].event->shown;
		options[filled++] = (struct control_option){.value = shown->code,
							    .label = shown->title,
							    .hint = arena_printf(visit->arena, "%s · %s",
										 event_day_near(visit, shown->held_on),
										 shown->code),
							    .is_chosen = strcmp(shown->code, chosen) == 0};
	}
	return control_options(visit, "target", WORD_o_point_target, CONTROL_NO_HINT, options, filled);
}

static void show(struct visit *visit, const struct office_event_detail *detail, int status)
{
	const struct catalogue_event *shown = &visit->event->shown;
	struct office_event_line *lines = NULL;
	size_t count = 0;
	enum err error = near(visit, &lines, &count);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	const char *title = visit_words_with(visit, of(WORD_o_point_title), "code", shown->code);
	struct page_point page = {
		.action = visit_url(visit, "/events/%s/point", shown->code),
		.code = shown->code,
		.title = shown->title,
		.version = arena_printf(visit->arena, "%u", detail->version),
		.target = targets(visit, detail, lines, count),
		.other = control_text(visit, "other", WORD_o_point_other, WORD_o_point_other_hint,
				      event_was(visit, "other", "")),
	};
	page.other.width = 10;
	visit_frame_text(visit, title, "/events");
	visit_back(visit, of(WORD_o_event_about), visit_url(visit, "/events/%s", shown->code));
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_point_html(&body, visit->t, &page);
	visit_page(visit, status, &body);
}

static enum err load(struct visit *visit, struct office_event_detail *detail)
{
	return office_event_detail(visit->office, visit->event->shown.code, visit->arena, detail);
}

void event_point_page(struct visit *visit)
{
	struct office_event_detail detail;
	enum err error = load(visit, &detail);
	if (error)
		visit_failed(visit, error);
	else
		show(visit, &detail, 200);
}

/* As people read a code from paper: in any case, with blanks. NULL when it is no code of an event that this account may use. */
static const struct catalogue_event *target_of(struct visit *visit, const char *typed)
{
	char code[CODE_TYPED_MAX + 1];
	size_t length = 0;
	for (; *typed; typed++) {
		if (*typed == ' ' || *typed == '-')
			continue;
		if (length == CODE_TYPED_MAX)
			return NULL;
		code[length++] = (char) (*typed >= 'a' && *typed <= 'z' ? *typed - 'a' + 'A' : *typed);
	}
	code[length] = '\0';
	struct office_event *event = NULL;
	if (length != CATALOGUE_CODE_SIGNS || office_event_get(visit->office, code, visit->arena, &event) != ERR_OK)
		return NULL;
	return may(visit->account, ACT_EVENT_WRITE, event->shown.area) ? &event->shown : NULL;
}

/* What keeps the code from leading to TARGET, WORD_COUNT where nothing does that is seen here; the office looks again. */
static int trouble_with(const struct visit *visit, const struct catalogue_event *target)
{
	const struct catalogue_event *shown = &visit->event->shown;
	if (!target)
		return WORD_o_point_missing;
	if (strcmp(target->code, shown->code) == 0)
		return WORD_o_point_self;
	if (target->is_practice != shown->is_practice)
		return shown->is_practice ? WORD_o_point_practice : WORD_o_point_counts;
	if (target->state != EVENT_PLANNED && target->state != EVENT_OPEN)
		return WORD_o_point_over;
	return WORD_COUNT;
}

void event_point_post(struct visit *visit)
{
	struct office_event_detail detail;
	enum err error = load(visit, &detail);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	const char *code = visit->event->shown.code, *other = visit_field(visit, "other");
	const char *field = *other ? "other" : "target", *typed = *other ? other : visit_field(visit, "target");
	const struct catalogue_event *to = *typed ? target_of(visit, typed) : NULL;
	int trouble = *typed ? trouble_with(visit, to) : WORD_COUNT;
	const char *target = to ? to->code : "";
	if (trouble != WORD_COUNT)
		visit_wrong(visit, field, visit_words(visit, of(trouble)));
	if (visit_is_wrong(visit)) {
		show(visit, &detail, 422);
		return;
	}
	error = office_event_point(visit->office, code, event_version_field(visit), target);
	if (error == ERR_INVALID) {
		visit_wrong(visit, field, visit_words(visit, of(WORD_o_point_onward)));
		show(visit, &detail, 422);
	} else if (error == ERR_CONFLICT) {
		visit_wrong(visit, "", visit_words(visit, of(WORD_o_done_both_again)));
		show(visit, &detail, 409);
	} else if (error) {
		visit_failed(visit, error);
	} else {
		visit_publish(visit);
		visit_go(visit, arena_printf(visit->arena, "/events/%s", code),
			 *target ? WORD_o_done_point : WORD_o_done_point_back);
	}
}
