/* SPDX-License-Identifier: MIT */
/* frame.h: what stands around every page of the organisers: visit_frame, visit_frame_text and visit_back of visit.h; and the language. */
#ifndef SOUNDINGS_ORGANISER_FRAME_H
#define SOUNDINGS_ORGANISER_FRAME_H

#include "visit.h"

/* The words of the page: the account's language, else the query's "lang", else Accept-Language; English or Welsh. */
void frame_choose_language(struct visit *visit);

#endif
