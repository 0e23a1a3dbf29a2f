/* SPDX-License-Identifier: MIT */
/* session.c: from a cookie to somebody. The token itself is in the browser alone; the office has its hash. */
#include "session.h"

#include "app.h"

#include <string.h>

/* What forms carry of TOKEN; "" of none. NULL: no memory. */
static const char *csrf_of(const struct visit *visit, const char *token)
{
	char csrf[TOKEN_TEXT] = "";
	if (token)
		token_csrf(token, csrf);
	return arena_strdup(visit->arena, csrf);
}

static const char *form_token(const struct visit *visit)
{
	const char *token = http_cookie(visit->request, visit->app->form_cookie);
	return token_is_shaped(token) ? token : NULL;
}

static enum err take_token(struct visit *visit, const char *token)
{
	visit->token = token;
	visit->csrf = csrf_of(visit, token);
	return visit->csrf ? ERR_OK : ERR_NOMEM;
}

static enum err set_cookie(struct visit *visit, const char *name, const char *token)
{
	const char *copy = arena_strdup(visit->arena, token);
	if (!copy || take_token(visit, copy) != ERR_OK)
		return ERR_NOMEM;
	visit->response->cookies[0] = (struct http_cookie){name, copy};
	return ERR_OK;
}

enum err session_form(struct visit *visit)
{
	if (visit->token)
		return ERR_OK;
	char token[TOKEN_TEXT];
	token_new(token);
	return set_cookie(visit, visit->app->form_cookie, token);
}

/* The session of the cookie's token, and whose it is. */
static enum err find(struct visit *visit, const char *token)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	token_hash(token, hash);
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
	enum err error = token_is_shaped(token) ? find(visit, token) : ERR_OK;
	enum err none = take_token(visit, visit->session ? token : form_token(visit));
	return error ? error : none;
}

bool session_may_be_kept_back(const struct visit *visit)
{
	return visit->request->method != HTTP_POST && visit->request->is_cross_site &&
	       !http_cookie(visit->request, visit->app->cookie);
}

bool session_is_own_form(const struct visit *visit, bool is_outside)
{
	const char *typed = visit_field(visit, "csrf");
	if (!*typed)
		return false;
	if (token_is_same(visit->csrf, typed))
		return true;
	const char *outside = is_outside ? csrf_of(visit, form_token(visit)) : NULL;
	return outside && token_is_same(outside, typed);
}

/* Nobody's token has done its work: the next form for signing in gets another. */
static enum err set_session(struct visit *visit, const char *token)
{
	if (http_cookie(visit->request, visit->app->form_cookie))
		visit->response->cookies[1] = (struct http_cookie){visit->app->form_cookie, ""};
	return set_cookie(visit, visit->app->cookie, token);
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
	return error ? error : set_session(visit, token);
}

enum err session_renew(struct visit *visit, enum session_stage stage)
{
	uint8_t before[TOKEN_HASH_BYTES], after[TOKEN_HASH_BYTES];
	char token[TOKEN_TEXT];
	token_new(token);
	token_hash(visit->token, before);
	token_hash(token, after);
	enum err error = office_session_renew(visit->office, before, after, stage, visit->now_s);
	return error ? error : set_session(visit, token);
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
