/* SPDX-License-Identifier: MIT */
/* form_check_types.c: what the types of questions need: lists, statements, ends of scales, bounds, refusals.
 *
 * A page must be able to ask whatever is let through here, and an answer must be able to fulfil it (soundings-form(5),
 * QUESTIONS). Part of form_check.c. */
#include "lib/form/form_check.h"

#include <string.h>

#include "lib/form/form_build.h"
#include "lib/form/form_typed.h"

enum { STATEMENTS_MIN = 2, RANK_CHOICES_MIN = 2 };

static bool has_text(const struct text *text)
{
	return text->of[0] != NULL;
}

static void check_list_needed(struct form_check_state *state, const struct question *question)
{
	static const char *const words[QUESTION_TYPE_COUNT] = {
		[QUESTION_SELECT_ONE] = "select_one",
		[QUESTION_SELECT_MULTIPLE] = "select_multiple",
		[QUESTION_RANK] = "rank",
		[QUESTION_GRID] = "grid",
	};
	state->now.key = "type";
	if (form_build_needs_list(question->type)) {
		if (question->list == NULL)
			form_check_complain(state, "missing-list",
					    "question \"%s\" has no list of choices: write 'type: %s LIST'",
					    question->name, words[question->type]);
	} else if (question->list != NULL && question->type != QUESTION_SCALE) {
		form_check_complain(state, "key-not-for-type", "question \"%s\" has a list that its type cannot offer",
				    question->name);
	}
}

/* ---- rank ---- */

static void check_rank(struct form_check_state *state, const struct question *question)
{
	const struct choice_list *list = question->list;
	state->now.key = "type";
	if (list == NULL || list->choices_count == 0)
		return;
	if (list->choices_count < RANK_CHOICES_MIN)
		form_check_complain(state, "bad-list",
				    "list \"%s\" has one choice, and \"%s\" puts choices in order: give it two or more",
				    list->name, question->name);
	if (list->groups_count > 0)
		form_check_complain(state, "bad-list",
				    "list \"%s\" has headings, and \"%s\" puts choices in one order: take a list "
				    "without '- group'",
				    list->name, question->name);
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		if (!choice->is_exclusive && !choice->is_refusal)
			continue;
		form_check_complain(
			state, "bad-list",
			"choice \"%s\" of list \"%s\" is %s and has no place in an order: take it out of the "
			"list%s",
			choice->name, list->name, choice->is_refusal ? "a refusal" : "exclusive",
			choice->is_refusal ? ", and write 'refusal: prefer_not' below the question" : "");
	}
}

/* ---- scale ---- */

/* A variant may have words for the ends where the English has none. */
static void check_ends(struct form_check_state *state, const struct question *question)
{
	const struct text *low = &question->label_low, *high = &question->label_high;
	bool is_english = has_text(low) || has_text(high);
	for (size_t i = 0; i < (is_english ? 1 : state->form->languages_count); i++) {
		bool has_low = low->of[i] != NULL, has_high = high->of[i] != NULL;
		state->now.key = has_low ? "label_low" : "label_high";
		state->now.language = i == 0 ? -1 : (int) i;
		if (has_low != has_high)
			form_check_complain(state, "needs-key",
					    "\"%s\" says what one end of its scale means: add '%s: ...' for the other",
					    question->name, has_low ? "label_high" : "label_low");
	}
	state->now.language = -1;
}

static void check_scale(struct form_check_state *state, const struct question *question)
{
	int from = question->scale_from, to = question->scale_to;
	state->now.key = "from";
	if (from < FORM_SCALE_MIN || from > FORM_SCALE_MAX)
		form_check_complain(state, "out-of-range", "from is from %d to %d", FORM_SCALE_MIN, FORM_SCALE_MAX);
	state->now.key = "to";
	if (to < FORM_SCALE_MIN || to > FORM_SCALE_MAX)
		form_check_complain(state, "out-of-range", "to is from %d to %d", FORM_SCALE_MIN, FORM_SCALE_MAX);
	else if (from >= to)
		form_check_complain(state, "out-of-range",
				    "the scale \"%s\" goes from %d to %d: write a 'to' above its 'from'",
				    question->name, from, to);
	else if (from >= FORM_SCALE_MIN && !form_build_is_scale(from, to))
		form_check_complain(state, "out-of-range",
				    "the scale \"%s\" has %d points, which no phone shows well: %d at most",
				    question->name, to - from + 1, FORM_SCALE_POINTS_MAX);
	check_ends(state, question);
}

/* ---- grid ---- */

static void check_statement(struct form_check_state *state, const struct question *question, size_t index)
{
	const struct statement *statement = &question->statements[index];
	state->now.statement = statement;
	if (!form_name_is_choice(statement->name))
		form_check_complain(state, "bad-name",
				    "\"%s\" cannot name a statement: write lower-case letters, digits and _",
				    statement->name);
	else if (strlen(question->name) + 1 + strlen(statement->name) > FORM_NAME_MAX)
		form_check_complain(state, "bad-name",
				    "\"%s_%s\" has more than %d signs: shorten the name of the statement or of the "
				    "question",
				    question->name, statement->name, FORM_NAME_MAX);
	else if (statement->name[0] == '_' || strstr(statement->name, "__") != NULL)
		form_check_complain(state, "bad-name",
				    "\"%s_%s\" has two underscores in a row, with which exports join a question and a "
				    "choice: write one",
				    question->name, statement->name);
	if (!has_text(&statement->label))
		form_check_complain(state, "missing-label", "statement \"%s\" has no words: write '- %s: Words'",
				    statement->name, statement->name);
	for (size_t i = 0; i < index; i++) {
		if (strcmp(question->statements[i].name, statement->name) == 0)
			form_check_complain(state, "duplicate-name",
					    "statement \"%s\" stands in \"%s\" twice: rename one", statement->name,
					    question->name);
	}
	state->now.statement = NULL;
}

static void check_grid(struct form_check_state *state, const struct question *question)
{
	state->now.key = "statements";
	if (question->statements_count < STATEMENTS_MIN)
		form_check_complain(state, "missing-statements",
				    "the grid \"%s\" has %s: write %d to %d below 'statements:', each as "
				    "'- name: Words', or ask one with select_one",
				    question->name, question->statements_count == 0 ? "no statements" : "one statement",
				    STATEMENTS_MIN, FORM_STATEMENTS_MAX);
	if (question->statements_count > FORM_STATEMENTS_MAX)
		form_check_complain(state, "too-many", "the grid \"%s\" has %zu statements: %d at most", question->name,
				    question->statements_count, FORM_STATEMENTS_MAX);
	for (size_t i = 0; i < question->statements_count; i++)
		check_statement(state, question, i);
	state->now.key = "type";
	if (question->list != NULL && question->list->groups_count > 0)
		form_check_complain(state, "bad-list",
				    "list \"%s\" has headings, and the grid \"%s\" has no room for them: take a list "
				    "without '- group'",
				    question->list->name, question->name);
}

/* ---- numbers and dates ---- */

static bool is_bound(const struct question *question, const char *bound)
{
	if (question->type == QUESTION_DATE)
		return form_date_is_canonical(bound);
	unsigned decimals = question->type == QUESTION_DECIMAL ? question->decimals : 0;
	return form_number_is_canonical(bound) && form_number_decimals(bound) <= decimals;
}

static void check_bound(struct form_check_state *state, const struct question *question, const char *key,
			const char *bound)
{
	state->now.key = key;
	if (bound == NULL || is_bound(question, bound))
		return;
	if (question->type == QUESTION_DECIMAL && form_number_is_canonical(bound))
		form_check_complain(state, "bad-value",
				    "%s: %s has more digits behind the point than answers may: %u at most, or write "
				    "'decimals: %u'",
				    key, bound, question->decimals, form_number_decimals(bound));
	else
		form_check_complain(state, "bad-value", "\"%s\" cannot stand behind %s", bound, key);
}

static void check_bounds(struct form_check_state *state, const struct question *question)
{
	state->now.key = "decimals";
	if (question->type == QUESTION_DECIMAL && (question->decimals < 1 || question->decimals > FORM_DECIMALS_MAX))
		form_check_complain(state, "out-of-range", "decimals is from 1 to %d", FORM_DECIMALS_MAX);
	check_bound(state, question, "min", question->least);
	check_bound(state, question, "max", question->most);
	if (question->least == NULL || question->most == NULL || !is_bound(question, question->least) ||
	    !is_bound(question, question->most))
		return;
	state->now.key = "max";
	if (form_typed_compare(question->type, question->least, question->most) > 0)
		form_check_complain(state, "out-of-range",
				    "max %s is below min %s, so nothing could be answered: swap them", question->most,
				    question->least);
}

/* ---- refusals ---- */

static void check_refusal(struct form_check_state *state, const struct question *question)
{
	if (question->refusal == NULL)
		return;
	const struct choice *choice = &question->refusal->choices[0];
	bool is_field = form_build_has_refusal_field(question);
	state->now.key = "refusal";
	if (!choice->is_refusal || choice->group != NULL)
		form_check_complain(state, "bad-refusal",
				    "choice \"%s\" of list \"" FORM_REFUSALS
				    "\" %s: write 'refusal: yes' below it, and no "
				    "heading above it",
				    choice->name, choice->is_refusal ? "stands in a group" : "is no refusal");
	if (question->type == QUESTION_SCALE && strspn(choice->name, "0123456789") == strlen(choice->name))
		form_check_complain(state, "bad-refusal",
				    "\"%s\" would be read as a point of the scale: give the refusal a name in letters",
				    choice->name);
	state->now.key = "name";
	if (is_field && strlen(question->name) + strlen("_refusal") > FORM_NAME_MAX)
		form_check_complain(state, "bad-name",
				    "\"%s_refusal\" has more than %d signs: shorten the name of the question to 24",
				    question->name, FORM_NAME_MAX);
}

/* ---- keys ---- */

/* The page has the words for "before" and "now" above choices of which one is taken, and above nothing else. */
static void check_pair(struct form_check_state *state, const struct question *question)
{
	enum question_type type = question->type;
	state->now.key = "pair";
	if (!question->is_pair || type == QUESTION_SELECT_ONE || type == QUESTION_SCALE || type == QUESTION_NOTE)
		return; /* a note is told of with its other keys */
	if (type == QUESTION_GRID)
		form_check_complain(
			state, "key-not-for-type",
			"'pair' says nothing here: a grid asks each statement once, so ask pairs one by one");
	else
		form_check_complain(state, "key-not-for-type",
				    "'pair' says nothing here: only select_one and scale are asked before and now; "
				    "ask two questions, each with a label that says when");
}

/* The loader tells of these at their line; here they can only be in a document. */
static void check_keys(struct form_check_state *state, const struct question *question)
{
	enum question_type type = question->type;
	bool is_number = type == QUESTION_INTEGER || type == QUESTION_DECIMAL;
	bool has_bounds = is_number || type == QUESTION_DATE;
	bool may_refuse = has_bounds || type == QUESTION_TEXT || type == QUESTION_SCALE || type == QUESTION_RANK;
	const struct {
		const char *key;
		bool is_wrong;
	} keys[] = {
		{"statements", question->statements_count > 0 && type != QUESTION_GRID},
		{"label_low", has_text(&question->label_low) && type != QUESTION_SCALE},
		{"label_high", has_text(&question->label_high) && type != QUESTION_SCALE},
		{"unit", has_text(&question->unit) && !is_number},
		{"min", question->least != NULL && !has_bounds},
		{"max", question->most != NULL && !has_bounds},
		{"refusal", question->refusal != NULL && !may_refuse},
	};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		state->now.key = keys[i].key;
		if (keys[i].is_wrong)
			form_check_complain(state, "key-not-for-type", "'%s' says nothing here", keys[i].key);
	}
	check_pair(state, question);
}

void form_check_type(struct form_check_state *state, const struct question *question)
{
	check_list_needed(state, question);
	check_keys(state, question);
	if (question->type == QUESTION_RANK)
		check_rank(state, question);
	if (question->type == QUESTION_SCALE)
		check_scale(state, question);
	if (question->type == QUESTION_GRID)
		check_grid(state, question);
	if (question->type == QUESTION_INTEGER || question->type == QUESTION_DECIMAL || question->type == QUESTION_DATE)
		check_bounds(state, question);
	check_refusal(state, question);
	state->now.key = "max";
	if (question->type == QUESTION_TEXT && (question->max_utf16 < 1 || question->max_utf16 > FORM_MAX_UTF16))
		form_check_complain(state, "out-of-range", "max is from 1 to %d", FORM_MAX_UTF16);
}
