/* SPDX-License-Identifier: MIT */
/* csv.c: rows as CSV, RFC 4180, made for people who will open it in a spreadsheet.
 *
 * What somebody wrote into a form must never run on an organiser's machine: security.md, O5. */
#include "lib/export/csv.h"

#include "lib/base/utf8.h"
#include "lib/export/plan.h"

#include <stdint.h>
#include <string.h>

/* Signs that show nothing, which a spreadsheet may drop before it looks at a cell: Unicode's White_Space, Default_Ignorable_Code_Point
 * and control characters (PropList.txt, DerivedCoreProperties.txt), but for those that are triggers themselves. */
static const struct csv_range {
	uint32_t first, last;
} csv_invisible[] = {
	{0x01, 0x08},       {0x0B, 0x0C},       {0x0E, 0x20},       {0x7F, 0xA0},     {0xAD, 0xAD},
	{0x034F, 0x034F},   {0x061C, 0x061C},   {0x115F, 0x1160},   {0x1680, 0x1680}, {0x17B4, 0x17B5},
	{0x180B, 0x180F},   {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F}, {0x3000, 0x3000},
	{0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8},
	{0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

static const char *const csv_triggers[] = {
	"=",
	"+",
	"-",
	"@",
	"\t",
	"\r",
	"\n",
	"\xEF\xBC\x9D",
	"\xEF\xBC\x8B",
	"\xEF\xBC\x8D",
	"\xEF\xBC\xA0", /* full-width = + - @ */
};

static bool csv_is_invisible(uint32_t point)
{
	for (size_t i = 0; i < sizeof csv_invisible / sizeof csv_invisible[0]; i++) {
		if (point >= csv_invisible[i].first && point <= csv_invisible[i].last)
			return true;
	}
	return false;
}

static bool csv_is_dangerous(const char *text, size_t length)
{
	const char *end = text + length, *at = text;
	while (text < end && *text != '\0' && csv_is_invisible(utf8_next(&at)))
		text = at;
	if (text < end && *text == '\0')
		return true;
	for (size_t i = 0; i < sizeof csv_triggers / sizeof csv_triggers[0]; i++) {
		size_t sign = strlen(csv_triggers[i]);
		if ((size_t) (end - text) >= sign && memcmp(text, csv_triggers[i], sign) == 0)
			return true;
	}
	return false;
}

static bool csv_must_quote(const char *text, size_t length)
{
	if (length == 0)
		return false;
	if (text[0] == ' ' || text[length - 1] == ' ')
		return true;
	for (size_t i = 0; i < length; i++) {
		/* ; and TAB separate cells in the spreadsheets of some countries */
		if (text[i] == '\0' || strchr(",;\"\r\n\t", text[i]) != NULL)
			return true;
	}
	return false;
}

void csv_cell(struct strbuf *out, const char *text, size_t length)
{
	bool is_dangerous = csv_is_dangerous(text, length);
	bool is_quoted = is_dangerous || csv_must_quote(text, length);
	if (is_quoted)
		strbuf_putc(out, '"');
	if (is_dangerous)
		strbuf_putc(out, '\'');
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"')
			strbuf_putc(out, '"');
		strbuf_putc(out, text[i]);
	}
	if (is_quoted)
		strbuf_putc(out, '"');
}

static void csv_next(struct strbuf *out, bool *is_first, const char *text)
{
	if (!*is_first)
		strbuf_putc(out, ',');
	*is_first = false;
	csv_cell(out, text, strlen(text));
}

/* NUMBER is canonical: digits, perhaps a minus and a point. */
static void csv_next_number(struct strbuf *out, bool *is_first, const char *number)
{
	if (!*is_first)
		strbuf_putc(out, ',');
	*is_first = false;
	strbuf_puts(out, number);
}

static enum err csv_names(const struct plan *plan, struct arena *arena, struct strbuf *out)
{
	bool is_first = true;
	if (plan->language != NULL)
		csv_next(out, &is_first, plan->language);
	if (plan->mode != NULL)
		csv_next(out, &is_first, plan->mode);
	for (size_t i = 0; i < plan->columns_count; i++) {
		const struct plan_column *column = &plan->columns[i];
		csv_next(out, &is_first, column->name);
		for (size_t c = 0; c < column->codes_count; c++) {
			const char *name = arena_printf(arena, "%s__%s", column->name, column->codes[c]);
			if (name == NULL)
				return ERR_NOMEM;
			csv_next(out, &is_first, name);
		}
	}
	strbuf_puts(out, "\r\n");
	return ERR_OK;
}

/* The column of one code: 1 or 0, or of a rank the place, 1 the best, and nothing for what has none. */
static enum err csv_code(const struct plan_column *column, const char *const *values, size_t count, const char *code,
			 struct arena *arena, const char **out)
{
	size_t at = 0;
	while (at < count && strcmp(values[at], code) != 0)
		at++;
	*out = ""; /* not answered is neither chosen nor left */
	if (column->is_rank && at < count)
		*out = arena_printf(arena, "%zu", at + 1);
	else if (!column->is_rank && count > 0)
		*out = at < count ? "1" : "0";
	return *out != NULL ? ERR_OK : ERR_NOMEM;
}

static const char *csv_join(const char *const *values, size_t count, struct arena *arena)
{
	const char *joined = count > 0 ? values[0] : "";
	for (size_t i = 1; joined != NULL && i < count; i++)
		joined = arena_printf(arena, "%s %s", joined, values[i]);
	return joined;
}

/* The cells of one column: a number bare, for it is no formula, also where it is below nothing. */
static enum err csv_column(const struct plan_row *row, const struct plan_column *column, struct arena *arena,
			   bool *is_first, struct strbuf *out)
{
	const char **values = NULL;
	size_t count = 0;
	enum err error = plan_values(row, column, arena, &values, &count);
	if (error != ERR_OK)
		return error;
	const char *joined = csv_join(values, count, arena);
	if (joined == NULL)
		return ERR_NOMEM;
	if (plan_is_number(column, joined))
		csv_next_number(out, is_first, joined);
	else
		csv_next(out, is_first, joined);
	for (size_t c = 0; c < column->codes_count && error == ERR_OK; c++) {
		const char *cell;
		error = csv_code(column, values, count, column->codes[c], arena, &cell);
		if (error == ERR_OK)
			csv_next(out, is_first, cell);
	}
	return error;
}

static enum err csv_row(const struct plan *plan, const struct plan_row *row, struct arena *arena, struct strbuf *out)
{
	bool is_first = true;
	enum err error = ERR_OK;
	if (plan->language != NULL)
		csv_next(out, &is_first, row->row->language != NULL ? row->row->language : "");
	if (plan->mode != NULL)
		csv_next(out, &is_first, row->row->mode != NULL ? row->row->mode : "");
	for (size_t i = 0; i < plan->columns_count && error == ERR_OK; i++)
		error = csv_column(row, &plan->columns[i], arena, &is_first, out);
	strbuf_puts(out, "\r\n");
	return error;
}

enum err export_csv(const struct export_list *list, struct arena *arena, struct strbuf *out)
{
	CLEANUP_PLAN struct plan plan = {0};
	enum err error = plan_make(list, arena, &plan);
	strbuf_puts(out, "\xEF\xBB\xBF");
	if (error == ERR_OK && plan.columns_count > 0)
		error = csv_names(&plan, arena, out);
	for (size_t i = 0; error == ERR_OK && i < plan.rows_count; i++)
		error = csv_row(&plan, &plan.rows[i], arena, out);
	if (error != ERR_OK)
		strbuf_fail(out, error);
	return strbuf_error(out);
}
