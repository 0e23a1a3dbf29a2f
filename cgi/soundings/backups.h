/* SPDX-License-Identifier: MIT */
/* backups.h: the backups that lie in a folder, and which of two is the newer. */
#ifndef SOUNDINGS_SOUNDINGS_BACKUPS_H
#define SOUNDINGS_SOUNDINGS_BACKUPS_H

#include "lib/backup/backup.h"
#include "lib/base/arena.h"
#include "lib/base/date.h"

#include <stdbool.h>
#include <stddef.h>

struct backup_file {
	const char *path; /* DIR/NAME */
	uint64_t number;
	struct date day;
	uint8_t generation[BACKUP_GENERATION_BYTES];
	uint64_t keyset_serial;                    /* of the key set in its head, which the root has signed, */
	uint8_t content_public[KEYS_PUBLIC_BYTES]; /* and the content key that this one names */
};

/* The backups of ROOT (NULL: of any root) in DIR by what their heads say, which is all that is read; lowest number first. Other files are passed over. In
 * ARENA. ERR_NOT_FOUND: there is no such folder; ERR_IO, ERR_NOMEM. */
enum err backups_in(const char *dir, const uint8_t *root, struct arena *arena, struct backup_file **out,
		    size_t *count) MUST_CHECK;

/* What the head of BACKUP says, for comparing. PATH is borrowed. */
struct backup_file backups_of(const struct backup *backup, const char *path);

bool backups_is_same(const struct backup_file *one, const struct backup_file *other);

/* True unless ONE is known to be older than OTHER, or the same: a higher number or a later day is enough, for after a restore two lines
 * of numbers may run side by side. */
bool backups_is_newer(const struct backup_file *one, const struct backup_file *other);

/* True when the folder is there that the file at PATH would lie in: then a file that is not is gone, and not merely away on a disk. */
bool backups_is_folder_there(const char *path);

/* What is wrong with a file, in plain words, when backup_open or backup_check gave ERROR and REASON: "it is cut short ...". Static. */
const char *backups_words(enum err error, const char *reason);

#endif
