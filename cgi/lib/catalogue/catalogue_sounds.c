/* SPDX-License-Identifier: MIT */
/* catalogue_sounds.c: which sounds the catalogues on this disk name: readers may be between the link and the files, and so no file goes as long as
 * one of them names it. */
#include "lib/catalogue/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/base/file.h"

static enum err add_sounds(const char *root_dir, const char *name, const uint8_t root_public[KEYS_PUBLIC_BYTES],
			   struct arena *arena, struct catalogue_sound **all, size_t *count)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	struct catalogue_sound *more = NULL;
	size_t more_count = 0;
	enum err error = directory_open(root_dir, name, root_public, 0, 0, &catalogue, &refusal);
	if (error == ERR_OK)
		error = catalogue_sounds(catalogue, arena, &more, &more_count);
	if (error == ERR_OK && more_count > 0) {
		*all = arena_grow(arena, *all, *count, *count + more_count, sizeof **all);
		if (*all == NULL)
			error = ERR_NOMEM;
		else
			memcpy(*all + *count, more, more_count * sizeof *more);
		*count += more_count;
	}
	catalogue_close(catalogue);
	return error;
}

enum err catalogue_sounds_on_disk(const char *root_dir, const uint8_t root_public[KEYS_PUBLIC_BYTES],
				  struct arena *arena, struct catalogue_sound **out, size_t *count)
{
	CLEANUP_FD int root = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char **names = NULL;
	size_t names_count = 0;
	*out = NULL;
	*count = 0;
	if (root < 0)
		return file_err(errno);
	enum err error = directory_names(root, arena, &names, &names_count);
	for (size_t i = 0; error == ERR_OK && i < names_count; i++)
		error = add_sounds(root_dir, names[i], root_public, arena, out, count);
	return error;
}
