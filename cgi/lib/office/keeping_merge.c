/* SPDX-License-Identifier: MIT */
/* keeping_merge.c: takes over from another office what going back must never undo: withdrawals, releases, ends of key
 * periods and events, and what would be missed.
 *
 * It must never take over a response: those come from the spool again, or are lost with what held them. Every rule gives
 * the greater, the earlier or the union of two things, so that several offices can be merged in any order, and any of
 * them twice. The statements of a pair run on two connections: no file is ever attached to another. */
#include "lib/office/filing.h"
#include "lib/office/keeping_merge_parts.h"
#include "lib/office/release.h"

#include "lib/base/log.h"

enum copy {
	COPY_FORMS,
	COPY_EVENTS,
	COPY_STATES,
	COPY_GRACE,
	COPY_EXPIRED,
	COPY_SERVED,
	COPY_PERIODS,
	COPY_BACKUPS,
	COPY_QUARANTINE,
	COPY_COUNT
};

/* How far an event has got; release is repeated by itself. */
#define MERGE_RANK(state) "(CASE " state " WHEN 'planned' THEN 0 WHEN 'open' THEN 1 WHEN 'grace' THEN 2 ELSE 3 END)"
/* The earlier of two days, of which either may not be known. */
#define MERGE_EARLIER(column)                                                                                          \
	column " = coalesce(min(" column ", excluded." column "), " column ", excluded." column ")"

static const struct merge_copy copies[COPY_COUNT] = {
	[COPY_FORMS] = {"SELECT form, version, hash, document, published_on FROM form_version",
			"INSERT INTO form_version (form, version, hash, document, published_on) "
			"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (form, version) DO NOTHING"},
	[COPY_EVENTS] = {"SELECT code, title, place, held_on, area, programme, is_practice, is_wales, wants_tickets, "
			 "shown FROM event",
			 "INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, "
			 "wants_tickets, shown, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'planned') "
			 "ON CONFLICT (code) DO NOTHING"},
	[COPY_STATES] = {"SELECT code, replace(state, 'released', 'closed'), grace_until FROM event",
			 "UPDATE event SET state = ?2, grace_until = ?3 "
			 "WHERE code = ?1 AND " MERGE_RANK("?2") " > " MERGE_RANK("state")},
	[COPY_GRACE] = {"SELECT code, grace_until FROM event WHERE state = 'grace'",
			"UPDATE event SET grace_until = ?2 "
			"WHERE code = ?1 AND state = 'grace' AND grace_until < ?2"},
	[COPY_EXPIRED] = {"SELECT code, expired_on FROM event WHERE expired_on IS NOT NULL",
			  "UPDATE event SET expired_on = coalesce(min(expired_on, ?2), ?2) WHERE code = ?1"},
	[COPY_SERVED] = {"SELECT event, form, version FROM event_served",
			 "INSERT OR IGNORE INTO event_served (event, form, version) VALUES (?1, ?2, ?3)"},
	[COPY_PERIODS] = {"SELECT id, is_practice, begun_on, retired_on, destroyed_on FROM period",
			  "INSERT INTO period (id, is_practice, begun_on, retired_on, destroyed_on) "
			  "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET " MERGE_EARLIER(
				  "begun_on") ", " MERGE_EARLIER("retired_on") ", " MERGE_EARLIER("destroyed_on")},
	/* A file that is taken for there and is not is found out when it is to go; the other way nobody would look. */
	[COPY_BACKUPS] = {"SELECT number, day, is_finished, file FROM backup",
			  "INSERT INTO backup (number, day, is_finished, file) VALUES (?1, ?2, ?3, ?4) "
			  "ON CONFLICT (number) DO UPDATE SET is_finished = max(is_finished, excluded.is_finished), "
			  "file = coalesce(file, excluded.file)"},
	[COPY_QUARANTINE] = {"SELECT row, hash, reason, envelope, day FROM quarantine",
			     "INSERT INTO quarantine (row, hash, reason, envelope, day) VALUES (?1, ?2, ?3, ?4, ?5) "
			     "ON CONFLICT (hash) DO NOTHING"},
};

enum sql {
	THERE_FORMS,
	THERE_TOMBSTONES,
	THERE_WAITS,
	THERE_LET_GO,
	THERE_KEPT,
	THERE_RELEASES,
	SQL_FORM_DIFFERS,
	SQL_FINISHED,
	SQL_LINKS,
	SQL_ADD_WAIT,
	SQL_GET_RELEASE,
	SQL_SET_RELEASE,
	SQL_WAIT_AGAIN,
	SQL_LINKS_DESTROYED,
	SQL_DELETE_TOMBSTONES,
	SQL_DELETE_SEEN,
	SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
	[THERE_FORMS] = "SELECT form, version, hash FROM form_version",
	[THERE_TOMBSTONES] = "SELECT t.keyed_withdraw, t.period, t.is_matched, p.is_practice "
			     "FROM tombstone t JOIN period p ON p.id = t.period",
	[THERE_WAITS] = "SELECT event FROM tombstone_waits WHERE tombstone = ?1",
	[THERE_LET_GO] = "SELECT coalesce((SELECT release > ?3 FROM event WHERE code = ?2), 0) FROM seen s "
			 "WHERE s.keyed_id = ?1 AND NOT EXISTS (SELECT 1 FROM link l WHERE l.keyed_id = ?1)",
	[THERE_KEPT] = "SELECT 1 FROM response r JOIN event e ON e.code = r.event "
		       "WHERE r.row = ?1 AND e.code = ?2 AND e.release > ?3",
	[THERE_RELEASES] = "SELECT code, release FROM event WHERE release > 0",
	[SQL_FORM_DIFFERS] = "SELECT 1 FROM form_version WHERE form = ?1 AND version = ?2 AND hash <> ?3",
	[SQL_FINISHED] = "SELECT coalesce(max(number), 0) FROM backup WHERE is_finished = 1",
	[SQL_LINKS] = "SELECT l.keyed_id, l.response, l.apart, e.code, e.release FROM link l "
		      "JOIN response r ON r.row = l.response JOIN event e ON e.code = r.event "
		      "WHERE l.keyed_withdraw = ?1",
	[SQL_ADD_WAIT] = "INSERT INTO tombstone_waits (event, tombstone) SELECT e.code, t.keyed_withdraw "
			 "FROM event e, tombstone t WHERE e.code = ?1 AND e.state <> 'released' "
			 "AND t.keyed_withdraw = ?2 AND t.is_matched = 0 ON CONFLICT (event, tombstone) DO NOTHING",
	[SQL_GET_RELEASE] = "SELECT release FROM event WHERE code = ?1",
	[SQL_SET_RELEASE] = "UPDATE event SET release = ?2 WHERE code = ?1",
	[SQL_WAIT_AGAIN] = "UPDATE event SET release_backup = (SELECT coalesce(max(number), 0) + 1 FROM backup) "
			   "WHERE release_backup > ?1",
	[SQL_LINKS_DESTROYED] = "SELECT l.keyed_id, l.response, l.apart, e.code, e.release FROM period p "
				"JOIN seen s ON s.period = p.id JOIN link l ON l.keyed_id = s.keyed_id "
				"JOIN response r ON r.row = l.response JOIN event e ON e.code = r.event WHERE "
				"p.destroyed_on IS NOT NULL",
	[SQL_DELETE_TOMBSTONES] =
		"DELETE FROM tombstone WHERE period IN (SELECT id FROM period WHERE destroyed_on IS NOT NULL)",
	[SQL_DELETE_SEEN] = "DELETE FROM seen WHERE period IN (SELECT id FROM period WHERE destroyed_on IS NOT NULL)",
};

enum { MERGE_ARENA_BYTES = 16 << 20, MERGE_HASH_BYTES = 32 };

/* ---- copying ------------------------------------------------------------------------------------------------- */

static enum err merge_copy_row(struct merge *merge, const char *into, struct query *row, size_t *count)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(merge->here, into);
	int columns = sqlite3_column_count(row->statement);
	for (int i = 0; query.error == ERR_OK && i < columns; i++)
		query.error =
			query_err(sqlite3_bind_value(query.statement, i + 1, sqlite3_column_value(row->statement, i)));
	enum err error = query_run(&query, &changed);
	*count += changed;
	return error;
}

enum err merge_run(struct merge *merge, const struct merge_copy *copy, size_t *count)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(merge->there, copy->from);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		error = merge_copy_row(merge, copy->into, &query, &changed);
		if (error != ERR_OK)
			return error;
	}
	if (count != NULL)
		*count = changed;
	return error;
}

static enum err merge_run_copy(struct merge *merge, enum copy copy, size_t *count)
{
	return merge_run(merge, &copies[copy], count);
}

/* Two offices that both published after they parted gave one number to two documents. What is here stays; answers to the
 * other that do not fit it are quarantined when they come, never lost. */
static enum err merge_compare_forms(struct merge *merge)
{
	CLEANUP_QUERY struct query there = query_new(merge->there, statements[THERE_FORMS]);
	bool has_row;
	enum err error;
	while ((error = query_row(&there, &has_row)) == ERR_OK && has_row) {
		const char *form = (const char *) sqlite3_column_text(there.statement, 0);
		int64_t version = query_int(&there, 1);
		uint8_t hash[MERGE_HASH_BYTES];
		query_bytes(&there, 2, hash, sizeof(hash));
		bool is_other = false;
		CLEANUP_QUERY struct query here = query_new(merge->here, statements[SQL_FORM_DIFFERS]);
		query_bind_text(&here, 1, form);
		query_bind_int(&here, 2, version);
		query_bind_bytes(&here, 3, hash, sizeof(hash));
		error = query_row(&here, &is_other);
		if (error != ERR_OK)
			return error;
		if (is_other)
			log_warn("office.merge", "form=%s version=%lld kept=here", form, (long long) version);
	}
	return error;
}

static enum err merge_documents(struct merge *merge)
{
	enum err error = merge_run_copy(merge, COPY_FORMS, NULL);
	if (error == ERR_OK)
		error = merge_compare_forms(merge);
	if (error == ERR_OK)
		error = merge_run_copy(merge, COPY_EVENTS, &merge->out->events);
	if (error == ERR_OK)
		error = merge_event_details(merge);
	for (enum copy copy = COPY_STATES; error == ERR_OK && copy <= COPY_PERIODS; copy++)
		error = merge_run_copy(merge, copy, NULL);
	return error;
}

/* A release that waits for a backup here waits for the next one of here: those of there do not hold it. */
static enum err merge_backups(struct merge *merge)
{
	int64_t finished = 0;
	{
		CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_FINISHED]);
		enum err error = query_one(&query);
		finished = query_int(&query, 0);
		if (error != ERR_OK)
			return error;
	}
	enum err error = merge_run_copy(merge, COPY_BACKUPS, NULL);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_WAIT_AGAIN]);
	query_bind_int(&query, 1, finished);
	return query_run(&query, NULL);
}

/* ---- withdrawals --------------------------------------------------------------------------------------------- */

struct merge_tombstone {
	uint8_t keyed[FILING_KEY_BYTES];
	uint8_t period[KEYS_ID_BYTES];
	bool is_matched;
	bool is_practice;
};

/* A response here that has its link. */
struct merge_held {
	uint8_t keyed_id[FILING_KEY_BYTES];
	int64_t response;
	int64_t apart;
	const char *event;
	uint32_t release;
};

static enum err merge_read_held(struct query *query, struct arena *arena, struct merge_held **out, size_t *count)
{
	size_t room = 0;
	*out = NULL;
	*count = 0;
	bool has_row;
	enum err error;
	while ((error = query_row(query, &has_row)) == ERR_OK && has_row) {
		if (*count == room) {
			room = room == 0 ? 4 : room * 2;
			*out = arena_grow(arena, *out, *count, room, sizeof(**out));
			if (*out == NULL)
				return ERR_NOMEM;
		}
		struct merge_held *held = &(*out)[(*count)++];
		query_bytes(query, 0, held->keyed_id, FILING_KEY_BYTES);
		held->response = query_int(query, 1);
		held->apart = query_int(query, 2);
		held->event = query_text(query, 3, arena);
		held->release = (uint32_t) query_int(query, 4);
	}
	return error;
}

static enum err merge_list_held(struct merge *merge, const struct merge_tombstone *tombstone, struct arena *arena,
				struct merge_held **out, size_t *count)
{
	CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_LINKS]);
	query_bind_bytes(&query, 1, tombstone->keyed, FILING_KEY_BYTES);
	return merge_read_held(&query, arena, out, count);
}

/* Whether the withdrawal came too late there: it found nothing, for that very response was let go already, released or at
 * the end of its days. */
static enum err merge_came_late(struct merge *merge, const struct merge_tombstone *tombstone,
				const struct merge_held *held, bool *is_late, bool *is_released)
{
	*is_late = false;
	*is_released = false;
	if (tombstone->is_matched)
		return ERR_OK;
	CLEANUP_QUERY struct query query = query_new(merge->there, statements[THERE_LET_GO]);
	query_bind_bytes(&query, 1, held->keyed_id, FILING_KEY_BYTES);
	query_bind_text(&query, 2, held->event);
	query_bind_int(&query, 3, held->release);
	enum err error = query_row(&query, is_late);
	*is_released = error == ERR_OK && *is_late && query_int(&query, 0) != 0;
	return error;
}

/* What was released there before the withdrawal came is about to be so here, as if it had been merged first. Whatever else
 * carries the receipt goes; but a withdrawal that came late has not found it, and waits on as it does there. */
static enum err merge_withdraw(struct merge *merge, struct merge_tombstone *tombstone)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, MERGE_ARENA_BYTES);
	struct merge_held *held = NULL;
	size_t count = 0;
	bool is_found = tombstone->is_matched;
	enum err error = merge_list_held(merge, tombstone, &arena, &held, &count);
	for (size_t i = 0; error == ERR_OK && i < count; i++) {
		bool is_late, is_released;
		error = merge_came_late(merge, tombstone, &held[i], &is_late, &is_released);
		if (error != ERR_OK || is_released)
			continue;
		error = filing_forget(merge->here, held[i].response, held[i].apart);
		is_found = is_found || !is_late;
		merge->out->withdrawn++;
		merge->changed++;
	}
	tombstone->is_matched = is_found;
	return error;
}

static enum err merge_waits(struct merge *merge, const struct merge_tombstone *tombstone)
{
	CLEANUP_QUERY struct query waits = query_new(merge->there, statements[THERE_WAITS]);
	query_bind_bytes(&waits, 1, tombstone->keyed, FILING_KEY_BYTES);
	bool has_row;
	enum err error;
	while ((error = query_row(&waits, &has_row)) == ERR_OK && has_row) {
		CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_ADD_WAIT]);
		query_bind_text(&query, 1, (const char *) sqlite3_column_text(waits.statement, 0));
		query_bind_bytes(&query, 2, tombstone->keyed, FILING_KEY_BYTES);
		error = query_run(&query, NULL);
		if (error != ERR_OK)
			return error;
	}
	return error;
}

static enum err merge_tombstone(struct merge *merge, struct merge_tombstone *tombstone)
{
	bool is_destroyed = false;
	bool was_here = false;
	bool is_here = false;
	enum err error = office_period_is_destroyed(merge->here, tombstone->period, &is_destroyed);
	if (error != ERR_OK || is_destroyed)
		return error; /* nothing can come under that period any more */
	error = office_is_withdrawn(merge->here, tombstone->keyed, &was_here);
	if (error == ERR_OK)
		error = merge_withdraw(merge, tombstone);
	if (error == ERR_OK)
		error = filing_add_tombstone(merge->here, tombstone->period, tombstone->is_practice, tombstone->keyed,
					     tombstone->is_matched);
	if (error == ERR_OK)
		error = merge_waits(merge, tombstone);
	if (error == ERR_OK)
		error = filing_drop_idle(merge->here, tombstone->keyed);
	if (error == ERR_OK)
		error = office_is_withdrawn(merge->here, tombstone->keyed, &is_here);
	merge->out->tombstones += !was_here && is_here;
	merge->changed += !was_here && is_here;
	return error;
}

static enum err merge_tombstones(struct merge *merge)
{
	CLEANUP_QUERY struct query query = query_new(merge->there, statements[THERE_TOMBSTONES]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		struct merge_tombstone tombstone;
		query_bytes(&query, 0, tombstone.keyed, FILING_KEY_BYTES);
		query_bytes(&query, 1, tombstone.period, KEYS_ID_BYTES);
		tombstone.is_matched = query_int(&query, 2) != 0;
		tombstone.is_practice = query_int(&query, 3) != 0;
		error = query_done(&query);
		if (error == ERR_OK)
			error = merge_tombstone(merge, &tombstone);
		if (error != ERR_OK)
			return error;
	}
	return error;
}

/* ---- releases ------------------------------------------------------------------------------------------------ */

/* What is here unreleased went there with the first release that this office has not seen, whatever came after it. */
static enum err merge_release(struct merge *merge, const char *code, uint32_t release)
{
	uint32_t before;
	size_t responses = 0;
	{
		CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_GET_RELEASE]);
		query_bind_text(&query, 1, code);
		enum err error = query_one(&query);
		before = (uint32_t) query_int(&query, 0);
		if (error != ERR_OK || before >= release)
			return error;
	}
	enum err error = release_unlink(merge->here, code, before + 1, &responses);
	if (error != ERR_OK)
		return error;
	merge->out->released++;
	merge->changed++;
	CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_SET_RELEASE]);
	query_bind_text(&query, 1, code);
	query_bind_int(&query, 2, release);
	return query_run(&query, NULL);
}

static enum err merge_releases(struct merge *merge)
{
	CLEANUP_QUERY struct query query = query_new(merge->there, statements[THERE_RELEASES]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		error = merge_release(merge, (const char *) sqlite3_column_text(query.statement, 0),
				      (uint32_t) query_int(&query, 1));
		if (error != ERR_OK)
			return error;
	}
	return error;
}

/* ---- periods that were destroyed ----------------------------------------------------------------------------- */

static enum err merge_list_destroyed(struct merge *merge, struct arena *arena, struct merge_held **out, size_t *count)
{
	CLEANUP_QUERY struct query query = query_new(merge->here, statements[SQL_LINKS_DESTROYED]);
	return merge_read_held(&query, arena, out, count);
}

/* Whether that very row lies there, released: it is about to be so here. */
static enum err merge_is_kept(struct merge *merge, const struct merge_held *held, bool *is_kept)
{
	CLEANUP_QUERY struct query query = query_new(merge->there, statements[THERE_KEPT]);
	query_bind_int(&query, 1, held->response);
	query_bind_text(&query, 2, held->event);
	query_bind_int(&query, 3, held->release);
	return query_row(&query, is_kept);
}

/* A period is destroyed when nothing hangs on it. What does so here was released there, or its days were over, or it was
 * withdrawn and the tombstone went with the period. Where that cannot be told apart any more, it goes. */
static enum err merge_withdraw_destroyed(struct merge *merge)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, MERGE_ARENA_BYTES);
	struct merge_held *held = NULL;
	size_t count = 0;
	enum err error = merge_list_destroyed(merge, &arena, &held, &count);
	for (size_t i = 0; error == ERR_OK && i < count; i++) {
		bool is_kept = false;
		error = merge_is_kept(merge, &held[i], &is_kept);
		if (error != ERR_OK || is_kept)
			continue;
		error = filing_forget(merge->here, held[i].response, held[i].apart);
		merge->out->withdrawn++;
		merge->changed++;
	}
	return error;
}

static enum err merge_destroyed(struct merge *merge)
{
	enum err error = query_run_sql(merge->here, statements[SQL_DELETE_TOMBSTONES]);
	return error == ERR_OK ? query_run_sql(merge->here, statements[SQL_DELETE_SEEN]) : error;
}

/* ---- the merge ----------------------------------------------------------------------------------------------- */

/* What was withdrawn goes before releases are repeated: afterwards nothing would tell which response it is. Quarantine comes
 * before withdrawals, which are kept for what lies there. */
static enum err merge_all(struct merge *merge)
{
	enum err error = merge_documents(merge);
	if (error == ERR_OK)
		error = merge_backups(merge);
	if (error == ERR_OK)
		error = merge_run_copy(merge, COPY_QUARANTINE, &merge->out->quarantined);
	if (error == ERR_OK)
		error = merge_tombstones(merge);
	if (error == ERR_OK)
		error = merge_withdraw_destroyed(merge);
	if (error == ERR_OK)
		error = merge_releases(merge);
	if (error == ERR_OK)
		error = merge_destroyed(merge);
	if (error == ERR_OK)
		error = merge_organisers(merge);
	if (error == ERR_OK)
		error = merge_audit(merge);
	merge->changed += merge->out->quarantined;
	return error == ERR_OK && merge->changed > 0 ? office_count_unordered(merge->here, merge->changed) : error;
}

enum err office_merge(struct office *office, struct office *other, struct office_merged *out)
{
	*out = (struct office_merged){0};
	struct merge merge = {.here = office, .there = other, .out = out};
	CLEANUP_TRANSACTION struct transaction picture = {0}; /* only read: never committed */
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&picture, other);
	if (error == ERR_OK)
		error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = merge_all(&merge);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error != ERR_OK)
		return error;
	/* What went is overwritten already; this only tidies. Somebody reading just now is no reason to fail. */
	bool is_done;
	error = office_reorder(office, true, &is_done);
	return error == ERR_BUSY ? ERR_OK : error;
}
