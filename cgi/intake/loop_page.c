/* SPDX-License-Identifier: MIT */
/* loop_page.c: closing the loop: what the address of an event shows when it is over, and the pages and feeds of Areas: you said, we did.
 *
 * What is shown was made by the office (lib/catalogue/shown.h); here it gets its language. A text that the page's language lacks is shown as it
 * is, marked with its own (WCAG 3.1.2), and the page says so in a sentence. Feeds follow RFC 4287 and know days only. */
#include "page.h"

#include "lib/base/log.h"
#include "lib/catalogue/shown.h"
#include "pages/intake/areas.h"
#include "pages/intake/feed.h"
#include "pages/intake/loop.h"
#include "static_names.h"

#include <string.h>

/* ---- an action in the page's language --------------------------------------------------------------------------------------- */

/* How a status is said, and what stands above what was done. */
static const struct {
	const char *state;
	enum word status, did;
} statuses[SHOWN_STATUS_COUNT] = {
	[SHOWN_HEARD] = {"heard", WORD_loop_status_heard, WORD_loop_did_heard},
	[SHOWN_DOING] = {"doing", WORD_loop_status_doing, WORD_loop_did_doing},
	[SHOWN_DONE] = {"done", WORD_loop_status_done, WORD_loop_did_done},
	[SHOWN_CANNOT] = {"cannot", WORD_loop_status_cannot, WORD_loop_did_cannot},
};

static const enum word manys[SHOWN_MANY_COUNT] = {
	[SHOWN_UNSAID] = WORD_COUNT,
	[SHOWN_A_FEW] = WORD_loop_a_few,
	[SHOWN_SEVERAL] = WORD_loop_several,
	[SHOWN_MANY] = WORD_loop_many,
};

static bool is_same_base(const char *first, const char *second)
{
	size_t length = strcspn(first, "-");
	return length == strcspn(second, "-") && strncmp(first, second, length) == 0;
}

/* What is missing in the page's language, if anything: WORD_COUNT. A variant's plain language is another face of the same. */
static enum word foreign_word(const struct visit *visit, const struct shown_text *text)
{
	if (strcmp(text->tag, visit->tag) == 0 || (is_same_base(text->tag, visit->tag) && !strstr(visit->tag, "-x-")))
		return WORD_COUNT;
	return is_same_base(text->tag, "en") ? WORD_loop_english_only : WORD_loop_other_language;
}

static const char *where_said(const struct visit *visit, const struct shown_action *action)
{
	if (!action->event || action->held_on.year == 0)
		return NULL;
	const struct words_fill fills[] = {{"event", action->event}, {"date", visit_date(visit, action->held_on)}};
	return visit_words_fill(visit, WORD_loop_from, fills, 2);
}

/* *FOREIGN becomes what is missing in this one. */
static void fill_heard(const struct visit *visit, const struct shown_action *action, struct page_heard *heard,
		       enum word *foreign)
{
	const struct shown_text *text = shown_text(action, visit->tag);
	const char *lang = NULL;
	if (!is_same_base(text->tag, visit->tag))
		lang = arena_strndup(visit->arena, text->tag, strcspn(text->tag, "-"));
	enum word missing = foreign_word(visit, text);
	if (missing != WORD_COUNT)
		*foreign = missing;
	const char *id = arena_printf(visit->arena, "action-%s", action->id);
	*heard = (struct page_heard){
		.id = id ? id : "",
		.state = statuses[action->status].state,
		.status = visit_words(visit, statuses[action->status].status),
		.many = manys[action->many] == WORD_COUNT ? NULL : visit_words(visit, manys[action->many]),
		.from = where_said(visit, action),
		.theme = {text->theme, lang},
		.said = {text->said, lang},
		.did = {text->did, lang},
		.did_title = visit_words(visit, statuses[action->status].did),
	};
}

static const struct page_heard *fill_all(const struct visit *visit, const struct shown *shown, size_t *count,
					 enum word *foreign)
{
	struct page_heard *heard = arena_array(visit->arena, shown->actions_count, struct page_heard);
	*count = heard ? shown->actions_count : 0;
	*foreign = WORD_COUNT;
	for (size_t i = 0; i < *count; i++)
		fill_heard(visit, &shown->actions[i], &heard[i], foreign);
	return heard;
}

/* ---- an event that is over -------------------------------------------------------------------------------------------------- */

/* Nothing, where there is none or it does not parse: then a page says what happens next, which is better than none. */
static const struct shown *read_shown(const struct visit *visit, const char *document)
{
	static const struct shown nothing;
	struct shown *shown = NULL;
	if (!document)
		return &nothing;
	enum err error = shown_decode(document, visit->arena, &shown);
	if (error)
		log_error("intake.shown", "error=%s", err_name(error));
	return error ? &nothing : shown;
}

static const char *until(const struct visit *visit, const struct shown *shown)
{
	struct date day = shown->next_on;
	if (day.year == 0)
		day = date_from_days(date_days(visit->event->held_on) + SHOWN_NEXT_DAYS);
	return visit_date(visit, day);
}

/* True while something of it is neither done nor refused: then there is more to come. */
static bool is_going_on(const struct shown *shown)
{
	for (size_t i = 0; i < shown->actions_count; i++)
		if (shown->actions[i].status == SHOWN_HEARD || shown->actions[i].status == SHOWN_DOING)
			return true;
	return shown->actions_count == 0;
}

/* The Area's own page, unless it would tell a neighbour what this one is about, or is about practice. */
static void fill_more(const struct visit *visit, struct page_loop *model)
{
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	const struct catalogue_event *event = visit->event;
	for (size_t i = 0; i < organisation->areas_count && !visit_is_careful(visit) && !event->is_practice; i++) {
		const struct organisation_area *area = &organisation->areas[i];
		if (strcmp(area->name, event->area) != 0)
			continue;
		model->more_url = route_area(area->name, visit->tag, visit->arena);
		model->more = visit_words_with(visit, WORD_loop_area_more, "area",
					       organisation_text(organisation, visit->tag, &area->title));
	}
}

static void send_loop(const struct visit *visit, const struct page_loop *model, struct http_response *response)
{
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_loop_html(&html, visit->words, model);
	page_send(visit, 200, &html, response);
}

static void fill_frame(const struct visit *visit, const char *title, struct page_frame *page)
{
	page_fill(visit, title, page);
	page->css = (struct safe_url){STATIC_LOOP_CSS};
	if (page->has_exit) /* the quick way out */
		page->js = (struct safe_url){STATIC_FORM_JS};
}

static size_t welsh_index(const struct visit *visit)
{
	for (size_t i = 0; i < visit->offered_count; i++)
		if (strcmp(visit->offered[i].tag, "cy") == 0)
			return i;
	return visit->offered_count;
}

void loop_event_page(struct visit *visit, struct http_response *response)
{
	if (!visit->form) /* released: the catalogue names none any more */
		visit_take_languages(visit, visit->route.language);
	size_t welsh = welsh_index(visit);
	if (visit->event->is_wales && !visit->route.language && visit->offered_count > 1 &&
	    welsh < visit->offered_count) {
		visit_set_language(visit, welsh);
		page_language_chooser(visit, response);
		return;
	}
	const struct shown *shown = read_shown(visit, visit->event->shown);
	enum word foreign;
	struct page_loop model = {
		.title = visit_words(visit, WORD_loop_title),
		.intro = visit_words(visit, visit_is_careful(visit) ? WORD_closed_text_plain : WORD_closed_text),
	};
	model.heard = fill_all(visit, shown, &model.heard_count, &foreign);
	if (foreign != WORD_COUNT)
		model.foreign = visit_words(visit, foreign);
	if (is_going_on(shown)) {
		const struct words_fill day = {"until", until(visit, shown)};
		enum word next = model.heard_count ? WORD_loop_next : WORD_loop_waiting;
		model.next = visit_words_fill(visit, next, &day, 1);
		model.next_more = visit_words(visit, WORD_loop_waiting_code);
	}
	fill_more(visit, &model);
	fill_frame(visit, model.title, &model.page);
	model.helplines = page_helplines(visit, true, &model.helplines_count);
	send_loop(visit, &model, response);
}

/* ---- Areas ------------------------------------------------------------------------------------------------------------------ */

static const struct organisation_area *find_area(const struct visit *visit, const char *name)
{
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	for (size_t i = 0; name && i < organisation->areas_count; i++)
		if (strcmp(organisation->areas[i].name, name) == 0)
			return &organisation->areas[i];
	return NULL;
}

/* The Area of the address, and what it shows. NULL: there is none, and RESPONSE says so; or it cannot be read. */
static const struct organisation_area *open_area(const struct visit *visit, const struct shown **shown,
						 struct http_response *response)
{
	const struct organisation_area *area = find_area(visit, visit->route.area);
	bool is_ours = !visit->route.language || strcmp(visit->route.language, visit->tag) == 0;
	const enum word missing[] = {WORD_not_found_text};
	if (!area || !is_ours) {
		page_message(visit, 404, WORD_not_found_title, missing, 1, true, response);
		return NULL;
	}
	const char *document = NULL;
	enum err error = catalogue_area(visit->app->catalogue, area->name, visit->arena, &document);
	if (error && error != ERR_NOT_FOUND) {
		const enum word failed[] = {WORD_failed_text};
		log_error("intake.area", "error=%s", err_name(error));
		page_message(visit, err_http_status(error), WORD_failed_title, failed, 1, false, response);
		return NULL;
	}
	*shown = read_shown(visit, document);
	return area;
}

static const char *area_title(const struct visit *visit, const struct organisation_area *area)
{
	return organisation_text(catalogue_organisation(visit->app->catalogue), visit->tag, &area->title);
}

void loop_areas_page(const struct visit *visit, struct http_response *response)
{
	struct visit other = *visit;
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	if (find_area(visit, visit->route.language)) { /* an Area that is named like a language */
		other.route = (struct route){.kind = ROUTE_AREA, .area = visit->route.language};
		loop_area_page(&other, response);
		return;
	}
	if (visit->route.language && strcmp(visit->route.language, visit->tag) != 0) {
		const enum word missing[] = {WORD_not_found_text};
		page_message(visit, 404, WORD_not_found_title, missing, 1, true, response);
		return;
	}
	struct page_choice *choices = arena_array(visit->arena, organisation->areas_count, struct page_choice);
	struct page_chooser model = {
		.title = visit_words(visit, WORD_loop_areas_title),
		.intro = visit_words(visit, WORD_loop_areas_intro),
		.choices = choices,
		.choices_count = choices ? organisation->areas_count : 0,
	};
	for (size_t i = 0; i < model.choices_count; i++)
		choices[i] = (struct page_choice){
			.name = area_title(visit, &organisation->areas[i]),
			.url = route_area(organisation->areas[i].name, visit->route.language, visit->arena),
		};
	fill_frame(visit, model.title, &model.page);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	intake_areas_html(&html, visit->words, &model);
	page_send(visit, 200, &html, response);
}

void loop_area_page(const struct visit *visit, struct http_response *response)
{
	const struct shown *shown = NULL;
	const struct organisation_area *area = open_area(visit, &shown, response);
	enum word foreign;
	if (!area)
		return;
	struct page_loop model = {
		.title = visit_words_with(visit, WORD_loop_area_title, "area", area_title(visit, area)),
		.areas_url = route_areas(visit->route.language, visit->arena),
		.feed_url = route_feed(area->name, visit->route.language, visit->arena),
	};
	model.heard = fill_all(visit, shown, &model.heard_count, &foreign);
	model.intro = visit_words(visit, model.heard_count ? WORD_loop_area_intro : WORD_loop_area_nothing);
	if (foreign != WORD_COUNT)
		model.foreign = visit_words(visit, foreign);
	fill_frame(visit, model.title, &model.page);
	model.helplines = page_helplines(visit, true, &model.helplines_count);
	send_loop(visit, &model, response);
}

/* ---- feeds ------------------------------------------------------------------------------------------------------------------ */

/* A day as RFC 3339 wants it. Where nothing was ever shown, a day before all. */
static const char *feed_day(const struct visit *visit, struct date day)
{
	char text[DATE_TEXT];
	date_format(day.year ? day : (struct date){2026, 1, 1}, text);
	const char *stamp = arena_printf(visit->arena, "%sT00:00:00Z", text);
	return stamp ? stamp : "";
}

/* PATH with the site's own address before it where that is https, as a link; and in any case, as an id, which must be whole. */
static struct safe_url feed_link(const struct visit *visit, const char *path)
{
	static const char scheme[] = "https://";
	const char *base = visit->app->conf.base_url;
	bool is_whole = strncmp(base, scheme, sizeof scheme - 1) == 0;
	const char *url = is_whole ? arena_printf(visit->arena, "%s%s", base, path) : path;
	return view_url(url ? url : "#");
}

static const char *feed_id(const struct visit *visit, const char *path, const char *fragment)
{
	const char *id =
		arena_printf(visit->arena, "%s%s%s%s", visit->app->conf.base_url, path, *fragment ? "#" : "", fragment);
	return id ? id : "";
}

static void fill_entries(const struct visit *visit, const struct shown *shown, const char *page,
			 struct page_feed *model)
{
	size_t count = 0;
	enum word foreign;
	const struct page_heard *heard = fill_all(visit, shown, &count, &foreign);
	struct page_feed_entry *entries = arena_array(visit->arena, count, struct page_feed_entry);
	struct date newest = {0};
	model->entries = entries;
	model->entries_count = entries ? count : 0;
	for (size_t i = 0; i < model->entries_count; i++) {
		struct date day = shown->actions[i].updated;
		if (newest.year == 0 || date_days(day) > date_days(newest))
			newest = day;
		const char *path = arena_printf(visit->arena, "%s#%s", page, heard[i].id);
		entries[i] = (struct page_feed_entry){
			.id = feed_id(visit, page, heard[i].id),
			.url = feed_link(visit, path ? path : "#"),
			.updated = feed_day(visit, day),
			.heard = &heard[i],
		};
	}
	model->updated = feed_day(visit, newest);
}

void loop_area_feed(const struct visit *visit, struct http_response *response)
{
	const struct shown *shown = NULL;
	const struct organisation_area *area = open_area(visit, &shown, response);
	if (!area)
		return;
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	const char *page = route_area(area->name, visit->route.language, visit->arena).url;
	struct page_feed model = {
		.lang = arena_strndup(visit->arena, visit->tag, strcspn(visit->tag, "-")),
		.id = feed_id(visit, page, ""),
		.title = visit_words_with(visit, WORD_loop_area_title, "area", area_title(visit, area)),
		.subtitle = visit_words(visit, WORD_loop_area_intro),
		.author = organisation_text(organisation, visit->tag, &organisation->name),
		.page_url = feed_link(visit, page),
		.feed_url = feed_link(visit, route_feed(area->name, visit->route.language, visit->arena).url),
	};
	fill_entries(visit, shown, page, &model);
	CLEANUP_STRBUF struct strbuf xml;
	strbuf_init(&xml, PAGE_HTML_MAX);
	intake_feed_html(&xml, visit->words, &model);
	page_send(visit, 200, &xml, response);
	if (response->status == 200)
		response->content_type = "application/atom+xml; charset=utf-8";
}
