/* SPDX-License-Identifier: MIT */
/* html.c: reads the literal HTML of a template sign by sign, prints it squeezed, and knows where it stands.
 *
 * Follows the tokenizer of the HTML Standard (13.2.5). What the standard calls a parse error is refused, so that there
 * is no recovery in which a browser could see another structure than we do. White space in text is squeezed to one
 * blank or one line end, which browsers would do too; in pre, textarea and attribute values it stays. */
#include "tools/tmplc/html.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static const char html_blanks[] = " \t\r\n\f";

void html_init(struct html *html, const struct source *source, struct strbuf *literal)
{
	*html = (struct html){.source = source, .literal = literal, .place = {1, 1}};
	html->state.line = HTML_LINE_NEW;
}

static bool html_is_blank(char sign)
{
	return sign != '\0' && strchr(html_blanks, sign) != NULL;
}

static bool html_is_letter(char sign)
{
	return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
}

static char html_lower(char sign)
{
	return sign >= 'A' && sign <= 'Z' ? (char) (sign - 'A' + 'a') : sign;
}

static bool html_is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

/* Prints a sign that is not squeezed. */
static void html_put(struct html *html, char sign)
{
	html_flush(html);
	strbuf_putc(html->literal, sign);
	html->state.line = sign == '\n' ? HTML_LINE_NEW : HTML_LINE_UNDER_WAY;
	html->state.is_trimming = false;
	html->state.is_newline_swallowed = false;
}

void html_flush(struct html *html)
{
	struct html_state *state = &html->state;
	char pending = state->pending;
	state->pending = '\0';
	if (pending == '\0' || state->line == HTML_LINE_NEW || state->is_trimming)
		return;
	bool is_soft = pending == '\n' && state->line == HTML_LINE_MAYBE_NEW;
	strbuf_putc(html->literal, is_soft ? HTML_SOFT_NEWLINE : pending);
	state->line = pending == '\n' ? HTML_LINE_NEW : HTML_LINE_UNDER_WAY;
}

/* ---- names --------------------------------------------------------------------------------------------------------
 */

static enum err html_add_to_name(struct html *html, char name[HTML_NAME_MAX], char sign)
{
	size_t length = strlen(name);
	if (length == HTML_NAME_MAX - 1)
		return source_refuse(html->source, html->place, "this name is too long");
	name[length] = html_lower(sign);
	name[length + 1] = '\0';
	html_put(html, sign);
	return ERR_OK;
}

/* An address, or something that becomes one. A prefix such as xlink: is cut off before. */
static const char *const html_url_attrs[] = {"href", "src",      "action",     "formaction", "poster", "cite",
					     "data", "manifest", "background", "longdesc",   NULL};

/* What these hold is code, markup, or a list of addresses: there is no escaper for that. */
static const char *const html_refused_attrs[] = {"style",      "srcdoc", "srcset", "imagesrcset",
						 "http-equiv", "xmlns",  "ping",   NULL};

/* SVG elements that set other attributes, also href (SVG 2, animation). */
static const char *const html_refused_tags[] = {"animate", "animatemotion", "animatetransform", "set", NULL};

static enum html_attr html_attr_kind(const struct html_state *state)
{
	const char *colon = strrchr(state->attr, ':');
	const char *name = colon != NULL ? colon + 1 : state->attr;
	if (strncmp(name, "on", 2) == 0 || html_is_one_of(name, html_refused_attrs) ||
	    html_is_one_of(state->tag, html_refused_tags))
		return HTML_ATTR_REFUSED;
	if (strcmp(state->tag, "base") == 0 && strcmp(name, "href") == 0)
		return HTML_ATTR_REFUSED; /* would move every address of the page */
	if (strcmp(state->tag, "meta") == 0 && strcmp(name, "content") == 0 && state->has_meta_equiv)
		return HTML_ATTR_REFUSED; /* http-equiv="refresh" holds an address */
	return html_is_one_of(name, html_url_attrs) ? HTML_ATTR_URL : HTML_ATTR_PLAIN;
}

enum err html_end_name(struct html *html)
{
	/* Elements whose text is neither markup nor escapable, and which no page needs. */
	static const char *const unknown_text[] = {"xmp", "plaintext", "noembed", "noframes", "listing", NULL};
	struct html_state *state = &html->state;
	if (state->mode == HTML_TAG_NAME) {
		if (html_is_one_of(state->tag, unknown_text))
			return source_refuse(html->source, state->tag_place, "<%s> is obsolete: use <pre>", state->tag);
		return ERR_OK;
	}
	state->attr_kind = html_attr_kind(state);
	if (strcmp(state->tag, "meta") == 0 && strcmp(state->attr, "http-equiv") == 0) {
		state->has_meta_equiv = true;
		if (state->has_meta_value)
			return source_refuse(
				html->source, state->attr_place,
				"no {{value}} may stand in a <meta> with http-equiv: it could be an address");
	}
	return ERR_OK;
}

/* ---- tags ---------------------------------------------------------------------------------------------------------
 */

static bool html_is_raw(const char *tag)
{
	static const char *const raw[] = {"script", "style", "iframe", NULL};
	return html_is_one_of(tag, raw);
}

static bool html_is_escapable(const char *tag)
{
	return strcmp(tag, "title") == 0 || strcmp(tag, "textarea") == 0;
}

/* The > that ends a tag. */
static void html_end_tag(struct html *html)
{
	struct html_state *state = &html->state;
	html_put(html, '>');
	state->mode = HTML_TEXT;
	bool is_pre = strcmp(state->tag, "pre") == 0;
	if (state->is_end_tag) {
		if (is_pre)
			state->is_in_pre = false;
		return;
	}
	if (html_is_raw(state->tag))
		state->mode = HTML_RAW;
	else if (html_is_escapable(state->tag))
		state->mode = HTML_ESCAPABLE;
	if (is_pre) {
		state->is_in_pre = true;
		state->pre_place = state->tag_place;
	}
	/* Browsers drop a line end right behind these tags (13.1.2.5): one of ours keeps the first of the value's. */
	if (is_pre || strcmp(state->tag, "textarea") == 0) {
		html_put(html, '\n');
		state->is_newline_swallowed = true;
	}
}

/* The signs that end a tag, in any mode in which one may end. AT is "/" or ">". */
static enum err html_step_end(struct html *html, const char *at, size_t rest, size_t *taken)
{
	if (*at == '/') {
		if (rest < 2 || at[1] != '>')
			return source_refuse(html->source, html->place, "a / in a tag is followed by >");
		html_put(html, '/');
		*taken = 2;
	}
	html_end_tag(html);
	return ERR_OK;
}

static void html_begin_tag(struct html *html, bool is_end_tag)
{
	struct html_state *state = &html->state;
	state->mode = HTML_TAG_NAME;
	state->is_end_tag = is_end_tag;
	state->has_meta_value = state->has_meta_equiv = false;
	state->tag[0] = state->attr[0] = '\0';
	state->tag_place = html->place;
}

/* A < in text. */
static enum err html_step_open(struct html *html, const char *at, size_t rest, size_t *taken)
{
	char next = rest > 1 ? at[1] : '\0';
	if (html_is_letter(next)) {
		html_begin_tag(html, false);
		html_put(html, '<');
		return ERR_OK;
	}
	if (next == '/' && rest > 2 && html_is_letter(at[2])) {
		html_begin_tag(html, true);
		html_put(html, '<');
		html_put(html, '/');
		*taken = 2;
		return ERR_OK;
	}
	if (rest >= 4 && memcmp(at, "<!--", 4) == 0) {
		if ((rest > 4 && at[4] == '>') || (rest > 5 && at[4] == '-' && at[5] == '>'))
			return source_refuse(html->source, html->place,
					     "browsers end this comment at once: write text in it");
		html->state.mode = HTML_COMMENT;
		html->state.tag_place = html->place;
		for (size_t i = 0; i < 4; i++)
			html_put(html, at[i]);
		*taken = 4;
		return ERR_OK;
	}
	if (rest >= 10 && strncasecmp(at, "<!doctype ", 10) == 0) {
		html->state.mode = HTML_DOCTYPE;
		html->state.tag_place = html->place;
		html_put(html, '<');
		return ERR_OK;
	}
	if (next == '\0' || (next == '/' && rest == 2))
		return source_refuse(html->source, html->place,
				     "no {{ }} may stand in the name of a tag: use {{if}} around tags");
	return source_refuse(html->source, html->place, "this < begins no tag: write &lt;");
}

static enum err html_step_tag_name(struct html *html, const char *at, size_t rest, size_t *taken)
{
	char sign = *at;
	if (html_is_letter(sign) || (sign >= '0' && sign <= '9') || sign == '-')
		return html_add_to_name(html, html->state.tag, sign);
	enum err error = html_end_name(html);
	if (error != ERR_OK)
		return error;
	if (html_is_blank(sign)) {
		html_put(html, ' ');
		html->state.mode = HTML_BETWEEN;
		return ERR_OK;
	}
	if (sign == '/' || sign == '>')
		return html_step_end(html, at, rest, taken);
	return source_refuse(html->source, html->place, "'%c' cannot stand in the name of a tag: is a blank missing?",
			     sign);
}

static enum err html_step_between(struct html *html, const char *at, size_t rest, size_t *taken)
{
	struct html_state *state = &html->state;
	char sign = *at;
	if (html_is_blank(sign))
		return ERR_OK; /* one is printed already */
	if (sign == '/' || sign == '>')
		return html_step_end(html, at, rest, taken);
	if (strchr("\"'<=`", sign) != NULL)
		return source_refuse(html->source, html->place, "'%c' cannot begin an attribute", sign);
	if (state->is_end_tag)
		return source_refuse(html->source, html->place, "an end tag has no attributes");
	state->mode = HTML_ATTR_NAME;
	state->attr[0] = '\0';
	state->attr_place = html->place;
	return html_add_to_name(html, state->attr, sign);
}

static enum err html_step_gap(struct html *html, const char *at, size_t rest, size_t *taken)
{
	if (html_is_blank(*at)) {
		html_put(html, ' ');
		html->state.mode = HTML_BETWEEN;
		return ERR_OK;
	}
	if (*at == '/' || *at == '>')
		return html_step_end(html, at, rest, taken);
	return source_refuse(html->source, html->place, "a blank is missing before this '%c'", *at);
}

/* ---- attributes ---------------------------------------------------------------------------------------------------
 */

static enum err html_step_attr_name(struct html *html, const char *at, size_t rest, size_t *taken)
{
	struct html_state *state = &html->state;
	char sign = *at;
	if (strchr("\"'<`", sign) != NULL)
		return source_refuse(html->source, html->place, "'%c' cannot stand in the name of an attribute", sign);
	if (sign != '=' && sign != '/' && sign != '>' && !html_is_blank(sign))
		return html_add_to_name(html, state->attr, sign);
	enum err error = html_end_name(html);
	if (error != ERR_OK)
		return error;
	if (sign == '=') {
		html_put(html, '=');
		state->mode = HTML_BEFORE_VALUE;
		return ERR_OK;
	}
	if (html_is_blank(sign)) {
		state->mode = HTML_AFTER_NAME;
		return ERR_OK;
	}
	return html_step_end(html, at, rest, taken);
}

static enum err html_step_after_name(struct html *html, const char *at, size_t rest, size_t *taken)
{
	if (html_is_blank(*at))
		return ERR_OK;
	if (*at == '=') {
		html_put(html, '=');
		html->state.mode = HTML_BEFORE_VALUE;
		return ERR_OK;
	}
	html_put(html, ' ');
	html->state.mode = HTML_BETWEEN;
	return html_step_between(html, at, rest, taken);
}

/* Browsers drop blanks and control characters before the scheme (URL Standard, 4.4). */
static bool html_is_script_url(const char *at, size_t rest)
{
	static const char *const schemes[] = {"javascript:", "vbscript:"};
	while (rest > 0 && (unsigned char) *at <= ' ') {
		at++;
		rest--;
	}
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (rest >= strlen(schemes[i]) && strncasecmp(at, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

static enum err html_refuse_script_url(const struct html *html)
{
	return source_refuse(html->source, html->place, "no script may stand in %s: scripts are files in static/js",
			     html->state.attr);
}

static enum err html_step_before_value(struct html *html, const char *at, size_t rest)
{
	struct html_state *state = &html->state;
	char sign = *at;
	if (html_is_blank(sign))
		return ERR_OK;
	if (strchr("<=>`", sign) != NULL)
		return source_refuse(html->source, html->place, "the value of %s is missing: write %s=\"\"",
				     state->attr, state->attr);
	if (state->attr_kind == HTML_ATTR_URL && html_is_script_url(at, rest))
		return html_refuse_script_url(html);
	html_put(html, sign);
	state->url = HTML_URL_START;
	if (sign != '"' && sign != '\'') {
		state->mode = HTML_BARE;
		return ERR_OK;
	}
	state->mode = HTML_QUOTED;
	state->quote = sign;
	return ERR_OK;
}

static enum err html_step_bare(struct html *html, char sign)
{
	if (html_is_blank(sign)) {
		html_put(html, ' ');
		html->state.mode = HTML_BETWEEN;
		return ERR_OK;
	}
	if (sign == '>') {
		html_end_tag(html);
		return ERR_OK;
	}
	if (strchr("\"'<=`", sign) != NULL)
		return source_refuse(html->source, html->place, "put quotes around the value of %s", html->state.attr);
	html_put(html, sign);
	return ERR_OK;
}

static enum err html_step_url(struct html *html, const char *at, size_t rest)
{
	struct html_state *state = &html->state;
	switch (state->url) {
	case HTML_URL_START:
		if (html_is_script_url(at, rest))
			return html_refuse_script_url(html);
		state->url = *at == '/' ? HTML_URL_SLASH : *at == '#' || *at == '?' ? HTML_URL_REST : HTML_URL_OTHER;
		break;
	case HTML_URL_SLASH:
		/* A reference such as &#47; could be a slash as well; tabs and line ends vanish in a browser. */
		if (strchr("/\\&\t\r\n", *at) != NULL)
			return source_refuse(html->source, html->place,
					     "an address cannot begin with \"//\": it would name another host");
		state->url = HTML_URL_REST;
		break;
	case HTML_URL_WHOLE:
		if (*at != '?' && *at != '#')
			return source_refuse(html->source, html->place,
					     "behind a whole address only ? or # may follow: build the address in C "
					     "with view_url()");
		state->url = HTML_URL_REST;
		break;
	case HTML_URL_REST:
	case HTML_URL_OTHER:
		break;
	}
	return ERR_OK;
}

static enum err html_step_quoted(struct html *html, const char *at, size_t rest)
{
	struct html_state *state = &html->state;
	if (*at == state->quote) {
		html_put(html, *at);
		state->mode = HTML_GAP;
		return ERR_OK;
	}
	enum err error = state->attr_kind == HTML_ATTR_URL ? html_step_url(html, at, rest) : ERR_OK;
	if (error == ERR_OK)
		html_put(html, *at);
	return error;
}

/* ---- text ---------------------------------------------------------------------------------------------------------
 */

static enum err html_step_text(struct html *html, const char *at, size_t rest, size_t *taken)
{
	struct html_state *state = &html->state;
	if (state->is_newline_swallowed && (*at == '\n' || *at == '\r')) {
		state->is_newline_swallowed = *at == '\r'; /* CR LF is one line end */
		return ERR_OK;
	}
	if (*at == '<' && (state->mode == HTML_TEXT))
		return html_step_open(html, at, rest, taken);
	if (!html_is_blank(*at)) {
		html_put(html, *at);
		return ERR_OK;
	}
	if (state->is_trimming)
		return ERR_OK;
	if (state->is_in_pre || state->mode != HTML_TEXT)
		html_put(html, *at);
	else if (state->pending != '\n')
		state->pending = *at == '\n' || *at == '\r' ? '\n' : ' ';
	return ERR_OK;
}

/* In script, style, title, textarea: only the end tag of the same name ends the text (13.2.5.11 and .14). */
static enum err html_step_element(struct html *html, const char *at, size_t rest, size_t *taken)
{
	struct html_state *state = &html->state;
	if (state->mode == HTML_RAW && rest >= 4 && memcmp(at, "<!--", 4) == 0)
		return source_refuse(html->source, html->place, "<!-- in <%s> changes where it ends: leave it out",
				     state->tag);
	size_t length = strlen(state->tag);
	bool is_close = *at == '<' && rest > 1 && at[1] == '/';
	if (*at == '<' && state->mode == HTML_ESCAPABLE && !is_close)
		return source_refuse(html->source, html->place, "this < is only text in <%s>: write &lt;", state->tag);
	if (is_close && rest > length + 2 && strncasecmp(at + 2, state->tag, length) == 0 &&
	    (html_is_blank(at[length + 2]) || at[length + 2] == '>')) {
		html_begin_tag(html, true);
		html_put(html, '<');
		html_put(html, '/');
		*taken = 2;
		return ERR_OK;
	}
	if (is_close && state->mode == HTML_ESCAPABLE)
		return source_refuse(html->source, html->place, "<%s> is still open here: write </%s>", state->tag,
				     state->tag);
	if (state->mode == HTML_ESCAPABLE)
		return html_step_text(html, at, rest, taken);
	html_put(html, *at);
	return ERR_OK;
}

static enum err html_step_comment(struct html *html, const char *at, size_t rest, size_t *taken)
{
	size_t length = rest >= 3 && memcmp(at, "-->", 3) == 0 ? 3 : rest >= 4 && memcmp(at, "--!>", 4) == 0 ? 4 : 1;
	for (size_t i = 0; i < length; i++)
		html_put(html, at[i]);
	if (length > 1)
		html->state.mode = HTML_TEXT;
	*taken = length;
	return ERR_OK;
}

static enum err html_step_doctype(struct html *html, char sign)
{
	html_put(html, sign);
	if (sign == '>')
		html->state.mode = HTML_TEXT;
	return ERR_OK;
}

/* Goes past at least one sign of the REST at AT. */
static enum err html_step(struct html *html, const char *at, size_t rest, size_t *taken)
{
	switch (html->state.mode) {
	case HTML_TEXT:
		return html_step_text(html, at, rest, taken);
	case HTML_TAG_NAME:
		return html_step_tag_name(html, at, rest, taken);
	case HTML_GAP:
		return html_step_gap(html, at, rest, taken);
	case HTML_BETWEEN:
		return html_step_between(html, at, rest, taken);
	case HTML_ATTR_NAME:
		return html_step_attr_name(html, at, rest, taken);
	case HTML_AFTER_NAME:
		return html_step_after_name(html, at, rest, taken);
	case HTML_BEFORE_VALUE:
		return html_step_before_value(html, at, rest);
	case HTML_BARE:
		return html_step_bare(html, *at);
	case HTML_QUOTED:
		return html_step_quoted(html, at, rest);
	case HTML_COMMENT:
		return html_step_comment(html, at, rest, taken);
	case HTML_DOCTYPE:
		return html_step_doctype(html, *at);
	case HTML_RAW:
	case HTML_ESCAPABLE:
		return html_step_element(html, at, rest, taken);
	case HTML_MODE_COUNT:
		break;
	}
	assert(!"a mode beyond the list");
	return ERR_INVALID;
}

enum err html_text(struct html *html, const struct token *token)
{
	html->place = token->place;
	for (size_t at = 0; at < token->length;) {
		size_t taken = 1;
		enum err error = html_step(html, token->text + at, token->length - at, &taken);
		if (error != ERR_OK)
			return error;
		source_advance(&html->place, token->text + at, taken);
		at += taken;
	}
	return ERR_OK;
}
