/* SPDX-License-Identifier: MIT */
/* file.c: whole files in, whole files out, durably.
 *
 * Writing: a temporary file beside the target (".NAME.RANDOM.tmp"), fsync, rename, fsync of the directory. After a
 * crash the target holds the old bytes or the new; a temporary file may be left behind, never a half-written target. */
#define _GNU_SOURCE 1 /* renameat2 */
#include "lib/base/file.h"

#include "lib/base/codec.h"
#include "lib/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_RANDOM_BYTES = 8, FILE_WIPE_BYTES = 65536 };

enum err file_err(int number)
{
	switch (number) {
	case 0:
		return ERR_OK;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EEXIST:
	case ENOTEMPTY:
		return ERR_CONFLICT;
	case EACCES:
	case EPERM:
	case ELOOP: /* a symbolic link where we follow none */
		return ERR_DENIED;
	case ENOSPC:
	case EDQUOT:
		return ERR_FULL;
	case EFBIG:
	case EOVERFLOW:
	case ENAMETOOLONG:
		return ERR_TOO_BIG;
	case ENOMEM:
		return ERR_NOMEM;
	case EAGAIN:
	case EBUSY:
	case ETXTBSY:
	case ETIMEDOUT:
		return ERR_BUSY;
	default:
		return ERR_IO;
	}
}

void file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Reads until the end into ARENA. FIRST_GUESS is the size that stat told, right for all but files that grow. */
static enum err file_read_all(int fd, size_t first_guess, size_t max_bytes, struct arena *arena, char **data,
			      size_t *length)
{
	size_t capacity = first_guess + 1, used = 0; /* one more, so that the end is seen without growing */
	char *bytes = arena_alloc(arena, capacity + 1, 1);
	if (bytes == NULL)
		return ERR_NOMEM;
	for (;;) {
		ssize_t got = read(fd, bytes + used, capacity - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return file_err(errno);
		if (got == 0)
			break;
		used += (size_t) got;
		if (used > max_bytes)
			return ERR_TOO_BIG;
		if (used < capacity)
			continue;
		capacity = capacity > max_bytes / 2 ? max_bytes + 1 : capacity * 2;
		char *grown = arena_grow(arena, bytes, used, capacity + 1, 1);
		if (grown == NULL)
			return ERR_NOMEM;
		bytes = grown;
	}
	bytes[used] = '\0';
	*data = bytes;
	*length = used;
	return ERR_OK;
}

enum err file_read(int at, const char *path, size_t max_bytes, struct arena *arena, char **data, size_t *length)
{
	if (max_bytes > SIZE_MAX / 4)
		max_bytes = SIZE_MAX / 4;
	/* O_NONBLOCK: opening a FIFO that somebody put there must not hang. */
	CLEANUP_FD int fd = openat(at, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return file_err(errno);
	struct stat status;
	if (fstat(fd, &status) < 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode))
		return ERR_DENIED;
	if ((uintmax_t) status.st_size > max_bytes)
		return ERR_TOO_BIG;
	return file_read_all(fd, (size_t) status.st_size, max_bytes, arena, data, length);
}

enum err file_write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return file_err(errno);
		bytes += written;
		length -= (size_t) written;
	}
	return ERR_OK;
}

/* Splits PATH into its directory ("" when there is none) and the name in it. */
static enum err file_split(const char *path, char folder[PATH_MAX], const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash == NULL ? 0 : (size_t) (slash - path) + 1;
	if (length >= PATH_MAX)
		return ERR_TOO_BIG;
	memcpy(folder, path, length);
	folder[length] = '\0';
	*name = path + length;
	return **name == '\0' ? ERR_INVALID : ERR_OK;
}

/* Fills the new file FD and makes its bytes and permissions durable. */
static enum err file_fill(int fd, const void *data, size_t length, mode_t mode)
{
	enum err error = file_write_all(fd, data, length);
	if (error != ERR_OK)
		return error;
	if (fchmod(fd, mode) < 0 || fsync(fd) < 0)
		return file_err(errno);
	return ERR_OK;
}

/* With renameat2, or with a link where the file system lacks it. */
enum err file_rename_new(int folder, const char *from, const char *to)
{
	if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return ERR_OK;
	if (errno != EINVAL && errno != ENOSYS)
		return file_err(errno);
	if (linkat(folder, from, folder, to, 0) < 0)
		return file_err(errno);
	return unlinkat(folder, from, 0) < 0 ? file_err(errno) : ERR_OK;
}

static enum err file_put(int at, const char *path, const void *data, size_t length, mode_t mode, bool is_new)
{
	char folder_path[PATH_MAX];
	const char *name = NULL;
	enum err error = file_split(path, folder_path, &name);
	if (error != ERR_OK)
		return error;
	CLEANUP_FD int folder =
		openat(at, folder_path[0] == '\0' ? "." : folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return file_err(errno);

	uint8_t random[FILE_RANDOM_BYTES];
	char hex[2 * FILE_RANDOM_BYTES + 1], temporary[NAME_MAX + 1];
	random_bytes(random, sizeof random);
	codec_hex(random, sizeof random, hex);
	int temporary_length = snprintf(temporary, sizeof temporary, ".%s.%s.tmp", name, hex);
	if (temporary_length < 0 || (size_t) temporary_length >= sizeof temporary)
		return ERR_TOO_BIG;
	CLEANUP_FD int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_err(errno);

	error = file_fill(fd, data, length, mode);
	if (error == ERR_OK && is_new)
		error = file_rename_new(folder, temporary, name);
	else if (error == ERR_OK && renameat(folder, temporary, folder, name) < 0)
		error = file_err(errno);
	if (error != ERR_OK) {
		unlinkat(folder, temporary, 0);
		return error;
	}
	return fsync(folder) < 0 ? file_err(errno) : ERR_OK;
}

enum err file_write(int at, const char *path, const void *data, size_t length, mode_t mode)
{
	return file_put(at, path, data, length, mode, false);
}

enum err file_write_new(int at, const char *path, const void *data, size_t length, mode_t mode)
{
	return file_put(at, path, data, length, mode, true);
}

static enum err file_overwrite(int fd, off_t length)
{
	uint8_t noise[FILE_WIPE_BYTES];
	while (length > 0) {
		size_t part = length < (off_t) sizeof noise ? (size_t) length : sizeof noise;
		random_bytes(noise, part);
		enum err error = file_write_all(fd, (const char *) noise, part);
		if (error != ERR_OK)
			return error;
		length -= (off_t) part;
	}
	return fsync(fd) < 0 ? file_err(errno) : ERR_OK;
}

enum err file_wipe(int at, const char *path)
{
	char folder_path[PATH_MAX];
	const char *name = NULL;
	enum err error = file_split(path, folder_path, &name);
	if (error != ERR_OK)
		return error;
	CLEANUP_FD int folder =
		openat(at, folder_path[0] == '\0' ? "." : folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return file_err(errno);
	CLEANUP_FD int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) < 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode) || status.st_nlink != 1)
		return ERR_DENIED;
	error = file_overwrite(fd, status.st_size);
	if (error == ERR_OK && (unlinkat(folder, name, 0) < 0 || fsync(folder) < 0))
		error = file_err(errno);
	return error;
}

enum err file_sync_parent(int at, const char *path)
{
	char parent[PATH_MAX];
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	if (length >= sizeof parent)
		return ERR_TOO_BIG;
	memcpy(parent, path, length);
	parent[length] = '\0';
	return file_sync_dir(at, length == 0 ? "." : parent);
}

enum err file_make_dir(int at, const char *path, mode_t mode)
{
	if (mkdirat(at, path, mode) == 0) {
		/* Whatever the umask; by descriptor, which a confined program may (chmod(2) reaches everything). */
		CLEANUP_FD int folder = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder < 0 || fchmod(folder, mode) < 0)
			return file_err(errno);
		return file_sync_parent(at, path);
	}
	if (errno != EEXIST)
		return file_err(errno);
	struct stat status;
	if (fstatat(at, path, &status, 0) < 0)
		return file_err(errno);
	return S_ISDIR(status.st_mode) ? ERR_OK : ERR_CONFLICT;
}

enum err file_sync_dir(int at, const char *path)
{
	CLEANUP_FD int folder = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return file_err(errno);
	return fsync(folder) < 0 ? file_err(errno) : ERR_OK;
}
