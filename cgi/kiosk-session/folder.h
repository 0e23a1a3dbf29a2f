/* SPDX-License-Identifier: MIT */
/* folder.h: the folder in which one session of the browser lives. */
#ifndef SOUNDINGS_KIOSK_SESSION_FOLDER_H
#define SOUNDINGS_KIOSK_SESSION_FOLDER_H

#include "lib/base/err.h"

/* Whether PATH is a folder in memory (tmpfs or ramfs), so that nothing in it ever reaches a disk. ERR_DENIED with a logged reason. */
enum err folder_check(const char *path) MUST_CHECK;

/* Makes PATH empty: what lies there goes, with all below it, and no link is followed. Then PATH is made anew, for its owner alone,
 * with the folders "profile", "home", "cache", "run" and "tmp" in it. ERR_DENIED, ERR_FULL, ERR_IO, logged. */
enum err folder_fresh(const char *path) MUST_CHECK;

/* Removes PATH and all below it; it may be missing. ERR_DENIED, ERR_IO, logged. */
enum err folder_wipe(const char *path) MUST_CHECK;

#endif
