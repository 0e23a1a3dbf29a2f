/* SPDX-License-Identifier: MIT */
/* roles.c: what each program may do in the office, held by SQLite's authorizer while statements are prepared.
 *
 * A second lock behind the code: whoever takes over the collector cannot read an account, change an event or add to the
 * audit through this connection. sqlite.org/c3ref/set_authorizer.html */
#include "lib/office/accounts.h"
#include "lib/office/query.h"

#include <string.h>

enum { MAY_READ = 1, MAY_INSERT = 2, MAY_DELETE = 4, MAY_UPDATE = 8 };

struct allowance {
	const char *table;
	const char *column; /* MAY_UPDATE: this one only */
	unsigned may;
};

static const struct allowance collector_may[] = {
	{"meta", NULL, MAY_READ},
	{"meta", "flush_done", MAY_UPDATE},
	{"meta", "unordered", MAY_UPDATE},
	{"meta", "catalogue_seen", MAY_UPDATE},
	{"meta", "keyset_seen", MAY_UPDATE},
	{"event", NULL, MAY_READ},
	{"event_form", NULL, MAY_READ},
	{"form_version", NULL, MAY_READ},
	{"backup", NULL, MAY_READ},
	{"expire_run", NULL, MAY_READ},
	{"period", NULL, MAY_READ | MAY_INSERT},
	{"response", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{"apart", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{"free_text", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{"seen", NULL, MAY_READ | MAY_INSERT},
	{"link", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{"tombstone", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{"tombstone", "is_matched", MAY_UPDATE},
	{"tombstone_waits", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{"quarantine", NULL, MAY_READ | MAY_INSERT | MAY_DELETE},
	{NULL, NULL, 0},
};

/* What organisers change. They add to the audit; a line of it that is there stays as it is, and where it is. */
static const struct allowance organiser_may[] = {
	{"meta", "serial", MAY_UPDATE},
	{"meta", "flush_wanted", MAY_UPDATE},
	{"event", NULL, MAY_INSERT},
	{"event", "title", MAY_UPDATE},
	{"event", "place", MAY_UPDATE},
	{"event", "held_on", MAY_UPDATE},
	{"event", "area", MAY_UPDATE},
	{"event", "programme", MAY_UPDATE},
	{"event", "is_wales", MAY_UPDATE},
	{"event", "state", MAY_UPDATE},
	{"event", "grace_until", MAY_UPDATE},
	{"event_language", NULL, MAY_INSERT | MAY_DELETE},
	{"event_form", NULL, MAY_INSERT | MAY_DELETE},
	{"event_form", "version", MAY_UPDATE},
	{"event_served", NULL, MAY_INSERT},
	{"event_detail", NULL, MAY_INSERT | MAY_UPDATE},
	{"placement", NULL, MAY_INSERT | MAY_UPDATE},
	{"placement_target", NULL, MAY_INSERT | MAY_UPDATE},
	{"action", NULL, MAY_INSERT | MAY_UPDATE},
	{"action_text", NULL, MAY_INSERT | MAY_DELETE},
	{"account", NULL, MAY_INSERT | MAY_UPDATE},
	{"account_area", NULL, MAY_INSERT | MAY_DELETE},
	{"account_recovery", NULL, MAY_INSERT | MAY_DELETE},
	{"account_recovery", "is_used", MAY_UPDATE},
	{"one_time", NULL, MAY_INSERT | MAY_DELETE},
	{"session", NULL, MAY_INSERT | MAY_UPDATE | MAY_DELETE},
	{"throttle", NULL, MAY_INSERT | MAY_UPDATE | MAY_DELETE},
	{"audit", NULL, MAY_INSERT},
	{"audit_tip", NULL, MAY_INSERT | MAY_DELETE},
	{NULL, NULL, 0},
};

/* Nothing that a person said, nor what could tell one person's answers from another's. */
static const struct allowance organiser_may_not[] = {
	{"response", "answers", MAY_READ},
	{"apart", NULL, MAY_READ},
	{"free_text", NULL, MAY_READ},
	{"quarantine", "envelope", MAY_READ},
	{"seen", NULL, MAY_READ},
	{"link", NULL, MAY_READ},
	{"tombstone", NULL, MAY_READ},
	{"tombstone_waits", NULL, MAY_READ},
	{NULL, NULL, 0},
};

/* What was said stays unread by a program that only looks whether all is well. */
static const struct allowance reader_may_not[] = {
	{"response", "answers", MAY_READ},
	{"apart", "answers", MAY_READ},
	{"free_text", "text", MAY_READ},
	{"quarantine", "envelope", MAY_READ},
	{"account", "password", MAY_READ},
	{"account", "totp", MAY_READ},
	{"account_recovery", NULL, MAY_READ},
	{"one_time", NULL, MAY_READ},
	{"session", NULL, MAY_READ},
	{"throttle", NULL, MAY_READ},
	{NULL, NULL, 0},
};

static bool allowance_covers(const struct allowance *row, unsigned act, const char *table, const char *column)
{
	return (row->may & act) != 0 && table != NULL && strcmp(row->table, table) == 0 &&
	       (row->column == NULL || (column != NULL && strcmp(row->column, column) == 0));
}

static bool allowances_cover(const struct allowance *rows, unsigned act, const char *table, const char *column)
{
	for (const struct allowance *row = rows; row->table != NULL; row++) {
		if (allowance_covers(row, act, table, column))
			return true;
	}
	return false;
}

/* Which of ours ACTION is; 0: one that touches no table (*IS_HARMLESS), or one that is nobody's. */
static unsigned role_act(int action, bool *is_harmless)
{
	*is_harmless = false;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_FUNCTION:
		*is_harmless = true;
		return 0;
	case SQLITE_READ:
		return MAY_READ;
	case SQLITE_INSERT:
		return MAY_INSERT;
	case SQLITE_DELETE:
		return MAY_DELETE;
	case SQLITE_UPDATE:
		return MAY_UPDATE;
	default:
		return 0;
	}
}

static int collector_authorize(int action, const char *first, const char *second)
{
	bool is_harmless;
	unsigned act = role_act(action, &is_harmless);
	if (is_harmless || (act != 0 && allowances_cover(collector_may, act, first, second)))
		return SQLITE_OK;
	return SQLITE_DENY;
}

/* Counting rows names a table and no column: it reads none, but tells of what is kept from this role that it is there. */
static int organiser_authorize(int action, const char *first, const char *second)
{
	bool is_harmless;
	unsigned act = role_act(action, &is_harmless);
	if (is_harmless)
		return SQLITE_OK;
	if (act == MAY_READ)
		return allowances_cover(organiser_may_not, act, first, second) ? SQLITE_DENY : SQLITE_OK;
	return act != 0 && allowances_cover(organiser_may, act, first, second) ? SQLITE_OK : SQLITE_DENY;
}

static int reader_authorize(int action, const char *first, const char *second)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_TRANSACTION:
	case SQLITE_FUNCTION:
		return SQLITE_OK;
	case SQLITE_READ:
		return allowances_cover(reader_may_not, MAY_READ, first, second) ? SQLITE_DENY : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

int office_authorize(void *context, int action, const char *first, const char *second, const char *database,
		     const char *trigger)
{
	(void) database;
	(void) trigger;
	const struct office *office = context;
	if (office->is_rebuilding)
		return SQLITE_OK;
	switch (office->role) {
	case OFFICE_COLLECTOR:
		return collector_authorize(action, first, second);
	case OFFICE_READER:
		return reader_authorize(action, first, second);
	case OFFICE_ORGANISER:
		return organiser_authorize(action, first, second);
	case OFFICE_CLI:
		/* Every statement of this folder; another file, a pragma or a new table are nobody's. */
		switch (action) {
		case SQLITE_SELECT:
		case SQLITE_TRANSACTION:
		case SQLITE_SAVEPOINT:
		case SQLITE_FUNCTION:
		case SQLITE_READ:
		case SQLITE_INSERT:
		case SQLITE_DELETE:
		case SQLITE_UPDATE:
			return SQLITE_OK;
		default:
			return SQLITE_DENY;
		}
	}
	return SQLITE_DENY;
}

void office_act_as(struct office *office, const char *name)
{
	office->actor = name;
}

const char *office_actor(const struct office *office)
{
	if (office->actor != NULL)
		return office->actor;
	switch (office->role) {
	case OFFICE_COLLECTOR:
		return "collector";
	case OFFICE_READER:
		return "reader";
	case OFFICE_ORGANISER:
		return "organiser";
	case OFFICE_CLI:
		break;
	}
	return "cli";
}
