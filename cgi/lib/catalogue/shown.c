/* SPDX-License-Identifier: MIT */
/* shown.c: what closed events and Areas show, as one canonical JSON document, and back.
 *
 * Front machines read it, so it is read as hostile input: bounded, every member checked, and what was read is written again and must give
 * the same bytes. Texts are organisers' and stay as they were typed, but for signs that no page and no feed may hold (XML 1.0, 2.2; HTML
 * Standard, 13.2.3.5): one of those must never keep a whole catalogue from being published. */
#include "lib/catalogue/shown.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/json_read.h"
#include "lib/base/utf8.h"

#define SHOWN_FORMAT "soundings-shown/1"

static const char *const status_names[SHOWN_STATUS_COUNT] = {
	[SHOWN_HEARD] = "heard",
	[SHOWN_DOING] = "doing",
	[SHOWN_DONE] = "done",
	[SHOWN_CANNOT] = "cannot",
};

static const char *const many_names[SHOWN_MANY_COUNT] = {
	[SHOWN_UNSAID] = "",
	[SHOWN_A_FEW] = "a few",
	[SHOWN_SEVERAL] = "several",
	[SHOWN_MANY] = "many",
};

static void free_text(char **text)
{
	free(*text);
}

/* ---- texts ---------------------------------------------------------------------------------------------------------------- */

/* True for what may stand in a text: everything but control characters (LF may) and the two non-characters that XML refuses. */
static bool is_showable(uint32_t point)
{
	if (point == '\n')
		return true;
	return point >= 0x20 && (point < 0x7f || point > 0x9f) && point != 0xfffe && point != 0xffff;
}

static bool is_clean(const char *text)
{
	for (uint32_t point; (point = utf8_next(&text)) != 0;)
		if (!is_showable(point))
			return false;
	return true;
}

/* TEXT with blanks for what may not be shown. NULL without room. */
static const char *clean(const char *text, struct arena *arena)
{
	char *copy = arena_strdup(arena, text);
	if (copy == NULL)
		return NULL;
	utf8_normalise_line_ends(copy);
	const char *at = copy, *start = copy;
	char *to = copy;
	for (uint32_t point; (point = utf8_next(&at)) != 0; start = at) {
		size_t length = (size_t) (at - start);
		if (is_showable(point)) {
			memmove(to, start, length);
			to += length;
		} else {
			*to++ = ' ';
		}
	}
	*to = '\0';
	return copy;
}

static bool is_id(const char *id)
{
	return strlen(id) == SHOWN_ID_BYTES && strspn(id, "0123456789abcdef") == SHOWN_ID_BYTES;
}

static bool is_tag(const char *tag)
{
	size_t length = strlen(tag);
	return length >= 2 && length <= 35 && strspn(tag, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* ---- writing -------------------------------------------------------------------------------------------------------------- */

static bool put(json_t *object, const char *key, json_t *value)
{
	return value != NULL && json_object_set_new(object, key, value) == 0;
}

static bool put_date(json_t *object, const char *key, struct date date)
{
	char text[DATE_TEXT];
	if (date.year == 0)
		return true;
	date_format(date, text);
	return put(object, key, json_string(text));
}

static json_t *text_tree(const struct shown_text *text)
{
	json_auto_t *object = json_object();
	bool is_done = object != NULL && put(object, "tag", json_string(text->tag)) &&
		       put(object, "theme", json_string(text->theme)) && put(object, "said", json_string(text->said)) &&
		       (*text->did == '\0' || put(object, "did", json_string(text->did)));
	return is_done ? json_incref(object) : NULL;
}

static json_t *action_tree(const struct shown_action *action)
{
	json_auto_t *object = json_object();
	json_auto_t *texts = json_array();
	for (size_t i = 0; texts != NULL && i < action->texts_count; i++)
		if (json_array_append_new(texts, text_tree(&action->texts[i])) != 0)
			return NULL;
	bool is_done = object != NULL && texts != NULL && put(object, "id", json_string(action->id)) &&
		       put(object, "status", json_string(status_names[action->status])) &&
		       (action->many == SHOWN_UNSAID || put(object, "many", json_string(many_names[action->many]))) &&
		       (action->event == NULL || put(object, "event", json_string(action->event))) &&
		       put_date(object, "held_on", action->held_on) && put_date(object, "updated", action->updated) &&
		       put(object, "texts", json_incref(texts));
	return is_done ? json_incref(object) : NULL;
}

static json_t *shown_tree(const struct shown *shown, size_t count)
{
	json_auto_t *root = json_object();
	json_auto_t *actions = json_array();
	for (size_t i = 0; actions != NULL && i < count; i++)
		if (json_array_append_new(actions, action_tree(&shown->actions[i])) != 0)
			return NULL;
	bool is_done = root != NULL && actions != NULL && put(root, "format", json_string(SHOWN_FORMAT)) &&
		       put_date(root, "next_on", shown->next_on) && put(root, "actions", json_incref(actions));
	return is_done ? json_incref(root) : NULL;
}

/* The document of the first COUNT actions; the caller's to free. NULL without memory. */
static char *written(const struct shown *shown, size_t count)
{
	json_auto_t *root = shown_tree(shown, count);
	return root == NULL ? NULL : json_write(root, JSON_SORT_KEYS | JSON_COMPACT);
}

static bool may_stand(const struct shown_action *action)
{
	if (!is_id(action->id) || action->updated.year == 0 || action->texts_count == 0 ||
	    action->texts_count > CATALOGUE_LANGUAGES_MAX ||
	    (action->event != NULL && strlen(action->event) > SHOWN_TEXT_MAX))
		return false;
	for (size_t i = 0; i < action->texts_count; i++) {
		const struct shown_text *text = &action->texts[i];
		if (!is_tag(text->tag) || strlen(text->theme) > SHOWN_TEXT_MAX || strlen(text->said) > SHOWN_TEXT_MAX ||
		    strlen(text->did) > SHOWN_TEXT_MAX)
			return false;
	}
	return true;
}

/* A copy of ACTION whose texts may be shown. ERR_NOMEM. */
static enum err clean_action(const struct shown_action *action, struct arena *arena, struct shown_action *out)
{
	struct shown_text *texts = arena_array(arena, action->texts_count, struct shown_text);
	*out = *action;
	for (size_t i = 0; texts != NULL && i < action->texts_count; i++) {
		const struct shown_text *text = &action->texts[i];
		texts[i] = (struct shown_text){text->tag, clean(text->theme, arena), clean(text->said, arena),
					       clean(text->did, arena)};
		if (texts[i].theme == NULL || texts[i].said == NULL || texts[i].did == NULL)
			return ERR_NOMEM;
	}
	out->texts = texts;
	out->event = action->event == NULL ? NULL : clean(action->event, arena);
	return texts == NULL || (action->event != NULL && out->event == NULL) ? ERR_NOMEM : ERR_OK;
}

enum err shown_encode(const struct shown *shown, struct arena *arena, char **out)
{
	size_t count = shown->actions_count < SHOWN_ACTIONS_MAX ? shown->actions_count : (size_t) SHOWN_ACTIONS_MAX;
	struct shown_action *actions = arena_array(arena, count + 1, struct shown_action);
	struct shown ready = {.next_on = shown->next_on, .actions = actions};
	if (actions == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		enum err error = may_stand(&shown->actions[i]) ? clean_action(&shown->actions[i], arena, &actions[i])
							       : ERR_INVALID;
		if (error != ERR_OK)
			return error;
	}
	for (;; count--) {
		__attribute__((cleanup(free_text))) char *text = written(&ready, count);
		if (text == NULL)
			return ERR_NOMEM;
		if (strlen(text) > SHOWN_MAX_BYTES && count > 0)
			continue;
		*out = arena_strdup(arena, text);
		return *out == NULL ? ERR_NOMEM : ERR_OK;
	}
}

/* ---- reading -------------------------------------------------------------------------------------------------------------- */

/* Goes on after a mistake, so that it is asked for once, at the end. */
struct reader {
	struct arena *arena;
	enum err error;
};

static void fail(struct reader *reader, enum err error)
{
	if (reader->error == ERR_OK)
		reader->error = error;
}

/* A string; FALLBACK when there is none. What is not one is corrupt. */
static const char *read_string(struct reader *reader, const json_t *object, const char *key, const char *fallback)
{
	const json_t *value = json_object_get(object, key);
	if (value == NULL)
		return fallback;
	const char *text = json_string_value(value);
	if (text == NULL || strlen(text) > SHOWN_TEXT_MAX || !is_clean(text)) {
		fail(reader, ERR_CORRUPT);
		return fallback;
	}
	const char *copy = arena_strdup(reader->arena, text);
	if (copy == NULL)
		fail(reader, ERR_NOMEM);
	return copy != NULL ? copy : fallback;
}

static int read_option(struct reader *reader, const json_t *object, const char *key, const char *const *names,
		       int count)
{
	const char *name = read_string(reader, object, key, "");
	for (int i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	fail(reader, ERR_CORRUPT);
	return 0;
}

static struct date read_date(struct reader *reader, const json_t *object, const char *key)
{
	struct date date = {0};
	const char *text = read_string(reader, object, key, NULL);
	if (text != NULL && date_parse(text, &date) != ERR_OK)
		fail(reader, ERR_CORRUPT);
	return date;
}

/* An array of 0 to MAX, and zeroed room for as many things of SIZE; NULL (and *COUNT 0) without. */
static void *read_array(struct reader *reader, const json_t *object, const char *key, size_t max, size_t size,
			const json_t **array, size_t *count)
{
	*array = json_object_get(object, key);
	*count = json_array_size(*array);
	if (!json_is_array(*array) || *count > max) {
		fail(reader, ERR_CORRUPT);
		*count = 0;
	}
	void *rows = arena_alloc(reader->arena, *count + 1, size);
	if (rows == NULL) {
		fail(reader, ERR_NOMEM);
		*count = 0;
	}
	return rows;
}

static void read_action(struct reader *reader, const json_t *object, struct shown_action *action)
{
	const json_t *array;
	action->id = read_string(reader, object, "id", "");
	action->status = (enum shown_status) read_option(reader, object, "status", status_names, SHOWN_STATUS_COUNT);
	action->many = (enum shown_many) read_option(reader, object, "many", many_names, SHOWN_MANY_COUNT);
	action->event = read_string(reader, object, "event", NULL);
	action->held_on = read_date(reader, object, "held_on");
	action->updated = read_date(reader, object, "updated");
	struct shown_text *texts = read_array(reader, object, "texts", CATALOGUE_LANGUAGES_MAX, sizeof *texts, &array,
					      &action->texts_count);
	for (size_t i = 0; i < action->texts_count; i++) {
		const json_t *row = json_array_get(array, i);
		texts[i] = (struct shown_text){
			.tag = read_string(reader, row, "tag", ""),
			.theme = read_string(reader, row, "theme", ""),
			.said = read_string(reader, row, "said", ""),
			.did = read_string(reader, row, "did", ""),
		};
	}
	action->texts = texts;
	if (!may_stand(action))
		fail(reader, ERR_CORRUPT);
}

static void read_all(struct reader *reader, const json_t *root, struct shown *shown)
{
	const json_t *array;
	if (strcmp(read_string(reader, root, "format", ""), SHOWN_FORMAT) != 0)
		fail(reader, ERR_CORRUPT);
	shown->next_on = read_date(reader, root, "next_on");
	struct shown_action *actions =
		read_array(reader, root, "actions", SHOWN_ACTIONS_MAX, sizeof *actions, &array, &shown->actions_count);
	for (size_t i = 0; i < shown->actions_count; i++)
		read_action(reader, json_array_get(array, i), &actions[i]);
	shown->actions = actions;
}

enum err shown_decode(const char *document, struct arena *arena, struct shown **out)
{
	size_t length = strlen(document);
	if (length > SHOWN_MAX_BYTES)
		return ERR_CORRUPT;
	json_error_t trouble;
	json_auto_t *root = NULL;
	enum err error = json_read(document, length, ERR_CORRUPT, &root, &trouble);
	if (error != ERR_OK)
		return error;
	struct shown *shown = arena_new(arena, struct shown);
	if (shown == NULL)
		return ERR_NOMEM;
	struct reader reader = {.arena = arena};
	read_all(&reader, root, shown);
	if (reader.error != ERR_OK)
		return reader.error;
	__attribute__((cleanup(free_text))) char *again = written(shown, shown->actions_count);
	if (again == NULL)
		return ERR_NOMEM;
	if (strcmp(again, document) != 0)
		return ERR_CORRUPT;
	*out = shown;
	return ERR_OK;
}

const struct shown_text *shown_text(const struct shown_action *action, const char *tag)
{
	const char *const wanted[] = {tag, tag, "en"};
	const size_t lengths[] = {strlen(tag), strcspn(tag, "-"), 2};
	for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++)
		for (size_t i = 0; i < action->texts_count; i++)
			if (strlen(action->texts[i].tag) == lengths[k] &&
			    strncmp(action->texts[i].tag, wanted[k], lengths[k]) == 0)
				return &action->texts[i];
	assert(action->texts_count > 0);
	return &action->texts[0];
}
