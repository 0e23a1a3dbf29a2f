/* SPDX-License-Identifier: MIT */
/* form_translation.c: puts a translator's words where they belong, and finds the ones that are missing or stale.
 *
 * A translation file holds words only, keyed by path. An entry that says which English it was made from ('of:') is
 * found stale when that English changes; the hash is FNV-1a, 64 bits (draft-eastlake-fnv), because it guards against
 * forgetting and not against forgery. It must not change what a form asks: form_load_variant.c reads what a variant
 * may. */
#include "lib/form/form_translation.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void form_translation_hash(const char *text, char out[FORM_TRANSLATION_HASH])
{
	uint64_t hash = 14695981039346656037u; /* FNV offset basis */
	for (const char *at = text; *at != '\0'; at++)
		hash = (hash ^ (unsigned char) *at) * 1099511628211u; /* FNV prime */
	snprintf(out, FORM_TRANSLATION_HASH, "%06" PRIx64, hash >> 40);
}

struct form_translation_text *form_translation_add(struct form_translation_texts *texts, struct text *text,
						   const char *path, ...)
{
	if (texts->count == texts->capacity) {
		size_t wanted = texts->capacity == 0 ? 64 : texts->capacity * 2;
		struct form_translation_text *list =
			arena_grow(texts->arena, texts->list, texts->count, wanted, sizeof(*list));
		if (list == NULL) {
			texts->has_no_memory = true;
			return NULL;
		}
		texts->list = list;
		texts->capacity = wanted;
	}
	va_list args;
	va_start(args, path);
	char *name = arena_vprintf(texts->arena, path, args);
	va_end(args);
	if (name == NULL) {
		texts->has_no_memory = true;
		return NULL;
	}
	struct form_translation_text *row = &texts->list[texts->count++];
	*row = (struct form_translation_text){.path = name, .text = text};
	return row;
}

enum language_status form_translation_head(const struct form_source *source, const char *tag)
{
	static const char *const options[] = {"checked", "draft"};
	const struct yaml_node *node = yaml_get(source->root, "language");
	const char *language = node == NULL ? NULL : form_value_line_of(source, node);
	if (node == NULL)
		form_report_error(source->report, source->file, 1, 1, "missing-key",
				  "the file does not say its language: add "
				  "'language: %s' as the first line",
				  tag);
	else if (language != NULL && strcmp(language, tag) != 0)
		form_source_error(source, node, "wrong-language",
				  "the file is called %s.yaml, but says that it is \"%s\": make "
				  "both the same",
				  tag, language);
	if (form_value_peek(source->root, "status", NULL) == NULL)
		form_report_error(source->report, source->file, 1, 1, "missing-key",
				  "the file does not say whether it is "
				  "checked: add 'status: draft' or 'status: checked'");
	if (form_value_option(source, source->root, "status", options, 2, LANGUAGE_DRAFT) == LANGUAGE_CHECKED)
		return LANGUAGE_CHECKED;
	unsigned line = 1;
	form_value_peek(source->root, "status", &line);
	form_report_finding(source->report, source->file, line, 1, "draft-translation",
			    "this translation is a draft: have it read by somebody who speaks the language, then write "
			    "'status: checked'");
	return LANGUAGE_DRAFT;
}

static int compare_paths(const void *a, const void *b)
{
	const struct form_translation_text *const *left = a, *const *right = b;
	return strcmp((*left)->path, (*right)->path);
}

static int compare_path(const void *key, const void *row)
{
	const struct form_translation_text *const *text = row;
	return strcmp(key, (*text)->path);
}

/* One file on its way into the texts. */
struct apply {
	struct form_translation_texts *texts;
	struct form_translation_text **sorted;
	const struct form_source *source;
	const struct form_translation_languages *languages;
	size_t language;
	size_t english_variant; /* index of the variant's English face, or 0 */
	bool is_english;        /* en-x-...: may well equal the English */
	const char *const *same;
	size_t same_count;
};

static struct form_translation_text *find(const struct apply *apply, const char *path)
{
	struct form_translation_text **found =
		bsearch(path, apply->sorted, apply->texts->count, sizeof(struct form_translation_text *), compare_path);
	return found == NULL ? NULL : *found;
}

/* The English a translation is made from: of an Easy Read translation, the Easy Read English where there is one. */
static const char *english_of(const struct apply *apply, const struct text *text)
{
	const char *variant = text->of[apply->english_variant];
	return variant != NULL && !apply->is_english ? variant : text->of[0];
}

/* True when nothing can be said of the entry yet. */
static bool waits(const struct apply *apply, unsigned line, const char *path, bool is_english_missing)
{
	const struct form_translation_texts *texts = apply->texts;
	return texts->waits != NULL && texts->waits(texts->context, apply->language, line, path, is_english_missing);
}

/* BEFORE: where it stands, "" or "same: ". */
static void tell_unknown_path(const struct apply *apply, const char *before, const char *path, unsigned line,
			      unsigned column)
{
	const struct form_source *source = apply->source;
	struct form_translation_near near = {0};
	/* Nobody reads on behind the last problem, and the search is the slow part of a hostile file. */
	if (source->report->errors < PROBLEMS_MAX)
		near = form_translation_near(apply->texts, path);
	if (near.path != NULL)
		form_report_error(source->report, source->file, line, column, "unknown-path",
				  "%s\"%s\" names no text of the English file: did you mean \"%s\"?", before, path,
				  near.path);
	else if (near.others != NULL)
		form_report_error(source->report, source->file, line, column, "unknown-path",
				  "%s\"%s\" names no text of the English file: \"%s\" has %s; correct the path, or "
				  "delete the entry",
				  before, path, near.place, near.others);
	else
		form_report_error(source->report, source->file, line, column, "unknown-path",
				  "%s\"%s\" names no text of the English file: delete the entry, or correct its path",
				  before, path);
}

static void report_unknown_path(const struct apply *apply, size_t index)
{
	const struct yaml_node *root = apply->source->root;
	const char *key = root->keys[index];
	if (!waits(apply, root->key_lines[index], key, false))
		tell_unknown_path(apply, "", key, root->key_lines[index], root->column);
}

static bool is_same_listed(const struct apply *apply, const char *path)
{
	for (size_t i = 0; i < apply->same_count; i++) {
		if (strcmp(apply->same[i], path) == 0)
			return true;
	}
	return false;
}

static void check_hash(const struct apply *apply, const struct yaml_node *entry, const char *path, const char *english)
{
	const struct form_source *source = apply->source;
	const struct yaml_node *node = yaml_get(entry, "of");
	const char *hash = node == NULL ? NULL : form_value_line_of(source, node);
	if (hash == NULL || english == NULL)
		return;
	char wanted[FORM_TRANSLATION_HASH];
	form_translation_hash(english, wanted);
	if (strlen(hash) != strlen(wanted) || strspn(hash, "0123456789abcdef") != strlen(wanted))
		form_source_error(source, node, "bad-hash",
				  "\"%s\" is no hash: write 6 digits or letters a to f (now %s), or "
				  "delete 'of'",
				  hash, wanted);
	else if (strcmp(hash, wanted) != 0)
		form_report_finding(source->report, source->file, node->line, node->column, "stale-translation",
				    "the English of \"%s\" has changed since this was translated: compare them, then "
				    "write 'of: %s'",
				    path, wanted);
}

static void apply_text(const struct apply *apply, struct form_translation_text *row, const struct yaml_node *node,
		       const char *words)
{
	const char *english = english_of(apply, row->text);
	if (english == NULL && apply->languages->list[apply->language].variant[0] == '\0') {
		if (waits(apply, node->line, row->path, true))
			return;
		form_source_error(apply->source, node, "unknown-path",
				  "the English has no \"%s\": write it there first, or delete "
				  "this entry",
				  row->path);
		return;
	}
	bool is_equal = english != NULL && (strcmp(words, english) == 0 ||
					    (row->text->of[0] != NULL && strcmp(words, row->text->of[0]) == 0));
	if (is_equal && !apply->is_english && !is_same_listed(apply, row->path)) {
		row->is_reported |= UINT32_C(1) << apply->language;
		form_report_finding(
			apply->source->report, apply->source->file, node->line, node->column, "missing-translation",
			"\"%s\" is still the English: translate it, or list it under 'same:' when it is meant",
			row->path);
		return;
	}
	row->text->of[apply->language] = words;
}

static void apply_entry(const struct apply *apply, size_t index)
{
	static const char *const known[] = {"text", "of"};
	const struct form_source *source = apply->source;
	const struct yaml_node *node = source->root->items[index];
	const char *path = source->root->keys[index];
	struct form_translation_text *row = find(apply, path);
	source->root->is_read[index] = 1;
	if (row == NULL) {
		report_unknown_path(apply, index);
		return;
	}
	const char *words = NULL;
	if (node->kind != YAML_MAP) {
		words = form_value_text_of(source, node);
	} else {
		words = form_value_text(source, node, "text");
		if (words == NULL && form_value_peek(node, "text", NULL) == NULL)
			form_source_error(source, node, "missing-key", "\"%s\" has no words: add 'text: ...'", path);
		check_hash(apply, node, path, english_of(apply, row->text));
		form_source_unknown(source, node, known, 2);
	}
	if (words != NULL)
		apply_text(apply, row, node, words);
}

/* A path under same: needs no entry: the English stands for it. */
static void apply_same(const struct apply *apply, const struct yaml_node *node)
{
	for (size_t i = 0; i < apply->same_count; i++) {
		struct form_translation_text *row = find(apply, apply->same[i]);
		if (row == NULL && waits(apply, node->line, apply->same[i], false))
			continue;
		if (row == NULL)
			tell_unknown_path(apply, "same: ", apply->same[i], node->line, node->column);
		else if (row->text->of[apply->language] == NULL)
			row->text->of[apply->language] = english_of(apply, row->text);
	}
}

static size_t english_variant(const struct form_translation_languages *languages, size_t language)
{
	const char *variant = languages->list[language].variant;
	for (size_t i = 1; variant[0] != '\0' && i < languages->count; i++) {
		if (strcmp(languages->list[i].variant, variant) == 0 && strcmp(languages->list[i].base, "en") == 0)
			return i;
	}
	return 0;
}

enum err form_translation_apply(struct form_translation_texts *texts, const struct form_source *source,
				const struct form_translation_languages *languages, size_t language)
{
	struct apply apply = {.texts = texts, .source = source, .languages = languages, .language = language};
	const struct yaml_node *root = source->root;
	apply.sorted = arena_array(texts->arena, texts->count + 1, struct form_translation_text *);
	if (apply.sorted == NULL || texts->has_no_memory)
		return ERR_NOMEM;
	for (size_t i = 0; i < texts->count; i++)
		apply.sorted[i] = &texts->list[i];
	qsort(apply.sorted, texts->count, sizeof(struct form_translation_text *), compare_paths);
	apply.english_variant = english_variant(languages, language);
	apply.is_english = strcmp(languages->list[language].base, "en") == 0;
	apply.same = form_value_lines(source, root, "same", &apply.same_count);
	for (size_t i = 0; i < root->count; i++) {
		if (!root->is_read[i])
			apply_entry(&apply, i);
	}
	const struct yaml_node *same = form_value_peek(root, "same", NULL);
	if (same != NULL)
		apply_same(&apply, same);
	return ERR_OK;
}

/* True when LANGUAGE must have words of its own: a variant may lean on the plain face of its language. */
static bool is_needed(const struct form_translation_text *row, const struct form_translation_languages *languages,
		      size_t language)
{
	uint32_t bit = UINT32_C(1) << language;
	if (row->text->of[language] != NULL || (row->is_reported & bit) != 0)
		return false;
	if (row->is_variants_own)
		return (row->needed_by & bit) != 0;
	if (row->text->of[0] == NULL)
		return false;
	const struct language *of = &languages->list[language];
	if (strcmp(of->base, "en") == 0)
		return false;
	for (size_t i = 1; of->variant[0] != '\0' && i < languages->count; i++) {
		if (strcmp(languages->list[i].tag, of->base) == 0)
			return false;
	}
	return true;
}

void form_translation_missing(const struct form_translation_texts *texts, struct form_report *report,
			      const struct form_translation_languages *languages, const char *const *files)
{
	for (size_t language = 1; language < languages->count; language++) {
		for (size_t i = 0; i < texts->count; i++) {
			if (is_needed(&texts->list[i], languages, language))
				form_report_finding(
					report, files[language], 0, 0, "missing-translation",
					"\"%s\" is missing: people are shown the English until it is translated",
					texts->list[i].path);
		}
	}
}
