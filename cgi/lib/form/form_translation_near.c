/* SPDX-License-Identifier: MIT */
/* form_translation_near.c: which text of the English an entry for a path that is not there may have meant.
 *
 * Part by part: "served.statements.knid" is near to "served.statements.kind", and to no text of another question, however few letters
 * lie between. Where the last part is like none, all that there are at that place are named, if they are few. */
#include "lib/form/form_translation.h"

#include <string.h>

#include "lib/base/strbuf.h"

enum { PARTS_MAX = 5, OTHERS_MOST = 8, OTHERS_BYTES = 1000 };

struct part {
	const char *at;
	size_t length;
};

static size_t split(const char *path, struct part parts[PARTS_MAX])
{
	size_t count = 0;
	for (const char *at = path; count < PARTS_MAX; at += parts[count - 1].length + 1) {
		parts[count] = (struct part){at, strcspn(at, ".")};
		if (at[parts[count++].length] == '\0')
			return count;
	}
	return 0; /* no path has so many */
}

static bool is_part(const struct part *part, const char *word)
{
	return strlen(word) == part->length && strncmp(word, part->at, part->length) == 0;
}

/* The texts that may still be meant. */
struct search {
	struct arena *arena;
	const char **paths;
	size_t count;
	size_t parts_count;
};

/* Part LEVEL of each path, each once where equal ones follow one another. NULL without memory. */
static const char **words_at(const struct search *search, size_t level, size_t *count)
{
	const char **words = arena_array(search->arena, search->count + 1, const char *);
	*count = 0;
	for (size_t i = 0; words != NULL && i < search->count; i++) {
		struct part parts[PARTS_MAX];
		split(search->paths[i], parts);
		if (*count > 0 && is_part(&parts[level], words[*count - 1]))
			continue;
		words[*count] = arena_strndup(search->arena, parts[level].at, parts[level].length);
		if (words[(*count)++] == NULL)
			return NULL;
	}
	return words;
}

static void keep(struct search *search, size_t level, const char *word)
{
	size_t kept = 0;
	for (size_t i = 0; i < search->count; i++) {
		struct part parts[PARTS_MAX];
		split(search->paths[i], parts);
		if (is_part(&parts[level], word))
			search->paths[kept++] = search->paths[i];
	}
	search->count = kept;
}

/* "hot, kind, heard"; NULL when they are many. */
static const char *list_of(struct arena *arena, const char *const *words, size_t count)
{
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, OTHERS_BYTES);
	for (size_t i = 0; i < count; i++)
		strbuf_putf(&out, "%s%s", i > 0 ? ", " : "", words[i]);
	bool is_fine = count > 0 && count <= OTHERS_MOST && strbuf_error(&out) == ERR_OK;
	return is_fine ? arena_strdup(arena, strbuf_text(&out)) : NULL;
}

static void find(struct search *search, const char *path, const struct part *parts, struct form_translation_near *near)
{
	for (size_t level = 0; level < search->parts_count && search->count > 0; level++) {
		size_t count = 0;
		const char **words = words_at(search, level, &count);
		const char *own = arena_strndup(search->arena, parts[level].at, parts[level].length);
		if (words == NULL || own == NULL)
			return;
		const char *word = NULL;
		for (size_t i = 0; i < count && word == NULL; i++)
			word = strcmp(words[i], own) == 0 ? words[i] : NULL;
		word = word != NULL ? word : problem_nearest(own, words, count);
		if (word == NULL && level + 1 == search->parts_count && level > 0) {
			near->others = list_of(search->arena, words, count);
			near->place = arena_strndup(search->arena, path, (size_t) (parts[level].at - path - 1));
		}
		if (word == NULL)
			return;
		keep(search, level, word);
	}
	near->path = search->count > 0 ? search->paths[0] : NULL;
}

struct form_translation_near form_translation_near(const struct form_translation_texts *texts, const char *path)
{
	/* Not paths, but as easily misspelt. */
	static const char *const keys[] = {"language", "status", "same", "omit", "lists"};
	enum { KEYS = sizeof keys / sizeof keys[0] };
	struct part parts[PARTS_MAX], others[PARTS_MAX];
	struct form_translation_near near = {0};
	struct search search = {.arena = texts->arena, .parts_count = split(path, parts)};
	search.paths = arena_array(texts->arena, texts->count + KEYS, const char *);
	if (search.paths == NULL || search.parts_count == 0)
		return near;
	for (size_t i = 0; i < texts->count + KEYS; i++) {
		const char *other = i < texts->count ? texts->list[i].path : keys[i - texts->count];
		if (split(other, others) == search.parts_count)
			search.paths[search.count++] = other;
	}
	find(&search, path, parts, &near);
	return near;
}
