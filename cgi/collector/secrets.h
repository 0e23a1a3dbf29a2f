/* SPDX-License-Identifier: MIT */
/* secrets.h: the secrets of the periods, as the collector holds them in memory. */
#ifndef SOUNDINGS_COLLECTOR_SECRETS_H
#define SOUNDINGS_COLLECTOR_SECRETS_H

#include "lib/base/err.h"
#include "lib/envelope/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct secret {
	uint8_t id[KEYS_ID_BYTES];
	struct box_pair pair;
	bool is_practice;
};

struct secrets {
	struct secret list[KEYS_PERIODS_MAX];
	size_t count;
};

/* Reads keys/periods/HEXID.secret (32 bytes, mode 0600, in a directory of mode 0700) for every period of KEYSET, and opens
 * with each what was sealed to its public key. Any that is missing, readable by others or wrong is logged, one line each,
 * and left out: ERR_DENIED then, with the good ones in *OUT. */
enum err secrets_load(const struct keyset *keyset, struct secrets *out) MUST_CHECK;

/* The secret of a period, or NULL. */
const struct secret *secrets_find(const struct secrets *secrets, const uint8_t id[KEYS_ID_BYTES]);

void secrets_wipe(struct secrets *secrets);

#endif
