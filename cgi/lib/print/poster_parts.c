/* SPDX-License-Identifier: MIT */
/* poster_parts.c: what every poster is made of. Type follows RNIB's clear print (domain.md 1.3): left-aligned, sentence case as it
 * came, no italics, nothing below the kind's least size; the look is that of the pages. */
#include "lib/print/poster_page.h"

#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"
#include "lib/print/poster_words.h"

#include <math.h>
#include <string.h>

static const double tight = 0.86;                      /* of large type, which needs less room between its lines */
static const double icon_size = 1.25, icon_gap = 0.55; /* of the type beside it */
static const double shrink = 0.995;                    /* widths do not follow sizes to the last bit */

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

/* The script of TEXT's first letter. */
static GUnicodeScript script_of(const char *text)
{
	uint32_t point;
	while ((point = utf8_next(&text)) != 0) {
		GUnicodeScript script = g_unichar_get_script(point);
		if (script != G_UNICODE_SCRIPT_COMMON && script != G_UNICODE_SCRIPT_INHERITED)
			return script;
	}
	return G_UNICODE_SCRIPT_COMMON;
}

/* Which of the languages TEXT, whose language nobody said, is likely to be in: that of a face with this title, or the first that is written
 * so. "und" when none is. */
static const char *lang_of(const struct poster_page *page, const char *text)
{
	const struct poster_request *request = page->request;
	for (size_t i = 0; i < request->faces_count; i++)
		if (strcmp(request->faces[i].title, text) == 0)
			return request->faces[i].lang;
	for (size_t i = 0; i < request->faces_count; i++)
		if (script_of(request->faces[i].lead) == script_of(text))
			return request->faces[i].lang;
	return "und";
}

/* Where several languages stand together, lines of none of them begin at the left. */
static bool is_right(const struct poster_page *page, struct poster_faces faces)
{
	return faces.count == 1 && page->request->faces[faces.first].is_rtl;
}

double poster_part_organisation(struct poster_page *page, struct poster_faces faces, double size, double x, double y,
				double width)
{
	const char *name = page->request->organisation;
	bool is_rtl = is_right(page, faces);
	if (!name)
		return 0;
	struct scene_style style = poster_style(page, size, true, page->colours.deep);
	style.is_foreign = true;
	double icon = style.size * 1.3, indent = icon * 1.4;
	double height = scene_text(page->scene, name, lang_of(page, name), is_rtl, &style, x + (is_rtl ? 0 : indent), y,
				   width - indent);
	scene_icon(page->scene, SCENE_DEPTHS, is_rtl ? x + width - icon : x, y + style.size * 0.68 - icon / 2, icon,
		   page->colours.tide);
	return height;
}

double poster_part_event(struct poster_page *page, struct poster_faces faces, const char *title, double size, double x,
			 double y, double width)
{
	const struct poster_event *event = &page->request->event;
	bool is_rtl = is_right(page, faces);
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
	struct scene_style style = poster_style(page, size, false, page->colours.soft);
	style.is_foreign = true;
	return scene_text(page->scene, line, lang_of(page, event->title), is_rtl, &style, x, y, width);
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

static double put_facts(struct poster_page *page, const struct poster_face *face, bool is_row,
			struct poster_sizes sizes, double x, double y, double width)
{
	const struct {
		enum scene_icon icon;
		const char *text;
	} facts[] = {{SCENE_CLOCK, face->minutes}, {SCENE_LOCK, face->anonymous}, {SCENE_CALENDAR, face->until}};
	enum { FACTS = sizeof facts / sizeof facts[0] };
	struct scene_style style = poster_style(page, sizes.body, false, page->colours.ink);
	double gutter = style.size * 1.2, each = (width - (FACTS - 1) * gutter) / FACTS, from = y, row = 0;
	for (size_t i = 0; i < FACTS; i++) {
		size_t place = face->is_rtl ? FACTS - 1 - i : i;
		double height =
			put_with_icon(page, face, facts[i].icon, facts[i].text, style,
				      is_row ? x + (double) place * (each + gutter) : x, y, is_row ? each : width);
		row = fmax(row, height);
		y += height > 0 && !is_row ? height + sizes.gap * page->scale * 0.5 : 0;
	}
	return is_row ? row : y - from;
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
	double event = with & POSTER_WITH_EVENT ? poster_part_event(page, (struct poster_faces){index, 1}, face->title,
								    sizes.body * 0.95, x, y, width)
						: 0;
	y += event > 0 ? event + gap * 0.8 : 0;
	if ((with & POSTER_WITH_WHAT) && face->what)
		y += put(page, face, face->what, poster_style(page, sizes.body, false, page->colours.ink), x, y,
			 width) +
		     gap * 0.8;
	const char *const facts[] = {face->minutes, face->anonymous, face->until}, *const contact[] = {face->paper,
												       face->phone};
	bool is_joined = with & POSTER_JOINED;
	if (with & POSTER_WITH_FACTS)
		y += is_joined ? put_joined(page, face, facts, 3, sizes, x, y, width) + gap * 0.4
			       : put_facts(page, face, with & POSTER_IN_A_ROW, sizes, x, y, width);
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

/* ADDRESS with places where a line may end: behind dots and slashes, and not behind a hyphen, which would be taken for one that is not typed.
 * NULL without memory. */
static const char *breakable(struct arena *arena, const char *address)
{
	static const char place[] = "\u200b",
			  joint[] = "\u2060"; /* a space of no width; and a sign that none may be here */
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, strlen(address) * (1 + sizeof place) + 1);
	for (; *address; address++) {
		strbuf_putc(&out, *address);
		if (*address == '.' || *address == '/')
			strbuf_puts(&out, place);
		if (*address == '-')
			strbuf_puts(&out, joint);
	}
	return strbuf_error(&out) ? NULL : arena_strdup(arena, strbuf_text(&out));
}

/* The type in which ADDRESS fits WIDTH, or each of its parts between dots does. */
static double size_address(struct poster_page *page, const char *address, bool is_in_parts, struct scene_style style,
			   double width)
{
	double widest = 0;
	for (const char *at = address; *at != '\0';) {
		size_t length = is_in_parts ? strcspn(at, "./") : strlen(at);
		length += at[length] != '\0';
		const char *part = arena_strndup(page->scene->arena, at, length);
		widest = fmax(widest, scene_text_width(page->scene, part, "zxx", false, &style));
		at += length;
	}
	return widest > width ? style.size * width / widest * shrink : style.size;
}

/* On one line, as large as it fits up to its size; if it would be too small, on several. */
static double put_address(struct poster_page *page, struct scene_style style, bool is_end, double x, double y,
			  double width)
{
	const char *address = page->request->shown_address;
	double size = size_address(page, address, false, style, width);
	if (size < page->text_min) {
		const char *parts = breakable(page->scene->arena, address);
		page->scene->is_failed = page->scene->is_failed || !parts;
		page->scene->is_broken = true;
		style.size =
			fmax(fmin(size_address(page, address, true, style, width), style.size * 0.75), page->text_min);
		return scene_text(page->scene, parts, "zxx", false, &style, x, y, width);
	}
	style.size = size;
	double wide = scene_text_width(page->scene, address, "zxx", false, &style);
	style.is_one_line = true;
	/* At the right in text from right to left; its letters go from left to right all the same. */
	return scene_text(page->scene, address, "zxx", false, &style, is_end ? x + width - wide : x, y,
			  is_end ? wide + 1 : width);
}

double poster_part_address(struct poster_page *page, struct poster_faces faces, double body, double size, double x,
			   double y, double width)
{
	double from = y;
	for (size_t i = 0; i < faces.count && body > 0; i++) {
		const struct poster_face *face = &page->request->faces[faces.first + i];
		y += put(page, face, face->type_it, poster_style(page, body, false, page->colours.ink), x, y, width);
	}
	y += put_address(page, poster_style(page, size, true, page->colours.deep), is_right(page, faces), x, y, width);
	return y - from;
}

/* How wide the labels are, one above the other, or beside one another with GAP between. */
static void measure_labels(struct poster_page *page, struct poster_faces faces, struct scene_style style, double gap,
			   double widths[POSTER_FACES_MAX], double *widest, double *all)
{
	*widest = 0;
	*all = -gap;
	for (size_t i = 0; i < faces.count; i++) {
		const struct poster_face *face = &page->request->faces[faces.first + i];
		struct scene_style each = style;
		loosen(&each, face);
		widths[i] = ceil(scene_text_width(page->scene, face->code_label, face->lang, face->is_rtl, &each)) + 1;
		*widest = fmax(*widest, widths[i]);
		*all += widths[i] + gap;
	}
}

/* The code in its frame, WIDTH wide, by what can be seen of its signs: what pango puts between them does not count. */
static void put_frame(struct poster_page *page, struct scene_style style, struct scene_box box)
{
	struct scene *scene = page->scene;
	scene_panel(scene, box, style.size * 0.26, &page->colours.card, &page->colours.tide,
		    fmax(1, style.size * 0.045));
	size_t at = scene->count;
	scene_text(scene, page->request->code, "zxx", false, &style, box.x, box.y, box.width);
	if (scene->is_failed)
		return;
	const struct scene_item *item = &scene->items[at];
	PangoRectangle ink;
	pango_layout_get_extents(item->layout, &ink, NULL);
	double x = item->box.x + item->layout_x + (ink.x + ink.width / 2.0) / PANGO_SCALE;
	double y = item->box.y + item->layout_y + (ink.y + ink.height / 2.0) / PANGO_SCALE;
	scene_move(scene, at, box.x + box.width / 2 - x, box.y + box.height / 2 - y);
}

/* Puts the texts from FIRST on, which stand beside one another, on one line. Gives its height. */
static double align(struct scene *scene, size_t first)
{
	double lowest = 0, top = INFINITY;
	for (int pass = 0; pass <= 1; pass++)
		for (size_t i = first; i < scene->count; i++) {
			struct scene_item *item = &scene->items[i];
			double base = item->layout_y + pango_layout_get_baseline(item->layout) / (double) PANGO_SCALE;
			top = fmin(top, item->box.y);
			if (pass == 0)
				lowest = fmax(lowest, base);
			else
				item->box.y += lowest - base;
		}
	return scene->count > first ? scene_bottom(scene, first) - top : 0;
}

/* The labels stand before the frame, one above the other; or above it, beside one another; or there one above the other too. */
double poster_part_typed_code(struct poster_page *page, struct poster_faces faces, double body, double size, double x,
			      double y, double width)
{
	struct scene *scene = page->scene;
	struct scene_style label = poster_style(page, body, false, page->colours.ink);
	struct scene_style style = poster_style(page, size, true, page->colours.on_card);
	style.is_code = style.is_one_line = true;
	style.leading = 1;
	style.spacing = style.size * 0.14;
	double widths[POSTER_FACES_MAX], widest, all, gap = label.size * 0.8;
	measure_labels(page, faces, label, gap, widths, &widest, &all);
	struct scene_box frame = {.width = scene_text_width(scene, page->request->code, "zxx", false, &style) +
					   style.size * 0.6,
				  .height = style.size * 1.5};
	bool is_beside = faces.count <= 2 && widest + gap + frame.width <= width, is_row = !is_beside && all <= width;
	bool is_end = is_right(page, faces);
	double column = is_beside ? widest : width, left = is_end ? x + width - column : x, height = 0, at = 0;
	size_t first = scene->count;
	for (size_t i = 0; i < faces.count; i++) {
		const struct poster_face *face = &page->request->faces[faces.first + i];
		double high = put(page, face, face->code_label, label, left + at, y + (is_row ? 0 : height),
				  is_row && !is_end ? widths[i] : column);
		height = is_row ? fmax(height, high) : height + high;
		at += is_row ? widths[i] + gap : 0;
	}
	if (is_row)
		height = align(scene, first);
	double row = fmax(height, frame.height);
	if (is_beside)
		scene_move(scene, first, 0, (row - height) / 2);
	frame.x = is_end      ? left + (is_beside ? -gap - frame.width : column - frame.width)
		  : is_beside ? x + widest + gap
			      : x;
	frame.y = is_beside ? y + (row - frame.height) / 2 : y + height;
	put_frame(page, style, frame);
	if (frame.width > width)
		scene->is_crowded = true;
	return is_beside ? row : height + frame.height;
}
