/* SPDX-License-Identifier: MIT */
/* may.h: who may do what. One function; its table is held against tests/site/authorisation.tsv, which people wrote. */
#ifndef SOUNDINGS_ORGANISER_MAY_H
#define SOUNDINGS_ORGANISER_MAY_H

#include "lib/office/accounts.h"

#include <stdbool.h>

enum act {
	ACT_NOBODY_NEEDED, /* sign-in and what comes before it, the address of an invitation, the pages' help */
	ACT_SELF,          /* one's own account, sessions, second factor; sign-out */
	ACT_EVENT_READ,
	ACT_EVENT_WRITE, /* make, change, open, close, posters that are printed, door count */
	ACT_ACTION_READ,
	ACT_ACTION_WRITE,
	ACT_PLACEMENT_READ,
	ACT_PLACEMENT_WRITE,
	ACT_TARGET_WRITE,
	ACT_ACCOUNTS, /* people, invitations, others' sessions */
	ACT_AUDIT,
	ACT_COUNT
};

/* Whether ACCOUNT (NULL: nobody is signed in) may do ACT on something of AREA ("" for what has none). Administrators everywhere; analysts
 * read everywhere; organisers in their Areas alone, and in no Area what belongs to none; keyers read events of their Areas. */
bool may(const struct office_account *account, enum act act, const char *area);

/* Whether there is any Area where it may: what a list, or a page that makes a new thing, asks; what is in it, or what is saved, is asked
 * with may. And whether it may in all of them: then a search needs no list of Areas. */
bool may_somewhere(const struct office_account *account, enum act act);
bool may_everywhere(const struct office_account *account, enum act act);

#endif
