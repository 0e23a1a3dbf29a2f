/* SPDX-License-Identifier: MIT */
/* keep.c: a response is kept as long as the form version says that it answered, and no other.
 *
 * The day is reckoned as the thank-you page reckons it (cgi/intake): the day of the event plus the months of the form. */
#include "lib/office/keep.h"

#include "lib/base/log.h"
#include "lib/form/form_document.h"

#include <string.h>

static const char sql_versions[] = "SELECT form, version, document FROM form_version ORDER BY form, version";

enum { KEEP_FORM_BYTES = 64 << 20 }; /* one form taken apart: a ceiling, not a need */

static enum err keep_read(const char *document, uint32_t version, unsigned *months)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, KEEP_FORM_BYTES);
	struct form *form = NULL;
	enum err error =
		document != NULL ? form_document_decode(document, strlen(document), version, &arena, &form) : ERR_NOMEM;
	*months = error == ERR_OK ? form->keep_months : 0;
	return error == ERR_NOMEM ? error : ERR_OK;
}

enum err keep_load(struct office *office, struct arena *arena, struct keep *out)
{
	size_t room = 0;
	*out = (struct keep){0};
	CLEANUP_QUERY struct query query = query_new(office, sql_versions);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (out->count == room) {
			room = room == 0 ? 16 : room * 2;
			out->versions = arena_grow(arena, out->versions, out->count, room, sizeof(*out->versions));
			if (out->versions == NULL)
				return ERR_NOMEM;
		}
		struct keep_version *row = &out->versions[out->count++];
		row->form = query_text(&query, 0, arena);
		row->version = (uint32_t) query_int(&query, 1);
		error = keep_read((const char *) sqlite3_column_text(query.statement, 2), row->version, &row->months);
		if (error != ERR_OK)
			return error;
	}
	return error;
}

static enum err keep_check(const struct keep_version *row)
{
	if (row->months > 0)
		return ERR_OK;
	log_error("office.form", "form=%s version=%u document=unreadable", row->form, row->version);
	return ERR_CORRUPT;
}

enum err keep_until(const struct keep *keep, const char *form, uint32_t version, struct date held_on,
		    struct date *until)
{
	for (size_t i = 0; i < keep->count; i++) {
		const struct keep_version *row = &keep->versions[i];
		if (row->version != version || strcmp(row->form, form) != 0)
			continue;
		*until = date_add_months(held_on, (int) row->months);
		return keep_check(row);
	}
	log_error("office.form", "form=%s version=%u document=missing", form, version);
	return ERR_CORRUPT;
}

enum err keep_longest(const struct keep *keep, unsigned least, unsigned *months)
{
	*months = least;
	for (size_t i = 0; i < keep->count; i++) {
		enum err error = keep_check(&keep->versions[i]);
		if (error != ERR_OK)
			return error;
		if (keep->versions[i].months > *months)
			*months = keep->versions[i].months;
	}
	return ERR_OK;
}
