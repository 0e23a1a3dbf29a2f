/* SPDX-License-Identifier: MIT */
/* form_load.c: a folder of YAML becomes a form: which files there are, the head of form.yaml, and the order of the
 * work.
 *
 * First all files are read, then variants and translations are laid over the English, then form_check.c judges the
 * whole. Everything goes on as long as it can, so that a person mends a folder once. Reads files and nothing else: no
 * clock, no office. The format is soundings-form(5). */
#include "lib/form/form_load.h"

#include <stdlib.h>
#include <string.h>

#include "lib/form/form_build.h"
#include "lib/form/form_load_folder.h"
#include "lib/form/form_load_parts.h"

struct form_translation_languages form_load_languages(const struct load *load)
{
	return (struct form_translation_languages){load->form->languages, load->form->languages_count};
}

bool form_load_is_finding(const struct problem *problem)
{
	static const char *const rules[] = {"missing-translation", "stale-translation", "draft-translation",
					    "unused-list", "checked-later"};
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (strcmp(problem->rule, rules[i]) == 0)
			return true;
	}
	return false;
}

static void report_file(struct load *load, const char *name, const char *ending, const char *rule, const char *message)
{
	const char *file = arena_printf(load->report.problems->arena, "%s/%s%s", load->folder, name, ending);
	if (file == NULL)
		load->report.has_no_memory = true;
	else
		form_report_error(&load->report, file, 0, 0, rule, "%s", message);
}

/* Adds the language of one LANG.yaml. */
static void add_language(struct load *load, const char *name)
{
	struct form *form = load->form;
	if (strcmp(name, "form") == 0)
		return;
	if (strcmp(name, "bsl") == 0)
		report_file(load, name, ".yaml", "not-yet",
			    "this version does not have sign language yet: move the file away");
	else if (strcmp(name, "en") == 0)
		report_file(load, name, ".yaml", "unknown-file",
			    "the English stands in form.yaml: put its words there");
	else if (!form_tag_is_valid(name))
		report_file(load, name, ".yaml", "unknown-file",
			    "the file is called neither form.yaml nor by a language tag in lower case (cy.yaml, "
			    "en-x-easy.yaml): rename it, or move it away");
	else if (form->languages_count == FORM_LANGUAGES_MAX)
		report_file(load, name, ".yaml", "too-many",
			    "a form has at most 24 languages with its variants: move some away");
	else if (form_build_language(name, LANGUAGE_DRAFT, load->arena, &form->languages[form->languages_count++]) !=
		 ERR_OK)
		load->report.has_no_memory = true;
}

/* The order in which files are laid over the English: what others are translated from comes first. */
static void order_languages(struct load *load)
{
	const struct form *form = load->form;
	size_t count = 1;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 1; i < form->languages_count; i++) {
			bool is_english = strcmp(form->languages[i].base, "en") == 0;
			if (is_english == (pass == 0))
				load->order[count++] = i;
		}
	}
}

static enum err find_languages(struct load *load)
{
	const char **names = NULL;
	size_t count = 0;
	enum err error = form_load_folder(load->folder, ".yaml", load->arena, &names, &count);
	if (error != ERR_OK)
		return error;
	error = form_build_language("en", LANGUAGE_CHECKED, load->arena, &load->form->languages[0]);
	if (error != ERR_OK)
		return error;
	load->form->languages_count = 1;
	bool is_form = false;
	for (size_t i = 0; i < count; i++)
		is_form |= strcmp(names[i], "form") == 0;
	for (size_t i = 0; i < count; i++) {
		if (is_form || strcmp(names[i], "en") == 0) /* in another folder files are called otherwise */
			add_language(load, names[i]);
	}
	order_languages(load);
	/* .yml is read by other programs: nobody should wait for such a file in vain. */
	error = form_load_folder(load->folder, ".yml", load->arena, &names, &count);
	for (size_t i = 0; error == ERR_OK && i < count; i++)
		report_file(load, names[i], ".yml", "unknown-file", "only files in .yaml are read: rename it");
	return error;
}

/* Keeps the names of library files: FILE.yaml; FILE.LANG.yaml are their translations. */
static enum err find_library(struct load *load)
{
	if (load->library_folder == NULL)
		return ERR_OK;
	enum err error = form_load_folder(load->library_folder, ".yaml", load->arena, &load->library_names,
					  &load->library_names_count);
	if (error == ERR_NOT_FOUND) {
		load->library_folder = NULL;
		return ERR_OK;
	}
	size_t kept = 0;
	for (size_t i = 0; error == ERR_OK && i < load->library_names_count; i++) {
		if (form_name_is_slug(load->library_names[i]))
			load->library_names[kept++] = load->library_names[i];
	}
	load->library_names_count = kept;
	return error;
}

/* "24 months" */
static void read_keep(struct load *load, const struct yaml_node *privacy)
{
	const struct form_source *source = &load->part.source;
	const struct yaml_node *node = yaml_get(privacy, "keep");
	const char *text = node == NULL ? NULL : form_value_line_of(source, node);
	if (text == NULL)
		return;
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	bool is_right = digits >= 1 && digits <= 3 && text[0] != '0' &&
			(strcmp(unit, " months") == 0 || strcmp(unit, " month") == 0);
	unsigned months = is_right ? (unsigned) strtoul(text, NULL, 10) : 0;
	if (months >= 1 && months <= FORM_KEEP_MONTHS_MAX)
		load->form->keep_months = months;
	else
		form_source_error(source, node, "bad-keep",
				  "\"%s\" is no time to keep answers: write from '1 month' to '%d months'", text,
				  FORM_KEEP_MONTHS_MAX);
}

static void read_privacy(struct load *load)
{
	static const char *const keys[] = {"keep", "threshold"};
	const struct form_source *source = &load->part.source;
	const struct yaml_node *privacy = form_value_map(source, source->root, "privacy");
	if (privacy == NULL)
		return;
	read_keep(load, privacy);
	load->form->threshold = form_value_number(source, privacy, "threshold", FORM_THRESHOLD_MIN, FORM_THRESHOLD_MAX,
						  load->form->threshold);
	form_source_unknown(source, privacy, keys, 2);
}

static void read_form(struct load *load)
{
	static const char *const keys[] = {"form",       "title",   "time",  "privacy", "safety",
					   "programmes", "retired", "pages", "choices"};
	static const char *const safeties[] = {"none", "exit-page"};
	const struct form_source *source = &load->part.source;
	const struct yaml_node *root = source->root;
	struct form *form = load->form;
	static const size_t keys_count = sizeof keys / sizeof keys[0];
	const char *name = form_value_line(source, root, "form");
	bool has_unknown_key = form_load_has_unknown(root, keys, keys_count);
	if (form_value_peek(root, "form", NULL) == NULL)
		form_report_error(&load->report, source->file, 1, 1, "missing-key",
				  "the form does not say its name: add 'form: NAME' as the first line");
	/* A name that could not be read is told; the judge is given one that is right. */
	form->name = name != NULL ? name : "nameless";
	form->title.of[0] = form_value_text(source, root, "title");
	form->time.of[0] = form_value_text(source, root, "time");
	form->keep_months = FORM_KEEP_MONTHS_DEFAULT;
	form->threshold = FORM_THRESHOLD_MIN;
	read_privacy(load);
	form->safety = (enum form_safety) form_value_option(source, root, "safety", safeties, 2, FORM_SAFETY_NONE);
	form->programmes = form_value_lines(source, root, "programmes", &form->programmes_count);
	form->retired = form_value_lines(source, root, "retired", &form->retired_count);
	load->part.has_lost_lists = has_unknown_key && form_value_peek(root, "choices", NULL) == NULL;
	load->part.has_lost_questions = has_unknown_key && form_value_peek(root, "pages", NULL) == NULL;
	form_load_lists(load, &load->part, source, "choices", 0);
	form_load_pages(load, form_load_is_misspelt(root, "pages", keys, keys_count));
	form_load_refusals(load);
	form_source_unknown(source, root, keys, keys_count);
}

static enum err open_form(struct load *load)
{
	load->part.source = (struct form_source){.report = &load->report, .arena = load->arena, .checks_holes = true};
	load->part.texts =
		(struct form_translation_texts){.arena = load->arena, .waits = form_load_waits, .context = &load->part};
	load->part.load = load;
	enum err error = form_source_open(&load->part.source, load->folder, "form.yaml");
	if (error == ERR_NOT_FOUND)
		form_report_error(
			&load->report, load->part.source.file, 0, 0, "missing-english",
			"the folder has no form.yaml: name the folder of one form, or write it there, in English");
	return error;
}

/* Opens the form's own translations and reads what variants say beyond words. */
static void open_translations(struct load *load)
{
	for (size_t i = 1; i < load->form->languages_count; i++) {
		size_t language = load->order[i];
		struct form_source *source = &load->part.translations[language];
		struct language *of = &load->form->languages[language];
		*source = load->part.source;
		source->root = NULL;
		const char *name = arena_printf(load->arena, "%s.yaml", of->tag);
		enum err error = name == NULL ? ERR_NOMEM : form_source_open(source, load->folder, name);
		if (error == ERR_NOMEM)
			load->report.has_no_memory = true;
		if (error != ERR_OK) {
			source->root = NULL;
			continue;
		}
		of->status = form_translation_head(source, of->tag);
		form_load_variant(load, &load->part, language);
	}
}

static void apply_translations(struct load *load)
{
	struct form_translation_languages languages = form_load_languages(load);
	const char *files[FORM_LANGUAGES_MAX] = {NULL};
	for (size_t i = 1; i < languages.count; i++) {
		size_t language = load->order[i];
		const struct form_source *source = &load->part.translations[language];
		files[language] = source->file;
		if (source->root != NULL &&
		    form_translation_apply(&load->part.texts, source, &languages, language) != ERR_OK)
			load->report.has_no_memory = true;
	}
	form_translation_missing(&load->part.texts, &load->report, &languages, files);
	form_load_report_waiting(load, &load->part);
}

/* A language is no more checked than the library files whose words the form takes. Files that were only looked into for a list, and did
 * not have it, have nothing to do with the form. */
static void settle_status(struct load *load)
{
	for (const struct load_part *library = load->libraries; library != NULL; library = library->next) {
		for (size_t i = 1; i < load->form->languages_count; i++) {
			if (library->is_used && library->is_draft[i])
				load->form->languages[i].status = LANGUAGE_DRAFT;
			else if (!library->is_used && library->translations[i].file != NULL)
				form_report_forget(&load->report, library->translations[i].file);
		}
	}
}

static void report_unused_lists(struct load *load)
{
	bool may_be_used = load->part.has_lost_questions;
	for (size_t i = 0; i < load->part.questions_count; i++)
		may_be_used |= load->part.questions[i]->has_errors;
	for (size_t i = 0; i < load->part.lists_count; i++) {
		const struct load_list *list = load->part.lists[i];
		if (list->is_used || list->is_broken)
			continue;
		form_check_list(&list->list, form_load_tell, load);
		if (may_be_used)
			continue;
		form_report_finding(&load->report, list->source->file, list->line, list->column, "unused-list",
				    "no question uses list \"%s\": delete it, or name it in a question's type",
				    list->list.name);
	}
}

static enum err judge(struct load *load)
{
	enum err error = form_build_fields(load->form, load->arena);
	if (error == ERR_OK)
		error = form_check(load->form, load->arena, form_load_tell, load);
	return error == ERR_INVALID ? ERR_OK : error; /* what it found is counted as it is told */
}

static enum err load_all(struct load *load)
{
	enum err error = find_languages(load);
	if (error == ERR_NOT_FOUND)
		form_report_error(&load->report, load->folder, 0, 0, "missing-folder",
				  "there is no such folder: write the path of the folder that form.yaml is in");
	if (error == ERR_OK)
		error = find_library(load);
	if (error == ERR_OK)
		error = open_form(load);
	if (error != ERR_OK)
		return error;
	read_form(load);
	open_translations(load);
	form_load_used_lists(load);
	form_load_form_texts(load);
	apply_translations(load);
	settle_status(load);
	report_unused_lists(load);
	return judge(load);
}

enum err form_load(const char *folder, const char *library, struct arena *arena, struct form **out,
		   struct problems *problems)
{
	return form_load_with_places(folder, library, arena, out, problems, NULL);
}

enum err form_load_with_places(const char *folder, const char *library, struct arena *arena, struct form **out,
			       struct problems *problems, struct form_places *places)
{
	struct load load = {.arena = arena, .folder = folder, .library_folder = library};
	form_report_init(&load.report, problems);
	load.report.places = places;
	load.form = arena_new(arena, struct form);
	if (load.form == NULL)
		return ERR_NOMEM;
	load.unknown_list.list.name = "";
	enum err error = load_all(&load);
	enum err reported = form_report_finish(&load.report);
	if (error == ERR_OK)
		error = reported;
	if (error == ERR_OK && (arena->is_failed || (places != NULL && places->has_no_memory)))
		error = ERR_NOMEM;
	if (error == ERR_OK)
		*out = load.form;
	return error;
}
