/* SPDX-License-Identifier: MIT */
/* form_load_type.c: reads the type of a question and the keys that only some types have: statements, ends of a scale,
 * bounds, units, refusals.
 *
 * A key that says nothing for the type is told here, where it stands in a file; whether values make sense together is
 * for form_check_types.c to say (soundings-form(5), QUESTIONS). */
#include "lib/form/form_load_parts.h"

#include <string.h>

#include "lib/form/form_build.h"
#include "lib/form/form_typed.h"

enum { SCALE_TO_DEFAULT = 10, DECIMALS_DEFAULT = 2, NUMBER_BYTES_MAX = 40 };

static const char *const type_words[QUESTION_TYPE_COUNT] = {
	[QUESTION_SELECT_ONE] = "select_one",
	[QUESTION_SELECT_MULTIPLE] = "select_multiple",
	[QUESTION_RANK] = "rank",
	[QUESTION_SCALE] = "scale",
	[QUESTION_GRID] = "grid",
	[QUESTION_TEXT] = "text",
	[QUESTION_INTEGER] = "integer",
	[QUESTION_DECIMAL] = "decimal",
	[QUESTION_DATE] = "date",
	[QUESTION_NOTE] = "note",
};

#define TYPE(name) (1u << QUESTION_##name)
#define NUMBERS (TYPE(INTEGER) | TYPE(DECIMAL))

/* The keys that are not for every type. */
static const struct key_types {
	const char *key;
	unsigned types;
	const char *mend;
} key_types[] = {
	{"statements", TYPE(GRID), "it is for grid questions"},
	{"from", TYPE(SCALE), "it is for scale questions"},
	{"to", TYPE(SCALE), "it is for scale questions"},
	{"label_low", TYPE(SCALE), "it is for scale questions"},
	{"label_high", TYPE(SCALE), "it is for scale questions"},
	{"min", NUMBERS | TYPE(DATE), "it is for integer, decimal and date questions"},
	{"max", NUMBERS | TYPE(DATE) | TYPE(TEXT), "it is for text, integer, decimal and date questions"},
	{"decimals", TYPE(DECIMAL), "it is for decimal questions"},
	{"unit", NUMBERS, "it is for integer and decimal questions"},
	{"refusal", NUMBERS | TYPE(DATE) | TYPE(TEXT) | TYPE(SCALE) | TYPE(RANK),
	 "select and grid questions have it in their list, as a choice with 'refusal: yes' below it"},
};

const struct yaml_node *form_load_type_key(const struct load_question_reader *reader, const char *key)
{
	const struct yaml_node *node = yaml_get(reader->map, key);
	if (node == NULL || reader->record->is_broken)
		return NULL;
	for (size_t i = 0; i < sizeof key_types / sizeof key_types[0]; i++) {
		if (strcmp(key_types[i].key, key) != 0 || (key_types[i].types >> reader->question->type & 1) != 0)
			continue;
		form_source_error(reader->source, node, "key-not-for-type", "'%s' says nothing here: %s", key,
				  key_types[i].mend);
		return NULL;
	}
	return node;
}

/* ---- type: ---- */

static void report_unknown_type(struct load_question_reader *reader, const struct yaml_node *node, const char *word)
{
	reader->record->is_broken = true;
	const char *nearest = problem_nearest(word, type_words, QUESTION_TYPE_COUNT);
	if (nearest != NULL)
		form_source_error(reader->source, node, "unknown-type",
				  "no question type is called \"%s\": did you mean \"%s\"?", word, nearest);
	else
		form_source_error(reader->source, node, "unknown-type",
				  "no question type is called \"%s\": write 'select_one LIST', 'select_multiple LIST', "
				  "'rank LIST', 'grid LIST', 'scale', 'text', 'integer', 'decimal', 'date' or 'note'",
				  word);
}

static void take_list(struct load_question_reader *reader, const struct yaml_node *node, const char *name)
{
	struct load_list *list = form_load_find_list(reader->load, reader->part, name);
	if (list == NULL) {
		form_load_unknown_list(reader->load, reader->part, reader->source, node, name);
		reader->record->is_broken = true;
		reader->record->unknown_list = name;
		list = &reader->load->unknown_list;
	}
	reader->question->list = &list->list;
}

/* Takes the question back to how TYPE begins: what a library question of another type had does not fit it. */
static void begin_type(struct load_question_reader *reader, enum question_type type)
{
	struct question *question = reader->question;
	question->type = type;
	question->list = NULL;
	question->is_multiline = type == QUESTION_TEXT;
	question->max_utf16 = type == QUESTION_TEXT ? FORM_TEXT_MAX_DEFAULT : 0;
	question->statements = NULL;
	question->statements_count = 0;
	question->scale_from = 0;
	question->scale_to = type == QUESTION_SCALE ? SCALE_TO_DEFAULT : 0;
	question->label_low = question->label_high = question->unit = (struct text){0};
	question->least = question->most = NULL;
	question->decimals = type == QUESTION_DECIMAL ? DECIMALS_DEFAULT : 0;
	reader->record->refusal = NULL;
	for (size_t i = 0; i < FORM_LANGUAGES_MAX; i++)
		question->faces[i].list = NULL; /* they stood for the choices of another type */
}

/* "select_one LIST": the word, and what stands behind it ("" for nothing). */
void form_load_type(struct load_question_reader *reader)
{
	const struct yaml_node *node = yaml_get(reader->map, "type");
	const char *value = node == NULL ? NULL : form_value_line_of(reader->source, node);
	if (value == NULL) {
		reader->record->is_broken |= node != NULL;
		return;
	}
	size_t length = strcspn(value, " ");
	const char *word = arena_strndup(reader->load->arena, value, length);
	const char *rest = value + length + strspn(value + length, " ");
	if (word == NULL) {
		reader->load->report.has_no_memory = true;
		return;
	}
	int type = 0;
	while (type < QUESTION_TYPE_COUNT && strcmp(type_words[type], word) != 0)
		type++;
	if (type == QUESTION_TYPE_COUNT) {
		report_unknown_type(reader, node, word);
		return;
	}
	begin_type(reader, (enum question_type) type);
	bool has_list = form_build_needs_list((enum question_type) type);
	if (strchr(rest, ' ') != NULL || (!has_list && rest[0] != '\0')) {
		form_source_error(reader->source, node, "bad-value",
				  "\"%s\" is too much: write the type, and one list behind select_one, "
				  "select_multiple, rank or grid",
				  value);
		reader->record->is_broken = true;
	} else if (has_list && rest[0] != '\0') {
		take_list(reader, node, rest);
	}
}

/* ---- statements: ---- */

static bool read_statement(struct load_question_reader *reader, const struct yaml_node *item,
			   struct statement *statement)
{
	if (item->kind != YAML_MAP || item->count == 0) {
		form_source_error(reader->source, item, "wrong-kind",
				  "a statement needs a name and words: write '- name: Words'");
		return false;
	}
	item->is_read[0] = 1;
	statement->name = item->keys[0];
	statement->label.of[0] = form_value_text_of(reader->source, item->items[0]);
	for (size_t i = 1; i < item->count; i++) {
		item->is_read[i] = 1;
		form_report_error(
			reader->source->report, reader->source->file, item->key_lines[i], item->column, "unknown-key",
			"\"%s\" says nothing below a statement: begin each statement with '- '", item->keys[i]);
	}
	return statement->label.of[0] != NULL;
}

static void read_statements(struct load_question_reader *reader)
{
	const struct yaml_node *node = form_load_type_key(reader, "statements");
	const struct yaml_node *list = node == NULL ? NULL : form_value_list(reader->source, reader->map, "statements");
	if (list == NULL) {
		reader->record->is_broken |= node != NULL;
		return;
	}
	struct question *question = reader->question;
	question->statements_count = 0;
	if (list->count > FORM_STATEMENTS_MAX) {
		form_source_error(reader->source, list, "too-many", "%zu statements stand here: write 2 to %d",
				  list->count, FORM_STATEMENTS_MAX);
		reader->record->is_broken = true;
		return;
	}
	question->statements = arena_array(reader->load->arena, list->count + 1, struct statement);
	if (question->statements == NULL) {
		reader->load->report.has_no_memory = true;
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		question->statements[i].name = "";
		reader->record->is_broken |= !read_statement(reader, list->items[i], &question->statements[i]);
		question->statements_count++;
	}
}

/* ---- numbers and dates ---- */

/* 2.50 is written for 2.5, and 10.00 for 10: people may. */
static const char *canonical_number(struct arena *arena, const char *word)
{
	char text[NUMBER_BYTES_MAX];
	size_t length = strlen(word);
	if (length >= sizeof text)
		return NULL;
	memcpy(text, word, length + 1);
	const char *point = strchr(text, '.');
	if (point != NULL && point[1] != '\0') {
		while (text[length - 1] == '0')
			text[--length] = '\0';
		if (text[length - 1] == '.')
			text[--length] = '\0';
	}
	if (!form_number_is_canonical(text))
		return NULL;
	return arena_strdup(arena, text);
}

static void read_bound(struct load_question_reader *reader, const char *key, const char **bound)
{
	static const char *const examples[QUESTION_TYPE_COUNT] = {
		[QUESTION_INTEGER] = "a whole number in digits, such as 16",
		[QUESTION_DECIMAL] = "a number in digits, such as 2.5",
		[QUESTION_DATE] = "a day as YYYY-MM-DD, such as 2010-09-01",
	};
	enum question_type type = reader->question->type;
	const struct yaml_node *node = type == QUESTION_TEXT ? NULL : form_load_type_key(reader, key);
	const char *word = node == NULL ? NULL : form_value_line_of(reader->source, node);
	if (word == NULL)
		return;
	if (type == QUESTION_DATE)
		*bound = form_date_is_canonical(word) ? word : NULL;
	else
		*bound = canonical_number(reader->load->arena, word);
	if (*bound != NULL && type == QUESTION_INTEGER && form_number_decimals(*bound) > 0)
		*bound = NULL;
	if (*bound == NULL)
		form_source_error(reader->source, node, "bad-value", "\"%s\" cannot stand behind %s: write %s", word,
				  key, examples[type]);
}

static void read_refusal(struct load_question_reader *reader)
{
	const struct yaml_node *node = form_load_type_key(reader, "refusal");
	if (node == NULL)
		return;
	struct load_question *record = reader->record;
	record->refusal = form_value_line_of(reader->source, node);
	record->refusal_node = node;
	record->refusal_source = reader->source;
	record->is_broken |= record->refusal == NULL;
}

void form_load_type_keys(struct load_question_reader *reader)
{
	struct question *question = reader->question;
	read_statements(reader);
	if (form_load_type_key(reader, "from") != NULL)
		question->scale_from = form_value_integer(reader->source, reader->map, "from", FORM_SCALE_MIN,
							  FORM_SCALE_MAX, question->scale_from);
	if (form_load_type_key(reader, "to") != NULL)
		question->scale_to = form_value_integer(reader->source, reader->map, "to", FORM_SCALE_MIN,
							FORM_SCALE_MAX, question->scale_to);
	if (form_load_type_key(reader, "decimals") != NULL)
		question->decimals = form_value_number(reader->source, reader->map, "decimals", 1, FORM_DECIMALS_MAX,
						       question->decimals);
	read_bound(reader, "min", &question->least);
	read_bound(reader, "max", &question->most);
	if (question->type == QUESTION_TEXT) {
		(void) form_load_type_key(reader, "min");
		question->max_utf16 =
			form_value_number(reader->source, reader->map, "max", 1, FORM_MAX_UTF16, question->max_utf16);
	}
	read_refusal(reader);
}

/* ---- what a form takes from the library ---- */

void form_load_take_type(struct load *load, struct load_question *record, const struct load_question *library)
{
	struct question *question = record->question;
	record->refusal = library->refusal;
	record->refusal_node = library->refusal_node;
	record->refusal_source = library->refusal_source;
	if (question->statements_count == 0)
		return;
	/* A form's own words for a statement must not change those of another question that uses the same. */
	question->statements = arena_grow(load->arena, question->statements, question->statements_count,
					  question->statements_count, sizeof(struct statement));
	if (question->statements == NULL) {
		question->statements_count = 0;
		load->report.has_no_memory = true;
	}
}

/* ---- refusals ---- */

static void report_unknown_refusal(struct load *load, const struct load_question *record)
{
	const struct choice_list *list = &load->refusals->list;
	const char **names = arena_array(load->arena, list->choices_count + 1, const char *);
	for (size_t i = 0; names != NULL && i < list->choices_count; i++)
		names[i] = list->choices[i].name;
	const char *nearest = names == NULL ? NULL : problem_nearest(record->refusal, names, list->choices_count);
	if (nearest == NULL && list->choices_count > 0)
		nearest = list->choices[0].name;
	form_source_error(record->refusal_source, record->refusal_node, "unknown-refusal",
			  "list \"" FORM_REFUSALS "\" has no choice \"%s\": did you mean \"%s\"?", record->refusal,
			  nearest != NULL ? nearest : "prefer_not");
}

static void find_refusal(struct load *load, struct load_question *record)
{
	const struct choice *choice = choice_list_find(&load->refusals->list, record->refusal);
	if (choice == NULL) {
		if (!load->refusals->has_errors)
			report_unknown_refusal(load, record);
		record->is_broken = record->has_errors = true;
		return;
	}
	struct choice_list *list = arena_new(load->arena, struct choice_list);
	if (list == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	*list = (struct choice_list){.name = FORM_REFUSALS, .choices = choice, .choices_count = 1};
	record->question->refusal = list;
}

void form_load_refusals(struct load *load)
{
	for (size_t i = 0; i < load->part.questions_count; i++) {
		struct load_question *record = load->part.questions[i];
		if (record->refusal == NULL)
			continue;
		if (load->refusals == NULL)
			load->refusals = form_load_find_list(load, &load->part, FORM_REFUSALS);
		if (load->refusals != NULL) {
			find_refusal(load, record);
			continue;
		}
		record->is_broken = record->has_errors = true;
		if (load->part.has_lost_lists)
			continue;
		form_source_error(record->refusal_source, record->refusal_node, "unknown-list",
				  "no list is called \"" FORM_REFUSALS "\", where 'refusal: %s' is looked for: add it "
				  "under 'choices:', or to a file of the library",
				  record->refusal);
	}
}
