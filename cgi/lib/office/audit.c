/* SPDX-License-Identifier: MIT */
/* audit.c: one line for each act of an organiser: day, who, what, on what, and why where that is asked.
 *
 * It must never hold contents, nor anything an attendee did. Acts that change something write their line in the same
 * transaction. How lines hang together is audit_chain.c's. */
#include "lib/office/audit_chain.h"

#include <stdio.h>

enum sql { SQL_LIST, SQL_TOTAL, SQL_HEAD, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_LIST] = "SELECT number, day, actor, action, subject, words FROM audit ORDER BY number DESC "
		     "LIMIT ?1 OFFSET ?2",
	[SQL_TOTAL] = "SELECT count(*) FROM audit",
	[SQL_HEAD] = "SELECT number, hash FROM audit WHERE hash IS NOT NULL ORDER BY number DESC LIMIT 1",
};

enum { AUDIT_MOST_MAX = 10000 };

enum err office_audit(struct office *office, const char *actor, const char *action, const char *subject)
{
	return office_audit_words(office, actor, action, subject, "");
}

/* A line by itself is a transaction of its own: between reading what is newest and writing after it, nobody else may write. */
enum err office_audit_words(struct office *office, const char *actor, const char *action, const char *subject,
			    const char *words)
{
	CLEANUP_TRANSACTION struct transaction own = {0};
	enum err error = sqlite3_get_autocommit(office->db) != 0 ? transaction_begin(&own, office) : ERR_OK;
	if (error == ERR_OK)
		error = audit_add(office, 1, actor, action, subject, words);
	return error == ERR_OK && own.office != NULL ? transaction_commit(&own) : error;
}

static enum err audit_read(struct query *query, struct arena *arena, struct office_audit_line **out, size_t *count)
{
	struct office_audit_line *list = NULL;
	size_t used = 0, room = 0;
	bool has_row;
	enum err error;
	while ((error = query_row(query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 32 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		list[used++] = (struct office_audit_line){
			.number = query_int(query, 0),
			.day = query_date(query, 1),
			.actor = query_text(query, 2, arena),
			.action = query_text(query, 3, arena),
			.subject = query_text(query, 4, arena),
			.words = query_text(query, 5, arena),
		};
	}
	*out = list;
	*count = used;
	return error;
}

enum err office_audit_list(struct office *office, size_t skip, size_t most, struct arena *arena,
			   struct office_audit_line **out, size_t *count, size_t *total)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LIST]);
	query_bind_int(&query, 1, (int64_t) (most < AUDIT_MOST_MAX ? most : AUDIT_MOST_MAX));
	query_bind_int(&query, 2, (int64_t) skip);
	enum err error = audit_read(&query, arena, out, count);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query sum = query_new(office, statements[SQL_TOTAL]);
	error = query_one(&sum);
	*total = (size_t) query_int(&sum, 0);
	return error;
}

enum err office_audit_head(struct office *office, struct office_audit_head *out)
{
	bool has_row;
	*out = (struct office_audit_head){0};
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_HEAD]);
	enum err error = query_row(&query, &has_row);
	if (error != ERR_OK || !has_row)
		return error;
	out->number = query_int(&query, 0);
	query_bytes(&query, 1, out->hash, sizeof(out->hash));
	return query_done(&query);
}
