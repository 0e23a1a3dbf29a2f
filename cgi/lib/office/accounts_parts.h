/* SPDX-License-Identifier: MIT */
/* accounts_parts.h: what accounts.c, secrets.c and sessions.c share; nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_ACCOUNTS_PARTS_H
#define SOUNDINGS_OFFICE_ACCOUNTS_PARTS_H

#include "lib/office/accounts.h"
#include "lib/office/query.h"

enum { ACCOUNT_ARENA_BYTES = 256 * 1024 };

/* All of it inside a transaction. */

/* A new row, invited, without a word in the audit. ERR_INVALID, ERR_CONFLICT: the name is taken. */
enum err account_insert(struct office *office, const struct office_account *account, int64_t *id) MUST_CHECK;

/* An audit line about the account of ID. ERR_NOT_FOUND: there is none. */
enum err account_audit(struct office *office, int64_t id, const char *action) MUST_CHECK;

/* Sessions and one-time addresses of an account go. */
enum err account_clear_access(struct office *office, int64_t id) MUST_CHECK;

/* Runs SQL, a literal whose only parameter is an account. */
enum err account_run(struct office *office, const char *sql, int64_t id) MUST_CHECK;

#endif
