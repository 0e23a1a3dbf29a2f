/* SPDX-License-Identifier: MIT */
/* qr.h: QR codes (ISO/IEC 18004) of event addresses: upper case, so that they stay in alphanumeric mode; error correction
 * level M; a quiet zone of 4 modules on every side; dark on white. */
#ifndef SOUNDINGS_PRINT_QR_H
#define SOUNDINGS_PRINT_QR_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"

#include <stdbool.h>

enum qr_format { QR_SVG, QR_PNG, QR_TEXT };
enum { QR_QUIET_MODULES = 4 };

/* Draws TEXT, which must be made of the 45 signs of alphanumeric mode (ERR_INVALID otherwise, ERR_TOO_BIG when it fits no
 * version up to 10). PNG has MODULE_PX pixels a module (4 to 64); SVG is scalable; text is drawn with half blocks for a
 * terminal, light modules as full ones when IS_DARK_TERMINAL, so that it scans there. */
enum err qr_draw(const char *text, enum qr_format format, unsigned module_px, bool is_dark_terminal,
		 struct strbuf *out) MUST_CHECK;

/* The same of any text, in bytes, up to version 20: what a telephone reads from a screen at arm's length (an authenticator's secret). SVG alone. */
enum err qr_draw_any(const char *text, struct strbuf *out) MUST_CHECK;

/* The address of a code as the QR code holds it: BASE_URL and "/CODE", upper case, in ARENA. ERR_INVALID when the base has
 * a path with signs outside the alphabet. */
enum err qr_address(const char *base_url, const char *code, struct arena *arena, char **out) MUST_CHECK;

#endif
