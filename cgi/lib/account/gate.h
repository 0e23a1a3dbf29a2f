/* SPDX-License-Identifier: MIT */
/* gate.h: how many do what is costly at once, over all workers of a program: passwords first. Each takes 64 MiB and a quarter of a second of a
 * processor, so without a limit whoever asks for many sign-ins at once takes the machine (security.md O1). */
#ifndef SOUNDINGS_ACCOUNT_GATE_H
#define SOUNDINGS_ACCOUNT_GATE_H

#include "lib/base/err.h"

/* Of passwords: with those who wait, fewer than there are workers (cgi/organiser/main.c), so that some always have pages to do. */
enum { GATE_AT_ONCE = 2, GATE_QUEUE = 3, GATE_PLACES_MAX = 2, GATE_TICKETS_MAX = GATE_AT_ONCE + GATE_QUEUE };

struct gate;

/* AT_ONCE places, GATE_PLACES_MAX at most, and a queue of QUEUE, both together GATE_TICKETS_MAX at most; in memory that processes share
 * which are forked from here on. ERR_NOMEM. It lives as long as they do. */
enum err gate_new(int at_once, int queue, struct gate **out) MUST_CHECK;

/* Waits for a place, at most WAIT_MS milliseconds. *PLACE is to be given back. ERR_BUSY: as many wait already as may, or none came free in
 * time. A place whose holder died is free again. */
enum err gate_enter(struct gate *gate, unsigned wait_ms, int *place) MUST_CHECK;
void gate_leave(struct gate *gate, int place);

#endif
