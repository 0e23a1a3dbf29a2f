/* SPDX-License-Identifier: MIT */
/* aside.c: setting a damaged spool file aside, so that a crash at any step leaves it either where it was, marked, or aside.
 *
 * First the mark (lib/spool/folder.h). Then the journal is renamed, then the file; when that has its new name, both are done,
 * and whatever has the name spool.db is a new file in which nothing was ever acknowledged, for nobody is served before the
 * mark is gone.
 *
 * Must not delete a byte of what was acknowledged, and must not make file after file on a disk that damages each. */
#include "spooler/aside.h"

#include "spooler/place.h"

#include "lib/base/arena.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/spool/folder.h"
#include "lib/spool/pages.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ASIDE_TEXT_MAX = 128,
	ASIDE_PATH_MAX = FOLDER_NAME_MAX + 16,
	ASIDE_MANIFEST_MAX = 256 * 1024,
	ASIDE_ARENA_BYTES = 1 << 20
};

#define ASIDE_JOURNAL PLACE_FILE "-journal"
#define ASIDE_MANIFEST "catalogue/current/manifest"

enum err aside_mark(struct aside_serials serials)
{
	char name[FOLDER_NAME_MAX], path[ASIDE_PATH_MAX];
	enum err error = folder_find_mark(PLACE_SPOOL, name);
	if (error == ERR_OK)
		return file_sync_dir(AT_FDCWD, PLACE_SPOOL);
	folder_name(name);
	int length = serials.is_known
			     ? snprintf(path, sizeof path, PLACE_SPOOL "/%s" FOLDER_MARK ".%" PRIu64 ".%" PRIu64, name,
					serials.catalogue, serials.keyset)
			     : snprintf(path, sizeof path, PLACE_SPOOL "/%s" FOLDER_MARK, name);
	assert(length > 0 && (size_t) length < sizeof path);
	(void) length;
	CLEANUP_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || fsync(fd) < 0)
		return file_err(errno);
	return file_sync_dir(AT_FDCWD, PLACE_SPOOL);
}

/* Cuts MARK to the name of the file that it is about, and reads what it says of serials. ERR_INVALID: not one of ours. */
static enum err aside_read(char mark[FOLDER_NAME_MAX], struct aside_serials *serials)
{
	*serials = (struct aside_serials){0};
	char *rest = strstr(mark, FOLDER_MARK);
	assert(rest != NULL);
	*rest = '\0';
	rest += sizeof FOLDER_MARK - 1;
	if (*rest == '\0')
		return ERR_OK;
	if (*rest++ != '.')
		return ERR_INVALID;
	serials->catalogue = strtoull(rest, &rest, 10);
	if (*rest++ != '.')
		return ERR_INVALID;
	serials->keyset = strtoull(rest, &rest, 10);
	serials->is_known = true;
	return *rest == '\0' ? ERR_OK : ERR_INVALID;
}

/* ---- the serials ----------------------------------------------------------------------------------------------- */

/* The number behind the last KEY in TEXT; 0 when there is none. */
static uint64_t aside_number(const char *text, const char *key)
{
	const char *last = NULL;
	for (const char *at = text; (at = strstr(at, key)) != NULL; at += strlen(key))
		last = at + strlen(key);
	return last == NULL ? 0 : strtoull(last, NULL, 10);
}

/* The published catalogue's, without checking a signature: a number too high makes intake refuse, which everybody sees; one too
 * low would let an old catalogue come back. The manifest is canonical JSON, and the key set is a text in it. */
struct aside_serials aside_published(void)
{
	struct aside_serials serials = {0};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ASIDE_ARENA_BYTES);
	char *text = NULL;
	size_t length = 0;
	if (file_read(AT_FDCWD, ASIDE_MANIFEST, ASIDE_MANIFEST_MAX, &arena, &text, &length) != ERR_OK)
		return serials;
	serials.catalogue = aside_number(text, ",\"serial\":");
	serials.keyset = aside_number(text, ",\\\"serial\\\":");
	serials.is_known = serials.catalogue > 0 && serials.keyset > 0;
	return serials;
}

/* Finds them unless the mark has told, and says where, for the log. */
static const char *aside_find_serials(const char *path, struct aside_serials published, struct aside_serials *serials)
{
	struct pages_report report;
	if (serials->is_known)
		return "kept";
	if (pages_read(path, NULL, NULL, &report) == ERR_OK && report.has_serials) {
		*serials = (struct aside_serials){true, report.catalogue, report.keyset};
		return "kept";
	}
	*serials = published;
	return published.is_known ? "those-of-the-published-catalogue" : "lost";
}

/* ---- the files --------------------------------------------------------------------------------------------------- */

static enum err aside_refuse(enum err error, const char *why)
{
	log_error("spool.refused", "file=%s error=%s %s", PLACE_SPOOL, err_name(error), why);
	return error;
}

static bool aside_is_there(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0;
}

/* Read-only, and renamed; what is not there, or is renamed already, is done. */
static enum err aside_move(const char *from, const char *to)
{
	CLEANUP_FD int fd = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return ERR_OK;
	if (fd < 0 || fchmod(fd, 0400) < 0)
		return file_err(errno);
	enum err error = file_rename_new(AT_FDCWD, from, to);
	return error == ERR_CONFLICT ? ERR_OK : error;
}

/* A new file that a crash left half made: nothing was acknowledged in it, see above. */
static enum err aside_clear(void)
{
	if ((unlink(ASIDE_JOURNAL) < 0 && errno != ENOENT) || (unlink(PLACE_FILE) < 0 && errno != ENOENT))
		return file_err(errno);
	return ERR_OK;
}

static enum err aside_rename(const char *path)
{
	char journal[ASIDE_PATH_MAX + sizeof "-journal"];
	unsigned count;
	enum err error = folder_count(PLACE_SPOOL, FOLDER_DAMAGED, &count);
	if (error == ERR_OK && count >= FOLDER_DAMAGED_MAX)
		return aside_refuse(ERR_FULL, "this disk has damaged one spool file after the other: look at the disk; "
					      "salvage the *.damaged files or move them away, and keep them");
	snprintf(journal, sizeof journal, "%s-journal", path);
	if (error == ERR_OK)
		error = aside_move(ASIDE_JOURNAL, journal);
	if (error == ERR_OK)
		error = aside_move(PLACE_FILE, path);
	return error;
}

enum err aside_begin(struct aside_serials published, bool *is_aside, struct aside_serials *serials)
{
	char name[FOLDER_NAME_MAX], path[ASIDE_PATH_MAX];
	*is_aside = false;
	enum err error = folder_find_mark(PLACE_SPOOL, name);
	if (error == ERR_NOT_FOUND)
		return ERR_OK;
	if (error == ERR_OK)
		error = aside_read(name, serials);
	if (error != ERR_OK)
		return aside_refuse(error, "the mark of a damaged file cannot be read: look at *" FOLDER_MARK "*");
	snprintf(path, sizeof path, PLACE_SPOOL "/%s" FOLDER_DAMAGED, name);
	error = aside_is_there(path) ? aside_clear() : aside_rename(path);
	if (error == ERR_FULL)
		return error;
	if (error == ERR_OK)
		error = file_sync_dir(AT_FDCWD, PLACE_SPOOL);
	if (error != ERR_OK)
		return aside_refuse(error, "the damaged file cannot be set aside: look at the disk");
	const char *source = aside_find_serials(path, published, serials);
	log_error(
		"spool.damaged",
		"file=%s serials=%s it could not be trusted any more and was set aside; a new one is begun. Hand over "
		"what it holds: soundings spool salvage",
		path, source);
	*is_aside = true;
	return ERR_OK;
}

enum err aside_end(void)
{
	char name[FOLDER_NAME_MAX], path[ASIDE_PATH_MAX];
	enum err error = folder_find_mark(PLACE_SPOOL, name);
	snprintf(path, sizeof path, PLACE_SPOOL "/%s", error == ERR_OK ? name : "");
	if (error == ERR_OK && unlink(path) < 0)
		error = file_err(errno);
	if (error != ERR_OK)
		return aside_refuse(error, "the mark of a damaged file cannot be removed: look at the disk");
	return file_sync_dir(AT_FDCWD, PLACE_SPOOL);
}
