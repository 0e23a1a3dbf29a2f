/* SPDX-License-Identifier: MIT */
/* form_load_folder.c: which files a folder of YAML has, in an order that does not depend on the file system. */
#include "lib/form/form_load_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"

static void close_folder(DIR **folder)
{
	if (*folder != NULL)
		closedir(*folder);
}

#define CLEANUP_DIR __attribute__((cleanup(close_folder)))

static int compare_names(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;
	return strcmp(*left, *right);
}

enum err form_load_folder(const char *folder, const char *suffix, struct arena *arena, const char ***names,
			  size_t *count)
{
	CLEANUP_DIR DIR *directory = opendir(folder);
	if (directory == NULL)
		return file_err(errno);
	*names = NULL;
	*count = 0;
	size_t capacity = 0;
	errno = 0;
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL; errno = 0) {
		size_t length = strlen(entry->d_name), tail = strlen(suffix);
		if (entry->d_name[0] == '.' || length <= tail || strcmp(entry->d_name + length - tail, suffix) != 0)
			continue;
		if (*count == capacity) {
			capacity = capacity == 0 ? 16 : capacity * 2;
			*names = arena_grow(arena, *names, *count, capacity, sizeof(char *));
			if (*names == NULL)
				return ERR_NOMEM;
		}
		(*names)[*count] = arena_strndup(arena, entry->d_name, length - tail);
		if ((*names)[(*count)++] == NULL)
			return ERR_NOMEM;
	}
	if (errno != 0)
		return file_err(errno);
	if (*count > 0)
		qsort(*names, *count, sizeof(char *), compare_names);
	return ERR_OK;
}
