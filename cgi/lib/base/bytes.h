/* SPDX-License-Identifier: MIT */
/* bytes.h: numbers without sign as bytes, big endian: in protocols and files of ours that are not text. */
#ifndef SOUNDINGS_BASE_BYTES_H
#define SOUNDINGS_BASE_BYTES_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* Writes NUMBER into LENGTH bytes (at most 8), which it must fit: what does not is cut off at the high end. */
static inline void bytes_put(uint8_t *out, size_t length, uint64_t number)
{
	assert(length <= 8);
	for (size_t i = length; i-- > 0; number >>= 8)
		out[i] = (uint8_t) number;
}

/* The number in LENGTH bytes (at most 8). */
static inline uint64_t bytes_get(const uint8_t *bytes, size_t length)
{
	assert(length <= 8);
	uint64_t number = 0;
	for (size_t i = 0; i < length; i++)
		number = number << 8 | bytes[i];
	return number;
}

#endif
