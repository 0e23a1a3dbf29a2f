/* SPDX-License-Identifier: MIT */
/* backup.h: one file that brings an instance back: soundings-backup(5).
 *
 *   "soundings-backup 1\n", then the head: 4 bytes length, big endian, and canonical JSON
 *     {"bytes":N of the plain parts,"day":"YYYY-MM-DD","generation":HEX,"keyset":"the signed key set","name":"of the instance",
 *      "number":N,"root":HEX}
 *   a sealed stream (envelope/stream.h) to the key set's recovery key, bound to everything before it. Plain, it holds parts:
 *     2 bytes length of a name, the name ([a-z0-9./-], relative), 8 bytes length, the bytes; the last is an empty name. Zeros
 *     follow until all of it is 16384 bytes longer than the parts' bytes, so that the file's length follows from its head.
 *   32 bytes: BLAKE2b-256 of everything before them; 64 bytes: Ed25519 by the content key over
 *     "soundings/backup/1\n" and that hash.
 * Whoever knows the root's public key can check all of it without opening anything; only the recovery key opens it. Anybody can make a
 * root and a key set: whoever reads a backup compares the head's root with the one that is pinned, or that the recovery seed gives. */
#ifndef SOUNDINGS_BACKUP_BACKUP_H
#define SOUNDINGS_BACKUP_BACKUP_H

#include "lib/base/arena.h"
#include "lib/base/date.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"

#include <stdint.h>

enum { BACKUP_GENERATION_BYTES = 16, BACKUP_NAME_MAX = 200 };

struct backup_head {
	uint64_t number;
	uint8_t generation[BACKUP_GENERATION_BYTES]; /* of the office it is of */
	struct date day;
	const char *name; /* of the instance, for people */
	uint8_t root_public[KEYS_PUBLIC_BYTES];
	const char *keyset_document;
	size_t keyset_length;
};

/* ---- writing ------------------------------------------------------------------------------------------------- */

struct backup_writer;

/* Begins PATH, which must not be there (ERR_CONFLICT), mode 0600, under an unfinished name beside it. BYTES: the sum of the parts'
 * bytes. ERR_INVALID: the head's key set is not signed by its root, or does not name CONTENT, or the head cannot be written down;
 * ERR_FULL, ERR_TOO_BIG (the file system's or process' limit of a file), ERR_DENIED, ERR_IO, ERR_NOMEM. What earlier writers left
 * unfinished in that folder, and nobody is writing any more, is removed. */
enum err backup_create(const char *path, const struct backup_head *head, uint64_t bytes,
		       const struct root_pair *content, struct backup_writer **out) MUST_CHECK;

/* A part, and its bytes in as many calls as the caller likes. The first failure sticks. ERR_INVALID: not a part's name, more bytes than
 * were announced, or a part begun before the last one had all of its own; ERR_TOO_BIG: more parts than 16384 bytes of names hold. */
enum err backup_part(struct backup_writer *writer, const char *name, uint64_t length) MUST_CHECK;
enum err backup_write(struct backup_writer *writer, const void *data, size_t length) MUST_CHECK;

/* Ends it: hash, signature, fsync, its own name, fsync of the folder. After ERR_OK it survives a power cut. The writer is gone either
 * way; after a failure nothing is left at PATH or beside it. ERR_CONFLICT: something is at PATH by now; ERR_INVALID: bytes are missing. */
enum err backup_finish(struct backup_writer *writer) MUST_CHECK;
void backup_abandon(struct backup_writer *writer);

/* ---- reading ------------------------------------------------------------------------------------------------- */

struct backup;

/* Opens PATH and reads its head. *REASON (static) for ERR_CORRUPT: "not-a-backup", "head", "keyset" (not signed by the root it names).
 * ERR_NOT_FOUND, ERR_DENIED (permissions), ERR_CORRUPT, ERR_IO, ERR_NOMEM. */
enum err backup_open(const char *path, struct backup **out, const char **reason) MUST_CHECK;
void backup_close(struct backup *backup);
const struct backup_head *backup_head(const struct backup *backup);
const struct keyset *backup_keyset(const struct backup *backup);

/* Reads the whole file: *REASON "length" (cut short or longer), "hash", "signature". No secret is needed. ERR_CORRUPT, ERR_IO. */
enum err backup_check(struct backup *backup, const char **reason) MUST_CHECK;

/* Opens the seal; before or after a check; again: begins at the first part again. ERR_DENIED: another recovery key's. ERR_CORRUPT. */
enum err backup_unseal(struct backup *backup, const struct box_pair *recovery) MUST_CHECK;

/* The next part; what was left unread of the one before is skipped. NAME in ARENA. ERR_NOT_FOUND after the last, and only then is it
 * sure that all of it is what was signed: hash and signature are checked along the way. ERR_CORRUPT, ERR_IO; both stick. */
enum err backup_next(struct backup *backup, struct arena *arena, const char **name, uint64_t *length) MUST_CHECK;

/* Up to ROOM bytes of the part; *GOT 0 at its end. */
enum err backup_read(struct backup *backup, void *out, size_t room, size_t *got) MUST_CHECK;

#endif
