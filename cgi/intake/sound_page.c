/* SPDX-License-Identifier: MIT */
/* sound_page.c: from the texts of a page (lib/spoken) to the sounds that the catalogue has of them. */
#include "sound_page.h"

#include "lib/base/log.h"
#include "static_names.h"

#include <string.h>

static bool is_heard(const struct visit *visit)
{
	return visit->form && visit->event && visit->route.how != ROUTE_PLAIN;
}

/* All texts of the visit's face, listed once a request. NULL: none, or no memory. */
static const struct spoken *texts(const struct visit *visit)
{
	struct visit_spoken *box = visit->spoken;
	if (!is_heard(visit) || !box)
		return NULL;
	if (box->form == visit->form && box->language == visit->language)
		return &box->list;
	spoken_init(&box->list, visit->arena);
	enum err error = spoken_add(&box->list, visit->form, visit->language, catalogue_words(visit->app->catalogue),
				    catalogue_organisation(visit->app->catalogue));
	box->form = error ? NULL : visit->form;
	box->language = visit->language;
	return error ? NULL : &box->list;
}

/* NULL: nothing says it. */
static const char *name_of(const struct visit *visit, const uint8_t key[SPOKEN_KEY_BYTES])
{
	char name[CATALOGUE_SOUND_NAME + 1];
	enum err error = catalogue_sound(visit->app->catalogue, key, name);
	if (error && error != ERR_NOT_FOUND)
		log_error("intake.sound", "error=%s", err_name(error));
	return error ? NULL : arena_strdup(visit->arena, name);
}

/* A player stands where somebody listens: on a kiosk without script that is what Listen does. */
static struct page_sound named(const struct visit *visit, const struct spoken_text *text)
{
	struct page_sound sound = {.name = text && visit->view.is_listening ? name_of(visit, text->key) : NULL};
	if (sound.name)
		sound.label = visit_words(visit, WORD_listen_part);
	return sound;
}

struct page_sound sound_page_question(const struct visit *visit, const struct question *question)
{
	const struct spoken *list = texts(visit);
	return named(visit, list ? spoken_question(list, question) : NULL);
}

/* In the list or not: a sentence with an answer in it has no sound, and one that is filled from the form has. */
static const char *name_of_text(const struct visit *visit, const char *text, const char *lang)
{
	uint8_t key[SPOKEN_KEY_BYTES];
	const char *plain = text ? spoken_plain(text, visit->arena) : NULL;
	if (!plain)
		return NULL;
	spoken_key(lang ? lang : visit->form->languages[visit->language].base, plain, key);
	return name_of(visit, key);
}

struct page_sound sound_page_text(const struct visit *visit, const char *text, const char *lang)
{
	bool is_wanted = is_heard(visit) && visit->view.is_listening;
	struct page_sound sound = {.name = is_wanted ? name_of_text(visit, text, lang) : NULL};
	if (sound.name)
		sound.label = visit_words(visit, WORD_listen_part);
	return sound;
}

/* Texts of several are for the browser's own players: the script puts them together itself. True when some of it is in the page's own
 * language: English names and numbers alone are no page that can be heard. */
static bool fill_list(const struct visit *visit, const struct spoken *list, struct page_sounds *sounds)
{
	struct page_said *said = arena_array(visit->arena, list->count, struct page_said);
	const char *base = visit->form->languages[visit->language].base;
	bool has_own = false;
	sounds->said = said;
	for (size_t i = 0; said && i < list->count; i++) {
		const struct spoken_text *text = &list->list[i];
		const char *name = text->parts_count ? NULL : name_of(visit, text->key);
		if (!name)
			continue;
		said[sounds->said_count++] = (struct page_said){text->text, name, text->is_sign};
		has_own = has_own || (!text->is_sign && strcmp(text->language, base) == 0);
	}
	return has_own;
}

static void fill_blocks(const struct visit *visit, const struct spoken *list, struct page_sounds *sounds)
{
	bool is_kiosk = visit->route.how == ROUTE_KIOSK, is_practice = visit->event->is_practice;
	enum spoken_block kiosk_anonymous = is_practice ? SPOKEN_KIOSK_ANONYMOUS_PRACTICE : SPOKEN_KIOSK_ANONYMOUS;
	enum spoken_block kiosk_thanks = is_practice ? SPOKEN_KIOSK_THANKS_PRACTICE : SPOKEN_KIOSK_THANKS;
	const struct {
		struct page_sound *sound;
		enum spoken_block block;
	} blocks[] = {
		{&sounds->welcome, SPOKEN_WELCOME},
		{&sounds->anonymous, is_kiosk ? kiosk_anonymous : SPOKEN_ANONYMOUS},
		{&sounds->crime, is_kiosk ? SPOKEN_KIOSK_CRIME : SPOKEN_CRIME},
		{&sounds->practice, SPOKEN_PRACTICE},
		{&sounds->exit, SPOKEN_EXIT},
		{&sounds->errors, SPOKEN_ERRORS},
		{&sounds->not_saved, SPOKEN_NOT_SAVED},
		{&sounds->send, SPOKEN_SEND},
		{&sounds->thanks, is_kiosk ? kiosk_thanks : SPOKEN_THANKS},
		{&sounds->receipt, is_kiosk ? SPOKEN_KIOSK_RECEIPT : SPOKEN_RECEIPT},
		{&sounds->next, SPOKEN_NEXT},
		{&sounds->stored, SPOKEN_STORED},
		{&sounds->help, is_kiosk ? SPOKEN_KIOSK_HELP : SPOKEN_HELP},
	};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
		*blocks[i].sound = named(visit, spoken_block(list, blocks[i].block, visit->event->is_wales));
}

void sound_page_frame(const struct visit *visit, struct page_frame *page)
{
	struct page_sounds *sounds = &page->sounds;
	const struct route *route = &visit->route;
	const char *lang = NULL;
	*sounds = (struct page_sounds){.is_on = false};
	if (route->kind != ROUTE_EVENT || !visit->form || !visit->event)
		return;
	const char *title = visit_text(visit, &visit->form->title, &lang);
	bool is_plain = route->how == ROUTE_PLAIN;
	sounds->can_listen = is_plain && name_of_text(visit, title, lang) != NULL;
	sounds->can_stop = route->how == ROUTE_LISTEN;
	if (sounds->can_listen || sounds->can_stop)
		sounds->other_url = route_event(is_plain ? ROUTE_LISTEN : ROUTE_PLAIN, route->code, route->form,
						visit->tag, visit->arena);
	const struct spoken *list = texts(visit);
	if (!list)
		return;
	sounds->is_on = fill_list(visit, list, sounds);
	fill_blocks(visit, list, sounds);
	sounds->is_lacking = !sounds->is_on && visit->view.is_listening;
	if (route->how == ROUTE_LISTEN)
		page->css = (struct safe_url){STATIC_LISTEN_CSS};
}
