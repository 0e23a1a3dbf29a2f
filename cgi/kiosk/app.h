/* SPDX-License-Identifier: MIT */
/* app.h: what the one worker of kiosk holds between requests. */
#ifndef SOUNDINGS_KIOSK_APP_H
#define SOUNDINGS_KIOSK_APP_H

#include "guess.h"

#include "lib/account/gate.h"
#include "lib/account/token.h"
#include "lib/base/conf.h"
#include "lib/catalogue/catalogue.h"
#include "lib/spool/spool.h"
#include "lib/station/station.h"

#include <stdbool.h>
#include <stdint.h>

struct app {
	struct conf conf;
	uint8_t root_public[KEYS_PUBLIC_BYTES]; /* pinned: front/root.pub */
	struct catalogue *catalogue;            /* NULL until one was verified */
	uint64_t floor_catalogue, floor_keyset; /* never below these */
	int64_t refused_s;                      /* second of the last look at one that was refused; 0: none was */
	struct gate *gate;                      /* of passwords */
	struct guess *guess;                    /* shared with the workers that come after */
	uint8_t key[TOKEN_HASH_BYTES];          /* of the menu's passes: drawn anew when the menu is closed */
	char once[TOKEN_TEXT];                  /* what the last page for a PIN carries; "" once it was sent */
	struct station_state state;
	struct spool spool; /* the socket that knows how many wait */
};

/* Reads soundings.conf and front/root.pub of the working directory, makes this program's folders. Texts live in ARENA. Errors are logged with
 * what to do; the result is a code of sysexits.h. */
int app_init(struct app *app, struct arena *arena);

/* In the worker: what staff have set, and how many sessions have ended. A code of sysexits.h. */
int app_start(struct app *app);
void app_fini(struct app *app);

/* Makes sure that the newest catalogue is open and verified; one that is refused is logged, and the one before stays. ERR_NOT_FOUND when there
 * is none at all. */
enum err app_refresh(struct app *app) MUST_CHECK;

/* Whoever held a pass of the menu holds none any more. */
void app_close_menu(struct app *app);

/* A page for a PIN is made: the token of it alone counts from here on, in app->once. */
void app_ask_pin(struct app *app);

/* Whether TEXT is that of the last such page, and was not sent before. */
bool app_is_asked(struct app *app, const char *text);

/* Stores what staff have set: durably, and for the session. On failure SET is not taken. ERR_FULL, ERR_DENIED, ERR_IO. */
enum err app_set(struct app *app, const struct station *set) MUST_CHECK;

/* A session is over; the page is there. Both for the session alone. */
enum err app_end_session(struct app *app) MUST_CHECK;
enum err app_note_alive(struct app *app) MUST_CHECK;

/* Seconds that go on while the machine sleeps: of passes and waiting. */
int64_t app_clock_s(void);

#endif
