/* SPDX-License-Identifier: MIT */
/* pages_event_edit.c: an event is made, copied and changed. */
#include "event_form.h"
#include "routes.h"

static void show(struct visit *visit, enum event_form_kind kind, const struct office_event *was,
		 const struct office_event_detail *detail)
{
	struct event_form form;
	enum err error = event_form_begin(visit, kind, was, detail, &form);
	if (error)
		visit_failed(visit, error);
	else
		event_form_show(visit, &form, 200);
}

void event_new_page(struct visit *visit)
{
	show(visit, EVENT_FORM_NEW, NULL, NULL);
}

void event_new_post(struct visit *visit)
{
	struct event_form form;
	enum err error = event_form_begin(visit, EVENT_FORM_NEW, NULL, NULL, &form);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	bool is_fine = event_form_read(visit, &form) && event_form_check(visit, &form, &error);
	char *code = NULL;
	if (is_fine && !error)
		error = office_event_plan(visit->office, &form.event, &form.detail, visit->arena, &code);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	if (!is_fine) {
		event_form_show(visit, &form, 422);
		return;
	}
	visit_publish(visit);
	visit_go(visit, arena_printf(visit->arena, "/events/%s", code), WORD_o_done_event_made);
}

/* The page of an event with its detail, for a copy or a change. */
static void show_of(struct visit *visit, enum event_form_kind kind)
{
	struct office_event_detail detail;
	enum err error = office_event_detail(visit->office, visit->event->shown.code, visit->arena, &detail);
	if (error)
		visit_failed(visit, error);
	else
		show(visit, kind, visit->event, &detail);
}

void event_copy_page(struct visit *visit)
{
	show_of(visit, EVENT_FORM_COPY);
}

void event_edit_page(struct visit *visit)
{
	show_of(visit, EVENT_FORM_EDIT);
}

/* 409: what they saved beside what this person wrote, which is still in the fields. */
static void show_both(struct visit *visit, struct event_form *form)
{
	const char *code = visit->event->shown.code;
	struct office_event *now = NULL;
	struct office_event_detail detail;
	enum err error = office_event_get(visit->office, code, visit->arena, &now);
	if (!error)
		error = office_event_detail(visit->office, code, visit->arena, &detail);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	event_form_compare(visit, form, now, &detail);
	visit_wrong(visit, "", visit_words(visit, (enum word) WORD_o_both_error));
	event_form_show(visit, form, 409);
}

void event_edit_post(struct visit *visit)
{
	const char *code = visit->event->shown.code;
	struct event_form form;
	struct office_event_detail detail;
	enum err error = office_event_detail(visit->office, code, visit->arena, &detail);
	if (!error)
		error = event_form_begin(visit, EVENT_FORM_EDIT, visit->event, &detail, &form);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	bool is_fine = event_form_read(visit, &form);
	if (event_form_is_stale(&form)) { /* before anything is asked, or noted, of what cannot be saved */
		show_both(visit, &form);
		return;
	}
	is_fine = is_fine && event_form_check(visit, &form, &error);
	if (is_fine && !error)
		error = office_event_change(visit->office, &form.event, &form.detail);
	if (error == ERR_CONFLICT) {
		show_both(visit, &form);
		return;
	}
	if (error) {
		visit_failed(visit, error);
		return;
	}
	if (!is_fine) {
		event_form_show(visit, &form, 422);
		return;
	}
	visit_publish(visit);
	visit_go(visit, arena_printf(visit->arena, "/events/%s", code), WORD_o_done_event_saved);
}
