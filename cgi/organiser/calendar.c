/* SPDX-License-Identifier: MIT */
/* calendar.c: an event as a calendar file: iCalendar, RFC 5545.
 *
 * An all-day event: DTSTART and DTEND are dates, the end being the day after (3.6.1). No ORGANIZER and no ATTENDEE: a file that is passed
 * on says what happens and where, never who. */
#include "calendar.h"

#include <stdbool.h>
#include <string.h>

enum {
	LINE_OCTETS = 75,    /* without the line end (3.1) */
	LINE_MAX = 64 * 1024 /* far above the longest title, escaped */
};

static void put_end(struct strbuf *out)
{
	strbuf_puts(out, "\r\n");
}

static bool is_continuation(char byte)
{
	return ((unsigned char) byte & 0xC0) == 0x80;
}

void calendar_put_line(struct strbuf *out, const char *line)
{
	size_t left = strlen(line);
	size_t room = LINE_OCTETS;
	while (left > room) {
		size_t take = room;
		while (take > 0 && is_continuation(line[take]))
			take--;
		if (take == 0) /* no UTF-8: cut it anywhere rather than never end */
			take = room;
		strbuf_put(out, line, take);
		strbuf_puts(out, "\r\n ");
		line += take;
		left -= take;
		room = LINE_OCTETS - 1; /* the blank counts */
	}
	strbuf_put(out, line, left);
	put_end(out);
}

void calendar_put_text(struct strbuf *out, const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		switch (*at) {
		case '\\':
		case ';':
		case ',':
			strbuf_putc(out, '\\');
			strbuf_putc(out, *at);
			break;
		case '\r':
			if (at[1] != '\n')
				strbuf_puts(out, "\\n");
			break;
		case '\n':
			strbuf_puts(out, "\\n");
			break;
		default:
			if ((unsigned char) *at >= ' ' ? *at != '\x7f' : *at == '\t')
				strbuf_putc(out, *at);
		}
	}
}

static void put_text_line(struct strbuf *out, const char *name, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	CLEANUP_STRBUF struct strbuf line;
	strbuf_init(&line, LINE_MAX);
	strbuf_putf(&line, "%s:", name);
	calendar_put_text(&line, text);
	enum err error = strbuf_error(&line);
	if (error)
		strbuf_fail(out, error);
	else
		calendar_put_line(out, strbuf_text(&line));
}

static void put_plain_line(struct strbuf *out, const char *name, const char *value)
{
	CLEANUP_STRBUF struct strbuf line;
	strbuf_init(&line, LINE_MAX);
	strbuf_putf(&line, "%s:%s", name, value);
	enum err error = strbuf_error(&line);
	if (error)
		strbuf_fail(out, error);
	else
		calendar_put_line(out, strbuf_text(&line));
}

static void put_day(struct strbuf *out, const char *name, struct date day, const char *behind)
{
	strbuf_putf(out, "%s:%04d%02d%02d%s", name, day.year, day.month, day.day, behind);
	put_end(out);
}

void calendar_put(struct strbuf *out, const struct calendar_entry *entry)
{
	calendar_put_line(out, "BEGIN:VCALENDAR");
	calendar_put_line(out, "VERSION:2.0");
	calendar_put_line(out, "PRODID:-//Soundings//Soundings//EN");
	calendar_put_line(out, "CALSCALE:GREGORIAN");
	calendar_put_line(out, "BEGIN:VEVENT");
	CLEANUP_STRBUF struct strbuf uid;
	strbuf_init(&uid, LINE_MAX);
	strbuf_putf(&uid, "%s@%s", entry->code, entry->host);
	put_text_line(out, "UID", strbuf_text(&uid));
	put_day(out, "DTSTAMP", entry->made_on, "T000000Z");
	put_day(out, "DTSTART;VALUE=DATE", entry->held_on, "");
	put_day(out, "DTEND;VALUE=DATE", date_from_days(date_days(entry->held_on) + 1), "");
	strbuf_putf(out, "SEQUENCE:%u\r\n", entry->version);
	put_text_line(out, "SUMMARY", entry->title);
	put_text_line(out, "LOCATION", entry->place);
	put_text_line(out, "DESCRIPTION", entry->text);
	put_plain_line(out, "URL", entry->address);
	calendar_put_line(out, "TRANSP:TRANSPARENT");
	calendar_put_line(out, "END:VEVENT");
	calendar_put_line(out, "END:VCALENDAR");
}
