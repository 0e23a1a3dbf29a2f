/* SPDX-License-Identifier: MIT */
/* poster_cards.c: A4 with eight cards to tear or cut off, each in one language: with several, rows or cards by turns, the first
 * language first. A card is held in the hand and has room for less: what and type_it are left out, and the title where it does not fit. */
#include "lib/print/poster_page.h"

#include <math.h>

enum { COLUMNS = 2, ROWS = 4, CARDS = COLUMNS * ROWS, DENSITIES = 4 };

static const double pad_mm = 6, card_pad_mm = 0;

/* Which language the card in PLACE speaks. */
static size_t face_of(const struct poster_page *page, size_t place)
{
	return place * page->request->faces_count / CARDS;
}

/* Densities: with the title; without; facts as running text; and paper and phone too. */
static void lay_card(struct poster_page *page, size_t index, double x, double y, double width, double height)
{
	struct scene *scene = page->scene;
	const struct poster_face *face = &page->request->faces[index];
	struct poster_faces faces = {index, 1};
	double mm = page->mm, pad = pad_mm * mm, inner = width - 2 * pad, gap = 1.6 * mm;
	double card = poster_part_code_width(page, card_pad_mm * mm);
	double quiet = (card - page->side) / 2; /* the white of the paper serves as well */
	struct poster_sizes sizes = {.lead = 15, .title = 12, .body = 12, .gap = 3.2};
	unsigned with = POSTER_WITH_LEAD | (page->density == 0 ? POSTER_WITH_TITLE : 0) | POSTER_WITH_FACTS |
			(page->density > 1 ? POSTER_JOINED : 0);
	double left = x + pad - quiet * 0.9, words_width = inner - card + quiet * 0.9 - gap;
	double words_x = face->is_rtl ? x + pad : left + card + gap;
	if (face->is_rtl)
		left = x + width - pad - card + quiet * 0.9;
	poster_part_code(page, index, card_pad_mm * mm, left, y + pad - quiet * 0.9);
	size_t words = scene->count;
	double used = poster_part_face(page, index, with, sizes, words_x, y + pad, words_width);
	double row = fmax(card - 1.8 * quiet, used);
	scene_move(scene, words, 0, (row - used) / 2);
	double top = y + pad + row + quiet * 0.9 + gap;
	double half = inner * 0.56;
	size_t address = scene->count;
	double address_height =
		poster_part_address(page, faces, 0, 14, face->is_rtl ? x + width - pad - half : x + pad, top, half);
	size_t typed = scene->count;
	double code_height = poster_part_typed_code(page, faces, 12, 19, face->is_rtl ? x + pad : x + pad + half + gap,
						    top, inner - half - gap);
	if (code_height > address_height)
		for (size_t i = address; i < typed; i++)
			scene->items[i].box.y += (code_height - address_height) / 2;
	top += fmax(code_height, address_height) + gap;
	with = POSTER_WITH_CONTACT | (page->density > 2 ? POSTER_JOINED : 0);
	top += poster_part_face(page, index, with, sizes, x + pad, top, inner);
	if (top > y + height - pad * 0.8)
		page->is_over = true;
}

static void lay(struct poster_page *page)
{
	struct scene *scene = page->scene;
	double width = scene->width / COLUMNS, height = scene->height / ROWS, mm = page->mm;
	page->margin = 3 * mm;
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
