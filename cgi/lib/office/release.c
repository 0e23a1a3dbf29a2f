/* SPDX-License-Identifier: MIT */
/* release.c: releasing an event destroys what joins a response to its equality answers, language, mode and receipt.
 *
 * One transaction: release number, links, tombstones that waited for this event, state, the backup that the release waits
 * for, audit. It must not touch the ids seen: they alone keep a replay from being filed again. */
#include "lib/office/release.h"

#include "lib/office/query.h"

enum sql {
	SQL_COUNT_LATE,
	SQL_FREEZE,
	SQL_UNLINK_TEXTS,
	SQL_DELETE_LINKS,
	SQL_DELETE_WAITS,
	SQL_SET_RELEASED,
	SQL_IS_SHOWN,
	SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
	[SQL_COUNT_LATE] = "SELECT count(*) FROM response WHERE event = ?1 AND release IS NULL",
	[SQL_FREEZE] = "UPDATE response SET release = ?2 WHERE event = ?1 AND release IS NULL",
	[SQL_UNLINK_TEXTS] =
		"UPDATE free_text SET apart = NULL WHERE apart IN (SELECT row FROM apart WHERE event = ?1)",
	[SQL_DELETE_LINKS] = "DELETE FROM link WHERE response IN (SELECT row FROM response WHERE event = ?1)",
	[SQL_DELETE_WAITS] = "DELETE FROM tombstone_waits WHERE event = ?1",
	/* A backup that has begun by now may have read its picture already: only the next one surely holds the release. */
	[SQL_SET_RELEASED] = "UPDATE event SET state = 'released', release = ?2, grace_until = NULL, "
			     "release_backup = (SELECT coalesce(max(number), 0) + 1 FROM backup) WHERE code = ?1",
	[SQL_IS_SHOWN] = "SELECT " RELEASE_IS_SHOWN " FROM event e WHERE e.code = upper(?1)",
};

enum {
	RELEASE_ARENA_BYTES = 1 << 20,
	RELEASE_LATE_MIN = 5 /* fewer late ones could be told from the release before by taking one from the other */
};

static enum err release_run(struct office *office, enum sql sql, const char *code, uint32_t release, size_t *changed)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_text(&query, 1, code);
	if (sql == SQL_FREEZE || sql == SQL_SET_RELEASED)
		query_bind_int(&query, 2, release);
	return query_run(&query, changed);
}

static enum err release_check(const struct office_event *event)
{
	if (event->shown.is_practice)
		return ERR_DENIED;
	switch (event->shown.state) {
	case EVENT_GRACE:
	case EVENT_CLOSED:
	case EVENT_RELEASED:
		return ERR_OK;
	default:
		return ERR_CONFLICT;
	}
}

/* A later release needs enough new responses that nobody finds the one who came late by comparing two exports. */
static enum err release_check_late(struct office *office, const struct office_event *event)
{
	if (event->release == 0)
		return ERR_OK;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_COUNT_LATE]);
	query_bind_text(&query, 1, event->shown.code);
	enum err error = query_one(&query);
	if (error == ERR_OK && query_int(&query, 0) < RELEASE_LATE_MIN)
		error = ERR_BUSY;
	return error;
}

enum err release_unlink(struct office *office, const char *code, uint32_t release, size_t *responses)
{
	static const enum sql steps[] = {SQL_UNLINK_TEXTS, SQL_DELETE_LINKS, SQL_DELETE_WAITS};
	enum err error = release_run(office, SQL_FREEZE, code, release, responses);
	for (size_t i = 0; error == ERR_OK && i < sizeof(steps) / sizeof(steps[0]); i++)
		error = release_run(office, steps[i], code, release, NULL);
	if (error == ERR_OK)
		error = office_drop_idle_tombstones(office);
	if (error == ERR_OK)
		error = release_run(office, SQL_SET_RELEASED, code, release, NULL);
	return error == ERR_OK ? office_count_unordered(office, *responses) : error;
}

enum err office_event_release(struct office *office, const char *code, uint32_t *release, size_t *responses)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, RELEASE_ARENA_BYTES);
	struct office_event *event = NULL;
	size_t frozen = 0;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_event_get(office, code, &arena, &event);
	if (error == ERR_OK)
		error = release_check(event);
	if (error == ERR_OK)
		error = release_check_late(office, event);
	if (error == ERR_OK)
		error = release_unlink(office, event->shown.code, event->release + 1, &frozen);
	if (error == ERR_OK)
		error = office_audit(office, office_actor(office), "event.release", event->shown.code);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error != ERR_OK)
		return error;
	*release = event->release + 1;
	*responses = frozen;
	/* The links are overwritten already; this only tidies. Somebody reading just now is no reason to fail. */
	bool is_done;
	error = office_reorder(office, true, &is_done);
	return error == ERR_BUSY ? ERR_OK : error;
}

enum err office_event_is_shown(struct office *office, const char *code, bool *is_shown)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_IS_SHOWN]);
	query_bind_text(&query, 1, code);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*is_shown = query_int(&query, 0) != 0;
	return query_done(&query);
}
