/* SPDX-License-Identifier: MIT */
/* pages_enrol.c: setting up the second step: an authenticator, its first code, and recovery codes, which are shown once.
 *
 * Until its first code has come the secret is nowhere but in the browser: it is derived from the session's token, which the office knows only as a
 * hash. So looking at the page writes nothing, and a page that is left leaves nothing. */
#include "app.h"
#include "controls.h"
#include "onward.h"
#include "proofs.h"
#include "routes.h"
#include "session.h"
#include "pages/organiser/codes.h"
#include "pages/organiser/enrol.h"

#include "lib/account/totp.h"
#include "lib/print/qr.h"
#include "lib/view/organiser_accounts.h"

#include <string.h>

_Static_assert((int) TOTP_BYTES == (int) OFFICE_TOTP_BYTES &&
		       (int) TOTP_RECOVERY_CODES == (int) OFFICE_RECOVERY_CODES &&
		       (int) TOTP_HASH_BYTES == (int) OFFICE_HASH_BYTES,
	       "what is made is what the office keeps");

static void derive(const struct visit *visit, uint8_t secret[TOTP_BYTES])
{
	uint8_t bytes[TOKEN_HASH_BYTES];
	token_derive(visit->token, "soundings/totp/1", bytes);
	memcpy(secret, bytes, TOTP_BYTES);
	keys_wipe(bytes, sizeof bytes);
}

/* What the authenticator lists it as. */
static const char *issuer(const struct visit *visit)
{
	const char *name =
		arena_printf(visit->arena, "Soundings %s", visit_text(visit, &visit->organisation->short_name));
	return name ? name : "Soundings";
}

static const char *grouped(const struct visit *visit, const char text[TOTP_SECRET_TEXT])
{
	char out[TOTP_SECRET_TEXT + TOTP_SECRET_TEXT / 4];
	size_t used = 0;
	for (size_t i = 0; text[i]; i++) {
		if (i > 0 && i % 4 == 0)
			out[used++] = ' ';
		out[used++] = text[i];
	}
	out[used] = '\0';
	const char *copy = arena_strdup(visit->arena, out);
	keys_wipe(out, sizeof out);
	return copy ? copy : "";
}

static void show(struct visit *visit, int status)
{
	uint8_t secret[TOTP_BYTES];
	char text[TOTP_SECRET_TEXT];
	derive(visit, secret);
	totp_secret_text(secret, text);
	visit_frame(visit, WORD_o_enrol_title, "/account");
	struct page_enrol model = {
		.page = visit->page,
		.action = onward_by(visit, "/enrol"),
		.is_again = visit->account->has_totp,
		.image = view_url("/enrol/code.svg"),
		.secret = grouped(visit, text),
		.issuer = issuer(visit),
		.is_first_step = may_everywhere(visit->account, ACT_ACCOUNTS),
	};
	if (visit->app->is_local && !visit->account->has_totp)
		model.later_url = view_url("/");
	keys_wipe(secret, sizeof secret);
	keys_wipe(text, sizeof text);
	model.code = control_text(visit, "code", WORD_o_code, WORD_o_enrol_code_hint, "");
	model.code.autocomplete = "one-time-code";
	model.code.inputmode = "numeric";
	model.code.width = 10;
	visit_print(visit, status, organiser_enrol_html, &model);
}

void enrol_page(struct visit *visit)
{
	show(visit, 200);
}

void enrol_code_image(struct visit *visit)
{
	uint8_t secret[TOTP_BYTES];
	derive(visit, secret);
	const char *address = totp_address(secret, issuer(visit), visit->account->name, visit->arena);
	keys_wipe(secret, sizeof secret);
	CLEANUP_STRBUF struct strbuf image;
	strbuf_init(&image, VISIT_HTML_MAX);
	enum err error = address ? qr_draw_any(address, &image) : ERR_NOMEM;
	if (error)
		visit_failed(visit, error);
	else
		visit_file(visit, "image/svg+xml", "code.svg", true, strbuf_text(&image), image.length);
}

/* Keeps SECRET, of which STEP was just used, with ten fresh codes, or the codes alone (SECRET NULL), and shows these. They stand in no address and in no store as they are, so there is no page to go to: the answer
 * to the POST is the only one that has them. */
static void keep(struct visit *visit, const uint8_t *secret, int64_t step)
{
	struct totp_recovery recovery;
	totp_recovery_new(&recovery);
	const uint8_t(*hashes)[TOTP_HASH_BYTES] = (const uint8_t(*)[TOTP_HASH_BYTES]) recovery.hash;
	int64_t id = visit->account->id;
	/* The session first: nothing that may fail comes between the codes and the page that shows them. */
	enum err error = session_renew(visit, SESSION_FULL);
	if (!error)
		error = secret ? office_totp_set(visit->office, id, secret, step, hashes)
			       : office_recovery_set(visit->office, id, hashes);
	const char *codes[TOTP_RECOVERY_CODES];
	for (size_t i = 0; i < TOTP_RECOVERY_CODES; i++)
		codes[i] = arena_strdup(visit->arena, recovery.text[i]);
	keys_wipe(&recovery, sizeof recovery);
	if (error) {
		visit_failed(visit, error);
		return;
	}
	visit_frame(visit, WORD_o_codes_title, "/account");
	const struct page_codes model = {.page = visit->page, .codes = codes, .codes_count = TOTP_RECOVERY_CODES};
	visit_print(visit, 200, organiser_codes_html, &model);
}

void enrol_post(struct visit *visit)
{
	const char *typed = visit_field(visit, "code");
	uint8_t secret[TOTP_BYTES];
	int64_t step = 0;
	derive(visit, secret);
	if (!*typed)
		visit_wrong(visit, "code", visit_words(visit, WORD_o_code_missing));
	else if (!totp_is_right(secret, typed, visit->now_s, &step))
		visit_wrong(visit, "code", visit_words(visit, WORD_o_code_wrong));
	if (visit_is_wrong(visit))
		show(visit, 422);
	else
		keep(visit, secret, step);
	keys_wipe(secret, sizeof secret);
}

void recovery_codes_post(struct visit *visit)
{
	if (visit->account->has_totp)
		keep(visit, NULL, 0);
	else
		visit_go(visit, "/enrol", -1);
}
