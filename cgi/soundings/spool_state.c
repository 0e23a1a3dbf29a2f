/* SPDX-License-Identifier: MIT */
/* spool_state.c: the spool folder, as whoever runs the machine has to know it. Must not open the spool file: only the spooler may. */
#include "spool_state.h"

#include "lib/base/file.h"
#include "lib/spool/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The files in DIR whose names end in ENDING. */
static enum err list(struct instance *instance, const char *dir, const char *ending, const char ***out, size_t *count)
{
	unsigned expected = 0;
	*count = 0;
	enum err error = folder_count(dir, ending, &expected);
	if (error)
		return error;
	const char **paths = arena_array(&instance->arena, (size_t) expected + 1, const char *);
	DIR *folder = opendir(dir);
	if (!paths || !folder) {
		if (folder)
			closedir(folder);
		return paths ? file_err(errno) : ERR_NOMEM;
	}
	for (const struct dirent *entry; *count < expected && (entry = readdir(folder)) != NULL;) {
		if (!folder_is_name(entry->d_name, ending))
			continue;
		const char *path = arena_printf(&instance->arena, "%s/%s", dir, entry->d_name);
		if (path)
			paths[(*count)++] = path;
	}
	closedir(folder);
	qsort(paths, *count, sizeof *paths, compare);
	*out = paths;
	return ERR_OK;
}

static void look_at_disk(struct instance *instance, struct spool_state *out)
{
	struct statvfs disk;
	struct stat status;
	uint64_t ballast = (uint64_t) instance->conf.spool_ballast << 20;
	out->is_ballast_gone = ballast > 0 && stat(instance_path(instance, FOLDER_BALLAST), &status) != 0;
	if (statvfs(instance_path(instance, FOLDER_SPOOL), &disk) != 0)
		return;
	uint64_t least = folder_floor((uint64_t) disk.f_blocks * disk.f_frsize, instance->conf.spool_free_min) +
			 (out->is_ballast_gone ? ballast : 0); /* as the spooler reckons */
	out->is_low = instance->conf.spool_free_min > 0 && (uint64_t) disk.f_bavail * disk.f_frsize < least;
}

enum err spool_state_read(struct instance *instance, struct spool_state *out)
{
	*out = (struct spool_state){0};
	const char *dir = instance_path(instance, FOLDER_SPOOL);
	enum err error = list(instance, dir, FOLDER_DAMAGED, &out->damaged, &out->damaged_count);
	if (!error)
		error = list(instance, dir, FOLDER_SALVAGED, &out->salvaged, &out->salvaged_count);
	char mark[FOLDER_NAME_MAX];
	enum err marked = error ? error : folder_find_mark(dir, mark);
	out->is_marked = marked == ERR_OK;
	look_at_disk(instance, out);
	return marked == ERR_NOT_FOUND ? ERR_OK : marked;
}
