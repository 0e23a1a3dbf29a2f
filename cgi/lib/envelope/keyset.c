/* SPDX-License-Identifier: MIT */
/* keyset.c: which keys an instance uses, said by its root.
 *
 * Front machines pin the root's public key and learn every other key from here. Must not accept what it would not have
 * written: a key set is read by writing it again and comparing bytes, so that there is one text for each meaning.
 * The format is in soundings-envelope(5). */
#include "lib/envelope/keys.h"

#include <jansson.h>
#include <string.h>

#include "lib/base/codec.h"
#include "lib/base/json_read.h"
#include "lib/base/strbuf.h"

enum {
	KEYSET_FORMAT = 1,
	KEYSET_BODY_MAX = 64 * 1024 /* 64 periods take 13 KiB */
};

static const char keyset_kind[] = "keyset";

static void keyset_free_json(json_t **json)
{
	json_decref(*json);
}
#define CLEANUP_JSON __attribute__((cleanup(keyset_free_json)))

const struct period *keyset_find(const struct keyset *keyset, const uint8_t id[KEYS_ID_BYTES])
{
	for (size_t i = 0; i < keyset->periods_count; i++) {
		if (memcmp(keyset->periods[i].id, id, KEYS_ID_BYTES) == 0)
			return &keyset->periods[i];
	}
	return NULL;
}

const struct period *keyset_current(const struct keyset *keyset, bool is_practice)
{
	for (size_t i = 0; i < keyset->periods_count; i++) {
		const struct period *period = &keyset->periods[i];
		if (period->is_current && period->is_practice == is_practice)
			return period;
	}
	return NULL;
}

/* Ids match their keys and are there once; exactly one period of each kind is current. */
static bool keyset_is_sound(const struct keyset *keyset)
{
	if (keyset->serial == 0 || keyset->serial > INT64_MAX || keyset->periods_count > KEYS_PERIODS_MAX)
		return false;
	size_t current_count[2] = {0, 0};
	for (size_t i = 0; i < keyset->periods_count; i++) {
		const struct period *period = &keyset->periods[i];
		uint8_t id[KEYS_ID_BYTES];
		keys_id(period->public_key, id);
		if (memcmp(id, period->id, KEYS_ID_BYTES) != 0 || keyset_find(keyset, id) != period)
			return false;
		current_count[period->is_practice] += period->is_current;
	}
	return current_count[false] == 1 && current_count[true] == 1;
}

/* Canonical JSON by hand: hexadecimal, numbers and booleans need no escapes, and keys stand in order. */
static void keyset_put(const struct keyset *keyset, struct strbuf *out)
{
	char hex[2 * KEYS_PUBLIC_BYTES + 1], id[2 * KEYS_ID_BYTES + 1];
	codec_hex(keyset->content_public, KEYS_PUBLIC_BYTES, hex);
	strbuf_putf(out, "{\"content\":\"%s\",\"format\":%d,\"periods\":[", hex, KEYSET_FORMAT);
	for (size_t i = 0; i < keyset->periods_count; i++) {
		const struct period *period = &keyset->periods[i];
		codec_hex(period->id, KEYS_ID_BYTES, id);
		codec_hex(period->public_key, KEYS_PUBLIC_BYTES, hex);
		strbuf_putf(out, "%s{\"current\":%s,\"id\":\"%s\",\"practice\":%s,\"public\":\"%s\"}",
			    i == 0 ? "" : ",", period->is_current ? "true" : "false", id,
			    period->is_practice ? "true" : "false", hex);
	}
	codec_hex(keyset->recovery_public, KEYS_PUBLIC_BYTES, hex);
	strbuf_putf(out, "],\"recovery\":\"%s\",\"serial\":%llu}", hex, (unsigned long long) keyset->serial);
}

enum err keyset_encode(const struct keyset *keyset, const struct root_pair *root, struct arena *arena, char **out,
		       size_t *length)
{
	if (!keyset_is_sound(keyset))
		return ERR_INVALID;
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, KEYSET_BODY_MAX);
	keyset_put(keyset, &body);
	enum err error = strbuf_error(&body);
	if (error != ERR_OK)
		return error;
	return signed_encode(keyset_kind, body.data, body.length, root, arena, out, length);
}

/* Reads KEY's LENGTH bytes of hexadecimal. */
static bool keyset_hex(const json_t *object, const char *key, uint8_t *out, size_t length)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL && codec_unhex(text, out, length) == ERR_OK;
}

static bool keyset_period(const json_t *object, struct period *out)
{
	const json_t *current = json_object_get(object, "current"), *practice = json_object_get(object, "practice");
	if (!json_is_boolean(current) || !json_is_boolean(practice))
		return false;
	out->is_current = json_is_true(current);
	out->is_practice = json_is_true(practice);
	return keyset_hex(object, "id", out->id, KEYS_ID_BYTES) &&
	       keyset_hex(object, "public", out->public_key, KEYS_PUBLIC_BYTES);
}

/* Takes what is known out of the JSON. Surplus keys and other spellings are found by the comparison that follows. */
static bool keyset_read(const json_t *root, struct keyset *out)
{
	const json_t *periods = json_object_get(root, "periods"), *serial = json_object_get(root, "serial");
	if (json_integer_value(json_object_get(root, "format")) != KEYSET_FORMAT || !json_is_array(periods) ||
	    json_array_size(periods) > KEYS_PERIODS_MAX || json_integer_value(serial) <= 0)
		return false;
	if (!keyset_hex(root, "content", out->content_public, KEYS_PUBLIC_BYTES) ||
	    !keyset_hex(root, "recovery", out->recovery_public, KEYS_PUBLIC_BYTES))
		return false;
	out->serial = (uint64_t) json_integer_value(serial);
	out->periods_count = json_array_size(periods);
	for (size_t i = 0; i < out->periods_count; i++) {
		if (!keyset_period(json_array_get(periods, i), &out->periods[i]))
			return false;
	}
	return true;
}

enum err keyset_decode(const char *document, size_t length, const uint8_t root_public[KEYS_PUBLIC_BYTES],
		       struct keyset *out)
{
	const char *body = NULL;
	size_t body_length = 0;
	enum err error = signed_decode(keyset_kind, document, length, root_public, &body, &body_length);
	if (error != ERR_OK)
		return error;
	json_error_t trouble;
	CLEANUP_JSON json_t *root = NULL;
	error = json_read(body, body_length, ERR_INVALID, &root, &trouble);
	if (error != ERR_OK)
		return error;
	struct keyset read = {0};
	if (!keyset_read(root, &read) || !keyset_is_sound(&read))
		return ERR_INVALID;
	CLEANUP_STRBUF struct strbuf again;
	strbuf_init(&again, KEYSET_BODY_MAX);
	keyset_put(&read, &again);
	error = strbuf_error(&again);
	if (error != ERR_OK)
		return error;
	if (again.length != body_length || memcmp(again.data, body, body_length) != 0)
		return ERR_INVALID;
	*out = read;
	return ERR_OK;
}
