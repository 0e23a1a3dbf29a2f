/* SPDX-License-Identifier: MIT */
/* keeping_expire.c: one run of expire deletes what was promised to be gone by its day, and remembers only how much.
 *
 * It must never touch ids seen, tombstones and what they wait for: they alone keep a replay or a restored spool from
 * bringing back what went; only tombstones that were kept for what lay in quarantine go with the last of it. Everything is one transaction under secure_delete; the file is rebuilt afterwards. */
#include "lib/office/accounts.h"
#include "lib/office/audit_chain.h"
#include "lib/office/events.h"
#include "lib/office/keep.h"
#include "lib/office/keeping.h"

#include <inttypes.h>
#include <stdio.h>

enum sql {
	SQL_ADD_NUMBER,
	SQL_ADD_RUN,
	SQL_LAST,
	SQL_EVENTS,
	SQL_PROMISES,
	SQL_DELETE_LINKS,
	SQL_DELETE_TEXTS,
	SQL_DELETE_RESPONSES,
	SQL_DELETE_APART,
	SQL_DELETE_LOOSE_TEXTS,
	SQL_SET_EXPIRED,
	SQL_QUARANTINE_DAYS,
	SQL_DELETE_QUARANTINE,
	SQL_AUDIT_DAYS,
	SQL_DELETE_AUDIT,
	SQL_DELETE_SESSIONS,
	SQL_DELETE_ADDRESSES,
	SQL_DELETE_THROTTLES,
	SQL_COUNT
};

/* Rows of an event: those of one form version, or all where no form is given. */
#define EXPIRE_THESE "WHERE event = ?1 AND (?2 IS NULL OR (form = ?2 AND version = ?3))"

static const char *const statements[SQL_COUNT] = {
	[SQL_ADD_NUMBER] = "INSERT INTO backup (number, day, is_finished) "
			   "VALUES ((SELECT coalesce(max(number), 0) + 1 FROM backup), ?1, 0)",
	[SQL_ADD_RUN] = "INSERT INTO expire_run (number, day, backup) VALUES "
			"((SELECT coalesce(max(number), 0) + 1 FROM expire_run), ?1, (SELECT max(number) FROM backup))",
	[SQL_LAST] = "SELECT day FROM expire_run ORDER BY number DESC LIMIT 1",
	/* Of an event that is over nothing is here, unless the office is one that was restored from before. */
	[SQL_EVENTS] = "SELECT code, min(held_on, coalesce(d.kept_from, held_on)), state IN ('open', 'grace'), "
		       "expired_on IS NOT NULL FROM event LEFT JOIN event_detail d ON d.event = code "
		       "WHERE expired_on IS NULL OR code IN (SELECT event FROM response) "
		       "OR code IN (SELECT event FROM apart) OR code IN (SELECT event FROM free_text) ORDER BY code",
	/* Every version whose thank-you may have named a day: those served, those that are here, those served next. */
	[SQL_PROMISES] = "SELECT form, version FROM event_served WHERE event = ?1 "
			 "UNION SELECT form, version FROM response WHERE event = ?1 "
			 "UNION SELECT form, version FROM apart WHERE event = ?1 "
			 "UNION SELECT f.form, coalesce(f.version, "
			 "(SELECT max(v.version) FROM form_version v WHERE v.form = f.form)) "
			 "FROM event_form f WHERE f.event = ?1 AND ?2",
	[SQL_DELETE_LINKS] = "DELETE FROM link WHERE response IN (SELECT row FROM response " EXPIRE_THESE ")",
	[SQL_DELETE_TEXTS] = "DELETE FROM free_text WHERE response IN (SELECT row FROM response " EXPIRE_THESE ") "
			     "OR apart IN (SELECT row FROM apart " EXPIRE_THESE ")",
	[SQL_DELETE_RESPONSES] = "DELETE FROM response " EXPIRE_THESE,
	[SQL_DELETE_APART] = "DELETE FROM apart " EXPIRE_THESE,
	[SQL_DELETE_LOOSE_TEXTS] = "DELETE FROM free_text WHERE event = ?1 AND (?2 IS NULL OR form = ?2) "
				   "AND response IS NULL AND apart IS NULL",
	[SQL_SET_EXPIRED] = "UPDATE event SET expired_on = ?2 WHERE code = ?1 AND expired_on IS NULL",
	[SQL_QUARANTINE_DAYS] = "SELECT DISTINCT day FROM quarantine ORDER BY day",
	[SQL_DELETE_QUARANTINE] = "DELETE FROM quarantine WHERE day = ?1",
	[SQL_AUDIT_DAYS] = "SELECT DISTINCT day FROM audit ORDER BY day",
	[SQL_DELETE_AUDIT] = "DELETE FROM audit WHERE day = ?1",
	[SQL_DELETE_SESSIONS] = "DELETE FROM session WHERE began_s <= ?1",
	[SQL_DELETE_ADDRESSES] = "DELETE FROM one_time WHERE until_s <= ?1",
	[SQL_DELETE_THROTTLES] = "DELETE FROM throttle WHERE last_s <= ?1",
};

enum { EXPIRE_ARENA_BYTES = 64 << 20, EXPIRE_NUMBER_TEXT = 24, EXPIRE_DAY_S = 24 * 60 * 60 };

/* One run on its way. */
struct expire {
	struct office *office;
	struct date today;
	struct arena *arena;
	struct keep keep;
	char anchors[AUDIT_ANCHORS_TEXT]; /* of the audit, when lines went */
	struct office_expired *out;
};

struct expire_event {
	const char *code;
	struct date held_on; /* the earliest day that it had since it took answers */
	bool takes_answers;
	bool is_expired; /* by an earlier run, or in the office that this one was merged with */
};

/* A form version that an event has served, and whether its day has come. */
struct expire_promise {
	const char *form;
	uint32_t version;
	bool is_over;
};

struct expire_promises {
	struct expire_promise *list;
	size_t count;
	size_t over;
};

static bool expire_has_come(const struct expire *run, struct date day)
{
	return date_days(run->today) >= date_days(day);
}

static enum err expire_run_day(struct expire *run, enum sql sql)
{
	char day[DATE_TEXT];
	date_format(run->today, day);
	CLEANUP_QUERY struct query query = query_new(run->office, statements[sql]);
	query_bind_text(&query, 1, day);
	return query_run(&query, NULL);
}

/* ---- events and their responses ------------------------------------------------------------------------------ */

static enum err expire_list_events(struct expire *run, struct expire_event **out, size_t *count)
{
	size_t room = 0;
	struct expire_event *list = NULL;
	size_t used = 0;
	CLEANUP_QUERY struct query query = query_new(run->office, statements[SQL_EVENTS]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 16 : room * 2;
			list = arena_grow(run->arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		list[used].code = query_text(&query, 0, run->arena);
		list[used].held_on = query_date(&query, 1);
		list[used].takes_answers = query_int(&query, 2) != 0;
		list[used++].is_expired = query_int(&query, 3) != 0;
	}
	*out = list;
	*count = used;
	return error;
}

static enum err expire_read_promise(struct expire *run, const struct expire_event *event, struct query *query,
				    struct expire_promise *out)
{
	struct date until;
	out->form = query_text(query, 0, run->arena);
	out->version = (uint32_t) query_int(query, 1);
	enum err error = query_done(query);
	if (error == ERR_OK)
		error = keep_until(&run->keep, out->form, out->version, event->held_on, &until);
	out->is_over = error == ERR_OK && expire_has_come(run, until);
	return error;
}

static enum err expire_list_promises(struct expire *run, const struct expire_event *event, struct expire_promises *out)
{
	size_t room = 0;
	*out = (struct expire_promises){0};
	CLEANUP_QUERY struct query query = query_new(run->office, statements[SQL_PROMISES]);
	query_bind_text(&query, 1, event->code);
	query_bind_int(&query, 2, event->takes_answers);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (out->count == room) {
			room = room == 0 ? 4 : room * 2;
			out->list = arena_grow(run->arena, out->list, out->count, room, sizeof(*out->list));
			if (out->list == NULL)
				return ERR_NOMEM;
		}
		struct expire_promise *promise = &out->list[out->count++];
		error = expire_read_promise(run, event, &query, promise);
		if (error != ERR_OK)
			return error;
		out->over += promise->is_over;
	}
	return error;
}

/* NULL promise: all of the event. */
static enum err expire_delete_step(struct expire *run, enum sql sql, const char *code,
				   const struct expire_promise *promise, size_t *count)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(run->office, statements[sql]);
	query_bind_text(&query, 1, code);
	if (promise != NULL) {
		query_bind_text(&query, 2, promise->form);
		if (sql != SQL_DELETE_LOOSE_TEXTS)
			query_bind_int(&query, 3, promise->version);
	}
	enum err error = query_run(&query, &changed);
	if (count != NULL)
		*count += changed;
	return error;
}

/* Texts of apart pages that a release has cut loose do not tell any more which version they answered: they go with the
 * first of their form's versions, so that none stays longer than its thank-you said. */
static enum err expire_delete(struct expire *run, const char *code, const struct expire_promise *promise)
{
	struct office_expired *out = run->out;
	enum err error = expire_delete_step(run, SQL_DELETE_LINKS, code, promise, NULL);
	if (error == ERR_OK)
		error = expire_delete_step(run, SQL_DELETE_TEXTS, code, promise, &out->texts);
	if (error == ERR_OK)
		error = expire_delete_step(run, SQL_DELETE_LOOSE_TEXTS, code, promise, &out->texts);
	if (error == ERR_OK)
		error = expire_delete_step(run, SQL_DELETE_RESPONSES, code, promise, &out->responses);
	return error == ERR_OK ? expire_delete_step(run, SQL_DELETE_APART, code, promise, &out->apart) : error;
}

static enum err expire_set_expired(struct expire *run, const char *code)
{
	char day[DATE_TEXT];
	date_format(run->today, day);
	CLEANUP_QUERY struct query query = query_new(run->office, statements[SQL_SET_EXPIRED]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, day);
	return query_run(&query, NULL);
}

static enum err expire_end_event(struct expire *run, const struct expire_event *event)
{
	enum err error = ERR_OK;
	if (event->takes_answers) {
		error = event_step(run->office, event->code, EVENT_CLOSED, 0, "timer");
		run->out->events_closed++;
	}
	if (error == ERR_OK)
		error = expire_delete(run, event->code, NULL);
	return error == ERR_OK ? expire_set_expired(run, event->code) : error;
}

static enum err expire_event(struct expire *run, const struct expire_event *event)
{
	struct expire_promises promises = {0};
	enum err error = event->is_expired ? ERR_OK : expire_list_promises(run, event, &promises);
	if (error != ERR_OK)
		return error;
	if (event->is_expired || (promises.count > 0 && promises.over == promises.count))
		return expire_end_event(run, event);
	for (size_t i = 0; error == ERR_OK && i < promises.count; i++) {
		if (promises.list[i].is_over)
			error = expire_delete(run, event->code, &promises.list[i]);
	}
	return error;
}

static enum err expire_events(struct expire *run)
{
	struct expire_event *events = NULL;
	size_t count = 0;
	enum err error = expire_list_events(run, &events, &count);
	for (size_t i = 0; error == ERR_OK && i < count; i++)
		error = expire_event(run, &events[i]);
	return error;
}

/* ---- what is kept by its own day ----------------------------------------------------------------------------- */

static enum err expire_delete_day(struct expire *run, enum sql sql, struct date day, size_t *count)
{
	size_t changed = 0;
	char text[DATE_TEXT];
	date_format(day, text);
	enum err error = sql == SQL_DELETE_AUDIT ? audit_chain_anchor(run->office, text) : ERR_OK;
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(run->office, statements[sql]);
	query_bind_text(&query, 1, text);
	error = query_run(&query, &changed);
	*count += changed;
	return error;
}

static enum err expire_days(struct expire *run, enum sql days, enum sql delete_day, int months, size_t *count)
{
	for (;;) {
		CLEANUP_QUERY struct query query = query_new(run->office, statements[days]);
		bool has_row;
		enum err error = query_row(&query, &has_row);
		if (error != ERR_OK || !has_row)
			return error;
		struct date day = query_date(&query, 0);
		error = query_done(&query);
		if (error != ERR_OK || !expire_has_come(run, date_add_months(day, months)))
			return error;
		query_fini(&query); /* not while its rows are deleted */
		error = expire_delete_day(run, delete_day, day, count);
		if (error != ERR_OK)
			return error;
	}
}

/* Sign-ins that were over before today began. */
static enum err expire_access(struct expire *run)
{
	static const struct {
		enum sql sql;
		int64_t kept_s;
	} steps[] = {
		{SQL_DELETE_SESSIONS, OFFICE_SESSION_MAX_S},
		{SQL_DELETE_ADDRESSES, 0},
		{SQL_DELETE_THROTTLES, EXPIRE_DAY_S},
	};
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
		CLEANUP_QUERY struct query query = query_new(run->office, statements[steps[i].sql]);
		query_bind_int(&query, 1, date_days(run->today) * EXPIRE_DAY_S - steps[i].kept_s);
		error = query_run(&query, NULL);
	}
	return error;
}

static enum err expire_audit(struct expire *run)
{
	enum err error = expire_days(run, SQL_AUDIT_DAYS, SQL_DELETE_AUDIT, OFFICE_AUDIT_MONTHS, &run->out->audit);
	return error == ERR_OK && run->out->audit > 0 ? audit_chain_settle(run->office, run->anchors) : error;
}

/* ---- the run ------------------------------------------------------------------------------------------------- */

static enum err expire_note(struct expire *run)
{
	const struct {
		const char *action;
		size_t count;
		const char *words;
	} notes[] = {
		{"expire.responses", run->out->responses, ""},
		{"expire.texts", run->out->texts, ""},
		{"expire.quarantine", run->out->quarantined, ""},
		{"expire.audit", run->out->audit, run->anchors},
	};
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < sizeof(notes) / sizeof(notes[0]); i++) {
		char number[EXPIRE_NUMBER_TEXT];
		snprintf(number, sizeof(number), "%zu", notes[i].count);
		if (notes[i].count > 0)
			error = office_audit_words(run->office, office_actor(run->office), notes[i].action, number,
						   notes[i].words);
	}
	return error;
}

static enum err expire_all(struct expire *run)
{
	struct office_expired *out = run->out;
	enum err error = expire_run_day(run, SQL_ADD_NUMBER);
	if (error == ERR_OK)
		error = expire_run_day(run, SQL_ADD_RUN);
	if (error == ERR_OK)
		error = keep_load(run->office, run->arena, &run->keep);
	if (error == ERR_OK)
		error = expire_events(run);
	if (error == ERR_OK)
		error = expire_days(run, SQL_QUARANTINE_DAYS, SQL_DELETE_QUARANTINE, OFFICE_QUARANTINE_MONTHS,
				    &out->quarantined);
	if (error == ERR_OK)
		error = office_drop_idle_tombstones(run->office);
	if (error == ERR_OK)
		error = expire_audit(run);
	if (error == ERR_OK)
		error = expire_access(run);
	if (error == ERR_OK)
		error = expire_note(run);
	if (error != ERR_OK)
		return error;
	return office_count_unordered(run->office,
				      out->responses + out->apart + out->texts + out->quarantined + out->audit);
}

enum err office_expire(struct office *office, struct date today, struct office_expired *out)
{
	*out = (struct office_expired){0};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EXPIRE_ARENA_BYTES);
	struct expire run = {.office = office, .today = today, .arena = &arena, .out = out};
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = expire_all(&run);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error != ERR_OK)
		return error;
	/* What went is overwritten already; this only tidies. Somebody reading just now is no reason to fail. */
	bool is_done;
	error = office_reorder(office, true, &is_done);
	return error == ERR_BUSY ? ERR_OK : error;
}

enum err office_expire_last(struct office *office, struct date *day)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LAST]);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*day = query_date(&query, 0);
	return query_done(&query);
}
