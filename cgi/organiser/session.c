/* SPDX-License-Identifier: MIT */
/* session.c: from a cookie to somebody. The token itself is in the browser alone; the office has its hash. */
#include "session.h"

#include "app.h"

#include <string.h>

static enum err set_cookie(struct visit *visit, const char *token)
{
	const char *copy = arena_strdup(visit->arena, token);
	char csrf[TOKEN_TEXT] = "";
	if (*token)
		token_csrf(token, csrf);
	visit->csrf = arena_strdup(visit->arena, csrf);
	if (!copy || !visit->csrf)
		return ERR_NOMEM;
	visit->token = copy;
	visit->response->cookies[0] = (struct http_cookie){visit->app->cookie, copy};
	return ERR_OK;
}

static enum err take_nobody(struct visit *visit)
{
	char token[TOKEN_TEXT];
	token_new(token);
	return set_cookie(visit, token);
}

/* The session of the cookie's token, and whose it is. */
static enum err find(struct visit *visit)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	token_hash(visit->token, hash);
	struct office_session *session = arena_new(visit->arena, struct office_session);
	struct office_account *account = NULL;
	if (!session)
		return ERR_NOMEM;
	enum err error = office_session_get(visit->office, hash, visit->now_s, session);
	if (!error)
		error = office_account_get(visit->office, session->account, visit->arena, &account);
	if (error)
		return error == ERR_NOT_FOUND ? ERR_OK : error;
	if (account->state != ACCOUNT_ACTIVE)
		return ERR_OK;
	visit->session = session;
	visit->account = account;
	return ERR_OK;
}

enum err session_take(struct visit *visit)
{
	const char *token = http_cookie(visit->request, visit->app->cookie);
	if (!token_is_shaped(token))
		return take_nobody(visit);
	visit->token = token;
	char csrf[TOKEN_TEXT];
	token_csrf(token, csrf);
	visit->csrf = arena_strdup(visit->arena, csrf);
	return visit->csrf ? find(visit) : ERR_NOMEM;
}

bool session_is_own_form(const struct visit *visit)
{
	return token_is_same(visit->csrf, visit_field(visit, "csrf"));
}

enum err session_begin(struct visit *visit, int64_t account, enum session_stage stage)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	if (visit->session) {
		token_hash(visit->token, hash);
		enum err error = office_session_end(visit->office, hash);
		if (error && error != ERR_NOT_FOUND)
			return error;
	}
	char token[TOKEN_TEXT];
	token_new(token);
	token_hash(token, hash);
	enum err error = office_session_add(visit->office, hash, account, stage, visit->now_s);
	return error ? error : set_cookie(visit, token);
}

enum err session_renew(struct visit *visit, enum session_stage stage)
{
	uint8_t before[TOKEN_HASH_BYTES], after[TOKEN_HASH_BYTES];
	char token[TOKEN_TEXT];
	token_new(token);
	token_hash(visit->token, before);
	token_hash(token, after);
	enum err error = office_session_renew(visit->office, before, after, stage, visit->now_s);
	return error ? error : set_cookie(visit, token);
}

enum err session_end(struct visit *visit)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	token_hash(visit->token, hash);
	enum err error = office_session_end(visit->office, hash);
	if (error && error != ERR_NOT_FOUND)
		return error;
	visit->response->cookies[0] = (struct http_cookie){visit->app->cookie, ""};
	visit->response->clears_site = true;
	return ERR_OK;
}

bool session_is_whole(const struct visit *visit)
{
	return visit->account && visit->session && visit->session->stage == SESSION_FULL;
}
