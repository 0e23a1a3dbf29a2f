/* SPDX-License-Identifier: MIT */
/* poster_decode.c: reads a picture of a page as a phone would, with libzbar. Nothing is handed out that has not been read so. */
#include "lib/print/poster_decode.h"

#include "lib/print/qr.h"
#include "lib/print/surface.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

static const double paper_dpi = 150, module_px_least = 3; /* in the smaller picture */
enum { SIDE_MAX_PX = 6000 };

/* Brightness, a byte for each dot. */
struct grey {
	uint8_t *dots;
	unsigned width, height;
};

static void grey_free(struct grey *grey)
{
	free(grey->dots);
}
#define CLEANUP_GREY __attribute__((cleanup(grey_free)))

static enum err grey_new(struct grey *grey, unsigned width, unsigned height)
{
	*grey = (struct grey){calloc(width, height), width, height};
	return grey->dots ? ERR_OK : ERR_NOMEM;
}

/* ITU-R BT.601, as a black and white printer does. */
static enum err grey_draw(const struct scene *scene, double zoom, struct grey *grey)
{
	int width = (int) ceil(scene->width * zoom), height = (int) ceil(scene->height * zoom);
	CLEANUP_SURFACE cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *context = cairo_create(surface);
	cairo_scale(context, zoom, zoom);
	scene_draw(scene, context, false);
	bool is_drawn = cairo_status(context) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(context);
	cairo_surface_flush(surface);
	if (!is_drawn || grey_new(grey, (unsigned) width, (unsigned) height) != ERR_OK)
		return ERR_NOMEM;
	const uint8_t *rows = cairo_image_surface_get_data(surface);
	size_t stride = (size_t) cairo_image_surface_get_stride(surface);
	for (size_t y = 0; y < grey->height; y++)
		for (size_t x = 0; x < grey->width; x++) {
			uint32_t dot;
			memcpy(&dot, rows + y * stride + x * sizeof dot, sizeof dot);
			uint32_t red = dot >> 16 & 0xff, green = dot >> 8 & 0xff, blue = dot & 0xff;
			grey->dots[y * grey->width + x] = (uint8_t) ((299 * red + 587 * green + 114 * blue) / 1000);
		}
	return ERR_OK;
}

static enum err grey_halve(const struct grey *from, struct grey *to)
{
	enum err error = grey_new(to, from->width / 2, from->height / 2);
	for (size_t y = 0; !error && y < to->height; y++)
		for (size_t x = 0; x < to->width; x++) {
			const uint8_t *dots = from->dots + 2 * y * from->width + 2 * x;
			to->dots[y * to->width + x] =
				(uint8_t) ((dots[0] + dots[1] + dots[from->width] + dots[from->width + 1]) / 4);
		}
	return error;
}

/* The part of FROM in BOX, whose unit is ZOOM dots; with a little around it. */
static enum err grey_cut(const struct grey *from, struct scene_box box, double zoom, struct grey *to)
{
	double around = 4;
	unsigned x = (unsigned) fmax(0, floor(box.x * zoom - around)),
		 y = (unsigned) fmax(0, floor(box.y * zoom - around));
	unsigned right = (unsigned) fmin(from->width, ceil((box.x + box.width) * zoom + around));
	unsigned bottom = (unsigned) fmin(from->height, ceil((box.y + box.height) * zoom + around));
	enum err error = grey_new(to, right - x, bottom - y);
	for (size_t row = 0; !error && row < to->height; row++)
		memcpy(to->dots + row * to->width, from->dots + (y + row) * from->width + x, to->width);
	return error;
}

/* How many codes are on GREY; -1: one of them says something else than ADDRESS. Or ERR_NOMEM. */
static enum err scan(const struct grey *grey, const char *address, int *count)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	*count = 0;
	if (!scanner || !image)
		return ERR_NOMEM;
	zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, grey->width, grey->height);
	zbar_image_set_data(image, grey->dots, (unsigned long) grey->width * grey->height,
			    NULL); /* the dots stay ours */
	zbar_scan_image(scanner, image);
	for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image); symbol; symbol = zbar_symbol_next(symbol)) {
		size_t length = zbar_symbol_get_data_length(symbol);
		bool is_same = length == strlen(address) && memcmp(zbar_symbol_get_data(symbol), address, length) == 0;
		*count = *count < 0 || !is_same ? -1 : *count + 1;
	}
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return ERR_OK;
}

/* Each code of SCENE is read by itself, and nothing that says something else is on the page. */
static enum err read_picture(const struct scene *scene, const struct grey *grey, double zoom, const char *address,
			     bool *is_read)
{
	int count;
	enum err error = scan(grey, address, &count);
	*is_read = !error && count > 0;
	for (size_t i = 0; !error && *is_read && i < scene->count; i++) {
		if (scene->items[i].shape != SCENE_CODE)
			continue;
		CLEANUP_GREY struct grey part = {0};
		error = grey_cut(grey, scene_place(scene, &scene->items[i]), zoom, &part);
		if (!error)
			error = scan(&part, address, &count);
		*is_read = !error && count == 1;
	}
	return error;
}

/* Dots for each unit of SCENE: paper as pdftoppm -r 150, a slide as it is, finer where modules would be too small. */
static double choose_zoom(const struct scene *scene, bool is_paper)
{
	double zoom = is_paper ? paper_dpi / 72 : 1;
	for (size_t i = 0; i < scene->count; i++)
		if (scene->items[i].shape == SCENE_CODE) {
			double module =
				scene->items[i].box.width / (scene->items[i].code->width + 2 * QR_QUIET_MODULES);
			zoom = fmax(zoom, 2 * module_px_least / module);
		}
	return fmin(zoom, SIDE_MAX_PX / fmax(scene->width, scene->height));
}

enum err poster_decode(const struct scene *scene, const char *address, bool *is_read)
{
	double zoom = choose_zoom(scene, scene->width < 1500);
	CLEANUP_GREY struct grey whole = {0}, half = {0};
	*is_read = false;
	enum err error = grey_draw(scene, zoom, &whole);
	if (!error)
		error = read_picture(scene, &whole, zoom, address, is_read);
	if (error || !*is_read)
		return error;
	error = grey_halve(&whole, &half);
	return error ? error : read_picture(scene, &half, zoom / 2, address, is_read);
}
