/* SPDX-License-Identifier: MIT */
/* app.c: settings, catalogue and what the session is told. Two small files are all that is ever written. */
#include "app.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/random.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

enum { SPOOL_TIMEOUT_MS = 1000, REFUSED_PAUSE_S = 2 };

static int64_t seconds(clockid_t clock)
{
	struct timespec now = {.tv_sec = 0};
	clock_gettime(clock, &now);
	return (int64_t) now.tv_sec;
}

int64_t app_clock_s(void)
{
	return seconds(CLOCK_BOOTTIME);
}

/* What is missing or wrong is for whoever set the instance up; what the machine failed at is not. */
static int exit_code(enum err error)
{
	return error == ERR_IO || error == ERR_NOMEM ? err_exit_code(error) : EX_CONFIG;
}

/* The second's group may read it: the session's user is another. */
static enum err make_folders(void)
{
	enum err error = file_make_dir(AT_FDCWD, STATION_FOLDER, 0700);
	return error ? error : file_make_dir(AT_FDCWD, STATION_RUN, 0750);
}

int app_init(struct app *app, struct arena *arena)
{
	memset(app, 0, sizeof *app);
	struct problems problems;
	problems_init(&problems, arena);
	enum err error = conf_load("soundings.conf", arena, &app->conf, &problems);
	if (error) {
		problems_print(&problems, stderr);
		log_error("kiosk.conf", "error=%s", err_name(error));
		return exit_code(error);
	}
	if (keys_start() != ERR_OK)
		return EX_SOFTWARE;
	error = keys_read_root("front/root.pub", app->root_public);
	if (error) {
		log_error("kiosk.root", "error=%s mend=\"soundings kiosk take brings it from the hub\"",
			  err_name(error));
		return exit_code(error);
	}
	error = make_folders();
	if (error) {
		log_error("kiosk.folders", "error=%s mend=\"the instance's owner must run this\"", err_name(error));
		return exit_code(error);
	}
	spool_init(&app->spool, "run/batch.sock", SPOOL_TIMEOUT_MS);
	error = gate_new(1, 0, &app->gate);
	if (!error)
		error = guess_new(&app->guess);
	return error ? EX_OSERR : EX_OK;
}

/* Ended sessions are counted on from what the last worker has said: a number that falls would mean nothing. */
int app_start(struct app *app)
{
	struct station set;
	random_bytes(app->key, sizeof app->key);
	enum err error = station_state_read(STATION_STATE, &app->state);
	if (error && error != ERR_NOT_FOUND)
		log_warn("kiosk.state", "error=%s", err_name(error));
	error = station_read(STATION_SETTINGS, &set);
	if (error && error != ERR_NOT_FOUND)
		log_warn("kiosk.settings", "error=%s mend=\"staff choose the event again\"", err_name(error));
	app->state.set = set;
	error = station_state_write(STATION_STATE, &app->state);
	if (error)
		log_error("kiosk.state", "error=%s", err_name(error));
	return error ? exit_code(error) : EX_OK;
}

void app_fini(struct app *app)
{
	catalogue_close(app->catalogue);
	spool_fini(&app->spool);
	keys_wipe(app->key, sizeof app->key);
}

enum err app_refresh(struct app *app)
{
	int64_t now_s = app_clock_s();
	bool is_due = !app->catalogue || catalogue_is_stale(app->catalogue);
	if (is_due && (!app->refused_s || now_s - app->refused_s >= REFUSED_PAUSE_S)) {
		struct catalogue *fresh = NULL;
		struct catalogue_refusal refusal = {.reason = "unknown"};
		enum err error = catalogue_open("catalogue", app->root_public, app->floor_catalogue, app->floor_keyset,
						&fresh, &refusal);
		if (error && !app->refused_s)
			log_error("kiosk.catalogue", "error=%s reason=%s", err_name(error),
				  error == ERR_NOT_FOUND ? "none" : refusal.reason);
		app->refused_s = error ? now_s : 0;
		if (!error) {
			catalogue_close(app->catalogue);
			app->catalogue = fresh;
			app->floor_catalogue = catalogue_serial(fresh);
			app->floor_keyset = catalogue_keyset(fresh)->serial;
		}
	}
	return app->catalogue ? ERR_OK : ERR_NOT_FOUND;
}

void app_close_menu(struct app *app)
{
	random_bytes(app->key, sizeof app->key);
}

void app_ask_pin(struct app *app)
{
	token_new(app->once);
}

bool app_is_asked(struct app *app, const char *text)
{
	bool is_asked = app->once[0] && token_is_same(app->once, text);
	if (is_asked)
		app->once[0] = '\0';
	return is_asked;
}

static enum err tell(struct app *app, const struct station_state *state)
{
	enum err error = station_state_write(STATION_STATE, state);
	if (error)
		log_error("kiosk.state", "error=%s", err_name(error));
	else
		app->state = *state;
	return error;
}

enum err app_set(struct app *app, const struct station *set)
{
	struct station_state state = app->state;
	state.set = *set;
	enum err error = station_write(STATION_SETTINGS, set);
	if (error)
		log_error("kiosk.settings", "error=%s", err_name(error));
	return error ? error : tell(app, &state);
}

enum err app_end_session(struct app *app)
{
	struct station_state state = app->state;
	state.ended++;
	return tell(app, &state);
}

enum err app_note_alive(struct app *app)
{
	struct station_state state = app->state;
	state.alive_s = seconds(CLOCK_MONOTONIC);
	return tell(app, &state);
}
