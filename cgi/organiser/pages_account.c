/* SPDX-License-Identifier: MIT */
/* pages_account.c: one's own account: names, language, password, sessions; and proving again who one is. */
#include "controls.h"
#include "new_password.h"
#include "onward.h"
#include "proofs.h"
#include "roles.h"
#include "routes.h"
#include "session.h"
#include "pages/organiser/account.h"
#include "pages/organiser/prove.h"

#include "lib/account/token.h"
#include "lib/view/organiser_accounts.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE_S = 60, HOUR_S = 3600 };

static const char *ago(const struct visit *visit, int64_t then_s)
{
	int64_t age_s = visit->now_s - then_s;
	if (age_s < 2 * MINUTE_S)
		return visit_words(visit, WORD_o_ago_now);
	bool is_hours = age_s >= 2 * HOUR_S;
	const char *n = arena_printf(visit->arena, "%lld", (long long) (age_s / (is_hours ? HOUR_S : MINUTE_S)));
	return visit_words_with(visit, is_hours ? WORD_o_ago_hours : WORD_o_ago_minutes, "n", n ? n : "");
}

static enum err fill_sessions(struct visit *visit, struct page_account *model)
{
	struct office_session *list = NULL;
	size_t count = 0;
	enum err error =
		office_session_list(visit->office, visit->account->id, visit->now_s, visit->arena, &list, &count);
	struct page_session *sessions = error ? NULL : arena_array(visit->arena, count + 1, struct page_session);
	if (!sessions)
		return error ? error : ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		bool is_this = list[i].id == visit->session->id;
		const struct words_fill fills[] = {
			{"day", visit_date(visit, date_from_days(list[i].began_s / (24 * HOUR_S)))},
			{"ago", ago(visit, list[i].used_s)}};
		sessions[i] = (struct page_session){
			.name = visit_words(visit, is_this ? WORD_o_session_this : WORD_o_session_other),
			.meta = visit_words_fill(visit, WORD_o_session_meta, fills, 2),
			.end = is_this ? (struct safe_url){""}
				       : visit_url(visit, "/account/sessions/%lld/end", (long long) list[i].id),
		};
	}
	model->sessions = sessions;
	model->sessions_count = count;
	return ERR_OK;
}

static void show(struct visit *visit, int status, const char *shown, const char *language)
{
	const struct office_account *account = visit->account;
	visit_frame(visit, WORD_o_account_title, "/account");
	const struct words_fill fills[] = {{"name", account->name}, {"role", role_words(visit, account->role)}};
	struct page_account model = {
		.page = visit->page,
		.about = visit_words_fill(visit, WORD_o_account_is, fills, 2),
		.areas = role_has_areas(account->role) ? role_areas(visit, account) : NULL,
		.username = account->name,
		.version = arena_printf(visit->arena, "%u", (unsigned) account->version),
		.has_totp = account->has_totp,
	};
	size_t count = 0;
	struct control_option *languages = role_languages(visit, language, &count);
	model.shown = control_text(visit, "shown", WORD_o_shown, WORD_o_shown_hint, shown);
	model.shown.autocomplete = "name";
	model.language = control_options(visit, "language", WORD_o_account_language, CONTROL_NO_HINT, languages, count);
	model.language.is_small = true;
	model.old = control_password(visit, "old", WORD_o_account_password_old, CONTROL_NO_HINT, "current-password");
	model.password = control_password(visit, "password", WORD_o_password_new, WORD_o_password_hint, "new-password");
	enum err error = fill_sessions(visit, &model);
	if (error)
		visit_failed(visit, error);
	else
		visit_print(visit, status, organiser_account_html, &model);
}

void account_page(struct visit *visit)
{
	show(visit, 200, visit->account->shown, visit->account->language);
}

/* Somebody gave this account another role just now; what is typed here is one's own alone, and changes nothing of that. */
static enum err change_anyway(struct visit *visit, struct office_account *changed)
{
	changed->version = visit->account->version;
	return office_account_change(visit->office, changed);
}

static void save_names(struct visit *visit)
{
	struct office_account changed = *visit->account;
	control_read_text(visit, "shown", WORD_o_shown_missing, OFFICE_NAME_MAX, &changed.shown);
	changed.language = strcmp(visit_field(visit, "language"), "cy") == 0 ? "cy" : "en";
	changed.version = (uint32_t) strtoul(visit_field(visit, "version"), NULL, 10);
	enum err error = visit_is_wrong(visit) ? ERR_OK : office_account_change(visit->office, &changed);
	if (error == ERR_CONFLICT)
		error = change_anyway(visit, &changed);
	if (error && error != ERR_INVALID) {
		visit_failed(visit, error);
		return;
	}
	if (error)
		visit_wrong(visit, "shown", visit_words(visit, WORD_o_shown_missing));
	if (visit_is_wrong(visit))
		show(visit, 422, changed.shown, changed.language);
	else
		visit_go(visit, "/account", (int) WORD_o_done_account);
}

/* The old password again, since whoever finds a browser open could change it otherwise. */
static int check_old(struct visit *visit)
{
	const char *old = visit_secret(visit, "old");
	if (!*old) {
		visit_wrong(visit, "old", visit_words(visit, WORD_o_prove_password_missing));
		return 422;
	}
	int64_t wait_s = 0;
	enum proof proof = proof_password(visit, visit->account->name, visit->account, old, &wait_s);
	if (proof == PROOF_RIGHT)
		return 0;
	if (proof != PROOF_WRONG)
		return proof_trouble(visit, proof, wait_s);
	visit_wrong(visit, "old", visit_words(visit, WORD_o_prove_password_wrong));
	return 422;
}

static void save_password(struct visit *visit)
{
	const struct office_account *account = visit->account;
	const char *password = new_password_read(visit, "password", account->name, account->shown);
	int status = password ? check_old(visit) : 422;
	char hash[PASSWORD_HASH_TEXT];
	if (status == 0 && !new_password_hash(visit, password, hash, &status)) {
		show(visit, status, account->shown, account->language);
		return;
	}
	if (status != 0) {
		show(visit, status, account->shown, account->language);
		return;
	}
	uint8_t keep[TOKEN_HASH_BYTES];
	token_hash(visit->token, keep);
	enum err error = office_password_set(visit->office, account->id, hash, keep);
	if (!error)
		error = session_renew(visit, SESSION_FULL);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, "/account", (int) WORD_o_done_password);
}

void account_post(struct visit *visit)
{
	if (strcmp(visit_field(visit, "what"), "password") == 0)
		save_password(visit);
	else
		save_names(visit);
}

void session_end_post(struct visit *visit)
{
	int64_t id = strtoll(visit->part[0], NULL, 10);
	enum err error = office_session_end_id(visit->office, visit->account->id, id);
	if (error && error != ERR_NOT_FOUND) /* it may just have ended by itself */
		visit_failed(visit, error);
	else
		visit_go(visit, "/account", (int) WORD_o_done_session_end);
}

static void show_prove(struct visit *visit, int status)
{
	visit_frame(visit, WORD_o_prove_title, "");
	struct page_code model = {.page = visit->page,
				  .action = onward_by(visit, "/prove"),
				  .asks_password = true,
				  .asks_code = visit->account->has_totp};
	model.password = control_password(visit, "password", WORD_o_password, CONTROL_NO_HINT, "current-password");
	model.code = control_text(visit, "code", WORD_o_code, WORD_o_code_hint, "");
	model.code.autocomplete = "one-time-code";
	model.code.width = 20;
	visit_print(visit, status, organiser_prove_html, &model);
}

void prove_page(struct visit *visit)
{
	show_prove(visit, 200);
}

/* 0: both are right; else the page's status, with what is wrong noted. */
static int check_both(struct visit *visit)
{
	const char *password = visit_secret(visit, "password"), *code = visit_field(visit, "code");
	bool asks_code = visit->account->has_totp;
	if (!*password)
		visit_wrong(visit, "password", visit_words(visit, WORD_o_prove_password_missing));
	if (asks_code && !*code)
		visit_wrong(visit, "code", visit_words(visit, WORD_o_code_missing));
	if (visit_is_wrong(visit))
		return 422;
	int64_t wait_s = 0;
	enum proof proof = proof_password(visit, visit->account->name, visit->account, password, &wait_s);
	if (proof == PROOF_WRONG)
		visit_wrong(visit, "password", visit_words(visit, WORD_o_prove_password_wrong));
	bool is_recovery = false;
	if (proof == PROOF_RIGHT && asks_code) {
		proof = proof_code(visit, visit->account, code, &wait_s, &is_recovery);
		if (proof == PROOF_WRONG || proof == PROOF_USED)
			visit_wrong(visit, "code",
				    visit_words(visit, proof == PROOF_USED ? WORD_o_code_used : WORD_o_code_wrong));
	}
	if (proof == PROOF_RIGHT)
		return 0;
	return visit_is_wrong(visit) ? 422 : proof_trouble(visit, proof, wait_s);
}

void prove_post(struct visit *visit)
{
	int status = check_both(visit);
	if (status) {
		show_prove(visit, status);
		return;
	}
	enum err error = session_renew(visit, SESSION_FULL);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, onward_to(visit), -1);
}
