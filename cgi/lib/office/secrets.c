/* SPDX-License-Identifier: MIT */
/* secrets.c: what accounts sign in with, and the addresses that work once.
 *
 * It compares nothing and reckons nothing: lib/account does. What can be used once is used up here, in one statement, so that of two at
 * the same moment one wins. */
#include "lib/office/accounts_parts.h"

#include "lib/base/random.h"

#include <string.h>

enum sql {
	SQL_GET,
	SQL_SET_PASSWORD,
	SQL_END_OTHERS,
	SQL_SET_TOTP,
	SQL_OTHER_RECOVERY,
	SQL_RESET,
	SQL_CLEAR_RECOVERY,
	SQL_ADD_RECOVERY,
	SQL_TAKE_STEP,
	SQL_TAKE_RECOVERY,
	SQL_LEFT,
	SQL_CLEAR_ADDRESSES,
	SQL_ADD_ADDRESS,
	SQL_GET_ADDRESS,
	SQL_TAKE_ADDRESS,
	SQL_HAS_ADMINISTRATOR,
	SQL_COUNT
};

/* In place of the hash of a password that was taken away: an active account has some text there, and this one is no hash. */
#define NO_PASSWORD "'!'"

static const char *const statements[SQL_COUNT] = {
	[SQL_GET] =
		"SELECT coalesce(nullif(password, " NO_PASSWORD "), ''), totp, totp_step FROM account WHERE id = ?1",
	[SQL_SET_PASSWORD] = "UPDATE account SET password = ?2, state = 'active', version = version + 1, mark = ?3 "
			     "WHERE id = ?1 AND state <> 'ended'",
	[SQL_END_OTHERS] = "DELETE FROM session WHERE account = ?1 AND (?2 IS NULL OR hash <> ?2)",
	[SQL_SET_TOTP] =
		"UPDATE account SET totp = ?2, totp_step = CASE WHEN totp IS ?2 THEN max(totp_step, ?4) ELSE ?4 END, "
		"version = version + 1, mark = ?3 WHERE id = ?1 AND state = 'active'",
	[SQL_OTHER_RECOVERY] = "UPDATE account SET version = version + 1, mark = ?2 "
			       "WHERE id = ?1 AND state = 'active' AND totp IS NOT NULL",
	[SQL_RESET] =
		"UPDATE account SET password = " NO_PASSWORD ", totp = NULL, totp_step = 0, version = version + 1, "
		"mark = ?2 WHERE id = ?1 AND state = 'active'",
	[SQL_CLEAR_RECOVERY] = "DELETE FROM account_recovery WHERE account = ?1",
	[SQL_ADD_RECOVERY] = "INSERT INTO account_recovery (account, hash, is_used) VALUES (?1, ?2, 0)",
	[SQL_TAKE_STEP] =
		"UPDATE account SET totp_step = ?2 WHERE id = ?1 AND state = 'active' AND totp IS NOT NULL AND "
		"totp_step < ?2",
	[SQL_TAKE_RECOVERY] =
		"UPDATE account_recovery SET is_used = 1 WHERE account = ?1 AND hash = ?2 AND is_used = 0",
	[SQL_LEFT] = "SELECT count(*) FROM account_recovery WHERE account = ?1 AND is_used = 0",
	[SQL_CLEAR_ADDRESSES] = "DELETE FROM one_time WHERE purpose = ?1 AND account IS ?2",
	[SQL_ADD_ADDRESS] = "INSERT INTO one_time (hash, purpose, account, until_s) "
			    "SELECT ?1, ?2, ?3, ?4 WHERE ?3 IS NULL OR EXISTS "
			    "(SELECT 1 FROM account WHERE id = ?3 AND state <> 'ended')",
	[SQL_GET_ADDRESS] = "SELECT purpose, coalesce(account, 0) FROM one_time WHERE hash = ?1 AND until_s > ?2",
	[SQL_TAKE_ADDRESS] = "DELETE FROM one_time WHERE hash = ?1",
	[SQL_HAS_ADMINISTRATOR] = "SELECT 1 FROM account WHERE role = 'administrator' AND state = 'active' LIMIT 1",
};

static const char *const purpose_names[] = {
	[ADDRESS_FIRST] = "first",
	[ADDRESS_INVITATION] = "invitation",
	[ADDRESS_RESET] = "reset",
};

/* ---- passwords and second factors ---------------------------------------------------------------------------- */

enum err office_secrets_get(struct office *office, int64_t id, struct office_secrets *out)
{
	*out = (struct office_secrets){0};
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET]);
	query_bind_int(&query, 1, id);
	enum err error = query_one(&query);
	if (error != ERR_OK)
		return error;
	const char *password = (const char *) sqlite3_column_text(query.statement, 0);
	if (password == NULL)
		return ERR_NOMEM;
	size_t length = strlen(password);
	if (length >= sizeof(out->password))
		return ERR_CORRUPT;
	memcpy(out->password, password, length + 1);
	out->has_totp = sqlite3_column_type(query.statement, 1) != SQLITE_NULL;
	if (out->has_totp)
		query_bytes(&query, 1, out->totp, sizeof(out->totp));
	out->totp_step = query_int(&query, 2);
	return query_done(&query);
}

static enum err secrets_set_password(struct office *office, int64_t id, const char *hash)
{
	size_t length = strlen(hash);
	if (length == 0 || length >= OFFICE_PASSWORD_HASH_MAX)
		return ERR_INVALID;
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_SET_PASSWORD]);
	query_bind_int(&query, 1, id);
	query_bind_text(&query, 2, hash);
	query_bind_int(&query, 3, random_key());
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

static enum err secrets_end_others(struct office *office, int64_t id, const uint8_t *keep)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_END_OTHERS]);
	query_bind_int(&query, 1, id);
	query_bind_bytes(&query, 2, keep, OFFICE_HASH_BYTES);
	return query_run(&query, NULL);
}

enum err office_password_set(struct office *office, int64_t id, const char *hash, const uint8_t *keep)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = secrets_set_password(office, id, hash);
	if (error == ERR_OK)
		error = secrets_end_others(office, id, keep);
	if (error == ERR_OK)
		error = account_audit(office, id, "account.password");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

static enum err secrets_set_totp(struct office *office, int64_t id, const uint8_t *secret, int64_t step)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_SET_TOTP]);
	query_bind_int(&query, 1, id);
	query_bind_bytes(&query, 2, secret, OFFICE_TOTP_BYTES);
	query_bind_int(&query, 3, random_key());
	query_bind_int(&query, 4, step);
	enum err error = query_run(&query, &changed);
	if (error == ERR_OK && changed == 0)
		error = ERR_NOT_FOUND;
	return error == ERR_OK ? account_run(office, statements[SQL_CLEAR_RECOVERY], id) : error;
}

/* The row takes another mark, as it has other codes; those that it had go. */
static enum err secrets_renew(struct office *office, enum sql sql, int64_t id)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[sql]);
	query_bind_int(&query, 1, id);
	query_bind_int(&query, 2, random_key());
	enum err error = query_run(&query, &changed);
	if (error == ERR_OK && changed == 0)
		error = ERR_NOT_FOUND;
	return error == ERR_OK ? account_run(office, statements[SQL_CLEAR_RECOVERY], id) : error;
}

static enum err secrets_add_recovery(struct office *office, int64_t id,
				     const uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES])
{
	enum err error = ERR_OK;
	for (size_t i = 0; error == ERR_OK && i < OFFICE_RECOVERY_CODES; i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_RECOVERY]);
		query_bind_int(&query, 1, id);
		query_bind_bytes(&query, 2, codes[i], OFFICE_HASH_BYTES);
		error = query_run(&query, NULL);
	}
	return error;
}

enum err office_totp_set(struct office *office, int64_t id, const uint8_t *secret, int64_t step,
			 const uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES])
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = secrets_set_totp(office, id, secret, step);
	if (error == ERR_OK && secret != NULL)
		error = secrets_add_recovery(office, id, codes);
	if (error == ERR_OK)
		error = account_audit(office, id, secret != NULL ? "account.code" : "account.code.remove");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_recovery_set(struct office *office, int64_t id,
			     const uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES])
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = secrets_renew(office, SQL_OTHER_RECOVERY, id);
	if (error == ERR_OK)
		error = secrets_add_recovery(office, id, codes);
	if (error == ERR_OK)
		error = account_audit(office, id, "account.code");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_totp_take(struct office *office, int64_t id, int64_t step)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TAKE_STEP]);
	query_bind_int(&query, 1, id);
	query_bind_int(&query, 2, step);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_CONFLICT : error;
}

static enum err secrets_left(struct office *office, int64_t id, size_t *left)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_LEFT]);
	query_bind_int(&query, 1, id);
	enum err error = query_one(&query);
	*left = (size_t) query_int(&query, 0);
	return error;
}

static enum err secrets_take_recovery(struct office *office, int64_t id, const uint8_t hash[OFFICE_HASH_BYTES])
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TAKE_RECOVERY]);
	query_bind_int(&query, 1, id);
	query_bind_bytes(&query, 2, hash, OFFICE_HASH_BYTES);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

enum err office_recovery_take(struct office *office, int64_t id, const uint8_t hash[OFFICE_HASH_BYTES], size_t *left)
{
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = secrets_take_recovery(office, id, hash);
	if (error == ERR_OK)
		error = secrets_left(office, id, left);
	if (error == ERR_OK)
		error = account_audit(office, id, "account.recovery");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

/* ---- one-time addresses -------------------------------------------------------------------------------------- */

static enum err address_has_administrator(struct office *office, bool *is_there)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_HAS_ADMINISTRATOR]);
	return query_row(&query, is_there);
}

static void address_bind_account(struct query *query, int index, int64_t account)
{
	if (account != 0)
		query_bind_int(query, index, account);
}

static enum err address_clear(struct office *office, const struct office_one_time *what)
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_CLEAR_ADDRESSES]);
	query_bind_text(&query, 1, purpose_names[what->purpose]);
	address_bind_account(&query, 2, what->account);
	return query_run(&query, NULL);
}

static enum err address_insert(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES],
			       const struct office_one_time *what, int64_t until_s)
{
	size_t changed = 0;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_ADD_ADDRESS]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	query_bind_text(&query, 2, purpose_names[what->purpose]);
	address_bind_account(&query, 3, what->account);
	query_bind_int(&query, 4, until_s);
	enum err error = query_run(&query, &changed);
	return error == ERR_OK && changed == 0 ? ERR_NOT_FOUND : error;
}

enum err office_one_time_add(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES],
			     const struct office_one_time *what, int64_t until_s)
{
	bool is_first = what->purpose == ADDRESS_FIRST;
	bool has_administrator = false;
	if (is_first != (what->account == 0))
		return ERR_INVALID;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK && is_first)
		error = address_has_administrator(office, &has_administrator);
	if (error == ERR_OK && has_administrator)
		error = ERR_CONFLICT;
	if (error == ERR_OK)
		error = address_clear(office, what);
	if (error == ERR_OK)
		error = address_insert(office, hash, what, until_s);
	if (error == ERR_OK && is_first)
		error = office_audit(office, office_actor(office), "account.first", "");
	if (error == ERR_OK && !is_first)
		error = account_audit(office, what->account,
				      what->purpose == ADDRESS_RESET ? "account.reset" : "account.invite");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

enum err office_account_reset(struct office *office, int64_t id, const uint8_t hash[OFFICE_HASH_BYTES], int64_t until_s)
{
	const struct office_one_time what = {.purpose = ADDRESS_RESET, .account = id};
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = secrets_renew(office, SQL_RESET, id);
	if (error == ERR_OK)
		error = account_clear_access(office, id);
	if (error == ERR_OK)
		error = account_audit(office, id, "account.code.remove");
	if (error == ERR_OK)
		error = address_insert(office, hash, &what, until_s);
	if (error == ERR_OK)
		error = account_audit(office, id, "account.reset");
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}

static enum err address_purpose_parse(struct query *query, enum address_purpose *out)
{
	const char *name = (const char *) sqlite3_column_text(query->statement, 0);
	if (name == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < sizeof(purpose_names) / sizeof(purpose_names[0]); i++) {
		if (strcmp(name, purpose_names[i]) == 0) {
			*out = (enum address_purpose) i;
			return ERR_OK;
		}
	}
	return ERR_CORRUPT;
}

enum err office_one_time_get(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			     struct office_one_time *out)
{
	bool has_administrator = false;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_GET_ADDRESS]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	query_bind_int(&query, 2, now_s);
	enum err error = query_one(&query);
	if (error == ERR_OK)
		error = address_purpose_parse(&query, &out->purpose);
	if (error != ERR_OK)
		return error;
	out->account = query_int(&query, 1);
	error = query_done(&query);
	if (error == ERR_OK && out->purpose == ADDRESS_FIRST)
		error = address_has_administrator(office, &has_administrator);
	return error == ERR_OK && has_administrator ? ERR_NOT_FOUND : error;
}

static enum err address_remove(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES])
{
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_TAKE_ADDRESS]);
	query_bind_bytes(&query, 1, hash, OFFICE_HASH_BYTES);
	return query_run(&query, NULL);
}

/* Nobody is signed in: whoever holds the address is the account from here on. */
static enum err address_audit(struct office *office, int64_t account, enum address_purpose purpose)
{
	static const char *const actions[] = {
		[ADDRESS_FIRST] = "account.begin",
		[ADDRESS_INVITATION] = "account.begin",
		[ADDRESS_RESET] = "account.password",
	};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ACCOUNT_ARENA_BYTES);
	struct office_account *row = NULL;
	enum err error = office_account_get(office, account, &arena, &row);
	return error == ERR_OK ? office_audit(office, row->name, actions[purpose], row->name) : error;
}

static enum err address_use(struct office *office, const struct office_one_time *what,
			    const struct office_account *first, const char *password_hash, int64_t *account)
{
	struct office_account made;
	enum err error = ERR_OK;
	*account = what->account;
	if (what->purpose == ADDRESS_FIRST) {
		if (first == NULL)
			return ERR_INVALID;
		made = *first;
		made.role = ACCOUNT_ADMINISTRATOR;
		error = account_insert(office, &made, account);
	}
	if (error == ERR_OK)
		error = secrets_set_password(office, *account, password_hash);
	if (error == ERR_OK)
		error = account_clear_access(office, *account);
	return error == ERR_OK ? address_audit(office, *account, what->purpose) : error;
}

enum err office_one_time_take(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			      const struct office_account *first, const char *password_hash, int64_t *account)
{
	struct office_one_time what;
	CLEANUP_TRANSACTION struct transaction transaction = {0};
	enum err error = transaction_begin(&transaction, office);
	if (error == ERR_OK)
		error = office_one_time_get(office, hash, now_s, &what);
	if (error == ERR_OK)
		error = address_remove(office, hash);
	if (error == ERR_OK)
		error = address_use(office, &what, first, password_hash, account);
	return error == ERR_OK ? transaction_commit(&transaction) : error;
}
