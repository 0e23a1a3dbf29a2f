/* SPDX-License-Identifier: MIT */
/* file.c: files a batch: the one instant at which responses become part of the office is its commit, and only after that
 * does the spooler hear that it may let them go. */
#include "collector/file.h"

#include "collector/judge.h"
#include "lib/base/log.h"
#include "lib/base/random.h"

#include <string.h>

enum {
	FILE_ITEM_ARENA_BYTES = 32 << 20, /* one letter of 64 KiB in all its forms, many times over */
	FILE_RECEIPT_BYTES = 32
};

/* What a batch leaves for its end. */
struct filing {
	struct collector *collector;
	uint8_t withdrawals[SPOOL_BATCH_MAX][FILE_RECEIPT_BYTES];
	size_t withdrawals_count;
	uint64_t tokens[SPOOL_BATCH_MAX]; /* of all: each is in the office now, somehow */
	size_t tokens_count;
	struct collector_counts counts;
	const char *reason; /* of the last one put into quarantine */
};

static enum err file_quarantine(struct filing *filing, const char *reason, const struct spool_item *item)
{
	filing->counts.quarantined++;
	filing->reason = reason;
	return office_file_quarantine(filing->collector->office, reason, item->envelope, item->length);
}

static enum err file_response(struct filing *filing, const struct verdict *verdict, const struct spool_item *item)
{
	enum office_filed result = OFFICE_FILED_NEW;
	enum err error = office_file_response(filing->collector->office, &verdict->response, &result);
	if (error == ERR_NOT_FOUND) /* the catalogue knows it, an older office that was restored does not */
		return file_quarantine(filing, "office", item);
	if (error == ERR_CONFLICT)
		return file_quarantine(filing, "refused", item);
	if (error != ERR_OK)
		return error;
	if (result == OFFICE_FILED_CROSSED)
		return file_quarantine(filing, "crossed", item);
	filing->counts.filed += result == OFFICE_FILED_NEW;
	return ERR_OK;
}

static enum err file_item(struct filing *filing, const struct spool_item *item)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FILE_ITEM_ARENA_BYTES);
	struct verdict verdict;
	enum err error = judge(filing->collector, item->envelope, item->length, &arena, &verdict);
	if (error != ERR_OK)
		return error;
	filing->tokens[filing->tokens_count++] = item->token;
	switch (verdict.kind) {
	case VERDICT_RESPONSE:
		return file_response(filing, &verdict, item);
	case VERDICT_WITHDRAWAL:
		memcpy(filing->withdrawals[filing->withdrawals_count++], verdict.letter.withdraw, FILE_RECEIPT_BYTES);
		/* What can be found is not kept waiting for what cannot, which may never come back; twice is once. */
		return verdict.is_partial ? file_quarantine(filing, "secret", item) : ERR_OK;
	default:
		break;
	}
	return file_quarantine(filing, verdict.reason, item);
}

/* Under every period: the receipt may be older than the key that its withdrawal was sealed to. */
static enum err file_withdrawal(struct filing *filing, const uint8_t withdraw[FILE_RECEIPT_BYTES])
{
	const struct secrets *secrets = &filing->collector->secrets;
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < secrets->count; i++) {
		const struct secret *secret = &secrets->list[i];
		uint8_t keyed[FILE_RECEIPT_BYTES];
		keys_keyed_id(secret->pair.secret_key, withdraw, FILE_RECEIPT_BYTES, keyed);
		error = office_file_withdrawal(filing->collector->office, secret->id, secret->is_practice, keyed);
	}
	filing->counts.withdrawals++;
	return error;
}

static enum err file_all(struct filing *filing, const struct spool_item *items, size_t count)
{
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < count; i++)
		error = file_item(filing, &items[i]);
	for (size_t i = 0; error == ERR_OK && i < filing->withdrawals_count; i++)
		error = file_withdrawal(filing, filing->withdrawals[i]);
	return error;
}

/* ---- what lay in quarantine ---------------------------------------------------------------------------------- */

/* False: it is no better than before, and stays as it was. */
static enum err file_response_again(struct filing *filing, const struct verdict *verdict, bool *is_filed)
{
	enum office_filed result = OFFICE_FILED_NEW;
	enum err error = office_file_response(filing->collector->office, &verdict->response, &result);
	if (error == ERR_NOT_FOUND || error == ERR_CONFLICT)
		return ERR_OK;
	*is_filed = error == ERR_OK && result != OFFICE_FILED_CROSSED;
	filing->counts.filed += error == ERR_OK && result == OFFICE_FILED_NEW;
	return error;
}

static enum err file_item_again(struct filing *filing, const struct office_quarantined *item, size_t *removed)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FILE_ITEM_ARENA_BYTES);
	struct verdict verdict;
	bool is_filed = false;
	enum err error = judge(filing->collector, item->envelope, item->length, &arena, &verdict);
	if (error != ERR_OK)
		return error;
	if (verdict.kind == VERDICT_WITHDRAWAL) {
		memcpy(filing->withdrawals[filing->withdrawals_count++], verdict.letter.withdraw, FILE_RECEIPT_BYTES);
		is_filed = !verdict.is_partial;
	} else if (verdict.kind == VERDICT_RESPONSE) {
		error = file_response_again(filing, &verdict, &is_filed);
	}
	if (error != ERR_OK || !is_filed)
		return error;
	(*removed)++;
	return office_quarantine_remove(filing->collector->office, item->row);
}

static enum err file_all_again(struct filing *filing, const struct office_quarantined *items, size_t count,
			       size_t *removed)
{
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < count; i++)
		error = file_item_again(filing, &items[i], removed);
	for (size_t i = 0; error == ERR_OK && i < filing->withdrawals_count; i++)
		error = file_withdrawal(filing, filing->withdrawals[i]);
	return error;
}

enum err file_again(struct collector *collector, struct office_quarantined *items, size_t count, size_t *removed)
{
	struct filing filing = {.collector = collector};
	*removed = 0;
	if (count > SPOOL_BATCH_MAX)
		return ERR_TOO_BIG;
	random_shuffle(items, count, sizeof(*items));
	enum err error = office_begin(collector->office);
	if (error != ERR_OK)
		return error;
	error = file_all_again(&filing, items, count, removed);
	if (error == ERR_OK)
		error = office_commit(collector->office);
	if (error != ERR_OK) {
		office_rollback(collector->office);
		return error;
	}
	collector->counts.filed += filing.counts.filed;
	collector->counts.withdrawals += filing.counts.withdrawals;
	if (*removed > 0)
		log_info("collector.unquarantined", "count=\"%s\"", collector_band(*removed));
	return ERR_OK;
}

/* ---- what the spooler gives ---------------------------------------------------------------------------------- */

static void file_tell(struct collector *collector, const struct filing *filing)
{
	uint64_t backup;
	if (filing->tokens_count == 0)
		return;
	enum err error = office_backup_next(collector->office, &backup);
	if (error == ERR_OK)
		error = spool_filed(&collector->spool, backup, filing->tokens, filing->tokens_count);
	if (error == ERR_OK)
		return;
	log_warn("collector.unconfirmed", "error=%s", err_name(error));
	spool_fini(&collector->spool); /* only a new connection is offered them again; then they are known */
}

enum err file_batch(struct collector *collector, struct spool_item *items, size_t count)
{
	struct filing filing = {.collector = collector};
	if (count > SPOOL_BATCH_MAX)
		return ERR_TOO_BIG;
	random_shuffle(items, count, sizeof(*items));
	enum err error = office_begin(collector->office);
	if (error != ERR_OK)
		return error;
	error = file_all(&filing, items, count);
	if (error == ERR_OK)
		error = office_commit(collector->office);
	if (error != ERR_OK) {
		office_rollback(collector->office);
		return error;
	}
	collector->counts.filed += filing.counts.filed;
	collector->counts.withdrawals += filing.counts.withdrawals;
	collector->counts.quarantined += filing.counts.quarantined;
	if (filing.counts.quarantined > 0)
		log_warn("collector.quarantined", "count=\"%s\" reason=%s", collector_band(filing.counts.quarantined),
			 filing.reason);
	file_tell(collector, &filing);
	return ERR_OK;
}
