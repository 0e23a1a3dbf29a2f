/* SPDX-License-Identifier: MIT */
/* folder.c: names in the spool folder, and the room that its disk keeps. Changes nothing on any disk. */
#include "lib/spool/folder.h"

#include "lib/base/codec.h"
#include "lib/base/date.h"
#include "lib/base/file.h"
#include "lib/base/random.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FOLDER_RANDOM_BYTES = 8, FOLDER_SHARE = 20, FOLDER_FLOOR_TIMES = 16 };

#define FOLDER_BEGIN "spool-"

void folder_name(char out[FOLDER_NAME_MAX])
{
	uint8_t random[FOLDER_RANDOM_BYTES];
	char day[DATE_TEXT], hex[2 * FOLDER_RANDOM_BYTES + 1];
	random_bytes(random, sizeof random);
	codec_hex(random, sizeof random, hex);
	date_format(date_today(), day);
	int length = snprintf(out, FOLDER_NAME_MAX, FOLDER_BEGIN "%s-%s", day, hex);
	assert(length > 0 && length < FOLDER_NAME_MAX);
	(void) length;
}

/* What stands behind "spool-DAY-CHANCE" in NAME; NULL when it does not begin so. */
static const char *folder_ending(const char *name)
{
	size_t head = sizeof FOLDER_BEGIN - 1, day = DATE_TEXT - 1, hex = 2 * (size_t) FOLDER_RANDOM_BYTES;
	bool is_ours = strncmp(name, FOLDER_BEGIN, head) == 0 && strspn(name + head, "0123456789-") >= day + 1 &&
		       name[head + day] == '-' && strspn(name + head + day + 1, "0123456789abcdef") == hex;
	return is_ours ? name + head + day + 1 + hex : NULL;
}

bool folder_is_name(const char *name, const char *ending)
{
	const char *found = folder_ending(name);
	return found != NULL && strcmp(found, ending) == 0;
}

static void folder_close(DIR **folder)
{
	if (*folder != NULL)
		closedir(*folder);
}
#define CLEANUP_DIR __attribute__((cleanup(folder_close)))

/* The next name in FOLDER; NULL at the end, and *ERROR when that is not the end. */
static const char *folder_next(DIR *folder, enum err *error)
{
	errno = 0;
	const struct dirent *entry = readdir(folder);
	*error = entry == NULL && errno != 0 ? file_err(errno) : ERR_OK;
	return entry == NULL ? NULL : entry->d_name;
}

enum err folder_count(const char *path, const char *ending, unsigned *count)
{
	*count = 0;
	CLEANUP_DIR DIR *folder = opendir(path);
	if (folder == NULL)
		return file_err(errno);
	enum err error;
	for (const char *name; (name = folder_next(folder, &error)) != NULL;)
		*count += folder_is_name(name, ending);
	return error;
}

enum err folder_find_mark(const char *path, char out[FOLDER_NAME_MAX])
{
	CLEANUP_DIR DIR *folder = opendir(path);
	if (folder == NULL)
		return file_err(errno);
	enum err error;
	for (const char *name; (name = folder_next(folder, &error)) != NULL;) {
		const char *ending = folder_ending(name);
		size_t length = strlen(name);
		if (ending == NULL || strncmp(ending, FOLDER_MARK, sizeof FOLDER_MARK - 1) != 0 ||
		    length >= FOLDER_NAME_MAX)
			continue;
		memcpy(out, name, length + 1);
		return ERR_OK;
	}
	return error == ERR_OK ? ERR_NOT_FOUND : error;
}

uint64_t folder_floor(uint64_t disk_bytes, unsigned free_min_mib)
{
	uint64_t least = (uint64_t) free_min_mib << 20, most = least * FOLDER_FLOOR_TIMES;
	uint64_t share = disk_bytes / FOLDER_SHARE;
	return share < least ? least : share > most ? most : share;
}
