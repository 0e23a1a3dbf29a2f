/* SPDX-License-Identifier: MIT */
/* frame.c: the bar on top with the pages that this person may open, the notice of what was just done, the other language. */
#include "frame.h"

#include "app.h"
#include "static_names.h"

#include <string.h>
#include <strings.h>

enum { TABS_MAX = 6 };

static const struct {
	const char *path;
	int name;
	enum act act;
} tabs[TABS_MAX] = {
	{"/", WORD_o_nav_home, ACT_SELF},
	{"/events", WORD_o_nav_events, ACT_EVENT_READ},
	{"/actions", WORD_o_nav_actions, ACT_ACTION_READ},
	{"/placements", WORD_o_nav_placements, ACT_PLACEMENT_READ},
	{"/people", WORD_o_nav_people, ACT_ACCOUNTS},
	{"/audit", WORD_o_nav_audit, ACT_AUDIT},
};

void frame_choose_language(struct visit *visit)
{
	const struct words_set *set = &visit->app->texts->words;
	const char *accept = visit->request->accept_language, *asked = visit_query(visit, "lang");
	const char *tag = "en";
	if (visit->account)
		tag = visit->account->language;
	else if (strcmp(asked, "cy") == 0 || (strcmp(asked, "en") != 0 && strncasecmp(accept, "cy", 2) == 0))
		tag = "cy";
	visit->t = words_for(set, strcmp(tag, "cy") == 0 ? "cy" : "en");
}

static void fill_tabs(struct visit *visit, const char *current)
{
	bool is_whole = visit->account && visit->session && visit->session->stage == SESSION_FULL;
	struct page_tab *list = is_whole ? arena_array(visit->arena, TABS_MAX, struct page_tab) : NULL;
	visit->page.tabs_count = 0;
	for (size_t i = 0; list && i < TABS_MAX; i++) {
		if (!may_somewhere(visit->account, tabs[i].act))
			continue;
		list[visit->page.tabs_count++] = (struct page_tab){
			.name = visit_words(visit, (enum word) tabs[i].name),
			.url = view_url(tabs[i].path),
			.is_current = strcmp(tabs[i].path, current) == 0,
		};
	}
	visit->page.tabs = list;
}

/* The notice that the query names: only words whose keys begin so are notices, and nothing of the query itself is shown. */
static const char *notice(const struct visit *visit)
{
	const char *name = visit_query(visit, "notice");
	if (strncmp(name, "o_done_", 7) != 0 && strcmp(name, "o_not_published") != 0)
		return NULL;
	for (size_t i = 0; i < WORD_ORGANISER_COUNT; i++)
		if (strcmp(word_organiser_names[i], name) == 0)
			return visit_words(visit, (enum word)(WORD_COUNT + i));
	return NULL;
}

/* Before anybody is signed in the same page is offered in the other language; afterwards it is the account's. */
static void fill_other_language(struct visit *visit)
{
	visit->page.other_url = (struct safe_url){""};
	if (visit->account || visit->request->method == HTTP_POST)
		return;
	bool is_welsh = strcmp(visit->t->language, "cy") == 0;
	const struct words *other = words_for(&visit->app->texts->words, is_welsh ? "en" : "cy");
	if (strcmp(other->language, visit->t->language) == 0)
		return;
	visit->page.other_url = visit_url(visit, "%s?lang=%s", visit->request->path, other->language);
	visit->page.other_name = other->name;
	visit->page.other_lang = other->language;
}

void visit_frame_text(struct visit *visit, const char *title, const char *tab)
{
	struct page_organiser *page = &visit->page;
	page->lang = visit->t->language;
	page->dir = "ltr";
	page->title = title;
	page->organisation = visit_text(visit, &visit->organisation->short_name);
	page->css = (struct safe_url){STATIC_ORGANISER_CSS};
	page->rare_css = (struct safe_url){STATIC_RARE_CSS};
	page->js = (struct safe_url){STATIC_ORGANISER_JS};
	page->icon = (struct safe_url){STATIC_ICON_SVG};
	page->who = visit->account ? visit->account->shown : NULL;
	page->has_whole_session = visit->session && visit->session->stage == SESSION_FULL;
	page->is_at_account = strcmp(tab, "/account") == 0;
	page->csrf = visit->csrf;
	page->notice = notice(visit);
	page->is_notice_bad = strcmp(visit_query(visit, "notice"), "o_not_published") == 0;
	fill_tabs(visit, tab);
	fill_other_language(visit);
}

void visit_frame(struct visit *visit, enum word title, const char *tab)
{
	visit_frame_text(visit, visit_words(visit, title), tab);
}

void visit_back(struct visit *visit, enum word name, struct safe_url url)
{
	visit->page.back = visit_words(visit, name);
	visit->page.back_url = url;
}
