/* SPDX-License-Identifier: MIT */
/* answers_date.h: dates as people type them, in three parts. What they are kept as: form_typed.h.
 *
 * A part is digits (answers_number.h has which): one or two of day and month, four of the year; around them white space
 * (Unicode White_Space), and marks of direction anywhere. The calendar is the proleptic Gregorian one, from 1000 to 9999. */
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

/* Reads PARTS, ANSWER_DATE_PARTS of them, NULL or well-formed UTF-8. OUT becomes the canonical date, "" after a fault; *PART
 * the first part that is missing, or else that is at fault: of the 31st of a shorter month the day. */
enum answers_date_fault answers_date_read(const char *const *parts, char out[ANSWERS_DATE_TEXT], int *part);

#endif
