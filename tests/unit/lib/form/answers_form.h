/* SPDX-License-Identifier: MIT */
/* answers_form.h: a form in three faces, and answers to it, for the tests of answers. Include cmocka first.
 *
 * Built by hand, so that these tests stand on nothing that reads files. */
#ifndef SOUNDINGS_TESTS_ANSWERS_FORM_H
#define SOUNDINGS_TESTS_ANSWERS_FORM_H

#include "lib/form/answers.h"
#include "lib/form/expr.h"
#include "unit/seeded.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { ARENA_CEILING = 4 * 1024 * 1024, EN = 0, CY = 1, EASY = 2 };

static const struct choice easy_choices[] = {{.name = "good"}, {.name = "poor"}, {.name = "very_poor"}};
static const struct choice_list easy_list = {.name = "easy", .choices = easy_choices, .choices_count = 3};
static const struct choice easy_own_choices[] = {{.name = "fine", .maps_to = MAPS_TO_TOP},
						 {.name = "hard", .maps_to = MAPS_TO_BOTTOM}};
static const struct choice_list easy_own_list = {.name = "easy_own", .choices = easy_own_choices, .choices_count = 2};
static const struct choice hard_choices[] = {{.name = "words"},
					     {.name = "language"},
					     {.name = "room"},
					     {.name = "other"},
					     {.name = "none", .is_exclusive = true}};
static const struct choice_list hard_list = {.name = "hard", .choices = hard_choices, .choices_count = 5};
static const struct choice know_choices[] = {{.name = "little"}, {.name = "much"}, {.name = "unsure"}};
static const struct choice_list know_list = {.name = "know", .choices = know_choices, .choices_count = 3};

static const struct choice more_choices[] = {{.name = "yes"}, {.name = "no"}};
static const struct choice_list more_list = {.name = "more", .choices = more_choices, .choices_count = 2};
static const struct choice matter_choices[] = {
	{.name = "words"}, {.name = "place"}, {.name = "time"}, {.name = "food"}};
static const struct choice_list matter_list = {.name = "matters", .choices = matter_choices, .choices_count = 4};
static const struct choice likely_choices[] = {{.name = "-1"}, {.name = "0"},
					       {.name = "1"},  {.name = "2"},
					       {.name = "3"},  {.name = "prefer_not", .is_refusal = true}};
static const struct choice_list likely_list = {.name = "likely", .choices = likely_choices, .choices_count = 6};
static const struct choice refusal_choices[] = {{.name = "prefer_not", .is_refusal = true}};
static const struct choice_list refusal_list = {.name = "refusals", .choices = refusal_choices, .choices_count = 1};
static struct statement work_statements[] = {{.name = "clear"}, {.name = "court"}};

enum { OVERALL, EASY_Q, HARD, WHY, BETTER, KNOW, NOTE, TODAY_COUNT };
enum { AGE, YEAR, ABOUT_COUNT };
enum { MORE, MATTERS, LIKELY, WORK, PEOPLE, HOURS, BORN, SAY, THANKS, MORE_COUNT };

static struct page pages[3];
static struct question today[TODAY_COUNT] = {
	[OVERALL] = {.name = "overall", .type = QUESTION_SELECT_ONE, .list = &easy_list, .is_required = true},
	[EASY_Q] = {.name = "easy",
		    .type = QUESTION_SELECT_ONE,
		    .list = &easy_list,
		    .faces[EASY].list = &easy_own_list},
	[HARD] = {.name = "hard",
		  .type = QUESTION_SELECT_MULTIPLE,
		  .list = &hard_list,
		  .relevant = "${easy} = 'poor' or ${easy} = 'hard'",
		  .constraint = "count-selected(.) <= 3"},
	[WHY] = {.name = "why",
		 .type = QUESTION_TEXT,
		 .max_utf16 = 20,
		 .is_required = true,
		 .relevant = "selected(${hard}, 'other')",
		 .faces[EASY].is_omitted = true},
	[BETTER] = {.name = "better", .type = QUESTION_TEXT, .max_utf16 = 10, .relevant = "${why} = ''"},
	[KNOW] = {.name = "know",
		  .type = QUESTION_SELECT_ONE,
		  .list = &know_list,
		  .is_pair = true,
		  .constraint = ". != 'unsure' or ${overall} = 'good'",
		  .faces[EASY].pair = PAIR_PLAIN},
	[NOTE] = {.name = "note", .type = QUESTION_NOTE, .relevant = "${know_now} = 'much'"},
};
static struct question about[ABOUT_COUNT] = {
	[AGE] = {.name = "age", .type = QUESTION_SELECT_ONE, .list = &know_list},
	[YEAR] = {.name = "year", .type = QUESTION_TEXT, .max_utf16 = 6, .constraint = "regex(., '[0-9]{4}')"},
};
/* One of every other type. Once "more" is yes, all of them that can be are required. */
#define IF_MORE .is_required = true, .relevant = "${more} = 'yes'"
static struct question kinds[MORE_COUNT] = {
	[MORE] = {.name = "more", .type = QUESTION_SELECT_ONE, .list = &more_list},
	[MATTERS] = {.name = "matters",
		     .type = QUESTION_RANK,
		     .list = &matter_list,
		     .refusal = &refusal_list,
		     IF_MORE,
		     .constraint = "count-selected(.) <= 3 and not(selected(., 'food') and count-selected(.) = 1)"},
	[LIKELY] = {.name = "likely",
		    .type = QUESTION_SCALE,
		    .list = &likely_list,
		    .refusal = &refusal_list,
		    .scale_from = -1,
		    .scale_to = 3,
		    .is_pair = true,
		    .constraint = ". != 2",
		    .faces[EASY].pair = PAIR_PLAIN},
	[WORK] = {.name = "work",
		  .type = QUESTION_GRID,
		  .list = &easy_list,
		  .statements = work_statements,
		  .statements_count = 2,
		  IF_MORE,
		  .constraint = ". != 'very_poor'",
		  .faces[EASY].list = &easy_own_list},
	[PEOPLE] = {.name = "people",
		    .type = QUESTION_INTEGER,
		    .refusal = &refusal_list,
		    .least = "-5",
		    .most = "1200",
		    IF_MORE,
		    .constraint = ". != 13"},
	[HOURS] = {.name = "hours", .type = QUESTION_DECIMAL, .least = "0.5", .most = "24", .decimals = 2},
	[BORN] = {.name = "born",
		  .type = QUESTION_DATE,
		  .refusal = &refusal_list,
		  .least = "1900-01-01",
		  .most = "2026-11-21",
		  IF_MORE,
		  .constraint = ". != '2000-01-01'"},
	[SAY] = {.name = "say",
		 .type = QUESTION_TEXT,
		 .max_utf16 = 10,
		 .refusal = &refusal_list,
		 .relevant =
			 "${people} >= 100 or ${hours} < 1 or ${born} < '1950-01-01' or ${likely_now} = 3 or "
			 "selected(${matters}, 'time') or ${work_court} = 'poor' or ${people_refusal} = 'prefer_not'",
		 .is_required = true,
		 .faces[EASY].is_omitted = true},
	[THANKS] = {.name = "thanks", .type = QUESTION_NOTE},
};
static struct page pages[3] = {
	{.name = "today", .questions = today, .questions_count = TODAY_COUNT},
	{.name = "about", .questions = about, .questions_count = ABOUT_COUNT, .is_apart = true},
	{.name = "others", .questions = kinds, .questions_count = MORE_COUNT},
};
#define WHOLE(name, question)                                                                                          \
	{                                                                                                              \
		name, question, FIELD_WHOLE, NULL                                                                      \
	}
#define REFUSAL(name, question)                                                                                        \
	{                                                                                                              \
		name, question, FIELD_REFUSAL, NULL                                                                    \
	}
static const struct field fields[] = {
	WHOLE("overall", &today[OVERALL]),
	WHOLE("easy", &today[EASY_Q]),
	WHOLE("hard", &today[HARD]),
	WHOLE("why", &today[WHY]),
	WHOLE("better", &today[BETTER]),
	{"know_before", &today[KNOW], FIELD_BEFORE, NULL},
	{"know_now", &today[KNOW], FIELD_NOW, NULL},
	WHOLE("age", &about[AGE]),
	WHOLE("year", &about[YEAR]),
	WHOLE("more", &kinds[MORE]),
	WHOLE("matters", &kinds[MATTERS]),
	REFUSAL("matters_refusal", &kinds[MATTERS]),
	{"likely_before", &kinds[LIKELY], FIELD_BEFORE, NULL},
	{"likely_now", &kinds[LIKELY], FIELD_NOW, NULL},
	{"work_clear", &kinds[WORK], FIELD_STATEMENT, &work_statements[0]},
	{"work_court", &kinds[WORK], FIELD_STATEMENT, &work_statements[1]},
	WHOLE("people", &kinds[PEOPLE]),
	REFUSAL("people_refusal", &kinds[PEOPLE]),
	WHOLE("hours", &kinds[HOURS]),
	WHOLE("born", &kinds[BORN]),
	REFUSAL("born_refusal", &kinds[BORN]),
	WHOLE("say", &kinds[SAY]),
	REFUSAL("say_refusal", &kinds[SAY]),
};
static struct form form = {
	.name = "test",
	.languages = {{"en", "", "en", LANGUAGE_CHECKED},
		      {"cy", "", "cy", LANGUAGE_CHECKED},
		      {"en-x-easy", "easy", "en", LANGUAGE_CHECKED}},
	.languages_count = 3,
	.pages = pages,
	.pages_count = COUNT_OF(pages),
	.fields = fields,
	.fields_count = COUNT_OF(fields),
};
/* The same without anything required. */
static struct form form_free;
static struct page pages_free[COUNT_OF(pages)];
static struct question today_free[TODAY_COUNT];
static struct field fields_free[COUNT_OF(fields)];

static struct arena form_arena;

static inline enum expr_type names_type(const struct question *question, enum field_part part)
{
	if (part == FIELD_REFUSAL)
		return EXPR_TYPE_STRING;
	switch (question->type) {
	case QUESTION_SELECT_MULTIPLE:
	case QUESTION_RANK:
		return EXPR_TYPE_LIST;
	case QUESTION_SCALE:
	case QUESTION_INTEGER:
	case QUESTION_DECIMAL:
		return EXPR_TYPE_NUMBER;
	case QUESTION_DATE:
		return EXPR_TYPE_DATE;
	default:
		return EXPR_TYPE_STRING;
	}
}

/* Every field, and for '.' a question's own name. */
static inline bool names_find(const void *context, const char *name, enum expr_type *type)
{
	const struct question *self = context;
	int index = form_field(&form, name);
	if (index < 0 && (self == NULL || strcmp(self->name, name) != 0))
		return false;
	*type = index >= 0 ? names_type(form.fields[index].question, form.fields[index].part)
			   : names_type(self, FIELD_WHOLE);
	return true;
}

static inline bool names_has_choice(const void *context, const char *name, const char *value)
{
	(void) context;
	(void) name;
	(void) value;
	return true;
}

static inline const char *names_nearest(const void *context, const char *name)
{
	(void) context;
	(void) name;
	return NULL;
}

static inline const struct expr *parse(const char *source, const struct question *self)
{
	const struct expr_names names = {names_find, names_has_choice, names_nearest, self,
					 self == NULL ? NULL : self->name};
	const struct expr *expr;
	struct expr_error error;
	if (source == NULL)
		return NULL;
	if (expr_parse(source, &names, EXPR_TYPE_BOOL, &form_arena, &expr, &error) != ERR_OK)
		fail_msg("%s: %s", source, error.message);
	return expr;
}

static inline int form_setup(void **state)
{
	(void) state;
	arena_init(&form_arena, ARENA_CEILING);
	for (size_t p = 0; p < COUNT_OF(pages); p++) {
		for (size_t q = 0; q < pages[p].questions_count; q++) {
			struct question *question = &pages[p].questions[q];
			question->page = &pages[p];
			question->relevant_expr = parse(question->relevant, NULL);
			question->constraint_expr = parse(question->constraint, question);
		}
	}
	form_free = form;
	form_free.pages = pages_free;
	form_free.fields = fields_free;
	memcpy(pages_free, pages, sizeof pages);
	memcpy(today_free, today, sizeof today);
	pages_free[0].questions = today_free;
	for (size_t q = 0; q < TODAY_COUNT; q++) {
		today_free[q].is_required = false;
		today_free[q].page = &pages_free[0];
	}
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		fields_free[i] = fields[i];
		if (fields[i].question >= today && fields[i].question < today + TODAY_COUNT)
			fields_free[i].question = &today_free[fields[i].question - today];
	}
	return 0;
}

static inline int form_teardown(void **state)
{
	(void) state;
	arena_fini(&form_arena);
	return 0;
}

/* Adds the NAME=VALUE parts of SENT, which are separated by & (no percent signs are decoded). Stops at the
 * first refusal and gives it. */
static inline enum answers_refusal add_all(struct answers *answers, struct arena *arena, const char *sent)
{
	enum answers_refusal refusal = ANSWERS_OK;
	while (*sent != '\0' && refusal == ANSWERS_OK) {
		size_t length = strcspn(sent, "&"), name_length = strcspn(sent, "=");
		assert_true(name_length < length);
		const char *name = arena_strndup(arena, sent, name_length);
		const char *value = arena_strndup(arena, sent + name_length + 1, length - name_length - 1);
		assert_int_equal(answers_add(answers, arena, name, value, &refusal), ERR_OK);
		sent += length + (sent[length] == '&');
	}
	return refusal;
}

static inline const char *encode(const struct answers *answers, enum answers_which which, struct arena *arena)
{
	char *out;
	size_t length;
	assert_int_equal(answers_encode(answers, which, arena, &out, &length), ERR_OK);
	assert_int_equal(strlen(out), length);
	return out;
}

static const char *const mistake_names[MISTAKE_KIND_COUNT] = {
	[MISTAKE_REQUIRED] = "required",     [MISTAKE_TOO_LONG] = "too_long",   [MISTAKE_EXCLUSIVE] = "exclusive",
	[MISTAKE_CONSTRAINT] = "constraint", [MISTAKE_NOTHING] = "nothing",     [MISTAKE_NOT_NUMBER] = "not_number",
	[MISTAKE_NOT_WHOLE] = "not_whole",   [MISTAKE_TOO_FINE] = "too_fine",   [MISTAKE_TOO_SMALL] = "too_small",
	[MISTAKE_TOO_LARGE] = "too_large",   [MISTAKE_DATE_PART] = "date_part", [MISTAKE_NOT_DATE] = "not_date",
	[MISTAKE_SAME_PLACE] = "same_place",
};

/* "required:overall too_long:better:12 exclusive:hard:none date_part:born:1 same_place:matters:2:4" */
static inline const char *describe(const struct mistakes *mistakes, struct arena *arena)
{
	const char *text = "";
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct mistake *mistake = &mistakes->list[i];
		text = arena_printf(arena, "%s%s%s:%s", text, i > 0 ? " " : "", mistake_names[mistake->kind],
				    fields[mistake->field].name);
		if (mistake->kind == MISTAKE_TOO_LONG)
			text = arena_printf(arena, "%s:%zu", text, mistake->used_utf16);
		else
			assert_int_equal(mistake->used_utf16, 0);
		bool has_part = mistake->kind == MISTAKE_DATE_PART || mistake->kind == MISTAKE_NOT_DATE ||
				mistake->kind == MISTAKE_SAME_PLACE;
		if (has_part)
			text = arena_printf(arena, "%s:%d", text, mistake->part);
		else
			assert_int_equal(mistake->part, 0);
		if (mistake->kind == MISTAKE_SAME_PLACE)
			text = arena_printf(arena, "%s:%u", text, mistake->place);
		else
			assert_int_equal(mistake->place, 0);
		assert_int_equal(mistake->exclusive != NULL, mistake->kind == MISTAKE_EXCLUSIVE);
		if (mistake->exclusive != NULL)
			text = arena_printf(arena, "%s:%s", text, mistake->exclusive->name);
	}
	return text;
}

/* A text of up to 11 pieces. */
static inline const char *random_text(struct arena *arena)
{
	static const char *const pieces[] = {"a",
					     "Z",
					     "0",
					     "1",
					     " ",
					     "\n",
					     "\r\n",
					     "\r",
					     "\"",
					     "\\",
					     "/",
					     "\x01",
					     "\x1F",
					     "\x7F",
					     "\xC3\xAA",
					     "\xE2\x80\xA8",
					     "\xF0\x9F\x98\x80",
					     "<b>",
					     "&amp;",
					     "{",
					     "]",
					     "%",
					     "\xC2\xA0"};
	char text[64] = "";
	size_t length = 0;
	for (unsigned count = below(12); count > 0; count--)
		length += (size_t) snprintf(text + length, sizeof text - length, "%s", pieces[below(COUNT_OF(pieces))]);
	return arena_strdup(arena, text);
}

static inline const char *random_of(const char *const *list, size_t count, struct arena *arena)
{
	return arena_strdup(arena, list[below((unsigned) count)]);
}

/* What somebody might type into QUESTION. */
static inline const char *random_typed(const struct question *question, struct arena *arena)
{
	static const char *const numbers[] = {"0",
					      "7",
					      "13",
					      "007",
					      " 16 ",
					      "1,200",
					      "1 201",
					      "\xD9\xA1\xD9\xA6",
					      "-5",
					      "-6",
					      "+3",
					      "2.50",
					      "2,5",
					      "2.555",
					      ".5",
					      "0.25",
					      "5.",
					      "seven",
					      "-",
					      "1e2",
					      "24",
					      "25",
					      "",
					      "\xE2\x88\x92"
					      "2",
					      "1234567890123456",
					      "\xE0\xA7\xA7\xE0\xA7\xA6\xE0\xA7\xA6",
					      "100",
					      "0.99"};
	if (question->type == QUESTION_TEXT)
		return random_text(arena);
	return random_of(numbers, COUNT_OF(numbers), arena);
}

static inline void random_part(struct answers *answers, const char *field, const char *part, const char *value,
			       struct arena *arena)
{
	enum answers_refusal refusal;
	const char *name = arena_printf(arena, "%s.%s", field, part);
	assert_int_equal(answers_add(answers, arena, name, value, &refusal), ERR_OK);
	assert_int_equal(refusal, ANSWERS_OK);
}

static inline void random_date(struct answers *answers, const char *field, struct arena *arena)
{
	static const char *const days[] = {"1", "01", "21", " 9 ", "29", "31", "32", "x", "", "\xD9\xA3"};
	static const char *const months[] = {"1", "01", "2", "11", "12", "13", "May", "", "\xDB\xB1"};
	static const char *const years[] = {"2000",
					    "2024",
					    "1984",
					    "1899",
					    "1900",
					    "2026",
					    "2027",
					    "26",
					    "",
					    "1\xD9\xA9"
					    "48"};
	if (below(8) > 0)
		random_part(answers, field, "day", random_of(days, COUNT_OF(days), arena), arena);
	if (below(8) > 0)
		random_part(answers, field, "month", random_of(months, COUNT_OF(months), arena), arena);
	if (below(8) > 0)
		random_part(answers, field, "year", random_of(years, COUNT_OF(years), arena), arena);
}

static inline void random_rank(struct answers *answers, const char *field, struct arena *arena)
{
	static const char *const places[] = {"1", "2", "3", "4", "", "", ""};
	for (size_t i = 0; i < matter_list.choices_count; i++)
		if (below(3) > 0)
			random_part(answers, field, matter_list.choices[i].name,
				    random_of(places, COUNT_OF(places), arena), arena);
}

static inline void random_choices(struct answers *answers, const struct field *field, struct arena *arena)
{
	const struct choice_list *list = form_field_list(&form, answers->language, field);
	for (unsigned count = form_field_is_list(field) ? below(5) : 1; count > 0; count--) {
		enum answers_refusal refusal;
		const char *name = list->choices[below((unsigned) list->choices_count)].name;
		assert_int_equal(answers_add(answers, arena, field->name, name, &refusal), ERR_OK);
		assert_true(refusal == ANSWERS_OK || refusal == ANSWERS_REPEATED_FIELD);
	}
}

/* Answers as somebody might give them in LANGUAGE: sense and nonsense, but nothing that a page could not send. */
static inline struct answers *random_answers(int language, struct arena *arena)
{
	struct answers *answers = answers_new(&form, language, arena);
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct field *field = &fields[i];
		enum answers_refusal refusal = ANSWERS_OK;
		if (below(field->part == FIELD_REFUSAL ? 1 : 3) == 0 && below(4) > 0)
			continue;
		if (!form_asks_field(&form, language, field))
			continue;
		if (field->question->type == QUESTION_DATE && field->part != FIELD_REFUSAL)
			random_date(answers, field->name, arena);
		else if (field->question->type == QUESTION_RANK && field->part != FIELD_REFUSAL)
			random_rank(answers, field->name, arena);
		else if (!form_field_is_typed(field))
			random_choices(answers, field, arena);
		else
			assert_int_equal(answers_add(answers, arena, field->name, random_typed(field->question, arena),
						     &refusal),
					 ERR_OK);
		assert_int_equal(refusal, ANSWERS_OK);
	}
	return answers;
}

/* True when all that was given has a spelling: what was typed and is no number, or an unchecked date, has none. */
static inline bool is_all_written(const struct answers *answers, const char *json)
{
	size_t given = 0, written = 0;
	bool is_string = false;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		given += answer_is_given(&answers->of[i]);
	for (; *json != '\0'; json++) { /* colons outside strings */
		if (is_string && *json == '\\')
			json++;
		else if (*json == '"')
			is_string = !is_string;
		else
			written += !is_string && *json == ':';
	}
	assert_true(written <= given);
	return written == given;
}

static inline void assert_same(const struct answers *a, const struct answers *b)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct answer *one = &a->of[i], *other = &b->of[i];
		assert_int_equal(answer_is_given(one), answer_is_given(other));
		assert_int_equal(one->choices_count, other->choices_count);
		for (size_t c = 0; c < one->choices_count; c++)
			assert_ptr_equal(one->choices[c], other->choices[c]);
		assert_int_equal(one->text == NULL, other->text == NULL);
		if (one->text != NULL)
			assert_string_equal(one->text, other->text);
	}
}

#endif
