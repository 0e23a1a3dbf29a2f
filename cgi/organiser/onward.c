/* SPDX-License-Identifier: MIT */
/* onward.c: where somebody was going. Only pages of the table of routes are gone to, so no address can lead away (open redirect). */
#include "onward.h"

#include "match.h"

#include <string.h>

const char *onward_to(const struct visit *visit)
{
	const char *next = visit_query(visit, "next");
	return match_is_page(next) && strncmp(next, "/welcome/", 9) != 0 ? next : "/";
}

struct safe_url onward_by(const struct visit *visit, const char *path)
{
	const char *next = onward_to(visit), *lang = visit_query(visit, "lang");
	bool has_next = strcmp(next, "/") != 0, has_lang = strcmp(lang, "cy") == 0 || strcmp(lang, "en") == 0;
	return visit_url(visit, "%s%s%s%s%s%s", path, has_next || has_lang ? "?" : "", has_next ? "next=" : "",
			 has_next ? next : "", has_next && has_lang ? "&" : "",
			 has_lang ? (strcmp(lang, "cy") == 0 ? "lang=cy" : "lang=en") : "");
}
