/* SPDX-License-Identifier: MIT */
/* advice_report.c: findings for people, and for machines.
 *
 * For people: a file, below it each rule with the places where it was found. Why it matters and how it could be put is
 * said where a rule comes first, and an example that fits one finding only, with it. 80 columns, which fit half a screen and a printed page. */
#include "lib/advice/advice_parts.h"

#include "lib/base/utf8.h"

#include <jansson.h>
#include <string.h>

enum { COLUMNS = 80, INDENT = 13, PLACES_MOST = 12 };

/* Columns of the character at AT: what a terminal shows of UTF-8. */
static size_t columns_of(const char *at, size_t length)
{
	size_t columns = 0;
	for (size_t i = 0; i < length; i++)
		columns += ((unsigned char) at[i] & 0xc0) != 0x80;
	return columns;
}

/* Prints TEXT word by word behind COLUMN, later lines behind INDENT blanks. */
static void print_wrapped(FILE *out, const char *text, size_t column)
{
	bool is_first = true;
	for (const char *at = text + strspn(text, " \n"); *at != '\0'; at += strspn(at, " \n")) {
		size_t length = strcspn(at, " \n");
		size_t columns = columns_of(at, length);
		if (!is_first && column + 1 + columns > COLUMNS) {
			fprintf(out, "\n%*s", INDENT, "");
			column = INDENT;
		} else if (!is_first) {
			putc(' ', out);
			column++;
		}
		fwrite(at, 1, length, out);
		column += columns;
		at += length;
		is_first = false;
	}
	putc('\n', out);
}

static void print_line(FILE *out, const char *head, const char *text)
{
	int column = fprintf(out, "  %-*s", INDENT - 2, head);
	size_t used = column > 0 ? (size_t) column : 0;
	if (used > INDENT) {
		putc(' ', out);
		used++;
	}
	print_wrapped(out, text, used);
}

static bool is_same_file(const struct advice_finding *a, const struct advice_finding *b)
{
	if (a->file == NULL || b->file == NULL)
		return a->file == b->file;
	return strcmp(a->file, b->file) == 0;
}

/* Why a rule matters is said once. */
static bool is_first_of_rule(const struct advice *advice, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (advice->list[i].rule == advice->list[index].rule)
			return false;
	}
	return true;
}

/* Findings of one rule in one file. Gives the index behind them. */
static size_t print_rule(const struct advice *advice, size_t start, FILE *out)
{
	const struct advice_finding *first = &advice->list[start];
	size_t end = start;
	fprintf(out, "\n  %s: %s\n", advice_level_name(first->rule->level), first->rule->name);
	for (; end < advice->count && advice->list[end].rule == first->rule && is_same_file(first, &advice->list[end]);
	     end++) {
		const struct advice_finding *finding = &advice->list[end];
		char place[32] = "";
		if (end - start >= PLACES_MOST)
			continue;
		if (finding->line > 0 && finding->column > 0)
			snprintf(place, sizeof(place), "  %u:%u", finding->line, finding->column);
		else if (finding->line > 0)
			snprintf(place, sizeof(place), "  %u", finding->line);
		print_line(out, place, finding->message);
		/* Where the message says it already, once is enough. */
		if (finding->example != finding->rule->example && strstr(finding->message, finding->example) == NULL)
			print_line(out, "  Better", finding->example);
	}
	if (end - start > PLACES_MOST)
		fprintf(out, "  %*sand %zu more of this kind (--json lists them)\n", INDENT - 2, "",
			end - start - PLACES_MOST);
	if (is_first_of_rule(advice, start)) {
		print_line(out, "  Why", first->rule->why);
		if (first->example == first->rule->example)
			print_line(out, "  Better", first->example);
	}
	return end;
}

void advice_print(const struct advice *advice, FILE *out)
{
	for (size_t i = 0; i < advice->count;) {
		if (i == 0 || !is_same_file(&advice->list[i], &advice->list[i - 1]))
			fprintf(out, "%s%s\n", i == 0 ? "" : "\n",
				advice->list[i].file != NULL ? advice->list[i].file : "The form as it was published");
		i = print_rule(advice, i, out);
	}
	if (advice->dropped > 0)
		fprintf(out, "\nand %zu more, which were only counted\n", advice->dropped);
	if (advice->count > 0)
		putc('\n', out);
}

static bool put(json_t *object, const char *name, json_t *value)
{
	return value != NULL && json_object_set_new(object, name, value) == 0;
}

static json_t *text_or_null(const char *text)
{
	if (text == NULL)
		return json_null();
	/* A file may be called anything; JSON is UTF-8. */
	return json_string(utf8_is_valid(text, strlen(text)) ? text : "(a name that is not UTF-8)");
}

static json_t *number_or_null(unsigned number)
{
	return number > 0 ? json_integer(number) : json_null();
}

static json_t *finding_json(const struct advice_finding *finding)
{
	json_t *object = json_object();
	if (object != NULL && put(object, "file", text_or_null(finding->file)) &&
	    put(object, "line", number_or_null(finding->line)) &&
	    put(object, "column", number_or_null(finding->column)) &&
	    put(object, "rule", json_string(finding->rule->name)) &&
	    put(object, "level", json_string(advice_level_name(finding->rule->level))) &&
	    put(object, "message", json_string(finding->message)) &&
	    put(object, "why", json_string(finding->rule->why)) &&
	    put(object, "example", json_string(finding->example)))
		return object;
	json_decref(object);
	return NULL;
}

enum err advice_print_json(const struct advice *advice, FILE *out)
{
	json_t *array = json_array();
	bool is_whole = array != NULL;
	for (size_t i = 0; is_whole && i < advice->count; i++) {
		json_t *object = finding_json(&advice->list[i]);
		is_whole = object != NULL && json_array_append_new(array, object) == 0;
	}
	enum err error = is_whole ? ERR_OK : ERR_NOMEM;
	if (is_whole && (json_dumpf(array, out, JSON_INDENT(2)) != 0 || putc('\n', out) == EOF))
		error = ERR_IO;
	json_decref(array);
	return error;
}
