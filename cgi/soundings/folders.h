/* SPDX-License-Identifier: MIT */
/* folders.h: an instance's folders: made, locked, swept and taken away. */
#ifndef SOUNDINGS_SOUNDINGS_FOLDERS_H
#define SOUNDINGS_SOUNDINGS_FOLDERS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stdbool.h>

/* DIR's parents, as far as they can be made, and on disk: that DIR itself can is for the caller to find out. */
void folders_make_parents(const char *dir, struct arena *arena);

/* Every folder an instance has, in DIR, which is there, with its permissions. What is there already is left as it is. */
enum err folders_make(const char *dir, struct arena *arena) MUST_CHECK;

/* A scratch folder in DIR that nobody else can look into, "PREFIX-XXXXXX", locked until *LOCK is closed. *PATH in ARENA. */
enum err folders_make_scratch(const char *dir, const char *prefix, struct arena *arena, const char **path,
			      int *lock) MUST_CHECK;

/* Removes every "PREFIX-..." in DIR whose lock nobody holds: what a command that was killed has left. */
void folders_sweep_scratch(const char *dir, const char *prefix, struct arena *arena);

/* Overwrites the file PATH and takes it away (file_wipe); where that cannot be, takes away its name. */
void folders_wipe(const char *path);

/* Takes away PATH and all in it; follows no link. What is an office or a secret by its name, or half-written, is overwritten before, but
 * for what has a second name elsewhere. False when something is left. */
bool folders_remove(const char *path);

/* True when PATH is a folder, also through a link: where a file belongs, that is worth a sentence of its own. */
bool folders_is(const char *path);

#endif
