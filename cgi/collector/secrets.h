/* SPDX-License-Identifier: MIT */
/* secrets.h: the secrets of the periods, as the collector holds them in memory. */
#ifndef SOUNDINGS_COLLECTOR_SECRETS_H
#define SOUNDINGS_COLLECTOR_SECRETS_H

#include "lib/base/err.h"
#include "lib/envelope/keys.h"
#include "lib/office/keeping.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct secret {
	uint8_t id[KEYS_ID_BYTES];
	struct box_pair pair;
	bool is_practice;
};

/* A period that should have a secret and has none that can be used: what is sealed to it stays where it is. */
struct lacking {
	uint8_t id[KEYS_ID_BYTES];
	const char *wrong; /* a fixed word; static storage */
};

struct secrets {
	struct secret list[KEYS_PERIODS_MAX];
	size_t count;
	struct lacking lacking[KEYS_PERIODS_MAX];
	size_t lacking_count;
	const char *folder_wrong; /* the same of the folder they lie in; NULL: nothing */
};

/* Reads keys/periods/HEXID.secret (32 bytes, mode 0600, in a directory of mode 0700) for every period of KEYSET, and opens
 * with each what was sealed to its public key. Any that is missing, readable by others or wrong is lacking in *OUT, with
 * one line in the log, unless the last call on *OUT (zeroed before the first) found the same; so is one that is back. A
 * missing one whose period the office knows as destroyed is no fault. True when none is lacking. */
bool secrets_load(struct office *office, const struct keyset *keyset, struct secrets *out) MUST_CHECK;

/* The secret of a period, or NULL. */
const struct secret *secrets_find(const struct secrets *secrets, const uint8_t id[KEYS_ID_BYTES]);

void secrets_wipe(struct secrets *secrets);

#endif
