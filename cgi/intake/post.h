/* SPDX-License-Identifier: MIT */
/* post.h: a form that comes back: another language, mistakes, or a response that is sealed, on disk, and thanked for. */
#ifndef SOUNDINGS_INTAKE_POST_H
#define SOUNDINGS_INTAKE_POST_H

#include "visit.h"

/* Answers a POST to an event's address. VISIT has the event, open or in grace. */
void post_form(struct visit *visit, struct http_response *response);

/* Answers a POST to an event that takes no answers any more (410): nothing is saved, and what was typed is shown where it can be
 * read. */
void post_late(struct visit *visit, struct http_response *response);

/* A kind page for a request that cannot be taken; decided before anybody looked at its meaning. */
void post_fault(const struct visit *visit, enum http_fault fault, struct http_response *response);

#endif
