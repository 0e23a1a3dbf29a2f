/* SPDX-License-Identifier: MIT */
/* new_password.h: a password that somebody chooses. */
#ifndef SOUNDINGS_ORGANISER_NEW_PASSWORD_H
#define SOUNDINGS_ORGANISER_NEW_PASSWORD_H

#include "visit.h"

#include "lib/account/password.h"

/* The password in the field FIELD, judged against the person's NAMES; a mistake is noted. NULL then. */
const char *new_password_read(struct visit *visit, const char *field, const char *name, const char *shown);

/* Hashes it. False: a mistake was noted and *STATUS is the page's (503, 500). */
bool new_password_hash(struct visit *visit, const char *password, char out[PASSWORD_HASH_TEXT], int *status);

#endif
