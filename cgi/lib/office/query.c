/* SPDX-License-Identifier: MIT */
/* query.c: prepared statements with sticky errors, and transactions that roll back unless committed.
 *
 * No SQL is made here: statements are literals of the files that use them, values are bound. A failure of SQLite is
 * logged once, here, by its result code alone: its message can hold names of columns, and in a constraint's case values. */
#include "lib/office/query.h"

#include "lib/base/log.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

static enum err query_meaning(int code)
{
	if (code == SQLITE_IOERR_NOMEM) /* the disk has done nothing wrong */
		return ERR_NOMEM;
	if (code == SQLITE_READONLY_DBMOVED) /* no right is lacking: the disk does not show the file where it was */
		return ERR_IO;
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_TOOBIG:
		return ERR_TOO_BIG;
	case SQLITE_AUTH:
	case SQLITE_PERM:
	case SQLITE_READONLY:
		return ERR_DENIED;
	default:
		return ERR_IO;
	}
}

enum err query_err(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	default:
		break;
	}
	enum err error = query_meaning(code);
	log_error("office.failed", "sqlite=%d", code);
	return error;
}

struct query query_new(struct office *office, const char *sql)
{
	struct query query = {.office = office};
	query.error = query_err(sqlite3_prepare_v2(office->db, sql, -1, &query.statement, NULL));
	return query;
}

void query_fini(struct query *query)
{
	sqlite3_finalize(query->statement); /* its result repeats the last step's, which was reported */
	query->statement = NULL;
}

static void query_keep(struct query *query, int code)
{
	if (query->error == ERR_OK)
		query->error = query_err(code);
}

void query_bind_text(struct query *query, int index, const char *text)
{
	if (query->error == ERR_OK && text != NULL)
		query_keep(query, sqlite3_bind_text64(query->statement, index, text, strlen(text), SQLITE_STATIC,
						      SQLITE_UTF8));
}

void query_bind_int(struct query *query, int index, int64_t value)
{
	if (query->error == ERR_OK)
		query_keep(query, sqlite3_bind_int64(query->statement, index, value));
}

void query_bind_bytes(struct query *query, int index, const void *bytes, size_t length)
{
	if (query->error == ERR_OK && bytes != NULL)
		query_keep(query, sqlite3_bind_blob64(query->statement, index, bytes, length, SQLITE_STATIC));
}

void query_bind_date(struct query *query, int index, struct date date)
{
	char text[DATE_TEXT];
	if (query->error != ERR_OK || date.year == 0)
		return;
	date_format(date, text);
	query_keep(query, sqlite3_bind_text(query->statement, index, text, DATE_TEXT - 1, SQLITE_TRANSIENT));
}

void query_bind_count(struct query *query, int index, int64_t count)
{
	if (count >= 0)
		query_bind_int(query, index, count);
}

enum err query_row(struct query *query, bool *has_row)
{
	*has_row = false;
	if (query->error != ERR_OK)
		return query->error;
	int code = sqlite3_step(query->statement);
	*has_row = code == SQLITE_ROW;
	query_keep(query, code);
	return query->error;
}

enum err query_run(struct query *query, size_t *changed)
{
	bool has_row;
	enum err error = query_row(query, &has_row);
	assert(error != ERR_OK || !has_row);
	if (error == ERR_OK && changed != NULL)
		*changed = (size_t) sqlite3_changes64(query->office->db);
	return error;
}

enum err query_run_sql(struct office *office, const char *sql)
{
	CLEANUP_QUERY struct query query = query_new(office, sql);
	return query_run(&query, NULL);
}

enum err query_begin(struct office *office)
{
	enum err error = sqlite3_get_autocommit(office->db) == 0 ? query_run_sql(office, "ROLLBACK") : ERR_OK;
	return error == ERR_OK ? query_run_sql(office, "BEGIN IMMEDIATE") : error;
}

int64_t query_int(struct query *query, int column)
{
	return query->error == ERR_OK ? sqlite3_column_int64(query->statement, column) : 0;
}

char *query_text(struct query *query, int column, struct arena *arena)
{
	if (query->error != ERR_OK || sqlite3_column_type(query->statement, column) == SQLITE_NULL)
		return NULL;
	const char *text = (const char *) sqlite3_column_text(query->statement, column);
	char *copy = text != NULL ? arena_strdup(arena, text) : NULL;
	if (copy == NULL)
		query->error = ERR_NOMEM;
	return copy;
}

void query_bytes(struct query *query, int column, void *out, size_t length)
{
	memset(out, 0, length);
	if (query->error != ERR_OK)
		return;
	const void *bytes = sqlite3_column_blob(query->statement, column);
	if (bytes == NULL || (size_t) sqlite3_column_bytes(query->statement, column) != length)
		query->error = ERR_CORRUPT;
	else
		memcpy(out, bytes, length);
}

struct date query_date(struct query *query, int column)
{
	struct date date = {0};
	const char *text = query->error == ERR_OK ? (const char *) sqlite3_column_text(query->statement, column) : NULL;
	if (query->error == ERR_OK && (text == NULL || date_parse(text, &date) != ERR_OK))
		query->error = ERR_CORRUPT;
	return date;
}

struct date query_date_or_none(struct query *query, int column)
{
	bool is_none = query->error != ERR_OK || sqlite3_column_type(query->statement, column) == SQLITE_NULL;
	return is_none ? (struct date){0} : query_date(query, column);
}

int64_t query_count(struct query *query, int column)
{
	bool is_none = query->error != ERR_OK || sqlite3_column_type(query->statement, column) == SQLITE_NULL;
	return is_none ? -1 : query_int(query, column);
}

enum err query_one(struct query *query)
{
	bool has_row;
	enum err error = query_row(query, &has_row);
	if (error != ERR_OK)
		return error;
	return has_row ? ERR_OK : ERR_NOT_FOUND;
}

enum err query_done(const struct query *query)
{
	return query->error;
}

enum err transaction_begin(struct transaction *transaction, struct office *office)
{
	transaction->office = NULL;
	assert(!office->is_in_batch);
	enum err error = query_begin(office);
	if (error == ERR_OK)
		transaction->office = office;
	return error;
}

enum err transaction_commit(struct transaction *transaction)
{
	enum err error = query_run_sql(transaction->office, "COMMIT");
	if (error == ERR_OK)
		transaction->office = NULL;
	return error;
}

void transaction_fini(struct transaction *transaction)
{
	/* A full disk rolls back by itself; asking again then would only be an error in the log. */
	if (transaction->office != NULL && sqlite3_get_autocommit(transaction->office->db) == 0 &&
	    query_run_sql(transaction->office, "ROLLBACK") != ERR_OK)
		log_error("office.rollback", "result=failed");
	transaction->office = NULL;
}
