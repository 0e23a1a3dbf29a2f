/* SPDX-License-Identifier: MIT */
/* answers_json.c: answers as canonical JSON (RFC 8259), as an envelope carries and the office keeps them.
 *
 * One set of answers has one spelling, so that two can be compared byte by byte (an edit's tie, a kiosk's id). Reading
 * treats the bytes as hostile: bounded, checked against the form by the same answers_add as a page's fields, and then
 * written again: what does not come out the same was not ours. */
#include "lib/form/answers.h"

#include <jansson.h>
#include <string.h>

#include "lib/base/json_read.h"

enum {
	ANSWERS_JSON_BYTES_MAX = 64 * 1024, /* the largest bucket of an envelope */
	ANSWERS_JSON_DEPTH_MAX = 2          /* an object of arrays of strings */
};

static const size_t canonical_flags = JSON_COMPACT | JSON_SORT_KEYS;

/* ---- writing ---- */

/* A new reference, or NULL when there is no memory. */
static json_t *answers_json_of(const struct answer *answer, const struct question *question)
{
	if (question->type == QUESTION_TEXT)
		return json_string(answer->text);
	if (question->type == QUESTION_SELECT_ONE)
		return json_string(answer->choices[0]->name);
	json_t *array = json_array();
	for (size_t i = 0; i < answer->choices_count && array != NULL; i++) {
		if (json_array_append_new(array, json_string(answer->choices[i]->name)) == 0)
			continue;
		json_decref(array);
		array = NULL;
	}
	return array;
}

enum err answers_encode(const struct answers *answers, enum answers_which which, struct arena *arena, char **out,
			size_t *length)
{
	json_auto_t *object = json_object();
	if (object == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < answers->form->fields_count; i++) {
		const struct field *field = &answers->form->fields[i];
		bool is_wanted = which == ANSWERS_ALL || field->question->page->is_apart == (which == ANSWERS_APART);
		if (!is_wanted || !answer_is_given(&answers->of[i]))
			continue;
		if (json_object_set_new(object, field->name, answers_json_of(&answers->of[i], field->question)) != 0)
			return ERR_NOMEM;
	}
	size_t size = json_dumpb(object, NULL, 0, canonical_flags);
	char *text = size == 0 ? NULL : arena_alloc(arena, size + 1, 1);
	if (text == NULL || json_dumpb(object, text, size, canonical_flags) != size)
		return ERR_NOMEM;
	*out = text;
	*length = size;
	return ERR_OK;
}

/* ---- reading ---- */

/* True when brackets outside strings lie deeper in one another than ours ever do. The parser would follow them. */
static bool answers_json_is_deep(const char *json, size_t length)
{
	unsigned depth = 0;
	bool is_string = false;
	for (size_t i = 0; i < length; i++) {
		if (is_string && json[i] == '\\')
			i++;
		else if (json[i] == '"')
			is_string = !is_string;
		else if (!is_string && (json[i] == '{' || json[i] == '[') && ++depth > ANSWERS_JSON_DEPTH_MAX)
			return true;
		else if (!is_string && (json[i] == '}' || json[i] == ']') && depth > 0)
			depth--;
	}
	return false;
}

/* Adds one string of the document, copied because the document goes before the answers do. */
static enum err answers_decode_string(struct answers *answers, struct arena *arena, const char *name,
				      const json_t *value, enum answers_refusal *refusal)
{
	if (!json_is_string(value)) {
		*refusal = ANSWERS_WRONG_TYPE;
		return ERR_OK;
	}
	const char *text = arena_strndup(arena, json_string_value(value), json_string_length(value));
	return text == NULL ? ERR_NOMEM : answers_add(answers, arena, name, text, refusal);
}

/* Adds one member of the object: only what may have several values may be an array. */
static enum err answers_decode_member(struct answers *answers, struct arena *arena, const char *name,
				      const json_t *value, enum answers_refusal *refusal)
{
	*refusal = ANSWERS_OK;
	int index = form_field(answers->form, name);
	if (index < 0) {
		*refusal = ANSWERS_UNKNOWN_FIELD;
		return ERR_OK;
	}
	bool is_multiple = answers->form->fields[index].question->type == QUESTION_SELECT_MULTIPLE;
	if (is_multiple != json_is_array(value)) {
		*refusal = ANSWERS_WRONG_TYPE;
		return ERR_OK;
	}
	if (!is_multiple)
		return answers_decode_string(answers, arena, name, value, refusal);
	enum err error = ERR_OK;
	for (size_t i = 0; i < json_array_size(value) && error == ERR_OK && *refusal == ANSWERS_OK; i++)
		error = answers_decode_string(answers, arena, name, json_array_get(value, i), refusal);
	return error;
}

/* The document, which the caller releases also after an error. */
static enum err answers_json_load(const char *json, size_t length, json_t **out, enum answers_refusal *refusal)
{
	json_error_t wrong;
	*refusal = ANSWERS_WRONG_TYPE;
	if (length > ANSWERS_JSON_BYTES_MAX || answers_json_is_deep(json, length))
		return ERR_INVALID;
	enum err error = json_read(json, length, ERR_INVALID, out, &wrong);
	if (*out != NULL && json_is_object(*out)) {
		*refusal = ANSWERS_OK;
		return ERR_OK;
	}
	if (error == ERR_NOMEM)
		return ERR_NOMEM;
	if (*out == NULL && json_error_code(&wrong) == json_error_duplicate_key)
		*refusal = ANSWERS_REPEATED_FIELD;
	return ERR_INVALID;
}

enum err answers_decode(const struct form *form, int language, const char *json, size_t length, struct arena *arena,
			struct answers **out, enum answers_refusal *refusal, const char **field)
{
	json_auto_t *object = NULL;
	*field = NULL;
	enum err error = answers_json_load(json, length, &object, refusal);
	if (error != ERR_OK)
		return error;
	struct answers *answers = answers_new(form, language, arena);
	if (answers == NULL)
		return ERR_NOMEM;
	const char *name;
	json_t *value;
	json_object_foreach(object, name, value)
	{
		error = answers_decode_member(answers, arena, name, value, refusal);
		if (error != ERR_OK)
			return error;
		if (*refusal == ANSWERS_OK)
			continue;
		*field = arena_strdup(arena, name);
		return *field != NULL ? ERR_INVALID : ERR_NOMEM;
	}
	char *again;
	size_t again_length;
	error = answers_encode(answers, ANSWERS_ALL, arena, &again, &again_length);
	if (error != ERR_OK)
		return error;
	if (again_length != length || memcmp(again, json, length) != 0) {
		*refusal = ANSWERS_WRONG_TYPE;
		return ERR_INVALID;
	}
	*out = answers;
	return ERR_OK;
}
