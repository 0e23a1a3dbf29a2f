/* SPDX-License-Identifier: MIT */
/* accounts.c: who may sign in, in which role, for which Areas.
 *
 * A row never goes: the audit names it. What an account signs in with is secrets.c's, its sessions are sessions.c's. Every
 * change writes its audit line in the same transaction, with the account's name and nothing of what it was changed to. */
#include "lib/office/accounts_parts.h"

#include "lib/base/random.h"

#include <string.h>

enum sql {
	SQL_COUNT_ALL,
	SQL_ADD,
	SQL_ADD_AREA,
	SQL_CLEAR_AREAS,
	SQL_GET,
	SQL_NAMED,
	SQL_LIST,
	SQL_CHANGE,
	SQL_ADMINISTRATORS,
	SQL_END,
	SQL_END_SESSIONS,
	SQL_END_ADDRESSES,
	SQL_END_RECOVERY,
	SQL_COUNT
};

#define ACCOUNT_COLUMNS                                                                                                \
	"id, name, shown, role, state, language, totp IS NOT NULL, version, "                                          \
	"(SELECT group_concat(area, char(10)) FROM account_area WHERE account = id) "

static const char *const statements[SQL_COUNT] = {
	[SQL_COUNT_ALL] = "SELECT count(*) FROM account",
	[SQL_ADD] = "INSERT INTO account (id, name, shown, role, state, language, version, mark) "
		    "VALUES (?1, ?2, ?3, ?4, 'invited', ?5, 1, ?6)",
	[SQL_ADD_AREA] = "INSERT OR IGNORE INTO account_area (account, area) VALUES (?1, ?2)",
	[SQL_CLEAR_AREAS] = "DELETE FROM account_area WHERE account = ?1",
	[SQL_GET] = "SELECT " ACCOUNT_COLUMNS "FROM account WHERE id = ?1",
	[SQL_NAMED] = "SELECT " ACCOUNT_COLUMNS "FROM account WHERE name = ?1",
	[SQL_LIST] = "SELECT " ACCOUNT_COLUMNS "FROM account ORDER BY state = 'ended', shown, name",
	[SQL_CHANGE] = "UPDATE account SET shown = ?3, role = ?4, language = ?5, version = version + 1, mark = ?6 "
		       "WHERE id = ?1 AND version = ?2 AND state <> 'ended'",
	[SQL_ADMINISTRATORS] = "SELECT count(*) FROM account WHERE role = 'administrator' AND state = 'active'",
	[SQL_END] = "UPDATE account SET state = 'ended', password = NULL, totp = NULL, totp_step = 0, "
		    "version = version + 1, mark = ?2 WHERE id = ?1 AND state <> 'ended'",
	[SQL_END_SESSIONS] = "DELETE FROM session WHERE account = ?1",
	[SQL_END_ADDRESSES] = "DELETE FROM one_time WHERE account = ?1",
	[SQL_END_RECOVERY] = "DELETE FROM account_recovery WHERE account = ?1",
};

static const char *const role_names[ACCOUNT_ROLE_COUNT] = {
	[ACCOUNT_ADMINISTRATOR] = "administrator",
	[ACCOUNT_ORGANISER] = "organiser",
	[ACCOUNT_ANALYST] = "analyst",
	[ACCOUNT_KEYER] = "keyer",
};

static const char *const state_names[] = {
	[ACCOUNT_INVITED] = "invited",
	[ACCOUNT_ACTIVE] = "active",
	[ACCOUNT_ENDED] = "ended",
};

const char *account_role_name(enum account_role role)
{
	return role_names[role];
}

enum err account_role_parse(const char *name, enum account_role *out)
{
	for (size_t i = 0; i < ACCOUNT_ROLE_COUNT; i++) {
		if (name != NULL && strcmp(name, role_names[i]) == 0) {
			*out = (enum account_role) i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

static enum err state_parse(const char *name, enum account_state *out)
{
	for (size_t i = 0; i < sizeof(state_names) / sizeof(state_names[0]); i++) {
		if (strcmp(name, state_names[i]) == 0) {
			*out = (enum account_state) i;
			return ERR_OK;
		}
	}
	return ERR_CORRUPT;
}

static bool account_has_areas(enum account_role role)
{
	return role == ACCOUNT_ORGANISER || role == ACCOUNT_KEYER;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static enum err account_read(struct query *query, struct arena *arena, struct office_account *out)
{
	out->id = query_int(query, 0);
	out->name = query_text(query, 1, arena);
	out->shown = query_text(query, 2, arena);
	const char *role = query_text(query, 3, arena);
	const char *state = query_text(query, 4, arena);
	out->language = query_text(query, 5, arena);
	out->has_totp = query_int(query, 6) != 0;
	out->version = (uint32_t) query_int(query, 7);
	const char *areas = query_text(query, 8, arena);
	const char **names = NULL;
	enum err error = query_done(query);
	if (error == ERR_OK && account_role_parse(role, &out->role) != ERR_OK)
		error = ERR_CORRUPT;
	if (error == ERR_OK)
		error = state_parse(state, &out->state);
	if (error == ERR_OK)
		error = office_split_names(areas, arena, &names, &out->areas_count);
	out->areas = names;
	return error;
}

static enum err account_read_one(struct query *query, struct arena *arena, struct office_account **out)
{
	struct office_account *account = arena_new(arena, struct office_account);
	if (account == NULL)
		return ERR_NOMEM;
	enum err error = query_one(query);
	if (error == ERR_OK)
		error = account_read(query, arena, account);
	if (error == ERR_OK)
		*out = account;
	return error;
}

enum err office_account_get(struct office *office, int64_t id, struct arena *arena, struct office_account **out)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_int(&query, 1, id);
	return account_read_one(&query, arena, out);
}

enum err office_account_named(struct office *office, const char *name, struct arena *arena, struct office_account **out)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_NAMED]);
	query_bind_text(&query, 1, name);
	return account_read_one(&query, arena, out);
}

enum err office_account_list(struct office *office, struct arena *arena, struct office_account **out, size_t *count)
{
	struct office_account *list = NULL;
	size_t used = 0, room = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LIST]);
	bool has_row;
	enum err error;
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		if (used == room) {
			room = room == 0 ? 16 : room * 2;
			list = arena_grow(arena, list, used, room, sizeof(*list));
			if (list == NULL)
				return ERR_NOMEM;
		}
		error = account_read(&query, arena, &list[used++]);
		if (error != ERR_OK)
			return error;
	}
	*out = list;
	*count = used;
	return error;
}

static enum err account_number(struct office *office, enum sql sql, int64_t *number)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	enum err error = query_one(&query);
	*number = query_int(&query, 0);
	return error;
}

enum err office_account_count(struct office *office, size_t *count)
{
	int64_t number = 0;
	enum err error = account_number(office, SQL_COUNT_ALL, &number);
	*count = (size_t) number;
	return error;
}

enum err office_administrator_count(struct office *office, size_t *count)
{
	int64_t number = 0;
	enum err error = account_number(office, SQL_ADMINISTRATORS, &number);
	*count = (size_t) number;
	return error;
}

enum err account_audit(struct office *office, int64_t id, const char *action)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ACCOUNT_ARENA_BYTES);
	struct office_account *account = NULL;
	enum err error = office_account_get(office, id, &arena, &account);
	return error == ERR_OK ? office_audit(office, office_actor(office), action, account->name) : error;
}

/* ---- changing ------------------------------------------------------------------------------------------------ */

/* Without capitals and white space, so that nobody has to remember how it was written. */
static bool account_name_fits(const char *name)
{
	if (!office_text_fits(name, OFFICE_NAME_MAX, false, false))
		return false;
	for (const char *at = name; *at != '\0'; at++) {
		if (*at == ' ' || (*at >= 'A' && *at <= 'Z'))
			return false;
	}
	return true;
}

static bool account_is_possible(const struct office_account *account)
{
	if (!office_text_fits(account->shown, OFFICE_NAME_MAX, false, false) || account->role >= ACCOUNT_ROLE_COUNT ||
	    account->language == NULL || (strcmp(account->language, "en") != 0 && strcmp(account->language, "cy") != 0))
		return false;
	for (size_t i = 0; i < account->areas_count; i++) {
		if (!office_text_fits(account->areas[i], OFFICE_NAME_MAX, false, false))
			return false;
	}
	return true;
}

static enum err account_set_areas(struct office *office, int64_t id, const struct office_account *account)
{
	size_t count = account_has_areas(account->role) ? account->areas_count : 0;
	enum err error = account_run(office, statements[SQL_CLEAR_AREAS], id);
	for (size_t i = 0; error == ERR_OK && i < count; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_AREA]);
		query_bind_int(&query, 1, id);
		query_bind_text(&query, 2, account->areas[i]);
		error = query_run(&query, NULL);
	}
	return error;
}

enum err account_insert(struct office *office, const struct office_account *account, int64_t *id)
{
	if (!account_name_fits(account->name) || !account_is_possible(account))
		return ERR_INVALID;
	int64_t fresh = random_key();
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD]);
	query_bind_int(&query, 1, fresh);
	query_bind_text(&query, 2, account->name);
	query_bind_text(&query, 3, account->shown);
	query_bind_text(&query, 4, account_role_name(account->role));
	query_bind_text(&query, 5, account->language);
	query_bind_int(&query, 6, random_key());
	enum err error = query_run(&query, NULL);
	if (error == ERR_OK)
		error = account_set_areas(office, fresh, account);
	*id = fresh;
	return error;
}

enum err office_account_add(struct office *office, const struct office_account *account, int64_t *id)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = account_insert(office, account, id);
	if (error == ERR_OK)
		error = office_audit(office, office_actor(office), "account.add", account->name);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err account_run(struct office *office, const char *sql, int64_t id)
{
	CLEANUP_QUERY struct query query = query_new(office, sql);
	query_bind_int(&query, 1, id);
	return query_run(&query, NULL);
}

/* There must go on being somebody who can invite others. BEFORE: how many administrators there were. */
static enum err account_check_administrators(struct office *office, int64_t before)
{
	int64_t after = 0;
	enum err error = account_number(office, SQL_ADMINISTRATORS, &after);
	return error == ERR_OK && before > 0 && after == 0 ? ERR_DENIED : error;
}

static enum err account_change_row(struct office *office, const struct office_account *account)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CHANGE]);
	query_bind_int(&query, 1, account->id);
	query_bind_int(&query, 2, account->version);
	query_bind_text(&query, 3, account->shown);
	query_bind_text(&query, 4, account_role_name(account->role));
	query_bind_text(&query, 5, account->language);
	query_bind_int(&query, 6, random_key());
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

enum err office_account_change(struct office *office, const struct office_account *account)
{
	int64_t before = 0;
	if (!account_is_possible(account))
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = account_number(office, SQL_ADMINISTRATORS, &before);
	if (error == ERR_OK)
		error = account_audit(office, account->id, "account.change");
	if (error == ERR_OK)
		error = account_change_row(office, account);
	if (error == ERR_OK)
		error = account_set_areas(office, account->id, account);
	if (error == ERR_OK)
		error = account_check_administrators(office, before);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

static enum err account_end_row(struct office *office, int64_t id)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_END]);
	query_bind_int(&query, 1, id);
	query_bind_int(&query, 2, random_key());
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

enum err account_clear_access(struct office *office, int64_t id)
{
	enum err error = account_run(office, statements[SQL_END_SESSIONS], id);
	return error == ERR_OK ? account_run(office, statements[SQL_END_ADDRESSES], id) : error;
}

enum err office_account_end(struct office *office, int64_t id)
{
	int64_t before = 0;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = account_number(office, SQL_ADMINISTRATORS, &before);
	if (error == ERR_OK)
		error = account_audit(office, id, "account.end");
	if (error == ERR_OK)
		error = account_end_row(office, id);
	if (error == ERR_OK)
		error = account_check_administrators(office, before);
	if (error == ERR_OK)
		error = account_clear_access(office, id);
	if (error == ERR_OK)
		error = account_run(office, statements[SQL_END_RECOVERY], id);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}
