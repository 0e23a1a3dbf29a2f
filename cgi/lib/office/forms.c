/* SPDX-License-Identifier: MIT */
/* forms.c: published form versions and the named texts of the catalogue.
 *
 * A version is its document's hash with a number; once here it never changes. What was not finished about it, and why it is
 * used all the same, is in the audit: "form.unfinished" and "form.because", about "NAME VERSION"; where a reason is for some languages
 * only, these are in a line beside it, "form.because.for". */
#include "lib/office/query.h"

#include <stdio.h>
#include <string.h>

enum sql { SQL_NEWEST, SQL_ADD, SQL_GET, SQL_LIST, SQL_TEXT_SET, SQL_TEXT_GET, SQL_WORDS, SQL_BECAUSE_FOR, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_NEWEST] = "SELECT version, hash FROM form_version WHERE form = ?1 ORDER BY version DESC LIMIT 1",
	[SQL_ADD] = "INSERT INTO form_version (form, version, hash, document, published_on) "
		    "VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_GET] = "SELECT version, document FROM form_version WHERE form = ?1 AND ?2 IN (0, version) "
		    "ORDER BY version DESC LIMIT 1",
	[SQL_LIST] = "SELECT form, version, published_on, version = max(version) OVER (PARTITION BY form) "
		     "FROM form_version ORDER BY form, version",
	[SQL_TEXT_SET] = "INSERT INTO text (name, json) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET json = ?2",
	[SQL_WORDS] =
		"SELECT number, coalesce(words, '') FROM audit WHERE action = ?1 AND subject = ?2 AND number > ?3 "
		"ORDER BY number DESC LIMIT 1",
	[SQL_BECAUSE_FOR] =
		"SELECT coalesce(group_concat(CASE action WHEN 'form.because.for' THEN words END, ','), ''), "
		"coalesce(sum(action = 'form.because'), 0) > coalesce(sum(action = 'form.because.for'), 0) "
		"FROM audit WHERE action IN ('form.because', 'form.because.for') AND subject = ?1 AND number > ?2",
	[SQL_TEXT_GET] = "SELECT json FROM text WHERE name = ?1",
};

enum { FORM_HASH_BYTES = 32, FORM_SUBJECT_ROOM = 64, FORM_NOTES_BYTES = 64 * 1024 };

/* VERSION is 0 when the form was never published. */
static enum err form_newest(struct office *office, const char *form, uint32_t *version, uint8_t hash[FORM_HASH_BYTES])
{
	*version = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NEWEST]);
	query_bind_text(&query, 1, form);
	bool has_row;
	enum err error = query_row(&query, &has_row);
	if (error != ERR_OK || !has_row)
		return error;
	*version = (uint32_t) query_int(&query, 0);
	query_bytes(&query, 1, hash, FORM_HASH_BYTES);
	return query_done(&query);
}

static enum err form_add(struct office *office, const char *form, uint32_t version, const uint8_t hash[FORM_HASH_BYTES],
			 const char *document)
{
	char day[DATE_TEXT];
	date_format(date_today(), day);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_text(&query, 1, form);
	query_bind_int(&query, 2, version);
	query_bind_bytes(&query, 3, hash, FORM_HASH_BYTES);
	query_bind_text(&query, 4, document);
	query_bind_text(&query, 5, day);
	enum err error = query_run(&query, NULL);
	return error == ERR_OK ? office_audit(office, office_actor(office), "form.publish", form) : error;
}

/* How the audit names a version. */
static const char *form_subject(const char *form, uint32_t version, char out[FORM_SUBJECT_ROOM])
{
	snprintf(out, FORM_SUBJECT_ROOM, "%s %u", form, version);
	return out;
}

/* The newest words of such a line behind line AFTER, and its number; "" and 0 when there is none. */
static enum err form_words(struct office *office, const char *action, const char *subject, int64_t after,
			   struct arena *arena, char **words, int64_t *number)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_WORDS]);
	query_bind_text(&query, 1, action);
	query_bind_text(&query, 2, subject);
	query_bind_int(&query, 3, after);
	bool has_row;
	enum err error = query_row(&query, &has_row);
	if (error != ERR_OK)
		return error;
	*words = has_row ? query_text(&query, 1, arena) : arena_strdup(arena, "");
	*number = has_row ? query_int(&query, 0) : 0;
	if (*words == NULL)
		return ERR_NOMEM;
	return has_row ? query_done(&query) : ERR_OK;
}

/* For which languages reasons were given behind line AFTER. */
static enum err form_because_for(struct office *office, const char *subject, int64_t after, struct arena *arena,
				 struct office_form_notes *out)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_BECAUSE_FOR]);
	query_bind_text(&query, 1, subject);
	query_bind_int(&query, 2, after);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	out->because_for = query_text(&query, 0, arena);
	out->is_for_all = query_int(&query, 1) != 0;
	return query_done(&query);
}

enum err office_form_notes(struct office *office, const char *form, uint32_t version, struct arena *arena,
			   struct office_form_notes *out)
{
	char subject[FORM_SUBJECT_ROOM];
	int64_t number, later;
	enum err error = form_words(office, "form.unfinished", form_subject(form, version, subject), 0, arena,
				    &out->unfinished, &number);
	if (error == ERR_OK)
		error = form_words(office, "form.because", subject, number, arena, &out->because, &later);
	return error == ERR_OK ? form_because_for(office, subject, number, arena, out) : error;
}

enum err office_form_because(struct office *office, const char *form, uint32_t version, const char *because)
{
	char subject[FORM_SUBJECT_ROOM];
	return office_audit_words(office, office_actor(office), "form.because", form_subject(form, version, subject),
				  because);
}

enum err office_form_because_for(struct office *office, const char *form, uint32_t version, const char *languages,
				 const char *because)
{
	char subject[FORM_SUBJECT_ROOM];
	enum err error = office_form_because(office, form, version, because);
	return error == ERR_OK ? office_audit_words(office, office_actor(office), "form.because.for",
						    form_subject(form, version, subject), languages)
			       : error;
}

/* advice_warnings keeps the list within the limit, and says where it does not say all. */
static enum err form_note_unfinished(struct office *office, const char *form, uint32_t version, const char *unfinished)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FORM_NOTES_BYTES);
	struct office_form_notes notes;
	char subject[FORM_SUBJECT_ROOM];
	char *words = arena_strndup(&arena, unfinished, OFFICE_UNFINISHED_MAX);
	enum err error = words != NULL ? office_form_notes(office, form, version, &arena, &notes) : ERR_NOMEM;
	if (error != ERR_OK || strcmp(notes.unfinished, words) == 0)
		return error;
	return office_audit_words(office, office_actor(office), "form.unfinished", form_subject(form, version, subject),
				  words);
}

enum err office_form_publish(struct office *office, const char *form, const char *document, size_t length,
			     uint32_t *version, bool *is_new)
{
	return office_form_publish_with(office, form, document, length, "", "", version, is_new);
}

enum err office_form_publish_with(struct office *office, const char *form, const char *document, size_t length,
				  const char *unfinished, const char *because, uint32_t *version, bool *is_new)
{
	if (strnlen(document, length + 1) != length)
		return ERR_INVALID; /* a document is text, NUL-ended and without NUL */
	uint8_t hash[FORM_HASH_BYTES];
	uint8_t newest_hash[FORM_HASH_BYTES] = {0};
	uint32_t newest;
	keys_hash(document, length, hash);
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = form_newest(office, form, &newest, newest_hash);
	if (error != ERR_OK)
		return error;
	*is_new = newest == 0 || memcmp(hash, newest_hash, sizeof(hash)) != 0;
	*version = *is_new ? newest + 1 : newest;
	if (*is_new)
		error = form_add(office, form, *version, hash, document);
	if (error == ERR_OK)
		error = form_note_unfinished(office, form, *version, unfinished);
	if (error == ERR_OK && because[0] != '\0')
		error = office_form_because(office, form, *version, because);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_form_get(struct office *office, const char *form, uint32_t version, struct arena *arena,
			 uint32_t *found, char **document, size_t *length)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_text(&query, 1, form);
	query_bind_int(&query, 2, version);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*found = (uint32_t) query_int(&query, 0);
	*document = query_text(&query, 1, arena);
	*length = *document != NULL ? strlen(*document) : 0;
	return query_done(&query);
}

enum err office_form_list(struct office *office, struct arena *arena, struct office_form_row **out, size_t *count)
{
	struct office_form_row *list = NULL;
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
		list[used].form = query_text(&query, 0, arena);
		list[used].version = (uint32_t) query_int(&query, 1);
		list[used].published_on = query_date(&query, 2);
		list[used].is_newest = query_int(&query, 3) != 0;
		used++;
	}
	*out = list;
	*count = used;
	return error;
}

enum err office_text_set(struct office *office, const char *name, const char *text)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TEXT_SET]);
	query_bind_text(&query, 1, name);
	query_bind_text(&query, 2, text);
	return query_run(&query, NULL);
}

enum err office_text_get(struct office *office, const char *name, struct arena *arena, char **text)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TEXT_GET]);
	query_bind_text(&query, 1, name);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	*text = query_text(&query, 0, arena);
	return query_done(&query);
}
