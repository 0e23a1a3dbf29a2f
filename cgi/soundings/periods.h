/* SPDX-License-Identifier: MIT */
/* periods.h: key periods on disk and in the key set: made, proved, signed, destroyed. For init, key, expire and whoever restores. */
#ifndef SOUNDINGS_SOUNDINGS_PERIODS_H
#define SOUNDINGS_SOUNDINGS_PERIODS_H

#include "instance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One command at a time works on keys or expires: waits for the one that does, and says so. To be asked before the instance is opened, so that
 * what is read is what the one before has left; held until *FD is closed. A folder that is not there is no failure: opening the
 * instance will say it. A code of sysexits.h. */
int periods_lock(const char *dir, int *fd);

/* The office of the instance in DIR learns the key set, as office_periods_note has it. When somebody works on the keys, they do that:
 * then there is nothing to do. A code of sysexits.h. */
int periods_note(const char *dir);

/* keys/periods/ID.secret and keys/sealed/ID.sealed in the instance's arena. */
const char *periods_secret_path(struct instance *instance, const uint8_t id[KEYS_ID_BYTES]);
const char *periods_sealed_path(struct instance *instance, const uint8_t id[KEYS_ID_BYTES]);

/* True when what is sealed to the pair's public key opens with its secret. */
bool periods_fits(const struct box_pair *pair);

/* Writes the sealed copy of PAIR's secret, to the recovery key, and then the secret; each replaces what was there, and is durable before the
 * next begins. ERR_INVALID: no recovery key; ERR_FULL, ERR_DENIED, ERR_IO. */
enum err periods_write(struct instance *instance, const struct box_pair *pair,
		       const uint8_t recovery_public[KEYS_PUBLIC_BYTES]) MUST_CHECK;
enum err periods_write_secret(struct instance *instance, const struct box_pair *pair) MUST_CHECK;
enum err periods_write_sealed(struct instance *instance, const struct box_pair *pair,
			      const uint8_t recovery_public[KEYS_PUBLIC_BYTES]) MUST_CHECK;

/* Makes a period the current one of its kind in KEYSET; the one before stays in it. ERR_TOO_BIG: KEYS_PERIODS_MAX are there. */
enum err periods_add(struct keyset *keyset, const uint8_t public_key[KEYS_PUBLIC_BYTES], bool is_practice) MUST_CHECK;

/* Takes out of KEYSET those that the office calls destroyed. A current one never is. */
enum err periods_drop_destroyed(struct instance *instance, struct keyset *keyset) MUST_CHECK;

/* A serial for a key set that is to follow: above the instance's own and above any the office has seen. */
enum err periods_next_serial(struct instance *instance, uint64_t *serial) MUST_CHECK;

/* Signs instance->keyset: its document, in the instance's arena; and puts that document into keys/keyset, durably. */
enum err periods_sign(struct instance *instance, const struct root_pair *root) MUST_CHECK;
enum err periods_save(struct instance *instance) MUST_CHECK;

/* Destroys a period's secret and sealed copy (file_wipe), the secret first. Fine when either is gone already. *IS_DONE (may be NULL): there was
 * something to destroy. */
enum err periods_destroy(struct instance *instance, const uint8_t id[KEYS_ID_BYTES], bool *is_done) MUST_CHECK;

/* Destroys what a rotation left behind that never got as far as a key set, and half-written files: no key set, no catalogue, no
 * office and no spooler knows it. While the spooler does not answer whole ones stay, for nobody knows then what it holds. Call it with the lock.
 * *COUNT of periods and half-written files. */
enum err periods_clear(struct instance *instance, size_t *count) MUST_CHECK;

/* What the spooler of this instance holds of each period, in the instance's arena. ERR_BUSY when it does not answer. */
struct spool_period;
enum err periods_held(struct instance *instance, struct spool_period **held, size_t *count) MUST_CHECK;

#endif
