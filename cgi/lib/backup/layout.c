/* SPDX-License-Identifier: MIT */
/* layout.c: the sizes of a backup, and its head as canonical JSON.
 *
 * The length of a whole backup follows from its head alone, so that a file that was cut short on its way is told from one that was
 * changed, without any key. A head comes from a file that nobody has vouched for yet: it is small, read once, and written again and
 * compared, so that there is one text for each meaning. The format is in soundings-backup(5). */
#include "lib/backup/layout.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/codec.h"
#include "lib/base/json_read.h"
#include "lib/base/utf8.h"

enum { LAYOUT_KEYS = 7 /* of the head */ };

const char layout_magic[LAYOUT_MAGIC_BYTES + 1] = "soundings-backup 1\n";

static void layout_free_json(json_t **json)
{
	json_decref(*json);
}
#define CLEANUP_JSON __attribute__((cleanup(layout_free_json)))

static void layout_free_text(char **text)
{
	free(*text);
}
#define CLEANUP_TEXT __attribute__((cleanup(layout_free_text)))

uint64_t layout_plain_bytes(uint64_t bytes)
{
	assert(bytes <= LAYOUT_BYTES_MAX);
	return bytes + LAYOUT_ROOM_BYTES;
}

uint64_t layout_stream_bytes(uint64_t bytes)
{
	uint64_t plain = layout_plain_bytes(bytes);
	uint64_t chunks = (plain + STREAM_CHUNK_BYTES - 1) / STREAM_CHUNK_BYTES;
	return STREAM_HEAD_BYTES + plain + chunks * (STREAM_SEALED_CHUNK_BYTES - STREAM_CHUNK_BYTES);
}

void layout_put(uint64_t number, uint8_t *out, size_t length)
{
	for (size_t i = length; i > 0; i--) {
		out[i - 1] = (uint8_t) number;
		number >>= 8;
	}
}

uint64_t layout_get(const uint8_t *bytes, size_t length)
{
	uint64_t number = 0;
	for (size_t i = 0; i < length; i++)
		number = number << 8 | bytes[i];
	return number;
}

bool layout_is_name(const char *name, size_t length)
{
	if (length == 0 || length > BACKUP_NAME_MAX)
		return false;
	bool is_first = true; /* of what stands between slashes */
	for (size_t i = 0; i < length; i++) {
		char sign = name[i];
		bool is_plain = (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9') || sign == '-';
		if (!is_plain && (is_first || (sign != '.' && sign != '/')))
			return false;
		is_first = sign == '/';
	}
	return !is_first;
}

/* One line for people. */
static bool layout_is_line(const char *text)
{
	size_t length = strlen(text);
	if (length > BACKUP_NAME_MAX || !utf8_is_valid(text, length))
		return false;
	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char) *at < ' ' || *at == 127)
			return false;
	}
	return true;
}

enum err layout_keyset(const struct backup_head *head, struct keyset *out)
{
	enum err error = keyset_decode(head->keyset_document, head->keyset_length, head->root_public, out);
	return error == ERR_DENIED ? ERR_INVALID : error;
}

/* The JSON of a head; the caller frees. */
static enum err layout_dump(const struct backup_head *head, uint64_t bytes, char **out)
{
	char generation[2 * BACKUP_GENERATION_BYTES + 1], root[2 * KEYS_PUBLIC_BYTES + 1], day[DATE_TEXT];
	codec_hex(head->generation, sizeof head->generation, generation);
	codec_hex(head->root_public, sizeof head->root_public, root);
	date_format(head->day, day);
	CLEANUP_JSON json_t *json =
		json_pack("{s:I, s:s, s:s, s:s%, s:s, s:I, s:s}", "bytes", (json_int_t) bytes, "day", day, "generation",
			  generation, "keyset", head->keyset_document, head->keyset_length, "name", head->name,
			  "number", (json_int_t) head->number, "root", root);
	*out = json == NULL ? NULL : json_write(json, JSON_SORT_KEYS | JSON_COMPACT);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

enum err layout_encode(const struct backup_head *head, uint64_t bytes, struct arena *arena, uint8_t **out,
		       size_t *length)
{
	if (bytes > LAYOUT_BYTES_MAX || head->number == 0 || head->number > INT64_MAX || !layout_is_line(head->name) ||
	    !utf8_is_valid(head->keyset_document, head->keyset_length))
		return ERR_INVALID;
	CLEANUP_TEXT char *json = NULL;
	enum err error = layout_dump(head, bytes, &json);
	if (error != ERR_OK)
		return error;
	size_t json_length = strlen(json);
	if (json_length > LAYOUT_HEAD_MAX)
		return ERR_INVALID;
	uint8_t *start = arena_alloc(arena, LAYOUT_START_BYTES + json_length, 1);
	if (start == NULL)
		return ERR_NOMEM;
	memcpy(start, layout_magic, LAYOUT_MAGIC_BYTES);
	layout_put(json_length, start + LAYOUT_MAGIC_BYTES, LAYOUT_START_BYTES - LAYOUT_MAGIC_BYTES);
	memcpy(start + LAYOUT_START_BYTES, json, json_length);
	*out = start;
	*length = LAYOUT_START_BYTES + json_length;
	return ERR_OK;
}

/* Reads KEY's LENGTH bytes of hexadecimal. */
static bool layout_hex(const json_t *object, const char *key, uint8_t *out, size_t length)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL && codec_unhex(text, out, length) == ERR_OK;
}

/* Takes what is known out of the JSON; texts stay borrowed from it. Other spellings are found by the comparison that follows. */
static bool layout_read(const json_t *json, struct backup_head *out, uint64_t *bytes)
{
	json_int_t number = json_integer_value(json_object_get(json, "number"));
	const json_t *sum = json_object_get(json, "bytes"), *keyset = json_object_get(json, "keyset");
	const char *day = json_string_value(json_object_get(json, "day"));
	out->name = json_string_value(json_object_get(json, "name"));
	if (json_object_size(json) != LAYOUT_KEYS || number <= 0 || !json_is_integer(sum) ||
	    json_integer_value(sum) < 0 || json_integer_value(sum) > (json_int_t) LAYOUT_BYTES_MAX || day == NULL ||
	    out->name == NULL || !layout_is_line(out->name) || !json_is_string(keyset))
		return false;
	out->number = (uint64_t) number;
	*bytes = (uint64_t) json_integer_value(sum);
	out->keyset_document = json_string_value(keyset);
	out->keyset_length = json_string_length(keyset);
	return date_parse(day, &out->day) == ERR_OK &&
	       layout_hex(json, "generation", out->generation, sizeof out->generation) &&
	       layout_hex(json, "root", out->root_public, sizeof out->root_public);
}

enum err layout_decode(const char *text, size_t length, struct arena *arena, struct backup_head *out, uint64_t *bytes)
{
	json_error_t trouble;
	CLEANUP_JSON json_t *json = NULL;
	enum err error = json_read(text, length, ERR_CORRUPT, &json, &trouble);
	if (error != ERR_OK)
		return error;
	struct backup_head read = {0};
	if (!layout_read(json, &read, bytes))
		return ERR_CORRUPT;
	CLEANUP_TEXT char *again = NULL;
	error = layout_dump(&read, *bytes, &again);
	if (error != ERR_OK)
		return error;
	if (strlen(again) != length || memcmp(again, text, length) != 0)
		return ERR_CORRUPT;
	read.name = arena_strdup(arena, read.name);
	read.keyset_document = arena_strndup(arena, read.keyset_document, read.keyset_length);
	if (read.name == NULL || read.keyset_document == NULL)
		return ERR_NOMEM;
	*out = read;
	return ERR_OK;
}
