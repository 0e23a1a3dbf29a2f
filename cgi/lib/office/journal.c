/* SPDX-License-Identifier: MIT */
/* journal.c: takes away the journal beside an office, by SQLite's own locks.
 *
 * A power cut can leave a journal that has lost its first sector. Nothing is rolled back from it, so nobody removes it before the next
 * change; but by its length alone it cannot be told from that of a command that is writing just now. Leaving the mode TRUNCATE, SQLite removes
 * a journal only when it gets the lock that writers hold (sqlite.org/pragma.html#pragma_journal_mode). Must change nothing else. */
#include "lib/office/journal.h"

#include "lib/base/file.h"
#include "lib/office/query.h"
#include "lib/sqlite/page_vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <unistd.h>

enum { JOURNAL_BUSY_MS = 5000 };

enum err office_journal_remove(const char *path)
{
	sqlite3 *db = NULL;
	if (access(path, F_OK) != 0)
		return file_err(errno);
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, page_vfs());
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(db, JOURNAL_BUSY_MS);
	if (code == SQLITE_OK) /* reading rolls back what must be */
		code = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA journal_mode = TRUNCATE; PRAGMA journal_mode = DELETE", NULL, NULL,
				    NULL);
	sqlite3_close(db);
	return query_err(code);
}
