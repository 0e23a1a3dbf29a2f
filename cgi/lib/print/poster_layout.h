/* SPDX-License-Identifier: MIT */
/* poster_layout.h: finds the largest type and the largest code with which a request fits its page. */
#ifndef SOUNDINGS_PRINT_POSTER_LAYOUT_H
#define SOUNDINGS_PRINT_POSTER_LAYOUT_H

#include "lib/print/poster_request.h"
#include "lib/print/scene.h"

/* Lays REQUEST out with CODE, whose dark square is at least SIDE_MM wide, into SCENE (scene_fini is the caller's, also after an error).
 * *MARGIN is what everything that is read keeps from the edge. ERR_TOO_BIG with words in TROUBLE that name the text to shorten; ERR_NOMEM. */
enum err poster_layout(const struct poster_request *request, const QRcode *code, double side_mm, PangoFontMap *map,
		       struct arena *arena, struct scene *scene, double *margin,
		       struct poster_trouble *trouble) MUST_CHECK;

#endif
