/* SPDX-License-Identifier: MIT */
/* model.h: page models for the golden templates: one member for each type and place that templates know. */
#ifndef SOUNDINGS_TEST_TMPLC_MODEL_H
#define SOUNDINGS_TEST_TMPLC_MODEL_H

#include "lib/view/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct part {
	const char *text;
	const char *lang;
};

struct item {
	const char *name;
	struct part label;
	const struct part *hint;
	bool is_checked;
	const char *const *lines;
	size_t lines_count;
};

struct sample {
	const char *hostile; /* every sign that means something in HTML */
	const char *plain;
	const char *empty;
	const char *null;
	char *writable;
	const char *lines;   /* begins with a line end */
	const char *address; /* looks like one of another host */
	struct safe_html html;
	struct safe_url url;
	struct safe_url evil_url;
	int number, zero;
	unsigned unsigned_number;
	size_t size;
	long long negative;
	bool is_true, is_false;
	struct part part;
	const struct part *pointer;
	const struct part *no_pointer;
	const struct item *items;
	size_t items_count;
	const struct item *none;
	int none_count;
	const struct part *const *parts;
	unsigned parts_count;
	double fraction; /* a type that templates cannot print */
};

#endif
