/* SPDX-License-Identifier: MIT */
/* field_page.h: one field of a question: its controls with what was answered, and the message beside them. */
#ifndef SOUNDINGS_INTAKE_FIELD_PAGE_H
#define SOUNDINGS_INTAKE_FIELD_PAGE_H

#include "form_page.h"

/* The field with this index in the form; QUESTION is the one that it is part of, its texts and ids already filled. */
void field_page(const struct visit *visit, const struct draft *draft, size_t index,
		const struct page_question *question, struct page_field *out);

#endif
