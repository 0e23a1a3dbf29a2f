/* SPDX-License-Identifier: MIT */
/* placard.c: what the poster of an event says.
 *
 * Always on it: what it is, how long it takes, that it is anonymous, the address in words with the code, until when, whom to ask, in up to
 * four languages. On one for a refuge nothing tells what the place is for (domain.md 1.3). Must not draw. */
#include "lib/placard/placard.h"

#include <string.h>

#include "lib/print/qr.h"

/* Where Welsh is not first it comes right behind, as wherever languages are offered: the other official one. */
static void welsh_second(const char **tags, size_t count)
{
	for (size_t i = 2; i < count; i++) {
		if (strcmp(tags[i], "cy") != 0)
			continue;
		memmove(&tags[2], &tags[1], (i - 1) * sizeof(tags[0]));
		tags[1] = "cy";
	}
}

/* Those of the event that the strings have, and that are variants or not. */
static size_t add_languages(const struct placard_event *about, bool are_variants, const char **tags, size_t count)
{
	const struct catalogue_event *event = about->event;
	for (size_t i = 0; i < event->languages_count && count < CATALOGUE_LANGUAGES_MAX; i++) {
		const char *tag = event->languages[i];
		if (strcmp(words_for(about->words, tag)->language, tag) == 0 &&
		    (strstr(tag, "-x-") != NULL) == are_variants)
			tags[count++] = tag;
	}
	return count;
}

size_t placard_languages(const struct placard_event *about, const char **tags, size_t most)
{
	const char *all[CATALOGUE_LANGUAGES_MAX];
	size_t count = add_languages(about, false, all, 0);
	if (count == 0)
		count = add_languages(about, true, all, 0);
	if (count == 0)
		all[count++] = about->words->list[0].language;
	welsh_second(all, count);
	if (about->event->is_wales && count > 1 && strcmp(all[1], "cy") == 0) {
		all[1] = all[0];
		all[0] = "cy";
	}
	count = count < most ? count : most;
	memcpy(tags, all, count * sizeof(tags[0]));
	return count;
}

/* ---- one language --------------------------------------------------------------------------------------------------------- */

struct face {
	const struct placard_event *about;
	const struct placard_choice *choice;
	const struct words *words;
	const char *tag;
	struct arena *arena;
};

static const char *filled(const struct face *face, enum word key, const char *name, const char *value)
{
	const struct words_fill one = {name, value};
	return words_fill(face->words, key, &one, 1, face->arena);
}

/* "8 March 2028" */
static const char *day_words(const struct face *face, struct date date)
{
	const char *day = arena_printf(face->arena, "%d", date.day), *year = arena_printf(face->arena, "%d", date.year);
	const struct words_fill fills[] = {
		{"day", day}, {"month", face->words->of[WORD_month_1 + date.month - 1]}, {"year", year}};
	return day != NULL && year != NULL ? words_fill(face->words, WORD_date_words, fills, 3, face->arena) : NULL;
}

/* What it is part of, in this language; the form's title where that is nothing. */
static const char *title_of(const struct face *face)
{
	const struct organisation *organisation = face->about->organisation;
	const struct form *form = face->about->form;
	if (face->choice->is_refuge)
		return face->words->of[WORD_poster_neutral];
	for (size_t i = 0; i < organisation->programmes_count; i++)
		if (strcmp(organisation->programmes[i].name, face->about->event->programme) == 0)
			return organisation_text(organisation, face->tag, &organisation->programmes[i].title);
	int language = form != NULL ? form_language(form, face->tag) : -1;
	const char *title = form != NULL ? form_text(form, language < 0 ? 0 : language, &form->title, NULL) : NULL;
	return title != NULL && strchr(title, '{') == NULL ? title : face->words->of[WORD_poster_neutral];
}

static const char *minutes_of(const struct face *face)
{
	const struct form *form = face->about->form;
	int language = form != NULL ? form_language(form, face->tag) : -1;
	const char *time = language >= 0 ? form_text(form, language, &form->time, NULL) : NULL;
	return time != NULL ? filled(face, WORD_poster_minutes, "time", time)
			    : face->words->of[WORD_poster_minutes_few];
}

static const char *until_of(const struct face *face)
{
	struct date closes_on = face->about->closes_on;
	if (closes_on.year != 0)
		return filled(face, WORD_poster_until, "until", day_words(face, closes_on));
	return filled(face, WORD_poster_soon, "date", day_words(face, face->about->event->held_on));
}

/* Whom to ask. At a refuge nobody: a number or an address would tell. NULL then. */
static const char *questions_of(const struct face *face)
{
	const struct organisation *organisation = face->about->organisation;
	if (face->choice->is_refuge)
		return NULL;
	if (organisation->contact_phone != NULL)
		return filled(face, WORD_poster_phone, "phone", organisation->contact_phone);
	return filled(face, WORD_poster_email, "email", organisation->contact_email);
}

static enum err fill_face(const struct face *face, const struct poster_request *request, struct poster_face *out)
{
	const struct words *words = face->words;
	const struct words_fill fills[] = {{"address", request->shown_address}, {"code", request->code}};
	*out = (struct poster_face){
		.lang = arena_strndup(face->arena, face->tag, strcspn(face->tag, "-")),
		.is_rtl = words->is_rtl,
		.title = title_of(face),
		.lead = words->of[WORD_poster_lead],
		.what = words->of[WORD_poster_what],
		.minutes = minutes_of(face),
		.anonymous = words->of[WORD_poster_anonymous],
		.until = until_of(face),
		.type_it = words->of[WORD_poster_type_it],
		.code_label = words->of[WORD_poster_code],
		.paper = words->of[WORD_poster_paper],
		.phone = questions_of(face),
		.alt = words_fill(words, WORD_poster_alt, fills, 2, face->arena),
	};
	return face->arena->is_failed ? ERR_NOMEM : ERR_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------ */

/* What people type: without the scheme, which browsers add. */
static const char *without_scheme(const char *url)
{
	const char *end = strstr(url, "://");
	return end != NULL ? end + 3 : url;
}

enum err placard_request(const struct placard_event *about, const struct placard_choice *choice, struct arena *arena,
			 struct poster_request *out)
{
	const struct catalogue_event *event = about->event;
	struct placard_choice chosen = *choice;
	char *address = NULL;
	if (chosen.languages_count == 0)
		chosen.languages_count = placard_languages(about, chosen.languages, POSTER_FACES_MAX);
	enum err error = qr_address(about->base_url, event->code, arena, &address);
	if (error != ERR_OK)
		return error;
	struct face face = {about, &chosen, words_for(about->words, chosen.languages[0]), chosen.languages[0], arena};
	*out = (struct poster_request){
		.kind = chosen.kind,
		.format = chosen.format,
		.address = address,
		.shown_address = without_scheme(about->base_url),
		.code = event->code,
		.is_laminated = chosen.is_laminated,
		.distance_cm = chosen.distance_cm,
		.is_refuge = chosen.is_refuge,
	};
	if (!chosen.is_refuge) {
		out->organisation = organisation_text(about->organisation, face.tag, &about->organisation->name);
		out->event = (struct poster_event){.title = event->title,
						   .place = *event->place != '\0' ? event->place : NULL,
						   .day = day_words(&face, event->held_on)};
	}
	for (size_t i = 0; i < chosen.languages_count && error == ERR_OK; i++) {
		face.tag = chosen.languages[i];
		face.words = words_for(about->words, face.tag);
		error = fill_face(&face, out, &out->faces[out->faces_count++]);
	}
	return error;
}

const enum poster_format *placard_formats(enum poster_kind kind, size_t *count)
{
	static const enum poster_format paper[] = {POSTER_PDF, POSTER_PNG}, screen[] = {POSTER_PNG, POSTER_PDF},
					code[] = {POSTER_SVG, POSTER_PNG, POSTER_PDF};
	*count = kind == POSTER_QR ? 3 : 2;
	return kind == POSTER_QR ? code : kind == POSTER_SLIDE ? screen : paper;
}

const char *placard_file(const struct poster_request *request, struct arena *arena)
{
	return arena_printf(arena, "poster-%s-%s.%s", request->code, poster_kind_name(request->kind),
			    poster_format_name(request->format));
}
