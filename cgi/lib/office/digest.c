/* SPDX-License-Identifier: MIT */
/* digest.c: what an office holds, as a count and a hash of every table: whether a restored one is the one that was kept.
 *
 * A table's hash is BLAKE2b-256 over its rows in the order of their key. Of each row, for each column that is not NULL:
 * one byte with the column's place below (from 0), one with its type ('i', 't' or 'b'), eight with the length, most
 * significant first, and the value: text in UTF-8, a number as eight bytes of two's complement, most significant first.
 * Then a byte of 255. NULL is left out, so that a later migration's empty column, added at the end, changes nothing.
 *
 * Tables migration, meta, backup and expire_run are not content: a restored office goes on with its own. Nor are session, one_time and
 * throttle, of which a restored office has none; nor the audit's chain, which is reckoned from what is here (audit_chain.c). */
#include "lib/office/keeping.h"
#include "lib/office/query.h"

#include "lib/base/bytes.h"
#include "lib/base/codec.h"
#include "lib/base/json_read.h"
#include "lib/base/strbuf.h"

#include <jansson.h>
#include <string.h>

enum {
	DIGEST_HASH_BYTES = 32,
	DIGEST_HEX_ROOM = 2 * DIGEST_HASH_BYTES + 1,
	DIGEST_NAME_MAX = 32,
	DIGEST_JSON_MAX = 8 * 1024, /* 32 tables of 32 letters take less than 5 KiB */
	DIGEST_ROW_END = 255
};

/* In order of name, as the keys of canonical JSON. New columns go to the end of a list, and never away. */
static const struct {
	const char *table;
	const char *sql;
} tables[] = {
	{"account",
	 "SELECT id, name, shown, role, state, language, password, totp, totp_step, version, mark FROM account "
	 "ORDER BY id"},
	{"account_area", "SELECT account, area FROM account_area ORDER BY account, area"},
	{"account_recovery", "SELECT account, hash, is_used FROM account_recovery ORDER BY account, hash"},
	{"action", "SELECT id, area, event, status, many, owner, aim, partner, evidence, said_on, due, done_on, "
		   "changed_on, is_public, "
		   "is_removed, version, mark FROM action ORDER BY id"},
	{"action_text", "SELECT action, place, tag, theme, said, did FROM action_text ORDER BY action, place"},
	{"apart", "SELECT row, event, form, version, answers, language, variant, mode FROM apart ORDER BY row"},
	{"audit", "SELECT number, day, actor, action, subject, words FROM audit ORDER BY number"},
	{"event", "SELECT code, title, place, held_on, area, programme, is_practice, is_wales, wants_tickets, state, "
		  "grace_until, release, shown, release_backup, expired_on FROM event ORDER BY code"},
	{"event_detail",
	 "SELECT event, version, mark, partner, communities, topic, strand, note, channel, reach, expected, "
	 "came, is_refuge, opens_on, closes_on, next_on, series, points_to, kept_from FROM event_detail "
	 "ORDER BY event"},
	{"event_form", "SELECT event, place, form, version FROM event_form ORDER BY event, place"},
	{"event_language", "SELECT event, place, tag FROM event_language ORDER BY event, place"},
	{"event_served", "SELECT event, form, version FROM event_served ORDER BY event, form, version"},
	{"form_version", "SELECT form, version, hash, document, published_on FROM form_version ORDER BY form, version"},
	{"free_text", "SELECT row, event, form, field, language, text, response, apart FROM free_text ORDER BY row"},
	{"link", "SELECT keyed_id, keyed_withdraw, response, apart, edit FROM link ORDER BY keyed_id"},
	{"period", "SELECT id, is_practice, begun_on, retired_on, destroyed_on FROM period ORDER BY id"},
	{"placement",
	 "SELECT id, area, year, quarter, kind, offered, taken_up, completed, meals, school, ethnic, nbcpa, "
	 "disability, care, version, mark FROM placement ORDER BY id"},
	{"placement_target", "SELECT area, year, places, version, mark FROM placement_target ORDER BY area, year"},
	{"quarantine", "SELECT row, hash, reason, envelope, day FROM quarantine ORDER BY row"},
	{"response", "SELECT row, event, form, version, answers, release FROM response ORDER BY row"},
	{"seen", "SELECT keyed_id, period FROM seen ORDER BY keyed_id"},
	{"text", "SELECT name, json FROM text ORDER BY name"},
	{"ticket", "SELECT event, hash, state FROM ticket ORDER BY event, hash"},
	{"tombstone", "SELECT keyed_withdraw, period, is_matched FROM tombstone ORDER BY keyed_withdraw"},
	{"tombstone_waits", "SELECT event, tombstone FROM tombstone_waits ORDER BY event, tombstone"},
};

enum { DIGEST_TABLES = sizeof(tables) / sizeof(tables[0]) };
_Static_assert((int) DIGEST_TABLES <= (int) OFFICE_DIGEST_MAX, "office_digest has room for every table");

static const char sql_read[] = "BEGIN";

static void digest_json_free(json_t **json)
{
	json_decref(*json);
}
#define CLEANUP_JSON __attribute__((cleanup(digest_json_free)))

/* ---- hashing ------------------------------------------------------------------------------------------------- */

static void digest_put(struct keys_hasher *hasher, int place, char type, const void *value, size_t length)
{
	uint8_t head[10] = {(uint8_t) place, (uint8_t) type};
	bytes_put(head + 2, 8, length);
	keys_hasher_add(hasher, head, sizeof(head));
	if (length > 0)
		keys_hasher_add(hasher, value, length);
}

static enum err digest_value(struct keys_hasher *hasher, struct query *query, int place)
{
	sqlite3_stmt *row = query->statement;
	uint8_t number[8];
	const void *value;
	char type = 't';
	switch (sqlite3_column_type(row, place)) {
	case SQLITE_NULL:
		return ERR_OK;
	case SQLITE_INTEGER:
		bytes_put(number, sizeof(number), (uint64_t) sqlite3_column_int64(row, place));
		digest_put(hasher, place, 'i', number, sizeof(number));
		return ERR_OK;
	case SQLITE_BLOB:
		type = 'b';
		value = sqlite3_column_blob(row, place);
		break;
	case SQLITE_TEXT:
		value = sqlite3_column_text(row, place);
		break;
	default:
		return ERR_CORRUPT; /* no column of ours has another type */
	}
	size_t length = (size_t) sqlite3_column_bytes(row, place);
	if (value == NULL && length > 0)
		return ERR_NOMEM;
	digest_put(hasher, place, type, value, length);
	return ERR_OK;
}

static enum err digest_table(struct office *office, size_t which, struct office_table_digest *out)
{
	static const uint8_t end = DIGEST_ROW_END;
	struct keys_hasher hasher;
	keys_hasher_init(&hasher);
	*out = (struct office_table_digest){.table = tables[which].table};
	CLEANUP_QUERY struct query query = query_new(office, tables[which].sql);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		int columns = sqlite3_column_count(query.statement);
		for (int i = 0; error == ERR_OK && i < columns; i++)
			error = digest_value(&hasher, &query, i);
		if (error != ERR_OK)
			return error;
		keys_hasher_add(&hasher, &end, sizeof(end));
		out->rows++;
	}
	keys_hasher_end(&hasher, out->hash);
	return error;
}

enum err office_digest(struct office *office, struct office_digest *out)
{
	CLEANUP_TRANSACTION struct transaction reading = {0};
	enum err error = ERR_OK;
	*out = (struct office_digest){0};
	if (sqlite3_get_autocommit(office->db) != 0) { /* else the caller's transaction makes it one picture */
		error = query_run_sql(office, sql_read);
		if (error == ERR_OK)
			reading.office = office;
	}
	for (size_t i = 0; error == ERR_OK && i < DIGEST_TABLES; i++)
		error = digest_table(office, i, &out->tables[i]);
	if (error != ERR_OK)
		return error;
	out->count = DIGEST_TABLES;
	return reading.office != NULL ? transaction_commit(&reading) : ERR_OK;
}

/* ---- as JSON ------------------------------------------------------------------------------------------------- */

static bool digest_name_is_sound(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
	return length > 0 && length <= DIGEST_NAME_MAX && name[length] == '\0';
}

/* By hand: names, numbers and hexadecimal need no escapes. */
static enum err digest_print(const struct office_digest *digest, struct strbuf *out)
{
	if (digest->count > OFFICE_DIGEST_MAX)
		return ERR_INVALID;
	strbuf_putc(out, '{');
	for (size_t i = 0; i < digest->count; i++) {
		const struct office_table_digest *row = &digest->tables[i];
		char hex[DIGEST_HEX_ROOM];
		if (!digest_name_is_sound(row->table) || row->rows > INT64_MAX ||
		    (i > 0 && strcmp(digest->tables[i - 1].table, row->table) >= 0))
			return ERR_INVALID;
		codec_hex(row->hash, DIGEST_HASH_BYTES, hex);
		strbuf_putf(out, "%s\"%s\":{\"hash\":\"%s\",\"rows\":%llu}", i == 0 ? "" : ",", row->table, hex,
			    (unsigned long long) row->rows);
	}
	strbuf_putc(out, '}');
	return strbuf_error(out);
}

enum err office_digest_encode(const struct office_digest *digest, struct arena *arena, char **out, size_t *length)
{
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, DIGEST_JSON_MAX);
	enum err error = digest_print(digest, &text);
	if (error != ERR_OK)
		return error;
	*out = arena_memdup(arena, text.data, text.length);
	*length = text.length;
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err digest_read_table(const char *name, const json_t *value, struct arena *arena,
				  struct office_table_digest *out)
{
	const char *hash = json_string_value(json_object_get(value, "hash"));
	const json_t *rows = json_object_get(value, "rows");
	if (hash == NULL || codec_unhex(hash, out->hash, DIGEST_HASH_BYTES) != ERR_OK || !json_is_integer(rows) ||
	    json_integer_value(rows) < 0)
		return ERR_INVALID;
	out->rows = (uint64_t) json_integer_value(rows);
	out->table = arena_strdup(arena, name);
	return out->table != NULL ? ERR_OK : ERR_NOMEM;
}

/* Takes what is known. Surplus, another order and other spellings are found by the comparison that follows. */
static enum err digest_read(json_t *root, struct arena *arena, struct office_digest *out)
{
	if (!json_is_object(root) || json_object_size(root) > OFFICE_DIGEST_MAX)
		return ERR_INVALID;
	const char *name;
	json_t *value;
	json_object_foreach(root, name, value)
	{
		enum err error = digest_read_table(name, value, arena, &out->tables[out->count]);
		if (error != ERR_OK)
			return error;
		out->count++;
	}
	return ERR_OK;
}

enum err office_digest_decode(const char *json, size_t length, struct arena *arena, struct office_digest *out)
{
	json_error_t trouble;
	if (length > DIGEST_JSON_MAX)
		return ERR_INVALID;
	CLEANUP_JSON json_t *root = NULL;
	enum err error = json_read(json, length, ERR_INVALID, &root, &trouble);
	if (error != ERR_OK)
		return error;
	struct office_digest read = {0};
	error = digest_read(root, arena, &read);
	if (error != ERR_OK)
		return error;
	CLEANUP_STRBUF struct strbuf again;
	strbuf_init(&again, DIGEST_JSON_MAX);
	error = digest_print(&read, &again);
	if (error != ERR_OK)
		return error;
	if (again.length != length || memcmp(again.data, json, length) != 0)
		return ERR_INVALID;
	*out = read;
	return ERR_OK;
}

static const struct office_table_digest *digest_find(const struct office_digest *digest, const char *table)
{
	for (size_t i = 0; i < digest->count; i++) {
		if (strcmp(digest->tables[i].table, table) == 0)
			return &digest->tables[i];
	}
	return NULL;
}

/* The first table of ONE that OTHER does not have alike. One that OTHER does not know came with a later migration: empty, it says as much
 * as none, or no backup from before could be restored. */
static const char *digest_difference(const struct office_digest *one, const struct office_digest *other)
{
	for (size_t i = 0; i < one->count; i++) {
		const struct office_table_digest *mine = &one->tables[i];
		const struct office_table_digest *theirs = digest_find(other, mine->table);
		if (theirs == NULL && mine->rows == 0)
			continue;
		if (theirs == NULL || mine->rows != theirs->rows ||
		    memcmp(mine->hash, theirs->hash, DIGEST_HASH_BYTES) != 0)
			return mine->table;
	}
	return NULL;
}

bool office_digest_is_equal(const struct office_digest *one, const struct office_digest *other, const char **table)
{
	const char *first = digest_difference(one, other);
	if (first == NULL)
		first = digest_difference(other, one);
	if (table != NULL)
		*table = first;
	return first == NULL;
}
