/* SPDX-License-Identifier: MIT */
/* sound_files.c: the files of sounds. They are named by what was heard before it was compressed, which comes out a little different each time: so
 * the catalogue has a hash of the very files. */
#include "sound_files.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/catalogue/sounds.h"
#include "lib/envelope/keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	SWEEP_AGE_S = 24 * 60 * 60, /* another command may have made it, and not have said so yet */
	SWEEP_ARENA_BYTES = 128 * 1024 * 1024,
	HASH_BYTES = 32
};

const char *const sound_endings[VOICE_FORMAT_COUNT] = {[VOICE_OPUS] = "opus", [VOICE_MP3] = "mp3"};
_Static_assert(VOICE_OPUS == 0 && VOICE_MP3 == 1, "the hash is of NAME.opus and NAME.mp3, in this order");

void sound_files_hash_bytes(const char *const bytes[VOICE_FORMAT_COUNT], const size_t lengths[VOICE_FORMAT_COUNT],
			    uint8_t out[CATALOGUE_SOUND_HASH])
{
	uint8_t hashes[VOICE_FORMAT_COUNT][HASH_BYTES];
	for (size_t i = 0; i < VOICE_FORMAT_COUNT; i++)
		keys_hash(bytes[i], lengths[i], hashes[i]);
	keys_hash(hashes, sizeof hashes, out);
}

enum err sound_files_hash(int folder, const char *name, uint8_t out[CATALOGUE_SOUND_HASH])
{
	uint8_t hashes[VOICE_FORMAT_COUNT][HASH_BYTES];
	for (size_t i = 0; i < VOICE_FORMAT_COUNT; i++) {
		char file[CATALOGUE_SOUND_NAME + 16];
		struct stat status;
		uint64_t bytes = 0;
		snprintf(file, sizeof file, "%s.%s", name, sound_endings[i]);
		CLEANUP_FD int fd = openat(folder, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd < 0 || fstat(fd, &status) < 0)
			return file_err(errno);
		if (!S_ISREG(status.st_mode))
			return ERR_DENIED;
		enum err error = keys_hash_fd(fd, &bytes, hashes[i]);
		if (error)
			return error;
	}
	keys_hash(hashes, sizeof hashes, out);
	return ERR_OK;
}

/* ---- what may go ------------------------------------------------------------------------------------------------------------ */

/* True for NAME.opus and NAME.mp3, whatever ENDS behind it. */
static bool is_sound_with(const char *file, const char *ends)
{
	if (strspn(file, "0123456789abcdef") != CATALOGUE_SOUND_NAME || file[CATALOGUE_SOUND_NAME] != '.')
		return false;
	const char *ending = file + CATALOGUE_SOUND_NAME + 1;
	for (size_t i = 0; i < VOICE_FORMAT_COUNT; i++) {
		size_t length = strlen(sound_endings[i]);
		if (strncmp(ending, sound_endings[i], length) == 0 && strcmp(ending + length, ends) == 0)
			return true;
	}
	return false;
}

/* As sound.c and kiosk_stick.c call what they write: ".making-PID-NAME.opus", "NAME.opus.tmp". */
static bool is_unfinished(const char *file)
{
	static const char making[] = ".making-";
	if (is_sound_with(file, ".tmp"))
		return true;
	if (strncmp(file, making, sizeof making - 1) != 0)
		return false;
	const char *rest = file + sizeof making - 1;
	size_t digits = strspn(rest, "0123456789");
	return digits > 0 && rest[digits] == '-' && is_sound_with(rest + digits + 1, "");
}

static int compare_names(const void *one, const void *other)
{
	return memcmp(*(const char *const *) one, *(const char *const *) other, CATALOGUE_SOUND_NAME);
}

/* All names that are wanted, sorted. */
static enum err wanted_names(struct instance *instance, struct arena *arena, const char ***out, size_t *count)
{
	struct catalogue_sound *named = NULL;
	struct sounds listed = {0};
	size_t named_count = 0, used = 0;
	char *document = NULL;
	enum err error = catalogue_sounds_on_disk(instance_path(instance, "catalogue"), instance->root_public, arena,
						  &named, &named_count);
	if (!error && instance->office) {
		error = office_text_get(instance->office, "sound", arena, &document);
		error = error == ERR_NOT_FOUND ? ERR_OK : error ? error : sounds_decode(document, arena, &listed);
	}
	const char **names = error ? NULL : arena_array(arena, named_count + listed.count + 1, const char *);
	if (!names)
		return error ? error : ERR_NOMEM;
	for (size_t i = 0; i < named_count; i++)
		names[used++] = named[i].name;
	for (size_t i = 0; i < listed.count; i++)
		names[used++] = listed.list[i].name;
	qsort(names, used, sizeof *names, compare_names);
	*out = names;
	*count = used;
	return ERR_OK;
}

void sound_files_sweep(struct instance *instance)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, SWEEP_ARENA_BYTES);
	const char **names = NULL;
	size_t count = 0, gone = 0;
	DIR *directory = opendir(instance_path(instance, "sound"));
	enum err error = directory ? wanted_names(instance, &arena, &names, &count) : ERR_OK;
	if (error)
		log_warn("sound.sweep", "error=%s", err_name(error));
	for (const struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
		const char *file = entry->d_name;
		bool is_sound = !error && is_sound_with(file, "");
		struct stat status;
		if (!is_sound && !is_unfinished(file))
			continue;
		if (is_sound && bsearch(&file, names, count, sizeof *names, compare_names) != NULL)
			continue;
		if (fstatat(dirfd(directory), file, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
		    status.st_mtime + SWEEP_AGE_S < time(NULL))
			gone += unlinkat(dirfd(directory), file, 0) == 0;
	}
	if (directory)
		closedir(directory);
	if (gone)
		log_info("sound.sweep", "gone=%zu", gone);
}
