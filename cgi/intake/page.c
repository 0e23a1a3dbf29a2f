/* SPDX-License-Identifier: MIT */
/* page.c: what stands around every page, and sending what a template printed. */
#include "page.h"

#include "sound_page.h"

#include "lib/base/json_read.h"
#include "lib/base/log.h"
#include "static_names.h"

#include <stdlib.h>
#include <string.h>

/* Welsh stands right behind the first language, wherever it is offered: it is the other official one (Welsh Language (Wales)
 * Measure 2011); the rest stay in their order. */
static void put_welsh_second(struct page_language *list, size_t count)
{
	for (size_t i = 2; i < count; i++) {
		if (strcmp(list[i].tag, "cy") != 0)
			continue;
		struct page_language welsh = list[i];
		memmove(&list[2], &list[1], (i - 1) * sizeof list[0]);
		list[1] = welsh;
		return;
	}
}

/* The languages of the chooser: the event's where they are known, else all that the page's strings have. */
static void fill_languages(const struct visit *visit, struct page_frame *page)
{
	const struct words_set *set = catalogue_words(visit->app->catalogue);
	size_t count = visit->offered_count ? visit->offered_count : set->count;
	struct page_language *list = arena_array(visit->arena, count, struct page_language);
	if (!list)
		return;
	for (size_t i = 0; i < count; i++) {
		const char *tag = visit->offered_count ? visit->offered[i].tag : set->list[i].language;
		const struct words *words = words_for(set, tag);
		bool is_own = strcmp(words->language, tag) == 0;
		struct safe_url url = {"#"};
		if (visit->route.kind == ROUTE_EVENT && visit->route.code)
			url = route_event(visit->route.how, visit->route.code, visit->route.form, tag, visit->arena);
		else if (visit->route.kind == ROUTE_HELP)
			url = route_help(tag, visit->arena);
		else if (visit->route.kind == ROUTE_WITHDRAW)
			url = route_withdraw(tag, visit->arena);
		else if (visit->route.kind == ROUTE_NOTICE)
			url = route_notice(visit->route.notice, tag, visit->arena);
		else if (visit->route.kind == ROUTE_AREAS)
			url = route_areas(tag, visit->arena);
		else if (visit->route.kind == ROUTE_AREA)
			url = route_area(visit->route.area, tag, visit->arena);
		else /* what is nowhere has no address in another language either: there is the first page */
			url = route_home(tag, visit->arena);
		size_t base = strcspn(words->language, "-");
		list[i] = (struct page_language){
			.tag = tag,
			.name = is_own ? words->name : tag,
			.lang = arena_strndup(visit->arena, words->language, base),
			.dir = words->is_rtl ? "rtl" : "ltr",
			.url = url,
			.is_current = strcmp(tag, visit->tag) == 0,
		};
	}
	put_welsh_second(list, count);
	page->languages = list;
	page->languages_count = count > 1 && strcmp(list[0].url.url, "#") != 0 ? count : 0;
}

/* What stands beside the mark: the form's title, which says nothing where it must not; of several forms, of which none is chosen, the
 * event's, or nothing; without any who asks. */
static const char *heading(const struct visit *visit, const char *who)
{
	const char *ignored = NULL;
	bool is_careful = visit_is_careful(visit);
	if (!visit->form)
		return who && !is_careful ? who : "";
	if (visit->event && visit->event->forms_count > 1 && !visit->route.form)
		return is_careful ? "" : visit->event->title;
	return visit_text(visit, &visit->form->title, &ignored);
}

void page_fill(const struct visit *visit, const char *title, struct page_frame *page)
{
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	const char *tag = visit->tag;
	const char *variant = strstr(tag, "-x-");
	bool is_careful = visit_is_careful(visit);
	*page = (struct page_frame){
		.lang = arena_strndup(visit->arena, tag, strcspn(tag, "-")),
		.dir = visit->words->is_rtl ? "rtl" : "ltr",
		.variant = variant ? variant + 3 : "",
		.is_practice = visit->event && visit->event->is_practice,
		.has_exit = is_careful,
		.exit_url = view_url(organisation->exit_url),
		.css = {STATIC_SITE_CSS},
		.rare_css = {STATIC_RARE_CSS},
		.js = {""},
		.icon = {STATIC_ICON_SVG},
		.home_url = route_home(visit->route.language ? visit->words->language : NULL, visit->arena),
		.help_url = route_help(tag, visit->arena),
		.withdraw_url = route_withdraw(tag, visit->arena),
		.privacy_url = route_notice(NOTICE_PRIVACY, tag, visit->arena),
		.accessibility_url = route_notice(NOTICE_ACCESSIBILITY, tag, visit->arena),
		.cookies_url = route_notice(NOTICE_COOKIES, tag, visit->arena),
	};
	const char *who = organisation_text(organisation, tag, &organisation->name);
	page->heading = heading(visit, who);
	page->title = title;
	if (!is_careful && who) {
		const struct words_fill fills[] = {{"title", title}, {"organisation", who}};
		const char *full = words_fill(visit->words, WORD_page_title, fills, 2, visit->arena);
		page->title = full ? full : title;
	}
	if (visit->route.how != ROUTE_PLAIN)
		page->view = visit->view;
	bool is_draft_form = visit->form && visit->form->languages[visit->language].status == LANGUAGE_DRAFT;
	page->is_draft = is_draft_form || visit->words->is_draft;
	fill_languages(visit, page);
	page->tag = tag;
	sound_page_frame(visit, page);
}

struct safe_url page_picture(const char *name)
{
	static const struct {
		const char *name, *path;
	} pictures[] = {STATIC_PICTURES{NULL, NULL}};
	for (size_t i = 0; name && pictures[i].name; i++)
		if (strcmp(pictures[i].name, name) == 0)
			return view_url(pictures[i].path);
	return (struct safe_url){""};
}

const struct page_helpline *page_helplines(const struct visit *visit, bool emergency_only, size_t *count)
{
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	struct page_helpline *list = arena_array(visit->arena, organisation->helplines_count, struct page_helpline);
	*count = 0;
	for (size_t i = 0; list && i < organisation->helplines_count; i++) {
		const struct helpline *helpline = &organisation->helplines[i];
		if (emergency_only && !helpline->is_emergency)
			continue;
		if (helpline->is_wales_only && visit->event && !visit->event->is_wales)
			continue;
		list[(*count)++] = (struct page_helpline){
			.title = organisation_text(organisation, visit->tag, &helpline->title),
			.number = helpline->number,
			.web = helpline->web,
			.note = organisation_text(organisation, visit->tag, &helpline->note),
		};
	}
	return list;
}

void page_send(const struct visit *visit, int status, struct strbuf *html, struct http_response *response)
{
	enum err error = strbuf_error(html);
	if (!error && visit->arena->is_failed)
		error = ERR_NOMEM; /* something on the page may be lacking: a choice, a message */
	char *body = error ? NULL : arena_memdup(visit->arena, strbuf_text(html), html->length);
	if (!body) {
		log_error("intake.page", "error=%s", err_name(error ? error : ERR_NOMEM));
		*response = (struct http_response){.status = 500, .content_type = "text/plain; charset=utf-8"};
		return;
	}
	*response = (struct http_response){.status = status, .body = body, .body_length = html->length};
}

void page_send_json(const struct visit *visit, int status, json_t *object, struct http_response *response)
{
	char *text = object && !visit->arena->is_failed ? json_write(object, JSON_COMPACT) : NULL;
	const char *json = text ? arena_strdup(visit->arena, text) : NULL;
	free(text);
	json_decref(object);
	if (!json)
		log_error("intake.page", "error=%s", err_name(ERR_NOMEM));
	*response = (struct http_response){.status = json ? status : 500,
					   .content_type = "application/json",
					   .body = json ? json : "{}",
					   .body_length = json ? strlen(json) : 2};
}
