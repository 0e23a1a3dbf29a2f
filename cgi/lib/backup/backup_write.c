/* SPDX-License-Identifier: MIT */
/* backup_write.c: writes a backup as it is given, sealed before it reaches the disk.
 *
 * What is plain lives in one chunk of memory; nothing unsealed is ever written anywhere. The file has an unfinished name until all of it,
 * hash and signature included, is durable, and is locked (flock(2)) as long as somebody writes it: what a crash left behind is known by
 * that nobody holds it, and goes when the next backup is made in the same folder. The format is in soundings-backup(5). */
#include "lib/backup/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/backup/layout.h"
#include "lib/base/codec.h"
#include "lib/base/file.h"
#include "lib/base/random.h"

enum {
	WRITER_RANDOM_BYTES = 8, /* of the unfinished name */
	WRITER_MAKE_MAX = 8,     /* attempts; each that fails takes somebody who sweeps at that very instant */
	WRITER_ARENA_BYTES = 128 * 1024
};

static const char writer_suffix[] = ".unfinished";

struct backup_writer {
	struct keys_hasher hasher;    /* of every byte before the hash */
	struct root_pair content;     /* signs */
	struct stream *stream;        /* seals */
	int folder, fd;               /* where, and the unfinished file */
	char name[NAME_MAX + 1];      /* in there, when it is finished */
	char temporary[NAME_MAX + 1]; /* until then */
	enum err error;               /* sticky: the first failure */
	uint64_t bytes_left;          /* promised, not yet announced by a part */
	uint64_t part_left;           /* announced, not yet written */
	uint64_t plain_left;          /* of the stream's plain text */
	size_t held;                  /* in PLAIN */
	uint8_t plain[STREAM_CHUNK_BYTES];
	uint8_t sealed[STREAM_SEALED_CHUNK_BYTES];
};

/* ---- the unfinished file ----------------------------------------------------------------------------------------- */

/* Takes a writer away, and its unfinished file where there is one. */
static void writer_free(struct backup_writer *writer)
{
	if (writer == NULL)
		return;
	if (writer->fd >= 0 && writer->temporary[0] != '\0')
		unlinkat(writer->folder, writer->temporary, 0); /* before the lock goes with the descriptor */
	file_close(&writer->fd);
	file_close(&writer->folder);
	stream_free(writer->stream);
	keys_wipe(writer, sizeof *writer);
	free(writer);
}

static struct backup_writer *writer_new(void)
{
	/* Not calloc: the hasher wants its alignment. */
	struct backup_writer *writer = aligned_alloc(_Alignof(struct backup_writer), sizeof *writer);
	if (writer == NULL)
		return NULL;
	memset(writer, 0, sizeof *writer);
	writer->folder = writer->fd = -1;
	return writer;
}

/* Removes NAME from FOLDER when it is a backup that somebody began, were it only by name, and that nobody is writing any more: under its
 * lock, so that a writer who has not taken that yet finds out. */
static void writer_sweep_one(int folder, const char *name)
{
	size_t length = strlen(name), suffix = sizeof writer_suffix - 1;
	if (name[0] != '.' || length <= suffix || strcmp(name + length - suffix, writer_suffix) != 0)
		return;
	CLEANUP_FD int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	char magic[LAYOUT_MAGIC_BYTES];
	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	ssize_t got = pread(fd, magic, sizeof magic, 0);
	if (got >= 0 && memcmp(magic, layout_magic, (size_t) got) == 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder, name, 0);
}

/* Removes what crashes left in FOLDER. Whatever cannot be removed stays: it is in nobody's way. */
static void writer_sweep(int folder)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = again < 0 ? NULL : fdopendir(again);
	if (entries == NULL) {
		file_close(&again);
		return;
	}
	for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
		writer_sweep_one(folder, entry->d_name);
	closedir(entries);
}

/* Makes and locks an unfinished file. ERR_BUSY: somebody who sweeps the folder took it before it was locked; make another. */
static enum err writer_make(struct backup_writer *writer)
{
	uint8_t random[WRITER_RANDOM_BYTES];
	char hex[2 * WRITER_RANDOM_BYTES + 1];
	random_bytes(random, sizeof random);
	codec_hex(random, sizeof random, hex);
	int length =
		snprintf(writer->temporary, sizeof writer->temporary, ".%s.%s%s", writer->name, hex, writer_suffix);
	if (length < 0 || (size_t) length >= sizeof writer->temporary)
		return ERR_TOO_BIG;
	writer->fd =
		openat(writer->folder, writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (writer->fd < 0)
		return file_err(errno);
	/* A file system without locks has none for those who sweep either, so nothing is taken from us there. */
	bool is_taken = flock(writer->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	struct stat status;
	if (fstat(writer->fd, &status) != 0 || fchmod(writer->fd, 0600) != 0)
		return file_err(errno);
	return is_taken || status.st_nlink == 0 ? ERR_BUSY : ERR_OK;
}

/* Opens PATH's folder and the unfinished file in it. */
static enum err writer_open(struct backup_writer *writer, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	char folder[PATH_MAX];
	size_t folder_length = (size_t) (name - path), name_length = strlen(name);
	if (name_length == 0)
		return ERR_INVALID;
	if (folder_length >= sizeof folder || name_length >= sizeof writer->name)
		return ERR_TOO_BIG;
	memcpy(folder, path, folder_length);
	folder[folder_length] = '\0';
	memcpy(writer->name, name, name_length + 1);
	writer->folder = open(folder_length == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (writer->folder < 0)
		return file_err(errno);
	struct stat status;
	if (fstatat(writer->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
		return ERR_CONFLICT;
	writer_sweep(writer->folder);
	enum err error = writer_make(writer);
	for (int i = 1; error == ERR_BUSY && i < WRITER_MAKE_MAX; i++) {
		unlinkat(writer->folder, writer->temporary, 0);
		file_close(&writer->fd);
		error = writer_make(writer);
	}
	return error;
}

/* ---- bytes -------------------------------------------------------------------------------------------------------- */

static enum err writer_put(struct backup_writer *writer, const void *data, size_t length)
{
	keys_hasher_add(&writer->hasher, data, length);
	return file_write_all(writer->fd, data, length);
}

/* Seals what is held, which is a whole chunk or the last. */
static enum err writer_flush(struct backup_writer *writer)
{
	size_t length = 0;
	enum err error = stream_seal(writer->stream, writer->plain, writer->held, writer->plain_left == 0,
				     writer->sealed, &length);
	writer->held = 0;
	return error == ERR_OK ? writer_put(writer, writer->sealed, length) : error;
}

/* Plain text into the stream; DATA NULL: zeros. The caller has seen to that there is room. */
static enum err writer_plain(struct backup_writer *writer, const uint8_t *data, uint64_t length)
{
	while (length > 0) {
		size_t room = STREAM_CHUNK_BYTES - writer->held, part = length < room ? (size_t) length : room;
		if (data == NULL)
			memset(writer->plain + writer->held, 0, part);
		else
			memcpy(writer->plain + writer->held, data, part);
		data = data == NULL ? NULL : data + part;
		length -= part;
		writer->held += part;
		writer->plain_left -= part;
		if (writer->held < STREAM_CHUNK_BYTES && writer->plain_left > 0)
			continue;
		enum err error = writer_flush(writer);
		if (error != ERR_OK)
			return error;
	}
	return ERR_OK;
}

/* Plain bytes for names, lengths and zeros that are still free. */
static uint64_t writer_room(const struct backup_writer *writer)
{
	return writer->plain_left - writer->bytes_left - writer->part_left;
}

/* ---- as backup.h has it ------------------------------------------------------------------------------------------- */

/* Everything before the stream's first chunk. */
static enum err writer_start(struct backup_writer *writer, const struct backup_head *head, uint64_t bytes)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, WRITER_ARENA_BYTES);
	struct keyset keyset;
	uint8_t *start = NULL, stream_head[STREAM_HEAD_BYTES];
	size_t length = 0;
	enum err error = layout_keyset(head, &keyset);
	if (error != ERR_OK)
		return error;
	/* Nobody could check what another key signs. */
	if (memcmp(keyset.content_public, writer->content.public_key, KEYS_PUBLIC_BYTES) != 0)
		return ERR_INVALID;
	error = layout_encode(head, bytes, &arena, &start, &length);
	if (error == ERR_OK)
		error = stream_seal_begin(keyset.recovery_public, start, length, stream_head, &writer->stream);
	if (error != ERR_OK)
		return error;
	writer->bytes_left = bytes;
	writer->plain_left = layout_plain_bytes(bytes);
	keys_hasher_init(&writer->hasher);
	error = writer_put(writer, start, length);
	return error == ERR_OK ? writer_put(writer, stream_head, sizeof stream_head) : error;
}

enum err backup_create(const char *path, const struct backup_head *head, uint64_t bytes,
		       const struct root_pair *content, struct backup_writer **out)
{
	struct backup_writer *writer = writer_new();
	if (writer == NULL)
		return ERR_NOMEM;
	writer->content = *content;
	enum err error = writer_open(writer, path);
	if (error == ERR_OK)
		error = writer_start(writer, head, bytes);
	if (error != ERR_OK) {
		writer_free(writer);
		return error;
	}
	*out = writer;
	return ERR_OK;
}

enum err backup_part(struct backup_writer *writer, const char *name, uint64_t length)
{
	if (writer->error != ERR_OK)
		return writer->error;
	uint8_t sizes[2 + 8];
	size_t name_length = strlen(name);
	if (!layout_is_name(name, name_length) || writer->part_left > 0 || length > writer->bytes_left)
		return writer->error = ERR_INVALID;
	if (writer_room(writer) < sizeof sizes + name_length + 2) /* and the empty name at the end */
		return writer->error = ERR_TOO_BIG;
	layout_put(name_length, sizes, 2);
	layout_put(length, sizes + 2, 8);
	writer->error = writer_plain(writer, sizes, 2);
	if (writer->error == ERR_OK)
		writer->error = writer_plain(writer, (const uint8_t *) name, name_length);
	if (writer->error == ERR_OK)
		writer->error = writer_plain(writer, sizes + 2, 8);
	writer->bytes_left -= length;
	writer->part_left = length;
	return writer->error;
}

enum err backup_write(struct backup_writer *writer, const void *data, size_t length)
{
	if (writer->error != ERR_OK)
		return writer->error;
	if (length > writer->part_left)
		return writer->error = ERR_INVALID;
	writer->part_left -= length;
	return writer->error = writer_plain(writer, data, length);
}

/* The end of the stream, the hash and the signature, down to the disk. */
static enum err writer_end(struct backup_writer *writer)
{
	if (writer->error != ERR_OK)
		return writer->error;
	if (writer->part_left > 0 || writer->bytes_left > 0)
		return ERR_INVALID;
	enum err error = writer_plain(writer, NULL, writer->plain_left); /* the empty name is zeros, too */
	if (error != ERR_OK)
		return error;
	uint8_t tail[LAYOUT_TAIL_BYTES];
	keys_hasher_end(&writer->hasher, tail);
	keys_sign_hash(LAYOUT_LABEL, tail, &writer->content, tail + LAYOUT_HASH_BYTES);
	error = file_write_all(writer->fd, (const char *) tail, sizeof tail);
	if (error != ERR_OK)
		return error;
	return fsync(writer->fd) < 0 ? file_err(errno) : ERR_OK;
}

enum err backup_finish(struct backup_writer *writer)
{
	enum err error = writer_end(writer);
	if (error == ERR_OK)
		error = file_rename_new(writer->folder, writer->temporary, writer->name);
	if (error == ERR_OK) {
		writer->temporary[0] = '\0';
		if (fsync(writer->folder) < 0) {
			error = file_err(errno);
			unlinkat(writer->folder, writer->name, 0); /* nobody may count on a name that may go */
		}
	}
	writer_free(writer);
	return error;
}

void backup_abandon(struct backup_writer *writer)
{
	writer_free(writer);
}
