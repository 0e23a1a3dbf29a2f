/* SPDX-License-Identifier: MIT */
/* keeping_backup.c: the office's side of backups: their numbers, which files are to go, up to where the spooler may let
 * envelopes go, and the one consistent picture that a backup is made of.
 *
 * It must never write a copy of the office anywhere, nor open the office's file a second time: closing any descriptor of
 * a file drops all POSIX locks that the process holds on it (fcntl(2)), SQLite's among them. So the picture is read through
 * SQLite's own handle, under the lock of a read transaction. sqlite.org/lockingv3.html, sqlite.org/howtocorrupt.html 2.2 */
#include "lib/office/keeping.h"
#include "lib/office/query.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* The day of a row of backup, ?2 being today: numbers only rise, so one that a clock which had fallen back (or was ahead) dated wrongly is
 * as old as the newest before it, or as the instance. */
#define BACKUP_DAY                                                                                                     \
	"nullif(max(coalesce((SELECT max(b.day) FROM backup b WHERE b.number <= backup.number AND b.day <= ?2), ''), " \
	"coalesce((SELECT min(p.begun_on) FROM period p WHERE p.begun_on <= ?2), '')), '')"

enum sql { SQL_ADD, SQL_FINISH, SQL_LIST, SQL_OVER, SQL_GONE, SQL_DROPPABLE, SQL_READ, SQL_FIRST_READ, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_ADD] = "INSERT INTO backup (number, day, is_finished) VALUES (?1, ?2, 0)",
	/* A number that a run of expire took was never a backup. */
	[SQL_FINISH] = "UPDATE backup SET is_finished = 1, file = ?2 "
		       "WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM expire_run r WHERE r.backup = ?1)",
	[SQL_LIST] = "SELECT number, day, is_finished, file FROM backup WHERE is_finished = 1 ORDER BY number DESC",
	[SQL_OVER] = "SELECT number, day, is_finished, file FROM backup "
		     "WHERE is_finished = 1 AND file IS NOT NULL AND " BACKUP_DAY " <= ?1 ORDER BY number",
	[SQL_GONE] = "UPDATE backup SET file = NULL WHERE number = ?1 AND file IS NOT NULL",
	/* Where backups are made, only they let go of anything; where they are not, runs of expire do. */
	[SQL_DROPPABLE] = "SELECT coalesce("
			  "(SELECT max(number) FROM backup WHERE is_finished = 1 AND " BACKUP_DAY " >= ?1), "
			  "max(coalesce((SELECT max(number) FROM backup WHERE is_finished = 1), 0), "
			  "coalesce((SELECT backup FROM expire_run ORDER BY number DESC LIMIT 1 OFFSET ?3), 0)))",
	[SQL_READ] = "BEGIN",
	[SQL_FIRST_READ] = "SELECT one FROM meta",
};

enum {
	BACKUP_PIECE_BYTES = 64 * 1024, /* a page */
	BACKUP_ARENA_BYTES = 2 * BACKUP_PIECE_BYTES,
	BACKUP_NUMBER_ROOM = 24 /* 20 digits and a NUL */
};

/* ---- numbers ------------------------------------------------------------------------------------------------- */

enum err office_backup_begin(struct office *office, struct date today, uint64_t *number)
{
	char day[DATE_TEXT];
	uint64_t next = 0;
	date_format(today, day);
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_backup_next(office, &next);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_int(&query, 1, (int64_t) next);
	query_bind_text(&query, 2, day);
	error = query_run(&query, NULL);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error == ERR_OK)
		*number = next;
	return error;
}

static enum err backup_audit(struct office *office, const char *action, uint64_t number)
{
	char subject[BACKUP_NUMBER_ROOM];
	snprintf(subject, sizeof(subject), "%" PRIu64, number);
	return office_audit(office, office_actor(office), action, subject);
}

/* One row is changed, with a line in the audit, or nothing is. */
static enum err backup_change(struct office *office, enum sql sql, uint64_t number, const char *file,
			      const char *action)
{
	size_t changed = 0;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, (int64_t) number);
	if (sql == SQL_FINISH)
		query_bind_text(&query, 2, file);
	error = query_run(&query, &changed);
	if (error == ERR_OK && changed == 0)
		error = ERR_NOT_FOUND;
	if (error == ERR_OK)
		error = backup_audit(office, action, number);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_backup_finish(struct office *office, uint64_t number, const char *file)
{
	if (file == NULL || file[0] != '/')
		return ERR_INVALID;
	return backup_change(office, SQL_FINISH, number, file, "backup");
}

enum err office_backup_gone(struct office *office, uint64_t number)
{
	return backup_change(office, SQL_GONE, number, NULL, "backup.expire");
}

/* ---- lists --------------------------------------------------------------------------------------------------- */

static enum err backup_read(struct query *query, struct arena *arena, struct office_backup **out, size_t *count)
{
	struct office_backup *list = NULL;
	size_t used = 0;
	size_t room = 0;
	bool has_row;
	enum err error;
	while ((error = query_row(query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 16 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		list[used++] = (struct office_backup){
			.number = (uint64_t) query_int(query, 0),
			.day = query_date(query, 1),
			.is_finished = query_int(query, 2) != 0,
			.file = query_text(query, 3, arena),
		};
	}
	*out = list;
	*count = used;
	return error;
}

enum err office_backup_list(struct office *office, struct arena *arena, struct office_backup **out, size_t *count)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LIST]);
	return backup_read(&query, arena, out, count);
}

/* The day on which a backup that is OFFICE_BACKUP_KEEP_DAYS old today was begun. */
static void backup_oldest(struct date today, char day[DATE_TEXT])
{
	date_format(date_from_days(date_days(today) - OFFICE_BACKUP_KEEP_DAYS), day);
}

enum err office_backup_over(struct office *office, struct date today, struct arena *arena, struct office_backup **out,
			    size_t *count)
{
	char oldest[DATE_TEXT], day[DATE_TEXT];
	backup_oldest(today, oldest);
	date_format(today, day);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_OVER]);
	query_bind_text(&query, 1, oldest);
	query_bind_text(&query, 2, day);
	return backup_read(&query, arena, out, count);
}

enum err office_droppable(struct office *office, struct date today, uint64_t *number)
{
	char oldest[DATE_TEXT], day[DATE_TEXT];
	backup_oldest(today, oldest);
	date_format(today, day);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_DROPPABLE]);
	query_bind_text(&query, 1, oldest);
	query_bind_text(&query, 2, day);
	query_bind_int(&query, 3, OFFICE_DROP_RUNS - 1);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*number = (uint64_t) query_int(&query, 0);
	return query_done(&query);
}

/* ---- the picture --------------------------------------------------------------------------------------------- */

/* From the first read on nobody else can write to the file, and what a crash left in a journal has been rolled back. */
static enum err snapshot_begin(struct office *office, struct transaction *reading)
{
	enum err error = query_run_sql(office, statements[SQL_READ]);
	if (error != ERR_OK)
		return error;
	reading->office = office;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FIRST_READ]);
	return query_one(&query);
}

static enum err snapshot_find(struct office *office, sqlite3_file **file, uint64_t *bytes)
{
	sqlite3_int64 size = 0;
	*file = NULL;
	enum err error = query_err(sqlite3_file_control(office->db, "main", SQLITE_FCNTL_FILE_POINTER, file));
	if (error != ERR_OK)
		return error;
	assert(*file != NULL && (*file)->pMethods != NULL);
	error = query_err((*file)->pMethods->xFileSize(*file, &size));
	if (error == ERR_OK && (size <= 0 || size % BACKUP_PIECE_BYTES != 0))
		error = ERR_CORRUPT;
	*bytes = (uint64_t) size;
	return error;
}

static enum err snapshot_copy(sqlite3_file *file, uint64_t bytes, const struct office_snapshot *snapshot)
{
	CLEANUP_ARENA struct arena arena; /* which wipes the last piece */
	arena_init(&arena, BACKUP_ARENA_BYTES);
	uint8_t *piece = arena_array(&arena, BACKUP_PIECE_BYTES, uint8_t);
	if (piece == NULL)
		return ERR_NOMEM;
	for (uint64_t at = 0; at < bytes; at += BACKUP_PIECE_BYTES) {
		enum err error = query_err(file->pMethods->xRead(file, piece, BACKUP_PIECE_BYTES, (sqlite3_int64) at));
		if (error == ERR_OK)
			error = snapshot->sink(snapshot->context, piece, BACKUP_PIECE_BYTES);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

enum err office_snapshot(struct office *office, const struct office_snapshot *snapshot)
{
	assert(sqlite3_get_autocommit(office->db) != 0); /* what is not committed is not in the file */
	struct office_digest digest;
	sqlite3_file *file = NULL;
	uint64_t bytes = 0;
	CLEANUP_TRANSACTION struct transaction reading = {0};
	enum err error = snapshot_begin(office, &reading);
	if (error == ERR_OK)
		error = office_digest(office, &digest);
	if (error == ERR_OK)
		error = snapshot_find(office, &file, &bytes);
	if (error == ERR_OK)
		error = snapshot->begin(snapshot->context, &digest, bytes);
	if (error == ERR_OK)
		error = snapshot_copy(file, bytes, snapshot);
	return error == ERR_OK ? transaction_commit(&reading) : error;
}
