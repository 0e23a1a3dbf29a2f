/* SPDX-License-Identifier: MIT */
/* match.h: from a method and a path to a row of the table in routes.c. Pure. */
#ifndef SOUNDINGS_ORGANISER_MATCH_H
#define SOUNDINGS_ORGANISER_MATCH_H

#include "routes.h"

/* The first row whose pattern the path is and whose method the request's; NULL. PART gets what its {...} stand for. *IS_THERE: the path is of some
 * row, though of none with this method. */
const struct route *match_route(const struct http_request *request, struct arena *arena, const char *part[3],
				bool *is_there);

/* PATH when it is the address of a page (a row that is got), else of the nearest above it that is; "/" in the end. Static, or PATH itself. */
const char *match_page_of(const char *path);

/* True when PATH is one of ours to go to: made of plain signs, beginning with one '/', and a page of the table. */
bool match_is_page(const char *path);

/* The whole table, a line a row: method, pattern, act, object, "proof" or "-". */
void match_print(void);

/* "self", "event-read", ...: as the table of who may do what names it. Static storage. */
const char *match_act_name(enum act act);

#endif
