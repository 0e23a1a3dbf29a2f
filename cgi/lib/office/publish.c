/* SPDX-License-Identifier: MIT */
/* publish.c: everything a catalogue is made of, read in one transaction that also takes the next serial.
 *
 * Taking part in a catalogue is what serving means here: from then on pages of that version may be open somewhere, so the
 * event keeps it, and the version stays in every catalogue until the event is released.
 *
 * A release that waits for its backup changes nothing here yet: the event is closed as before, with its forms, by which
 * the collector judges what comes late. Nothing of the release may be seen. */
#include "lib/catalogue/sounds.h"
#include "lib/office/query.h"
#include "lib/office/release.h"
#include "lib/office/showing.h"

#include <string.h>

/* Of an event E: the catalogue still names its forms. */
#define PUBLISH_ASKS "NOT (e.state = 'released' AND " RELEASE_IS_SHOWN ")"

enum sql { SQL_NEXT_SERIAL, SQL_GET_SERIAL, SQL_PIN, SQL_SERVE, SQL_FORMS, SQL_NEWEST, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_NEXT_SERIAL] = "UPDATE meta SET serial = serial + 1",
	[SQL_GET_SERIAL] = "SELECT serial FROM meta",
	/* Until its first page can be seen, an event follows the newest version of its forms; practice events always do. */
	[SQL_PIN] = "UPDATE event_form SET version = "
		    "(SELECT max(v.version) FROM form_version v WHERE v.form = event_form.form) "
		    "WHERE version IS NULL AND event IN "
		    "(SELECT code FROM event WHERE is_practice = 0 AND state IN ('open', 'grace'))",
	[SQL_SERVE] = "INSERT OR IGNORE INTO event_served (event, form, version) "
		      "SELECT f.event, f.form, coalesce(f.version, "
		      "(SELECT max(v.version) FROM form_version v WHERE v.form = f.form)) "
		      "FROM event_form f JOIN event e ON e.code = f.event WHERE e.state IN ('open', 'grace')",
	[SQL_FORMS] = "SELECT form, version, document FROM form_version WHERE (form, version) IN "
		      "(SELECT s.form, s.version FROM event_served s JOIN event e ON e.code = s.event "
		      "WHERE " PUBLISH_ASKS " "
		      "UNION SELECT f.form, coalesce(f.version, "
		      "(SELECT max(v.version) FROM form_version v WHERE v.form = f.form)) "
		      "FROM event_form f JOIN event e ON e.code = f.event WHERE " PUBLISH_ASKS ") "
		      "ORDER BY form, version",
	[SQL_NEWEST] = "SELECT max(version) FROM form_version WHERE form = ?1",
};

static enum err publish_serial(struct office *office, uint64_t *serial)
{
	enum err error = query_run_sql(office, statements[SQL_NEXT_SERIAL]);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET_SERIAL]);
	error = query_one(&query);
	*serial = (uint64_t) query_int(&query, 0);
	return error;
}

static enum err publish_forms(struct office *office, struct arena *arena, struct catalogue_content *content)
{
	struct catalogue_form_version *list = NULL;
	size_t room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FORMS]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (content->forms_count == room) {
			room = room == 0 ? 8 : room * 2;
			list = arena_grow(arena, list, content->forms_count, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		struct catalogue_form_version *row = &list[content->forms_count++];
		row->form = query_text(&query, 0, arena);
		row->version = (uint32_t) query_int(&query, 1);
		row->document = query_text(&query, 2, arena);
		row->document_length = row->document != NULL ? strlen(row->document) : 0;
	}
	content->forms = list;
	return error;
}

/* The number behind "the newest". */
static enum err publish_newest(struct office *office, const char *form, uint32_t *version)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NEWEST]);
	query_bind_text(&query, 1, form);
	enum err error = query_one(&query);
	*version = (uint32_t) query_int(&query, 0);
	return error;
}

static enum err publish_event(struct office *office, const struct showing *showing, const struct office_event *event,
			      struct arena *arena, struct catalogue_event *out)
{
	bool is_shown = false;
	*out = event->shown;
	enum err error = showing_event(showing, event, arena, out);
	if (error == ERR_OK && event->shown.state == EVENT_RELEASED)
		error = office_event_is_shown(office, event->shown.code, &is_shown);
	if (error != ERR_OK)
		return error;
	if (is_shown) {
		out->forms = NULL;
		out->forms_count = 0;
		return ERR_OK;
	}
	if (event->shown.state == EVENT_RELEASED)
		out->state = EVENT_CLOSED;
	struct catalogue_form_ref *forms = arena_array(arena, event->shown.forms_count, struct catalogue_form_ref);
	if (forms == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < event->shown.forms_count; i++) {
		forms[i] = event->shown.forms[i];
		error = forms[i].version == 0 ? publish_newest(office, forms[i].form, &forms[i].version) : ERR_OK;
		if (error != ERR_OK)
			return error;
	}
	out->forms = forms;
	return ERR_OK;
}

static enum err publish_events(struct office *office, struct arena *arena, struct catalogue_content *content)
{
	struct office_event *list = NULL;
	struct showing showing;
	size_t count = 0;
	enum err error = office_event_list(office, arena, &list, &count);
	if (error == ERR_OK)
		error = showing_load(office, arena, &showing);
	if (error != ERR_OK)
		return error;
	struct catalogue_event *events = arena_array(arena, count + 1, struct catalogue_event);
	if (events == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		error = publish_event(office, &showing, &list[i], arena, &events[i]);
		if (error != ERR_OK)
			return error;
	}
	content->events = events;
	content->events_count = count;
	return showing_areas(&showing, events, count, arena, content);
}

static enum err publish_texts(struct office *office, struct arena *arena, struct catalogue_content *content)
{
	char *organisation = NULL;
	char *words = NULL;
	enum err error = office_text_get(office, "organisation", arena, &organisation);
	if (error == ERR_OK)
		error = office_text_get(office, "words", arena, &words);
	content->organisation = organisation;
	content->words = words;
	return error;
}

static bool publish_is_said(const struct catalogue_content *content, const char *forms)
{
	for (size_t i = 0; i < content->forms_count; i++)
		if (sounds_has_form(forms, content->forms[i].form))
			return true;
	return false;
}

/* Of the texts of CONTENT's forms. None, where nobody has made any; nor where the list cannot be read: pages are shown all the same. */
static enum err publish_sounds(struct office *office, struct arena *arena, struct catalogue_content *content)
{
	char *document = NULL;
	struct sounds sounds = {0};
	enum err error = office_text_get(office, "sound", arena, &document);
	if (error == ERR_OK)
		error = sounds_decode(document, arena, &sounds);
	if (error == ERR_NOT_FOUND || error == ERR_CORRUPT)
		return ERR_OK;
	if (error != ERR_OK)
		return error;
	for (size_t i = 0; i < sounds.count; i++)
		if (publish_is_said(content, sounds.notes[i].forms))
			sounds.list[content->sounds_count++] = sounds.list[i];
	content->sounds = sounds.list;
	return ERR_OK;
}

enum err office_catalogue(struct office *office, struct arena *arena, struct catalogue_content **out)
{
	struct catalogue_content *content = arena_new(arena, struct catalogue_content);
	if (content == NULL)
		return ERR_NOMEM;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = publish_serial(office, &content->serial);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_PIN]);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_SERVE]);
	if (error == ERR_OK)
		error = publish_texts(office, arena, content);
	if (error == ERR_OK)
		error = publish_forms(office, arena, content);
	if (error == ERR_OK)
		error = publish_sounds(office, arena, content);
	if (error == ERR_OK)
		error = publish_events(office, arena, content);
	if (error == ERR_OK)
		error = transaction_commit(&transaction);
	if (error == ERR_OK)
		*out = content;
	return error;
}
