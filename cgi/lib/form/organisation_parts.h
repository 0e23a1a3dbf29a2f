/* SPDX-License-Identifier: MIT */
/* organisation_parts.h: what organisation.c and organisation_document.c share. */
#ifndef SOUNDINGS_FORM_ORGANISATION_PARTS_H
#define SOUNDINGS_FORM_ORGANISATION_PARTS_H

#include "lib/form/organisation.h"

#include <stdbool.h>

enum { ORGANISATION_ROWS_MAX = 200 }; /* Areas, programmes, helplines, sections of one notice */

/* The keys of the notices. */
extern const char *const organisation_notices[NOTICE_COUNT];

/* True for https:// and a host, of the signs of RFC 3986, at most 200 bytes: it becomes an href. */
bool organisation_url_is_safe(const char *url);

/* The same for an address as people read it, without https://. */
bool organisation_web_is_safe(const char *web);

/* True for one @ between signs that need no escape in a mailto: address. */
bool organisation_email_is_safe(const char *email);

#endif
