/* SPDX-License-Identifier: MIT */
/* words_document.c: the page's strings as one JSON document for the catalogue, and back.
 *
 * A front machine may be older or newer than its hub, and the programs newer than what the office was told last, so keys that are not known here
 * are passed over, and a key that is not there says what it said when this program was built. Everything else is hostile input. */
#include <string.h>

#include "lib/form/form_build.h"
#include "lib/form/form_json.h"
#include "lib/form/words.h"
#include "lib/form/words_parts.h"

#define WORDS_FORMAT "soundings-words/1"

static json_t *words_tree(const struct words *words)
{
	json_auto_t *object = json_object();
	json_auto_t *of = json_object();
	if (object == NULL || of == NULL)
		return NULL;
	for (size_t key = 0; key < WORD_COUNT; key++) {
		if (!form_json_put_string(of, word_names[key], words->of[key]))
			return NULL;
	}
	bool is_done =
		form_json_put_string(object, "language", words->language) &&
		form_json_put_string(object, "name", words->name) && form_json_put_true(object, "rtl", words->is_rtl) &&
		form_json_put_true(object, "draft", words->is_draft) && form_json_put(object, "of", json_incref(of));
	return is_done ? json_incref(object) : NULL;
}

enum err words_encode(const struct words_set *set, struct arena *arena, char **out, size_t *length)
{
	json_auto_t *root = json_object();
	json_auto_t *list = json_array();
	if (root == NULL || list == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < set->count; i++) {
		if (!form_json_append(list, words_tree(&set->list[i])))
			return ERR_NOMEM;
	}
	if (!form_json_put_string(root, "format", WORDS_FORMAT) || !form_json_put(root, "words", json_incref(list)))
		return ERR_NOMEM;
	return form_json_write(root, arena, out, length);
}

static void read_one(struct form_json_reader *reader, const json_t *object, struct words *words)
{
	words->language = form_json_name(reader, object, "language");
	words->name = form_json_name(reader, object, "name");
	words->is_rtl = form_json_true(reader, object, "rtl");
	words->is_draft = form_json_true(reader, object, "draft");
	const json_t *of = json_object_get(object, "of");
	if (!json_is_object(of))
		form_json_fail(reader, ERR_CORRUPT);
	for (size_t key = 0; key < WORD_COUNT; key++)
		words->of[key] = form_json_string(reader, of, word_names[key]);
}

static void read_all(struct form_json_reader *reader, const json_t *root, struct words_set *set)
{
	size_t count;
	const json_t *list = form_json_array(reader, root, "words", FORM_LANGUAGES_MAX, &count);
	if (strcmp(form_json_name(reader, root, "format"), WORDS_FORMAT) != 0 || count == 0)
		form_json_fail(reader, ERR_CORRUPT);
	set->list = arena_array(reader->arena, count + 1, struct words);
	if (set->list == NULL)
		form_json_fail(reader, ERR_NOMEM);
	for (size_t i = 0; reader->error == ERR_OK && i < count; i++) {
		struct words *words = &set->list[i];
		read_one(reader, json_array_get(list, i), words);
		bool is_there = words_find(set, words->language, strlen(words->language)) != NULL;
		if (!form_tag_is_valid(words->language) || is_there || (i == 0 && strcmp(words->language, "en") != 0))
			form_json_fail(reader, ERR_CORRUPT);
		set->count = i + 1;
	}
}

enum err words_decode(const char *json, size_t length, struct arena *arena, struct words_set *out)
{
	json_auto_t *root = NULL;
	enum err error = form_json_parse(json, length, &root);
	if (error != ERR_OK)
		return error;
	struct form_json_reader reader = {.arena = arena};
	struct words_set set = {0};
	read_all(&reader, root, &set);
	if (reader.error != ERR_OK)
		return reader.error;
	error = words_add_built_in(&set, arena);
	if (error != ERR_OK)
		return error;
	words_fill_gaps(&set);
	*out = set;
	return ERR_OK;
}
