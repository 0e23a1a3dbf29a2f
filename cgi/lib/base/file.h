/* SPDX-License-Identifier: MIT */
/* file.h: whole files in, whole files out, durably. */
#ifndef SOUNDINGS_BASE_FILE_H
#define SOUNDINGS_BASE_FILE_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stddef.h>
#include <sys/types.h>

/* Reads all of PATH (relative to directory descriptor AT, or AT_FDCWD) into ARENA, with a NUL behind that does not
 * count. ERR_NOT_FOUND, ERR_TOO_BIG past MAX_BYTES, ERR_DENIED (also for what is no regular file), ERR_IO, ERR_NOMEM.
 * Follows no symbolic link in the last part of PATH. */
enum err file_read(int at, const char *path, size_t max_bytes, struct arena *arena, char **data,
		   size_t *length) MUST_CHECK;

/* Writes PATH so that after a crash it holds either the old bytes or the new: a temporary file beside it, fsync,
 * rename, fsync of the directory. MODE are its permissions, whatever the umask. ERR_FULL, ERR_DENIED, ERR_IO. */
enum err file_write(int at, const char *path, const void *data, size_t length, mode_t mode) MUST_CHECK;

/* As file_write, but ERR_CONFLICT when PATH is there already (then nothing is changed). */
enum err file_write_new(int at, const char *path, const void *data, size_t length, mode_t mode) MUST_CHECK;

/* Removes PATH for good: overwrites its bytes with random ones, fsync, unlink, fsync of the directory. What a flash drive, a file system that
 * writes changes elsewhere or somebody's copy still holds, this cannot reach. ERR_NOT_FOUND; ERR_DENIED also for what is no regular
 * file or has a second name; ERR_IO. After a failure call it again: what was done is done. */
enum err file_wipe(int at, const char *path) MUST_CHECK;

/* Makes directory PATH with MODE, and its name durable, unless it is there (then its mode is left alone). Parents must exist. */
enum err file_make_dir(int at, const char *path, mode_t mode) MUST_CHECK;

/* fsync of the directory PATH itself, so that a rename in it is durable. */
enum err file_sync_dir(int at, const char *path) MUST_CHECK;

/* fsync of the directory that PATH is in, so that PATH's own name is durable. PATH may end in slashes. */
enum err file_sync_parent(int at, const char *path) MUST_CHECK;

/* For files that are written bit by bit. All of LENGTH bytes to FD; and FROM renamed to TO in the directory FOLDER, durable once
 * that is synced, ERR_CONFLICT when TO is there already. ERR_FULL, ERR_DENIED, ERR_TOO_BIG, ERR_IO. */
enum err file_write_all(int fd, const char *bytes, size_t length) MUST_CHECK;
enum err file_rename_new(int folder, const char *from, const char *to) MUST_CHECK;

/* The failure that errno value NUMBER means. */
enum err file_err(int number);

/* Closes *FD when it is not negative. */
void file_close(int *fd);
#define CLEANUP_FD __attribute__((cleanup(file_close)))

#endif
