/* SPDX-License-Identifier: MIT */
/* front.h: an instance that is a kiosk and no more: it has a catalogue, a pinned root and a spool; no office and no key. */
#ifndef SOUNDINGS_SOUNDINGS_FRONT_H
#define SOUNDINGS_SOUNDINGS_FRONT_H

#include "instance.h"

#include <stdbool.h>

/* True when INSTANCE, of which PARTS are open, is one: mode = kiosk, and nothing there of what only a hub has. */
bool front_is(const struct instance *instance, const struct instance_parts *parts);

/* Makes the folders and settings of one in instance->dir, as far as they are not there. PORT 0: the usual one. A code of sysexits.h. */
int front_make(struct instance *instance, unsigned port);

/* Writes nginx's own pages anew, in the words of the catalogue that is there. Without one it says how to bring it. A code of sysexits.h. */
int front_pages(struct instance *instance);

/* Whoever is root becomes the owner of DIR, so that the programs can read what is made; all others, and where root is the owner, stay who they
 * are. Nothing where DIR is not there. A code of sysexits.h. */
int front_become_owner(const char *dir);

#endif
