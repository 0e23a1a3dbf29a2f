/* SPDX-License-Identifier: MIT */
/* steady.c: lib/base/random.h and lib/base/log.h for fuzzing alone: the same numbers for the same input, and no lines.
 *
 * An input that fails must fail again, and a fuzzer that sees other paths for the same bytes goes astray. libsodium has its own
 * source of randomness: seals differ from run to run, and no target's verdict hangs on their bytes. */
#include "steady.h"

#include "lib/base/log.h"
#include "lib/base/random.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint64_t steady_state = 1;

void steady_begin(void)
{
	steady_state = UINT64_C(0x9E3779B97F4A7C15);
}

/* xorshift64* (Vigna, 2016) */
static uint64_t steady_next(void)
{
	steady_state ^= steady_state >> 12;
	steady_state ^= steady_state << 25;
	steady_state ^= steady_state >> 27;
	return steady_state * UINT64_C(2685821657736338717);
}

void random_bytes(void *out, size_t length)
{
	unsigned char *at = out;
	for (size_t i = 0; i < length; i++)
		at[i] = (unsigned char) (steady_next() >> 56);
}

uint64_t random_below(uint64_t bound)
{
	return steady_next() % bound;
}

int64_t random_key(void)
{
	return (int64_t) random_below(INT64_MAX) + 1;
}

void random_shuffle(void *items, size_t count, size_t size)
{
	unsigned char *bytes = items, spare[256];
	for (size_t left = count; left > 1; left--) {
		unsigned char *a = bytes + (left - 1) * size;
		unsigned char *b = bytes + (size_t) random_below(left) * size;
		memcpy(spare, a, size);
		memmove(a, b, size);
		memcpy(b, spare, size);
	}
}

void log_init(const char *program)
{
	(void) program;
}

/* Formats, so that a bad argument is noticed, and says nothing. */
void log_event(enum log_level level, const char *event, const char *format, ...)
{
	char line[1000];
	va_list args;
	(void) level;
	(void) event;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
}
