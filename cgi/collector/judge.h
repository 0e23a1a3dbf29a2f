/* SPDX-License-Identifier: MIT */
/* judge.h: what an envelope turns out to be. */
#ifndef SOUNDINGS_COLLECTOR_JUDGE_H
#define SOUNDINGS_COLLECTOR_JUDGE_H

#include "collector/collector.h"

enum verdict_kind { VERDICT_RESPONSE, VERDICT_WITHDRAWAL, VERDICT_QUARANTINE };

struct verdict {
	enum verdict_kind kind;
	const char *reason; /* VERDICT_QUARANTINE: a fixed word; static storage */
	bool is_partial; /* VERDICT_WITHDRAWAL: a secret is lacking, and what it asks for may have been filed under that one */
	struct letter letter;
	struct office_response response; /* VERDICT_RESPONSE */
};

/* Opens an envelope and holds it against everything that is known, as hostile input: anyone who has the public key can seal
 * one. When it names something unknown and a newer catalogue is published, that is taken first. *OUT points into ARENA.
 *
 * Reasons: "envelope" (not one at all), "forged" (does not open), "letter" (not canonical), "period" (unknown, or a practice
 * event under the ordinary key and the reverse), "event" (unknown, or not open yet), "form" (not this event's, or an unknown
 * version), "language", "ticket", "answers" (mistakes, or more than the page would have sent). What is unknown may be known one day.
 * ERR_NOMEM, ERR_IO, ERR_BUSY, ERR_CORRUPT: the machine's failure, not the envelope's. */
enum err judge(struct collector *collector, const uint8_t *envelope, size_t length, struct arena *arena,
	       struct verdict *out) MUST_CHECK;

#endif
