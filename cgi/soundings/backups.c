/* SPDX-License-Identifier: MIT */
/* backups.c: the backups that lie in a folder, and which of two is the newer. Reads heads only: no secret is needed. */
#include "backups.h"

#include "lib/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct backup_file backups_of(const struct backup *backup, const char *path)
{
	const struct backup_head *head = backup_head(backup);
	const struct keyset *keyset = backup_keyset(backup);
	struct backup_file file = {.path = path, .number = head->number, .day = head->day};
	memcpy(file.generation, head->generation, sizeof file.generation);
	file.keyset_serial = keyset->serial;
	memcpy(file.content_public, keyset->content_public, sizeof file.content_public);
	return file;
}

bool backups_is_same(const struct backup_file *one, const struct backup_file *other)
{
	return one->number == other->number && memcmp(one->generation, other->generation, sizeof one->generation) == 0;
}

bool backups_is_newer(const struct backup_file *one, const struct backup_file *other)
{
	if (backups_is_same(one, other))
		return false;
	int64_t days = date_days(one->day) - date_days(other->day);
	if (one->number == other->number && days == 0)
		return true; /* of two lines: nobody knows */
	return one->number > other->number || days > 0;
}

/* Whether PATH is one of ROOT's (NULL: of anybody's), as *OUT. Anything that is no regular file is not even opened. */
static bool is_backup_of(const char *path, const uint8_t *root, struct backup_file *out)
{
	struct stat status;
	struct backup *backup = NULL;
	const char *reason = NULL;
	if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || backup_open(path, &backup, &reason) != ERR_OK)
		return false;
	const struct backup_head *head = backup_head(backup);
	bool is_ours = !root || memcmp(head->root_public, root, KEYS_PUBLIC_BYTES) == 0;
	*out = backups_of(backup, path);
	backup_close(backup);
	return is_ours;
}

static int compare(const void *one, const void *other)
{
	const struct backup_file *a = one, *b = other;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return strcmp(a->path, b->path);
}

enum err backups_in(const char *dir, const uint8_t *root, struct arena *arena, struct backup_file **out, size_t *count)
{
	*out = NULL;
	*count = 0;
	DIR *folder = opendir(dir);
	if (!folder)
		return file_err(errno);
	enum err error = ERR_OK;
	size_t capacity = 0;
	for (const struct dirent *entry; !error && (entry = readdir(folder)) != NULL;) {
		struct backup_file file;
		const char *path = arena_printf(arena, "%s/%s", dir, entry->d_name);
		if (!path)
			error = ERR_NOMEM;
		if (error || entry->d_name[0] == '.' || !is_backup_of(path, root, &file))
			continue;
		if (*count == capacity) {
			capacity = capacity ? 2 * capacity : 16;
			*out = arena_grow(arena, *out, *count, capacity, sizeof **out);
		}
		if (*out)
			(*out)[(*count)++] = file;
		else
			error = ERR_NOMEM;
	}
	closedir(folder);
	if (!error && *count > 1)
		qsort(*out, *count, sizeof **out, compare);
	return error;
}

bool backups_is_folder_there(const char *path)
{
	char folder[PATH_MAX];
	struct stat status;
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t) (slash - path) + 1 : 0;
	if (length == 0 || length >= sizeof folder)
		return length == 0;
	memcpy(folder, path, length);
	folder[length] = '\0';
	return stat(folder, &status) == 0 && S_ISDIR(status.st_mode);
}

const char *backups_words(enum err error, const char *reason)
{
	static const struct {
		const char *reason, *words;
	} rows[] = {
		{"not-a-backup", "it is not a backup of Soundings"},
		{"head", "its first lines are damaged"},
		{"keyset", "its key set is not signed by the root key that it names"},
		{"length", "it is cut short, or something was added: copy it again from where it was whole"},
		{"hash", "its bytes have changed since it was written: copy it again from where it was whole"},
		{"signature", "it was not signed by the key that its key set names"},
	};
	for (size_t i = 0; error == ERR_CORRUPT && reason && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].reason, reason) == 0)
			return rows[i].words;
	return err_words(error);
}
