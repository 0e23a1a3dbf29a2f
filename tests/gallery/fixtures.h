/* SPDX-License-Identifier: MIT */
/* fixtures.h: what the preview shows: one realistic form in three tongues, and the texts around it. */
#ifndef SOUNDINGS_PREVIEW_FIXTURES_H
#define SOUNDINGS_PREVIEW_FIXTURES_H

#include "lib/base/arena.h"
#include "lib/view/pages.h"

#include <stdbool.h>

enum fixture_tongue { FIXTURE_ENGLISH, FIXTURE_WELSH, FIXTURE_EASY, FIXTURE_RTL, FIXTURE_TONGUE_COUNT };

/* Which state of the form is wanted. */
struct fixture_state {
	bool is_filled;    /* some answers given */
	bool has_mistakes; /* and two of them wrong */
};

/* Where fixtures are made: texts of one tongue, in one arena. */
struct fixture {
	enum fixture_tongue tongue;
	const struct words *words;
	struct arena *arena;
};

/* The text as that tongue writes it: the fake right-to-left tongue is English in Arabic letters. */
const char *fixture_text(const struct fixture *fixture, const char *english, const char *welsh);

/* The sections of the form, with answers and mistakes as STATE says, and the errors for the summary. */
void fixture_sections(const struct fixture *fixture, struct fixture_state state, struct page_form *form);

/* Helplines: those of the short panel, or all. */
const struct page_helpline *fixture_helplines(const struct fixture *fixture, bool emergency_only, size_t *count);

/* What was stored, for the thank-you page. */
const struct page_stored *fixture_stored(const struct fixture *fixture, size_t *count);

/* English in Arabic letters, holes in braces left alone: it reads from right to left and needs no translator. */
const char *fixture_fake(struct arena *arena, const char *text);

#endif
