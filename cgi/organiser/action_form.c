/* SPDX-License-Identifier: MIT */
/* action_form.c: what there is to choose from when an action is written, and reading what was typed. */
#include "action_form.h"

#include "event_choices.h"
#include "event_form.h"
#include "event_read.h"
#include "event_words.h"

#include <string.h>

enum { EVENTS_OFFERED = 40, HALF = 2 };

static enum word of(int word)
{
	return (enum word) word;
}

const char *action_field(const struct visit *visit, const char *what, const char *tag)
{
	const char *name = arena_printf(visit->arena, "%s-%s", what, tag);
	return name ? name : what;
}

const struct organisation_named *action_theme(const struct visit *visit, const char *name)
{
	const struct organisation *organisation = visit->organisation;
	for (size_t i = 0; i < organisation->themes_count; i++)
		if (strcmp(organisation->themes[i].name, name) == 0)
			return &organisation->themes[i];
	return NULL;
}

const struct organisation_named *action_theme_saying(const struct visit *visit, const char *text, const char *tag)
{
	const struct organisation *organisation = visit->organisation;
	for (size_t i = 0; i < organisation->themes_count; i++) {
		const char *title = organisation_text(organisation, tag, &organisation->themes[i].title);
		if (title && strcmp(title, text) == 0)
			return &organisation->themes[i];
	}
	return NULL;
}

/* ---- what there is to choose from --------------------------------------------------------------------------------------------- */

static void add_tag(struct action_form *form, const char *tag)
{
	for (size_t i = 0; i < form->tags_count; i++)
		if (strcmp(form->tags[i], tag) == 0)
			return;
	if (form->tags_count < CATALOGUE_LANGUAGES_MAX)
		form->tags[form->tags_count++] = tag;
}

/* Where it was written first stands first; then English and Welsh, the event's languages, and all that pages have. */
static void choose_tags(const struct visit *visit, struct action_form *form)
{
	const struct words_set *set = visit_languages(visit);
	if (form->was && form->was->texts_count)
		add_tag(form, form->was->texts[0].tag);
	add_tag(form, visit->t->language);
	add_tag(form, "en");
	add_tag(form, "cy");
	for (size_t i = 0; form->was && i < form->was->texts_count; i++)
		add_tag(form, form->was->texts[i].tag);
	for (size_t i = 0; form->event && i < form->event->shown.languages_count; i++)
		add_tag(form, form->event->shown.languages[i]);
	for (size_t i = 0; i < set->count; i++)
		add_tag(form, set->list[i].language);
}

static const char *const *area_names(const struct visit *visit, size_t *count)
{
	const struct organisation_area **areas = event_areas(visit, ACT_ACTION_WRITE, count);
	const char **names = arena_array(visit->arena, *count + 1, const char *);
	for (size_t i = 0; names && i < *count; i++)
		names[i] = areas[i]->name;
	return names;
}

/* The newest events, none that is still to come, where this account may write. */
static enum err load_events(struct visit *visit, struct action_form *form)
{
	struct office_event_search search = {.words = "",
					     .programme = "",
					     .state = -1,
					     .to = visit->today,
					     .with_practice = true,
					     .most = EVENTS_OFFERED};
	size_t total = 0;
	if (!may_everywhere(visit->account, ACT_ACTION_WRITE))
		search.areas = area_names(visit, &search.areas_count);
	return office_event_find(visit->office, &search, visit->arena, &form->events, &form->events_count, &total);
}

/* An event by its code, where this account may write; NULL: none such. */
static const struct office_event *find_event(struct visit *visit, const char *code, enum err *error)
{
	struct office_event *event = NULL;
	*error = *code ? office_event_get(visit->office, code, visit->arena, &event) : ERR_NOT_FOUND;
	if (*error == ERR_NOT_FOUND || (!*error && !may(visit->account, ACT_ACTION_WRITE, event->shown.area))) {
		*error = ERR_OK;
		return NULL;
	}
	return *error ? NULL : event;
}

enum err action_form_begin(struct visit *visit, const struct office_action *was, struct action_form *out)
{
	enum err error;
	*out = (struct action_form){.was = was, .version = was ? was->version : 0};
	out->event = find_event(visit, was ? was->event : visit_query(visit, "event"), &error);
	if (!error)
		error = load_events(visit, out);
	choose_tags(visit, out);
	return error;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------ */

/* The words of the first language are asked for by plain labels; those of others name their language. */
static void wrong_words(struct visit *visit, const char *what, const char *tag, int message, bool is_first)
{
	const char *field = action_field(visit, what, tag);
	if (visit_wrong_of(visit, field))
		return;
	const struct words_fill fills[] = {{"what", visit_words(visit, of(message))},
					   {"language", event_language_name(visit, tag)}};
	visit_wrong(visit, field,
		    is_first ? fills[0].value : visit_words_fill(visit, of(WORD_o_action_in), fills, HALF));
}

/* False: nothing of this language was typed. */
static bool read_words(struct visit *visit, const char *tag, bool is_first, const struct organisation_named *theme,
		       enum action_status status, struct office_action_text *out)
{
	const char *own = event_read_line(visit, action_field(visit, "heading", tag), WORD_o_action_heading, -1);
	*out = (struct office_action_text){
		.tag = tag,
		.theme = own,
		.said = event_read_text(visit, action_field(visit, "said", tag), WORD_o_action_said),
		.did = event_read_text(visit, action_field(visit, "did", tag), WORD_o_action_did),
	};
	if (!is_first && !*own && !*out->said && !*out->did)
		return false;
	if (!*own && theme)
		out->theme = organisation_text(visit->organisation, tag, &theme->title);
	else if (!*own && is_first)
		visit_wrong(visit, "theme", visit_words(visit, of(WORD_o_action_bad_theme)));
	else if (!*own)
		wrong_words(visit, "heading", tag, WORD_o_action_bad_theme, false);
	if (!*out->said)
		wrong_words(visit, "said", tag, WORD_o_action_bad_said, is_first);
	if (!*out->did && status != ACTION_HEARD)
		wrong_words(visit, "did", tag, WORD_o_action_bad_did, is_first);
	return true;
}

static void read_texts(struct visit *visit, struct action_form *form)
{
	const struct organisation_named *theme = action_theme(visit, visit_field(visit, "theme"));
	size_t count = 0;
	for (size_t i = 0; i < form->tags_count; i++)
		if (read_words(visit, form->tags[i], i == 0, theme, form->read.status, &form->texts[count]))
			count++;
	form->read.texts = form->texts;
	form->read.texts_count = count;
}

/* An event has an Area; what belongs to none is asked for one. */
static void read_place(struct visit *visit, struct action_form *form)
{
	enum err error;
	const char *code = visit_field(visit, "event");
	form->read.event = "";
	form->read.area = "";
	if (*code) {
		const struct office_event *event = find_event(visit, code, &error);
		if (!event)
			visit_wrong(visit, "event", visit_words(visit, of(WORD_o_action_bad_event)));
		else if (!form->event || strcmp(form->event->shown.code, event->shown.code) != 0)
			form->event = event;
		form->read.event = event ? event->shown.code : "";
		form->read.area = event ? event->shown.area : "";
		return;
	}
	form->event = NULL;
	const struct organisation_area *area = event_area(visit, ACT_ACTION_WRITE, visit_field(visit, "area"));
	if (!area)
		visit_wrong(visit, "area", visit_words(visit, of(WORD_o_action_bad_area)));
	else
		form->read.area = area->name;
}

static enum action_many read_many(const struct visit *visit)
{
	static const char *const names[ACTION_MANY_COUNT] = {"", "few", "several", "many"};
	const char *typed = visit_field(visit, "many");
	for (int i = 1; i < ACTION_MANY_COUNT; i++)
		if (strcmp(typed, names[i]) == 0)
			return (enum action_many) i;
	return ACTION_MANY_UNSAID;
}

static const char *read_aim(const struct visit *visit)
{
	const struct organisation *organisation = visit->organisation;
	const char *typed = visit_field(visit, "aim");
	for (size_t i = 0; i < organisation->aims_count; i++)
		if (strcmp(organisation->aims[i].name, typed) == 0)
			return organisation->aims[i].name;
	return "";
}

/* As the office takes it: https, a host, and no sign that could end it on a page. */
static const char *read_evidence(struct visit *visit)
{
	static const char start[] = "https://";
	const char *typed = event_read_line(visit, "evidence", WORD_o_action_evidence, -1);
	bool is_address = strncmp(typed, start, sizeof start - 1) == 0 && typed[sizeof start - 1] &&
			  !strpbrk(typed, " \"'<>\\^`{|}");
	if (*typed && !is_address && !visit_wrong_of(visit, "evidence"))
		visit_wrong(visit, "evidence", visit_words(visit, of(WORD_o_action_bad_evidence)));
	return typed;
}

/* What was said without a day was said at the event, and what is done today unless somebody knows better. */
static void read_days(struct visit *visit, struct action_form *form)
{
	struct office_action *read = &form->read;
	bool is_over = read->status == ACTION_DONE || read->status == ACTION_CANNOT;
	read->due = event_read_day(visit, "due", WORD_o_action_due, -1);
	read->said_on = event_read_day(visit, "said_on", WORD_o_action_said_on, -1);
	read->done_on = event_read_day(visit, "done_on", WORD_o_action_done_on, -1);
	if (!is_over && !read->due.year && !visit_wrong_of(visit, "due"))
		visit_wrong(visit, "due", visit_words(visit, of(WORD_o_action_bad_due)));
	if (!read->said_on.year)
		read->said_on = form->event ? form->event->shown.held_on : visit->today;
	if (is_over && !read->done_on.year)
		read->done_on = visit->today;
	else if (!is_over)
		read->done_on = (struct date){0};
}

bool action_form_read(struct visit *visit, struct action_form *form)
{
	struct office_action *read = &form->read;
	*read = (struct office_action){.id = form->was ? form->was->id : 0};
	form->version = read->version = event_version_field(visit);
	read_place(visit, form);
	if (action_status_parse(visit_field(visit, "status"), &read->status) != ERR_OK)
		visit_wrong(visit, "status", visit_words(visit, of(WORD_o_action_bad_status)));
	read->many = read_many(visit);
	read_texts(visit, form);
	read->owner = event_read_line(visit, "owner", WORD_o_action_owner, WORD_o_action_bad_owner);
	read->aim = read_aim(visit);
	read->partner = event_read_line(visit, "partner", WORD_o_action_partner, -1);
	read->evidence = read_evidence(visit);
	read_days(visit, form);
	const char *is_public = visit_field(visit, "public");
	read->is_public = strcmp(is_public, "yes") == 0;
	if (!read->is_public && strcmp(is_public, "no") != 0)
		visit_wrong(visit, "public", visit_words(visit, of(WORD_o_action_bad_public)));
	return !visit_is_wrong(visit);
}
