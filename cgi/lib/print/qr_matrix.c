/* SPDX-License-Identifier: MIT */
/* qr_matrix.c: a QR code's modules (ISO/IEC 18004), made by libqrencode and drawn by cairo. What is said, in which mode and on which
 * paper, is decided by qr.c and sheet.c. */
#include "lib/print/qr_matrix.h"

#include "lib/print/qr.h"

#include <errno.h>

enum err qr_matrix_make(const char *text, size_t length, QRencodeMode mode, QRecLevel level, int version_max,
			QRcode **out)
{
	QRinput *input = QRinput_new2(0, level);
	if (!input)
		return ERR_NOMEM;
	*out = NULL;
	errno = 0;
	if (QRinput_append(input, mode, (int) length, (const unsigned char *) text) == 0)
		*out = QRcode_encodeInput(input);
	int number = errno;
	QRinput_free(input);
	if (!*out)
		return number == ERANGE ? ERR_TOO_BIG : number == EINVAL ? ERR_INVALID : ERR_NOMEM;
	return (*out)->version > version_max ? ERR_TOO_BIG : ERR_OK;
}

void qr_matrix_free(QRcode **code)
{
	QRcode_free(*code); /* NULL is fine */
}

bool qr_matrix_is_dark(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return false;
	return code->data[y * code->width + x] & 1;
}

void qr_matrix_draw(cairo_t *context, const QRcode *code, double module)
{
	cairo_set_source_rgb(context, 0, 0, 0);
	for (int y = 0; y < code->width; y++) {
		for (int x = 0; x < code->width; x++) {
			int run = 0; /* neighbours in one rectangle: no hairlines between them in print */
			while (qr_matrix_is_dark(code, x + run, y))
				run++;
			if (run == 0)
				continue;
			cairo_rectangle(context, (x + QR_QUIET_MODULES) * module, (y + QR_QUIET_MODULES) * module,
					run * module, module);
			x += run;
		}
	}
	cairo_fill(context);
}
