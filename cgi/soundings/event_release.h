/* SPDX-License-Identifier: MIT */
/* event_release.h: the release of an event, which has a file of its own. */
#ifndef SOUNDINGS_SOUNDINGS_EVENT_RELEASE_H
#define SOUNDINGS_SOUNDINGS_EVENT_RELEASE_H

#include "instance.h"

#include <stdbool.h>

/* Releases the event CODE, or goes on where that was stopped. IS_FEW: also when fewer than 10 responses have come. A code of
 * sysexits.h; says what is in the way. */
int event_release(struct instance *instance, const char *code, bool is_few);

/* "there is no event with the code ...", or why it cannot be read. The code for ERROR. */
int event_not_read(struct instance *instance, const char *code, enum err error);

#endif
