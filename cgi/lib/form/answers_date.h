/* SPDX-License-Identifier: MIT */
/* answers_date.h: dates as people type them, in three parts. What they are kept as: form_typed.h.
 *
 * A part is digits (answers_number.h has which): one or two of day and month, four of the year; around them white space
 * (Unicode White_Space), and marks of direction anywhere. A month may also be its name, or the beginning of one that no other
 * month's name has, of at least 3 characters; a point may stand behind it. Capital letters A to Z are as good as small ones, and
 * alef with a hamza or madda (U+0622, U+0623, U+0625) as good as without (U+0627). "march", "Mar.", "Sept", "Maw", "ابريل"; not "ma".
 * The calendar is the proleptic Gregorian one, from 1000 to 9999. */
#ifndef SOUNDINGS_FORM_ANSWERS_DATE_H
#define SOUNDINGS_FORM_ANSWERS_DATE_H

#include "lib/form/answers.h"

enum { ANSWERS_DATE_TEXT = 11 }; /* "2026-11-21" and a NUL */

enum answers_date_fault {
	ANSWERS_DATE_FINE,
	ANSWERS_DATE_EMPTY,   /* nothing but white space in all of them */
	ANSWERS_DATE_MISSING, /* a part is: MISTAKE_DATE_PART */
	ANSWERS_DATE_WRONG    /* MISTAKE_NOT_DATE */
};

/* Reads PARTS, ANSWER_DATE_PARTS of them, NULL or well-formed UTF-8, with the names of MONTHS, 12 of them (NULL: none). OUT becomes the canonical date, "" after a fault; *PART
 * the first part that is missing, or else that is at fault: of the 31st of a shorter month the day. */
enum answers_date_fault answers_date_read(const char *const *parts, const char *const *months,
					  char out[ANSWERS_DATE_TEXT], int *part);

/* The month that PART names, 1 to 12; 0 when it names none, or is a number. */
int answers_date_named_month(const char *part, const char *const *months);

#endif
