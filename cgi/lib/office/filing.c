/* SPDX-License-Identifier: MIT */
/* filing.c: an opened letter becomes rows: once, and as its highest edit, in whatever order envelopes come
 * (architecture.md, steps 6 to 8).
 *
 * Rows get random keys. A replaced response leaves no trace: its rows are deleted (secure_delete overwrites them) and the
 * new ones have keys of their own. Everything here runs inside the batch's transaction, each call in a savepoint. */
#include "lib/office/filing.h"

#include "lib/office/join.h"

#include "lib/base/random.h"

#include <assert.h>
#include <string.h>

enum sql {
	SQL_SAVE,
	SQL_KEEP,
	SQL_UNDO,
	SQL_EVENT_KIND,
	SQL_HAS_FORM,
	SQL_HAS_SEEN,
	SQL_GET_LINK,
	SQL_GET_TOMBSTONE,
	SQL_ADD_PERIOD,
	SQL_ADD_SEEN,
	SQL_ADD_RESPONSE,
	SQL_ADD_APART,
	SQL_ADD_TEXT,
	SQL_ADD_LINK,
	SQL_FIND_WITHDRAWN,
	SQL_DELETE_LINK,
	SQL_DELETE_RESPONSE,
	SQL_DELETE_APART,
	SQL_ADD_TOMBSTONE,
	SQL_ADD_WAITS,
	SQL_DELETE_WAITS,
	SQL_DELETE_IDLE_TOMBSTONE,
	SQL_ADD_QUARANTINE,
	SQL_COUNT_QUARANTINE,
	SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
	[SQL_SAVE] = "SAVEPOINT filing",
	[SQL_KEEP] = "RELEASE filing",
	[SQL_UNDO] = "ROLLBACK TO filing",
	[SQL_EVENT_KIND] = "SELECT is_practice, expired_on IS NOT NULL FROM event WHERE code = ?1",
	[SQL_HAS_FORM] = "SELECT 1 FROM form_version WHERE form = ?1 AND version = ?2",
	[SQL_HAS_SEEN] = "SELECT 1 FROM seen WHERE keyed_id = ?1",
	[SQL_GET_LINK] =
		"SELECT l.response, l.apart, l.edit, r.event, r.form, r.version, a.language, a.variant, a.mode "
		"FROM link l JOIN response r ON r.row = l.response JOIN apart a ON a.row = l.apart "
		"WHERE l.keyed_id = ?1",
	[SQL_GET_TOMBSTONE] = "SELECT 1 FROM tombstone WHERE keyed_withdraw = ?1",
	[SQL_ADD_PERIOD] = "INSERT INTO period (id, is_practice) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
	[SQL_ADD_SEEN] = "INSERT INTO seen (keyed_id, period) VALUES (?1, ?2) ON CONFLICT (keyed_id) DO NOTHING",
	[SQL_ADD_RESPONSE] = "INSERT INTO response (row, event, form, version, answers) VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_ADD_APART] = "INSERT INTO apart (row, event, form, version, answers, language, variant, mode) "
			  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[SQL_ADD_TEXT] = "INSERT INTO free_text (row, event, form, field, language, text, response, apart) "
			 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), nullif(?8, 0))",
	[SQL_ADD_LINK] =
		"INSERT INTO link (keyed_id, keyed_withdraw, response, apart, edit) VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_FIND_WITHDRAWN] = "SELECT response, apart FROM link WHERE keyed_withdraw = ?1 LIMIT 1",
	[SQL_DELETE_LINK] = "DELETE FROM link WHERE response = ?1",
	[SQL_DELETE_RESPONSE] = "DELETE FROM response WHERE row = ?1", /* its texts cascade */
	[SQL_DELETE_APART] = "DELETE FROM apart WHERE row = ?1",
	[SQL_ADD_TOMBSTONE] = "INSERT INTO tombstone (keyed_withdraw, period, is_matched) VALUES (?1, ?2, ?3) "
			      "ON CONFLICT (keyed_withdraw) DO UPDATE SET is_matched = max(is_matched, ?3)",
	[SQL_ADD_WAITS] = "INSERT INTO tombstone_waits (event, tombstone) SELECT e.code, t.keyed_withdraw "
			  "FROM event e, tombstone t WHERE e.state <> 'released' AND e.is_practice = ?2 "
			  "AND t.keyed_withdraw = ?1 AND t.is_matched = 0 ON CONFLICT (event, tombstone) DO NOTHING",
	[SQL_DELETE_WAITS] = "DELETE FROM tombstone_waits WHERE tombstone = ?1",
	[SQL_DELETE_IDLE_TOMBSTONE] = "DELETE FROM tombstone WHERE keyed_withdraw = ?1 AND " OFFICE_TOMBSTONE_IS_IDLE,
	[SQL_ADD_QUARANTINE] = "INSERT INTO quarantine (row, hash, reason, envelope, day) VALUES (?1, ?2, ?3, "
			       "?4, " OFFICE_DAY_NOT_BEFORE("?5") ") "
								  "ON CONFLICT (hash) DO NOTHING",
	[SQL_COUNT_QUARANTINE] = "SELECT count(*) FROM quarantine",
};

enum {
	FILING_ARENA_BYTES = 4 << 20 /* one response's old parts: at most a letter's size a few times over */
};

/* ---- looking ------------------------------------------------------------------------------------------------- */

static enum err filing_has(struct office *office, enum sql sql, const uint8_t key[FILING_KEY_BYTES], bool *has)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_bytes(&query, 1, key, FILING_KEY_BYTES);
	return query_row(&query, has);
}

enum err office_is_seen(struct office *office, const uint8_t keyed_id[32], bool *is_seen)
{
	return filing_has(office, SQL_HAS_SEEN, keyed_id, is_seen);
}

/* ERR_NOT_FOUND when the office lacks the event or form version: it may have been restored from before they were made. */
static enum err filing_check_known(struct office *office, const struct letter *letter, bool *is_practice,
				   bool *is_expired)
{
	CLEANUP_QUERY struct query event = query_new(office, statements[SQL_EVENT_KIND]);
	query_bind_text(&event, 1, letter->event);
	enum err error = query_one(&event);
	if (error != ERR_OK)
		return error;
	*is_practice = query_int(&event, 0) != 0;
	*is_expired = query_int(&event, 1) != 0;
	if (*is_expired)
		return ERR_OK;
	CLEANUP_QUERY struct query form = query_new(office, statements[SQL_HAS_FORM]);
	query_bind_text(&form, 1, letter->form);
	query_bind_int(&form, 2, letter->version);
	return query_one(&form);
}

/* What is filed under an id now. */
struct filing_held {
	int64_t response; /* 0: nothing */
	int64_t apart;
	uint32_t edit;
	uint32_t version;
	const char *event;
	const char *form;
	const char *language;
	const char *variant;
	const char *mode;
	const char *canonical;
};

static enum err filing_get_held(struct office *office, const uint8_t keyed_id[FILING_KEY_BYTES], struct arena *arena,
				struct filing_held *held)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET_LINK]);
	query_bind_bytes(&query, 1, keyed_id, FILING_KEY_BYTES);
	enum err error = query_one(&query);
	if (error == ERR_NOT_FOUND)
		return ERR_OK;
	if (error != ERR_OK)
		return error;
	held->response = query_int(&query, 0);
	held->apart = query_int(&query, 1);
	held->edit = (uint32_t) query_int(&query, 2);
	held->event = query_text(&query, 3, arena);
	held->form = query_text(&query, 4, arena);
	held->version = (uint32_t) query_int(&query, 5);
	held->language = query_text(&query, 6, arena);
	held->variant = query_text(&query, 7, arena);
	held->mode = query_text(&query, 8, arena);
	return query_done(&query);
}

/* The rule of edits, as an order in which the greatest counts: edit, then the answers' bytes. What follows only makes it
 * total, so that the outcome never depends on which came first. */
static int filing_compare(const struct office_response *response, const struct filing_held *held)
{
	const struct letter *letter = response->letter;
	if (letter->edit != held->edit)
		return letter->edit > held->edit ? 1 : -1;
	int order = strcmp(response->canonical, held->canonical);
	if (order == 0 && letter->version != held->version)
		order = letter->version > held->version ? 1 : -1;
	if (order == 0)
		order = strcmp(letter->language, held->language);
	if (order == 0)
		order = strcmp(letter->variant, held->variant);
	return order != 0 ? order : strcmp(letter->mode, held->mode);
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

static enum err filing_delete_row(struct office *office, enum sql sql, int64_t row)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, row);
	return query_run(&query, NULL);
}

enum err filing_forget(struct office *office, int64_t response, int64_t apart)
{
	enum err error = filing_delete_row(office, SQL_DELETE_LINK, response);
	if (error == ERR_OK)
		error = filing_delete_row(office, SQL_DELETE_RESPONSE, response);
	return error == ERR_OK ? filing_delete_row(office, SQL_DELETE_APART, apart) : error;
}

static enum err filing_add_period(struct office *office, const uint8_t period[KEYS_ID_BYTES], bool is_practice)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_PERIOD]);
	query_bind_bytes(&query, 1, period, KEYS_ID_BYTES);
	query_bind_int(&query, 2, is_practice);
	return query_run(&query, NULL);
}

static enum err filing_add_seen(struct office *office, const struct office_response *response, bool is_practice)
{
	enum err error = filing_add_period(office, response->period, is_practice);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_SEEN]);
	query_bind_bytes(&query, 1, response->keyed_id, FILING_KEY_BYTES);
	query_bind_bytes(&query, 2, response->period, KEYS_ID_BYTES);
	return query_run(&query, NULL);
}

static enum err filing_add_response(struct office *office, const struct office_response *response, int64_t row)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_RESPONSE]);
	query_bind_int(&query, 1, row);
	query_bind_text(&query, 2, response->letter->event);
	query_bind_text(&query, 3, response->letter->form);
	query_bind_int(&query, 4, response->letter->version);
	query_bind_text(&query, 5, response->answers);
	return query_run(&query, NULL);
}

static enum err filing_add_apart(struct office *office, const struct office_response *response, int64_t row)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_APART]);
	query_bind_int(&query, 1, row);
	query_bind_text(&query, 2, response->letter->event);
	query_bind_text(&query, 3, response->letter->form);
	query_bind_int(&query, 4, response->letter->version);
	query_bind_text(&query, 5, response->apart_answers);
	query_bind_text(&query, 6, response->letter->language);
	query_bind_text(&query, 7, response->letter->variant);
	query_bind_text(&query, 8, response->letter->mode);
	return query_run(&query, NULL);
}

static enum err filing_add_texts(struct office *office, const struct office_response *response, int64_t row,
				 int64_t apart)
{
	for (size_t i = 0; i < response->texts_count; i++) {
		const struct office_free_text *text = &response->texts[i];
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_TEXT]);
		query_bind_int(&query, 1, random_key());
		query_bind_text(&query, 2, response->letter->event);
		query_bind_text(&query, 3, response->letter->form);
		query_bind_text(&query, 4, text->field);
		query_bind_text(&query, 5, text->language);
		query_bind_text(&query, 6, text->text);
		query_bind_int(&query, 7, text->is_apart ? 0 : row);
		query_bind_int(&query, 8, text->is_apart ? apart : 0);
		enum err error = query_run(&query, NULL);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

static enum err filing_add_link(struct office *office, const struct office_response *response, int64_t row,
				int64_t apart)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_LINK]);
	query_bind_bytes(&query, 1, response->keyed_id, FILING_KEY_BYTES);
	query_bind_bytes(&query, 2, response->keyed_withdraw, FILING_KEY_BYTES);
	query_bind_int(&query, 3, row);
	query_bind_int(&query, 4, apart);
	query_bind_int(&query, 5, response->letter->edit);
	return query_run(&query, NULL);
}

static enum err filing_add(struct office *office, const struct office_response *response, bool is_practice)
{
	int64_t row = random_key();
	int64_t apart = random_key();
	enum err error = filing_add_seen(office, response, is_practice);
	if (error == ERR_OK)
		error = filing_add_response(office, response, row);
	if (error == ERR_OK)
		error = filing_add_apart(office, response, apart);
	if (error == ERR_OK)
		error = filing_add_texts(office, response, row, apart);
	if (error == ERR_OK)
		error = filing_add_link(office, response, row, apart);
	return error == ERR_OK ? office_count_unordered(office, 1) : error;
}

static enum err filing_run_keyed(struct office *office, enum sql sql, const uint8_t key[FILING_KEY_BYTES])
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_bytes(&query, 1, key, FILING_KEY_BYTES);
	return query_run(&query, NULL);
}

enum err filing_add_tombstone(struct office *office, const uint8_t period[KEYS_ID_BYTES], bool is_practice,
			      const uint8_t keyed_withdraw[FILING_KEY_BYTES], bool is_matched)
{
	enum err error = filing_add_period(office, period, is_practice);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_TOMBSTONE]);
	query_bind_bytes(&query, 1, keyed_withdraw, FILING_KEY_BYTES);
	query_bind_bytes(&query, 2, period, KEYS_ID_BYTES);
	query_bind_int(&query, 3, is_matched);
	error = query_run(&query, NULL);
	return error == ERR_OK && is_matched ? filing_run_keyed(office, SQL_DELETE_WAITS, keyed_withdraw) : error;
}

enum err filing_drop_idle(struct office *office, const uint8_t keyed_withdraw[FILING_KEY_BYTES])
{
	return filing_run_keyed(office, SQL_DELETE_IDLE_TOMBSTONE, keyed_withdraw);
}

enum err office_is_withdrawn(struct office *office, const uint8_t keyed_withdraw[FILING_KEY_BYTES], bool *has)
{
	return filing_has(office, SQL_GET_TOMBSTONE, keyed_withdraw, has);
}

/* The withdrawal came first and has now found its response: nothing waits any more, and the id is never filed. */
static enum err filing_bury(struct office *office, const struct office_response *response, bool is_practice)
{
	enum err error = filing_add_tombstone(office, response->period, is_practice, response->keyed_withdraw, true);
	return error == ERR_OK ? filing_add_seen(office, response, is_practice) : error;
}

/* ---- deciding ------------------------------------------------------------------------------------------------ */

static enum err filing_meet(struct office *office, const struct office_response *response, bool is_practice,
			    struct arena *arena, struct filing_held *held, enum office_filed *result)
{
	if (strcmp(held->event, response->letter->event) != 0 || strcmp(held->form, response->letter->form) != 0) {
		*result = OFFICE_FILED_CROSSED;
		return ERR_OK;
	}
	char *canonical = NULL;
	enum err error = join_answers(office, held->response, held->apart, arena, &canonical);
	if (error != ERR_OK)
		return error;
	held->canonical = canonical;
	if (filing_compare(response, held) <= 0) {
		*result = OFFICE_FILED_OLDER;
		return ERR_OK;
	}
	*result = OFFICE_FILED_REPLACED;
	error = filing_forget(office, held->response, held->apart);
	return error == ERR_OK ? filing_add(office, response, is_practice) : error;
}

static enum err filing_decide(struct office *office, const struct office_response *response, struct arena *arena,
			      enum office_filed *result)
{
	bool is_practice = false;
	bool is_expired = false;
	bool is_seen = false;
	bool is_withdrawn = false;
	struct filing_held held = {0};
	enum err error = filing_check_known(office, response->letter, &is_practice, &is_expired);
	if (error == ERR_OK)
		error = office_is_seen(office, response->keyed_id, &is_seen);
	if (error == ERR_OK)
		error = filing_get_held(office, response->keyed_id, arena, &held);
	if (error == ERR_OK)
		error = office_is_withdrawn(office, response->keyed_withdraw, &is_withdrawn);
	if (error != ERR_OK)
		return error;
	if (is_expired) {
		*result = OFFICE_FILED_EXPIRED;
		return ERR_OK;
	}
	if (is_seen && held.response == 0) {
		*result = OFFICE_FILED_SEEN;
		return ERR_OK;
	}
	if (is_withdrawn) {
		*result = OFFICE_FILED_TOMBSTONED;
		return filing_bury(office, response, is_practice);
	}
	if (held.response != 0)
		return filing_meet(office, response, is_practice, arena, &held, result);
	*result = OFFICE_FILED_NEW;
	return filing_add(office, response, is_practice);
}

/* Ends the savepoint either way. ERROR passes through, so that the first failure is the one reported. */
static enum err filing_end(struct office *office, enum err error)
{
	if (error == ERR_OK)
		return query_run_sql(office, statements[SQL_KEEP]);
	if (sqlite3_get_autocommit(office->db) != 0)
		return error; /* SQLite has rolled back the whole batch itself: a full disk, an I/O error */
	enum err undo = query_run_sql(office, statements[SQL_UNDO]);
	if (undo == ERR_OK)
		undo = query_run_sql(office, statements[SQL_KEEP]);
	return undo == ERR_OK ? error : undo;
}

enum err office_file_response(struct office *office, const struct office_response *response, enum office_filed *result)
{
	assert(office->is_in_batch);
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, FILING_ARENA_BYTES);
	enum err error = query_run_sql(office, statements[SQL_SAVE]);
	if (error != ERR_OK)
		return error;
	return filing_end(office, filing_decide(office, response, &arena, result));
}

/* ---- withdrawing --------------------------------------------------------------------------------------------- */

/* Deletes what carries that receipt. One response in honest life; a forger may have given several the same hash. */
static enum err filing_withdraw(struct office *office, const uint8_t keyed_withdraw[FILING_KEY_BYTES], bool *is_matched)
{
	*is_matched = false;
	for (;;) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_FIND_WITHDRAWN]);
		query_bind_bytes(&query, 1, keyed_withdraw, FILING_KEY_BYTES);
		bool has_row;
		enum err error = query_row(&query, &has_row);
		if (error != ERR_OK || !has_row)
			return error;
		int64_t response = query_int(&query, 0);
		int64_t apart = query_int(&query, 1);
		query_fini(&query); /* not while its rows are deleted */
		*is_matched = true;
		error = filing_forget(office, response, apart);
		if (error != ERR_OK)
			return error;
	}
}

static enum err filing_add_waits(struct office *office, const uint8_t keyed_withdraw[FILING_KEY_BYTES],
				 bool is_practice)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_WAITS]);
	query_bind_bytes(&query, 1, keyed_withdraw, FILING_KEY_BYTES);
	query_bind_int(&query, 2, is_practice);
	return query_run(&query, NULL);
}

static enum err filing_decide_withdrawal(struct office *office, const uint8_t period[KEYS_ID_BYTES], bool is_practice,
					 const uint8_t keyed_withdraw[FILING_KEY_BYTES])
{
	bool is_matched;
	enum err error = filing_withdraw(office, keyed_withdraw, &is_matched);
	if (error == ERR_OK)
		error = filing_add_tombstone(office, period, is_practice, keyed_withdraw, is_matched);
	if (error == ERR_OK && !is_matched)
		error = filing_add_waits(office, keyed_withdraw, is_practice);
	if (error == ERR_OK)
		error = filing_drop_idle(office, keyed_withdraw);
	return error == ERR_OK ? office_count_unordered(office, 1) : error;
}

enum err office_file_withdrawal(struct office *office, const uint8_t period[KEYS_ID_BYTES], bool is_practice,
				const uint8_t keyed_withdraw[32])
{
	assert(office->is_in_batch);
	enum err error = query_run_sql(office, statements[SQL_SAVE]);
	if (error != ERR_OK)
		return error;
	return filing_end(office, filing_decide_withdrawal(office, period, is_practice, keyed_withdraw));
}

/* ---- quarantine ---------------------------------------------------------------------------------------------- */

enum err office_file_quarantine(struct office *office, const char *reason, const void *envelope, size_t length)
{
	assert(office->is_in_batch);
	uint8_t hash[FILING_KEY_BYTES];
	char day[DATE_TEXT];
	keys_hash(envelope, length, hash);
	date_format(date_today(), day);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_QUARANTINE]);
	query_bind_int(&query, 1, random_key());
	query_bind_bytes(&query, 2, hash, sizeof(hash));
	query_bind_text(&query, 3, reason);
	query_bind_bytes(&query, 4, envelope, length);
	query_bind_text(&query, 5, day);
	enum err error = query_run(&query, NULL);
	return error == ERR_OK ? office_count_unordered(office, 1) : error;
}

enum err office_quarantine_count(struct office *office, size_t *count)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_COUNT_QUARANTINE]);
	enum err error = query_one(&query);
	*count = (size_t) query_int(&query, 0);
	return error;
}
