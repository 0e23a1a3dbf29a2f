/* SPDX-License-Identifier: MIT */
/* reorder.c: keeps the place of a row inside the file from telling when it came.
 *
 * Random keys settle in which page a row lies, not where in it: SQLite fills a page from its end towards its beginning, so
 * among the rows of one page the later lie lower, and 64 KiB hold some hundred responses. VACUUM writes every table and
 * index again in key order, into memory (temp_store), and from there back under the journal. sqlite.org/fileformat2.html,
 * section 1.6 */
#include "lib/office/query.h"

#include <sys/stat.h>

enum sql { SQL_COUNT_UNORDERED, SQL_GET_UNORDERED, SQL_GET_ROWS, SQL_VACUUM, SQL_SET_ORDERED, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_COUNT_UNORDERED] = "UPDATE meta SET unordered = unordered + ?1",
	[SQL_GET_UNORDERED] = "SELECT unordered FROM meta",
	[SQL_GET_ROWS] = "SELECT (SELECT count(*) FROM response) + (SELECT count(*) FROM quarantine)",
	[SQL_VACUUM] = "VACUUM",
	[SQL_SET_ORDERED] = "UPDATE meta SET unordered = 0",
};

enum { REORDER_ROWS_MIN = 50, REORDER_SHARE = 4 };

enum err office_count_unordered(struct office *office, size_t rows)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_COUNT_UNORDERED]);
	query_bind_int(&query, 1, (int64_t) rows);
	return query_run(&query, NULL);
}

static enum err reorder_number(struct office *office, enum sql sql, int64_t *number)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	enum err error = query_one(&query);
	*number = query_int(&query, 0);
	return error;
}

static bool reorder_is_small(const struct office *office)
{
	struct stat status;
	return stat(sqlite3_db_filename(office->db, "main"), &status) == 0 && status.st_size <= OFFICE_SMALL_BYTES;
}

static enum err reorder_is_due(struct office *office, int64_t unordered, bool *is_due)
{
	*is_due = reorder_is_small(office);
	if (*is_due || unordered < REORDER_ROWS_MIN)
		return ERR_OK;
	int64_t rows;
	enum err error = reorder_number(office, SQL_GET_ROWS, &rows);
	*is_due = error == ERR_OK && unordered >= rows / REORDER_SHARE;
	return error;
}

static enum err reorder_rebuild(struct office *office)
{
	office->is_rebuilding = true;
	enum err error = query_run_sql(office, statements[SQL_VACUUM]);
	office->is_rebuilding = false;
	return error;
}

enum err office_reorder(struct office *office, bool is_now, bool *is_done)
{
	*is_done = false;
	int64_t unordered;
	enum err error = reorder_number(office, SQL_GET_UNORDERED, &unordered);
	if (error != ERR_OK || unordered == 0)
		return error;
	bool is_due = is_now;
	if (!is_now)
		error = reorder_is_due(office, unordered, &is_due);
	if (error != ERR_OK || !is_due)
		return error;
	error = reorder_rebuild(office);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_SET_ORDERED]); /* after a crash before this: once more */
	*is_done = error == ERR_OK;
	return error;
}
