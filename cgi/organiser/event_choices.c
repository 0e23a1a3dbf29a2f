/* SPDX-License-Identifier: MIT */
/* event_choices.c: Areas, forms and languages to choose from, and the usual ones. */
#include "event_choices.h"

#include "lib/form/form_document.h"

#include <string.h>
#include <strings.h>

static enum err read_form(const struct visit *visit, const char *name, struct form **out)
{
	uint32_t version = 0;
	char *document = NULL;
	size_t length = 0;
	enum err error = office_form_get(visit->office, name, 0, visit->arena, &version, &document, &length);
	return error ? error : form_document_decode(document, length, version, visit->arena, out);
}

static const char *title_of(const struct visit *visit, const struct form *form)
{
	int language = form_language(form, visit->t->language);
	const char *title = form_text(form, language < 0 ? 0 : language, &form->title, NULL);
	if (!title)
		return form->name;
	/* A title may name who asks: "{organisation}". */
	const char *hole = strstr(title, "{organisation}");
	if (!hole)
		return title;
	const char *filled =
		arena_printf(visit->arena, "%.*s%s%s", (int) (hole - title), title,
			     visit_text(visit, &visit->organisation->short_name), hole + strlen("{organisation}"));
	return filled ? filled : title;
}

const char *event_form_title(const struct visit *visit, const char *name)
{
	struct form *form = NULL;
	return read_form(visit, name, &form) == ERR_OK ? title_of(visit, form) : name;
}

static void add_languages(struct event_choices *choices, const struct form *form)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		const struct language *language = &form->languages[i];
		if (!form_language_is_chosen(language))
			continue;
		size_t at = 0;
		while (at < choices->languages_count && strcasecmp(choices->languages[at].tag, language->tag) != 0)
			at++;
		if (at == FORM_LANGUAGES_MAX)
			return;
		if (at == choices->languages_count)
			choices->languages[choices->languages_count++] =
				(struct event_choice_language){language->tag, false, false};
		choices->languages[at].is_draft |= language->status == LANGUAGE_DRAFT;
	}
}

enum err event_choices_load(struct visit *visit, struct event_choices *out)
{
	*out = (struct event_choices){0};
	struct office_form_row *rows = NULL;
	size_t count = 0;
	enum err error = office_form_list(visit->office, visit->arena, &rows, &count);
	if (error)
		return error;
	out->forms = arena_array(visit->arena, count + 1, struct event_choice_form);
	if (!out->forms)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		struct form *form = NULL;
		if (!rows[i].is_newest)
			continue;
		error = read_form(visit, rows[i].form, &form);
		if (error)
			return error;
		out->forms[out->forms_count++] =
			(struct event_choice_form){rows[i].form, title_of(visit, form), form, false};
		add_languages(out, form);
	}
	return ERR_OK;
}

bool event_choices_usual_forms(struct event_choices *choices, const char *programme)
{
	bool is_found = false;
	for (size_t i = 0; i < choices->forms_count; i++) {
		const struct form *form = choices->forms[i].form;
		choices->forms[i].is_chosen = false;
		for (size_t j = 0; j < form->programmes_count; j++)
			choices->forms[i].is_chosen |= strcmp(form->programmes[j], programme) == 0;
		is_found |= choices->forms[i].is_chosen;
	}
	for (size_t i = 0; !is_found && i < choices->forms_count; i++)
		choices->forms[i].is_chosen =
			choices->forms[i].form->programmes_count == 0 || choices->forms_count == 1;
	for (size_t i = 0; i < choices->forms_count; i++)
		is_found |= choices->forms[i].is_chosen;
	return is_found;
}

/* English, or Welsh where it is offered; both with their Easy Read. */
static bool is_usual(const char *tag, bool is_wales)
{
	size_t base = strcspn(tag, "-");
	bool is_english = base == 2 && strncasecmp(tag, "en", 2) == 0;
	bool is_welsh = base == 2 && strncasecmp(tag, "cy", 2) == 0;
	bool is_plain = tag[base] == '\0' || strcasecmp(tag + base, "-x-easy") == 0;
	return is_plain && (is_english || (is_wales && is_welsh));
}

void event_choices_usual_languages(struct event_choices *choices, bool is_wales)
{
	for (size_t i = 0; i < choices->languages_count; i++)
		choices->languages[i].is_chosen = is_usual(choices->languages[i].tag, is_wales);
}

static bool has_language(const struct event_choices *choices, const char *tag)
{
	for (size_t i = 0; i < choices->forms_count; i++)
		if (choices->forms[i].is_chosen && form_language(choices->forms[i].form, tag) >= 0)
			return true;
	return false;
}

bool event_choices_take(const struct event_choices *choices, struct arena *arena, struct catalogue_event *event)
{
	const char **languages = arena_array(arena, choices->languages_count + 1, const char *);
	struct catalogue_form_ref *forms = arena_array(arena, choices->forms_count + 1, struct catalogue_form_ref);
	event->languages = languages;
	event->forms = forms;
	event->languages_count = event->forms_count = 0;
	for (size_t i = 0; forms && i < choices->forms_count && event->forms_count < CATALOGUE_FORMS_MAX; i++)
		if (choices->forms[i].is_chosen)
			forms[event->forms_count++] = (struct catalogue_form_ref){choices->forms[i].name, 0};
	for (int pass = 0; languages && pass < 2; pass++) {
		for (size_t i = 0; i < choices->languages_count; i++) {
			const struct event_choice_language *language = &choices->languages[i];
			bool is_first = event->is_wales && strncasecmp(language->tag, "cy", 2) == 0;
			if (is_first == (pass == 0) && language->is_chosen && has_language(choices, language->tag))
				languages[event->languages_count++] = language->tag;
		}
	}
	return event->forms_count > 0 && event->languages_count > 0;
}

const struct organisation_area **event_areas(const struct visit *visit, enum act act, size_t *count)
{
	const struct organisation *organisation = visit->organisation;
	const struct organisation_area **list =
		arena_array(visit->arena, organisation->areas_count + 1, const struct organisation_area *);
	*count = 0;
	for (size_t i = 0; list && i < organisation->areas_count; i++)
		if (may(visit->account, act, organisation->areas[i].name))
			list[(*count)++] = &organisation->areas[i];
	return list;
}

const struct organisation_area *event_area(const struct visit *visit, enum act act, const char *name)
{
	size_t count = 0;
	const struct organisation_area **list = event_areas(visit, act, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	return NULL;
}

struct control_option *event_area_options(const struct visit *visit, enum act act, const char *chosen, int first,
					  size_t *count)
{
	size_t areas = 0;
	const struct organisation_area **list = event_areas(visit, act, &areas);
	struct control_option *options = arena_array(visit->arena, areas + 1, struct control_option);
	*count = 0;
	if (options && first >= 0)
		options[(*count)++] =
			(struct control_option){.value = "", .label = visit_words(visit, (enum word) first)};
	for (size_t i = 0; options && i < areas; i++)
		options[(*count)++] = (struct control_option){.value = list[i]->name,
							      .label = visit_text(visit, &list[i]->title),
							      .is_chosen = strcmp(list[i]->name, chosen) == 0};
	return options;
}
