/* SPDX-License-Identifier: MIT */
/* event_read.c: reading fields, with messages that name the question. */
#include "event_read.h"

#include "lib/base/utf8.h"

#include <string.h>

enum { YEARS_AROUND = 20, NUMBER_DIGITS = 7 };

static enum word of(int word)
{
	return (enum word) word;
}

void event_wrong(struct visit *visit, const char *name, int message, int label)
{
	visit_wrong(visit, name, visit_words_with(visit, of(message), "label", visit_words(visit, of(label))));
}

static size_t count_signs(const char *text)
{
	size_t count = 0;
	while (utf8_next(&text) != 0)
		count++;
	return count;
}

/* C0, DEL and C1: the office takes none of them, for some would be acted on by what shows them. */
static bool has_control(const char *text, bool may_break)
{
	for (uint32_t point; (point = utf8_next(&text)) != 0;)
		if ((point < ' ' && !(may_break && (point == '\n' || point == '\t'))) ||
		    (point >= 0x7F && point <= 0x9F))
			return true;
	return false;
}

static void too_long(struct visit *visit, const char *name, int label, int most)
{
	const char *limit = arena_printf(visit->arena, "%d", most);
	const struct words_fill fills[] = {{"label", visit_words(visit, of(label))}, {"max", limit ? limit : ""}};
	visit_wrong(visit, name, visit_words_fill(visit, of(WORD_o_bad_long), fills, 2));
}

const char *event_read_line(struct visit *visit, const char *name, int label, int missing)
{
	const char *typed = visit_field(visit, name);
	char *line = arena_strdup(visit->arena, typed);
	for (char *at = line; at && *at; at++)
		if (*at == '\n' || *at == '\r' || *at == '\t')
			*at = ' ';
	if (!line)
		return "";
	if (missing >= 0 && !*line)
		visit_wrong(visit, name, visit_words(visit, of(missing)));
	if (has_control(line, false))
		event_wrong(visit, name, WORD_o_bad_signs, label);
	else if (count_signs(line) > OFFICE_LINE_MAX)
		too_long(visit, name, label, OFFICE_LINE_MAX);
	return line;
}

const char *event_read_text(struct visit *visit, const char *name, int label)
{
	char *text = arena_strdup(visit->arena, visit_field(visit, name));
	if (!text)
		return "";
	utf8_normalise_line_ends(text);
	if (has_control(text, true))
		event_wrong(visit, name, WORD_o_bad_signs, label);
	else if (count_signs(text) > OFFICE_TEXT_MAX)
		too_long(visit, name, label, OFFICE_TEXT_MAX);
	return text;
}

int64_t event_read_number(struct visit *visit, const char *name, const char *label, int64_t most, bool is_needed)
{
	const char *text = visit_field(visit, name);
	size_t digits = strspn(text, "0123456789");
	if (!*text) {
		if (is_needed)
			visit_wrong(visit, name, visit_words_with(visit, of(WORD_o_bad_missing), "label", label));
		return OFFICE_UNKNOWN;
	}
	int64_t number = 0;
	for (size_t i = 0; i < digits && digits <= NUMBER_DIGITS; i++)
		number = 10 * number + (text[i] - '0');
	if (text[digits] == '\0' && digits <= NUMBER_DIGITS && number <= most)
		return number;
	const char *limit = arena_printf(visit->arena, "%lld", (long long) most);
	const struct words_fill fills[] = {{"label", label}, {"max", limit ? limit : ""}};
	visit_wrong(visit, name, visit_words_fill(visit, of(WORD_o_bad_number), fills, 2));
	return OFFICE_UNKNOWN;
}

static const char *day_part(const struct visit *visit, const char *name, const char *part)
{
	const char *field = arena_printf(visit->arena, "%s.%s", name, part);
	return field ? visit_field(visit, field) : "";
}

/* Its value, or -1. */
static int digits_of(const char *text, size_t most)
{
	size_t count = strspn(text, "0123456789");
	int value = 0;
	if (count == 0 || count > most || text[count] != '\0')
		return -1;
	for (; *text; text++)
		value = 10 * value + (*text - '0');
	return value;
}

struct date event_read_day(struct visit *visit, const char *name, int label, int missing)
{
	const struct date none = {0};
	const char *day = day_part(visit, name, "day"), *month = day_part(visit, name, "month");
	const char *year = day_part(visit, name, "year");
	if (!*day && !*month && !*year) {
		if (missing >= 0)
			visit_wrong(visit, name, visit_words(visit, of(missing)));
		return none;
	}
	if (!*day || !*month || !*year) {
		event_wrong(visit, name, WORD_o_bad_day_part, label);
		return none;
	}
	struct date date;
	int d = digits_of(day, 2), m = digits_of(month, 2), y = digits_of(year, 4);
	const char *text = arena_printf(visit->arena, "%04d-%02d-%02d", y, m, d);
	if (d < 0 || m < 0 || y < 0 || !text || date_parse(text, &date) != ERR_OK) {
		event_wrong(visit, name, WORD_o_bad_day_real, label);
		return none;
	}
	struct date first = date_add_months(visit->today, -12 * YEARS_AROUND);
	struct date last = date_add_months(visit->today, 12 * YEARS_AROUND);
	if (date_days(date) >= date_days(first) && date_days(date) <= date_days(last))
		return date;
	const struct words_fill fills[] = {{"label", visit_words(visit, of(label))},
					   {"first", visit_date(visit, first)},
					   {"last", visit_date(visit, last)}};
	visit_wrong(visit, name, visit_words_fill(visit, of(WORD_o_bad_day_far), fills, 3));
	return none;
}

const char *event_was(const struct visit *visit, const char *name, const char *fresh)
{
	return visit->request->method == HTTP_POST ? visit_field(visit, name) : fresh;
}

const char *event_number_text(const struct visit *visit, int64_t number)
{
	if (number == OFFICE_UNKNOWN)
		return "";
	const char *text = arena_printf(visit->arena, "%lld", (long long) number);
	return text ? text : "";
}
