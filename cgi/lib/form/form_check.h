/* SPDX-License-Identifier: MIT */
/* form_check.h: the one judge of a form: names, types, variants, expressions, crosstabs.
 *
 * It looks at a struct form and knows neither files nor JSON, so a folder and a published document are held to the same
 * rules. Only files of lib/form include this. */
#ifndef SOUNDINGS_FORM_FORM_CHECK_H
#define SOUNDINGS_FORM_FORM_CHECK_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>

/* What is wrong, and with which part of the form; parts that do not matter are NULL, or -1. */
struct form_complaint {
	const char *rule; /* kebab-case */
	const struct page *page;
	const struct question *question;
	const struct choice_list *list;
	const struct choice *choice;       /* of list */
	const struct statement *statement; /* of question */
	const char *key;                   /* the key at fault, as form.yaml writes it */
	int language;                      /* the variant at fault */
	int crosstab;                      /* index into form->crosstabs */
	size_t at;                         /* with relevant and constraint: byte of the expression */
	char message[512];                 /* a sentence with the mend */
};

typedef void form_check_tell(void *context, const struct form_complaint *complaint);

/* Checks everything and fills in the parsed expressions. form->fields must be there. TELL (may be NULL) hears of every
 * complaint. ERR_OK, ERR_INVALID, ERR_NOMEM. */
enum err form_check(struct form *form, struct arena *arena, form_check_tell *tell, void *context) MUST_CHECK;

/* Checks one list alone: form_check does so for form->lists. True when nothing is wrong. */
bool form_check_list(const struct choice_list *list, form_check_tell *tell, void *context);

/* The state of one check; the files form_check*.c share it. */
struct form_check_state {
	struct form *form;
	struct arena *arena;
	form_check_tell *tell;
	void *context;
	bool has_complaint;
	bool has_no_memory;
	struct form_complaint now; /* the part that is being looked at */
};

/* The answer that NAME, which is none, is nearest to: of a grid or a pair a statement or half. WITH_WHOLE: these may be named themselves, too.
 * NULL: none is near, or there is no memory. */
const char *form_check_nearest(const struct form *form, const char *name, bool with_whole, struct arena *arena);

/* Tells of what state->now stands at. */
void form_check_complain(struct form_check_state *state, const char *rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Pages and questions: names, what each type needs, what variants change. */
void form_check_questions(struct form_check_state *state);

/* What a form can send, and what its pages show. */
void form_check_size(struct form_check_state *state);

/* What the type of a question needs: lists, statements, ends, bounds, refusals. */
void form_check_type(struct form_check_state *state, const struct question *question);

/* Parses relevant: and constraint: of every question. */
void form_check_expressions(struct form_check_state *state);

#endif
