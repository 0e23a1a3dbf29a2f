/* SPDX-License-Identifier: MIT */
/* file.h: a batch of envelopes becomes rows of the office, all or none. */
#ifndef SOUNDINGS_COLLECTOR_FILE_H
#define SOUNDINGS_COLLECTOR_FILE_H

#include "collector/collector.h"

/* Judges COUNT items, files them in one transaction (responses in shuffled order, then withdrawals, what cannot be filed in
 * quarantine; a withdrawal too that may ask for something under a period whose secret is lacking), and tells the spooler after the
 * commit. ITEMS are put in another order. After any failure the spooler still has them all: they come again, and filing twice is filing
 * once. ERR_IO and ERR_CORRUPT: the office is not to be trusted any more; ERR_BUSY, ERR_FULL, ERR_NOMEM: try later. A spooler
 * that is gone after the commit is no failure. */
enum err file_batch(struct collector *collector, struct spool_item *items, size_t count) MUST_CHECK;

/* Judges COUNT envelopes again that went to quarantine because nobody knew what they were about, or a secret was lacking, in one transaction: responses in
 * shuffled order, then withdrawals. What can be filed now, or need not be any more, leaves quarantine (*REMOVED of them); the others
 * stay as they are. ITEMS are put in another order. The spooler has no part in it. Errors as above. */
enum err file_again(struct collector *collector, struct office_quarantined *items, size_t count,
		    size_t *removed) MUST_CHECK;

#endif
