/* SPDX-License-Identifier: MIT */
/* steady.h: begins the numbers of steady.c again, at the beginning of each input. */
#ifndef SOUNDINGS_TESTS_FUZZ_STEADY_H
#define SOUNDINGS_TESTS_FUZZ_STEADY_H

#include <stdint.h>

void steady_begin(void);

#endif
