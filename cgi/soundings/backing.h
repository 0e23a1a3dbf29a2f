/* SPDX-License-Identifier: MIT */
/* backing.h: making a backup of an instance, for the commands that end with one: backup, event release, key rotate, run. */
#ifndef SOUNDINGS_SOUNDINGS_BACKING_H
#define SOUNDINGS_SOUNDINGS_BACKING_H

#include "instance.h"

#include <stdint.h>

/* A finished backup of the instance as it is now: the office (one consistent picture, while everything runs), its digest, settings,
 * content key, key set and the sealed copy of every period's secret that there is; never a period's secret itself. FILE: where (a folder:
 * named by itself in there); NULL: conf.backup_dir. *NUMBER and *PATH (absolute, in the instance's arena; both may be NULL). Says what
 * went wrong on standard error; a code of sysexits.h. Prints nothing else. */
int backing_make(struct instance *instance, const char *file, uint64_t *number, const char **path);

/* One backup at a time, and none across a restore: run/backup.lock of the instance in DIR, until *FD is closed. Waits, and says so. A code
 * of sysexits.h. */
int backing_lock(const char *dir, int *fd);

/* conf.backup_dir as a path (in the instance unless it is absolute), made when it is not there. A code of sysexits.h. */
int backing_dir(struct instance *instance, const char **dir);

/* The parts' names, which restore reads: "office.db", "digest", "soundings.conf", "root.pub", "keyset", "content.secret",
 * "sealed/HEXID.sealed". */

#endif
