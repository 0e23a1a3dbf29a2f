/* SPDX-License-Identifier: MIT */
/* export_json.c: rows as one JSON object (RFC 8259), typed: a list for select_multiple and rank, numbers as numbers, unanswered fields
 * left out. */
#include "lib/export/plan.h"

#include "lib/form/form_typed.h"

#include <stdlib.h>

static enum err export_json_put(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0 ? ERR_OK : ERR_NOMEM;
}

static json_t *export_json_values(const char *const *values, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		if (json_array_append_new(array, json_string(values[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* A canonical number has at most 15 digits, which both of JSON's kinds give back. */
static json_t *export_json_number(const char *number)
{
	return form_number_decimals(number) == 0 ? json_integer(strtoll(number, NULL, 10))
						 : json_real(form_number_value(number));
}

static enum err export_json_column(const struct plan_row *row, const struct plan_column *column, struct arena *arena,
				   json_t *object)
{
	const char **values = NULL;
	size_t count = 0;
	enum err error = plan_values(row, column, arena, &values, &count);
	if (error != ERR_OK || count == 0)
		return error;
	if (column->is_multiple || column->is_rank || count > 1)
		return export_json_put(object, column->name, export_json_values(values, count));
	bool is_number = plan_is_number(column, values[0]);
	return export_json_put(object, column->name,
			       is_number ? export_json_number(values[0]) : json_string(values[0]));
}

static enum err export_json_row(const struct plan *plan, const struct plan_row *row, struct arena *arena, json_t *array)
{
	json_t *object = json_object();
	if (json_array_append_new(array, object) != 0)
		return ERR_NOMEM;
	enum err error = ERR_OK;
	if (row->row->language != NULL)
		error = export_json_put(object, plan->language, json_string(row->row->language));
	if (error == ERR_OK && row->row->mode != NULL)
		error = export_json_put(object, plan->mode, json_string(row->row->mode));
	for (size_t i = 0; error == ERR_OK && i < plan->columns_count; i++)
		error = export_json_column(row, &plan->columns[i], arena, object);
	return error;
}

static enum err export_json_list(const struct export_list *list, struct arena *arena, json_t *whole)
{
	json_t *array = json_array();
	enum err error = export_json_put(whole, list->name, array);
	CLEANUP_PLAN struct plan plan = {0};
	if (error == ERR_OK)
		error = plan_make(list, arena, &plan);
	for (size_t i = 0; error == ERR_OK && i < plan.rows_count; i++)
		error = export_json_row(&plan, &plan.rows[i], arena, array);
	return error;
}

static int export_json_write(const char *bytes, size_t length, void *context)
{
	strbuf_put(context, bytes, length);
	return 0;
}

enum err export_json(const char *event, const char *form, const struct export_list *lists, size_t lists_count,
		     struct arena *arena, struct strbuf *out)
{
	json_t *whole = json_object();
	enum err error = export_json_put(whole, "event", json_string(event));
	if (error == ERR_OK)
		error = export_json_put(whole, "form", json_string(form));
	for (size_t i = 0; error == ERR_OK && i < lists_count; i++)
		error = export_json_list(&lists[i], arena, whole);
	if (error == ERR_OK &&
	    json_dump_callback(whole, export_json_write, out, JSON_COMPACT | JSON_REAL_PRECISION(FORM_DIGITS_MAX)) != 0)
		error = ERR_NOMEM;
	json_decref(whole);
	if (error == ERR_OK)
		strbuf_putc(out, '\n');
	else
		strbuf_fail(out, error);
	return strbuf_error(out);
}
