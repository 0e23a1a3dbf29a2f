/* SPDX-License-Identifier: MIT */
/* spool.h: the spooler's socket protocol, the client's side: soundings-spool(5).
 *
 * AF_UNIX, SOCK_SEQPACKET, one message a packet. Every message begins with 4 bytes: 'S', 'P', protocol version 1, verb.
 * Numbers are big endian. Two sockets: run/append.sock (intake: APPEND, SEEN) and run/batch.sock (collector: all others).
 *
 * append socket
 *   'A' APPEND  envelope bytes              -> 'O' when it is on disk, or 'R' + 1 byte enum spool_refusal
 *   'S' SEEN    catalogue u64, key set u64  -> 'S' + the highest of each ever seen (u64, u64), durable before the answer
 * batch socket
 *   'H' HELLO   generation, 16 bytes        -> 'O'; a generation other than the stored one voids every filed mark
 *   'B' BATCH   period id 8 bytes, min u16, max u16 -> 'I' + token u64 + envelope, one packet each, in random order,
 *                                              then 'E'; nothing but 'E' when fewer than MIN wait and none for a day
 *   'F' FILED   backup u64, count u16, tokens u64 each -> 'O' after commit, or 'R'
 *   'D' DROP    backup u64                  -> 'N' + count u64: filed envelopes with a mark up to that backup are gone
 *   'C' COUNT                               -> 'N' + waiting u64 + filed u64
 *   'P' PERIODS                             -> 'P' + for each period held: id 8 bytes, waiting u64, filed u64; needs no HELLO
 * A token names one envelope within one connection; it is void when the connection ends. */
#ifndef SOUNDINGS_SPOOL_SPOOL_H
#define SOUNDINGS_SPOOL_SPOOL_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
	SPOOL_PROTOCOL = 1,
	SPOOL_HEAD_BYTES = 4,
	SPOOL_BATCH_MAX = 256,
	SPOOL_GENERATION_BYTES = 16,
	SPOOL_PERIOD_BYTES = 8,
	SPOOL_PERIODS_MAX = 1024, /* of which a spooler holds anything */
	SPOOL_PERIOD_ROW_BYTES = SPOOL_PERIOD_BYTES + 16,
	SPOOL_ENVELOPE_MAX = 120 + 65536 + 16,
	SPOOL_PACKET_MAX = SPOOL_HEAD_BYTES + 8 + SPOOL_ENVELOPE_MAX
};

enum spool_refusal {
	SPOOL_REFUSED_FORMAT = 1, /* not an envelope, or not a message we know */
	SPOOL_REFUSED_FULL,       /* no room on the disk */
	SPOOL_REFUSED_IO,         /* the store failed: nobody knows; the spooler may be about to stop */
	SPOOL_REFUSED_STATE,      /* e.g. a BATCH before HELLO, an unknown token */
	SPOOL_REFUSED_STOPPING
};

/* A connection; lives in the caller's storage. */
struct spool {
	int fd;           /* -1 when closed */
	const char *path; /* borrowed */
	int timeout_ms;
};

/* Does not connect yet: each call below connects when it must, and closes on any trouble, so that a late answer can
 * never be taken for the next one's. */
void spool_init(struct spool *spool, const char *path, int timeout_ms);
void spool_fini(struct spool *spool);

/* Hands over an envelope. ERR_OK means it is on disk. ERR_BUSY: no spooler, or no answer in time (the envelope may or may
 * not be stored: send the same response again). ERR_FULL, ERR_IO, ERR_INVALID as the spooler says. */
enum err spool_append(struct spool *spool, const void *envelope, size_t length) MUST_CHECK;

/* Reports the serials of a catalogue and learns the highest ever seen. ERR_BUSY, ERR_IO. */
enum err spool_seen(struct spool *spool, uint64_t catalogue, uint64_t keyset, uint64_t *highest_catalogue,
		    uint64_t *highest_keyset) MUST_CHECK;

enum err spool_hello(struct spool *spool, const uint8_t generation[SPOOL_GENERATION_BYTES]) MUST_CHECK;

struct spool_item {
	uint64_t token;
	const uint8_t *envelope; /* in the arena of the call */
	size_t length;
};

/* Up to MAX envelopes of one period, in random order; *COUNT may be 0. ERR_BUSY, ERR_IO, ERR_DENIED (refused), ERR_NOMEM. */
enum err spool_batch(struct spool *spool, const uint8_t period[SPOOL_PERIOD_BYTES], unsigned min, unsigned max,
		     struct arena *arena, struct spool_item **items, size_t *count) MUST_CHECK;

/* Marks them filed, to go with backup number BACKUP. ERR_DENIED when a token is void (ask for them again: filing is
 * idempotent). */
enum err spool_filed(struct spool *spool, uint64_t backup, const uint64_t *tokens, size_t count) MUST_CHECK;

/* Lets go what is filed and in a finished backup with a number up to BACKUP. ERR_BUSY when that takes longer than the
 * timeout (a thousand take a quarter of a second): what is gone stays gone, ask again. ERR_DENIED before a HELLO. */
enum err spool_drop(struct spool *spool, uint64_t backup, uint64_t *dropped) MUST_CHECK;

enum err spool_count(struct spool *spool, uint64_t *waiting, uint64_t *filed) MUST_CHECK;

/* The same for each period of which anything is held, in order of id, in ARENA. ERR_BUSY, ERR_IO, ERR_NOMEM. */
struct spool_period {
	uint8_t id[SPOOL_PERIOD_BYTES];
	uint64_t waiting;
	uint64_t filed;
};
enum err spool_periods(struct spool *spool, struct arena *arena, struct spool_period **out, size_t *count) MUST_CHECK;

#endif
