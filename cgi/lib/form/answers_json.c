/* SPDX-License-Identifier: MIT */
/* answers_json.c: answers as canonical JSON (RFC 8259), as an envelope carries and the office keeps them.
 *
 * One set of answers has one spelling, so that two can be compared byte by byte (an edit's tie, a kiosk's id). Reading
 * treats the bytes as hostile: bounded, checked against the form by the same answers_add as a page's fields, and then
 * written again: what does not come out the same was not ours. */
#include "lib/form/answers_parts.h"

#include <jansson.h>
#include <string.h>

#include "lib/base/json_read.h"
#include "lib/base/utf8.h"
#include "lib/form/form_typed.h"

enum {
	ANSWERS_JSON_BYTES_MAX = 64 * 1024, /* the largest bucket of an envelope */
	ANSWERS_JSON_DEPTH_MAX = 2          /* an object of arrays of strings */
};

static const size_t canonical_flags = JSON_COMPACT | JSON_SORT_KEYS;

/* ---- writing ---- */

/* True when TEXT is how a question of TYPE writes what was typed. */
static bool is_canonical(enum question_type type, const char *text)
{
	if (type == QUESTION_DATE)
		return form_date_is_canonical(text);
	if (type == QUESTION_TEXT)
		return !utf8_is_blank(text);
	return form_number_is_canonical(text) && (type == QUESTION_DECIMAL || form_number_decimals(text) == 0);
}

/* True when what was answered has a spelling: what was typed and is no number, say, has none. */
static bool is_writable(const struct answer *answer, const struct field *field)
{
	if (!form_field_is_typed(field))
		return answer->choices_count > 0;
	return answer->text != NULL && is_canonical(field->question->type, answer->text);
}

/* A new reference, or NULL when there is no memory. */
static json_t *answers_json_of(const struct answer *answer, const struct field *field)
{
	if (form_field_is_typed(field))
		return json_string(answer->text);
	if (!form_field_is_list(field))
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
		if (!is_wanted || !is_writable(&answers->of[i], field))
			continue;
		if (json_object_set_new(object, field->name, answers_json_of(&answers->of[i], field)) != 0)
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

/* One member of the object, and the field it answers. */
struct member {
	struct answers *answers;
	struct arena *arena;
	const struct field *field;
	struct answer *answer;
	enum answers_refusal *refusal;
};

static enum err refuse(const struct member *member, enum answers_refusal refusal)
{
	*member->refusal = refusal;
	return ERR_OK;
}

/* Adds one string of the document, copied because the document goes before the answers do. */
static enum err decode_string(const struct member *member, const json_t *value)
{
	if (!json_is_string(value))
		return refuse(member, ANSWERS_WRONG_TYPE);
	const char *text = arena_strndup(member->arena, json_string_value(value), json_string_length(value));
	return text == NULL ? ERR_NOMEM
			    : answers_add(member->answers, member->arena, member->field->name, text, member->refusal);
}

static enum err decode_number(const struct member *member, const json_t *value)
{
	if (!json_is_string(value) || !is_canonical(member->field->question->type, json_string_value(value)))
		return refuse(member, ANSWERS_WRONG_TYPE);
	return decode_string(member, value);
}

/* Adds one part as if it had been typed. TEXT is borrowed. */
static enum err decode_part(const struct member *member, const char *part, const char *text)
{
	const char *name = arena_printf(member->arena, "%s.%s", member->field->name, part);
	return name == NULL || text == NULL ? ERR_NOMEM
					    : answers_add(member->answers, member->arena, name, text, member->refusal);
}

static enum err decode_date(const struct member *member, const json_t *value)
{
	if (!json_is_string(value) || !form_date_is_canonical(json_string_value(value)))
		return refuse(member, ANSWERS_WRONG_TYPE);
	const char *date = arena_strdup(member->arena, json_string_value(value));
	if (date == NULL)
		return ERR_NOMEM;
	enum err error = decode_part(member, "day", arena_strdup(member->arena, date + 8));
	if (error == ERR_OK && *member->refusal == ANSWERS_OK)
		error = decode_part(member, "month", arena_strndup(member->arena, date + 5, 2));
	if (error == ERR_OK && *member->refusal == ANSWERS_OK)
		error = decode_part(member, "year", arena_strndup(member->arena, date, 4));
	if (*member->refusal == ANSWERS_OK)
		member->answer->text = date;
	return error;
}

/* The best first: places 1, 2, 3 ... */
static enum err decode_rank(const struct member *member, const json_t *value)
{
	const struct form *form = member->answers->form;
	const struct choice_list *list = form_field_list(form, member->answers->language, member->field);
	size_t i;
	const json_t *item;
	json_array_foreach(value, i, item)
	{
		if (!json_is_string(item))
			return refuse(member, ANSWERS_WRONG_TYPE);
		if (choice_list_find(list, json_string_value(item)) == NULL)
			return refuse(member, ANSWERS_UNKNOWN_CHOICE);
		enum err error =
			decode_part(member, json_string_value(item), arena_printf(member->arena, "%zu", i + 1));
		if (error != ERR_OK || *member->refusal != ANSWERS_OK)
			return error;
	}
	int same;
	return answers_rank_order(member->answer, list, member->arena, &same);
}

static enum err decode_choices(const struct member *member, const json_t *value)
{
	enum err error = ERR_OK;
	for (size_t i = 0; i < json_array_size(value) && error == ERR_OK && *member->refusal == ANSWERS_OK; i++)
		error = decode_string(member, json_array_get(value, i));
	return error;
}

/* Adds one member of the object: only what may have several values may be an array. */
static enum err answers_decode_member(struct answers *answers, struct arena *arena, const char *name,
				      const json_t *value, enum answers_refusal *refusal)
{
	int index = form_field(answers->form, name);
	*refusal = ANSWERS_OK;
	if (index < 0 || !form_asks_field(answers->form, answers->language, &answers->form->fields[index])) {
		*refusal = ANSWERS_UNKNOWN_FIELD;
		return ERR_OK;
	}
	const struct field *field = &answers->form->fields[index];
	const struct member member = {answers, arena, field, &answers->of[index], refusal};
	if (form_field_is_list(field) != json_is_array(value))
		return refuse(&member, ANSWERS_WRONG_TYPE);
	if (form_field_is_list(field))
		return field->question->type == QUESTION_RANK ? decode_rank(&member, value)
							      : decode_choices(&member, value);
	if (!form_field_is_typed(field) || field->question->type == QUESTION_TEXT)
		return decode_string(&member, value);
	return field->question->type == QUESTION_DATE ? decode_date(&member, value) : decode_number(&member, value);
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
