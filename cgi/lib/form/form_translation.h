/* SPDX-License-Identifier: MIT */
/* form_translation.h: the texts of a form by their paths, and a translation file's words put into them.
 *
 * Forms, the library and organisation.yaml are translated by the same kind of file. Only files of lib/form, and the
 * command that shows a text's hash, include this. */
#ifndef SOUNDINGS_FORM_FORM_TRANSLATION_H
#define SOUNDINGS_FORM_FORM_TRANSLATION_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"
#include "lib/form/form_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FORM_TRANSLATION_HASH = 7 }; /* 6 hexadecimal digits and a NUL */

/* The first 6 hexadecimal digits of the 64-bit FNV-1a hash of TEXT's bytes: what stands behind 'of:'. */
void form_translation_hash(const char *text, char out[FORM_TRANSLATION_HASH]);

struct form_translation_text {
	const char *path; /* "overall.label" */
	struct text *text;
	bool is_variants_own; /* a choice that only variants offer: needed where NEEDED_BY says */
	uint32_t needed_by;   /* bit for each language */
	uint32_t is_reported; /* bit for each language whose file was told of it already */
};

/* True when an entry for PATH at LINE cannot be judged, because something that is told of already stands in the way. IS_ENGLISH_MISSING: the text is there, but
 * has no English. */
typedef bool form_translation_waits(void *context, size_t language, unsigned line, const char *path,
				    bool is_english_missing);

struct form_translation_texts {
	struct arena *arena;
	form_translation_waits *waits; /* NULL: nothing waits */
	void *context;                 /* of waits */
	struct form_translation_text *list;
	size_t count;
	size_t capacity;
	bool has_no_memory;
};

/* The languages that texts are in; [0] is English. */
struct form_translation_languages {
	const struct language *list;
	size_t count;
};

/* Adds a text under the formatted path. NULL when there is no room. */
struct form_translation_text *form_translation_add(struct form_translation_texts *texts, struct text *text,
						   const char *path, ...) __attribute__((format(printf, 3, 4)));

/* What an entry for PATH, which is none of TEXTS, may have meant. */
struct form_translation_near {
	const char *path;   /* the nearest one; NULL: none is near */
	const char *place;  /* without a near one: the path up to its last part, when that is there; else NULL */
	const char *others; /* "hot, kind": what stands at PLACE, when it is little; NULL */
};
struct form_translation_near form_translation_near(const struct form_translation_texts *texts, const char *path);

/* Checks the head of a translation file called by TAG and says whether it is a draft (one finding then). */
enum language_status form_translation_head(const struct form_source *source, const char *tag);

/* Puts every entry of the file that was not read yet into its text, at index LANGUAGE. English variants come before
 * the variants that are translated from them. ERR_NOMEM; mistakes are reported. */
enum err form_translation_apply(struct form_translation_texts *texts, const struct form_source *source,
				const struct form_translation_languages *languages, size_t language) MUST_CHECK;

/* One finding for each text that a language misses. FILES are the translation files by language. */
void form_translation_missing(const struct form_translation_texts *texts, struct form_report *report,
			      const struct form_translation_languages *languages, const char *const *files);

#endif
