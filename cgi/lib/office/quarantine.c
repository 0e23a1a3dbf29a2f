/* SPDX-License-Identifier: MIT */
/* quarantine.c: what lies in quarantine only because the office did not know what it was about, so that the collector can
 * judge it again when more is known, and what withdrawals keep for it.
 *
 * Whose envelope was forged or wrong stays where it is: no catalogue will ever make it right. Reading never tells when a row came:
 * their keys are random, and days are not read. */
#include "lib/office/query.h"

#include <assert.h>

enum sql { SQL_NEXT, SQL_DELETE, SQL_DELETE_IDLE_TOMBSTONES, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_NEXT] = "SELECT row, length(envelope), envelope FROM quarantine "
		     "WHERE row > ?1 AND " OFFICE_MAY_BE_FILED " ORDER BY row LIMIT ?2",
	[SQL_DELETE] = "DELETE FROM quarantine WHERE row = ?1",
	[SQL_DELETE_IDLE_TOMBSTONES] = "DELETE FROM tombstone WHERE " OFFICE_TOMBSTONE_IS_IDLE,
};

enum err office_quarantine_next(struct office *office, int64_t after, size_t max, struct arena *arena,
				struct office_quarantined **out, size_t *count)
{
	struct office_quarantined *list = arena_array(arena, max, struct office_quarantined);
	*count = 0;
	if (list == NULL)
		return ERR_NOMEM;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NEXT]);
	query_bind_int(&query, 1, after);
	query_bind_int(&query, 2, (int64_t) max);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		struct office_quarantined *item = &list[(*count)++];
		item->row = query_int(&query, 0);
		item->length = (size_t) query_int(&query, 1);
		item->envelope = arena_array(arena, item->length + 1, uint8_t);
		if (item->envelope == NULL)
			return ERR_NOMEM;
		query_bytes(&query, 2, item->envelope, item->length);
	}
	*out = list;
	return error;
}

enum err office_quarantine_remove(struct office *office, int64_t row)
{
	assert(office->is_in_batch);
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_DELETE]);
	query_bind_int(&query, 1, row);
	enum err error = query_run(&query, &changed);
	if (error == ERR_OK && changed == 0)
		return ERR_NOT_FOUND;
	if (error == ERR_OK)
		error = office_count_unordered(office, 1);
	return error == ERR_OK ? office_drop_idle_tombstones(office) : error;
}

enum err office_drop_idle_tombstones(struct office *office)
{
	return query_run_sql(office, statements[SQL_DELETE_IDLE_TOMBSTONES]);
}
