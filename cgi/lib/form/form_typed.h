/* SPDX-License-Identifier: MIT */
/* form_typed.h: what an answer in digits looks like once it is canonical (answers.h): numbers and dates.
 *
 * The bounds of questions, expressions and answers all compare these texts, so what they mean is written once. Dates
 * compare as texts do: strcmp. */
#ifndef SOUNDINGS_FORM_FORM_TYPED_H
#define SOUNDINGS_FORM_FORM_TYPED_H

#include "lib/form/form.h"

#include <stdbool.h>

/* True for the one spelling of a number: "0", "16", "-3", "2.5"; at most FORM_DIGITS_MAX digits in all, no zero more
 * than needed, never "-0". */
bool form_number_is_canonical(const char *text);

/* Digits behind the point of a canonical number. */
unsigned form_number_decimals(const char *text);

/* The nearest double, which is the one that JavaScript's Number() gives; NaN when TEXT is not canonical. */
double form_number_value(const char *text);

/* True for YYYY-MM-DD, year 1000 to 9999, of a day that there is (RFC 3339 full-date, proleptic Gregorian). */
bool form_date_is_canonical(const char *text);

/* Below 0, 0 or above 0 as canonical A is less than, equal to or more than canonical B, for questions of TYPE: integer,
 * decimal or date. */
int form_typed_compare(enum question_type type, const char *a, const char *b);

#endif
