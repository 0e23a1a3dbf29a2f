/* SPDX-License-Identifier: MIT */
/* join.c: puts answers and the free texts that lie beside them into one canonical object.
 *
 * Used where the whole is needed again: to compare two envelopes of one id at the same edit (nothing is stored twice for
 * that), and to export. It must give the very bytes of answers_encode, or a replay would look like a change. */
#include "lib/office/join.h"

#include "lib/base/json_read.h"

#include <stdlib.h>
#include <string.h>

enum sql { SQL_RESPONSE, SQL_RESPONSE_TEXTS, SQL_APART, SQL_APART_TEXTS, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_RESPONSE] = "SELECT answers FROM response WHERE row = ?1",
	[SQL_RESPONSE_TEXTS] = "SELECT field, text FROM free_text WHERE response = ?1",
	[SQL_APART] = "SELECT answers FROM apart WHERE row = ?1",
	[SQL_APART_TEXTS] = "SELECT field, text FROM free_text WHERE apart = ?1",
};

static enum err join_half(struct office *office, enum sql sql, int64_t row, json_t *whole)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, row);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	const char *text =
		(const char *) sqlite3_column_text(query.statement, 0); /* NOT NULL: only for want of memory */
	if (text == NULL)
		return ERR_NOMEM;
	json_auto_t *half = NULL;
	json_error_t trouble;
	error = json_read(text, strlen(text), ERR_CORRUPT, &half, &trouble);
	if (error != ERR_OK)
		return error;
	if (!json_is_object(half))
		return ERR_CORRUPT;
	return json_object_update(whole, half) == 0 ? ERR_OK : ERR_NOMEM;
}

static enum err join_texts(struct office *office, enum sql sql, int64_t row, json_t *whole)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, row);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		const char *field = (const char *) sqlite3_column_text(query.statement, 0);
		const char *text = (const char *) sqlite3_column_text(query.statement, 1);
		if (field == NULL || json_object_set_new(whole, field, json_string(text)) != 0)
			return ERR_NOMEM;
	}
	return error;
}

static enum err join_dump(const json_t *whole, struct arena *arena, char **out)
{
	char *text = json_write(whole, JSON_COMPACT | JSON_SORT_KEYS);
	if (text == NULL)
		return ERR_NOMEM;
	*out = arena_strdup(arena, text);
	keys_wipe(text, strlen(text));
	free(text);
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

enum err join_answers(struct office *office, int64_t response, int64_t apart, struct arena *arena, char **out)
{
	json_t *whole = json_object();
	enum err error = whole != NULL ? ERR_OK : ERR_NOMEM;
	if (error == ERR_OK && response != 0)
		error = join_half(office, SQL_RESPONSE, response, whole);
	if (error == ERR_OK && response != 0)
		error = join_texts(office, SQL_RESPONSE_TEXTS, response, whole);
	if (error == ERR_OK && apart != 0)
		error = join_half(office, SQL_APART, apart, whole);
	if (error == ERR_OK && apart != 0)
		error = join_texts(office, SQL_APART_TEXTS, apart, whole);
	if (error == ERR_OK)
		error = join_dump(whole, arena, out);
	json_decref(whole);
	return error;
}
