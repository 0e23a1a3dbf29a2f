/* SPDX-License-Identifier: MIT */
/* surface.h: where cairo's surfaces put their bytes, and how they are let go, for the files of lib/print that make some. */
#ifndef SOUNDINGS_PRINT_SURFACE_H
#define SOUNDINGS_PRINT_SURFACE_H

#include "lib/base/strbuf.h"

#include <cairo.h>

/* A cairo_write_func_t into the struct strbuf OUT. */
static inline cairo_status_t surface_take(void *out, const unsigned char *data, unsigned length)
{
	strbuf_put(out, data, length);
	return strbuf_error(out) == ERR_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static inline void surface_free(cairo_surface_t **surface)
{
	if (*surface)
		cairo_surface_destroy(*surface);
}

#define CLEANUP_SURFACE __attribute__((cleanup(surface_free)))

#endif
