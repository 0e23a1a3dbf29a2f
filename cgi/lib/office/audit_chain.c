/* SPDX-License-Identifier: MIT */
/* audit_chain.c: each line of the audit carries a hash over the line before it and itself, so that none can be changed, taken out or put
 * elsewhere without its being seen.
 *
 * Offices part when one is restored, and are merged: then a line comes after several. Lines are let go when their time is over: what came
 * after them keeps an anchor, and the line that tells of it says which. The chain alone does not show what was cut off at its end: a head
 * that was signed and is kept elsewhere does (security.md O8). soundings-keeping(7) has the format. */
#include "lib/office/audit_chain.h"

#include "lib/base/bytes.h"
#include "lib/base/codec.h"
#include "lib/base/strbuf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum sql {
	SQL_NEXT,
	SQL_ADD,
	SQL_TIPS,
	SQL_CLEAR_TIPS,
	SQL_ADD_TIP,
	SQL_PENDING,
	SQL_CHAIN,
	SQL_NODES,
	SQL_LINES,
	SQL_KEEP_DAY,
	SQL_CLEAR_ANCHORS,
	SQL_ADD_ANCHOR,
	SQL_NEWEST_EXPIRE,
	SQL_READ,
	SQL_COUNT
};

#define LINE_COLUMNS "number, day, actor, action, subject, words "

static const char *const statements[SQL_COUNT] = {
	/* Never a number that a line had which is gone: a head of before could mean either. */
	[SQL_NEXT] = "SELECT max(coalesce((SELECT max(number) FROM audit), 0), "
		     "coalesce((SELECT max(number) FROM audit_tip), 0)) + ?2, " OFFICE_DAY_NOT_BEFORE("?1"),
	[SQL_ADD] = "INSERT INTO audit (number, day, actor, action, subject, words, after, hash) "
		    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[SQL_TIPS] = "SELECT number, hash FROM audit_tip ORDER BY number",
	[SQL_CLEAR_TIPS] = "DELETE FROM audit_tip",
	[SQL_ADD_TIP] = "INSERT INTO audit_tip (number, hash) VALUES (?1, ?2)",
	[SQL_PENDING] = "SELECT " LINE_COLUMNS "FROM audit WHERE hash IS NULL ORDER BY number LIMIT 1",
	[SQL_CHAIN] = "UPDATE audit SET after = ?2, hash = ?3 WHERE number = ?1 AND hash IS NULL",
	[SQL_NODES] = "SELECT number, hash, after, number IN (SELECT number FROM audit_tip) "
		      "FROM audit WHERE hash IS NOT NULL "
		      "UNION ALL SELECT number, hash, NULL, number IN (SELECT number FROM audit_tip) "
		      "FROM audit_anchor WHERE number NOT IN (SELECT number FROM audit WHERE hash IS NOT NULL) "
		      "ORDER BY 1",
	[SQL_LINES] = "SELECT " LINE_COLUMNS "FROM audit WHERE hash IS NOT NULL ORDER BY number",
	[SQL_KEEP_DAY] = "INSERT OR IGNORE INTO audit_anchor (number, hash) "
			 "SELECT number, hash FROM audit WHERE day = ?1 AND hash IS NOT NULL",
	[SQL_CLEAR_ANCHORS] = "DELETE FROM audit_anchor",
	[SQL_ADD_ANCHOR] = "INSERT INTO audit_anchor (number, hash) VALUES (?1, ?2)",
	[SQL_NEWEST_EXPIRE] =
		"SELECT coalesce(words, '') FROM audit WHERE action = 'expire.audit' ORDER BY number DESC LIMIT 1",
	[SQL_READ] = "BEGIN",
};

enum { CHAIN_ARENA_BYTES = 512 << 20, LINE_ARENA_BYTES = 64 * 1024, CHAIN_WORDS_MAX = 4096 };

/* ---- the hash ------------------------------------------------------------------------------------------------ */

static void hash_number(struct keys_hasher *hasher, uint64_t number)
{
	uint8_t bytes[8];
	bytes_put(bytes, sizeof(bytes), number);
	keys_hasher_add(hasher, bytes, sizeof(bytes));
}

static void hash_text(struct keys_hasher *hasher, const char *text)
{
	size_t length = text != NULL ? strlen(text) : 0;
	hash_number(hasher, length);
	if (length > 0)
		keys_hasher_add(hasher, text, length);
}

void audit_hash(const struct audit_node *parents, size_t parents_count, const struct office_audit_line *line,
		uint8_t out[AUDIT_HASH_BYTES])
{
	static const char label[] = "soundings/audit/1\n";
	char day[DATE_TEXT];
	struct keys_hasher hasher;
	keys_hasher_init(&hasher);
	keys_hasher_add(&hasher, label, sizeof(label) - 1);
	hash_number(&hasher, parents_count);
	for (size_t i = 0; i < parents_count; i++) {
		hash_number(&hasher, (uint64_t) parents[i].number);
		keys_hasher_add(&hasher, parents[i].hash, AUDIT_HASH_BYTES);
	}
	date_format(line->day, day);
	hash_number(&hasher, (uint64_t) line->number);
	hash_text(&hasher, day);
	hash_text(&hasher, line->actor);
	hash_text(&hasher, line->action);
	hash_text(&hasher, line->subject);
	hash_text(&hasher, line->words);
	keys_hasher_end(&hasher, out);
}

enum err audit_read_after(const char *after, int64_t numbers[AUDIT_TIPS_MAX], size_t *count)
{
	*count = 0;
	while (*after != '\0') {
		char *end = NULL;
		long long number = strtoll(after, &end, 10);
		bool is_fine = end != after && number > 0 && (*end == '\0' || (*end == ' ' && end[1] != '\0'));
		if (!is_fine || *count == AUDIT_TIPS_MAX)
			return ERR_CORRUPT;
		numbers[(*count)++] = number;
		after = end + (*end == ' ');
	}
	return ERR_OK;
}

/* ---- adding -------------------------------------------------------------------------------------------------- */

static enum err chain_read_tips(struct office *office, struct audit_node tips[AUDIT_TIPS_MAX], size_t *count)
{
	*count = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TIPS]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (*count == AUDIT_TIPS_MAX)
			return ERR_CORRUPT;
		tips[*count].number = query_int(&query, 0);
		query_bytes(&query, 1, tips[(*count)++].hash, AUDIT_HASH_BYTES);
	}
	return error;
}

static enum err chain_write_node(struct office *office, enum sql sql, int64_t number, const uint8_t *hash)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, number);
	query_bind_bytes(&query, 2, hash, AUDIT_HASH_BYTES);
	return query_run(&query, NULL);
}

/* LINE comes after all that nothing came after, and is the only tip from here on. */
static enum err chain_extend(struct office *office, const struct office_audit_line *line, struct strbuf *after,
			     uint8_t hash[AUDIT_HASH_BYTES])
{
	struct audit_node tips[AUDIT_TIPS_MAX];
	size_t count = 0;
	enum err error = chain_read_tips(office, tips, &count);
	if (error != ERR_OK)
		return error;
	for (size_t i = 0; i < count; i++)
		strbuf_putf(after, "%s%" PRId64, i > 0 ? " " : "", tips[i].number);
	audit_hash(tips, count, line, hash);
	error = strbuf_error(after);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_CLEAR_TIPS]);
	return error == ERR_OK ? chain_write_node(office, SQL_ADD_TIP, line->number, hash) : error;
}

static enum err chain_next(struct office *office, int64_t jump, struct office_audit_line *line)
{
	char day[DATE_TEXT];
	date_format(date_today(), day);
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NEXT]);
	query_bind_text(&query, 1, day);
	query_bind_int(&query, 2, jump);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	line->number = query_int(&query, 0);
	line->day = query_date(&query, 1);
	return query_done(&query);
}

static enum err chain_insert(struct office *office, const struct office_audit_line *line, const char *after,
			     const uint8_t hash[AUDIT_HASH_BYTES])
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_int(&query, 1, line->number);
	query_bind_date(&query, 2, line->day);
	query_bind_text(&query, 3, line->actor);
	query_bind_text(&query, 4, line->action);
	query_bind_text(&query, 5, line->subject);
	query_bind_text(&query, 6, line->words);
	query_bind_text(&query, 7, after);
	query_bind_bytes(&query, 8, hash, AUDIT_HASH_BYTES);
	return query_run(&query, NULL);
}

enum err audit_add(struct office *office, int64_t jump, const char *actor, const char *action, const char *subject,
		   const char *words)
{
	struct office_audit_line line = {.actor = actor,
					 .action = action,
					 .subject = subject,
					 .words = words != NULL && *words != '\0' ? words : NULL};
	uint8_t hash[AUDIT_HASH_BYTES];
	CLEANUP_STRBUF struct strbuf after;
	strbuf_init(&after, AUDIT_AFTER_MAX);
	/* A program that may change no line leaves to the command line what lies there unchained. */
	enum err error = office->role == OFFICE_CLI ? audit_chain_pending(office) : ERR_OK;
	if (error == ERR_OK)
		error = chain_next(office, jump, &line);
	if (error == ERR_OK)
		error = chain_extend(office, &line, &after, hash);
	return error == ERR_OK ? chain_insert(office, &line, strbuf_text(&after), hash) : error;
}

/* ---- what has no hash yet ------------------------------------------------------------------------------------ */

static enum err chain_read_line(struct query *query, struct arena *arena, struct office_audit_line *out)
{
	*out = (struct office_audit_line){
		.number = query_int(query, 0),
		.day = query_date(query, 1),
		.actor = query_text(query, 2, arena),
		.action = query_text(query, 3, arena),
		.subject = query_text(query, 4, arena),
		.words = query_text(query, 5, arena),
	};
	return query_done(query);
}

static enum err chain_next_pending(struct office *office, struct arena *arena, struct office_audit_line *out)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_PENDING]);
	enum err error = query_one(&query);
	return error == ERR_OK ? chain_read_line(&query, arena, out) : error;
}

static enum err chain_one(struct office *office, const struct office_audit_line *line)
{
	uint8_t hash[AUDIT_HASH_BYTES];
	CLEANUP_STRBUF struct strbuf after;
	strbuf_init(&after, AUDIT_AFTER_MAX);
	enum err error = chain_extend(office, line, &after, hash);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CHAIN]);
	query_bind_int(&query, 1, line->number);
	query_bind_text(&query, 2, strbuf_text(&after));
	query_bind_bytes(&query, 3, hash, AUDIT_HASH_BYTES);
	return query_run(&query, NULL);
}

enum err audit_chain_pending(struct office *office)
{
	for (;;) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, LINE_ARENA_BYTES);
		struct office_audit_line line;
		enum err error = chain_next_pending(office, &arena, &line);
		if (error != ERR_OK)
			return error == ERR_NOT_FOUND ? ERR_OK : error;
		error = chain_one(office, &line);
		if (error != ERR_OK)
			return error;
	}
}

/* ---- the whole of it ----------------------------------------------------------------------------------------- */

static enum err chain_load_nodes(struct office *office, struct arena *arena, struct audit_chain *out)
{
	size_t room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NODES]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (out->count == room) {
			room = room == 0 ? 1024 : room * 2;
			out->nodes = arena_grow(arena, out->nodes, out->count, room, sizeof(*out->nodes));
			if (out->nodes == NULL)
				return ERR_NOMEM;
		}
		struct audit_node *node = &out->nodes[out->count++];
		node->number = query_int(&query, 0);
		query_bytes(&query, 1, node->hash, AUDIT_HASH_BYTES);
		node->after = query_text(&query, 2, arena);
		node->is_anchor = node->after == NULL;
		node->was_tip = query_int(&query, 3) != 0;
	}
	return error;
}

static int chain_compare(const void *key, const void *node)
{
	int64_t wanted = *(const int64_t *) key;
	int64_t number = ((const struct audit_node *) node)->number;
	return wanted < number ? -1 : wanted > number;
}

struct audit_node *audit_chain_find(const struct audit_chain *chain, int64_t number)
{
	return chain->count == 0 ? NULL
				 : bsearch(&number, chain->nodes, chain->count, sizeof(*chain->nodes), chain_compare);
}

/* The lines that NODE comes after. *MISSING: the first of them that is not there; 0: none. */
static enum err chain_parents(const struct audit_chain *chain, const struct audit_node *node,
			      struct audit_node *parents[AUDIT_TIPS_MAX], size_t *count, int64_t *missing)
{
	int64_t numbers[AUDIT_TIPS_MAX];
	*count = 0;
	*missing = 0;
	if (node->is_anchor)
		return ERR_OK;
	enum err error = audit_read_after(node->after, numbers, count);
	for (size_t i = 0; error == ERR_OK && i < *count; i++) {
		parents[i] = audit_chain_find(chain, numbers[i]);
		if (parents[i] == NULL && *missing == 0)
			*missing = numbers[i];
	}
	return error;
}

enum err audit_chain_load(struct office *office, struct arena *arena, struct audit_chain *out)
{
	*out = (struct audit_chain){0};
	enum err error = chain_load_nodes(office, arena, out);
	for (size_t i = 0; error == ERR_OK && i < out->count; i++) {
		struct audit_node *parents[AUDIT_TIPS_MAX];
		size_t count;
		int64_t missing;
		if (chain_parents(out, &out->nodes[i], parents, &count, &missing) != ERR_OK)
			continue; /* which audit_verify tells */
		for (size_t j = 0; j < count; j++) {
			if (parents[j] != NULL)
				parents[j]->is_followed = true;
		}
	}
	return error;
}

/* An anchor that is of no use any more: nothing comes after it, and nothing will. */
static bool chain_is_loose(const struct audit_node *node)
{
	return node->is_anchor && !node->is_followed && !node->was_tip;
}

void audit_chain_anchors(const struct audit_chain *chain, char out[AUDIT_ANCHORS_TEXT])
{
	uint8_t hash[AUDIT_HASH_BYTES];
	size_t count = 0;
	struct keys_hasher hasher;
	keys_hasher_init(&hasher);
	for (size_t i = 0; i < chain->count; i++) {
		const struct audit_node *node = &chain->nodes[i];
		if (!node->is_anchor || chain_is_loose(node))
			continue;
		hash_number(&hasher, (uint64_t) node->number);
		keys_hasher_add(&hasher, node->hash, AUDIT_HASH_BYTES);
		count++;
	}
	keys_hasher_end(&hasher, hash);
	out[0] = '\0';
	if (count > 0)
		codec_hex(hash, sizeof(hash), out);
}

enum err audit_chain_anchor(struct office *office, const char *day)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_KEEP_DAY]);
	query_bind_text(&query, 1, day);
	return query_run(&query, NULL);
}

static enum err chain_settle_nodes(struct office *office, const struct audit_chain *chain)
{
	enum err error = query_run_sql(office, statements[SQL_CLEAR_TIPS]);
	if (error == ERR_OK)
		error = query_run_sql(office, statements[SQL_CLEAR_ANCHORS]);
	for (size_t i = 0; error == ERR_OK && i < chain->count; i++) {
		const struct audit_node *node = &chain->nodes[i];
		if (chain_is_loose(node))
			continue;
		if (!node->is_followed)
			error = chain_write_node(office, SQL_ADD_TIP, node->number, node->hash);
		if (error == ERR_OK && node->is_anchor)
			error = chain_write_node(office, SQL_ADD_ANCHOR, node->number, node->hash);
	}
	return error;
}

enum err audit_chain_settle(struct office *office, char anchors[AUDIT_ANCHORS_TEXT])
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CHAIN_ARENA_BYTES);
	struct audit_chain chain;
	enum err error = audit_chain_load(office, &arena, &chain);
	if (error == ERR_OK && anchors != NULL)
		audit_chain_anchors(&chain, anchors);
	return error == ERR_OK ? chain_settle_nodes(office, &chain) : error;
}

/* ---- looking whether all is as it was written ---------------------------------------------------------------- */

static int64_t verify_line(const struct audit_chain *chain, const struct audit_node *node,
			   const struct office_audit_line *line)
{
	struct audit_node *parents[AUDIT_TIPS_MAX], copies[AUDIT_TIPS_MAX];
	uint8_t hash[AUDIT_HASH_BYTES];
	size_t count;
	int64_t missing;
	if (node == NULL || node->number != line->number ||
	    chain_parents(chain, node, parents, &count, &missing) != ERR_OK)
		return line->number;
	if (missing != 0)
		return missing;
	for (size_t i = 0; i < count; i++)
		copies[i] = *parents[i];
	audit_hash(copies, count, line, hash);
	return memcmp(hash, node->hash, sizeof(hash)) == 0 ? 0 : line->number;
}

static enum err verify_lines(struct office *office, const struct audit_chain *chain, int64_t *broken_at)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LINES]);
	bool has_row;
	enum err error = ERR_OK;
	while (*broken_at == 0 && (error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, LINE_ARENA_BYTES);
		struct office_audit_line line;
		error = chain_read_line(&query, &arena, &line);
		if (error == ERR_CORRUPT) /* its day is none */
			*broken_at = line.number;
		else if (error != ERR_OK)
			return error;
		else
			*broken_at = verify_line(chain, audit_chain_find(chain, line.number), &line);
	}
	return *broken_at != 0 ? ERR_OK : error;
}

/* What the office has as its tips is what nothing comes after: else something was cut off. */
static enum err verify_tips(struct office *office, const struct audit_chain *chain, int64_t *broken_at)
{
	struct audit_node tips[AUDIT_TIPS_MAX];
	size_t count = 0;
	enum err error = chain_read_tips(office, tips, &count);
	for (size_t i = 0; error == ERR_OK && i < count; i++) {
		const struct audit_node *node = audit_chain_find(chain, tips[i].number);
		bool is_fine =
			node != NULL && !node->is_followed && memcmp(node->hash, tips[i].hash, AUDIT_HASH_BYTES) == 0;
		if (!is_fine && *broken_at == 0)
			*broken_at = tips[i].number;
	}
	for (size_t i = 0; error == ERR_OK && *broken_at == 0 && i < chain->count; i++) {
		if (!chain->nodes[i].is_followed && !chain->nodes[i].was_tip)
			*broken_at = chain->nodes[i].number;
	}
	return error;
}

/* Whoever took lines out and put an anchor in their place would have to say so in a line. */
static enum err verify_anchors(struct office *office, const struct audit_chain *chain, int64_t *broken_at)
{
	char wanted[AUDIT_ANCHORS_TEXT];
	audit_chain_anchors(chain, wanted);
	if (wanted[0] == '\0')
		return ERR_OK;
	bool has_row;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NEWEST_EXPIRE]);
	enum err error = query_row(&query, &has_row);
	if (error != ERR_OK)
		return error;
	const char *words = has_row ? (const char *) sqlite3_column_text(query.statement, 0) : "";
	if (words == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; strcmp(words, wanted) != 0 && *broken_at == 0 && i < chain->count; i++) {
		if (chain->nodes[i].is_anchor)
			*broken_at = chain->nodes[i].number;
	}
	return ERR_OK;
}

static void verify_wanted(const struct audit_chain *chain, const struct office_audit_head *wanted, int64_t *broken_at)
{
	const struct audit_node *node = audit_chain_find(chain, wanted->number);
	if (node == NULL || memcmp(node->hash, wanted->hash, AUDIT_HASH_BYTES) != 0)
		*broken_at = wanted->number;
}

static enum err verify_all(struct office *office, const struct office_audit_head *wanted, int64_t *broken_at)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, CHAIN_ARENA_BYTES);
	struct audit_chain chain;
	enum err error = audit_chain_load(office, &arena, &chain);
	if (error == ERR_OK)
		error = verify_lines(office, &chain, broken_at);
	if (error == ERR_OK && *broken_at == 0)
		error = verify_tips(office, &chain, broken_at);
	if (error == ERR_OK && *broken_at == 0)
		error = verify_anchors(office, &chain, broken_at);
	if (error == ERR_OK && *broken_at == 0 && wanted != NULL && wanted->number > 0)
		verify_wanted(&chain, wanted, broken_at);
	return error;
}

/* One picture: a line that is written meanwhile would look like one that was forged. */
enum err office_audit_verify(struct office *office, const struct office_audit_head *wanted, int64_t *broken_at)
{
	CLEANUP_TRANSACTION struct transaction reading = {0};
	enum err error = ERR_OK;
	*broken_at = 0;
	if (sqlite3_get_autocommit(office->db) != 0) {
		error = query_run_sql(office, statements[SQL_READ]);
		if (error == ERR_OK)
			reading.office = office;
	}
	if (error == ERR_OK)
		error = verify_all(office, wanted, broken_at);
	return error == ERR_OK && *broken_at != 0 ? ERR_CORRUPT : error;
}
