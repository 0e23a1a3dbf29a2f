/* SPDX-License-Identifier: MIT */
/* serve.h: the spooler's loop. */
#ifndef SOUNDINGS_SPOOLER_SERVE_H
#define SOUNDINGS_SPOOLER_SERVE_H

#include "spooler/store.h"

#include "lib/base/err.h"

/* The present, as the store wants it. */
struct store_now serve_now(void);

/* Serves both listening sockets (non-blocking) until a signal can be read from SIGNAL_FD: then takes no more, finishes
 * and answers the open group, and returns ERR_OK. Or until the store fails in a way that forbids going on: then whoever
 * waits is told, and that failure returns. Closes no descriptor of the caller's. */
enum err serve_run(struct store *store, int append_listener, int batch_listener, int signal_fd) MUST_CHECK;

#endif
