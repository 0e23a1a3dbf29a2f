/* SPDX-License-Identifier: MIT */
/* advice_lists.c: what people choose from: agree and disagree, no "I don't know", too many choices in Easy Read, pictures.
 *
 * A picture stands beside its words and is not described again (alt is empty): so it needs words beside it. */
#include "lib/advice/advice_parts.h"

#include <string.h>

enum { EASY_CHOICES_MOST = 4 };

/* Where a person looks for a list: the label of its first choice. */
static const char *at_list(const struct choice_list *list)
{
	return list->choices_count > 0 ? list->choices[0].label.of[0] : NULL;
}

static bool has_word(const char *text, const char *const *words, size_t count)
{
	struct advice_sentence sentence;
	for (const char *at = text; at != NULL && advice_sentence_next(&at, &sentence);) {
		for (size_t i = 0; i < sentence.count; i++) {
			if (advice_is_one_of(sentence.words[i].low, words, count))
				return true;
		}
	}
	return false;
}

static void agree(struct advice *advice, const struct form *form, const struct choice_list *list)
{
	static const char *const agreeing[] = {"agree", "disagree", "agreed", "disagreed"};
	size_t count = 0;
	for (size_t i = 0; i < list->choices_count; i++)
		count += has_word(list->choices[i].label.of[0], agreeing, sizeof(agreeing) / sizeof(agreeing[0]));
	if (count > 1)
		advice_add(advice, "agree-disagree", form, -1, at_list(list),
			   "list \"%s\" asks how far people agree: people say yes to what they are told", list->name);
}

/* An opinion: choices from good to bad. Nobody needs to not know how old they are. */
static bool is_opinion(const struct choice_list *list)
{
	bool has_top = false, has_bottom = false;
	size_t declared = 0;
	for (size_t i = 0; i < list->choices_count; i++) {
		has_top |= list->choices[i].maps_to == MAPS_TO_TOP;
		has_bottom |= list->choices[i].maps_to == MAPS_TO_BOTTOM;
		declared += !list->choices[i].is_refusal;
	}
	return has_top && has_bottom && declared > 2;
}

static bool has_dont_know(const struct choice_list *list)
{
	static const char *const unsure[] = {"know", "sure"};
	for (size_t i = 0; i < list->choices_count; i++) {
		if (list->choices[i].is_refusal ||
		    has_word(list->choices[i].label.of[0], unsure, sizeof(unsure) / sizeof(unsure[0])))
			return true;
	}
	return false;
}

static void dont_know(struct advice *advice, const struct form *form, int language, const struct question *question)
{
	const struct choice_list *list = form_list(form, language, question);
	if (question->type == QUESTION_SCALE) {
		if (language == 0 && question->refusal == NULL)
			advice_add(advice, "no-dont-know", form, -1, advice_at_question(question),
				   "the scale \"%s\" has no \"I don\xe2\x80\x99t know\"", question->name);
		return;
	}
	if ((question->type != QUESTION_SELECT_ONE && question->type != QUESTION_GRID) || !is_opinion(list) ||
	    has_dont_know(list))
		return;
	advice_add(advice, "no-dont-know", form, -1, at_list(list), "list \"%s\" has no \"I don\xe2\x80\x99t know\"",
		   list->name);
}

static void easy_choices(struct advice *advice, const struct form *form, int language, const struct question *question)
{
	const struct choice_list *list = form_list(form, language, question);
	size_t declared = 0;
	if (!advice_is_easy(&form->languages[language]) || list == NULL || question->type == QUESTION_SCALE)
		return;
	for (size_t i = 0; i < list->choices_count; i++)
		declared += !list->choices[i].is_refusal;
	if (declared > EASY_CHOICES_MOST)
		advice_add(advice, "easy-choices", form, language, at_list(list),
			   "\"%s\" offers %zu choices in Easy Read, %d at most", question->name, declared,
			   EASY_CHOICES_MOST);
}

static bool has_letters(const char *text)
{
	struct advice_sentence sentence;
	const char *at = text;
	return text != NULL && advice_sentence_next(&at, &sentence);
}

/* Some choices with a picture and some without look as though the others did not count. */
static void pictures(struct advice *advice, const struct form *form, int language, const struct choice_list *list)
{
	size_t with = 0;
	const struct choice *bare = NULL;
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		const char *picture =
			choice->face_pictures[language] != NULL ? choice->face_pictures[language] : choice->picture;
		const char *words = form_text(form, language, &choice->label, NULL);
		with += picture != NULL;
		if (picture == NULL && bare == NULL && !choice->is_refusal && choice->face == 0)
			bare = choice;
		if ((picture != NULL || choice->face > 0) && !has_letters(words))
			advice_add(advice, "picture-without-words", form, language, words,
				   "the picture of \"%s\" has no words beside it", choice->name);
	}
	if (with > 0 && bare != NULL)
		advice_add(advice, "some-pictures", form, language, bare->label.of[0],
			   "\"%s\" has no picture, and others of list \"%s\" have", bare->name, list->name);
}

static void question_picture(struct advice *advice, const struct form *form, int language,
			     const struct question *question)
{
	const char *words = form_text(form, language, &question->label, NULL);
	if (question->faces[language].picture != NULL && !has_letters(words))
		advice_add(advice, "picture-without-words", form, language, words,
			   "the picture of \"%s\" has no words beside it", question->name);
}

static void known_picture(struct advice *advice, const struct form *form, int language, const char *picture,
			  const char *const *names, size_t count)
{
	if (picture == NULL || advice_is_one_of(picture, names, count))
		return;
	const char *nearest = problem_nearest(picture, names, count);
	if (nearest != NULL)
		advice_add(advice, "missing-picture", form, language, picture,
			   "no picture is called \"%s\": did you mean \"%s\"?", picture, nearest);
	else
		advice_add(advice, "missing-picture", form, language, picture,
			   "no picture is called \"%s\": put it into static/pictures", picture);
}

void advice_pictures(struct advice *advice, const struct form *form, const char *const *names, size_t count)
{
	for (size_t i = 0; i < form->languages_count; i++) {
		int language = (int) i;
		for (size_t k = 0; k < form->lists_count; k++) {
			const struct choice_list *list = form->lists[k];
			for (size_t c = 0; c < list->choices_count; c++) {
				known_picture(advice, form, language, list->choices[c].face_pictures[i], names, count);
				if (i == 0)
					known_picture(advice, form, -1, list->choices[c].picture, names, count);
			}
		}
		for (size_t p = 0; p < form->pages_count; p++) {
			for (size_t q = 0; q < form->pages[p].questions_count; q++)
				known_picture(advice, form, language, form->pages[p].questions[q].faces[i].picture,
					      names, count);
		}
	}
}

void advice_lists(struct advice *advice, const struct form *form)
{
	for (size_t i = 0; i < form->lists_count; i++)
		agree(advice, form, form->lists[i]);
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			for (size_t i = 0; i < form->languages_count; i++) {
				int language = (int) i;
				if (!form_asks(form, language, question))
					continue;
				question_picture(advice, form, language, question);
				if (form_list(form, language, question) == NULL)
					continue;
				pictures(advice, form, language, form_list(form, language, question));
				easy_choices(advice, form, language, question);
				if (!question->page->is_apart)
					dont_know(advice, form, language, question);
			}
		}
	}
}
