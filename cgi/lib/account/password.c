/* SPDX-License-Identifier: MIT */
/* password.c: hashing and checking passwords with libsodium's argon2id. */
#include "lib/account/password.h"

#include <sodium.h>
#include <string.h>

enum {
	PASSWORD_PASSES = 3,
	PASSWORD_MEMORY = 64 * 1024 * 1024,
	PASSWORD_WAIT_MS = 5000 /* for a place: four others may be before */
};

_Static_assert(PASSWORD_HASH_TEXT == crypto_pwhash_STRBYTES, "what the office keeps has room for it");

/* Of a password that nobody has: 32 random bytes, thrown away. The same costs as a real one. */
static const char nobody[] =
	"$argon2id$v=19$m=65536,t=3,p=1$KIOVIab6tLeuAlgBklf/wA$N7s1qUKdp3goYPsLc7uTnItV5wpOhB0uHvZz+6I0DRc";

enum err password_hash(struct gate *gate, const char *text, char out[PASSWORD_HASH_TEXT])
{
	int place = 0;
	enum err error = gate_enter(gate, PASSWORD_WAIT_MS, &place);
	if (error)
		return error;
	int failed = crypto_pwhash_str_alg(out, text, strlen(text), PASSWORD_PASSES, PASSWORD_MEMORY,
					   crypto_pwhash_ALG_ARGON2ID13);
	gate_leave(gate, place);
	return failed ? ERR_NOMEM : ERR_OK;
}

enum err password_verify(struct gate *gate, const char *hash, const char *text, bool *is_right, bool *is_old)
{
	bool is_somebody = hash && hash[0];
	char copy[PASSWORD_HASH_TEXT] = {0}; /* libsodium reads the whole array */
	const char *used = is_somebody ? hash : nobody;
	size_t length = strlen(used);
	memcpy(copy, used, length < sizeof copy ? length : sizeof copy - 1);
	int place = 0;
	enum err error = gate_enter(gate, PASSWORD_WAIT_MS, &place);
	if (error)
		return error;
	bool is_same = crypto_pwhash_str_verify(copy, text, strlen(text)) == 0;
	gate_leave(gate, place);
	*is_right = is_same && is_somebody;
	*is_old = *is_right && crypto_pwhash_str_needs_rehash(copy, PASSWORD_PASSES, PASSWORD_MEMORY) != 0;
	sodium_memzero(copy, sizeof copy);
	return ERR_OK;
}
