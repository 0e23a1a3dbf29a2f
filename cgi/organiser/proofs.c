/* SPDX-License-Identifier: MIT */
/* proofs.c: passwords and codes. Failures are counted under keyed hashes of the name, of the address and of both, so the office holds none of
 * them; each key makes tries wait, and a right one forgets them (security.md O1). Only the two together make anybody wait for minutes: by
 * a name alone whoever knows it could keep its owner out, and by an address alone one of an office all others. */
#include "proofs.h"

#include "app.h"

#include "lib/account/password.h"
#include "lib/account/totp.h"
#include "lib/base/log.h"

#include <string.h>

enum { KEYS_OF_TRY = 3 };

struct key_of_try {
	uint8_t hash[TOKEN_HASH_BYTES];
	enum office_throttle how;
};

struct keys_of_try {
	struct key_of_try list[KEYS_OF_TRY];
};

static enum err make_keys(const struct visit *visit, const char *what, const char *name, enum office_throttle by_name,
			  struct keys_of_try *keys)
{
	const char *address = visit->request->address ? visit->request->address : "";
	/* No address has a blank, so no two pairs make one text; nor is it the text of a name, whose label is another. */
	const char *both = arena_printf(visit->arena, "%s %s", address, name),
		   *label = arena_printf(visit->arena, "%s from", what);
	if (!both || !label)
		return ERR_NOMEM;
	*keys = (struct keys_of_try){{{.how = THROTTLE_HARD}, {.how = by_name}, {.how = THROTTLE_SOFT}}};
	token_keyed(visit->app->secret, label, both, keys->list[0].hash);
	token_keyed(visit->app->secret, what, name, keys->list[1].hash);
	token_keyed(visit->app->secret, "address", address, keys->list[2].hash);
	return ERR_OK;
}

/* PROOF_RIGHT: a try may be looked at now. */
static enum proof ask(struct visit *visit, const struct keys_of_try *keys, int64_t *wait_s)
{
	*wait_s = 0;
	for (size_t i = 0; i < KEYS_OF_TRY; i++) {
		int64_t one_s = 0;
		const struct key_of_try *key = &keys->list[i];
		if (office_throttle_ask(visit->office, key->hash, key->how, visit->now_s, &one_s) != ERR_OK)
			return PROOF_FAILED;
		*wait_s = one_s > *wait_s ? one_s : *wait_s;
	}
	return *wait_s > 0 ? PROOF_WAIT : PROOF_RIGHT;
}

static enum proof note(struct visit *visit, const struct keys_of_try *keys, enum proof proof)
{
	enum err error = ERR_OK;
	for (size_t i = 0; i < KEYS_OF_TRY && !error; i++) {
		const uint8_t *hash = keys->list[i].hash;
		if (proof == PROOF_RIGHT)
			error = office_throttle_clear(visit->office, hash);
		else if (proof == PROOF_WRONG || proof == PROOF_USED)
			error = office_throttle_fail(visit->office, hash, visit->now_s);
	}
	return error ? PROOF_FAILED : proof;
}

/* Made with yesterday's costs: hashed again while the password is at hand. That it does not work now is no reason to turn somebody away. */
static void hash_again(struct visit *visit, int64_t account, const char *password)
{
	char hash[PASSWORD_HASH_TEXT];
	uint8_t keep[TOKEN_HASH_BYTES];
	token_hash(visit->token, keep);
	enum err error = password_hash(visit->app->gate, password, hash);
	if (!error)
		error = office_password_set(visit->office, account, hash, keep);
	if (error)
		log_warn("organiser.rehash", "error=%s", err_name(error));
}

enum proof proof_password(struct visit *visit, const char *name, const struct office_account *account,
			  const char *password, int64_t *wait_s)
{
	struct keys_of_try keys;
	if (make_keys(visit, "password", name, THROTTLE_SOFT, &keys) != ERR_OK)
		return PROOF_FAILED;
	enum proof proof = ask(visit, &keys, wait_s);
	if (proof != PROOF_RIGHT)
		return proof;
	struct office_secrets secrets = {0};
	bool is_usable = account && account->state == ACCOUNT_ACTIVE;
	/* Of nobody the account 0 is asked for, so that the store has as much to do. */
	enum err error = office_secrets_get(visit->office, account ? account->id : 0, &secrets);
	if (error && error != ERR_NOT_FOUND)
		return PROOF_FAILED;
	bool is_right = false, is_old = false;
	error = strlen(password) > PASSWORD_MAX_BYTES
			? ERR_INVALID
			: password_verify(visit->app->gate, is_usable ? secrets.password : NULL, password, &is_right,
					  &is_old);
	keys_wipe(&secrets, sizeof secrets);
	if (error == ERR_BUSY)
		return PROOF_BUSY;
	if (error && error != ERR_INVALID)
		return PROOF_FAILED;
	if (is_old)
		hash_again(visit, account->id, password);
	return note(visit, &keys, is_right ? PROOF_RIGHT : PROOF_WRONG);
}

static enum proof take_step(struct visit *visit, int64_t account, int64_t step)
{
	enum err error = office_totp_take(visit->office, account, step);
	if (error == ERR_CONFLICT)
		return PROOF_USED;
	return error ? PROOF_FAILED : PROOF_RIGHT;
}

static enum proof take_recovery(struct visit *visit, int64_t account, const char *typed)
{
	uint8_t hash[TOTP_HASH_BYTES];
	if (totp_recovery_hash(typed, hash) != ERR_OK)
		return PROOF_WRONG;
	size_t left = 0;
	enum err error = office_recovery_take(visit->office, account, hash, &left);
	if (error == ERR_NOT_FOUND)
		return PROOF_WRONG;
	return error ? PROOF_FAILED : PROOF_RIGHT;
}

enum proof proof_code(struct visit *visit, const struct office_account *account, const char *typed, int64_t *wait_s,
		      bool *is_recovery)
{
	struct keys_of_try keys;
	*is_recovery = false;
	/* Only who knows the password gets here, so nobody else can make its owner wait; and six digits bear few tries, from however many
	 * addresses they come. */
	if (make_keys(visit, "code", account->name, THROTTLE_HARD, &keys) != ERR_OK)
		return PROOF_FAILED;
	enum proof proof = ask(visit, &keys, wait_s);
	if (proof != PROOF_RIGHT)
		return proof;
	struct office_secrets secrets = {0};
	if (office_secrets_get(visit->office, account->id, &secrets) != ERR_OK)
		return PROOF_FAILED;
	int64_t step = 0;
	if (secrets.has_totp && totp_is_right(secrets.totp, typed, visit->now_s, &step)) {
		proof = take_step(visit, account->id, step);
	} else {
		proof = take_recovery(visit, account->id, typed);
		*is_recovery = proof == PROOF_RIGHT;
	}
	keys_wipe(&secrets, sizeof secrets);
	return note(visit, &keys, proof);
}

int proof_trouble(struct visit *visit, enum proof proof, int64_t wait_s)
{
	if (proof == PROOF_WAIT) {
		const char *n = arena_printf(visit->arena, "%lld", (long long) wait_s);
		visit_wrong(visit, "", visit_words_with(visit, WORD_o_sign_in_wait, "n", n ? n : ""));
		visit->response->retry_after_s = (unsigned) wait_s;
		return 429;
	}
	visit_wrong(visit, "", visit_words(visit, proof == PROOF_BUSY ? WORD_o_busy_text : WORD_o_failed_text));
	return proof == PROOF_BUSY ? 503 : 500;
}
