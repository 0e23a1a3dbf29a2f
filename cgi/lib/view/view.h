/* SPDX-License-Identifier: MIT */
/* view.h: what compiled templates print through: one escaper for each context, picked by the C compiler from the type.
 *
 * Only this file and templates put text into HTML. A char * is always escaped. */
#ifndef SOUNDINGS_VIEW_VIEW_H
#define SOUNDINGS_VIEW_VIEW_H

#include "lib/base/strbuf.h"
#include "lib/form/words.h"

#include <stdbool.h>
#include <stddef.h>

/* HTML that a template or an escaper made. There is no function from char * to this but view_html_of(). */
struct safe_html {
	const char *html;
};

/* An address that our code built with view_url(): begins with '/', '#', '?' or https://, or http:// to this machine. Checked
 * again on its way out. */
struct safe_url {
	const char *url;
};

/* Escapes & < > " ' for text and quoted attribute values (HTML Standard, 13.1.2). NULL prints nothing. */
void view_escape(struct strbuf *out, const char *text);

/* Percent-encodes all but RFC 3986 unreserved characters, for a path segment or a query value. */
void view_escape_url(struct strbuf *out, const char *text);

void view_put_text(struct strbuf *out, const char *text);
void view_put_html(struct strbuf *out, struct safe_html html);
void view_put_url(struct strbuf *out, struct safe_url url);
void view_put_number(struct strbuf *out, long long number);
void view_put_size(struct strbuf *out, unsigned long long number);

/* A line end, unless OUT is empty or ends in one. */
void view_put_newline(struct strbuf *out);

/* A value inside an address that began with a literal: percent-encoded. The first one behind a lone "/" is never empty
 * ("." stands in), so that no "//" can come about and name another host. */
void view_put_part(struct strbuf *out, const char *text);
void view_put_first_part(struct strbuf *out, const char *text);

/* clang-format off */
#define VIEW_NUMBERS(is_signed, is_unsigned) \
	signed char: is_signed, short: is_signed, int: is_signed, long: is_signed, long long: is_signed, \
	unsigned char: is_unsigned, unsigned short: is_unsigned, unsigned: is_unsigned, \
	unsigned long: is_unsigned, unsigned long long: is_unsigned

/* One value of a template, in text. */
#define view_put(out, value) \
	_Generic((value), \
		char *: view_put_text, \
		const char *: view_put_text, \
		struct safe_html: view_put_html, \
		struct safe_url: view_put_url, \
		VIEW_NUMBERS(view_put_number, view_put_size))((out), (value))

/* In a quoted attribute, <title> or <textarea>: the same without ready-made html, which may hold tags and quotes. */
#define view_put_attr(out, value) \
	_Generic((value), \
		char *: view_put_text, \
		const char *: view_put_text, \
		struct safe_url: view_put_url, \
		VIEW_NUMBERS(view_put_number, view_put_size))((out), (value))

/* In an address, behind its literal beginning; and right behind a lone "/". */
#define view_put_url_part(out, value) \
	_Generic((value), \
		char *: view_put_part, \
		const char *: view_put_part, \
		VIEW_NUMBERS(view_put_number, view_put_size))((out), (value))
#define view_put_url_first_part(out, value) \
	_Generic((value), \
		char *: view_put_first_part, \
		const char *: view_put_first_part, \
		VIEW_NUMBERS(view_put_number, view_put_size))((out), (value))

/* What {{if}} asks: text, html and addresses are true when they are not empty, pointers when they point somewhere,
 * numbers when they are not 0. */
bool view_true_text(const char *text);
bool view_true_html(struct safe_html html);
bool view_true_url(struct safe_url url);
bool view_true_number(long long number);
bool view_true_size(unsigned long long number);
bool view_true_pointer(const void *pointer);
#define view_true(value) \
	_Generic((value), \
		char *: view_true_text, \
		const char *: view_true_text, \
		struct safe_html: view_true_html, \
		struct safe_url: view_true_url, \
		bool: view_true_size, \
		VIEW_NUMBERS(view_true_number, view_true_size), \
		default: view_true_pointer)(value)

/* What goes into a hole of a page string: the text itself, or a number's digits, written into DIGITS. */
struct view_digits {
	char text[24]; /* -9223372036854775808 and a NUL, rounded up */
};
const char *view_fill_text(struct view_digits *digits, const char *text);
const char *view_fill_number(struct view_digits *digits, long long number);
const char *view_fill_size(struct view_digits *digits, unsigned long long number);
#define view_fill(digits, value) \
	_Generic((value), \
		char *: view_fill_text, \
		const char *: view_fill_text, \
		VIEW_NUMBERS(view_fill_number, view_fill_size))((digits), (value))
/* clang-format on */

/* A page string with its holes filled, all of it escaped. A hole without a fill stays as it is written; a fill of NULL
 * prints nothing. */
void view_put_words(struct strbuf *out, const struct words *t, enum word key, const struct words_fill *fills,
		    size_t count);

/* Ready-made html from a buffer that only templates wrote to. The text must outlive the result. */
struct safe_html view_html_of(const struct strbuf *templates_wrote_it);

/* The address, checked to begin as struct safe_url says and to hold no control character, blank or backslash, which
 * browsers drop or turn into '/' (URL Standard, 4.4); "//host" is refused too. An unsafe one, or NULL, becomes "#". The
 * text must outlive the result. */
struct safe_url view_url(const char *url);

#endif
