/* SPDX-License-Identifier: MIT */
/* memory.c: glibc's two ways of giving memory back, in one place.
 *
 * By itself glibc raises the size from which a piece is a mapping, up to 32 MiB, whenever such a piece is freed. Then the
 * large ones lie on the heap between the small, and what was needed for a moment stays: a rebuilt office, a request's page,
 * a catalogue that was replaced. Once the size is set it stays as it is. mallopt(3), malloc_trim(3) */
#include "lib/base/memory.h"

#include <malloc.h>

enum {
	MEMORY_MAPPED_BYTES = 32 * 1024
}; /* below what SQLite sets aside for a connection: 48 KiB, and its first 20 pages */

void memory_start(void)
{
	mallopt(M_MMAP_THRESHOLD, MEMORY_MAPPED_BYTES);
}

void memory_trim(void)
{
	malloc_trim(0);
}
