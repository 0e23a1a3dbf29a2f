/* SPDX-License-Identifier: MIT */
/* spooler.c: stands where lib/spool is in intake: envelopes are taken, or nobody answers, as the gallery wants to show it. They go
 * nowhere. */
#include "site.h"

#include "lib/spool/spool.h"

static bool is_asleep;

void site_spooler_sleeps(bool sleeps)
{
	is_asleep = sleeps;
}

void spool_init(struct spool *spool, const char *path, int timeout_ms)
{
	*spool = (struct spool){.fd = -1, .path = path, .timeout_ms = timeout_ms};
}

void spool_fini(struct spool *spool)
{
	spool->fd = -1;
}

enum err spool_append(struct spool *spool, const void *envelope, size_t length)
{
	(void) spool;
	(void) envelope;
	(void) length;
	return is_asleep ? ERR_BUSY : ERR_OK;
}

enum err spool_seen(struct spool *spool, uint64_t catalogue, uint64_t keyset, uint64_t *highest_catalogue,
		    uint64_t *highest_keyset)
{
	(void) spool;
	*highest_catalogue = catalogue;
	*highest_keyset = keyset;
	return ERR_OK;
}
