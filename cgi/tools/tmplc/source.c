/* SPDX-License-Identifier: MIT */
/* source.c: one template's text, and the way to refuse it. Compilers' editors and make read the form of the message. */
#include "tools/tmplc/source.h"

#include <stdarg.h>

void source_advance(struct place *place, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n') {
			place->line++;
			place->column = 1;
		} else if (((unsigned char) text[i] & 0xC0) != 0x80) {
			place->column++; /* not a character's second byte or later */
		}
	}
}

enum err source_refuse(const struct source *source, struct place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(source->complaints, "%s:%u:%u: ", source->file, place.line, place.column);
	vfprintf(source->complaints, format, args);
	fputc('\n', source->complaints);
	va_end(args);
	return ERR_INVALID;
}
