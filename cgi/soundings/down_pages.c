/* SPDX-License-Identifier: MIT */
/* down_pages.c: the same templates and strings as everywhere, printed to files that need no program to be served. */
#include "down_pages.h"

#include "lib/base/file.h"
#include "lib/base/strbuf.h"
#include "lib/view/pages.h"
#include "pages/intake/down.h"
#include "static_names.h"

#include <fcntl.h>
#include <string.h>
#include <sysexits.h>

enum { PAGE_MAX_BYTES = 1024 * 1024 };

struct down_page {
	const char *file;
	enum word title, body, again;
};

static const struct down_page down_pages[] = {
	{"pages/not-saved.html", WORD_not_saved_title, WORD_not_saved_reload, WORD_not_saved_once},
	{"pages/too-many.html", WORD_too_many_title, WORD_too_many_text, WORD_not_saved_once},
	{"pages/too-many-receipts.html", WORD_too_many_receipts_title, WORD_too_many_receipts_text,
	 WORD_withdraw_twice},
	{"pages/too-large.html", WORD_too_large_title, WORD_too_large_text, WORD_COUNT},
	{"pages/refused.html", WORD_refused_title, WORD_refused_text, WORD_COUNT},
	{"pages/not-found.html", WORD_not_found_title, WORD_not_found_text, WORD_COUNT},
	{"pages/team-down.html", WORD_team_down_title, WORD_team_down_text, WORD_team_down_again},
	{"pages/staff-down.html", WORD_staff_down_title, WORD_staff_down_text, WORD_staff_down_again},
};

static enum err write_one(struct instance *instance, const struct words_set *set, const struct down_page *page)
{
	struct page_down_part *parts = arena_array(&instance->arena, set->count, struct page_down_part);
	if (!parts)
		return ERR_NOMEM;
	struct page_down model = {.parts = parts};
	for (size_t i = 0; i < set->count; i++) {
		const struct words *words = &set->list[i];
		if (strstr(words->language, "-x-")) /* Easy Read people read the plain face of these few words */
			continue;
		parts[model.parts_count++] = (struct page_down_part){
			.lang = words->language,
			.dir = words->is_rtl ? "rtl" : "ltr",
			.title = words->of[page->title],
			.body = words->of[page->body],
			.again = page->again == WORD_COUNT ? NULL : words->of[page->again],
		};
	}
	model.page = (struct page_frame){
		.lang = "en",
		.dir = "ltr",
		.variant = "",
		.title = set->list[0].of[page->title],
		.heading = "",
		.css = {STATIC_SITE_CSS},
		.rare_css = {STATIC_RARE_CSS},
		.js = {""},
		.icon = {STATIC_ICON_SVG},
		.home_url = {"/"},
		.help_url = {"/help"},
		.withdraw_url = {"/withdraw"},
		.privacy_url = {"/privacy"},
		.accessibility_url = {"/accessibility"},
		.cookies_url = {"/cookies"},
	};
	CLEANUP_STRBUF struct strbuf html;
	strbuf_init(&html, PAGE_MAX_BYTES);
	intake_down_html(&html, &set->list[0], &model);
	enum err error = strbuf_error(&html);
	return error ? error
		     : file_write(AT_FDCWD, instance_path(instance, page->file), strbuf_text(&html), html.length, 0644);
}

int down_pages_write(struct instance *instance, const struct words_set *set)
{
	enum err error = file_make_dir(AT_FDCWD, instance_path(instance, "pages"), 0755);
	for (size_t i = 0; !error && i < sizeof down_pages / sizeof down_pages[0]; i++)
		error = write_one(instance, set, &down_pages[i]);
	return error ? complain_err(error, "nginx's own pages could not be written") : EX_OK;
}
