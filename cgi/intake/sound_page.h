/* SPDX-License-Identifier: MIT */
/* sound_page.h: which sounds a page names: of each question, each notice and each mistake for a browser's own player, and of every text that
 * the page may come to show for the script's (static/js/listen/). */
#ifndef SOUNDINGS_INTAKE_SOUND_PAGE_H
#define SOUNDINGS_INTAKE_SOUND_PAGE_H

#include "visit.h"

#include "lib/view/pages.h"

/* Fills PAGE's sounds: on a plain page only whether it can be heard, and where. */
void sound_page_frame(const struct visit *visit, struct page_frame *page);

/* What says a whole question; what says one text, in the page's language unless LANG names another. Without a name where nothing does, and
 * on plain pages. */
struct page_sound sound_page_question(const struct visit *visit, const struct question *question);
struct page_sound sound_page_text(const struct visit *visit, const char *text, const char *lang);

#endif
