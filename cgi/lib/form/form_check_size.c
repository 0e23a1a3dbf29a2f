/* SPDX-License-Identifier: MIT */
/* form_check_size.c: how much a form can send, and how much its page shows: what is let through here must be asked in the hall.
 *
 * Sums, and nothing is built: each is an upper bound of what intake makes, in bytes of HTML, from texts and a generous price for the
 * marks around them (cgi/pages/components). They need not be exact, for no form that people want comes near. Part of form_check.c. */
#include "lib/form/form_check.h"

#include <string.h>

#include "lib/form/answers.h"

enum {
	PRICE_QUESTION = 1000, /* what stands around a question without its texts */
	PRICE_FIELD = 700,     /* of each answer: a fieldset, a message, an input */
	PRICE_CONTROL = 450,   /* a radio or tick box with its label and picture, a list of places without its places */
	PRICE_PLACE = 32,      /* an option of a list of places */
	PRICE_RULE = 16,       /* a byte of an expression, in what the script reads */
	TEXT_TIMES =
		4 /* a text can stand in its place, beside the field and above the page, and in what the script reads */
};

/* The most values that one page can send: a request of more than HTTP_FIELDS_MAX would be refused. */
static size_t most_sent(const struct form *form)
{
	size_t sent = 0, fields = form->fields_count <= FORM_FIELDS_MAX ? form->fields_count : 0;
	for (size_t i = 0; i < fields; i++) {
		const struct question *question = form->fields[i].question;
		if (form->fields[i].part == FIELD_WHOLE && form_field_is_list(&form->fields[i]) && question->list)
			sent += question->list->choices_count;
		else if (form->fields[i].part == FIELD_WHOLE && question->type == QUESTION_DATE)
			sent += ANSWER_DATE_PARTS;
		else
			sent++;
	}
	return sent;
}

/* One face, until the sum is past what may be. */
struct sum {
	const struct form *form;
	int language;
	size_t bytes;
};

static bool is_enough(const struct sum *sum)
{
	return sum->bytes > FORM_SHOWN_MAX;
}

/* A text as HTML: signs that mean something there become five. */
static size_t shown(const struct sum *sum, const struct text *text)
{
	const char *at = form_text(sum->form, sum->language, text, NULL);
	size_t bytes = 0;
	for (; at != NULL && *at != '\0'; at++)
		bytes += strchr("&<>\"'", *at) != NULL ? 5 : 1;
	return bytes;
}

/* What a list of choices shows for each field that offers it; TIMES fields whose names have NAME_LENGTH signs. */
static void add_list(struct sum *sum, const struct choice_list *list, enum question_type type, size_t name_length,
		     size_t times)
{
	size_t bytes = 0;
	for (size_t i = 0; i < list->groups_count; i++)
		bytes += PRICE_CONTROL + shown(sum, &list->groups[i].label);
	for (size_t i = 0; i < list->choices_count && sum->bytes + bytes <= FORM_SHOWN_MAX; i++) {
		const struct choice *choice = &list->choices[i];
		bytes += PRICE_CONTROL + 3 * name_length + 3 * strlen(choice->name) + shown(sum, &choice->label);
		if (type == QUESTION_RANK)
			bytes += list->choices_count * PRICE_PLACE;
	}
	sum->bytes += bytes * times;
}

static void add_question(struct sum *sum, const struct question *question)
{
	const struct text *const texts[] = {
		&question->label,
		&question->hint,
		&question->label_before,
		&question->label_now,
		&question->label_low,
		&question->label_high,
		&question->unit,
		&question->relevant_when,
		&question->required_message,
		&question->constraint_message,
	};
	const struct choice_list *list = form_list(sum->form, sum->language, question);
	size_t fields = question->type == QUESTION_GRID ? question->statements_count : question->is_pair ? 2 : 1;
	sum->bytes += PRICE_QUESTION + fields * PRICE_FIELD;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		sum->bytes += TEXT_TIMES * shown(sum, texts[i]);
	for (size_t i = 0; i < question->statements_count; i++)
		sum->bytes += TEXT_TIMES * shown(sum, &question->statements[i].label);
	/* The label of a question stands in the messages of each of its statements. */
	sum->bytes += fields * shown(sum, &question->label);
	sum->bytes += PRICE_RULE * (question->relevant != NULL ? strlen(question->relevant) : 0);
	sum->bytes += PRICE_RULE * (question->constraint != NULL ? strlen(question->constraint) : 0);
	if (list != NULL)
		add_list(sum, list, question->type, FORM_NAME_MAX, fields);
	if (question->refusal != NULL)
		add_list(sum, question->refusal, QUESTION_SELECT_ONE, FORM_NAME_MAX, fields);
}

static size_t most_shown(const struct form *form, int language)
{
	struct sum sum = {.form = form, .language = language};
	for (size_t p = 0; p < form->pages_count && !is_enough(&sum); p++) {
		const struct page *page = &form->pages[p];
		sum.bytes += PRICE_QUESTION + TEXT_TIMES * (shown(&sum, &page->title) + shown(&sum, &page->intro));
		for (size_t q = 0; q < page->questions_count && !is_enough(&sum); q++) {
			if (form_asks(form, language, &page->questions[q]))
				add_question(&sum, &page->questions[q]);
		}
	}
	return sum.bytes;
}

void form_check_size(struct form_check_state *state)
{
	const struct form *form = state->form;
	state->now = (struct form_complaint){.key = "pages", .language = -1, .crosstab = -1};
	size_t sent = most_sent(form);
	if (sent > FORM_SENT_MAX)
		form_check_complain(state, "too-many",
				    "somebody who answers everything sends %zu values, each tick, each place of an "
				    "order and each part of a date counted: %d at most",
				    sent, FORM_SENT_MAX);
	for (size_t i = 0; i < form->languages_count; i++) {
		if (most_shown(form, (int) i) <= FORM_SHOWN_MAX)
			continue;
		form_check_complain(state, "too-big",
				    "the page in %s would be longer than %d bytes, which no phone should have to load: "
				    "ask less, or offer fewer choices, of which each statement of a grid shows all",
				    form->languages[i].tag, FORM_SHOWN_MAX);
		return; /* the others are as long */
	}
}
