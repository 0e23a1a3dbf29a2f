/* SPDX-License-Identifier: MIT */
/* sheet.c: one printed page with a large QR code and the same lines in large type, for things that are kept on paper.
 *
 * The code is one 8-bit segment (ISO/IEC 18004), so that any reader gives back the very bytes, with error correction level Q: paper gets
 * creased and stained over the years, and there is room. Fonts come by fontconfig, and are put into the PDF. Nothing in it may name
 * a time of day, a machine or a person (ISO 32000-1, 14.3.3: the only date is the day). What the words are is the
 * caller's matter. */
#include "lib/print/sheet.h"

#include "lib/base/date.h"
#include "lib/base/utf8.h"
#include "lib/print/qr.h"
#include "lib/print/qr_matrix.h"
#include "lib/print/surface.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

/* Points, 72 to the inch. */
static const double page_width = 595.276, page_height = 841.890; /* A4, ISO 216 */
static const double margin = 56.7, margin_top = 48, margin_bottom = 42;
static const double title_size = 30, lead_size = 13, label_size = 9, value_size = 13, body_size = 10.5, typed_size = 10;
static const double heading_size = 12, block_size = 17, leading = 1.42, gap = 15, indent = 18, letter_size = 40;
static const double code_side = 250; /* 88 mm with its quiet zone: a module is over a millimetre wide */

enum { VERSION_MAX = 20, LINE_MAX_BYTES = 512 };

static const char sans[] = "DejaVu Sans", mono[] = "DejaVu Sans Mono";

struct pen {
	cairo_t *context;
	double y; /* the lower edge of what stands already */
};

static void set_font(struct pen *pen, const char *family, double size, bool is_bold)
{
	cairo_select_font_face(pen->context, family, CAIRO_FONT_SLANT_NORMAL,
			       is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(pen->context, size);
}

static double width_of(struct pen *pen, const char *text)
{
	cairo_text_extents_t extents;
	cairo_text_extents(pen->context, text, &extents);
	return extents.x_advance;
}

/* Copies LENGTH bytes of TEXT and says whether they fit WIDTH. */
static bool is_fitting(struct pen *pen, const char *text, size_t length, double width, char line[LINE_MAX_BYTES])
{
	if (length >= LINE_MAX_BYTES)
		return false;
	memcpy(line, text, length);
	line[length] = '\0';
	return width_of(pen, line) <= width;
}

/* For a word that is wider than a line: as many characters as fit, and one at least. */
static size_t fit_part(struct pen *pen, const char *text, double width, char line[LINE_MAX_BYTES])
{
	size_t best = 0;
	for (const char *at = text; *at != '\0';) {
		utf8_next(&at);
		size_t length = (size_t) (at - text);
		if (best > 0 && !is_fitting(pen, text, length, width, line))
			break;
		best = length;
	}
	return best;
}

/* How many bytes of TEXT, which begins with no space, go into a line. Leaves them in LINE. */
static size_t fit(struct pen *pen, const char *text, double width, char line[LINE_MAX_BYTES])
{
	size_t best = 0;
	for (size_t length = 0; text[length] != '\0';) {
		length += strspn(text + length, " ");
		length += strcspn(text + length, " ");
		if (!is_fitting(pen, text, length, width, line))
			break;
		best = length;
	}
	if (best == 0)
		best = fit_part(pen, text, width, line);
	memcpy(line, text, best);
	line[best] = '\0';
	return best;
}

static void put_line(struct pen *pen, const char *text, double x, double size)
{
	cairo_move_to(pen->context, x,
		      pen->y + size * (1 + leading) / 2 - size * 0.13); /* about the middle of the line */
	cairo_show_text(pen->context, text);
	pen->y += size * leading;
}

/* Wraps TEXT into lines from X on, WIDTH wide, in the font that is set. */
static void put_text(struct pen *pen, const char *text, double x, double width, double size)
{
	char line[LINE_MAX_BYTES];
	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
		text += fit(pen, text, width, line);
		put_line(pen, line, x, size);
	}
}

static void put_rule(struct pen *pen)
{
	cairo_set_line_width(pen->context, 1);
	cairo_move_to(pen->context, margin, pen->y);
	cairo_line_to(pen->context, page_width - margin, pen->y);
	cairo_stroke(pen->context);
}

static void put_letter(struct pen *pen, const char *letter)
{
	double radius = 30, x = page_width - margin - radius, y = margin_top + radius;
	cairo_set_line_width(pen->context, 3);
	cairo_arc(pen->context, x, y, radius - 1.5, 0, 6.2832);
	cairo_stroke(pen->context);
	set_font(pen, sans, letter_size, true);
	cairo_text_extents_t extents;
	cairo_text_extents(pen->context, letter, &extents);
	cairo_move_to(pen->context, x - extents.x_bearing - extents.width / 2,
		      y - extents.y_bearing - extents.height / 2);
	cairo_show_text(pen->context, letter);
}

static void put_head(struct pen *pen, const struct sheet *sheet)
{
	double width = page_width - 2 * margin - (sheet->letter ? 66 : 0);
	if (sheet->letter)
		put_letter(pen, sheet->letter);
	set_font(pen, sans, title_size, true);
	put_text(pen, sheet->title, margin, width, title_size);
	set_font(pen, sans, lead_size, false);
	put_text(pen, sheet->lead, margin, width, lead_size);
	pen->y += gap;
	put_rule(pen);
}

static void put_facts(struct pen *pen, const struct sheet_fact facts[SHEET_FACTS_MAX])
{
	size_t count = 0;
	while (count < SHEET_FACTS_MAX && facts[count].label)
		count++;
	/* The first has the room of two: names are longer than numbers. */
	double top = pen->y + gap * 0.7, bottom = top, column = (page_width - 2 * margin) / (double) (count + 1);
	for (size_t i = 0; i < count; i++) {
		double x = margin + (double) (i ? i + 1 : 0) * column, width = (i ? 1 : 2) * column - gap / 2;
		pen->y = top;
		set_font(pen, sans, label_size, false);
		put_text(pen, facts[i].label, x, width, label_size);
		set_font(pen, sans, value_size, true);
		put_text(pen, facts[i].value, x, width, value_size);
		bottom = pen->y > bottom ? pen->y : bottom;
	}
	pen->y = bottom + gap * 0.7;
	put_rule(pen);
}

static void put_section(struct pen *pen, const struct sheet_section *section)
{
	double x = margin + (section->is_numbered ? indent : 0), width = page_width - margin - x;
	pen->y += gap;
	set_font(pen, sans, heading_size, true);
	put_text(pen, section->heading, margin, page_width - 2 * margin, heading_size);
	pen->y += 2;
	set_font(pen, sans, body_size, false);
	for (size_t i = 0; section->paragraphs[i]; i++) {
		char number[8];
		if (section->is_numbered && snprintf(number, sizeof number, "%zu.", i + 1) > 0) {
			double top = pen->y;
			put_line(pen, number, margin, body_size);
			pen->y = top;
		}
		put_text(pen, section->paragraphs[i], x, width, body_size);
		pen->y += 2;
	}
	if (!section->typed)
		return;
	pen->y += 3;
	set_font(pen, mono, typed_size, false);
	put_text(pen, section->typed, margin + indent, page_width - 2 * margin - indent, typed_size);
}

/* The lines beside the code, as wide as the room there is, in the middle of its height. */
static void put_lines(struct pen *pen, const char *block, double x, double top)
{
	char line[LINE_MAX_BYTES];
	double size = block_size, width = page_width - margin - x, widest = 0;
	size_t count = 0;
	set_font(pen, mono, size, false);
	for (const char *at = block; *at != '\0'; at += at[0] == '\n') {
		size_t length = strcspn(at, "\n");
		snprintf(line, sizeof line, "%.*s", (int) length, at);
		double wide = width_of(pen, line);
		widest = wide > widest ? wide : widest;
		count++;
		at += length;
	}
	if (widest > width) {
		size *= width / widest;
		set_font(pen, mono, size, false);
	}
	pen->y = top + (code_side - (double) count * size * leading) / 2;
	for (const char *at = block; *at != '\0'; at += at[0] == '\n') {
		size_t length = strcspn(at, "\n");
		snprintf(line, sizeof line, "%.*s", (int) length, at);
		put_line(pen, line, x, size);
		at += length;
	}
}

static void put_block(struct pen *pen, const char *block, const QRcode *code)
{
	double module = code_side / (code->width + 2 * QR_QUIET_MODULES), quiet = QR_QUIET_MODULES * module;
	double top = pen->y + gap * 0.4;
	cairo_save(pen->context);
	cairo_translate(pen->context, margin - quiet, top); /* the dark modules begin where the text does */
	qr_matrix_draw(pen->context, code, module);
	cairo_restore(pen->context);
	put_lines(pen, block, margin + code_side - quiet, top);
	pen->y = top + code_side - gap * 0.4;
}

static enum err draw_page(cairo_surface_t *surface, const struct sheet *sheet, const QRcode *code)
{
	struct pen pen = {.context = cairo_create(surface), .y = margin_top};
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF); /* paper has no pixels to fit to */
	cairo_set_font_options(pen.context, options);
	cairo_font_options_destroy(options);
	cairo_set_source_rgb(pen.context, 0, 0, 0);
	put_head(&pen, sheet);
	put_facts(&pen, sheet->facts);
	for (size_t i = 0; i < sheet->sections_before_code; i++)
		put_section(&pen, &sheet->sections[i]);
	put_block(&pen, sheet->block, code);
	for (size_t i = sheet->sections_before_code; i < sheet->sections_count; i++)
		put_section(&pen, &sheet->sections[i]);
	cairo_show_page(pen.context);
	bool is_drawn = cairo_status(pen.context) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(pen.context);
	if (!is_drawn)
		return ERR_NOMEM;
	return pen.y > page_height - margin_bottom ? ERR_TOO_BIG : ERR_OK;
}

static bool is_text(const char *text)
{
	return !text || utf8_is_valid(text, strlen(text));
}

static bool is_sheet_text(const struct sheet *sheet)
{
	struct date day;
	bool is_right = date_parse(sheet->day, &day) == ERR_OK && is_text(sheet->title) && is_text(sheet->lead) &&
			is_text(sheet->letter) && is_text(sheet->block);
	for (size_t i = 0; i < SHEET_FACTS_MAX && sheet->facts[i].label; i++)
		is_right = is_right && is_text(sheet->facts[i].label) && is_text(sheet->facts[i].value);
	for (size_t i = 0; i < sheet->sections_count; i++) {
		const struct sheet_section *section = &sheet->sections[i];
		is_right = is_right && is_text(section->heading) && is_text(section->typed);
		for (size_t j = 0; section->paragraphs[j]; j++)
			is_right = is_right && is_text(section->paragraphs[j]);
	}
	return is_right;
}

enum err sheet_draw(const struct sheet *sheet, struct strbuf *out)
{
	if (!is_sheet_text(sheet))
		return ERR_INVALID;
	__attribute__((cleanup(qr_matrix_free))) QRcode *code = NULL;
	enum err error =
		qr_matrix_make(sheet->block, strlen(sheet->block), QR_MODE_8, QR_ECLEVEL_Q, VERSION_MAX, &code);
	if (error)
		return error;
	CLEANUP_SURFACE cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(surface_take, out, page_width, page_height);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return ERR_NOMEM;
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, sheet->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, sheet->day);
	error = draw_page(surface, sheet, code);
	cairo_surface_finish(surface);
	if (strbuf_error(out) != ERR_OK)
		return strbuf_error(out);
	if (error)
		return error;
	return cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS ? ERR_OK : ERR_IO;
}
