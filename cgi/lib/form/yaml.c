/* SPDX-License-Identifier: MIT */
/* yaml.c: reads the strict YAML subset of soundings-form(5) into a tree.
 *
 * It must not guess: a scalar is a string and stays one, and everything that YAML can do beyond maps, lists and text
 * (anchors, aliases, tags, merge keys, flow maps, several documents) is a problem with a line. Built on libyaml's
 * events (YAML 1.1). libyaml's marks count characters, so a table turns them into bytes: the editor patches spans.
 * Comes first when a form is loaded; form_load*.c gives the tree its meaning. */
#include "lib/form/yaml.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"

enum {
	YAML_BYTES_MAX = 1024 * 1024,
	YAML_DEPTH_MAX = 16,
	YAML_NODES_MAX = 20000,
	YAML_STRIDE = 64 /* characters between two entries of the table of byte offsets */
};

struct builder {
	yaml_parser_t parser;
	const char *file;
	const char *data;
	size_t length;
	struct arena *arena;
	struct problems *problems;
	uint32_t *offsets; /* byte offset of every YAML_STRIDE-th character */
	size_t offsets_count;
	size_t nodes;
	bool has_problem;
	enum err error; /* the first failure; nothing is read after it */
};

/* Growing rows of a list or a map that is being read. */
struct rows {
	const char **keys;
	unsigned *lines;
	const struct yaml_node **items;
	size_t count;
	size_t capacity;
};

static void parser_fini(struct builder *builder)
{
	yaml_parser_delete(&builder->parser);
}

#define CLEANUP_PARSER __attribute__((cleanup(parser_fini)))
#define CLEANUP_EVENT __attribute__((cleanup(yaml_event_delete)))

static void complain(struct builder *builder, unsigned line, unsigned column, const char *rule, const char *message)
{
	builder->has_problem = true;
	problems_add(builder->problems, builder->file, line, column, rule, "%s", message);
}

static void complain_at(struct builder *builder, const yaml_mark_t *mark, const char *rule, const char *message)
{
	complain(builder, (unsigned) mark->line + 1, (unsigned) mark->column + 1, rule, message);
}

/* Ends the reading: nothing behind this place can be trusted. */
static void stop(struct builder *builder, const yaml_mark_t *mark, const char *rule, const char *message)
{
	complain_at(builder, mark, rule, message);
	if (builder->error == ERR_OK)
		builder->error = ERR_INVALID;
}

static size_t byte_at(const struct builder *builder, size_t character)
{
	size_t slot = character / YAML_STRIDE;
	if (slot >= builder->offsets_count)
		return builder->length;
	const char *at = builder->data + builder->offsets[slot];
	for (size_t left = character % YAML_STRIDE; left > 0 && *at != '\0'; left--)
		utf8_next(&at);
	return (size_t) (at - builder->data);
}

/* Why a well-formed character may not stand in a file, or NULL. */
static const char *character_refused(uint32_t character, const char *behind, const char **rule)
{
	*rule = "bad-character";
	if (character == '\t') {
		*rule = "tab";
		return "a tab stands here: use spaces, because editors show tabs at different widths";
	}
	if (character == '\r' && *behind != '\n')
		return "a lone carriage return stands here: end lines with LF or CR LF";
	if (character < 0x20 && character != '\n' && character != '\r')
		return "a control character stands here: delete it";
	if ((character >= 0x7f && character <= 0x9f) || character == 0x2028 || character == 0x2029)
		return "a control character or a Unicode line separator stands here: delete it, or press Enter instead";
	if (character == 0xfeff)
		return "a byte order mark stands here: save the file as UTF-8 without BOM";
	if ((character & 0xfffe) == 0xfffe)
		return "a character that Unicode leaves undefined stands here: delete it";
	return NULL;
}

/* Finds the line that is not UTF-8: a line feed is never part of a longer character. */
static void report_not_utf8(struct builder *builder)
{
	unsigned line = 1;
	for (size_t start = 0; start < builder->length; line++) {
		const char *end = memchr(builder->data + start, '\n', builder->length - start);
		size_t length = end != NULL ? (size_t) (end - builder->data) - start : builder->length - start;
		if (!utf8_is_valid(builder->data + start, length))
			break;
		start += length + 1;
	}
	complain(builder, line, 0, "not-utf8",
		 "this line is not UTF-8 text, or holds a NUL: save the file as UTF-8 and write the line again");
}

/* Checks every character, and fills the table of offsets. */
static enum err check_characters(struct builder *builder)
{
	if (builder->length > YAML_BYTES_MAX) {
		complain(builder, 0, 0, "too-big", "the file is over 1 MiB: split it, or shorten it");
		return ERR_INVALID;
	}
	if (!utf8_is_valid(builder->data, builder->length)) {
		report_not_utf8(builder);
		return ERR_INVALID;
	}
	builder->offsets = arena_array(builder->arena, builder->length / YAML_STRIDE + 1, uint32_t);
	if (builder->offsets == NULL)
		return ERR_NOMEM;
	unsigned line = 1, column = 1;
	size_t number = 0;
	for (const char *at = builder->data; *at != '\0'; number++) {
		if (number % YAML_STRIDE == 0)
			builder->offsets[builder->offsets_count++] = (uint32_t) (at - builder->data);
		uint32_t character = utf8_next(&at);
		const char *rule;
		const char *reason = character_refused(character, at, &rule);
		if (reason != NULL) {
			complain(builder, line, column, rule, reason);
			return ERR_INVALID;
		}
		column = character == '\n' ? 1 : column + 1;
		line += character == '\n';
	}
	return ERR_OK;
}

static void report_syntax(struct builder *builder)
{
	const yaml_parser_t *parser = &builder->parser;
	if (parser->error == YAML_MEMORY_ERROR) {
		builder->error = ERR_NOMEM;
		return;
	}
	builder->error = ERR_INVALID;
	builder->has_problem = true;
	/* A quote that does not end is found at the end of the file: where it begins is what a person looks for. */
	bool is_quote = parser->context != NULL && strcmp(parser->context, "while scanning a quoted scalar") == 0;
	const yaml_mark_t *mark = is_quote ? &parser->context_mark : &parser->problem_mark;
	problems_add(
		builder->problems, builder->file, (unsigned) mark->line + 1, (unsigned) mark->column + 1, "syntax",
		"this is not YAML that can be read (%s): check the indentation, and put text that holds ': ' or ' #', "
		"or begins with a sign, in double quotes",
		parser->problem != NULL ? parser->problem : "unknown mistake");
}

static bool next(struct builder *builder, yaml_event_t *event)
{
	if (builder->error != ERR_OK)
		return false;
	if (!yaml_parser_parse(&builder->parser, event)) {
		report_syntax(builder);
		return false;
	}
	return true;
}

static struct yaml_node *node_new(struct builder *builder, enum yaml_kind kind, const yaml_event_t *event)
{
	if (++builder->nodes > YAML_NODES_MAX) {
		stop(builder, &event->start_mark, "too-big",
		     "the file holds more than 20,000 values: split it, or leave some out");
		return NULL;
	}
	struct yaml_node *node = arena_new(builder->arena, struct yaml_node);
	if (node == NULL) {
		builder->error = ERR_NOMEM;
		return NULL;
	}
	node->kind = kind;
	node->start = byte_at(builder, event->start_mark.index);
	node->end = byte_at(builder, event->end_mark.index);
	node->line = (unsigned) event->start_mark.line + 1;
	node->column = (unsigned) event->start_mark.column + 1;
	return node;
}

static void refuse_properties(struct builder *builder, const yaml_event_t *event, const yaml_char_t *anchor,
			      const yaml_char_t *tag)
{
	if (anchor != NULL)
		complain_at(builder, &event->start_mark, "anchor",
			    "an anchor (&name) stands here: write the text out at each place");
	if (tag != NULL)
		complain_at(builder, &event->start_mark, "tag",
			    "a tag (!name) stands here: leave it out, all values are text");
}

static struct yaml_node *build_scalar(struct builder *builder, const yaml_event_t *event)
{
	refuse_properties(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
	struct yaml_node *node = node_new(builder, YAML_SCALAR, event);
	if (node == NULL)
		return NULL;
	const char *value = (const char *) event->data.scalar.value;
	/* A double-quoted "\0" or "\x09" brings back what check_characters refused. */
	if (!utf8_is_valid(value, event->data.scalar.length)) {
		complain_at(builder, &event->start_mark, "bad-character",
			    "an escape gives a character that is no text: delete it");
		node->text = "";
		return node;
	}
	for (const char *at = value; *at != '\0';) {
		const char *rule;
		uint32_t character = utf8_next(&at);
		if (character != '\n' && character_refused(character, at, &rule) != NULL) {
			complain_at(builder, &event->start_mark, "bad-character",
				    "an escape gives a tab or a control character: delete it");
			break;
		}
	}
	node->text = arena_strndup(builder->arena, value, event->data.scalar.length);
	if (node->text == NULL)
		builder->error = ERR_NOMEM;
	return node;
}

static bool rows_add(struct builder *builder, struct rows *rows, const char *key, unsigned line,
		     const struct yaml_node *item)
{
	if (rows->count == rows->capacity) {
		size_t wanted = rows->capacity == 0 ? 8 : rows->capacity * 2;
		const char **keys = arena_grow(builder->arena, rows->keys, rows->count, wanted, sizeof(*keys));
		unsigned *lines = arena_grow(builder->arena, rows->lines, rows->count, wanted, sizeof(*lines));
		const struct yaml_node **items =
			arena_grow(builder->arena, rows->items, rows->count, wanted, sizeof(*items));
		if (keys == NULL || lines == NULL || items == NULL) {
			builder->error = ERR_NOMEM;
			return false;
		}
		rows->keys = keys;
		rows->lines = lines;
		rows->items = items;
		rows->capacity = wanted;
	}
	rows->keys[rows->count] = key;
	rows->lines[rows->count] = line;
	rows->items[rows->count++] = item;
	return true;
}

static struct yaml_node *build(struct builder *builder, const yaml_event_t *event, unsigned depth, bool is_in_flow);

/* A list within [ ] holds plain names, or lists of them: quotes and maps there are how other dialects begin. */
static void refuse_in_flow(struct builder *builder, const yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT && event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		complain_at(
			builder, &event->start_mark, "flow",
			"a list in [ ] may hold plain names only: leave the quotes out, or write one '- item' a line");
}

static struct yaml_node *build_list(struct builder *builder, const yaml_event_t *event, unsigned depth)
{
	bool is_flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	refuse_properties(builder, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
	struct yaml_node *node = node_new(builder, YAML_LIST, event);
	struct rows rows = {0};
	while (node != NULL) {
		CLEANUP_EVENT yaml_event_t item = {0};
		if (!next(builder, &item))
			return NULL;
		if (item.type == YAML_SEQUENCE_END_EVENT) {
			/* Of a block list libyaml's end is where the next thing starts: take the last item's instead.
			 */
			if (is_flow || rows.count == 0)
				node->end = byte_at(builder, item.end_mark.index);
			else
				node->end = rows.items[rows.count - 1]->end;
			break;
		}
		if (is_flow)
			refuse_in_flow(builder, &item);
		const struct yaml_node *child = build(builder, &item, depth + 1, is_flow);
		if (child == NULL || !rows_add(builder, &rows, NULL, 0, child))
			return NULL;
	}
	if (node != NULL) {
		node->items = rows.items;
		node->count = rows.count;
	}
	return node;
}

struct key_row {
	const char *key;
	unsigned line;
};

static int compare_keys(const void *a, const void *b)
{
	const struct key_row *left = a, *right = b;
	int order = strcmp(left->key, right->key);
	if (order != 0)
		return order;
	return left->line < right->line ? -1 : left->line > right->line;
}

static void report_duplicates(struct builder *builder, const struct yaml_node *map)
{
	if (map->count < 2)
		return;
	struct key_row *rows = arena_array(builder->arena, map->count, struct key_row);
	if (rows == NULL) {
		builder->error = ERR_NOMEM;
		return;
	}
	for (size_t i = 0; i < map->count; i++)
		rows[i] = (struct key_row){map->keys[i], map->key_lines[i]};
	qsort(rows, map->count, sizeof(*rows), compare_keys);
	for (size_t i = 1; i < map->count; i++) {
		if (strcmp(rows[i - 1].key, rows[i].key) != 0)
			continue;
		builder->has_problem = true;
		problems_add(builder->problems, builder->file, rows[i].line, map->column, "duplicate-key",
			     "\"%s\" stands here already, in line %u: keep one of the two", rows[i].key,
			     rows[i - 1].line);
	}
}

/* The key of a map as text, or NULL when the reading must stop. */
static const char *build_key(struct builder *builder, const yaml_event_t *event, const struct yaml_node *map)
{
	if (event->type != YAML_SCALAR_EVENT) {
		stop(builder, &event->start_mark, "syntax",
		     "a list, a map or an alias stands where a key should: write a name");
		return NULL;
	}
	bool is_flow = builder->data[map->start] == '{';
	if (!is_flow && map->start != byte_at(builder, event->start_mark.index) &&
	    (unsigned) event->start_mark.column + 1 != map->column)
		complain_at(builder, &event->start_mark, "syntax",
			    "a key that begins with '?' stands here: write 'key: value'");
	refuse_properties(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
	const char *text = (const char *) event->data.scalar.value;
	if (strcmp(text, "<<") == 0)
		complain_at(builder, &event->start_mark, "merge-key",
			    "a merge key (<<) stands here: write the keys out");
	if (!utf8_is_valid(text, event->data.scalar.length)) {
		stop(builder, &event->start_mark, "bad-character",
		     "an escape gives a character that is no text: delete it");
		return NULL;
	}
	if (++builder->nodes > YAML_NODES_MAX) {
		stop(builder, &event->start_mark, "too-big",
		     "the file holds more than 20,000 values: split it, or leave some out");
		return NULL;
	}
	const char *key = arena_strdup(builder->arena, text);
	if (key == NULL)
		builder->error = ERR_NOMEM;
	return key;
}

static bool build_pair(struct builder *builder, const yaml_event_t *event, const struct yaml_node *map,
		       struct rows *rows, unsigned depth)
{
	const char *key = build_key(builder, event, map);
	if (key == NULL)
		return false;
	CLEANUP_EVENT yaml_event_t value = {0};
	if (!next(builder, &value))
		return false;
	const struct yaml_node *child = build(builder, &value, depth + 1, false);
	return child != NULL && rows_add(builder, rows, key, (unsigned) event->start_mark.line + 1, child);
}

static struct yaml_node *build_map(struct builder *builder, const yaml_event_t *event, unsigned depth)
{
	bool is_flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	if (is_flow)
		complain_at(builder, &event->start_mark, "flow",
			    "a map in { } stands here: write one 'key: value' a line, or put the text in quotes");
	refuse_properties(builder, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
	struct yaml_node *node = node_new(builder, YAML_MAP, event);
	struct rows rows = {0};
	while (node != NULL) {
		CLEANUP_EVENT yaml_event_t key = {0};
		if (!next(builder, &key))
			return NULL;
		if (key.type == YAML_MAPPING_END_EVENT) {
			if (is_flow || rows.count == 0)
				node->end = byte_at(builder, key.end_mark.index);
			else
				node->end = rows.items[rows.count - 1]->end;
			break;
		}
		if (!build_pair(builder, &key, node, &rows, depth))
			return NULL;
	}
	if (node == NULL)
		return NULL;
	node->keys = rows.keys;
	node->key_lines = rows.lines;
	node->items = rows.items;
	node->count = rows.count;
	node->is_read = arena_array(builder->arena, rows.count + 1, unsigned char);
	if (node->is_read == NULL)
		builder->error = ERR_NOMEM;
	else
		report_duplicates(builder, node);
	return node;
}

static struct yaml_node *build(struct builder *builder, const yaml_event_t *event, unsigned depth, bool is_in_flow)
{
	if (depth > YAML_DEPTH_MAX) {
		stop(builder, &event->start_mark, "too-big",
		     "this stands more than 16 levels deep: check the indentation");
		return NULL;
	}
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return build_scalar(builder, event);
	case YAML_SEQUENCE_START_EVENT:
		return build_list(builder, event, depth);
	case YAML_MAPPING_START_EVENT:
		/* [a: b] is a map to YAML; inside a flow list it is reported as one, whatever its style. */
		if (is_in_flow && event->data.mapping_start.style != YAML_FLOW_MAPPING_STYLE)
			complain_at(builder, &event->start_mark, "flow", "a list in [ ] may hold plain names only");
		return build_map(builder, event, depth);
	case YAML_ALIAS_EVENT:
		stop(builder, &event->start_mark, "alias",
		     "an alias (*name) stands here: write the text out, or put it in quotes");
		return NULL;
	default:
		stop(builder, &event->start_mark, "syntax", "a value is missing here: write one");
		return NULL;
	}
}

/* The one document of the file. */
static struct yaml_node *build_document(struct builder *builder)
{
	CLEANUP_EVENT yaml_event_t stream = {0}, document = {0}, root = {0}, end = {0}, last = {0};
	if (!next(builder, &stream) || !next(builder, &document))
		return NULL;
	if (document.type != YAML_DOCUMENT_START_EVENT) {
		stop(builder, &document.start_mark, "empty-file", "the file is empty: write at least one 'key: value'");
		return NULL;
	}
	if (document.data.document_start.version_directive != NULL ||
	    document.data.document_start.tag_directives.start != document.data.document_start.tag_directives.end)
		complain_at(builder, &document.start_mark, "directive", "a directive (%...) stands here: leave it out");
	if (!next(builder, &root))
		return NULL;
	if (root.type != YAML_MAPPING_START_EVENT) {
		stop(builder, &root.start_mark, "not-a-map",
		     "the file does not begin with a key: write 'key: value' lines");
		return NULL;
	}
	struct yaml_node *node = build(builder, &root, 1, false);
	if (node == NULL || !next(builder, &end) || !next(builder, &last))
		return NULL;
	if (last.type != YAML_STREAM_END_EVENT)
		complain_at(builder, &last.start_mark, "several-documents",
			    "a second document (---) begins here: keep one to a file");
	return node;
}

enum err yaml_parse(const char *file, const char *data, size_t length, struct arena *arena, struct problems *problems,
		    struct yaml_node **out)
{
	CLEANUP_PARSER struct builder builder = {
		.file = file, .data = data, .length = length, .arena = arena, .problems = problems};
	assert(data[length] == '\0');
	enum err error = check_characters(&builder);
	if (error != ERR_OK)
		return error;
	if (!yaml_parser_initialize(&builder.parser))
		return ERR_NOMEM;
	yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&builder.parser, (const unsigned char *) data, length);
	struct yaml_node *root = build_document(&builder);
	if (builder.error != ERR_OK)
		return builder.error;
	if (arena->is_failed)
		return ERR_NOMEM;
	if (builder.has_problem || root == NULL)
		return ERR_INVALID;
	*out = root;
	return ERR_OK;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++) {
		if (strcmp(map->keys[i], key) == 0) {
			map->is_read[i] = 1;
			return map->items[i];
		}
	}
	return NULL;
}

void yaml_report_unknown(const struct yaml_node *map, const char *file, const char *const *known, size_t known_count,
			 struct problems *problems)
{
	enum { LISTED_MAX = 40 }; /* of more keys, a list helps nobody */
	for (size_t i = 0; i < map->count; i++) {
		if (map->is_read[i])
			continue;
		const char *nearest = problem_nearest(map->keys[i], known, known_count);
		if (nearest != NULL) {
			problems_add(problems, file, map->key_lines[i], map->column, "unknown-key",
				     "unknown key \"%s\": did you mean \"%s\"?", map->keys[i], nearest);
			continue;
		}
		if (known_count > LISTED_MAX) {
			problems_add(problems, file, map->key_lines[i], map->column, "unknown-key",
				     "unknown key \"%s\": no key here is called that or nearly that; delete it, or "
				     "look for its name in the English file",
				     map->keys[i]);
			continue;
		}
		struct strbuf names;
		strbuf_init(&names, 2000);
		for (size_t k = 0; k < known_count; k++)
			strbuf_putf(&names, "%s%s", k > 0 ? ", " : "", known[k]);
		problems_add(problems, file, map->key_lines[i], map->column, "unknown-key",
			     "unknown key \"%s\": the keys that may stand here are %s", map->keys[i],
			     strbuf_text(&names));
		strbuf_fini(&names);
	}
}
