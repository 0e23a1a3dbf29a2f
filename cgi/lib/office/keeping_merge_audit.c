/* SPDX-License-Identifier: MIT */
/* keeping_merge_audit.c: takes over the lines of another office's audit whose numbers are not here.
 *
 * They come as they were chained there, so that a head that was signed there is still found. Only where the line before one has another
 * meaning here (two offices that parted gave one number to two lines, and what is here stays) it loses its place, and is chained anew
 * with the next line that is written. No line of here is touched, not even one that is broken. */
#include "lib/office/audit_chain.h"
#include "lib/office/keeping_merge_parts.h"

#include "lib/base/log.h"

#include <string.h>

enum sql { THERE_LINES, SQL_HAS, SQL_HASH, SQL_ADD, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[THERE_LINES] = "SELECT number, day, actor, action, subject, words, after, hash FROM audit ORDER BY number",
	[SQL_HAS] = "SELECT 1 FROM audit WHERE number = ?1",
	[SQL_HASH] = "SELECT coalesce((SELECT hash FROM audit WHERE number = ?1), "
		     "(SELECT hash FROM audit_anchor WHERE number = ?1 AND "
		     "NOT EXISTS (SELECT 1 FROM audit WHERE number = ?1)))",
	[SQL_ADD] = "INSERT INTO audit (number, day, actor, action, subject, words, after, hash) "
		    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
};

static const struct merge_copy anchors = {
	"SELECT number, hash FROM audit_anchor",
	"INSERT OR IGNORE INTO audit_anchor (number, hash) VALUES (?1, ?2)",
};

enum { LINE_COLUMNS = 8, COLUMN_AFTER = 6 };

static enum err merge_hash(struct office *office, int64_t number, uint8_t out[AUDIT_HASH_BYTES], bool *is_there)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_HASH]);
	query_bind_int(&query, 1, number);
	enum err error = query_one(&query);
	*is_there = error == ERR_OK && sqlite3_column_type(query.statement, 0) != SQLITE_NULL;
	if (*is_there)
		query_bytes(&query, 0, out, AUDIT_HASH_BYTES);
	return error == ERR_OK ? query_done(&query) : error;
}

/* Whether the lines that this one of there comes after are here what they are there. */
static enum err merge_keeps_place(struct merge *merge, struct query *line, bool *keeps)
{
	int64_t numbers[AUDIT_TIPS_MAX];
	size_t count = 0;
	*keeps = false;
	const char *after = (const char *) sqlite3_column_text(line->statement, COLUMN_AFTER);
	if (after == NULL || audit_read_after(after, numbers, &count) != ERR_OK)
		return ERR_OK;
	for (size_t i = 0; i < count; i++) {
		uint8_t here[AUDIT_HASH_BYTES], there[AUDIT_HASH_BYTES];
		bool is_here, is_there;
		enum err error = merge_hash(merge->here, numbers[i], here, &is_here);
		if (error == ERR_OK)
			error = merge_hash(merge->there, numbers[i], there, &is_there);
		if (error != ERR_OK || !is_here || !is_there || memcmp(here, there, sizeof(here)) != 0)
			return error;
	}
	*keeps = true;
	return ERR_OK;
}

static enum err merge_line(struct merge *merge, struct query *line)
{
	bool is_here = false, keeps = false;
	{
		CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_HAS]);
		query_bind_int(&query, 1, query_int(line, 0));
		enum err error = query_row(&query, &is_here);
		if (error != ERR_OK || is_here)
			return error;
	}
	enum err error = merge_keeps_place(merge, line, &keeps);
	if (error != ERR_OK)
		return error;
	if (!keeps)
		log_warn("office.merge", "audit=%lld place=anew", (long long) query_int(line, 0));
	CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_ADD]);
	for (int i = 0; query.error == ERR_OK && i < (keeps ? LINE_COLUMNS : COLUMN_AFTER); i++)
		query.error =
			query_err(sqlite3_bind_value(query.statement, i + 1, sqlite3_column_value(line->statement, i)));
	return query_run(&query, NULL);
}

enum err merge_audit(struct merge *merge)
{
	/* What was let go there may be what comes before a line that is not here yet. */
	enum err error = merge_run(merge, &anchors, NULL);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(merge->there, statements[THERE_LINES]);
	bool has_row;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		error = merge_line(merge, &query);
		if (error != ERR_OK)
			return error;
	}
	return error == ERR_OK ? audit_chain_settle(merge->here, NULL) : error;
}
