/* SPDX-License-Identifier: MIT */
/* form_load.h: a folder of YAML becomes a struct form, or a list of problems that say where and how to mend it. */
#ifndef SOUNDINGS_FORM_FORM_LOAD_H
#define SOUNDINGS_FORM_FORM_LOAD_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"
#include "lib/form/form.h"
#include "lib/form/form_places.h"

#include <stdbool.h>

/* Loads FOLDER (form.yaml and every LANG.yaml in it) with the shared questions and lists of LIBRARY (a folder; may be
 * NULL). All problems of all files are collected, not only the first. On ERR_OK the form is complete, its expressions
 * are parsed and typed, and every name is known; findings that do not stop it (form_load_is_finding) may still be in
 * PROBLEMS, so look at the return value.
 * ERR_NOT_FOUND: no such folder or no form.yaml in it. ERR_INVALID: PROBLEMS says why. ERR_NOMEM, ERR_IO. */
enum err form_load(const char *folder, const char *library, struct arena *arena, struct form **out,
		   struct problems *problems) MUST_CHECK;

/* The same, and notes in PLACES (initialised) where each text and name of the form stands. */
enum err form_load_with_places(const char *folder, const char *library, struct arena *arena, struct form **out,
			       struct problems *problems, struct form_places *places) MUST_CHECK;

/* True when a problem of form_load or organisation_load does not stop it ("missing-translation", "stale-translation",
 * "draft-translation", "unused-list", "checked-later"): a warning, not an error. */
bool form_load_is_finding(const struct problem *problem);

#endif
