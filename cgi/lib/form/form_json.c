/* SPDX-License-Identifier: MIT */
/* form_json.c: the one way in which lib/form writes JSON (RFC 8259) and takes it in.
 *
 * Published documents are compared by hash, so there is one spelling; they are read by the public programs, so nothing
 * in them is believed: sizes are bounded, types are checked, duplicate keys and NULs refused (jansson). What a document
 * may hold is for form_document*.c, organisation_document.c and words_document.c to say. */
#include "lib/form/form_json.h"

#include <limits.h>
#include <string.h>

#include "lib/base/json_read.h"
#include "lib/form/form_build.h"

enum { JSON_BYTES_MAX = 4 * 1024 * 1024 };

static const size_t canonical_flags = JSON_COMPACT | JSON_SORT_KEYS;

bool form_json_put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

bool form_json_put_string(json_t *object, const char *key, const char *value)
{
	return value == NULL || form_json_put(object, key, json_string(value));
}

bool form_json_put_true(json_t *object, const char *key, bool is_true)
{
	return !is_true || form_json_put(object, key, json_true());
}

bool form_json_append(json_t *array, json_t *value)
{
	return json_array_append_new(array, value) == 0;
}

bool form_json_put_text(json_t *object, const char *key, const struct text *text, const struct language *languages,
			size_t count)
{
	json_auto_t *words = json_object();
	if (words == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!form_json_put_string(words, languages[i].tag, text->of[i]))
			return false;
	}
	return json_object_size(words) == 0 || form_json_put(object, key, json_incref(words));
}

json_t *form_json_languages(const struct language *languages, size_t count)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < count; i++) {
		json_t *row = json_object();
		const char *status = languages[i].status == LANGUAGE_DRAFT ? "draft" : "checked";
		if (!form_json_append(array, row) || !form_json_put_string(row, "tag", languages[i].tag) ||
		    !form_json_put_string(row, "status", status))
			return NULL;
	}
	return json_incref(array);
}

enum err form_json_write(const json_t *root, struct arena *arena, char **out, size_t *length)
{
	size_t size = json_dumpb(root, NULL, 0, canonical_flags);
	char *text = size == 0 ? NULL : arena_alloc(arena, size + 1, 1);
	if (text == NULL || json_dumpb(root, text, size, canonical_flags) != size)
		return ERR_NOMEM;
	*out = text;
	*length = size;
	return ERR_OK;
}

enum err form_json_parse(const char *json, size_t length, json_t **root)
{
	if (length > JSON_BYTES_MAX)
		return ERR_CORRUPT;
	json_error_t error;
	enum err failure = json_read(json, length, ERR_CORRUPT, root, &error);
	if (failure != ERR_OK)
		return failure;
	if (json_is_object(*root))
		return ERR_OK;
	json_decref(*root);
	*root = NULL;
	return ERR_CORRUPT;
}

/* What is left of the bytes that writing must give. */
struct comparison {
	const char *at;
	size_t left;
	bool is_different;
};

static int compare_piece(const char *piece, size_t length, void *context)
{
	struct comparison *comparison = context;
	if (length > comparison->left || memcmp(comparison->at, piece, length) != 0)
		comparison->is_different = true;
	if (comparison->is_different)
		return -1;
	comparison->at += length;
	comparison->left -= length;
	return 0;
}

enum err form_json_compare(const json_t *root, const char *json, size_t length)
{
	struct comparison comparison = {.at = json, .left = length};
	if (json_dump_callback(root, compare_piece, &comparison, canonical_flags) != 0)
		return comparison.is_different ? ERR_CORRUPT : ERR_NOMEM; /* what else a tree of ours can fail for */
	return comparison.left == 0 ? ERR_OK : ERR_CORRUPT;
}

void form_json_fail(struct form_json_reader *reader, enum err error)
{
	if (reader->error == ERR_OK)
		reader->error = error;
}

static const char *copy(struct form_json_reader *reader, const json_t *value)
{
	if (!json_is_string(value)) {
		form_json_fail(reader, ERR_CORRUPT);
		return NULL;
	}
	const char *text = arena_strdup(reader->arena, json_string_value(value));
	if (text == NULL)
		form_json_fail(reader, ERR_NOMEM);
	return text;
}

const char *form_json_string(struct form_json_reader *reader, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return value == NULL ? NULL : copy(reader, value);
}

const char *form_json_name(struct form_json_reader *reader, const json_t *object, const char *key)
{
	const char *name = form_json_string(reader, object, key);
	if (name == NULL)
		form_json_fail(reader, ERR_CORRUPT);
	return name != NULL ? name : "";
}

/* A tag that no language has is lost here, and missed when the document is written again to be compared. */
struct text form_json_text(struct form_json_reader *reader, const json_t *object, const char *key)
{
	struct text text = {0};
	const json_t *words = json_object_get(object, key);
	if (words != NULL && !json_is_object(words))
		form_json_fail(reader, ERR_CORRUPT);
	for (size_t i = 0; words != NULL && i < reader->languages_count; i++)
		text.of[i] = form_json_string(reader, words, reader->languages[i].tag);
	return text;
}

bool form_json_true(struct form_json_reader *reader, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value != NULL && !json_is_true(value))
		form_json_fail(reader, ERR_CORRUPT);
	return value != NULL && json_is_true(value);
}

unsigned form_json_number(struct form_json_reader *reader, const json_t *object, const char *key, unsigned fallback)
{
	const json_t *value = json_object_get(object, key);
	if (value == NULL)
		return fallback;
	json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
	if (number >= 0 && number <= 1000000)
		return (unsigned) number;
	form_json_fail(reader, ERR_CORRUPT);
	return fallback;
}

int form_json_integer(struct form_json_reader *reader, const json_t *object, const char *key, int fallback)
{
	const json_t *value = json_object_get(object, key);
	if (value == NULL)
		return fallback;
	json_int_t number = json_is_integer(value) ? json_integer_value(value) : INT_MIN;
	if (number >= -1000000 && number <= 1000000)
		return (int) number;
	form_json_fail(reader, ERR_CORRUPT);
	return fallback;
}

const json_t *form_json_array(struct form_json_reader *reader, const json_t *object, const char *key, size_t max,
			      size_t *count)
{
	const json_t *array = json_object_get(object, key);
	*count = array == NULL ? 0 : json_array_size(array);
	if (array != NULL && (!json_is_array(array) || *count == 0 || *count > max)) {
		form_json_fail(reader, ERR_CORRUPT);
		*count = 0;
	}
	return array;
}

int form_json_option(struct form_json_reader *reader, const json_t *object, const char *key, const char *const *options,
		     size_t count, int fallback)
{
	const char *word = form_json_string(reader, object, key);
	if (word == NULL)
		return fallback;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(options[i], word) == 0)
			return (int) i;
	}
	form_json_fail(reader, ERR_CORRUPT);
	return fallback;
}

const char *const *form_json_names(struct form_json_reader *reader, const json_t *object, const char *key, size_t max,
				   size_t *count)
{
	const json_t *array = form_json_array(reader, object, key, max, count);
	if (*count == 0)
		return NULL;
	const char **names = arena_array(reader->arena, *count, const char *);
	if (names == NULL) {
		form_json_fail(reader, ERR_NOMEM);
		*count = 0;
		return NULL;
	}
	for (size_t i = 0; i < *count; i++) {
		const char *name = copy(reader, json_array_get(array, i));
		names[i] = name != NULL ? name : "";
	}
	return names;
}

static bool is_there(const struct form_json_reader *reader, const char *tag)
{
	for (size_t i = 0; i < reader->languages_count; i++) {
		if (strcmp(reader->languages[i].tag, tag) == 0)
			return true;
	}
	return false;
}

void form_json_read_languages(struct form_json_reader *reader, const json_t *object)
{
	static const char *const statuses[] = {"checked", "draft"};
	size_t count = 0;
	const json_t *array = form_json_array(reader, object, "languages", FORM_LANGUAGES_MAX, &count);
	if (count == 0)
		form_json_fail(reader, ERR_CORRUPT);
	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(array, i);
		const char *tag = form_json_name(reader, row, "tag");
		int status = form_json_option(reader, row, "status", statuses, 2, LANGUAGE_DRAFT);
		if (!form_tag_is_valid(tag) || is_there(reader, tag) || (i == 0 && strcmp(tag, "en") != 0)) {
			form_json_fail(reader, ERR_CORRUPT);
			return;
		}
		struct language *language = &reader->languages[reader->languages_count++];
		enum err error = form_build_language(tag, (enum language_status) status, reader->arena, language);
		if (error != ERR_OK) {
			form_json_fail(reader, error);
			reader->languages_count--;
			return;
		}
	}
}
