/* SPDX-License-Identifier: MIT */
/* form_load_question.c: reads one question: its own keys over those of the library question it uses.
 *
 * Here keys become members of struct question, nothing more: those of some types only are form_load_type.c's, and what a
 * type needs and which names clash is for form_check_*.c to say (soundings-form(5), QUESTIONS). */
#include "lib/form/form_load_parts.h"

#include <string.h>

#include "lib/form/form_build.h"

static const char *const question_keys[] = {
	"name",
	"type",
	"use",
	"label",
	"hint",
	"required",
	"relevant",
	"relevant_when",
	"constraint",
	"constraint_message",
	"max",
	"measure",
	"group",
	"appearance",
	"pair",
	"was",
	"label_now",
	"label_before",
	"required_message",
	"statements",
	"from",
	"to",
	"label_low",
	"label_high",
	"min",
	"decimals",
	"unit",
	"refusal",
};

enum { QUESTION_KEYS = sizeof question_keys / sizeof question_keys[0] };

struct load_question *form_load_add_question(struct load *load, struct load_part *part, struct question *question,
					     const struct form_source *source, const struct yaml_node *map)
{
	size_t count = part->questions_count;
	struct load_question *record = arena_new(load->arena, struct load_question);
	/* Doubling, at powers of two: the array is never longer than the count rounded up. */
	if ((count & (count - 1)) == 0) {
		struct load_question **grown = arena_grow(load->arena, part->questions, count,
							  count == 0 ? 1 : 2 * count, sizeof(struct load_question *));
		part->questions = grown != NULL ? grown : part->questions;
		record = grown != NULL ? record : NULL;
	}
	if (record == NULL) {
		load->report.has_no_memory = true;
		return NULL;
	}
	*record = (struct load_question){.question = question, .source = source, .map = map};
	part->questions[part->questions_count++] = record;
	return record;
}

struct load_question *form_load_find_question(const struct load_part *part, const char *name)
{
	for (size_t i = 0; i < part->questions_count; i++) {
		if (strcmp(part->questions[i]->question->name, name) == 0)
			return part->questions[i];
	}
	return NULL;
}

const char *form_load_nearest_question(struct load *load, const struct load_part *part, const char *name)
{
	const char **names = arena_array(load->arena, part->questions_count + 1, const char *);
	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < part->questions_count; i++)
		names[i] = part->questions[i]->question->name;
	return problem_nearest(name, names, part->questions_count);
}

static void broken(struct load_question_reader *reader)
{
	reader->record->is_broken = true;
}

static void read_use(struct load_question_reader *reader)
{
	const struct yaml_node *node = yaml_get(reader->map, "use");
	const char *use = node == NULL ? NULL : form_value_line_of(reader->source, node);
	if (use == NULL)
		return;
	const struct load_question *library = form_library_question(reader->load, use, reader->source, node);
	if (library == NULL) {
		broken(reader);
		return;
	}
	const char *name = reader->question->name;
	const struct page *page = reader->question->page;
	*reader->question = *library->question;
	reader->question->name = name;
	reader->question->page = page;
	reader->record->library = library;
	reader->record->is_broken |= library->is_broken;
	reader->record->has_errors |= library->has_errors;
	form_load_take_type(reader->load, reader->record, library);
}

/* Words given here are other words than the library's: its translations do not fit them. */
static bool read_text(const struct load_question_reader *reader, const char *key, struct text *text)
{
	const struct yaml_node *node = yaml_get(reader->map, key);
	if (node == NULL)
		return false;
	*text = (struct text){0};
	text->of[0] = form_value_text_of(reader->source, node);
	return true;
}

/* The same for words that only some types have. */
static void read_type_text(const struct load_question_reader *reader, const char *key, struct text *text)
{
	if (form_load_type_key(reader, key) != NULL)
		read_text(reader, key, text);
}

static bool read_line(const struct load_question_reader *reader, const char *key, const char **line)
{
	const struct yaml_node *node = yaml_get(reader->map, key);
	if (node == NULL)
		return false;
	*line = form_value_line_of(reader->source, node);
	return true;
}

static void read_texts(const struct load_question_reader *reader)
{
	struct question *question = reader->question;
	read_text(reader, "label", &question->label);
	read_text(reader, "hint", &question->hint);
	read_text(reader, "label_before", &question->label_before);
	read_text(reader, "label_now", &question->label_now);
	read_type_text(reader, "label_low", &question->label_low);
	read_type_text(reader, "label_high", &question->label_high);
	read_type_text(reader, "unit", &question->unit);
	read_text(reader, "required_message", &question->required_message);
	/* Another condition needs other words. */
	if (read_line(reader, "relevant", &question->relevant))
		question->relevant_when = (struct text){0};
	read_text(reader, "relevant_when", &question->relevant_when);
	if (read_line(reader, "constraint", &question->constraint))
		question->constraint_message = (struct text){0};
	read_text(reader, "constraint_message", &question->constraint_message);
}

static void read_appearance(struct load_question_reader *reader)
{
	static const char *const options[] = {"faces", "multiline", "line"};
	const struct yaml_node *node = form_value_peek(reader->map, "appearance", NULL);
	int appearance = form_value_option(reader->source, reader->map, "appearance", options, 3, -1);
	if (appearance < 0)
		return;
	if (appearance > 0 && reader->question->type != QUESTION_TEXT && !reader->record->is_broken)
		form_source_error(reader->source, node, "key-not-for-type",
				  "'appearance: %s' says nothing here: it is for text questions", options[appearance]);
	reader->question->is_faces = appearance == 0;
	if (appearance > 0)
		reader->question->is_multiline = appearance == 1;
}

static void read_rest(struct load_question_reader *reader)
{
	static const char *const pairs[] = {"before-after"};
	struct question *question = reader->question;
	const struct form_source *source = reader->source;
	read_appearance(reader);
	if (form_value_peek(reader->map, "pair", NULL) != NULL)
		question->is_pair = form_value_option(source, reader->map, "pair", pairs, 1, -1) == 0;
	question->is_required = form_value_yes(source, reader->map, "required", question->is_required);
	form_load_type_keys(reader);
	read_line(reader, "measure", &question->measure);
	read_line(reader, "group", &question->group);
	read_line(reader, "was", &question->was);
}

void form_load_question(struct load *load, struct load_part *part, const struct form_source *source,
			const struct yaml_node *map, struct question *question)
{
	struct load_question_reader reader = {
		.load = load, .part = part, .source = source, .map = map, .question = question};
	size_t errors = form_load_errors(load);
	question->name = "";
	reader.record = form_load_add_question(load, part, question, source, map);
	if (reader.record == NULL)
		return;
	if (map->kind != YAML_MAP) {
		part->has_lost_questions = true;
		form_source_error(source, map, "wrong-kind",
				  "a question has keys of its own: write '- name: ...' and more below it");
		broken(&reader);
		return;
	}
	bool has_name = form_value_peek(map, "name", NULL) != NULL;
	const char *name = form_value_line(source, map, "name");
	if (!has_name && !form_load_is_misspelt(map, "name", question_keys, QUESTION_KEYS))
		form_source_error(source, map, "missing-key",
				  "a question has no name: add 'name: ...', which is its export column");
	part->has_lost_questions |= name == NULL;
	if (name == NULL)
		broken(&reader);
	else
		question->name = name;
	bool is_library = part->name != NULL;
	if (!is_library)
		read_use(&reader);
	if (form_value_peek(map, "type", NULL) == NULL && form_value_peek(map, "use", NULL) == NULL) {
		if (!form_load_is_misspelt(map, "type", question_keys, QUESTION_KEYS) &&
		    !form_load_is_misspelt(map, "use", question_keys, QUESTION_KEYS))
			form_source_error(
				source, map, "missing-key",
				"question \"%s\" has no type: add for instance 'type: select_one LIST', 'type: scale' "
				"or 'type: text', or 'use:'",
				question->name);
		broken(&reader);
	}
	form_load_type(&reader);
	read_texts(&reader);
	read_rest(&reader);
	if (is_library && form_value_peek(map, "use", NULL) != NULL) {
		(void) yaml_get(map, "use");
		form_source_error(source, map, "library-use",
				  "a question of the library uses no other: write its keys out here");
	}
	form_source_unknown(source, map, question_keys, QUESTION_KEYS);
	reader.record->has_errors |= reader.record->is_broken || form_load_errors(load) > errors;
}
