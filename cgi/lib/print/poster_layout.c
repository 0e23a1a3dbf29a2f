/* SPDX-License-Identifier: MIT */
/* poster_layout.c: finds the largest type and the largest code with which a request fits its page.
 *
 * A kind's function puts everything where it would stand for one size of type and one of the code; this file tries sizes. Whatever fits,
 * fits with anything smaller too, so the border between what fits and what does not is walked along, and the best place on
 * it taken. Nothing is ever cut off: what does not fit with the least sizes is refused, and the text that is too long is named. */
#include "lib/print/poster_layout.h"

#include "lib/base/utf8.h"
#include "lib/print/poster_page.h"
#include "lib/print/poster_size.h"
#include "lib/print/qr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SCALES = 14, SIDES = 8 };

static const double side_worth = 0.6,
		    side_worth_beside_many = 0.35; /* of the largest code, where the largest type is worth 1 */
static const double a4_width = 595.276, a4_height = 841.890, a3_width = 841.890, a3_height = 1190.551; /* ISO 216 */
static const double slide_width = 1920, slide_height = 1080, slide_side_least = 380, slide_side_most = 600,
		    slide_mm = 5;

/* #14212b and so on: static/css/_colours.scss. */
#define COLOUR(red, green, blue)                                                                                       \
	{                                                                                                              \
		(red) / 255.0, (green) / 255.0, (blue) / 255.0                                                         \
	}
static const struct poster_colours on_paper = {
	.ink = COLOUR(0x14, 0x21, 0x2b),
	.soft = COLOUR(0x46, 0x53, 0x5d),
	.deep = COLOUR(0x0b, 0x4f, 0x5c),
	.tide = COLOUR(0x0a, 0x6c, 0x7e),
	.mist = COLOUR(0xe3, 0xf1, 0xf2),
	.line = COLOUR(0x8a, 0x86, 0x80),
	.card = COLOUR(0xff, 0xff, 0xff),
	.on_card = COLOUR(0x14, 0x21, 0x2b),
};
static const struct poster_colours on_slide = {
	.ink = COLOUR(0xff, 0xff, 0xff),
	.soft = COLOUR(0xd5, 0xe6, 0xe8),
	.deep = COLOUR(0xff, 0xff, 0xff),
	.tide = COLOUR(0x8f, 0xd6, 0xe0),
	.mist = COLOUR(0x0a, 0x3a, 0x44),
	.line = COLOUR(0x4b, 0x5d, 0x67),
	.card = COLOUR(0xff, 0xff, 0xff),
	.on_card = COLOUR(0x14, 0x21, 0x2b),
};
static const struct scene_colour slide_paper = COLOUR(0x0b, 0x4f, 0x5c);

/* What does not change from one attempt to the next. */
struct search {
	const struct poster_kind_layout *layout;
	struct poster_page page;
	double scale_most, side_least, side_most;
	bool may_break; /* words, where nothing else helps */
};

static bool fits(struct search *search, unsigned density, unsigned scale, unsigned side)
{
	struct poster_page *page = &search->page;
	struct scene *scene = page->scene;
	scene_cut(scene, 0);
	scene->is_broken = scene->is_crowded = false;
	page->density = density;
	page->scale = 1 + (search->scale_most - 1) * scale / (SCALES - 1);
	page->side = search->side_least + (search->side_most - search->side_least) * side / (SIDES - 1);
	page->has_heading = page->is_over = false;
	search->layout->lay(page);
	size_t first, second;
	return !scene->is_failed && !page->is_over && !scene->is_crowded && (search->may_break || !scene->is_broken) &&
	       scene_is_sound(scene, page->margin, &first, &second);
}

/* Leaves the best fit of DENSITY in the scene. False when there is none. */
static bool find(struct search *search, unsigned density)
{
	if (!fits(search, density, 0, 0))
		return false;
	unsigned best_scale = 0, best_side = 0;
	double best = 0, worth_of_side = search->page.request->faces_count > 1 ? side_worth_beside_many : side_worth;
	for (unsigned scale = SCALES - 1, side = 0; side < SIDES;) {
		if (fits(search, density, scale, side)) {
			double worth = (double) scale / (SCALES - 1) + worth_of_side * side / (SIDES - 1);
			if (worth > best) {
				best = worth;
				best_scale = scale;
				best_side = side;
			}
			side++;
		} else if (scale-- == 0)
			break;
	}
	return fits(search, density, best_scale, best_side);
}

static void set_up(struct search *search, const QRcode *code, double side_mm)
{
	struct poster_page *page = &search->page;
	enum poster_kind kind = page->request->kind;
	static const struct poster_kind_layout *(*const layouts[POSTER_KIND_COUNT])(void) = {
		[POSTER_A4] = poster_sheet_layout,    [POSTER_A3] = poster_sheet_layout,
		[POSTER_TENT] = poster_tent_layout,   [POSTER_CARDS] = poster_cards_layout,
		[POSTER_SLIDE] = poster_slide_layout, [POSTER_QR] = poster_alone_layout,
	};
	page->code = code;
	page->mm = POSTER_MM;
	page->text_min = kind == POSTER_CARDS ? 12 : 14;
	page->colours = on_paper;
	search->layout = layouts[kind]();
	search->scale_most = search->layout->scale_most;
	search->side_least = side_mm * POSTER_MM;
	search->side_most = kind == POSTER_QR ? search->side_least : poster_size_most_mm(kind) * POSTER_MM;
	if (kind == POSTER_A3) {
		page->mm *= a3_width / a4_width;
		search->scale_most *= a3_width / a4_width;
	}
	if (kind == POSTER_SLIDE) {
		page->mm = slide_mm;
		page->text_min = 24;
		page->colours = on_slide;
		search->side_least = slide_side_least;
		search->side_most = slide_side_most;
	}
}

static void size_of(const struct poster_request *request, const QRcode *code, double side_mm, double *width,
		    double *height)
{
	switch (request->kind) {
	case POSTER_A3:
		*width = a3_width;
		*height = a3_height;
		break;
	case POSTER_SLIDE:
		*width = slide_width;
		*height = slide_height;
		break;
	case POSTER_QR:
		*width = *height = scene_code_width(code, side_mm * POSTER_MM);
		break;
	default:
		*width = a4_width;
		*height = a4_height;
	}
}

/* ---- when it does not fit ------------------------------------------------------------------------------------------ */

static size_t count_signs(const char *text)
{
	size_t count = 0;
	while (utf8_next(&text) != 0)
		count++;
	return count;
}

/* The text that goes furthest past what is usual of its kind. */
static enum err refuse(const struct poster_request *request, struct poster_trouble *trouble)
{
	static const struct {
		const char *key;
		size_t offset, usual;
	} texts[] = {
		{"title", offsetof(struct poster_face, title), 45},
		{"lead", offsetof(struct poster_face, lead), 25},
		{"what", offsetof(struct poster_face, what), 80},
		{"minutes", offsetof(struct poster_face, minutes), 20},
		{"anonymous", offsetof(struct poster_face, anonymous), 35},
		{"until", offsetof(struct poster_face, until), 40},
		{"type_it", offsetof(struct poster_face, type_it), 40},
		{"code_label", offsetof(struct poster_face, code_label), 10},
		{"paper", offsetof(struct poster_face, paper), 45},
		{"phone", offsetof(struct poster_face, phone), 35},
	};
	size_t worst_face = 0, worst = 0, worst_signs = 0;
	double worst_ratio = 0;
	for (size_t i = 0; i < request->faces_count; i++)
		for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
			const char *text;
			memcpy(&text, (const char *) &request->faces[i] + texts[j].offset, sizeof text);
			size_t signs = text ? count_signs(text) : 0;
			double ratio = (double) signs / (double) texts[j].usual;
			if (ratio > worst_ratio) {
				worst_ratio = ratio;
				worst_face = i;
				worst = j;
				worst_signs = signs;
			}
		}
	const struct {
		const char *key, *text;
		size_t usual;
	} others[] = {{"event.title", request->event.title, 60},
		      {"event.place", request->event.place, 60},
		      {"event.day", request->event.day, 40},
		      {"organisation", request->organisation, 50},
		      {"shown_address", request->shown_address, 40}};
	char key[64], hint[96];
	snprintf(key, sizeof key, "faces[%zu].%s (%zu signs)", worst_face, texts[worst].key, worst_signs);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		size_t signs = others[i].text ? count_signs(others[i].text) : 0;
		double ratio = (double) signs / (double) others[i].usual;
		if (ratio <= worst_ratio)
			continue;
		worst_ratio = ratio;
		snprintf(key, sizeof key, "%s (%zu signs)", others[i].key, signs);
	}
	snprintf(hint, sizeof hint, "%s%s%s", request->faces_count > 1 ? ", take fewer languages" : "",
		 request->kind != POSTER_A3 && !request->is_refuge ? ", take an a3" : "",
		 request->distance_cm && request->kind != POSTER_SLIDE ? ", or let it be read from nearer (distance_cm)"
								       : "");
	return poster_refuse(
		trouble, ERR_TOO_BIG,
		"the words do not fit %s in a size that can be read: %s is the longest for its place; shorten it%s",
		poster_kind_name(request->kind), key, hint);
}

enum err poster_layout(const struct poster_request *request, const QRcode *code, double side_mm, PangoFontMap *map,
		       struct arena *arena, struct scene *scene, double *margin, struct poster_trouble *trouble)
{
	double width, height;
	size_of(request, code, side_mm, &width, &height);
	scene_init(scene, map, arena, width, height);
	if (request->kind == POSTER_SLIDE)
		scene->paper = slide_paper;
	struct search search = {.page = {.scene = scene, .request = request}};
	set_up(&search, code, side_mm);
	for (int may_break = 0; may_break <= 1; may_break++) {
		search.may_break = may_break;
		for (unsigned density = 0; density < search.layout->densities; density++)
			if (find(&search, density)) {
				*margin = search.page.margin;
				return ERR_OK;
			}
	}
	if (scene->is_failed)
		return ERR_NOMEM;
	return refuse(request, trouble);
}
