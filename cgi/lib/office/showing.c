/* SPDX-License-Identifier: MIT */
/* showing.c: what a catalogue tells of events and Areas: notes, where a printed code leads, and you said, we did.
 *
 * Only what organisers marked as public is read, and of how many people said it only a word. What was said at an event is shown when the
 * event is over, never while its forms are open: it would tell the next person what to say. */
#include "lib/office/showing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/catalogue/shown.h"
#include "lib/office/organising.h"

enum sql { SQL_CAREFUL, SQL_DETAILS, SQL_ACTIONS, SQL_TEXTS, SQL_COUNT };

/* The documents are canonical JSON: within a text the quotes would stand escaped, so this is the member and nothing else. Whatever newer
 * version there is: pages of an older one may be open, and their events know whose they are. */
static const char *const statements[SQL_COUNT] = {
	[SQL_CAREFUL] = "SELECT DISTINCT form FROM form_version WHERE instr(document, '\"safety\":\"exit-page\"') > 0 "
			"ORDER BY form",
	[SQL_DETAILS] = "SELECT event, note, is_refuge, next_on, points_to FROM event_detail ORDER BY event",
	[SQL_ACTIONS] = "SELECT id, area, event, status, many, said_on, done_on, changed_on FROM action "
			"WHERE is_public = 1 AND is_removed = 0 ORDER BY changed_on DESC, id",
	[SQL_TEXTS] = "SELECT tag, theme, said, did FROM action_text WHERE action = ?1 ORDER BY place",
};

struct showing_detail {
	const char *event, *note, *points_to;
	bool is_refuge;
	struct date next_on;
};

struct showing_action {
	const char *area;
	const char *event; /* "" : of the Area */
	struct shown_action shown;
};

/* ---- reading -------------------------------------------------------------------------------------------------------------- */

/* One more at the end of a growing array; NULL without room. */
static void *showing_more(struct arena *arena, void *rows, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		size_t grown = *room == 0 ? 32 : *room * 2;
		rows = arena_grow(arena, rows, *count, grown, size);
		*room = grown;
	}
	(*count)++;
	return rows;
}

static enum err showing_load_careful(struct office *office, struct arena *arena, struct showing *out)
{
	const char **names = NULL;
	size_t room = 0;
	bool has_row;
	enum err error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CAREFUL]);
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		names = showing_more(arena, names, &out->careful_count, &room, sizeof *names);
		if (names == NULL)
			return ERR_NOMEM;
		names[out->careful_count - 1] = query_text(&query, 0, arena);
	}
	out->careful = names;
	return error;
}

static enum err showing_load_details(struct office *office, struct arena *arena, struct showing *out)
{
	struct showing_detail *details = NULL;
	size_t room = 0;
	bool has_row;
	enum err error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_DETAILS]);
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		details = showing_more(arena, details, &out->details_count, &room, sizeof *details);
		if (details == NULL)
			return ERR_NOMEM;
		details[out->details_count - 1] = (struct showing_detail){
			.event = query_text(&query, 0, arena),
			.note = query_text(&query, 1, arena),
			.is_refuge = query_int(&query, 2) != 0,
			.next_on = query_date_or_none(&query, 3),
			.points_to = query_text(&query, 4, arena),
		};
	}
	out->details = details;
	return error;
}

static enum err showing_load_texts(struct office *office, int64_t id, struct arena *arena, struct shown_action *action)
{
	struct shown_text *texts = NULL;
	size_t room = 0;
	bool has_row;
	enum err error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TEXTS]);
	query_bind_int(&query, 1, id);
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (action->texts_count == CATALOGUE_LANGUAGES_MAX)
			break;
		texts = showing_more(arena, texts, &action->texts_count, &room, sizeof *texts);
		if (texts == NULL)
			return ERR_NOMEM;
		texts[action->texts_count - 1] = (struct shown_text){
			.tag = query_text(&query, 0, arena),
			.theme = query_text(&query, 1, arena),
			.said = query_text(&query, 2, arena),
			.did = query_text(&query, 3, arena),
		};
	}
	action->texts = texts;
	return error;
}

/* The later of two days, of which either may be unknown. */
static struct date showing_later(struct date first, struct date second)
{
	if (first.year == 0 || (second.year != 0 && date_days(second) > date_days(first)))
		return second;
	return first;
}

static int showing_word(const char *word, const char *const *words, int count)
{
	for (int i = 0; word != NULL && i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return 0;
}

/* A row of SQL_ACTIONS, but for its texts. */
static enum err showing_action_row(struct query *query, struct arena *arena, struct showing_action *out)
{
	static const char *const statuses[] = {"heard", "doing", "done", "cannot"};
	static const char *const manys[] = {"unsaid", "few", "several", "many"};
	static_assert((int) ACTION_DOING == (int) SHOWN_DOING && (int) ACTION_STATUS_COUNT == (int) SHOWN_STATUS_COUNT,
		      "one order of both");
	const char *event = query_text(query, 2, arena);
	struct date said_on = query_date_or_none(query, 5), done_on = query_date_or_none(query, 6);
	struct date changed_on = query_date_or_none(query, 7);
	*out = (struct showing_action){
		.area = query_text(query, 1, arena),
		.event = event != NULL ? event : "",
		.shown =
			{
				.id = arena_printf(arena, "%016llx", (unsigned long long) query_int(query, 0)),
				.status = (enum shown_status) showing_word(query_text(query, 3, arena), statuses, 4),
				.many = (enum shown_many) showing_word(query_text(query, 4, arena), manys, 4),
				.updated = showing_later(changed_on, showing_later(said_on, done_on)),
			},
	};
	/* Every action has a day; should one have none, it is older than all that have. */
	if (out->shown.updated.year == 0)
		out->shown.updated = (struct date){2026, 1, 1};
	return out->shown.id == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err showing_load_actions(struct office *office, struct arena *arena, struct showing *out)
{
	struct showing_action *actions = NULL;
	size_t room = 0;
	bool has_row;
	enum err error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ACTIONS]);
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		actions = showing_more(arena, actions, &out->actions_count, &room, sizeof *actions);
		if (actions == NULL)
			return ERR_NOMEM;
		struct showing_action *action = &actions[out->actions_count - 1];
		int64_t id = query_int(&query, 0);
		error = showing_action_row(&query, arena, action);
		if (error == ERR_OK)
			error = showing_load_texts(office, id, arena, &action->shown);
		if (error != ERR_OK)
			return error;
		if (action->shown.texts_count == 0) /* it says nothing */
			out->actions_count--;
	}
	out->actions = actions;
	return error;
}

enum err showing_load(struct office *office, struct arena *arena, struct showing *out)
{
	*out = (struct showing){0};
	enum err error = showing_load_careful(office, arena, out);
	if (error == ERR_OK)
		error = showing_load_details(office, arena, out);
	return error != ERR_OK ? error : showing_load_actions(office, arena, out);
}

/* ---- an event ------------------------------------------------------------------------------------------------------------- */

static int showing_compare_code(const void *code, const void *detail)
{
	return strcmp(code, ((const struct showing_detail *) detail)->event);
}

static bool showing_is_careful(const struct showing *showing, const struct office_event *event)
{
	for (size_t i = 0; i < event->shown.forms_count; i++)
		for (size_t k = 0; k < showing->careful_count; k++)
			if (strcmp(event->shown.forms[i].form, showing->careful[k]) == 0)
				return true;
	return false;
}

static bool is_over(enum event_state state)
{
	return state == EVENT_GRACE || state == EVENT_CLOSED || state == EVENT_RELEASED;
}

/* Those of the event CODE with this status, added to OUT. */
static void showing_pick(const struct showing *showing, const char *code, enum shown_status status,
			 struct shown_action *out, size_t *count, size_t most)
{
	for (size_t i = 0; i < showing->actions_count && *count < most; i++)
		if (showing->actions[i].shown.status == status && strcmp(showing->actions[i].event, code) == 0)
			out[(*count)++] = showing->actions[i].shown;
}

/* The actions of an event: what was done first, then what is being done, what cannot be, and what was heard. */
static enum err showing_document(const struct showing *showing, const struct office_event *event, struct date next_on,
				 struct arena *arena, const char **out)
{
	static const enum shown_status order[] = {SHOWN_DONE, SHOWN_DOING, SHOWN_CANNOT, SHOWN_HEARD};
	size_t most = 0;
	for (size_t i = 0; i < showing->actions_count && most < SHOWN_ACTIONS_MAX; i++)
		most += strcmp(showing->actions[i].event, event->shown.code) == 0;
	struct shown_action *actions = arena_array(arena, most + 1, struct shown_action);
	struct shown shown = {.next_on = next_on, .actions = actions};
	if (actions == NULL)
		return ERR_NOMEM;
	if (next_on.year == 0)
		shown.next_on = date_from_days(date_days(event->shown.held_on) + SHOWN_NEXT_DAYS);
	for (size_t k = 0; k < SHOWN_STATUS_COUNT; k++)
		showing_pick(showing, event->shown.code, order[k], actions, &shown.actions_count, most);
	char *document = NULL;
	enum err error = shown_encode(&shown, arena, &document);
	*out = document;
	return error;
}

enum err showing_event(const struct showing *showing, const struct office_event *event, struct arena *arena,
		       struct catalogue_event *out)
{
	static const struct showing_detail none = {.note = "", .points_to = ""};
	const struct showing_detail *detail = NULL;
	if (showing->details_count > 0)
		detail = bsearch(event->shown.code, showing->details, showing->details_count, sizeof *detail,
				 showing_compare_code);
	if (detail == NULL)
		detail = &none;
	out->note = detail->note;
	out->points_to = *detail->points_to == '\0' ? NULL : detail->points_to;
	out->is_careful = detail->is_refuge || showing_is_careful(showing, event);
	out->shown = NULL;
	return is_over(event->shown.state) ? showing_document(showing, event, detail->next_on, arena, &out->shown)
					   : ERR_OK;
}

/* ---- Areas ---------------------------------------------------------------------------------------------------------------- */

static int showing_compare_event(const void *code, const void *event)
{
	return strcmp(code, ((const struct catalogue_event *) event)->code);
}

/* Whether ACTION belongs on its Area's page; and the title and day of its event where they may be told. */
static bool showing_in_area(const struct showing_action *action, const struct catalogue_event *events, size_t count,
			    struct shown_action *out)
{
	*out = action->shown;
	if (*action->event == '\0')
		return true;
	const struct catalogue_event *event =
		count == 0 ? NULL : bsearch(action->event, events, count, sizeof *events, showing_compare_event);
	if (event == NULL || event->is_practice || !is_over(event->state))
		return false;
	if (!event->is_careful) {
		out->event = event->title;
		out->held_on = event->held_on;
	}
	return true;
}

static enum err showing_area(const struct showing *showing, const char *area, const struct catalogue_event *events,
			     size_t events_count, struct arena *arena, const char **out)
{
	struct shown_action *actions = arena_array(arena, SHOWN_ACTIONS_MAX, struct shown_action);
	struct shown shown = {.actions = actions};
	char *document = NULL;
	*out = NULL;
	if (actions == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < showing->actions_count && shown.actions_count < SHOWN_ACTIONS_MAX; i++)
		if (strcmp(showing->actions[i].area, area) == 0 &&
		    showing_in_area(&showing->actions[i], events, events_count, &actions[shown.actions_count]))
			shown.actions_count++;
	if (shown.actions_count == 0)
		return ERR_OK;
	enum err error = shown_encode(&shown, arena, &document);
	*out = document;
	return error;
}

enum err showing_areas(const struct showing *showing, const struct catalogue_event *events, size_t events_count,
		       struct arena *arena, struct catalogue_content *content)
{
	struct catalogue_area *areas = NULL;
	size_t room = 0;
	for (size_t i = 0; i < showing->actions_count; i++) {
		const char *area = showing->actions[i].area, *document = NULL;
		size_t first = 0; /* once for each Area: where it comes first */
		while (strcmp(showing->actions[first].area, area) != 0)
			first++;
		enum err error =
			first < i ? ERR_OK : showing_area(showing, area, events, events_count, arena, &document);
		if (error != ERR_OK)
			return error;
		if (document == NULL)
			continue;
		areas = showing_more(arena, areas, &content->areas_count, &room, sizeof *areas);
		if (areas == NULL)
			return ERR_NOMEM;
		areas[content->areas_count - 1] = (struct catalogue_area){area, document};
	}
	content->areas = areas;
	return ERR_OK;
}
