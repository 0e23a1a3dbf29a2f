/* SPDX-License-Identifier: MIT */
/* form_load_folder.h: which files a folder of YAML has. Only files of lib/form include this. */
#ifndef SOUNDINGS_FORM_FORM_LOAD_FOLDER_H
#define SOUNDINGS_FORM_FORM_LOAD_FOLDER_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stddef.h>

/* The names of FOLDER's files that end in SUFFIX, without it, sorted bytewise; hidden files are left out. NAMES live in
 * ARENA. ERR_NOT_FOUND, ERR_DENIED, ERR_IO, ERR_NOMEM. */
enum err form_load_folder(const char *folder, const char *suffix, struct arena *arena, const char ***names,
			  size_t *count) MUST_CHECK;

#endif
