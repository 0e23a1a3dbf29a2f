/* SPDX-License-Identifier: MIT */
/* collector.h: what the collector has in its hands, and taking the catalogue anew. */
#ifndef SOUNDINGS_COLLECTOR_COLLECTOR_H
#define SOUNDINGS_COLLECTOR_COLLECTOR_H

#include "collector/secrets.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/catalogue/catalogue.h"
#include "lib/office/office.h"
#include "lib/spool/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	COLLECTOR_VERSIONS_MAX = 64,
	COLLECTOR_PROOF_MS = 60 * 60 * 1000 /* each secret is proved anew: security.md, C4 */
};

/* How many, for a log in bands. */
struct collector_counts {
	size_t filed;
	size_t withdrawals;
	size_t quarantined;
};

struct collector {
	struct office *office;
	struct catalogue *catalogue;
	struct secrets secrets;
	struct spool spool;
	uint8_t root_public[KEYS_PUBLIC_BYTES];
	unsigned batch_min;          /* fewest envelopes of an ordinary period that are taken at once */
	struct arena versions_arena; /* form versions that only the office still has */
	const struct form *versions[COLLECTOR_VERSIONS_MAX];
	size_t versions_count;
	struct collector_counts counts;
	uint64_t news;       /* how often more came to be known: a catalogue, a secret that was lacking */
	const char *refused; /* why the catalogue that is published now was refused (logged once); NULL: it was not */
	int64_t proved_ms;   /* CLOCK_MONOTONIC when the secrets were last proved */
};

/* "none", "1 to 4", "5 to 9", "10 to 99", "100 or more". Static storage. */
const char *collector_band(size_t count);

/* Opens what is published now, refusing serials below the highest the office has seen, and loads the secrets of its
 * periods. *IS_COMPLETE: there is one for every period. On failure, which is logged, the catalogue in hand stays. */
enum err collector_load(struct collector *collector, bool *is_complete) MUST_CHECK;

/* As collector_load when something new is published; *IS_NEW says so. Failing to load what is new is no failure here:
 * the collector goes on with what it has. */
void collector_refresh(struct collector *collector, bool *is_new);

/* Proves the secrets again when an hour has passed since the last time (NOW_MS: CLOCK_MONOTONIC), and looks for those that
 * are lacking at each call. A period whose secret is gone or no longer fits is left alone until it is back. */
void collector_prove(struct collector *collector, int64_t now_ms);

/* The form version: from the catalogue, else from the office (late responses to released events). ERR_NOT_FOUND. */
enum err collector_form(struct collector *collector, const char *form, uint32_t version,
			const struct form **out) MUST_CHECK;

#endif
