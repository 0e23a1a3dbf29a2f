/* SPDX-License-Identifier: MIT */
/* folder.c: the browser's folder, in memory only, and gone with each session.
 *
 * Called only while no process of a browser is left: nothing can be put back behind our back. */
#include "kiosk-session/folder.h"

#include "lib/base/file.h"
#include "lib/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { FOLDER_OPEN_MAX = 32 };

enum err folder_check(const char *path)
{
	struct statfs status;
	if (statfs(path, &status) != 0) {
		enum err error = file_err(errno);
		log_error("folder.refused", "folder=%s reason=\"%s\" mend=\"make it, for this user alone\"", path,
			  strerror(errno));
		return error;
	}
	if (status.f_type != TMPFS_MAGIC && status.f_type != RAMFS_MAGIC) {
		log_error("folder.refused",
			  "folder=%s reason=\"it is on a disk, which would keep what people type\" "
			  "mend=\"name one in a tmpfs, such as the RuntimeDirectory= of the unit\"",
			  path);
		return ERR_DENIED;
	}
	return ERR_OK;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void) status;
	(void) kind;
	(void) place;
	if (remove(path) == 0 || errno == ENOENT)
		return 0;
	log_error("folder.wipe", "file=%s reason=\"%s\"", path, strerror(errno));
	return errno;
}

enum err folder_wipe(const char *path)
{
	struct stat status;
	if (lstat(path, &status) != 0)
		return errno == ENOENT ? ERR_OK : file_err(errno);
	int result = nftw(path, remove_one, FOLDER_OPEN_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	if (result == 0 && lstat(path, &status) != 0 && errno == ENOENT)
		return ERR_OK;
	if (result <= 0) /* it could not be walked, or went over a mount */
		log_error("folder.wipe", "folder=%s reason=\"something in it stays\"", path);
	return result > 0 ? file_err(result) : ERR_IO;
}

enum err folder_fresh(const char *path)
{
	static const char *const parts[] = {"profile", "home", "cache", "run", "tmp"};
	enum err error = folder_wipe(path);
	if (error)
		return error;
	bool is_made = mkdir(path, 0700) == 0;
	CLEANUP_FD int folder = is_made ? open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	for (size_t i = 0; folder >= 0 && is_made && i < sizeof parts / sizeof *parts; i++)
		is_made = mkdirat(folder, parts[i], 0700) == 0;
	if (folder >= 0 && is_made)
		return ERR_OK;
	error = file_err(errno);
	log_error("folder.refused", "folder=%s reason=\"%s\"", path, strerror(errno));
	return error;
}
