/* SPDX-License-Identifier: MIT */
/* form_load_parts.h: a form while it is loaded: every part beside the place in a file that it came from.
 *
 * Only form_load*.c and form_library.c include this. */
#ifndef SOUNDINGS_FORM_FORM_LOAD_PARTS_H
#define SOUNDINGS_FORM_FORM_LOAD_PARTS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"
#include "lib/form/form_check.h"
#include "lib/form/form_report.h"
#include "lib/form/form_translation.h"
#include "lib/form/form_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct load_list {
	struct choice_list list;
	struct choice *choices; /* list.choices, still to be filled */
	struct choice_group *groups;
	const struct form_source *source;
	unsigned line, column;          /* of its key */
	const struct yaml_node **nodes; /* of each choice */
	size_t language;                /* the variant whose 'lists:' it stands in; 0: 'choices:' */
	bool is_used;
	bool is_broken;     /* nothing of it could be read: told of already */
	bool has_errors;    /* some choice of it could not be read */
	uint32_t needed_by; /* bit for each variant that offers it instead of a question's own list */
};

struct load_question {
	struct question *question;
	const struct form_source *source; /* of map */
	const struct yaml_node *map;
	const struct load_question *library; /* what use: took, or NULL */
	bool is_broken;                      /* told of already: further complaints would only repeat it */
	bool has_errors;                     /* something of it could not be read; so of what is broken */
	const char *unknown_list;            /* what its type names, and is not there; NULL */
	const char *refusal;                 /* the choice that 'refusal:' names; NULL */
	const struct yaml_node *refusal_node;
	const struct form_source *refusal_source;
};

/* Entries of a translation that cannot be judged before the English is mended. */
struct load_waiting {
	size_t count;
	unsigned line; /* of the first one */
	const char *path;
};

/* form.yaml, or one file of the library, each with its translations. */
struct load_part {
	const char *name;          /* of the library file; NULL: the form */
	struct form_source source; /* root NULL: the file could not be read */
	struct load_question **questions;
	size_t questions_count;
	struct load_list **lists;
	size_t lists_count;
	struct form_translation_texts texts;
	struct form_source translations[FORM_LANGUAGES_MAX]; /* root NULL: there is none in that language */
	struct load *load;
	bool has_lost_questions; /* told of: some question, page or library could not be read */
	bool has_lost_lists;     /* told of: some list could not be found */
	const char *lost_in;     /* the variant's file where a list was lost; NULL: the English itself */
	struct load_waiting waiting[FORM_LANGUAGES_MAX];
	bool is_used;                      /* the form takes a question or a list of this library file */
	bool is_draft[FORM_LANGUAGES_MAX]; /* by language: the translation says so */
	struct load_part *next;
};

struct load {
	struct arena *arena;
	struct form_report report;
	const char *folder;
	const char *library_folder; /* NULL: there is none */
	const char **library_names; /* sorted */
	size_t library_names_count;
	struct form *form;
	struct load_part part;
	struct load_part *libraries;
	struct load_list *refusals;       /* where 'refusal:' is looked up; NULL: not looked for, or not there */
	struct load_list unknown_list;    /* stands for lists that could not be found */
	size_t order[FORM_LANGUAGES_MAX]; /* languages, English variants before those translated from them */
	const struct yaml_node **pages;   /* map of each page */
	bool *page_has_errors;
	size_t library_errors; /* of report.errors those of library files: errors of a part are those while it was read, but these */
	const struct yaml_node **crosstabs; /* list of each crosstab */
};

/* form_load.c. The languages as translations want them. */
struct form_translation_languages form_load_languages(const struct load *load);

/* form_load_choices.c. Reads the map of lists at KEY. */
void form_load_lists(struct load *load, struct load_part *part, const struct form_source *source, const char *key,
		     size_t language);
/* The list NAME as PART sees it: its own, then the library's in the order of their names; NULL. */
struct load_list *form_load_find_list(struct load *load, struct load_part *part, const char *name);
/* The record of LIST, or NULL; *PART (may be NULL) becomes the part that it stands in. */
struct load_list *form_load_list_of(struct load *load, const struct choice_list *list, struct load_part **part);
/* Reports that there is no list NAME, with the nearest one. */
void form_load_unknown_list(struct load *load, const struct load_part *part, const struct form_source *source,
			    const struct yaml_node *node, const char *name);

/* A reader of one question. */
struct load_question_reader {
	struct load *load;
	struct load_part *part;
	const struct form_source *source;
	const struct yaml_node *map;
	struct question *question;
	struct load_question *record;
};

/* form_load_type.c. Reads 'type:', and sets what the type begins with. */
void form_load_type(struct load_question_reader *reader);
/* The value of KEY, marked as read; NULL when it is not there, or says nothing for the type (reported). */
const struct yaml_node *form_load_type_key(const struct load_question_reader *reader, const char *key);
/* Reads the keys that only some types have, but for texts. */
void form_load_type_keys(struct load_question_reader *reader);
/* Gives a copied question what the library's had and must not be shared. */
void form_load_take_type(struct load *load, struct load_question *record, const struct load_question *library);
/* Looks up what 'refusal:' of the form's questions names. */
void form_load_refusals(struct load *load);

/* form_load_question.c. Reads one question into QUESTION and adds it to PART. */
void form_load_question(struct load *load, struct load_part *part, const struct form_source *source,
			const struct yaml_node *map, struct question *question);
/* Adds a question that is read already. NULL when there is no room. */
struct load_question *form_load_add_question(struct load *load, struct load_part *part, struct question *question,
					     const struct form_source *source, const struct yaml_node *map);
/* The question NAME of PART, or NULL; and the nearest name to one that is not there. */
struct load_question *form_load_find_question(const struct load_part *part, const char *name);
const char *form_load_nearest_question(struct load *load, const struct load_part *part, const char *name);

/* form_load_page.c. Reads pages: and what stands in them. IS_MISSPELT: the key is told of where it is missing. */
void form_load_pages(struct load *load, bool is_misspelt);

/* form_library.c. The library file that 'use: NAME' means, loaded once; NULL when there is none (reported at NODE). */
struct load_part *form_library_get(struct load *load, const char *name, const struct form_source *source,
				   const struct yaml_node *node);
/* The question that 'use: FILE/QUESTION' or 'use: FILE' means; NULL (reported). */
struct load_question *form_library_question(struct load *load, const char *use, const struct form_source *source,
					    const struct yaml_node *node);

/* form_load_variant.c. Reads what only a variant may say (or reports that a plain language says it). */
void form_load_variant(struct load *load, struct load_part *part, size_t language);

/* form_load_texts.c. Lists every text of a question and of a list under its path. */
void form_load_question_texts(struct form_translation_texts *texts, struct question *question);
void form_load_list_texts(struct form_translation_texts *texts, struct load_list *list);
/* Finds which lists the form uses, and every text of the form. */
void form_load_used_lists(struct load *load);
void form_load_form_texts(struct load *load);

/* form_load_waits.c. How many errors there are in what is being read now; the difference of two calls is what came between. */
size_t form_load_errors(const struct load *load);
/* True when MAP has a key that is none of KNOWN, told of later. */
bool form_load_has_unknown(const struct yaml_node *map, const char *const *known, size_t count);
/* True when such a key is nearest to KEY, which is missing. */
bool form_load_is_misspelt(const struct yaml_node *map, const char *key, const char *const *known, size_t count);
/* True when it cannot be said whether NAME is what a question of PART answers as, before something else is mended. */
bool form_load_is_uncertain(const struct load_part *part, const char *name);
/* The same of every name in an expression: true when one is uncertain. */
bool form_load_is_expression_uncertain(const struct load_part *part, const char *expression);
/* The same of a list. */
bool form_load_is_list_uncertain(const struct load_part *part, const char *name);
/* True when nothing can be said of an entry for PATH (a form_translation_waits; CONTEXT is the part), which is then counted for the
 * file's one line. */
bool form_load_waits(void *context, size_t language, unsigned line, const char *path, bool is_english_missing);
/* The same of an entry SHOWN that is about the question SUBJECT. */
bool form_load_waits_for(struct load_part *part, size_t language, unsigned line, const char *subject,
			 const char *shown);
/* The one line: an entry of no file must be deleted because of a mistake in another. */
void form_load_report_waiting(struct load *load, const struct load_part *part);

/* form_load_place.c. A form_check_tell: reports a complaint at the place that it is about. CONTEXT is the load. */
void form_load_tell(void *context, const struct form_complaint *complaint);

#endif
