/* SPDX-License-Identifier: MIT */
/* form_load_texts.c: which lists a form uses, and every text of it under the path that translations know it by.
 *
 * The paths are soundings-form(5), TRANSLATIONS. A text is listed where it may stand, whether English has it or not: a
 * variant may say "How much did you know before?" where the English leaves it to the page's own words. */
#include "lib/form/form_load_parts.h"

#include <string.h>

void form_load_question_texts(struct form_translation_texts *texts, struct question *question)
{
	form_translation_add(texts, &question->label, "%s.label", question->name);
	form_translation_add(texts, &question->hint, "%s.hint", question->name);
	if (question->is_pair) {
		form_translation_add(texts, &question->label_before, "%s.label_before", question->name);
		form_translation_add(texts, &question->label_now, "%s.label_now", question->name);
	}
	if (question->type == QUESTION_SCALE) {
		form_translation_add(texts, &question->label_low, "%s.label_low", question->name);
		form_translation_add(texts, &question->label_high, "%s.label_high", question->name);
	}
	if (question->type == QUESTION_INTEGER || question->type == QUESTION_DECIMAL)
		form_translation_add(texts, &question->unit, "%s.unit", question->name);
	for (size_t i = 0; i < question->statements_count; i++)
		form_translation_add(texts, &question->statements[i].label, "%s.statements.%s", question->name,
				     question->statements[i].name);
	if (question->is_required)
		form_translation_add(texts, &question->required_message, "%s.required_message", question->name);
	if (question->relevant != NULL)
		form_translation_add(texts, &question->relevant_when, "%s.relevant_when", question->name);
	if (question->constraint != NULL)
		form_translation_add(texts, &question->constraint_message, "%s.constraint_message", question->name);
}

static void add_list_text(struct form_translation_texts *texts, const struct load_list *list, struct text *text,
			  const char *middle, const char *name)
{
	struct form_translation_text *row =
		form_translation_add(texts, text, "choices.%s.%s%s", list->list.name, middle, name);
	if (row == NULL)
		return;
	/* Nobody waits for the words of a list that is not used; of a variant's list, only the variants that offer it.
	 */
	row->is_variants_own = list->language != 0 || !list->is_used;
	row->needed_by = list->needed_by;
}

void form_load_list_texts(struct form_translation_texts *texts, struct load_list *list)
{
	for (size_t i = 0; i < list->list.groups_count; i++)
		add_list_text(texts, list, &list->groups[i].label, "group.", list->groups[i].name);
	for (size_t i = 0; i < list->list.choices_count; i++)
		add_list_text(texts, list, &list->choices[i].label, "", list->choices[i].name);
}

/* Lists count by the order in which questions use them: the document of a form must not depend on anything else. */
static size_t use_list(struct load *load, const struct choice_list *list, size_t language,
		       const struct choice_list **used, size_t count)
{
	struct load_part *part = NULL;
	struct load_list *record = list == NULL ? NULL : form_load_list_of(load, list, &part);
	if (record == NULL)
		return count;
	part->is_used = true;
	if (record->language != 0 && language != 0)
		record->needed_by |= UINT32_C(1) << language;
	if (record->is_used)
		return count;
	record->is_used = true;
	used[count] = list;
	return count + 1;
}

void form_load_used_lists(struct load *load)
{
	struct form *form = load->form;
	size_t room = load->part.lists_count;
	for (const struct load_part *library = load->libraries; library != NULL; library = library->next)
		room += library->lists_count;
	const struct choice_list **used = arena_array(load->arena, room + 1, const struct choice_list *);
	if (used == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	size_t count = 0;
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			count = use_list(load, question->list, 0, used, count);
			if (question->refusal != NULL)
				count = use_list(load, &load->refusals->list, 0, used, count);
			for (size_t i = 0; i < form->languages_count; i++)
				count = use_list(load, question->faces[i].list, i, used, count);
		}
	}
	form->lists = used;
	form->lists_count = count;
}

void form_load_form_texts(struct load *load)
{
	struct form *form = load->form;
	struct form_translation_texts *texts = &load->part.texts;
	form_translation_add(texts, &form->title, "title");
	form_translation_add(texts, &form->time, "time");
	for (size_t p = 0; p < form->pages_count; p++) {
		form_translation_add(texts, &form->pages[p].title, "%s.title", form->pages[p].name);
		form_translation_add(texts, &form->pages[p].intro, "%s.intro", form->pages[p].name);
		for (size_t q = 0; q < form->pages[p].questions_count; q++)
			form_load_question_texts(texts, &form->pages[p].questions[q]);
	}
	for (size_t i = 0; i < load->part.lists_count; i++)
		form_load_list_texts(texts, load->part.lists[i]);
	for (const struct load_part *library = load->libraries; library != NULL; library = library->next) {
		for (size_t i = 0; i < library->lists_count; i++) {
			if (library->lists[i]->is_used)
				form_load_list_texts(texts, library->lists[i]);
		}
	}
}
