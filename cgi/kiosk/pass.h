/* SPDX-License-Identifier: MIT */
/* pass.h: what the menu's forms carry instead of a cookie: until when they count, and a keyed hash of that. */
#ifndef SOUNDINGS_KIOSK_PASS_H
#define SOUNDINGS_KIOSK_PASS_H

#include "lib/account/token.h"

#include <stdbool.h>
#include <stdint.h>

enum { PASS_LIVES_S = 120, PASS_TEXT = 16 + 2 * TOKEN_HASH_BYTES + 1 };

/* A pass that counts for PASS_LIVES_S from NOW_S, a second of a clock that never goes back and that KEY does not outlive. */
void pass_new(const uint8_t key[TOKEN_HASH_BYTES], int64_t now_s, char out[PASS_TEXT]);

/* Whether TEXT (NULL is none) is such a pass, and still counts. */
bool pass_is_good(const uint8_t key[TOKEN_HASH_BYTES], const char *text, int64_t now_s);

#endif
