/* SPDX-License-Identifier: MIT */
/* visit.c: one request's event, form and language, and its texts in that language. */
#include "visit.h"

#include "language.h"
#include "view_fields.h"

#include <string.h>
#include <strings.h>

void visit_init(struct visit *visit, struct app *app, const struct http_request *request, struct arena *arena)
{
	*visit = (struct visit){.app = app, .arena = arena, .request = request, .language = 0};
	visit->route = route_parse(request->path, arena);
	if (visit->route.how != ROUTE_PLAIN)
		view_fields_read(request, &visit->view, &visit->is_look);
	if (visit->route.how == ROUTE_LISTEN)
		visit->view.is_listening = true;
	if (visit->route.how != ROUTE_PLAIN)
		visit->spoken = arena_new(arena, struct visit_spoken);
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
	if (chosen == visit->offered_count && visit->route.how == ROUTE_KIOSK)
		chosen = 0;
	else if (chosen == visit->offered_count)
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

struct face visit_face(const struct visit *visit)
{
	struct face face = {
		.form = visit->form,
		.language = visit->language,
		.words = visit->words,
		.pipes_count = visit->pipes_count,
		.arena = visit->arena,
	};
	_Static_assert(sizeof face.pipes == sizeof visit->pipes, "the same pipes");
	memcpy(face.pipes, visit->pipes, sizeof face.pipes);
	return face;
}

const char *visit_fill(const struct visit *visit, const char *text, const struct words_fill *fills, size_t count)
{
	struct face face = visit_face(visit);
	return face_fill(&face, text, fills, count);
}

const char *visit_pipe(const struct visit *visit, const char *text)
{
	return visit_fill(visit, text, visit->pipes, visit->pipes_count);
}

const char *visit_words(const struct visit *visit, enum word key)
{
	struct face face = visit_face(visit);
	return face_words(&face, key);
}

const char *visit_words_fill(const struct visit *visit, enum word key, const struct words_fill *fills, size_t count)
{
	struct face face = visit_face(visit);
	return face_words_fill(&face, key, fills, count);
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
	struct face face = visit_face(visit);
	return face_date(&face, date);
}

const char *const *visit_months(const struct visit *visit)
{
	_Static_assert(WORD_month_12 == WORD_month_1 + 11, "the months stand together");
	return &visit->words->of[WORD_month_1];
}

const char *visit_date_text(const struct visit *visit, const char *date)
{
	struct face face = visit_face(visit);
	return face_date_text(&face, date);
}

const char *visit_text(const struct visit *visit, const struct text *text, const char **lang)
{
	struct face face = visit_face(visit);
	return face_text(&face, text, lang);
}

const char *visit_part(const struct visit *visit, const struct field *field, const char **lang)
{
	struct face face = visit_face(visit);
	return face_part(&face, field, lang);
}
