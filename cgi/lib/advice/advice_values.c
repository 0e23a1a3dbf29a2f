/* SPDX-License-Identifier: MIT */
/* advice_values.c: the answers that can make a difference to an expression.
 *
 * Expressions compare with what they name, and have no arithmetic. So of a list all choices that are not named are alike;
 * of typed answers all that lie between two named ones, or have a length between two. One of each kind is enough, and where several
 * fields are compared with one another, one for each of them. */
#include "lib/advice/advice_values.h"

#include "lib/base/date.h"
#include "lib/form/form_typed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED_MOST = 6, CYCLE_YEARS = 1200 /* three of the Gregorian calendar */ };

static const double numbers_end = 1e15; /* FORM_DIGITS_MAX digits lie below it */

bool advice_literals_add(struct advice_literals *literals, const char *source, struct arena *arena)
{
	for (const char *at = source; *at != '\0';) {
		size_t length;
		const char *start = at;
		if (*at == '\'' || *at == '"') {
			start = at + 1;
			length = strcspn(start, *at == '\'' ? "'" : "\"");
			at = start + length + (start[length] != '\0');
		} else if (*at == '$') {
			at += strcspn(at, "}");
			continue;
		} else if (*at >= '0' && *at <= '9') {
			length = strspn(at, "0123456789.");
			at += length;
			if (start > source && start[-1] == '-')
				start--, length++;
		} else {
			at++;
			continue;
		}
		if (literals->count == ADVICE_LITERALS_MAX) {
			literals->is_cut = true;
			return true;
		}
		literals->list[literals->count] = arena_strndup(arena, start, length);
		if (literals->list[literals->count] == NULL)
			return false;
		literals->count++;
	}
	return true;
}

static bool is_named(const struct advice_literals *literals, const char *name)
{
	for (size_t i = 0; i < literals->count; i++) {
		if (strcmp(literals->list[i], name) == 0)
			return true;
	}
	return false;
}

static struct advice_value *add(struct advice_values *values)
{
	return values->count == ADVICE_VALUES_MAX ? NULL : &values->list[values->count++];
}

static bool add_choices(struct advice_values *values, struct arena *arena, const struct choice *const *choices,
			size_t count)
{
	struct advice_value *value = add(values);
	const struct choice **own = arena_array(arena, count + 1, const struct choice *);
	if (value == NULL || own == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		own[i] = choices[i];
	*value = (struct advice_value){.choices = own, .choices_count = count};
	return true;
}

/* Every choice that is named, and one that is not. The points of a scale are compared as numbers: all of them. */
static bool one_of(struct advice_values *values, struct arena *arena, const struct choice_list *list,
		   const struct advice_literals *literals, bool is_scale)
{
	bool has_other = false;
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		bool is_other = !is_scale && !is_named(literals, choice->name);
		if (is_other && has_other)
			continue;
		has_other |= is_other;
		if (!add_choices(values, arena, &choice, 1))
			return false;
	}
	return true;
}

/* Every set of those named, with every number of others. What is exclusive comes alone. */
static bool sets_of(struct advice_values *values, struct arena *arena, const struct choice_list *list,
		    const struct advice_literals *literals)
{
	const struct choice *named[NAMED_MOST], *others[FORM_CHOICES_MAX], *set[FORM_CHOICES_MAX + NAMED_MOST];
	size_t named_count = 0, others_count = 0;
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		if (choice->is_exclusive) {
			if (!add_choices(values, arena, &choice, 1))
				return false;
		} else if (!is_named(literals, choice->name)) {
			others[others_count++] = choice;
		} else if (named_count == NAMED_MOST) {
			return false;
		} else {
			named[named_count++] = choice;
		}
	}
	for (size_t bits = 0; bits < (size_t) 1 << named_count; bits++) {
		size_t count = 0;
		for (size_t i = 0; i < named_count; i++) {
			if ((bits >> i & 1) != 0)
				set[count++] = named[i];
		}
		for (size_t more = 0; more <= others_count; more++) {
			if (more > 0)
				set[count++] = others[more - 1];
			if (count > 0 && !add_choices(values, arena, set, count))
				return false;
		}
	}
	return true;
}

static bool add_text(struct advice_values *values, const char *text)
{
	struct advice_value *value = text != NULL ? add(values) : NULL;
	if (value != NULL)
		value->text = text;
	return value != NULL;
}

/* A text of LENGTH signs that nobody compares with. */
static bool add_length(struct advice_values *values, struct arena *arena, size_t length)
{
	char *text = arena_array(arena, length + 1, char);
	if (text != NULL)
		memset(text, 'q', length);
	return add_text(values, text);
}

static bool texts_of(struct advice_values *values, struct arena *arena, const struct question *question,
		     const struct advice_literals *literals)
{
	if (!add_length(values, arena, 1) || !add_length(values, arena, question->max_utf16))
		return false;
	for (size_t i = 0; i < literals->count; i++) {
		const char *literal = literals->list[i];
		char *end = NULL;
		unsigned long number = strtoul(literal, &end, 10);
		if (literal[0] != '\0' && !add_text(values, literal))
			return false;
		for (unsigned long near = number > 0 ? number - 1 : 0;
		     end != literal && *end == '\0' && near <= number + 1; near++) {
			if (near > 0 && near <= question->max_utf16 && !add_length(values, arena, near))
				return false;
		}
	}
	return true;
}

/* Of a day from 1000 to 9999 as text. */
static void move_years(char day[DATE_TEXT], int years)
{
	int year = (int) strtol(day, NULL, 10) + years;
	for (int i = 3; i >= 0; i--, year /= 10)
		day[i] = (char) ('0' + year % 10);
}

static bool add_number(struct advice_values *values, struct arena *arena, unsigned decimals, double number)
{
	return add_text(values, arena_printf(arena, "%.*f", (int) decimals, number));
}

/* Whole numbers from 0 on, and those around each that is named. */
static bool numbers_of(struct advice_values *values, struct arena *arena, const struct question *question,
		       const struct advice_literals *literals)
{
	unsigned decimals = question->type == QUESTION_DECIMAL ? question->decimals : 0;
	double step = 1;
	for (unsigned i = 0; i < decimals; i++)
		step /= 10;
	const char *ends[2] = {question->least, question->most};
	bool is_fine = true;
	for (int i = 0; i <= literals->reach; i++)
		is_fine = is_fine && add_number(values, arena, 0, i);
	for (size_t i = 0; i < literals->count + 2; i++) {
		const char *literal = i < 2 ? ends[i] : literals->list[i - 2];
		char *end = NULL;
		double number = literal == NULL ? 0 : strtod(literal, &end);
		if (literal == NULL || end == literal || *end != '\0' ||
		    !(number > -numbers_end && number < numbers_end))
			continue; /* no number, or one that nobody can answer */
		double middle = decimals == 0 ? (double) (int64_t) number : number;
		for (int near = -literals->reach; near <= literals->reach; near++)
			is_fine = is_fine && add_number(values, arena, decimals, middle + near * step);
	}
	return is_fine;
}

/* The day itself, and those so near to it before and behind. */
static bool days_around(struct advice_values *values, struct arena *arena, const char *text, int reach)
{
	struct date date;
	if (text == NULL || !form_date_is_canonical(text))
		return true; /* what is no day is compared with nothing */
	/* date.h knows no year before 1900, but three cycles later the calendar is the same. */
	char later[DATE_TEXT], day[DATE_TEXT];
	bool is_old = strcmp(text, "2000-01-01") < 0;
	memcpy(later, text, sizeof(later));
	if (is_old)
		move_years(later, CYCLE_YEARS);
	if (date_parse(later, &date) != ERR_OK)
		return false;
	for (int near = -reach; near <= reach; near++) {
		date_format(date_from_days(date_days(date) + near), day);
		if (is_old)
			move_years(day, -CYCLE_YEARS);
		if (!add_text(values, arena_strdup(arena, day)))
			return false;
	}
	return true;
}

static bool dates_of(struct advice_values *values, struct arena *arena, const struct question *question,
		     const struct advice_literals *literals)
{
	bool is_fine = days_around(values, arena, "2000-06-15", literals->reach - 1) &&
		       days_around(values, arena, question->least, literals->reach) &&
		       days_around(values, arena, question->most, literals->reach);
	for (size_t i = 0; is_fine && i < literals->count; i++)
		is_fine = days_around(values, arena, literals->list[i], literals->reach);
	return is_fine;
}

bool advice_values_of(const struct form *form, int language, const struct field *field,
		      const struct advice_literals *literals, struct arena *arena, struct advice_values *out)
{
	*out = (struct advice_values){
		.field = field, .list = arena_array(arena, ADVICE_VALUES_MAX, struct advice_value), .count = 1};
	if (out->list == NULL || literals->is_cut)
		return false;
	if (!form_asks_field(form, language, field))
		return true;
	const struct choice_list *list = form_field_list(form, language, field);
	switch (field->part == FIELD_REFUSAL ? QUESTION_SELECT_ONE : field->question->type) {
	case QUESTION_SELECT_ONE:
	case QUESTION_SCALE:
	case QUESTION_GRID:
		return list != NULL && one_of(out, arena, list, literals, field->question->type == QUESTION_SCALE);
	case QUESTION_SELECT_MULTIPLE:
	case QUESTION_RANK: /* expressions cannot ask for places, so the order of the list will do */
		return list != NULL && sets_of(out, arena, list, literals);
	case QUESTION_TEXT:
		return texts_of(out, arena, field->question, literals);
	case QUESTION_INTEGER:
	case QUESTION_DECIMAL:
		return numbers_of(out, arena, field->question, literals);
	case QUESTION_DATE:
		return dates_of(out, arena, field->question, literals);
	case QUESTION_NOTE:
	case QUESTION_TYPE_COUNT:
		break;
	}
	return false;
}

static bool put_one(struct answers *answers, struct arena *arena, const char *name, const char *text)
{
	enum answers_refusal refusal = ANSWERS_OK;
	return name != NULL && text != NULL && answers_add(answers, arena, name, text, &refusal) == ERR_OK &&
	       refusal == ANSWERS_OK;
}

/* Three inputs, as the page has them. */
static bool put_date(struct answers *answers, struct arena *arena, const char *name, const char *text)
{
	return strlen(text) == DATE_TEXT - 1 &&
	       put_one(answers, arena, arena_printf(arena, "%s.year", name), arena_strndup(arena, text, 4)) &&
	       put_one(answers, arena, arena_printf(arena, "%s.month", name), arena_strndup(arena, text + 5, 2)) &&
	       put_one(answers, arena, arena_printf(arena, "%s.day", name), arena_strndup(arena, text + 8, 2));
}

bool advice_value_put(struct answers *answers, struct arena *arena, const struct field *field,
		      const struct advice_value *value)
{
	bool is_rank = field->part != FIELD_REFUSAL && field->question->type == QUESTION_RANK;
	for (size_t i = 0; i < value->choices_count; i++) {
		const char *choice = value->choices[i]->name;
		bool is_put = is_rank ? put_one(answers, arena, arena_printf(arena, "%s.%s", field->name, choice),
						arena_printf(arena, "%zu", i + 1))
				      : put_one(answers, arena, field->name, choice);
		if (!is_put)
			return false;
	}
	if (value->text == NULL)
		return true;
	return field->question->type == QUESTION_DATE ? put_date(answers, arena, field->name, value->text)
						      : put_one(answers, arena, field->name, value->text);
}
