/* SPDX-License-Identifier: MIT */
/* scene.h: one page as a list of things with a place, in the order in which they are read.
 *
 * It is laid out once and then drawn wherever it is wanted: as a file, and as the picture that is read back. A test can ask whether
 * anything overlaps. Lengths are points (on a slide: pixels), y grows down. */
#ifndef SOUNDINGS_PRINT_SCENE_H
#define SOUNDINGS_PRINT_SCENE_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <cairo.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stddef.h>

enum { SCENE_ITEMS_MAX = 400 };

struct scene_box {
	double x, y, width, height;
};

struct scene_colour {
	double red, green, blue;
};

/* What an item is to somebody who hears the page (ISO 32000-1, 14.8.4). */
enum scene_role { SCENE_DECOR, SCENE_H1, SCENE_H2, SCENE_P, SCENE_FIGURE };

enum scene_shape { SCENE_TEXT, SCENE_CODE, SCENE_PANEL, SCENE_LINE, SCENE_ICON };

enum scene_icon { SCENE_CLOCK, SCENE_LOCK, SCENE_CALENDAR, SCENE_PAPER, SCENE_PHONE, SCENE_DEPTHS, SCENE_SCISSORS };

struct scene_item {
	enum scene_shape shape;
	enum scene_role role;
	struct scene_box box; /* on the page, before it is turned; of a code: with its quiet zone */
	bool is_turned;       /* with the part of the page that is upside down: about the page's middle, upper half */
	const char *lang;     /* of text and figures; lives as long as the request */
	const char *alt;      /* of figures */
	PangoLayout *layout;  /* of text: the scene's */
	double layout_x, layout_y; /* of text: where its layout begins, from the corner of the box */
	struct scene_colour colour, border;
	bool is_filled, has_border;
	double radius, thickness, dash;
	const QRcode *code;
	enum scene_icon icon;
};

struct scene {
	struct arena *arena;       /* for texts and items */
	PangoContext *contexts[2]; /* from left to right, and the other way */
	double width, height;
	struct scene_item *items; /* SCENE_ITEMS_MAX of them */
	size_t count;
	bool is_turning; /* items that are added now are turned */
	bool is_broken;  /* some word goes on in the next line */
	bool is_crowded; /* something is wider than it may be */
	bool is_failed;  /* no memory, or too many items */
	struct scene_colour paper;
	struct scene_item nowhere; /* where items go once it has failed */
};

/* How text is set. */
struct scene_style {
	double size;
	bool is_bold;
	bool is_code;   /* in the code's font */
	double spacing; /* between letters */
	double leading; /* factor of the font's own line height */
	struct scene_colour colour;
	enum scene_role role;
	bool is_one_line; /* must not be wrapped */
	bool is_foreign;  /* not in the language around it: its first letters say in which direction it goes */
};

/* Everything comes from ARENA and MAP, which outlive the scene. */
void scene_init(struct scene *scene, PangoFontMap *map, struct arena *arena, double width, double height);
void scene_fini(struct scene *scene);

/* Forgets all items from COUNT on. */
void scene_cut(struct scene *scene, size_t count);

/* Adds TEXT in LANG at X, Y, at most WIDTH wide, right-aligned when IS_RTL, and gives its height; 0 for NULL. */
double scene_text(struct scene *scene, const char *text, const char *lang, bool is_rtl, const struct scene_style *style,
		  double x, double y, double width);

/* How wide TEXT would be on one line. */
double scene_text_width(struct scene *scene, const char *text, const char *lang, bool is_rtl,
			const struct scene_style *style);

/* A rounded panel, filled unless FILL is NULL, with a border unless BORDER is NULL. */
void scene_panel(struct scene *scene, struct scene_box box, double radius, const struct scene_colour *fill,
		 const struct scene_colour *border, double thickness);

/* A straight line; DASH 0: whole. */
void scene_line(struct scene *scene, double x, double y, double x2, double y2, struct scene_colour colour,
		double thickness, double dash);

void scene_icon(struct scene *scene, enum scene_icon icon, double x, double y, double size, struct scene_colour colour);

/* CODE, its dark square SIDE wide, so that the quiet zone begins at X, Y. Gives the whole width. */
double scene_code(struct scene *scene, const QRcode *code, const char *lang, const char *alt, double x, double y,
		  double side);

/* The whole width of such a code, quiet zone and all. */
double scene_code_width(const QRcode *code, double side);

/* Moves the items from FIRST on. */
void scene_move(struct scene *scene, size_t first, double x, double y);

/* The lowest edge of the items from FIRST on. */
double scene_bottom(const struct scene *scene, size_t first);

/* Where an item lies on the page. */
struct scene_box scene_place(const struct scene *scene, const struct scene_item *item);

/* Every text and code lies within the page, MARGIN from its edge at least, and none meets another. *FIRST and *SECOND are what does not (the same
 * item twice: it is outside). */
bool scene_is_sound(const struct scene *scene, double margin, size_t *first, size_t *second);

/* Draws on CONTEXT, whose unit is the scene's. TAGS: with PDF's structure (poster_pdf.c adds what cairo leaves out). */
void scene_draw(const struct scene *scene, cairo_t *context, bool has_tags);

#endif
