/* SPDX-License-Identifier: MIT */
/* event_detail.c: what organisers keep of an event beside what attendees see, and how they change either.
 *
 * A change names the version it was made from. It must not change what people have answered to: forms stay once an event has opened, and
 * what was promised by its day is kept by the earliest day it ever had since. */
#include "lib/office/events.h"

#include "lib/base/random.h"

#include <string.h>

enum sql {
	SQL_GET,
	SQL_ADD,
	SQL_CHANGE_EVENT,
	SQL_CHANGE,
	SQL_CLEAR_LANGUAGES,
	SQL_CLEAR_FORMS,
	SQL_MOVE_ACTIONS,
	SQL_CAN_POINT,
	SQL_IS_POINTED_AT,
	SQL_POINT,
	SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
	[SQL_GET] =
		"SELECT coalesce(d.partner, ''), coalesce(d.communities, ''), coalesce(d.topic, ''), "
		"coalesce(d.strand, ''), coalesce(d.note, ''), coalesce(d.channel, ''), d.reach, d.expected, d.came, "
		"coalesce(d.is_refuge, 0), d.opens_on, d.closes_on, d.next_on, coalesce(d.series, ''), "
		"coalesce(d.points_to, ''), coalesce(d.version, 1) "
		"FROM event e LEFT JOIN event_detail d ON d.event = e.code WHERE e.code = upper(?1)",
	[SQL_ADD] = "INSERT INTO event_detail (event, version, mark) VALUES (?1, 1, ?2) ON CONFLICT (event) DO NOTHING",
	[SQL_CHANGE_EVENT] = "UPDATE event SET title = ?2, place = ?3, held_on = ?4, area = ?5, programme = ?6, "
			     "is_wales = ?7 WHERE code = ?1",
	[SQL_CHANGE] = "UPDATE event_detail SET partner = ?3, communities = ?4, topic = ?5, strand = ?6, note = ?7, "
		       "channel = ?8, reach = ?9, expected = ?10, came = ?11, is_refuge = ?12, opens_on = ?13, "
		       "closes_on = ?14, next_on = ?15, series = ?16, version = version + ?17, mark = ?18, kept_from = "
		       "CASE WHEN ?19 IS NULL THEN kept_from ELSE min(coalesce(kept_from, ?19), ?19) END "
		       "WHERE event = ?1 AND version = ?2 AND "
		       "(?16 = '' OR EXISTS (SELECT 1 FROM event WHERE code = ?16))",
	[SQL_CLEAR_LANGUAGES] = "DELETE FROM event_language WHERE event = ?1",
	[SQL_CLEAR_FORMS] = "DELETE FROM event_form WHERE event = ?1",
	[SQL_MOVE_ACTIONS] = "UPDATE action SET area = ?2, version = version + 1, mark = ?3 "
			     "WHERE event = ?1 AND area <> ?2",
	[SQL_CAN_POINT] = "SELECT 1 FROM event e LEFT JOIN event_detail d ON d.event = e.code "
			  "WHERE e.code = ?1 AND coalesce(d.points_to, '') = '' AND e.state IN ('planned', 'open') "
			  "AND e.is_practice = (SELECT is_practice FROM event WHERE code = ?2)",
	[SQL_IS_POINTED_AT] = "SELECT 1 FROM event_detail WHERE points_to = ?2 AND points_to <> '' LIMIT 1",
	[SQL_POINT] = "UPDATE event_detail SET points_to = ?3, version = version + 1, mark = ?4 "
		      "WHERE event = ?1 AND version = ?2",
};

enum { DETAIL_ARENA_BYTES = 1 << 20, DETAIL_COUNT_MAX = 1000000000 };

static const char *detail_text(const char *text)
{
	return text != NULL ? text : "";
}

enum err office_event_detail(struct office *office, const char *code, struct arena *arena,
			     struct office_event_detail *out)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_text(&query, 1, code);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*out = (struct office_event_detail){
		.partner = query_text(&query, 0, arena),
		.communities = query_text(&query, 1, arena),
		.topic = query_text(&query, 2, arena),
		.strand = query_text(&query, 3, arena),
		.note = query_text(&query, 4, arena),
		.channel = query_text(&query, 5, arena),
		.reach = query_count(&query, 6),
		.expected = query_count(&query, 7),
		.came = query_count(&query, 8),
		.is_refuge = query_int(&query, 9) != 0,
		.opens_on = query_date_or_none(&query, 10),
		.closes_on = query_date_or_none(&query, 11),
		.next_on = query_date_or_none(&query, 12),
		.series = query_text(&query, 13, arena),
		.points_to = query_text(&query, 14, arena),
		.version = (uint32_t) query_int(&query, 15),
	};
	return query_done(&query);
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

static bool detail_count_fits(int64_t count)
{
	return count >= OFFICE_UNKNOWN && count <= DETAIL_COUNT_MAX;
}

static bool detail_is_possible(const struct office_event_detail *detail)
{
	const char *const lines[] = {detail->partner, detail->communities, detail->topic, detail->strand,
				     detail->channel};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!office_text_fits(detail_text(lines[i]), OFFICE_LINE_MAX, true, false))
			return false;
	}
	bool is_in_order = detail->opens_on.year == 0 || detail->closes_on.year == 0 ||
			   date_days(detail->opens_on) <= date_days(detail->closes_on);
	return is_in_order && office_text_fits(detail_text(detail->note), OFFICE_TEXT_MAX, true, true) &&
	       detail_count_fits(detail->reach) && detail_count_fits(detail->expected) &&
	       detail_count_fits(detail->came);
}

static enum err detail_add(struct office *office, const char *code)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_text(&query, 1, code);
	query_bind_int(&query, 2, random_key());
	return query_run(&query, NULL);
}

/* KEPT_FROM: a day that thank-you pages may have promised by; year 0: none has. STEP: 0 for a row that is new. *IS_CHANGED is false where
 * the version is another, or the series' first event is not there. */
static enum err detail_write(struct office *office, const char *code, const struct office_event_detail *detail,
			     int step, struct date kept_from, bool *is_changed)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CHANGE]);
	query_bind_text(&query, 1, code);
	query_bind_int(&query, 2, step == 0 ? 1 : detail->version);
	query_bind_text(&query, 3, detail_text(detail->partner));
	query_bind_text(&query, 4, detail_text(detail->communities));
	query_bind_text(&query, 5, detail_text(detail->topic));
	query_bind_text(&query, 6, detail_text(detail->strand));
	query_bind_text(&query, 7, detail_text(detail->note));
	query_bind_text(&query, 8, detail_text(detail->channel));
	query_bind_count(&query, 9, detail->reach);
	query_bind_count(&query, 10, detail->expected);
	query_bind_count(&query, 11, detail->came);
	query_bind_int(&query, 12, detail->is_refuge);
	query_bind_date(&query, 13, detail->opens_on);
	query_bind_date(&query, 14, detail->closes_on);
	query_bind_date(&query, 15, detail->next_on);
	query_bind_text(&query, 16, detail_text(detail->series));
	query_bind_int(&query, 17, step);
	query_bind_int(&query, 18, random_key());
	query_bind_date(&query, 19, kept_from);
	enum err error = query_run(&query, &changed);
	*is_changed = changed > 0;
	return error;
}

/* Inside a transaction. */
static enum err detail_plan(struct office *office, const struct office_event *event,
			    const struct office_event_detail *detail, struct arena *arena, char **code)
{
	bool is_changed = false;
	if (!detail_is_possible(detail))
		return ERR_INVALID;
	enum err error = event_insert(office, event, arena, code);
	if (error == ERR_OK)
		error = detail_add(office, *code);
	if (error == ERR_OK)
		error = detail_write(office, *code, detail, 0, (struct date){0}, &is_changed);
	if (error == ERR_OK && !is_changed)
		error = ERR_INVALID; /* the series has no such event */
	return error;
}

enum err office_event_plan(struct office *office, const struct office_event *event,
			   const struct office_event_detail *detail, struct arena *arena, char **code)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = detail_plan(office, event, detail, arena, code);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- changing ------------------------------------------------------------------------------------------------ */

static bool detail_same_forms(const struct catalogue_event *one, const struct catalogue_event *other)
{
	if (one->forms_count != other->forms_count)
		return false;
	for (size_t i = 0; i < one->forms_count; i++) {
		if (strcmp(one->forms[i].form, other->forms[i].form) != 0)
			return false;
	}
	return true;
}

static enum err detail_change_event(struct office *office, const struct catalogue_event *shown)
{
	char held_on[DATE_TEXT];
	date_format(shown->held_on, held_on);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CHANGE_EVENT]);
	query_bind_text(&query, 1, shown->code);
	query_bind_text(&query, 2, shown->title);
	query_bind_text(&query, 3, shown->place);
	query_bind_text(&query, 4, held_on);
	query_bind_text(&query, 5, shown->area);
	query_bind_text(&query, 6, shown->programme);
	query_bind_int(&query, 7, shown->is_wales);
	return query_run(&query, NULL);
}

static enum err detail_clear(struct office *office, enum sql sql, const char *code)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_text(&query, 1, code);
	return query_run(&query, NULL);
}

static enum err detail_change_forms(struct office *office, const struct catalogue_event *now,
				    const struct catalogue_event *wanted)
{
	if (detail_same_forms(now, wanted))
		return ERR_OK;
	if (now->state != EVENT_PLANNED && !now->is_practice)
		return ERR_DENIED;
	enum err error = event_check_forms(office, wanted);
	if (error == ERR_OK)
		error = detail_clear(office, SQL_CLEAR_FORMS, wanted->code);
	return error == ERR_OK ? event_add_forms(office, wanted, wanted->code) : error;
}

static enum err detail_change_lists(struct office *office, const struct catalogue_event *now,
				    const struct catalogue_event *wanted)
{
	enum err error = detail_change_forms(office, now, wanted);
	if (error == ERR_OK)
		error = detail_clear(office, SQL_CLEAR_LANGUAGES, wanted->code);
	return error == ERR_OK ? event_add_languages(office, wanted, wanted->code) : error;
}

/* What was said at an event is looked after by the Area that the event belongs to. */
static enum err detail_move_actions(struct office *office, const struct catalogue_event *wanted)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_MOVE_ACTIONS]);
	query_bind_text(&query, 1, wanted->code);
	query_bind_text(&query, 2, wanted->area);
	query_bind_int(&query, 3, random_key());
	return query_run(&query, NULL);
}

static enum err detail_change(struct office *office, const struct office_event *event,
			      const struct office_event_detail *detail, struct arena *arena)
{
	struct office_event *now = NULL;
	struct office_event_detail before;
	bool is_changed = false;
	enum err error = office_event_get(office, event->shown.code, arena, &now);
	if (error == ERR_OK)
		error = office_event_detail(office, now->shown.code, arena, &before);
	if (error == ERR_OK && before.version != detail->version)
		error = ERR_CONFLICT;
	if (error == ERR_OK)
		error = detail_add(office, now->shown.code);
	if (error != ERR_OK)
		return error;
	struct catalogue_event wanted = event->shown;
	wanted.code = now->shown.code;
	struct date kept_from = now->shown.state == EVENT_PLANNED ? (struct date){0} : now->shown.held_on;
	error = detail_write(office, wanted.code, detail, 1, kept_from, &is_changed);
	if (error == ERR_OK && !is_changed)
		error = ERR_INVALID; /* the series has no such event */
	if (error == ERR_OK)
		error = detail_change_event(office, &wanted);
	if (error == ERR_OK)
		error = detail_change_lists(office, &now->shown, &wanted);
	if (error == ERR_OK)
		error = detail_move_actions(office, &wanted);
	return error == ERR_OK ? office_audit(office, office_actor(office), "event.change", wanted.code) : error;
}

enum err office_event_change(struct office *office, const struct office_event *event,
			     const struct office_event_detail *detail)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, DETAIL_ARENA_BYTES);
	if (!event_is_possible(&event->shown) || !detail_is_possible(detail))
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = detail_change(office, event, detail, &arena);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_event_series(struct office *office, const struct office_event_day *days, size_t count,
			     struct arena *arena)
{
	char *code = NULL;
	if (count == 0 || !event_is_possible(&days[0].event.shown) || !detail_is_possible(&days[0].detail))
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = detail_change(office, &days[0].event, &days[0].detail, arena);
	for (size_t i = 1; i < count && error == ERR_OK; i++)
		error = detail_plan(office, &days[i].event, &days[i].detail, arena, &code);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- pointing ------------------------------------------------------------------------------------------------ */

/* One step is all that a printed code leads: no chain, so no circle. It ends where people can answer, now or soon, and what they say counts
 * as it would have at CODE: it leads from practice to practice only. */
static enum err detail_check_target(struct office *office, const char *code, const char *target)
{
	static const enum sql questions[] = {SQL_CAN_POINT, SQL_IS_POINTED_AT};
	static const bool wanted[] = {true, false};
	if (*target == '\0')
		return ERR_OK;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		bool has_row;
		CLEANUP_QUERY struct query query = query_new(office, statements[questions[i]]);
		query_bind_text(&query, 1, target);
		query_bind_text(&query, 2, code);
		enum err error = query_row(&query, &has_row);
		if (error != ERR_OK)
			return error;
		if (has_row != wanted[i])
			return ERR_INVALID;
	}
	return strcmp(code, target) == 0 ? ERR_INVALID : ERR_OK;
}

static enum err detail_point(struct office *office, const char *code, uint32_t version, const char *target)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_POINT]);
	query_bind_text(&query, 1, code);
	query_bind_int(&query, 2, version);
	query_bind_text(&query, 3, target);
	query_bind_int(&query, 4, random_key());
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

/* As the event has it, whatever was typed. */
static enum err detail_code(struct office *office, const char *typed, struct arena *arena, const char **code)
{
	struct office_event *event = NULL;
	enum err error = office_event_get(office, typed, arena, &event);
	*code = error == ERR_OK ? event->shown.code : NULL;
	return error;
}

enum err office_event_point(struct office *office, const char *code, uint32_t version, const char *target)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, DETAIL_ARENA_BYTES);
	const char *from = NULL, *to = "";
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = detail_code(office, code, &arena, &from);
	if (error != ERR_OK)
		return error;
	if (*target != '\0')
		error = detail_code(office, target, &arena, &to);
	if (error == ERR_NOT_FOUND)
		error = ERR_INVALID;
	if (error == ERR_OK)
		error = detail_check_target(office, from, to);
	if (error == ERR_OK)
		error = detail_add(office, from);
	if (error == ERR_OK)
		error = detail_point(office, from, version, to);
	if (error == ERR_OK)
		error = office_audit_words(office, office_actor(office), "event.point", from, to);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}
