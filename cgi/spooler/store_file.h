/* SPDX-License-Identifier: MIT */
/* store_file.h: the spool file as a file: made, checked, set up. For store.c. */
#ifndef SOUNDINGS_SPOOLER_STORE_FILE_H
#define SOUNDINGS_SPOOLER_STORE_FILE_H

#include "lib/base/err.h"

struct sqlite3;

/* The failure that an SQLite result code means. */
enum err store_file_err(int code);

/* Once in a process and before anything else of SQLite: takes the memory for all pages that it will keep of the file, about 9 MB,
 * so that what the program holds does not follow what the file holds. Without it each page is a piece of the heap. ERR_NOMEM. */
enum err store_file_start(void) MUST_CHECK;

/* Opens the spool file at PATH, makes or migrates it, checks settings, schema and contents, and shuts out all other
 * processes and all SQL but ours. Errors and log lines as store_open. *DB is NULL unless ERR_OK. */
enum err store_file_open(const char *path, struct sqlite3 **db) MUST_CHECK;

#endif
