/* SPDX-License-Identifier: MIT */
/* batch.c: the batch socket's verbs, as soundings-spool(5) describes them.
 *
 * Nothing here waits: an answer of many packets goes out as the other side reads, and a large drop in steps, so that
 * nobody who wants to append waits for either. */
#include "spooler/batch.h"

#include "lib/base/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Sends an 'R', and passes on a failure that the spooler must stop for. */
static enum batch_fate batch_refuse(struct batch *batch, enum spool_refusal refusal)
{
	return client_refuse(&batch->client, refusal) == ERR_OK ? BATCH_STAYS : BATCH_ENDS;
}

static enum batch_fate batch_fail(struct batch *batch, enum err failure, enum err *error)
{
	if (store_is_fatal(failure))
		*error = failure;
	return batch_refuse(batch, client_refusal(failure));
}

static enum batch_fate batch_answer(struct batch *batch, uint8_t verb, const void *body, size_t length)
{
	return client_send(&batch->client, verb, body, length) == ERR_OK ? BATCH_STAYS : BATCH_ENDS;
}

static enum batch_fate batch_hello(struct batch batches[HELD_SEATS], unsigned seat, struct store *store,
				   struct store_now now, const uint8_t *generation, enum err *error)
{
	struct batch *batch = &batches[seat];
	batch->is_greeted = false;
	held_seat_void(&store->held, seat);
	bool is_new;
	enum err failure = store_generation(store, now, generation, &is_new);
	if (failure != ERR_OK)
		return batch_fail(batch, failure, error);
	/* Whoever spoke for another generation has to find out. */
	for (unsigned i = 0; is_new && i < HELD_SEATS; i++)
		batches[i].is_greeted = false;
	batch->is_greeted = true;
	return batch_answer(batch, 'O', NULL, 0);
}

static enum batch_fate batch_give(struct batch *batch, unsigned seat, struct store *store, struct store_now now,
				  const uint8_t *body, enum err *error)
{
	uint32_t min = (uint32_t) bytes_get(body + 8, 2), max = (uint32_t) bytes_get(body + 10, 2);
	if (max < 1 || max > SPOOL_BATCH_MAX || min > max)
		return batch_refuse(batch, SPOOL_REFUSED_FORMAT);
	if (!batch->is_greeted || store->held.seats[seat].count + max > HELD_TOKENS_MAX)
		return batch_refuse(batch, SPOOL_REFUSED_STATE);
	uint32_t items[SPOOL_BATCH_MAX], count;
	enum err failure = store_pick(store, now, seat, body, min, max, items, &count);
	batch->token_count = 0;
	for (uint32_t i = 0; failure == ERR_OK && i < count; i++)
		failure = held_give(&store->held, seat, items[i], &batch->tokens[batch->token_count++]);
	if (failure != ERR_OK)
		return batch_fail(batch, failure, error);
	batch->token_next = 0;
	batch->state = BATCH_GIVES;
	return batch_continue(batch, seat, store, error);
}

static enum batch_fate batch_filed(struct batch *batch, unsigned seat, struct store *store, struct store_now now,
				   const uint8_t *body, size_t length, enum err *error)
{
	uint32_t count = length < 10 ? 0 : (uint32_t) bytes_get(body + 8, 2);
	if (count < 1 || count > SPOOL_BATCH_MAX || length != 10 + 8 * (size_t) count)
		return batch_refuse(batch, SPOOL_REFUSED_FORMAT);
	uint64_t backup = bytes_get(body, 8), tokens[SPOOL_BATCH_MAX];
	uint32_t items[SPOOL_BATCH_MAX];
	bool is_known = batch->is_greeted;
	for (uint32_t i = 0; is_known && i < count; i++) {
		tokens[i] = bytes_get(body + 10 + 8 * (size_t) i, 8);
		items[i] = held_find(&store->held, seat, tokens[i]);
		is_known = items[i] != HELD_NONE;
		for (uint32_t j = 0; is_known && j < i; j++)
			is_known = items[j] != items[i];
	}
	if (!is_known)
		return batch_refuse(batch, SPOOL_REFUSED_STATE);
	enum err failure = store_file(store, now, backup, items, count);
	if (failure != ERR_OK)
		return batch_fail(batch, failure, error);
	for (uint32_t i = 0; i < count; i++)
		held_take_back(&store->held, seat, tokens[i]);
	return batch_answer(batch, 'O', NULL, 0);
}

static enum batch_fate batch_count(struct batch *batch, const struct store *store)
{
	uint8_t body[16];
	bytes_put(body, 8, store->held.waiting);
	bytes_put(body + 8, 8, store->held.marks.count);
	return batch_answer(batch, 'N', body, sizeof body);
}

static int batch_row_compare(const void *a, const void *b)
{
	return memcmp(a, b, SPOOL_PERIOD_BYTES);
}

/* In order of id: the places in memory tell which period came first. */
static enum batch_fate batch_periods(struct batch *batch, const struct held *held)
{
	uint8_t body[HELD_PERIODS_MAX * SPOOL_PERIOD_ROW_BYTES];
	size_t length = 0;
	for (uint32_t i = 0; i < held->period_count; i++) {
		const struct held_period *period = &held->periods[i];
		if (period->count == 0)
			continue;
		memcpy(body + length, period->id, SPOOL_PERIOD_BYTES);
		bytes_put(body + length + SPOOL_PERIOD_BYTES, 8, period->waiting);
		bytes_put(body + length + SPOOL_PERIOD_BYTES + 8, 8, period->count - period->waiting);
		length += SPOOL_PERIOD_ROW_BYTES;
	}
	qsort(body, length / SPOOL_PERIOD_ROW_BYTES, SPOOL_PERIOD_ROW_BYTES, batch_row_compare);
	return batch_answer(batch, 'P', body, length);
}

enum batch_fate batch_request(struct batch batches[HELD_SEATS], unsigned seat, struct store *store,
			      struct store_now now, const struct client_packet *packet, enum err *error)
{
	struct batch *batch = &batches[seat];
	assert(batch->state == BATCH_LISTENS);
	switch (packet->verb) {
	case 'H':
		if (packet->length != SPOOL_GENERATION_BYTES)
			break;
		return batch_hello(batches, seat, store, now, packet->body, error);
	case 'B':
		if (packet->length != SPOOL_PERIOD_BYTES + 4)
			break;
		return batch_give(batch, seat, store, now, packet->body, error);
	case 'F':
		return batch_filed(batch, seat, store, now, packet->body, packet->length, error);
	case 'D':
		if (packet->length != 8)
			break;
		if (!batch->is_greeted)
			return batch_refuse(batch, SPOOL_REFUSED_STATE);
		batch->state = BATCH_DROPS;
		batch->drop_backup = bytes_get(packet->body, 8);
		batch->drop_count = 0;
		batch->drop_limit = STORE_DROP_STEP;
		return BATCH_STAYS;
	case 'C':
		if (packet->length != 0)
			break;
		return batch_count(batch, store);
	case 'P':
		if (packet->length != 0)
			break;
		return batch_periods(batch, &store->held);
	default:
		break;
	}
	return batch_refuse(batch, SPOOL_REFUSED_FORMAT);
}

/* Sends envelopes until the socket is full or all are out, and then the 'E'. */
static enum batch_fate batch_send(struct batch *batch, unsigned seat, struct store *store, enum err *error)
{
	while (batch->token_next < batch->token_count) {
		uint8_t body[8 + SPOOL_ENVELOPE_MAX];
		uint64_t token = batch->tokens[batch->token_next];
		uint32_t item = held_find(&store->held, seat, token);
		size_t length = 0;
		enum err failure = ERR_OK;
		if (item != HELD_NONE) { /* else another connection filed and dropped it meanwhile */
			bytes_put(body, 8, token);
			failure = store_read(store, item, body + 8, &length);
			if (failure != ERR_OK)
				return batch_fail(batch, failure, error);
			failure = client_send(&batch->client, 'I', body, 8 + length);
		}
		if (failure == ERR_BUSY)
			return BATCH_STAYS;
		if (failure != ERR_OK)
			return BATCH_ENDS;
		batch->token_next++;
	}
	enum err failure = client_send(&batch->client, 'E', NULL, 0);
	if (failure == ERR_OK)
		batch->state = BATCH_LISTENS;
	return failure == ERR_OK || failure == ERR_BUSY ? BATCH_STAYS : BATCH_ENDS;
}

static enum batch_fate batch_drop(struct batch *batch, struct store *store, enum err *error)
{
	uint32_t dropped;
	enum err failure = store_drop(store, batch->drop_backup, batch->drop_limit, &dropped);
	if (failure == ERR_FULL && batch->drop_limit > 1) {
		batch->drop_limit /= 2; /* on a full disk even a removal needs room, but a small one needs less */
		return BATCH_STAYS;
	}
	if (failure == ERR_OK) {
		batch->drop_count += dropped;
		if (dropped == batch->drop_limit)
			return BATCH_STAYS;
	}
	batch->state = BATCH_LISTENS;
	batch->is_drop_done = true;
	if (failure != ERR_OK)
		return batch_fail(batch, failure, error);
	uint8_t body[8];
	bytes_put(body, sizeof body, batch->drop_count);
	return batch_answer(batch, 'N', body, sizeof body);
}

enum batch_fate batch_continue(struct batch *batch, unsigned seat, struct store *store, enum err *error)
{
	switch (batch->state) {
	case BATCH_GIVES:
		return batch_send(batch, seat, store, error);
	case BATCH_DROPS:
		return batch_drop(batch, store, error);
	default:
		return BATCH_STAYS;
	}
}
