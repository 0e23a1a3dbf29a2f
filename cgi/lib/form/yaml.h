/* SPDX-License-Identifier: MIT */
/* yaml.h: the strict YAML subset of soundings-form(5), as a tree whose every value knows its place in the file.
 *
 * Block maps and lists, plain, quoted, | and > scalars, flow lists of plain names. Every scalar is a string. Anchors,
 * aliases, tags, merge keys, flow maps, duplicate keys, tabs, several documents, BOMs and invalid UTF-8 are problems.
 * Limits: 1 MiB, 16 levels, 20,000 nodes. Built on libyaml's events, whose marks give the spans. */
#ifndef SOUNDINGS_FORM_YAML_H
#define SOUNDINGS_FORM_YAML_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"

#include <stddef.h>

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	size_t start, end;                    /* byte span of the value in the file */
	unsigned line, column;                /* of its start, from 1 */
	const char *text;                     /* YAML_SCALAR; NUL-ended */
	const char *const *keys;              /* YAML_MAP: names, beside items */
	const unsigned *key_lines;            /* YAML_MAP: the line of each key */
	const struct yaml_node *const *items; /* YAML_LIST and YAML_MAP */
	size_t count;
	unsigned char *is_read; /* YAML_MAP: set by yaml_get; what stays 0 is an unknown key */
};

/* Parses the NUL-ended bytes of a file called FILE (for problems). The root must be a map. ERR_INVALID with a problem,
 * ERR_NOMEM. */
enum err yaml_parse(const char *file, const char *data, size_t length, struct arena *arena, struct problems *problems,
		    struct yaml_node **out) MUST_CHECK;

/* The value of KEY in a map, marked as read; NULL when it is not there. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* One "unknown-key" problem for each key of MAP that yaml_get never asked for, naming the nearest of KNOWN. */
void yaml_report_unknown(const struct yaml_node *map, const char *file, const char *const *known, size_t known_count,
			 struct problems *problems);

#endif
