/* SPDX-License-Identifier: MIT */
/* session.h: the cookie, the session behind it, and the token of forms. */
#ifndef SOUNDINGS_ORGANISER_SESSION_H
#define SOUNDINGS_ORGANISER_SESSION_H

#include "visit.h"

enum {
	SESSION_PROOF_S = 10 * 60,     /* so long a proof of who it is holds for what needs one (security.md O3) */
	SESSION_PROOF_PAGE_S = 5 * 60, /* and for the page with the form: so there is time to fill it in */
};

/* Finds out who asks: token, session, account, csrf. It sets no cookie: a browser that comes from another site keeps a Strict cookie back, and
 * would take ours for a new one. A failure of the store; nobody being signed in is none. */
enum err session_take(struct visit *visit) MUST_CHECK;

/* Gives the forms of whom nobody knows yet (signing in, a one-time address) a token, under a cookie of its own name, unless there is one. */
enum err session_form(struct visit *visit) MUST_CHECK;

/* Whether nobody seems to be signed in only because another site led here: its link does not carry the session's cookie. */
bool session_may_be_kept_back(const struct visit *visit);

/* Whether the POST carries its page's token. IS_OUTSIDE: a page for whom nobody knows yet, so nobody's token is right also beside a session,
 * whose cookie was kept back when the page was asked for. */
bool session_is_own_form(const struct visit *visit, bool is_outside);

/* Begins one for ACCOUNT under a fresh token, which ends whatever the cookie held (session fixation). */
enum err session_begin(struct visit *visit, int64_t account, enum session_stage stage) MUST_CHECK;

/* The same session under another token, at STAGE and proved now. */
enum err session_renew(struct visit *visit, enum session_stage stage) MUST_CHECK;

/* Ends it: cookie, session, and what the browser holds of our pages. */
enum err session_end(struct visit *visit) MUST_CHECK;

bool session_is_whole(const struct visit *visit);

#endif
