/* SPDX-License-Identifier: MIT */
/* spool_state.h: what lies in the spool folder beside the spool file, and whether its disk has room: for 'soundings spool' and
 * 'soundings doctor'. Opens no spool file. */
#ifndef SOUNDINGS_SOUNDINGS_SPOOL_STATE_H
#define SOUNDINGS_SOUNDINGS_SPOOL_STATE_H

#include "instance.h"

#include <stdbool.h>
#include <stddef.h>

struct spool_state {
	const char **damaged; /* paths, sorted, in the instance's arena */
	size_t damaged_count;
	const char **salvaged;
	size_t salvaged_count;
	bool is_marked;       /* spool.db itself failed, and is set aside at the spooler's next start */
	bool is_ballast_gone; /* one is wanted, and is not there */
	bool is_low;          /* new responses are refused for lack of room */
};

/* ERR_NOT_FOUND, ERR_DENIED, ERR_IO: the folder cannot be read. ERR_NOMEM. */
enum err spool_state_read(struct instance *instance, struct spool_state *out) MUST_CHECK;

#endif
