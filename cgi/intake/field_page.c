/* SPDX-License-Identifier: MIT */
/* field_page.c: the controls of one field, each kind in its own way. Names and ids are those that answers.h decodes. */
#include "field_page.h"

#include "mistake_words.h"
#include "page.h"
#include "question_page.h"
#include "sound_page.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_POINTS = 6 }; /* points of a scale that a phone of 320 pixels has room for, 44 each */

static const struct mistake *find_mistake(const struct draft *draft, size_t field)
{
	for (size_t i = 0; i < draft->mistakes.count; i++)
		if (draft->mistakes.list[i].field == (int) field && draft->mistakes.list[i].kind != MISTAKE_NOTHING)
			return &draft->mistakes.list[i];
	return NULL;
}

static bool is_chosen(const struct answer *answer, const struct choice *choice)
{
	for (size_t i = 0; answer && i < answer->choices_count; i++)
		if (answer->choices[i] == choice || strcmp(answer->choices[i]->name, choice->name) == 0)
			return true;
	return false;
}

static const struct choice_group *find_group(const struct choice_list *list, const char *name)
{
	for (size_t i = 0; name && i < list->groups_count; i++)
		if (strcmp(list->groups[i].name, name) == 0)
			return &list->groups[i];
	return NULL;
}

static bool is_same(const char *one, const char *other)
{
	return one == other || (one && other && strcmp(one, other) == 0);
}

/* ---- choices -------------------------------------------------------------------------------------------------------- */

/* Headings begin and end between choices; what stands apart comes behind an "or". A grid has no room for either. */
static void fill_divisions(const struct visit *visit, const struct choice_list *list, struct page_item *items,
			   struct page_field *out)
{
	const char *open_group = NULL;
	bool is_divided = false;
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		bool stands_apart = choice->is_exclusive || choice->is_refusal;
		items[i].has_divider = stands_apart && !is_divided && i > 0;
		is_divided = is_divided || stands_apart;
		if (is_same(open_group, choice->group))
			continue;
		items[i].ends_group = open_group != NULL;
		const struct choice_group *group = find_group(list, choice->group);
		if (group)
			items[i].group = question_page_text(visit, &group->label);
		open_group = choice->group;
	}
	out->ends_in_group = open_group != NULL;
}

static struct page_item *fill_items(const struct visit *visit, const struct field *field, const struct answer *answer,
				    const struct page_question *question, struct page_field *out)
{
	const struct choice_list *list = form_field_list(visit->form, visit->language, field);
	struct page_item *items = list ? arena_array(visit->arena, list->choices_count, struct page_item) : NULL;
	if (!items)
		return NULL;
	for (size_t i = 0; i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		const char *picture = choice->face_pictures[visit->language];
		items[i] = (struct page_item){
			.id = i ? arena_printf(visit->arena, "%s-%zu", field->name, i + 1) : field->name,
			.name = field->name,
			.value = choice->name,
			.label = question_page_text(visit, &choice->label),
			.is_checked = is_chosen(answer, choice),
			.is_exclusive = choice->is_exclusive,
			.face = question->is_faces ? choice->face : 0,
			.picture = page_picture(picture ? picture : choice->picture),
		};
	}
	if (field->part != FIELD_STATEMENT && field->part != FIELD_REFUSAL)
		fill_divisions(visit, list, items, out);
	out->items = items;
	out->items_count = list->choices_count;
	return items;
}

/* ---- scale ---------------------------------------------------------------------------------------------------------- */

static void fill_ends(const struct visit *visit, const struct field *field, struct page_item *items,
		      struct page_field *out)
{
	const struct choice_list *list = form_field_list(visit->form, visit->language, field);
	if (!items || !list)
		return;
	size_t last = 0;
	for (size_t i = 0; i < list->choices_count; i++)
		if (!list->choices[i].is_refusal)
			last = i;
	out->low = question_page_text(visit, &field->question->label_low);
	out->high = question_page_text(visit, &field->question->label_high);
	out->low_id = arena_printf(visit->arena, "%s-low", field->name);
	out->high_id = arena_printf(visit->arena, "%s-high", field->name);
	items[last].is_last_point = true;
	if (last >= ROW_POINTS)
		out->columns = (unsigned) (last < 2 * ROW_POINTS ? last / 2 + 1 : ROW_POINTS);
	if (!out->low.text || !out->high.text)
		return;
	items[0].end_id = out->low_id;
	items[last].end_id = out->high_id;
	items[0].label_id = arena_printf(visit->arena, "%s-0", field->name);
	items[last].label_id = arena_printf(visit->arena, "%s-end", field->name);
}

/* ---- rank ----------------------------------------------------------------------------------------------------------- */

/* The place of each choice, 0 for none: as it was set, or as the order of a checked answer says. */
static unsigned place_of(const struct answer *answer, const struct choice *choice, size_t index)
{
	if (!answer)
		return 0;
	if (answer->parts && index < answer->parts_count && answer->parts[index])
		return (unsigned) strtoul(answer->parts[index], NULL, 10);
	for (size_t i = 0; i < answer->choices_count; i++)
		if (answer->choices[i] == choice)
			return (unsigned) i + 1;
	return 0;
}

static void fill_places(const struct visit *visit, const struct field *field, const struct answer *answer,
			const struct mistake *mistake, struct page_item *items)
{
	const struct choice_list *list = form_field_list(visit->form, visit->language, field);
	for (size_t i = 0; items && i < list->choices_count; i++) {
		const struct choice *choice = &list->choices[i];
		struct page_place *places = arena_array(visit->arena, list->choices_count, struct page_place);
		unsigned place = place_of(answer, choice, i);
		for (size_t j = 0; places && j < list->choices_count; j++)
			places[j] = (struct page_place){(unsigned) j + 1, place == j + 1};
		/* With a point: a choice may be called "hint", or like a question, and no other id has one. */
		items[i].id = items[i].name = arena_printf(visit->arena, "%s.%s", field->name, choice->name);
		items[i].places = places;
		items[i].places_count = places ? list->choices_count : 0;
		items[i].has_error =
			mistake && (mistake->kind != MISTAKE_SAME_PLACE || (place && place == mistake->place));
	}
}

/* ---- date and number ------------------------------------------------------------------------------------------------ */

static bool is_at_fault(const struct mistake *mistake, int part)
{
	if (!mistake)
		return false;
	bool names_part = mistake->kind == MISTAKE_DATE_PART || mistake->kind == MISTAKE_NOT_DATE;
	return !names_part || mistake->part == part;
}

/* Of an answer that came as a whole, from another face for instance, the parts are cut out of the date. */
static const char *typed_part(const struct visit *visit, const struct answer *answer, int part)
{
	static const struct {
		size_t at, length;
	} cuts[ANSWER_DATE_PARTS] = {[ANSWER_DAY] = {8, 2}, [ANSWER_MONTH] = {5, 2}, [ANSWER_YEAR] = {0, 4}};
	if (answer && answer->parts && (size_t) part < answer->parts_count)
		return answer->parts[part] ? answer->parts[part] : "";
	if (!answer || !answer->text || strlen(answer->text) != 10)
		return "";
	const char *cut = arena_strndup(visit->arena, answer->text + cuts[part].at, cuts[part].length);
	return cut ? cut + (cut[0] == '0') : "";
}

static void fill_parts(const struct visit *visit, const struct field *field, const struct answer *answer,
		       const struct mistake *mistake, struct page_field *out)
{
	static const struct {
		const char *name;
		enum word label;
		unsigned width;
	} kinds[ANSWER_DATE_PARTS] = {
		[ANSWER_DAY] = {"day", WORD_date_day, 2},
		[ANSWER_MONTH] = {"month", WORD_date_month, 2},
		[ANSWER_YEAR] = {"year", WORD_date_year, 4},
	};
	struct page_part *parts = arena_array(visit->arena, ANSWER_DATE_PARTS, struct page_part);
	for (int i = 0; parts && i < ANSWER_DATE_PARTS; i++)
		parts[i] = (struct page_part){
			.id = arena_printf(visit->arena, "%s-%s", field->name, kinds[i].name),
			.name = arena_printf(visit->arena, "%s.%s", field->name, kinds[i].name),
			.label = visit_words(visit, kinds[i].label),
			.value = typed_part(visit, answer, i),
			.width = kinds[i].width,
			.has_error = is_at_fault(mistake, i),
		};
	out->parts = parts;
	out->parts_count = parts ? ANSWER_DATE_PARTS : 0;
}

static void fill_limits(const struct visit *visit, const struct question *source, struct page_field *out)
{
	out->least = source->least;
	out->most = source->most;
	out->least_words = mistake_words_limit(visit, source, source->least);
	out->most_words = mistake_words_limit(visit, source, source->most);
}

static void fill_number(const struct visit *visit, const struct question *source, struct page_field *out)
{
	out->is_decimal = source->type == QUESTION_DECIMAL;
	out->decimals = source->decimals;
	out->example = mistake_words_example(visit, source);
	out->unit = question_page_text(visit, &source->unit);
	if (out->unit.text)
		out->unit_id = arena_printf(visit->arena, "%s-unit", out->name);
}

/* ---- the field ------------------------------------------------------------------------------------------------------ */

static struct page_text own_label(const struct visit *visit, const struct field *field)
{
	struct page_text label = {NULL, NULL};
	label.text = visit_part(visit, field, &label.lang);
	return label;
}

/* Ids behind one another, as far as there are any. */
static const char *join_ids(const struct visit *visit, const char *const *ids, size_t count)
{
	const char *joined = NULL;
	for (size_t i = 0; i < count; i++)
		if (ids[i])
			joined = joined ? arena_printf(visit->arena, "%s %s", joined, ids[i]) : ids[i];
	return joined;
}

static void describe(const struct visit *visit, const struct field *field, const struct page_question *question,
		     struct page_field *out)
{
	bool is_alone = question->is_text || question->is_number; /* no group has its name */
	if (field->part == FIELD_REFUSAL) {
		if (is_alone)
			out->described_by = arena_printf(visit->arena, "%s-label", field->question->name);
		return;
	}
	/* The hint of a pair or grid belongs to the fieldset around its parts. */
	bool is_part = question->is_pair || question->is_grid;
	const char *const ids[] = {
		is_part ? NULL : question->when_id,
		is_part ? NULL : question->hint_id,
		question->how_id,
		out->error_id,
		field->question->type == QUESTION_TEXT ? arena_printf(visit->arena, "%s-info", field->name) : NULL,
		out->unit_id,
	};
	out->described_by = join_ids(visit, ids, sizeof ids / sizeof ids[0]);
}

static void fill_controls(const struct visit *visit, const struct field *field, const struct answer *answer,
			  const struct mistake *mistake, const struct page_question *question, struct page_field *out)
{
	struct page_item *items = form_field_is_typed(field) ? NULL : fill_items(visit, field, answer, question, out);
	if (field->part == FIELD_REFUSAL)
		return;
	switch (field->question->type) {
	case QUESTION_SCALE:
		fill_ends(visit, field, items, out);
		break;
	case QUESTION_RANK:
		fill_places(visit, field, answer, mistake, items);
		break;
	case QUESTION_DATE:
		fill_parts(visit, field, answer, mistake, out);
		fill_limits(visit, field->question, out);
		break;
	case QUESTION_INTEGER:
	case QUESTION_DECIMAL:
		fill_number(visit, field->question, out);
		fill_limits(visit, field->question, out);
		break;
	default:
		break;
	}
}

void field_page(const struct visit *visit, const struct draft *draft, size_t index,
		const struct page_question *question, struct page_field *out)
{
	const struct field *field = &visit->form->fields[index];
	const struct answer *answer = draft->answers ? &draft->answers->of[index] : NULL;
	const struct mistake *mistake = find_mistake(draft, index);
	*out = (struct page_field){
		.name = field->name,
		.id = field->name,
		.label = own_label(visit, field),
		.value = answer && answer->text ? answer->text : "",
		.max = field->question->max_utf16,
		.error = mistake ? mistake_words(visit, mistake) : NULL,
		.error_id = mistake ? arena_printf(visit->arena, "%s-error", field->name) : NULL,
	};
	if (out->error)
		out->error_sound = sound_page_text(visit, out->error, NULL);
	fill_controls(visit, field, answer, mistake, question, out);
	describe(visit, field, question, out);
}
