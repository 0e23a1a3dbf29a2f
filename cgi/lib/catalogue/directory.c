/* SPDX-License-Identifier: MIT */
/* directory.c: the names in the instance's catalogue folder, as soundings-catalogue(5) lays it out. */
#include "lib/catalogue/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"

enum {
	DIRECTORY_SERIAL_DIGITS = 19, /* of 2^63 - 1 */
	DIRECTORY_LOCK_TRIES = 100,
	DIRECTORY_LOCK_WAIT_MS = 50 /* between two tries: 5 s in all, and publishing takes a fraction of one */
};

bool directory_parse(const char *name, uint64_t *serial)
{
	size_t digits = strspn(name, "0123456789");
	if (digits == 0 || digits > DIRECTORY_SERIAL_DIGITS || name[0] == '0' || name[digits] != '-')
		return false;
	const char *random = name + digits + 1;
	size_t random_digits = strspn(random, "0123456789abcdef");
	if (random_digits != 2 * DIRECTORY_RANDOM_BYTES || random[random_digits] != '\0')
		return false;
	uint64_t number = 0; /* 19 digits fit */
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (uint64_t) (name[i] - '0');
	*serial = number;
	return true;
}

enum err directory_current(int root, char name[DIRECTORY_NAME], uint64_t *serial)
{
	ssize_t length = readlinkat(root, "current", name, DIRECTORY_NAME);
	if (length < 0)
		return errno == EINVAL ? ERR_CORRUPT : file_err(errno); /* EINVAL: it is no link */
	if (length == DIRECTORY_NAME)
		return ERR_CORRUPT;
	name[length] = '\0';
	return directory_parse(name, serial) ? ERR_OK : ERR_CORRUPT;
}

enum err directory_lock(int root)
{
	const struct timespec wait = {.tv_nsec = DIRECTORY_LOCK_WAIT_MS * 1000000L};
	for (int i = 0; i < DIRECTORY_LOCK_TRIES; i++) {
		if (flock(root, LOCK_EX | LOCK_NB) == 0)
			return ERR_OK;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return ERR_IO;
		nanosleep(&wait, NULL);
	}
	return ERR_BUSY;
}

static void directory_close(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}
#define CLEANUP_DIR __attribute__((cleanup(directory_close)))

/* A stream over the directory NAME in ROOT, or NULL with errno. */
static DIR *directory_list(int root, const char *name)
{
	int fd = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	if (directory == NULL)
		file_close(&fd);
	return directory;
}

/* Files only: there is no folder in a catalogue, and if there is one, somebody should look at it. */
void directory_remove(int root, const char *name)
{
	CLEANUP_DIR DIR *directory = directory_list(root, name);
	if (directory == NULL && errno == ENOENT)
		return;
	const struct dirent *entry;
	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	}
	if (directory == NULL || unlinkat(root, name, AT_REMOVEDIR) < 0)
		log_warn("catalogue.leftover", "name=%s errno=%d", name, errno);
}

static bool directory_begins(const char *name, const char *beginning)
{
	return strncmp(name, beginning, strlen(beginning)) == 0;
}

void directory_sweep_unfinished(int root)
{
	CLEANUP_DIR DIR *directory = directory_list(root, ".");
	const struct dirent *entry;
	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (directory_begins(entry->d_name, DIRECTORY_BUILDING))
			directory_remove(root, entry->d_name);
		else if (directory_begins(entry->d_name, DIRECTORY_LINK))
			unlinkat(root, entry->d_name, 0);
	}
}

void directory_sweep_old(int root, const char *keep, const char *keep_too)
{
	CLEANUP_DIR DIR *directory = directory_list(root, ".");
	const struct dirent *entry;
	uint64_t serial = 0;
	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		const char *name = entry->d_name;
		if (directory_parse(name, &serial) && strcmp(name, keep) != 0 && strcmp(name, keep_too) != 0)
			directory_remove(root, name);
	}
}

enum err directory_names(int root, struct arena *arena, const char ***out, size_t *count)
{
	CLEANUP_DIR DIR *directory = directory_list(root, ".");
	const struct dirent *entry;
	const char **names = NULL;
	size_t used = 0;
	uint64_t serial = 0;
	if (directory == NULL)
		return file_err(errno);
	while ((entry = readdir(directory)) != NULL) {
		if (!directory_parse(entry->d_name, &serial))
			continue;
		names = arena_grow(arena, names, used, used + 1, sizeof *names);
		if (names == NULL || (names[used++] = arena_strdup(arena, entry->d_name)) == NULL)
			return ERR_NOMEM;
	}
	*out = names;
	*count = used;
	return ERR_OK;
}
