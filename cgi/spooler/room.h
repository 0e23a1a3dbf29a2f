/* SPDX-License-Identifier: MIT */
/* room.h: the room that the spool's disk has, and the ballast that is let go when there is none left.
 *
 * On a full disk nothing can be deleted either: SQLite needs a journal for that. So new envelopes are refused while there is
 * still some room, and a file of zeros is kept that can be given up at once. */
#ifndef SOUNDINGS_SPOOLER_ROOM_H
#define SOUNDINGS_SPOOLER_ROOM_H

#include <stdbool.h>
#include <stdint.h>

struct room {
	unsigned free_min_mib;  /* spool_free_min; 0: never refuse before the disk does */
	uint64_t ballast_bytes; /* 0: none is wanted */
	bool has_ballast;
	bool is_low; /* as of the last look: new envelopes are refused */
};

/* Makes the ballast when the disk has room for it, which the log tells when not. Zeros: no floor and no ballast. */
void room_init(struct room *room, unsigned free_min_mib, unsigned ballast_mib);

/* Looks at the disk: one statvfs(3). Says in the log, once, when ROOM->is_low changes. */
void room_look(struct room *room);

/* True while something is to be had again: looking now and then may help. */
bool room_is_short(const struct room *room);

/* Looks, and makes the ballast again when there is room for it and for the floor. */
void room_restore(struct room *room);

/* Gives up the ballast, so that what failed for lack of room can be tried again. False when there is none. */
bool room_let_go(struct room *room);

#endif
