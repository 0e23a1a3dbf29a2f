/* SPDX-License-Identifier: MIT */
/* strbuf.c: text that is built piece by piece, with a ceiling and one question at the end.
 *
 * Growing copies by hand and not with realloc, so that the memory left behind can be wiped: pages hold answers. */
#include "lib/base/strbuf.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRBUF_FIRST_BYTES = 256 };

void strbuf_init(struct strbuf *buffer, size_t ceiling_bytes)
{
	*buffer = (struct strbuf){.ceiling_bytes = ceiling_bytes};
}

static void strbuf_release(struct strbuf *buffer)
{
	if (buffer->data != NULL)
		explicit_bzero(buffer->data, buffer->capacity);
	free(buffer->data);
	buffer->data = NULL;
	buffer->capacity = 0;
}

void strbuf_fini(struct strbuf *buffer)
{
	if (buffer == NULL)
		return;
	strbuf_release(buffer);
	strbuf_init(buffer, buffer->ceiling_bytes);
}

void strbuf_reset(struct strbuf *buffer)
{
	if (buffer->data != NULL)
		explicit_bzero(buffer->data, buffer->length + 1);
	buffer->length = 0;
	buffer->error = ERR_OK;
}

void strbuf_fail(struct strbuf *buffer, enum err error)
{
	assert(error != ERR_OK);
	if (buffer->error != ERR_OK)
		return;
	strbuf_reset(buffer);
	buffer->error = error;
}

/* Makes room for MORE bytes and the NUL; false when the buffer has failed, now or before. */
static bool strbuf_reserve(struct strbuf *buffer, size_t more)
{
	if (buffer->error != ERR_OK)
		return false;
	if (more > buffer->ceiling_bytes - buffer->length || buffer->length + more == SIZE_MAX) {
		strbuf_fail(buffer, ERR_TOO_BIG);
		return false;
	}
	size_t need = buffer->length + more + 1;
	if (need <= buffer->capacity)
		return true;
	size_t capacity = buffer->capacity > 0 ? buffer->capacity : STRBUF_FIRST_BYTES;
	while (capacity < need)
		capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
	if (capacity - 1 > buffer->ceiling_bytes)
		capacity = buffer->ceiling_bytes + 1;
	char *data = malloc(capacity);
	if (data == NULL) {
		strbuf_fail(buffer, ERR_NOMEM);
		return false;
	}
	if (buffer->data != NULL)
		memcpy(data, buffer->data, buffer->length);
	data[buffer->length] = '\0';
	strbuf_release(buffer);
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void strbuf_put(struct strbuf *buffer, const void *bytes, size_t length)
{
	if (length == 0 || !strbuf_reserve(buffer, length))
		return;
	memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void strbuf_puts(struct strbuf *buffer, const char *text)
{
	strbuf_put(buffer, text, strlen(text));
}

void strbuf_putc(struct strbuf *buffer, char byte)
{
	strbuf_put(buffer, &byte, 1);
}

void strbuf_putf(struct strbuf *buffer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	strbuf_vputf(buffer, format, args);
	va_end(args);
}

void strbuf_vputf(struct strbuf *buffer, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length < 0)
		strbuf_fail(buffer, ERR_INVALID);
	else if (strbuf_reserve(buffer, (size_t) length)) {
		vsnprintf(buffer->data + buffer->length, (size_t) length + 1, format, again);
		buffer->length += (size_t) length;
	}
	va_end(again);
}

enum err strbuf_error(const struct strbuf *buffer)
{
	return buffer->error;
}

const char *strbuf_text(const struct strbuf *buffer)
{
	return buffer->data != NULL ? buffer->data : "";
}
