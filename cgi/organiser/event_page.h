/* SPDX-License-Identifier: MIT */
/* event_page.h: the page of one event. */
#ifndef SOUNDINGS_ORGANISER_EVENT_PAGE_H
#define SOUNDINGS_ORGANISER_EVENT_PAGE_H

#include "visit.h"

/* Shows visit->event as the office has it now, with STATUS and the mistakes that were noted: at "came", "closes" or "because". */
void event_show(struct visit *visit, int status);

/* The days of the series that EVENT is one of, in order; *COUNT 0: it is of none. */
struct office_event_line *event_series_days(struct visit *visit, const struct office_event *event, const char *series,
					    size_t *count);

#endif
