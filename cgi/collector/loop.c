/* SPDX-License-Identifier: MIT */
/* loop.c: asks the spooler for batches, has them filed, tells it what may go since a backup holds it, and keeps the office's
 * rows out of the order of arrival.
 *
 * It trusts no clock: pauses are measured on the monotonic one, and no time is kept; the day only says how old a backup is.
 * Whatever fails but the office itself is tried again: the spooler holds everything until it is told otherwise. */
#include "collector/loop.h"

#include "collector/file.h"
#include "lib/base/date.h"
#include "lib/base/log.h"
#include "lib/office/keeping.h"

#include <poll.h>
#include <time.h>

enum {
	LOOP_PAUSE_MS = 250,               /* after something came */
	LOOP_GAP_MS = 10,                  /* between two batches: whoever waits for the office gets it */
	LOOP_PAUSE_MAX_MS = 2000,          /* nothing for a while: this, so that idling costs nothing */
	LOOP_DROP_MS = 1000,               /* filing waits no longer than this while envelopes are let go */
	LOOP_BATCH_ARENA_BYTES = 48 << 20, /* 256 envelopes of 64 KiB, and the client's own copies */
	LOOP_AGAIN_MAX = 64,               /* envelopes in quarantine that are judged again in a round */
	LOOP_REORDER_SHARE = 20            /* rebuilding a large office may take one part in 20 of the time */
};

#define LOOP_AGAIN_DONE INT64_MAX

struct loop {
	struct collector *collector;
	int stop;
	bool is_stopping;
	bool is_silent;        /* the spooler's absence was logged */
	bool is_drop_refused;  /* and that it lets nothing go */
	uint64_t dropped;      /* the highest backup number that this connection was told; 0: none yet */
	bool may_be_unordered; /* rows may lie as they came: at first because nobody knows how the last run ended */
	int64_t reorder_at_ms; /* not before */
	int pause_ms;
	uint64_t news; /* what was known when quarantine was last judged from its beginning */
	int64_t again; /* judged up to this row; LOOP_AGAIN_DONE: all */
};

static int64_t loop_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void loop_wait(struct loop *loop, int wait_ms)
{
	struct pollfd signal = {.fd = loop->stop, .events = POLLIN};
	if (poll(&signal, 1, wait_ms) > 0)
		loop->is_stopping = true;
}

/* ---- the spooler --------------------------------------------------------------------------------------------- */

/* Says which office this is, on every new connection: a restored one makes the spooler offer everything again. */
static enum err loop_greet(struct loop *loop)
{
	struct spool *spool = &loop->collector->spool;
	uint8_t generation[OFFICE_GENERATION_BYTES];
	if (spool->fd >= 0)
		return ERR_OK;
	loop->dropped = 0;
	enum err error = office_generation(loop->collector->office, generation);
	return error == ERR_OK ? spool_hello(spool, generation) : error;
}

/* One batch of one period. *COUNT is what came. */
static enum err loop_batch(struct loop *loop, const struct secret *secret, unsigned min, size_t *count)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, LOOP_BATCH_ARENA_BYTES);
	struct spool_item *items = NULL;
	*count = 0;
	enum err error = loop_greet(loop);
	if (error == ERR_OK)
		error = spool_batch(&loop->collector->spool, secret->id, min, SPOOL_BATCH_MAX, &arena, &items, count);
	if (error != ERR_OK) {
		if (!loop->is_silent)
			log_warn("collector.spooler", "error=%s", err_name(error));
		loop->is_silent = true;
		*count = 0;
		/* The client may have connected to the next spooler by itself, which refuses whoever has not greeted it. */
		spool_fini(&loop->collector->spool);
		return ERR_BUSY; /* only the office's own failures end the program */
	}
	loop->is_silent = false;
	if (*count == 0)
		return ERR_OK;
	error = file_batch(loop->collector, items, *count);
	if (error == ERR_OK)
		return ERR_OK;
	log_error("collector.batch", "error=%s result=rolled-back", err_name(error));
	spool_fini(&loop->collector->spool); /* only a new connection is offered the same envelopes again */
	return error;
}

/* Says up to which backup the spooler may let go, once on each connection and whenever a backup has finished since. What
 * did not go in the time for it goes in the next rounds: the spooler removes in steps, and each of them stays done. */
static enum err loop_drop(struct loop *loop)
{
	struct spool *spool = &loop->collector->spool;
	uint64_t number, count;
	if (spool->fd < 0)
		return ERR_OK;
	enum err error = office_droppable(loop->collector->office, date_today(), &number);
	if (error != ERR_OK || number <= loop->dropped)
		return error;
	int timeout_ms = spool->timeout_ms;
	spool->timeout_ms = LOOP_DROP_MS;
	error = spool_drop(spool, number, &count);
	spool->timeout_ms = timeout_ms;
	if (error == ERR_OK) {
		loop->dropped = number;
		loop->is_drop_refused = false;
		return ERR_OK;
	}
	if (error != ERR_BUSY && !loop->is_drop_refused) {
		log_warn("collector.drop", "error=%s", err_name(error));
		loop->is_drop_refused = true;
	}
	spool_fini(spool);
	return ERR_OK;
}

/* ---- the order of rows --------------------------------------------------------------------------------------- */

static enum err loop_reorder(struct loop *loop, bool is_now)
{
	bool is_done;
	int64_t begun = loop_now_ms();
	if (!loop->may_be_unordered)
		return ERR_OK;
	enum err error = office_reorder(loop->collector->office, is_now, &is_done);
	int64_t ended = loop_now_ms();
	loop->reorder_at_ms = ended + (ended - begun) * LOOP_REORDER_SHARE;
	if (error == ERR_BUSY) /* somebody reads: later */
		return ERR_OK;
	if (error == ERR_OK && (is_done || is_now))
		loop->may_be_unordered = false;
	return error;
}

static bool loop_is_fatal(enum err error)
{
	return error == ERR_IO || error == ERR_CORRUPT || error == ERR_DENIED;
}

/* ---- one round ----------------------------------------------------------------------------------------------- */

/* Empties one period. */
static enum err loop_period(struct loop *loop, const struct secret *secret, unsigned min, size_t *taken)
{
	size_t count;
	do {
		enum err error = loop_batch(loop, secret, min, &count);
		if (error != ERR_OK)
			return error;
		if (count > 0) {
			*taken += count;
			loop->may_be_unordered = true;
			error = loop_reorder(loop, false);
			if (error != ERR_OK)
				return error;
		}
		loop_wait(loop, count > 0 ? LOOP_GAP_MS : 0);
		/* Without a connection the spooler was not told: the same would come again at once. */
	} while (count > 0 && loop->collector->spool.fd >= 0 && !loop->is_stopping);
	return ERR_OK;
}

/* Judges some of what lies in quarantine again since more is known: from its beginning at start and after each news, then on from where
 * the last round stopped. ERR_NOT_FOUND cannot be but when somebody deleted a row meanwhile: expire, between reading and filing. */
static enum err loop_again(struct loop *loop, size_t *taken)
{
	struct collector *collector = loop->collector;
	if (loop->news != collector->news) {
		loop->news = collector->news;
		loop->again = 0;
	}
	if (loop->again == LOOP_AGAIN_DONE)
		return ERR_OK;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, LOOP_BATCH_ARENA_BYTES);
	struct office_quarantined *items = NULL;
	size_t count, removed;
	enum err error = office_quarantine_next(collector->office, loop->again, LOOP_AGAIN_MAX, &arena, &items, &count);
	if (error != ERR_OK || count == 0) {
		loop->again = error == ERR_OK ? LOOP_AGAIN_DONE : loop->again;
		return error;
	}
	int64_t last = items[count - 1].row;
	error = file_again(collector, items, count, &removed);
	if (error != ERR_OK)
		return error == ERR_NOT_FOUND ? ERR_OK : error;
	loop->again = last;
	*taken += count;
	if (removed == 0)
		return ERR_OK;
	loop->may_be_unordered = true;
	return loop_reorder(loop, false);
}

static enum err loop_round(struct loop *loop, size_t *taken)
{
	struct collector *collector = loop->collector;
	uint64_t wanted;
	uint64_t done;
	bool is_new;
	collector_refresh(collector, &is_new);
	collector_prove(collector, loop_now_ms());
	enum err error = loop_again(loop, taken);
	if (!loop_is_fatal(error)) /* what is new does not wait for what is not */
		error = office_flush(collector->office, &wanted, &done);
	bool is_flush = error == ERR_OK && wanted > done;
	/* The list can change below when a batch takes a newer catalogue: a period that is new waits for the next round. */
	struct secrets secrets = collector->secrets;
	for (size_t i = 0; error == ERR_OK && !loop->is_stopping && i < secrets.count; i++) {
		bool takes_any = secrets.list[i].is_practice || is_flush;
		error = loop_period(loop, &secrets.list[i], takes_any ? 1 : collector->batch_min, taken);
	}
	secrets_wipe(&secrets);
	if (error == ERR_OK && is_flush && !loop->is_stopping)
		error = office_flush_done(collector->office, wanted);
	if (error == ERR_OK && !loop->is_stopping)
		error = loop_drop(loop);
	return error;
}

static enum err loop_idle(struct loop *loop, size_t taken)
{
	loop->pause_ms = taken > 0 ? LOOP_PAUSE_MS : loop->pause_ms * 2;
	if (loop->pause_ms > LOOP_PAUSE_MAX_MS)
		loop->pause_ms = LOOP_PAUSE_MAX_MS;
	return loop_now_ms() >= loop->reorder_at_ms ? loop_reorder(loop, true) : ERR_OK;
}

enum err loop_run(struct collector *collector, int stop)
{
	struct loop loop = {
		.collector = collector,
		.stop = stop,
		.may_be_unordered = true,
		.pause_ms = LOOP_PAUSE_MS,
	};
	collector->proved_ms = loop_now_ms();
	while (!loop.is_stopping) {
		size_t taken = 0;
		enum err error = loop_round(&loop, &taken);
		if (error == ERR_OK)
			error = loop_idle(&loop, taken);
		if (loop_is_fatal(error))
			return error;
		if (!loop.is_stopping)
			loop_wait(&loop, loop.pause_ms);
	}
	enum err error = loop_reorder(&loop, true);
	return loop_is_fatal(error) ? error : ERR_OK;
}
