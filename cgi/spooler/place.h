/* SPDX-License-Identifier: MIT */
/* place.h: the spooler's folders, its lock and its sockets in the instance, which is the current folder. */
#ifndef SOUNDINGS_SPOOLER_PLACE_H
#define SOUNDINGS_SPOOLER_PLACE_H

#include "lib/base/err.h"

#define PLACE_SPOOL "spool"
#define PLACE_FILE "spool/spool.db"
#define PLACE_RUN "run"
#define PLACE_APPEND "run/append.sock"
#define PLACE_BATCH "run/batch.sock"

/* Makes what folders are missing, refuses those that others may change or look into, and takes the lock that keeps a
 * second spooler out: *LOCK, a descriptor, holds it until it is closed. Logs one line that says how to mend it when it
 * returns ERR_DENIED, ERR_BUSY (another spooler), ERR_TOO_BIG (the instance's path), ERR_IO. */
enum err place_take(int *lock) MUST_CHECK;

/* Listens on both sockets, in the place of those that a crash left behind. Only with the lock. Errors as above. */
enum err place_listen(int *append, int *batch) MUST_CHECK;

/* Removes both sockets. Only with the lock. */
void place_leave(void);

#endif
