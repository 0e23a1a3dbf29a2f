/* SPDX-License-Identifier: MIT */
/* typed.h: what somebody might have typed into a form: answers to everything, and mistakes of every kind. */
#ifndef SOUNDINGS_GALLERY_TYPED_H
#define SOUNDINGS_GALLERY_TYPED_H

#include "lib/base/arena.h"
#include "lib/form/form.h"
#include "lib/http/http.h"

enum { TYPED_ROUNDS = 4, TYPED_MAX = 4000 };

struct typed {
	struct arena *arena;
	const struct form *form;
	int language; /* the face */
	struct http_field *fields;
	size_t count;
};

void typed_init(struct typed *typed, const struct form *form, int language, struct arena *arena);

/* One more field, as a browser would send it. */
void typed_add(struct typed *typed, const char *name, const char *value);

/* An answer to every question, none of them wrong. */
void typed_right(struct typed *typed);

/* Answers of which as many as can be are wrong, in another way in each ROUND below TYPED_ROUNDS. */
void typed_wrong(struct typed *typed, unsigned round);

#endif
