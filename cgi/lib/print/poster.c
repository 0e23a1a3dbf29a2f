/* SPDX-License-Identifier: MIT */
/* poster.c: from a request to a file: fonts, code, sizes, layout, the reading back, and the bytes. The only order in which it is done. */
#include "lib/print/poster.h"

#include "lib/print/poster_decode.h"
#include "lib/print/poster_layout.h"
#include "lib/print/poster_pdf.h"
#include "lib/print/poster_size.h"
#include "lib/print/poster_words.h"
#include "lib/print/qr.h"
#include "lib/print/qr_matrix.h"
#include "lib/print/surface.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ARENA_BYTES = 32 * 1024 * 1024, VERSION_MAX = 10, KEY_MAX = 64, MODULE_PX = 16 };

static const double paper_dpi = 150;

/* ---- before it is laid out ----------------------------------------------------------------------------------------- */

static enum err check_text(const struct poster_fonts *fonts, const char *prefix, const char *key, const char *text,
			   struct poster_trouble *trouble)
{
	char where[KEY_MAX];
	snprintf(where, sizeof where, "%s%s", prefix, key);
	return text ? poster_fonts_check(fonts, where, text, trouble) : ERR_OK;
}

static enum err check_face(const struct poster_fonts *fonts, const struct poster_face *face, size_t index,
			   struct poster_trouble *trouble)
{
	const struct {
		const char *key, *text;
	} texts[] = {{"title", face->title},         {"lead", face->lead},
		     {"what", face->what},           {"minutes", face->minutes},
		     {"anonymous", face->anonymous}, {"until", face->until},
		     {"type_it", face->type_it},     {"code_label", face->code_label},
		     {"paper", face->paper},         {"phone", face->phone}};
	char prefix[KEY_MAX];
	snprintf(prefix, sizeof prefix, "faces[%zu].", index);
	enum err error = ERR_OK;
	for (size_t i = 0; !error && i < sizeof texts / sizeof texts[0]; i++)
		error = check_text(fonts, prefix, texts[i].key, texts[i].text, trouble);
	return error;
}

static enum err check_signs(const struct poster_fonts *fonts, const struct poster_request *request,
			    struct poster_trouble *trouble)
{
	enum err error = check_text(fonts, "", "organisation", request->organisation, trouble);
	if (!error)
		error = check_text(fonts, "event.", "title", request->event.title, trouble);
	if (!error)
		error = check_text(fonts, "event.", "place", request->event.place, trouble);
	if (!error)
		error = check_text(fonts, "event.", "day", request->event.day, trouble);
	for (size_t i = 0; !error && i < request->faces_count; i++)
		error = check_face(fonts, &request->faces[i], i, trouble);
	return error;
}

static enum err make_code(const struct poster_request *request, QRcode **code, struct poster_trouble *trouble)
{
	QRecLevel level = request->is_laminated ? QR_ECLEVEL_Q : QR_ECLEVEL_M;
	enum err error =
		qr_matrix_make(request->address, strlen(request->address), QR_MODE_AN, level, VERSION_MAX, code);
	if (error == ERR_TOO_BIG)
		return poster_refuse(
			trouble, error,
			"address is too long for a QR code that phones read well: use a shorter name of the site");
	return error ? poster_refuse(trouble, error, "the QR code could not be made: %s", err_words(error)) : ERR_OK;
}

/* ---- files --------------------------------------------------------------------------------------------------------- */

static enum err show(cairo_surface_t *surface, const struct scene *scene, double zoom, bool has_tags)
{
	cairo_t *context = cairo_create(surface);
	cairo_scale(context, zoom, zoom);
	scene_draw(scene, context, has_tags);
	cairo_show_page(context);
	bool is_drawn = cairo_status(context) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(context);
	return is_drawn ? ERR_OK : ERR_NOMEM;
}

/* A slide's pixels are three quarters of a point, as CSS has it, so that the page is 20 inches wide. */
static double points_of(enum poster_kind kind)
{
	return kind == POSTER_SLIDE ? 0.75 : 1;
}

static enum err write_pdf(const struct poster_request *request, const struct scene *scene, struct arena *arena,
			  struct strbuf *out)
{
	const char *title = poster_words(arena, request->faces[0].title, false);
	CLEANUP_STRBUF struct strbuf drawn;
	strbuf_init(&drawn, POSTER_FILE_MAX_BYTES);
	double zoom = points_of(request->kind);
	CLEANUP_SURFACE cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(surface_take, &drawn, scene->width * zoom, scene->height * zoom);
	if (!title || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return ERR_NOMEM;
	enum err error = show(surface, scene, zoom, true);
	cairo_surface_finish(surface);
	if (!error && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		error = strbuf_error(&drawn) ? strbuf_error(&drawn) : ERR_NOMEM;
	return error ? error : poster_pdf(&drawn, scene, request->faces[0].lang, title, out);
}

static enum err write_svg(const struct poster_request *request, const struct scene *scene, struct strbuf *out)
{
	double zoom = points_of(request->kind);
	CLEANUP_SURFACE cairo_surface_t *surface =
		cairo_svg_surface_create_for_stream(surface_take, out, scene->width * zoom, scene->height * zoom);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return ERR_NOMEM;
	enum err error = show(surface, scene, zoom, false);
	cairo_surface_finish(surface);
	if (!error && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		error = ERR_NOMEM;
	return error ? error : strbuf_error(out);
}

/* The code alone has whole pixels for each module. */
static enum err write_png(const struct poster_request *request, const struct scene *scene, const QRcode *code,
			  struct strbuf *out)
{
	double zoom = request->kind == POSTER_SLIDE ? 1 : paper_dpi / 72;
	if (request->kind == POSTER_QR)
		zoom = MODULE_PX * (code->width + 2 * QR_QUIET_MODULES) / scene->width;
	CLEANUP_SURFACE cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int) lround(scene->width * zoom), (int) lround(scene->height * zoom));
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return ERR_NOMEM;
	enum err error = show(surface, scene, zoom, false);
	if (!error && cairo_surface_write_to_png_stream(surface, surface_take, out) != CAIRO_STATUS_SUCCESS)
		error = ERR_NOMEM;
	return error ? error : strbuf_error(out);
}

static enum err write_file(const struct poster_request *request, const struct scene *scene, const QRcode *code,
			   struct arena *arena, struct strbuf *out)
{
	switch (request->format) {
	case POSTER_PDF:
		return write_pdf(request, scene, arena, out);
	case POSTER_SVG:
		return write_svg(request, scene, out);
	default:
		return write_png(request, scene, code, out);
	}
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

static void free_map(PangoFontMap **map)
{
	if (*map)
		g_object_unref(*map);
}

static enum err draw(const struct poster_request *request, const QRcode *code, double side_mm, PangoFontMap *map,
		     struct arena *arena, struct scene *scene, struct strbuf *out, struct poster_trouble *trouble)
{
	double margin;
	bool is_read;
	enum err error = poster_layout(request, code, side_mm, map, arena, scene, &margin, trouble);
	if (error)
		return error;
	error = poster_decode(scene, request->address, &is_read);
	if (!error && !is_read)
		return poster_refuse(
			trouble, ERR_CORRUPT,
			"the finished %s was read back, and its code could not be: use a shorter address, or let "
			"it be read from nearer (distance_cm)",
			poster_kind_name(request->kind));
	return error ? error : write_file(request, scene, code, arena, out);
}

enum err poster_draw(const struct poster_request *request, const struct poster_fonts *fonts, struct strbuf *out,
		     struct poster_trouble *trouble)
{
	__attribute__((cleanup(qr_matrix_free))) QRcode *code = NULL;
	double side_mm;
	trouble->words[0] = '\0';
	enum err error = check_signs(fonts, request, trouble);
	if (!error)
		error = make_code(request, &code, trouble);
	if (!error)
		error = poster_size_check(request, (unsigned) code->width, &side_mm, trouble);
	if (error)
		return error;
	__attribute__((cleanup(free_map))) PangoFontMap *map = poster_fonts_map(fonts);
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	struct scene scene = {0};
	error = map ? draw(request, code, side_mm, map, &arena, &scene, out, trouble) : ERR_NOMEM;
	scene_fini(&scene);
	if (error && !trouble->words[0])
		return poster_refuse(trouble, error, "the poster could not be drawn: %s", err_words(error));
	return error;
}
