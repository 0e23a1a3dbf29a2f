/* SPDX-License-Identifier: MIT */
/* form_library.c: files of questions and lists that forms share, with their translations.
 *
 * A library file is read once for each form that is loaded, in that form's languages, so that a form's own words can
 * stand over the library's. It must not judge: what a form takes is judged as a part of that form. */
#include "lib/form/form_load_parts.h"

#include <string.h>

static const char prefix[] = "library/";

static bool is_known(const struct load *load, const char *name)
{
	for (size_t i = 0; i < load->library_names_count; i++) {
		if (strcmp(load->library_names[i], name) == 0)
			return true;
	}
	return false;
}

static void report_unknown(struct load *load, const char *name, const struct form_source *source,
			   const struct yaml_node *node)
{
	const char *nearest = problem_nearest(name, load->library_names, load->library_names_count);
	if (load->library_folder == NULL)
		form_source_error(source, node, "unknown-library", "\"%s\" is of the library, but there is none here",
				  name);
	else if (nearest != NULL)
		form_source_error(source, node, "unknown-library", "%s/%s.yaml is not there: did you mean \"%s\"?",
				  load->library_folder, name, nearest);
	else
		form_source_error(source, node, "unknown-library",
				  "%s/%s.yaml is not there: write the name of one of the files there, without .yaml",
				  load->library_folder, name);
}

static void read_head(struct load_part *part)
{
	const struct form_source *source = &part->source;
	const struct yaml_node *node = form_value_peek(source->root, "library", NULL);
	const char *name = form_value_line(source, source->root, "library");
	if (node == NULL)
		form_report_error(source->report, source->file, 1, 1, "missing-key",
				  "the file does not say what it is: add 'library: %s' as the first line", part->name);
	else if (name != NULL && strcmp(name, part->name) != 0)
		form_source_error(source, node, "bad-name",
				  "the file is called %s.yaml, but says that it is \"%s\": make both the "
				  "same",
				  part->name, name);
}

static void read_questions(struct load *load, struct load_part *part)
{
	const struct yaml_node *list = form_value_list(&part->source, part->source.root, "questions");
	part->has_lost_questions |= list == NULL && form_value_peek(part->source.root, "questions", NULL) != NULL;
	if (list == NULL)
		return;
	if (list->count > FORM_QUESTIONS_MAX) {
		part->has_lost_questions = true;
		form_source_error(&part->source, list, "too-many", "%zu questions stand in one file: %d at most",
				  list->count, FORM_QUESTIONS_MAX);
		return;
	}
	struct question *questions = arena_array(load->arena, list->count + 1, struct question);
	if (questions == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		form_load_question(load, part, &part->source, list->items[i], &questions[i]);
		const struct load_question *first = form_load_find_question(part, questions[i].name);
		if (questions[i].name[0] != '\0' && first != NULL && first->question != &questions[i])
			form_source_error(&part->source, list->items[i], "duplicate-name",
					  "the library has a question \"%s\" already: rename one", questions[i].name);
	}
}

static void read_translation(struct load *load, struct load_part *part, size_t language)
{
	struct form_source *source = &part->translations[language];
	*source = part->source;
	source->root = NULL;
	const char *tag = load->form->languages[language].tag;
	char *name = arena_printf(load->arena, "%s.%s.yaml", part->name, tag);
	enum err error = name == NULL ? ERR_NOMEM : form_source_open(source, load->library_folder, name);
	if (error == ERR_NOMEM)
		load->report.has_no_memory = true;
	if (error != ERR_OK) {
		source->root = NULL;
		return;
	}
	part->is_draft[language] = form_translation_head(source, tag) == LANGUAGE_DRAFT;
	form_load_variant(load, part, language);
}

static void read_translations(struct load *load, struct load_part *part)
{
	struct form_translation_languages languages = form_load_languages(load);
	for (size_t i = 0; i < part->questions_count; i++)
		form_load_question_texts(&part->texts, part->questions[i]->question);
	for (size_t i = 1; i < languages.count; i++)
		read_translation(load, part, load->order[i]);
	for (size_t i = 0; i < part->lists_count; i++)
		form_load_list_texts(&part->texts, part->lists[i]);
	for (size_t i = 1; i < languages.count; i++) {
		size_t language = load->order[i];
		if (part->translations[language].root != NULL &&
		    form_translation_apply(&part->texts, &part->translations[language], &languages, language) != ERR_OK)
			load->report.has_no_memory = true;
	}
}

static void read_part(struct load *load, struct load_part *part)
{
	static const char *const keys[] = {"library", "questions", "choices"};
	char *name = arena_printf(load->arena, "%s.yaml", part->name);
	enum err error = name == NULL ? ERR_NOMEM : form_source_open(&part->source, load->library_folder, name);
	if (error == ERR_NOMEM)
		load->report.has_no_memory = true;
	if (error == ERR_NOT_FOUND)
		form_report_error(&load->report, part->source.file, 0, 0, "unreadable",
				  "the file was there a moment ago and has gone: check again");
	if (error != ERR_OK) {
		part->source.root = NULL;
		return;
	}
	read_head(part);
	bool has_unknown_key = form_load_has_unknown(part->source.root, keys, 3);
	part->has_lost_lists = has_unknown_key && form_value_peek(part->source.root, "choices", NULL) == NULL;
	part->has_lost_questions = has_unknown_key && form_value_peek(part->source.root, "questions", NULL) == NULL;
	form_load_lists(load, part, &part->source, "choices", 0);
	read_questions(load, part);
	form_source_unknown(&part->source, part->source.root, keys, 3);
	read_translations(load, part);
	form_load_report_waiting(load, part);
}

struct load_part *form_library_get(struct load *load, const char *name, const struct form_source *source,
				   const struct yaml_node *node)
{
	if (strncmp(name, prefix, strlen(prefix)) == 0)
		name += strlen(prefix);
	for (struct load_part *part = load->libraries; part != NULL; part = part->next) {
		if (strcmp(part->name, name) == 0)
			return part->source.root != NULL ? part : NULL;
	}
	if (!is_known(load, name)) {
		report_unknown(load, name, source, node);
		return NULL;
	}
	struct load_part *part = arena_new(load->arena, struct load_part);
	if (part == NULL) {
		load->report.has_no_memory = true;
		return NULL;
	}
	part->name = name;
	part->load = load;
	part->texts = (struct form_translation_texts){.arena = load->arena, .waits = form_load_waits, .context = part};
	part->source = (struct form_source){.report = &load->report, .arena = load->arena, .checks_holes = true};
	part->next = load->libraries;
	load->libraries = part;
	size_t errors = load->report.errors, of_others = load->library_errors;
	read_part(load, part);
	load->library_errors = of_others + load->report.errors - errors;
	return part->source.root != NULL ? part : NULL;
}

/* FILE alone means the question called like the file, or the only one in it. */
static struct load_question *question_of_file(const struct load_part *part)
{
	struct load_question *question = form_load_find_question(part, part->name);
	if (question == NULL && part->questions_count == 1)
		question = part->questions[0];
	return question;
}

struct load_question *form_library_question(struct load *load, const char *use, const struct form_source *source,
					    const struct yaml_node *node)
{
	if (strncmp(use, prefix, strlen(prefix)) == 0)
		use += strlen(prefix);
	const char *slash = strchr(use, '/');
	char *file = arena_strndup(load->arena, use, slash != NULL ? (size_t) (slash - use) : strlen(use));
	if (file == NULL) {
		load->report.has_no_memory = true;
		return NULL;
	}
	struct load_part *part = form_library_get(load, file, source, node);
	if (part == NULL)
		return NULL;
	struct load_question *question =
		slash != NULL ? form_load_find_question(part, slash + 1) : question_of_file(part);
	if (question != NULL) {
		part->is_used = true;
		return question;
	}
	if (part->has_lost_questions)
		return NULL; /* it may be one of those; the caller tells nothing more of a question that it cannot have */
	const char *nearest = slash == NULL ? NULL : form_load_nearest_question(load, part, slash + 1);
	if (slash == NULL)
		form_source_error(source, node, "unknown-question",
				  "%s has several questions: say which, as 'use: %s/QUESTION'", part->source.file,
				  file);
	else if (nearest != NULL)
		form_source_error(source, node, "unknown-question", "%s has no question \"%s\": did you mean \"%s\"?",
				  part->source.file, slash + 1, nearest);
	else
		form_source_error(source, node, "unknown-question", "%s has no question \"%s\": name one that is there",
				  part->source.file, slash + 1);
	return NULL;
}
