/* SPDX-License-Identifier: MIT */
/* screen.h: how bright the screen is. */
#ifndef SOUNDINGS_KIOSK_SESSION_SCREEN_H
#define SOUNDINGS_KIOSK_SESSION_SCREEN_H

#include "lib/base/err.h"

/* Sets every backlight in FOLDER (/sys/class/backlight) to PERCENT (1-100) of what it can. ERR_NOT_FOUND: there is none, or no such
 * folder. ERR_DENIED, ERR_IO: at least one could not be set. Logs nothing. */
enum err screen_set(const char *folder, unsigned percent) MUST_CHECK;

#endif
