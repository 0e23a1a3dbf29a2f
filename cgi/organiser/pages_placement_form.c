/* SPDX-License-Identifier: MIT */
/* pages_placement_form.c: what became of the places of one kind in one quarter is written down, and changed. */
#include "controls.h"
#include "event_choices.h"
#include "event_form.h"
#include "event_read.h"
#include "financial.h"
#include "placement_words.h"
#include "routes.h"

#include "pages/organiser/placement_form.h"

#include <string.h>

enum { QUARTERS_OFFERED = 5, PLACES_MOST = 100000, DIFFERENCES_MAX = 12 };

static enum word of(int word)
{
	return (enum word) word;
}

static const char *const criterion_names[OFFICE_CRITERIA] = {"criterion-1", "criterion-2", "criterion-3",
							     "criterion-4", "criterion-5", "criterion-6"};

struct placement_form {
	const struct office_placement *was; /* NULL: a new one */
	struct office_placement read;
	struct page_differences both;
	uint32_t version; /* of the hidden field */
};

/* ---- reading ---------------------------------------------------------------------------------------------------------------- */

static int64_t places(struct visit *visit, const char *name, const char *label, bool is_needed)
{
	return event_read_number(visit, name, label, PLACES_MOST, is_needed);
}

static bool is_kind(const struct visit *visit, const char *name)
{
	for (size_t i = 0; i < visit->organisation->placements_count; i++)
		if (strcmp(visit->organisation->placements[i].name, name) == 0)
			return true;
	return false;
}

/* Places are offered, then taken up, then completed; nobody who did not take one up meets a criterion. */
static void check_order(struct visit *visit, const struct office_placement *read)
{
	if (read->taken_up > read->offered && read->offered != OFFICE_UNKNOWN)
		visit_wrong(visit, "taken_up", visit_words(visit, of(WORD_o_bad_taken)));
	if (read->completed > read->taken_up && read->taken_up != OFFICE_UNKNOWN)
		visit_wrong(visit, "completed", visit_words(visit, of(WORD_o_bad_completed)));
	for (int i = 0; i < OFFICE_CRITERIA; i++)
		if (read->criteria[i] > read->taken_up && read->taken_up != OFFICE_UNKNOWN)
			event_wrong(visit, criterion_names[i], WORD_o_bad_criterion, placement_criterion_word(i));
}

static void read_all(struct visit *visit, struct placement_form *form)
{
	struct office_placement *read = &form->read;
	struct financial_quarter quarter = {0};
	*read = form->was ? *form->was : (struct office_placement){.id = 0};
	read->version = event_version_field(visit);
	form->version = read->version;
	const struct organisation_area *area = event_area(visit, ACT_PLACEMENT_WRITE, visit_field(visit, "area"));
	read->area = area ? area->name : "";
	if (!area)
		visit_wrong(visit, "area", visit_words(visit, of(WORD_o_bad_area)));
	if (!financial_parse(visit_field(visit, "quarter"), &quarter))
		event_wrong(visit, "quarter", WORD_o_bad_select, WORD_o_placement_quarter);
	read->year = quarter.year;
	read->quarter = quarter.quarter;
	read->kind = visit_field(visit, "kind");
	if (!is_kind(visit, read->kind))
		event_wrong(visit, "kind", WORD_o_bad_select, WORD_o_placement_kind);
	read->offered = places(visit, "offered", visit_words(visit, of(WORD_o_placement_offered)), true);
	read->taken_up = places(visit, "taken_up", visit_words(visit, of(WORD_o_placement_taken_up)), true);
	read->completed = places(visit, "completed", visit_words(visit, of(WORD_o_placement_completed)), true);
	for (int i = 0; i < OFFICE_CRITERIA; i++) {
		read->criteria[i] = places(visit, criterion_names[i], placement_criterion(visit, i), false);
		if (read->criteria[i] == OFFICE_UNKNOWN && !visit_wrong_of(visit, criterion_names[i]))
			read->criteria[i] = 0;
	}
	check_order(visit, read);
}

/* ---- showing ---------------------------------------------------------------------------------------------------------------- */

static struct control count_control(const struct visit *visit, const char *name, int label, bool has_value,
				    int64_t value)
{
	const char *fresh = has_value ? event_number_text(visit, value) : "";
	struct control control = control_text(visit, name, label, CONTROL_NO_HINT, event_was(visit, name, fresh));
	control.inputmode = "numeric";
	control.width = 4;
	return control;
}

static const char *quarter_value(const struct visit *visit, struct financial_quarter quarter)
{
	char text[FINANCIAL_TEXT];
	financial_format(quarter, text);
	const char *copy = arena_strdup(visit->arena, text);
	return copy ? copy : "";
}

/* This quarter and those before it, newest first; the one that is chosen among them wherever it lies. */
static struct control quarters(const struct visit *visit, const struct placement_form *form)
{
	struct control_option *options = arena_array(visit->arena, QUARTERS_OFFERED + 1, struct control_option);
	struct financial_quarter now = financial_of(visit->today), chosen;
	const char *fresh = "";
	if (form->was)
		fresh = quarter_value(visit, (struct financial_quarter){form->was->year, form->was->quarter});
	const char *value = event_was(visit, "quarter", fresh);
	bool is_chosen = financial_parse(value, &chosen), is_among = !is_chosen;
	size_t count = 0;
	for (int i = 0; options && i < QUARTERS_OFFERED; i++) {
		struct financial_quarter one = financial_later(now, -i);
		const char *text = quarter_value(visit, one);
		bool is_this = strcmp(text, value) == 0;
		is_among |= is_this;
		options[count++] = (struct control_option){
			.value = text, .label = placement_quarter(visit, one), .is_chosen = is_this};
	}
	if (options && !is_among)
		options[count++] = (struct control_option){
			.value = value, .label = placement_quarter(visit, chosen), .is_chosen = true};
	return control_options(visit, "quarter", WORD_o_placement_quarter, CONTROL_NO_HINT, options, count);
}

static struct control kinds(const struct visit *visit, const struct placement_form *form)
{
	const struct organisation *organisation = visit->organisation;
	struct control_option *options =
		arena_array(visit->arena, organisation->placements_count + 1, struct control_option);
	const char *chosen = event_was(visit, "kind", form->was ? form->was->kind : "");
	size_t count = 0;
	for (; options && count < organisation->placements_count; count++)
		options[count] =
			(struct control_option){.value = organisation->placements[count].name,
						.label = visit_text(visit, &organisation->placements[count].title),
						.is_chosen = strcmp(organisation->placements[count].name, chosen) == 0};
	return control_options(visit, "kind", WORD_o_placement_kind, CONTROL_NO_HINT, options, count);
}

static void fill_area(const struct visit *visit, const struct placement_form *form, struct page_placement_form *page)
{
	size_t count = 0;
	const struct organisation_area **areas = event_areas(visit, ACT_PLACEMENT_WRITE, &count);
	page->asks_area = count != 1 || visit_wrong_of(visit, "area");
	page->area_one = count == 1 ? areas[0]->name : "";
	const char *chosen = event_was(visit, "area", form->was ? form->was->area : visit_query(visit, "area"));
	struct control_option *options =
		event_area_options(visit, ACT_PLACEMENT_WRITE, chosen, WORD_o_event_area_choose, &count);
	page->area = control_options(visit, "area", WORD_o_area, CONTROL_NO_HINT, options, count);
}

static void show(struct visit *visit, const struct placement_form *form, int status)
{
	const struct office_placement *was = form->was;
	const char *title = visit_words(visit, of(was ? WORD_o_placement_edit_title : WORD_o_placement_new_title));
	struct control *criteria = arena_array(visit->arena, OFFICE_CRITERIA, struct control);
	struct page_placement_form page = {
		.title = title,
		.action = was ? visit_url(visit, "/placements/%lld", (long long) was->id) : view_url("/placements/new"),
		.cancel_url = view_url("/placements"),
		.version = was ? arena_printf(visit->arena, "%u", form->version) : NULL,
		.quarter = quarters(visit, form),
		.kind = kinds(visit, form),
		.offered = count_control(visit, "offered", WORD_o_placement_offered, was, was ? was->offered : 0),
		.taken_up = count_control(visit, "taken_up", WORD_o_placement_taken_up, was, was ? was->taken_up : 0),
		.completed =
			count_control(visit, "completed", WORD_o_placement_completed, was, was ? was->completed : 0),
		.criteria = criteria,
		.criteria_count = criteria ? OFFICE_CRITERIA : 0,
		.both = form->both,
	};
	for (int i = 0; criteria && i < OFFICE_CRITERIA; i++)
		criteria[i] = count_control(visit, criterion_names[i], placement_criterion_word(i), was,
					    was ? was->criteria[i] : 0);
	fill_area(visit, form, &page);
	visit_frame_text(visit, title, "/placements");
	visit_back(visit, of(WORD_o_placements_title), page.cancel_url);
	page.page = visit->page;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_placement_form_html(&body, visit->t, &page);
	visit_page(visit, status, &body);
}

/* ---- two people at once -------------------------------------------------------------------------------------------------------- */

static void compare(const struct visit *visit, struct page_difference *list, size_t *count, int label,
		    const char *theirs, const char *yours)
{
	if (strcmp(theirs, yours) != 0 && *count < DIFFERENCES_MAX)
		list[(*count)++] = (struct page_difference){visit_words(visit, of(label)), theirs, yours};
}

static void compare_all(struct visit *visit, struct placement_form *form, const struct office_placement *now)
{
	struct page_difference *list = arena_array(visit->arena, DIFFERENCES_MAX, struct page_difference);
	const struct office_placement *read = &form->read;
	size_t count = 0;
	if (!list)
		return;
	compare(visit, list, &count, WORD_o_area, visit_area(visit, now->area), visit_area(visit, read->area));
	compare(visit, list, &count, WORD_o_quarter,
		placement_quarter(visit, (struct financial_quarter){now->year, now->quarter}),
		placement_quarter(visit, (struct financial_quarter){read->year, read->quarter}));
	compare(visit, list, &count, WORD_o_kind, placement_kind(visit, now->kind), placement_kind(visit, read->kind));
	compare(visit, list, &count, WORD_o_offered, event_number_text(visit, now->offered),
		event_number_text(visit, read->offered));
	compare(visit, list, &count, WORD_o_taken_up, event_number_text(visit, now->taken_up),
		event_number_text(visit, read->taken_up));
	compare(visit, list, &count, WORD_o_completed, event_number_text(visit, now->completed),
		event_number_text(visit, read->completed));
	for (int i = 0; i < OFFICE_CRITERIA; i++)
		compare(visit, list, &count, placement_criterion_word(i), event_number_text(visit, now->criteria[i]),
			event_number_text(visit, read->criteria[i]));
	form->both = (struct page_differences){list, count};
	form->version = now->version;
}

static void show_both(struct visit *visit, struct placement_form *form)
{
	struct office_placement *now = NULL;
	enum err error = office_placement_get(visit->office, form->read.id, visit->arena, &now);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	compare_all(visit, form, now);
	visit_wrong(visit, "", visit_words(visit, of(WORD_o_both_error)));
	show(visit, form, 409);
}

/* One record for a kind in a quarter: a button that is pressed twice counts nobody twice. */
static enum err check_twin(struct visit *visit, const struct office_placement *read)
{
	const char *const area[] = {read->area};
	struct office_placement *all = NULL;
	size_t count = 0;
	enum err error = office_placement_list(visit->office, area, 1, read->year, visit->arena, &all, &count);
	for (size_t i = 0; !error && i < count; i++) {
		if (all[i].quarter != read->quarter || strcmp(all[i].kind, read->kind) != 0 || all[i].id == read->id)
			continue;
		visit_wrong(visit, "kind", visit_words(visit, of(WORD_o_placement_twin)));
		break;
	}
	return error;
}

/* ---- handlers -------------------------------------------------------------------------------------------------------------------- */

void placement_new_page(struct visit *visit)
{
	show(visit, &(struct placement_form){.was = NULL}, 200);
}

void placement_page(struct visit *visit)
{
	if (may(visit->account, ACT_PLACEMENT_WRITE, visit->placement->area))
		show(visit, &(struct placement_form){.was = visit->placement, .version = visit->placement->version},
		     200);
	else
		visit_refused(visit);
}

static void save(struct visit *visit, const struct office_placement *was)
{
	struct placement_form form = {.was = was};
	read_all(visit, &form);
	enum err error = visit_is_wrong(visit) ? ERR_OK : check_twin(visit, &form.read);
	if (!error && visit_is_wrong(visit)) {
		show(visit, &form, 422);
		return;
	}
	if (!error)
		error = office_placement_save(visit->office, &form.read);
	enum err twin = error == ERR_CONFLICT ? check_twin(visit, &form.read) : ERR_OK; /* somebody was quicker */
	if (twin)
		visit_failed(visit, twin);
	else if (error == ERR_CONFLICT && visit_is_wrong(visit))
		show(visit, &form, 422);
	else if (error == ERR_CONFLICT)
		show_both(visit, &form);
	else if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, arena_printf(visit->arena, "/placements?year=%d", form.read.year),
			 WORD_o_done_placement);
}

void placement_new_post(struct visit *visit)
{
	save(visit, NULL);
}

void placement_post(struct visit *visit)
{
	save(visit, visit->placement);
}
