/* SPDX-License-Identifier: MIT */
/* restore_parts.h: what the files restore_*.c share; nobody else includes it. */
#ifndef SOUNDINGS_SOUNDINGS_RESTORE_PARTS_H
#define SOUNDINGS_SOUNDINGS_RESTORE_PARTS_H

#include "soundings/backups.h"
#include "soundings/instance.h"
#include "restore.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- restore_extract.c: a backup's parts ---------------------------------------------------------------------------------- */

struct sealed_copy {
	uint8_t id[KEYS_ID_BYTES];
	uint8_t sealed[KEYS_SEALED_BYTES];
};

struct extracted {
	char *digest, *conf, *content_secret; /* NULL when it has no such part */
	size_t digest_length, conf_length;
	struct sealed_copy *copies;
	size_t copies_count;
};

/* Reads an unsealed backup: the office into the new file OFFICE_PATH (0600, on disk when this returns), all else into ARENA, which the
 * caller wipes. ERR_INVALID: a part is missing, twice there, or none that we know. */
enum err restore_extract(struct backup *backup, const char *office_path, struct arena *arena,
			 struct extracted *out) MUST_CHECK;

/* Adds a copy to a list in ARENA. */
enum err restore_add_copy(struct extracted *list, struct arena *arena, const uint8_t id[KEYS_ID_BYTES],
			  const char *sealed) MUST_CHECK;

/* The id in "HEXID.sealed"; false for another name. */
bool restore_sealed_id(const char *name, uint8_t id[KEYS_ID_BYTES]);

/* ---- restore_keys.c: the key sets, content keys and sealed copies that are found, made into one ----------------------------- */

struct keyring {
	struct keyset keyset; /* the one of the highest serial, with every other's periods as former ones */
	struct root_pair content;
	bool has_content;
	struct extracted copies;                 /* of period secrets, from everywhere; several of one id are fine */
	struct box_pair pairs[KEYS_PERIODS_MAX]; /* in the key set's order, after keyring_open */
	bool has_pair[KEYS_PERIODS_MAX];
};

/* CONTENT_SECRET may be NULL, or another set's. ERR_TOO_BIG: more periods than a key set takes. */
enum err keyring_add_keyset(struct keyring *ring, const struct keyset *keyset, const char *content_secret) MUST_CHECK;
enum err keyring_add_copies(struct keyring *ring, const struct extracted *from, struct arena *arena) MUST_CHECK;

/* Adds what the instance in TO.dir has. What cannot be read is told and left out. */
int keyring_add_found(struct keyring *ring, struct instance *to);

/* Opens the sealed copies of all periods in the key set, and proves each with a canary; a secret that lies in the instance does where no
 * copy opens. */
int keyring_open(struct keyring *ring, struct instance *to, const struct recovery *recovery);

/* Signs the set with a serial above SERIAL, and writes it, the secrets and their copies into the instance: secrets first. Periods that
 * TO.office calls destroyed are left out. */
int keyring_sign(struct keyring *ring, struct instance *to, const struct recovery *recovery, uint64_t serial);
int keyring_write(struct keyring *ring, struct instance *to);
void keyring_wipe(struct keyring *ring);

/* The content key that the key set of the highest serial names. */
struct keyset_seen {
	uint64_t serial;
	uint8_t content_public[KEYS_PUBLIC_BYTES];
	bool is_known;
};

/* ---- the state of one restore ---------------------------------------------------------------------------------------------- */

struct restoring {
	const struct restore_request *request;
	struct restore_report *report;
	struct instance to; /* the instance that is to be; its office is the one in the scratch folder */
	const char *file;   /* of the backup, absolute */
	struct backup *backup;
	const struct backup_head *head;
	struct backup_file self;
	struct extracted parts;
	struct recovery recovery;
	bool is_dir_made;
	int run_lock, keys_lock, backup_lock, spool_lock, scratch_lock;
	const char *scratch, *office_path; /* restoring-XXXXXX, and the office in it */
	struct office *found;              /* the office that was there */
	bool is_found_damaged;
	struct keyset_seen newest_keyset; /* of all that the root has signed and that are known here */
	struct backup_file *newer;
	size_t newer_count;
	bool is_behind;            /* a newer one is known: */
	struct backup_file newest; /* the newest of all; its path may be NULL */
	struct keyring ring;
	uint64_t least_serial, least_keyset; /* seen by anybody we can ask */
};

/* restore_place.c: DIR is made, or is fit; nobody works on it; leftovers go. And at the end: keys, settings and office take their places. */
int restore_take_place(struct restoring *restoring);
int restore_put_in_place(struct restoring *restoring);
void restore_leave_place(struct restoring *restoring, bool is_done);

/* restore_signer.c: a content key that was replaced vouches for nothing any more. Whoever had it can make a backup that is in order
 * under the key set of then. */
void restore_note_keyset(struct restoring *restoring, uint64_t serial, const uint8_t content_public[KEYS_PUBLIC_BYTES]);
int restore_note_found_keysets(struct restoring *restoring);
bool restore_is_signed_newly(const struct restoring *restoring, const struct backup_file *file);
int restore_check_signer(const struct restoring *restoring);

/* restore_newer.c: what the office that is there, and the backups that lie about, know that the backup does not. */
int restore_look_for_newer(struct restoring *restoring);
int restore_refuse_older(
	const struct restoring *restoring); /* once it is unpacked: says how many responses there are */
int restore_merge(struct restoring *restoring);

/* restore_spool.c: asks the spool what serials it has seen and whether it holds anything, by starting the spooler for a moment. */
int restore_ask_spool(struct restoring *restoring);

#endif
