/* SPDX-License-Identifier: MIT */
/* store.h: the spool file, soundings-spool(5), and everything that the spooler does with it. store.c takes envelopes in,
 * store_filed.c gives them out and lets them go. */
#ifndef SOUNDINGS_SPOOLER_STORE_H
#define SOUNDINGS_SPOOLER_STORE_H

#include "spooler/held.h"
#include "spooler/room.h"

#include "lib/base/err.h"
#include "lib/spool/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

enum {
	STORE_GROUP_MAX =
		64, /* appends in one commit: the pages they touch fit the page cache, so none is written twice */
	STORE_DROP_STEP = 64, /* envelopes let go in one commit, so that nobody waits long behind a large drop */
	STORE_SQL_COUNT = 24  /* statements; store.c has the table */
};

/* What a caller says about time, so that tests can say something else. */
struct store_now {
	int64_t boottime_ms; /* CLOCK_BOOTTIME */
	int64_t day;         /* days since 1970-01-01 by the machine's clock */
};

/* An append of the group that is not committed yet: which item came, and which one it traded places with. */
struct store_step {
	uint32_t item;
	uint32_t other;
};

struct store {
	struct sqlite3 *db;
	struct sqlite3_stmt *sql[STORE_SQL_COUNT];
	const char *path; /* borrowed */
	struct held held;
	uint8_t generation[SPOOL_GENERATION_BYTES];
	uint64_t catalogue, keyset;           /* highest serials seen, as on disk */
	uint64_t next_catalogue, next_keyset; /* the same with the open group's */
	struct store_step steps[STORE_GROUP_MAX];
	uint32_t step_count;
	bool is_group_open;
	enum err group_error; /* the first failure of the open group */
	bool is_troubled;     /* the last transaction failed: log the recovery */
	bool is_moved;        /* the file is not where it was opened any more */
	bool is_damaged;      /* the file failed in a way after which nobody may trust it: aside.h */
	struct room room;     /* all zero unless the caller sets it after store_open */
	bool is_room_known;   /* it was looked at for the open group */
	uint64_t appends;     /* committed since the start */
	uint64_t groups;      /* commits that held them */
	uint8_t *scratch;     /* SPOOL_ENVELOPE_MAX bytes */
};

/* Opens PATH (relative, in an own directory), made and brought up to date when needed, and takes it for this process
 * alone. Logs one line that says what is wrong and how to mend it when it returns ERR_DENIED (permissions), ERR_BUSY
 * (another process has it), ERR_INVALID (sound perhaps, but not a spool file of ours or of this version), ERR_CORRUPT (a
 * damaged one), ERR_FULL, ERR_IO, ERR_NOMEM. */
enum err store_open(struct store *store, const char *path, struct store_now now) MUST_CHECK;

/* Closes the file. What was committed stays. Fine after a failed open. */
void store_close(struct store *store);

/* True when this process must not go on after the failure: ERR_IO, ERR_CORRUPT, ERR_NOMEM. After the others it does. Whether
 * the next one may trust the file is store->is_damaged. */
bool store_is_fatal(enum err error);

/* The length of an envelope of BUCKET, 0 to 3. */
size_t store_length(unsigned bucket);

/* Adds an envelope to the open group, opening one if need be. ERR_INVALID: not an envelope; ERR_FULL, ERR_NOMEM: not
 * room for one more, in memory or by store->room; the group goes on without it. ERR_OK: it shares the group's fate, which store_commit tells. At
 * most STORE_GROUP_MAX in a group. */
enum err store_append(struct store *store, struct store_now now, const uint8_t *envelope, size_t length) MUST_CHECK;

/* Remembers serials that intake has seen; part of the group when one is higher than any before. */
void store_seen(struct store *store, uint64_t catalogue, uint64_t keyset);

/* Ends the group. ERR_OK: all of it is on disk. Otherwise nothing of it is stored. */
enum err store_commit(struct store *store) MUST_CHECK;

/* Notes the generation of the office that asks. When it is another than before, every mark and token is void, durably
 * before this returns, and *IS_NEW is true. */
enum err store_generation(struct store *store, struct store_now now, const uint8_t generation[SPOOL_GENERATION_BYTES],
			  bool *is_new) MUST_CHECK;

/* Draws what BATCH gives: see held_pick. OUT has room for MAX. */
enum err store_pick(struct store *store, struct store_now now, unsigned seat, const uint8_t period[SPOOL_PERIOD_BYTES],
		    uint32_t min, uint32_t max, uint32_t *out, uint32_t *count) MUST_CHECK;

/* Reads an item's envelope into OUT, which has SPOOL_ENVELOPE_MAX bytes. */
enum err store_read(struct store *store, uint32_t item, uint8_t *out, size_t *length) MUST_CHECK;

/* Marks COUNT different items, at most SPOOL_BATCH_MAX, as filed, in one transaction. */
enum err store_file(struct store *store, struct store_now now, uint64_t backup, const uint32_t *items,
		    uint32_t count) MUST_CHECK;

/* Lets go at most LIMIT (at most STORE_DROP_STEP) filed envelopes with a mark up to BACKUP, in one transaction.
 * *DROPPED says how many; fewer than LIMIT means that none is left. */
enum err store_drop(struct store *store, uint64_t backup, uint32_t limit, uint32_t *dropped) MUST_CHECK;

/* Gives a few MB of free pages back to the disk. *IS_MORE when there are others. */
enum err store_trim(struct store *store, bool *is_more) MUST_CHECK;

#endif
