/* SPDX-License-Identifier: MIT */
/* utf8.h: strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef SOUNDINGS_BASE_UTF8_H
#define SOUNDINGS_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the LENGTH bytes are well-formed UTF-8 without NUL. */
bool utf8_is_valid(const char *text, size_t length);

/* Decodes one character of well-formed, NUL-ended TEXT at *AT and moves *AT past it. 0 at the end. */
uint32_t utf8_next(const char **at);

/* Length in UTF-16 units, as browsers count (an emoji is 2). TEXT must be well formed. */
size_t utf8_utf16_length(const char *text);

/* True for white space (Unicode White_Space). */
bool utf8_is_space(uint32_t point);

/* True when TEXT holds nothing but white space (Unicode White_Space), or is empty. */
bool utf8_is_blank(const char *text);

/* Replaces CR LF and lone CR by LF in place (HTML form submission sends CR LF; HTML Standard, 4.10.22). */
void utf8_normalise_line_ends(char *text);

#endif
