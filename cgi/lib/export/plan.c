/* SPDX-License-Identifier: MIT */
/* plan.c: merges all versions of a form into one row of columns, and decides which questions leave by maps_to.
 *
 * Pure: rows in, columns out. Nothing here may let a row show which face it was answered in (export.h). */
#include "lib/export/plan.h"

#include "lib/base/json_read.h"
#include "lib/base/random.h"
#include "lib/form/form_typed.h"

#include <stdlib.h>
#include <string.h>

static const char *const mapped_words[PLAN_MAPPED_COUNT] = {"top", "middle", "bottom", "refused"};
enum { MAPPED_REFUSED = 3 };

/* ---- columns ------------------------------------------------------------------------------------------------- */

/* Forms of the rows, each version once, newest first. */
struct plan_forms {
	const struct form **list;
	size_t count;
};

static int plan_newest_first(const void *left, const void *right)
{
	const struct form *const *a = left;
	const struct form *const *b = right;
	return ((*a)->version < (*b)->version) - ((*a)->version > (*b)->version);
}

static enum err plan_find_forms(const struct export_list *list, struct arena *arena, struct plan_forms *forms)
{
	forms->list = arena_array(arena, list->rows_count + 1, const struct form *);
	if (forms->list == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < list->rows_count; i++) {
		size_t at = 0;
		while (at < forms->count && forms->list[at]->version != list->rows[i].form->version)
			at++;
		if (at == forms->count)
			forms->list[forms->count++] = list->rows[i].form;
	}
	qsort(forms->list, forms->count, sizeof(*forms->list), plan_newest_first);
	return ERR_OK;
}

static bool plan_has_column(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->columns_count; i++) {
		if (strcmp(plan->columns[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool plan_is_asked_everywhere(const struct form *form, const struct field *field)
{
	for (size_t l = 0; l < form->languages_count; l++) {
		if (!form_asks_field(form, (int) l, field))
			return false;
	}
	return true;
}

/* True when every face of every version that has the field puts it to people. */
static bool plan_is_asked_by_all(const struct plan_forms *forms, const char *name)
{
	for (size_t i = 0; i < forms->count; i++) {
		int index = form_field(forms->list[i], name);
		if (index >= 0 && !plan_is_asked_everywhere(forms->list[i], &forms->list[i]->fields[index]))
			return false;
	}
	return true;
}

static struct plan_column plan_column_of(const struct field *field)
{
	enum question_type type = field->question->type;
	bool is_answer = field->part != FIELD_REFUSAL;
	return (struct plan_column){
		.name = field->name,
		.is_multiple = is_answer && type == QUESTION_SELECT_MULTIPLE,
		.is_rank = is_answer && type == QUESTION_RANK,
		.is_number =
			is_answer && (type == QUESTION_SCALE || type == QUESTION_INTEGER || type == QUESTION_DECIMAL),
	};
}

/* IS_EVEN: only what every face asks. A column that one face never fills shows that face by its empty cells. */
static enum err plan_add_columns(const struct plan_forms *forms, bool is_apart, bool is_even, struct arena *arena,
				 struct plan *plan)
{
	size_t room = 1;
	for (size_t i = 0; i < forms->count; i++)
		room += forms->list[i]->fields_count;
	plan->columns = arena_array(arena, room, struct plan_column);
	if (plan->columns == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < forms->count; i++) {
		const struct form *form = forms->list[i];
		for (size_t f = 0; f < form->fields_count; f++) {
			const struct field *field = &form->fields[f];
			if (field->question->page->is_apart != is_apart || plan_has_column(plan, field->name))
				continue;
			if (is_even && !plan_is_asked_by_all(forms, field->name))
				continue;
			plan->columns[plan->columns_count++] = plan_column_of(field);
		}
	}
	return ERR_OK;
}

static bool plan_shows(const struct export_list *list, bool want_mode)
{
	for (size_t i = 0; i < list->rows_count; i++) {
		if ((want_mode ? list->rows[i].mode : list->rows[i].language) != NULL)
			return true;
	}
	return false;
}

static void plan_name_faces(const struct export_list *list, struct plan *plan)
{
	if (plan_shows(list, false))
		plan->language = plan_has_column(plan, "language") ? "response_language" : "language";
	if (plan_shows(list, true))
		plan->mode = plan_has_column(plan, "mode") ? "response_mode" : "mode";
}

/* ---- choices ------------------------------------------------------------------------------------------------- */

static const struct field *plan_field(const struct form *form, const char *name)
{
	int index = form_field(form, name);
	return index >= 0 ? &form->fields[index] : NULL;
}

/* The choices of the form's plain face; NULL for what is typed. */
static const struct choice_list *plan_list(const struct field *field)
{
	if (field->part == FIELD_REFUSAL)
		return field->question->refusal;
	return form_field_is_typed(field) ? NULL : field->question->list;
}

/* The choices that the face of LANGUAGE has of its own, or NULL. A refusal is the same in all faces. */
static const struct choice_list *plan_own_list(const struct field *field, size_t language)
{
	bool has_list = field->part != FIELD_REFUSAL && !form_field_is_typed(field);
	return has_list ? field->question->faces[language].list : NULL;
}

/* The choice in the plain face's list, or else in a variant's. */
static const struct choice *plan_choice(const struct form *form, const struct field *field, const char *code)
{
	const struct choice_list *list = plan_list(field);
	const struct choice *choice = list != NULL ? choice_list_find(list, code) : NULL;
	for (size_t i = 0; choice == NULL && i < form->languages_count; i++) {
		if (plan_own_list(field, i) != NULL)
			choice = choice_list_find(plan_own_list(field, i), code);
	}
	return choice;
}

/* Index into mapped_words; PLAN_MAPPED_COUNT for a choice that stands nowhere, which publishing refuses in such lists. */
static size_t plan_mapped(const struct choice *choice)
{
	if (choice->is_refusal)
		return MAPPED_REFUSED;
	switch (choice->maps_to) {
	case MAPS_TO_TOP:
		return 0;
	case MAPS_TO_MIDDLE:
		return 1;
	case MAPS_TO_BOTTOM:
		return 2;
	default:
		return PLAN_MAPPED_COUNT;
	}
}

/* Forbids COLUMN the words that no choice of LIST stands for. */
static void plan_keep_common(struct plan_column *column, const struct choice_list *list)
{
	bool has[PLAN_MAPPED_COUNT + 1] = {false};
	for (size_t i = 0; list != NULL && i < list->choices_count; i++)
		has[plan_mapped(&list->choices[i])] = true;
	for (size_t i = 0; i < PLAN_MAPPED_COUNT; i++)
		column->is_common[i] = column->is_common[i] && has[i];
}

/* A word that one face alone can give (its "I don't know", say) would show that face. */
static void plan_find_common(const struct plan_forms *forms, struct plan_column *column)
{
	for (size_t i = 0; i < PLAN_MAPPED_COUNT; i++)
		column->is_common[i] = true;
	for (size_t i = 0; i < forms->count; i++) {
		const struct field *field = plan_field(forms->list[i], column->name);
		if (field == NULL)
			continue;
		plan_keep_common(column, plan_list(field));
		for (size_t l = 0; l < forms->list[i]->languages_count; l++) {
			if (plan_own_list(field, l) != NULL)
				plan_keep_common(column, plan_own_list(field, l));
		}
	}
}

/* True when the row's answer has a code that the plain face does not offer. */
static bool plan_row_needs_mapping(const struct plan_row *row, const struct plan_column *column)
{
	const struct field *field = plan_field(row->row->form, column->name);
	const struct choice_list *list = field == NULL ? NULL : plan_list(field);
	const json_t *value = json_object_get(row->answers, column->name);
	if (list == NULL || !form_has_own_choices(row->row->form, field->question))
		return false;
	if (json_is_string(value))
		return choice_list_find(list, json_string_value(value)) == NULL;
	size_t i;
	const json_t *item;
	json_array_foreach(value, i, item)
	{
		if (json_is_string(item) && choice_list_find(list, json_string_value(item)) == NULL)
			return true;
	}
	return false;
}

/* True when the row was answered in a face with choices of its own, and used one. */
static bool plan_has_own_code(const struct plan_row *row)
{
	const char *name;
	json_t *value;
	json_object_foreach(row->answers, name, value)
	{
		const struct plan_column column = {.name = name};
		if (plan_row_needs_mapping(row, &column))
			return true;
	}
	return false;
}

static bool plan_is_refused(const struct plan_row *row, const struct question *question)
{
	const struct form *form = row->row->form;
	for (size_t i = 0; question->refusal != NULL && i < form->fields_count; i++) {
		if (form->fields[i].question == question && form->fields[i].part == FIELD_REFUSAL &&
		    json_object_get(row->answers, form->fields[i].name) != NULL)
			return true;
	}
	return false;
}

/* True when the row leaves out what everybody must answer who is asked it, and some face does not ask it. */
static bool plan_lacks_required(const struct plan_row *row, bool is_apart)
{
	const struct form *form = row->row->form;
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct field *field = &form->fields[i];
		const struct question *question = field->question;
		if (!question->is_required || question->relevant != NULL || field->part == FIELD_REFUSAL ||
		    question->page->is_apart != is_apart || json_object_get(row->answers, field->name) != NULL)
			continue;
		if (!plan_is_asked_everywhere(form, field) && !plan_is_refused(row, question))
			return true;
	}
	return false;
}

/* True when some row shows, by what is in it or by what is not, that it was answered in another face than the plain one. */
static bool plan_is_mixed(const struct plan *plan, bool is_apart)
{
	for (size_t r = 0; r < plan->rows_count; r++) {
		if (plan_has_own_code(&plan->rows[r]) || plan_lacks_required(&plan->rows[r], is_apart))
			return true;
	}
	return false;
}

static void plan_decide_mapping(const struct plan_forms *forms, struct plan *plan)
{
	for (size_t c = 0; c < plan->columns_count; c++) {
		struct plan_column *column = &plan->columns[c];
		for (size_t r = 0; r < plan->rows_count && !column->is_mapped; r++)
			column->is_mapped = plan_row_needs_mapping(&plan->rows[r], column);
		plan_find_common(forms, column);
	}
}

static enum err plan_add_code(struct plan_column *column, const char *code, struct arena *arena)
{
	for (size_t i = 0; i < column->codes_count; i++) {
		if (strcmp(column->codes[i], code) == 0)
			return ERR_OK;
	}
	if (column->codes_count % 16 == 0) {
		column->codes = arena_grow(arena, column->codes, column->codes_count, column->codes_count + 16,
					   sizeof(*column->codes));
		if (column->codes == NULL)
			return ERR_NOMEM;
	}
	column->codes[column->codes_count++] = code;
	return ERR_OK;
}

static enum err plan_add_list(struct plan_column *column, const struct choice_list *list, struct arena *arena)
{
	enum err error = ERR_OK;
	for (size_t i = 0; list != NULL && error == ERR_OK && i < list->choices_count; i++)
		error = plan_add_code(column, list->choices[i].name, arena);
	return error;
}

static enum err plan_add_codes(const struct plan_forms *forms, bool is_full, struct arena *arena,
			       struct plan_column *column)
{
	enum err error = ERR_OK;
	if (column->is_mapped) {
		for (size_t i = 0; error == ERR_OK && i < PLAN_MAPPED_COUNT; i++) {
			if (column->is_common[i])
				error = plan_add_code(column, mapped_words[i], arena);
		}
		return error;
	}
	for (size_t i = 0; error == ERR_OK && i < forms->count; i++) {
		const struct field *field = plan_field(forms->list[i], column->name);
		if (field == NULL)
			continue;
		error = plan_add_list(column, plan_list(field), arena);
		for (size_t l = 0; is_full && error == ERR_OK && l < forms->list[i]->languages_count; l++)
			error = plan_add_list(column, plan_own_list(field, l), arena);
	}
	return error;
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

static bool plan_typed_is_known(enum question_type type, const char *text)
{
	if (type == QUESTION_DATE)
		return form_date_is_canonical(text);
	if (type == QUESTION_INTEGER)
		return form_number_is_canonical(text) && form_number_decimals(text) == 0;
	return type != QUESTION_DECIMAL || form_number_is_canonical(text);
}

static bool plan_value_is_known(const struct form *form, const struct field *field, const json_t *value)
{
	if (form_field_is_typed(field))
		return json_is_string(value) && plan_typed_is_known(field->question->type, json_string_value(value));
	if (!form_field_is_list(field))
		return json_is_string(value) && plan_choice(form, field, json_string_value(value)) != NULL;
	size_t i;
	const json_t *item;
	json_array_foreach(value, i, item)
	{
		if (!json_is_string(item) || plan_choice(form, field, json_string_value(item)) == NULL)
			return false;
	}
	return json_is_array(value);
}

/* An export must never leave something out in silence: what the form does not know stops it. */
static bool plan_row_is_known(const struct plan_row *row, bool is_apart)
{
	const char *name;
	json_t *value;
	json_object_foreach(row->answers, name, value)
	{
		const struct field *field = plan_field(row->row->form, name);
		if (field == NULL || field->question->page->is_apart != is_apart ||
		    !plan_value_is_known(row->row->form, field, value))
			return false;
	}
	return json_is_object(row->answers);
}

static enum err plan_read_rows(const struct export_list *list, struct arena *arena, struct plan *plan)
{
	plan->rows = arena_array(arena, list->rows_count + 1, struct plan_row);
	if (plan->rows == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < list->rows_count; i++) {
		struct plan_row *row = &plan->rows[plan->rows_count++];
		row->row = &list->rows[i];
		json_error_t trouble;
		enum err error = json_read(list->rows[i].answers, strlen(list->rows[i].answers), ERR_CORRUPT,
					   &row->answers, &trouble);
		if (error != ERR_OK)
			return error;
		if (!plan_row_is_known(row, list->is_apart))
			return ERR_CORRUPT;
	}
	random_shuffle(plan->rows, plan->rows_count, sizeof(*plan->rows));
	return ERR_OK;
}

enum err plan_make(const struct export_list *list, struct arena *arena, struct plan *out)
{
	struct plan_forms forms = {0};
	enum err error = plan_read_rows(list, arena, out);
	if (error == ERR_OK)
		error = plan_find_forms(list, arena, &forms);
	if (error == ERR_OK)
		error = plan_add_columns(&forms, list->is_apart, !list->is_full && plan_is_mixed(out, list->is_apart),
					 arena, out);
	if (error != ERR_OK)
		return error;
	plan_name_faces(list, out);
	if (!list->is_full)
		plan_decide_mapping(&forms, out);
	for (size_t i = 0; error == ERR_OK && i < out->columns_count; i++) {
		if (out->columns[i].is_multiple || out->columns[i].is_rank)
			error = plan_add_codes(&forms, list->is_full, arena, &out->columns[i]);
	}
	return error;
}

void plan_fini(struct plan *plan)
{
	for (size_t i = 0; i < plan->rows_count; i++)
		json_decref(plan->rows[i].answers);
	plan->rows_count = 0;
}

/* ---- cells --------------------------------------------------------------------------------------------------- */

/* NULL: what stands here must not leave. */
static const char *plan_word(const struct plan_row *row, const struct plan_column *column, const char *value)
{
	const struct field *field = plan_field(row->row->form, column->name);
	if (!column->is_mapped)
		return value;
	const struct choice *choice = plan_choice(row->row->form, field, value);
	if (choice == NULL)
		return NULL; /* a version asked for text: no word says where it stands */
	size_t word = plan_mapped(choice);
	return word < PLAN_MAPPED_COUNT && column->is_common[word] ? mapped_words[word] : NULL;
}

static void plan_add_value(const char **values, size_t *count, const char *value)
{
	for (size_t i = 0; value != NULL && i < *count; i++) {
		if (strcmp(values[i], value) == 0)
			return; /* two choices that map to the same */
	}
	if (value != NULL)
		values[(*count)++] = value;
}

enum err plan_values(const struct plan_row *row, const struct plan_column *column, struct arena *arena,
		     const char ***values, size_t *count)
{
	const json_t *value = json_object_get(row->answers, column->name);
	*count = 0;
	*values = arena_array(arena, json_array_size(value) + 1, const char *);
	if (*values == NULL)
		return ERR_NOMEM;
	if (json_is_string(value))
		plan_add_value(*values, count, plan_word(row, column, json_string_value(value)));
	size_t i;
	const json_t *item;
	json_array_foreach(value, i, item)
		plan_add_value(*values, count, plan_word(row, column, json_string_value(item)));
	return ERR_OK;
}

bool plan_is_number(const struct plan_column *column, const char *value)
{
	return column->is_number && form_number_is_canonical(value);
}
