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
	int length = snprintf(out, FOLDER_NAME_MAX, FOLDER_BEGIN "%s-%s" FOLDER_DAMAGED, day, hex);
	assert(length > 0 && length < FOLDER_NAME_MAX);
	(void) length;
}

bool folder_is_name(const char *name, const char *ending)
{
	size_t head = sizeof FOLDER_BEGIN - 1, day = DATE_TEXT - 1, hex = 2 * (size_t) FOLDER_RANDOM_BYTES;
	size_t length = strlen(name);
	return length == head + day + 1 + hex + strlen(ending) && strncmp(name, FOLDER_BEGIN, head) == 0 &&
	       strspn(name + head, "0123456789-") == day + 1 && name[head + day] == '-' &&
	       strspn(name + head + day + 1, "0123456789abcdef") == hex &&
	       strcmp(name + head + day + 1 + hex, ending) == 0;
}

static void folder_close(DIR **folder)
{
	if (*folder != NULL)
		closedir(*folder);
}

enum err folder_count(const char *path, const char *ending, unsigned *count)
{
	*count = 0;
	__attribute__((cleanup(folder_close))) DIR *folder = opendir(path);
	if (folder == NULL)
		return file_err(errno);
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(folder);
		if (entry == NULL)
			return errno == 0 ? ERR_OK : file_err(errno);
		*count += folder_is_name(entry->d_name, ending);
	}
}

uint64_t folder_floor(uint64_t disk_bytes, unsigned free_min_mib)
{
	uint64_t least = (uint64_t) free_min_mib << 20, most = least * FOLDER_FLOOR_TIMES;
	uint64_t share = disk_bytes / FOLDER_SHARE;
	return share < least ? least : share > most ? most : share;
}
