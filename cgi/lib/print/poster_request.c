/* SPDX-License-Identifier: MIT */
/* poster_request.c: what a poster shall be, as JSON (RFC 8259) and back. Whatever is not known, or is there twice, is refused: a
 * key that is misspelt would otherwise be missing on the wall. What the texts say is the caller's matter, what they may consist of is
 * poster_check.c's. */
#include "lib/print/poster_request.h"

#include "lib/base/json_read.h"
#include "lib/base/problem.h"
#include "lib/base/utf8.h"
#include "lib/print/poster_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[POSTER_KIND_COUNT] = {
	[POSTER_A4] = "a4",       [POSTER_A3] = "a3",       [POSTER_TENT] = "tent",
	[POSTER_CARDS] = "cards", [POSTER_SLIDE] = "slide", [POSTER_QR] = "qr",
};
static const char *const formats[POSTER_FORMAT_COUNT] = {
	[POSTER_PDF] = "pdf", [POSTER_PNG] = "png", [POSTER_SVG] = "svg"};

/* A member of an object that is text. */
struct member {
	const char *key;
	size_t offset;
	bool is_optional;
};

#define FACE(name, is_optional)                                                                                        \
	{                                                                                                              \
#name, offsetof(struct poster_face, name), is_optional                                                 \
	}
static const struct member face_members[] = {
	FACE(lang, false),       FACE(title, false),     FACE(lead, false), FACE(what, true),
	FACE(minutes, false),    FACE(anonymous, false), FACE(until, true), FACE(type_it, false),
	FACE(code_label, false), FACE(paper, false),     FACE(phone, true), FACE(alt, false),
};
#define EVENT(name, is_optional)                                                                                       \
	{                                                                                                              \
#name, offsetof(struct poster_event, name), is_optional                                                \
	}
static const struct member event_members[] = {EVENT(title, false), EVENT(place, true), EVENT(day, true)};
#define REQUEST(name, is_optional)                                                                                     \
	{                                                                                                              \
#name, offsetof(struct poster_request, name), is_optional                                              \
	}
static const struct member request_members[] = {REQUEST(address, false), REQUEST(shown_address, false),
						REQUEST(code, false), REQUEST(organisation, true)};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { KEYS_MAX = 16, WHERE_MAX = 64 };

enum err poster_refuse(struct poster_trouble *trouble, enum err error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int length = vsnprintf(trouble->words, sizeof trouble->words, format, args);
	va_end(args);
	if (length < 0)
		trouble->words[0] = '\0';
	bool is_whole = utf8_is_valid(trouble->words, strlen(trouble->words)); /* or a character was cut */
	for (char *at = trouble->words; *at; at++) {
		unsigned char byte = (unsigned char) *at;
		if (byte < ' ' || byte == 0x7f) /* words are one line */
			*at = ' ';
		else if (byte >= 0x80 && !is_whole)
			*at = '?';
	}
	return error;
}

const char *poster_kind_name(enum poster_kind kind)
{
	return kinds[kind];
}

const char *poster_format_name(enum poster_format format)
{
	return formats[format];
}

static bool find(const char *name, const char *const *names, size_t count, unsigned *out)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (unsigned) i;
			return true;
		}
	return false;
}

bool poster_kind_find(const char *name, enum poster_kind *kind)
{
	unsigned found;
	if (!find(name, kinds, COUNT(kinds), &found))
		return false;
	*kind = (enum poster_kind) found;
	return true;
}

bool poster_format_find(const char *name, enum poster_format *format)
{
	unsigned found;
	if (!find(name, formats, COUNT(formats), &found))
		return false;
	*format = (enum poster_format) found;
	return true;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* The text of STRUCT that MEMBER is about. */
static const char *text_of(const void *object, const struct member *member)
{
	const char *text;
	memcpy(&text, (const char *) object + member->offset, sizeof text);
	return text;
}

static enum err put(json_t *object, const char *key, json_t *value)
{
	return value && json_object_set_new(object, key, value) == 0 ? ERR_OK : ERR_NOMEM;
}

static enum err put_texts(json_t *json, const void *object, const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = text_of(object, &members[i]);
		if (!text)
			continue;
		if (!utf8_is_valid(text, strlen(text)))
			return ERR_INVALID;
		enum err error = put(json, members[i].key, json_string(text));
		if (error)
			return error;
	}
	return ERR_OK;
}

static enum err put_faces(json_t *root, const struct poster_request *request)
{
	json_t *list = json_array();
	enum err error = put(root, "faces", list);
	for (size_t i = 0; !error && i < request->faces_count; i++) {
		const struct poster_face *face = &request->faces[i];
		json_t *json = json_object();
		if (!json || json_array_append_new(list, json) != 0)
			return ERR_NOMEM;
		error = put(json, "dir", json_string(face->is_rtl ? "rtl" : "ltr"));
		if (!error)
			error = put_texts(json, face, face_members, COUNT(face_members));
	}
	return error;
}

static enum err put_event(json_t *root, const struct poster_event *event)
{
	json_t *json = json_object();
	enum err error = put(root, "event", json);
	return error ? error : put_texts(json, event, event_members, COUNT(event_members));
}

static enum err put_all(json_t *root, const struct poster_request *request)
{
	struct poster_request shown = *request;
	if (request->is_refuge) {
		shown.organisation = NULL;
		shown.event = (struct poster_event){0};
	}
	enum err error = put(root, "kind", json_string(kinds[request->kind]));
	if (!error)
		error = put(root, "format", json_string(formats[request->format]));
	if (!error)
		error = put_texts(root, &shown, request_members, COUNT(request_members));
	if (!error && request->is_laminated)
		error = put(root, "laminated", json_true());
	if (!error && request->is_refuge)
		error = put(root, "refuge", json_true());
	if (!error && request->distance_cm)
		error = put(root, "distance_cm", json_integer(request->distance_cm));
	if (!error && shown.event.title)
		error = put_event(root, &shown.event);
	return error ? error : put_faces(root, request);
}

static void free_json(json_t **json)
{
	json_decref(*json);
}

static void free_text(char **text)
{
	free(*text);
}

enum err poster_request_write(const struct poster_request *request, struct strbuf *out)
{
	__attribute__((cleanup(free_json))) json_t *root = json_object();
	if (!root)
		return ERR_NOMEM;
	enum err error = put_all(root, request);
	if (error)
		return error;
	__attribute__((cleanup(free_text))) char *text = json_write(root, JSON_SORT_KEYS | JSON_COMPACT);
	if (!text)
		return ERR_NOMEM;
	if (strlen(text) > POSTER_REQUEST_MAX_BYTES)
		return ERR_TOO_BIG;
	strbuf_puts(out, text);
	return strbuf_error(out);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct poster_trouble *trouble;
};

static const char *name_of(const json_t *value)
{
	static const char *const names[] = {[JSON_OBJECT] = "an object",
					    [JSON_ARRAY] = "a list",
					    [JSON_STRING] = "text",
					    [JSON_INTEGER] = "a number",
					    [JSON_REAL] = "a number with a point",
					    [JSON_TRUE] = "true",
					    [JSON_FALSE] = "false",
					    [JSON_NULL] = "null"};
	return names[json_typeof(value)];
}

/* Each key of JSON is one of MEMBERS or of OTHERS (ended by NULL). */
static enum err check_keys(struct reader *reader, json_t *json, const char *where, const struct member *members,
			   size_t count, const char *const *others)
{
	const char *names[KEYS_MAX];
	size_t names_count = 0;
	for (size_t i = 0; i < count; i++)
		names[names_count++] = members[i].key;
	for (; *others; others++)
		names[names_count++] = *others;
	const char *key;
	json_t *value;
	json_object_foreach(json, key, value)
	{
		unsigned found;
		if (find(key, names, names_count, &found))
			continue;
		const char *nearest = problem_nearest(key, names, names_count);
		return poster_refuse(reader->trouble, ERR_INVALID, "%s%.40s: there is no such key%s%s%s", where, key,
				     nearest ? "; is it " : ": leave it out", nearest ? nearest : "",
				     nearest ? "?" : "");
	}
	return ERR_OK;
}

static enum err read_texts(struct reader *reader, const json_t *json, const char *where, void *object,
			   const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_object_get(json, members[i].key);
		if (!value && members[i].is_optional)
			continue;
		if (!value)
			return poster_refuse(reader->trouble, ERR_INVALID,
					     "%s%s is missing: every poster needs it; add it to the request", where,
					     members[i].key);
		if (!json_is_string(value))
			return poster_refuse(reader->trouble, ERR_INVALID, "%s%s is %s: put text there", where,
					     members[i].key, name_of(value));
		char key[WHERE_MAX];
		snprintf(key, sizeof key, "%s%s", where, members[i].key);
		const char *text = arena_strdup(reader->arena, json_string_value(value)); /* jansson takes no NUL */
		if (!text)
			return ERR_NOMEM;
		enum err error = poster_check_text(key, text, reader->trouble);
		if (error)
			return error;
		memcpy((char *) object + members[i].offset, &text, sizeof text);
	}
	return ERR_OK;
}

static enum err read_choice(struct reader *reader, const json_t *json, const char *key, const char *const *names,
			    size_t count, unsigned *out)
{
	const json_t *value = json_object_get(json, key);
	if (json_is_string(value) && find(json_string_value(value), names, count, out))
		return ERR_OK;
	CLEANUP_STRBUF struct strbuf list;
	strbuf_init(&list, POSTER_WORDS_MAX);
	for (size_t i = 0; i < count; i++)
		strbuf_putf(&list, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " or ", names[i]);
	return poster_refuse(reader->trouble, ERR_INVALID, "%s %s: it is one of %s", key,
			     value ? "is none that poster knows" : "is missing", strbuf_text(&list));
}

static enum err read_flag(struct reader *reader, const json_t *json, const char *key, bool *out)
{
	const json_t *value = json_object_get(json, key);
	if (value && !json_is_boolean(value))
		return poster_refuse(reader->trouble, ERR_INVALID, "%s is %s: it is true or false", key,
				     name_of(value));
	*out = json_is_true(value);
	return ERR_OK;
}

static enum err read_distance(struct reader *reader, const json_t *json, unsigned *out)
{
	const json_t *value = json_object_get(json, "distance_cm");
	*out = 0;
	if (!value)
		return ERR_OK;
	json_int_t number = json_is_integer(value) ? json_integer_value(value) : 0;
	if (number < 10 || number > POSTER_DISTANCE_MAX_CM)
		return poster_refuse(reader->trouble, ERR_INVALID,
				     "distance_cm is a whole number of centimetres from 10 to %d, or left out",
				     POSTER_DISTANCE_MAX_CM);
	*out = (unsigned) number;
	return ERR_OK;
}

static enum err read_face(struct reader *reader, json_t *json, size_t index, struct poster_face *face)
{
	static const char *const others[] = {"dir", NULL}, *const directions[] = {"ltr", "rtl"};
	char where[WHERE_MAX];
	snprintf(where, sizeof where, "faces[%zu].", index);
	if (!json_is_object(json))
		return poster_refuse(reader->trouble, ERR_INVALID, "faces[%zu] is %s: each language is an object",
				     index, name_of(json));
	enum err error = check_keys(reader, json, where, face_members, COUNT(face_members), others);
	if (!error)
		error = read_texts(reader, json, where, face, face_members, COUNT(face_members));
	unsigned direction = 0;
	const json_t *value = json_object_get(json, "dir");
	if (!error && !(json_is_string(value) && find(json_string_value(value), directions, 2, &direction)))
		return poster_refuse(reader->trouble, ERR_INVALID, "%sdir is ltr or rtl", where);
	face->is_rtl = direction == 1;
	return error;
}

static enum err read_faces(struct reader *reader, const json_t *root, struct poster_request *request)
{
	const json_t *list = json_object_get(root, "faces");
	size_t count = json_array_size(list); /* 0 for what is none */
	if (count < 1 || count > POSTER_FACES_MAX)
		return poster_refuse(reader->trouble, ERR_INVALID, "faces is a list of 1 to %d languages",
				     POSTER_FACES_MAX);
	enum err error = ERR_OK;
	for (size_t i = 0; !error && i < count; i++)
		error = read_face(reader, json_array_get(list, i), i, &request->faces[i]);
	request->faces_count = count;
	return error;
}

static enum err read_event(struct reader *reader, const json_t *root, struct poster_event *event)
{
	static const char *const others[] = {NULL};
	json_t *json = json_object_get(root, "event");
	if (!json)
		return ERR_OK;
	if (!json_is_object(json))
		return poster_refuse(reader->trouble, ERR_INVALID,
				     "event is %s: it is an object with title, place and day", name_of(json));
	enum err error = check_keys(reader, json, "event.", event_members, COUNT(event_members), others);
	return error ? error : read_texts(reader, json, "event.", event, event_members, COUNT(event_members));
}

static enum err read_all(struct reader *reader, json_t *root, struct poster_request *request)
{
	static const char *const others[] = {"kind",   "format", "laminated", "distance_cm",
					     "refuge", "event",  "faces",     NULL};
	unsigned kind = 0, format = 0;
	if (!json_is_object(root))
		return poster_refuse(reader->trouble, ERR_INVALID, "the request is %s: it is an object", name_of(root));
	enum err error = check_keys(reader, root, "", request_members, COUNT(request_members), others);
	if (!error)
		error = read_choice(reader, root, "kind", kinds, COUNT(kinds), &kind);
	if (!error)
		error = read_choice(reader, root, "format", formats, COUNT(formats), &format);
	request->kind = (enum poster_kind) kind;
	request->format = (enum poster_format) format;
	if (!error)
		error = read_texts(reader, root, "", request, request_members, COUNT(request_members));
	if (!error)
		error = read_flag(reader, root, "laminated", &request->is_laminated);
	if (!error)
		error = read_flag(reader, root, "refuge", &request->is_refuge);
	if (!error)
		error = read_distance(reader, root, &request->distance_cm);
	if (!error)
		error = read_event(reader, root, &request->event);
	return error ? error : read_faces(reader, root, request);
}

enum err poster_request_read(const char *json, size_t length, struct arena *arena, struct poster_request *request,
			     struct poster_trouble *trouble)
{
	struct reader reader = {arena, trouble};
	*request = (struct poster_request){0};
	trouble->words[0] = '\0';
	if (length > POSTER_REQUEST_MAX_BYTES)
		return poster_refuse(trouble, ERR_TOO_BIG, "the request is longer than %d bytes: shorten its texts",
				     POSTER_REQUEST_MAX_BYTES);
	json_error_t wrong;
	__attribute__((cleanup(free_json))) json_t *root = NULL;
	enum err error = json_read(json, length, ERR_INVALID, &root, &wrong);
	if (error == ERR_INVALID)
		return poster_refuse(trouble, error, "the request is no JSON, at line %d, column %d: %s", wrong.line,
				     wrong.column, wrong.text);
	if (!error)
		error = read_all(&reader, root, request);
	return error ? error : poster_check(request, trouble);
}
