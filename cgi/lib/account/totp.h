/* SPDX-License-Identifier: MIT */
/* totp.h: the second step of signing in: six digits that change every 30 seconds (TOTP, RFC 6238, with HMAC-SHA-1, which every authenticator
 * knows), reckoned by liboath; and ten codes for whoever has lost their telephone. Pure: the clock is the caller's, and so is the memory of
 * what was used up. */
#ifndef SOUNDINGS_ACCOUNT_TOTP_H
#define SOUNDINGS_ACCOUNT_TOTP_H

#include "lib/base/arena.h"
#include "lib/base/codec.h"
#include "lib/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TOTP_BYTES = 20,
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
	TOTP_SECRET_TEXT = 33, /* base 32 (RFC 4648, 6), with the NUL */
	TOTP_RECOVERY_CODES = 10,
	TOTP_HASH_BYTES = 32
};

/* ERR_IO when liboath does not start. Once, before anything else here. */
enum err totp_start(void) MUST_CHECK;

/* The code of a step: seconds since 1970 divided by TOTP_STEP_S. */
enum err totp_code(const uint8_t secret[TOTP_BYTES], int64_t step, char out[TOTP_DIGITS + 1]) MUST_CHECK;

/* Whether TYPED (six digits; blanks between them are left out) is the code of now or of the step before, which somebody slow has typed; *STEP
 * is then that step. The next step's is not taken: server time only. Compared in constant time. */
bool totp_is_right(const uint8_t secret[TOTP_BYTES], const char *typed, int64_t now_s, int64_t *step);

/* The secret as people type it into an authenticator. */
void totp_secret_text(const uint8_t secret[TOTP_BYTES], char out[TOTP_SECRET_TEXT]);

/* "otpauth://totp/ISSUER:NAME?secret=...&issuer=ISSUER", which authenticators read from a QR code. In ARENA; NULL without room. */
char *totp_address(const uint8_t secret[TOTP_BYTES], const char *issuer, const char *name, struct arena *arena);

/* Ten recovery codes of 80 random bits, as receipts are written ("K7QX 9M2T 4WRB 6HD3 5"), and what is kept of each. */
struct totp_recovery {
	char text[TOTP_RECOVERY_CODES][CODEC_RECEIPT_TEXT];
	uint8_t hash[TOTP_RECOVERY_CODES][TOTP_HASH_BYTES];
};
void totp_recovery_new(struct totp_recovery *out);

/* The hash of a code as it was typed. ERR_INVALID: that is none. */
enum err totp_recovery_hash(const char *typed, uint8_t out[TOTP_HASH_BYTES]) MUST_CHECK;

#endif
