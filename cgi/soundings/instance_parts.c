/* SPDX-License-Identifier: MIT */
/* instance_parts.c: what to say of an instance of which a part is missing or damaged: which, what that means, and what to type. */
#include "instance.h"

#include "backups.h"
#include "command.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OFFICE_MODE_FORBIDDEN = 0137 };

static const struct {
	const char *path, *meaning;
	bool is_recoverable; /* from what is left here and the recovery key */
} table[INSTANCE_PARTS] = {
	[INSTANCE_ROOT] = {"front/root.pub", "without it no key and no catalogue can be checked, and nothing is taken",
			   false},
	[INSTANCE_CONTENT] = {"keys/content.secret", "without it nothing can be published or backed up", true},
	[INSTANCE_KEYSET] = {"keys/keyset",
			     "without it nobody knows which keys are in use: nothing can be published, backed up or "
			     "opened",
			     false},
	[INSTANCE_OFFICE] = {"office/office.db", "it holds the events, the forms and every response that was filed",
			     false},
};

static bool is_forbidden(const char *path)
{
	return access(path, R_OK) != 0 && errno == EACCES;
}

static bool is_too_open(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & OFFICE_MODE_FORBIDDEN);
}

static const char *denied(enum instance_part part, const char *path)
{
	if (is_forbidden(path))
		return "may not be read by you";
	if (part == INSTANCE_OFFICE && is_too_open(path))
		return "can be read by others, and is not opened like that";
	if (part == INSTANCE_OFFICE)
		return office_is_older(path) ? "was made by an older version of Soundings"
					     : "is of another version of Soundings, or is no office";
	return part == INSTANCE_KEYSET ? "is not signed by this instance's root key" : "is not what belongs there";
}

/* NULL: nothing that anybody could mend here. */
static const char *state(enum instance_part part, const char *path, enum err error)
{
	switch (error) {
	case ERR_NOT_FOUND:
		return "is missing";
	case ERR_DENIED:
		return denied(part, path);
	case ERR_CORRUPT:
	case ERR_INVALID:
	case ERR_TOO_BIG:
		return "is damaged";
	default:
		return NULL;
	}
}

const char *instance_trouble(struct instance *instance, enum instance_part part, enum err error)
{
	const char *path = instance_path(instance, table[part].path);
	const char *is = state(part, path, error);
	const char *words =
		is ? arena_printf(&instance->arena, "%s %s: %s", path, is, table[part].meaning)
		   : arena_printf(&instance->arena, "%s cannot be opened just now: %s", path, err_words(error));
	return words ? words : path;
}

/* The newest backup that lies where this instance writes them. */
static const char *newest_backup(struct instance *instance)
{
	uint8_t root[KEYS_PUBLIC_BYTES];
	struct backup_file *files = NULL;
	size_t count = 0, newest = 0;
	const char *name = instance->conf.backup_dir;
	const char *dir = name[0] == '/' ? name : instance_path(instance, name);
	bool has_root = keys_read_root(instance_path(instance, "front/root.pub"), root) == ERR_OK;
	if (backups_in(dir, has_root ? root : NULL, &instance->arena, &files, &count) != ERR_OK || count == 0)
		return NULL;
	for (size_t i = 1; i < count; i++)
		if (backups_is_newer(&files[i], &files[newest]))
			newest = i;
	return files[newest].path;
}

const char *instance_mend(struct instance *instance, enum instance_part part, enum err error)
{
	struct arena *arena = &instance->arena;
	const char *path = instance_path(instance, table[part].path);
	if (!state(part, path, error))
		return NULL;
	if (error == ERR_DENIED && is_forbidden(path))
		return "Run this as its owner";
	if (error == ERR_DENIED && part == INSTANCE_OFFICE && is_too_open(path))
		return arena_printf(arena, "chmod 600 %s", path);
	if (error == ERR_DENIED && part == INSTANCE_OFFICE && office_is_older(path))
		return arena_printf(arena, "%s event list brings it up to date", command());
	if (table[part].is_recoverable)
		return arena_printf(arena, "%s key recover --recovery FILE", command());
	const char *newest = newest_backup(instance);
	return newest ? arena_printf(arena, "%s restore %s --recovery FILE", command(), newest)
		      : arena_printf(arena,
				     "%s restore FILE --recovery FILE, with the newest backup, wherever it is kept",
				     command());
}
