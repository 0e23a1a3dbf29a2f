/* SPDX-License-Identifier: MIT */
/* judge.h: whether a browser may stay, from what the program kiosk has said (lib/station). Pure. */
#ifndef SOUNDINGS_KIOSK_SESSION_JUDGE_H
#define SOUNDINGS_KIOSK_SESSION_JUDGE_H

#include "lib/station/station.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of one browser. Times are seconds of CLOCK_MONOTONIC. */
struct judge {
	bool knows_ended;
	uint64_t ended; /* as it was first said to this browser */
	int64_t started_s;
	int64_t start_limit_s;   /* from the start to the first heartbeat */
	int64_t silence_limit_s; /* from one heartbeat to the next */
	int64_t deaf_s;          /* when the kiosk's programs last did not answer (probe.h); 0: never */
};

enum {
	JUDGE_HEARING_S = 20, /* programs that answer for so long would have heard a page: it beats each 15 s */
	JUDGE_DEAF_S = 300    /* and so much longer a page may be silent while nobody could hear it */
};

enum verdict {
	VERDICT_STAYS,
	VERDICT_ENDED, /* a session is over: nothing of it may stay */
	VERDICT_SILENT /* the page has not been heard for too long */
};

/* Whether the page has been silent for so long that it matters whether anybody could have heard it. STATE may be NULL. */
bool judge_has_doubt(const struct judge *judge, const struct station_state *state, int64_t now_s);

/* STATE is NULL while there is none that can be read: nobody counts heartbeats then, and no session ends. */
enum verdict judge(struct judge *judge, const struct station_state *state, int64_t now_s);

#endif
