/* SPDX-License-Identifier: MIT */
/* recovery.h: the recovery seed, read from the recovery file or from two of its three shares, for commands that need it. */
#ifndef SOUNDINGS_SOUNDINGS_RECOVERY_H
#define SOUNDINGS_SOUNDINGS_RECOVERY_H

#include "lib/base/arena.h"
#include "lib/envelope/keys.h"

#include <stddef.h>

/* What the command line named: --recovery FILE, or --share FILE twice. FILE may be "-": standard input, which may hold both shares one
 * behind the other. */
struct recovery_source {
	const char *file;
	const char *shares[2];
	size_t shares_count;
};

enum { RECOVERY_NAME_BYTES = 201 }; /* as long as keys_recovery_text takes one, and a NUL */

/* What the seed gives. Wiped with recovery_wipe. */
struct recovery {
	uint8_t seed[KEYS_SEED_BYTES];
	struct root_pair root;
	struct box_pair box;
	char name
		[RECOVERY_NAME_BYTES]; /* the instance's, as the recovery file says; "" where only the lines were typed, and of shares */
};

/* Reads SOURCE; where it names nothing, FALLBACK (a recovery file that is still in the instance; NULL: none). Says on standard error
 * what is wrong, down to the line of the file, and how to mend it; the result is a code of sysexits.h. */
int recovery_read(const struct recovery_source *source, const char *fallback, struct recovery *out);
void recovery_wipe(struct recovery *recovery);

/* The options every such command has, for its getopt table: {"recovery", required_argument, NULL, RECOVERY_OPTION}, {"share", ...,
 * RECOVERY_SHARE_OPTION}; recovery_take notes one. A code of sysexits.h (a third share is one too many). */
enum { RECOVERY_OPTION = 0x100, RECOVERY_SHARE_OPTION };
int recovery_take(struct recovery_source *source, int option, const char *value);

#endif
