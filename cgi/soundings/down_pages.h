/* SPDX-License-Identifier: MIT */
/* down_pages.h: nginx's own pages, made when a catalogue is published. */
#ifndef SOUNDINGS_SOUNDINGS_DOWN_PAGES_H
#define SOUNDINGS_SOUNDINGS_DOWN_PAGES_H

#include "instance.h"

/* Writes INSTANCE/pages/{not-saved,too-many,too-large,refused,not-found,...}.html: what nginx says when the programs cannot, in every language
 * of SET, the page strings, one below the other. team-down and staff-down are of the organisers' pages and of a kiosk's staff. A code of
 * sysexits.h. */
int down_pages_write(struct instance *instance, const struct words_set *set);

#endif
