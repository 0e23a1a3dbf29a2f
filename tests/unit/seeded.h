/* SPDX-License-Identifier: MIT */
/* seeded.h: numbers for property tests: the same in every run, so that a case that fails can be looked at. */
#ifndef SOUNDINGS_TESTS_SEEDED_H
#define SOUNDINGS_TESTS_SEEDED_H

#include <stdint.h>

/* Set before the first number; never 0. */
static uint64_t seed;

/* In [0, BOUND), by xorshift64* (Vigna, 2016). */
static inline unsigned below(unsigned bound)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned) ((seed * UINT64_C(2685821657736338717)) >> 33) % bound;
}

#endif
