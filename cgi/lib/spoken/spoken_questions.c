/* SPDX-License-Identifier: MIT */
/* spoken_questions.c: what each question of a face says: its words, its choices, and every mistake that can be made with it. */
#include "lib/spoken/spoken_parts.h"

#include "lib/form/mistake_sentence.h"

#include <string.h>

/* ---- mistakes --------------------------------------------------------------------------------------------------------------- */

static void put_sentence(struct spoken_reader *reader, const struct mistake *mistake)
{
	spoken_put(reader, reader->base, mistake_sentence(&reader->face, mistake), SPOKEN_DERIVED, NULL);
}

static void put_kind(struct spoken_reader *reader, struct mistake mistake, enum mistake_kind kind)
{
	mistake.kind = kind;
	put_sentence(reader, &mistake);
}

static void put_exclusive(struct spoken_reader *reader, struct mistake mistake, const struct choice_list *list)
{
	mistake.kind = MISTAKE_EXCLUSIVE;
	for (size_t i = 0; list && i < list->choices_count; i++) {
		mistake.exclusive = &list->choices[i];
		if (list->choices[i].is_exclusive || list->choices[i].is_refusal)
			put_sentence(reader, &mistake);
	}
}

static void put_limits(struct spoken_reader *reader, const struct question *question, struct mistake mistake)
{
	if (question->least)
		put_kind(reader, mistake, MISTAKE_TOO_SMALL);
	if (question->most)
		put_kind(reader, mistake, MISTAKE_TOO_LARGE);
}

static void put_date(struct spoken_reader *reader, struct mistake mistake)
{
	mistake.kind = MISTAKE_DATE_PART;
	for (mistake.part = 0; mistake.part < ANSWER_DATE_PARTS; mistake.part++)
		put_sentence(reader, &mistake);
	mistake.part = 0;
	put_kind(reader, mistake, MISTAKE_NOT_DATE);
}

static void put_places(struct spoken_reader *reader, const struct choice_list *list, struct mistake mistake)
{
	mistake.kind = MISTAKE_SAME_PLACE;
	for (mistake.place = 1; list && mistake.place <= list->choices_count; mistake.place++)
		put_sentence(reader, &mistake);
}

/* Everything that answers_check (lib/form/answers.h) can find wrong with a field of its type. */
static void put_mistakes(struct spoken_reader *reader, int index)
{
	const struct form *form = reader->face.form;
	const struct field *field = &form->fields[index];
	const struct question *question = field->question;
	const struct choice_list *list = form_field_list(form, reader->face.language, field);
	struct mistake mistake = {.field = index};
	if (field->part == FIELD_REFUSAL)
		return;
	if (question->is_required)
		put_kind(reader, mistake, MISTAKE_REQUIRED);
	if (question->refusal && question->type != QUESTION_SCALE)
		put_exclusive(reader, mistake, question->refusal);
	if (question->constraint)
		put_kind(reader, mistake, MISTAKE_CONSTRAINT);
	switch (question->type) {
	case QUESTION_SELECT_MULTIPLE:
		put_exclusive(reader, mistake, list);
		break;
	case QUESTION_RANK:
		put_places(reader, list, mistake);
		break;
	case QUESTION_TEXT:
		put_kind(reader, mistake, MISTAKE_TOO_LONG);
		break;
	case QUESTION_INTEGER:
		put_kind(reader, mistake, MISTAKE_NOT_NUMBER);
		put_kind(reader, mistake, MISTAKE_NOT_WHOLE);
		put_limits(reader, question, mistake);
		break;
	case QUESTION_DECIMAL:
		put_kind(reader, mistake, MISTAKE_NOT_NUMBER);
		put_kind(reader, mistake, MISTAKE_TOO_FINE);
		put_limits(reader, question, mistake);
		break;
	case QUESTION_DATE:
		put_date(reader, mistake);
		put_limits(reader, question, mistake);
		break;
	default:
		break;
	}
}

/* What the buttons of an order say when they were pressed. */
static void put_rank_states(struct spoken_reader *reader, const struct choice_list *list)
{
	struct arena *arena = reader->face.arena;
	const char *total = arena_printf(arena, "%zu", list->choices_count), *lang = NULL;
	for (size_t i = 0; i < list->choices_count; i++) {
		const char *label = face_text(&reader->face, &list->choices[i].label, &lang);
		for (size_t n = 1; n <= list->choices_count; n++) {
			const struct words_fill fills[] = {
				{"choice", label}, {"n", arena_printf(arena, "%zu", n)}, {"total", total}};
			spoken_put(reader, reader->words_base,
				   face_words_fill(&reader->face, WORD_rank_placed, fills, 3), SPOKEN_DERIVED, NULL);
		}
		spoken_put(reader, reader->words_base,
			   face_words_with(&reader->face, WORD_rank_removed, "choice", label), SPOKEN_DERIVED, NULL);
	}
}

/* ---- a question ------------------------------------------------------------------------------------------------------------- */

static void put_list(struct spoken_reader *reader, const struct question *question, const struct choice_list *list)
{
	const char *group = NULL;
	for (size_t i = 0; list && i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		/* Compared as text: a form that was read from its file and one out of the catalogue have other strings. */
		bool is_new = choice->group && (!group || strcmp(choice->group, group) != 0);
		group = choice->group;
		for (size_t j = 0; is_new && j < list->groups_count; j++)
			if (strcmp(list->groups[j].name, group) == 0)
				spoken_put_text(reader, &list->groups[j].label, "choices.%s.group.%s", list->name,
						group);
		if (question->type != QUESTION_SCALE || choice->is_refusal) {
			spoken_put_text(reader, &choice->label, "choices.%s.%s", list->name, choice->name);
			continue;
		}
		/* A point of a scale is a number, which nobody translates. */
		const char *lang = NULL;
		spoken_put(reader, reader->base, face_text(&reader->face, &choice->label, &lang), SPOKEN_DERIVED, NULL);
		bool is_last = i + 1 == list->choices_count || list->choices[i + 1].is_refusal;
		if (i == 0)
			spoken_put_text(reader, &question->label_low, "%s.label_low", question->name);
		else if (is_last)
			spoken_put_text(reader, &question->label_high, "%s.label_high", question->name);
	}
}

static void put_hints(struct spoken_reader *reader, const struct question *question)
{
	const char *lang = NULL;
	bool has_hint = face_text(&reader->face, &question->hint, &lang) != NULL;
	spoken_put_text(reader, &question->relevant_when, "%s.relevant_when", question->name);
	spoken_put_text(reader, &question->hint, "%s.hint", question->name);
	if (!has_hint && question->type == QUESTION_SELECT_MULTIPLE)
		spoken_put_word(reader, WORD_choose_many);
	if (!has_hint && question->type == QUESTION_DATE)
		spoken_put_word(reader, WORD_date_hint);
	if (question->type == QUESTION_RANK)
		spoken_put_word(reader, WORD_rank_hint);
}

static void put_part(struct spoken_reader *reader, const struct field *field)
{
	const struct question *question = field->question;
	const char *lang = NULL, *part = face_part(&reader->face, field, &lang);
	if (field->part == FIELD_STATEMENT) {
		spoken_put_text(reader, &field->statement->label, "%s.statements.%s", question->name,
				field->statement->name);
		return;
	}
	const struct text *own = field->part == FIELD_BEFORE ? &question->label_before : &question->label_now;
	if (part && form_text(reader->face.form, reader->face.language, own, NULL))
		spoken_put_text(reader, own, "%s.label_%s", question->name,
				field->part == FIELD_BEFORE ? "before" : "now");
	else if (part)
		spoken_put_word(reader, field->part == FIELD_BEFORE ? WORD_before_today : WORD_now);
}

/* Label, hint, its parts and its choices, in this order; the choices of several parts, which are the same, once. */
static void put_question(struct spoken_reader *reader, const struct question *question)
{
	const struct form *form = reader->face.form;
	int language = reader->face.language;
	spoken_put_text(reader, &question->label, "%s.label", question->name);
	if (question->is_required)
		spoken_put_word(reader, WORD_needed);
	put_hints(reader, question);
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct field *field = &form->fields[i];
		if (field->question == question && form_asks_field(form, language, field))
			put_part(reader, field);
	}
	spoken_put_text(reader, &question->unit, "%s.unit", question->name);
	put_list(reader, question, form_list(form, language, question));
	if (question->refusal && question->type != QUESTION_SCALE)
		put_list(reader, question, question->refusal);
}

/* "Question 3 of 9": how many there are depends on the answers. */
static void put_progress(struct spoken_reader *reader)
{
	const struct form *form = reader->face.form;
	struct arena *arena = reader->face.arena;
	size_t least = 0, most = 0;
	for (size_t i = 0; i < form->pages_count; i++) {
		const char *group = NULL;
		for (size_t j = 0; j < form->pages[i].questions_count; j++) {
			const struct question *question = &form->pages[i].questions[j];
			if (question->type == QUESTION_NOTE || !form_asks(form, reader->face.language, question))
				continue;
			bool is_same = question->group && group && strcmp(question->group, group) == 0;
			group = question->group;
			most += !is_same;
			least += !is_same && !question->relevant;
		}
	}
	for (size_t total = least ? least : 1; total <= most; total++)
		for (size_t n = 1; n <= total; n++) {
			const struct words_fill fills[] = {{"n", arena_printf(arena, "%zu", n)},
							   {"total", arena_printf(arena, "%zu", total)}};
			spoken_put(reader, reader->words_base, face_words_fill(&reader->face, WORD_progress, fills, 2),
				   SPOKEN_DERIVED, NULL);
		}
}

/* Paragraphs stand apart on the page. */
static void put_intro(struct spoken_reader *reader, const struct page *page)
{
	const char *lang = NULL, *intro = face_text(&reader->face, &page->intro, &lang);
	if (!intro)
		return;
	if (!strstr(intro, "\n\n")) {
		spoken_put_text(reader, &page->intro, "%s.intro", page->name);
		return;
	}
	struct arena *arena = reader->spoken->arena;
	size_t number = 1;
	for (const char *at = intro; *at; number++) {
		const char *end = strstr(at, "\n\n");
		size_t length = end ? (size_t) (end - at) : strlen(at);
		spoken_put(reader, lang ? lang : reader->base, arena_strndup(arena, at, length), SPOKEN_FORM,
			   arena_printf(arena, "%s.intro.%zu", page->name, number));
		at += length;
		at += strspn(at, "\n");
	}
}

static void read_question(struct spoken_reader *reader, const struct question *question)
{
	const struct form *form = reader->face.form;
	struct spoken *spoken = reader->spoken;
	struct spoken_run run = {.count = 0};
	reader->run = &run;
	put_question(reader, question);
	reader->run = NULL;
	uint32_t at = spoken_put_run(reader, &run);
	if (at)
		spoken->questions[spoken->questions_count++] = (struct spoken_question){question, at - 1};
	const struct choice_list *list = form_list(form, reader->face.language, question);
	if (question->type == QUESTION_RANK && list)
		put_rank_states(reader, list);
	for (size_t i = 0; i < form->fields_count; i++)
		if (form->fields[i].question == question &&
		    form_asks_field(form, reader->face.language, &form->fields[i]))
			put_mistakes(reader, (int) i);
}

void spoken_read_questions(struct spoken_reader *reader)
{
	const struct form *form = reader->face.form;
	spoken_put_text(reader, &form->title, "title");
	for (size_t i = 0; i < form->pages_count; i++) {
		const struct page *page = &form->pages[i];
		spoken_put_text(reader, &page->title, "%s.title", page->name);
		put_intro(reader, page);
		for (size_t j = 0; j < page->questions_count; j++)
			if (form_asks(form, reader->face.language, &page->questions[j]) &&
			    reader->spoken->questions_count < FORM_QUESTIONS_MAX)
				read_question(reader, &page->questions[j]);
	}
	put_progress(reader);
}
