/* SPDX-License-Identifier: MIT */
/* store.c: the first half of an envelope's life: the spool file is opened, and groups of envelopes come in. The second is
 * store_filed.c.
 *
 * Must not open an envelope, and must leave no trace of when one came. SQLite fills a page from its end in the order
 * in which rows come, so even under random keys the place in the file tells the order. Hence the exchange: the new
 * contents go to a place drawn evenly from those of the same size, itself included, and what was there moves to the
 * new place. By induction every order of the contents is then equally likely (Knuth, TAOCP 3.4.2, algorithm P; built
 * up from the front). Marks trade places in the same way.
 *
 * A draw must see the group's earlier envelopes, so the index in memory goes along with each append; what was done to it
 * is undone when the group fails. */
#include "spooler/store.h"

#include "spooler/store_file.h"
#include "spooler/store_sql.h"
#include "spooler/store_wait.h"

#include "lib/base/bytes.h"
#include "lib/base/log.h"
#include "lib/base/random.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* The envelope's outside, as far as the spool needs it: soundings-envelope(5). */
enum {
	OUTSIDE_VERSION = 4,
	OUTSIDE_BUCKET = 5,
	OUTSIDE_ZERO = 6,
	OUTSIDE_PERIOD = 8,
	OUTSIDE_HEADER = 120,
	OUTSIDE_TAG = 16
};

bool store_is_fatal(enum err error)
{
	return error == ERR_IO || error == ERR_CORRUPT || error == ERR_NOMEM;
}

size_t store_length(unsigned bucket)
{
	assert(bucket < HELD_BUCKETS);
	return OUTSIDE_HEADER + ((size_t) 1024 << (2 * bucket)) + OUTSIDE_TAG;
}

/* ---- opening ---- */

static enum err store_load_meta(struct store *store)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_META_READ];
	uint8_t catalogue[8], keyset[8];
	int code = sqlite3_step(statement);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
	enum err error = store_sql_column(statement, 0, store->generation, sizeof store->generation);
	if (error == ERR_OK)
		error = store_sql_column(statement, 1, catalogue, sizeof catalogue);
	if (error == ERR_OK)
		error = store_sql_column(statement, 2, keyset, sizeof keyset);
	if (error != ERR_OK)
		return error;
	store->catalogue = bytes_get(catalogue, 8);
	store->keyset = bytes_get(keyset, 8);
	return ERR_OK;
}

static enum err store_load_envelopes(struct store *store)
{
	CLEANUP_RESET sqlite3_stmt *statement = store->sql[STORE_ENVELOPE_LIST];
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		uint8_t period[SPOOL_PERIOD_BYTES];
		int64_t bucket = sqlite3_column_int64(statement, 2);
		enum err error = store_sql_column(statement, 1, period, sizeof period);
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
		enum err error = store_sql_column(statement, 1, bytes, sizeof bytes);
		if (error == ERR_OK)
			error = held_reserve_marks(held, 1);
		if (error != ERR_OK)
			return error;
		struct store_key wanted = {.key = (int64_t) bytes_get(bytes, 8)};
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
		enum err error = store_sql_column(statement, 0, id, sizeof id);
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
	enum err error = store_sql_prepare(store);
	if (error == ERR_OK)
		error = store_load_meta(store);
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

/* Makes sure that a group is open, or has failed. */
static void store_group(struct store *store)
{
	if (store->is_group_open)
		return;
	store->is_group_open = true;
	store->step_count = 0;
	store->next_catalogue = store->catalogue;
	store->next_keyset = store->keyset;
	store->group_error = store_sql_begin(store);
}

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
	return length == store_length(*bucket) ? ERR_OK : ERR_INVALID;
}

static enum err store_insert(struct store *store, int64_t key, unsigned bucket, const uint8_t *envelope, size_t length)
{
	sqlite3_stmt *add = store->sql[STORE_ENVELOPE_ADD];
	sqlite3_bind_int64(add, 1, key);
	store_sql_bind_bytes(add, 2, envelope + OUTSIDE_PERIOD, SPOOL_PERIOD_BYTES);
	sqlite3_bind_int64(add, 3, bucket);
	store_sql_bind_bytes(add, 4, envelope, length);
	return store_sql_run(store, STORE_ENVELOPE_ADD);
}

/* The exchange: what lies in OTHER's place moves to the new key KEY, and ENVELOPE takes that place. */
static enum err store_exchange(struct store *store, int64_t key, const struct held_item *other, const uint8_t *envelope,
			       size_t length)
{
	enum err error = store_sql_envelope(store, other->key, store->scratch, length);
	if (error == ERR_OK)
		error = store_insert(store, key, other->bucket, store->scratch, length);
	if (error != ERR_OK)
		return error;
	sqlite3_stmt *put = store->sql[STORE_ENVELOPE_PUT];
	sqlite3_bind_int64(put, 1, other->key);
	store_sql_bind_bytes(put, 2, envelope + OUTSIDE_PERIOD, SPOOL_PERIOD_BYTES);
	store_sql_bind_bytes(put, 3, envelope, length);
	error = store_sql_run(store, STORE_ENVELOPE_PUT);
	if (error != ERR_OK || other->slot == 0)
		return error;
	sqlite3_bind_int64(store->sql[STORE_FILED_REKEY], 1, other->slot);
	struct store_number room;
	store_sql_bind_u64(store->sql[STORE_FILED_REKEY], 2, (uint64_t) key, &room);
	return store_sql_run(store, STORE_FILED_REKEY);
}

enum err store_append(struct store *store, struct store_now now, const uint8_t *envelope, size_t length)
{
	unsigned bucket;
	enum err error = store_peek(envelope, length, &bucket);
	if (error != ERR_OK)
		return error;
	if (!store->is_room_known)
		room_look(&store->room);
	store->is_room_known = true;
	if (store->room.is_low)
		return ERR_FULL;
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
	store->is_room_known = false;
	if (!store->is_group_open)
		return ERR_OK;
	enum err error = store->group_error;
	if (error == ERR_OK && (store->next_catalogue != store->catalogue || store->next_keyset != store->keyset))
		error = store_sql_put_meta(store, store->generation, store->next_catalogue, store->next_keyset);
	error = store_sql_end(store, error);
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
