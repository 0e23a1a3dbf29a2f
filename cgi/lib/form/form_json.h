/* SPDX-License-Identifier: MIT */
/* form_json.h: canonical JSON for forms, organisation and words: written in one way, read back with suspicion.
 *
 * Canonical: keys sorted bytewise, no white space, jansson's escapes. Only files of lib/form include this. */
#ifndef SOUNDINGS_FORM_FORM_JSON_H
#define SOUNDINGS_FORM_FORM_JSON_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Puts VALUE (a reference that is given away; NULL when there was no memory) into OBJECT. False without memory. */
bool form_json_put(json_t *object, const char *key, json_t *value) MUST_CHECK;

/* The same for a string or a text in languages, left out when there is none; and for true, left out when false. */
bool form_json_put_string(json_t *object, const char *key, const char *value) MUST_CHECK;
bool form_json_put_text(json_t *object, const char *key, const struct text *text, const struct language *languages,
			size_t count) MUST_CHECK;
bool form_json_put_true(json_t *object, const char *key, bool is_true) MUST_CHECK;

/* Appends to ARRAY, as form_json_put. */
bool form_json_append(json_t *array, json_t *value) MUST_CHECK;

/* The languages as [{"status":"draft","tag":"cy"}, ...]. NULL without memory. */
json_t *form_json_languages(const struct language *languages, size_t count);

/* The canonical bytes of ROOT, NUL-ended, in ARENA. */
enum err form_json_write(const json_t *root, struct arena *arena, char **out, size_t *length) MUST_CHECK;

/* Parses bytes of at most 4 MiB. ERR_CORRUPT, ERR_NOMEM. The caller decrefs *ROOT. */
enum err form_json_parse(const char *json, size_t length, json_t **root) MUST_CHECK;

/* ERR_OK when ROOT, written canonically, is these bytes; ERR_CORRUPT when not; ERR_NOMEM. */
enum err form_json_compare(const json_t *root, const char *json, size_t length) MUST_CHECK;

/* Reading goes on after a mistake, so that it is asked for once, at the end. */
struct form_json_reader {
	struct arena *arena;
	struct language languages[FORM_LANGUAGES_MAX];
	size_t languages_count;
	enum err error; /* ERR_OK, ERR_CORRUPT, ERR_NOMEM: the first one */
};

void form_json_fail(struct form_json_reader *reader, enum err error);

/* The members of an object. Missing: NULL, an empty text, false, FALLBACK, an array of 0. Of the wrong type: corrupt.
 */
const char *form_json_string(struct form_json_reader *reader, const json_t *object, const char *key);
struct text form_json_text(struct form_json_reader *reader, const json_t *object, const char *key);
bool form_json_true(struct form_json_reader *reader, const json_t *object, const char *key);
unsigned form_json_number(struct form_json_reader *reader, const json_t *object, const char *key, unsigned fallback);
int form_json_integer(struct form_json_reader *reader, const json_t *object, const char *key, int fallback);
const json_t *form_json_array(struct form_json_reader *reader, const json_t *object, const char *key, size_t max,
			      size_t *count);

/* A string that must be there; "" when it is not (corrupt). */
const char *form_json_name(struct form_json_reader *reader, const json_t *object, const char *key);

/* The index of one of COUNT words, or FALLBACK. */
int form_json_option(struct form_json_reader *reader, const json_t *object, const char *key, const char *const *options,
		     size_t count, int fallback);

/* An array of strings, or none. */
const char *const *form_json_names(struct form_json_reader *reader, const json_t *object, const char *key, size_t max,
				   size_t *count);

/* Fills reader->languages from the member "languages": English first, no tag twice. */
void form_json_read_languages(struct form_json_reader *reader, const json_t *object);

#endif
