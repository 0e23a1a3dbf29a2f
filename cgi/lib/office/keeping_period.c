/* SPDX-License-Identifier: MIT */
/* keeping_period.c: the life of key periods: begun, retired, destroyed.
 *
 * A period is over when nothing that was sealed to it can be wanted any more: nothing kept hangs on it, and no backup holds
 * anything of it. Its row stays for good, so that a missing secret is known to be missing on purpose. */
#include "lib/office/keep.h"
#include "lib/office/keeping.h"

#include "lib/base/codec.h"

#include <string.h>

enum sql {
	SQL_ADD,
	SQL_BEGIN,
	SQL_RETIRE,
	SQL_LIST,
	SQL_LIST_RETIRED,
	SQL_IS_DESTROYED,
	SQL_HAS_LINK,
	SQL_SET_DESTROYED,
	SQL_DELETE_TOMBSTONES,
	SQL_DELETE_SEEN,
	SQL_COUNT
};

#define PERIOD_COLUMNS "p.id, p.is_practice, p.begun_on, p.retired_on, p.destroyed_on "
#define PERIOD_HAS_LINK "EXISTS (SELECT 1 FROM link l JOIN seen s ON s.keyed_id = l.keyed_id WHERE s.period = p.id)"

static const char *const statements[SQL_COUNT] = {
	[SQL_ADD] = "INSERT INTO period (id, is_practice) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
	[SQL_BEGIN] = "UPDATE period SET begun_on = ?2 WHERE id = ?1 AND begun_on IS NULL AND retired_on IS NULL",
	[SQL_RETIRE] =
		"UPDATE period SET retired_on = " OFFICE_DAY_NOT_BEFORE("?2") " WHERE id = ?1 AND retired_on IS NULL",
	[SQL_LIST] = "SELECT " PERIOD_COLUMNS "FROM period p ORDER BY p.is_practice, p.begun_on, p.id",
	[SQL_LIST_RETIRED] = "SELECT " PERIOD_COLUMNS "FROM period p WHERE p.retired_on IS NOT NULL "
			     "AND p.destroyed_on IS NULL AND NOT " PERIOD_HAS_LINK " ORDER BY p.retired_on, p.id",
	[SQL_IS_DESTROYED] = "SELECT p.destroyed_on IS NOT NULL FROM period p WHERE p.id = ?1",
	[SQL_HAS_LINK] = "SELECT " PERIOD_HAS_LINK " FROM period p WHERE p.id = ?1",
	/* A period that never retired cannot be destroyed: the table's check says so. */
	[SQL_SET_DESTROYED] = "UPDATE period SET destroyed_on = ?2 WHERE id = ?1",
	[SQL_DELETE_TOMBSTONES] = "DELETE FROM tombstone WHERE period = ?1", /* what they wait for cascades */
	[SQL_DELETE_SEEN] = "DELETE FROM seen WHERE period = ?1",
};

enum { PERIOD_ARENA_BYTES = 16 << 20, PERIOD_ID_HEX = 2 * KEYS_ID_BYTES + 1 };

static enum err period_run(struct office *office, enum sql sql, const uint8_t id[KEYS_ID_BYTES], struct date today)
{
	char day[DATE_TEXT];
	date_format(today, day);
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_bytes(&query, 1, id, KEYS_ID_BYTES);
	if (sql == SQL_BEGIN || sql == SQL_RETIRE || sql == SQL_SET_DESTROYED)
		query_bind_text(&query, 2, day);
	return query_run(&query, NULL);
}

/* ---- listing ------------------------------------------------------------------------------------------------- */

static struct date period_day(struct query *query, int column, bool *is_known)
{
	*is_known = query_done(query) == ERR_OK && sqlite3_column_type(query->statement, column) != SQLITE_NULL;
	return *is_known ? query_date(query, column) : (struct date){0};
}

static enum err period_list(struct office *office, enum sql sql, struct arena *arena, struct office_period **out,
			    size_t *count)
{
	struct office_period *list = NULL;
	size_t used = 0;
	size_t room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 8 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		struct office_period *row = &list[used++];
		query_bytes(&query, 0, row->id, KEYS_ID_BYTES);
		row->is_practice = query_int(&query, 1) != 0;
		row->begun_on = period_day(&query, 2, &row->has_begun);
		row->retired_on = period_day(&query, 3, &row->is_retired);
		row->destroyed_on = period_day(&query, 4, &row->is_destroyed);
	}
	*out = list;
	*count = used;
	return error;
}

enum err office_periods(struct office *office, struct arena *arena, struct office_period **out, size_t *count)
{
	return period_list(office, SQL_LIST, arena, out, count);
}

enum err office_periods_over(struct office *office, struct date today, struct arena *arena, struct office_period **out,
			     size_t *count)
{
	struct keep keep = {0};
	unsigned months = 0;
	struct office_period *list = NULL;
	size_t used = 0;
	enum err error = keep_load(office, arena, &keep);
	if (error == ERR_OK)
		error = keep_longest(&keep, FORM_KEEP_MONTHS_DEFAULT, &months);
	if (error == ERR_OK)
		error = period_list(office, SQL_LIST_RETIRED, arena, &list, &used);
	if (error != ERR_OK)
		return error;
	*out = list;
	*count = 0;
	for (size_t i = 0; i < used; i++) {
		int64_t over = date_days(date_add_months(list[i].retired_on, (int) months)) + OFFICE_BACKUP_KEEP_DAYS;
		if (date_days(today) >= over)
			list[(*count)++] = list[i];
	}
	return ERR_OK;
}

/* ---- noting the key set -------------------------------------------------------------------------------------- */

static enum err period_note_one(struct office *office, const struct period *period, struct date today)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_bytes(&query, 1, period->id, KEYS_ID_BYTES);
	query_bind_int(&query, 2, period->is_practice);
	enum err error = query_run(&query, NULL);
	return error == ERR_OK && period->is_current ? period_run(office, SQL_BEGIN, period->id, today) : error;
}

/* Also those that the key set does not name any more: nothing is sealed to them either. */
static enum err period_retire(struct office *office, const struct keyset *keyset, struct date today)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, PERIOD_ARENA_BYTES);
	struct office_period *list = NULL;
	size_t count = 0;
	enum err error = period_list(office, SQL_LIST, &arena, &list, &count);
	for (size_t i = 0; error == ERR_OK && i < count; i++) {
		const struct period *period = keyset_find(keyset, list[i].id);
		if (!list[i].is_retired && (period == NULL || !period->is_current))
			error = period_run(office, SQL_RETIRE, list[i].id, today);
	}
	return error;
}

enum err office_periods_note(struct office *office, const struct keyset *keyset, struct date today)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	for (size_t i = 0; error == ERR_OK && i < keyset->periods_count; i++)
		error = period_note_one(office, &keyset->periods[i], today);
	if (error == ERR_OK)
		error = period_retire(office, keyset, today);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- destroying ---------------------------------------------------------------------------------------------- */

static enum err period_is(struct office *office, enum sql sql, const uint8_t id[KEYS_ID_BYTES], bool *is)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_bytes(&query, 1, id, KEYS_ID_BYTES);
	enum err error = query_one(&query);
	*is = error == ERR_OK && query_int(&query, 0) != 0;
	return error;
}

static enum err period_destroy(struct office *office, const uint8_t id[KEYS_ID_BYTES], struct date today)
{
	char hex[PERIOD_ID_HEX];
	codec_hex(id, KEYS_ID_BYTES, hex);
	enum err error = period_run(office, SQL_SET_DESTROYED, id, today);
	if (error == ERR_OK)
		error = period_run(office, SQL_DELETE_TOMBSTONES, id, today);
	if (error == ERR_OK)
		error = period_run(office, SQL_DELETE_SEEN, id, today);
	if (error == ERR_OK)
		error = office_count_unordered(office, 1);
	return error == ERR_OK ? office_audit(office, office_actor(office), "period.destroy", hex) : error;
}

enum err office_period_destroyed(struct office *office, const uint8_t id[KEYS_ID_BYTES], struct date today)
{
	bool is_destroyed = false;
	bool has_link = false;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = period_is(office, SQL_IS_DESTROYED, id, &is_destroyed);
	if (error != ERR_OK || is_destroyed)
		return error;
	error = period_is(office, SQL_HAS_LINK, id, &has_link);
	if (error == ERR_OK)
		error = has_link ? ERR_CONFLICT : period_destroy(office, id, today);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error != ERR_OK)
		return error;
	bool is_done;
	error = office_reorder(office, true, &is_done);
	return error == ERR_BUSY ? ERR_OK : error;
}

enum err office_period_is_destroyed(struct office *office, const uint8_t id[KEYS_ID_BYTES], bool *is_destroyed)
{
	enum err error = period_is(office, SQL_IS_DESTROYED, id, is_destroyed);
	return error == ERR_NOT_FOUND ? ERR_OK : error;
}
