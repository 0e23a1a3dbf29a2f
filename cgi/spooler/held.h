/* SPDX-License-Identifier: MIT */
/* held.h: what the spooler keeps in memory of the envelopes it holds: where each is, whether it is filed, and which
 * tokens name it. About 30 bytes an envelope; never its contents. */
#ifndef SOUNDINGS_SPOOLER_HELD_H
#define SOUNDINGS_SPOOLER_HELD_H

#include "lib/base/err.h"
#include "lib/spool/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HELD_BUCKETS = 4,
	HELD_SEATS = 8,         /* connections of the batch socket at a time: bits of struct held_item's given */
	HELD_TOKENS_MAX = 4096, /* unfiled tokens of one connection */
	HELD_PERIODS_MAX = SPOOL_PERIODS_MAX, /* a forger must not make us grow; there is one ordinary period a year */
	HELD_ITEMS_MAX = 4000000              /* about 120 MB of memory, and never reached on a machine that files */
};

#define HELD_NONE UINT32_MAX

/* One envelope. The number of an item stays the same as long as the envelope is held; its key does not. */
struct held_item {
	int64_t key;     /* envelope.key: where its contents lie now */
	uint32_t at;     /* its place in the list of its bucket; of a free item: the next free one */
	uint32_t slot;   /* filed.slot, from 1; 0 while it waits */
	uint32_t period; /* its place in struct held's periods */
	uint8_t bucket;  /* HELD_BUCKETS when the item is free */
	uint8_t given;   /* one bit for each seat that has a token for it */
};

/* A period of which something is held. */
struct held_period {
	uint8_t id[SPOOL_PERIOD_BYTES];
	int64_t day;      /* waiting.day */
	int64_t since_ms; /* CLOCK_BOOTTIME when the wait began, or this process did */
	bool is_carried;  /* the wait began before this process did */
	uint32_t waiting; /* unfiled envelopes */
	uint32_t count;   /* all envelopes; 0: this place is free */
};

struct held_list {
	uint32_t *items;
	uint32_t count;
	uint32_t capacity;
};

struct held_token {
	uint64_t token;
	uint32_t item;
};

struct held_seat {
	struct held_token *tokens; /* in no order that matters */
	uint32_t count;
	uint32_t capacity;
	bool is_taken;
};

struct held {
	struct held_item *items;
	uint32_t used; /* items ever in use; those freed since form a list */
	uint32_t capacity;
	uint32_t first_free;
	struct held_list buckets[HELD_BUCKETS]; /* all items of a bucket */
	struct held_list marks;                 /* marks.items[slot - 1]: the filed item whose mark lies in that slot */
	struct held_period *periods;
	uint32_t period_count; /* places, free ones among them */
	struct held_seat seats[HELD_SEATS];
	uint64_t waiting; /* of all periods */
};

void held_init(struct held *held);
void held_fini(struct held *held);

/* The place of a period in held->periods, HELD_NONE when nothing of it is held. */
uint32_t held_period_find(const struct held *held, const uint8_t id[SPOOL_PERIOD_BYTES]);

/* Adds a waiting envelope. The wait of its period is the caller's to set when it is the first that waits. ERR_FULL past
 * a limit above, ERR_NOMEM. */
enum err held_add(struct held *held, int64_t key, const uint8_t period[SPOOL_PERIOD_BYTES], unsigned bucket,
		  uint32_t *item) MUST_CHECK;

/* Forgets an envelope that waits, and every token for it. */
void held_remove(struct held *held, uint32_t item);

/* An item of BUCKET, each with the same chance. The bucket must hold one. */
uint32_t held_draw(const struct held *held, unsigned bucket);

/* The contents of two items changed places in the file. */
void held_swap(struct held *held, uint32_t a, uint32_t b);

/* Makes room for COUNT more marks, so that held_mark cannot fail. ERR_NOMEM. */
enum err held_reserve_marks(struct held *held, uint32_t count) MUST_CHECK;

/* A waiting item is filed: its mark takes SLOT, and the mark that was there, if any, the new last slot. */
void held_mark(struct held *held, uint32_t item, uint32_t slot);

/* The filed item of SLOT is gone: it is forgotten, and the last mark takes its slot. */
void held_drop(struct held *held, uint32_t slot);

/* No item is filed any more. */
void held_unmark_all(struct held *held);

/* Draws up to MAX items of a period that wait and are not given to SEAT yet, in random order: when at least MIN are
 * there, or IS_DUE and none of the period is given to the seat (else a late one would be handed out alone). Gives how
 * many, in OUT, which has room for MAX. ERR_NOMEM. */
enum err held_pick(const struct held *held, unsigned seat, uint32_t period, uint32_t min, uint32_t max, bool is_due,
		   uint32_t *out, uint32_t *count) MUST_CHECK;

/* Takes a free seat: 0 to HELD_SEATS - 1, or HELD_SEATS when all are taken. */
unsigned held_seat_take(struct held *held);

/* Voids every token of a seat: what was not filed is offered again. */
void held_seat_void(struct held *held, unsigned seat);

/* The same, and the seat is free. */
void held_seat_leave(struct held *held, unsigned seat);

/* A new token by which SEAT names ITEM. ERR_FULL past HELD_TOKENS_MAX, ERR_NOMEM. */
enum err held_give(struct held *held, unsigned seat, uint32_t item, uint64_t *token) MUST_CHECK;

/* The item that a token names, HELD_NONE when it is void. */
uint32_t held_find(const struct held *held, unsigned seat, uint64_t token);

/* Voids one token. */
void held_take_back(struct held *held, unsigned seat, uint64_t token);

#endif
