/* SPDX-License-Identifier: MIT */
/* form_value.h: one file that people write, and its values as texts, names, numbers and yes or no.
 *
 * Each function looks up KEY in MAP, marks it as read, and reports what is wrong with it under the file's name. A key
 * that is not there is not a problem here. Only files of lib/form include this. */
#ifndef SOUNDINGS_FORM_FORM_VALUE_H
#define SOUNDINGS_FORM_FORM_VALUE_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form_report.h"
#include "lib/form/yaml.h"

#include <stdbool.h>
#include <stddef.h>

struct form_source {
	const char *file; /* as the person named it; in the arena of the problems */
	const struct yaml_node *root;
	struct form_report *report;
	struct arena *arena;
	bool checks_holes; /* texts may hold the holes of form_text_unknown_hole() and no others */
};

/* Reads and parses FOLDER/NAME. ERR_NOT_FOUND (not reported); ERR_INVALID, ERR_IO, ERR_TOO_BIG (reported); ERR_NOMEM.
 * REPORT and ARENA of SOURCE are already set. */
enum err form_source_open(struct form_source *source, const char *folder, const char *name) MUST_CHECK;

/* Reports at the value NODE. */
void form_source_error(const struct form_source *source, const struct yaml_node *node, const char *rule,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reports every key of MAP that was not read. */
void form_source_unknown(const struct form_source *source, const struct yaml_node *map, const char *const *known,
			 size_t count);

/* A text for people, without white space around it; NULL when the key is not there or the text is unusable. */
const char *form_value_text(const struct form_source *source, const struct yaml_node *map, const char *key);

/* The same for a value that is in hand. */
const char *form_value_text_of(const struct form_source *source, const struct yaml_node *node);

/* One line that is not for reading: a name, an expression, a type. NULL as above. */
const char *form_value_line(const struct form_source *source, const struct yaml_node *map, const char *key);
const char *form_value_line_of(const struct form_source *source, const struct yaml_node *node);

/* yes or no; FALLBACK when the key is not there. */
bool form_value_yes(const struct form_source *source, const struct yaml_node *map, const char *key, bool fallback);

/* A whole number; FALLBACK when the key is not there or unusable. */
unsigned form_value_number(const struct form_source *source, const struct yaml_node *map, const char *key, unsigned min,
			   unsigned max, unsigned fallback);

/* The same with a sign. */
int form_value_integer(const struct form_source *source, const struct yaml_node *map, const char *key, int min, int max,
		       int fallback);

/* The index of one of COUNT words; FALLBACK when the key is not there or unusable. */
int form_value_option(const struct form_source *source, const struct yaml_node *map, const char *key,
		      const char *const *options, size_t count, int fallback);

/* A list or a map; NULL when the key is not there or of another kind. */
const struct yaml_node *form_value_list(const struct form_source *source, const struct yaml_node *map, const char *key);
const struct yaml_node *form_value_map(const struct form_source *source, const struct yaml_node *map, const char *key);

/* A list of single lines, or one line alone. */
const char *const *form_value_lines(const struct form_source *source, const struct yaml_node *map, const char *key,
				    size_t *count);

/* The node of KEY, not marked as read; NULL. *LINE (may be NULL) becomes the key's. */
const struct yaml_node *form_value_peek(const struct yaml_node *map, const char *key, unsigned *line);

#endif
