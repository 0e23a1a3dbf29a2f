/* SPDX-License-Identifier: MIT */
/* first_address.c: the one-time address with which the first administrator is made. The office keeps its hash alone, so it cannot be
 * shown twice: whoever asks again gets another. */
#include "first_address.h"

#include "lib/account/token.h"
#include "lib/office/accounts.h"

#include <string.h>
#include <time.h>

enum err first_address(struct instance *instance, const char **address)
{
	size_t count = 0;
	enum err error = office_account_count(instance->office, &count);
	if (error || count > 0)
		return error ? error : ERR_CONFLICT;
	char token[TOKEN_TEXT];
	uint8_t hash[TOKEN_HASH_BYTES];
	const struct office_one_time what = {.purpose = ADDRESS_FIRST};
	token_new(token);
	token_hash(token, hash);
	error = office_one_time_add(instance->office, hash, &what, (int64_t) time(NULL) + FIRST_ADDRESS_HOURS * 3600);
	if (!error) {
		*address = arena_printf(&instance->arena, "%s/welcome/%s", instance->conf.organiser_url, token);
		error = *address ? ERR_OK : ERR_NOMEM;
	}
	explicit_bzero(token, sizeof token);
	return error;
}
