/* SPDX-License-Identifier: MIT */
/* advice_published.c: what a new version must not do to the one before it, because exports join all versions.
 *
 * The name of a question is a column, that of a choice a code in it. Labels may change; names stay, or say what became of
 * them ('was:', 'retired:'). */
#include "lib/advice/advice_parts.h"

#include <string.h>

struct change {
	struct advice *advice;
	const struct form *form;
	const struct form *published;
};

static const struct question *find_question(const struct form *form, const char *name)
{
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			if (strcmp(form->pages[p].questions[q].name, name) == 0)
				return &form->pages[p].questions[q];
		}
	}
	return NULL;
}

static const struct question *renamed_to(const struct form *form, const char *name)
{
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const char *was = form->pages[p].questions[q].was;
			if (was != NULL && strcmp(was, name) == 0)
				return &form->pages[p].questions[q];
		}
	}
	return NULL;
}

static bool is_retired(const struct form *form, const char *name)
{
	return advice_is_one_of(name, form->retired, form->retired_count);
}

/* Where the question stood: the page of the same name, or the form's own name. */
static const char *place_of(const struct form *form, const struct page *page)
{
	for (size_t p = 0; p < form->pages_count; p++) {
		if (strcmp(form->pages[p].name, page->name) == 0)
			return form->pages[p].name;
	}
	return form->name;
}

static const char *const kinds[QUESTION_TYPE_COUNT] = {
	[QUESTION_SELECT_ONE] = "one choice", [QUESTION_SELECT_MULTIPLE] = "several choices",
	[QUESTION_RANK] = "an order",         [QUESTION_SCALE] = "a point of a scale",
	[QUESTION_GRID] = "a grid",           [QUESTION_TEXT] = "a text",
	[QUESTION_INTEGER] = "a number",      [QUESTION_DECIMAL] = "a number",
	[QUESTION_DATE] = "a date",           [QUESTION_NOTE] = "nothing",
};

static bool is_same_kind(const struct question *a, const struct question *b)
{
	return a->is_pair == b->is_pair && strcmp(kinds[a->type], kinds[b->type]) == 0;
}

/* "a pair, each half with one choice" */
static const char *kind_of(const struct change *change, const struct question *question)
{
	const char *kind = kinds[question->type];
	const char *pair =
		question->is_pair ? arena_printf(change->advice->arena, "a pair, each half with %s", kind) : kind;
	return pair != NULL ? pair : kind;
}

/* The same words, be they none at all, or one of them at least. */
static bool has_common_word(const char *a, const char *b)
{
	struct advice_sentence left, right;
	if (strcmp(a, b) == 0)
		return true;
	for (const char *at = a; advice_sentence_next(&at, &left);) {
		for (const char *other = b; advice_sentence_next(&other, &right);) {
			for (size_t i = 0; i < left.count; i++) {
				for (size_t k = 0; k < right.count; k++) {
					if (strcmp(left.words[i].low, right.words[k].low) == 0)
						return true;
				}
			}
		}
	}
	return false;
}

static const struct choice *with_label(const struct choice_list *list, const char *label)
{
	for (size_t i = 0; label != NULL && i < list->choices_count; i++) {
		const char *other = list->choices[i].label.of[0];
		if (other != NULL && strcmp(other, label) == 0)
			return &list->choices[i];
	}
	return NULL;
}

static void compare_choice(const struct change *change, const struct question *now, const struct choice_list *before,
			   const struct choice *old)
{
	const struct choice *same = choice_list_find(now->list, old->name);
	const struct choice *other = with_label(now->list, old->label.of[0]);
	if (same == NULL && other != NULL && choice_list_find(before, other->name) == NULL) {
		if (advice_add(change->advice, "renamed-choice", change->form, -1, other->label.of[0],
			       "\"%s\" was coded \"%s\" in version %u and is \"%s\" now: give it its old code back",
			       other->label.of[0], old->name, change->published->version, other->name))
			advice_better(change->advice,
				      arena_printf(change->advice->arena, "- %s: %s", old->name, other->label.of[0]));
	} else if (same == NULL)
		advice_add(change->advice, "removed-choice", change->form, -1, advice_at_question(now),
			   "\"%s\" offered \"%s\" in version %u and does not any more", now->name, old->name,
			   change->published->version);
	else if (same->label.of[0] != NULL && old->label.of[0] != NULL && !old->is_refusal &&
		 !has_common_word(same->label.of[0], old->label.of[0]))
		advice_add(change->advice, "reused-name", change->form, -1, same->label.of[0],
			   "the code \"%s\" said \"%s\" in version %u: a choice of another meaning needs a code of its "
			   "own",
			   old->name, old->label.of[0], change->published->version);
}

/* The mend of what must not be the same question any more. */
static void show_new_name(const struct change *change, const struct question *old, bool is_new)
{
	if (is_new)
		advice_better(change->advice, arena_printf(change->advice->arena, "name: %s_2, and retired: [%s]",
							   old->name, old->name));
}

static void compare_question(const struct change *change, const struct question *old, const struct question *now)
{
	unsigned version = change->published->version;
	const char *place = advice_at_question(now);
	if (!is_same_kind(old, now))
		show_new_name(change, old,
			      advice_add(change->advice, "changed-type", change->form, -1, place,
					 "\"%s\" answered with %s in version %u and with %s now: give the new question "
					 "another name, and write \"%s\" under 'retired:'",
					 old->name, kind_of(change, old), version, kind_of(change, now), old->name));
	else if (old->type == QUESTION_SCALE && (old->scale_from != now->scale_from || old->scale_to != now->scale_to))
		show_new_name(change, old,
			      advice_add(change->advice, "changed-type", change->form, -1, place,
					 "\"%s\" went from %d to %d in version %u and goes from %d to %d now: give the "
					 "new question another name, and write \"%s\" under 'retired:'",
					 old->name, old->scale_from, old->scale_to, version, now->scale_from,
					 now->scale_to, old->name));
	else if (old->page->is_apart != now->page->is_apart)
		show_new_name(change, old,
			      advice_add(change->advice, "moved-apart", change->form, -1, place,
					 "\"%s\" was stored %s the other answers in version %u: give it another name, "
					 "and write \"%s\" under 'retired:'",
					 old->name, old->page->is_apart ? "apart from" : "with", version, old->name));
	else if (old->label.of[0] != NULL && now->label.of[0] != NULL &&
		 !has_common_word(old->label.of[0], now->label.of[0]))
		advice_add(change->advice, "reused-name", change->form, -1, place,
			   "\"%s\" asked \"%s\" in version %u: a question of another meaning needs a name of its own",
			   now->name, advice_quote(change->advice, old->label.of[0], strlen(old->label.of[0])),
			   version);
	for (size_t i = 0;
	     old->list != NULL && now->list != NULL && old->type != QUESTION_SCALE && i < old->list->choices_count; i++)
		compare_choice(change, now, old->list, &old->list->choices[i]);
}

/* A column of the version before that the new one does not have, and does not say why. */
static void compare_field(const struct change *change, const struct field *old)
{
	const struct form *form = change->form;
	const struct question *now = find_question(form, old->question->name);
	if (form_field(form, old->name) >= 0 || is_retired(form, old->name) || is_retired(form, old->question->name) ||
	    renamed_to(form, old->question->name) != NULL)
		return;
	if (now != NULL && !is_same_kind(old->question, now))
		return; /* told as another type */
	if (advice_add(change->advice, "removed-question", form, -1,
		       now != NULL ? advice_at_question(now) : place_of(form, old->question->page),
		       "\"%s\" was asked in version %u and is gone: write it under 'retired:', or 'was: %s' at the "
		       "question "
		       "that it has become",
		       old->name, change->published->version, old->question->name))
		advice_better(change->advice, arena_printf(change->advice->arena, "retired: [%s]", old->name));
}

static void compare_past(const struct change *change)
{
	const struct form *published = change->published;
	for (size_t i = 0; i < published->retired_count; i++) {
		if (!is_retired(change->form, published->retired[i]))
			advice_add(change->advice, "forgotten-name", change->form, -1, change->form->name,
				   "\"%s\" stood under 'retired:' in version %u: it must stay there",
				   published->retired[i], published->version);
	}
	for (size_t p = 0; p < published->pages_count; p++) {
		for (size_t q = 0; q < published->pages[p].questions_count; q++) {
			const struct question *old = &published->pages[p].questions[q];
			const struct question *now = find_question(change->form, old->name);
			if (old->was == NULL || now == NULL || renamed_to(change->form, old->was) == now ||
			    is_retired(change->form, old->was))
				continue;
			advice_add(change->advice, "forgotten-name", change->form, -1, advice_at_question(now),
				   "\"%s\" said 'was: %s' in version %u: it must stay there", now->name, old->was,
				   published->version);
		}
	}
}

void advice_published(struct advice *advice, const struct form *form, const struct form *published)
{
	const struct change change = {.advice = advice, .form = form, .published = published};
	for (size_t i = 0; i < published->fields_count; i++)
		compare_field(&change, &published->fields[i]);
	for (size_t p = 0; p < published->pages_count; p++) {
		for (size_t q = 0; q < published->pages[p].questions_count; q++) {
			const struct question *old = &published->pages[p].questions[q];
			const struct question *now = find_question(form, old->name);
			if (now != NULL && old->type != QUESTION_NOTE)
				compare_question(&change, old, now);
		}
	}
	compare_past(&change);
}
