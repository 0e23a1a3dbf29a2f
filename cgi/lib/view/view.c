/* SPDX-License-Identifier: MIT */
/* view.c: the escapers that templates print through, one for each place a value can stand in.
 *
 * The escapers know nothing of pages; tmplc decides which one stands where. Text is escaped whole, also where the
 * HTML Standard (13.1.2) would let a sign through: one rule for text, both kinds of quotes, <title> and <textarea>. */
#include "lib/view/view.h"

#include <stdio.h>
#include <string.h>

void view_escape(struct strbuf *out, const char *text)
{
	if (text == NULL)
		return;
	for (;;) {
		size_t plain = strcspn(text, "&<>\"'");
		strbuf_put(out, text, plain);
		text += plain;
		switch (*text) {
		case '\0':
			return;
		case '&':
			strbuf_puts(out, "&amp;");
			break;
		case '<':
			strbuf_puts(out, "&lt;");
			break;
		case '>':
			strbuf_puts(out, "&gt;");
			break;
		case '"':
			strbuf_puts(out, "&#34;");
			break;
		default:
			strbuf_puts(out, "&#39;");
			break;
		}
		text++;
	}
}

/* RFC 3986, 2.3. */
static bool view_is_unreserved(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void view_escape_url(struct strbuf *out, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	if (text == NULL)
		return;
	for (; *text != '\0'; text++) {
		if (view_is_unreserved(*text)) {
			strbuf_putc(out, *text);
			continue;
		}
		unsigned char byte = (unsigned char) *text;
		const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
		strbuf_put(out, encoded, sizeof encoded);
	}
}

void view_put_text(struct strbuf *out, const char *text)
{
	view_escape(out, text);
}

void view_put_html(struct strbuf *out, struct safe_html html)
{
	if (html.html != NULL)
		strbuf_puts(out, html.html);
}

void view_put_url(struct strbuf *out, struct safe_url url)
{
	view_escape(out, view_url(url.url).url);
}

void view_put_number(struct strbuf *out, long long number)
{
	strbuf_putf(out, "%lld", number);
}

void view_put_size(struct strbuf *out, unsigned long long number)
{
	strbuf_putf(out, "%llu", number);
}

void view_put_newline(struct strbuf *out)
{
	if (out->length > 0 && out->data[out->length - 1] != '\n')
		strbuf_putc(out, '\n');
}

void view_put_part(struct strbuf *out, const char *text)
{
	view_escape_url(out, text);
}

void view_put_first_part(struct strbuf *out, const char *text)
{
	/* "/./x" is "/x"; "//x" would be another host (RFC 3986, 5.2.4 and 4.2). */
	view_escape_url(out, view_true_text(text) ? text : ".");
}

bool view_true_text(const char *text)
{
	return text != NULL && *text != '\0';
}

bool view_true_html(struct safe_html html)
{
	return view_true_text(html.html);
}

bool view_true_url(struct safe_url url)
{
	return view_true_text(url.url);
}

bool view_true_number(long long number)
{
	return number != 0;
}

bool view_true_size(unsigned long long number)
{
	return number != 0;
}

bool view_true_pointer(const void *pointer)
{
	return pointer != NULL;
}

const char *view_fill_text(struct view_digits *digits, const char *text)
{
	(void) digits;
	return text;
}

const char *view_fill_number(struct view_digits *digits, long long number)
{
	snprintf(digits->text, sizeof digits->text, "%lld", number);
	return digits->text;
}

const char *view_fill_size(struct view_digits *digits, unsigned long long number)
{
	snprintf(digits->text, sizeof digits->text, "%llu", number);
	return digits->text;
}

/* The fill for the hole called by the LENGTH bytes at NAME; NULL when there is none. */
static const struct words_fill *view_find_fill(const struct words_fill *fills, size_t count, const char *name,
					       size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(fills[i].name) == length && memcmp(fills[i].name, name, length) == 0)
			return &fills[i];
	return NULL;
}

/* Escapes the LENGTH bytes at TEXT. */
static void view_escape_piece(struct strbuf *out, const char *text, size_t length)
{
	while (length > 0) {
		const char sign[2] = {*text, '\0'};
		size_t plain = strcspn(text, "&<>\"'");
		if (plain > length)
			plain = length;
		if (plain > 0) {
			strbuf_put(out, text, plain);
		} else {
			view_escape(out, sign);
			plain = 1;
		}
		text += plain;
		length -= plain;
	}
}

void view_put_words(struct strbuf *out, const struct words *t, enum word key, const struct words_fill *fills,
		    size_t count)
{
	const char *text = words_text(t, key);
	while (text != NULL && *text != '\0') {
		size_t plain = strcspn(text, "{");
		view_escape_piece(out, text, plain);
		text += plain;
		if (*text == '\0')
			return;
		size_t length = strcspn(text + 1, "}");
		const struct words_fill *fill =
			text[1 + length] == '}' ? view_find_fill(fills, count, text + 1, length) : NULL;
		if (fill == NULL) {
			strbuf_putc(out, '{');
			text++;
			continue;
		}
		bool is_isolated = words_isolates(t, fill->value);
		strbuf_puts(out, is_isolated ? WORDS_ISOLATE : "");
		view_escape(out, fill->value);
		strbuf_puts(out, is_isolated ? WORDS_ISOLATE_END : "");
		text += length + 2;
	}
}

struct safe_html view_html_of(const struct strbuf *templates_wrote_it)
{
	return (struct safe_html){strbuf_text(templates_wrote_it)};
}

/* Plain http to ourselves, as a practice instance has it: nobody can listen in between. */
static bool view_is_on_this_machine(const char *url)
{
	static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		size_t length = strlen(hosts[i]);
		if (strncmp(url, hosts[i], length) == 0)
			return url[length] == '\0' || url[length] == '/' || url[length] == ':';
	}
	return false;
}

static bool view_is_safe_url(const char *url)
{
	for (const unsigned char *at = (const unsigned char *) url; *at != '\0'; at++)
		if (*at <= ' ' || *at == 0x7F || *at == '\\')
			return false;
	if (url[0] == '/')
		return url[1] != '/';
	if (url[0] == '#' || url[0] == '?')
		return true;
	return view_is_on_this_machine(url) || (strncmp(url, "https://", 8) == 0 && url[8] != '\0' && url[8] != '/');
}

struct safe_url view_url(const char *url)
{
	return (struct safe_url){url != NULL && view_is_safe_url(url) ? url : "#"};
}
