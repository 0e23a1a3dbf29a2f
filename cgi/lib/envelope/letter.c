/* SPDX-License-Identifier: MIT */
/* letter.c: what is inside an envelope, as canonical JSON.
 *
 * Intake writes letters, the collector reads them. Anybody who has the public key can seal anything, so reading takes
 * nothing for granted: a letter is accepted only when writing what was read gives the same bytes again, which settles
 * surplus and repeated keys, other spellings, white space and order in one comparison. Must not judge answers against a
 * form: that is lib/form/answers.h. The keys are in soundings-envelope(5); JSON is RFC 8259, I-JSON's rule on repeated
 * names (RFC 7493, 2.3). */
#include "lib/envelope/envelope.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/json_read.h"
#include "lib/base/strbuf.h"

enum {
	LETTER_FORMAT = 1,
	LETTER_CODE_SIGNS = 6, /* of an event */
	LETTER_FORM_MAX = 32,
	LETTER_LANGUAGE_MAX = 35, /* RFC 5646, 4.4.1 */
	LETTER_VARIANT_MAX = 32,
	LETTER_TICKET_MAX = 64
};

#define LETTER_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTER_LOWER "abcdefghijklmnopqrstuvwxyz"
#define LETTER_DIGITS "0123456789"

static const char *const letter_kinds[LETTER_KIND_COUNT] = {
	[LETTER_RESPONSE] = "response",
	[LETTER_WITHDRAWAL] = "withdrawal",
};

static const char *const letter_modes[] = {"phone", "kiosk", "paper"};

static void letter_free_json(json_t **json)
{
	json_decref(*json);
}
#define CLEANUP_JSON __attribute__((cleanup(letter_free_json)))

/* ---- what a letter may say: the same for writing and reading ------------------------------------------------------
 */

/* MIN to MAX signs of ALLOWED. None of the sets holds a sign that JSON would escape. */
static bool letter_is_of(const char *text, const char *allowed, size_t min, size_t max)
{
	if (text == NULL)
		return false;
	size_t length = strspn(text, allowed);
	return text[length] == '\0' && length >= min && length <= max;
}

static bool letter_is_code(const char *text)
{
	return letter_is_of(text, LETTER_DIGITS LETTER_UPPER, LETTER_CODE_SIGNS, LETTER_CODE_SIGNS);
}

static bool letter_is_mode(const char *text)
{
	for (size_t i = 0; text != NULL && i < sizeof letter_modes / sizeof *letter_modes; i++) {
		if (strcmp(text, letter_modes[i]) == 0)
			return true;
	}
	return false;
}

static bool letter_is_sound(const struct letter *letter)
{
	if (letter->kind == LETTER_WITHDRAWAL)
		return letter->event != NULL && (*letter->event == '\0' || letter_is_code(letter->event));
	size_t answers_length = letter->answers == NULL ? 0 : strlen(letter->answers);
	return letter->kind == LETTER_RESPONSE && letter_is_code(letter->event) &&
	       letter_is_of(letter->form, LETTER_LOWER LETTER_DIGITS "-", 1, LETTER_FORM_MAX) && letter->version > 0 &&
	       letter_is_of(letter->language, LETTER_LOWER LETTER_DIGITS "-", 2, LETTER_LANGUAGE_MAX) &&
	       letter_is_of(letter->variant, LETTER_LOWER LETTER_DIGITS "-", 0, LETTER_VARIANT_MAX) &&
	       letter_is_mode(letter->mode) && letter->edit <= ENVELOPE_EDIT_MAX &&
	       (letter->ticket == NULL ||
		letter_is_of(letter->ticket, LETTER_DIGITS LETTER_UPPER LETTER_LOWER "-", 1, LETTER_TICKET_MAX)) &&
	       answers_length >= 2 && letter->answers[0] == '{' && letter->answers[answers_length - 1] == '}';
}

/* ---- writing ------------------------------------------------------------------------------------------------------
 */

/* Keys in bytewise order. Written by hand, not through a JSON library: intake wipes what held plain text, and a
 * library's heap cannot be wiped. */
static void letter_put(const struct letter *letter, struct strbuf *out)
{
	char id[2 * ENVELOPE_ID_BYTES + 1], receipt[2 * sizeof letter->withdraw + 1];
	codec_hex(letter->withdraw, sizeof letter->withdraw, receipt);
	const char *kind = letter_kinds[letter->kind];
	if (letter->kind == LETTER_WITHDRAWAL) {
		strbuf_putf(out, "{\"event\":\"%s\",\"format\":%d,\"kind\":\"%s\",\"receipt\":\"%s\"}", letter->event,
			    LETTER_FORMAT, kind, receipt);
		return;
	}
	codec_hex(letter->id, sizeof letter->id, id);
	strbuf_puts(out, "{\"answers\":");
	strbuf_puts(out, letter->answers);
	strbuf_putf(out, ",\"edit\":%u,\"event\":\"%s\",\"form\":\"%s\",\"format\":%d,\"id\":\"%s\",\"kind\":\"%s\"",
		    (unsigned) letter->edit, letter->event, letter->form, LETTER_FORMAT, id, kind);
	strbuf_putf(out, ",\"language\":\"%s\",\"mode\":\"%s\",\"receipt\":\"%s\"", letter->language, letter->mode,
		    receipt);
	if (letter->ticket != NULL)
		strbuf_putf(out, ",\"ticket\":\"%s\"", letter->ticket);
	strbuf_putf(out, ",\"variant\":\"%s\",\"version\":%lu}", letter->variant, (unsigned long) letter->version);
}

enum err letter_encode(const struct letter *letter, struct arena *arena, char **out, size_t *length)
{
	if (!letter_is_sound(letter))
		return ERR_INVALID;
	CLEANUP_STRBUF struct strbuf text;
	strbuf_init(&text, ENVELOPE_LETTER_MAX);
	letter_put(letter, &text);
	enum err error = strbuf_error(&text);
	if (error != ERR_OK)
		return error;
	*out = arena_strndup(arena, text.data, text.length);
	*length = text.length;
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------------------
 */

/* A string member, copied into ARENA. *TEXT stays NULL when there is none. */
static enum err letter_string(const json_t *root, const char *key, struct arena *arena, const char **text)
{
	const char *value = json_string_value(json_object_get(root, key));
	*text = value == NULL ? NULL : arena_strdup(arena, value);
	return value != NULL && *text == NULL ? ERR_NOMEM : ERR_OK;
}

/* A whole number from MIN to MAX. */
static bool letter_number(const json_t *root, const char *key, json_int_t min, json_int_t max, uint32_t *out)
{
	const json_t *value = json_object_get(root, key);
	if (!json_is_integer(value) || json_integer_value(value) < min || json_integer_value(value) > max)
		return false;
	*out = (uint32_t) json_integer_value(value);
	return true;
}

static bool letter_hash(const json_t *root, const char *key, uint8_t out[32])
{
	const char *text = json_string_value(json_object_get(root, key));
	return text != NULL && codec_unhex(text, out, 32) == ERR_OK;
}

/* The answers' own canonical bytes. Every value is a string or a list of strings; what they mean is the form's matter.
 */
static enum err letter_answers(const json_t *root, struct arena *arena, const char **out)
{
	json_t *answers = json_object_get(root, "answers"), *value = NULL;
	const char *name = NULL;
	if (!json_is_object(answers))
		return ERR_INVALID;
	json_object_foreach(answers, name, value)
	{
		if (!json_is_string(value) && !json_is_array(value))
			return ERR_INVALID;
		for (size_t i = 0; i < json_array_size(value); i++) {
			if (!json_is_string(json_array_get(value, i)))
				return ERR_INVALID;
		}
	}
	char *text = json_write(answers, JSON_SORT_KEYS | JSON_COMPACT);
	*out = text == NULL ? NULL : arena_strdup(arena, text);
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
	return *out == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err letter_read_response(const json_t *root, struct arena *arena, struct letter *out)
{
	enum err error;
	if ((error = letter_string(root, "form", arena, &out->form)) != ERR_OK ||
	    (error = letter_string(root, "language", arena, &out->language)) != ERR_OK ||
	    (error = letter_string(root, "variant", arena, &out->variant)) != ERR_OK ||
	    (error = letter_string(root, "mode", arena, &out->mode)) != ERR_OK ||
	    (error = letter_string(root, "ticket", arena, &out->ticket)) != ERR_OK ||
	    (error = letter_answers(root, arena, &out->answers)) != ERR_OK)
		return error;
	return letter_number(root, "edit", 0, ENVELOPE_EDIT_MAX, &out->edit) &&
			       letter_number(root, "version", 1, UINT32_MAX, &out->version) &&
			       letter_hash(root, "id", out->id)
		       ? ERR_OK
		       : ERR_INVALID;
}

/* Takes what is known out of the JSON. What else stands in it is found by the comparison that follows. */
static enum err letter_read(const json_t *root, struct arena *arena, struct letter *out)
{
	const char *kind = json_string_value(json_object_get(root, "kind"));
	uint32_t format = 0;
	if (kind == NULL || !letter_number(root, "format", LETTER_FORMAT, LETTER_FORMAT, &format) ||
	    !letter_hash(root, "receipt", out->withdraw))
		return ERR_INVALID;
	enum err error = letter_string(root, "event", arena, &out->event);
	if (error != ERR_OK)
		return error;
	if (strcmp(kind, letter_kinds[LETTER_WITHDRAWAL]) == 0) {
		out->kind = LETTER_WITHDRAWAL;
		return ERR_OK;
	}
	out->kind = LETTER_RESPONSE;
	return letter_read_response(root, arena, out); /* another kind differs in the comparison */
}

enum err letter_decode(const char *json, size_t length, struct arena *arena, struct letter *out)
{
	if (length > ENVELOPE_LETTER_MAX)
		return ERR_INVALID;
	json_error_t trouble;
	CLEANUP_JSON json_t *root = NULL;
	enum err error = json_read(json, length, ERR_INVALID, &root, &trouble);
	if (error != ERR_OK)
		return error;
	struct letter read = {0};
	error = letter_read(root, arena, &read);
	if (error != ERR_OK)
		return error;
	if (!letter_is_sound(&read))
		return ERR_INVALID;
	CLEANUP_STRBUF struct strbuf again;
	strbuf_init(&again, ENVELOPE_LETTER_MAX);
	letter_put(&read, &again);
	error = strbuf_error(&again);
	if (error == ERR_NOMEM)
		return error;
	if (error != ERR_OK || again.length != length || memcmp(again.data, json, length) != 0)
		return ERR_INVALID;
	*out = read;
	return ERR_OK;
}
