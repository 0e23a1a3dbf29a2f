/* SPDX-License-Identifier: MIT */
/* kiosk_page.h: what an event's pages have around them on a kiosk, and the two that only a kiosk has. */
#ifndef SOUNDINGS_INTAKE_KIOSK_PAGE_H
#define SOUNDINGS_INTAKE_KIOSK_PAGE_H

#include "visit.h"

#include "lib/view/pages.h"

/* True where the address is a kiosk's: "/kiosk/CODE". */
bool kiosk_page_is_on(const struct visit *visit);

/* True where somebody has set something of the view: then choices of the start screen take it along. */
bool kiosk_page_is_set(const struct visit *visit);

/* Makes PAGE, which page_fill has filled, a kiosk's: its bar and panels, styles and script; no way out but to the start. A page in STATE
 * ("chooser", "message") has a form of its own for what the bar sends, where it answers a question, not something that was sent. */
void kiosk_page_frame(const struct visit *visit, const char *state, struct page_frame *page);

/* The start screen of an event, of which FORMS_COUNT forms are open; the visit has the one that stands for them. */
void kiosk_page_start(struct visit *visit, size_t forms_count, struct http_response *response);

#endif
