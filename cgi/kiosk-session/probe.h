/* SPDX-License-Identifier: MIT */
/* probe.h: whether the kiosk's own programs answer. */
#ifndef SOUNDINGS_KIOSK_SESSION_PROBE_H
#define SOUNDINGS_KIOSK_SESSION_PROBE_H

#include <stdbool.h>

/* Asks for ADDRESS ("http://127.0.0.1:PORT/PATH") as the browser does. True when an answer begins within WAIT_MS that does not say that a
 * server is down (5xx). */
bool probe(const char *address, int wait_ms);

#endif
