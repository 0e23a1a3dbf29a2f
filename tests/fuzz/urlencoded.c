/* SPDX-License-Identifier: MIT */
/* urlencoded.c: fuzzes the decoder of form bodies and queries (lib/http/http_decode.c).
 *
 * What was decoded, encoded again here and decoded again, must be the same: so nothing is lost, merged or decoded twice. */
#include "fuzz.h"

#include "lib/base/utf8.h"
#include "lib/http/http.h"

/* Writes every byte but plain letters as a percent escape. OUT has room for three times the length. */
static size_t encode(const char *text, char *out)
{
	size_t used = 0;
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char) *text;
		if (byte == ' ')
			out[used++] = '+';
		else if (byte >= 'a' && byte <= 'z')
			out[used++] = (char) byte;
		else
			used += (size_t) sprintf(out + used, "%%%02X", byte);
	}
	return used;
}

static void check_again(const struct http_field *fields, size_t count, struct arena *arena)
{
	size_t room = 1, used = 0, again_count = 0;
	for (size_t i = 0; i < count; i++)
		room += 3 * (strlen(fields[i].name) + strlen(fields[i].value)) + 2;
	char *text = malloc(room);
	FUZZ_CHECK(text != NULL);
	for (size_t i = 0; i < count; i++) {
		used += encode(fields[i].name, text + used);
		text[used++] = '=';
		used += encode(fields[i].value, text + used);
		text[used++] = '&';
	}
	struct http_field *again = NULL;
	enum http_fault fault = HTTP_FAULT_NONE;
	FUZZ_CHECK(http_decode_fields(text, used > 0 ? used - 1 : 0, arena, &again, &again_count, &fault) == ERR_OK);
	FUZZ_CHECK(fault == HTTP_FAULT_NONE && again_count == count);
	for (size_t i = 0; i < count; i++)
		FUZZ_CHECK(strcmp(again[i].name, fields[i].name) == 0 && strcmp(again[i].value, fields[i].value) == 0);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct http_field *fields = NULL;
	size_t count = 0;
	enum http_fault fault = HTTP_FAULT_NONE;
	uint8_t *text = fuzz_bytes(data, size);
	arena_init(&arena, 64 * 1024 * 1024);
	FUZZ_CHECK(http_decode_fields((const char *) text, size, &arena, &fields, &count, &fault) == ERR_OK);
	FUZZ_CHECK(fault == HTTP_FAULT_NONE || fault == HTTP_FAULT_ENCODING || fault == HTTP_FAULT_FIELDS);
	if (fault == HTTP_FAULT_NONE) {
		FUZZ_CHECK(count <= HTTP_FIELDS_MAX);
		for (size_t i = 0; i < count; i++) {
			size_t name = strlen(fields[i].name), value = strlen(fields[i].value);
			bool is_repeated = false;
			FUZZ_CHECK(name >= 1 && name <= HTTP_NAME_MAX && utf8_is_valid(fields[i].name, name));
			FUZZ_CHECK(utf8_is_valid(fields[i].value, value));
			FUZZ_CHECK(http_field(fields, count, fields[i].name, &is_repeated) != NULL);
		}
		check_again(fields, count, &arena);
	}
	arena_fini(&arena);
	free(text);
	return 0;
}
