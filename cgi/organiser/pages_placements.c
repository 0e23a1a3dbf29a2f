/* SPDX-License-Identifier: MIT */
/* pages_placements.c: what became of places on placements in a financial year, Area by Area, against its target (R7, R31). Writing one record
 * down is placement_form.c. */
#include "controls.h"
#include "event_choices.h"
#include "event_read.h"
#include "financial.h"
#include "placement_words.h"
#include "routes.h"

#include "lib/view/organiser_events.h"
#include "pages/organiser/placements.h"

#include <string.h>

enum { AREAS_SEEN_AT_ONCE = 3, PERCENT = 100, PLACES_MOST = 100000 };

static enum word of(int word)
{
	return (enum word) word;
}

/* Numbers of a whole Area, added up. */
static void add(struct page_placement_area *area, struct page_criterion *criteria, const struct office_placement *one)
{
	area->offered += one->offered;
	area->taken_up += one->taken_up;
	area->completed += one->completed;
	for (int i = 0; i < OFFICE_CRITERIA; i++) {
		int64_t *const quarters[] = {&criteria[i].first, &criteria[i].second, &criteria[i].third,
					     &criteria[i].fourth};
		*quarters[one->quarter - 1] += one->criteria[i];
		criteria[i].all += one->criteria[i];
	}
}

static const char *number(const struct visit *visit, int64_t value)
{
	return event_number_text(visit, value);
}

static void fill_sentence(const struct visit *visit, int64_t target, struct page_placement_area *area)
{
	const struct words_fill fills[] = {{"taken", number(visit, area->taken_up)}, {"target", number(visit, target)}};
	if (target > 0) {
		int64_t percent = area->taken_up * PERCENT / target;
		area->has_bar = true;
		area->bar = percent > PERCENT ? PERCENT : percent;
		area->sentence = visit_words_fill(visit, of(WORD_o_placement_of_target), fills, 2);
	} else if (area->rows_count) {
		area->sentence = visit_words_fill(visit, of(WORD_o_placement_no_target), fills, 1);
	} else {
		area->sentence = visit_words(visit, of(WORD_o_placement_none));
	}
}

static struct control target_control(const struct visit *visit, const char *area, int64_t target)
{
	/* One for each Area on the page: the mistake belongs to the one that was sent. */
	bool is_sent = visit->request->method == HTTP_POST && strcmp(visit_field(visit, "area"), area) == 0;
	const char *id = arena_printf(visit->arena, "target-%s", area);
	struct control control = control_text(visit, id ? id : "target", WORD_o_target, CONTROL_NO_HINT,
					      is_sent ? visit_field(visit, id ? id : "target") : number(visit, target));
	control.inputmode = "numeric";
	control.width = 4;
	return control;
}

static void fill_area(const struct visit *visit, const struct organisation_area *source, int year, int64_t target,
		      const struct office_placement *all, size_t count, struct page_placement_area *area)
{
	struct page_placement_row *rows = arena_array(visit->arena, count + 1, struct page_placement_row);
	struct page_criterion *criteria = arena_array(visit->arena, OFFICE_CRITERIA, struct page_criterion);
	bool may_write = may(visit->account, ACT_PLACEMENT_WRITE, source->name);
	*area = (struct page_placement_area){
		.id = arena_printf(visit->arena, "area-%s", source->name),
		.url = visit_url(visit, "/placements?year=%d&area=%s#area-%s", year, source->name, source->name),
		.target_number = number(visit, target),
		.name = visit_text(visit, &source->title),
		.add_url = {may_write ? "/placements/new" : ""},
		.area = source->name,
		.has_target = may(visit->account, ACT_TARGET_WRITE, source->name),
		.target = target_control(visit, source->name, target),
	};
	for (int i = 0; criteria && i < OFFICE_CRITERIA; i++)
		criteria[i].name = placement_criterion(visit, i);
	for (size_t i = 0; rows && criteria && i < count; i++) {
		if (strcmp(all[i].area, source->name) != 0)
			continue;
		rows[area->rows_count++] = (struct page_placement_row){
			.quarter = placement_quarter(visit, (struct financial_quarter){year, all[i].quarter}),
			.kind = placement_kind(visit, all[i].kind),
			.offered = all[i].offered,
			.taken_up = all[i].taken_up,
			.completed = all[i].completed,
			.url = may_write ? visit_url(visit, "/placements/%lld", (long long) all[i].id)
					 : (struct safe_url){""}};
		add(area, criteria, &all[i]);
	}
	area->rows = rows;
	area->criteria = criteria;
	area->criteria_count = criteria ? OFFICE_CRITERIA : 0;
	fill_sentence(visit, target, area);
}

static const char *year_words(const struct visit *visit, int year)
{
	const char *first = arena_printf(visit->arena, "%d", year), *last = arena_printf(visit->arena, "%d", year + 1);
	const struct words_fill fills[] = {{"first", first ? first : ""}, {"last", last ? last : ""}};
	return visit_words_fill(visit, of(WORD_o_placements_year), fills, 2);
}

static enum err fill_areas(struct visit *visit, int year, struct page_placements *page)
{
	size_t areas_count = 0, count = 0;
	const struct organisation_area **areas = event_areas(visit, ACT_PLACEMENT_READ, &areas_count);
	const char **names = arena_array(visit->arena, areas_count + 1, const char *);
	struct page_placement_area *list = arena_array(visit->arena, areas_count + 1, struct page_placement_area);
	struct office_placement *all = NULL;
	if (!names || !list)
		return ERR_NOMEM;
	for (size_t i = 0; i < areas_count; i++)
		names[i] = areas[i]->name;
	enum err error =
		areas_count ? office_placement_list(visit->office, names, areas_count, year, visit->arena, &all, &count)
			    : ERR_OK;
	for (size_t i = 0; i < areas_count && !error; i++) {
		int64_t target = OFFICE_UNKNOWN;
		error = office_target_get(visit->office, areas[i]->name, year, &target);
		if (!error)
			fill_area(visit, areas[i], year, target, all, count, &list[i]);
	}
	page->areas = list;
	page->areas_count = areas_count;
	page->has_overview = areas_count > AREAS_SEEN_AT_ONCE;
	const char *asked = event_was(visit, "area", visit_query(visit, "area"));
	for (size_t i = 0; i < areas_count; i++) {
		bool is_asked = strcmp(asked, list[i].area) == 0;
		list[i].is_shown = !page->has_overview || is_asked || (!*asked && list[i].rows_count > 0);
	}
	return error;
}

static void show(struct visit *visit, int year, int status)
{
	struct page_placements page = {
		.year_words = year_words(visit, year),
		.year = year,
		.previous = year_words(visit, year - 1),
		.previous_url = visit_url(visit, "/placements?year=%d", year - 1),
		.next_url = {""},
		.may_write = may_somewhere(visit->account, ACT_PLACEMENT_WRITE),
		.add_url = visit_url(visit, "/placements/new?year=%d", year),
	};
	if (year < financial_of(visit->today).year) {
		page.next = year_words(visit, year + 1);
		page.next_url = visit_url(visit, "/placements?year=%d", year + 1);
	}
	enum err error = fill_areas(visit, year, &page);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	visit_frame(visit, of(WORD_o_placements_title), "/placements");
	visit->page.is_wide = true;
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_placements_html(&body, visit->t, &page);
	visit_page(visit, status, &body);
}

/* A year from the query or a hidden field; the current one where it says none. */
static int year_of(const struct visit *visit, const char *text)
{
	struct financial_quarter quarter;
	const char *first = arena_printf(visit->arena, "%.5s-1", text);
	return first && financial_parse(first, &quarter) ? quarter.year : financial_of(visit->today).year;
}

void placements_page(struct visit *visit)
{
	show(visit, year_of(visit, visit_query(visit, "year")), 200);
}

void target_post(struct visit *visit)
{
	const char *name = visit_field(visit, "area");
	const struct organisation_area *area = event_area(visit, ACT_TARGET_WRITE, name);
	int year = year_of(visit, visit_field(visit, "year"));
	if (!area) {
		visit_missing(visit);
		return;
	}
	const char *field = arena_printf(visit->arena, "target-%s", area->name);
	if (!field) {
		visit_failed(visit, ERR_NOMEM);
		return;
	}
	int64_t places = event_read_number(visit, field, visit_words(visit, of(WORD_o_target)), PLACES_MOST, true);
	if (visit_is_wrong(visit)) {
		show(visit, year, 422);
		return;
	}
	enum err error = office_target_set(visit->office, area->name, year, places);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, arena_printf(visit->arena, "/placements?year=%d&area=%s", year, area->name),
			 WORD_o_done_target);
}
