/* SPDX-License-Identifier: MIT */
/* qr_matrix.h: a QR code's modules, made by libqrencode and drawn by cairo, for the files of lib/print that put one on something. */
#ifndef SOUNDINGS_PRINT_QR_MATRIX_H
#define SOUNDINGS_PRINT_QR_MATRIX_H

#include "lib/base/err.h"

#include <cairo.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stddef.h>

/* The code of TEXT (LENGTH bytes) in one segment of MODE, with error correction LEVEL. ERR_TOO_BIG when it needs a version past
 * VERSION_MAX; ERR_INVALID when MODE has no such signs; ERR_NOMEM. Freed with qr_matrix_free. */
enum err qr_matrix_make(const char *text, size_t length, QRencodeMode mode, QRecLevel level, int version_max,
			QRcode **out) MUST_CHECK;

/* For __attribute__((cleanup)). */
void qr_matrix_free(QRcode **code);

/* False for what lies outside. */
bool qr_matrix_is_dark(const QRcode *code, int x, int y);

/* Draws the dark modules in black, MODULE wide, with the quiet zone (QR_QUIET_MODULES) between them and the origin of CONTEXT. */
void qr_matrix_draw(cairo_t *context, const QRcode *code, double module);

#endif
