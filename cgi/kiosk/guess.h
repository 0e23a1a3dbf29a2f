/* SPDX-License-Identifier: MIT */
/* guess.h: how long somebody who has typed wrong PINs waits before the next is looked at. A PIN of six digits stands up to whoever may try all day,
 * and no member of staff is ever locked out for good. */
#ifndef SOUNDINGS_KIOSK_GUESS_H
#define SOUNDINGS_KIOSK_GUESS_H

#include "lib/base/err.h"

#include <stdint.h>

enum {
	GUESS_FREE = 3,       /* wrong ones that cost nothing: fingers slip */
	GUESS_FIRST_S = 5,    /* then this long, and each time twice as long, */
	GUESS_MOST_S = 120,   /* up to this */
	GUESS_FORGET_S = 3600 /* without a wrong one, all is forgotten */
};

/* All zero at first. */
struct guess {
	unsigned wrong;
	int64_t wrong_s; /* second of the last wrong one, on a clock that never goes back */
};

/* In memory that workers share which are forked from here on: a worker that is made to crash forgets nothing. ERR_NOMEM. */
enum err guess_new(struct guess **out) MUST_CHECK;

/* How many seconds until the next PIN is looked at; 0: now. */
int64_t guess_wait_s(const struct guess *guess, int64_t now_s);

void guess_note_wrong(struct guess *guess, int64_t now_s);
void guess_note_right(struct guess *guess);

#endif
