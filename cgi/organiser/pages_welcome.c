/* SPDX-License-Identifier: MIT */
/* pages_welcome.c: behind a one-time address: the first administrator, an invitation, a new password. Looking at the page uses nothing up: programs
 * that look at addresses before people do would have used it. A second step that was set up stays (OWASP ASVS 5.0, 6.4.3). */
#include "controls.h"
#include "new_password.h"
#include "routes.h"
#include "session.h"
#include "pages/organiser/welcome.h"

#include "lib/account/token.h"
#include "lib/view/organiser_accounts.h"

#include <ctype.h>
#include <string.h>

/* What the address is for. */
struct welcome {
	uint8_t hash[TOKEN_HASH_BYTES];
	struct office_one_time what;
	struct office_account *account; /* NULL: the first is yet to be made */
	const char *shown, *name;       /* of the first: as typed */
};

/* False, and answered: the address is of no use (any more). */
static bool look_up(struct visit *visit, struct welcome *welcome)
{
	*welcome = (struct welcome){.shown = "", .name = ""};
	enum err error = token_is_shaped(visit->part[0]) ? ERR_OK : ERR_NOT_FOUND;
	if (!error) {
		token_hash(visit->part[0], welcome->hash);
		error = office_one_time_get(visit->office, welcome->hash, visit->now_s, &welcome->what);
	}
	if (!error && welcome->what.purpose != ADDRESS_FIRST)
		error = office_account_get(visit->office, welcome->what.account, visit->arena, &welcome->account);
	if (error == ERR_NOT_FOUND)
		visit_say(visit, 404, WORD_o_welcome_gone_title, WORD_o_welcome_gone_text);
	else if (error)
		visit_failed(visit, error);
	return !error;
}

static void show(struct visit *visit, int status, const struct welcome *welcome)
{
	enum err error = session_form(visit);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	const struct office_account *account = welcome->account;
	bool is_first = !account, is_reset = welcome->what.purpose == ADDRESS_RESET;
	struct page_welcome model = {.is_first = is_first, .username = account ? account->name : ""};
	if (is_first) {
		model.title = visit_words(visit, WORD_o_welcome_first_title);
		model.text = visit_words(visit, WORD_o_welcome_first_text);
	} else {
		model.title = visit_words_with(visit, is_reset ? WORD_o_reset_title : WORD_o_welcome_title, "name",
					       account->shown);
		model.text = is_reset ? visit_words(visit, WORD_o_reset_text)
				      : visit_words_with(visit, WORD_o_welcome_text, "name", account->name);
	}
	visit_frame_text(visit, model.title, "");
	model.page = visit->page;
	const char *lang = visit_query(visit, "lang");
	model.action = visit_url(visit, "%s%s", visit->request->path,
				 strcmp(lang, "cy") == 0   ? "?lang=cy"
				 : strcmp(lang, "en") == 0 ? "?lang=en"
							   : "");
	model.shown = control_text(visit, "shown", WORD_o_shown, WORD_o_shown_hint, welcome->shown);
	model.shown.autocomplete = "name";
	model.name = control_text(visit, "name", WORD_o_name, WORD_o_name_hint, welcome->name);
	model.name.autocomplete = "username";
	model.name.inputmode = "email";
	model.password = control_password(visit, "password", WORD_o_password_new, WORD_o_password_hint, "new-password");
	visit_print(visit, status, organiser_welcome_html, &model);
}

void welcome_page(struct visit *visit)
{
	struct welcome welcome;
	if (!look_up(visit, &welcome))
		return;
	if (welcome.account) /* an invitation speaks the language it was made in, until another is asked for */
		if (!*visit_query(visit, "lang") && !visit->account)
			visit->t = words_for(visit_languages(visit), welcome.account->language);
	show(visit, 200, &welcome);
}

/* The names of the first administrator; mistakes are noted. */
static void read_names(struct visit *visit, struct welcome *welcome)
{
	control_read_text(visit, "shown", WORD_o_shown_missing, OFFICE_NAME_MAX, &welcome->shown);
	const char *typed = NULL;
	control_read_text(visit, "name", WORD_o_name_missing, OFFICE_NAME_MAX, &typed);
	char *name = arena_strdup(visit->arena, typed);
	for (char *at = name; at && *at; at++)
		*at = (char) tolower((unsigned char) *at);
	welcome->name = name ? name : "";
}

/* The address is used up, and whoever used it signed in as far as their second step lets them. */
static void take(struct visit *visit, struct welcome *welcome, const char *hash)
{
	const struct office_account first = {.name = welcome->name,
					     .shown = welcome->shown,
					     .role = ACCOUNT_ADMINISTRATOR,
					     .language = visit->t->language};
	bool is_first = !welcome->account;
	int64_t id = 0;
	enum err error =
		office_one_time_take(visit->office, welcome->hash, visit->now_s, is_first ? &first : NULL, hash, &id);
	if (error == ERR_INVALID && is_first) {
		visit_wrong(visit, "name", visit_words(visit, WORD_o_name_wrong));
		show(visit, 422, welcome);
		return;
	}
	if (error == ERR_NOT_FOUND) {
		visit_say(visit, 404, WORD_o_welcome_gone_title, WORD_o_welcome_gone_text);
		return;
	}
	bool has_totp = welcome->account && welcome->account->has_totp;
	if (!error)
		error = session_begin(visit, id, has_totp ? SESSION_PASSWORD : SESSION_FULL);
	if (error)
		visit_failed(visit, error);
	else
		visit_go(visit, has_totp ? "/code" : "/enrol", -1);
}

void welcome_post(struct visit *visit)
{
	struct welcome welcome;
	if (!look_up(visit, &welcome))
		return;
	if (!welcome.account)
		read_names(visit, &welcome);
	const struct office_account *account = welcome.account;
	const char *password = new_password_read(visit, "password", account ? account->name : welcome.name,
						 account ? account->shown : welcome.shown);
	if (visit_is_wrong(visit)) {
		show(visit, 422, &welcome);
		return;
	}
	char hash[PASSWORD_HASH_TEXT];
	int status = 500;
	if (new_password_hash(visit, password, hash, &status))
		take(visit, &welcome, hash);
	else
		show(visit, status, &welcome);
}
