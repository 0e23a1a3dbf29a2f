/* SPDX-License-Identifier: MIT */
/* store.c: what happens to envelopes in the spool file, one transaction a function (appends: one a group).
 *
 * Must not open an envelope, and must leave no trace of when one came. SQLite fills a page from its end in the order
 * in which rows come, so even under random keys the place in the file tells the order. Hence the exchange: the new
 * contents go to a place drawn evenly from those of the same size, itself included, and what was there moves to the
 * new place. By induction every order of the contents is then equally likely (Knuth, TAOCP 3.4.2, algorithm P; built
 * up from the front). Marks trade places in the same way.
 *
 * The file changes first; the index in memory follows after the commit, but for appends, whose draws must see the
 * group's earlier ones: those are undone when the group fails. */
#include "spooler/store.h"

#include "spooler/store_file.h"

#include "lib/base/log.h"
#include "lib/base/random.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum {
	STORE_TOKEN_DAYS = 2, /* calendar days that surely hold 24 hours between them */
	STORE_WAIT_MS = 24 * 60 * 60 * 1000,
	STORE_RESERVE_SHARE = 20,                   /* a twentieth of the disk stays free, */
	STORE_RESERVE_MIN_BYTES = 1024 * 1024,      /* but at least this: filing and letting go need a journal too, */
	STORE_RESERVE_MAX_BYTES = 64 * 1024 * 1024, /* and at most this */
	STORE_PAGE_BYTES = 65536,
	STORE_TRIM_AT_ONCE = 64 /* pages of 64 KiB */
};

/* The envelope's outside, as far as the spool needs it: soundings-envelope(5). */
enum {
	OUTSIDE_VERSION = 4,
	OUTSIDE_BUCKET = 5,
	OUTSIDE_ZERO = 6,
	OUTSIDE_PERIOD = 8,
	OUTSIDE_HEADER = 120,
	OUTSIDE_TAG = 16
};

enum store_sql {
	STORE_BEGIN,
	STORE_COMMIT,
	STORE_ROLLBACK,
	STORE_ENVELOPE_LIST,
	STORE_ENVELOPE_ADD,
	STORE_ENVELOPE_READ,
	STORE_ENVELOPE_PUT,
	STORE_ENVELOPE_REMOVE,
	STORE_FILED_LIST,
	STORE_FILED_ADD,
	STORE_FILED_READ,
	STORE_FILED_PUT,
	STORE_FILED_REKEY,
	STORE_FILED_RAISE,
	STORE_FILED_DUE,
	STORE_FILED_REMOVE,
	STORE_FILED_CLEAR,
	STORE_WAITING_LIST,
	STORE_WAITING_PUT,
	STORE_WAITING_REMOVE,
	STORE_META_READ,
	STORE_META_PUT,
	STORE_TRIM,
	STORE_FREE,
	STORE_PAGES
};
_Static_assert(STORE_PAGES + 1 == STORE_SQL_COUNT, "one statement for each name");

static const char *const store_sql[STORE_SQL_COUNT] = {
	[STORE_BEGIN] = "BEGIN IMMEDIATE",
	[STORE_COMMIT] = "COMMIT",
	[STORE_ROLLBACK] = "ROLLBACK",
	[STORE_ENVELOPE_LIST] = "SELECT key, period, bucket FROM envelope",
	[STORE_ENVELOPE_ADD] = "INSERT INTO envelope (key, period, bucket, data) VALUES (?1, ?2, ?3, ?4)",
	[STORE_ENVELOPE_READ] = "SELECT data FROM envelope WHERE key = ?1",
	[STORE_ENVELOPE_PUT] = "UPDATE envelope SET period = ?2, data = ?3 WHERE key = ?1",
	[STORE_ENVELOPE_REMOVE] = "DELETE FROM envelope WHERE key = ?1",
	[STORE_FILED_LIST] = "SELECT slot, key FROM filed ORDER BY slot",
	[STORE_FILED_ADD] = "INSERT INTO filed (slot, key, backup) VALUES (?1, ?2, ?3)",
	[STORE_FILED_READ] = "SELECT key, backup FROM filed WHERE slot = ?1",
	[STORE_FILED_PUT] = "UPDATE filed SET key = ?2, backup = ?3 WHERE slot = ?1",
	[STORE_FILED_REKEY] = "UPDATE filed SET key = ?2 WHERE slot = ?1",
	[STORE_FILED_RAISE] = "UPDATE filed SET backup = ?2 WHERE key = ?1 AND backup < ?2",
	[STORE_FILED_DUE] = "SELECT slot FROM filed WHERE backup <= ?1 ORDER BY slot DESC LIMIT ?2",
	[STORE_FILED_REMOVE] = "DELETE FROM filed WHERE slot = ?1",
	[STORE_FILED_CLEAR] = "DELETE FROM filed",
	[STORE_WAITING_LIST] = "SELECT period, day FROM waiting",
	[STORE_WAITING_PUT] =
		"INSERT INTO waiting (period, day) VALUES (?1, ?2) ON CONFLICT (period) DO UPDATE SET day = ?2",
	[STORE_WAITING_REMOVE] = "DELETE FROM waiting WHERE period = ?1",
	[STORE_META_READ] = "SELECT generation, catalogue, keyset FROM meta WHERE one = 1",
	[STORE_META_PUT] = "UPDATE meta SET generation = ?1, catalogue = ?2, keyset = ?3 WHERE one = 1",
	[STORE_TRIM] = "PRAGMA incremental_vacuum(64)",
	[STORE_FREE] = "PRAGMA freelist_count",
	[STORE_PAGES] = "PRAGMA page_count",
};
_Static_assert(STORE_TRIM_AT_ONCE == 64, "as STORE_TRIM says");

/* ---- binding, stepping, numbers ---- */

static void store_put_u64(uint8_t out[8], uint64_t number)
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		out[i] = (uint8_t) number;
}

static uint64_t store_get_u64(const uint8_t in[8])
{
	uint64_t number = 0;
	for (int i = 0; i < 8; i++)
		number = number << 8 | in[i];
	return number;
}

static void store_bind_u64(sqlite3_stmt *statement, int at, uint64_t number)
{
	uint8_t bytes[8];
	store_put_u64(bytes, number);
	sqlite3_bind_blob(statement, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

static void store_bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t length)
{
	sqlite3_bind_blob(statement, at, bytes, (int) length, SQLITE_STATIC);
}

/* Copies column AT when it is a blob of exactly LENGTH bytes. */
static enum err store_column(sqlite3_stmt *statement, int at, void *out, size_t length)
{
	const void *blob = sqlite3_column_blob(statement, at);
	if (blob == NULL || (size_t) sqlite3_column_bytes(statement, at) != length)
		return ERR_CORRUPT;
	memcpy(out, blob, length);
	return ERR_OK;
}

/* Runs a statement that gives no rows, and makes it ready for the next time. */
static enum err store_run(struct store *store, enum store_sql name)
{
	sqlite3_stmt *statement = store->sql[name];
	int code = sqlite3_step(statement);
	while (code == SQLITE_ROW) /* incremental_vacuum gives empty ones */
		code = sqlite3_step(statement);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return code == SQLITE_DONE ? ERR_OK : store_file_err(code);
}

static void store_reset(sqlite3_stmt **statement)
{
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
}
#define CLEANUP_RESET __attribute__((cleanup(store_reset)))

bool store_is_fatal(enum err error)
{
	return error == ERR_IO || error == ERR_CORRUPT || error == ERR_NOMEM;
}

/* ---- transactions ---- */

/* Says once that something is wrong, and once that it is over. */
static void store_note(struct store *store, enum err error)
{
	if (error != ERR_OK && !store->is_troubled)
		log_error("spool.failed", "error=%s code=%d %s", err_name(error), sqlite3_extended_errcode(store->db),
			  error == ERR_FULL ? "nothing more is taken until there is room on the disk"
					    : err_words(error));
	if (error == ERR_OK && store->is_troubled)
		log_info("spool.recovered", "envelopes are taken again");
	store->is_troubled = error != ERR_OK;
}

static enum err store_begin(struct store *store)
{
	/* A file that was moved away or replaced would take what we acknowledge with it. */
	int is_moved = 0;
	if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &is_moved) != SQLITE_OK || is_moved != 0)
		return ERR_IO;
	return store_run(store, STORE_BEGIN);
}

/* Ends a transaction: commits unless ERROR says that something failed in it. Gives the failure. */
static enum err store_end(struct store *store, enum err error)
{
	if (error == ERR_OK)
		error = store_run(store, STORE_COMMIT);
	store_note(store, error);
	/* SQLite has rolled back by itself after most failures, but not after all. */
	if (error != ERR_OK && !sqlite3_get_autocommit(store->db) && store_run(store, STORE_ROLLBACK) != ERR_OK)
		return ERR_IO;
	return error;
}

/* How many pages the file has, with those of the open transaction. */
static enum err store_page_count(struct store *store, int64_t *pages)
{
	CLEANUP_RESET sqlite3_stmt *count = store->sql[STORE_PAGES];
	int code = sqlite3_step(count);
	*pages = sqlite3_column_int64(count, 0);
	return code == SQLITE_ROW ? ERR_OK : store_file_err(code);
}

/* True when the disk has room for PAGES more and keeps what filing and letting go need to make room again: a removal
 * from a full disk fails like anything else. */
static bool store_has_room(const struct store *store, int64_t pages)
{
	struct statvfs disk;
	if (statvfs(store->path, &disk) < 0)
		return true; /* then SQLite will say */
	uint64_t reserve = (uint64_t) disk.f_blocks * disk.f_frsize / STORE_RESERVE_SHARE;
	if (reserve < STORE_RESERVE_MIN_BYTES)
		reserve = STORE_RESERVE_MIN_BYTES;
	if (reserve > STORE_RESERVE_MAX_BYTES)
		reserve = STORE_RESERVE_MAX_BYTES;
	uint64_t growth = pages > 0 ? (uint64_t) pages * STORE_PAGE_BYTES : 0;
	return (uint64_t) disk.f_bavail * disk.f_frsize >= reserve + growth;
}

/* Makes sure that a group is open, or has failed. */
static void store_group(struct store *store)
{
	if (store->is_group_open)
		return;
	store->is_group_open = true;
	store->step_count = 0;
	store->next_catalogue = store->catalogue;
	store->next_keyset = store->keyset;
	store->group_error = store_begin(store);
	if (store->group_error == ERR_OK)
		store->group_error = store_page_count(store, &store->group_pages);
}

/* ---- waits ---- */

static enum err store_wait_put(struct store *store, const uint8_t period[SPOOL_PERIOD_BYTES], int64_t day)
{
	store_bind_bytes(store->sql[STORE_WAITING_PUT], 1, period, SPOOL_PERIOD_BYTES);
	sqlite3_bind_int64(store->sql[STORE_WAITING_PUT], 2, day);
	return store_run(store, STORE_WAITING_PUT);
}

static enum err store_wait_remove(struct store *store, const uint8_t period[SPOOL_PERIOD_BYTES])
{
	store_bind_bytes(store->sql[STORE_WAITING_REMOVE], 1, period, SPOOL_PERIOD_BYTES);
	return store_run(store, STORE_WAITING_REMOVE);
}

static void store_wait_starts(struct held_period *period, struct store_now now)
{
	period->day = now.day;
	period->since_ms = now.boottime_ms;
	period->is_carried = false;
}

/* True when what waits of a period has waited a day: by the clock that runs in sleep and that nobody sets; or, when the
 * wait began before this process did, by the calendar, which may be wrong either way. */
static bool store_wait_is_over(const struct held_period *period, struct store_now now)
{
	int64_t days = now.day > period->day ? now.day - period->day : period->day - now.day;
	return now.boottime_ms - period->since_ms >= STORE_WAIT_MS || (period->is_carried && days >= STORE_TOKEN_DAYS);
}

/* ---- opening ---- */

static enum err store_load_meta(struct store *store)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_META_READ];
	uint8_t catalogue[8], keyset[8];
	int code = sqlite3_step(statement);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
	enum err error = store_column(statement, 0, store->generation, sizeof store->generation);
	if (error == ERR_OK)
		error = store_column(statement, 1, catalogue, sizeof catalogue);
	if (error == ERR_OK)
		error = store_column(statement, 2, keyset, sizeof keyset);
	if (error != ERR_OK)
		return error;
	store->catalogue = store_get_u64(catalogue);
	store->keyset = store_get_u64(keyset);
	return ERR_OK;
}

static enum err store_load_envelopes(struct store *store)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_ENVELOPE_LIST];
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		uint8_t period[SPOOL_PERIOD_BYTES];
		int64_t bucket = sqlite3_column_int64(statement, 2);
		enum err error = store_column(statement, 1, period, sizeof period);
		if (error != ERR_OK || bucket < 0 || bucket >= HELD_BUCKETS)
			return ERR_CORRUPT;
		uint32_t item;
		error = held_add(&store->held, sqlite3_column_int64(statement, 0), period, (unsigned) bucket, &item);
		if (error != ERR_OK)
			return error;
	}
	return code == SQLITE_DONE ? ERR_OK : store_file_err(code);
}

/* Keys and their items, sorted by key: only while marks are loaded. */
struct store_key {
	int64_t key;
	uint32_t item;
};

static int store_key_compare(const void *a, const void *b)
{
	const struct store_key *left = a, *right = b;
	return (left->key > right->key) - (left->key < right->key);
}

static void store_key_free(struct store_key **keys)
{
	free(*keys);
}

static enum err store_load_marks(struct store *store)
{
	struct held *held = &store->held;
	__attribute__((cleanup(store_key_free))) struct store_key *keys = calloc((size_t) held->used + 1, sizeof *keys);
	if (keys == NULL)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < held->used; i++) /* no item was removed yet: all are in use */
		keys[i] = (struct store_key){held->items[i].key, i};
	qsort(keys, held->used, sizeof *keys, store_key_compare);

	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_FILED_LIST];
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		uint8_t bytes[8];
		enum err error = store_column(statement, 1, bytes, sizeof bytes);
		if (error == ERR_OK)
			error = held_reserve_marks(held, 1);
		if (error != ERR_OK)
			return error;
		struct store_key wanted = {.key = (int64_t) store_get_u64(bytes)};
		const struct store_key *found = bsearch(&wanted, keys, held->used, sizeof *keys, store_key_compare);
		int64_t slot = sqlite3_column_int64(statement, 0);
		if (found == NULL || slot != (int64_t) held->marks.count + 1 || held->items[found->item].slot != 0)
			return ERR_CORRUPT;
		held_mark(held, found->item, (uint32_t) slot);
	}
	return code == SQLITE_DONE ? ERR_OK : store_file_err(code);
}

static enum err store_load_waits(struct store *store, struct store_now now)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_WAITING_LIST];
	uint32_t loaded = 0, expected = 0;
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		uint8_t id[SPOOL_PERIOD_BYTES];
		enum err error = store_column(statement, 0, id, sizeof id);
		uint32_t at = error == ERR_OK ? held_period_find(&store->held, id) : HELD_NONE;
		if (at == HELD_NONE || store->held.periods[at].waiting == 0)
			return ERR_CORRUPT;
		store->held.periods[at].day = sqlite3_column_int64(statement, 1);
		store->held.periods[at].since_ms = now.boottime_ms;
		store->held.periods[at].is_carried = true;
		loaded++;
	}
	for (uint32_t i = 0; i < store->held.period_count; i++)
		expected += store->held.periods[i].waiting > 0;
	if (code != SQLITE_DONE)
		return store_file_err(code);
	return loaded == expected ? ERR_OK : ERR_CORRUPT;
}

static enum err store_load(struct store *store, struct store_now now)
{
	for (unsigned i = 0; i < STORE_SQL_COUNT; i++) {
		int code = sqlite3_prepare_v3(store->db, store_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &store->sql[i],
					      NULL);
		if (code != SQLITE_OK)
			return store_file_err(code);
	}
	enum err error = store_load_meta(store);
	if (error == ERR_OK)
		error = store_load_envelopes(store);
	if (error == ERR_OK)
		error = store_load_marks(store);
	return error == ERR_OK ? store_load_waits(store, now) : error;
}

enum err store_open(struct store *store, const char *path, struct store_now now)
{
	*store = (struct store){.path = path};
	held_init(&store->held);
	store->scratch = malloc(SPOOL_ENVELOPE_MAX);
	if (store->scratch == NULL)
		return ERR_NOMEM;
	enum err error = store_file_open(path, &store->db);
	if (error != ERR_OK)
		return error;
	error = store_load(store, now);
	if (error != ERR_OK)
		log_error("spool.refused", "file=%s error=%s code=%d %s", path, err_name(error),
			  sqlite3_extended_errcode(store->db), err_words(error));
	return error;
}

void store_close(struct store *store)
{
	for (unsigned i = 0; i < STORE_SQL_COUNT; i++)
		sqlite3_finalize(store->sql[i]);
	sqlite3_close(store->db);
	held_fini(&store->held);
	free(store->scratch);
	*store = (struct store){0};
}

/* ---- appending ---- */

/* Looks at the outside of an envelope. Length and bucket must agree. */
static enum err store_peek(const uint8_t *envelope, size_t length, unsigned *bucket)
{
	static const uint8_t magic[] = {'S', 'N', 'D', 'G', 1};
	_Static_assert(sizeof magic == OUTSIDE_VERSION + 1, "the version follows the magic");
	if (length < OUTSIDE_HEADER || memcmp(envelope, magic, sizeof magic) != 0)
		return ERR_INVALID;
	*bucket = envelope[OUTSIDE_BUCKET];
	if (*bucket >= HELD_BUCKETS || envelope[OUTSIDE_ZERO] != 0 || envelope[OUTSIDE_ZERO + 1] != 0)
		return ERR_INVALID;
	return length == OUTSIDE_HEADER + ((size_t) 1024 << (2 * *bucket)) + OUTSIDE_TAG ? ERR_OK : ERR_INVALID;
}

static enum err store_insert(struct store *store, int64_t key, unsigned bucket, const uint8_t *envelope, size_t length)
{
	sqlite3_stmt *add = store->sql[STORE_ENVELOPE_ADD];
	sqlite3_bind_int64(add, 1, key);
	store_bind_bytes(add, 2, envelope + OUTSIDE_PERIOD, SPOOL_PERIOD_BYTES);
	sqlite3_bind_int64(add, 3, bucket);
	store_bind_bytes(add, 4, envelope, length);
	return store_run(store, STORE_ENVELOPE_ADD);
}

static enum err store_load_envelope(struct store *store, int64_t key, uint8_t *out, size_t length)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_ENVELOPE_READ];
	sqlite3_bind_int64(statement, 1, key);
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return store_column(statement, 0, out, length);
	return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
}

/* The exchange: what lies in OTHER's place moves to the new key KEY, and ENVELOPE takes that place. */
static enum err store_exchange(struct store *store, int64_t key, const struct held_item *other, const uint8_t *envelope,
			       size_t length)
{
	enum err error = store_load_envelope(store, other->key, store->scratch, length);
	if (error == ERR_OK)
		error = store_insert(store, key, other->bucket, store->scratch, length);
	if (error != ERR_OK)
		return error;
	sqlite3_stmt *put = store->sql[STORE_ENVELOPE_PUT];
	sqlite3_bind_int64(put, 1, other->key);
	store_bind_bytes(put, 2, envelope + OUTSIDE_PERIOD, SPOOL_PERIOD_BYTES);
	store_bind_bytes(put, 3, envelope, length);
	error = store_run(store, STORE_ENVELOPE_PUT);
	if (error != ERR_OK || other->slot == 0)
		return error;
	sqlite3_bind_int64(store->sql[STORE_FILED_REKEY], 1, other->slot);
	store_bind_u64(store->sql[STORE_FILED_REKEY], 2, (uint64_t) key);
	return store_run(store, STORE_FILED_REKEY);
}

enum err store_append(struct store *store, struct store_now now, const uint8_t *envelope, size_t length)
{
	unsigned bucket;
	enum err error = store_peek(envelope, length, &bucket);
	if (error != ERR_OK)
		return error;
	store_group(store);
	if (store->group_error != ERR_OK)
		return ERR_OK;
	assert(store->step_count < STORE_GROUP_MAX);
	struct held *held = &store->held;
	uint32_t item;
	int64_t key = random_key();
	error = held_add(held, key, envelope + OUTSIDE_PERIOD, bucket, &item);
	if (error != ERR_OK)
		return error;

	uint32_t other = held_draw(held, bucket);
	store->steps[store->step_count++] = (struct store_step){item, other};
	if (other == item)
		error = store_insert(store, key, bucket, envelope, length);
	else
		error = store_exchange(store, key, &held->items[other], envelope, length);
	held_swap(held, item, other);
	struct held_period *period = &held->periods[held->items[item].period];
	if (error == ERR_OK && period->waiting == 1) {
		store_wait_starts(period, now);
		error = store_wait_put(store, period->id, period->day);
	}
	store->group_error = error;
	return ERR_OK;
}

/* Writes generation and serials. */
static enum err store_put_meta(struct store *store, const uint8_t *generation, uint64_t catalogue, uint64_t keyset)
{
	sqlite3_stmt *put = store->sql[STORE_META_PUT];
	store_bind_bytes(put, 1, generation, SPOOL_GENERATION_BYTES);
	store_bind_u64(put, 2, catalogue);
	store_bind_u64(put, 3, keyset);
	return store_run(store, STORE_META_PUT);
}

void store_seen(struct store *store, uint64_t catalogue, uint64_t keyset)
{
	if (!store->is_group_open && catalogue <= store->catalogue && keyset <= store->keyset)
		return;
	store_group(store);
	if (catalogue > store->next_catalogue)
		store->next_catalogue = catalogue;
	if (keyset > store->next_keyset)
		store->next_keyset = keyset;
}

enum err store_commit(struct store *store)
{
	if (!store->is_group_open)
		return ERR_OK;
	enum err error = store->group_error;
	int64_t pages = 0;
	if (error == ERR_OK && store->step_count > 0)
		error = store_page_count(store, &pages);
	if (error == ERR_OK && store->step_count > 0 && !store_has_room(store, pages - store->group_pages))
		error = ERR_FULL;
	if (error == ERR_OK && (store->next_catalogue != store->catalogue || store->next_keyset != store->keyset))
		error = store_put_meta(store, store->generation, store->next_catalogue, store->next_keyset);
	error = store_end(store, error);
	store->is_group_open = false;
	if (error == ERR_OK) {
		store->catalogue = store->next_catalogue;
		store->keyset = store->next_keyset;
		store->appends += store->step_count;
		store->groups += store->step_count > 0;
		return ERR_OK;
	}
	while (store->step_count > 0) {
		struct store_step step = store->steps[--store->step_count];
		held_swap(&store->held, step.item, step.other);
		held_remove(&store->held, step.item);
	}
	return error;
}

/* ---- giving out, filing, letting go ---- */

enum err store_generation(struct store *store, struct store_now now, const uint8_t generation[SPOOL_GENERATION_BYTES],
			  bool *is_new)
{
	assert(!store->is_group_open);
	struct held *held = &store->held;
	*is_new = memcmp(generation, store->generation, SPOOL_GENERATION_BYTES) != 0;
	if (!*is_new)
		return ERR_OK;
	enum err error = store_begin(store);
	if (error == ERR_OK)
		error = store_run(store, STORE_FILED_CLEAR);
	for (uint32_t i = 0; error == ERR_OK && i < held->period_count; i++)
		if (held->periods[i].count > 0 && held->periods[i].waiting == 0)
			error = store_wait_put(store, held->periods[i].id, now.day);
	if (error == ERR_OK)
		error = store_put_meta(store, generation, store->catalogue, store->keyset);
	error = store_end(store, error);
	if (error != ERR_OK)
		return error;
	memcpy(store->generation, generation, SPOOL_GENERATION_BYTES);
	for (uint32_t i = 0; i < held->period_count; i++)
		if (held->periods[i].count > 0 && held->periods[i].waiting == 0)
			store_wait_starts(&held->periods[i], now);
	held_unmark_all(held);
	for (unsigned seat = 0; seat < HELD_SEATS; seat++)
		held_seat_void(held, seat);
	return ERR_OK;
}

enum err store_pick(struct store *store, struct store_now now, unsigned seat, const uint8_t period[SPOOL_PERIOD_BYTES],
		    uint32_t min, uint32_t max, uint32_t *out, uint32_t *count)
{
	*count = 0;
	uint32_t at = held_period_find(&store->held, period);
	if (at == HELD_NONE)
		return ERR_OK;
	bool is_due = store_wait_is_over(&store->held.periods[at], now);
	return held_pick(&store->held, seat, at, min, max, is_due, out, count);
}

enum err store_read(struct store *store, uint32_t item, uint8_t *out, size_t *length)
{
	assert(!store->is_group_open);
	const struct held_item *held = &store->held.items[item];
	*length = OUTSIDE_HEADER + ((size_t) 1024 << (2 * held->bucket)) + OUTSIDE_TAG;
	enum err error = store_load_envelope(store, held->key, out, *length);
	if (error != ERR_OK)
		store_note(store, error);
	return error;
}

/* Writes the mark of KEY into SLOT; the mark that is there, if any, moves to slot LAST. */
static enum err store_mark(struct store *store, uint32_t slot, uint32_t last, int64_t key, uint64_t backup)
{
	enum store_sql name = STORE_FILED_ADD;
	if (slot < last) {
		CLEANUP_RESET sqlite3_stmt *read = store->sql[STORE_FILED_READ];
		uint8_t moved_key[8], moved_backup[8];
		sqlite3_bind_int64(read, 1, slot);
		int code = sqlite3_step(read);
		if (code != SQLITE_ROW)
			return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
		if (store_column(read, 0, moved_key, 8) != ERR_OK || store_column(read, 1, moved_backup, 8) != ERR_OK)
			return ERR_CORRUPT;
		enum err error =
			store_mark(store, last, last, (int64_t) store_get_u64(moved_key), store_get_u64(moved_backup));
		if (error != ERR_OK)
			return error;
		name = STORE_FILED_PUT;
	}
	sqlite3_bind_int64(store->sql[name], 1, slot);
	store_bind_u64(store->sql[name], 2, (uint64_t) key);
	store_bind_u64(store->sql[name], 3, backup);
	return store_run(store, name);
}

/* Starts the wait of a period afresh that loses FILED of its waiting envelopes, or ends it. */
static enum err store_wait_again(struct store *store, struct store_now now, uint32_t period, uint32_t filed)
{
	const struct held_period *at = &store->held.periods[period];
	return at->waiting > filed ? store_wait_put(store, at->id, now.day) : store_wait_remove(store, at->id);
}

enum err store_file(struct store *store, struct store_now now, uint64_t backup, const uint32_t *items, uint32_t count)
{
	assert(!store->is_group_open && count <= SPOOL_BATCH_MAX);
	struct held *held = &store->held;
	uint32_t slots[SPOOL_BATCH_MAX], marks = held->marks.count;
	enum err error = held_reserve_marks(held, count);
	if (error == ERR_OK)
		error = store_begin(store);
	for (uint32_t i = 0; error == ERR_OK && i < count; i++) {
		const struct held_item *item = &held->items[items[i]];
		slots[i] = 0;
		if (item->slot == 0) {
			marks++;
			slots[i] = (uint32_t) random_below(marks) + 1;
			error = store_mark(store, slots[i], marks, item->key, backup);
		} else { /* another connection filed it meanwhile: the later backup counts */
			store_bind_u64(store->sql[STORE_FILED_RAISE], 1, (uint64_t) item->key);
			store_bind_u64(store->sql[STORE_FILED_RAISE], 2, backup);
			error = store_run(store, STORE_FILED_RAISE);
		}
	}
	for (uint32_t period = 0; error == ERR_OK && period < held->period_count; period++) {
		uint32_t filed = 0;
		for (uint32_t i = 0; i < count; i++)
			filed += slots[i] != 0 && held->items[items[i]].period == period;
		if (filed > 0)
			error = store_wait_again(store, now, period, filed);
	}
	error = store_end(store, error);
	if (error != ERR_OK)
		return error;
	for (uint32_t i = 0; i < count; i++) {
		if (slots[i] == 0)
			continue;
		held_mark(held, items[i], slots[i]);
		store_wait_starts(&held->periods[held->items[items[i]].period], now);
	}
	return ERR_OK;
}

/* Fills SLOTS with up to LIMIT slots whose marks are due, highest first. */
static enum err store_due(struct store *store, uint64_t backup, uint32_t limit, uint32_t *slots, uint32_t *count)
{
	CLEANUP_RESET sqlite3_stmt *due = store->sql[STORE_FILED_DUE];
	store_bind_u64(due, 1, backup);
	sqlite3_bind_int64(due, 2, limit);
	*count = 0;
	int code;
	while ((code = sqlite3_step(due)) == SQLITE_ROW && *count < limit)
		slots[(*count)++] = (uint32_t) sqlite3_column_int64(due, 0);
	return code == SQLITE_DONE ? ERR_OK : store_file_err(code);
}

/* Removes the envelope at KEY and its mark in SLOT; the mark of slot LAST closes the gap. */
static enum err store_remove(struct store *store, int64_t key, uint32_t slot, uint32_t last)
{
	sqlite3_bind_int64(store->sql[STORE_ENVELOPE_REMOVE], 1, key);
	enum err error = store_run(store, STORE_ENVELOPE_REMOVE);
	if (error != ERR_OK)
		return error;
	uint8_t moved_key[8], moved_backup[8];
	if (slot < last) {
		CLEANUP_RESET sqlite3_stmt *read = store->sql[STORE_FILED_READ];
		sqlite3_bind_int64(read, 1, last);
		int code = sqlite3_step(read);
		if (code != SQLITE_ROW)
			return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
		if (store_column(read, 0, moved_key, 8) != ERR_OK || store_column(read, 1, moved_backup, 8) != ERR_OK)
			return ERR_CORRUPT;
		sqlite3_bind_int64(store->sql[STORE_FILED_PUT], 1, slot);
		store_bind_bytes(store->sql[STORE_FILED_PUT], 2, moved_key, 8);
		store_bind_bytes(store->sql[STORE_FILED_PUT], 3, moved_backup, 8);
		error = store_run(store, STORE_FILED_PUT);
	}
	if (error != ERR_OK)
		return error;
	sqlite3_bind_int64(store->sql[STORE_FILED_REMOVE], 1, last);
	return store_run(store, STORE_FILED_REMOVE);
}

enum err store_drop(struct store *store, uint64_t backup, uint32_t limit, uint32_t *dropped)
{
	assert(!store->is_group_open && limit >= 1 && limit <= STORE_DROP_STEP);
	struct held *held = &store->held;
	uint32_t slots[STORE_DROP_STEP], count = 0, marks = held->marks.count;
	*dropped = 0;
	enum err error = store_due(store, backup, limit, slots, &count);
	if (error != ERR_OK || count == 0) {
		store_note(store, error);
		return error;
	}
	error = store_begin(store);
	/* From the highest slot down, a mark that moves was never due itself, or has its place already. */
	for (uint32_t i = 0; error == ERR_OK && i < count; i++) {
		assert(slots[i] >= 1 && slots[i] <= marks - i);
		error = store_remove(store, held->items[held->marks.items[slots[i] - 1]].key, slots[i], marks - i);
	}
	error = store_end(store, error);
	if (error != ERR_OK)
		return error;
	for (uint32_t i = 0; i < count; i++)
		held_drop(held, slots[i]);
	*dropped = count;
	return ERR_OK;
}

enum err store_trim(struct store *store, bool *is_more)
{
	assert(!store->is_group_open);
	*is_more = false;
	int64_t pages = 0;
	{
		CLEANUP_RESET sqlite3_stmt *count = store->sql[STORE_FREE];
		int code = sqlite3_step(count);
		if (code != SQLITE_ROW)
			return store_file_err(code);
		pages = sqlite3_column_int64(count, 0);
	}
	if (pages == 0)
		return ERR_OK;
	enum err error = store_run(store, STORE_TRIM);
	*is_more = error == ERR_OK && pages > STORE_TRIM_AT_ONCE;
	return error;
}
