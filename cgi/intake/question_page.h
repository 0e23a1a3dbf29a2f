/* SPDX-License-Identifier: MIT */
/* question_page.h: one question of a form, with what was answered and what is wrong, as the model of its template. */
#ifndef SOUNDINGS_INTAKE_QUESTION_PAGE_H
#define SOUNDINGS_INTAKE_QUESTION_PAGE_H

#include "form_page.h"

/* SOURCE as it is put in the visit's face. */
void question_page(const struct visit *visit, const struct draft *draft, const struct question *source,
		   struct page_question *out);

/* A text of the form in the page's language, marked where it is in another. */
struct page_text question_page_text(const struct visit *visit, const struct text *text);

#endif
