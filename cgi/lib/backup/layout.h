/* SPDX-License-Identifier: MIT */
/* layout.h: how the bytes of a backup lie, for the writer and the reader: soundings-backup(5). */
#ifndef SOUNDINGS_BACKUP_LAYOUT_H
#define SOUNDINGS_BACKUP_LAYOUT_H

#include "lib/backup/backup.h"
#include "lib/envelope/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LAYOUT_MAGIC_BYTES = 19,                     /* "soundings-backup 1\n" */
	LAYOUT_START_BYTES = 4 + LAYOUT_MAGIC_BYTES, /* and the length of the JSON that follows */
	LAYOUT_HEAD_MAX = 32768,                     /* the JSON; with a key set of 64 periods it has 11 KiB */
	LAYOUT_ROOM_BYTES = 16384, /* of plain text beside the parts' bytes: names, lengths, zeros to fill up */
	LAYOUT_HASH_BYTES = 32,
	LAYOUT_TAIL_BYTES = LAYOUT_HASH_BYTES + KEYS_SIGNATURE_BYTES
};
#define LAYOUT_BYTES_MAX (UINT64_C(1) << 50) /* of all parts; so that no sum below overflows */
#define LAYOUT_LABEL "soundings/backup/1\n"  /* of the signature */

extern const char layout_magic[LAYOUT_MAGIC_BYTES + 1];

/* The plain text of a stream, and the stream with its head, for parts of BYTES together. */
uint64_t layout_plain_bytes(uint64_t bytes);
uint64_t layout_stream_bytes(uint64_t bytes);

/* Big-endian numbers. */
void layout_put(uint64_t number, uint8_t *out, size_t length);
uint64_t layout_get(const uint8_t *bytes, size_t length);

/* Whether a part may have this name: 1 to 200 signs of [a-z0-9./-], between slashes neither nothing nor a dot first. */
bool layout_is_name(const char *name, size_t length);

/* All that stands before the stream, in ARENA. ERR_INVALID: the head cannot be written so; ERR_NOMEM. */
enum err layout_encode(const struct backup_head *head, uint64_t bytes, struct arena *arena, uint8_t **out,
		       size_t *length) MUST_CHECK;

/* The JSON of a head, texts in ARENA. Nothing is verified here but its form. ERR_CORRUPT, ERR_NOMEM. */
enum err layout_decode(const char *json, size_t length, struct arena *arena, struct backup_head *out,
		       uint64_t *bytes) MUST_CHECK;

/* The key set that comes with HEAD, by its root. ERR_INVALID: not signed by it, or none. ERR_NOMEM. */
enum err layout_keyset(const struct backup_head *head, struct keyset *out) MUST_CHECK;

#endif
