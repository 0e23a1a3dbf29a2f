/* SPDX-License-Identifier: MIT */
/* answers_number.c: numbers as people type them, in their own digits and with their own signs between them.
 *
 * One grammar for all languages, for nobody can say by what is typed whose habits they are; answers_number.h has it, and the
 * page's script the same. Digits and signs are those of Unicode's UnicodeData.txt (Nd) and CLDR's number symbols. It must not
 * guess: what is no number is a mistake that a person can mend. */
#include "lib/form/answers_number.h"

#include "lib/base/utf8.h"

#include <string.h>

/* What the rest needs to know of a character: a digit is its ASCII one, signs that mean the same are one. */
enum {
	SIGN_END = 0,
	SIGN_OTHER = '?',
	SIGN_MINUS = '-',
	SIGN_PLUS = '+',
	SIGN_POINT = '.',
	SIGN_COMMA = ',',
	SIGN_BLANK = ' ',
	SIGN_APOSTROPHE = '\'',
	SIGN_THOUSANDS = ';' /* U+066C, which has no double in ASCII */
};

static const uint32_t zeros[] = {'0', 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66};

int answers_digit(uint32_t point)
{
	for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
		if (point >= zeros[i] && point < zeros[i] + 10)
			return (int) (point - zeros[i]);
	return -1;
}

bool answers_is_direction(uint32_t point)
{
	return point == 0x061C || point == 0x200E || point == 0x200F;
}

static char number_sign(uint32_t point)
{
	int digit = answers_digit(point);
	if (digit >= 0)
		return (char) ('0' + digit);
	switch (point) {
	case '-':
	case 0x2212:
		return SIGN_MINUS;
	case '+':
		return SIGN_PLUS;
	case '.':
	case 0x066B:
		return SIGN_POINT;
	case ',':
		return SIGN_COMMA;
	case ' ':
	case 0x00A0:
	case 0x202F:
		return SIGN_BLANK;
	case '\'':
	case 0x2019:
		return SIGN_APOSTROPHE;
	case 0x066C:
		return SIGN_THOUSANDS;
	default:
		return SIGN_OTHER;
	}
}

/* ---- reading ---- */

/* A place in the text, and the sign that stands there. */
struct number_place {
	const char *at; /* behind the sign */
	const char *end;
	char sign;
};

static void number_step(struct number_place *place)
{
	place->sign = SIGN_END;
	while (place->at < place->end && place->sign == SIGN_END) {
		uint32_t point = utf8_next(&place->at);
		place->sign = answers_is_direction(point) ? SIGN_END : number_sign(point);
	}
}

/* The first sign of TEXT, without what stands around a number. */
static struct number_place number_start(const char *text)
{
	struct number_place place = {text, text, SIGN_END};
	bool is_before = true;
	for (const char *at = text; *at != '\0';) {
		uint32_t point = utf8_next(&at);
		bool is_around = utf8_is_space(point) || answers_is_direction(point);
		is_before = is_before && is_around;
		if (is_before)
			place.at = at;
		if (!is_around)
			place.end = at;
	}
	number_step(&place);
	return place;
}

static bool is_digit(char sign)
{
	return sign >= '0' && sign <= '9';
}

/* The digits as they come. Counts go on where the room ends, so that too many are known to be. */
struct number_digits {
	char whole[FORM_DIGITS_MAX], fraction[FORM_DIGITS_MAX];
	size_t whole_count;    /* from the first that is not 0 */
	size_t fraction_count; /* up to the last that is not 0 */
	size_t seen;           /* behind the mark */
};

static void put_whole(struct number_digits *digits, char sign)
{
	if (sign == '0' && digits->whole_count == 0)
		return;
	if (digits->whole_count < sizeof digits->whole)
		digits->whole[digits->whole_count] = sign;
	digits->whole_count++;
}

static void put_fraction(struct number_digits *digits, char sign)
{
	if (digits->seen < sizeof digits->fraction)
		digits->fraction[digits->seen] = sign;
	digits->seen++;
	if (sign != '0')
		digits->fraction_count = digits->seen;
}

static size_t take_digits(struct number_place *place, struct number_digits *digits,
			  void (*put)(struct number_digits *, char))
{
	size_t count = 0;
	for (; is_digit(place->sign); count++) {
		put(digits, place->sign);
		number_step(place);
	}
	return count;
}

/* How many digits stand from PLACE on, which moves; 4 for all that are no group. */
static size_t count_digits(struct number_place *place)
{
	size_t count = 0;
	for (; count < 4 && is_digit(place->sign); count++)
		number_step(place);
	return count;
}

/* The sign between the groups that begin at PLACE, which then stands on their first digit still; SIGN_END when there are
 * none. */
static char group_sign(struct number_place place)
{
	if (place.sign == '0')
		return SIGN_END;
	size_t first = count_digits(&place);
	char sign = place.sign;
	if (first < 1 || first > 3 ||
	    (sign != SIGN_COMMA && sign != SIGN_BLANK && sign != SIGN_APOSTROPHE && sign != SIGN_THOUSANDS))
		return SIGN_END;
	number_step(&place);
	return count_digits(&place) == 3 ? sign : SIGN_END;
}

/* Takes what stands before the mark; gives the sign between its groups, or SIGN_END. */
static char take_whole(struct number_place *place, struct number_digits *digits, size_t *count)
{
	char between = group_sign(*place);
	*count = take_digits(place, digits, put_whole);
	while (between != SIGN_END && place->sign == between) {
		struct number_place next = *place;
		number_step(&next);
		struct number_place behind = next;
		if (count_digits(&behind) != 3)
			break;
		*place = next;
		*count += take_digits(place, digits, put_whole);
	}
	return between;
}

/* ---- writing ---- */

static void number_write(const struct number_digits *digits, bool is_negative, struct answers_number *out)
{
	bool is_zero = digits->whole_count == 0 && digits->fraction_count == 0;
	size_t whole = digits->whole_count > 0 ? digits->whole_count : 1, length = 0;
	out->fraction = digits->fraction_count;
	out->text[0] = '\0';
	if (whole + digits->fraction_count > FORM_DIGITS_MAX)
		return;
	if (is_negative && !is_zero)
		out->text[length++] = '-';
	if (digits->whole_count == 0)
		out->text[length++] = '0';
	memcpy(out->text + length, digits->whole, digits->whole_count);
	length += digits->whole_count;
	if (digits->fraction_count > 0)
		out->text[length++] = '.';
	memcpy(out->text + length, digits->fraction, digits->fraction_count);
	out->text[length + digits->fraction_count] = '\0';
}

bool answers_number_read(const char *text, struct answers_number *out)
{
	struct number_place place = number_start(text);
	struct number_digits digits = {.whole_count = 0};
	bool is_negative = place.sign == SIGN_MINUS;
	size_t whole;
	if (is_negative || place.sign == SIGN_PLUS)
		number_step(&place);
	char between = take_whole(&place, &digits, &whole);
	bool has_mark = place.sign == SIGN_POINT || (place.sign == SIGN_COMMA && between != SIGN_COMMA);
	if (has_mark) {
		number_step(&place);
		if (take_digits(&place, &digits, put_fraction) == 0)
			return false;
	}
	if (place.sign != SIGN_END || (whole == 0 && !has_mark))
		return false;
	out->has_mark = has_mark;
	number_write(&digits, is_negative, out);
	return true;
}
