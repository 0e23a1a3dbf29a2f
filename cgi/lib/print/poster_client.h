/* SPDX-License-Identifier: MIT */
/* poster_client.h: asks the daemon of poster(1) for a file. */
#ifndef SOUNDINGS_PRINT_POSTER_CLIENT_H
#define SOUNDINGS_PRINT_POSTER_CLIENT_H

#include "lib/print/poster_request.h"

/* What a caller's buffer for the file must take, and how long to wait unless there is a reason: longer than poster itself gives a request. */
enum { POSTER_CLIENT_FILE_MAX_BYTES = 8 * 1024 * 1024, POSTER_CLIENT_TIMEOUT_MS = 15000 };

/* Where the daemon listens, from the instance. */
#define POSTER_CLIENT_SOCKET "run/poster.sock"

/* Sends REQUEST to the socket PATH and puts the file (of REQUEST's format) behind what FILE has, within TIMEOUT_MS.
 *   ERR_INVALID  there is no such poster; TROUBLE has poster's own words for whoever asked: what, where (a key of the request), how to mend it
 *   ERR_BUSY     nobody listens, or no answer came in time: trying again may help
 *   ERR_CORRUPT  what came is no answer of poster's
 *   ERR_NOMEM, ERR_TOO_BIG, ERR_IO
 * After each of them TROUBLE has words, and FILE nothing more than it had, or is failed. */
enum err poster_client_ask(const char *path, const struct poster_request *request, int timeout_ms, struct strbuf *file,
			   struct poster_trouble *trouble) MUST_CHECK;

#endif
