/* SPDX-License-Identifier: MIT */
/* pages_events.c: all events that an account may see, and search among them. */
#include "controls.h"
#include "event_choices.h"
#include "event_words.h"
#include "routes.h"

#include "lib/view/organiser_events.h"
#include "pages/organiser/events.h"

#include <string.h>

enum { PAGE_LINES = 25, PAGES_MAX = 10000 };

static enum word of(int word)
{
	return (enum word) word;
}

/* What was asked for, kept as it was typed. */
struct asked {
	const char *words, *area, *programme, *state;
	bool without_practice;
	size_t part; /* of the list, from 0 */
};

static struct asked asked_of(const struct visit *visit)
{
	struct asked asked = {
		.words = visit_query(visit, "words"),
		.area = visit_query(visit, "area"),
		.programme = visit_query(visit, "programme"),
		.state = visit_query(visit, "state"),
		.without_practice = strcmp(visit_query(visit, "practice"), "no") == 0,
	};
	const char *part = visit_query(visit, "part");
	for (; *part >= '0' && *part <= '9' && asked.part < PAGES_MAX; part++)
		asked.part = 10 * asked.part + (size_t) (*part - '0');
	if (asked.part > 0)
		asked.part--;
	return asked;
}

/* An address that asks for the same, of another part. Values are percent-encoded. */
static struct safe_url address_of(const struct visit *visit, const struct asked *asked, size_t part)
{
	CLEANUP_STRBUF struct strbuf url;
	strbuf_init(&url, HTTP_BODY_MAX);
	strbuf_putf(&url, "/events?part=%zu&words=", part + 1);
	view_escape_url(&url, asked->words);
	strbuf_puts(&url, "&area=");
	view_escape_url(&url, asked->area);
	strbuf_puts(&url, "&programme=");
	view_escape_url(&url, asked->programme);
	strbuf_puts(&url, "&state=");
	view_escape_url(&url, asked->state);
	strbuf_puts(&url, asked->without_practice ? "&practice=no" : "");
	char *copy = strbuf_error(&url) ? NULL : arena_strdup(visit->arena, strbuf_text(&url));
	return view_url(copy ? copy : "/events");
}

/* Areas that may be read; of those the one that was asked for. NULL: all. */
static enum err find(struct visit *visit, const struct asked *asked, struct office_event_line **lines, size_t *count,
		     size_t *total)
{
	size_t areas_count = 0;
	const struct organisation_area **areas = event_areas(visit, ACT_EVENT_READ, &areas_count);
	const char **names = arena_array(visit->arena, areas_count + 1, const char *);
	size_t named = 0;
	for (size_t i = 0; names && i < areas_count; i++)
		if (!*asked->area || strcmp(asked->area, areas[i]->name) == 0)
			names[named++] = areas[i]->name;
	bool is_all = may_everywhere(visit->account, ACT_EVENT_READ) && !*asked->area;
	enum event_state state;
	struct office_event_search search = {
		.words = asked->words,
		.areas = is_all ? NULL : names,
		.areas_count = is_all ? 0 : named,
		.programme = asked->programme,
		.state = event_state_parse(asked->state, &state) == ERR_OK ? (int) state : -1,
		.with_practice = !asked->without_practice,
		.skip = asked->part * PAGE_LINES,
		.most = PAGE_LINES,
	};
	*count = *total = 0;
	if (!is_all && named == 0)
		return ERR_OK;
	return office_event_find(visit->office, &search, visit->arena, lines, count, total);
}

static struct control programmes(const struct visit *visit, const char *chosen)
{
	const struct organisation *organisation = visit->organisation;
	size_t count = organisation->programmes_count;
	struct control_option *options = arena_array(visit->arena, count + 1, struct control_option);
	if (options)
		options[0] = (struct control_option){.value = "", .label = visit_words(visit, of(WORD_o_search_any))};
	for (size_t i = 0; options && i < count; i++)
		options[i + 1] =
			(struct control_option){.value = organisation->programmes[i].name,
						.label = visit_text(visit, &organisation->programmes[i].title),
						.is_chosen = strcmp(organisation->programmes[i].name, chosen) == 0};
	return control_options(visit, "programme", WORD_o_programme, CONTROL_NO_HINT, options, options ? count + 1 : 0);
}

static struct control states(const struct visit *visit, const char *chosen)
{
	struct control_option *options = arena_array(visit->arena, EVENT_STATE_COUNT + 1, struct control_option);
	if (options)
		options[0] = (struct control_option){.value = "", .label = visit_words(visit, of(WORD_o_search_any))};
	for (int i = 0; options && i < EVENT_STATE_COUNT; i++) {
		enum event_state state = (enum event_state) i;
		options[i + 1] = (struct control_option){.value = event_state_name(state),
							 .label = event_state_words(visit, state),
							 .is_chosen = strcmp(event_state_name(state), chosen) == 0};
	}
	return control_options(visit, "state", WORD_o_state, CONTROL_NO_HINT, options,
			       options ? EVENT_STATE_COUNT + 1 : 0);
}

static void fill_search(const struct visit *visit, const struct asked *asked, struct page_events *page)
{
	size_t count = 0;
	struct control_option *tick = arena_new(visit->arena, struct control_option);
	page->words = control_text(visit, "words", WORD_o_search_words, CONTROL_NO_HINT, asked->words);
	page->words.type = "search";
	struct control_option *areas =
		event_area_options(visit, ACT_EVENT_READ, asked->area, WORD_o_search_any, &count);
	page->has_area = count > 2; /* "any", and one: there is nothing to choose */
	page->area = control_options(visit, "area", WORD_o_area, CONTROL_NO_HINT, areas, count);
	page->programme = programmes(visit, asked->programme);
	page->state = states(visit, asked->state);
	if (tick)
		*tick = (struct control_option){.value = "no",
						.label = visit_words(visit, of(WORD_o_search_practice)),
						.is_chosen = asked->without_practice};
	page->more = control_options(visit, "practice", WORD_o_search_practice, CONTROL_NO_HINT, tick, tick ? 1 : 0);
	page->is_open = *asked->area || *asked->programme || *asked->state || asked->without_practice;
	page->is_searched = page->is_open || *asked->words;
}

static const char *meta_of(const struct visit *visit, const struct office_event_line *line)
{
	const struct catalogue_event *shown = &line->event->shown;
	const char *where = event_where_when(visit, shown);
	const char *text = shown->is_practice ? arena_printf(visit->arena, "%s · %s · %s", where, shown->code,
							     visit_words(visit, of(WORD_o_tag_practice)))
					      : arena_printf(visit->arena, "%s · %s", where, shown->code);
	return text ? text : where;
}

static void fill_found(const struct visit *visit, const struct asked *asked, const struct office_event_line *found,
		       size_t count, size_t total, struct page_events *page)
{
	struct page_line *lines = arena_array(visit->arena, count + 1, struct page_line);
	for (size_t i = 0; lines && i < count; i++) {
		const struct catalogue_event *shown = &found[i].event->shown;
		lines[i] = (struct page_line){.title = shown->title,
					      .url = visit_url(visit, "/events/%s", shown->code),
					      .meta = meta_of(visit, &found[i]),
					      .tag = event_state_words(visit, shown->state),
					      .kind = event_state_kind(shown->state)};
	}
	page->found = (struct page_lines){lines, lines ? count : 0};
	size_t first = asked->part * PAGE_LINES;
	page->pager = (struct page_pager){.first = count ? first + 1 : 0,
					  .last = first + count,
					  .total = total,
					  .previous_url = {""},
					  .next_url = {""}};
	if (asked->part > 0)
		page->pager.previous_url = address_of(visit, asked, asked->part - 1);
	if (first + count < total)
		page->pager.next_url = address_of(visit, asked, asked->part + 1);
}

void events_page(struct visit *visit)
{
	const struct asked asked = asked_of(visit);
	struct office_event_line *lines = NULL;
	size_t count = 0, total = 0;
	enum err error = find(visit, &asked, &lines, &count, &total);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	struct page_events page = {.may_add = may_somewhere(visit->account, ACT_EVENT_WRITE)};
	fill_search(visit, &asked, &page);
	fill_found(visit, &asked, lines, count, total, &page);
	page.has_none = total == 0 && !page.is_searched;
	visit_frame(visit, of(WORD_o_events_title), "/events");
	visit->page.is_wide = true;
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_events_html(&body, visit->t, &page);
	visit_page(visit, 200, &body);
}
