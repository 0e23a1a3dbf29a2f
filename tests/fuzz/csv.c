/* SPDX-License-Identifier: MIT */
/* csv.c: fuzzes the CSV writer (lib/export/csv.c): what is written is read again by a strict reader of RFC 4180 of its own, and is the
 * same; and no cell begins with what a spreadsheet takes for a formula (security.md, O5), also behind what shows nothing.
 *
 * The input: cells between bytes 0x1F, rows between bytes 0x1E, through csv_cell; and the first cells once more as answers to a small form
 * through export_csv. */
#include "fuzz.h"

#include "lib/base/utf8.h"
#include "lib/export/csv.h"
#include "lib/export/export.h"

#include <jansson.h>

enum { CELLS_MAX = 64, CSV_BYTES = 32 * 1024 * 1024 };

/* ---- a strict reader -------------------------------------------------------------------------------------------------- */

struct reader {
	const char *at, *end;
	struct strbuf cell;
	bool is_quoted;
};

/* The next cell. 'c': a comma follows, 'n': a line end; anything else is no CSV. */
static char read_cell(struct reader *reader)
{
	strbuf_reset(&reader->cell);
	reader->is_quoted = reader->at < reader->end && *reader->at == '"';
	if (reader->is_quoted) {
		for (reader->at++;; reader->at++) {
			FUZZ_CHECK(reader->at < reader->end); /* the quote is closed */
			if (*reader->at == '"' && (++reader->at == reader->end || *reader->at != '"'))
				break;
			strbuf_putc(&reader->cell, *reader->at);
		}
	} else {
		while (reader->at < reader->end && memchr(",\r\n", *reader->at, 3) == NULL) {
			FUZZ_CHECK(*reader->at != '"');
			strbuf_putc(&reader->cell, *reader->at++);
		}
	}
	FUZZ_CHECK(reader->at < reader->end);
	if (*reader->at == ',') {
		reader->at++;
		return 'c';
	}
	FUZZ_CHECK(reader->end - reader->at >= 2 && reader->at[0] == '\r' && reader->at[1] == '\n');
	reader->at += 2;
	return 'n';
}

/* ---- what runs in a spreadsheet --------------------------------------------------------------------------------------- */

/* White_Space, Default_Ignorable_Code_Point or Cc of Unicode 15: signs that show nothing. */
static bool shows_nothing(uint32_t point)
{
	static const uint32_t ranges[][2] = {
		{0x01, 0x08},       {0x0b, 0x0c},       {0x0e, 0x20},       {0x7f, 0xa0},     {0xad, 0xad},
		{0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},   {0x1680, 0x1680}, {0x17b4, 0x17b5},
		{0x180b, 0x180f},   {0x2000, 0x200f},   {0x2028, 0x202f},   {0x205f, 0x206f}, {0x3000, 0x3000},
		{0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfff8},
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
	};
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (point >= ranges[i][0] && point <= ranges[i][1])
			return true;
	return false;
}

static bool is_formula(const char *text, size_t length)
{
	const char *at = text;
	while (at < text + length && *at != '\0') {
		const char *next = at;
		uint32_t point = utf8_next(&next);
		if (!shows_nothing(point))
			return strchr("=+-@\t\r\n", (int) (point < 0x80 ? point : 'x')) != NULL || point == 0xff1d ||
			       point == 0xff0b || point == 0xff0d || point == 0xff20;
		at = next;
	}
	return at < text + length; /* a NUL */
}

/* ---- cells ------------------------------------------------------------------------------------------------------------ */

struct cell {
	const char *text;
	size_t length;
	bool is_last; /* of its row */
};

/* Bytes as well-formed UTF-8, in which NUL may stand: what is neither becomes a question mark. */
static void make_text(uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t part = 1;
		while (bytes[at] >= 0x80 && part < 4 && at + part < length &&
		       !utf8_is_valid((const char *) bytes + at, part))
			part++;
		if (bytes[at] >= 0x80 && !utf8_is_valid((const char *) bytes + at, part)) {
			part = 1;
			bytes[at] = '?';
		}
		at += part;
	}
}

static size_t cut(uint8_t *bytes, size_t length, struct cell *cells)
{
	size_t count = 0, from = 0;
	for (size_t at = 0; at <= length && count < CELLS_MAX; at++) {
		if (at < length && bytes[at] != 0x1f && bytes[at] != 0x1e)
			continue;
		bool is_last = at == length || bytes[at] == 0x1e || count == CELLS_MAX - 1;
		cells[count++] = (struct cell){(const char *) bytes + from, at - from, is_last};
		from = at + 1;
	}
	return count;
}

static void check_cell(const struct reader *reader, const struct cell *cell)
{
	const char *got = strbuf_text(&reader->cell);
	size_t length = reader->cell.length;
	FUZZ_CHECK(!is_formula(got, length));
	bool is_marked = is_formula(cell->text, cell->length);
	FUZZ_CHECK(length == cell->length + is_marked);
	FUZZ_CHECK(!is_marked || got[0] == '\'');
	FUZZ_CHECK(cell->length == 0 || memcmp(got + is_marked, cell->text, cell->length) == 0);
}

static void check_cells(const struct cell *cells, size_t count)
{
	struct strbuf out;
	strbuf_init(&out, CSV_BYTES);
	for (size_t i = 0; i < count; i++) {
		char *exact = fuzz_text(cells[i].text, cells[i].length);
		csv_cell(&out, exact, cells[i].length);
		strbuf_puts(&out, cells[i].is_last ? "\r\n" : ",");
		free(exact);
	}
	FUZZ_CHECK(strbuf_error(&out) == ERR_OK);
	struct reader reader = {.at = strbuf_text(&out), .end = strbuf_text(&out) + out.length};
	strbuf_init(&reader.cell, CSV_BYTES);
	for (size_t i = 0; i < count; i++) {
		FUZZ_CHECK(read_cell(&reader) == (cells[i].is_last ? 'n' : 'c'));
		check_cell(&reader, &cells[i]);
	}
	FUZZ_CHECK(reader.at == reader.end);
	strbuf_fini(&reader.cell);
	strbuf_fini(&out);
}

/* ---- a whole export --------------------------------------------------------------------------------------------------- */

static const struct choice topic_choices[] = {{.name = "courts"}, {.name = "police"}};
static const struct choice_list topics_list = {.name = "topics", .choices = topic_choices, .choices_count = 2};
static struct page main_page = {.name = "main"};
static const struct question questions[] = {
	{.name = "better", .type = QUESTION_TEXT, .page = &main_page},
	{.name = "topics", .type = QUESTION_SELECT_MULTIPLE, .page = &main_page, .list = &topics_list},
	{.name = "worse", .type = QUESTION_TEXT, .page = &main_page},
};
static const struct field fields[] = {
	{.name = "better", .question = &questions[0], .part = FIELD_WHOLE},
	{.name = "topics", .question = &questions[1], .part = FIELD_WHOLE},
	{.name = "worse", .question = &questions[2], .part = FIELD_WHOLE},
};
static const struct form form = {.name = "test",
				 .languages = {{"en", "", "en", LANGUAGE_CHECKED}},
				 .languages_count = 1,
				 .pages = &main_page,
				 .pages_count = 1,
				 .fields = fields,
				 .fields_count = 3};

/* One row: better, topics, topics__courts, topics__police, worse. */
static void check_export(const struct cell *better, const struct cell *worse)
{
	json_auto_t *answers = json_pack("{s:s%, s:[s], s:s%}", "better", better->text, better->length, "topics",
					 "police", "worse", worse->text, worse->length);
	char *json = answers != NULL ? json_dumps(answers, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
	if (json == NULL)
		return; /* a NUL: no answer can hold one */
	const struct export_row row = {.answers = json, .form = &form};
	const struct export_list list = {.name = "responses", .rows = &row, .rows_count = 1};
	struct arena arena;
	struct strbuf out;
	arena_init(&arena, CSV_BYTES);
	strbuf_init(&out, CSV_BYTES);
	if (export_csv(&list, &arena, &out) == ERR_OK) {
		struct reader reader = {.at = strbuf_text(&out) + 3, .end = strbuf_text(&out) + out.length};
		strbuf_init(&reader.cell, CSV_BYTES);
		for (unsigned i = 0; i < 10; i++) {
			FUZZ_CHECK(read_cell(&reader) == (i % 5 == 4 ? 'n' : 'c'));
			if (i == 5)
				check_cell(&reader, better);
			if (i == 9)
				check_cell(&reader, worse);
		}
		FUZZ_CHECK(reader.at == reader.end);
		strbuf_fini(&reader.cell);
	}
	strbuf_fini(&out);
	arena_fini(&arena);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cell cells[CELLS_MAX];
	uint8_t *bytes = fuzz_bytes(data, size);
	make_text(bytes, size);
	size_t count = cut(bytes, size, cells);
	check_cells(cells, count);
	if (count >= 2 && memchr(cells[0].text, '\0', cells[0].length) == NULL &&
	    memchr(cells[1].text, '\0', cells[1].length) == NULL)
		check_export(&cells[0], &cells[1]);
	free(bytes);
	return 0;
}
