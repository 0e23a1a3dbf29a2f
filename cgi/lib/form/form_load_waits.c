/* SPDX-License-Identifier: MIT */
/* form_load_waits.c: what cannot be judged before something else is mended, and is left alone until then.
 *
 * A question whose type is misspelt has no statements, a page whose 'questions:' is misspelt no questions. What translations,
 * conditions and tables say about them looks wrong then, and is not: whoever followed such a message would delete good words. So the
 * cause is told, in the English, and what may follow from it is not. In doubt nothing is said, for it is said the next time. */
#include "lib/form/form_load_parts.h"

#include <string.h>

#include "lib/form/form_build.h"

size_t form_load_errors(const struct load *load)
{
	return load->report.errors - load->library_errors;
}

static bool is_one_of(const char *key, const char *const *known, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(known[i], key) == 0)
			return true;
	}
	return false;
}

bool form_load_has_unknown(const struct yaml_node *map, const char *const *known, size_t count)
{
	for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
		if (!is_one_of(map->keys[i], known, count))
			return true;
	}
	return false;
}

bool form_load_is_misspelt(const struct yaml_node *map, const char *key, const char *const *known, size_t count)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *nearest =
			is_one_of(map->keys[i], known, count) ? NULL : problem_nearest(map->keys[i], known, count);
		if (nearest != NULL && strcmp(nearest, key) == 0)
			return true;
	}
	return false;
}

/* True when NAME is OWN, or what a part of OWN answers as. */
static bool belongs_to(const char *name, const char *own)
{
	size_t length = strlen(own);
	return length > 0 && strncmp(name, own, length) == 0 && (name[length] == '\0' || name[length] == '_');
}

/* Choices that could not be read can be compared with all the same. */
static bool has_list_errors(const struct load_part *part, const struct question *question)
{
	const struct load_list *list =
		question->list == NULL ? NULL : form_load_list_of(part->load, question->list, NULL);
	return list != NULL && list->has_errors;
}

bool form_load_is_uncertain(const struct load_part *part, const char *name)
{
	bool is_there = false;
	for (size_t i = 0; i < part->questions_count; i++) {
		const struct load_question *record = part->questions[i];
		if ((record->has_errors || has_list_errors(part, record->question)) &&
		    belongs_to(name, record->question->name))
			return true;
		is_there |= strcmp(name, record->question->name) == 0;
	}
	return !is_there && part->has_lost_questions;
}

bool form_load_is_expression_uncertain(const struct load_part *part, const char *expression)
{
	char name[2 * FORM_NAME_MAX + 2];
	for (const char *at = expression; (at = strstr(at, "${")) != NULL; at += 2) {
		size_t length = strcspn(at + 2, "}");
		if (length >= sizeof name)
			continue;
		memcpy(name, at + 2, length);
		name[length] = '\0';
		if (form_load_is_uncertain(part, name))
			return true;
	}
	return false;
}

static const struct load_list *find_list(const struct load_part *part, const char *name)
{
	for (size_t i = 0; i < part->lists_count; i++) {
		if (strcmp(part->lists[i]->list.name, name) == 0)
			return part->lists[i];
	}
	return NULL;
}

/* A question asks for a list of that name, and there is none: who knows which of the two is misspelt. */
static bool is_list_wanted(const struct load_part *part, const char *name)
{
	for (size_t i = 0; i < part->questions_count; i++) {
		const char *wanted = part->questions[i]->unknown_list;
		if (wanted != NULL && strcmp(wanted, name) == 0)
			return true;
	}
	return false;
}

/* A list that no question of the form uses may be that of a question that could not be read. */
static bool has_broken_question(const struct load_part *part)
{
	for (size_t i = 0; i < part->questions_count; i++) {
		if (part->questions[i]->has_errors)
			return true;
	}
	return part->has_lost_questions;
}

bool form_load_is_list_uncertain(const struct load_part *part, const char *name)
{
	const struct load_list *list = find_list(part, name);
	if (list != NULL)
		return list->is_broken || list->has_errors;
	for (const struct load_part *library = part->load->libraries; library != NULL; library = library->next) {
		list = find_list(library, name);
		if (list != NULL)
			return list->is_broken || list->has_errors || has_broken_question(part);
		if (library->has_lost_lists)
			return true;
	}
	return part->has_lost_lists || is_list_wanted(part, name) || has_broken_question(part);
}

static bool has_page_errors(const struct load *load, const char *name)
{
	for (size_t i = 0; i < load->form->pages_count; i++) {
		if (strcmp(load->form->pages[i].name, name) == 0)
			return load->page_has_errors[i];
	}
	return false;
}

static bool is_page(const struct load *load, const char *name)
{
	for (size_t i = 0; i < load->form->pages_count; i++) {
		if (strcmp(load->form->pages[i].name, name) == 0)
			return true;
	}
	return false;
}

/* What the English must have is told of where it is missing. */
static bool is_required_text(const char *path)
{
	static const char *const ends[] = {".label", ".title", ".relevant_when", ".constraint_message"};
	size_t length = strlen(path);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t tail = strlen(ends[i]);
		if (length > tail && strcmp(path + length - tail, ends[i]) == 0)
			return true;
	}
	return strcmp(path, "title") == 0;
}

static bool is_subject_uncertain(const struct load_part *part, const char *subject, const char *rest)
{
	bool is_form = part->name == NULL;
	if (strcmp(subject, "choices") == 0) {
		char list[2 * FORM_NAME_MAX + 2];
		size_t length = strcspn(rest, ".");
		if (length >= sizeof list)
			return false;
		memcpy(list, rest, length);
		list[length] = '\0';
		return form_load_is_list_uncertain(part, list);
	}
	if (is_form && is_page(part->load, subject))
		return has_page_errors(part->load, subject);
	/* Names with _ in them are not parts of others here. */
	for (size_t i = 0; i < part->questions_count; i++) {
		if (strcmp(part->questions[i]->question->name, subject) == 0)
			return part->questions[i]->has_errors;
	}
	return part->has_lost_questions;
}

static void count_waiting(struct load_part *part, size_t language, unsigned line, const char *shown)
{
	struct load_waiting *waiting = &part->waiting[language];
	if (waiting->count++ > 0)
		return;
	waiting->line = line;
	waiting->path = shown;
}

bool form_load_waits_for(struct load_part *part, size_t language, unsigned line, const char *subject, const char *shown)
{
	bool waits = is_subject_uncertain(part, subject, "");
	if (waits)
		count_waiting(part, language, line, shown);
	return waits;
}

bool form_load_waits(void *context, size_t language, unsigned line, const char *path, bool is_english_missing)
{
	struct load_part *part = context;
	char subject[2 * FORM_NAME_MAX + 2];
	size_t length = strcspn(path, ".");
	if (length >= sizeof subject)
		return false;
	memcpy(subject, path, length);
	subject[length] = '\0';
	bool is_told = is_english_missing && is_required_text(path);
	bool waits = is_told || (path[length] == '.' && is_subject_uncertain(part, subject, path + length + 1));
	if (waits)
		count_waiting(part, language, line, path);
	return waits;
}

void form_load_report_waiting(struct load *load, const struct load_part *part)
{
	for (size_t i = 1; i < load->form->languages_count; i++) {
		const struct load_waiting *waiting = &part->waiting[i];
		const char *file = part->lost_in != NULL ? part->lost_in : part->source.file;
		const char *english = strrchr(file, '/');
		english = english != NULL ? english + 1 : file;
		if (waiting->count == 1)
			form_report_finding(&load->report, part->translations[i].file, waiting->line, 0,
					    "checked-later",
					    "\"%s\" can be checked once %s is mended: leave it as it is until then",
					    waiting->path, english);
		else if (waiting->count > 1)
			form_report_finding(&load->report, part->translations[i].file, waiting->line, 0,
					    "checked-later",
					    "\"%s\" and %zu more can be checked once %s is mended: leave them as they "
					    "are until then",
					    waiting->path, waiting->count - 1, english);
	}
}
