/* SPDX-License-Identifier: MIT */
/* answers_number.h: numbers as people type them. What they are kept as: form_typed.h.
 *
 * First marks of direction (U+061C, U+200E, U+200F) are passed over wherever they stand, and white space around the whole
 * (Unicode White_Space). What is left is, in this order:
 *   perhaps a sign: "-", U+2212, "+";
 *   perhaps digits, alone or in groups: one to three, the first of them not 0, then always exactly three behind the same
 *   sign: comma; blank (U+0020, U+00A0, U+202F: the same); apostrophe (U+0027, U+2019: the same); U+066C;
 *   perhaps a mark and digits: point, U+066B (the same), or comma where the comma does not stand between the groups.
 * There is at least one digit; a mark has a digit behind it: ".5" is a number, "5." is none. What can be read as groups is:
 * "1,234" is 1234, "1,23" is 1.23, "0,123" is 0.123, "1 234,567" is 1234.567, "1,234,56" is no number.
 * Digits: 0 to 9, Arabic-Indic U+0660, extended U+06F0, Devanagari U+0966, Bengali U+09E6, Gurmukhi U+0A66, and the nine
 * behind each. */
#ifndef SOUNDINGS_FORM_ANSWERS_NUMBER_H
#define SOUNDINGS_FORM_ANSWERS_NUMBER_H

#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANSWERS_NUMBER_TEXT = FORM_DIGITS_MAX + 3 }; /* "-", digits, ".", NUL */

struct answers_number {
	bool has_mark;                  /* "2.5", also "2.0" */
	size_t fraction;                /* digits behind the mark, zeros at the end not counted */
	char text[ANSWERS_NUMBER_TEXT]; /* canonical; "" when it has more than FORM_DIGITS_MAX digits */
};

/* True when TEXT, well-formed UTF-8, is a number; then *OUT is filled. */
bool answers_number_read(const char *text, struct answers_number *out);

/* The value, 0 to 9, of a digit of any of the scripts above; -1 for any other character. */
int answers_digit(uint32_t point);

/* True for the marks of direction. */
bool answers_is_direction(uint32_t point);

#endif
