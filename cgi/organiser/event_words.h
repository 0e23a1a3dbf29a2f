/* SPDX-License-Identifier: MIT */
/* event_words.h: what pages say of an event: days, states, numbers in bands, languages by their names. */
#ifndef SOUNDINGS_ORGANISER_EVENT_WORDS_H
#define SOUNDINGS_ORGANISER_EVENT_WORDS_H

#include "visit.h"

/* "Saturday 8 March 2028"; with "Today, " and the like before it where that helps, to begin a line with.
 * "" for a day of year 0. */
const char *event_day(const struct visit *visit, struct date day);
const char *event_day_near(const struct visit *visit, struct date day);

/* "Today, Saturday 8 March 2028 · Slough Library · Thames and Chiltern" */
const char *event_where_when(const struct visit *visit, const struct catalogue_event *shown);

/* The tag of a state: its word, and its kind (organiser_pages.h). */
const char *event_state_words(const struct visit *visit, enum event_state state);
const char *event_state_kind(enum event_state state);

/* "20 to 49", of office_event_band. */
const char *event_band_words(const struct visit *visit, const char *band);

/* How many of CAME answered, in tenths, rounded outwards: "3 to 9 in 10". It is reckoned from the band alone, so that it says no more than the band
 * does. NULL where nobody did, or fewer than EVENT_RATE_LEAST came: then it would point at people. */
enum { EVENT_RATE_LEAST = 10 };
const char *event_rate_words(const struct visit *visit, const char *band, int64_t came);

/* "60", or "Fewer than 10". */
const char *event_came_words(const struct visit *visit, int64_t came);

/* A language by its own name, "Cymraeg"; its tag where nobody has told. */
const char *event_language_name(const struct visit *visit, const char *tag);

/* "Cymraeg, English". */
const char *event_language_list(const struct visit *visit, const char *const *tags, size_t count);

/* What is not finished of the forms of an event, in sentences. NULL without memory. */
struct office_unfinished;
const char *event_unfinished_words(const struct visit *visit, const struct catalogue_event *shown,
				   const struct office_unfinished *list, size_t count);

/* The address of an event as people type it, "127.0.0.1:8080/E4K7QX". */
const char *event_address(const struct visit *visit, const char *code);
struct safe_url event_address_url(const struct visit *visit, const char *code);

/* Until when people hear what was done: the day that was set, else EVENT_NEXT_DAYS after the event (domain: within 90 days). */
enum { EVENT_NEXT_DAYS = 90 };
struct date event_next_on(const struct catalogue_event *shown, const struct office_event_detail *detail);

#endif
