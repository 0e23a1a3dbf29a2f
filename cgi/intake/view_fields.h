/* SPDX-License-Identifier: MIT */
/* view_fields.h: the fields in which a page of a kiosk, or one with sound, keeps how a person sees and hears it. */
#ifndef SOUNDINGS_INTAKE_VIEW_FIELDS_H
#define SOUNDINGS_INTAKE_VIEW_FIELDS_H

#include "lib/http/http.h"
#include "lib/view/pages.h"

/* True of "view-size", "view-contrast" and "view-listen". A hyphen stands in no question's name. */
bool view_fields_is_name(const char *name);

/* What REQUEST says of the view: the usual one for what it leaves out, or says otherwise than we would. A name that comes twice was
 * the page's hidden field and a button, whose value comes last and counts: view.pressed. *IS_LOOK: a POST that brings nothing but
 * these and perhaps the language that was chosen ("to"), so it asks for a page as a GET does, and sends nothing. */
void view_fields_read(const struct http_request *request, struct page_view *view, bool *is_look);

#endif
