/* SPDX-License-Identifier: MIT */
/* form_load_place.c: where in which file a complaint of form_check.h belongs.
 *
 * The judge knows parts of a form; a person needs a line. A key that is not there (a label, say) is told at the thing
 * that misses it. An expression's mistake is told at its very sign where the value stands plainly in one line. */
#include "lib/form/form_load_parts.h"

#include <stdio.h>
#include <string.h>

struct place {
	const char *file;
	unsigned line;
	unsigned column;
};

static struct place at_node(const struct form_source *source, const struct yaml_node *node)
{
	return (struct place){source->file, node->line, node->column};
}

/* Characters (not bytes) before byte AT of TEXT. */
static unsigned characters_before(const char *text, size_t at)
{
	unsigned count = 0;
	for (size_t i = 0; i < at && text[i] != '\0'; i++)
		count += ((unsigned char) text[i] & 0xc0) != 0x80;
	return count;
}

/* The sign in a scalar: only a plain one, or one in quotes without escapes, is in the file as it is in memory. */
static struct place at_sign(const struct form_source *source, const struct yaml_node *node, size_t at)
{
	struct place place = at_node(source, node);
	if (node->kind != YAML_SCALAR)
		return place;
	size_t length = strlen(node->text), span = node->end - node->start;
	if (span == length)
		place.column += characters_before(node->text, at);
	else if (span == length + 2)
		place.column += 1 + characters_before(node->text, at);
	return place;
}

static struct load_question *question_of(const struct load *load, const struct question *question)
{
	for (size_t i = 0; i < load->part.questions_count; i++) {
		if (load->part.questions[i]->question == question)
			return load->part.questions[i];
	}
	return NULL;
}

/* The key in the variant's file, which is called QUESTION.KEY there. */
static bool in_variant(const struct load *load, const struct form_complaint *complaint, struct place *place)
{
	const struct form_source *source = &load->part.translations[complaint->language];
	const char *key = complaint->key != NULL ? complaint->key : "choices";
	char path[2 * FORM_NAME_MAX + 2];
	if (source->root == NULL)
		return false;
	int length = snprintf(path, sizeof path, "%s.%s", complaint->question->name, key);
	if (length < 0 || (size_t) length >= sizeof path)
		return false;
	const struct yaml_node *node = form_value_peek(source->root, path, NULL);
	if (node != NULL)
		*place = at_node(source, node);
	return node != NULL;
}

/* The item of 'statements:' in the map of RECORD that the complaint is about, or NULL. */
static const struct yaml_node *of_statement(const struct load_question *record, const struct form_complaint *complaint)
{
	if (complaint->statement == NULL)
		return NULL;
	size_t index = (size_t) (complaint->statement - complaint->question->statements);
	const struct yaml_node *list = form_value_peek(record->map, "statements", NULL);
	return list != NULL && index < list->count ? list->items[index] : NULL;
}

static struct place of_question(const struct load *load, const struct form_complaint *complaint)
{
	const struct load_question *record = question_of(load, complaint->question);
	struct place place = {.file = load->part.source.file};
	if (record == NULL || (complaint->language >= 0 && in_variant(load, complaint, &place)))
		return place;
	for (const struct load_question *at = record; at != NULL && complaint->key != NULL; at = at->library) {
		unsigned line = 0;
		const struct yaml_node *node = form_value_peek(at->map, complaint->key, &line);
		const struct yaml_node *statement = of_statement(at, complaint);
		if (statement != NULL)
			return at_node(at->source, statement);
		if (node == NULL)
			continue;
		bool is_expression =
			strcmp(complaint->key, "relevant") == 0 || strcmp(complaint->key, "constraint") == 0;
		return is_expression ? at_sign(at->source, node, complaint->at) : at_node(at->source, node);
	}
	return at_node(record->source, record->map);
}

static struct place of_page(const struct load *load, const struct form_complaint *complaint)
{
	const struct form_source *source = &load->part.source;
	size_t index = (size_t) (complaint->page - load->form->pages);
	const struct yaml_node *node =
		complaint->key == NULL ? NULL : form_value_peek(load->pages[index], complaint->key, NULL);
	return at_node(source, node != NULL ? node : load->pages[index]);
}

static struct place of_list(struct load *load, const struct form_complaint *complaint)
{
	const struct load_list *record = form_load_list_of(load, complaint->list, NULL);
	if (record == NULL)
		return (struct place){.file = load->part.source.file};
	if (complaint->choice != NULL)
		return at_node(record->source, record->nodes[complaint->choice - record->list.choices]);
	return (struct place){record->source->file, record->line, record->column};
}

static struct place of_form(const struct load *load, const struct form_complaint *complaint)
{
	const struct form_source *source = &load->part.source;
	const struct yaml_node *privacy = form_value_peek(source->root, "privacy", NULL);
	const struct yaml_node *node =
		complaint->key == NULL ? NULL : form_value_peek(source->root, complaint->key, NULL);
	if (node == NULL && privacy != NULL && complaint->key != NULL)
		node = form_value_peek(privacy, complaint->key, NULL);
	if (complaint->crosstab >= 0)
		node = load->crosstabs[complaint->crosstab];
	return at_node(source, node != NULL ? node : source->root);
}

/* The key that the complaint misses; NULL when it misses none. */
static const char *missing_key(const struct form_complaint *complaint)
{
	if (strcmp(complaint->rule, "missing-relevant-when") == 0)
		return "relevant_when";
	if (strcmp(complaint->rule, "missing-constraint-message") == 0)
		return "constraint_message";
	bool is_missing = strncmp(complaint->rule, "missing-", strlen("missing-")) == 0;
	return is_missing && strcmp(complaint->rule, "missing-list") != 0 ? complaint->key : NULL;
}

/* True when it is told why KEY is missing: it is there and cannot be read, or a key that nothing reads is near to it. */
static bool is_loss_told(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; key != NULL && map->kind == YAML_MAP && i < map->count; i++) {
		bool is_it = strcmp(map->keys[i], key) == 0;
		bool is_readable = map->items[i]->kind == YAML_LIST && map->items[i]->count > 0;
		if ((is_it && !is_readable) || (!map->is_read[i] && problem_nearest(map->keys[i], &key, 1) != NULL))
			return true;
	}
	return false;
}

static bool is_question_told(const struct load *load, const struct load_question *record,
			     const struct form_complaint *complaint)
{
	const char *key = complaint->key != NULL ? complaint->key : "";
	if (record->is_broken)
		return true;
	if (record->has_errors && is_loss_told(record->map, missing_key(complaint)))
		return true;
	/* 'relevant_when' beside a 'relevant' that is misspelt. */
	if (strcmp(complaint->rule, "key-not-for-type") == 0 && record->has_errors)
		return true;
	bool is_relevant = strcmp(key, "relevant") == 0, is_constraint = strcmp(key, "constraint") == 0;
	const char *expression = is_relevant     ? complaint->question->relevant
				 : is_constraint ? complaint->question->constraint
						 : NULL;
	return expression != NULL && missing_key(complaint) == NULL &&
	       form_load_is_expression_uncertain(&load->part, expression);
}

static bool is_page_told(const struct load *load, const struct form_complaint *complaint)
{
	const struct yaml_node *map = load->pages[complaint->page - load->form->pages];
	const struct yaml_node *questions = form_value_peek(map, "questions", NULL);
	if (complaint->page->name[0] == '\0')
		return true;
	if (strcmp(complaint->rule, "empty-page") != 0)
		return is_loss_told(map, missing_key(complaint));
	if (questions != NULL)
		return questions->kind != YAML_LIST;
	return is_loss_told(map, "questions") || (is_loss_told(map, "use") && load->part.has_lost_questions);
}

static bool is_list_told(struct load *load, const struct form_complaint *complaint)
{
	const struct load_list *record = form_load_list_of(load, complaint->list, NULL);
	if (complaint->list == &load->unknown_list.list || (record != NULL && record->is_broken))
		return true;
	bool is_of_reading = missing_key(complaint) != NULL || strcmp(complaint->rule, "maps-to") == 0 ||
			     complaint->list->choices_count == 0;
	return record != NULL && record->has_errors && is_of_reading;
}

/* True when the loader has said what is wrong, and the judge only sees what came of it. */
static bool is_told(struct load *load, const struct form_complaint *complaint)
{
	const struct form *form = load->form;
	if (complaint->list != NULL && is_list_told(load, complaint))
		return true;
	if (complaint->question != NULL) {
		const struct load_question *record = question_of(load, complaint->question);
		return record != NULL && is_question_told(load, record, complaint);
	}
	if (complaint->page != NULL)
		return is_page_told(load, complaint);
	if (complaint->crosstab >= 0)
		return form_load_is_uncertain(&load->part, form->crosstabs[complaint->crosstab].question) ||
		       form_load_is_uncertain(&load->part, form->crosstabs[complaint->crosstab].by);
	const char *key = complaint->key != NULL ? complaint->key : "";
	if (strcmp(key, "pages") == 0 && form->pages_count == 0)
		return load->part.has_lost_questions;
	return is_loss_told(load->part.source.root, missing_key(complaint));
}

void form_load_tell(void *context, const struct form_complaint *complaint)
{
	struct load *load = context;
	if (is_told(load, complaint))
		return;
	struct place place;
	if (complaint->list != NULL)
		place = of_list(load, complaint);
	else if (complaint->question != NULL)
		place = of_question(load, complaint);
	else if (complaint->page != NULL)
		place = of_page(load, complaint);
	else
		place = of_form(load, complaint);
	form_report_error(&load->report, place.file, place.line, place.column, complaint->rule, "%s",
			  complaint->message);
}
