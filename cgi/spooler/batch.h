/* SPDX-License-Identifier: MIT */
/* batch.h: the batch socket's verbs: HELLO, BATCH, FILED, DROP, COUNT, PERIODS. */
#ifndef SOUNDINGS_SPOOLER_BATCH_H
#define SOUNDINGS_SPOOLER_BATCH_H

#include "spooler/client.h"
#include "spooler/held.h"
#include "spooler/store.h"

#include "lib/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum batch_state {
	BATCH_LISTENS, /* for the next request */
	BATCH_GIVES,   /* sends envelopes as fast as they are read */
	BATCH_DROPS    /* lets envelopes go, some in each turn */
};

/* A connection of the batch socket. Its place in the array is its seat. */
struct batch {
	struct client client; /* first: what an epoll event points at */
	enum batch_state state;
	bool is_greeted;                  /* it said HELLO with the generation that counts */
	bool is_drop_done;                /* a drop ended since this was last asked */
	int64_t active_ms;                /* CLOCK_BOOTTIME when it last did anything */
	uint64_t tokens[SPOOL_BATCH_MAX]; /* BATCH_GIVES: what is to be sent */
	uint32_t token_count;
	uint32_t token_next;
	uint64_t drop_backup; /* BATCH_DROPS */
	uint64_t drop_count;  /* so far */
	uint32_t drop_limit;  /* at once */
};

/* What is to become of the connection after a call below. */
enum batch_fate { BATCH_STAYS, BATCH_ENDS };

/* Answers one request of BATCHES[SEAT], or begins to. *ERROR is the store's failure, when it is one to stop for. */
enum batch_fate batch_request(struct batch batches[HELD_SEATS], unsigned seat, struct store *store,
			      struct store_now now, const struct client_packet *packet, enum err *error) MUST_CHECK;

/* Goes on with what batch_request began: sends what the socket takes, or lets the next few envelopes go. The same. */
enum batch_fate batch_continue(struct batch *batch, unsigned seat, struct store *store, enum err *error) MUST_CHECK;

#endif
