/* SPDX-License-Identifier: MIT */
/* qr.c: QR codes with libqrencode, drawn by cairo (SVG, PNG) or as text for a terminal.
 *
 * ISO/IEC 18004: alphanumeric mode needs 5.5 bits a sign where bytes need 8, so an address in capitals makes a smaller code
 * with larger modules, which old phones read from further away. The quiet zone of 4 modules is part of the symbol. */
#include "lib/print/qr.h"

#include "lib/print/qr_matrix.h"
#include "lib/print/surface.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { VERSION_MAX = 10, VERSION_MAX_NEAR = 20, MODULE_PX_MIN = 4, MODULE_PX_MAX = 64, SVG_MODULE = 10 };

static const char alphanumeric[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

static void draw_modules(cairo_surface_t *surface, const QRcode *code, double module)
{
	cairo_t *context = cairo_create(surface);
	cairo_set_antialias(context, CAIRO_ANTIALIAS_NONE);
	cairo_set_source_rgb(context, 1, 1, 1);
	cairo_paint(context);
	qr_matrix_draw(context, code, module);
	cairo_destroy(context);
}

static enum err draw_image(const QRcode *code, enum qr_format format, unsigned module_px, struct strbuf *out)
{
	int modules = code->width + 2 * QR_QUIET_MODULES;
	double module = format == QR_PNG ? module_px : SVG_MODULE;
	int side = modules * (int) module;
	CLEANUP_SURFACE cairo_surface_t *surface = NULL;
	if (format == QR_PNG)
		surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
	else
		surface = cairo_svg_surface_create_for_stream(surface_take, out, side, side);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return ERR_NOMEM;
	draw_modules(surface, code, module);
	if (format == QR_PNG && cairo_surface_write_to_png_stream(surface, surface_take, out) != CAIRO_STATUS_SUCCESS)
		return ERR_IO;
	cairo_surface_finish(surface);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return ERR_IO;
	return strbuf_error(out);
}

/* Two rows of modules a line, by half blocks. A terminal that is dark shows blocks as light, so there the light modules are
 * the blocks. */
static void draw_text(const QRcode *code, bool is_dark_terminal, struct strbuf *out)
{
	static const char *const blocks[] = {" ", "\u2584", "\u2580", "\u2588"}; /* neither, lower, upper, both */
	for (int y = -QR_QUIET_MODULES; y < code->width + QR_QUIET_MODULES; y += 2) {
		for (int x = -QR_QUIET_MODULES; x < code->width + QR_QUIET_MODULES; x++) {
			bool is_last = y + 1 >= code->width + QR_QUIET_MODULES;
			bool upper = qr_matrix_is_dark(code, x, y) != is_dark_terminal;
			bool lower = !is_last && qr_matrix_is_dark(code, x, y + 1) != is_dark_terminal;
			strbuf_puts(out, blocks[(upper ? 2 : 0) + (lower ? 1 : 0)]);
		}
		strbuf_putc(out, '\n');
	}
}

enum err qr_draw(const char *text, enum qr_format format, unsigned module_px, bool is_dark_terminal, struct strbuf *out)
{
	size_t length = strlen(text);
	if (length == 0 || strspn(text, alphanumeric) != length)
		return ERR_INVALID;
	if (format == QR_PNG && (module_px < MODULE_PX_MIN || module_px > MODULE_PX_MAX))
		return ERR_INVALID;
	__attribute__((cleanup(qr_matrix_free))) QRcode *code = NULL;
	enum err error = qr_matrix_make(text, length, QR_MODE_AN, QR_ECLEVEL_M, VERSION_MAX, &code);
	if (error)
		return error;
	if (format != QR_TEXT)
		return draw_image(code, format, module_px, out);
	draw_text(code, is_dark_terminal, out);
	return strbuf_error(out);
}

enum err qr_draw_any(const char *text, struct strbuf *out)
{
	__attribute__((cleanup(qr_matrix_free))) QRcode *code = NULL;
	enum err error = qr_matrix_make(text, strlen(text), QR_MODE_8, QR_ECLEVEL_M, VERSION_MAX_NEAR, &code);
	return error ? error : draw_image(code, QR_SVG, 0, out);
}

enum err qr_address(const char *base_url, const char *code, struct arena *arena, char **out)
{
	size_t length = strlen(base_url);
	while (length && base_url[length - 1] == '/')
		length--;
	char *address = arena_printf(arena, "%.*s/%s", (int) length, base_url, code);
	if (!address)
		return ERR_NOMEM;
	for (char *at = address; *at; at++)
		*at = (char) toupper((unsigned char) *at);
	*out = address;
	return strspn(address, alphanumeric) == strlen(address) ? ERR_OK : ERR_INVALID;
}
