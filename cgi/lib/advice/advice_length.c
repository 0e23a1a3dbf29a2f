/* SPDX-License-Identifier: MIT */
/* advice_length.c: how much a form asks: how many questions, and whether they can be answered in the time that it says.
 *
 * The seconds are rules of thumb for somebody who reads slowly on a phone, and only a form that takes half as long again
 * is told of. */
#include "lib/advice/advice_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	QUESTIONS_MOST = 20,
	QUESTIONS_MOST_EASY = 12,
	SECONDS_PAGE = 4,
	SECONDS_CHOICE_MANY = 1, /* each choice past 6 */
	WORDS_A_SECOND = 3
};

static unsigned seconds_of(const struct form *form, int language, const struct question *question)
{
	const struct choice_list *list = form_list(form, language, question);
	size_t choices = list != NULL ? list->choices_count : 0;
	unsigned more = choices > 6 ? (unsigned) (choices - 6) * SECONDS_CHOICE_MANY / 2 : 0;
	bool is_twice = question->is_pair && question->faces[language].pair != PAIR_PLAIN;
	switch (question->type) {
	case QUESTION_SELECT_ONE:
	case QUESTION_SCALE:
		return (7 + more) * (is_twice ? 2 : 1);
	case QUESTION_SELECT_MULTIPLE:
		return 9 + more;
	case QUESTION_RANK:
		return 5 + (unsigned) choices * 3;
	case QUESTION_GRID:
		return 4 + (unsigned) question->statements_count * 5;
	case QUESTION_TEXT:
		return question->is_multiline ? 35 : 12;
	case QUESTION_INTEGER:
	case QUESTION_DECIMAL:
	case QUESTION_DATE:
		return 8;
	case QUESTION_NOTE:
	case QUESTION_TYPE_COUNT:
		break;
	}
	size_t words = 0;
	struct advice_sentence sentence;
	for (const char *at = form_text(form, language, &question->label, NULL);
	     at != NULL && advice_sentence_next(&at, &sentence);)
		words += sentence.words_count;
	return (unsigned) (words / WORDS_A_SECOND);
}

/* "3 minutes", "10 seconds", "1 hour"; 0: something else. */
static unsigned seconds_said(const char *time)
{
	static const struct {
		const char *word;
		unsigned seconds;
	} units[] = {{"second", 1}, {"minute", 60}, {"hour", 3600}};
	const char *digits = time == NULL ? NULL : strpbrk(time, "0123456789");
	char *end = NULL;
	unsigned long number = digits == NULL ? 0 : strtoul(digits, &end, 10);
	/* "2 to 3 minutes": the longer one. */
	while (number > 0 && (digits = strpbrk(end, "0123456789")) != NULL)
		number = strtoul(digits, &end, 10);
	for (size_t i = 0; number > 0 && number < 1000 && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strstr(end, units[i].word) != NULL)
			return (unsigned) number * units[i].seconds;
	}
	return 0;
}

static void look_at_face(struct advice *advice, const struct form *form, int language)
{
	bool is_easy = advice_is_easy(&form->languages[language]);
	size_t questions = 0, most = is_easy ? QUESTIONS_MOST_EASY : QUESTIONS_MOST;
	unsigned seconds = 0;
	for (size_t p = 0; p < form->pages_count; p++) {
		seconds += SECONDS_PAGE;
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			if (!form_asks(form, language, question))
				continue;
			unsigned own = seconds_of(form, language, question);
			seconds += question->relevant != NULL ? own / 2 : own;
			questions += question->type != QUESTION_NOTE;
		}
	}
	const char *time = form_text(form, language, &form->time, NULL);
	unsigned said = seconds_said(time);
	if (questions > most)
		advice_add(advice, "many-questions", form, language, form->title.of[0], "%zu questions%s, %zu at most",
			   questions, is_easy ? " in Easy Read" : "", most);
	unsigned long_as = seconds < 90 ? seconds : (seconds + 30) / 60;
	const char *unit = seconds < 90 ? "seconds" : "minutes";
	if (said > 0 && seconds * 2 > said * 3 &&
	    advice_add(advice, "longer-than-said", form, language, time, "\"%s\", but %zu %s some %u %s", time,
		       questions, questions == 1 ? "question takes" : "questions take", long_as, unit))
		advice_better(advice, arena_printf(advice->arena, "time: %u %s", long_as, unit));
}

void advice_length(struct advice *advice, const struct form *form)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		if (strcmp(form->languages[i].base, "en") == 0 && (i == 0 || advice_is_easy(&form->languages[i])))
			look_at_face(advice, form, (int) i);
	}
}
