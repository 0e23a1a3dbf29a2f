/* SPDX-License-Identifier: MIT */
/* scene_glyphs.h: draws text so that its words can be taken out of a PDF again. */
#ifndef SOUNDINGS_PRINT_SCENE_GLYPHS_H
#define SOUNDINGS_PRINT_SCENE_GLYPHS_H

#include <pango/pangocairo.h>

/* As pango_cairo_show_layout, from the point X, Y of CONTEXT's unit. What is seen is the same. */
void scene_glyphs_show(cairo_t *context, PangoLayout *layout, double x, double y);

#endif
