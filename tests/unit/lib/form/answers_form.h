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

enum { OVERALL, EASY_Q, HARD, WHY, BETTER, KNOW, NOTE, TODAY_COUNT };
enum { AGE, YEAR, ABOUT_COUNT };

static struct page pages[2];
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
static struct page pages[2] = {
	{.name = "today", .questions = today, .questions_count = TODAY_COUNT},
	{.name = "about", .questions = about, .questions_count = ABOUT_COUNT, .is_apart = true},
};
static const struct field fields[] = {
	{"overall", &today[OVERALL], FIELD_WHOLE}, {"easy", &today[EASY_Q], FIELD_WHOLE},
	{"hard", &today[HARD], FIELD_WHOLE},       {"why", &today[WHY], FIELD_WHOLE},
	{"better", &today[BETTER], FIELD_WHOLE},   {"know_before", &today[KNOW], FIELD_BEFORE},
	{"know_now", &today[KNOW], FIELD_NOW},     {"age", &about[AGE], FIELD_WHOLE},
	{"year", &about[YEAR], FIELD_WHOLE},
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
static struct page pages_free[2];
static struct question today_free[TODAY_COUNT];
static struct field fields_free[COUNT_OF(fields)];

static struct arena form_arena;

/* Every field, and for '.' a question's own name. */
static inline bool names_find(const void *context, const char *name, enum expr_type *type)
{
	const struct question *self = context;
	int index = form_field(&form, name);
	if (index >= 0)
		self = form.fields[index].question;
	else if (self == NULL || strcmp(self->name, name) != 0)
		return false;
	*type = self->type == QUESTION_SELECT_MULTIPLE ? EXPR_TYPE_LIST : EXPR_TYPE_STRING;
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
	[MISTAKE_REQUIRED] = "required",     [MISTAKE_TOO_LONG] = "too_long", [MISTAKE_EXCLUSIVE] = "exclusive",
	[MISTAKE_CONSTRAINT] = "constraint", [MISTAKE_NOTHING] = "nothing",
};

/* "required:overall too_long:better:12 exclusive:hard:none" */
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

/* Answers as somebody might give them in LANGUAGE: sense and nonsense, but nothing that a page could not send. */
static inline struct answers *random_answers(int language, struct arena *arena)
{
	struct answers *answers = answers_new(&form, language, arena);
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct question *question = fields[i].question;
		enum answers_refusal refusal = ANSWERS_OK;
		if (below(3) == 0 || !form_asks_field(&form, language, &fields[i]))
			continue;
		if (question->type == QUESTION_TEXT) {
			assert_int_equal(answers_add(answers, arena, fields[i].name, random_text(arena), &refusal),
					 ERR_OK);
			assert_int_equal(refusal, ANSWERS_OK);
			continue;
		}
		const struct choice_list *list = form_list(&form, language, question);
		for (unsigned count = question->type == QUESTION_SELECT_ONE ? 1 : below(5); count > 0; count--) {
			const char *name = list->choices[below((unsigned) list->choices_count)].name;
			assert_int_equal(answers_add(answers, arena, fields[i].name, name, &refusal), ERR_OK);
			assert_true(refusal == ANSWERS_OK || refusal == ANSWERS_REPEATED_FIELD);
		}
	}
	return answers;
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
