/* SPDX-License-Identifier: MIT */
/* folders.c: an instance's folders: made, locked, swept and taken away.
 *
 * A scratch folder is locked by flock(2) on itself: the lock ends with the process, so a folder without one was left by a
 * command that was killed, and may go. */
#include "folders.h"

#include "lib/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_DEEP = 16 }; /* descriptors that nftw may use */

void folders_make_parents(const char *dir, struct arena *arena)
{
	char *copy = arena_strdup(arena, dir);
	for (char *slash = copy ? strchr(copy + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		/* "As far as": whoever calls finds out, and syncs the folder that it makes itself. */
		if (mkdir(copy, 0755) == 0 && file_sync_parent(AT_FDCWD, copy) != ERR_OK)
			break;
		*slash = '/';
	}
}

enum err folders_make(const char *dir, struct arena *arena)
{
	static const struct {
		const char *name;
		mode_t mode;
	} folders[] = {
		{"office", 0700}, {"catalogue", 0755}, {"front", 0755},        {"spool", 0700},       {"keys", 0700},
		{"run", 0700},    {"pages", 0755},     {"keys/periods", 0700}, {"keys/sealed", 0700}, {"backups", 0700},
	};
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const char *path = arena_printf(arena, "%s/%s", dir, folders[i].name);
		enum err error = path ? file_make_dir(AT_FDCWD, path, folders[i].mode) : ERR_NOMEM;
		if (error)
			return error;
	}
	return ERR_OK;
}

enum err folders_make_scratch(const char *dir, const char *prefix, struct arena *arena, const char **path, int *lock)
{
	char *made = arena_printf(arena, "%s/%s-XXXXXX", dir, prefix);
	if (!made)
		return ERR_NOMEM;
	if (!mkdtemp(made)) /* 0700 */
		return file_err(errno);
	*path = made;
	*lock = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *lock < 0 || flock(*lock, LOCK_EX | LOCK_NB) != 0 ? file_err(errno) : ERR_OK;
}

void folders_sweep_scratch(const char *dir, const char *prefix, struct arena *arena)
{
	DIR *folder = opendir(dir);
	size_t length = strlen(prefix);
	for (const struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
		if (strncmp(entry->d_name, prefix, length) != 0 || entry->d_name[length] != '-')
			continue;
		const char *path = arena_printf(arena, "%s/%s", dir, entry->d_name);
		CLEANUP_FD int lock = path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
		if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
			folders_remove(path);
	}
	if (folder)
		closedir(folder);
}

void folders_wipe(const char *path)
{
	if (file_wipe(AT_FDCWD, path) != ERR_OK)
		unlink(path);
}

/* An office, its journal, a secret, and what file_write was writing. */
static bool is_secret(const char *name)
{
	static const char *const patterns[] = {"*.db", "*.db-journal", "*.secret", "recovery-*", ".*.tmp"};
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
		if (fnmatch(patterns[i], name, 0) == 0)
			return true;
	return false;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void) kind;
	if (S_ISREG(status->st_mode) && is_secret(path + place->base) && file_wipe(AT_FDCWD, path) == ERR_OK)
		return 0;
	return remove(path);
}

bool folders_remove(const char *path)
{
	return nftw(path, remove_one, FOLDERS_DEEP, FTW_DEPTH | FTW_PHYS) == 0;
}

bool folders_is(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
