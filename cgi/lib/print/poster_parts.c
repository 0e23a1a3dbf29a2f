/* SPDX-License-Identifier: MIT */
/* poster_parts.c: what every poster is made of. Type follows RNIB's clear print (domain.md 1.3): left-aligned, sentence case as it
 * came, no italics, nothing below the kind's least size; the look is that of the pages. */
#include "lib/print/poster_page.h"

#include "lib/print/poster_words.h"
#include "lib/print/qr.h"

#include <math.h>
#include <string.h>

static const double tight = 0.86;                      /* of large type, which needs less room between its lines */
static const double icon_size = 1.25, icon_gap = 0.55; /* of the type beside it */
static const double shrink_step = 0.96;

struct scene_style poster_style(const struct poster_page *page, double size, bool is_bold, struct scene_colour colour)
{
	return (struct scene_style){.size = fmax(size * page->scale, page->text_min),
				    .is_bold = is_bold,
				    .leading = 0.98,
				    .colour = colour,
				    .role = SCENE_P};
}

struct scene_style poster_heading(struct poster_page *page, double size, struct scene_colour colour)
{
	struct scene_style style = poster_style(page, size, true, colour);
	style.role = page->has_heading ? SCENE_H2 : SCENE_H1;
	style.leading = tight;
	page->has_heading = true;
	return style;
}

bool poster_has_one_title(const struct poster_page *page, struct poster_faces faces)
{
	for (size_t i = 1; i < faces.count; i++)
		if (strcmp(page->request->faces[faces.first].title, page->request->faces[faces.first + i].title) != 0)
			return false;
	return true;
}

/* Nastaliq's and Naskh's lines must not be drawn together as those of Latin type can. */
static void loosen(struct scene_style *style, const struct poster_face *face)
{
	if (face->is_rtl)
		style->leading = fmax(style->leading, 1);
}

static double put(struct poster_page *page, const struct poster_face *face, const char *text, struct scene_style style,
		  double x, double y, double width)
{
	loosen(&style, face);
	return scene_text(page->scene, text, face->lang, face->is_rtl, &style, x, y, width);
}

double poster_part_organisation(struct poster_page *page, double size, double x, double y, double width)
{
	const char *name = page->request->organisation;
	const struct poster_face *face = &page->request->faces[0];
	if (!name)
		return 0;
	struct scene_style style = poster_style(page, size, true, page->colours.deep);
	double icon = style.size * 1.3, indent = icon * 1.4;
	double height = scene_text(page->scene, name, face->lang, face->is_rtl, &style, x + (face->is_rtl ? 0 : indent),
				   y, width - indent);
	scene_icon(page->scene, SCENE_DEPTHS, face->is_rtl ? x + width - icon : x, y + style.size * 0.68 - icon / 2,
		   icon, page->colours.tide);
	return height;
}

double poster_part_event(struct poster_page *page, const char *title, double size, double x, double y, double width)
{
	const struct poster_event *event = &page->request->event;
	const struct poster_face *face = &page->request->faces[0];
	if (!event->title)
		return 0;
	bool is_new = !title || strcmp(title, event->title) != 0;
	const char *const texts[] = {is_new ? event->title : "", event->place ? event->place : "",
				     event->day ? event->day : "", NULL};
	const char *words[4] = {NULL};
	for (size_t i = 0; i < 3; i++) {
		words[i] = poster_words(page->scene->arena, texts[i], false);
		if (!words[i]) {
			page->scene->is_failed = true;
			return 0;
		}
	}
	const char *line = poster_words_join(page->scene->arena, words);
	if (!line || !*line)
		return 0;
	return put(page, face, line, poster_style(page, size, false, page->colours.soft), x, y, width);
}

/* ---- one language -------------------------------------------------------------------------------------------------- */

/* Text with an icon at its beginning. */
static double put_with_icon(struct poster_page *page, const struct poster_face *face, enum scene_icon icon,
			    const char *text, struct scene_style style, double x, double y, double width)
{
	if (!text)
		return 0;
	double size = style.size * icon_size, indent = size + style.size * icon_gap;
	size_t first = page->scene->count;
	double height = put(page, face, text, style, x + (face->is_rtl ? 0 : indent), y, width - indent);
	if (page->scene->is_failed)
		return 0;
	int baseline = pango_layout_get_baseline(page->scene->items[first].layout);
	double middle = page->scene->items[first].layout_y + baseline / (double) PANGO_SCALE - style.size * 0.36;
	scene_icon(page->scene, icon, face->is_rtl ? x + width - size : x, y + middle - size / 2, size,
		   page->colours.tide);
	return height;
}

static double put_facts(struct poster_page *page, const struct poster_face *face, struct poster_sizes sizes, double x,
			double y, double width)
{
	const struct {
		enum scene_icon icon;
		const char *text;
	} facts[] = {{SCENE_CLOCK, face->minutes}, {SCENE_LOCK, face->anonymous}, {SCENE_CALENDAR, face->until}};
	struct scene_style style = poster_style(page, sizes.body, false, page->colours.ink);
	double from = y;
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		double height = put_with_icon(page, face, facts[i].icon, facts[i].text, style, x, y, width);
		y += height > 0 ? height + sizes.gap * page->scale * 0.5 : 0;
	}
	return y - from;
}

static double put_contact(struct poster_page *page, const struct poster_face *face, struct poster_sizes sizes, double x,
			  double y, double width)
{
	struct scene_style style = poster_style(page, sizes.body, false, page->colours.ink);
	double from = y, height = put_with_icon(page, face, SCENE_PAPER, face->paper, style, x, y, width);
	y += height + sizes.gap * page->scale * 0.5;
	height = put_with_icon(page, face, SCENE_PHONE, face->phone, style, x, y, width);
	y += height > 0 ? height + sizes.gap * page->scale * 0.5 : 0;
	return y - from;
}

/* PARTS as running text. */
static double put_joined(struct poster_page *page, const struct poster_face *face, const char *const *texts,
			 size_t count, struct poster_sizes sizes, double x, double y, double width)
{
	const char *words[4] = {NULL};
	size_t words_count = 0;
	for (size_t i = 0; i < count; i++)
		if (texts[i] && !(words[words_count++] = poster_words(page->scene->arena, texts[i], face->is_rtl))) {
			page->scene->is_failed = true;
			return 0;
		}
	const char *line = poster_words_join(page->scene->arena, words);
	return put(page, face, line ? line : "", poster_style(page, sizes.body, false, page->colours.ink), x, y, width);
}

double poster_part_face(struct poster_page *page, size_t index, unsigned with, struct poster_sizes sizes, double x,
			double y, double width)
{
	const struct poster_face *face = &page->request->faces[index];
	double from = y, gap = sizes.gap * page->scale;
	if (with & POSTER_WITH_LEAD)
		y += put(page, face, face->lead, poster_heading(page, sizes.lead, page->colours.deep), x, y, width) +
		     gap * 0.7;
	if (with & POSTER_WITH_TITLE)
		y += put(page, face, face->title, poster_heading(page, sizes.title, page->colours.ink), x, y, width) +
		     gap * 0.6;
	if ((with & POSTER_WITH_WHAT) && face->what)
		y += put(page, face, face->what, poster_style(page, sizes.body, false, page->colours.ink), x, y,
			 width) +
		     gap * 0.8;
	const char *const facts[] = {face->minutes, face->anonymous, face->until}, *const contact[] = {face->paper,
												       face->phone};
	bool is_joined = with & POSTER_JOINED;
	if (with & POSTER_WITH_FACTS)
		y += is_joined ? put_joined(page, face, facts, 3, sizes, x, y, width) + gap * 0.4
			       : put_facts(page, face, sizes, x, y, width);
	if (with & POSTER_WITH_CONTACT)
		y += is_joined ? put_joined(page, face, contact, 2, sizes, x, y, width)
			       : put_contact(page, face, sizes, x, y, width);
	return y - from;
}

double poster_part_grid(struct poster_page *page, struct poster_faces faces, unsigned with, struct poster_sizes sizes,
			unsigned columns, double gutter, double x, double y, double width)
{
	double from = y, each = (width - gutter * (columns - 1)) / columns, row = 0;
	for (size_t i = 0; i < faces.count; i++) {
		unsigned column = (unsigned) (i % columns);
		bool is_alone = column == 0 && i + 1 == faces.count;
		if (column == 0 && i > 0) {
			y += row + sizes.gap * page->scale * 1.3;
			row = 0;
		}
		row = fmax(row, poster_part_face(page, faces.first + i, with, sizes, x + column * (each + gutter), y,
						 is_alone ? width : each));
	}
	return y + row - from;
}

/* ---- the way in ----------------------------------------------------------------------------------------------------- */

double poster_part_code_width(const struct poster_page *page, double pad)
{
	return scene_code_width(page->code, page->side) + 2 * pad;
}

double poster_part_code(struct poster_page *page, size_t index, double pad, double x, double y)
{
	const struct poster_face *face = &page->request->faces[index];
	double width = poster_part_code_width(page, pad);
	scene_panel(page->scene, (struct scene_box){x, y, width, width}, 3 * page->mm, &page->colours.card, NULL, 0);
	scene_code(page->scene, page->code, face->lang, face->alt, x + pad, y + pad, page->side);
	return width;
}

double poster_part_address(struct poster_page *page, struct poster_faces faces, double body, double size, double x,
			   double y, double width)
{
	const char *address = page->request->shown_address;
	double from = y;
	for (size_t i = 0; i < faces.count && body > 0; i++) {
		const struct poster_face *face = &page->request->faces[faces.first + i];
		y += put(page, face, face->type_it, poster_style(page, body, false, page->colours.ink), x, y, width);
	}
	struct scene_style style = poster_style(page, size, true, page->colours.deep);
	style.is_one_line = true;
	const struct poster_face *first = &page->request->faces[faces.first];
	double wide = scene_text_width(page->scene, address, "zxx", false, &style);
	while (wide > width && style.size > page->text_min) {
		style.size = fmax(style.size * fmin(width / wide, shrink_step), page->text_min);
		wide = scene_text_width(page->scene, address, "zxx", false, &style);
	}
	bool is_right = first->is_rtl && faces.count == 1; /* its letters go from left to right all the same */
	y += scene_text(page->scene, address, "zxx", false, &style, is_right && wide < width ? x + width - wide : x, y,
			is_right && wide < width ? wide + 1 : width);
	return y - from;
}

double poster_part_typed_code(struct poster_page *page, struct poster_faces faces, double body, double size, double x,
			      double y, double width)
{
	struct scene *scene = page->scene;
	struct scene_style label = poster_style(page, body, false, page->colours.ink);
	struct scene_style style = poster_style(page, size, true, page->colours.on_card);
	style.is_code = style.is_one_line = true;
	style.leading = 1;
	style.spacing = style.size * 0.14;
	const char *code = page->request->code;
	double inner = scene_text_width(scene, code, "zxx", false, &style), pad = style.size * 0.32, widest = 0,
	       labels = 0;
	double frame = inner + 2 * pad - style.spacing, gap = label.size * 0.7;
	for (size_t i = 0; i < faces.count; i++) {
		const struct poster_face *face = &page->request->faces[faces.first + i];
		struct scene_style each = label;
		loosen(&each, face);
		widest = fmax(widest,
			      ceil(scene_text_width(scene, face->code_label, face->lang, face->is_rtl, &each)) + 1);
	}
	bool is_beside = widest + gap + frame <= width;
	bool is_right = page->request->faces[faces.first].is_rtl && faces.count == 1;
	double label_x = is_beside ? (is_right ? x + width - widest : x) : x;
	size_t first = scene->count;
	for (size_t i = 0; i < faces.count; i++) {
		const struct poster_face *face = &page->request->faces[faces.first + i];
		labels += put(page, face, face->code_label, label, label_x, y + labels, is_beside ? widest : width);
	}
	double frame_x = is_right ? (is_beside ? x + width - widest - gap - frame : x + width - frame)
				  : (is_beside ? x + widest + gap : x);
	double frame_y = is_beside ? y : y + labels, frame_height = style.size * 1.5;
	if (is_beside && labels < frame_height)
		scene_move(scene, first, 0, (frame_height - labels) / 2);
	else if (is_beside)
		frame_y += (labels - frame_height) / 2;
	scene_panel(scene, (struct scene_box){frame_x, frame_y, frame, frame_height}, style.size * 0.26,
		    &page->colours.card, &page->colours.tide, fmax(1, style.size * 0.045));
	size_t text = scene->count;
	double height = scene_text(scene, code, "zxx", false, &style, frame_x + pad, frame_y, inner + style.spacing);
	scene_move(scene, text, 0, (frame_height - height) / 2);
	if (frame > width)
		scene->is_crowded = true;
	return is_beside ? fmax(labels, frame_height) : labels + frame_height;
}
