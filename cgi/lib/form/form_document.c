/* SPDX-License-Identifier: MIT */
/* form_document.c: writes a form as the one canonical document that a published version is.
 *
 * What stands at its default is left out, and texts are keyed by language tag, so that two folders which mean the same
 * give the same bytes and the same hash. Reading is form_document_decode.c. */
#include "lib/form/form_document.h"

#include <string.h>

#include "lib/form/form_document_parts.h"
#include "lib/form/form_json.h"

enum { BYTES_PER_UNIT = 6 /* the longest JSON of one UTF-16 unit: a control character, \u0001 */ };

static bool put_text(const struct form *form, json_t *object, const char *key, const struct text *text)
{
	return form_json_put_text(object, key, text, form->languages, form->languages_count);
}

static json_t *names_tree(const char *const *names, size_t count)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < count; i++) {
		if (!form_json_append(array, json_string(names[i])))
			return NULL;
	}
	return json_incref(array);
}

/* {"en-x-easy":"sun.svg"} */
static bool put_face_pictures(const struct form *form, json_t *object, const struct choice *choice)
{
	json_auto_t *pictures = json_object();
	if (pictures == NULL)
		return false;
	for (size_t i = 0; i < form->languages_count; i++) {
		if (!form_json_put_string(pictures, form->languages[i].tag, choice->face_pictures[i]))
			return false;
	}
	return json_object_size(pictures) == 0 || form_json_put(object, "face_pictures", json_incref(pictures));
}

static json_t *choice_tree(const struct form *form, const struct choice *choice)
{
	json_auto_t *object = json_object();
	const char *maps_to = choice->maps_to == MAPS_TO_NOTHING ? NULL : form_document_maps_to[choice->maps_to];
	bool is_done = object != NULL && form_json_put_string(object, "name", choice->name) &&
		       put_text(form, object, "label", &choice->label) &&
		       form_json_put_true(object, "exclusive", choice->is_exclusive) &&
		       form_json_put_true(object, "refusal", choice->is_refusal) &&
		       form_json_put_string(object, "maps_to", maps_to) &&
		       form_json_put_string(object, "standard", choice->code) &&
		       form_json_put_string(object, "picture", choice->picture) &&
		       put_face_pictures(form, object, choice) &&
		       (choice->face == 0 || form_json_put(object, "face", json_integer(choice->face))) &&
		       form_json_put_string(object, "group", choice->group);
	return is_done ? json_incref(object) : NULL;
}

static json_t *group_tree(const struct form *form, const struct choice_group *group)
{
	json_auto_t *object = json_object();
	bool is_done = object != NULL && form_json_put_string(object, "name", group->name) &&
		       put_text(form, object, "label", &group->label);
	return is_done ? json_incref(object) : NULL;
}

static json_t *list_tree(const struct form *form, const struct choice_list *list)
{
	json_auto_t *object = json_object();
	json_auto_t *choices = json_array();
	json_auto_t *groups = json_array();
	if (object == NULL || choices == NULL || groups == NULL)
		return NULL;
	for (size_t i = 0; i < list->choices_count; i++) {
		if (!form_json_append(choices, choice_tree(form, &list->choices[i])))
			return NULL;
	}
	for (size_t i = 0; i < list->groups_count; i++) {
		if (!form_json_append(groups, group_tree(form, &list->groups[i])))
			return NULL;
	}
	bool is_done = form_json_put_string(object, "name", list->name) &&
		       form_json_put(object, "choices", json_incref(choices)) &&
		       (list->groups_count == 0 || form_json_put(object, "groups", json_incref(groups)));
	return is_done ? json_incref(object) : NULL;
}

static json_t *face_tree(const struct question_face *face)
{
	json_auto_t *object = json_object();
	bool is_done = object != NULL && form_json_put_true(object, "omit", face->is_omitted) &&
		       form_json_put_string(object, "choices", face->list != NULL ? face->list->name : NULL) &&
		       form_json_put_true(object, "plain", face->pair == PAIR_PLAIN) &&
		       form_json_put_string(object, "picture", face->picture);
	return is_done ? json_incref(object) : NULL;
}

static bool put_faces(const struct form *form, json_t *object, const struct question *question)
{
	json_auto_t *faces = json_object();
	if (faces == NULL)
		return false;
	for (size_t i = 0; i < form->languages_count; i++) {
		json_auto_t *face = face_tree(&question->faces[i]);
		if (face == NULL)
			return false;
		if (json_object_size(face) > 0 && !form_json_put(faces, form->languages[i].tag, json_incref(face)))
			return false;
	}
	return json_object_size(faces) == 0 || form_json_put(object, "faces", json_incref(faces));
}

static bool put_question_texts(const struct form *form, json_t *object, const struct question *question)
{
	return put_text(form, object, "label", &question->label) && put_text(form, object, "hint", &question->hint) &&
	       put_text(form, object, "label_before", &question->label_before) &&
	       put_text(form, object, "label_now", &question->label_now) &&
	       put_text(form, object, "required_message", &question->required_message) &&
	       put_text(form, object, "relevant_when", &question->relevant_when) &&
	       put_text(form, object, "constraint_message", &question->constraint_message);
}

static json_t *statements_tree(const struct form *form, const struct question *question)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < question->statements_count; i++) {
		json_auto_t *object = json_object();
		if (object == NULL || !form_json_put_string(object, "name", question->statements[i].name) ||
		    !put_text(form, object, "label", &question->statements[i].label) ||
		    !form_json_append(array, json_incref(object)))
			return NULL;
	}
	return json_incref(array);
}

/* What only some types have. The list of a scale follows from its ends; a refusal is one of the list "refusals". */
static bool put_type_keys(const struct form *form, json_t *object, const struct question *question)
{
	enum question_type type = question->type;
	const char *list = question->list != NULL && type != QUESTION_SCALE ? question->list->name : NULL;
	const char *refusal = question->refusal != NULL ? question->refusal->choices[0].name : NULL;
	return form_json_put_string(object, "list", list) &&
	       (question->statements_count == 0 ||
		form_json_put(object, "statements", statements_tree(form, question))) &&
	       (type != QUESTION_SCALE || (form_json_put(object, "from", json_integer(question->scale_from)) &&
					   form_json_put(object, "to", json_integer(question->scale_to)))) &&
	       put_text(form, object, "label_low", &question->label_low) &&
	       put_text(form, object, "label_high", &question->label_high) &&
	       form_json_put_true(object, "multiline", type == QUESTION_TEXT && question->is_multiline) &&
	       (type != QUESTION_TEXT || form_json_put(object, "max", json_integer(question->max_utf16))) &&
	       form_json_put_string(object, "least", question->least) &&
	       form_json_put_string(object, "most", question->most) &&
	       (type != QUESTION_DECIMAL || form_json_put(object, "decimals", json_integer(question->decimals))) &&
	       put_text(form, object, "unit", &question->unit) && form_json_put_string(object, "refusal", refusal);
}

static json_t *question_tree(const struct form *form, const struct question *question)
{
	json_auto_t *object = json_object();
	bool is_done = object != NULL && form_json_put_string(object, "name", question->name) &&
		       form_json_put_string(object, "type", form_document_types[question->type]) &&
		       put_type_keys(form, object, question) && put_question_texts(form, object, question) &&
		       form_json_put_true(object, "pair", question->is_pair) &&
		       form_json_put_true(object, "faces_drawn", question->is_faces) &&
		       form_json_put_true(object, "required", question->is_required) &&
		       form_json_put_string(object, "relevant", question->relevant) &&
		       form_json_put_string(object, "constraint", question->constraint) &&
		       form_json_put_string(object, "measure", question->measure) &&
		       form_json_put_string(object, "group", question->group) &&
		       form_json_put_string(object, "was", question->was) && put_faces(form, object, question);
	return is_done ? json_incref(object) : NULL;
}

static json_t *page_tree(const struct form *form, const struct page *page)
{
	json_auto_t *object = json_object();
	json_auto_t *questions = json_array();
	if (object == NULL || questions == NULL)
		return NULL;
	for (size_t i = 0; i < page->questions_count; i++) {
		if (!form_json_append(questions, question_tree(form, &page->questions[i])))
			return NULL;
	}
	bool is_done = form_json_put_string(object, "name", page->name) &&
		       put_text(form, object, "title", &page->title) && put_text(form, object, "intro", &page->intro) &&
		       form_json_put_true(object, "apart", page->is_apart) &&
		       form_json_put(object, "questions", json_incref(questions));
	return is_done ? json_incref(object) : NULL;
}

static json_t *pages_tree(const struct form *form)
{
	json_auto_t *pages = json_array();
	for (size_t i = 0; pages != NULL && i < form->pages_count; i++) {
		if (!form_json_append(pages, page_tree(form, &form->pages[i])))
			return NULL;
	}
	return json_incref(pages);
}

static json_t *lists_tree(const struct form *form)
{
	json_auto_t *lists = json_array();
	for (size_t i = 0; lists != NULL && i < form->lists_count; i++) {
		if (!form_json_append(lists, list_tree(form, form->lists[i])))
			return NULL;
	}
	return json_incref(lists);
}

static json_t *crosstabs_tree(const struct form *form)
{
	json_auto_t *crosstabs = json_array();
	for (size_t i = 0; crosstabs != NULL && i < form->crosstabs_count; i++) {
		const char *const sides[] = {form->crosstabs[i].question, form->crosstabs[i].by};
		if (!form_json_append(crosstabs, names_tree(sides, 2)))
			return NULL;
	}
	return json_incref(crosstabs);
}

json_t *form_document_tree(const struct form *form)
{
	json_auto_t *root = json_object();
	bool is_done = root != NULL && form_json_put_string(root, "format", FORM_DOCUMENT_FORMAT) &&
		       form_json_put_string(root, "name", form->name) &&
		       form_json_put(root, "languages", form_json_languages(form->languages, form->languages_count)) &&
		       put_text(form, root, "title", &form->title) && put_text(form, root, "time", &form->time) &&
		       form_json_put(root, "keep_months", json_integer(form->keep_months)) &&
		       form_json_put(root, "threshold", json_integer(form->threshold)) &&
		       form_json_put_string(root, "safety", form_document_safety[form->safety]) &&
		       (form->programmes_count == 0 ||
			form_json_put(root, "programmes", names_tree(form->programmes, form->programmes_count))) &&
		       (form->retired_count == 0 ||
			form_json_put(root, "retired", names_tree(form->retired, form->retired_count))) &&
		       form_json_put(root, "pages", pages_tree(form)) &&
		       (form->lists_count == 0 || form_json_put(root, "lists", lists_tree(form))) &&
		       (form->crosstabs_count == 0 || form_json_put(root, "crosstabs", crosstabs_tree(form)));
	return is_done ? json_incref(root) : NULL;
}

enum err form_document_encode(const struct form *form, struct arena *arena, char **out, size_t *length)
{
	json_auto_t *root = form_document_tree(form);
	return root == NULL ? ERR_NOMEM : form_json_write(root, arena, out, length);
}

static const size_t typed_max_bytes[QUESTION_TYPE_COUNT] = {
	[QUESTION_INTEGER] = FORM_DIGITS_MAX + 1, /* a sign */
	[QUESTION_DECIMAL] = FORM_DIGITS_MAX + 2, /* and a point */
	[QUESTION_DATE] = sizeof "2026-11-21" - 1,
};

/* The longest value of a field in one language: names, numbers and dates need no escapes. */
static size_t value_max_bytes(const struct form *form, int language, const struct field *field)
{
	if (form_field_is_typed(field) && field->question->type == QUESTION_TEXT)
		return 2 + (size_t) field->question->max_utf16 * BYTES_PER_UNIT;
	if (form_field_is_typed(field))
		return 2 + typed_max_bytes[field->question->type];
	const struct choice_list *list = form_field_list(form, language, field);
	size_t longest = 0, together = 0;
	for (size_t i = 0; i < list->choices_count; i++) {
		size_t length = strlen(list->choices[i].name) + 2;
		longest = length > longest ? length : longest;
		together += list->choices[i].is_exclusive ? 0 : length + 1; /* and a comma */
	}
	if (!form_field_is_list(field))
		return longest;
	return 2 + (together > longest ? together : longest);
}

size_t form_answers_max_bytes(const struct form *form)
{
	size_t most = 0;
	for (size_t language = 0; language < form->languages_count; language++) {
		size_t sum = 2; /* braces */
		for (size_t i = 0; i < form->fields_count; i++) {
			const struct field *field = &form->fields[i];
			if (form_asks_field(form, (int) language, field))
				sum += strlen(field->name) + 4 + value_max_bytes(form, (int) language, field);
		}
		most = sum > most ? sum : most;
	}
	return most;
}
