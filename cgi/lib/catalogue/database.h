/* SPDX-License-Identifier: MIT */
/* database.h: an SQLite connection that can read one file, under fixed statements, and nothing else.
 *
 * For the files of this folder only. */
#ifndef SOUNDINGS_CATALOGUE_DATABASE_H
#define SOUNDINGS_CATALOGUE_DATABASE_H

#include "lib/base/err.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdbool.h>
#include <sys/stat.h>

enum {
	DATABASE_MAX_BYTES = 256 * 1024 * 1024, /* of a catalogue.db */
	DATABASE_APPLICATION = 0x534e4743,      /* "SNGC", as schema/catalogue.sql says */
	DATABASE_SCHEMA = 3
};

/* Opens ROOT_DIR/NAME/catalogue.db read-only and immutable. HASHED is the status of the file whose hash was checked:
 * ERR_DENIED when the path leads to another one. Otherwise ERR_CORRUPT, ERR_IO, ERR_NOMEM. *OUT is to be closed by the
 * caller with sqlite3_close, whatever is returned; it may be NULL. */
enum err database_open(const char *root_dir, const char *name, const struct stat *hashed, sqlite3 **out) MUST_CHECK;

/* Whether it is one of ours, of a schema that an older or a newer program has written. */
bool database_is_of_other_version(sqlite3 *database);

/* Checks that it is a database of our schema, then takes every right but SELECT away from the connection, and prepares
 * the COUNT statements of SQL, the last that will ever be. ERR_CORRUPT: not ours. */
enum err database_confine(sqlite3 *database, const char *const *sql, size_t count,
			  sqlite3_stmt **statements) MUST_CHECK;

/* One step of a statement that gives at most one row: ERR_OK with the row, ERR_NOT_FOUND without. */
enum err database_row(sqlite3_stmt *statement) MUST_CHECK;

/* The failure that an SQLite result code means; ERR_OK for SQLITE_ROW and SQLITE_DONE. */
enum err database_err(int code) MUST_CHECK;

/* Makes a borrowed statement ready for its next use, when it goes out of scope. */
void database_reset(sqlite3_stmt **statement);
#define CLEANUP_RESET __attribute__((cleanup(database_reset)))

#endif
