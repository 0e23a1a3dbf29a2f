/* SPDX-License-Identifier: MIT */
/* pages_sign_in.c: name and password, then the code, and the way out.
 *
 * Whoever asks learns nothing of which names there are: the same words, after the same time, count against the same limits (OWASP ASVS 5.0,
 * 6.3.8). Nobody is locked out: after three failures each try waits, at most 15 minutes. */
#include "session.h"

#include "app.h"
#include "controls.h"
#include "routes.h"
#include "pages/organiser/sign_in.h"

void sign_in_page(struct visit *visit)
{
	if (session_is_whole(visit)) {
		visit_go(visit, "/", -1);
		return;
	}
	visit_frame(visit, WORD_o_sign_in_title, "");
	struct page_sign_in model = {.page = visit->page, .action = view_url("/sign-in")};
	model.name = control_text(visit, "name", WORD_o_name, CONTROL_NO_HINT, "");
	model.name.autocomplete = "username";
	model.name.inputmode = "email";
	model.password = control_password(visit, "password", WORD_o_password, CONTROL_NO_HINT, "current-password");
	CLEANUP_STRBUF struct strbuf body;
	strbuf_init(&body, VISIT_HTML_MAX);
	organiser_sign_in_html(&body, visit->t, &model);
	visit_page(visit, 200, &body);
}
