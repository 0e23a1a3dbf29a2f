/* SPDX-License-Identifier: MIT */
/* salvage.h: a damaged spool file is read as far as it can be, and what is in it goes to the spooler once more. */
#ifndef SOUNDINGS_SOUNDINGS_SALVAGE_H
#define SOUNDINGS_SOUNDINGS_SALVAGE_H

#include "instance.h"

#include <stdbool.h>

/* Salvages COUNT files. IS_KEPT: an envelope on the spooler's disk is enough; else the collector must have filed what waited.
 * Only then each file is renamed. Says what became of them. A code of sysexits.h. */
int salvage(struct instance *instance, const char *const *paths, size_t count, bool is_kept);

/* Overwrites and deletes a file that was set aside or salvaged, with its journal. A code of sysexits.h. */
int salvage_forget(const char *path, struct arena *arena);

/* How many, in words that tell nothing about one person: "none", "1 to 4", ... Static storage. */
const char *salvage_band(uint64_t count);

#endif
