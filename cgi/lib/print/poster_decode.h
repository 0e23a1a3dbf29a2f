/* SPDX-License-Identifier: MIT */
/* poster_decode.h: reads a picture of a page as a phone would. */
#ifndef SOUNDINGS_PRINT_POSTER_DECODE_H
#define SOUNDINGS_PRINT_POSTER_DECODE_H

#include "lib/base/err.h"
#include "lib/print/scene.h"

#include <stdbool.h>

/* Draws SCENE as a picture, and again in grey and at half the size, and has libzbar read every code on both. *IS_READ: each code was
 * found, each says ADDRESS, and nothing else was found. ERR_NOMEM. */
enum err poster_decode(const struct scene *scene, const char *address, bool *is_read) MUST_CHECK;

#endif
