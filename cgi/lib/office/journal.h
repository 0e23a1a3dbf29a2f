/* SPDX-License-Identifier: MIT */
/* journal.h: the journal beside an office that is about to be replaced. */
#ifndef SOUNDINGS_OFFICE_JOURNAL_H
#define SOUNDINGS_OFFICE_JOURNAL_H

#include "lib/base/err.h"

/* Takes away the journal beside the office at PATH, unless somebody is writing to that office: then it stays, with what is in it. One that
 * a power cut has left and that still counts is rolled back first. ERR_NOT_FOUND: no office; ERR_CORRUPT, ERR_BUSY, ERR_FULL, ERR_IO. */
enum err office_journal_remove(const char *path) MUST_CHECK;

#endif
