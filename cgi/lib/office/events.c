/* SPDX-License-Identifier: MIT */
/* events.c: events are added, listed, opened and closed. Releasing is release.c.
 *
 * Every change of state writes its audit line in the same transaction. The clock comes from the caller, and only grace
 * keeps a time of it: an organiser's act plus 24 hours. */
#include "lib/office/events.h"

#include "lib/base/random.h"
#include "lib/base/utf8.h"

#include <string.h>

enum {
	EVENT_CODE_SIGNS = 6,
	EVENT_CODE_ATTEMPTS = 1000, /* of 31^6 codes so few are taken that the second hardly ever happens */
	EVENT_TEXT_MAX = 200,       /* characters of a title or place, as the schema checks */
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
	SQL_LANGUAGES,
	SQL_FORMS,
	SQL_ASKS,
	SQL_SET_STATE,
	SQL_FLUSH_WANT,
	SQL_GRACE_OVER,
	SQL_COUNT_RESPONSES,
	SQL_COUNT
};

#define EVENT_COLUMNS                                                                                                  \
	"code, title, place, held_on, area, programme, is_practice, is_wales, wants_tickets, state, grace_until, "     \
	"release, shown "

static const char *const statements[SQL_COUNT] = {
	[SQL_ADD] = "INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, "
		    "wants_tickets, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[SQL_ADD_LANGUAGE] = "INSERT INTO event_language (event, place, tag) VALUES (?1, ?2, ?3)",
	[SQL_ADD_FORM] = "INSERT INTO event_form (event, place, form, version) VALUES (?1, ?2, ?3, nullif(?4, 0))",
	[SQL_HAS_CODE] = "SELECT 1 FROM event WHERE code = ?1",
	[SQL_HAS_FORM] = "SELECT 1 FROM form_version WHERE form = ?1 AND ?2 IN (0, version) LIMIT 1",
	[SQL_GET] = "SELECT " EVENT_COLUMNS "FROM event WHERE code = upper(?1)",
	[SQL_LIST] = "SELECT " EVENT_COLUMNS "FROM event ORDER BY code",
	[SQL_LANGUAGES] = "SELECT tag FROM event_language WHERE event = ?1 ORDER BY place",
	[SQL_FORMS] = "SELECT form, coalesce(version, 0) FROM event_form WHERE event = ?1 ORDER BY place",
	[SQL_ASKS] = "SELECT 1 FROM event_form WHERE event = ?1 AND form = ?2",
	/* Pages of an event of which everything was deleted would thank for what is never filed. */
	[SQL_SET_STATE] = "UPDATE event SET state = ?2, grace_until = nullif(?3, 0) "
			  "WHERE code = ?1 AND NOT (?2 = 'open' AND expired_on IS NOT NULL)",
	[SQL_FLUSH_WANT] = "UPDATE meta SET flush_wanted = flush_wanted + 1",
	[SQL_GRACE_OVER] = "SELECT code FROM event WHERE state = 'grace' AND grace_until <= ?1 ORDER BY code LIMIT 1",
	[SQL_COUNT_RESPONSES] = "SELECT count(*) FROM response WHERE event = upper(?1)",
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

static bool event_text_fits(const char *text, bool may_be_empty)
{
	if (text == NULL || !utf8_is_valid(text, strlen(text)))
		return false;
	size_t count = 0;
	for (const char *at = text; utf8_next(&at) != 0;)
		count++;
	return count <= EVENT_TEXT_MAX && (may_be_empty || !utf8_is_blank(text));
}

static bool event_is_possible(const struct catalogue_event *shown)
{
	return event_text_fits(shown->title, false) && event_text_fits(shown->place, true) && shown->area != NULL &&
	       shown->programme != NULL && shown->languages_count > 0 && shown->forms_count > 0 &&
	       (shown->state == EVENT_PLANNED || shown->state == EVENT_OPEN);
}

static enum err event_check_forms(struct office *office, const struct catalogue_event *shown)
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

static enum err event_add_lists(struct office *office, const struct catalogue_event *shown, const char *code)
{
	for (size_t i = 0; i < shown->languages_count; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_LANGUAGE]);
		query_bind_text(&query, 1, code);
		query_bind_int(&query, 2, (int64_t) i);
		query_bind_text(&query, 3, shown->languages[i]);
		enum err error = query_run(&query, NULL);
		if (error != ERR_OK)
			return error;
	}
	for (size_t i = 0; i < shown->forms_count; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_FORM]);
		query_bind_text(&query, 1, code);
		query_bind_int(&query, 2, (int64_t) i);
		query_bind_text(&query, 3, shown->forms[i].form);
		query_bind_int(&query, 4, shown->forms[i].version);
		enum err error = query_run(&query, NULL);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

enum err office_event_add(struct office *office, const struct office_event *event, struct arena *arena, char **code)
{
	if (!event_is_possible(&event->shown))
		return ERR_INVALID;
	char fresh[EVENT_CODE_SIGNS + 1];
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = event_check_forms(office, &event->shown);
	if (error == ERR_OK)
		error = event_fresh_code(office, fresh);
	if (error == ERR_OK)
		error = event_add_row(office, &event->shown, fresh);
	if (error == ERR_OK)
		error = event_add_lists(office, &event->shown, fresh);
	if (error == ERR_OK)
		error = office_audit(office, office_actor(office), "event.add", fresh);
	if (error != ERR_OK)
		return error;
	*code = arena_strdup(arena, fresh);
	return *code == NULL ? ERR_NOMEM : transaction_commit(&transaction);
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static enum err event_read_row(struct query *query, struct arena *arena, struct office_event *out)
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
	enum err error = query_done(query);
	if (error != ERR_OK)
		return error;
	return event_state_parse(state, &shown->state) == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

static enum err event_read_languages(struct office *office, struct arena *arena, struct catalogue_event *shown)
{
	const char **tags = arena_array(arena, FORM_LANGUAGES_MAX, const char *);
	if (tags == NULL)
		return ERR_NOMEM;
	shown->languages = tags;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LANGUAGES]);
	query_bind_text(&query, 1, shown->code);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (shown->languages_count == FORM_LANGUAGES_MAX)
			return ERR_CORRUPT;
		tags[shown->languages_count++] = query_text(&query, 0, arena);
	}
	return error;
}

static enum err event_read_forms(struct office *office, struct arena *arena, struct catalogue_event *shown)
{
	struct catalogue_form_ref *forms = NULL;
	size_t room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FORMS]);
	query_bind_text(&query, 1, shown->code);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (shown->forms_count == room) {
			room = room == 0 ? 4 : room * 2;
			forms = arena_grow(arena, forms, shown->forms_count, room, sizeof(*forms));
			if (forms == NULL)
				return ERR_NOMEM;
		}
		forms[shown->forms_count].form = query_text(&query, 0, arena);
		forms[shown->forms_count++].version = (uint32_t) query_int(&query, 1);
	}
	shown->forms = forms;
	return error;
}

static enum err event_read_lists(struct office *office, struct arena *arena, struct catalogue_event *shown)
{
	enum err error = event_read_languages(office, arena, shown);
	return error == ERR_OK ? event_read_forms(office, arena, shown) : error;
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
		error = event_read_row(&query, arena, event);
	if (error == ERR_OK)
		error = event_read_lists(office, arena, &event->shown);
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
		error = event_read_row(&query, arena, &list[used]);
		if (error == ERR_OK)
			error = event_read_lists(office, arena, &list[used].shown);
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

enum err event_step(struct office *office, const char *code, enum event_state state, int64_t grace_until,
		    const char *actor)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_SET_STATE]);
	query_bind_text(&query, 1, code);
	query_bind_text(&query, 2, event_state_name(state));
	query_bind_int(&query, 3, grace_until);
	enum err error = query_run(&query, &changed);
	if (error == ERR_OK && changed == 0)
		error = ERR_CONFLICT;
	if (error == ERR_OK && state == EVENT_CLOSED)
		error = query_run_sql(office, statements[SQL_FLUSH_WANT]);
	return error == ERR_OK ? office_audit(office, actor, event_action(state), code) : error;
}

enum { EVENT_ARENA_BYTES = 1 << 20 };

enum err office_event_set_state(struct office *office, const char *code, enum event_state state, int64_t now_s)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EVENT_ARENA_BYTES);
	struct office_event *event = NULL;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_event_get(office, code, &arena, &event);
	if (error == ERR_OK && !event_may_step(event->shown.state, state))
		error = ERR_CONFLICT;
	if (error == ERR_OK)
		error = event_step(office, event->shown.code, state, state == EVENT_GRACE ? now_s + EVENT_GRACE_S : 0,
				   office_actor(office));
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

static enum err event_next_over(struct office *office, int64_t now_s, struct arena *arena, char **code)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GRACE_OVER]);
	query_bind_int(&query, 1, now_s);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*code = query_text(&query, 0, arena);
	return query_done(&query);
}

enum err office_event_tick(struct office *office, int64_t now_s, size_t *changed)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EVENT_ARENA_BYTES);
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error != ERR_OK)
		return error;
	char *code = NULL;
	size_t closed = 0;
	while ((error = event_next_over(office, now_s, &arena, &code)) == ERR_OK) {
		error = event_step(office, code, EVENT_CLOSED, 0, "timer");
		if (error != ERR_OK)
			return error;
		closed++;
	}
	if (error != ERR_NOT_FOUND)
		return error;
	error = transaction_commit(&transaction);
	if (error == ERR_OK)
		*changed = closed;
	return error;
}

/* ---- how many ------------------------------------------------------------------------------------------------ */

enum err office_event_band(struct office *office, const char *code, const char **band)
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
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, EVENT_ARENA_BYTES);
	struct office_event *event = NULL;
	enum err error = office_event_get(office, code, &arena, &event);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_COUNT_RESPONSES]);
	query_bind_text(&query, 1, code);
	error = query_one(&query);
	if (error != ERR_OK)
		return error;
	int64_t count = query_int(&query, 0);
	size_t i = 0;
	while (count >= bands[i].below)
		i++;
	*band = bands[i].band;
	return query_done(&query);
}
