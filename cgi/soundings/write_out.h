/* SPDX-License-Identifier: MIT */
/* write_out.h: what a command makes goes to a file, whole or not at all, or to standard output. */
#ifndef SOUNDINGS_SOUNDINGS_WRITE_OUT_H
#define SOUNDINGS_SOUNDINGS_WRITE_OUT_H

#include <stddef.h>
#include <sys/types.h>

/* FILE NULL or "-": standard output. A file gets MODE: 0600 for what holds answers, 0644 for what is meant to be seen. Says what went wrong;
 * a code of sysexits.h. */
int write_out(const char *file, const void *data, size_t length, mode_t mode);

#endif
