/* SPDX-License-Identifier: MIT */
/* visit.c: one request's event, form and language, and its texts in that language. */
#include "visit.h"

#include "language.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void visit_init(struct visit *visit, struct app *app, const struct http_request *request, struct arena *arena)
{
	*visit = (struct visit){.app = app, .arena = arena, .request = request, .language = 0};
	visit->route = route_parse(request->path, arena);
	const struct words_set *set = catalogue_words(app->catalogue);
	const char *tags[FORM_LANGUAGES_MAX];
	size_t count = 0;
	for (; count < set->count && count < FORM_LANGUAGES_MAX; count++)
		tags[count] = set->list[count].language;
	const char *tag = visit->route.language;
	if (!tag)
		tag = tags[language_choose(request->accept_language, tags, count, 0)];
	visit->words = words_for(set, tag);
	visit->tag = visit->words->language;
}

static void fill_pipes(struct visit *visit)
{
	const struct organisation *organisation = catalogue_organisation(visit->app->catalogue);
	const char *short_name = organisation_text(organisation, visit->tag, &organisation->short_name);
	const char *name = organisation_text(organisation, visit->tag, &organisation->name);
	const struct words_fill pipes[] = {
		{"event", visit->event->title},
		{"place", visit->event->place},
		{"date", visit_date(visit, visit->event->held_on)},
		{"organisation", short_name ? short_name : ""},
		{"name", name ? name : ""},
	};
	memcpy(visit->pipes, pipes, sizeof pipes);
	visit->pipes_count = sizeof pipes / sizeof pipes[0];
}

void visit_take_event(struct visit *visit, struct catalogue_event *event)
{
	visit->event = event;
	fill_pipes(visit);
}

void visit_set_language(struct visit *visit, size_t offered)
{
	visit->tag = visit->offered[offered].tag;
	visit->language = visit->offered[offered].language;
	visit->words = words_for(catalogue_words(visit->app->catalogue), visit->tag);
	fill_pipes(visit);
}

/* Puts the page into the language TAG where it is offered, else into the one that the browser asks for. False when TAG is not offered. */
static bool choose_language(struct visit *visit, const char *tag)
{
	const char *tags[FORM_LANGUAGES_MAX];
	size_t chosen = visit->offered_count;
	for (size_t i = 0; i < visit->offered_count; i++) {
		tags[i] = visit->offered[i].tag;
		if (tag && strcasecmp(tags[i], tag) == 0)
			chosen = i;
	}
	bool is_offered = chosen < visit->offered_count || !tag;
	if (chosen == visit->offered_count)
		chosen = language_choose(visit->request->accept_language, tags, visit->offered_count, 0);
	visit_set_language(visit, chosen);
	return is_offered;
}

void visit_take_languages(struct visit *visit, const char *tag)
{
	const struct words_set *set = catalogue_words(visit->app->catalogue);
	const struct catalogue_event *event = visit->event;
	visit->offered_count = 0;
	for (size_t i = 0; i < event->languages_count && visit->offered_count < FORM_LANGUAGES_MAX; i++) {
		const char *own = words_for(set, event->languages[i])->language;
		if (strcmp(own, event->languages[i]) == 0)
			visit->offered[visit->offered_count++] = (struct offered){own, 0};
	}
	if (visit->offered_count == 0) /* strings that were taken away: English is always there */
		visit->offered[visit->offered_count++] = (struct offered){set->list[0].language, 0};
	choose_language(visit, tag);
}

bool visit_take_form(struct visit *visit, const struct form *form, const char *tag)
{
	visit->form = form;
	visit->offered_count = 0;
	const struct catalogue_event *event = visit->event;
	for (size_t i = 0; i < event->languages_count && visit->offered_count < FORM_LANGUAGES_MAX; i++) {
		int language = form_language(form, event->languages[i]);
		if (language < 0 || !form_language_is_chosen(&form->languages[language]))
			continue;
		int face = event->is_wales ? form_language_in_wales(form, language) : language;
		visit->offered[visit->offered_count++] = (struct offered){form->languages[language].tag, face};
	}
	if (visit->offered_count == 0) /* an event whose languages the form lost: English is always there */
		visit->offered[visit->offered_count++] = (struct offered){form->languages[0].tag, 0};
	return choose_language(visit, tag);
}

const char *visit_fill(const struct visit *visit, const char *text, const struct words_fill *fills, size_t count)
{
	if (!text)
		return NULL;
	const char *filled = words_fill_text(visit->words, text, fills, count, visit->arena);
	return filled ? filled : "";
}

const char *visit_pipe(const struct visit *visit, const char *text)
{
	return visit_fill(visit, text, visit->pipes, visit->pipes_count);
}

const char *visit_words(const struct visit *visit, enum word key)
{
	const char *text = visit_pipe(visit, visit->words->of[key]);
	return text ? text : "";
}

const char *visit_words_fill(const struct visit *visit, enum word key, const struct words_fill *fills, size_t count)
{
	return visit_fill(visit, visit_words(visit, key), fills, count);
}

const char *visit_words_with(const struct visit *visit, enum word key, const char *name, const char *value)
{
	const struct words_fill one = {name, value};
	return visit_words_fill(visit, key, &one, 1);
}

bool visit_is_careful(const struct visit *visit)
{
	/* Nobody knows which form a receipt belongs to, so taking back is as careful as the most careful form. */
	if (visit->route.kind == ROUTE_WITHDRAW)
		return true;
	return (visit->event && visit->event->is_careful) ||
	       (visit->form && visit->form->safety == FORM_SAFETY_EXIT_PAGE);
}

const char *visit_date(const struct visit *visit, struct date date)
{
	enum word month = (enum word)(WORD_month_1 + date.month - 1);
	const char *day = arena_printf(visit->arena, "%d", date.day);
	const char *year = arena_printf(visit->arena, "%d", date.year);
	const struct words_fill fills[] = {
		{"day", day ? day : ""}, {"month", visit->words->of[month]}, {"year", year ? year : ""}};
	return visit_fill(visit, visit->words->of[WORD_date_words], fills, 3);
}

const char *const *visit_months(const struct visit *visit)
{
	_Static_assert(WORD_month_12 == WORD_month_1 + 11, "the months stand together");
	return &visit->words->of[WORD_month_1];
}

/* Not date_parse: people were born before 1900, too. */
const char *visit_date_text(const struct visit *visit, const char *date)
{
	static const char shape[] = "0000-00-00";
	int numbers[3] = {0}; /* year, month, day */
	size_t i = 0;
	for (int at = 0; shape[i]; i++) {
		if (shape[i] == '-' ? date[i] != '-' : !isdigit((unsigned char) date[i]))
			return date;
		if (shape[i] == '-')
			at++;
		else
			numbers[at] = 10 * numbers[at] + (date[i] - '0');
	}
	if (date[i] || numbers[1] < 1 || numbers[1] > 12)
		return date;
	return visit_date(visit, (struct date){.year = numbers[0], .month = numbers[1], .day = numbers[2]});
}

const char *visit_text(const struct visit *visit, const struct text *text, const char **lang)
{
	int used = visit->language;
	const char *found = form_text(visit->form, visit->language, text, &used);
	*lang = NULL;
	if (!found)
		return NULL;
	const char *base = visit->form->languages[used].base;
	if (strcmp(base, visit->form->languages[visit->language].base) != 0)
		*lang = base;
	return visit_pipe(visit, found);
}

const char *visit_part(const struct visit *visit, const struct field *field, const char **lang)
{
	const struct question *question = field->question;
	*lang = NULL;
	if (field->part == FIELD_STATEMENT)
		return visit_text(visit, &field->statement->label, lang);
	bool is_before = field->part == FIELD_BEFORE;
	if ((!is_before && field->part != FIELD_NOW) || question->faces[visit->language].pair == PAIR_PLAIN)
		return NULL;
	const char *own = visit_text(visit, is_before ? &question->label_before : &question->label_now, lang);
	return own ? own : visit_words(visit, is_before ? WORD_before_today : WORD_now);
}
