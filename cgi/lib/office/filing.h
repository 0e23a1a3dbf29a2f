/* SPDX-License-Identifier: MIT */
/* filing.h: the steps of filing and withdrawing that a merge takes too; nobody outside this folder includes it. All of them
 * run inside a transaction. */
#ifndef SOUNDINGS_OFFICE_FILING_H
#define SOUNDINGS_OFFICE_FILING_H

#include "lib/office/query.h"

enum { FILING_KEY_BYTES = 32 };

/* Deletes both halves of a response, their texts and their link. The id stays seen. */
enum err filing_forget(struct office *office, int64_t response, int64_t apart) MUST_CHECK;

/* Remembers a withdrawal; once matched, it stays so and waits for nothing. The period gets a row when it has none. */
enum err filing_add_tombstone(struct office *office, const uint8_t period[KEYS_ID_BYTES], bool is_practice,
			      const uint8_t keyed_withdraw[FILING_KEY_BYTES], bool is_matched) MUST_CHECK;

/* Lets the tombstone go when it is idle (query.h). */
enum err filing_drop_idle(struct office *office, const uint8_t keyed_withdraw[FILING_KEY_BYTES]) MUST_CHECK;

#endif
