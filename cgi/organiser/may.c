/* SPDX-License-Identifier: MIT */
/* may.c: the one place that decides who may do what. Pure. */
#include "may.h"

#include <string.h>

enum scope { NOWHERE, OWN, EVERYWHERE };

static const unsigned char scopes[ACT_COUNT][ACCOUNT_ROLE_COUNT] = {
	/*                       administrator organiser   analyst      keyer */
	[ACT_NOBODY_NEEDED] = {EVERYWHERE, EVERYWHERE, EVERYWHERE, EVERYWHERE},
	[ACT_SELF] = {EVERYWHERE, EVERYWHERE, EVERYWHERE, EVERYWHERE},
	[ACT_EVENT_READ] = {EVERYWHERE, OWN, EVERYWHERE, OWN},
	[ACT_EVENT_WRITE] = {EVERYWHERE, OWN, NOWHERE, NOWHERE},
	[ACT_ACTION_READ] = {EVERYWHERE, OWN, EVERYWHERE, NOWHERE},
	[ACT_ACTION_WRITE] = {EVERYWHERE, OWN, NOWHERE, NOWHERE},
	[ACT_PLACEMENT_READ] = {EVERYWHERE, OWN, EVERYWHERE, NOWHERE},
	[ACT_PLACEMENT_WRITE] = {EVERYWHERE, OWN, NOWHERE, NOWHERE},
	[ACT_TARGET_WRITE] = {EVERYWHERE, NOWHERE, NOWHERE, NOWHERE},
	[ACT_ACCOUNTS] = {EVERYWHERE, NOWHERE, NOWHERE, NOWHERE},
	[ACT_AUDIT] = {EVERYWHERE, NOWHERE, NOWHERE, NOWHERE},
};

static enum scope scope_of(const struct office_account *account, enum act act)
{
	if (act == ACT_NOBODY_NEEDED)
		return EVERYWHERE;
	if (!account || account->state != ACCOUNT_ACTIVE || act >= ACT_COUNT || account->role >= ACCOUNT_ROLE_COUNT)
		return NOWHERE;
	return (enum scope) scopes[act][account->role];
}

bool may(const struct office_account *account, enum act act, const char *area)
{
	enum scope scope = scope_of(account, act);
	if (scope != OWN)
		return scope == EVERYWHERE;
	for (size_t i = 0; area && *area && i < account->areas_count; i++)
		if (strcmp(account->areas[i], area) == 0)
			return true;
	return false;
}

bool may_somewhere(const struct office_account *account, enum act act)
{
	enum scope scope = scope_of(account, act);
	return scope == EVERYWHERE || (scope == OWN && account->areas_count > 0);
}

bool may_everywhere(const struct office_account *account, enum act act)
{
	return scope_of(account, act) == EVERYWHERE;
}
