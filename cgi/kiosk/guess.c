/* SPDX-License-Identifier: MIT */
/* guess.c: waiting that doubles. The one worker writes; a lock would guard nothing. */
#include "guess.h"

#include <stddef.h>
#include <sys/mman.h>

enum { GUESS_DOUBLINGS_MAX = 16 };

enum err guess_new(struct guess **out)
{
	struct guess *guess = mmap(NULL, sizeof *guess, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (guess == MAP_FAILED)
		return ERR_NOMEM;
	*out = guess;
	return ERR_OK;
}

int64_t guess_wait_s(const struct guess *guess, int64_t now_s)
{
	if (guess->wrong < GUESS_FREE)
		return 0;
	unsigned doublings = guess->wrong - GUESS_FREE;
	int64_t all_s = doublings < GUESS_DOUBLINGS_MAX ? (int64_t) GUESS_FIRST_S << doublings : GUESS_MOST_S;
	if (all_s > GUESS_MOST_S)
		all_s = GUESS_MOST_S;
	int64_t over_s = now_s - guess->wrong_s;
	return over_s < all_s ? all_s - over_s : 0;
}

void guess_note_wrong(struct guess *guess, int64_t now_s)
{
	if (now_s - guess->wrong_s >= GUESS_FORGET_S)
		guess->wrong = 0;
	guess->wrong += guess->wrong < GUESS_FREE + GUESS_DOUBLINGS_MAX;
	guess->wrong_s = now_s;
}

void guess_note_right(struct guess *guess)
{
	guess->wrong = 0;
}
