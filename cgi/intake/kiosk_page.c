/* SPDX-License-Identifier: MIT */
/* kiosk_page.c: a kiosk's face: the bar below every page, what opens from it, and the start screen.
 *
 * One machine, many people: nothing here names anybody or outlives the page, no link leads out (domain.md, 1.2), and what somebody sets
 * for their eyes and ears travels in hidden fields (view_fields.h). Everything works without script. */
#include "kiosk_page.h"

#include "page.h"

#include "pages/kiosk/start.h"
#include "static_names.h"

#include <string.h>

enum { SIZES = 3 };

bool kiosk_page_is_on(const struct visit *visit)
{
	return visit->route.kind == ROUTE_EVENT && visit->route.how == ROUTE_KIOSK;
}

bool kiosk_page_is_set(const struct visit *visit)
{
	return visit->view.size > 1 || visit->view.has_contrast || visit->view.is_listening;
}

static bool is_machine(const struct visit *visit)
{
	return visit->app->conf.mode == CONF_MODE_KIOSK;
}

/* Where the next person begins. On a kiosk of its own that is whatever event its staff have chosen by then, where this one takes no
 * answers. */
static struct safe_url start_url(const struct visit *visit)
{
	bool is_open = visit->event && visit->event->state == EVENT_OPEN;
	if (!is_open && is_machine(visit))
		return route_kiosk_home();
	return route_event(ROUTE_KIOSK, visit->route.code, NULL, NULL, visit->arena);
}

/* Easy Read of the page's language where the event has it; from there the way back. */
static void fill_easy(const struct visit *visit, struct page_frame *page)
{
	static const char easy[] = "-x-easy";
	const char *variant = strstr(visit->tag, "-x-");
	size_t base = strcspn(visit->tag, "-");
	for (size_t i = 0; i < page->languages_count; i++) {
		const struct page_language *one = &page->languages[i];
		if (strncmp(one->tag, visit->tag, base) != 0 || strcmp(one->tag + base, variant ? "" : easy) != 0)
			continue;
		const struct words *words = words_for(catalogue_words(visit->app->catalogue), visit->tag);
		page->kiosk.easy_tag = one->tag;
		page->kiosk.easy_name = variant ? words->name : one->name;
		page->kiosk.easy_lang = one->lang;
		page->kiosk.easy_url = one->url;
		return;
	}
}

/* What the bar's buttons ask for, and which of them was pressed to get here. */
static void fill_view(const struct visit *visit, struct page_frame *page)
{
	const struct page_view *view = &visit->view;
	struct page_kiosk *kiosk = &page->kiosk;
	page->view = *view;
	kiosk->is_largest = view->size == SIZES;
	kiosk->next_size = view->size % SIZES + 1;
	kiosk->is_listen_pressed = strcmp(view->pressed, "view-listen") == 0;
	kiosk->is_size_pressed = strcmp(view->pressed, "view-size") == 0;
	kiosk->is_contrast_pressed = strcmp(view->pressed, "view-contrast") == 0;
}

void kiosk_page_frame(const struct visit *visit, const char *state, struct page_frame *page)
{
	const struct conf *conf = &visit->app->conf;
	const struct route *route = &visit->route;
	struct page_kiosk *kiosk = &page->kiosk;
	bool is_start = strcmp(state, "start") == 0;
	bool is_thanks = strcmp(state, "thanks") == 0; /* which has "Finished" */
	bool is_asked = visit->request->method == HTTP_GET || visit->is_look;
	*kiosk = (struct page_kiosk){
		.is_on = true,
		.state = state,
		.form = "",
		.start_url = start_url(visit),
		.here_url = route_event(ROUTE_KIOSK, route->code, route->form, route->language, visit->arena),
		.idle_s = conf->kiosk_idle_s,
		.warning_s = conf->kiosk_warning_s,
		.thanks_s = conf->kiosk_thanks_s,
		.is_machine = is_machine(visit),
		.has_again = !is_start && !is_thanks,
	};
	if (strcmp(state, "form") == 0) {
		kiosk->form = "answers";
		kiosk->here_url = route_event(ROUTE_KIOSK, route->code, route->form, visit->tag, visit->arena);
	} else if (!is_thanks && is_asked && !visit->request->fault) {
		kiosk->form = "kioskBegin";
		kiosk->has_begin = true;
	}
	kiosk->has_languages = *kiosk->form && page->languages_count && !is_start;
	if (kiosk->has_languages)
		fill_easy(visit, page);
	fill_view(visit, page);
	kiosk->helplines = page_helplines(visit, false, &kiosk->helplines_count);
	kiosk->privacy = page_notice_sections(visit, NOTICE_PRIVACY, &kiosk->privacy_count);
	kiosk->privacy_back =
		visit_words_with(visit, WORD_kiosk_privacy_back, "link", visit_words(visit, WORD_footer_withdraw));
	page->has_exit = false; /* there is no history to hide, and nowhere to go: Start again is the way out */
	page->css = (struct safe_url){STATIC_KIOSK_CSS};
	page->js = (struct safe_url){STATIC_KIOSK_JS};
}

/* ---- the start screen ------------------------------------------------------------------------------------------------------- */

/* One way to begin, in the visit's language. */
static struct page_start way(const struct visit *visit, size_t forms_count)
{
	const char *ignored = NULL;
	const char *time = visit_text(visit, &visit->form->time, &ignored);
	const char *title = visit_text(visit, &visit->form->title, &ignored);
	return (struct page_start){
		.lang = arena_strndup(visit->arena, visit->tag, strcspn(visit->tag, "-")),
		.dir = visit->words->is_rtl ? "rtl" : "ltr",
		.title = forms_count > 1 ? visit_words(visit, WORD_kiosk_title) : title,
		.time = time && forms_count == 1 ? visit_words_with(visit, WORD_time_needed, "time", time) : NULL,
		.text = visit_words(visit, visit->event->is_practice ? WORD_kiosk_anonymous_practice : WORD_kiosk_text),
		.button = visit_words(visit, WORD_kiosk_start),
		.tag = visit->tag,
		.url = route_event(ROUTE_KIOSK, visit->route.code, NULL, visit->tag, visit->arena),
	};
}

static size_t find_offered(const struct visit *visit, const char *tag)
{
	size_t i = 0;
	while (i < visit->offered_count && strcmp(visit->offered[i].tag, tag) != 0)
		i++;
	return i;
}

/* The language TAG stands first among the page's. */
static void put_first(const struct visit *visit, const char *tag, struct page_frame *page)
{
	struct page_language *list = arena_array(visit->arena, page->languages_count, struct page_language);
	size_t used = 0;
	for (int pass = 0; list && pass < 2; pass++)
		for (size_t i = 0; i < page->languages_count; i++)
			if ((strcmp(page->languages[i].tag, tag) == 0) == (pass == 0))
				list[used++] = page->languages[i];
	if (list)
		page->languages = list;
}

void kiosk_page_start(struct visit *visit, size_t forms_count, struct http_response *response)
{
	struct page_start starts[2];
	struct page_kiosk_start model = {.starts = starts};
	size_t welsh = find_offered(visit, "cy"), english = find_offered(visit, "en");
	/* Welsh first, and English beside it as large (Welsh Language (Wales) Measure 2011). */
	bool has_both = visit->event->is_wales && welsh < visit->offered_count && english < visit->offered_count;
	if (has_both) {
		visit_set_language(visit, english);
		starts[1] = way(visit, forms_count);
	}
	visit_set_language(visit, has_both ? welsh : 0);
	starts[0] = way(visit, forms_count);
	starts[0].is_first = true;
	model.starts_count = has_both ? 2 : 1;
	model.is_pair = has_both;
	page_fill(visit, starts[0].title, &model.page);
	if (has_both)
		put_first(visit, "cy", &model.page);
	kiosk_page_frame(visit, "start", &model.page);
	model.is_set = kiosk_page_is_set(visit);
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_HTML_MAX);
	kiosk_start_html(&html, visit->words, &model);
	page_send(visit, 200, &html, response);
}
