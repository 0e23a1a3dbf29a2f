/* SPDX-License-Identifier: MIT */
/* rows.c: the rows of one event for an export: which may leave is decided here (architecture.md, step 10).
 *
 * An ordinary event gives its released responses, from 10 on and not before a backup holds the release, without equality
 * answers, language, variant or mode. A practice event gives all of them, the apart answers as a second list; both
 * shuffled, so that no row of the one list can be laid beside a row of the other. */
#include "lib/office/join.h"

#include "lib/base/random.h"

enum sql { SQL_RESPONSES, SQL_APART, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_RESPONSES] = "SELECT row, form, version FROM response WHERE event = ?1 AND (?2 OR release IS NOT NULL)",
	[SQL_APART] = "SELECT row, form, version, language, variant, mode FROM apart WHERE event = ?1",
};

enum { ROWS_MIN = 10 };

struct rows {
	struct office_row *list;
	size_t count;
	size_t room;
};

static struct office_row *rows_next(struct rows *rows, struct arena *arena)
{
	if (rows->count == rows->room) {
		size_t room = rows->room == 0 ? 64 : rows->room * 2;
		struct office_row *list = arena_grow(arena, rows->list, rows->count, room, sizeof(*list));
		if (list == NULL)
			return NULL;
		rows->list = list;
		rows->room = room;
	}
	return &rows->list[rows->count++];
}

static enum err rows_read(struct office *office, struct query *query, bool is_apart, struct arena *arena,
			  struct office_row *out)
{
	int64_t row = query_int(query, 0);
	out->form = query_text(query, 1, arena);
	out->version = (uint32_t) query_int(query, 2);
	if (is_apart) {
		const char *language = query_text(query, 3, arena);
		const char *variant = query_text(query, 4, arena);
		out->mode = query_text(query, 5, arena);
		if (language != NULL && variant != NULL)
			out->language =
				variant[0] != '\0' ? arena_printf(arena, "%s-x-%s", language, variant) : language;
		if (out->language == NULL)
			return ERR_NOMEM;
	}
	enum err error = query_done(query);
	if (error != ERR_OK)
		return error;
	char *answers = NULL;
	error = is_apart ? join_answers(office, 0, row, arena, &answers)
			 : join_answers(office, row, 0, arena, &answers);
	out->answers = answers;
	return error;
}

static enum err rows_load(struct office *office, enum sql sql, const struct catalogue_event *event, struct arena *arena,
			  struct rows *rows)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_text(&query, 1, event->code);
	if (sql == SQL_RESPONSES)
		query_bind_int(&query, 2, event->is_practice);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		struct office_row *row = rows_next(rows, arena);
		if (row == NULL)
			return ERR_NOMEM;
		error = rows_read(office, &query, sql == SQL_APART, arena, row);
		if (error != ERR_OK)
			return error;
	}
	if (error == ERR_OK)
		random_shuffle(rows->list, rows->count, sizeof(*rows->list));
	return error;
}

static enum err rows_check_release(struct office *office, const struct office_event *event)
{
	bool is_shown = false;
	if (event->release == 0)
		return ERR_DENIED;
	enum err error = office_event_is_shown(office, event->shown.code, &is_shown);
	return error == ERR_OK && !is_shown ? ERR_BUSY : error;
}

static enum err rows_load_lists(struct office *office, const struct office_event *event, struct arena *arena,
				struct rows *responses, struct rows *apart)
{
	const struct catalogue_event *shown = &event->shown;
	enum err error = shown->is_practice ? ERR_OK : rows_check_release(office, event);
	if (error == ERR_OK)
		error = rows_load(office, SQL_RESPONSES, shown, arena, responses);
	if (error != ERR_OK)
		return error;
	if (shown->is_practice)
		return rows_load(office, SQL_APART, shown, arena, apart);
	return responses->count >= ROWS_MIN ? ERR_OK : ERR_CONFLICT;
}

enum err office_export(struct office *office, const char *code, struct arena *arena, struct office_row **rows,
		       size_t *count, struct office_row **apart, size_t *apart_count)
{
	struct rows responses = {0};
	struct rows others = {0};
	struct office_event *event = NULL;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_event_get(office, code, arena, &event);
	if (error == ERR_OK)
		error = rows_load_lists(office, event, arena, &responses, &others);
	if (error == ERR_OK)
		error = office_audit(office, office_actor(office), "event.export", event->shown.code);
	if (error == ERR_OK)
		error = transaction_commit(&transaction); /* no row leaves without its line in the audit */
	if (error != ERR_OK)
		return error;
	*rows = responses.list;
	*count = responses.count;
	*apart = others.list;
	*apart_count = others.count;
	return ERR_OK;
}
