/* SPDX-License-Identifier: MIT */
/* catalogue_take.h: a published catalogue on its way from a hub to a front machine, on a stick: as the two files of its directory. What is on the
 * stick is believed as far as it is signed, and no further. */
#ifndef SOUNDINGS_CATALOGUE_CATALOGUE_TAKE_H
#define SOUNDINGS_CATALOGUE_CATALOGUE_TAKE_H

#include "lib/catalogue/catalogue.h"

/* Copies manifest and catalogue.db of the catalogue that ROOT_DIR/current leads to into the folder TO, which is there; each appears whole. The copy has
 * been verified. ERR_NOT_FOUND: nothing is published; else as catalogue_open, and ERR_FULL. */
enum err catalogue_pack(const char *root_dir, const char *to, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			struct catalogue_refusal *refusal) MUST_CHECK;

/* Verifies the two files in the folder FROM as they are copied into a new directory of ROOT_DIR, and turns ROOT_DIR/current to it. *IS_NEWS false:
 * that very catalogue was there already, and nothing was done. ERR_CONFLICT: a newer one is there (refusal "serial"), if only by its name.
 * Refusal "link": ROOT_DIR/current itself is no catalogue's. Otherwise as catalogue_open and
 * catalogue_publish; after any failure "current" leads to the old one. */
enum err catalogue_take(const char *root_dir, const char *from, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			bool *is_news, struct catalogue_refusal *refusal) MUST_CHECK;

#endif
