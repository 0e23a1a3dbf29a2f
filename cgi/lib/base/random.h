/* SPDX-License-Identifier: MIT */
/* random.h: randomness from the kernel (getrandom(2)). Never fails: a machine without randomness must stop. */
#ifndef SOUNDINGS_BASE_RANDOM_H
#define SOUNDINGS_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills LENGTH bytes. Aborts when the kernel gives none. */
void random_bytes(void *out, size_t length);

/* Evenly distributed in [0, BOUND), by rejection. BOUND must be at least 1. */
uint64_t random_below(uint64_t bound);

/* A row key: evenly distributed in [1, 2^63 - 1]. */
int64_t random_key(void);

/* Fisher-Yates shuffle in place of COUNT things of SIZE bytes each. SIZE at most 256. */
void random_shuffle(void *items, size_t count, size_t size);

#endif
