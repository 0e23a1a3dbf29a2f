/* SPDX-License-Identifier: MIT */
/* pages_sign_in.c: name and password, then the code, and the way out.
 *
 * Whoever asks learns nothing of which names there are: the same words, after the same time, count against the same limits (OWASP ASVS 5.0,
 * 6.3.8). Nobody is locked out: tries wait, for minutes only by the address they come from (proofs.c). */
#include "controls.h"
#include "onward.h"
#include "proofs.h"
#include "routes.h"
#include "session.h"
#include "pages/organiser/code.h"
#include "pages/organiser/sign_in.h"

#include "lib/view/organiser_accounts.h"

#include <ctype.h>

static void show_sign_in(struct visit *visit, int status, const char *name)
{
	enum err error = session_form(visit);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	visit_frame(visit, WORD_o_sign_in_title, "");
	struct page_sign_in model = {.page = visit->page, .action = onward_by(visit, "/sign-in")};
	model.name = control_text(visit, "name", WORD_o_name, CONTROL_NO_HINT, name);
	model.name.autocomplete = "username";
	model.name.inputmode = "email";
	model.password = control_password(visit, "password", WORD_o_password, CONTROL_NO_HINT, "current-password");
	visit_print(visit, status, organiser_sign_in_html, &model);
}

void sign_in_page(struct visit *visit)
{
	if (session_is_whole(visit))
		visit_go(visit, onward_to(visit), -1);
	else
		show_sign_in(visit, 200, "");
}

/* Names are kept in lower case. */
static const char *typed_name(const struct visit *visit)
{
	char *name = arena_strdup(visit->arena, visit_field(visit, "name"));
	for (char *at = name; at && *at; at++)
		*at = (char) tolower((unsigned char) *at);
	return name ? name : "";
}

static void begin(struct visit *visit, const struct office_account *account)
{
	enum err error = session_begin(visit, account->id, account->has_totp ? SESSION_PASSWORD : SESSION_FULL);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, account->has_totp ? onward_by(visit, "/code").url : onward_to(visit), -1);
}

void sign_in_post(struct visit *visit)
{
	const char *name = typed_name(visit), *password = visit_secret(visit, "password");
	if (!*name)
		visit_wrong(visit, "name", visit_words(visit, WORD_o_sign_in_name_missing));
	if (!*password)
		visit_wrong(visit, "password", visit_words(visit, WORD_o_sign_in_password_missing));
	if (visit_is_wrong(visit)) {
		show_sign_in(visit, 422, name);
		return;
	}
	struct office_account *account = NULL;
	enum err error = office_account_named(visit->office, name, visit->arena, &account);
	if (error && error != ERR_NOT_FOUND && error != ERR_INVALID) {
		visit_failed(visit, error);
		return;
	}
	int64_t wait_s = 0;
	enum proof proof = proof_password(visit, name, account, password, &wait_s);
	if (proof == PROOF_RIGHT) {
		begin(visit, account);
		return;
	}
	int status = 422;
	if (proof == PROOF_WRONG)
		visit_wrong(visit, "name", visit_words(visit, WORD_o_sign_in_wrong));
	else
		status = proof_trouble(visit, proof, wait_s);
	show_sign_in(visit, status, name);
}

static void show_code(struct visit *visit, int status)
{
	visit_frame(visit, WORD_o_code_title, "");
	struct page_code model = {.page = visit->page, .action = onward_by(visit, "/code"), .asks_code = true};
	model.code = control_text(visit, "code", WORD_o_code, WORD_o_code_hint, "");
	model.code.autocomplete = "one-time-code";
	model.code.width = 20;
	visit_print(visit, status, organiser_code_html, &model);
}

/* False, and sent on: nobody is in the middle of signing in. */
static bool is_halfway(struct visit *visit)
{
	if (visit->session && visit->session->stage == SESSION_PASSWORD)
		return true;
	visit_go(visit, visit->session ? onward_to(visit) : "/sign-in", -1);
	return false;
}

void code_page(struct visit *visit)
{
	if (is_halfway(visit))
		show_code(visit, 200);
}

void code_post(struct visit *visit)
{
	if (!is_halfway(visit))
		return;
	const char *typed = visit_field(visit, "code");
	if (!*typed) {
		visit_wrong(visit, "code", visit_words(visit, WORD_o_code_missing));
		show_code(visit, 422);
		return;
	}
	int64_t wait_s = 0;
	bool is_recovery = false;
	enum proof proof = proof_code(visit, visit->account, typed, &wait_s, &is_recovery);
	if (proof == PROOF_RIGHT) {
		enum err error = session_renew(visit, SESSION_FULL);
		if (error)
			visit_failed(visit, error);
		else if (is_recovery)
			visit_go(visit, "/account", (int) WORD_o_done_recovery);
		else
			visit_go(visit, onward_to(visit), -1);
		return;
	}
	int status = 422;
	if (proof == PROOF_WRONG || proof == PROOF_USED)
		visit_wrong(visit, "code",
			    visit_words(visit, proof == PROOF_USED ? WORD_o_code_used : WORD_o_code_wrong));
	else
		status = proof_trouble(visit, proof, wait_s);
	show_code(visit, status);
}

void sign_out_post(struct visit *visit)
{
	enum err error = session_end(visit);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, "/sign-in", (int) WORD_o_done_signed_out);
}
