/* SPDX-License-Identifier: MIT */
/* store_sql.c: every statement on the spool file in one table, prepared once, and the few ways in which they are run. */
#include "spooler/store_sql.h"

#include "spooler/store_file.h"

#include "lib/base/bytes.h"
#include "lib/base/log.h"

#include <string.h>

static const char *const store_sql[STORE_SQL_COUNT] = {
	[STORE_BEGIN] = "BEGIN IMMEDIATE",
	[STORE_COMMIT] = "COMMIT",
	[STORE_ROLLBACK] = "ROLLBACK",
	[STORE_ENVELOPE_LIST] = "SELECT key, period, bucket FROM envelope",
	[STORE_ENVELOPE_ADD] = "INSERT INTO envelope (key, period, bucket, data) VALUES (?1, ?2, ?3, ?4)",
	[STORE_ENVELOPE_READ] = "SELECT data FROM envelope WHERE key = ?1",
	[STORE_ENVELOPE_PUT] = "UPDATE envelope SET period = ?2, data = ?3 WHERE key = ?1",
	[STORE_ENVELOPE_REMOVE] = "DELETE FROM envelope WHERE key = ?1",
	[STORE_FILED_LIST] = "SELECT slot, key FROM filed ORDER BY slot",
	[STORE_FILED_ADD] = "INSERT INTO filed (slot, key, backup) VALUES (?1, ?2, ?3)",
	[STORE_FILED_READ] = "SELECT key, backup FROM filed WHERE slot = ?1",
	[STORE_FILED_PUT] = "UPDATE filed SET key = ?2, backup = ?3 WHERE slot = ?1",
	[STORE_FILED_REKEY] = "UPDATE filed SET key = ?2 WHERE slot = ?1",
	[STORE_FILED_RAISE] = "UPDATE filed SET backup = ?2 WHERE key = ?1 AND backup < ?2",
	[STORE_FILED_DUE] = "SELECT slot FROM filed WHERE backup <= ?1 ORDER BY slot DESC LIMIT ?2",
	[STORE_FILED_REMOVE] = "DELETE FROM filed WHERE slot = ?1",
	[STORE_FILED_CLEAR] = "DELETE FROM filed",
	[STORE_WAITING_LIST] = "SELECT period, day FROM waiting",
	[STORE_WAITING_PUT] =
		"INSERT INTO waiting (period, day) VALUES (?1, ?2) ON CONFLICT (period) DO UPDATE SET day = ?2",
	[STORE_WAITING_REMOVE] = "DELETE FROM waiting WHERE period = ?1",
	[STORE_META_READ] = "SELECT generation, catalogue, keyset FROM meta WHERE one = 1",
	[STORE_META_PUT] = "UPDATE meta SET generation = ?1, catalogue = ?2, keyset = ?3 WHERE one = 1",
	[STORE_TRIM] = "PRAGMA incremental_vacuum(512)",
	[STORE_FREE] = "PRAGMA freelist_count",
};
_Static_assert(STORE_TRIM_AT_ONCE == 512, "as STORE_TRIM says");

enum err store_sql_prepare(struct store *store)
{
	for (unsigned i = 0; i < STORE_SQL_COUNT; i++) {
		int code = sqlite3_prepare_v3(store->db, store_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &store->sql[i],
					      NULL);
		if (code != SQLITE_OK)
			return store_file_err(code);
	}
	return ERR_OK;
}

void store_sql_bind_u64(sqlite3_stmt *statement, int at, uint64_t number, struct store_number *room)
{
	bytes_put(room->bytes, sizeof room->bytes, number);
	store_sql_bind_bytes(statement, at, room->bytes, sizeof room->bytes);
}

void store_sql_bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t length)
{
	sqlite3_bind_blob(statement, at, bytes, (int) length, SQLITE_STATIC);
}

enum err store_sql_column(sqlite3_stmt *statement, int at, void *out, size_t length)
{
	const void *blob = sqlite3_column_blob(statement, at);
	if (blob == NULL && sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
		return ERR_NOMEM;
	if (blob == NULL || (size_t) sqlite3_column_bytes(statement, at) != length)
		return ERR_CORRUPT;
	memcpy(out, blob, length);
	return ERR_OK;
}

enum err store_sql_run(struct store *store, enum store_sql name)
{
	sqlite3_stmt *statement = store->sql[name];
	int code = sqlite3_step(statement);
	while (code == SQLITE_ROW) /* incremental_vacuum gives empty ones */
		code = sqlite3_step(statement);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return code == SQLITE_DONE ? ERR_OK : store_file_err(code);
}

void store_sql_reset(sqlite3_stmt **statement)
{
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
}

enum err store_sql_number(struct store *store, enum store_sql name, int64_t *out)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[name];
	int code = sqlite3_step(statement);
	*out = sqlite3_column_int64(statement, 0);
	return code == SQLITE_ROW ? ERR_OK : store_file_err(code);
}

void store_sql_note(struct store *store, enum err error)
{
	if ((error == ERR_IO || error == ERR_CORRUPT) && !store->is_moved)
		store->is_damaged = true;
	if (error != ERR_OK && !store->is_troubled)
		log_error("spool.failed", "error=%s code=%d %s", err_name(error), sqlite3_extended_errcode(store->db),
			  error == ERR_FULL ? "nothing more is taken until there is room on the disk"
					    : err_words(error));
	if (error == ERR_OK && store->is_troubled)
		log_info("spool.recovered", "envelopes are taken again");
	store->is_troubled = error != ERR_OK;
}

enum err store_sql_begin(struct store *store)
{
	/* A file that was moved away or replaced would take what we acknowledge with it. */
	int is_moved = 0;
	if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &is_moved) != SQLITE_OK || is_moved != 0) {
		store->is_moved = true;
		return ERR_IO;
	}
	return store_sql_run(store, STORE_BEGIN);
}

enum err store_sql_end(struct store *store, enum err error)
{
	if (error == ERR_OK)
		error = store_sql_run(store, STORE_COMMIT);
	store_sql_note(store, error);
	/* SQLite has rolled back by itself after most failures, but not after all. */
	if (error != ERR_OK && !sqlite3_get_autocommit(store->db) && store_sql_run(store, STORE_ROLLBACK) != ERR_OK) {
		error = ERR_IO;
		store_sql_note(store, error);
	}
	return error;
}

enum err store_sql_envelope(struct store *store, int64_t key, uint8_t *out, size_t length)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_ENVELOPE_READ];
	sqlite3_bind_int64(statement, 1, key);
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return store_sql_column(statement, 0, out, length);
	return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
}

enum err store_sql_put_meta(struct store *store, const uint8_t *generation, uint64_t catalogue, uint64_t keyset)
{
	sqlite3_stmt *put = store->sql[STORE_META_PUT];
	struct store_number rooms[2];
	store_sql_bind_bytes(put, 1, generation, SPOOL_GENERATION_BYTES);
	store_sql_bind_u64(put, 2, catalogue, &rooms[0]);
	store_sql_bind_u64(put, 3, keyset, &rooms[1]);
	return store_sql_run(store, STORE_META_PUT);
}
