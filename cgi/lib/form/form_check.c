/* SPDX-License-Identifier: MIT */
/* form_check.c: what makes a form right: its head, languages, names, lists and crosstabs (soundings-form(5)).
 *
 * Called with a form whose parts are all read; questions and variants are form_check_questions.c, expressions
 * form_check_expressions.c. It must not need to know where the form came from: who calls turns a part into a line. */
#include "lib/form/form_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/problem.h"
#include "lib/form/form_build.h"

void form_check_complain(struct form_check_state *state, const char *rule, const char *format, ...)
{
	state->has_complaint = true;
	if (state->tell == NULL)
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(state->now.message, sizeof state->now.message, format, args);
	va_end(args);
	state->now.rule = rule;
	state->tell(state->context, &state->now);
}

/* Points the state at nothing in particular. */
static void look_at_form(struct form_check_state *state, const char *key)
{
	state->now = (struct form_complaint){.key = key, .language = -1, .crosstab = -1};
}

static void check_names(struct form_check_state *state, const char *key, const char *const *names, size_t count,
			bool (*is_valid)(const char *))
{
	look_at_form(state, key);
	if (count > FORM_NAMES_MAX)
		form_check_complain(state, "too-many", "%s holds %zu names: %d at most", key, count, FORM_NAMES_MAX);
	for (size_t i = 0; i < count; i++) {
		if (!is_valid(names[i]))
			form_check_complain(state, "bad-name",
					    "\"%s\" in %s is no name: write lower-case letters and digits, at most 32",
					    names[i], key);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(names[k], names[i]) == 0)
				form_check_complain(state, "duplicate-name", "\"%s\" stands in %s twice: delete one",
						    names[i], key);
		}
	}
}

static void check_head(struct form_check_state *state)
{
	const struct form *form = state->form;
	look_at_form(state, "form");
	if (!form_name_is_form(form->name))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a form: write 1 to 32 lower-case letters, digits and hyphens, "
				    "beginning with a letter, and no first word of two or three letters, which would "
				    "read as a language tag (cy, pt-br)",
				    form->name);
	look_at_form(state, "title");
	if (form->title.of[0] == NULL)
		form_check_complain(state, "missing-title",
				    "the form has no title: add 'title: ...' with what people see first");
	look_at_form(state, "keep");
	if (form->keep_months < 1 || form->keep_months > FORM_KEEP_MONTHS_MAX)
		form_check_complain(state, "bad-keep", "keep is from 1 to %d months: write for instance '24 months'",
				    FORM_KEEP_MONTHS_MAX);
	look_at_form(state, "threshold");
	if (form->threshold < FORM_THRESHOLD_MIN || form->threshold > FORM_THRESHOLD_MAX)
		form_check_complain(state, "out-of-range",
				    "threshold is from %d to %d: fewer people could be picked out", FORM_THRESHOLD_MIN,
				    FORM_THRESHOLD_MAX);
	check_names(state, "programmes", form->programmes, form->programmes_count, form_name_is_slug);
	check_names(state, "retired", form->retired, form->retired_count, form_name_is_question);
}

static void check_languages(struct form_check_state *state)
{
	const struct form *form = state->form;
	look_at_form(state, NULL);
	if (form->languages_count < 1 || strcmp(form->languages[0].tag, "en") != 0)
		form_check_complain(state, "missing-english",
				    "the first language is not English: form.yaml is the English text");
	for (size_t i = 0; i < form->languages_count; i++) {
		if (!form_tag_is_valid(form->languages[i].tag))
			form_check_complain(state, "bad-tag", "\"%s\" is no language tag", form->languages[i].tag);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(form->languages[k].tag, form->languages[i].tag) == 0)
				form_check_complain(state, "duplicate-name", "language \"%s\" is there twice",
						    form->languages[i].tag);
		}
	}
}

static const struct choice_group *find_group(const struct choice_list *list, const char *name)
{
	for (size_t i = 0; i < list->groups_count; i++) {
		if (strcmp(list->groups[i].name, name) == 0)
			return &list->groups[i];
	}
	return NULL;
}

static bool is_same_name(const char *a, const char *b)
{
	return (a == NULL && b == NULL) || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Choices under one heading must follow one another, or the heading would have to be said twice. */
static bool is_group_split(const struct choice_list *list, size_t index)
{
	const char *group = list->choices[index].group;
	if (group == NULL || index == 0 || is_same_name(list->choices[index - 1].group, group))
		return false;
	for (size_t i = 0; i + 1 < index; i++) {
		if (is_same_name(list->choices[i].group, group))
			return true;
	}
	return false;
}

static void check_choice(struct form_check_state *state, const struct choice_list *list, size_t index)
{
	const struct choice *choice = &list->choices[index];
	state->now.choice = choice;
	if (!form_name_is_choice(choice->name))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a choice: write 1 to 32 lower-case letters, digits and _",
				    choice->name);
	if (choice->label.of[0] == NULL)
		form_check_complain(state, "missing-label",
				    "choice \"%s\" has no label: write '- %s: What people read'", choice->name,
				    choice->name);
	if (choice_list_find(list, choice->name) != choice)
		form_check_complain(state, "duplicate-name", "choice \"%s\" stands in list \"%s\" twice: rename one",
				    choice->name, list->name);
	if (choice->face < 0 || choice->face > 5)
		form_check_complain(state, "out-of-range", "face is from 1 (best) to 5 (worst)");
	if (choice->picture != NULL && !form_name_is_picture(choice->picture))
		form_check_complain(state, "bad-name",
				    "\"%s\" is no picture: write a file name in lower case, without folder",
				    choice->picture);
	if (choice->group != NULL && find_group(list, choice->group) == NULL)
		form_check_complain(
			state, "unknown-group",
			"no heading \"%s\" stands in list \"%s\": add '- group: %s' with a label before this choice",
			choice->group, list->name, choice->group);
	else if (is_group_split(list, index))
		form_check_complain(state, "split-group",
				    "choices of group \"%s\" do not stand together: move this one up", choice->group);
	state->now.choice = NULL;
}

static void check_list(struct form_check_state *state, const struct choice_list *list)
{
	state->now = (struct form_complaint){.list = list, .language = -1, .crosstab = -1};
	if (!form_name_is_page(list->name))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a list: write 1 to 32 lower-case letters, digits, _ and -, "
				    "beginning with a "
				    "letter",
				    list->name);
	if (list->choices_count < 1 || list->choices_count > FORM_CHOICES_MAX)
		form_check_complain(state, "too-many", "list \"%s\" has %zu choices: it needs 1 to %d", list->name,
				    list->choices_count, FORM_CHOICES_MAX);
	for (size_t i = 0; i < list->groups_count; i++) {
		const struct choice_group *group = &list->groups[i];
		if (!form_name_is_choice(group->name) || strcmp(group->name, "none") == 0)
			form_check_complain(state, "bad-name",
					    "\"%s\" cannot name a group: write 1 to 32 lower-case letters, digits and "
					    "_ (not \"none\")",
					    group->name);
		if (find_group(list, group->name) != group)
			form_check_complain(state, "duplicate-name",
					    "group \"%s\" stands in list \"%s\" twice: rename one", group->name,
					    list->name);
		if (group->label.of[0] == NULL)
			form_check_complain(state, "missing-label",
					    "group \"%s\" of list \"%s\" has no label: add 'label: ...'", group->name,
					    list->name);
	}
	for (size_t i = 0; i < list->choices_count; i++)
		check_choice(state, list, i);
}

bool form_check_list(const struct choice_list *list, form_check_tell *tell, void *context)
{
	struct form_check_state state = {.tell = tell, .context = context};
	check_list(&state, list);
	return !state.has_complaint;
}

static void check_lists(struct form_check_state *state)
{
	const struct form *form = state->form;
	look_at_form(state, "choices");
	if (form->lists_count > FORM_LISTS_MAX)
		form_check_complain(state, "too-many", "the form uses %zu lists: %d at most", form->lists_count,
				    FORM_LISTS_MAX);
	for (size_t i = 0; i < form->lists_count; i++) {
		check_list(state, form->lists[i]);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(form->lists[k]->name, form->lists[i]->name) == 0)
				form_check_complain(state, "duplicate-name",
						    "two lists in use are called \"%s\" (here, in the library or in a "
						    "variant): rename one",
						    form->lists[i]->name);
		}
	}
}

/* What a crosstab names: a field, or the first one of a question: both halves of a pair, all statements of a grid. */
static const struct field *find_side(const struct form *form, const char *name)
{
	const struct field *found = NULL;
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct field *field = &form->fields[i];
		if (strcmp(field->name, name) == 0)
			return field;
		if (found == NULL && strcmp(field->question->name, name) == 0)
			found = field;
	}
	return found;
}

/* The part of QUESTION that NAME begins like: a statement of a grid, a half of a pair. The one that a plain face asks is the likelier
 * half; where no statement is near, the first shows how they are called. */
static const char *nearest_part(const struct form *form, const struct question *question, const char *name,
				struct arena *arena)
{
	size_t length = strlen(question->name), count = 0, start = 0;
	while (start < form->fields_count && form->fields[start].question != question)
		start++;
	const struct field *fields = &form->fields[start];
	while (start + count < form->fields_count && fields[count].question == question)
		count++;
	if (count == 0 || (question->type != QUESTION_GRID && !question->is_pair))
		return NULL;
	const char *likely = fields[question->is_pair && count > 1 ? 1 : 0].name;
	if (name[length] == '\0')
		return likely;
	const char **parts = arena_array(arena, count, const char *);
	for (size_t i = 0; parts != NULL && i < count; i++)
		parts[i] = fields[i].name + length + 1;
	const char *nearest = parts == NULL ? NULL : problem_nearest(name + length + 1, parts, count);
	return nearest != NULL ? nearest - length - 1 : likely;
}

const char *form_check_nearest(const struct form *form, const char *name, bool with_whole, struct arena *arena)
{
	const char **names = arena_array(arena, 2 * form->fields_count + 1, const char *);
	size_t count = 0;
	const char *part = NULL;
	for (size_t i = 0; names != NULL && i < form->fields_count; i++) {
		const struct question *question = form->fields[i].question;
		size_t length = strlen(question->name);
		names[count++] = form->fields[i].name;
		bool is_first = i == 0 || form->fields[i - 1].question != question;
		if (is_first && with_whole && form->fields[i].part != FIELD_WHOLE)
			names[count++] = question->name;
		bool is_its =
			strncmp(name, question->name, length) == 0 && (name[length] == '\0' || name[length] == '_');
		if (is_first && is_its && part == NULL)
			part = nearest_part(form, question, name, arena);
	}
	return part != NULL || names == NULL ? part : problem_nearest(name, names, count);
}

static void check_crosstab_side(struct form_check_state *state, const char *name)
{
	const struct form *form = state->form;
	const struct field *side = find_side(form, name);
	if (side == NULL) {
		const char *nearest = form_check_nearest(form, name, true, state->arena);
		form_check_complain(state, "unknown-question", "crosstabs: no question is called \"%s\"%s%s%s", name,
				    nearest != NULL ? ": did you mean \"" : ": name one that the form asks",
				    nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
	} else if (side->part == FIELD_REFUSAL) {
		form_check_complain(state, "bad-crosstab",
				    "crosstabs: \"%s\" only says who did not answer: name \"%s\" or another question "
				    "with choices",
				    name, side->question->name);
	} else if (form_field_is_typed(side)) {
		form_check_complain(
			state, "bad-crosstab",
			"crosstabs: \"%s\" has no choices to count: name a select, scale, rank or grid question", name);
	}
}

static void check_crosstabs(struct form_check_state *state)
{
	const struct form *form = state->form;
	look_at_form(state, "crosstabs");
	if (form->crosstabs_count > FORM_CROSSTABS_MAX)
		form_check_complain(state, "too-many", "the form has %zu crosstabs: %d at most", form->crosstabs_count,
				    FORM_CROSSTABS_MAX);
	for (size_t i = 0; i < form->crosstabs_count; i++) {
		state->now.crosstab = (int) i;
		check_crosstab_side(state, form->crosstabs[i].question);
		check_crosstab_side(state, form->crosstabs[i].by);
		if (strcmp(form->crosstabs[i].question, form->crosstabs[i].by) == 0)
			form_check_complain(state, "bad-crosstab",
					    "crosstabs: \"%s\" is set against itself: name two questions",
					    form->crosstabs[i].by);
	}
}

enum err form_check(struct form *form, struct arena *arena, form_check_tell *tell, void *context)
{
	struct form_check_state state = {.form = form, .arena = arena, .tell = tell, .context = context};
	check_head(&state);
	check_languages(&state);
	form_check_questions(&state);
	form_check_size(&state);
	check_lists(&state);
	if (form->fields_count <= FORM_FIELDS_MAX) /* told already; looking up names would take long */
		form_check_expressions(&state);
	check_crosstabs(&state);
	if (state.has_no_memory)
		return ERR_NOMEM;
	return state.has_complaint ? ERR_INVALID : ERR_OK;
}
