/* SPDX-License-Identifier: MIT */
/* form_check_questions.c: what makes pages and questions right, and what a variant may change of them.
 *
 * Names are export columns and stay for ever, so clashes between questions, pages, halves of pairs and retired names
 * are all found here (soundings-form(5), NAMES). Part of form_check.c. */
#include "lib/form/form_check.h"

#include <string.h>

#include "lib/form/form_build.h"

static bool is_in(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

/* Pages and questions are named in one breath by translations (today.title, overall.label): one namespace. */
static void check_clashes(struct form_check_state *state, const char *name, const void *self)
{
	const struct form *form = state->form;
	if (strcmp(name, "choices") == 0)
		form_check_complain(state, "reserved-name",
				    "\"choices\" begins the paths of translated choices: choose another name");
	for (size_t p = 0; p < form->pages_count; p++) {
		const struct page *page = &form->pages[p];
		if (page == self)
			return; /* only what stands before: the later of two is the one to rename */
		if (strcmp(page->name, name) == 0) {
			form_check_complain(state, "duplicate-name", "a page is called \"%s\" already: rename one",
					    name);
			return;
		}
		for (size_t q = 0; q < page->questions_count; q++) {
			if (&page->questions[q] == self)
				return;
			if (strcmp(page->questions[q].name, name) == 0) {
				form_check_complain(state, "duplicate-name",
						    "a question of page \"%s\" is called \"%s\" already: rename one",
						    page->name, name);
				return;
			}
		}
	}
}

static void check_page(struct form_check_state *state, const struct page *page)
{
	state->now = (struct form_complaint){.page = page, .language = -1, .crosstab = -1};
	state->now.key = "page";
	if (!form_name_is_page(page->name))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a page: write 1 to 32 lower-case letters, digits, _ and -, "
				    "beginning with a "
				    "letter",
				    page->name);
	check_clashes(state, page->name, page);
	state->now.key = "title";
	if (page->title.of[0] == NULL)
		form_check_complain(state, "missing-title", "page \"%s\" has no title: add 'title: ...'", page->name);
	state->now.key = "questions";
	if (page->questions_count == 0)
		form_check_complain(state, "empty-page",
				    "page \"%s\" asks nothing: add 'questions:', or 'use:' with a library file",
				    page->name);
}

/* The hidden fields of the page (intake/post.c): an answer of that name could not be told from them. And ids that every page has, or that
 * begin those of others ("question-NAME"): a date called "question" would have a day with the id of the question "day". */
static void check_reserved(struct form_check_state *state, const char *name)
{
	static const char *const reserved[] = {"nonce", "version", "edit", "at",       "face", "to",
					       "send",  "answers", "main", "question", "part"};
	if (is_in(name, reserved, sizeof reserved / sizeof reserved[0]))
		form_check_complain(state, "reserved-name",
				    "\"%s\" is a field or mark that every page has: give the question another name",
				    name);
}

/* Exports have a column NAME__CODE for each tick and each place of an order (lib/export/csv.c): no other may be called so. */
static void check_underscores(struct form_check_state *state, const char *name)
{
	if (strstr(name, "__") != NULL)
		form_check_complain(state, "bad-name",
				    "\"%s\" has two underscores in a row, with which exports join a question and a "
				    "choice: write one",
				    name);
	else if (name[0] != '\0' && name[strlen(name) - 1] == '_')
		form_check_complain(state, "bad-name", "\"%s\" ends with an underscore: write it without", name);
}

static void check_question_name(struct form_check_state *state, const struct question *question)
{
	const struct form *form = state->form;
	state->now.key = "name";
	if (!form_name_is_question(question->name))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a question: write 1 to 32 lower-case letters, digits and _, "
				    "beginning with a "
				    "letter",
				    question->name);
	else if (question->is_pair && strlen(question->name) + strlen("_before") > FORM_NAME_MAX)
		form_check_complain(state, "bad-name",
				    "\"%s_before\" has more than 32 signs: shorten the name of the pair to 25",
				    question->name);
	else
		check_underscores(state, question->name);
	check_clashes(state, question->name, question);
	check_reserved(state, question->name);
	if (is_in(question->name, form->retired, form->retired_count))
		form_check_complain(state, "retired-name",
				    "\"%s\" is retired: it answered another question once, so give this one a new name",
				    question->name);
	state->now.key = "was";
	if (question->was == NULL)
		return;
	if (!form_name_is_question(question->was))
		form_check_complain(state, "bad-name", "\"%s\" cannot have been the name of a question", question->was);
	for (size_t i = 0; i < form->fields_count; i++) {
		const struct question *other = form->fields[i].question;
		if (i > 0 && form->fields[i - 1].question == other)
			continue; /* each question once */
		if (strcmp(other->name, question->was) == 0)
			form_check_complain(state, "duplicate-name",
					    "\"%s\" was renamed from \"%s\", but that is still asked: delete 'was'",
					    question->name, question->was);
		else if (other != question && other->was != NULL && strcmp(other->was, question->was) == 0)
			form_check_complain(state, "duplicate-name",
					    "\"%s\" and \"%s\" both say that they were \"%s\": keep one",
					    question->name, other->name, question->was);
	}
}

static bool has_text(const struct text *text)
{
	return text->of[0] != NULL;
}

/* A key that says nothing for this type of question is a misunderstanding, and is told as one. */
static void check_key_fits(struct form_check_state *state, bool is_given, bool is_fitting, const char *key,
			   const char *mend)
{
	if (!is_given || is_fitting)
		return;
	state->now.key = key;
	form_check_complain(state, "key-not-for-type", "'%s' says nothing here: %s", key, mend);
}

static void check_keys_fit(struct form_check_state *state, const struct question *question)
{
	bool is_note = question->type == QUESTION_NOTE;
	check_key_fits(state, question->is_pair, !is_note, "pair", "a note is not answered");
	check_key_fits(state, question->is_required, !is_note, "required", "a note is not answered");
	check_key_fits(state, question->measure != NULL, !is_note, "measure", "a note is not answered");
	check_key_fits(state, question->constraint != NULL, !is_note, "constraint", "a note is not answered");
	check_key_fits(state, question->is_faces, question->type == QUESTION_SELECT_ONE, "appearance",
		       "faces are for select_one");
	check_key_fits(state, has_text(&question->label_before), question->is_pair, "label_before",
		       "it belongs to 'pair: before-after'");
	check_key_fits(state, has_text(&question->label_now), question->is_pair, "label_now",
		       "it belongs to 'pair: before-after'");
	check_key_fits(state, has_text(&question->required_message), question->is_required, "required_message",
		       "it belongs to 'required: yes'");
	check_key_fits(state, has_text(&question->relevant_when), question->relevant != NULL, "relevant_when",
		       "it belongs to 'relevant: ...'");
	check_key_fits(state, has_text(&question->constraint_message), question->constraint != NULL,
		       "constraint_message", "it belongs to 'constraint: ...'");
}

/* Drawn faces stand for an order, so each choice must say which it is. */
static void check_faces_drawn(struct form_check_state *state, const struct question *question)
{
	for (size_t i = 0; i < question->list->choices_count; i++) {
		const struct choice *choice = &question->list->choices[i];
		if (choice->face != 0 || choice->is_refusal)
			continue;
		state->now.list = question->list;
		state->now.choice = choice;
		form_check_complain(state, "missing-face",
				    "question \"%s\" draws faces, but choice \"%s\" has none: add 'face:' with 1 "
				    "(best) to 5 (worst)",
				    question->name, choice->name);
	}
	state->now.list = NULL;
	state->now.choice = NULL;
}

static void check_question(struct form_check_state *state, const struct question *question)
{
	check_question_name(state, question);
	state->now.key = "label";
	if (!has_text(&question->label))
		form_check_complain(state, "missing-label", "question \"%s\" has no English label: add 'label: ...'",
				    question->name);
	form_check_type(state, question);
	check_keys_fit(state, question);
	state->now.key = "relevant";
	if (question->relevant != NULL && !has_text(&question->relevant_when))
		form_check_complain(
			state, "missing-relevant-when",
			"question \"%s\" is asked only sometimes: add 'relevant_when: Answer this if ...' for people "
			"without JavaScript",
			question->name);
	state->now.key = "constraint";
	if (question->constraint != NULL && !has_text(&question->constraint_message))
		form_check_complain(
			state, "missing-constraint-message",
			"question \"%s\" has a constraint but does not say what to do: add 'constraint_message: ...'",
			question->name);
	state->now.key = "measure";
	if (question->measure != NULL && !form_name_is_question(question->measure))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a measure: write lower-case letters, digits and _",
				    question->measure);
	state->now.key = "group";
	if (question->group != NULL && !form_name_is_page(question->group))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a group: write lower-case letters, digits, _ and -",
				    question->group);
	state->now.key = "appearance";
	if (question->is_faces && question->type == QUESTION_SELECT_ONE && question->list != NULL)
		check_faces_drawn(state, question);
}

/* A step must not begin twice. */
static void check_group_whole(struct form_check_state *state, const struct page *page, size_t index)
{
	const char *group = page->questions[index].group;
	if (group == NULL || index == 0)
		return;
	const char *last = page->questions[index - 1].group;
	if (last != NULL && strcmp(last, group) == 0)
		return;
	for (size_t i = 0; i + 1 < index; i++) {
		const char *other = page->questions[i].group;
		if (other == NULL || strcmp(other, group) != 0)
			continue;
		state->now.key = "group";
		form_check_complain(
			state, "split-group",
			"questions of group \"%s\" do not stand together: move \"%s\" up, or give it another group",
			group, page->questions[index].name);
		return;
	}
}

static void check_maps_to(struct form_check_state *state, const struct question *question,
			  const struct choice_list *list, const char *tag)
{
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		if (choice->is_refusal || choice->maps_to != MAPS_TO_NOTHING)
			continue;
		state->now.list = list;
		state->now.choice = choice;
		form_check_complain(
			state, "maps-to",
			"choice \"%s\" of list \"%s\" needs 'maps_to: top', 'middle' or 'bottom', because %s asks "
			"\"%s\" with other choices",
			choice->name, list->name, tag, question->name);
	}
	state->now.list = NULL;
	state->now.choice = NULL;
}

static void check_variants(struct form_check_state *state, const struct question *question)
{
	const struct form *form = state->form;
	for (size_t i = 0; i < form->languages_count; i++) {
		const struct question_face *face = &question->faces[i];
		const char *tag = form->languages[i].tag;
		bool is_changed =
			face->is_omitted || face->list != NULL || face->pair != PAIR_BOTH || face->picture != NULL;
		if (!is_changed)
			continue;
		state->now.language = (int) i;
		state->now.key = NULL;
		if (form->languages[i].variant[0] == '\0')
			form_check_complain(state, "variant-only", "%s is no variant: it may only translate \"%s\"",
					    tag, question->name);
		state->now.key = "ask";
		if (face->pair == PAIR_PLAIN && !question->is_pair)
			form_check_complain(state, "key-not-for-type", "\"%s\" is no pair: delete '%s.ask'",
					    question->name, question->name);
		state->now.key = "picture";
		if (face->picture != NULL && !form_name_is_picture(face->picture))
			form_check_complain(state, "bad-name",
					    "\"%s\" is no picture: write a file name in lower case, without folder",
					    face->picture);
		state->now.key = "choices";
		bool may_replace = form_build_needs_list(question->type) && question->type != QUESTION_RANK;
		if (face->list != NULL && !may_replace)
			form_check_complain(state, "key-not-for-type",
					    "\"%s\" has no choices to replace: delete '%s.choices'%s", question->name,
					    question->name,
					    question->list != NULL ? ", or write 'omit: [...]' and leave it out" : "");
		if (face->list != NULL && face->list->groups_count > 0 && question->type == QUESTION_GRID)
			form_check_complain(state, "bad-list",
					    "list \"%s\" has headings, and a grid has no room for them: take a list "
					    "without '- group'",
					    face->list->name);
		if (face->list != NULL && question->list != NULL && may_replace) {
			state->now.language = -1;
			check_maps_to(state, question, face->list, tag);
			check_maps_to(state, question, question->list, tag);
		}
	}
	state->now.language = -1;
}

/* True when FIELD clashes with OTHER, and it is the one to tell of: what is called after a question yields to a question;
 * of two that are called after questions, the later one. */
static bool is_clash(const struct form *form, size_t field, size_t other)
{
	const struct field *a = &form->fields[field], *b = &form->fields[other];
	if (a->part == FIELD_WHOLE || a->question == b->question || strcmp(a->name, b->name) != 0)
		return false;
	/* Two questions of one name are told of elsewhere. */
	return b->part == FIELD_WHOLE || (other < field && strcmp(a->question->name, b->question->name) != 0);
}

/* What is called after a question can be called like another: know_now beside the pair know. */
static void check_fields(struct form_check_state *state)
{
	const struct form *form = state->form;
	/* More than that are told of once, and not compared with one another. */
	size_t count = form->fields_count <= FORM_FIELDS_MAX ? form->fields_count : 0;
	for (size_t i = 0; i < count; i++) {
		const struct field *field = &form->fields[i];
		state->now = (struct form_complaint){.page = field->question->page,
						     .question = field->question,
						     .statement = field->statement,
						     .key = "name",
						     .language = -1,
						     .crosstab = -1};
		for (size_t k = 0; k < count; k++) {
			if (is_clash(form, i, k))
				form_check_complain(
					state, "duplicate-name",
					"\"%s\" answers as \"%s\", which is also what \"%s\" answers as: rename one",
					field->question->name, field->name, form->fields[k].question->name);
		}
		if (field->part != FIELD_WHOLE && is_in(field->name, form->retired, form->retired_count))
			form_check_complain(state, "retired-name",
					    "\"%s\" answers as \"%s\", which is retired: give it another name",
					    field->question->name, field->name);
	}
}

void form_check_questions(struct form_check_state *state)
{
	const struct form *form = state->form;
	size_t questions = 0;
	state->now = (struct form_complaint){.key = "pages", .language = -1, .crosstab = -1};
	if (form->pages_count < 1 || form->pages_count > FORM_PAGES_MAX)
		form_check_complain(state, "too-many", "the form has %zu pages: it needs 1 to %d", form->pages_count,
				    FORM_PAGES_MAX);
	for (size_t p = 0; p < form->pages_count; p++) {
		const struct page *page = &form->pages[p];
		check_page(state, page);
		questions += page->questions_count;
		for (size_t q = 0; q < page->questions_count; q++) {
			state->now = (struct form_complaint){
				.page = page, .question = &page->questions[q], .language = -1, .crosstab = -1};
			check_question(state, &page->questions[q]);
			check_group_whole(state, page, q);
			check_variants(state, &page->questions[q]);
		}
	}
	check_fields(state);
	state->now = (struct form_complaint){.key = "pages", .language = -1, .crosstab = -1};
	if (questions > FORM_QUESTIONS_MAX)
		form_check_complain(state, "too-many", "the form has %zu questions: %d at most", questions,
				    FORM_QUESTIONS_MAX);
	if (form->fields_count > FORM_FIELDS_MAX)
		form_check_complain(state, "too-many",
				    "the form has %zu answers, each statement of a grid and each half of a pair "
				    "counted: %d at most",
				    form->fields_count, FORM_FIELDS_MAX);
}
