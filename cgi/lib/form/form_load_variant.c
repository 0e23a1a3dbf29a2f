/* SPDX-License-Identifier: MIT */
/* form_load_variant.c: what a variant's file says beyond words: fewer questions, other choices, a pair asked plainly,
 * pictures (soundings-form(5), VARIANTS).
 *
 * It can take away and put otherwise, never add a question, a condition or a rule: there is no key for it. What it read
 * is marked, so that form_translation.c finds only words. */
#include "lib/form/form_load_parts.h"

#include <string.h>

/* A reader of one variant's file. */
struct variant_reader {
	struct load *load;
	struct load_part *part;
	const struct form_source *source;
	const struct language *language;
	size_t index; /* of the language */
};

static bool ends_in(const char *key, const char *end)
{
	size_t length = strlen(key), tail = strlen(end);
	return length > tail && strcmp(key + length - tail, end) == 0;
}

static bool is_variants_key(const char *key)
{
	if (strncmp(key, "choices.", strlen("choices.")) == 0)
		return ends_in(key, ".picture"); /* a choice may be called "ask", never "picture" */
	if (strstr(key, ".statements.") != NULL)
		return false; /* a statement may be called anything */
	return strcmp(key, "omit") == 0 || strcmp(key, "lists") == 0 || ends_in(key, ".choices") ||
	       ends_in(key, ".ask") || ends_in(key, ".picture");
}

static void refuse(const struct form_source *source)
{
	const struct yaml_node *root = source->root;
	for (size_t i = 0; i < root->count; i++) {
		if (!is_variants_key(root->keys[i]))
			continue;
		root->is_read[i] = 1;
		form_report_error(source->report, source->file, root->key_lines[i], root->column, "variant-only",
				  "\"%s\" may stand in the file of a variant only (en-x-easy.yaml): a language only "
				  "translates, so "
				  "delete it",
				  root->keys[i]);
	}
}

/* The grid or pair that NAME begins with, as its statements and halves do; NULL. */
static const struct load_question *find_whole(const struct load_part *part, const char *name)
{
	for (size_t i = 0; i < part->questions_count; i++) {
		const struct question *question = part->questions[i]->question;
		size_t length = strlen(question->name);
		bool has_parts = question->statements_count > 0 || question->is_pair;
		if (has_parts && strncmp(name, question->name, length) == 0 && name[length] == '_')
			return part->questions[i];
	}
	return NULL;
}

/* SHOWN is the entry that names it. */
static struct load_question *find_question(const struct variant_reader *reader, const struct yaml_node *node,
					   const char *name, const char *shown)
{
	struct load_question *question = form_load_find_question(reader->part, name);
	if (question != NULL)
		return question;
	if (form_load_waits_for(reader->part, reader->index, node->line, name, shown))
		return NULL;
	const struct load_question *whole = find_whole(reader->part, name);
	const char *nearest = form_load_nearest_question(reader->load, reader->part, name);
	if (whole != NULL)
		form_source_error(reader->source, node, "unknown-question",
				  "no question is called \"%s\": a variant changes whole questions, so write \"%s\"",
				  name, whole->question->name);
	else if (nearest != NULL)
		form_source_error(reader->source, node, "unknown-question",
				  "no question is called \"%s\": did you mean \"%s\"?", name, nearest);
	else
		form_source_error(reader->source, node, "unknown-question",
				  "no question is called \"%s\": delete the entry", name);
	return NULL;
}

static void read_omit(const struct variant_reader *reader)
{
	const struct yaml_node *list = form_value_list(reader->source, reader->source->root, "omit");
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const char *name = form_value_line_of(reader->source, list->items[i]);
		const struct load_question *question =
			name == NULL ? NULL : find_question(reader, list->items[i], name, name);
		if (question != NULL)
			question->question->faces[reader->index].is_omitted = true;
	}
}

static void read_lists(const struct variant_reader *reader)
{
	static const char *const keys[] = {"language", "status", "same", "omit", "lists", "title", "time"};
	const struct yaml_node *root = reader->source->root;
	const struct yaml_node *node = form_value_peek(root, "lists", NULL);
	/* What is misspelt may be 'lists'. */
	for (size_t i = 0; node == NULL && i < root->count; i++) {
		bool is_known = strchr(root->keys[i], '.') != NULL;
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			is_known |= strcmp(root->keys[i], keys[k]) == 0;
		if (!is_known) {
			reader->part->has_lost_lists = true;
			reader->part->lost_in = reader->source->file;
		}
	}
	if (node != NULL && strcmp(reader->language->base, "en") != 0) {
		(void) yaml_get(reader->source->root, "lists");
		form_source_error(reader->source, node, "lists-in-english",
				  "a variant's own lists stand in English, because exports need them: put this into "
				  "en-x-%s.yaml, and only translate it here (choices.LIST.CODE)",
				  reader->language->variant);
		return;
	}
	form_load_lists(reader->load, reader->part, reader->source, "lists", reader->index);
}

/* A variant's list: of the English face of the same variant, or any plain list. */
static struct load_list *find_list(const struct variant_reader *reader, const char *name)
{
	const struct language *languages = reader->load->form->languages;
	const struct load_part *part = reader->part;
	for (size_t i = 0; i < part->lists_count; i++) {
		struct load_list *list = part->lists[i];
		if (list->language != 0 && strcmp(languages[list->language].variant, reader->language->variant) == 0 &&
		    strcmp(list->list.name, name) == 0)
			return list;
	}
	for (const struct load_part *library = reader->load->libraries; library != NULL; library = library->next) {
		for (size_t i = 0; i < library->lists_count; i++) {
			struct load_list *list = library->lists[i];
			if (list->language != 0 &&
			    strcmp(languages[list->language].variant, reader->language->variant) == 0 &&
			    strcmp(list->list.name, name) == 0)
				return list;
		}
	}
	return form_load_find_list(reader->load, reader->part, name);
}

static void read_question_choices(const struct variant_reader *reader, const struct yaml_node *node,
				  struct question *question)
{
	const char *name = form_value_line_of(reader->source, node);
	struct load_list *list = name == NULL ? NULL : find_list(reader, name);
	if (list != NULL)
		question->faces[reader->index].list = &list->list;
	else if (name != NULL)
		form_load_unknown_list(reader->load, reader->part, reader->source, node, name);
}

static void read_question_ask(const struct variant_reader *reader, const struct yaml_node *node,
			      struct question *question)
{
	const char *word = form_value_line_of(reader->source, node);
	if (word != NULL && strcmp(word, "plain") == 0)
		question->faces[reader->index].pair = PAIR_PLAIN;
	else if (word != NULL)
		form_source_error(reader->source, node, "bad-value", "\"%s\" cannot stand behind ask: write plain",
				  word);
}

/* QUESTION.choices, QUESTION.ask, QUESTION.picture. */
static void read_question_key(const struct variant_reader *reader, const char *key, const struct yaml_node *node)
{
	size_t length = strcspn(key, ".");
	const char *name = arena_strndup(reader->load->arena, key, length);
	if (name == NULL) {
		reader->load->report.has_no_memory = true;
		return;
	}
	struct load_question *record = find_question(reader, node, name, key);
	if (record == NULL)
		return;
	struct question *question = record->question;
	if (strcmp(key + length, ".choices") == 0)
		read_question_choices(reader, node, question);
	else if (strcmp(key + length, ".ask") == 0)
		read_question_ask(reader, node, question);
	else
		question->faces[reader->index].picture = form_value_line_of(reader->source, node);
}

static struct choice *find_choice(struct load_list *list, const char *code)
{
	for (size_t i = 0; i < list->list.choices_count; i++) {
		if (strcmp(list->choices[i].name, code) == 0)
			return &list->choices[i];
	}
	return NULL;
}

/* choices.LIST.CODE.picture */
static void read_choice_picture(const struct variant_reader *reader, const char *key, const struct yaml_node *node)
{
	const char *list_name = key + strlen("choices.");
	size_t list_length = strcspn(list_name, ".");
	const char *code = list_name[list_length] == '.' ? list_name + list_length + 1 : "";
	const char *name = arena_strndup(reader->load->arena, list_name, list_length);
	const char *choice_name = arena_strndup(reader->load->arena, code, strcspn(code, "."));
	if (name == NULL || choice_name == NULL) {
		reader->load->report.has_no_memory = true;
		return;
	}
	struct load_list *list = find_list(reader, name);
	struct choice *choice = list == NULL ? NULL : find_choice(list, choice_name);
	const char *picture = form_value_line_of(reader->source, node);
	if (list == NULL)
		form_load_unknown_list(reader->load, reader->part, reader->source, node, name);
	else if (choice == NULL && form_load_waits(reader->part, reader->index, node->line, key, false))
		return;
	else if (choice == NULL)
		form_source_error(reader->source, node, "unknown-path",
				  "list \"%s\" has no choice \"%s\": correct the code, or delete "
				  "the entry",
				  name, choice_name);
	else
		choice->face_pictures[reader->index] = picture;
}

void form_load_variant(struct load *load, struct load_part *part, size_t language)
{
	const struct form_source *source = &part->translations[language];
	struct variant_reader reader = {.load = load,
					.part = part,
					.source = source,
					.language = &load->form->languages[language],
					.index = language};
	if (reader.language->variant[0] == '\0') {
		refuse(source);
		return;
	}
	read_omit(&reader);
	read_lists(&reader);
	for (size_t i = 0; i < source->root->count; i++) {
		const char *key = source->root->keys[i];
		if (!is_variants_key(key) || source->root->is_read[i])
			continue;
		source->root->is_read[i] = 1;
		if (strncmp(key, "choices.", strlen("choices.")) == 0)
			read_choice_picture(&reader, key, source->root->items[i]);
		else
			read_question_key(&reader, key, source->root->items[i]);
	}
}
