/* SPDX-License-Identifier: MIT */
/* form_build.c: names, language tags, fields: what a form is made with, wherever it comes from.
 *
 * Names go into addresses, export columns and SPSS, so their alphabets are small (soundings-form(5)). Tags follow
 * BCP 47 (RFC 5646) as far as files are called by them. It must not read files or report: it only answers. */
#include "lib/form/form_build.h"

#include <string.h>

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";

static bool is_made_of(const char *name, const char *first, const char *rest, size_t max)
{
	if (name[0] == '\0' || strchr(first, name[0]) == NULL)
		return false;
	return strlen(name) <= max && name[strspn(name, rest)] == '\0';
}

bool form_name_is_question(const char *name)
{
	return is_made_of(name, lower, "abcdefghijklmnopqrstuvwxyz0123456789_", FORM_NAME_MAX);
}

bool form_name_is_page(const char *name)
{
	return is_made_of(name, lower, "abcdefghijklmnopqrstuvwxyz0123456789_-", FORM_NAME_MAX);
}

bool form_name_is_choice(const char *name)
{
	static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	return is_made_of(name, all, all, FORM_NAME_MAX);
}

bool form_name_is_slug(const char *name)
{
	return is_made_of(name, lower, "abcdefghijklmnopqrstuvwxyz0123456789-", FORM_NAME_MAX);
}

/* An address is /CODE/FORM/LANG, and either of the last two may be left out: what begins with two or three letters alone
 * ("cy", "pt-br", "en-x-easy") is a language there. */
bool form_name_is_form(const char *name)
{
	size_t primary = strcspn(name, "-");
	bool is_language = primary >= 2 && primary <= 3 && strspn(name, lower) == primary;
	return form_name_is_slug(name) && !is_language;
}

bool form_name_is_picture(const char *name)
{
	return is_made_of(name, "abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz0123456789._-", 64);
}

bool form_tag_is_valid(const char *tag)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t primary = strspn(tag, lower);
	if (primary < 2 || primary > 3)
		return false;
	const char *at = tag + primary;
	if (at[0] == '-' && strspn(at + 1, lower) == 4)
		at += 5;
	if (at[0] == '-' && strspn(at + 1, alnum) == 2 && strspn(at + 1, lower) == 2)
		at += 3;
	if (strncmp(at, "-x-", 3) == 0) {
		size_t variant = strspn(at + 3, alnum);
		if (variant < 1 || variant > 8)
			return false;
		at += 3 + variant;
	}
	return *at == '\0';
}

enum err form_build_language(const char *tag, enum language_status status, struct arena *arena, struct language *out)
{
	const char *private = strstr(tag, "-x-");
	size_t base = private != NULL ? (size_t) (private - tag) : strlen(tag);
	out->status = status;
	out->tag = arena_strdup(arena, tag);
	out->base = arena_strndup(arena, tag, base);
	out->variant = arena_strdup(arena, private != NULL ? private + 3 : "");
	return out->tag != NULL && out->base != NULL && out->variant != NULL ? ERR_OK : ERR_NOMEM;
}

/* ---- scales ---- */

bool form_build_is_scale(int from, int to)
{
	return from >= FORM_SCALE_MIN && to <= FORM_SCALE_MAX && from < to && to - from < FORM_SCALE_POINTS_MAX;
}

/* Digits mean the same in every language of the form, so each has them for its own: no fallback, no mark. */
static enum err fill_point(const struct form *form, const struct question *question, int number, struct arena *arena,
			   struct choice *point)
{
	const char *name = arena_printf(arena, "%d", number);
	const char *label = number < 0 ? arena_printf(arena, "\xE2\x88\x92%d", -number) : name; /* U+2212 */
	if (name == NULL || label == NULL)
		return ERR_NOMEM;
	point->name = name;
	for (size_t i = 0; i < form->languages_count; i++)
		point->label.of[i] = label;
	/* The middle is what lies strictly within the inner third: 4 to 6 of 0 to 10, 3 of 1 to 5. */
	int length = question->scale_to - question->scale_from;
	int off = 2 * number - question->scale_from - question->scale_to; /* from the middle, in half points */
	if (3 * off > -length && 3 * off < length)
		point->maps_to = MAPS_TO_MIDDLE;
	else
		point->maps_to = off > 0 ? MAPS_TO_TOP : MAPS_TO_BOTTOM;
	return ERR_OK;
}

static enum err build_scale(const struct form *form, struct question *question, struct arena *arena)
{
	question->list = NULL;
	if (!form_build_is_scale(question->scale_from, question->scale_to))
		return ERR_OK;
	size_t points = (size_t) (question->scale_to - question->scale_from) + 1;
	struct choice_list *list = arena_new(arena, struct choice_list);
	struct choice *choices = arena_array(arena, points + 1, struct choice);
	if (list == NULL || choices == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < points; i++) {
		if (fill_point(form, question, question->scale_from + (int) i, arena, &choices[i]) != ERR_OK)
			return ERR_NOMEM;
	}
	if (question->refusal != NULL)
		choices[points] = question->refusal->choices[0];
	*list = (struct choice_list){.name = question->name,
				     .choices = choices,
				     .choices_count = points + (question->refusal != NULL ? 1 : 0)};
	question->list = list;
	return ERR_OK;
}

/* ---- fields ---- */

bool form_build_needs_list(enum question_type type)
{
	return type == QUESTION_SELECT_ONE || type == QUESTION_SELECT_MULTIPLE || type == QUESTION_RANK ||
	       type == QUESTION_GRID;
}

bool form_build_has_refusal_field(const struct question *question)
{
	return question->refusal != NULL && question->type != QUESTION_SCALE;
}

static size_t fields_of(const struct question *question)
{
	if (question->type == QUESTION_NOTE)
		return 0;
	if (question->type == QUESTION_GRID)
		return question->statements_count;
	return (question->is_pair ? 2u : 1u) + (form_build_has_refusal_field(question) ? 1u : 0u);
}

/* The fields that an array is filled with. */
struct field_builder {
	struct field *fields;
	size_t count;
	struct arena *arena;
};

/* SUFFIX NULL: the field is called like the question. */
static enum err add_field(struct field_builder *builder, const struct question *question, enum field_part part,
			  const char *suffix, const struct statement *statement)
{
	const char *name =
		suffix == NULL ? question->name : arena_printf(builder->arena, "%s_%s", question->name, suffix);
	if (name == NULL)
		return ERR_NOMEM;
	builder->fields[builder->count++] = (struct field){name, question, part, statement};
	return ERR_OK;
}

static enum err add_fields(struct field_builder *builder, const struct question *question)
{
	enum err error = ERR_OK;
	if (question->type == QUESTION_NOTE)
		return ERR_OK;
	if (question->type == QUESTION_GRID) {
		for (size_t i = 0; error == ERR_OK && i < question->statements_count; i++) {
			const struct statement *statement = &question->statements[i];
			error = add_field(builder, question, FIELD_STATEMENT, statement->name, statement);
		}
		return error;
	}
	if (question->is_pair) {
		error = add_field(builder, question, FIELD_BEFORE, "before", NULL);
		if (error == ERR_OK)
			error = add_field(builder, question, FIELD_NOW, "now", NULL);
	} else {
		error = add_field(builder, question, FIELD_WHOLE, NULL, NULL);
	}
	if (error == ERR_OK && form_build_has_refusal_field(question))
		error = add_field(builder, question, FIELD_REFUSAL, "refusal", NULL);
	return error;
}

enum err form_build_fields(struct form *form, struct arena *arena)
{
	size_t room = 1;
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			struct question *question = &form->pages[p].questions[q];
			room += fields_of(question);
			if (question->type == QUESTION_SCALE && build_scale(form, question, arena) != ERR_OK)
				return ERR_NOMEM;
		}
	}
	struct field_builder builder = {.fields = arena_array(arena, room, struct field), .arena = arena};
	if (builder.fields == NULL)
		return ERR_NOMEM;
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			if (add_fields(&builder, &form->pages[p].questions[q]) != ERR_OK)
				return ERR_NOMEM;
		}
	}
	form->fields = builder.fields;
	form->fields_count = builder.count;
	return ERR_OK;
}

const char *form_text_unknown_hole(const char *text, size_t *length)
{
	static const char *const known[] = {"event", "place", "date", "organisation", "name"};
	for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
		size_t word = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
		if (word == 0 || at[1 + word] != '}')
			continue;
		bool is_known = false;
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			is_known |= strlen(known[i]) == word && strncmp(known[i], at + 1, word) == 0;
		if (is_known)
			continue;
		*length = word + 2;
		return at;
	}
	return NULL;
}
