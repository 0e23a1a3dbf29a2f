/* SPDX-License-Identifier: MIT */
/* query.h: the small layer between the office's files and SQLite; nobody outside this folder includes it.
 *
 * A query is one prepared statement on its way. Failures stick, like a strbuf's: bind and read freely, the next
 * query_row or query_run reports the first one. */
#ifndef SOUNDINGS_OFFICE_QUERY_H
#define SOUNDINGS_OFFICE_QUERY_H

#include "lib/base/arena.h"
#include "lib/base/date.h"
#include "lib/base/err.h"
#include "lib/office/office.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct office {
	sqlite3 *db;
	enum office_role role;
	bool is_rebuilding; /* VACUUM attaches a file of its own: the authorizer lets it */
	bool is_in_batch;   /* between office_begin and its end */
	const char *actor;  /* office_act_as; NULL: what the role says */
};

struct query {
	struct office *office;
	sqlite3_stmt *statement; /* NULL when preparing failed */
	enum err error;          /* sticky */
};

/* What a result code of SQLite means. Everything but BUSY and constraints is logged, by code and nothing else. */
enum err query_err(int code);

/* Prepares SQL, which is always a literal from the table of the file that asks. */
struct query query_new(struct office *office, const char *sql);
void query_fini(struct query *query);
#define CLEANUP_QUERY __attribute__((cleanup(query_fini)))

/* Parameters count from 1. Texts and bytes are borrowed until the query ends. NULL text and NULL bytes bind NULL. */
void query_bind_text(struct query *query, int index, const char *text);
void query_bind_int(struct query *query, int index, int64_t value);
void query_bind_bytes(struct query *query, int index, const void *bytes, size_t length);
/* A day of year 0, and a number below 0, bind NULL: it is not known. */
void query_bind_date(struct query *query, int index, struct date date);
void query_bind_count(struct query *query, int index, int64_t count);

/* Steps to the next row; *HAS_ROW false at the end. */
enum err query_row(struct query *query, bool *has_row) MUST_CHECK;

/* Runs a statement that gives no rows. ERR_CONFLICT when a constraint forbids it. *CHANGED (may be NULL): rows changed. */
enum err query_run(struct query *query, size_t *changed) MUST_CHECK;

/* Runs SQL with nothing bound. */
enum err query_run_sql(struct office *office, const char *sql) MUST_CHECK;

/* Begins a transaction that writes. One that could not be rolled back, since that needs memory too, is first: nothing of it may become part of
 * this one. */
enum err query_begin(struct office *office) MUST_CHECK;

/* Columns count from 0. Text and bytes are copies in ARENA; NULL columns give NULL. Without room, or when bytes are not
 * of LENGTH, the query fails with its next step: loops end by asking query_row, single rows by query_done. */
int64_t query_int(struct query *query, int column);
char *query_text(struct query *query, int column, struct arena *arena);
void query_bytes(struct query *query, int column, void *out, size_t length);
struct date query_date(struct query *query, int column);
/* The other way round of query_bind_date and query_bind_count: NULL is a day of year 0, and -1. */
struct date query_date_or_none(struct query *query, int column);
int64_t query_count(struct query *query, int column);

/* For a query that must give one row at most: ERR_NOT_FOUND when there is none. Reading follows, then query_done. */
enum err query_one(struct query *query) MUST_CHECK;
enum err query_done(const struct query *query) MUST_CHECK;

/* BEGIN IMMEDIATE; rolled back unless committed. */
struct transaction {
	struct office *office; /* NULL when none is open */
};
enum err transaction_begin(struct transaction *transaction, struct office *office) MUST_CHECK;
enum err transaction_commit(struct transaction *transaction) MUST_CHECK;
void transaction_fini(struct transaction *transaction);
#define CLEANUP_TRANSACTION __attribute__((cleanup(transaction_fini)))

/* Lets each role do what office_role says and nothing else. */
int office_authorize(void *office, int action, const char *first, const char *second, const char *database,
		     const char *trigger);

/* The actor of this connection's audit lines: "cli", "collector", "reader", "organiser", or whom office_act_as named. */
const char *office_actor(const struct office *office);

/* Whether TEXT is UTF-8 of at most MAX characters without control characters (but line feeds, where it MAY_BREAK), and says something
 * unless it MAY_BE_EMPTY. */
bool office_text_fits(const char *text, size_t max, bool may_be_empty, bool may_break);

/* COUNT names as one text, each between line feeds, for SQL's instr; NULL: no memory. */
char *office_join_names(const char *const *names, size_t count, struct arena *arena);
/* The other way round, of names with line feeds between them. */
enum err office_split_names(const char *joined, struct arena *arena, const char ***out, size_t *count) MUST_CHECK;

/* Counts rows that now lie in the file in the order in which they came; office_reorder asks. Inside a transaction. */
enum err office_count_unordered(struct office *office, size_t rows) MUST_CHECK;

/* SQL: the day that parameter DAY says, but never one before a day that has been, by the newest run of expire or the first key period. What a
 * clock that had fallen back dates would be over as soon as it is right again. */
#define OFFICE_DAY_NOT_BEFORE(DAY)                                                                                     \
	"max(" DAY ", coalesce((SELECT day FROM expire_run ORDER BY number DESC LIMIT 1), "                            \
	"(SELECT min(begun_on) FROM period), " DAY "))"

/* SQL: a row of quarantine that is there only because the office did not know what it is about, or a secret was lacking,
 * which may be otherwise one day. */
#define OFFICE_MAY_BE_FILED "reason IN ('event', 'form', 'office', 'period', 'secret')"

/* SQL: a row of tombstone has found nothing, and nothing is left that it could find: it waits for no event, and what lies in
 * quarantine cannot be its response. */
#define OFFICE_TOMBSTONE_IS_IDLE                                                                                       \
	"is_matched = 0 AND NOT EXISTS (SELECT 1 FROM tombstone_waits w WHERE w.tombstone = keyed_withdraw) "          \
	"AND NOT EXISTS (SELECT 1 FROM quarantine WHERE " OFFICE_MAY_BE_FILED ")"

/* Lets all tombstones go that are idle. Inside a transaction. */
enum err office_drop_idle_tombstones(struct office *office) MUST_CHECK;

#endif
