/* SPDX-License-Identifier: MIT */
/* new_password.c: which passwords are taken, in the page's words. */
#include "new_password.h"

#include "app.h"
#include "proofs.h"

const char *new_password_read(struct visit *visit, const char *field, const char *name, const char *shown)
{
	const char *password = visit_secret(visit, field);
	if (!*password) {
		visit_wrong(visit, field, visit_words(visit, WORD_o_password_missing));
		return NULL;
	}
	const struct organisation *organisation = visit->organisation;
	const char *context[] = {name,
				 shown,
				 visit_text(visit, &organisation->name),
				 visit_text(visit, &organisation->short_name),
				 organisation_text(organisation, "en", &organisation->name),
				 "Soundings"};
	const enum word words[PASSWORD_FLAW_COUNT] = {
		[PASSWORD_SHORT] = WORD_o_password_short,
		[PASSWORD_LONG] = WORD_o_password_long,
		[PASSWORD_COMMON] = WORD_o_password_common,
		[PASSWORD_OF_CONTEXT] = WORD_o_password_context,
	};
	enum password_flaw flaw = password_flaw(password, context, sizeof context / sizeof context[0]);
	if (flaw == PASSWORD_FINE)
		return password;
	visit_wrong(visit, field, visit_words(visit, words[flaw]));
	return NULL;
}

bool new_password_hash(struct visit *visit, const char *password, char out[PASSWORD_HASH_TEXT], int *status)
{
	enum err error = password_hash(visit->app->gate, password, out);
	if (error)
		*status = proof_trouble(visit, error == ERR_BUSY ? PROOF_BUSY : PROOF_FAILED, 0);
	return !error;
}
