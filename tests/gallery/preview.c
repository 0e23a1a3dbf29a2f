/* SPDX-License-Identifier: MIT */
/* preview.c: every page that a person can see, in every state, as static files to look at and to scan.
 *
 * `preview OUT` fills the page models of lib/view/pages.h with fixtures and writes OUT/LANG/STATE.html. It touches no
 * catalogue and no form: what it shows is what the templates make of their models, and nothing else. */
#include "fixtures.h"

#include "pages/intake/chooser.h"
#include "pages/intake/down.h"
#include "pages/intake/form.h"
#include "pages/intake/message.h"
#include "pages/intake/notice.h"
#include "pages/intake/thanks.h"
#include "pages/intake/withdraw.h"
#include "pages/intake/withdrawn.h"
#include "static_names.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ARENA_MAX = 64 << 20, HTML_MAX = 4 << 20 };

static const struct {
	const char *folder, *tag, *lang, *dir, *variant;
} tongues[FIXTURE_TONGUE_COUNT] = {
	[FIXTURE_ENGLISH] = {"en", "en", "en", "ltr", ""},
	[FIXTURE_WELSH] = {"cy", "cy", "cy", "ltr", ""},
	[FIXTURE_EASY] = {"easy", "en-x-easy", "en", "ltr", "easy"},
	[FIXTURE_RTL] = {"rtl", "ar", "ar", "rtl", ""},
};

static const char *out_folder;

static void write_file(const struct fixture *fixture, const char *name, struct strbuf *html)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", out_folder, tongues[fixture->tongue].folder);
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		perror(path);
	snprintf(path, sizeof path, "%s/%s/%s.html", out_folder, tongues[fixture->tongue].folder, name);
	FILE *file = fopen(path, "w");
	if (!file || strbuf_error(html) || fwrite(html->data, 1, html->length, file) != html->length ||
	    fclose(file) != 0) {
		perror(path);
		exit(1);
	}
	strbuf_fini(html);
}

static const struct page_language *languages(const struct fixture *fixture, size_t *count)
{
	static const char *const names[FIXTURE_TONGUE_COUNT] = {"English", "Cymraeg", "Easy Read", "العربية"};
	struct page_language *list = arena_array(fixture->arena, FIXTURE_TONGUE_COUNT, struct page_language);
	assert(list);
	for (int i = 0; i < FIXTURE_TONGUE_COUNT; i++)
		list[i] = (struct page_language){
			.tag = tongues[i].tag,
			.name = names[i],
			.lang = tongues[i].lang,
			.dir = tongues[i].dir,
			.url = view_url(arena_printf(fixture->arena, "/%s/form.html", tongues[i].folder)),
			.is_current = i == (int) fixture->tongue,
		};
	*count = FIXTURE_TONGUE_COUNT;
	return list;
}

static struct page_frame frame(const struct fixture *fixture, const char *title)
{
	struct page_frame page = {
		.lang = tongues[fixture->tongue].lang,
		.dir = tongues[fixture->tongue].dir,
		.variant = tongues[fixture->tongue].variant,
		.title = title,
		.heading = fixture_text(fixture, "Tell us about today", "Dywedwch wrthym am heddiw"),
		.exit_url = {"https://www.bbc.co.uk/weather"},
		.css = {STATIC_SITE_CSS},
		.js = {""},
		.icon = {STATIC_ICON_SVG},
		.home_url = {"/"},
		.help_url = {"/en/help.html"},
		.withdraw_url = {"/en/withdraw.html"},
		.privacy_url = {"/en/notice.html"},
		.accessibility_url = {"/en/notice.html"},
		.cookies_url = {"/en/notice.html"},
	};
	page.languages = languages(fixture, &page.languages_count);
	return page;
}

static struct page_thanks thanks_model(const struct fixture *fixture, bool is_on_request)
{
	struct page_thanks model = {
		.page = frame(fixture, fixture->words->of[WORD_thanks_title]),
		.event_title = is_on_request ? ""
					     : fixture_text(fixture, "Community Conversation, Slough",
							    "Sgwrs Gymunedol, Slough"),
		.again_url = {"form.html"},
		.receipt = "K7QX 9M2T 4WRB 6HD3 5",
		.receipt_on_request = is_on_request,
		.deleted_on = fixture_text(fixture, "8 March 2029", "8 Mawrth 2029"),
	};
	model.again_url = view_url(arena_printf(fixture->arena, "/%s/form.html", tongues[fixture->tongue].folder));
	model.page.languages_count = 0;
	model.page.has_exit = is_on_request;
	model.stored = fixture_stored(fixture, &model.stored_count);
	model.helplines = fixture_helplines(fixture, false, &model.helplines_count);
	return model;
}

/* The states of the form. */
static const struct form_state {
	const char *name;
	struct fixture_state state;
	bool is_not_saved, has_exit, is_practice, is_draft;
	const char *at;
} form_states[] = {
	{"form", {false, false}, false, false, false, false, ""},
	{"form-exit", {false, false}, false, true, false, false, ""},
	{"form-practice", {false, false}, false, false, true, true, ""},
	{"form-filled", {true, false}, false, false, false, false, "question-learned"},
	{"form-errors", {true, true}, false, false, false, false, ""},
	{"form-not-saved", {true, false}, true, false, true, false, ""},
};

static void preview_form(const struct fixture *fixture, const struct form_state *state)
{
	struct page_form form = {
		.page = frame(fixture, fixture_text(fixture, "Tell us about today", "Dywedwch wrthym am heddiw")),
		.action = {arena_printf(fixture->arena, "/%s/%s.html", tongues[fixture->tongue].folder, state->name)},
		.event_title = state->has_exit ? ""
					       : fixture_text(fixture, "Community Conversation, Slough",
							      "Sgwrs Gymunedol, Slough"),
		.event_place = fixture_text(fixture, "Chalvey Community Centre", "Canolfan Gymunedol Chalvey"),
		.event_date = fixture_text(fixture, "8 March 2027", "8 Mawrth 2027"),
		.time = fixture_text(fixture, "3 minutes", "3 munud"),
		.nonce = "0123456789abcdef0123456789abcdef01234567",
		.version = 3,
		.edit = state->state.has_mistakes || state->is_not_saved,
		.at = state->at,
		.face = tongues[fixture->tongue].tag,
		.is_not_saved = state->is_not_saved,
	};
	form.page.is_form = true;
	form.page.js = (struct safe_url){STATIC_FORM_JS};
	form.page.has_exit = state->has_exit;
	form.page.is_practice = state->is_practice;
	form.page.is_draft = state->is_draft;
	form.page.has_errors = state->state.has_mistakes;
	form.emergency = fixture_helplines(fixture, true, &form.emergency_count);
	fixture_sections(fixture, state->state, &form);
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_form_html(&html, fixture->words, &form);
	write_file(fixture, state->name, &html);
}

static void preview_thanks(const struct fixture *fixture, const char *name, bool is_on_request)
{
	struct page_thanks model = thanks_model(fixture, is_on_request);
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_thanks_html(&html, fixture->words, &model);
	write_file(fixture, name, &html);
}

static void preview_choosers(const struct fixture *fixture)
{
	static const struct page_choice tags[] = {
		{"Cymraeg", "cy", "ltr", {"/cy/form.html"}},
		{"Cymraeg: Hawdd ei Ddarllen", "cy", "ltr", {"/cy/form.html"}},
		{"English", "en", "ltr", {"/en/form.html"}},
		{"Easy Read", "en", "ltr", {"/easy/form.html"}},
		{"العربية", "ar", "rtl", {"/rtl/form.html"}},
	};
	struct page_chooser model = {
		.page = frame(fixture, fixture->words->of[WORD_language_chooser_title]),
		.title = fixture->words->of[WORD_language_chooser_title],
		.title_other = fixture->tongue == FIXTURE_WELSH ? "Choose your language" : NULL,
		.title_other_lang = "en",
		.choices = tags,
		.choices_count = sizeof tags / sizeof tags[0],
	};
	model.page.languages_count = 0;
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_chooser_html(&html, fixture->words, &model);
	write_file(fixture, "chooser-languages", &html);

	const struct page_choice forms[] = {
		{fixture_text(fixture, "The whole day", "Y diwrnod cyfan"), NULL, NULL, {"/en/form.html"}},
		{fixture_text(fixture, "A workshop", "Gweithdy"), NULL, NULL, {"/en/form.html"}},
	};
	model.page = frame(fixture, fixture->words->of[WORD_form_chooser_title]);
	model.title = fixture->words->of[WORD_form_chooser_title];
	model.title_other = NULL;
	model.choices = forms;
	model.choices_count = sizeof forms / sizeof forms[0];
	strbuf_init(&html, HTML_MAX);
	intake_chooser_html(&html, fixture->words, &model);
	write_file(fixture, "chooser-forms", &html);
}

static void preview_message(const struct fixture *fixture, const char *name, enum word title, enum word text,
			    enum word second, enum word error, bool has_code_form, bool has_help)
{
	const struct words_fill fills[] = {
		{"event", fixture_text(fixture, "Community Conversation, Slough", "Sgwrs Gymunedol, Slough")},
		{"date", fixture_text(fixture, "8 March 2027", "8 Mawrth 2027")},
	};
	const struct page_text paragraphs[] = {
		{words_fill(fixture->words, text, fills, 2, fixture->arena), NULL},
		{second == WORD_COUNT ? NULL : fixture->words->of[second], NULL},
	};
	struct page_message model = {
		.page = frame(fixture, fixture->words->of[title]),
		.title = fixture->words->of[title],
		.paragraphs = paragraphs,
		.paragraphs_count = second == WORD_COUNT ? 1 : 2,
		.has_code_form = has_code_form,
		.code = error == WORD_COUNT ? "" : "E4K7",
		.code_error = error == WORD_COUNT ? NULL : fixture->words->of[error],
	};
	model.page.has_errors = error != WORD_COUNT;
	if (has_help)
		model.helplines = fixture_helplines(fixture, title != WORD_help_page_title, &model.helplines_count);
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_message_html(&html, fixture->words, &model);
	write_file(fixture, name, &html);
}

static void preview_notice(const struct fixture *fixture)
{
	const struct page_text items[] = {
		{fixture_text(fixture, "We do not ask who you are. Answer only what you want to.", NULL), NULL},
		{fixture_text(fixture, "We seal your answers the moment they arrive.", NULL), NULL},
		{fixture_text(fixture, "Your answers never affect a case, a placement or a service.", NULL), NULL},
	};
	const struct page_block first[] = {{{NULL, NULL}, items, 3}};
	const struct page_block then[] = {
		{{fixture_text(fixture, "We want to know how the event was for you and what we should do better.",
			       NULL),
		  NULL},
		 NULL,
		 0},
		{{fixture_text(fixture, "You do not have to answer. No machine decides anything about you.", NULL),
		  NULL},
		 NULL,
		 0},
	};
	const struct page_notice_section sections[] = {
		{{fixture_text(fixture, "In short", "Yn gryno"), NULL}, first, 1},
		{{fixture_text(fixture, "Why we collect it", "Pam rydym yn ei gasglu"), NULL}, then, 2},
	};
	struct page_notice model = {
		.page = frame(fixture, fixture->words->of[WORD_privacy_title]),
		.title = fixture->words->of[WORD_privacy_title],
		.sections = sections,
		.sections_count = 2,
		.email = "enquiries@example.org",
	};
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_notice_html(&html, fixture->words, &model);
	write_file(fixture, "notice", &html);
}

static void preview_down(const struct fixture *all)
{
	struct page_down_part parts[FIXTURE_TONGUE_COUNT];
	size_t count = 0;
	for (int i = 0; i < FIXTURE_TONGUE_COUNT; i++)
		if (i != FIXTURE_EASY)
			parts[count++] = (struct page_down_part){
				.lang = tongues[i].lang,
				.dir = tongues[i].dir,
				.title = all[i].words->of[WORD_not_saved_title],
				.body = all[i].words->of[WORD_not_saved_reload],
				.again = all[i].words->of[WORD_not_saved_once],
			};
	struct page_down model = {
		.page = frame(&all[FIXTURE_ENGLISH], all[FIXTURE_ENGLISH].words->of[WORD_not_saved_title]),
		.parts = parts,
		.parts_count = count,
	};
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_down_html(&html, all[FIXTURE_ENGLISH].words, &model);
	write_file(&all[FIXTURE_ENGLISH], "down", &html);
}

static void preview_withdraw(const struct fixture *fixture, const char *name, const char *typed, enum word wrong,
			     bool is_not_saved)
{
	struct page_withdraw model = {
		.page = frame(fixture, fixture->words->of[WORD_withdraw_title]),
		.action = {arena_printf(fixture->arena, "/%s/withdrawn.html", tongues[fixture->tongue].folder)},
		.typed = typed,
		.error = wrong == WORD_COUNT ? NULL : fixture->words->of[wrong],
		.is_not_saved = is_not_saved,
	};
	model.page.heading = "";
	model.page.has_exit = true;
	model.page.has_errors = wrong != WORD_COUNT;
	model.page.is_draft = fixture->words->is_draft;
	model.page.js = (struct safe_url){STATIC_FORM_JS};
	model.helplines = fixture_helplines(fixture, true, &model.helplines_count);
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_withdraw_html(&html, fixture->words, &model);
	write_file(fixture, name, &html);
}

static void preview_withdrawn(const struct fixture *fixture)
{
	struct page_withdrawn model = {.page = frame(fixture, fixture->words->of[WORD_withdrawn_title])};
	model.page.heading = "";
	model.page.has_exit = true;
	model.page.languages_count = 0;
	model.helplines = fixture_helplines(fixture, true, &model.helplines_count);
	struct strbuf html;
	strbuf_init(&html, HTML_MAX);
	intake_withdrawn_html(&html, fixture->words, &model);
	write_file(fixture, "withdrawn", &html);
}

static void preview_tongue(const struct fixture *fixture)
{
	for (size_t i = 0; i < sizeof form_states / sizeof form_states[0]; i++)
		preview_form(fixture, &form_states[i]);
	preview_thanks(fixture, "thanks", false);
	preview_thanks(fixture, "thanks-on-request", true);
	preview_choosers(fixture);
	preview_message(fixture, "home", WORD_home_title, WORD_home_intro, WORD_COUNT, WORD_COUNT, true, false);
	preview_message(fixture, "home-error", WORD_home_title, WORD_home_intro, WORD_COUNT, WORD_home_code_wrong, true,
			false);
	preview_message(fixture, "unknown-code", WORD_unknown_code_title, WORD_unknown_code_text, WORD_COUNT,
			WORD_COUNT, true, false);
	preview_message(fixture, "not-open", WORD_not_open_title, WORD_not_open_text, WORD_COUNT, WORD_COUNT, false,
			true);
	preview_message(fixture, "closed", WORD_closed_title, WORD_closed_text, WORD_closed_contact, WORD_COUNT, false,
			true);
	preview_message(fixture, "help", WORD_help_page_title, WORD_help_page_text, WORD_help_page_languages,
			WORD_COUNT, false, true);
	preview_withdraw(fixture, "withdraw", "", WORD_COUNT, false);
	preview_withdraw(fixture, "withdraw-error", "K7QX 9M2T 4WRB 6HD3 5", WORD_withdraw_wrong, false);
	preview_withdraw(fixture, "withdraw-not-saved", "K7QX 9M2T 4WRB 6HD3 K", WORD_COUNT, true);
	preview_withdrawn(fixture);
	preview_notice(fixture);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: preview OUT\n", stderr);
		return 64;
	}
	out_folder = argv[1];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_MAX);
	struct problems problems;
	problems_init(&problems, &arena);
	struct words_set set;
	if (words_load("forms/strings", &arena, &set, &problems)) {
		fputs("preview: forms/strings cannot be read\n", stderr);
		return 1;
	}
	if (mkdir(out_folder, 0777) != 0 && errno != EEXIST) {
		perror(out_folder);
		return 1;
	}
	struct words fake = *words_for(&set, "en");
	fake.language = "ar";
	fake.is_rtl = true;
	for (int i = 0; i < WORD_COUNT; i++)
		fake.of[i] = fixture_fake(&arena, fake.of[i]);
	struct fixture all[FIXTURE_TONGUE_COUNT];
	for (int i = 0; i < FIXTURE_TONGUE_COUNT; i++)
		all[i] = (struct fixture){
			.tongue = (enum fixture_tongue) i,
			.words = i == FIXTURE_RTL ? &fake : words_for(&set, tongues[i].tag),
			.arena = &arena,
		};
	for (int i = 0; i < FIXTURE_TONGUE_COUNT; i++)
		preview_tongue(&all[i]);
	preview_down(all);
	return 0;
}
