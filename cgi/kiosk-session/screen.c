/* SPDX-License-Identifier: MIT */
/* screen.c: brightness by the kernel's backlight class (Documentation/ABI/stable/sysfs-class-backlight): two files with a number each.
 *
 * Writes plain into the file: sysfs knows no rename. */
#include "kiosk-session/screen.h"

#include "lib/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number in the file NAME; 0 when there is none. */
static unsigned long read_most(int light, const char *name)
{
	char text[32];
	CLEANUP_FD int fd = openat(light, name, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	return strtoul(text, NULL, 10);
}

static enum err set_one(int folder, const char *name, unsigned percent)
{
	char text[32];
	CLEANUP_FD int light = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* a link, in sysfs */
	if (light < 0)
		return file_err(errno);
	unsigned long most = read_most(light, "max_brightness");
	if (most == 0 || most > 100000000)
		return ERR_IO;
	unsigned long value = (most * percent + 50) / 100;
	int length = snprintf(text, sizeof text, "%lu\n", value ? value : 1);
	CLEANUP_FD int fd = openat(light, "brightness", O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return file_err(errno);
	return file_write_all(fd, text, (size_t) length);
}

enum err screen_set(const char *folder, unsigned percent)
{
	enum err worst = ERR_NOT_FOUND;
	DIR *lights = opendir(folder);
	if (!lights)
		return file_err(errno);
	for (struct dirent *entry; (entry = readdir(lights));) {
		if (*entry->d_name == '.')
			continue;
		enum err error = set_one(dirfd(lights), entry->d_name, percent);
		if (worst == ERR_NOT_FOUND || error)
			worst = error;
	}
	closedir(lights);
	return worst;
}
