/* SPDX-License-Identifier: MIT */
/* strbuf.h: text that is built piece by piece, with a ceiling and one question at the end.
 *
 * Append freely; the first failure empties the buffer and sticks, so half a page is never sent. */
#ifndef SOUNDINGS_BASE_STRBUF_H
#define SOUNDINGS_BASE_STRBUF_H

#include "lib/base/err.h"

#include <stdarg.h>
#include <stddef.h>

struct strbuf {
	char *data;           /* NUL-ended once anything was put; NULL before */
	size_t length;        /* without the NUL */
	size_t capacity;      /* allocated */
	size_t ceiling_bytes; /* length never passes this */
	enum err error;       /* sticky: the first failure */
};

/* An empty buffer in the caller's storage. Allocates nothing. */
void strbuf_init(struct strbuf *buffer, size_t ceiling_bytes);

/* Wipes and frees. The buffer is then as after strbuf_init. NULL is fine. */
void strbuf_fini(struct strbuf *buffer);

/* Empties the buffer and forgets its error; keeps the memory. */
void strbuf_reset(struct strbuf *buffer);

void strbuf_put(struct strbuf *buffer, const void *bytes, size_t length);
void strbuf_puts(struct strbuf *buffer, const char *text);
void strbuf_putc(struct strbuf *buffer, char byte);
void strbuf_putf(struct strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_vputf(struct strbuf *buffer, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Marks the buffer as failed with ERROR (empties it), so that a caller further up is told once. */
void strbuf_fail(struct strbuf *buffer, enum err error);

/* ERR_OK, or the first failure: ERR_TOO_BIG past the ceiling, ERR_NOMEM. */
enum err strbuf_error(const struct strbuf *buffer) MUST_CHECK;

/* The text so far, never NULL ("" when empty or failed). Valid until the next call on the buffer. */
const char *strbuf_text(const struct strbuf *buffer);

#define CLEANUP_STRBUF __attribute__((cleanup(strbuf_fini)))

#endif
