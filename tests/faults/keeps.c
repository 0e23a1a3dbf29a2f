/* SPDX-License-Identifier: MIT */
/* keeps.c: for LD_PRELOAD: whoever closes a database forgets 2 KiB, as a program that loses a part of each catalogue. The control of
 * publishes.py. */
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FORGOTTEN_BYTES = 2048 };

int sqlite3_close(sqlite3 *db)
{
	static int (*real)(sqlite3 *);
	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "sqlite3_close");
	static char *volatile forgotten; /* or the compiler sees that nobody reads it */
	forgotten = malloc(FORGOTTEN_BYTES);
	if (forgotten)
		memset(forgotten, 1, FORGOTTEN_BYTES);
	return real(db);
}
