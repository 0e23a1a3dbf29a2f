/* SPDX-License-Identifier: MIT */
/* manifest.c: writing and verifying a catalogue's manifest.
 *
 * The key that signs a manifest is named by the key set inside it. That is not a circle: the key set carries the root's
 * own signature, and the root's public key is pinned. So the body is read before its signature is checked, but nothing
 * is taken from it except the key set's text, and all of it is read again afterwards. The format is in
 * soundings-catalogue(5). */
#include "lib/catalogue/manifest.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/json_read.h"

enum {
	MANIFEST_FORMAT = 1,
	MANIFEST_MAX_BYTES = 256 * 1024, /* a key set of 64 periods takes 13 KiB */
	MANIFEST_KEYS = 5                /* of the body */
};

static const char manifest_kind[] = "manifest";

static void manifest_free_json(json_t **json)
{
	json_decref(*json);
}
#define CLEANUP_JSON __attribute__((cleanup(manifest_free_json)))

static void manifest_free_text(char **text)
{
	free(*text);
}

enum err manifest_encode(const struct manifest *manifest, const char *keyset_text, size_t keyset_length,
			 const struct root_pair *content_pair, struct arena *arena, char **out, size_t *length)
{
	char hex[2 * sizeof manifest->database + 1];
	codec_hex(manifest->database, sizeof manifest->database, hex);
	CLEANUP_JSON json_t *body = json_pack("{s:I, s:s, s:i, s:s%, s:I}", "bytes", (json_int_t) manifest->bytes,
					      "database", hex, "format", (int) MANIFEST_FORMAT, "keyset", keyset_text,
					      keyset_length, "serial", (json_int_t) manifest->serial);
	__attribute__((cleanup(manifest_free_text))) char *text =
		body == NULL ? NULL : json_write(body, JSON_SORT_KEYS | JSON_COMPACT);
	if (text == NULL)
		return ERR_NOMEM;
	return signed_encode(manifest_kind, text, strlen(text), content_pair, arena, out, length);
}

/* A JSON object of TEXT, or NULL with *ERROR. */
static json_t *manifest_parse(const char *text, size_t length, enum err *error)
{
	json_error_t trouble;
	json_t *body;
	enum err failure = json_read(text, length, ERR_CORRUPT, &body, &trouble);
	if (failure != ERR_OK)
		*error = failure;
	return body;
}

/* The key set out of a body that nobody has vouched for yet. */
static enum err manifest_keyset(const char *document, size_t length, const uint8_t root_public[KEYS_PUBLIC_BYTES],
				struct keyset *out, const char **reason)
{
	*reason = "manifest";
	const char *end = memchr(document, '\n', length);
	if (end == NULL)
		return ERR_CORRUPT;
	enum err error = ERR_OK;
	size_t head = (size_t) (end - document) + 1;
	CLEANUP_JSON json_t *body = manifest_parse(document + head, length - head, &error);
	if (body == NULL)
		return error;
	const json_t *text = json_object_get(body, "keyset");
	if (!json_is_string(text))
		return ERR_CORRUPT;
	*reason = "keyset";
	error = keyset_decode(json_string_value(text), json_string_length(text), root_public, out);
	return error == ERR_INVALID ? ERR_CORRUPT : error;
}

/* The verified body. Written again and compared, so that there is one text for each meaning. */
static enum err manifest_body(const char *text, size_t length, struct manifest *out)
{
	enum err error = ERR_OK;
	CLEANUP_JSON json_t *body = manifest_parse(text, length, &error);
	if (body == NULL)
		return error;
	const json_t *bytes = json_object_get(body, "bytes"), *serial = json_object_get(body, "serial");
	const char *hash = json_string_value(json_object_get(body, "database"));
	if (json_object_size(body) != MANIFEST_KEYS ||
	    json_integer_value(json_object_get(body, "format")) != MANIFEST_FORMAT || json_integer_value(bytes) <= 0 ||
	    json_integer_value(serial) <= 0 || hash == NULL ||
	    codec_unhex(hash, out->database, sizeof out->database) != ERR_OK)
		return ERR_CORRUPT;
	out->bytes = (uint64_t) json_integer_value(bytes);
	out->serial = (uint64_t) json_integer_value(serial);
	__attribute__((cleanup(manifest_free_text))) char *again = json_write(body, JSON_SORT_KEYS | JSON_COMPACT);
	if (again == NULL)
		return ERR_NOMEM;
	return strlen(again) == length && memcmp(again, text, length) == 0 ? ERR_OK : ERR_CORRUPT;
}

static enum err manifest_verify(const char *document, size_t length, const uint8_t root_public[KEYS_PUBLIC_BYTES],
				struct manifest *out, const char **reason)
{
	enum err error = manifest_keyset(document, length, root_public, &out->keyset, reason);
	if (error != ERR_OK)
		return error;
	const char *body = NULL;
	size_t body_length = 0;
	error = signed_decode(manifest_kind, document, length, out->keyset.content_public, &body, &body_length);
	*reason = error == ERR_DENIED ? "signature" : "manifest";
	if (error != ERR_OK)
		return error == ERR_INVALID ? ERR_CORRUPT : error;
	return manifest_body(body, body_length, out);
}

enum err manifest_read(int dir, const uint8_t root_public[KEYS_PUBLIC_BYTES], struct manifest *out, const char **reason)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 4 * MANIFEST_MAX_BYTES);
	char *document = NULL;
	size_t length = 0;
	*reason = "manifest";
	enum err error = file_read(dir, "manifest", MANIFEST_MAX_BYTES, &arena, &document, &length);
	if (error == ERR_NOT_FOUND || error == ERR_TOO_BIG)
		return ERR_CORRUPT;
	if (error != ERR_OK)
		return error;
	return manifest_verify(document, length, root_public, out, reason);
}
