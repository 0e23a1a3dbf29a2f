/* SPDX-License-Identifier: MIT */
/* spoken_words.c: the page's own strings that a form, its thank-you or a kiosk's page can show, what stands together there, the
 * organisation's helplines, and what dates and receipts are put together from. */
#include "lib/spoken/spoken_parts.h"

#include <string.h>

enum { YEAR_FIRST = 2026, YEAR_LAST = 2040, DAYS = 31 };

/* ---- single strings --------------------------------------------------------------------------------------------------------- */

/* Strings of other pages, which nobody listens to here: posters, the organisers' and the staff's words, what was heard and done, the
 * page for receipts, notices at the foot; and counts of characters, which change with every key. */
static bool is_elsewhere(const char *name)
{
	static const char *const begins[] = {
		"poster_",      "staff_",         "loop_",          "withdraw",      "home_",
		"footer_",      "page_title",     "characters_",

		"privacy_",     "accessibility_", "cookies_",       "contact_",      "error_page_title",
		"exit_press",   "exit_timed",     "exit_activated", "answers_comma", "date_words",
		"helpline_web", "sound_say_",     "unknown_code",   "too_many",      "foreign_",
		"help_page",    "date_hint_",     "keyboard_",      "layout_",
	};
	if (strcmp(name, "footer_withdraw") == 0) /* stands in the thank-you as well */
		return false;
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Sentences about a question stand with it, filled in (spoken_questions.c). */
static bool is_filled_elsewhere(enum word key, const char *text)
{
	return strstr(text, "{label}") || strstr(text, "{choice}") || key == WORD_progress;
}

static void put_strings(struct spoken_reader *reader)
{
	const struct words *words = reader->face.words;
	for (int i = 0; i < WORD_COUNT; i++) {
		enum word key = (enum word) i;
		if (!words->of[i] || is_elsewhere(word_names[i]) || is_filled_elsewhere(key, words->of[i]))
			continue;
		spoken_put_word(reader, key);
	}
	const char *lang = NULL;
	const char *time = face_text(&reader->face, &reader->face.form->time, &lang);
	if (time)
		spoken_put(reader, reader->words_base, face_words_with(&reader->face, WORD_time_needed, "time", time),
			   SPOKEN_DERIVED, NULL);
}

/* ---- dates and receipts ----------------------------------------------------------------------------------------------------- */

static void put_numbers(struct spoken_reader *reader)
{
	struct arena *arena = reader->spoken->arena;
	for (int day = 1; day <= DAYS; day++) {
		const char *text = arena_printf(arena, "%d", day);
		spoken_put_say(reader, reader->words_base, text, NULL);
	}
	for (int year = YEAR_FIRST; year <= YEAR_LAST; year++)
		spoken_put_say(reader, reader->words_base, arena_printf(arena, "%d", year), NULL);
}

static void put_signs(struct spoken_reader *reader)
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTVWXYZ"; /* I, L, O: on the kiosk's keys */
	static const struct {
		const char *sign;
		enum word name;
	} checks[] = {{"*", WORD_sound_say_star},
		      {"~", WORD_sound_say_tilde},
		      {"$", WORD_sound_say_dollar},
		      {"=", WORD_sound_say_equals},
		      {"U", WORD_sound_say_u}};
	for (const char *at = signs; *at; at++)
		spoken_put_say(reader, reader->words_base, arena_strndup(reader->spoken->arena, at, 1), NULL);
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		spoken_put_say(reader, reader->words_base, checks[i].sign, face_words(&reader->face, checks[i].name));
}

/* ---- helplines -------------------------------------------------------------------------------------------------------------- */

/* Digit by digit, with a pause where there is a blank. */
static const char *spelled(const char *number, struct arena *arena)
{
	char *out = arena_alloc(arena, 3 * strlen(number) + 1, 1);
	size_t used = 0;
	for (const char *at = number; out && *at; at++) {
		out[used++] = *at == ' ' ? ',' : *at;
		out[used++] = ' ';
	}
	return out;
}

static const char *text_base(const struct organisation *organisation, const char *tag, const struct text *text)
{
	const char *found = organisation_text(organisation, tag, text);
	for (size_t i = 0; found && i < organisation->languages_count; i++)
		if (text->of[i] == found)
			return organisation->languages[i].base;
	return organisation->languages[0].base;
}

static void put_helpline_text(struct spoken_reader *reader, const struct helpline *helpline, const struct text *text,
			      const char *what)
{
	const char *tag = reader->face.form->languages[reader->face.language].tag;
	spoken_put(reader, text_base(reader->organisation, tag, text),
		   organisation_text(reader->organisation, tag, text), SPOKEN_ORGANISATION,
		   arena_printf(reader->spoken->arena, "helplines.%s.%s", helpline->name, what));
}

static void put_helplines(struct spoken_reader *reader, bool is_short, bool is_wales, bool is_all)
{
	const struct organisation *organisation = reader->organisation;
	for (size_t i = 0; i < organisation->helplines_count; i++) {
		const struct helpline *helpline = &organisation->helplines[i];
		if ((helpline->is_wales_only && !is_wales) || !(is_all || helpline->is_emergency))
			continue;
		put_helpline_text(reader, helpline, &helpline->title, "title");
		if (helpline->number)
			spoken_put_say(reader, reader->base, helpline->number,
				       spelled(helpline->number, reader->spoken->arena));
		if (helpline->web && (!is_short || !helpline->number))
			spoken_put_say(reader, reader->base, helpline->web, NULL);
		if (!is_short)
			put_helpline_text(reader, helpline, &helpline->note, "note");
	}
}

/* ---- the privacy notice, which a kiosk shows on the spot -------------------------------------------------------------------- */

/* A paragraph, or an item of a list: what stands apart on the page (cgi/intake/notice_page.c). */
static void put_lines(struct spoken_reader *reader, const char *base, const char *body)
{
	struct arena *arena = reader->spoken->arena;
	while (body && *body) {
		bool is_list = strncmp(body, "- ", 2) == 0;
		const char *end = strstr(body, is_list ? "\n" : "\n\n");
		size_t length = end ? (size_t) (end - body) : strlen(body);
		size_t mark = is_list ? 2 : 0;
		spoken_put(reader, base, arena_strndup(arena, body + mark, length - mark), SPOKEN_DERIVED, NULL);
		body += length + strspn(body + length, "\n");
	}
}

static void put_notice(struct spoken_reader *reader, enum notice notice)
{
	const struct organisation *organisation = reader->organisation;
	const char *tag = reader->face.form->languages[reader->face.language].tag;
	for (size_t i = 0; i < organisation->notices_count[notice]; i++) {
		const struct notice_section *section = &organisation->notices[notice][i];
		spoken_put(reader, text_base(organisation, tag, &section->heading),
			   organisation_text(organisation, tag, &section->heading), SPOKEN_DERIVED, NULL);
		put_lines(reader, text_base(organisation, tag, &section->body),
			  organisation_text(organisation, tag, &section->body));
	}
}

/* ---- what stands together --------------------------------------------------------------------------------------------------- */

enum { BLOCK_WORDS = 4 };

static const struct {
	enum word words[BLOCK_WORDS];
	size_t count;
	bool has_helplines, is_short;
} blocks[SPOKEN_BLOCK_COUNT] = {
	[SPOKEN_WELCOME] = {{0}, 0, false, false},
	[SPOKEN_ANONYMOUS] = {{WORD_anonymous_title, WORD_anonymous_text, WORD_anonymous_care}, 3, false, false},
	[SPOKEN_CRIME] = {{WORD_not_reporting_title, WORD_not_reporting_text}, 2, true, true},
	[SPOKEN_PRACTICE] = {{WORD_practice_title, WORD_practice_text}, 2, false, false},
	[SPOKEN_EXIT] = {{WORD_exit_about_heading, WORD_exit_about_button, WORD_exit_about_keys,
			  WORD_exit_about_history},
			 4,
			 false,
			 false},
	[SPOKEN_ERRORS] = {{WORD_error_summary_title, WORD_error_kept}, 2, false, false},
	[SPOKEN_NOT_SAVED] = {{WORD_not_saved_title, WORD_not_saved_text, WORD_not_saved_do, WORD_not_saved_once},
			      4,
			      false,
			      false},
	[SPOKEN_SEND] = {{WORD_send_title, WORD_send_intro}, 2, false, false},
	[SPOKEN_THANKS] = {{WORD_thanks_title, WORD_thanks_text}, 2, false, false},
	[SPOKEN_RECEIPT] = {{WORD_receipt_title, WORD_receipt_text, WORD_receipt_use, WORD_receipt_once},
			    4,
			    false,
			    false},
	[SPOKEN_CAREFUL] = {{WORD_receipt_title, WORD_receipt_careful, WORD_receipt_use}, 3, false, false},
	[SPOKEN_NEXT] = {{WORD_next_title, WORD_next_text}, 2, false, false},
	[SPOKEN_STORED] = {{WORD_stored_title, WORD_stored_text, WORD_stored_more}, 3, false, false},
	[SPOKEN_KIOSK_ANONYMOUS] = {{WORD_anonymous_title, WORD_kiosk_anonymous, WORD_anonymous_care}, 3, false, false},
	[SPOKEN_KIOSK_CRIME] = {{WORD_not_reporting_title, WORD_kiosk_not_reporting}, 2, false, false},
	[SPOKEN_KIOSK_THANKS] = {{WORD_thanks_title, WORD_kiosk_thanks_text, WORD_kiosk_finished_text},
				 3,
				 false,
				 false},
	[SPOKEN_KIOSK_RECEIPT] = {{WORD_receipt_title, WORD_receipt_text, WORD_kiosk_receipt_use, WORD_receipt_once},
				  4,
				  false,
				  false},
	[SPOKEN_KIOSK_HELP] = {{WORD_kiosk_help, WORD_kiosk_help_here, WORD_kiosk_help_bar, WORD_kiosk_help_typing},
			       4,
			       true,
			       false},
	[SPOKEN_KIOSK_ANONYMOUS_PRACTICE] = {{WORD_anonymous_title, WORD_kiosk_anonymous_practice, WORD_anonymous_care},
					     3,
					     false,
					     false},
	[SPOKEN_KIOSK_THANKS_PRACTICE] = {{WORD_thanks_title, WORD_kiosk_thanks_practice, WORD_kiosk_finished_text},
					  3,
					  false,
					  false},
	[SPOKEN_HELP] = {{WORD_help_title, WORD_help_text}, 2, true, false},
};

static void read_block(struct spoken_reader *reader, enum spoken_block block, bool is_wales)
{
	struct spoken_run run = {.count = 0};
	reader->run = &run;
	for (size_t i = 0; i < blocks[block].count; i++)
		spoken_put_word(reader, blocks[block].words[i]);
	if (blocks[block].has_helplines)
		put_helplines(reader, blocks[block].is_short, is_wales, block == SPOKEN_KIOSK_HELP);
	const char *lang = NULL;
	const char *time = face_text(&reader->face, &reader->face.form->time, &lang);
	if (block == SPOKEN_WELCOME)
		spoken_put_text(reader, &reader->face.form->title, "title");
	if (block == SPOKEN_WELCOME && time)
		spoken_put(reader, reader->words_base, face_words_with(&reader->face, WORD_time_needed, "time", time),
			   SPOKEN_DERIVED, NULL);
	reader->run = NULL;
	reader->spoken->blocks[is_wales][block] = spoken_put_run(reader, &run);
}

void spoken_read_words(struct spoken_reader *reader)
{
	put_strings(reader);
	put_numbers(reader);
	put_signs(reader);
	put_notice(reader, NOTICE_PRIVACY);
	for (int i = 0; i < SPOKEN_BLOCK_COUNT; i++) {
		read_block(reader, (enum spoken_block) i, false);
		read_block(reader, (enum spoken_block) i, true);
	}
}
