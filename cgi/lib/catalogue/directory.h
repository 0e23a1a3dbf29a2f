/* SPDX-License-Identifier: MIT */
/* directory.h: how catalogues lie in the instance's catalogue folder, and one of them being opened by name.
 *
 * For the files of this folder only: everybody else calls catalogue_open. */
#ifndef SOUNDINGS_CATALOGUE_DIRECTORY_H
#define SOUNDINGS_CATALOGUE_DIRECTORY_H

#include "lib/base/err.h"
#include "lib/catalogue/catalogue.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	DIRECTORY_RANDOM_BYTES = 8,
	DIRECTORY_NAME = 40 /* room for "SERIAL-RANDOM": 19 digits, a hyphen, 16 hex digits, and a NUL */
};

/* True for "SERIAL-RANDOM": 1 to 19 digits without a leading zero, a hyphen, 16 lower-case hex digits. */
bool directory_parse(const char *name, uint64_t *serial);

/* The name that "current" in the folder ROOT leads to. ERR_NOT_FOUND: there is no such link. ERR_CORRUPT: it is no
 * link, or leads to no catalogue's name. */
enum err directory_current(int root, char name[DIRECTORY_NAME], uint64_t *serial) MUST_CHECK;

/* Keeps other publishers out of the folder ROOT until the descriptor is closed. ERR_BUSY: one is still at it after some
 * seconds; ERR_IO. */
enum err directory_lock(int root) MUST_CHECK;

/* How a catalogue and a link are named while they are being made. */
#define DIRECTORY_BUILDING ".new-"
#define DIRECTORY_LINK ".current-"

/* Removes the catalogue directory NAME in ROOT with its files. What cannot be removed is logged and left. */
void directory_remove(int root, const char *name);

/* Removes what publications that did not end left under unfinished names. Only under the lock. */
void directory_sweep_unfinished(int root);

/* Removes all finished catalogues but the two named ones ("" names none). Only under the lock. */
void directory_sweep_old(int root, const char *keep, const char *keep_too);

/* The names of all finished catalogues in ROOT, in no order. Live in ARENA. ERR_NOMEM, ERR_IO. */
enum err directory_names(int root, struct arena *arena, const char ***out, size_t *count) MUST_CHECK;

/* As catalogue_open, of the directory NAME instead of the one that "current" leads to. ERR_NOT_FOUND: no such
 * directory. (In catalogue.c.) */
enum err directory_open(const char *root_dir, const char *name, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			uint64_t floor_serial, uint64_t floor_keyset, struct catalogue **out,
			struct catalogue_refusal *refusal) MUST_CHECK;

#endif
