/* SPDX-License-Identifier: MIT */
/* store_filed.c: the second half of an envelope's life: drawn for a batch, marked as filed, let go. One transaction a
 * function; the index in memory follows after the commit. What fails on a full disk is tried again without the ballast.
 *
 * Must leave no trace of the order of filing, which where few come is nearly that of arrival: a new mark trades places
 * with one drawn evenly, as envelopes do (store.c). Slots have no gap, so that a draw is a number. */
#include "spooler/store.h"

#include "spooler/store_file.h"
#include "spooler/store_sql.h"
#include "spooler/store_wait.h"

#include "lib/base/bytes.h"
#include "lib/base/random.h"

#include <assert.h>
#include <string.h>

static enum err store_generation_once(struct store *store, struct store_now now,
				      const uint8_t generation[SPOOL_GENERATION_BYTES], bool *is_new)
{
	assert(!store->is_group_open);
	struct held *held = &store->held;
	*is_new = memcmp(generation, store->generation, SPOOL_GENERATION_BYTES) != 0;
	if (!*is_new)
		return ERR_OK;
	enum err error = store_sql_begin(store);
	if (error == ERR_OK)
		error = store_sql_run(store, STORE_FILED_CLEAR);
	for (uint32_t i = 0; error == ERR_OK && i < held->period_count; i++)
		if (held->periods[i].count > 0 && held->periods[i].waiting == 0)
			error = store_wait_put(store, held->periods[i].id, now.day);
	if (error == ERR_OK)
		error = store_sql_put_meta(store, generation, store->catalogue, store->keyset);
	error = store_sql_end(store, error);
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

enum err store_generation(struct store *store, struct store_now now, const uint8_t generation[SPOOL_GENERATION_BYTES],
			  bool *is_new)
{
	enum err error = store_generation_once(store, now, generation, is_new);
	if (error == ERR_FULL && room_let_go(&store->room))
		error = store_generation_once(store, now, generation, is_new);
	return error;
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
	*length = store_length(held->bucket);
	enum err error = store_sql_envelope(store, held->key, out, *length);
	if (error != ERR_OK)
		store_sql_note(store, error);
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
		if (store_sql_column(read, 0, moved_key, 8) != ERR_OK ||
		    store_sql_column(read, 1, moved_backup, 8) != ERR_OK)
			return ERR_CORRUPT;
		enum err error =
			store_mark(store, last, last, (int64_t) bytes_get(moved_key, 8), bytes_get(moved_backup, 8));
		if (error != ERR_OK)
			return error;
		name = STORE_FILED_PUT;
	}
	sqlite3_bind_int64(store->sql[name], 1, slot);
	struct store_number rooms[2];
	store_sql_bind_u64(store->sql[name], 2, (uint64_t) key, &rooms[0]);
	store_sql_bind_u64(store->sql[name], 3, backup, &rooms[1]);
	return store_sql_run(store, name);
}

/* Starts the wait of a period afresh that loses FILED of its waiting envelopes, or ends it. */
static enum err store_wait_again(struct store *store, struct store_now now, uint32_t period, uint32_t filed)
{
	const struct held_period *at = &store->held.periods[period];
	return at->waiting > filed ? store_wait_put(store, at->id, now.day) : store_wait_remove(store, at->id);
}

static enum err store_file_once(struct store *store, struct store_now now, uint64_t backup, const uint32_t *items,
				uint32_t count)
{
	assert(!store->is_group_open && count <= SPOOL_BATCH_MAX);
	struct held *held = &store->held;
	uint32_t slots[SPOOL_BATCH_MAX], marks = held->marks.count;
	enum err error = held_reserve_marks(held, count);
	if (error == ERR_OK)
		error = store_sql_begin(store);
	for (uint32_t i = 0; error == ERR_OK && i < count; i++) {
		const struct held_item *item = &held->items[items[i]];
		slots[i] = 0;
		if (item->slot == 0) {
			marks++;
			slots[i] = (uint32_t) random_below(marks) + 1;
			error = store_mark(store, slots[i], marks, item->key, backup);
		} else { /* another connection filed it meanwhile: the later backup counts */
			struct store_number rooms[2];
			store_sql_bind_u64(store->sql[STORE_FILED_RAISE], 1, (uint64_t) item->key, &rooms[0]);
			store_sql_bind_u64(store->sql[STORE_FILED_RAISE], 2, backup, &rooms[1]);
			error = store_sql_run(store, STORE_FILED_RAISE);
		}
	}
	for (uint32_t period = 0; error == ERR_OK && period < held->period_count; period++) {
		uint32_t filed = 0;
		for (uint32_t i = 0; i < count; i++)
			filed += slots[i] != 0 && held->items[items[i]].period == period;
		if (filed > 0)
			error = store_wait_again(store, now, period, filed);
	}
	error = store_sql_end(store, error);
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

enum err store_file(struct store *store, struct store_now now, uint64_t backup, const uint32_t *items, uint32_t count)
{
	enum err error = store_file_once(store, now, backup, items, count);
	if (error == ERR_FULL && room_let_go(&store->room))
		error = store_file_once(store, now, backup, items, count);
	return error;
}

/* Fills SLOTS with up to LIMIT slots whose marks are due, highest first. */
static enum err store_due(struct store *store, uint64_t backup, uint32_t limit, uint32_t *slots, uint32_t *count)
{
	struct store_number room;
	CLEANUP_RESET sqlite3_stmt *due = store->sql[STORE_FILED_DUE];
	store_sql_bind_u64(due, 1, backup, &room);
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
	enum err error = store_sql_run(store, STORE_ENVELOPE_REMOVE);
	if (error != ERR_OK)
		return error;
	uint8_t moved_key[8], moved_backup[8];
	if (slot < last) {
		CLEANUP_RESET sqlite3_stmt *read = store->sql[STORE_FILED_READ];
		sqlite3_bind_int64(read, 1, last);
		int code = sqlite3_step(read);
		if (code != SQLITE_ROW)
			return code == SQLITE_DONE ? ERR_CORRUPT : store_file_err(code);
		if (store_sql_column(read, 0, moved_key, 8) != ERR_OK ||
		    store_sql_column(read, 1, moved_backup, 8) != ERR_OK)
			return ERR_CORRUPT;
		sqlite3_bind_int64(store->sql[STORE_FILED_PUT], 1, slot);
		store_sql_bind_bytes(store->sql[STORE_FILED_PUT], 2, moved_key, 8);
		store_sql_bind_bytes(store->sql[STORE_FILED_PUT], 3, moved_backup, 8);
		error = store_sql_run(store, STORE_FILED_PUT);
	}
	if (error != ERR_OK)
		return error;
	sqlite3_bind_int64(store->sql[STORE_FILED_REMOVE], 1, last);
	return store_sql_run(store, STORE_FILED_REMOVE);
}

static enum err store_drop_once(struct store *store, uint64_t backup, uint32_t limit, uint32_t *dropped)
{
	assert(!store->is_group_open && limit >= 1 && limit <= STORE_DROP_STEP);
	struct held *held = &store->held;
	uint32_t slots[STORE_DROP_STEP], count = 0, marks = held->marks.count;
	*dropped = 0;
	enum err error = store_due(store, backup, limit, slots, &count);
	if (error != ERR_OK || count == 0) {
		store_sql_note(store, error);
		return error;
	}
	error = store_sql_begin(store);
	/* From the highest slot down, a mark that moves was never due itself, or has its place already. */
	for (uint32_t i = 0; error == ERR_OK && i < count; i++) {
		assert(slots[i] >= 1 && slots[i] <= marks - i);
		error = store_remove(store, held->items[held->marks.items[slots[i] - 1]].key, slots[i], marks - i);
	}
	error = store_sql_end(store, error);
	if (error != ERR_OK)
		return error;
	for (uint32_t i = 0; i < count; i++)
		held_drop(held, slots[i]);
	*dropped = count;
	return ERR_OK;
}

enum err store_drop(struct store *store, uint64_t backup, uint32_t limit, uint32_t *dropped)
{
	enum err error = store_drop_once(store, backup, limit, dropped);
	if (error == ERR_FULL && room_let_go(&store->room))
		error = store_drop_once(store, backup, limit, dropped);
	return error;
}

enum err store_trim(struct store *store, bool *is_more)
{
	assert(!store->is_group_open);
	*is_more = false;
	int64_t pages;
	enum err error = store_sql_number(store, STORE_FREE, &pages);
	if (error == ERR_OK && pages > 0) {
		error = store_sql_run(store, STORE_TRIM);
		*is_more = error == ERR_OK && pages > STORE_TRIM_AT_ONCE;
	}
	if (store_is_fatal(error)) /* after the others the file is as long as before, and nothing else is amiss */
		store_sql_note(store, error);
	return error;
}
