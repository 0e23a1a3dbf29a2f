/* SPDX-License-Identifier: MIT */
/* event_read.h: reading fields, with messages that name the question, so that a summary of several says which is which. */
#ifndef SOUNDINGS_ORGANISER_EVENT_READ_H
#define SOUNDINGS_ORGANISER_EVENT_READ_H

#include "visit.h"

/* One line of at most OFFICE_LINE_MAX characters, line ends turned to blanks; with a mistake when it cannot be taken. MISSING: what is said where
 * there must be something (-1: it may be left out). */
const char *event_read_line(struct visit *visit, const char *name, int label, int missing);

/* Some lines of at most OFFICE_TEXT_MAX characters. */
const char *event_read_text(struct visit *visit, const char *name, int label);

/* A whole number up to MOST; OFFICE_UNKNOWN when nothing was typed, or with a mistake. */
int64_t event_read_number(struct visit *visit, const char *name, const char *label, int64_t most, bool is_needed);

/* A day within 20 years of today; year 0 when nothing was typed, or with a mistake. MISSING as above. */
struct date event_read_day(struct visit *visit, const char *name, int label, int missing);

/* What a field begins with: of a POST what was typed, else FRESH. */
const char *event_was(const struct visit *visit, const char *name, const char *fresh);

/* "40"; "" for OFFICE_UNKNOWN. */
const char *event_number_text(const struct visit *visit, int64_t number);

/* A mistake at NAME, with {label} filled. */
void event_wrong(struct visit *visit, const char *name, int message, int label);

#endif
