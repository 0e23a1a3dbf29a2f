/* SPDX-License-Identifier: MIT */
/* folder.h: what lies in an instance's spool folder, and how much room its disk keeps: what the spooler and the command
 * line must agree on. soundings-spool(5), spooler(8). */
#ifndef SOUNDINGS_SPOOL_FOLDER_H
#define SOUNDINGS_SPOOL_FOLDER_H

#include "lib/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Relative to the instance. */
#define FOLDER_SPOOL "spool"
#define FOLDER_FILE "spool/spool.db"
#define FOLDER_BALLAST "spool/ballast"

enum {
	FOLDER_DAMAGED_MAX = 5, /* damaged files in the folder: with so many, the disk must be looked at first */
	FOLDER_NAME_MAX = 128   /* of all names below, with a NUL */
};

/* A file that was set aside, and one whose envelopes were handed over again. */
#define FOLDER_DAMAGED ".damaged"
#define FOLDER_SALVAGED ".salvaged"

/* "spool-2026-11-21-0123456789abcdef": today, and no time; and chance. */
void folder_name(char out[FOLDER_NAME_MAX]);

/* True when NAME is one of such a file, with the ending ENDING. */
bool folder_is_name(const char *name, const char *ending);

/* How many files with ENDING lie in the folder PATH. ERR_NOT_FOUND, ERR_DENIED, ERR_IO. */
enum err folder_count(const char *path, const char *ending, unsigned *count) MUST_CHECK;

/* The mark that spool.db must not be opened again, an empty file: all that it says is in its name, so that it comes to be in
 * one step, and on a disk that takes no bytes any more. ".mark" behind folder_name, then ".CATALOGUE.KEYSET" when they are
 * known. */
#define FOLDER_MARK ".mark"

/* The name of the mark in the folder PATH. ERR_NOT_FOUND: there is none. Errors as above. */
enum err folder_find_mark(const char *path, char out[FOLDER_NAME_MAX]) MUST_CHECK;

/* How many bytes of a disk of DISK_BYTES stay free of new envelopes: a twentieth of it, but at least FREE_MIN_MIB (the key
 * spool_free_min) and at most 16 times that. 0 when that is 0. */
uint64_t folder_floor(uint64_t disk_bytes, unsigned free_min_mib);

#endif
