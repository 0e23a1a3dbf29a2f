/* SPDX-License-Identifier: MIT */
/* write_out.h: what a command makes goes to a file, whole or not at all, or to standard output. */
#ifndef SOUNDINGS_SOUNDINGS_WRITE_OUT_H
#define SOUNDINGS_SOUNDINGS_WRITE_OUT_H

#include <stddef.h>

/* FILE NULL or "-": standard output. A file is readable by its owner only (an export holds answers). Says what went wrong;
 * a code of sysexits.h. */
int write_out(const char *file, const void *data, size_t length);

#endif
