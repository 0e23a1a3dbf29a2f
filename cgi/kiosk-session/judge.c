/* SPDX-License-Identifier: MIT */
/* judge.c: whether a browser may stay.
 *
 * The state may be missing (the program kiosk is not there yet), old (left from before the machine was started) or count anew (that
 * program was started again): each is answered so that no person finds another's page, and nobody who is writing is interrupted without
 * need. A page that is not heard may be as well as ever while nginx or the program kiosk is down. */
#include "kiosk-session/judge.h"

#include <stddef.h>

/* How long the page has not been heard, and for how long it may not be. */
struct silence {
	int64_t since_s, limit_s;
};

static struct silence listen_to(const struct judge *judge, const struct station_state *state, int64_t now_s)
{
	/* A heartbeat from before this browser is another's; one from the future is of before the machine was started. */
	bool was_heard = state->alive_s > judge->started_s && state->alive_s <= now_s;
	return (struct silence){.since_s = now_s - (was_heard ? state->alive_s : judge->started_s),
				.limit_s = was_heard ? judge->silence_limit_s : judge->start_limit_s};
}

bool judge_has_doubt(const struct judge *judge, const struct station_state *state, int64_t now_s)
{
	if (!state)
		return false;
	struct silence silence = listen_to(judge, state, now_s);
	return silence.since_s > silence.limit_s - JUDGE_HEARING_S;
}

enum verdict judge(struct judge *judge, const struct station_state *state, int64_t now_s)
{
	if (!state)
		return VERDICT_STAYS;
	if (!judge->knows_ended) {
		judge->knows_ended = true;
		judge->ended = state->ended;
	}
	/* Not only more: a program that was started anew counts from nothing, and an end may hide behind that. */
	if (state->ended != judge->ended)
		return VERDICT_ENDED;
	struct silence silence = listen_to(judge, state, now_s);
	bool is_deaf = judge->deaf_s && now_s - judge->deaf_s <= JUDGE_HEARING_S;
	return silence.since_s > silence.limit_s + (is_deaf ? JUDGE_DEAF_S : 0) ? VERDICT_SILENT : VERDICT_STAYS;
}
