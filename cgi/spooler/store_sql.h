/* SPDX-License-Identifier: MIT */
/* store_sql.h: the statements on the spool file, and how they are run. For the store's own files only. */
#ifndef SOUNDINGS_SPOOLER_STORE_SQL_H
#define SOUNDINGS_SPOOLER_STORE_SQL_H

#include "spooler/store.h"

#include "lib/base/err.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

enum store_sql {
	STORE_BEGIN,
	STORE_COMMIT,
	STORE_ROLLBACK,
	STORE_ENVELOPE_LIST,
	STORE_ENVELOPE_ADD,
	STORE_ENVELOPE_READ,
	STORE_ENVELOPE_PUT,
	STORE_ENVELOPE_REMOVE,
	STORE_FILED_LIST,
	STORE_FILED_ADD,
	STORE_FILED_READ,
	STORE_FILED_PUT,
	STORE_FILED_REKEY,
	STORE_FILED_RAISE,
	STORE_FILED_DUE,
	STORE_FILED_REMOVE,
	STORE_FILED_CLEAR,
	STORE_WAITING_LIST,
	STORE_WAITING_PUT,
	STORE_WAITING_REMOVE,
	STORE_META_READ,
	STORE_META_PUT,
	STORE_TRIM,
	STORE_FREE
};
_Static_assert(STORE_FREE + 1 == STORE_SQL_COUNT, "one statement for each name");

enum { STORE_TRIM_AT_ONCE = 512 }; /* pages of 4 KiB that STORE_TRIM gives back */

/* Prepares all of them. */
enum err store_sql_prepare(struct store *store) MUST_CHECK;

/* Numbers of 64 bits without sign are blobs of 8 bytes, big endian, in the file. ROOM is the caller's, until the statement is
 * reset: a copy of SQLite's own would need memory, and without it NULL would be bound, which a condition silently never meets. */
struct store_number {
	uint8_t bytes[8];
};
void store_sql_bind_u64(sqlite3_stmt *statement, int at, uint64_t number, struct store_number *room);

/* Binds bytes that stay where they are until the statement is reset. */
void store_sql_bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t length);

/* Copies column AT when it is a blob of exactly LENGTH bytes. ERR_CORRUPT otherwise; ERR_NOMEM. */
enum err store_sql_column(sqlite3_stmt *statement, int at, void *out, size_t length) MUST_CHECK;

/* Runs a statement that gives no rows that matter, and makes it ready for the next time. */
enum err store_sql_run(struct store *store, enum store_sql name) MUST_CHECK;

/* Makes a statement ready for the next time: for those that are stepped by hand. */
void store_sql_reset(sqlite3_stmt **statement);
#define CLEANUP_RESET __attribute__((cleanup(store_sql_reset)))

/* The first column of the one row of a statement without parameters. */
enum err store_sql_number(struct store *store, enum store_sql name, int64_t *out) MUST_CHECK;

/* Starts a transaction; ERR_IO when the file is not where it was opened any more. */
enum err store_sql_begin(struct store *store) MUST_CHECK;

/* Ends it: commits unless ERROR says that something failed in it. Gives the failure, and logs it. */
enum err store_sql_end(struct store *store, enum err error) MUST_CHECK;

/* Says once that something is wrong, and once that it is over; notes when the file is not to be trusted again. */
void store_sql_note(struct store *store, enum err error);

/* Reads the envelope at KEY, which must have LENGTH bytes. */
enum err store_sql_envelope(struct store *store, int64_t key, uint8_t *out, size_t length) MUST_CHECK;

/* Writes generation and serials. */
enum err store_sql_put_meta(struct store *store, const uint8_t *generation, uint64_t catalogue,
			    uint64_t keyset) MUST_CHECK;

#endif
