/* SPDX-License-Identifier: MIT */
/* password.h: which passwords are taken, and what is kept of them: argon2id (RFC 9106) by libsodium, 64 MiB, three passes.
 *
 * Any signs, at least 8, no rule about kinds of signs and no end date (NIST SP 800-63B 5.1.1.2, OWASP ASVS 5.0 6.2). Refused is what is tried
 * first. There is no list of leaked passwords in this package: what is common is told by rules (below), which find fewer. */
#ifndef SOUNDINGS_ACCOUNT_PASSWORD_H
#define SOUNDINGS_ACCOUNT_PASSWORD_H

#include "lib/account/gate.h"
#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	PASSWORD_MIN = 8, /* characters; the pages advise PASSWORD_ADVISED */
	PASSWORD_ADVISED = 15,
	PASSWORD_MAX_BYTES = 1024, /* far more than anybody types: so that no hash has to read a book */
	PASSWORD_HASH_TEXT = 128   /* of an argon2id string with its NUL */
};

enum password_flaw {
	PASSWORD_FINE,
	PASSWORD_SHORT,
	PASSWORD_LONG,
	PASSWORD_COMMON, /* a run of a keyboard or the alphabet, signs repeated, one of the words people choose, with digits round it */
	PASSWORD_OF_CONTEXT, /* made of the person's own names, the organisation's or this program's */
	PASSWORD_FLAW_COUNT
};

/* CONTEXT: names that a stranger would try, as they are written ("Sam Taylor", "sam.taylor@example.org", "Crown Prosecution Service"); parts of four
 * letters and more count. TEXT is UTF-8. Pure. */
enum password_flaw password_flaw(const char *text, const char *const *context, size_t context_count);

/* Hashes it, one of GATE_AT_ONCE. ERR_BUSY: too many ask at once, nothing was reckoned. ERR_NOMEM. */
enum err password_hash(struct gate *gate, const char *text, char out[PASSWORD_HASH_TEXT]) MUST_CHECK;

/* Whether TEXT is the password of HASH. With HASH NULL or "" it takes as long and says no, so that nobody learns by the time whether a name
 * exists. *IS_OLD: right, but made with other costs than today's: hash it again. Errors as above. */
enum err password_verify(struct gate *gate, const char *hash, const char *text, bool *is_right,
			 bool *is_old) MUST_CHECK;

#endif
