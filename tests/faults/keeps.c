/* SPDX-License-Identifier: MIT */
/* keeps.c: for LD_PRELOAD: a database that is closed stays open, as in a program that forgets to. The control of publishes.py. */
#include <sqlite3.h>

int sqlite3_close(sqlite3 *db)
{
	(void) db;
	return SQLITE_OK;
}
