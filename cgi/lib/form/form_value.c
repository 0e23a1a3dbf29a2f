/* SPDX-License-Identifier: MIT */
/* form_value.c: turns YAML values into what the loaders want, and says how to mend the ones that are not.
 *
 * Every scalar is a string: that "yes" is true, and "24" a number, is decided here by whoever asks for it, never by the
 * parser (soundings-form(5), VALUES). It must not know which keys there are. */
#include "lib/form/form_value.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/form/form_build.h"

enum { FILE_BYTES_MAX = 1024 * 1024 + 1 }; /* one past yaml_parse's limit, which has the better message */

enum err form_source_open(struct form_source *source, const char *folder, const char *name)
{
	char *data = NULL;
	size_t length = 0;
	source->file = arena_printf(source->report->problems->arena, "%s/%s", folder, name);
	if (source->file == NULL)
		return ERR_NOMEM;
	enum err error = file_read(AT_FDCWD, source->file, FILE_BYTES_MAX, source->arena, &data, &length);
	if (error == ERR_NOT_FOUND || error == ERR_NOMEM)
		return error;
	if (error != ERR_OK) {
		form_report_error(
			source->report, source->file, 0, 0, error == ERR_TOO_BIG ? "too-big" : "unreadable",
			"the file cannot be read (%s): see that it is a plain file of at most 1 MiB, no link, and "
			"that you may read it",
			err_words(error));
		return error;
	}
	struct yaml_node *root = NULL;
	error = yaml_parse(source->file, data, length, source->arena, source->report->problems, &root);
	if (error == ERR_INVALID)
		source->report->errors++;
	source->root = root;
	return error;
}

void form_source_error(const struct form_source *source, const struct yaml_node *node, const char *rule,
		       const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = arena_vprintf(source->arena, format, args);
	va_end(args);
	form_report_error(source->report, source->file, node->line, node->column, rule, "%s",
			  message != NULL ? message : "there is no memory to say what is wrong");
}

void form_source_unknown(const struct form_source *source, const struct yaml_node *map, const char *const *known,
			 size_t count)
{
	form_report_unknown(source->report, map, source->file, known, count);
}

const struct yaml_node *form_value_peek(const struct yaml_node *map, const char *key, unsigned *line)
{
	for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
		if (strcmp(map->keys[i], key) != 0)
			continue;
		if (line != NULL)
			*line = map->key_lines[i];
		return map->items[i];
	}
	return NULL;
}

/* The scalar without white space around it, or NULL when it is none, or empty. */
static const char *trimmed(const struct form_source *source, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR) {
		form_source_error(source, node, "wrong-kind",
				  "a %s stands where one text should: write it behind the colon",
				  node->kind == YAML_LIST ? "list" : "map");
		return NULL;
	}
	const char *start = node->text + strspn(node->text, " \n");
	size_t length = strlen(start);
	while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\n'))
		length--;
	if (length == 0) {
		form_source_error(source, node, "empty-value",
				  "nothing stands behind the colon: write a value, or delete the key");
		return NULL;
	}
	char *text = arena_strndup(source->arena, start, length);
	if (text == NULL)
		source->report->has_no_memory = true;
	else if (source->report->places != NULL)
		form_places_add(source->report->places, text,
				(struct form_place){source->file, node->line, node->column});
	return text;
}

const char *form_value_text_of(const struct form_source *source, const struct yaml_node *node)
{
	const char *text = trimmed(source, node);
	if (text == NULL)
		return NULL;
	size_t length = 0;
	const char *hole = source->checks_holes ? form_text_unknown_hole(text, &length) : NULL;
	if (hole != NULL)
		form_source_error(
			source, node, "unknown-hole",
			"the page cannot fill %.*s: it knows {event}, {place}, {date}, {organisation} and {name}",
			(int) length, hole);
	if (strlen(text) <= FORM_TEXT_BYTES_MAX)
		return text;
	form_source_error(source, node, "too-long", "this text has more than %d bytes: shorten it",
			  FORM_TEXT_BYTES_MAX);
	return NULL;
}

const char *form_value_text(const struct form_source *source, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, key);
	return node == NULL ? NULL : form_value_text_of(source, node);
}

const char *form_value_line_of(const struct form_source *source, const struct yaml_node *node)
{
	const char *text = trimmed(source, node);
	if (text == NULL || strchr(text, '\n') == NULL)
		return text;
	form_source_error(source, node, "wrong-kind", "several lines stand where one should: write it in one line");
	return NULL;
}

const char *form_value_line(const struct form_source *source, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, key);
	return node == NULL ? NULL : form_value_line_of(source, node);
}

int form_value_option(const struct form_source *source, const struct yaml_node *map, const char *key,
		      const char *const *options, size_t count, int fallback)
{
	const struct yaml_node *node = yaml_get(map, key);
	const char *word = node == NULL ? NULL : form_value_line_of(source, node);
	if (word == NULL)
		return fallback;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(options[i], word) == 0)
			return (int) i;
	}
	char *list = arena_strdup(source->arena, options[0]);
	for (size_t i = 1; list != NULL && i < count; i++)
		list = arena_printf(source->arena, "%s%s%s", list, i + 1 == count ? " or " : ", ", options[i]);
	form_source_error(source, node, "bad-value", "\"%s\" cannot stand behind %s: write %s", word, key,
			  list != NULL ? list : options[0]);
	return fallback;
}

bool form_value_yes(const struct form_source *source, const struct yaml_node *map, const char *key, bool fallback)
{
	static const char *const options[] = {"no", "yes"};
	return form_value_option(source, map, key, options, 2, fallback) == 1;
}

unsigned form_value_number(const struct form_source *source, const struct yaml_node *map, const char *key, unsigned min,
			   unsigned max, unsigned fallback)
{
	const struct yaml_node *node = yaml_get(map, key);
	const char *word = node == NULL ? NULL : form_value_line_of(source, node);
	if (word == NULL)
		return fallback;
	if (strspn(word, "0123456789") == strlen(word) && strlen(word) <= 9 && word[0] != '0') {
		unsigned long number = strtoul(word, NULL, 10);
		if (number >= min && number <= max)
			return (unsigned) number;
	}
	form_source_error(source, node, "out-of-range",
			  "\"%s\" cannot stand behind %s: write a whole number from %u to %u", word, key, min, max);
	return fallback;
}

int form_value_integer(const struct form_source *source, const struct yaml_node *map, const char *key, int min, int max,
		       int fallback)
{
	const struct yaml_node *node = yaml_get(map, key);
	const char *word = node == NULL ? NULL : form_value_line_of(source, node);
	if (word == NULL)
		return fallback;
	const char *digits = word + (word[0] == '-');
	size_t length = strspn(digits, "0123456789");
	bool is_plain = digits[length] == '\0' && length >= 1 && length <= 9 && (digits[0] != '0' || length == 1);
	long number = is_plain ? strtol(word, NULL, 10) : 0;
	if (is_plain && number >= min && number <= max)
		return (int) number;
	form_source_error(source, node, "out-of-range",
			  "\"%s\" cannot stand behind %s: write a whole number from %d to %d", word, key, min, max);
	return fallback;
}

const struct yaml_node *form_value_list(const struct form_source *source, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, key);
	if (node == NULL || node->kind == YAML_LIST)
		return node;
	form_source_error(source, node, "wrong-kind", "%s is a list: write one '- ...' a line below it", key);
	return NULL;
}

const struct yaml_node *form_value_map(const struct form_source *source, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_get(map, key);
	if (node == NULL || node->kind == YAML_MAP)
		return node;
	form_source_error(source, node, "wrong-kind", "%s holds keys of its own: write 'key: value' lines below it",
			  key);
	return NULL;
}

const char *const *form_value_lines(const struct form_source *source, const struct yaml_node *map, const char *key,
				    size_t *count)
{
	*count = 0;
	const struct yaml_node *node = yaml_get(map, key);
	if (node == NULL)
		return NULL;
	size_t room = node->kind == YAML_LIST ? node->count : 1;
	const char **lines = arena_array(source->arena, room + 1, const char *);
	if (lines == NULL) {
		source->report->has_no_memory = true;
		return NULL;
	}
	for (size_t i = 0; i < room; i++) {
		const char *line = form_value_line_of(source, node->kind == YAML_LIST ? node->items[i] : node);
		if (line != NULL)
			lines[(*count)++] = line;
	}
	return lines;
}
