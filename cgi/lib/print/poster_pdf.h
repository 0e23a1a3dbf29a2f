/* SPDX-License-Identifier: MIT */
/* poster_pdf.h: what cairo leaves out of a PDF. */
#ifndef SOUNDINGS_PRINT_POSTER_PDF_H
#define SOUNDINGS_PRINT_POSTER_PDF_H

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/print/scene.h"

/* Copies the PDF in DRAWN, which scene_draw has made of SCENE with its tags, behind what OUT has, with LANG as the document's language,
 * TITLE as its title, each text's language, each figure's alternative text, and no time. The same bytes for the same input. ERR_CORRUPT
 * when cairo's structure is not what it was; ERR_NOMEM, ERR_TOO_BIG. */
enum err poster_pdf(const struct strbuf *drawn, const struct scene *scene, const char *lang, const char *title,
		    struct strbuf *out) MUST_CHECK;

#endif
