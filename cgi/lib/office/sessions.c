/* SPDX-License-Identifier: MIT */
/* sessions.c: who is signed in, and who has to wait before the next attempt.
 *
 * Times come from the caller. A clock that has fallen back makes nothing live longer: a session that has not begun yet is none, and nobody
 * waits longer than the longest wait. security.md O1, O3. */
#include "lib/office/accounts_parts.h"

#include "lib/base/random.h"

#include <string.h>

enum sql {
	SQL_DROP_OVER,
	SQL_ADD,
	SQL_GET,
	SQL_USE,
	SQL_RENEW,
	SQL_END,
	SQL_END_ID,
	SQL_LIST,
	SQL_ASK,
	SQL_FAIL,
	SQL_CLEAR,
	SQL_COUNT
};

#define SESSION_COLUMNS "id, account, stage, began_s, used_s, proved_s "
/* ?2: the oldest use, ?3: the oldest beginning, ?4: the newest beginning that count. */
#define SESSION_LIVES "used_s > ?2 AND began_s > ?3 AND began_s <= ?4 "

static const char *const statements[SQL_COUNT] = {
	[SQL_DROP_OVER] = "DELETE FROM session WHERE account = ?1 AND (used_s <= ?2 OR began_s <= ?3)",
	[SQL_ADD] = "INSERT INTO session (hash, id, account, stage, began_s, used_s, proved_s) "
		    "SELECT ?1, ?2, id, ?4, ?5, ?5, CASE ?4 WHEN 'full' THEN ?5 ELSE 0 END "
		    "FROM account WHERE id = ?3 AND state = 'active'",
	[SQL_GET] = "SELECT " SESSION_COLUMNS "FROM session WHERE hash = ?1 AND " SESSION_LIVES
		    "AND account IN (SELECT a.id FROM account a WHERE a.id = session.account AND a.state = 'active')",
	[SQL_USE] = "UPDATE session SET used_s = ?2 WHERE hash = ?1",
	[SQL_RENEW] = "UPDATE session SET hash = ?2, stage = ?3, used_s = ?4, proved_s = ?4 WHERE hash = ?1",
	[SQL_END] = "DELETE FROM session WHERE hash = ?1",
	[SQL_END_ID] = "DELETE FROM session WHERE account = ?1 AND id = ?2",
	[SQL_LIST] = "SELECT " SESSION_COLUMNS "FROM session WHERE account = ?1 AND " SESSION_LIVES
		     "ORDER BY began_s DESC, id",
	[SQL_ASK] = "SELECT failures, last_s FROM throttle WHERE key = ?1 AND last_s > ?2",
	[SQL_FAIL] = "INSERT INTO throttle (key, failures, last_s) VALUES (?1, 1, ?2) ON CONFLICT (key) DO UPDATE SET "
		     "failures = CASE WHEN last_s > ?3 THEN min(failures + 1, 100) ELSE 1 END, last_s = ?2",
	[SQL_CLEAR] = "DELETE FROM throttle WHERE key = ?1",
};

enum {
	SESSION_NOTE_S = 60,   /* uses closer together than this are not written */
	SESSION_CLOCK_S = 120, /* a clock that is being set right may step back so far */
	THROTTLE_FREE = 3,     /* attempts before anybody waits */
	THROTTLE_FREE_SOFT = 10,
	THROTTLE_FIRST_S = 2,
	THROTTLE_MAX_S = 15 * 60,
	THROTTLE_MAX_SOFT_S = 30,
	THROTTLE_KEPT_S = 24 * 60 * 60
};

static const char *const stage_names[] = {[SESSION_PASSWORD] = "password", [SESSION_FULL] = "full"};

static void session_bind_life(struct query *query, int64_t now_s)
{
	query_bind_int(query, 2, now_s - OFFICE_SESSION_IDLE_S);
	query_bind_int(query, 3, now_s - OFFICE_SESSION_MAX_S);
}

static enum err session_drop_over(struct office *office, int64_t account, int64_t now_s)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_DROP_OVER]);
	query_bind_int(&query, 1, account);
	session_bind_life(&query, now_s);
	return query_run(&query, NULL);
}

static enum err session_insert(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t account,
			       enum session_stage stage, int64_t now_s)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	query_bind_int(&query, 2, random_key());
	query_bind_int(&query, 3, account);
	query_bind_text(&query, 4, stage_names[stage]);
	query_bind_int(&query, 5, now_s);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

enum err office_session_add(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t account,
			    enum session_stage stage, int64_t now_s)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = session_drop_over(office, account, now_s);
	if (error == ERR_OK)
		error = session_insert(office, hash, account, stage, now_s);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

static enum err session_read(struct query *query, struct office_session *out)
{
	out->id = query_int(query, 0);
	out->account = query_int(query, 1);
	const char *stage = query->error == ERR_OK ? (const char *) sqlite3_column_text(query->statement, 2) : NULL;
	out->stage = stage != NULL && strcmp(stage, stage_names[SESSION_FULL]) == 0 ? SESSION_FULL : SESSION_PASSWORD;
	out->began_s = query_int(query, 3);
	out->used_s = query_int(query, 4);
	out->proved_s = query_int(query, 5);
	return query_done(query);
}

static enum err session_find(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			     struct office_session *out)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	session_bind_life(&query, now_s);
	query_bind_int(&query, 4, now_s + SESSION_CLOCK_S);
	enum err error = query_one(&query);
	return error == ERR_OK ? session_read(&query, out) : error;
}

/* A page is not refused because its use could not be noted: at worst the session is over a minute too early. */
static enum err session_note(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_USE]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	query_bind_int(&query, 2, now_s);
	enum err error = query_run(&query, NULL);
	return error == ERR_BUSY || error == ERR_FULL ? ERR_OK : error;
}

enum err office_session_get(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			    struct office_session *out)
{
	enum err error = session_find(office, hash, now_s, out);
	if (error == ERR_OK && now_s - out->used_s >= SESSION_NOTE_S)
		error = session_note(office, hash, now_s);
	return error;
}

enum err office_session_renew(struct office *office, const uint8_t old[OFFICE_HASH_BYTES],
			      const uint8_t fresh[OFFICE_HASH_BYTES], enum session_stage stage, int64_t now_s)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_RENEW]);
	query_bind_bytes(&query, 1, old, OFFICE_HASH_BYTES);
	query_bind_bytes(&query, 2, fresh, OFFICE_HASH_BYTES);
	query_bind_text(&query, 3, stage_names[stage]);
	query_bind_int(&query, 4, now_s);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

enum err office_session_end(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES])
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_END]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	return query_run(&query, NULL);
}

static enum err session_remove(struct office *office, int64_t account, int64_t id)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_END_ID]);
	query_bind_int(&query, 1, account);
	query_bind_int(&query, 2, id);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

enum err office_session_end_id(struct office *office, int64_t account, int64_t id)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = session_remove(office, account, id);
	if (error == ERR_OK)
		error = account_audit(office, account, "account.session.end");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_session_list(struct office *office, int64_t account, int64_t now_s, struct arena *arena,
			     struct office_session **out, size_t *count)
{
	struct office_session *list = NULL;
	size_t used = 0, room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LIST]);
	query_bind_int(&query, 1, account);
	session_bind_life(&query, now_s);
	query_bind_int(&query, 4, now_s + SESSION_CLOCK_S);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 4 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		error = session_read(&query, &list[used++]);
		if (error != ERR_OK)
			return error;
	}
	*out = list;
	*count = used;
	return error;
}

/* ---- back-off ------------------------------------------------------------------------------------------------ */

static int64_t throttle_length(int64_t failures, enum office_throttle how)
{
	const int64_t attempts = how == THROTTLE_SOFT ? THROTTLE_FREE_SOFT : THROTTLE_FREE;
	const int64_t max_s = how == THROTTLE_SOFT ? THROTTLE_MAX_SOFT_S : THROTTLE_MAX_S;
	int64_t wait = THROTTLE_FIRST_S;
	if (failures < attempts)
		return 0;
	for (int64_t i = attempts; i < failures && wait < max_s; i++)
		wait *= 2;
	return wait < max_s ? wait : max_s;
}

enum err office_throttle_ask(struct office *office, const uint8_t key[OFFICE_HASH_BYTES], enum office_throttle how,
			     int64_t now_s, int64_t *wait_s)
{
	bool has_row;
	*wait_s = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ASK]);
	query_bind_bytes(&query, 1, key, OFFICE_HASH_BYTES);
	query_bind_int(&query, 2, now_s - THROTTLE_KEPT_S);
	enum err error = query_row(&query, &has_row);
	if (error != ERR_OK || !has_row)
		return error;
	int64_t length = throttle_length(query_int(&query, 0), how);
	int64_t left = query_int(&query, 1) + length - now_s;
	*wait_s = left > length ? length : left > 0 ? left : 0;
	return query_done(&query);
}

enum err office_throttle_fail(struct office *office, const uint8_t key[OFFICE_HASH_BYTES], int64_t now_s)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FAIL]);
	query_bind_bytes(&query, 1, key, OFFICE_HASH_BYTES);
	query_bind_int(&query, 2, now_s);
	query_bind_int(&query, 3, now_s - THROTTLE_KEPT_S);
	return query_run(&query, NULL);
}

enum err office_throttle_clear(struct office *office, const uint8_t key[OFFICE_HASH_BYTES])
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CLEAR]);
	query_bind_bytes(&query, 1, key, OFFICE_HASH_BYTES);
	return query_run(&query, NULL);
}
