/* SPDX-License-Identifier: MIT */
/* placement_words.h: quarters, kinds and criteria of placements in words. */
#ifndef SOUNDINGS_ORGANISER_PLACEMENT_WORDS_H
#define SOUNDINGS_ORGANISER_PLACEMENT_WORDS_H

#include "financial.h"
#include "visit.h"

/* "October to December 2026" */
const char *placement_quarter(const struct visit *visit, struct financial_quarter quarter);

/* The organisation's title of a kind; its name where there is none such any more. */
const char *placement_kind(const struct visit *visit, const char *name);

/* The words of a criterion, from 0 (organising.h). */
const char *placement_criterion(const struct visit *visit, int number);
int placement_criterion_word(int number);

#endif
