/* SPDX-License-Identifier: MIT */
/* staff_page.c: fills the models of the staff's pages and prints them. Says how many wait in bands alone: between two looks at a count somebody could
 * tell who answered. */
#include "staff_page.h"

#include "pass.h"

#include "lib/base/log.h"
#include "lib/base/strbuf.h"
#include "pages/staff/calm.h"
#include "pages/staff/events.h"
#include "pages/staff/menu.h"
#include "pages/staff/pin.h"
#include "static_names.h"

#include <string.h>
#include <strings.h>

enum { PAGE_MAX_BYTES = 1024 * 1024, EVENTS_MAX = 300 };

const char *staff_words(const struct call *call, enum word key)
{
	const char *text = words_text(call->t, key);
	return text ? text : "";
}

/* ---- language ---------------------------------------------------------------------------------------------------------- */

/* Words for exactly TAG's first LENGTH bytes; NULL. Staff read the plain face. */
static const struct words *exactly(const struct words_set *set, const char *tag, size_t length)
{
	for (size_t i = 0; i < set->count; i++)
		if (strlen(set->list[i].language) == length && !strstr(set->list[i].language, "-x-") &&
		    strncasecmp(set->list[i].language, tag, length) == 0)
			return &set->list[i];
	return NULL;
}

void staff_choose_language(struct call *call)
{
	const struct words_set *set = catalogue_words(call->app->catalogue);
	const struct http_request *request = call->request;
	const char *asked = http_field(request->fields, request->fields_count, "lang", NULL);
	if (!asked)
		asked = http_field(request->query, request->query_count, "lang", NULL);
	call->t = asked ? exactly(set, asked, strlen(asked)) : NULL;
	for (const char *at = request->accept_language; !call->t && *at;) {
		at += strspn(at, ", \t");
		call->t = exactly(set, at, strcspn(at, "-,; \t"));
		at += strcspn(at, ",");
	}
	if (!call->t)
		call->t = &set->list[0];
}

static void fill_languages(const struct call *call, const char *path, struct page_staff *page)
{
	const struct words_set *set = catalogue_words(call->app->catalogue);
	struct page_language *list = arena_array(call->arena, set->count, struct page_language);
	page->languages = list;
	for (size_t i = 0; list && i < set->count; i++) {
		const struct words *words = &set->list[i];
		if (strstr(words->language, "-x-"))
			continue;
		const char *url = arena_printf(call->arena, "%s?lang=%s", path, words->language);
		list[page->languages_count++] = (struct page_language){
			.tag = words->language,
			.name = words->name,
			.lang = words->language,
			.dir = words->is_rtl ? "rtl" : "ltr",
			.url = view_url(url ? url : path),
			.is_current = words == call->t,
		};
	}
}

/* ---- printing ---------------------------------------------------------------------------------------------------------- */

static void fill(const struct call *call, enum word title, struct page_staff *page)
{
	*page = (struct page_staff){
		.lang = call->t->language,
		.dir = call->t->is_rtl ? "rtl" : "ltr",
		.title = staff_words(call, title),
		.css = {STATIC_STAFF_CSS},
		.js = {STATIC_STAFF_JS},
		.icon = {STATIC_ICON_SVG},
	};
}

/* A page of the menu, with a pass for what is pressed next. */
static void fill_inside(const struct call *call, enum word title, struct page_staff *page)
{
	char pass[PASS_TEXT];
	fill(call, title, page);
	pass_new(call->app->key, call->now_s, pass);
	page->pass = arena_strdup(call->arena, pass);
}

static void print(struct call *call, int status, const struct strbuf *html)
{
	enum err error = strbuf_error(html);
	if (!error && call->arena->is_failed)
		error = ERR_NOMEM; /* something on the page may be lacking */
	char *copy = error ? NULL : arena_memdup(call->arena, strbuf_text(html), html->length);
	if (!copy) {
		log_error("kiosk.page", "error=%s", err_name(error ? error : ERR_NOMEM));
		call->response->status = 500;
		call->response->internal = "/_kiosk_down";
		return;
	}
	call->response->status = status;
	call->response->body = copy;
	call->response->body_length = html->length;
}

void staff_go(struct call *call, const char *path)
{
	call->response->status = 303;
	call->response->location = path;
	call->response->body = "";
}

static void calm(struct call *call, int status, enum word title, enum word text, enum word go)
{
	struct page_staff_calm model = {.text = staff_words(call, text), .go = staff_words(call, go)};
	fill(call, title, &model.page);
	fill_languages(call, "/kiosk", &model.page);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_MAX_BYTES);
	staff_calm_html(&html, call->t, &model);
	print(call, status, &html);
}

void staff_calm_page(struct call *call)
{
	calm(call, 200, WORD_staff_calm_title, WORD_staff_calm_text, WORD_staff_calm_go);
}

void staff_missing_page(struct call *call)
{
	calm(call, 404, WORD_not_found_title, WORD_staff_missing_text, WORD_staff_pin_go);
}

void staff_pin_page(struct call *call, int status, const char *typed, const char *wrong)
{
	struct page_staff_pin model = {.typed = typed, .has_pin = wrong != NULL || status == 200};
	fill(call, WORD_staff_menu_title, &model.page);
	fill_languages(call, "/staff", &model.page);
	model.page.wrong = wrong;
	app_ask_pin(call->app);
	model.once = call->app->once;
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_MAX_BYTES);
	staff_pin_html(&html, call->t, &model);
	print(call, status, &html);
}

/* ---- events ------------------------------------------------------------------------------------------------------------ */

static bool is_for_answers(const struct catalogue_event *event)
{
	return event->state == EVENT_OPEN || event->state == EVENT_PLANNED;
}

const struct catalogue_event *staff_event(const struct call *call)
{
	struct catalogue_event *event = NULL;
	const char *code = call->app->state.set.event;
	if (!*code || catalogue_event(call->app->catalogue, code, call->arena, &event) != ERR_OK)
		return NULL;
	return is_for_answers(event) ? event : NULL;
}

static const char *date_words(const struct call *call, struct date date)
{
	const char *day = arena_printf(call->arena, "%d", date.day), *year = arena_printf(call->arena, "%d", date.year);
	const struct words_fill fills[] = {
		{"day", day}, {"month", staff_words(call, (enum word)(WORD_month_1 + date.month - 1))}, {"year", year}};
	const char *text = words_fill(call->t, WORD_date_words, fills, 3, call->arena);
	return text ? text : "";
}

static void fill_event(const struct call *call, const struct catalogue_event *event, struct page_staff_event *out)
{
	*out = (struct page_staff_event){
		.code = event->code,
		.title = event->title,
		.place = event->place,
		.date = date_words(call, event->held_on),
		.is_planned = event->state == EVENT_PLANNED,
		.is_practice = event->is_practice,
		.is_chosen = strcmp(event->code, call->app->state.set.event) == 0,
	};
}

/* Events in STATE behind the COUNT that LIST has. A clock may be years off here, so none is left out for its day. */
static size_t add_events(const struct call *call, enum event_state state, struct page_staff_event *list, size_t count)
{
	const char *const *codes = NULL;
	size_t codes_count = 0;
	enum err error = catalogue_codes(call->app->catalogue, state, state, call->arena, &codes, &codes_count);
	for (size_t i = 0; !error && i < codes_count && count < EVENTS_MAX; i++) {
		struct catalogue_event *event = NULL;
		if (catalogue_event(call->app->catalogue, codes[i], call->arena, &event) == ERR_OK)
			fill_event(call, event, &list[count++]);
	}
	if (error)
		log_error("kiosk.events", "error=%s", err_name(error));
	return count;
}

void staff_events_page(struct call *call)
{
	struct page_staff_event *list = arena_array(call->arena, EVENTS_MAX, struct page_staff_event);
	struct page_staff_events model = {.events = list};
	if (list) {
		model.events_count = add_events(call, EVENT_OPEN, list, 0);
		model.events_count = add_events(call, EVENT_PLANNED, list, model.events_count);
	}
	fill_inside(call, WORD_staff_event_choose, &model.page);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_MAX_BYTES);
	staff_events_html(&html, call->t, &model);
	print(call, 200, &html);
}

/* ---- the menu ---------------------------------------------------------------------------------------------------------- */

/* How many responses wait here to be taken away; NULL while the spooler does not answer. */
static const char *waiting(const struct call *call)
{
	static const struct {
		uint64_t below;
		enum word words;
	} bands[] = {{1, WORD_staff_band_none},
		     {5, WORD_staff_band_few},
		     {20, WORD_staff_band_some},
		     {100, WORD_staff_band_many},
		     {UINT64_MAX, WORD_staff_band_most}};
	uint64_t count = 0, filed = 0;
	size_t i = 0;
	if (spool_count(&call->app->spool, &count, &filed) != ERR_OK)
		return NULL;
	while (i + 1 < sizeof bands / sizeof bands[0] && count >= bands[i].below)
		i++;
	return staff_words(call, bands[i].words);
}

void staff_menu_page(struct call *call, int status, const char *done, const char *wrong)
{
	const struct station *set = &call->app->state.set;
	const struct catalogue_event *chosen = staff_event(call);
	struct page_staff_event event;
	struct page_staff_menu model = {
		.is_event_gone = !chosen && set->event[0],
		.waiting = waiting(call),
		.is_silent = set->is_silent,
		.sound_level = set->sound_level,
		.is_loudest = set->sound_level >= 100,
		.is_quietest = set->sound_level <= STATION_SOUND_MIN,
		.brightness = set->brightness,
		.is_brightest = set->brightness >= 100,
		.is_darkest = set->brightness <= STATION_BRIGHTNESS_MIN,
	};
	if (chosen) {
		fill_event(call, chosen, &event);
		model.event = &event;
	}
	fill_inside(call, WORD_staff_menu_title, &model.page);
	model.page.done = done;
	model.page.wrong = wrong;
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_MAX_BYTES);
	staff_menu_html(&html, call->t, &model);
	print(call, status, &html);
}
