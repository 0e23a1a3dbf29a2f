/* SPDX-License-Identifier: MIT */
/* random.c: randomness from the kernel, getrandom(2). There is no second source and no seed. */
#include "lib/base/random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { RANDOM_ITEM_MAX_BYTES = 256 };

void random_bytes(void *out, size_t length)
{
	unsigned char *at = out;
	while (length > 0) {
		ssize_t got = getrandom(at, length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		at += got;
		length -= (size_t) got;
	}
}

uint64_t random_below(uint64_t bound)
{
	assert(bound >= 1);
	/* The values below 2^64 mod bound would come up once too often. */
	uint64_t surplus = (0 - bound) % bound;
	for (;;) {
		uint64_t value;
		random_bytes(&value, sizeof value);
		if (value >= surplus)
			return value % bound;
	}
}

int64_t random_key(void)
{
	return (int64_t) random_below(INT64_MAX) + 1;
}

void random_shuffle(void *items, size_t count, size_t size)
{
	assert(size <= RANDOM_ITEM_MAX_BYTES);
	unsigned char spare[RANDOM_ITEM_MAX_BYTES];
	unsigned char *bytes = items;
	for (size_t left = count; left > 1; left--) {
		unsigned char *a = bytes + (left - 1) * size;
		unsigned char *b = bytes + (size_t) random_below(left) * size;
		memcpy(spare, a, size);
		memmove(a, b, size);
		memcpy(b, spare, size);
	}
	explicit_bzero(spare, sizeof spare);
}
