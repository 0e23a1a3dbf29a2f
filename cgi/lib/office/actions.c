/* SPDX-License-Identifier: MIT */
/* actions.c: you said, we did: what people said, in organisers' own plain words, and what came of it (domain.md 8.6).
 *
 * No quotation of a response is kept here as such, and no number of people: how many said it is a word. A removed action keeps an empty
 * row, so that no merge brings it back. */
#include "lib/office/organising.h"
#include "lib/office/query.h"

#include "lib/base/random.h"

#include <stdio.h>
#include <string.h>

enum sql {
	SQL_FITS_EVENT,
	SQL_ADD,
	SQL_CHANGE,
	SQL_IS_THERE,
	SQL_CLEAR_TEXTS,
	SQL_ADD_TEXT,
	SQL_GET,
	SQL_FIND,
	SQL_TOTAL,
	SQL_REMOVE,
	SQL_COUNT
};

#define ACTION_COLUMNS                                                                                                 \
	"a.id, a.area, coalesce(a.event, ''), a.status, a.many, a.owner, a.aim, a.partner, a.evidence, a.said_on, "    \
	"a.due, a.done_on, a.changed_on, a.is_public, a.version, t.tag, t.theme, t.said, t.did "
/* ?1 Areas, ?2 event, ?3 only what is due by ?4, ?5 public ones alone. */
#define ACTION_WHERE                                                                                                   \
	"FROM action a WHERE a.is_removed = 0 AND (?1 IS NULL OR instr(?1, char(10) || a.area || char(10)) > 0) "      \
	"AND (?2 = '' OR a.event = ?2) AND (?3 = 0 OR (a.status IN ('heard', 'doing') AND a.due <= ?4)) "              \
	"AND (?5 = 0 OR a.is_public = 1) "
/* What is due comes first that was due first; else what was said last. */
#define ACTION_ORDER "CASE WHEN ?3 THEN a.due END, a.said_on DESC, a.id "

static const char *const statements[SQL_COUNT] = {
	[SQL_FITS_EVENT] = "SELECT 1 FROM event WHERE code = ?1 AND area = ?2",
	[SQL_ADD] =
		"INSERT INTO action (id, area, event, status, many, owner, aim, partner, evidence, said_on, due, "
		"done_on, is_public, changed_on, is_removed, version, mark) VALUES (?1, ?2, nullif(?3, ''), ?4, ?5, "
		"?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, " OFFICE_DAY_NOT_BEFORE("?14") ", 0, 1, ?15)",
	[SQL_CHANGE] =
		"UPDATE action SET area = ?2, event = nullif(?3, ''), status = ?4, many = ?5, owner = ?6, aim = ?7, "
		"partner = ?8, evidence = ?9, said_on = ?10, due = ?11, done_on = ?12, is_public = ?13, "
		"changed_on = " OFFICE_DAY_NOT_BEFORE("?14") ", version = version + 1, mark = ?15 "
							     "WHERE id = ?1 AND version = ?16 AND is_removed = 0",
	[SQL_IS_THERE] = "SELECT 1 FROM action WHERE id = ?1 AND is_removed = 0",
	[SQL_CLEAR_TEXTS] = "DELETE FROM action_text WHERE action = ?1",
	[SQL_ADD_TEXT] =
		"INSERT INTO action_text (action, place, tag, theme, said, did) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_GET] = "SELECT " ACTION_COLUMNS "FROM action a LEFT JOIN action_text t ON t.action = a.id "
		    "WHERE a.id = ?1 AND a.is_removed = 0 ORDER BY t.place",
	/* The page first, then its texts: limits count actions. */
	[SQL_FIND] = "SELECT " ACTION_COLUMNS "FROM (SELECT a.id AS found, row_number() OVER (ORDER BY " ACTION_ORDER
		     ") AS place " ACTION_WHERE "ORDER BY " ACTION_ORDER "LIMIT ?6 OFFSET ?7) f "
		     "JOIN action a ON a.id = f.found LEFT JOIN action_text t ON t.action = a.id "
		     "ORDER BY f.place, t.place",
	[SQL_TOTAL] = "SELECT count(*) " ACTION_WHERE,
	[SQL_REMOVE] = "UPDATE action SET is_removed = 1, is_public = 0, owner = '', partner = '', evidence = '', "
		       "changed_on = " OFFICE_DAY_NOT_BEFORE("?4") ", version = version + 1, mark = ?3 "
								   "WHERE id = ?1 AND version = ?2 AND is_removed = 0",
};

enum { ACTION_NAME_MAX = 64, ACTION_TAG_MAX = 35, ACTION_MOST_MAX = 100000, ACTION_SUBJECT_TEXT = 24 };

static const char *const status_names[ACTION_STATUS_COUNT] = {
	[ACTION_HEARD] = "heard",
	[ACTION_DOING] = "doing",
	[ACTION_DONE] = "done",
	[ACTION_CANNOT] = "cannot",
};

static const char *const many_names[ACTION_MANY_COUNT] = {
	[ACTION_MANY_UNSAID] = "unsaid",
	[ACTION_A_FEW] = "few",
	[ACTION_SEVERAL] = "several",
	[ACTION_MANY] = "many",
};

const char *action_status_name(enum action_status status)
{
	return status_names[status];
}

enum err action_status_parse(const char *name, enum action_status *out)
{
	for (size_t i = 0; i < ACTION_STATUS_COUNT; i++) {
		if (name != NULL && strcmp(name, status_names[i]) == 0) {
			*out = (enum action_status) i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

static enum err many_parse(const char *name, enum action_many *out)
{
	for (size_t i = 0; i < ACTION_MANY_COUNT; i++) {
		if (strcmp(name, many_names[i]) == 0) {
			*out = (enum action_many) i;
			return ERR_OK;
		}
	}
	return ERR_CORRUPT;
}

/* ---- what may be written ------------------------------------------------------------------------------------- */

static const char *action_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* An https address and nothing that a page could take for the end of it. */
static bool action_evidence_fits(const char *evidence)
{
	static const char start[] = "https://";
	if (*evidence == '\0')
		return true;
	if (!office_text_fits(evidence, OFFICE_TEXT_MAX, false, false) ||
	    strncmp(evidence, start, strlen(start)) != 0 || evidence[strlen(start)] == '\0')
		return false;
	return strpbrk(evidence, " \"'<>\\^`{|}") == NULL;
}

static bool action_text_fits(const struct office_action_text *text, enum action_status status)
{
	bool has_to_say = status != ACTION_HEARD;
	return office_text_fits(text->tag, ACTION_TAG_MAX, false, false) && strlen(text->tag) >= 2 &&
	       office_text_fits(text->theme, OFFICE_LINE_MAX, true, false) &&
	       office_text_fits(text->said, OFFICE_TEXT_MAX, false, true) &&
	       office_text_fits(text->did, OFFICE_TEXT_MAX, !has_to_say, true);
}

static bool action_is_possible(const struct office_action *action)
{
	if (!office_text_fits(action->area, ACTION_NAME_MAX, false, false) || action->status >= ACTION_STATUS_COUNT ||
	    action->many >= ACTION_MANY_COUNT ||
	    !office_text_fits(action_or_empty(action->owner), OFFICE_LINE_MAX, true, false) ||
	    !office_text_fits(action_or_empty(action->aim), ACTION_NAME_MAX, true, false) ||
	    !office_text_fits(action_or_empty(action->partner), OFFICE_LINE_MAX, true, false) ||
	    !action_evidence_fits(action_or_empty(action->evidence)) || action->texts_count == 0)
		return false;
	for (size_t i = 0; i < action->texts_count; i++) {
		if (!action_text_fits(&action->texts[i], action->status))
			return false;
	}
	return true;
}

/* Of an event of that very Area: nobody writes on another Area's page by naming its event. */
static enum err action_check_event(struct office *office, const struct office_action *action)
{
	bool has_row;
	if (*action_or_empty(action->event) == '\0')
		return ERR_OK;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FITS_EVENT]);
	query_bind_text(&query, 1, action->event);
	query_bind_text(&query, 2, action->area);
	enum err error = query_row(&query, &has_row);
	return error == ERR_OK && !has_row ? ERR_INVALID : error;
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

static enum err action_write(struct office *office, enum sql sql, int64_t id, const struct office_action *action,
			     size_t *changed)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, id);
	query_bind_text(&query, 2, action->area);
	query_bind_text(&query, 3, action_or_empty(action->event));
	query_bind_text(&query, 4, status_names[action->status]);
	query_bind_text(&query, 5, many_names[action->many]);
	query_bind_text(&query, 6, action_or_empty(action->owner));
	query_bind_text(&query, 7, action_or_empty(action->aim));
	query_bind_text(&query, 8, action_or_empty(action->partner));
	query_bind_text(&query, 9, action_or_empty(action->evidence));
	query_bind_date(&query, 10, action->said_on);
	query_bind_date(&query, 11, action->due);
	query_bind_date(&query, 12, action->done_on);
	query_bind_int(&query, 13, action->is_public);
	query_bind_date(&query, 14, date_today());
	query_bind_int(&query, 15, random_key());
	if (sql == SQL_CHANGE)
		query_bind_int(&query, 16, action->version);
	return query_run(&query, changed);
}

static enum err action_write_texts(struct office *office, int64_t id, const struct office_action *action)
{
	CLEANUP_QUERY struct query clear = query_new(office, statements[SQL_CLEAR_TEXTS]);
	query_bind_int(&clear, 1, id);
	enum err error = query_run(&clear, NULL);
	for (size_t i = 0; error == ERR_OK && i < action->texts_count; i++) {
		const struct office_action_text *text = &action->texts[i];
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_TEXT]);
		query_bind_int(&query, 1, id);
		query_bind_int(&query, 2, (int64_t) i);
		query_bind_text(&query, 3, text->tag);
		query_bind_text(&query, 4, text->theme);
		query_bind_text(&query, 5, text->said);
		query_bind_text(&query, 6, text->did);
		error = query_run(&query, NULL);
	}
	return error == ERR_CONFLICT ? ERR_INVALID : error; /* a language twice */
}

static enum err action_is_there(struct office *office, int64_t id)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_IS_THERE]);
	query_bind_int(&query, 1, id);
	return query_one(&query);
}

static enum err action_change(struct office *office, const struct office_action *action)
{
	size_t changed = 0;
	enum err error = action_is_there(office, action->id);
	if (error == ERR_OK)
		error = action_write(office, SQL_CHANGE, action->id, action, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

/* By its number in hexadecimal: nothing of its words, which an audit never holds. */
static enum err action_audit(struct office *office, const char *what, int64_t id)
{
	char subject[ACTION_SUBJECT_TEXT];
	snprintf(subject, sizeof(subject), "%016llx", (unsigned long long) id);
	return office_audit(office, office_actor(office), what, subject);
}

enum err office_action_save(struct office *office, const struct office_action *action, int64_t *id)
{
	bool is_new = action->id == 0;
	int64_t saved = is_new ? random_key() : action->id;
	if (!action_is_possible(action))
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = action_check_event(office, action);
	if (error == ERR_OK)
		error = is_new ? action_write(office, SQL_ADD, saved, action, NULL) : action_change(office, action);
	if (error == ERR_OK)
		error = action_write_texts(office, saved, action);
	if (error == ERR_OK)
		error = action_audit(office, is_new ? "action.add" : "action.change", saved);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error == ERR_OK)
		*id = saved;
	return error;
}

static enum err action_empty(struct office *office, int64_t id, uint32_t version)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_REMOVE]);
	query_bind_int(&query, 1, id);
	query_bind_int(&query, 2, version);
	query_bind_int(&query, 3, random_key());
	query_bind_date(&query, 4, date_today());
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

enum err office_action_remove(struct office *office, int64_t id, uint32_t version)
{
	static const struct office_action nothing = {0};
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = action_is_there(office, id);
	if (error == ERR_OK)
		error = action_empty(office, id, version);
	if (error == ERR_OK)
		error = action_write_texts(office, id, &nothing);
	if (error == ERR_OK)
		error = action_audit(office, "action.remove", id);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

/* Rows of ACTION_COLUMNS, one for each text, into actions. */
struct action_list {
	struct office_action *actions;
	size_t count, room;
	struct office_action_text *texts; /* of the newest one */
	size_t texts_room;
};

static enum err action_read(struct query *query, struct arena *arena, struct office_action *out)
{
	out->id = query_int(query, 0);
	out->area = query_text(query, 1, arena);
	out->event = query_text(query, 2, arena);
	const char *status = query_text(query, 3, arena);
	const char *many = query_text(query, 4, arena);
	out->owner = query_text(query, 5, arena);
	out->aim = query_text(query, 6, arena);
	out->partner = query_text(query, 7, arena);
	out->evidence = query_text(query, 8, arena);
	out->said_on = query_date_or_none(query, 9);
	out->due = query_date_or_none(query, 10);
	out->done_on = query_date_or_none(query, 11);
	out->changed_on = query_date_or_none(query, 12);
	out->is_public = query_int(query, 13) != 0;
	out->version = (uint32_t) query_int(query, 14);
	enum err error = query_done(query);
	if (error == ERR_OK && action_status_parse(status, &out->status) != ERR_OK)
		error = ERR_CORRUPT;
	return error == ERR_OK ? many_parse(many, &out->many) : error;
}

static enum err action_read_text(struct query *query, struct arena *arena, struct action_list *list)
{
	struct office_action *action = &list->actions[list->count - 1];
	if (sqlite3_column_type(query->statement, 15) == SQLITE_NULL)
		return ERR_OK;
	if (action->texts_count == list->texts_room) {
		list->texts_room = list->texts_room == 0 ? 2 : list->texts_room * 2;
		list->texts =
			arena_grow(arena, list->texts, action->texts_count, list->texts_room, sizeof(*list->texts));
		if (list->texts == NULL)
			return ERR_NOMEM;
		action->texts = list->texts;
	}
	list->texts[action->texts_count++] = (struct office_action_text){
		.tag = query_text(query, 15, arena),
		.theme = query_text(query, 16, arena),
		.said = query_text(query, 17, arena),
		.did = query_text(query, 18, arena),
	};
	return query_done(query);
}

static enum err action_read_row(struct query *query, struct arena *arena, struct action_list *list)
{
	bool is_next = list->count == 0 || list->actions[list->count - 1].id != query_int(query, 0);
	enum err error = ERR_OK;
	if (is_next && list->count == list->room) {
		list->room = list->room == 0 ? 8 : list->room * 2;
		list->actions = arena_grow(arena, list->actions, list->count, list->room, sizeof(*list->actions));
		if (list->actions == NULL)
			return ERR_NOMEM;
	}
	if (is_next) {
		list->texts = NULL;
		list->texts_room = 0;
		error = action_read(query, arena, &list->actions[list->count++]);
	}
	return error == ERR_OK ? action_read_text(query, arena, list) : error;
}

static enum err action_read_all(struct query *query, struct arena *arena, struct action_list *list)
{
	bool has_row;
	enum err error;
	*list = (struct action_list){0};
	while ((error = query_row(query, &has_row)) == ERR_OK && has_row) {
		error = action_read_row(query, arena, list);
		if (error != ERR_OK)
			return error;
	}
	return error;
}

enum err office_action_get(struct office *office, int64_t id, struct arena *arena, struct office_action **out)
{
	struct action_list list;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_int(&query, 1, id);
	enum err error = action_read_all(&query, arena, &list);
	if (error == ERR_OK && list.count == 0)
		error = ERR_NOT_FOUND;
	if (error == ERR_OK)
		*out = list.actions;
	return error;
}

static struct query action_query(struct office *office, enum sql sql, const struct office_action_search *search,
				 const char *areas)
{
	struct query query = query_new(office, statements[sql]);
	query_bind_text(&query, 1, areas);
	query_bind_text(&query, 2, action_or_empty(search->event));
	query_bind_int(&query, 3, search->due_only);
	query_bind_date(&query, 4, search->today);
	query_bind_int(&query, 5, search->public_only);
	return query;
}

enum err office_action_find(struct office *office, const struct office_action_search *search, struct arena *arena,
			    struct office_action **out, size_t *count, size_t *total)
{
	struct action_list list;
	size_t most = search->most < ACTION_MOST_MAX ? search->most : ACTION_MOST_MAX;
	const char *areas = search->areas != NULL ? office_join_names(search->areas, search->areas_count, arena) : NULL;
	if (search->areas != NULL && areas == NULL)
		return ERR_NOMEM;
	CLEANUP_QUERY struct query query = action_query(office, SQL_FIND, search, areas);
	query_bind_int(&query, 6, (int64_t) most);
	query_bind_int(&query, 7, (int64_t) search->skip);
	enum err error = action_read_all(&query, arena, &list);
	if (error != ERR_OK)
		return error;
	*out = list.actions;
	*count = list.count;
	CLEANUP_QUERY struct query sum = action_query(office, SQL_TOTAL, search, areas);
	error = query_one(&sum);
	*total = (size_t) query_int(&sum, 0);
	return error;
}
