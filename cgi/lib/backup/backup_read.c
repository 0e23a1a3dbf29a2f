/* SPDX-License-Identifier: MIT */
/* backup_read.c: checks a backup without a secret, and opens it with the recovery key, chunk by chunk.
 *
 * Nothing in a backup is believed because of the seal, which anybody can make: what counts is the signature of the content key that the
 * root's key set names. So reading hashes along, and the end of the last part comes only when hash and signature were right. Whose
 * root it is, is the caller's to compare. Lengths from the file are bounded before anything is allocated or read by them. The format is
 * in soundings-backup(5). */
#include "lib/backup/backup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/backup/layout.h"
#include "lib/base/file.h"

enum { READER_ARENA_BYTES = 256 * 1024 };

struct backup {
	struct keys_hasher hasher; /* of what was read of an unsealed one */
	struct arena arena;
	int fd;
	struct backup_head head;
	struct keyset keyset;
	uint64_t bytes; /* of all parts, as the head has it */
	uint8_t *start; /* all before the stream */
	size_t start_length;
	struct stream *stream; /* NULL until it is unsealed */
	enum err error;        /* of reading parts, sticky; ERR_NOT_FOUND after the last */
	uint64_t offset;       /* in the file, of the next chunk */
	uint64_t plain_left;   /* in chunks that were not read yet */
	uint64_t bytes_left;   /* no part has announced them yet */
	uint64_t part_left;    /* announced, not yet read */
	size_t at, held;       /* what of PLAIN was taken, and what there is */
	uint8_t plain[STREAM_CHUNK_BYTES];
	uint8_t sealed[STREAM_SEALED_CHUNK_BYTES];
};

/* Exactly LENGTH bytes at OFFSET. ERR_CORRUPT: the file ends before. */
static enum err reader_get(const struct backup *backup, uint64_t offset, void *out, size_t length)
{
	uint8_t *at = out;
	while (length > 0) {
		ssize_t got = pread(backup->fd, at, length, (off_t) offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return file_err(errno);
		if (got == 0)
			return ERR_CORRUPT;
		at += got;
		offset += (uint64_t) got;
		length -= (size_t) got;
	}
	return ERR_OK;
}

/* ---- opening ------------------------------------------------------------------------------------------------------ */

/* Magic and head. */
static enum err reader_start(struct backup *backup, const char **reason)
{
	uint8_t start[LAYOUT_START_BYTES];
	*reason = "not-a-backup";
	enum err error = reader_get(backup, 0, start, LAYOUT_MAGIC_BYTES);
	if (error != ERR_OK)
		return error;
	if (memcmp(start, layout_magic, LAYOUT_MAGIC_BYTES) != 0)
		return ERR_CORRUPT;
	*reason = "head";
	error = reader_get(backup, LAYOUT_MAGIC_BYTES, start + LAYOUT_MAGIC_BYTES,
			   LAYOUT_START_BYTES - LAYOUT_MAGIC_BYTES);
	if (error != ERR_OK)
		return error;
	uint64_t length = layout_get(start + LAYOUT_MAGIC_BYTES, LAYOUT_START_BYTES - LAYOUT_MAGIC_BYTES);
	if (length > LAYOUT_HEAD_MAX)
		return ERR_CORRUPT;
	backup->start_length = LAYOUT_START_BYTES + (size_t) length;
	backup->start = arena_alloc(&backup->arena, backup->start_length, 1);
	if (backup->start == NULL)
		return ERR_NOMEM;
	error = reader_get(backup, 0, backup->start, backup->start_length);
	if (error != ERR_OK)
		return error;
	error = layout_decode((const char *) backup->start + LAYOUT_START_BYTES, (size_t) length, &backup->arena,
			      &backup->head, &backup->bytes);
	if (error != ERR_OK)
		return error;
	*reason = "keyset";
	error = layout_keyset(&backup->head, &backup->keyset);
	return error == ERR_INVALID ? ERR_CORRUPT : error;
}

static enum err reader_open(struct backup *backup, const char *path, const char **reason)
{
	*reason = "not-a-backup";
	/* O_NONBLOCK: opening a FIFO that somebody put there must not hang. */
	backup->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (backup->fd < 0)
		return file_err(errno);
	struct stat status;
	if (fstat(backup->fd, &status) < 0)
		return file_err(errno);
	return S_ISREG(status.st_mode) ? reader_start(backup, reason) : ERR_CORRUPT;
}

enum err backup_open(const char *path, struct backup **out, const char **reason)
{
	*reason = "not-a-backup";
	/* Not calloc: the hasher wants its alignment. */
	struct backup *backup = aligned_alloc(_Alignof(struct backup), sizeof *backup);
	if (backup == NULL)
		return ERR_NOMEM;
	memset(backup, 0, sizeof *backup);
	backup->fd = -1;
	arena_init(&backup->arena, READER_ARENA_BYTES);
	enum err error = reader_open(backup, path, reason);
	if (error != ERR_OK) {
		backup_close(backup);
		return error;
	}
	*out = backup;
	return ERR_OK;
}

void backup_close(struct backup *backup)
{
	if (backup == NULL)
		return;
	file_close(&backup->fd);
	stream_free(backup->stream);
	arena_fini(&backup->arena);
	keys_wipe(backup, sizeof *backup);
	free(backup);
}

const struct backup_head *backup_head(const struct backup *backup)
{
	return &backup->head;
}

const struct keyset *backup_keyset(const struct backup *backup)
{
	return &backup->keyset;
}

/* ---- checking ----------------------------------------------------------------------------------------------------- */

/* Where the hash begins. */
static uint64_t reader_tail(const struct backup *backup)
{
	return backup->start_length + layout_stream_bytes(backup->bytes);
}

/* Nothing but hash and signature after the stream, and both right. HASH is that of everything before. */
static enum err reader_verify(const struct backup *backup, const uint8_t hash[LAYOUT_HASH_BYTES], const char **reason)
{
	uint8_t tail[LAYOUT_TAIL_BYTES];
	struct stat status;
	*reason = "length";
	if (fstat(backup->fd, &status) < 0)
		return file_err(errno);
	if ((uint64_t) status.st_size != reader_tail(backup) + sizeof tail)
		return ERR_CORRUPT;
	enum err error = reader_get(backup, reader_tail(backup), tail, sizeof tail);
	if (error != ERR_OK)
		return error;
	*reason = "hash";
	if (memcmp(tail, hash, LAYOUT_HASH_BYTES) != 0)
		return ERR_CORRUPT;
	*reason = "signature";
	return keys_verify_hash(LAYOUT_LABEL, hash, tail + LAYOUT_HASH_BYTES, backup->keyset.content_public) == ERR_OK
		       ? ERR_OK
		       : ERR_CORRUPT;
}

enum err backup_check(struct backup *backup, const char **reason)
{
	struct keys_hasher hasher;
	uint8_t hash[LAYOUT_HASH_BYTES];
	struct stat status;
	*reason = "length";
	if (fstat(backup->fd, &status) < 0)
		return file_err(errno);
	uint64_t end = reader_tail(backup);
	if ((uint64_t) status.st_size != end + LAYOUT_TAIL_BYTES)
		return ERR_CORRUPT;
	keys_hasher_init(&hasher);
	for (uint64_t at = 0; at < end;) {
		size_t part = end - at < sizeof backup->sealed ? (size_t) (end - at) : sizeof backup->sealed;
		enum err error = reader_get(backup, at, backup->sealed, part);
		if (error != ERR_OK)
			return error;
		keys_hasher_add(&hasher, backup->sealed, part);
		at += part;
	}
	keys_hasher_end(&hasher, hash);
	return reader_verify(backup, hash, reason);
}

/* ---- parts -------------------------------------------------------------------------------------------------------- */

enum err backup_unseal(struct backup *backup, const struct box_pair *recovery)
{
	uint8_t head[STREAM_HEAD_BYTES];
	if (memcmp(recovery->public_key, backup->keyset.recovery_public, KEYS_PUBLIC_BYTES) != 0)
		return ERR_DENIED;
	enum err error = reader_get(backup, backup->start_length, head, sizeof head);
	if (error != ERR_OK)
		return error;
	stream_free(backup->stream);
	backup->stream = NULL;
	error = stream_open_begin(head, recovery, backup->start, backup->start_length, &backup->stream);
	if (error != ERR_OK)
		return error == ERR_DENIED ? ERR_CORRUPT : error; /* it is the right key */
	keys_hasher_init(&backup->hasher);
	keys_hasher_add(&backup->hasher, backup->start, backup->start_length);
	keys_hasher_add(&backup->hasher, head, sizeof head);
	backup->error = ERR_OK;
	backup->offset = backup->start_length + sizeof head;
	backup->plain_left = layout_plain_bytes(backup->bytes);
	backup->bytes_left = backup->bytes;
	backup->part_left = 0;
	backup->at = backup->held = 0;
	return ERR_OK;
}

/* The next chunk into PLAIN. The stream's end must lie where the head says. */
static enum err reader_fill(struct backup *backup)
{
	bool is_last = false;
	size_t plain = backup->plain_left < STREAM_CHUNK_BYTES ? (size_t) backup->plain_left : STREAM_CHUNK_BYTES;
	size_t sealed = plain + (STREAM_SEALED_CHUNK_BYTES - STREAM_CHUNK_BYTES);
	if (plain == 0)
		return ERR_CORRUPT;
	enum err error = reader_get(backup, backup->offset, backup->sealed, sealed);
	if (error != ERR_OK)
		return error;
	keys_hasher_add(&backup->hasher, backup->sealed, sealed);
	if (stream_open(backup->stream, backup->sealed, sealed, backup->plain, &backup->held, &is_last) != ERR_OK)
		return ERR_CORRUPT;
	backup->at = 0;
	backup->offset += sealed;
	backup->plain_left -= plain;
	return is_last == (backup->plain_left == 0) ? ERR_OK : ERR_CORRUPT;
}

/* Up to LENGTH plain bytes, at least one; OUT NULL: they are not wanted. */
static enum err reader_some(struct backup *backup, uint8_t *out, uint64_t length, size_t *got)
{
	if (backup->at == backup->held) {
		enum err error = reader_fill(backup);
		if (error != ERR_OK)
			return error;
	}
	size_t there = backup->held - backup->at;
	*got = length < there ? (size_t) length : there;
	if (out != NULL)
		memcpy(out, backup->plain + backup->at, *got);
	backup->at += *got;
	return ERR_OK;
}

/* Exactly LENGTH plain bytes. */
static enum err reader_take(struct backup *backup, uint8_t *out, uint64_t length)
{
	while (length > 0) {
		size_t got = 0;
		enum err error = reader_some(backup, out, length, &got);
		if (error != ERR_OK)
			return error;
		out = out == NULL ? NULL : out + got;
		length -= got;
	}
	return ERR_OK;
}

/* After the empty name: every byte was announced, zeros to the end of the stream, then what vouches for all of it. */
static enum err reader_end(struct backup *backup)
{
	uint8_t hash[LAYOUT_HASH_BYTES];
	const char *reason = NULL;
	if (backup->bytes_left > 0)
		return ERR_CORRUPT;
	while (backup->at < backup->held || backup->plain_left > 0) {
		uint8_t zero = 0;
		enum err error = reader_take(backup, &zero, 1);
		if (error != ERR_OK)
			return error;
		if (zero != 0)
			return ERR_CORRUPT;
	}
	keys_hasher_end(&backup->hasher, hash);
	enum err error = reader_verify(backup, hash, &reason);
	return error == ERR_OK ? ERR_NOT_FOUND : error;
}

static enum err reader_next(struct backup *backup, struct arena *arena, const char **name, uint64_t *length)
{
	uint8_t size[8];
	char read[BACKUP_NAME_MAX];
	enum err error = reader_take(backup, NULL, backup->part_left);
	backup->part_left = 0;
	if (error == ERR_OK)
		error = reader_take(backup, size, 2);
	if (error != ERR_OK)
		return error;
	size_t name_length = (size_t) layout_get(size, 2);
	if (name_length == 0)
		return reader_end(backup);
	if (name_length > sizeof read)
		return ERR_CORRUPT;
	error = reader_take(backup, (uint8_t *) read, name_length);
	if (error == ERR_OK)
		error = reader_take(backup, size, sizeof size);
	if (error != ERR_OK)
		return error;
	uint64_t part = layout_get(size, sizeof size);
	if (!layout_is_name(read, name_length) || part > backup->bytes_left)
		return ERR_CORRUPT;
	*name = arena_strndup(arena, read, name_length);
	if (*name == NULL)
		return ERR_NOMEM;
	backup->bytes_left -= part;
	backup->part_left = part;
	*length = part;
	return ERR_OK;
}

enum err backup_next(struct backup *backup, struct arena *arena, const char **name, uint64_t *length)
{
	assert(backup->stream != NULL); /* unsealed first */
	if (backup->error == ERR_OK)
		backup->error = reader_next(backup, arena, name, length);
	return backup->error;
}

enum err backup_read(struct backup *backup, void *out, size_t room, size_t *got)
{
	assert(backup->stream != NULL); /* unsealed first */
	*got = 0;
	if (backup->error != ERR_OK)
		return backup->error;
	uint64_t wanted = room < backup->part_left ? room : backup->part_left;
	if (wanted == 0)
		return ERR_OK;
	backup->error = reader_some(backup, out, wanted, got);
	if (backup->error == ERR_OK)
		backup->part_left -= *got;
	return backup->error;
}
