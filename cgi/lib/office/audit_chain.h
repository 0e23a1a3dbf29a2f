/* SPDX-License-Identifier: MIT */
/* audit_chain.h: how lines of the audit hang together; nobody outside this folder includes it. soundings-keeping(7), The audit. */
#ifndef SOUNDINGS_OFFICE_AUDIT_CHAIN_H
#define SOUNDINGS_OFFICE_AUDIT_CHAIN_H

#include "lib/office/organising.h"
#include "lib/office/query.h"

enum { AUDIT_HASH_BYTES = 32, AUDIT_AFTER_MAX = 1000, AUDIT_TIPS_MAX = 40 };

/* A line that others may come after. */
struct audit_node {
	int64_t number;
	uint8_t hash[AUDIT_HASH_BYTES];
	const char *after; /* of a line; NULL of an anchor */
	bool is_followed;  /* some line comes after it */
	bool is_anchor;    /* the line itself was let go */
	bool was_tip;      /* the office has it as a tip */
};

/* All of it, in order of number. */
struct audit_chain {
	struct audit_node *nodes;
	size_t count;
};

/* The hash of a line that comes after PARENTS (numbers and hashes count). WORDS may be NULL. */
void audit_hash(const struct audit_node *parents, size_t parents_count, const struct office_audit_line *line,
		uint8_t out[AUDIT_HASH_BYTES]);

/* The numbers in AFTER ("80 1000050"), at most AUDIT_TIPS_MAX. ERR_CORRUPT: it is nothing of the kind. */
enum err audit_read_after(const char *after, int64_t numbers[AUDIT_TIPS_MAX], size_t *count) MUST_CHECK;

/* Reads every chained line and every anchor into ARENA. */
enum err audit_chain_load(struct office *office, struct arena *arena, struct audit_chain *out) MUST_CHECK;
struct audit_node *audit_chain_find(const struct audit_chain *chain, int64_t number);

/* A hash over all anchors, in hexadecimal digits: the audit's line of each run that lets lines go says it. "" where there is none. */
enum { AUDIT_ANCHORS_TEXT = 2 * AUDIT_HASH_BYTES + 1 };
void audit_chain_anchors(const struct audit_chain *chain, char out[AUDIT_ANCHORS_TEXT]);

/* All of it inside a transaction. */

/* Adds a line, JUMP numbers after the newest, chained to the tips. */
enum err audit_add(struct office *office, int64_t jump, const char *actor, const char *action, const char *subject,
		   const char *words) MUST_CHECK;

/* Chains what came without a hash: from an older office, or from one that had given the same number to another line. */
enum err audit_chain_pending(struct office *office) MUST_CHECK;

/* Lines of DAY are about to be let go: what comes after them must find their hashes. audit_chain_settle forgets those that nothing comes after. */
enum err audit_chain_anchor(struct office *office, const char *day) MUST_CHECK;

/* After lines came or went: the tips and the anchors as they are now. ANCHORS may be NULL. */
enum err audit_chain_settle(struct office *office, char anchors[AUDIT_ANCHORS_TEXT]) MUST_CHECK;

#endif
