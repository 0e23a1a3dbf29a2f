/* SPDX-License-Identifier: MIT */
/* words.c: the page's own strings from forms/strings/, with every gap filled from the next best language.
 *
 * forms/strings/en.yaml decides the keys (build/gen/words_keys.h is made from it), so another file can only leave some
 * out. Texts stay unescaped: the view escapes. The JSON for the catalogue is words_document.c. */
#include "lib/form/words.h"

#include <string.h>
#include <strings.h>

#include "lib/form/form_build.h"
#include "lib/form/form_load_folder.h"
#include "lib/form/form_value.h"
#include "lib/form/words_parts.h"

static bool has_hole(const char *text, const char *name, size_t length)
{
	size_t found = 0;
	for (const char *at = words_next_hole(text, &found); at != NULL; at = words_next_hole(at + 1, &found)) {
		if (found == length && strncmp(at + 1, name, length) == 0)
			return true;
	}
	return false;
}

void words_check_holes(const struct form_source *source, const struct yaml_node *node, const char *text,
		       const char *english)
{
	size_t length = 0;
	for (const char *at = words_next_hole(text, &length); at != NULL; at = words_next_hole(at + 1, &length)) {
		if (!has_hole(english, at + 1, length))
			form_source_error(
				source, node, "unknown-hole",
				"the page cannot fill {%.*s} here: use only the words in braces that the English has",
				(int) length, at + 1);
	}
}

void words_read_head(const struct form_source *source, const char *tag, struct words *words)
{
	static const char *const statuses[] = {"checked", "draft"}, *const directions[] = {"rtl"};
	static const char *const needed[] = {"language", "name", "status"};
	const struct yaml_node *root = source->root;
	for (size_t i = 0; i < 3; i++) {
		if (form_value_peek(root, needed[i], NULL) == NULL)
			form_report_error(source->report, source->file, 1, 1, "missing-key",
					  "the file has no '%s': add it at the top", needed[i]);
	}
	const char *language = form_value_line(source, root, "language");
	if (language != NULL && strcmp(language, tag) != 0)
		form_source_error(source, form_value_peek(root, "language", NULL), "wrong-language",
				  "the file is called %s.yaml, but says that it is \"%s\": make both the same", tag,
				  language);
	words->language = tag;
	words->name = form_value_line(source, root, "name");
	words->is_draft = form_value_option(source, root, "status", statuses, 2, 1) == 1;
	words->is_rtl = form_value_option(source, root, "direction", directions, 1, -1) == 0;
}

static void read_words(const struct form_source *source, const struct words *english, struct words *words)
{
	for (size_t key = 0; key < WORD_COUNT; key++) {
		const struct yaml_node *node = yaml_get(source->root, word_names[key]);
		if (node == NULL && english == words)
			form_report_error(source->report, source->file, 0, 0, "missing-english",
					  "\"%s\" is missing: the English must have every string, so add it",
					  word_names[key]);
		words->of[key] = node == NULL ? NULL : form_value_text_of(source, node);
		if (words->of[key] != NULL && english != words && english->of[key] != NULL)
			words_check_holes(source, node, words->of[key], english->of[key]);
	}
	form_source_unknown(source, source->root, word_names, WORD_COUNT);
}

static enum err read_file(struct form_source *source, const char *folder, const char *tag, const struct words *english,
			  struct words *words)
{
	const char *name = arena_printf(source->arena, "%s.yaml", tag);
	enum err error = name == NULL ? ERR_NOMEM : form_source_open(source, folder, name);
	if (error == ERR_NOT_FOUND && english == words)
		form_report_error(source->report, source->file, 0, 0, "missing-english",
				  "the file is missing: the English strings decide which there are");
	if (error != ERR_OK)
		return error;
	words_read_head(source, tag, words);
	read_words(source, english, words);
	return ERR_OK;
}

const struct words *words_find(const struct words_set *set, const char *tag, size_t length)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strlen(set->list[i].language) == length && strncasecmp(set->list[i].language, tag, length) == 0)
			return &set->list[i];
	}
	return NULL;
}

void words_fill_gaps(struct words_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		struct words *words = &set->list[i];
		const char *private = strstr(words->language, "-x-");
		const struct words *base =
			private == NULL ? NULL : words_find(set, words->language, (size_t) (private - words->language));
		for (size_t key = 0; key < WORD_COUNT; key++) {
			if (words->of[key] == NULL && base != NULL)
				words->of[key] = base->of[key];
			if (words->of[key] == NULL)
				words->of[key] = set->list[0].of[key];
		}
	}
}

static void refuse_file(struct form_report *report, const char *folder, const char *name)
{
	const char *file = arena_printf(report->problems->arena, "%s/%s.yaml", folder, name);
	if (file == NULL)
		report->has_no_memory = true;
	else
		form_report_error(report, file, 0, 0, "unknown-file",
				  "the file is not called by a language tag in lower case (cy.yaml), or is the 25th: "
				  "rename it, or "
				  "move it away");
}

/* Reads every file: English first, because the others are held against it. */
static enum err read_all(struct form_source *source, const char *folder, struct words_set *set)
{
	const char **tags = NULL;
	size_t count = 0;
	enum err error = form_load_folder(folder, ".yaml", source->arena, &tags, &count);
	if (error != ERR_OK)
		return error;
	set->list = arena_array(source->arena, count + 1, struct words);
	if (set->list == NULL)
		return ERR_NOMEM;
	error = read_file(source, folder, "en", &set->list[0], &set->list[0]);
	set->count = 1;
	for (size_t i = 0; error == ERR_OK && i < count; i++) {
		if (strcmp(tags[i], "en") == 0)
			continue;
		if (!form_tag_is_valid(tags[i]) || set->count == FORM_LANGUAGES_MAX) {
			refuse_file(source->report, folder, tags[i]);
			continue;
		}
		error = read_file(source, folder, tags[i], &set->list[0], &set->list[set->count++]);
		if (error == ERR_INVALID)
			error = ERR_OK; /* reported: go on with the others */
	}
	return error;
}

enum err words_load(const char *folder, struct arena *arena, struct words_set *out, struct problems *problems)
{
	struct form_report report;
	form_report_init(&report, problems);
	struct form_source source = {.report = &report, .arena = arena};
	struct words_set set = {0};
	enum err error = read_all(&source, folder, &set);
	enum err reported = form_report_finish(&report);
	if (error == ERR_OK)
		error = reported;
	if (error != ERR_OK)
		return error;
	/* A base language stands before its variants: "cy" sorts before "cy-x-easy". */
	words_fill_gaps(&set);
	*out = set;
	return ERR_OK;
}

const struct words *words_for(const struct words_set *set, const char *tag)
{
	const struct words *found = words_find(set, tag, strlen(tag));
	for (size_t length = strlen(tag); found == NULL && length > 0; length--) {
		if (tag[length] == '-')
			found = words_find(set, tag, length);
	}
	return found != NULL ? found : &set->list[0];
}
