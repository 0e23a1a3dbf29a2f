/* SPDX-License-Identifier: MIT */
/* handle.c: a kiosk's own addresses. /kiosk leads to the start of the event that staff chose; /staff is the PIN and, behind it, the menu; /staff/alive
 * and /staff/end are what the pages say of their session.
 *
 * No cookie: the menu's forms carry a pass (pass.h). A page of the menu is the answer to a POST itself, without a redirect, for its pass may
 * stand in no address. So the PIN's POST stands in the browser's history: it carries a token that counts once. Who could send /staff/end can
 * touch the screen. */
#include "handle.h"

#include "pass.h"
#include "staff_page.h"

#include "lib/account/password.h"
#include "lib/account/pin.h"
#include "lib/base/file.h"
#include "lib/base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* A field that came once; "" otherwise. */
static const char *field(const struct call *call, const char *name)
{
	bool is_repeated = false;
	const char *value = http_field(call->request->fields, call->request->fields_count, name, &is_repeated);
	return value && !is_repeated ? value : "";
}

/* ---- the session -------------------------------------------------------------------------------------------------------- */

static void answer_note(struct call *call, enum err error)
{
	call->response->status = error ? err_http_status(error) : 204;
	call->response->content_type = "text/plain; charset=utf-8";
	call->response->body = "";
}

/* A script sends these without a body, so there is none to be of the wrong type. */
static bool answer_session(struct call *call)
{
	const struct http_request *request = call->request;
	bool is_alive = strcmp(request->path, "/staff/alive") == 0;
	if (!is_alive && strcmp(request->path, "/staff/end") != 0)
		return false;
	if (request->method != HTTP_POST) {
		call->response->status = 405;
		call->response->body = "";
	} else if (request->fault == HTTP_FAULT_FOREIGN) {
		call->response->status = 403;
		call->response->body = "";
	} else {
		answer_note(call, is_alive ? app_note_alive(call->app) : app_end_session(call->app));
	}
	return true;
}

/* ---- the PIN ------------------------------------------------------------------------------------------------------------- */

/* The hash of the PIN; NULL: none was set, or it cannot be read. */
static const char *pin_hash(const struct call *call)
{
	char *hash = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, STATION_PIN, PASSWORD_HASH_TEXT, call->arena, &hash, &length);
	if (error && error != ERR_NOT_FOUND)
		log_error("kiosk.pin", "error=%s mend=\"soundings kiosk pin sets one\"", err_name(error));
	if (error)
		return NULL;
	hash[strcspn(hash, "\n")] = '\0';
	return hash;
}

/* No PIN has another shape, so to say so tells nothing, and costs nobody a try. */
static bool is_shaped(const char *pin)
{
	size_t length = strspn(pin, "0123456789");
	return pin[length] == '\0' && length >= PIN_DIGITS_MIN && length <= PIN_DIGITS_MAX;
}

static void refuse_pin(struct call *call)
{
	int64_t wait_s = guess_wait_s(call->app->guess, call->now_s);
	if (wait_s <= 0) {
		staff_pin_page(call, 422, "", staff_words(call, WORD_staff_pin_wrong));
		return;
	}
	const char *n = arena_printf(call->arena, "%d", (int) wait_s);
	const struct words_fill seconds = {"n", n};
	const char *words = words_fill(call->t, WORD_staff_pin_wait, &seconds, 1, call->arena);
	staff_pin_page(call, 429, "", words ? words : "");
	call->response->retry_after_s = (unsigned) wait_s;
}

static void take_pin(struct call *call, const char *pin)
{
	const char *hash = pin_hash(call);
	bool is_right = false, is_old = false;
	if (!hash) {
		staff_pin_page(call, 503, "", NULL);
		return;
	}
	if (guess_wait_s(call->app->guess, call->now_s) > 0 || !is_shaped(pin)) {
		refuse_pin(call);
		return;
	}
	enum err error = password_verify(call->app->gate, hash, pin, &is_right, &is_old);
	if (error) {
		log_error("kiosk.pin", "error=%s", err_name(error));
		staff_pin_page(call, 503, "", staff_words(call, WORD_staff_not_done));
	} else if (is_right) {
		guess_note_right(call->app->guess);
		staff_menu_page(call, 200, NULL, NULL);
	} else {
		guess_note_wrong(call->app->guess, call->now_s);
		refuse_pin(call);
	}
}

/* Without script: a number that was touched goes behind those before. */
static void add_digit(struct call *call, const char *pin, const char *digit)
{
	bool is_digit = digit[0] >= '0' && digit[0] <= '9' && digit[1] == '\0';
	size_t length = strspn(pin, "0123456789");
	const char *typed = "";
	if (is_digit && pin[length] == '\0' && length < PIN_DIGITS_MAX)
		typed = arena_printf(call->arena, "%s%s", pin, digit);
	else if (is_digit && pin[length] == '\0')
		typed = arena_strndup(call->arena, pin, PIN_DIGITS_MAX);
	if (pin_hash(call))
		staff_pin_page(call, 200, typed, NULL);
	else
		staff_pin_page(call, 503, "", NULL);
}

/* ---- the menu ------------------------------------------------------------------------------------------------------------ */

/* STEP more or less, between LOW and 100. */
static unsigned stepped(unsigned value, unsigned step, bool is_up, unsigned low)
{
	if (is_up)
		return value + step > 100 ? 100 : value + step;
	return value < low + step ? low : value - step;
}

/* What ASKED does to SET, and the words that say so; WORD_COUNT when it is nothing that is set. */
static enum word change(const char *asked, struct station *set)
{
	bool is_louder = strcmp(asked, "louder") == 0, is_brighter = strcmp(asked, "brighter") == 0;
	if (strcmp(asked, "sound-on") == 0 || strcmp(asked, "sound-off") == 0) {
		set->is_silent = asked[7] == 'f';
		return set->is_silent ? WORD_staff_sound_is_off : WORD_staff_sound_is_on;
	}
	if (is_louder || strcmp(asked, "quieter") == 0) {
		set->sound_level = stepped(set->sound_level, STATION_SOUND_STEP, is_louder, STATION_SOUND_MIN);
		return WORD_staff_sound_is_on;
	}
	if (is_brighter || strcmp(asked, "darker") == 0) {
		set->brightness =
			stepped(set->brightness, STATION_BRIGHTNESS_STEP, is_brighter, STATION_BRIGHTNESS_MIN);
		return WORD_staff_brightness_is;
	}
	return WORD_COUNT;
}

static void store(struct call *call, const struct station *set, enum word done)
{
	if (app_set(call->app, set) != ERR_OK) {
		staff_menu_page(call, 503, NULL, staff_words(call, WORD_staff_not_done));
		return;
	}
	unsigned n = done == WORD_staff_brightness_is ? set->brightness : set->sound_level;
	const struct words_fill percent = {"n", arena_printf(call->arena, "%u", n)};
	staff_menu_page(call, 200, words_fill(call->t, done, &percent, 1, call->arena), NULL);
}

/* Another event: what was typed for the one before is over with it. */
static void choose_event(struct call *call, const char *code)
{
	struct station set = call->app->state.set;
	struct catalogue_event *event = NULL;
	enum err error = catalogue_event(call->app->catalogue, code, call->arena, &event);
	bool is_good = !error && (event->state == EVENT_OPEN || event->state == EVENT_PLANNED);
	if (!is_good) {
		staff_menu_page(call, error && error != ERR_NOT_FOUND ? 503 : 422, NULL,
				staff_words(call, WORD_staff_not_done));
		return;
	}
	memcpy(set.event, event->code, STATION_CODE_SIGNS + 1);
	store(call, &set, event->state == EVENT_OPEN ? WORD_staff_event_chosen : WORD_staff_event_not_yet);
}

/* Back to the start. The browser that was used for the menu goes as well: what staff have sent stands in its history. */
static void leave(struct call *call)
{
	app_close_menu(call->app);
	if (app_end_session(call->app) != ERR_OK)
		staff_pin_page(call, 503, "", staff_words(call, WORD_staff_not_done));
	else
		staff_go(call, "/kiosk");
}

static void answer_menu(struct call *call)
{
	struct station set = call->app->state.set;
	const char *asked = field(call, "do"), *event = field(call, "event");
	enum word done = change(asked, &set);
	if (*event)
		choose_event(call, event);
	else if (done != WORD_COUNT)
		store(call, &set, done);
	else if (strcmp(asked, "events") == 0)
		staff_events_page(call);
	else if (strcmp(asked, "end") == 0 || strcmp(asked, "lock") == 0)
		leave(call);
	else
		staff_menu_page(call, 200, NULL, NULL);
}

static void answer_staff(struct call *call)
{
	const char *pass = field(call, "pass");
	if (call->request->method != HTTP_POST)
		staff_pin_page(call, pin_hash(call) ? 200 : 503, "", NULL);
	else if (pass_is_good(call->app->key, pass, call->now_s))
		answer_menu(call);
	else if (*pass)
		staff_pin_page(call, 403, "", staff_words(call, WORD_staff_over));
	else if (!app_is_asked(call->app, field(call, "once")))
		/* A PIN, or a part of it, that a browser sends again: whoever goes back and reloads has not typed it. */
		staff_pin_page(call, pin_hash(call) ? 200 : 503, "", NULL);
	else if (*field(call, "digit"))
		add_digit(call, field(call, "pin"), field(call, "digit"));
	else
		take_pin(call, field(call, "pin"));
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------- */

static void answer_start(struct call *call)
{
	const struct catalogue_event *event = staff_event(call);
	const char *start = event ? arena_printf(call->arena, "/kiosk/%s", event->code) : NULL;
	if (start)
		staff_go(call, start);
	else
		staff_calm_page(call);
}

static void answer(struct call *call)
{
	const struct http_request *request = call->request;
	bool is_post = request->method == HTTP_POST;
	if (request->fault == HTTP_FAULT_FOREIGN)
		staff_pin_page(call, 403, "", staff_words(call, WORD_staff_not_done));
	else if (request->fault)
		staff_pin_page(call, request->fault == HTTP_FAULT_METHOD ? 405 : 400, "",
			       staff_words(call, WORD_staff_not_done));
	else if (strcmp(request->path, "/kiosk/") == 0 && !is_post)
		staff_go(call, "/kiosk");
	else if (strcmp(request->path, "/staff/") == 0 && !is_post)
		staff_go(call, "/staff");
	else if (strcmp(request->path, "/staff") == 0)
		answer_staff(call);
	else if (strcmp(request->path, "/kiosk") == 0 && !is_post)
		answer_start(call);
	else
		staff_missing_page(call);
}

void handle(void *context, const struct http_request *request, struct arena *arena, struct http_response *response)
{
	struct app *app = context;
	struct call call = {
		.app = app,
		.request = request,
		.arena = arena,
		.response = response,
		.now_s = app_clock_s(),
	};
	*response = (struct http_response){.status = 503, .internal = "/_kiosk_down", .body = ""};
	bool is_session = answer_session(&call);
	if (is_session || app_refresh(app) == ERR_OK)
		response->internal = NULL;
	if (is_session || response->internal)
		return;
	staff_choose_language(&call);
	answer(&call);
}
