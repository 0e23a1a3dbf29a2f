/* SPDX-License-Identifier: MIT */
/* accounts.h: who may sign in to the organisers' pages, with what, and which sessions there are. The store's side alone: what a password is
 * worth and how a one-time code is reckoned is lib/account's; who may do what is the organiser program's.
 *
 * Nothing here is about an attendee. Times are UTC seconds, which sessions need; they go with the session. Secrets that are only
 * compared lie as hashes. Words of organisers are UTF-8, at most as long as the limits below (ERR_INVALID). */
#ifndef SOUNDINGS_OFFICE_ACCOUNTS_H
#define SOUNDINGS_OFFICE_ACCOUNTS_H

#include "lib/office/office.h"

enum {
	OFFICE_HASH_BYTES = 32,         /* BLAKE2b-256 of a token: what is kept of it */
	OFFICE_NAME_MAX = 64,           /* characters of a sign-in name, and of the name that is shown */
	OFFICE_PASSWORD_HASH_MAX = 128, /* crypto_pwhash_STRBYTES */
	OFFICE_TOTP_BYTES = 20,
	OFFICE_RECOVERY_CODES = 10,
	OFFICE_SESSION_IDLE_S = 30 * 60,
	OFFICE_SESSION_MAX_S = 12 * 60 * 60
};

enum account_role { ACCOUNT_ADMINISTRATOR, ACCOUNT_ORGANISER, ACCOUNT_ANALYST, ACCOUNT_KEYER, ACCOUNT_ROLE_COUNT };
const char *account_role_name(enum account_role role); /* "administrator", "organiser", "analyst", "keyer" */
enum err account_role_parse(const char *name, enum account_role *out) MUST_CHECK;

/* Invited: has no password yet. Ended: can never sign in again; its name stays taken, because the audit names it. */
enum account_state { ACCOUNT_INVITED, ACCOUNT_ACTIVE, ACCOUNT_ENDED };

struct office_account {
	int64_t id;        /* random */
	const char *name;  /* what is typed at sign-in: lower case, without blanks; a work e-mail address will do */
	const char *shown; /* what colleagues read: "Sam Taylor" */
	enum account_role role;
	enum account_state state;
	const char *language; /* "en" or "cy": of the pages */
	const char *const
		*areas; /* names of organisation.yaml; of an organiser and a keyer. Others have none and see all */
	size_t areas_count;
	bool has_totp;
	uint32_t version; /* of this row, for changes (below) */
};

/* The connection's actor in audit lines from here on: an account's name, or what the role says when NULL. Borrowed. */
void office_act_as(struct office *office, const char *name);

enum err office_account_count(struct office *office, size_t *count) MUST_CHECK;
/* Those who can sign in. A reader may ask, too. */
enum err office_administrator_count(struct office *office, size_t *count) MUST_CHECK;
/* *ID of the new one, invited. ERR_CONFLICT: the name is taken. */
enum err office_account_add(struct office *office, const struct office_account *account, int64_t *id) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err office_account_get(struct office *office, int64_t id, struct arena *arena,
			    struct office_account **out) MUST_CHECK;
enum err office_account_named(struct office *office, const char *name, struct arena *arena,
			      struct office_account **out) MUST_CHECK;
enum err office_account_list(struct office *office, struct arena *arena, struct office_account **out,
			     size_t *count) MUST_CHECK;
/* Shown name, role, Areas and language. ERR_CONFLICT: it has another version by now. ERR_DENIED: nobody would be administrator any more.
 * A smaller role or fewer Areas count from the next request of its sessions on. */
enum err office_account_change(struct office *office, const struct office_account *account) MUST_CHECK;
/* Its sessions, addresses, password and codes go. ERR_DENIED as above. */
enum err office_account_end(struct office *office, int64_t id) MUST_CHECK;

/* What sign-in compares with. */
struct office_secrets {
	char password[OFFICE_PASSWORD_HASH_MAX]; /* argon2id string; "" : none */
	uint8_t totp[OFFICE_TOTP_BYTES];
	bool has_totp;
	int64_t totp_step; /* the newest that was used; 0: none */
};
enum err office_secrets_get(struct office *office, int64_t id, struct office_secrets *out) MUST_CHECK;
/* Makes an invited account active. Ends all its sessions but KEEP (a session's hash; NULL: all). */
enum err office_password_set(struct office *office, int64_t id, const char *hash, const uint8_t *keep) MUST_CHECK;
/* The secret and the ten recovery codes' hashes at once; earlier ones go. STEP: the one that showed that the secret works, used up by that (0:
 * none). NULL SECRET: takes both away. */
enum err office_totp_set(struct office *office, int64_t id, const uint8_t *secret, int64_t step,
			 const uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES]) MUST_CHECK;
/* Ten other recovery codes; the secret stays, and used steps stay used. ERR_NOT_FOUND: there is no secret. */
enum err office_recovery_set(struct office *office, int64_t id,
			     const uint8_t codes[OFFICE_RECOVERY_CODES][OFFICE_HASH_BYTES]) MUST_CHECK;
/* Uses a step up. ERR_CONFLICT: it, or a later one, was used before (one use: RFC 6238 5.2). */
enum err office_totp_take(struct office *office, int64_t id, int64_t step) MUST_CHECK;
/* Uses a recovery code up. ERR_NOT_FOUND: it has none such. *LEFT: how many remain. */
enum err office_recovery_take(struct office *office, int64_t id, const uint8_t hash[OFFICE_HASH_BYTES],
			      size_t *left) MUST_CHECK;

/* One-time addresses: for the first administrator (account 0), an invitation, a new password. */
enum address_purpose { ADDRESS_FIRST, ADDRESS_INVITATION, ADDRESS_RESET };
struct office_one_time {
	enum address_purpose purpose;
	int64_t account; /* 0 for ADDRESS_FIRST */
};
/* Earlier ones of the same account and purpose go. */
enum err office_one_time_add(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES],
			     const struct office_one_time *what, int64_t until_s) MUST_CHECK;
/* For an account that may be in other hands: its password, second factor, recovery codes, sessions and earlier addresses go, and an
 * ADDRESS_RESET is added, at once: nothing else signs it in. ERR_NOT_FOUND: it is not active. */
enum err office_account_reset(struct office *office, int64_t id, const uint8_t hash[OFFICE_HASH_BYTES],
			      int64_t until_s) MUST_CHECK;
/* Looks only. ERR_NOT_FOUND: unknown, used or over; ADDRESS_FIRST also once there is an account. */
enum err office_one_time_get(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			     struct office_one_time *out) MUST_CHECK;
/* Uses it up, in one transaction with what it is for: gives the account its first password hash (ADDRESS_FIRST makes FIRST, an
 * administrator). ERR_NOT_FOUND as above: one of two at once wins. */
enum err office_one_time_take(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			      const struct office_account *first, const char *password_hash,
			      int64_t *account) MUST_CHECK;

enum session_stage {
	SESSION_PASSWORD,
	SESSION_FULL
}; /* the password was right; the second factor too, or just enrolled */
struct office_session {
	int64_t id; /* random: names it in the list */
	int64_t account;
	enum session_stage stage;
	int64_t began_s;
	int64_t used_s;
	int64_t proved_s; /* when password and code were last given: re-authentication (security.md O3) */
};
enum err office_session_add(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t account,
			    enum session_stage stage, int64_t now_s) MUST_CHECK;
/* ERR_NOT_FOUND: unknown, idle for OFFICE_SESSION_IDLE_S, older than OFFICE_SESSION_MAX_S, or its account has ended. Notes the use (at most
 * once a minute is written: a GET writes nothing else). */
enum err office_session_get(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES], int64_t now_s,
			    struct office_session *out) MUST_CHECK;
/* Another token for the same session, a step further or newly proved: the old one is worth nothing from here on. */
enum err office_session_renew(struct office *office, const uint8_t old[OFFICE_HASH_BYTES],
			      const uint8_t fresh[OFFICE_HASH_BYTES], enum session_stage stage,
			      int64_t now_s) MUST_CHECK;
enum err office_session_end(struct office *office, const uint8_t hash[OFFICE_HASH_BYTES]) MUST_CHECK;
enum err office_session_end_id(struct office *office, int64_t account, int64_t id) MUST_CHECK;
enum err office_session_list(struct office *office, int64_t account, int64_t now_s, struct arena *arena,
			     struct office_session **out, size_t *count) MUST_CHECK;

/* How long failures make somebody wait, then twice as long each time: */
enum office_throttle {
	THROTTLE_HARD, /* after the 3rd 2 s, at most 15 minutes: of who tries, so that nobody else pays for it */
	THROTTLE_SOFT, /* after the 10th 2 s, at most 30 s: of what many share or anybody can name, so that nobody is kept out */
};

/* Back-off, never a lock-out: KEY is a keyed hash of an account's name, of an address, or of both, and goes a day after its last failure.
 * *WAIT_S: how many seconds until the next attempt is looked at (0: now). */
enum err office_throttle_ask(struct office *office, const uint8_t key[OFFICE_HASH_BYTES], enum office_throttle how,
			     int64_t now_s, int64_t *wait_s) MUST_CHECK;
enum err office_throttle_fail(struct office *office, const uint8_t key[OFFICE_HASH_BYTES], int64_t now_s) MUST_CHECK;
enum err office_throttle_clear(struct office *office, const uint8_t key[OFFICE_HASH_BYTES]) MUST_CHECK;

#endif
