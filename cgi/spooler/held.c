/* SPDX-License-Identifier: MIT */
/* held.c: the index of what is held, in memory.
 *
 * It mirrors the spool file and decides nothing about it: store.c changes both, the file first. Items never move, so
 * that tokens and lists may name them by number; lists are unordered, and a hole is filled by the last one. */
#include "spooler/held.h"

#include "lib/base/random.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { HELD_FIRST_CAPACITY = 64 };

void held_init(struct held *held)
{
	*held = (struct held){.first_free = HELD_NONE};
}

void held_fini(struct held *held)
{
	free(held->items);
	for (unsigned i = 0; i < HELD_BUCKETS; i++)
		free(held->buckets[i].items);
	free(held->marks.items);
	free(held->periods);
	for (unsigned i = 0; i < HELD_SEATS; i++)
		free(held->seats[i].tokens);
	held_init(held);
}

/* Grows *THINGS, an array of *CAPACITY things of SIZE bytes, until it has room for NEED. */
static enum err held_grow(void **things, uint32_t *capacity, uint32_t need, size_t size)
{
	if (need <= *capacity)
		return ERR_OK;
	uint32_t wanted = *capacity < HELD_FIRST_CAPACITY ? HELD_FIRST_CAPACITY : *capacity + *capacity / 2;
	if (wanted < need)
		wanted = need;
	void *grown = reallocarray(*things, wanted, size);
	if (grown == NULL)
		return ERR_NOMEM;
	*things = grown;
	*capacity = wanted;
	return ERR_OK;
}

static enum err held_list_grow(struct held_list *list, uint32_t need)
{
	void *items = list->items;
	enum err error = held_grow(&items, &list->capacity, need, sizeof *list->items);
	list->items = items;
	return error;
}

uint32_t held_period_find(const struct held *held, const uint8_t id[SPOOL_PERIOD_BYTES])
{
	for (uint32_t i = 0; i < held->period_count; i++)
		if (held->periods[i].count > 0 && memcmp(held->periods[i].id, id, SPOOL_PERIOD_BYTES) == 0)
			return i;
	return HELD_NONE;
}

/* A place for a period: its own, a free one, or a new one. HELD_NONE when there is none. */
static uint32_t held_period_place(struct held *held, const uint8_t id[SPOOL_PERIOD_BYTES])
{
	uint32_t place = held_period_find(held, id);
	if (place != HELD_NONE)
		return place;
	for (place = 0; place < held->period_count && held->periods[place].count > 0; place++)
		continue;
	if (place == held->period_count) {
		if (held->periods == NULL)
			held->periods = calloc(HELD_PERIODS_MAX, sizeof *held->periods);
		if (held->periods == NULL || held->period_count == HELD_PERIODS_MAX)
			return HELD_NONE;
		held->period_count++;
	}
	held->periods[place] = (struct held_period){0};
	memcpy(held->periods[place].id, id, SPOOL_PERIOD_BYTES);
	return place;
}

enum err held_add(struct held *held, int64_t key, const uint8_t period[SPOOL_PERIOD_BYTES], unsigned bucket,
		  uint32_t *item)
{
	assert(bucket < HELD_BUCKETS);
	struct held_list *list = &held->buckets[bucket];
	if (held->used == HELD_ITEMS_MAX && held->first_free == HELD_NONE)
		return ERR_FULL;
	enum err error = held_list_grow(list, list->count + 1);
	if (error == ERR_OK && held->first_free == HELD_NONE) {
		void *items = held->items;
		error = held_grow(&items, &held->capacity, held->used + 1, sizeof *held->items);
		held->items = items;
	}
	if (error != ERR_OK)
		return error;
	uint32_t place = held_period_place(held, period);
	if (place == HELD_NONE)
		return held->periods == NULL ? ERR_NOMEM : ERR_FULL;

	uint32_t number = held->first_free;
	if (number != HELD_NONE)
		held->first_free = held->items[number].at;
	else
		number = held->used++;
	held->items[number] =
		(struct held_item){.key = key, .at = list->count, .period = place, .bucket = (uint8_t) bucket};
	list->items[list->count++] = number;
	held->periods[place].count++;
	held->periods[place].waiting++;
	held->waiting++;
	*item = number;
	return ERR_OK;
}

/* Voids the tokens that any seat has for an item. */
static void held_void_item(struct held *held, uint32_t number)
{
	for (unsigned seat = 0; held->items[number].given != 0; seat++) {
		assert(seat < HELD_SEATS);
		struct held_seat *at = &held->seats[seat];
		for (uint32_t i = at->count; i-- > 0;)
			if (at->tokens[i].item == number)
				at->tokens[i] = at->tokens[--at->count];
		held->items[number].given &= (uint8_t) ~(1u << seat);
	}
}

void held_remove(struct held *held, uint32_t number)
{
	struct held_item *item = &held->items[number];
	assert(number < held->used && item->bucket < HELD_BUCKETS && item->slot == 0);
	held_void_item(held, number);
	struct held_list *list = &held->buckets[item->bucket];
	uint32_t last = list->items[--list->count];
	list->items[item->at] = last;
	held->items[last].at = item->at;
	held->periods[item->period].count--;
	held->periods[item->period].waiting--;
	held->waiting--;
	*item = (struct held_item){.at = held->first_free, .bucket = HELD_BUCKETS};
	held->first_free = number;
}

uint32_t held_draw(const struct held *held, unsigned bucket)
{
	const struct held_list *list = &held->buckets[bucket];
	assert(list->count > 0);
	return list->items[random_below(list->count)];
}

void held_swap(struct held *held, uint32_t a, uint32_t b)
{
	int64_t key = held->items[a].key;
	held->items[a].key = held->items[b].key;
	held->items[b].key = key;
}

enum err held_reserve_marks(struct held *held, uint32_t count)
{
	return held_list_grow(&held->marks, held->marks.count + count);
}

void held_mark(struct held *held, uint32_t number, uint32_t slot)
{
	struct held_list *marks = &held->marks;
	assert(held->items[number].slot == 0 && marks->count < marks->capacity);
	assert(slot >= 1 && slot <= marks->count + 1);
	uint32_t last = ++marks->count;
	if (slot < last) {
		uint32_t moved = marks->items[slot - 1];
		marks->items[last - 1] = moved;
		held->items[moved].slot = last;
	}
	marks->items[slot - 1] = number;
	held->items[number].slot = slot;
	held->periods[held->items[number].period].waiting--;
	held->waiting--;
}

void held_drop(struct held *held, uint32_t slot)
{
	struct held_list *marks = &held->marks;
	assert(slot >= 1 && slot <= marks->count);
	uint32_t number = marks->items[slot - 1];
	uint32_t moved = marks->items[--marks->count];
	marks->items[slot - 1] = moved;
	held->items[moved].slot = slot;
	held->items[number].slot = 0;
	held->periods[held->items[number].period].waiting++;
	held->waiting++;
	held_remove(held, number);
}

void held_unmark_all(struct held *held)
{
	for (uint32_t i = 0; i < held->marks.count; i++) {
		struct held_item *item = &held->items[held->marks.items[i]];
		item->slot = 0;
		held->periods[item->period].waiting++;
		held->waiting++;
	}
	held->marks.count = 0;
}

/* True when an item is of PERIOD and waits. */
static bool held_waits(const struct held_item *item, uint32_t period)
{
	return item->bucket < HELD_BUCKETS && item->slot == 0 && item->period == period;
}

enum err held_pick(const struct held *held, unsigned seat, uint32_t period, uint32_t min, uint32_t max, bool is_due,
		   uint32_t *out, uint32_t *count)
{
	assert(seat < HELD_SEATS && period < held->period_count);
	*count = 0;
	uint32_t *found = reallocarray(NULL, held->periods[period].waiting + 1, sizeof *found);
	if (found == NULL)
		return ERR_NOMEM;
	uint32_t fresh = 0;
	bool is_any_given = false;
	for (uint32_t i = 0; i < held->used; i++) {
		if (!held_waits(&held->items[i], period))
			continue;
		if ((held->items[i].given & (1u << seat)) != 0)
			is_any_given = true;
		else
			found[fresh++] = i;
	}
	if (fresh >= min || (is_due && !is_any_given)) {
		/* The first steps of a Fisher-Yates shuffle: an even draw, in random order. */
		while (*count < max && *count < fresh) {
			uint32_t drawn = *count + (uint32_t) random_below(fresh - *count);
			out[*count] = found[drawn];
			found[drawn] = found[*count];
			(*count)++;
		}
	}
	free(found);
	return ERR_OK;
}

unsigned held_seat_take(struct held *held)
{
	for (unsigned seat = 0; seat < HELD_SEATS; seat++)
		if (!held->seats[seat].is_taken) {
			held->seats[seat].is_taken = true;
			return seat;
		}
	return HELD_SEATS;
}

void held_seat_void(struct held *held, unsigned seat)
{
	struct held_seat *at = &held->seats[seat];
	for (uint32_t i = 0; i < at->count; i++)
		held->items[at->tokens[i].item].given &= (uint8_t) ~(1u << seat);
	at->count = 0;
}

void held_seat_leave(struct held *held, unsigned seat)
{
	held_seat_void(held, seat);
	free(held->seats[seat].tokens);
	held->seats[seat] = (struct held_seat){0};
}

enum err held_give(struct held *held, unsigned seat, uint32_t item, uint64_t *token)
{
	struct held_seat *at = &held->seats[seat];
	assert(at->is_taken && (held->items[item].given & (1u << seat)) == 0);
	if (at->count == HELD_TOKENS_MAX)
		return ERR_FULL;
	void *tokens = at->tokens;
	enum err error = held_grow(&tokens, &at->capacity, at->count + 1, sizeof *at->tokens);
	at->tokens = tokens;
	if (error != ERR_OK)
		return error;
	*token = (uint64_t) random_key();
	at->tokens[at->count++] = (struct held_token){*token, item};
	held->items[item].given |= (uint8_t) (1u << seat);
	return ERR_OK;
}

uint32_t held_find(const struct held *held, unsigned seat, uint64_t token)
{
	const struct held_seat *at = &held->seats[seat];
	for (uint32_t i = 0; i < at->count; i++)
		if (at->tokens[i].token == token)
			return at->tokens[i].item;
	return HELD_NONE;
}

void held_take_back(struct held *held, unsigned seat, uint64_t token)
{
	struct held_seat *at = &held->seats[seat];
	for (uint32_t i = 0; i < at->count; i++)
		if (at->tokens[i].token == token) {
			held->items[at->tokens[i].item].given &= (uint8_t) ~(1u << seat);
			at->tokens[i] = at->tokens[--at->count];
			return;
		}
}
