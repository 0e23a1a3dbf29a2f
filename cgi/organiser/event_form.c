/* SPDX-License-Identifier: MIT */
/* event_form.c: what was typed about an event, and what it means. Showing it is event_form_page.c. */
#include "event_form.h"

#include "event_read.h"
#include "event_words.h"

#include "lib/office/unfinished.h"

#include <string.h>

enum { TWINS_MOST = 50, PEOPLE_MOST = 1000000, VERSION_DIGITS = 9 };

static enum word of(int word)
{
	return (enum word) word;
}

enum err event_form_begin(struct visit *visit, enum event_form_kind kind, const struct office_event *was,
			  const struct office_event_detail *detail, struct event_form *out)
{
	*out = (struct event_form){.kind = kind, .was = was, .was_detail = detail};
	enum err error = event_choices_load(visit, &out->choices);
	if (error)
		return error;
	bool is_edit = kind == EVENT_FORM_EDIT;
	out->is_practice = was ? was->shown.is_practice : strcmp(visit_query(visit, "practice"), "yes") == 0;
	if (!is_edit && visit->request->method == HTTP_POST)
		out->is_practice = strcmp(visit_field(visit, "practice"), "yes") == 0;
	out->is_fixed = is_edit && !was->shown.is_practice && was->shown.state != EVENT_PLANNED;
	return ERR_OK;
}

uint32_t event_version_field(const struct visit *visit)
{
	const char *text = visit_field(visit, "version");
	size_t digits = strspn(text, "0123456789");
	uint32_t version = 0;
	for (size_t i = 0; i < digits && digits <= VERSION_DIGITS && text[digits] == '\0'; i++)
		version = 10 * version + (uint32_t) (text[i] - '0');
	return version;
}

static bool is_programme(const struct organisation *organisation, const char *name)
{
	for (size_t i = 0; i < organisation->programmes_count; i++)
		if (strcmp(organisation->programmes[i].name, name) == 0)
			return true;
	return organisation->programmes_count == 0;
}

/* An Area that there is and that the account may use. One that has just one is never asked; the hidden field says it all the same, and is
 * not believed. */
static void read_area(struct visit *visit, struct catalogue_event *shown)
{
	const char *name = visit_field(visit, "area");
	const struct organisation_area *area = event_area(visit, ACT_EVENT_WRITE, name);
	shown->area = area ? area->name : "";
	shown->is_wales = area && area->is_wales;
	if (!area && (visit->organisation->areas_count > 0 || *name))
		visit_wrong(visit, "area", visit_words(visit, of(*name ? WORD_o_bad_area : WORD_o_bad_area_missing)));
}

static bool is_among(const char *const *list, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], value) == 0)
			return true;
	return false;
}

/* Whether a form was ticked: a page on which they stay as they are sends none. */
static bool read_ticks(struct visit *visit, struct event_form *form)
{
	size_t forms = 0, languages = 0;
	const char *const *form_names = visit_fields(visit, "form", &forms);
	const char *const *tags = visit_fields(visit, "language", &languages);
	bool is_any = false;
	for (size_t i = 0; i < form->choices.forms_count; i++) {
		struct event_choice_form *one = &form->choices.forms[i];
		one->is_chosen = is_among(form_names, forms, one->name);
		is_any |= one->is_chosen;
	}
	for (size_t i = 0; i < form->choices.languages_count; i++) {
		struct event_choice_language *one = &form->choices.languages[i];
		one->is_chosen = is_among(tags, languages, one->tag);
	}
	if (!is_any && !form->is_fixed)
		visit_wrong(visit, "form", visit_words(visit, of(WORD_o_bad_forms)));
	return is_any;
}

/* Forms that people have been asked stay; languages of theirs may come and go. */
static void keep_forms(struct event_form *form)
{
	for (size_t i = 0; i < form->choices.forms_count; i++) {
		struct event_choice_form *one = &form->choices.forms[i];
		one->is_chosen = false;
		for (size_t j = 0; j < form->was->shown.forms_count; j++)
			one->is_chosen |= strcmp(one->name, form->was->shown.forms[j].form) == 0;
	}
}

static void read_forms(struct visit *visit, struct event_form *form)
{
	struct catalogue_event *shown = &form->event.shown;
	bool is_own = form->kind == EVENT_FORM_EDIT || strcmp(visit_field(visit, "choose"), "own") == 0;
	bool is_late =
		false; /* forms were chosen while that could be, and saved too late: said beside what there is now */
	if (is_own) {
		bool is_any = read_ticks(visit, form);
		is_late = form->is_fixed && is_any && event_form_is_stale(form);
		if (form->is_fixed && !is_late)
			keep_forms(form);
	} else {
		if (*shown->programme && !event_choices_usual_forms(&form->choices, shown->programme))
			visit_wrong(visit, "choose", visit_words(visit, of(WORD_o_bad_usual)));
		event_choices_usual_languages(&form->choices, shown->is_wales);
	}
	bool is_whole = event_choices_take(&form->choices, visit->arena, shown);
	if (!is_whole && is_own && !visit_wrong_of(visit, "form"))
		visit_wrong(visit, "language", visit_words(visit, of(WORD_o_bad_languages)));
	if (is_late) {
		keep_forms(form);
	} else if (form->is_fixed) {
		shown->forms = form->was->shown.forms; /* with the versions that they were asked in */
		shown->forms_count = form->was->shown.forms_count;
	}
}

static int64_t people(struct visit *visit, const char *name, int label)
{
	return event_read_number(visit, name, visit_words(visit, of(label)), PEOPLE_MOST, false);
}

static void read_more(struct visit *visit, struct event_form *form)
{
	struct office_event_detail *detail = &form->detail;
	detail->partner = event_read_line(visit, "partner", WORD_o_event_partner, -1);
	detail->communities = event_read_line(visit, "communities", WORD_o_event_communities, -1);
	detail->topic = event_read_line(visit, "topic", WORD_o_event_topic, -1);
	detail->strand = event_read_line(visit, "strand", WORD_o_event_strand, -1);
	detail->expected = people(visit, "expected", WORD_o_event_expected);
	detail->channel = event_read_line(visit, "channel", WORD_o_event_channel, -1);
	detail->reach = people(visit, "reach", WORD_o_event_reach);
	detail->note = event_read_text(visit, "note", WORD_o_event_note);
	detail->is_refuge = strcmp(visit_field(visit, "refuge"), "yes") == 0;
	detail->opens_on = event_read_day(visit, "opens", WORD_o_event_opens, -1);
	detail->closes_on = event_read_day(visit, "closes", WORD_o_event_closes, -1);
	detail->next_on = event_read_day(visit, "next", WORD_o_event_next_on, -1);
	struct date before = form->kind == EVENT_FORM_EDIT ? form->was_detail->closes_on : (struct date){0};
	if (!detail->closes_on.year)
		return;
	int64_t closes = date_days(detail->closes_on);
	if (detail->opens_on.year && closes < date_days(detail->opens_on))
		visit_wrong(visit, "closes", visit_words(visit, of(WORD_o_bad_order)));
	else if (closes < date_days(visit->today) && (!before.year || closes != date_days(before)))
		visit_wrong(visit, "closes", visit_words(visit, of(WORD_o_bad_past)));
}

bool event_form_is_stale(const struct event_form *form)
{
	return form->kind == EVENT_FORM_EDIT && form->detail.version != form->was_detail->version;
}

bool event_form_read(struct visit *visit, struct event_form *form)
{
	bool is_edit = form->kind == EVENT_FORM_EDIT;
	if (is_edit) {
		form->event = *form->was;
		form->detail = *form->was_detail;
		form->detail.version = event_version_field(visit);
	} else {
		form->event = (struct office_event){.shown = {.is_practice = form->is_practice}};
		form->event.shown.state = form->is_practice ? EVENT_OPEN : EVENT_PLANNED;
		form->detail = (struct office_event_detail){.came = OFFICE_UNKNOWN, .series = "", .points_to = ""};
	}
	struct catalogue_event *shown = &form->event.shown;
	shown->programme = visit_field(visit, "programme");
	if (!is_programme(visit->organisation, shown->programme)) {
		shown->programme = "";
		visit_wrong(visit, "programme", visit_words(visit, of(WORD_o_bad_programme)));
	}
	shown->title = event_read_line(visit, "title", WORD_o_event_name, WORD_o_bad_title);
	shown->held_on = event_read_day(visit, "day", WORD_o_event_day, WORD_o_bad_held_on);
	shown->place = event_read_line(visit, "place", WORD_o_event_place, -1);
	read_area(visit, shown);
	read_forms(visit, form);
	read_more(visit, form);
	return !visit_is_wrong(visit);
}

static bool looks_at_once(const struct event_form *form)
{
	enum event_state state = form->event.shown.state;
	return !form->is_practice && (form->detail.opens_on.year || state == EVENT_OPEN || state == EVENT_GRACE);
}

/* What opens by itself, or is open, is not asked again in the hall: so it is asked here. */
static enum err check_unfinished(struct visit *visit, struct event_form *form)
{
	struct office_unfinished *list = NULL;
	size_t count = 0;
	if (!looks_at_once(form))
		return ERR_OK;
	enum err error = office_event_unfinished(visit->office, &form->event.shown, visit->arena, &list, &count);
	if (error || count == 0)
		return error;
	form->unfinished = event_unfinished_words(visit, &form->event.shown, list, count);
	const char *because = visit_field(visit, "because");
	if (!office_because_is_fine(because)) {
		visit_wrong(visit, "because", visit_words(visit, of(WORD_o_bad_because)));
		return ERR_OK;
	}
	if (!visit_is_wrong(visit))
		error = office_unfinished_because(visit->office, &form->event.shown, list, count, because);
	return error;
}

/* An event with that title, on that day, in that Area: a button pressed twice makes one. */
static enum err check_twin(struct visit *visit, struct event_form *form)
{
	const struct catalogue_event *shown = &form->event.shown;
	const char *const area[] = {shown->area};
	const struct office_event_search search = {.words = "",
						   .areas = area,
						   .areas_count = 1,
						   .programme = "",
						   .state = -1,
						   .from = shown->held_on,
						   .to = shown->held_on,
						   .with_practice = true,
						   .most = TWINS_MOST};
	struct office_event_line *lines = NULL;
	size_t count = 0, total = 0;
	enum err error = office_event_find(visit->office, &search, visit->arena, &lines, &count, &total);
	for (size_t i = 0; !error && i < count; i++) {
		const struct catalogue_event *other = &lines[i].event->shown;
		if (strcmp(other->title, shown->title) == 0 && other->is_practice == shown->is_practice)
			form->twin = lines[i].event;
	}
	if (form->twin && strcmp(visit_field(visit, "again"), "yes") != 0)
		visit_wrong(visit, "again", visit_words(visit, of(WORD_o_twin_missing)));
	return error;
}

bool event_form_check(struct visit *visit, struct event_form *form, enum err *error)
{
	*error = form->kind == EVENT_FORM_EDIT ? ERR_OK : check_twin(visit, form);
	if (!*error)
		*error = check_unfinished(visit, form);
	return !*error && !visit_is_wrong(visit);
}

struct comparing {
	const struct visit *visit;
	struct page_difference *list;
	size_t count;
};

enum { FIELDS_COMPARED = 20 };

static void compare(struct comparing *comparing, int label, const char *theirs, const char *yours)
{
	if (strcmp(theirs, yours) != 0 && comparing->count < FIELDS_COMPARED)
		comparing->list[comparing->count++] =
			(struct page_difference){visit_words(comparing->visit, of(label)), theirs, yours};
}

static void compare_days(struct comparing *comparing, int label, struct date theirs, struct date yours)
{
	compare(comparing, label, event_day(comparing->visit, theirs), event_day(comparing->visit, yours));
}

static void compare_numbers(struct comparing *comparing, int label, int64_t theirs, int64_t yours)
{
	compare(comparing, label, event_number_text(comparing->visit, theirs),
		event_number_text(comparing->visit, yours));
}

static const char *forms_in_words(const struct visit *visit, const struct catalogue_event *shown)
{
	const char *all = "";
	for (size_t i = 0; i < shown->forms_count && all; i++)
		all = arena_printf(visit->arena, "%s%s%s", all, i ? ", " : "",
				   event_form_title(visit, shown->forms[i].form));
	return all ? all : "";
}

static void compare_more(struct comparing *comparing, const struct office_event_detail *theirs,
			 const struct office_event_detail *yours)
{
	const struct visit *visit = comparing->visit;
	compare(comparing, WORD_o_event_partner, theirs->partner, yours->partner);
	compare(comparing, WORD_o_event_communities, theirs->communities, yours->communities);
	compare(comparing, WORD_o_event_topic, theirs->topic, yours->topic);
	compare(comparing, WORD_o_event_strand, theirs->strand, yours->strand);
	compare_numbers(comparing, WORD_o_event_expected, theirs->expected, yours->expected);
	compare(comparing, WORD_o_event_channel, theirs->channel, yours->channel);
	compare_numbers(comparing, WORD_o_event_reach, theirs->reach, yours->reach);
	compare(comparing, WORD_o_event_note, theirs->note, yours->note);
	compare(comparing, WORD_o_event_refuge, visit_words(visit, of(theirs->is_refuge ? WORD_o_yes : WORD_o_no)),
		visit_words(visit, of(yours->is_refuge ? WORD_o_yes : WORD_o_no)));
	compare_days(comparing, WORD_o_event_opens, theirs->opens_on, yours->opens_on);
	compare_days(comparing, WORD_o_event_closes, theirs->closes_on, yours->closes_on);
	compare_days(comparing, WORD_o_event_next_on, theirs->next_on, yours->next_on);
}

void event_form_compare(struct visit *visit, struct event_form *form, const struct office_event *now,
			const struct office_event_detail *detail)
{
	struct comparing comparing = {visit, arena_array(visit->arena, FIELDS_COMPARED, struct page_difference), 0};
	if (!comparing.list)
		return;
	const struct catalogue_event *theirs = &now->shown, *yours = &form->event.shown;
	compare(&comparing, WORD_o_event_programme, visit_programme(visit, theirs->programme),
		visit_programme(visit, yours->programme));
	compare(&comparing, WORD_o_event_name, theirs->title, yours->title);
	compare_days(&comparing, WORD_o_event_day, theirs->held_on, yours->held_on);
	compare(&comparing, WORD_o_event_place, theirs->place, yours->place);
	compare(&comparing, WORD_o_event_area, visit_area(visit, theirs->area), visit_area(visit, yours->area));
	compare(&comparing, WORD_o_event_forms, forms_in_words(visit, theirs), forms_in_words(visit, yours));
	compare(&comparing, WORD_o_event_languages,
		event_language_list(visit, theirs->languages, theirs->languages_count),
		event_language_list(visit, yours->languages, yours->languages_count));
	compare_more(&comparing, detail, &form->detail);
	form->both = (struct page_differences){comparing.list, comparing.count};
	form->detail.version = detail->version;
}
