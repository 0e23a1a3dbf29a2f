/* SPDX-License-Identifier: MIT */
/* controls.c: controls of forms, and what was typed into them. */
#include "controls.h"

#include "lib/base/utf8.h"

#include <string.h>

static struct control made(const struct visit *visit, const char *name, const char *label, int hint)
{
	struct control control = {
		.name = name,
		.label = label,
		.hint = hint == CONTROL_NO_HINT ? NULL : visit_words(visit, (enum word) hint),
		.error = visit_wrong_of(visit, name),
		.value = "",
		.type = "text",
		.autocomplete = "off",
	};
	if (control.hint || control.error)
		control.described_by =
			arena_printf(visit->arena, "%s%s%s%s%s", control.hint ? name : "", control.hint ? "-hint" : "",
				     control.hint && control.error ? " " : "", control.error ? name : "",
				     control.error ? "-error" : "");
	return control;
}

struct control control_text(const struct visit *visit, const char *name, int label, int hint, const char *value)
{
	struct control control = made(visit, name, visit_words(visit, (enum word) label), hint);
	control.value = value;
	return control;
}

struct control control_optional(const struct visit *visit, const char *name, int label, int hint, const char *value)
{
	const char *words = visit_words_with(visit, WORD_o_optional, "label", visit_words(visit, (enum word) label));
	struct control control = made(visit, name, words, hint);
	control.value = value;
	return control;
}

struct control control_area(const struct visit *visit, const char *name, int label, int hint, const char *value,
			    unsigned rows)
{
	struct control control = control_text(visit, name, label, hint, value);
	control.rows = rows;
	return control;
}

struct control control_password(const struct visit *visit, const char *name, int label, int hint,
				const char *autocomplete)
{
	struct control control = control_text(visit, name, label, hint, "");
	control.autocomplete = autocomplete;
	return control;
}

struct control control_options(const struct visit *visit, const char *name, int label, int hint,
			       struct control_option *options, size_t count)
{
	struct control control = made(visit, name, visit_words(visit, (enum word) label), hint);
	for (size_t i = 0; i < count; i++)
		options[i].id = i == 0 ? name : arena_printf(visit->arena, "%s-%zu", name, i + 1);
	control.options = options;
	control.options_count = count;
	return control;
}

static const char *part(const struct visit *visit, const char *name, const char *which)
{
	const char *field = arena_printf(visit->arena, "%s.%s", name, which);
	return field ? visit_field(visit, field) : "";
}

struct control control_date(const struct visit *visit, const char *name, int label, int hint, struct date date)
{
	struct control control = made(visit, name, visit_words(visit, (enum word) label), hint);
	if (visit->request->method == HTTP_POST) {
		control.day = part(visit, name, "day");
		control.month = part(visit, name, "month");
		control.year = part(visit, name, "year");
	} else if (date.year) {
		control.day = arena_printf(visit->arena, "%d", date.day);
		control.month = arena_printf(visit->arena, "%d", date.month);
		control.year = arena_printf(visit->arena, "%d", date.year);
	}
	return control;
}

/* One to DIGITS digits. */
static bool read_digits(const char *text, size_t digits, int64_t *out)
{
	size_t length = strspn(text, "0123456789");
	if (length == 0 || length > digits || text[length] != '\0')
		return false;
	*out = 0;
	for (; *text; text++)
		*out = 10 * *out + (*text - '0');
	return true;
}

bool control_read_date(struct visit *visit, const char *name, int missing, struct date *out)
{
	const char *day = part(visit, name, "day"), *month = part(visit, name, "month"),
		   *year = part(visit, name, "year");
	*out = (struct date){0};
	if (!*day && !*month && !*year) {
		if (missing >= 0)
			visit_wrong(visit, name, visit_words(visit, (enum word) missing));
		return missing < 0;
	}
	int64_t d = 0, m = 0, y = 0;
	bool is_read = read_digits(day, 2, &d) && read_digits(month, 2, &m) && read_digits(year, 4, &y);
	const char *text = arena_printf(visit->arena, "%04d-%02d-%02d", (int) y, (int) m, (int) d);
	if (is_read && text && date_parse(text, out) == ERR_OK)
		return true;
	*out = (struct date){0};
	visit_wrong(visit, name, visit_words(visit, (enum word) WORD_o_wrong_date));
	return false;
}

bool control_read_number(struct visit *visit, const char *name, int64_t most, int64_t *out)
{
	const char *text = visit_field(visit, name);
	*out = OFFICE_UNKNOWN;
	if (!*text)
		return true;
	if (read_digits(text, 9, out) && *out <= most)
		return true;
	*out = OFFICE_UNKNOWN;
	const char *limit = arena_printf(visit->arena, "%lld", (long long) most);
	visit_wrong(visit, name, visit_words_with(visit, (enum word) WORD_o_wrong_number, "max", limit));
	return false;
}

static size_t count_signs(const char *text)
{
	size_t count = 0;
	while (utf8_next(&text) != 0)
		count++;
	return count;
}

bool control_read_text(struct visit *visit, const char *name, int missing, size_t most, const char **out)
{
	*out = visit_field(visit, name);
	if (!**out && missing >= 0) {
		visit_wrong(visit, name, visit_words(visit, (enum word) missing));
		return false;
	}
	if (count_signs(*out) <= most)
		return true;
	const char *limit = arena_printf(visit->arena, "%zu", most);
	visit_wrong(visit, name, visit_words_with(visit, (enum word) WORD_o_wrong_long, "max", limit));
	return false;
}
