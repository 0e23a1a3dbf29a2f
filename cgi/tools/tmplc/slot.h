/* SPDX-License-Identifier: MIT */
/* slot.h: what a {{directive}} may do where it stands, and which writer prints a value there. */
#ifndef SOUNDINGS_TMPLC_SLOT_H
#define SOUNDINGS_TMPLC_SLOT_H

#include "tools/tmplc/html.h"

/* Which writer prints a value. */
enum slot {
	SLOT_TEXT,
	SLOT_ATTR,
	SLOT_URL,       /* a whole address: struct safe_url */
	SLOT_URL_FIRST, /* a part of one, right behind "/" */
	SLOT_URL_PART,
	SLOT_COUNT
};

/* A value or a page string stands here. ERR_INVALID (said already) where none may. */
enum err slot_value(struct html *html, const struct token *token, enum slot *out) MUST_CHECK;

/* {{if}}, {{each}}, {{else}}, {{end}} stand here: settles what was half read. */
enum err slot_control(struct html *html, const struct token *token) MUST_CHECK;

enum err slot_include(struct html *html, const struct token *token) MUST_CHECK;
enum err slot_comment(struct html *html, const struct token *token) MUST_CHECK;
enum err slot_ltrim(struct html *html, const struct token *token) MUST_CHECK;

/* The state that holds after TOKEN whichever of A and B was taken, or a refusal that says how they differ. */
enum err slot_join(const struct html *html, const struct token *token, const struct html_state *a,
		   const struct html_state *b, struct html_state *out) MUST_CHECK;

/* True when a block compiled from A would come out the same from B. Both come out of slot_control or slot_join. */
bool slot_is_same(const struct html_state *a, const struct html_state *b);

/* The template ends: everything it opened (but elements in text) must be closed. */
enum err slot_finish(const struct html *html) MUST_CHECK;

#endif
