/* SPDX-License-Identifier: MIT */
/* form_page.h: the form as a page: fresh, with mistakes, in another language, or not saved yet; and the thank-you. */
#ifndef SOUNDINGS_INTAKE_FORM_PAGE_H
#define SOUNDINGS_INTAKE_FORM_PAGE_H

#include "visit.h"

#include "lib/envelope/envelope.h"
#include "lib/form/answers.h"
#include "lib/view/pages.h"

/* What a page of the form carries besides its questions. */
struct draft {
	uint8_t nonce[ENVELOPE_NONCE_BYTES];
	uint32_t edit;
	const char *at;                 /* the script's place; "" */
	const struct answers *answers;  /* what was typed so far; NULL: nothing */
	const struct page_hidden *kept; /* keep-FACE-FIELD, see kept.h */
	size_t kept_count;
	struct mistakes mistakes;
	bool is_not_saved;
};

/* The page with this status. */
void form_page(const struct visit *visit, int status, const struct draft *draft, struct http_response *response);

/* The same for the script: {"state":"mistakes",...} or {"state":"not-saved","edit":N}. */
void form_page_json(const struct visit *visit, int status, const struct draft *draft, struct http_response *response);

/* To whoever sends after the end (410): nothing was saved. Shows ANSWERS (NULL: they cannot be read, as the form is gone) so that
 * they can be copied; the script has them, and gets {"state":"late",...}. */
void late_page(const struct visit *visit, const struct answers *answers, struct http_response *response);

/* Thank you: only ever called after the spooler said that the envelope is on disk. */
void thanks_page(const struct visit *visit, const struct answers *answers, const char *receipt,
		 struct http_response *response);

#endif
