/* SPDX-License-Identifier: MIT */
/* question_page.c: from a question of the form to what its template prints, and what the script reads there. */
#include "question_page.h"

#include "field_page.h"
#include "mistake_words.h"

#include "lib/form/expr.h"
#include "page.h"

#include <string.h>

enum { COLUMNS_MAX = 6 }; /* of a grid that may become a table: more have no room for their words */

struct page_text question_page_text(const struct visit *visit, const struct text *text)
{
	struct page_text out = {NULL, NULL};
	out.text = visit_text(visit, text, &out.lang);
	return out;
}

static const char *const kinds[QUESTION_TYPE_COUNT] = {
	[QUESTION_RANK] = "rank",       [QUESTION_GRID] = "grid", [QUESTION_INTEGER] = "integer",
	[QUESTION_DECIMAL] = "decimal", [QUESTION_DATE] = "date",
};

/* What every question has. */
static void fill_words(const struct visit *visit, const struct question *source, struct page_question *out)
{
	if (!out->hint.text && out->is_select_multiple)
		out->hint.text = visit_words(visit, WORD_choose_many);
	if (!out->hint.text && out->is_date)
		out->hint.text = visit_words(visit, WORD_date_hint);
	if (out->is_rank)
		out->how.text = visit_words(visit, WORD_rank_hint);
	if (out->hint.text)
		out->hint_id = arena_printf(visit->arena, "%s-hint", source->name);
	if (out->how.text)
		out->how_id = arena_printf(visit->arena, "%s-how", source->name);
	if (out->when.text)
		out->when_id = arena_printf(visit->arena, "%s-when", source->name);
	if (source->is_required)
		out->required_message = mistake_words_required(visit, source);
	if (source->relevant_expr)
		out->relevant_json = expr_to_json(source->relevant_expr, visit->arena);
	if (source->constraint_expr) {
		out->constraint_json = expr_to_json(source->constraint_expr, visit->arena);
		out->constraint_message = mistake_words_constraint(visit, source);
	}
}

/* How many fields SOURCE has from *FIRST on: a question's stand together. */
static size_t count_fields(const struct form *form, const struct question *source, size_t *first)
{
	size_t end;
	for (*first = 0; *first < form->fields_count && form->fields[*first].question != source;)
		++*first;
	for (end = *first; end < form->fields_count && form->fields[end].question == source;)
		end++;
	return end - *first;
}

static void fill_fields(const struct visit *visit, const struct draft *draft, const struct question *source,
			struct page_question *out)
{
	const struct form *form = visit->form;
	size_t first, count = count_fields(form, source, &first);
	struct page_field *fields = arena_array(visit->arena, count, struct page_field);
	out->fields = fields;
	for (size_t i = first; fields && i < first + count; i++) {
		const struct field *field = &form->fields[i];
		if (!form_asks_field(form, visit->language, field))
			continue;
		struct page_field *target = &fields[out->fields_count++];
		field_page(visit, draft, i, out, target);
		out->has_error = out->has_error || target->error;
		if (field->part == FIELD_REFUSAL) {
			out->label_id = target->described_by;
			out->refusal = target; /* the last one of its question */
			out->fields_count--;
		}
	}
	if (out->is_grid && out->fields_count) {
		out->columns = fields[0].items;
		out->columns_count = fields[0].items_count;
		out->is_wide = out->columns_count <= COLUMNS_MAX;
	}
}

void question_page(const struct visit *visit, const struct draft *draft, const struct question *source,
		   struct page_question *out)
{
	const struct question_face *face = &source->faces[visit->language];
	*out = (struct page_question){
		.name = source->name,
		.label = question_page_text(visit, &source->label),
		.hint = question_page_text(visit, &source->hint),
		.when = question_page_text(visit, &source->relevant_when),
		.is_select_one = source->type == QUESTION_SELECT_ONE,
		.is_select_multiple = source->type == QUESTION_SELECT_MULTIPLE,
		.is_text = source->type == QUESTION_TEXT,
		.is_note = source->type == QUESTION_NOTE,
		.is_pair = source->is_pair && face->pair == PAIR_BOTH,
		.is_faces = source->is_faces,
		.is_multiline = source->is_multiline,
		.is_required = source->is_required,
		.is_rank = source->type == QUESTION_RANK,
		.is_scale = source->type == QUESTION_SCALE,
		.is_grid = source->type == QUESTION_GRID,
		.is_number = source->type == QUESTION_INTEGER || source->type == QUESTION_DECIMAL,
		.is_date = source->type == QUESTION_DATE,
		.kind = kinds[source->type],
		.step = source->group,
		.picture = page_picture(face->picture),
	};
	fill_words(visit, source, out);
	fill_fields(visit, draft, source, out);
}
