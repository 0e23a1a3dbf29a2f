/* SPDX-License-Identifier: MIT */
/* placements.c: places offered, taken up and completed, by quarter, and what an Area means to give in a year. They are organisers' own
 * counts: nothing here comes from a response. */
#include "lib/office/organising.h"
#include "lib/office/query.h"

#include "lib/base/random.h"

#include <stdio.h>

enum sql { SQL_ADD, SQL_CHANGE, SQL_IS_THERE, SQL_GET, SQL_LIST, SQL_TARGET, SQL_SET_TARGET, SQL_COUNT };

#define PLACEMENT_COLUMNS                                                                                              \
	"id, area, year, quarter, kind, offered, taken_up, completed, meals, school, ethnic, nbcpa, disability, "      \
	"care, "                                                                                                       \
	"version "

static const char *const statements[SQL_COUNT] = {
	[SQL_ADD] =
		"INSERT INTO placement (id, area, year, quarter, kind, offered, taken_up, completed, meals, school, "
		"ethnic, nbcpa, disability, care, version, mark) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1, ?15)",
	[SQL_CHANGE] =
		"UPDATE placement SET area = ?2, year = ?3, quarter = ?4, kind = ?5, offered = ?6, taken_up = ?7, "
		"completed = ?8, meals = ?9, school = ?10, ethnic = ?11, nbcpa = ?12, disability = ?13, "
		"care = ?14, version = version + 1, mark = ?15 WHERE id = ?1 AND version = ?16",
	[SQL_IS_THERE] = "SELECT 1 FROM placement WHERE id = ?1",
	[SQL_GET] = "SELECT " PLACEMENT_COLUMNS "FROM placement WHERE id = ?1",
	[SQL_LIST] = "SELECT " PLACEMENT_COLUMNS "FROM placement WHERE year = ?1 "
		     "AND (?2 IS NULL OR instr(?2, char(10) || area || char(10)) > 0) ORDER BY area, quarter, kind, id",
	[SQL_TARGET] = "SELECT places FROM placement_target WHERE area = ?1 AND year = ?2",
	[SQL_SET_TARGET] =
		"INSERT INTO placement_target (area, year, places, version, mark) VALUES (?1, ?2, ?3, 1, ?4) "
		"ON CONFLICT (area, year) DO UPDATE SET places = excluded.places, version = version + 1, "
		"mark = excluded.mark",
};

enum { PLACEMENT_NAME_MAX = 64, PLACEMENT_YEAR_MIN = 1900, PLACEMENT_YEAR_MAX = 9998, PLACEMENT_MAX = 1000000 };

static bool placement_year_fits(int year)
{
	return year >= PLACEMENT_YEAR_MIN && year <= PLACEMENT_YEAR_MAX;
}

static bool placement_is_possible(const struct office_placement *placement)
{
	if (!office_text_fits(placement->area, PLACEMENT_NAME_MAX, false, false) ||
	    !office_text_fits(placement->kind, PLACEMENT_NAME_MAX, false, false) ||
	    !placement_year_fits(placement->year) || placement->quarter < 1 || placement->quarter > 4 ||
	    placement->offered < 0 || placement->offered > PLACEMENT_MAX || placement->taken_up < 0 ||
	    placement->taken_up > placement->offered || placement->completed < 0 ||
	    placement->completed > placement->taken_up)
		return false;
	for (size_t i = 0; i < OFFICE_CRITERIA; i++) {
		if (placement->criteria[i] < 0 || placement->criteria[i] > placement->taken_up)
			return false;
	}
	return true;
}

/* "AREA YEAR/QUARTER", as the audit names it, cut where an Area's name is long. */
static enum err placement_audit(struct office *office, const char *action, const char *area, int year, int quarter)
{
	char subject[PLACEMENT_NAME_MAX + 1];
	if (quarter > 0)
		snprintf(subject, sizeof(subject), "%d/%d %.40s", year, quarter, area);
	else
		snprintf(subject, sizeof(subject), "%d %.40s", year, area);
	return office_audit(office, office_actor(office), action, subject);
}

static enum err placement_write(struct office *office, enum sql sql, int64_t id,
				const struct office_placement *placement, size_t *changed)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, id);
	query_bind_text(&query, 2, placement->area);
	query_bind_int(&query, 3, placement->year);
	query_bind_int(&query, 4, placement->quarter);
	query_bind_text(&query, 5, placement->kind);
	query_bind_int(&query, 6, placement->offered);
	query_bind_int(&query, 7, placement->taken_up);
	query_bind_int(&query, 8, placement->completed);
	for (int i = 0; i < OFFICE_CRITERIA; i++)
		query_bind_int(&query, 9 + i, placement->criteria[i]);
	query_bind_int(&query, 15, random_key());
	if (sql == SQL_CHANGE)
		query_bind_int(&query, 16, placement->version);
	return query_run(&query, changed);
}

static enum err placement_change(struct office *office, const struct office_placement *placement)
{
	size_t changed = 0;
	bool is_there = false;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_IS_THERE]);
	query_bind_int(&query, 1, placement->id);
	enum err error = query_row(&query, &is_there);
	if (error == ERR_OK && !is_there)
		error = ERR_NOT_FOUND;
	if (error == ERR_OK)
		error = placement_write(office, SQL_CHANGE, placement->id, placement, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

enum err office_placement_save(struct office *office, const struct office_placement *placement)
{
	bool is_new = placement->id == 0;
	if (!placement_is_possible(placement))
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = is_new ? placement_write(office, SQL_ADD, random_key(), placement, NULL)
			       : placement_change(office, placement);
	if (error == ERR_OK)
		error = placement_audit(office, is_new ? "placement.add" : "placement.change", placement->area,
					placement->year, placement->quarter);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static enum err placement_read(struct query *query, struct arena *arena, struct office_placement *out)
{
	out->id = query_int(query, 0);
	out->area = query_text(query, 1, arena);
	out->year = (int) query_int(query, 2);
	out->quarter = (int) query_int(query, 3);
	out->kind = query_text(query, 4, arena);
	out->offered = query_int(query, 5);
	out->taken_up = query_int(query, 6);
	out->completed = query_int(query, 7);
	for (int i = 0; i < OFFICE_CRITERIA; i++)
		out->criteria[i] = query_int(query, 8 + i);
	out->version = (uint32_t) query_int(query, 14);
	return query_done(query);
}

enum err office_placement_get(struct office *office, int64_t id, struct arena *arena, struct office_placement **out)
{
	struct office_placement *placement = arena_new(arena, struct office_placement);
	if (placement == NULL)
		return ERR_NOMEM;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_int(&query, 1, id);
	enum err error = query_one(&query);
	if (error == ERR_OK)
		error = placement_read(&query, arena, placement);
	if (error == ERR_OK)
		*out = placement;
	return error;
}

enum err office_placement_list(struct office *office, const char *const *areas, size_t areas_count, int year,
			       struct arena *arena, struct office_placement **out, size_t *count)
{
	struct office_placement *list = NULL;
	size_t used = 0, room = 0;
	const char *joined = areas != NULL ? office_join_names(areas, areas_count, arena) : NULL;
	if (areas != NULL && joined == NULL)
		return ERR_NOMEM;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LIST]);
	query_bind_int(&query, 1, year);
	query_bind_text(&query, 2, joined);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 16 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		error = placement_read(&query, arena, &list[used++]);
		if (error != ERR_OK)
			return error;
	}
	*out = list;
	*count = used;
	return error;
}

/* ---- targets ------------------------------------------------------------------------------------------------- */

enum err office_target_get(struct office *office, const char *area, int year, int64_t *places)
{
	bool has_row;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TARGET]);
	query_bind_text(&query, 1, area);
	query_bind_int(&query, 2, year);
	enum err error = query_row(&query, &has_row);
	*places = error == ERR_OK && has_row ? query_count(&query, 0) : OFFICE_UNKNOWN;
	return error;
}

static enum err target_write(struct office *office, const char *area, int year, int64_t places)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_SET_TARGET]);
	query_bind_text(&query, 1, area);
	query_bind_int(&query, 2, year);
	query_bind_count(&query, 3, places);
	query_bind_int(&query, 4, random_key());
	return query_run(&query, NULL);
}

enum err office_target_set(struct office *office, const char *area, int year, int64_t places)
{
	if (!office_text_fits(area, PLACEMENT_NAME_MAX, false, false) || !placement_year_fits(year) ||
	    places < OFFICE_UNKNOWN || places > PLACEMENT_MAX)
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = target_write(office, area, year, places);
	if (error == ERR_OK)
		error = placement_audit(office, "placement.target", area, year, 0);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}
