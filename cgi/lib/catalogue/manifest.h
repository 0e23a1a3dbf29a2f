/* SPDX-License-Identifier: MIT */
/* manifest.h: the signed page that stands beside a catalogue's database and says what it must be:
 * soundings-catalogue(5).
 *
 * For the files of this folder only. */
#ifndef SOUNDINGS_CATALOGUE_MANIFEST_H
#define SOUNDINGS_CATALOGUE_MANIFEST_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"

#include <stddef.h>
#include <stdint.h>

struct manifest {
	uint64_t serial;
	uint64_t bytes;       /* size of catalogue.db */
	uint8_t database[32]; /* BLAKE2b-256 of it */
	struct keyset keyset;
};

/* The signed document in ARENA. KEYSET_TEXT is the signed key set as it is to travel; manifest->keyset is not looked
 * at. ERR_NOMEM, ERR_TOO_BIG. */
enum err manifest_encode(const struct manifest *manifest, const char *keyset_text, size_t keyset_length,
			 const struct root_pair *content_pair, struct arena *arena, char **out,
			 size_t *length) MUST_CHECK;

/* Reads "manifest" in the directory DIR and verifies it: key set by the root, manifest by the key set's content key. On
 * failure *REASON is "manifest" (none, or not one: ERR_CORRUPT), "keyset" or "signature" (not signed by whom it must
 * be: ERR_DENIED; signed but not understood: ERR_CORRUPT); ERR_DENIED for a symbolic link; ERR_IO; ERR_NOMEM. */
enum err manifest_read(int dir, const uint8_t root_public[KEYS_PUBLIC_BYTES], struct manifest *out,
		       const char **reason) MUST_CHECK;

#endif
