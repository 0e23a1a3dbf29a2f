/* SPDX-License-Identifier: MIT */
/* drill.h: whether a backup can be restored, found out by restoring it. */
#ifndef SOUNDINGS_SOUNDINGS_DRILL_H
#define SOUNDINGS_SOUNDINGS_DRILL_H

#include "soundings/instance.h"
#include "soundings/recovery.h"

/* Restores FILE (NULL: the newest finished backup whose file is there) into a folder in the instance that nobody else can look into, while
 * everything runs; sees that every table is what it was, that each period's secret opens what is sealed to it, and that a catalogue
 * comes out; removes all of it. Says on standard output what it saw, how old the backup is and how long it took. A code of
 * sysexits.h: EX_OK says that with this recovery key this backup brings the instance back. */
int drill(struct instance *instance, const char *file, const struct recovery_source *source);

#endif
