/* SPDX-License-Identifier: MIT */
/* proofs.h: comparing what somebody typed with what the office keeps of them, slowed down by name and address together, and less by each alone. */
#ifndef SOUNDINGS_ORGANISER_PROOFS_H
#define SOUNDINGS_ORGANISER_PROOFS_H

#include "visit.h"

enum proof {
	PROOF_RIGHT,
	PROOF_WRONG,
	PROOF_USED,   /* a code that was right, and was used before */
	PROOF_WAIT,   /* too many tries: *WAIT_S seconds until the next is looked at */
	PROOF_BUSY,   /* too many ask at once */
	PROOF_FAILED, /* the store; it was logged */
};

/* The password of the account of that name (any; NULL when there is none such, which takes as long). *WAIT_S of PROOF_WAIT. */
enum proof proof_password(struct visit *visit, const char *name, const struct office_account *account,
			  const char *password, int64_t *wait_s);

/* A code of the authenticator, or a recovery code; it is used up. *IS_RECOVERY: which it was. */
enum proof proof_code(struct visit *visit, const struct office_account *account, const char *typed, int64_t *wait_s,
		      bool *is_recovery);

/* Says what PROOF_WAIT, PROOF_BUSY and PROOF_FAILED mean: a message of the page's summary and the status (429, 503, 500). */
int proof_trouble(struct visit *visit, enum proof proof, int64_t wait_s);

#endif
