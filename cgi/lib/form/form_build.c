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

static enum err add_pair(struct form *form, struct field *fields, const struct question *question, struct arena *arena)
{
	const char *before = arena_printf(arena, "%s_before", question->name);
	const char *now = arena_printf(arena, "%s_now", question->name);
	if (before == NULL || now == NULL)
		return ERR_NOMEM;
	fields[form->fields_count++] = (struct field){before, question, FIELD_BEFORE, NULL};
	fields[form->fields_count++] = (struct field){now, question, FIELD_NOW, NULL};
	return ERR_OK;
}

enum err form_build_fields(struct form *form, struct arena *arena)
{
	size_t questions = 0;
	for (size_t p = 0; p < form->pages_count; p++)
		questions += form->pages[p].questions_count;
	struct field *fields = arena_array(arena, 2 * questions + 1, struct field);
	if (fields == NULL)
		return ERR_NOMEM;
	form->fields = fields;
	form->fields_count = 0;
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			const struct question *question = &form->pages[p].questions[q];
			if (question->type == QUESTION_NOTE)
				continue;
			if (!question->is_pair)
				fields[form->fields_count++] =
					(struct field){question->name, question, FIELD_WHOLE, NULL};
			else if (add_pair(form, fields, question, arena) != ERR_OK)
				return ERR_NOMEM;
		}
	}
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
