/* SPDX-License-Identifier: MIT */
/* poster_cards.c: A4 with eight cards to tear or cut off, each in one language: with several, rows or cards by turns, the first
 * language first. A card is held in the hand and has room for less: what and type_it are left out, and the title where it does not fit. */
#include "lib/print/poster_page.h"

#include <math.h>

enum { COLUMNS = 2, ROWS = 4, CARDS = COLUMNS * ROWS, DENSITIES = 4 };

static const double pad_mm = 5;

/* Which language the card in PLACE speaks. */
static size_t face_of(const struct poster_page *page, size_t place)
{
	return place * page->request->faces_count / CARDS;
}

/* The code with the white of the paper for most of its quiet zone, and under it what is typed instead, in a column WIDTH wide. Gives the
 * height. */
static double lay_code(struct poster_page *page, size_t index, double x, double y, double width)
{
	double quiet = (poster_part_code_width(page, 0) - page->side) / 2;
	bool is_rtl = page->request->faces[index].is_rtl;
	poster_part_code(page, index, 0, (is_rtl ? x + width - page->side : x) - quiet, y - quiet);
	double used = page->side + quiet; /* nothing may stand in it */
	return used + poster_part_typed_code(page, (struct poster_faces){index, 1}, 12, 17.5, x, y + used, width);
}

static void lay_card(struct poster_page *page, size_t index, double x, double y, double width, double height)
{
	struct scene *scene = page->scene;
	const struct poster_face *face = &page->request->faces[index];
	struct poster_faces faces = {index, 1};
	double mm = page->mm, pad = pad_mm * mm, inner = width - 2 * pad, gap = 1.2 * mm;
	double left = page->side + 6 * mm, beside = inner - left - 2 * mm;
	double code_x = face->is_rtl ? x + width - pad - left : x + pad,
	       words_x = face->is_rtl ? x + pad : x + pad + left + 2 * mm;
	struct poster_sizes sizes = {.lead = 15, .title = 12, .body = 12, .gap = 2.5};
	unsigned with = POSTER_WITH_LEAD | (page->density == 0 ? POSTER_WITH_TITLE : 0) | POSTER_WITH_FACTS |
			(page->density > 1 ? POSTER_JOINED : 0);
	size_t first = scene->count;
	double used = poster_part_face(page, index, with, sizes, words_x, y, beside) + gap;
	used += poster_part_address(page, faces, 0, 15, words_x, y + used, beside);
	size_t code = scene->count;
	double code_height = lay_code(page, index, code_x, y, left), row = fmax(used, code_height);
	for (size_t i = first; i < code; i++)
		scene->items[i].box.y += (row - used) / 2;
	double at = row + gap;
	with = POSTER_WITH_CONTACT | (page->density > 2 ? POSTER_JOINED : 0);
	at += poster_part_face(page, index, with, sizes, x + pad, y + at, inner);
	if (at > height - 2 * (pad - 0.5 * mm))
		page->is_over = true;
	scene_move(scene, first, 0, (height - at) / 2);
}

static void lay(struct poster_page *page)
{
	struct scene *scene = page->scene;
	double width = scene->width / COLUMNS, height = scene->height / ROWS, mm = page->mm;
	page->margin = 0.5 * mm; /* of the quiet zone, which is paper; what is printed keeps pad_mm */
	for (size_t i = 0; i < CARDS; i++)
		lay_card(page, face_of(page, i), (double) (i % COLUMNS) * width, (double) (i / COLUMNS) * height, width,
			 height);
	for (int row = 1; row < ROWS; row++)
		scene_line(scene, 0, row * height, scene->width, row * height, page->colours.line, 0.7, 4);
	scene_line(scene, width, 0, width, scene->height, page->colours.line, 0.7, 4);
	scene_icon(scene, SCENE_SCISSORS, 1.5 * mm, height - 1.6 * mm, 3.2 * mm, page->colours.soft);
}

const struct poster_kind_layout *poster_cards_layout(void)
{
	static const struct poster_kind_layout layout = {lay, DENSITIES, 1.35};
	return &layout;
}
