/* SPDX-License-Identifier: MIT */
/* html.h: where in an HTML document a template stands, and which escaper a value needs there.
 *
 * Follows the tokenizer of the HTML Standard (13.2.5) for the HTML that people write, and refuses what is a parse error
 * there or rare enough to be a slip: then our idea of the state and the browser's cannot part. */
#ifndef SOUNDINGS_TMPLC_HTML_H
#define SOUNDINGS_TMPLC_HTML_H

#include "lib/base/strbuf.h"
#include "tools/tmplc/lex.h"
#include "tools/tmplc/source.h"

#include <stdbool.h>

enum html_mode {
	HTML_TEXT,
	HTML_TAG_NAME,
	HTML_GAP,     /* in a tag behind a name or value: a blank, / or > must follow */
	HTML_BETWEEN, /* in a tag behind a blank: an attribute may begin */
	HTML_ATTR_NAME,
	HTML_AFTER_NAME,   /* behind an attribute's name and a blank: = may follow */
	HTML_BEFORE_VALUE, /* behind = */
	HTML_BARE,         /* in an unquoted attribute value */
	HTML_QUOTED,       /* in a quoted attribute value */
	HTML_COMMENT,
	HTML_DOCTYPE,
	HTML_RAW,       /* script, style, iframe: text that knows no escapes */
	HTML_ESCAPABLE, /* title, textarea: text without tags */
	HTML_MODE_COUNT
};

enum html_attr {
	HTML_ATTR_PLAIN,
	HTML_ATTR_URL,
	HTML_ATTR_REFUSED /* no value may stand in it */
};

/* How far an address has come. */
enum html_url {
	HTML_URL_START, /* nothing yet */
	HTML_URL_SLASH, /* perhaps no more than "/": another "/" would begin a host */
	HTML_URL_REST,  /* behind a path's beginning, # or ?: values are parts of it */
	HTML_URL_WHOLE, /* behind a struct safe_url: only ? and # may follow */
	HTML_URL_OTHER  /* begins some other way: no value may follow */
};

/* Whether the output so far ends in a line end (or is empty), so that white space in text may be left out. */
enum html_line { HTML_LINE_UNDER_WAY, HTML_LINE_MAYBE_NEW, HTML_LINE_NEW };

enum { HTML_NAME_MAX = 48 };

/* In a literal: a line end unless the output ends in one, decided when the page is printed. */
#define HTML_SOFT_NEWLINE '\0'

struct html_state {
	enum html_mode mode;
	bool is_end_tag;
	bool is_in_pre;
	enum html_line line;
	bool is_trimming;          /* {{ltrim}}: white space is swallowed until the next sign */
	bool is_newline_swallowed; /* right behind <pre> or <textarea>, where browsers drop one line end */
	bool has_meta_value;       /* <meta content="{{...}}"> */
	bool has_meta_equiv;       /* <meta http-equiv=...> */
	char pending;              /* white space read but not printed: 0, ' ' or '\n' */
	char quote;
	enum html_attr attr_kind;
	enum html_url url;
	char tag[HTML_NAME_MAX];
	char attr[HTML_NAME_MAX];
	struct place tag_place; /* where the tag or the comment began */
	struct place attr_place;
	struct place pre_place;
};

struct html {
	const struct source *source;
	struct strbuf *literal; /* what is printed as it stands goes here */
	struct html_state state;
	struct place place;
};

/* The beginning of a template: in text. */
void html_init(struct html *html, const struct source *source, struct strbuf *literal);

/* Goes through literal HTML. */
enum err html_text(struct html *html, const struct token *token) MUST_CHECK;

/* Prints white space that was read and held back. Before anything that prints. */
void html_flush(struct html *html);

/* The name of a tag or attribute is complete: settles what follows from it. */
enum err html_end_name(struct html *html) MUST_CHECK;

#endif
