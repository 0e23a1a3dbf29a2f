/* SPDX-License-Identifier: MIT */
/* events.h: a step of an event for those who take it inside a transaction of their own; nobody outside this folder
 * includes it. */
#ifndef SOUNDINGS_OFFICE_EVENTS_H
#define SOUNDINGS_OFFICE_EVENTS_H

#include "lib/office/organising.h"
#include "lib/office/query.h"

/* Columns of row E of table event with its lists, for event_read. One statement reads it all, however many rows. */
#define EVENT_COLUMNS                                                                                                  \
	"e.code, e.title, e.place, e.held_on, e.area, e.programme, e.is_practice, e.is_wales, e.wants_tickets, "       \
	"e.state, e.grace_until, e.release, e.shown, "                                                                 \
	"(SELECT group_concat(tag, char(10)) FROM "                                                                    \
	"(SELECT l.tag FROM event_language l WHERE l.event = e.code ORDER BY l.place)), "                              \
	"(SELECT group_concat(asked, char(10)) FROM (SELECT f.form || ' ' || coalesce(f.version, 0) AS asked "         \
	"FROM event_form f WHERE f.event = e.code ORDER BY f.place)) "
enum { EVENT_COLUMNS_COUNT = 15 };
enum err event_read(struct query *query, struct arena *arena, struct office_event *out) MUST_CHECK;

/* SQL: how many responses the event of CODE has, as far as bands tell (event_band_of). */
#define EVENT_BAND_COUNT(CODE) "(SELECT count(*) FROM (SELECT 1 FROM response r WHERE r.event = " CODE " LIMIT 100))"
const char *event_band_of(int64_t responses);

/* Inside a transaction: the event of CODE comes into STATE, with its audit line by ACTOR; closing raises the flush number.
 * Whether the step exists is the caller's to know. GRACE_UNTIL is 0 but for grace. ERR_CONFLICT when there is no such event,
 * or it is to open after everything of it was deleted. */
enum err event_step(struct office *office, const char *code, enum event_state state, int64_t grace_until,
		    const char *actor) MUST_CHECK;

/* Inside a transaction: the event of CODE takes a step, if it may. As office_event_set_state. */
enum err event_set_state(struct office *office, const char *code, enum event_state state, int64_t now_s) MUST_CHECK;

/* Inside a transaction: a new event's row and lists, with its audit line; *CODE in ARENA. As office_event_add. */
enum err event_insert(struct office *office, const struct office_event *event, struct arena *arena,
		      char **code) MUST_CHECK;

/* What of an event organisers may write at all: texts and lists. */
bool event_is_possible(const struct catalogue_event *shown);
enum err event_check_forms(struct office *office, const struct catalogue_event *shown) MUST_CHECK;
enum err event_add_languages(struct office *office, const struct catalogue_event *shown, const char *code) MUST_CHECK;
enum err event_add_forms(struct office *office, const struct catalogue_event *shown, const char *code) MUST_CHECK;

/* What office_event_find asks, for a test of how SQLite goes about it: the lines, or how many there are in all. */
extern const char event_find_lines_sql[];
extern const char event_find_soonest_sql[];
extern const char event_find_total_sql[];

/* Makes SQL function event_matches(WORDS, TEXT...) known to a connection: 1 where each of WORDS, folded and with line feeds between, is in
 * one of the texts, whatever the case. */
int event_add_functions(sqlite3 *db);

#endif
