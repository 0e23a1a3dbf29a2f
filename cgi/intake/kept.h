/* SPDX-License-Identifier: MIT */
/* kept.h: answers that travel along when somebody changes the language.
 *
 * A variant asks less, and asks some questions otherwise. What was answered in one face and cannot be shown in another
 * goes along in hidden fields "keep-FACE-CONTROL" (FACE is the variant, or "base"; CONTROL as answers.h names it: "next",
 * "born.day"), comes back when the person returns to that face, and is dropped at Send. Nothing is judged on the way. */
#ifndef SOUNDINGS_INTAKE_KEPT_H
#define SOUNDINGS_INTAKE_KEPT_H

#include "visit.h"

#include "lib/form/answers.h"
#include "lib/view/pages.h"

struct kept {
	struct page_hidden *list;
	size_t count;
	size_t capacity;
};

/* Makes room for what REQUEST and FORM can need. ERR_NOMEM. */
enum err kept_init(struct kept *kept, const struct form *form, const struct http_request *request,
		   struct arena *arena) MUST_CHECK;

/* True when NAME is such a field: "keep-", a face of the form, "-", a control of the form. */
bool kept_is_name(const struct form *form, const char *name);

/* Takes over one field of a request as it came. */
void kept_add(struct kept *kept, const char *name, const char *value);

/* From FROM's face to TO's: fills TO with what both ask alike and with what was kept for TO's face, and moves what TO cannot
 * show into KEPT. ERR_NOMEM. */
enum err kept_change_face(struct kept *kept, const struct answers *from, struct answers *to,
			  struct arena *arena) MUST_CHECK;

#endif
