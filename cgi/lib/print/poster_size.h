/* SPDX-License-Identifier: MIT */
/* poster_size.h: how large a QR code has to be, and how large it can be. Pure. */
#ifndef SOUNDINGS_PRINT_POSTER_SIZE_H
#define SOUNDINGS_PRINT_POSTER_SIZE_H

#include "lib/print/poster_request.h"

/* Points, 72 to the inch, in a millimetre. */
#define POSTER_MM (72 / 25.4)

/* From how far away REQUEST's code is read: what it says, or what is usual for its kind. Centimetres. */
unsigned poster_size_distance_cm(const struct poster_request *request);

/* How wide the dark square of a code with MODULES modules a side must be at least, in millimetres: a tenth of the distance, at least
 * 25, and modules of at least 0.4 and a 300th of the distance. */
double poster_size_side_mm(unsigned modules, unsigned distance_cm);

/* How wide it can be on KIND, in millimetres. */
double poster_size_most_mm(enum poster_kind kind);

/* The least side of REQUEST's code, which has MODULES modules, in *SIDE_MM. ERR_TOO_BIG when KIND has no room for it: TROUBLE says why, and
 * what would fit. A slide has no millimetres: anything fits. */
enum err poster_size_check(const struct poster_request *request, unsigned modules, double *side_mm,
			   struct poster_trouble *trouble) MUST_CHECK;

#endif
