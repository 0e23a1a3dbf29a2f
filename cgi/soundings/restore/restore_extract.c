/* SPDX-License-Identifier: MIT */
/* restore_extract.c: takes a backup apart. The office goes to disk as it comes, for it may be large; all else is small and stays in memory.
 *
 * The bytes have been authenticated by the seal, but a name still decides nothing but which of our own places something goes to. */
#include "restore_parts.h"

#include "lib/base/codec.h"
#include "lib/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SMALL_PART_MAX = 1 << 20, COPY_BYTES = 256 * 1024, ID_HEX = 2 * KEYS_ID_BYTES };

bool restore_sealed_id(const char *name, uint8_t id[KEYS_ID_BYTES])
{
	char hex[ID_HEX + 1] = "";
	if (strlen(name) != ID_HEX + strlen(".sealed") || strcmp(name + ID_HEX, ".sealed") != 0)
		return false;
	memcpy(hex, name, ID_HEX);
	return codec_unhex(hex, id, KEYS_ID_BYTES) == ERR_OK;
}

enum err restore_add_copy(struct extracted *list, struct arena *arena, const uint8_t id[KEYS_ID_BYTES],
			  const char *sealed)
{
	size_t count = list->copies_count;
	if ((count & (count - 1)) == 0) { /* full at each power of two */
		size_t capacity = count ? 2 * count : 1;
		list->copies = arena_grow(arena, list->copies, count, capacity, sizeof *list->copies);
		if (!list->copies)
			return ERR_NOMEM;
	}
	struct sealed_copy *copy = &list->copies[list->copies_count++];
	memcpy(copy->id, id, sizeof copy->id);
	memcpy(copy->sealed, sealed, sizeof copy->sealed);
	return ERR_OK;
}

static enum err write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno != EINTR)
			return file_err(errno);
		bytes += written > 0 ? written : 0;
		length -= written > 0 ? (size_t) written : 0;
	}
	return ERR_OK;
}

static enum err extract_office(struct backup *backup, const char *path, uint64_t length, struct arena *arena)
{
	char *bytes = arena_alloc(arena, COPY_BYTES, 1);
	if (!bytes)
		return ERR_NOMEM;
	CLEANUP_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_err(errno);
	enum err error = ERR_OK;
	for (size_t got = 1; !error && got;) {
		error = backup_read(backup, bytes, COPY_BYTES, &got);
		if (!error)
			error = write_all(fd, bytes, got);
		length -= error ? 0 : got;
	}
	if (!error && length)
		error = ERR_CORRUPT;
	return error ? error : fsync(fd) != 0 ? file_err(errno) : ERR_OK;
}

/* A whole small part, NUL-ended. */
static enum err extract_small(struct backup *backup, uint64_t length, struct arena *arena, char **data)
{
	if (length > SMALL_PART_MAX)
		return ERR_INVALID;
	char *bytes = arena_alloc(arena, (size_t) length + 1, 1);
	if (!bytes)
		return ERR_NOMEM;
	size_t used = 0;
	for (size_t got = 1; got && used < length; used += got) {
		enum err error = backup_read(backup, bytes + used, (size_t) length - used, &got);
		if (error)
			return error;
	}
	*data = bytes;
	return used == length ? ERR_OK : ERR_CORRUPT;
}

static enum err extract_copy(struct extracted *out, struct arena *arena, const char *name, const char *data,
			     uint64_t length)
{
	uint8_t id[KEYS_ID_BYTES];
	if (!restore_sealed_id(name, id) || length != KEYS_SEALED_BYTES)
		return ERR_INVALID;
	return restore_add_copy(out, arena, id, data);
}

static enum err keep(char **place, char *data)
{
	if (*place)
		return ERR_INVALID; /* twice */
	*place = data;
	return ERR_OK;
}

static enum err extract_part(struct extracted *out, struct arena *arena, const char *name, char *data, uint64_t length)
{
	if (strncmp(name, "sealed/", 7) == 0)
		return extract_copy(out, arena, name + 7, data, length);
	if (strcmp(name, "content.secret") == 0)
		return length == KEYS_SIGN_SECRET_BYTES ? keep(&out->content_secret, data) : ERR_INVALID;
	if (strcmp(name, "soundings.conf") == 0) {
		out->conf_length = (size_t) length;
		return keep(&out->conf, data);
	}
	if (strcmp(name, "digest") == 0) {
		out->digest_length = (size_t) length;
		return keep(&out->digest, data);
	}
	/* These two stand in the head, which was checked. */
	return strcmp(name, "root.pub") == 0 || strcmp(name, "keyset") == 0 ? ERR_OK : ERR_INVALID;
}

enum err restore_extract(struct backup *backup, const char *office_path, struct arena *arena, struct extracted *out)
{
	*out = (struct extracted){0};
	bool has_office = false;
	for (;;) {
		const char *name = NULL;
		uint64_t length = 0;
		char *data = NULL;
		enum err error = backup_next(backup, arena, &name, &length);
		if (error == ERR_NOT_FOUND)
			break;
		if (!error && strcmp(name, "office.db") == 0) {
			error = has_office ? ERR_INVALID : extract_office(backup, office_path, length, arena);
			has_office = true;
		} else if (!error) {
			error = extract_small(backup, length, arena, &data);
			if (!error)
				error = extract_part(out, arena, name, data, length);
		}
		if (error)
			return error;
	}
	return has_office && out->digest && out->content_secret && out->conf ? ERR_OK : ERR_INVALID;
}
