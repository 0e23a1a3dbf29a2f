/* SPDX-License-Identifier: MIT */
/* form.h: two versions of a small form with an Easy Read face, built by hand for the tests of exports. */
#ifndef SOUNDINGS_TESTS_EXPORT_FORM_H
#define SOUNDINGS_TESTS_EXPORT_FORM_H

#include "lib/export/export.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { EN, CY, EASY };

static const struct choice plain_choices[] = {
	{.name = "very_good", .maps_to = MAPS_TO_TOP},
	{.name = "good", .maps_to = MAPS_TO_TOP},
	{.name = "ok", .maps_to = MAPS_TO_MIDDLE},
	{.name = "poor", .maps_to = MAPS_TO_BOTTOM},
};
static const struct choice face_choices[] = {
	{.name = "yes", .maps_to = MAPS_TO_TOP},
	{.name = "a_bit", .maps_to = MAPS_TO_MIDDLE},
	{.name = "no", .maps_to = MAPS_TO_BOTTOM},
	{.name = "dont_know", .is_refusal = true},
};
static const struct choice hard_choices[] = {
	{.name = "words", .maps_to = MAPS_TO_BOTTOM},
	{.name = "noise", .maps_to = MAPS_TO_BOTTOM},
	{.name = "none", .maps_to = MAPS_TO_TOP, .is_exclusive = true},
};
static const struct choice hard_face_choices[] = {
	{.name = "too_loud", .maps_to = MAPS_TO_BOTTOM},
	{.name = "fine", .maps_to = MAPS_TO_TOP},
};
static const struct choice topic_choices[] = {{.name = "courts"}, {.name = "police"}, {.name = "other"}};
static const struct choice old_topic_choices[] = {{.name = "prisons"}, {.name = "courts"}};
static const struct choice age_choices[] = {{.name = "18_24"}, {.name = "25_34"}};

#define LIST(choices_of)                                                                                               \
	{                                                                                                              \
		.name = #choices_of, .choices = choices_of, .choices_count = COUNT_OF(choices_of)                      \
	}
static const struct choice_list plain_list = LIST(plain_choices), face_list = LIST(face_choices),
				hard_list = LIST(hard_choices), hard_face_list = LIST(hard_face_choices),
				topic_list = LIST(topic_choices), old_topic_list = LIST(old_topic_choices),
				age_list = LIST(age_choices);

static struct page main_page = {.name = "main"};
static struct page about_page = {.name = "about", .is_apart = true};

static const struct question overall = {.name = "overall",
					.type = QUESTION_SELECT_ONE,
					.page = &main_page,
					.list = &plain_list,
					.faces[EASY].list = &face_list};
static const struct question hard = {.name = "hard",
				     .type = QUESTION_SELECT_MULTIPLE,
				     .page = &main_page,
				     .list = &hard_list,
				     .faces[EASY].list = &hard_face_list};
static const struct question topics = {
	.name = "topics", .type = QUESTION_SELECT_MULTIPLE, .page = &main_page, .list = &topic_list};
static const struct question old_topics = {
	.name = "topics", .type = QUESTION_SELECT_MULTIPLE, .page = &main_page, .list = &old_topic_list};
static const struct question better = {.name = "better", .type = QUESTION_TEXT, .page = &main_page};
static const struct question dropped = {.name = "dropped", .type = QUESTION_TEXT, .page = &main_page};
static const struct question know = {
	.name = "know", .type = QUESTION_SELECT_ONE, .page = &main_page, .list = &plain_list, .is_pair = true};
static const struct question age = {.name = "age", .type = QUESTION_SELECT_ONE, .page = &about_page, .list = &age_list};
static const struct question spoken = {.name = "language", .type = QUESTION_TEXT, .page = &about_page};

static const struct field fields_one[] = {
	{"better", &better, FIELD_WHOLE, NULL},     {"dropped", &dropped, FIELD_WHOLE, NULL},
	{"topics", &old_topics, FIELD_WHOLE, NULL}, {"overall", &overall, FIELD_WHOLE, NULL},
	{"age", &age, FIELD_WHOLE, NULL},
};
static const struct field fields_two[] = {
	{"overall", &overall, FIELD_WHOLE, NULL}, {"hard", &hard, FIELD_WHOLE, NULL},
	{"topics", &topics, FIELD_WHOLE, NULL},   {"know_before", &know, FIELD_BEFORE, NULL},
	{"know_now", &know, FIELD_NOW, NULL},     {"better", &better, FIELD_WHOLE, NULL},
	{"age", &age, FIELD_WHOLE, NULL},         {"language", &spoken, FIELD_WHOLE, NULL},
};

#define FORM(number, fields_of)                                                                                        \
	{                                                                                                              \
		.name = "test", .version = number,                                                                     \
		.languages = {{"en", "", "en", LANGUAGE_CHECKED},                                                      \
			      {"cy", "", "cy", LANGUAGE_CHECKED},                                                      \
			      {"en-x-easy", "easy", "en", LANGUAGE_CHECKED}},                                          \
		.languages_count = 3, .fields = fields_of, .fields_count = COUNT_OF(fields_of)                         \
	}
static const struct form form_one = FORM(1, fields_one);
static const struct form form_two = FORM(2, fields_two);

#endif
