/* SPDX-License-Identifier: MIT */
/* slot.c: what a {{directive}} may do where it stands.
 *
 * A value is printed only where there is an escaper that is right for the place; everywhere else it is refused, with
 * the way to mend it. Branches must agree on where they end: what follows has to mean the same after each of them. */
#include "tools/tmplc/slot.h"

#include <assert.h>
#include <string.h>

static enum err slot_url(struct html *html, const struct token *token, enum slot *out)
{
	struct html_state *state = &html->state;
	switch (state->url) {
	case HTML_URL_START:
		*out = SLOT_URL;
		state->url = HTML_URL_WHOLE;
		return ERR_OK;
	case HTML_URL_SLASH:
		*out = SLOT_URL_FIRST;
		state->url = HTML_URL_REST;
		return ERR_OK;
	case HTML_URL_REST:
		*out = SLOT_URL_PART;
		return ERR_OK;
	case HTML_URL_WHOLE:
		return source_refuse(
			html->source, token->place,
			"no value may follow a whole address but behind a ? or #: build the address in C with "
			"view_url()");
	case HTML_URL_OTHER:
		break;
	}
	return source_refuse(
		html->source, token->place,
		"a value in %s must come behind a literal that begins with /, # or ?, or be a struct safe_url alone",
		state->attr);
}

static enum err slot_attr(struct html *html, const struct token *token, enum slot *out)
{
	struct html_state *state = &html->state;
	switch (state->attr_kind) {
	case HTML_ATTR_PLAIN:
		*out = SLOT_ATTR;
		if (strcmp(state->tag, "meta") == 0 && strcmp(state->attr, "content") == 0)
			state->has_meta_value = true;
		return ERR_OK;
	case HTML_ATTR_URL:
		return slot_url(html, token, out);
	case HTML_ATTR_REFUSED:
		break;
	}
	return source_refuse(
		html->source, token->place,
		"no value may stand in %s of <%s>: use a class, or a data- attribute that the script reads",
		state->attr, state->tag);
}

enum err slot_value(struct html *html, const struct token *token, enum slot *out)
{
	struct html_state *state = &html->state;
	html_flush(html);
	state->line = HTML_LINE_UNDER_WAY;
	state->is_trimming = state->is_newline_swallowed = false;
	switch (state->mode) {
	case HTML_TEXT:
		*out = SLOT_TEXT;
		return ERR_OK;
	case HTML_ESCAPABLE:
		*out = SLOT_ATTR;
		return ERR_OK;
	case HTML_QUOTED:
		return slot_attr(html, token, out);
	case HTML_BEFORE_VALUE:
	case HTML_BARE:
		return source_refuse(html->source, token->place, "put quotes around the value of %s", state->attr);
	case HTML_TAG_NAME:
		return source_refuse(html->source, token->place,
				     "no value may stand in the name of a tag: use {{if}} around whole tags");
	case HTML_GAP:
	case HTML_BETWEEN:
	case HTML_ATTR_NAME:
	case HTML_AFTER_NAME:
		return source_refuse(html->source, token->place,
				     "no value may stand in the name of an attribute: use {{if}} around the attribute");
	case HTML_COMMENT:
		return source_refuse(html->source, token->place,
				     "no value may stand in a comment: use {{! }} to comment");
	case HTML_DOCTYPE:
		return source_refuse(html->source, token->place, "no value may stand in the doctype");
	case HTML_RAW:
		return source_refuse(html->source, token->place,
				     "no value may stand in <%s>: put it in a data- attribute, which the script reads",
				     state->tag);
	case HTML_MODE_COUNT:
		break;
	}
	assert(!"a mode beyond the list");
	return ERR_INVALID;
}

enum err slot_control(struct html *html, const struct token *token)
{
	struct html_state *state = &html->state;
	enum err error = ERR_OK;
	switch (state->mode) {
	case HTML_TEXT:
		html_flush(html);
		break;
	case HTML_TAG_NAME:
	case HTML_ATTR_NAME:
		error = html_end_name(html);
		state->mode = HTML_GAP;
		break;
	case HTML_BARE:
		state->mode = HTML_GAP;
		break;
	case HTML_AFTER_NAME:
		strbuf_putc(html->literal, ' ');
		state->mode = HTML_BETWEEN;
		break;
	case HTML_BEFORE_VALUE:
		error = source_refuse(html->source, token->place, "write the quotes of %s first, and %s inside them",
				      state->attr, lex_name(token->kind));
		break;
	case HTML_COMMENT:
	case HTML_DOCTYPE:
	case HTML_RAW:
		error = source_refuse(html->source, token->place, "%s cannot stand inside %s%s%s",
				      lex_name(token->kind), state->mode == HTML_RAW ? "<" : "",
				      state->mode == HTML_RAW       ? state->tag
				      : state->mode == HTML_COMMENT ? "a comment; use {{! }} to comment"
								    : "the doctype",
				      state->mode == HTML_RAW ? ">: put it in a file in static/" : "");
		break;
	case HTML_GAP:
	case HTML_BETWEEN:
	case HTML_QUOTED:
	case HTML_ESCAPABLE:
	case HTML_MODE_COUNT:
		break;
	}
	state->is_trimming = state->is_newline_swallowed = false;
	return error;
}

enum err slot_include(struct html *html, const struct token *token)
{
	if (html->state.mode != HTML_TEXT)
		return source_refuse(html->source, token->place,
				     "{{include}} prints whole elements: it can only stand between tags");
	html_flush(html);
	html->state.line = HTML_LINE_MAYBE_NEW; /* it may end in a line end, or print nothing */
	html->state.is_trimming = html->state.is_newline_swallowed = false;
	return ERR_OK;
}

enum err slot_comment(struct html *html, const struct token *token)
{
	/* Between the signs of "</script" or "-->" it would hide from us where they end. */
	if (html->state.mode == HTML_RAW || html->state.mode == HTML_COMMENT || html->state.mode == HTML_DOCTYPE)
		return source_refuse(html->source, token->place, "{{! }} cannot stand here: move it in front");
	return ERR_OK;
}

enum err slot_ltrim(struct html *html, const struct token *token)
{
	if (html->state.mode != HTML_TEXT && html->state.mode != HTML_ESCAPABLE)
		return source_refuse(html->source, token->place, "{{ltrim}} can only stand in text");
	html_flush(html);
	html->state.is_trimming = true;
	return ERR_OK;
}

/* ---- joining branches -----------------------------------------------------------------------------------------------
 */

static bool slot_is_tag_mode(enum html_mode mode)
{
	return mode == HTML_GAP || mode == HTML_BETWEEN;
}

static bool slot_is_same_place(struct place a, struct place b)
{
	return a.line == b.line && a.column == b.column;
}

/* The more careful of two: what it refuses is refused, what it encodes is encoded. */
static enum html_url slot_join_url(enum html_url a, enum html_url b)
{
	if (a == b)
		return a;
	if (a == HTML_URL_OTHER || b == HTML_URL_OTHER || a == HTML_URL_START || b == HTML_URL_START)
		return HTML_URL_OTHER;
	return a == HTML_URL_WHOLE || b == HTML_URL_WHOLE ? HTML_URL_WHOLE : HTML_URL_SLASH;
}

/* True when what follows would be read in the same way. The same place of opening means: the same tag, the same quote.
 */
static bool slot_is_alike(const struct html_state *a, const struct html_state *b)
{
	if (a->is_in_pre != b->is_in_pre)
		return false;
	if (a->mode != b->mode && !(slot_is_tag_mode(a->mode) && slot_is_tag_mode(b->mode)))
		return false;
	if (a->mode == HTML_TEXT)
		return true;
	if (!slot_is_same_place(a->tag_place, b->tag_place))
		return false;
	return a->mode != HTML_QUOTED || slot_is_same_place(a->attr_place, b->attr_place);
}

static void slot_describe(const struct html_state *state, char out[2 * HTML_NAME_MAX + 64])
{
	size_t size = 2 * HTML_NAME_MAX + 64;
	switch (state->mode) {
	case HTML_TEXT:
		snprintf(out, size, state->is_in_pre ? "in the text of <pre>" : "in text");
		break;
	case HTML_QUOTED:
		snprintf(out, size, "inside the quotes of %s in line %u", state->attr, state->attr_place.line);
		break;
	case HTML_ESCAPABLE:
		snprintf(out, size, "in the text of <%s> in line %u", state->tag, state->tag_place.line);
		break;
	default:
		snprintf(out, size, "inside the tag <%s%s> of line %u", state->is_end_tag ? "/" : "", state->tag,
			 state->tag_place.line);
		break;
	}
}

enum err slot_join(const struct html *html, const struct token *token, const struct html_state *a,
		   const struct html_state *b, struct html_state *out)
{
	if (!slot_is_alike(a, b)) {
		char one[2 * HTML_NAME_MAX + 64], other[2 * HTML_NAME_MAX + 64];
		slot_describe(a, one);
		slot_describe(b, other);
		return source_refuse(html->source, token->place,
				     "at this %s the page may be %s or %s: every branch must open and close the same "
				     "tags and quotes",
				     lex_name(token->kind), one, other);
	}
	struct html_state joined = *a;
	if (a->mode != b->mode)
		joined.mode = HTML_GAP;
	if (a->line != b->line)
		joined.line = HTML_LINE_MAYBE_NEW;
	joined.has_meta_value = a->has_meta_value || b->has_meta_value;
	joined.has_meta_equiv = a->has_meta_equiv || b->has_meta_equiv;
	joined.url = slot_join_url(a->url, b->url);
	*out = joined;
	return ERR_OK;
}

bool slot_is_same(const struct html_state *a, const struct html_state *b)
{
	return a->mode == b->mode && a->line == b->line && a->has_meta_value == b->has_meta_value &&
	       a->has_meta_equiv == b->has_meta_equiv && a->url == b->url;
}

enum err slot_finish(const struct html *html)
{
	const struct html_state *state = &html->state;
	if (state->mode == HTML_TEXT && !state->is_in_pre)
		return ERR_OK;
	if (state->mode == HTML_TEXT)
		return source_refuse(html->source, state->pre_place,
				     "this <pre> is never closed in this file: write </pre>");
	if (state->mode == HTML_COMMENT)
		return source_refuse(html->source, state->tag_place, "this comment is never closed: write -->");
	if (state->mode == HTML_DOCTYPE)
		return source_refuse(html->source, state->tag_place, "this doctype is never closed: write >");
	if (state->mode == HTML_QUOTED)
		return source_refuse(html->source, state->attr_place, "the value of %s is never closed: write %c",
				     state->attr, state->quote);
	if (state->mode == HTML_RAW || state->mode == HTML_ESCAPABLE)
		return source_refuse(html->source, state->tag_place, "this <%s> is never closed: write </%s>",
				     state->tag, state->tag);
	return source_refuse(html->source, state->tag_place, "the tag <%s is never closed: write >", state->tag);
}
