/* SPDX-License-Identifier: MIT */
/* event_find.c: lists of events, a page at a time.
 *
 * One statement reads a page with everything its lines show, in the order of an index, so that no more rows are looked into than are
 * asked for; another counts. What a response says is nowhere in it: how many there are stops at a hundred. */
#include "lib/office/events.h"

#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* ?1 words, folded; ?2 Areas; ?3 programme; ?4 state; ?5 and ?6 days; ?7 practice too; ?8 only what waits: for its end, or for an action. */
#define FIND_WHERE                                                                                                     \
	"FROM event e LEFT JOIN event_detail d ON d.event = e.code "                                                   \
	"WHERE e.held_on BETWEEN ?5 AND ?6 AND (?7 OR e.is_practice = 0) AND (?4 = '' OR e.state = ?4) "               \
	"AND (?3 = '' OR e.programme = ?3) AND (?2 IS NULL OR instr(?2, char(10) || e.area || char(10)) > 0) "         \
	"AND (?1 = '' OR event_matches(?1, e.code, e.title, e.place, d.partner, d.communities, d.topic)) "             \
	"AND (?8 = 0 OR (e.is_practice = 0 AND (e.state IN ('open', 'grace') OR (e.state IN ('closed', 'released') "   \
	"AND NOT EXISTS (SELECT 1 FROM action a WHERE a.event = e.code AND a.is_removed = 0))))) "

#define FIND_LINES                                                                                                     \
	"SELECT " EVENT_COLUMNS                                                                                        \
	", " EVENT_BAND_COUNT("e.code") ", d.expected, d.came, d.opens_on, d.closes_on, d.next_on, "                   \
					"coalesce(d.series, ''), (SELECT count(*) FROM action a WHERE a.event = "      \
					"e.code AND a.is_removed = 0) " FIND_WHERE

const char event_find_lines_sql[] = FIND_LINES "ORDER BY e.held_on DESC, e.code DESC LIMIT ?9 OFFSET ?10";
const char event_find_soonest_sql[] = FIND_LINES "ORDER BY e.held_on, e.code LIMIT ?9 OFFSET ?10";
const char event_find_total_sql[] = "SELECT count(*) " FIND_WHERE;

enum { FIND_FOLDED_MAX = 16 * 1024, FIND_MOST_MAX = 10000 };

/* ---- words, whatever their case ------------------------------------------------------------------------------ */

/* Where capitals and small letters stand apart by a fixed number: Latin, Greek and Cyrillic. */
static uint32_t find_fold_far(uint32_t point)
{
	static const struct {
		uint32_t first, last, apart;
	} ranges[] = {
		{'A', 'Z', 32},     {0xc0, 0xd6, 32},   {0xd8, 0xde, 32},   {0x391, 0x3a1, 32},
		{0x3a3, 0x3ab, 32}, {0x410, 0x42f, 32}, {0x400, 0x40f, 80},
	};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (point >= ranges[i].first && point <= ranges[i].last)
			return point + ranges[i].apart;
	}
	return point;
}

/* Where they stand in turn: Latin Extended-A and Additional (Welsh has letters of both), Cyrillic. */
static uint32_t find_fold(uint32_t point)
{
	bool is_even_first = (point >= 0x100 && point <= 0x137) || (point >= 0x14a && point <= 0x177) ||
			     (point >= 0x460 && point <= 0x481) || (point >= 0x1e00 && point <= 0x1eff);
	bool is_odd_first = (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17e);
	if (is_even_first)
		return point | 1;
	if (is_odd_first)
		return point + (point & 1);
	return point == 0x178 ? 0xff : find_fold_far(point);
}

static void find_put(struct strbuf *out, uint32_t point)
{
	if (point < 0x80) {
		strbuf_putc(out, (char) point);
	} else if (point < 0x800) {
		strbuf_putc(out, (char) (0xc0 | point >> 6));
		strbuf_putc(out, (char) (0x80 | (point & 0x3f)));
	} else if (point < 0x10000) {
		strbuf_putc(out, (char) (0xe0 | point >> 12));
		strbuf_putc(out, (char) (0x80 | (point >> 6 & 0x3f)));
		strbuf_putc(out, (char) (0x80 | (point & 0x3f)));
	} else {
		strbuf_putc(out, (char) (0xf0 | point >> 18));
		strbuf_putc(out, (char) (0x80 | (point >> 12 & 0x3f)));
		strbuf_putc(out, (char) (0x80 | (point >> 6 & 0x3f)));
		strbuf_putc(out, (char) (0x80 | (point & 0x3f)));
	}
}

/* Folded; BETWEEN stands for white space, however much. */
static void find_put_folded(struct strbuf *out, const char *text, char between)
{
	bool has_space = false, is_first = true;
	uint32_t point;
	for (const char *at = text; (point = utf8_next(&at)) != 0;) {
		if (utf8_is_space(point)) {
			has_space = true;
			continue;
		}
		if (has_space && !is_first)
			strbuf_putc(out, between);
		has_space = is_first = false;
		find_put(out, find_fold(point));
	}
}

/* Whether each line of WORDS is somewhere in TEXT. */
static bool find_has_all(const char *text, size_t length, const char *words)
{
	while (*words != '\0') {
		size_t word = strcspn(words, "\n");
		if (memmem(text, length, words, word) == NULL)
			return false;
		words += word + (words[word] == '\n');
	}
	return true;
}

static void find_matches(sqlite3_context *context, int count, sqlite3_value **values)
{
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, FIND_FOLDED_MAX);
	const char *words = (const char *) sqlite3_value_text(values[0]);
	for (int i = 1; i < count; i++) {
		const char *value = (const char *) sqlite3_value_text(values[i]);
		if (value != NULL)
			find_put_folded(&text, value, ' ');
		strbuf_putc(&text, '\n');
	}
	if (words == NULL || strbuf_error(&text) != ERR_OK) {
		sqlite3_result_error_nomem(context);
		return;
	}
	const char *folded = strbuf_text(&text);
	sqlite3_result_int(context, find_has_all(folded, strlen(folded), words));
}

int event_add_functions(sqlite3 *db)
{
	return sqlite3_create_function_v2(db, "event_matches", -1,
					  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, find_matches,
					  NULL, NULL, NULL);
}

/* ---- the search ---------------------------------------------------------------------------------------------- */

/* Texts that a query borrows while it runs. */
struct find {
	const struct office_event_search *search;
	const char *words;
	const char *areas; /* NULL: all */
	char from[DATE_TEXT], to[DATE_TEXT];
};

static enum err find_begin(const struct office_event_search *search, struct arena *arena, struct find *out)
{
	static const struct date last = {9999, 12, 31};
	*out = (struct find){.search = search};
	const char *words = search->words != NULL ? search->words : "";
	if (!utf8_is_valid(words, strlen(words)))
		return ERR_INVALID;
	CLEANUP_STRBUF struct strbuf folded;
	strbuf_init(&folded, FIND_FOLDED_MAX);
	find_put_folded(&folded, words, '\n');
	enum err error = strbuf_error(&folded);
	if (error != ERR_OK)
		return error == ERR_TOO_BIG ? ERR_INVALID : error;
	out->words = arena_strdup(arena, strbuf_text(&folded));
	if (search->areas != NULL)
		out->areas = office_join_names(search->areas, search->areas_count, arena);
	if (search->from.year != 0)
		date_format(search->from, out->from);
	date_format(search->to.year != 0 ? search->to : last, out->to);
	return out->words == NULL || (search->areas != NULL && out->areas == NULL) ? ERR_NOMEM : ERR_OK;
}

static struct query find_query(struct office *office, const char *sql, const struct find *find)
{
	const struct office_event_search *search = find->search;
	struct query query = query_new(office, sql);
	query_bind_text(&query, 1, find->words);
	query_bind_text(&query, 2, find->areas);
	query_bind_text(&query, 3, search->programme != NULL ? search->programme : "");
	query_bind_text(&query, 4, search->state >= 0 ? event_state_name((enum event_state) search->state) : "");
	query_bind_text(&query, 5, find->from);
	query_bind_text(&query, 6, find->to);
	query_bind_int(&query, 7, search->with_practice);
	query_bind_int(&query, 8, search->waits_only);
	return query;
}

static enum err find_total(struct office *office, const struct find *find, size_t *total)
{
	CLEANUP_QUERY struct query query = find_query(office, event_find_total_sql, find);
	enum err error = query_one(&query);
	*total = (size_t) query_int(&query, 0);
	return error;
}

static enum err find_read(struct query *query, struct arena *arena, struct office_event_line *out)
{
	enum { FIRST = EVENT_COLUMNS_COUNT };
	out->event = arena_new(arena, struct office_event);
	if (out->event == NULL)
		return ERR_NOMEM;
	enum err error = event_read(query, arena, out->event);
	if (error != ERR_OK)
		return error;
	out->band = event_band_of(query_int(query, FIRST));
	out->expected = query_count(query, FIRST + 1);
	out->came = query_count(query, FIRST + 2);
	out->opens_on = query_date_or_none(query, FIRST + 3);
	out->closes_on = query_date_or_none(query, FIRST + 4);
	out->next_on = query_date_or_none(query, FIRST + 5);
	out->series = query_text(query, FIRST + 6, arena);
	out->actions = (size_t) query_int(query, FIRST + 7);
	return query_done(query);
}

static enum err find_lines(struct office *office, const struct find *find, struct arena *arena,
			   struct office_event_line **out, size_t *count)
{
	size_t most = find->search->most < FIND_MOST_MAX ? find->search->most : FIND_MOST_MAX;
	struct office_event_line *list = NULL;
	size_t used = 0, room = 0;
	const char *sql = find->search->soonest_first ? event_find_soonest_sql : event_find_lines_sql;
	CLEANUP_QUERY struct query query = find_query(office, sql, find);
	query_bind_int(&query, 9, (int64_t) most);
	query_bind_int(&query, 10, (int64_t) find->search->skip);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 32 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		error = find_read(&query, arena, &list[used++]);
		if (error != ERR_OK)
			return error;
	}
	*out = list;
	*count = used;
	return error;
}

enum err office_event_find(struct office *office, const struct office_event_search *search, struct arena *arena,
			   struct office_event_line **out, size_t *count, size_t *total)
{
	struct find find;
	enum err error = search->state < (int) EVENT_STATE_COUNT ? find_begin(search, arena, &find) : ERR_INVALID;
	if (error == ERR_OK)
		error = find_lines(office, &find, arena, out, count);
	return error == ERR_OK ? find_total(office, &find, total) : error;
}
