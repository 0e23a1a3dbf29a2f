/* SPDX-License-Identifier: MIT */
/* withdraw_pages_test.c: what the pages for taking answers back print of their models, in every shipped language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/view/pages.h"
#include "pages/intake/withdraw.h"
#include "pages/intake/withdrawn.h"

enum { HTML_MAX = 1 << 20 };

static struct arena arena;
static struct words_set set;

static int load(void **state)
{
	(void) state;
	struct problems problems;
	arena_init(&arena, 8 << 20);
	problems_init(&problems, &arena);
	return words_load("forms/strings", &arena, &set, &problems) != ERR_OK || set.count < 3;
}

static int unload(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

static struct page_frame frame(const struct words *words, const char *dir)
{
	return (struct page_frame){
		.lang = words->language,
		.dir = dir,
		.variant = "",
		.title = words->of[WORD_withdraw_title],
		.heading = "",
		.has_exit = true,
		.exit_url = {"https://weather.example"},
		.css = {"/static/site.css"},
		.js = {"/static/form.js"},
		.icon = {"/static/icon.svg"},
		.home_url = {"/"},
		.help_url = {"/help"},
		.withdraw_url = {"/withdraw"},
		.privacy_url = {"/privacy"},
		.accessibility_url = {"/accessibility"},
		.cookies_url = {"/cookies"},
	};
}

struct row {
	const char *name;
	const char *typed, *error;
	bool is_not_saved;
	const char *has[4], *has_not[4]; /* parts of the page */
};

static const struct row rows[] = {
	{"fresh",
	 "",
	 NULL,
	 false,
	 {"<form class=\"code code--receipt\" method=\"post\" action=\"/withdraw/EN\"", "value=\"\"",
	  "aria-describedby=\"receipt-hint\"", "https://weather.example"},
	 {"error-summary", "not-saved", "receipt-error"}},
	{"a mistake",
	 "K7QX \"<b>'&",
	 "Look <again>",
	 false,
	 {"value=\"K7QX &#34;&lt;b&gt;&#39;&amp;\"", "<a href=\"#receipt\">Look &lt;again&gt;</a>",
	  "aria-describedby=\"receipt-hint receipt-error\"", "id=\"receipt-error\""},
	 {"not-saved", "<b>", "<again>"}},
	{"not saved",
	 "K7QX 9M2T 4WRB 6HD3 K",
	 NULL,
	 true,
	 {"class=\"not-saved\" role=\"alert\"", "value=\"K7QX 9M2T 4WRB 6HD3 K\"", "autocomplete=\"off\"",
	  "dir=\"ltr\" autocomplete=\"off\""},
	 {"error-summary", "receipt-error"}},
};

static void the_field(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct page_withdraw model = {
			.page = frame(&set.list[0], "ltr"),
			.action = {"/withdraw/EN"},
			.typed = row->typed,
			.error = row->error,
			.is_not_saved = row->is_not_saved,
		};
		model.page.has_errors = row->error != NULL;
		CLEANUP_STRBUF struct strbuf html;
		strbuf_init(&html, HTML_MAX);
		intake_withdraw_html(&html, &set.list[0], &model);
		assert_int_equal(strbuf_error(&html), ERR_OK);
		for (size_t k = 0; k < 4; k++) {
			if (row->has[k] && !strstr(strbuf_text(&html), row->has[k]))
				fail_msg("%s: no %s in %s", row->name, row->has[k], strbuf_text(&html));
			if (row->has_not[k] && strstr(strbuf_text(&html), row->has_not[k]))
				fail_msg("%s: %s stands there", row->name, row->has_not[k]);
		}
	}
}

/* Every language says until when, how long copies last, and what becomes of it; in its own words, left to right or not. */
static void the_answer(void **state)
{
	(void) state;
	static const enum word said[] = {WORD_withdrawn_title, WORD_withdrawn_text, WORD_withdrawn_when,
					 WORD_withdraw_copies, WORD_withdrawn_late, WORD_withdraw_too_late,
					 WORD_withdrawn_same};
	static const struct page_helpline line = {.title = "Somebody", .number = "000 111"};
	for (size_t i = 0; i < set.count; i++) {
		const struct words *words = &set.list[i];
		struct page_withdrawn model = {
			.page = frame(words, i % 2 ? "rtl" : "ltr"), .helplines = &line, .helplines_count = 1};
		CLEANUP_STRBUF struct strbuf html;
		strbuf_init(&html, HTML_MAX);
		intake_withdrawn_html(&html, words, &model);
		assert_int_equal(strbuf_error(&html), ERR_OK);
		for (size_t k = 0; k < sizeof said / sizeof said[0]; k++)
			if (!strstr(strbuf_text(&html), words->of[said[k]]))
				fail_msg("%s: no %s", words->language, word_names[said[k]]);
		if (i > 0)
			assert_string_not_equal(words->of[WORD_withdrawn_text], set.list[0].of[WORD_withdrawn_text]);
		assert_non_null(strstr(strbuf_text(&html), i % 2 ? "dir=\"rtl\"" : "dir=\"ltr\""));
		assert_non_null(strstr(strbuf_text(&html), "000 111"));
		assert_null(strstr(strbuf_text(&html), "<form"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_field),
		cmocka_unit_test(the_answer),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
