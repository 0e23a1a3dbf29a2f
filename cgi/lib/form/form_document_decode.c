/* SPDX-License-Identifier: MIT */
/* form_document_decode.c: reads a published form back, as hostile input.
 *
 * Three nets: types and counts while reading; then form_check.c, the judge that folders meet too; then the form is
 * written again, and must give the very bytes that were read, so that an unknown key, a second spelling or a value out
 * of place cannot hide. Never trusts a name to exist: lists are looked up. */
#include "lib/form/form_document.h"

#include <string.h>

#include "lib/form/form_build.h"
#include "lib/form/form_check.h"
#include "lib/form/form_document_parts.h"
#include "lib/form/form_json.h"

static void *take(struct form_json_reader *reader, size_t count, size_t size)
{
	void *array = arena_alloc(reader->arena, count + 1, size);
	if (array == NULL)
		form_json_fail(reader, ERR_NOMEM);
	return array;
}

static struct choice read_choice(struct form_json_reader *reader, const json_t *object)
{
	struct choice choice = {
		.name = form_json_name(reader, object, "name"),
		.label = form_json_text(reader, object, "label"),
		.is_exclusive = form_json_true(reader, object, "exclusive"),
		.is_refusal = form_json_true(reader, object, "refusal"),
		.maps_to = (enum maps_to) form_json_option(reader, object, "maps_to", form_document_maps_to,
							   MAPS_TO_COUNT, MAPS_TO_NOTHING),
		.code = form_json_string(reader, object, "standard"),
		.picture = form_json_string(reader, object, "picture"),
		.face = (int) form_json_number(reader, object, "face", 0),
		.group = form_json_string(reader, object, "group"),
	};
	const struct text pictures = form_json_text(reader, object, "face_pictures");
	memcpy(choice.face_pictures, pictures.of, sizeof choice.face_pictures);
	return choice;
}

static const struct choice_list *read_list(struct form_json_reader *reader, const json_t *object)
{
	struct choice_list *list = take(reader, 1, sizeof(*list));
	size_t choices_count, groups_count;
	const json_t *rows = form_json_array(reader, object, "choices", FORM_CHOICES_MAX, &choices_count);
	const json_t *headings = form_json_array(reader, object, "groups", FORM_CHOICES_MAX, &groups_count);
	struct choice *choices = take(reader, choices_count, sizeof(*choices));
	struct choice_group *groups = take(reader, groups_count, sizeof(*groups));
	if (list == NULL || choices == NULL || groups == NULL)
		return NULL;
	for (size_t i = 0; i < choices_count; i++)
		choices[i] = read_choice(reader, json_array_get(rows, i));
	for (size_t i = 0; i < groups_count; i++) {
		const json_t *heading = json_array_get(headings, i);
		groups[i].name = form_json_name(reader, heading, "name");
		groups[i].label = form_json_text(reader, heading, "label");
	}
	*list = (struct choice_list){.name = form_json_name(reader, object, "name"),
				     .choices = choices,
				     .choices_count = choices_count,
				     .groups = groups,
				     .groups_count = groups_count};
	return list;
}

static void read_lists(struct form_json_reader *reader, const json_t *root, struct form *form)
{
	size_t count;
	const json_t *rows = form_json_array(reader, root, "lists", FORM_LISTS_MAX, &count);
	const struct choice_list **lists = take(reader, count, sizeof(struct choice_list *));
	for (size_t i = 0; lists != NULL && i < count; i++) {
		lists[i] = read_list(reader, json_array_get(rows, i));
		if (lists[i] == NULL)
			return;
		form->lists_count = i + 1;
	}
	form->lists = lists;
}

static const struct choice_list *find_list(struct form_json_reader *reader, const struct form *form,
					   const json_t *object, const char *key)
{
	const char *name = form_json_string(reader, object, key);
	for (size_t i = 0; name != NULL && reader->error == ERR_OK && i < form->lists_count; i++) {
		if (strcmp(form->lists[i]->name, name) == 0)
			return form->lists[i];
	}
	if (name != NULL)
		form_json_fail(reader, ERR_CORRUPT);
	return NULL;
}

static void read_faces(struct form_json_reader *reader, const struct form *form, const json_t *object,
		       struct question *question)
{
	const json_t *faces = json_object_get(object, "faces");
	for (size_t i = 0; i < reader->languages_count; i++) {
		const json_t *row = json_object_get(faces, reader->languages[i].tag);
		struct question_face *face = &question->faces[i];
		face->is_omitted = form_json_true(reader, row, "omit");
		face->list = find_list(reader, form, row, "choices");
		face->pair = form_json_true(reader, row, "plain") ? PAIR_PLAIN : PAIR_BOTH;
		face->picture = form_json_string(reader, row, "picture");
	}
}

static void read_statements(struct form_json_reader *reader, const json_t *object, struct question *question)
{
	size_t count;
	const json_t *rows = form_json_array(reader, object, "statements", FORM_STATEMENTS_MAX, &count);
	if (count == 0)
		return;
	question->statements = take(reader, count, sizeof(struct statement));
	for (size_t i = 0; question->statements != NULL && i < count; i++) {
		const json_t *row = json_array_get(rows, i);
		question->statements[i].name = form_json_name(reader, row, "name");
		question->statements[i].label = form_json_text(reader, row, "label");
		question->statements_count = i + 1;
	}
}

static void read_refusal(struct form_json_reader *reader, const struct form *form, const json_t *object,
			 struct question *question)
{
	const char *name = form_json_string(reader, object, "refusal");
	const struct choice *choice = NULL;
	for (size_t i = 0; name != NULL && i < form->lists_count; i++) {
		if (strcmp(form->lists[i]->name, FORM_REFUSALS) == 0)
			choice = choice_list_find(form->lists[i], name);
	}
	struct choice_list *list = choice == NULL ? NULL : take(reader, 1, sizeof(*list));
	if (name != NULL && choice == NULL)
		form_json_fail(reader, ERR_CORRUPT);
	if (list == NULL)
		return;
	*list = (struct choice_list){.name = FORM_REFUSALS, .choices = choice, .choices_count = 1};
	question->refusal = list;
}

/* What only some types have. */
static void read_type_keys(struct form_json_reader *reader, const struct form *form, const json_t *object,
			   struct question *question)
{
	question->list = find_list(reader, form, object, "list");
	read_statements(reader, object, question);
	question->scale_from = form_json_integer(reader, object, "from", 0);
	question->scale_to = form_json_integer(reader, object, "to", 0);
	question->label_low = form_json_text(reader, object, "label_low");
	question->label_high = form_json_text(reader, object, "label_high");
	question->is_multiline = form_json_true(reader, object, "multiline");
	question->max_utf16 = form_json_number(reader, object, "max", 0);
	question->least = form_json_string(reader, object, "least");
	question->most = form_json_string(reader, object, "most");
	question->decimals = form_json_number(reader, object, "decimals", 0);
	question->unit = form_json_text(reader, object, "unit");
	read_refusal(reader, form, object, question);
}

static void read_question(struct form_json_reader *reader, const struct form *form, const json_t *object,
			  struct question *question)
{
	int type = form_json_option(reader, object, "type", form_document_types, QUESTION_TYPE_COUNT, -1);
	if (type < 0)
		form_json_fail(reader, ERR_CORRUPT);
	question->name = form_json_name(reader, object, "name");
	question->type = type < 0 ? QUESTION_NOTE : (enum question_type) type;
	read_type_keys(reader, form, object, question);
	question->label = form_json_text(reader, object, "label");
	question->hint = form_json_text(reader, object, "hint");
	question->is_pair = form_json_true(reader, object, "pair");
	question->label_before = form_json_text(reader, object, "label_before");
	question->label_now = form_json_text(reader, object, "label_now");
	question->is_faces = form_json_true(reader, object, "faces_drawn");
	question->is_required = form_json_true(reader, object, "required");
	question->required_message = form_json_text(reader, object, "required_message");
	question->relevant = form_json_string(reader, object, "relevant");
	question->relevant_when = form_json_text(reader, object, "relevant_when");
	question->constraint = form_json_string(reader, object, "constraint");
	question->constraint_message = form_json_text(reader, object, "constraint_message");
	question->measure = form_json_string(reader, object, "measure");
	question->group = form_json_string(reader, object, "group");
	question->was = form_json_string(reader, object, "was");
	read_faces(reader, form, object, question);
}

static void read_page(struct form_json_reader *reader, const struct form *form, const json_t *object, struct page *page)
{
	size_t count;
	const json_t *rows = form_json_array(reader, object, "questions", FORM_QUESTIONS_MAX, &count);
	page->name = form_json_name(reader, object, "name");
	page->title = form_json_text(reader, object, "title");
	page->intro = form_json_text(reader, object, "intro");
	page->is_apart = form_json_true(reader, object, "apart");
	page->questions = take(reader, count, sizeof(struct question));
	if (page->questions == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		read_question(reader, form, json_array_get(rows, i), &page->questions[i]);
		page->questions[i].page = page;
	}
	page->questions_count = count;
}

static void read_pages(struct form_json_reader *reader, const json_t *root, struct form *form)
{
	size_t count;
	const json_t *rows = form_json_array(reader, root, "pages", FORM_PAGES_MAX, &count);
	form->pages = take(reader, count, sizeof(struct page));
	/* A document within its size can still ask for 50 pages of 200 questions each: the limit is the form's. */
	size_t questions = 0;
	for (size_t i = 0; form->pages != NULL && i < count; i++) {
		read_page(reader, form, json_array_get(rows, i), &form->pages[i]);
		form->pages_count = i + 1;
		questions += form->pages[i].questions_count;
		if (questions <= FORM_QUESTIONS_MAX)
			continue;
		form_json_fail(reader, ERR_CORRUPT);
		return;
	}
}

static void read_crosstabs(struct form_json_reader *reader, const json_t *root, struct form *form)
{
	size_t count;
	const json_t *rows = form_json_array(reader, root, "crosstabs", FORM_CROSSTABS_MAX, &count);
	struct crosstab *crosstabs = take(reader, count, sizeof(*crosstabs));
	for (size_t i = 0; crosstabs != NULL && i < count; i++) {
		const json_t *row = json_array_get(rows, i);
		const char *question = json_string_value(json_array_get(row, 0));
		const char *by = json_string_value(json_array_get(row, 1));
		if (question == NULL || by == NULL) {
			form_json_fail(reader, ERR_CORRUPT);
			return;
		}
		crosstabs[i].question = arena_strdup(reader->arena, question);
		crosstabs[i].by = arena_strdup(reader->arena, by);
		if (crosstabs[i].question == NULL || crosstabs[i].by == NULL) {
			form_json_fail(reader, ERR_NOMEM);
			return;
		}
		form->crosstabs_count = i + 1;
	}
	form->crosstabs = crosstabs;
}

static enum err read_form(struct form_json_reader *reader, const json_t *root, struct form *form)
{
	const char *format = form_json_name(reader, root, "format");
	if (strcmp(format, FORM_DOCUMENT_FORMAT) != 0)
		form_json_fail(reader, ERR_CORRUPT);
	form_json_read_languages(reader, root);
	if (reader->error != ERR_OK)
		return reader->error;
	memcpy(form->languages, reader->languages, sizeof form->languages);
	form->languages_count = reader->languages_count;
	form->name = form_json_name(reader, root, "name");
	form->title = form_json_text(reader, root, "title");
	form->time = form_json_text(reader, root, "time");
	form->keep_months = form_json_number(reader, root, "keep_months", 0);
	form->threshold = form_json_number(reader, root, "threshold", 0);
	form->safety =
		(enum form_safety) form_json_option(reader, root, "safety", form_document_safety, 2, FORM_SAFETY_NONE);
	form->programmes = form_json_names(reader, root, "programmes", FORM_NAMES_MAX, &form->programmes_count);
	form->retired = form_json_names(reader, root, "retired", FORM_NAMES_MAX, &form->retired_count);
	read_lists(reader, root, form);
	read_pages(reader, root, form);
	read_crosstabs(reader, root, form);
	return reader->error;
}

/* The second and the third net. */
static enum err judge(struct form *form, struct arena *arena, const char *document, size_t length)
{
	enum err error = form_build_fields(form, arena);
	if (error == ERR_OK)
		error = form_check(form, arena, NULL, NULL);
	if (error != ERR_OK)
		return error == ERR_NOMEM ? error : ERR_CORRUPT;
	json_auto_t *again = form_document_tree(form);
	if (again == NULL)
		return ERR_NOMEM;
	return form_json_compare(again, document, length);
}

enum err form_document_decode(const char *document, size_t length, uint32_t version, struct arena *arena,
			      struct form **out)
{
	json_auto_t *root = NULL;
	enum err error = form_json_parse(document, length, &root);
	if (error != ERR_OK)
		return error;
	struct form *form = arena_new(arena, struct form);
	if (form == NULL)
		return ERR_NOMEM;
	form->version = version;
	struct form_json_reader reader = {.arena = arena};
	error = read_form(&reader, root, form);
	if (error == ERR_OK)
		error = judge(form, arena, document, length);
	if (error == ERR_OK)
		*out = form;
	return error;
}
