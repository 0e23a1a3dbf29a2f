/* SPDX-License-Identifier: MIT */
/* events.c: events are added, listed, opened and closed. Releasing is release.c; what organisers keep beside, event_detail.c.
 *
 * Every change of state writes its audit line in the same transaction. The clock comes from the caller, and only grace
 * keeps a time of it: an organiser's act plus 24 hours. */
#include "lib/office/events.h"

#include "lib/base/random.h"

#include <stdlib.h>
#include <string.h>

enum {
	EVENT_CODE_SIGNS = 6,
	EVENT_CODE_ATTEMPTS = 1000, /* of 31^6 codes so few are taken that the second hardly ever happens */
	EVENT_GRACE_S = 24 * 60 * 60
};

enum sql {
	SQL_ADD,
	SQL_ADD_LANGUAGE,
	SQL_ADD_FORM,
	SQL_HAS_CODE,
	SQL_HAS_FORM,
	SQL_GET,
	SQL_LIST,
	SQL_ASKS,
	SQL_LEAVE_PLAN,
	SQL_SET_STATE,
	SQL_FLUSH_WANT,
	SQL_NO_PAST_CLOSING,
	SQL_OPENS,
	SQL_CLOSES,
	SQL_GRACE_OVER,
	SQL_COUNT_RESPONSES,
	SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
	[SQL_ADD] = "INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, "
		    "wants_tickets, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[SQL_ADD_LANGUAGE] = "INSERT INTO event_language (event, place, tag) VALUES (?1, ?2, ?3)",
	[SQL_ADD_FORM] = "INSERT INTO event_form (event, place, form, version) VALUES (?1, ?2, ?3, nullif(?4, 0))",
	[SQL_HAS_CODE] = "SELECT 1 FROM event WHERE code = ?1",
	[SQL_HAS_FORM] = "SELECT 1 FROM form_version WHERE form = ?1 AND ?2 IN (0, version) LIMIT 1",
	[SQL_GET] = "SELECT " EVENT_COLUMNS "FROM event e WHERE e.code = upper(?1)",
	[SQL_LIST] = "SELECT " EVENT_COLUMNS "FROM event e ORDER BY e.code",
	[SQL_ASKS] = "SELECT 1 FROM event_form WHERE event = ?1 AND form = ?2",
	/* A plan that is left is a change: forms chosen on a page of the plan can be kept no more, and whoever saves them is told. The mark
	 * stays, so two copies of the office that take the same step hold the same row. */
	[SQL_LEAVE_PLAN] = "INSERT INTO event_detail (event, version, mark) "
			   "SELECT code, 2, 1 FROM event WHERE code = ?1 AND state = 'planned' AND ?2 <> 'planned' "
			   "ON CONFLICT (event) DO UPDATE SET version = version + 1",
	/* Pages of an event of which everything was deleted would thank for what is never filed. */
	[SQL_SET_STATE] = "UPDATE event SET state = ?2, grace_until = nullif(?3, 0) "
			  "WHERE code = ?1 AND NOT (?2 = 'open' AND expired_on IS NOT NULL)",
	[SQL_FLUSH_WANT] = "UPDATE meta SET flush_wanted = flush_wanted + 1",
	/* Opened by hand after the day on which it was to close: the tick would close it again at once. */
	[SQL_NO_PAST_CLOSING] = "UPDATE event_detail SET closes_on = NULL, version = version + 1, mark = ?3 "
				"WHERE event = ?1 AND closes_on < ?2",
	[SQL_OPENS] = "SELECT e.code FROM event e JOIN event_detail d ON d.event = e.code "
		      "WHERE e.state = 'planned' AND e.expired_on IS NULL AND d.opens_on <= ?1 "
		      "AND (d.closes_on IS NULL OR d.closes_on >= ?1) ORDER BY e.code LIMIT 1",
	[SQL_CLOSES] = "SELECT e.code FROM event e JOIN event_detail d ON d.event = e.code "
		       "WHERE e.state = 'open' AND d.closes_on < ?1 ORDER BY e.code LIMIT 1",
	[SQL_GRACE_OVER] = "SELECT code FROM event WHERE state = 'grace' AND grace_until <= ?1 ORDER BY code LIMIT 1",
	[SQL_COUNT_RESPONSES] = "SELECT " EVENT_BAND_COUNT("e.code") " FROM event e WHERE e.code = upper(?1)",
};

/* ---- adding -------------------------------------------------------------------------------------------------- */

/* Without 0, 1, I, O and L: nothing on a poster can be read as something else. */
static const char event_alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

static void event_draw_code(char code[EVENT_CODE_SIGNS + 1])
{
	bool has_digit;
	do { /* a code with a digit is never a word */
		has_digit = false;
		for (size_t i = 0; i < EVENT_CODE_SIGNS; i++) {
			code[i] = event_alphabet[random_below(sizeof(event_alphabet) - 1)];
			has_digit = has_digit || (code[i] >= '0' && code[i] <= '9');
		}
	} while (!has_digit);
	code[EVENT_CODE_SIGNS] = '\0';
}

static enum err event_is_there(struct office *office, const char *code, bool *is_there)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_HAS_CODE]);
	query_bind_text(&query, 1, code);
	return query_row(&query, is_there);
}

static enum err event_fresh_code(struct office *office, char code[EVENT_CODE_SIGNS + 1])
{
	for (int i = 0; i < EVENT_CODE_ATTEMPTS; i++) {
		bool is_there;
		event_draw_code(code);
		enum err error = event_is_there(office, code, &is_there);
		if (error != ERR_OK || !is_there)
			return error;
	}
	return ERR_FULL;
}

bool event_is_possible(const struct catalogue_event *shown)
{
	return office_text_fits(shown->title, OFFICE_LINE_MAX, false, false) &&
	       office_text_fits(shown->place, OFFICE_LINE_MAX, true, false) && shown->area != NULL &&
	       shown->programme != NULL && shown->languages_count > 0 && shown->forms_count > 0;
}

enum err event_check_forms(struct office *office, const struct catalogue_event *shown)
{
	for (size_t i = 0; i < shown->forms_count; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_HAS_FORM]);
		query_bind_text(&query, 1, shown->forms[i].form);
		query_bind_int(&query, 2, shown->forms[i].version);
		enum err error = query_one(&query);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

static enum err event_add_row(struct office *office, const struct catalogue_event *shown, const char *code)
{
	char held_on[DATE_TEXT];
	date_format(shown->held_on, held_on);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, shown->title);
	query_bind_text(&query, 3, shown->place);
	query_bind_text(&query, 4, held_on);
	query_bind_text(&query, 5, shown->area);
	query_bind_text(&query, 6, shown->programme);
	query_bind_int(&query, 7, shown->is_practice);
	query_bind_int(&query, 8, shown->is_wales);
	query_bind_int(&query, 9, shown->wants_tickets);
	query_bind_text(&query, 10, event_state_name(shown->state));
	return query_run(&query, NULL);
}

enum err event_add_languages(struct office *office, const struct catalogue_event *shown, const char *code)
{
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < shown->languages_count; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_LANGUAGE]);
		query_bind_text(&query, 1, code);
		query_bind_int(&query, 2, (int64_t) i);
		query_bind_text(&query, 3, shown->languages[i]);
		error = query_run(&query, NULL);
	}
	return error;
}

enum err event_add_forms(struct office *office, const struct catalogue_event *shown, const char *code)
{
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < shown->forms_count; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_FORM]);
		query_bind_text(&query, 1, code);
		query_bind_int(&query, 2, (int64_t) i);
		query_bind_text(&query, 3, shown->forms[i].form);
		query_bind_int(&query, 4, shown->forms[i].version);
		error = query_run(&query, NULL);
	}
	return error;
}

enum err event_insert(struct office *office, const struct office_event *event, struct arena *arena, char **code)
{
	char fresh[EVENT_CODE_SIGNS + 1];
	const struct catalogue_event *shown = &event->shown;
	if (!event_is_possible(shown) || (shown->state != EVENT_PLANNED && shown->state != EVENT_OPEN))
		return ERR_INVALID;
	enum err error = event_check_forms(office, shown);
	if (error == ERR_OK)
		error = event_fresh_code(office, fresh);
	if (error == ERR_OK)
		error = event_add_row(office, shown, fresh);
	if (error == ERR_OK)
		error = event_add_languages(office, shown, fresh);
	if (error == ERR_OK)
		error = event_add_forms(office, shown, fresh);
	if (error == ERR_OK)
		error = office_audit(office, office_actor(office), "event.add", fresh);
	if (error != ERR_OK)
		return error;
	*code = arena_strdup(arena, fresh);
	return *code == NULL ? ERR_NOMEM : ERR_OK;
}

enum err office_event_add(struct office *office, const struct office_event *event, struct arena *arena, char **code)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = event_insert(office, event, arena, code);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

/* "FORM VERSION", as EVENT_COLUMNS has it. */
static enum err event_read_form(const char *asked, struct arena *arena, struct catalogue_form_ref *out)
{
	const char *space = strrchr(asked, ' ');
	if (space == NULL)
		return ERR_CORRUPT;
	out->form = arena_strndup(arena, asked, (size_t) (space - asked));
	out->version = (uint32_t) strtoul(space + 1, NULL, 10);
	return out->form != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err event_read_lists(struct query *query, struct arena *arena, struct catalogue_event *shown)
{
	const char **tags = NULL, **asked = NULL;
	const char *languages = query_text(query, 13, arena);
	const char *forms = query_text(query, 14, arena);
	enum err error = query_done(query);
	if (error == ERR_OK)
		error = office_split_names(languages, arena, &tags, &shown->languages_count);
	if (error == ERR_OK)
		error = office_split_names(forms, arena, &asked, &shown->forms_count);
	if (error != ERR_OK)
		return error;
	struct catalogue_form_ref *refs = arena_array(arena, shown->forms_count + 1, struct catalogue_form_ref);
	if (refs == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; error == ERR_OK && i < shown->forms_count; i++)
		error = event_read_form(asked[i], arena, &refs[i]);
	shown->languages = tags;
	shown->forms = refs;
	return error == ERR_OK && shown->languages_count > FORM_LANGUAGES_MAX ? ERR_CORRUPT : error;
}

enum err event_read(struct query *query, struct arena *arena, struct office_event *out)
{
	struct catalogue_event *shown = &out->shown;
	shown->code = query_text(query, 0, arena);
	shown->title = query_text(query, 1, arena);
	shown->place = query_text(query, 2, arena);
	shown->held_on = query_date(query, 3);
	shown->area = query_text(query, 4, arena);
	shown->programme = query_text(query, 5, arena);
	shown->is_practice = query_int(query, 6) != 0;
	shown->is_wales = query_int(query, 7) != 0;
	shown->wants_tickets = query_int(query, 8) != 0;
	const char *state = query_text(query, 9, arena);
	out->grace_until = query_int(query, 10);
	out->release = (uint32_t) query_int(query, 11);
	shown->shown = query_text(query, 12, arena);
	enum err error = event_read_lists(query, arena, shown);
	if (error == ERR_OK && event_state_parse(state, &shown->state) != ERR_OK)
		error = ERR_CORRUPT;
	return error;
}

enum err office_event_get(struct office *office, const char *code, struct arena *arena, struct office_event **out)
{
	struct office_event *event = arena_new(arena, struct office_event);
	if (event == NULL)
		return ERR_NOMEM;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_text(&query, 1, code);
	enum err error = query_one(&query);
	if (error == ERR_OK)
		error = event_read(&query, arena, event);
	if (error == ERR_OK)
		*out = event;
	return error;
}

enum err office_event_list(struct office *office, struct arena *arena, struct office_event **out, size_t *count)
{
	struct office_event *list = NULL;
	size_t used = 0;
	size_t room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LIST]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 16 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		error = event_read(&query, arena, &list[used]);
		if (error != ERR_OK)
			return error;
		used++;
	}
	*out = list;
	*count = used;
	return error;
}

enum err office_event_asks(struct office *office, const char *code, const char *form, bool *is_asked)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ASKS]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, form);
	return query_row(&query, is_asked);
}

/* ---- states -------------------------------------------------------------------------------------------------- */

static bool event_may_step(enum event_state from, enum event_state to)
{
	static const bool steps[EVENT_STATE_COUNT][EVENT_STATE_COUNT] = {
		[EVENT_PLANNED][EVENT_OPEN] = true, [EVENT_GRACE][EVENT_OPEN] = true,
		[EVENT_CLOSED][EVENT_OPEN] = true,  [EVENT_OPEN][EVENT_GRACE] = true,
		[EVENT_OPEN][EVENT_CLOSED] = true,  [EVENT_GRACE][EVENT_CLOSED] = true,
	};
	return steps[from][to];
}

static const char *event_action(enum event_state state)
{
	static const char *const actions[EVENT_STATE_COUNT] = {
		[EVENT_PLANNED] = "event.plan", [EVENT_OPEN] = "event.open",        [EVENT_GRACE] = "event.grace",
		[EVENT_CLOSED] = "event.close", [EVENT_RELEASED] = "event.release",
	};
	return actions[state];
}

static enum err event_leave_plan(struct office *office, const char *code, enum event_state state)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LEAVE_PLAN]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, event_state_name(state));
	return query_run(&query, NULL);
}

static enum err event_write_state(struct office *office, const char *code, enum event_state state, int64_t grace_until)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_SET_STATE]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, event_state_name(state));
	query_bind_int(&query, 3, grace_until);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

enum err event_step(struct office *office, const char *code, enum event_state state, int64_t grace_until,
		    const char *actor)
{
	enum err error = event_leave_plan(office, code, state);
	if (error == ERR_OK)
		error = event_write_state(office, code, state, grace_until);
	if (error == ERR_OK && state == EVENT_CLOSED)
		error = query_run_sql(office, statements[SQL_FLUSH_WANT]);
	return error == ERR_OK ? office_audit(office, actor, event_action(state), code) : error;
}

enum { EVENT_ARENA_BYTES = 1 << 20, EVENT_DAY_S = 24 * 60 * 60 };

static void event_day(int64_t now_s, char day[DATE_TEXT])
{
	date_format(date_from_days(now_s / EVENT_DAY_S), day);
}

static enum err event_forget_closing(struct office *office, const char *code, int64_t now_s)
{
	char day[DATE_TEXT];
	event_day(now_s, day);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NO_PAST_CLOSING]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, day);
	query_bind_int(&query, 3, random_key());
	return query_run(&query, NULL);
}

enum err event_set_state(struct office *office, const char *code, enum event_state state, int64_t now_s)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EVENT_ARENA_BYTES);
	struct office_event *event = NULL;
	enum err error = office_event_get(office, code, &arena, &event);
	if (error == ERR_OK && !event_may_step(event->shown.state, state))
		error = ERR_CONFLICT;
	if (error == ERR_OK)
		error = event_step(office, event->shown.code, state, state == EVENT_GRACE ? now_s + EVENT_GRACE_S : 0,
				   office_actor(office));
	if (error == ERR_OK && state == EVENT_OPEN)
		error = event_forget_closing(office, event->shown.code, now_s);
	return error;
}

enum err office_event_set_state(struct office *office, const char *code, enum event_state state, int64_t now_s)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = event_set_state(office, code, state, now_s);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- the tick ------------------------------------------------------------------------------------------------ */

/* The next event for which it is time, by the day or the second that SQL takes as its only parameter. */
static enum err event_next(struct query *query, struct arena *arena, char **code)
{
	enum err error = query_one(query);
	if (error != ERR_OK)
		return error;
	*code = query_text(query, 0, arena);
	return query_done(query);
}

static enum err event_next_by_day(struct office *office, enum sql sql, int64_t now_s, struct arena *arena, char **code)
{
	char day[DATE_TEXT];
	event_day(now_s, day);
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_text(&query, 1, day);
	return event_next(&query, arena, code);
}

static enum err event_next_over(struct office *office, enum sql sql, int64_t now_s, struct arena *arena, char **code)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, now_s);
	return event_next(&query, arena, code);
}

enum err office_event_tick(struct office *office, int64_t now_s, size_t *changed)
{
	/* In this order, so that an event takes one step at most: what closes today may still be sent tomorrow. */
	static const struct {
		enum err (*next)(struct office *office, enum sql sql, int64_t now_s, struct arena *arena, char **code);
		enum sql sql;
		enum event_state state;
	} steps[] = {
		{event_next_over, SQL_GRACE_OVER, EVENT_CLOSED},
		{event_next_by_day, SQL_CLOSES, EVENT_GRACE},
		{event_next_by_day, SQL_OPENS, EVENT_OPEN},
	};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EVENT_ARENA_BYTES);
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	size_t done = 0;
	for (size_t i = 0; error == ERR_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
		char *code = NULL;
		int64_t grace_until = steps[i].state == EVENT_GRACE ? now_s + EVENT_GRACE_S : 0;
		while ((error = steps[i].next(office, steps[i].sql, now_s, &arena, &code)) == ERR_OK) {
			error = event_step(office, code, steps[i].state, grace_until, "timer");
			if (error != ERR_OK)
				return error;
			done++;
		}
		if (error == ERR_NOT_FOUND)
			error = ERR_OK;
	}
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error == ERR_OK)
		*changed = done;
	return error;
}

/* ---- how many ------------------------------------------------------------------------------------------------ */

const char *event_band_of(int64_t responses)
{
	static const struct {
		int64_t below;
		const char *band;
	} bands[] = {
		{1, "none"},
		{5, "1 to 4"},
		{10, "5 to 9"},
		{20, "10 to 19"},
		{50, "20 to 49"},
		{100, "50 to 99"},
		{INT64_MAX, "100 or more"},
	};
	size_t i = 0;
	while (responses >= bands[i].below)
		i++;
	return bands[i].band;
}

enum err office_event_band(struct office *office, const char *code, const char **band)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_COUNT_RESPONSES]);
	query_bind_text(&query, 1, code);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*band = event_band_of(query_int(&query, 0));
	return query_done(&query);
}
