/* SPDX-License-Identifier: MIT */
/* words_more.c: a second group of page strings, of pages that attendees never see: built into the program that shows them, and in
 * no catalogue, so that nobody's phone and no front machine carries them. The files are as forms/strings/ has them. */
#include "lib/form/words_parts.h"

#include "lib/form/form_build.h"

#include <string.h>

static void read_strings(const struct form_source *source, const char *const *names, size_t count, const char **out,
			 const char *const *english)
{
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *node = yaml_get(source->root, names[i]);
		if (node == NULL && english == NULL)
			form_report_error(source->report, source->file, 0, 0, "missing-english",
					  "\"%s\" is missing: the English must have every string, so add it", names[i]);
		out[i] = node == NULL ? NULL : form_value_text_of(source, node);
		if (out[i] != NULL && english != NULL && english[i] != NULL)
			words_check_holes(source, node, out[i], english[i]);
		if (out[i] == NULL && english != NULL)
			out[i] = english[i];
	}
	form_source_unknown(source, source->root, names, count);
}

/* The strings of one file in *OUT. */
static enum err read_file(struct form_report *report, const struct words_file *file, const char *const *names,
			  size_t count, const char *const *english, struct arena *arena, const char *const **out)
{
	struct yaml_node *root = NULL;
	enum err error = yaml_parse(file->name, file->text, strlen(file->text), arena, report->problems, &root);
	if (error == ERR_INVALID)
		report->errors++;
	if (error != ERR_OK)
		return error;
	const char **list = arena_array(arena, count + 1, const char *);
	if (list == NULL)
		return ERR_NOMEM;
	struct form_source source = {.file = file->name, .root = root, .report = report, .arena = arena};
	struct words
		head; /* of a language that the public strings describe already: read so that nothing wrong stays in it */
	words_read_head(&source, file->language, &head);
	read_strings(&source, names, count, list, english);
	*out = list;
	return ERR_OK;
}

enum err words_add(struct words_set *set, const struct words_file *files, size_t files_count, const char *const *names,
		   size_t names_count, struct arena *arena, struct problems *problems)
{
	struct form_report report;
	form_report_init(&report, problems);
	const char *const *english = NULL;
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < files_count; i++) {
		const char *const *list = NULL;
		error = read_file(&report, &files[i], names, names_count, english, arena, &list);
		if (i == 0)
			english = list;
		for (size_t j = 0; error == ERR_OK && j < set->count; j++) {
			if (strcmp(set->list[j].language, files[i].language) != 0)
				continue;
			set->list[j].more = list;
			set->list[j].more_count = names_count;
		}
	}
	enum err reported = form_report_finish(&report);
	return error != ERR_OK ? error : reported;
}
