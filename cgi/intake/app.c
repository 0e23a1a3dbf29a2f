/* SPDX-License-Identifier: MIT */
/* app.c: which catalogue a worker serves from.
 *
 * Serials only rise (architecture.md, Stores). Intake may write nowhere, so the spooler remembers the highest ones: a
 * catalogue that is older than any ever served on this machine is refused, also after a restart. */
#include "app.h"

#include "lib/base/log.h"

#include <string.h>
#include <sysexits.h>

enum {
	SEEN_TIMEOUT_MS = 300,
	SEEN_PAUSE_S = 2,    /* between questions while the spooler does not answer */
	REFUSED_PAUSE_S = 2, /* between looks at a catalogue that was refused */
	OVERTAKEN_TRIES = 3  /* publications may come while we look at one */
};

static time_t monotonic_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* What is missing or wrong is for whoever set the instance up; what the machine failed at is not. */
static int exit_code(enum err error)
{
	return error == ERR_IO || error == ERR_NOMEM ? err_exit_code(error) : EX_CONFIG;
}

int app_init(struct app *app, struct arena *arena)
{
	memset(app, 0, sizeof *app);
	struct problems problems;
	problems_init(&problems, arena);
	enum err error = conf_load("soundings.conf", arena, &app->conf, &problems);
	if (error) {
		problems_print(&problems, stderr);
		log_error("intake.conf", "error=%s", err_name(error));
		return exit_code(error);
	}
	error = keys_read_root("front/root.pub", app->root_public);
	if (error) {
		log_error("intake.root", "error=%s mend=\"copy front/root.pub from the hub\"", err_name(error));
		return exit_code(error);
	}
	error = keys_start();
	if (error)
		return EX_SOFTWARE;
	spool_init(&app->spool, "run/append.sock", (int) app->conf.spool_wait_ms);
	spool_init(&app->seen, "run/append.sock", SEEN_TIMEOUT_MS);
	return EX_OK;
}

static void log_refusal(struct app *app, enum err error, const char *reason)
{
	if (app->refused && strcmp(app->refused, reason) == 0)
		return;
	app->refused = reason;
	log_error("intake.catalogue", "error=%s reason=%s", err_name(error), reason);
}

/* Opens the newest catalogue in place of the one in use, when it can be trusted. */
static void reopen(struct app *app)
{
	time_t now_s = monotonic_s();
	if (app->refused && now_s - app->refused_s < REFUSED_PAUSE_S)
		return; /* checking it means reading all of it: not for every request */
	app->refused_s = now_s;
	struct catalogue *fresh = NULL;
	struct catalogue_refusal refusal = {.reason = "unknown"};
	enum err error = catalogue_open("catalogue", app->root_public, app->floor_catalogue, app->floor_keyset, &fresh,
					&refusal);
	if (error) {
		log_refusal(app, error, error == ERR_NOT_FOUND ? "none" : refusal.reason);
		return;
	}
	app->refused = NULL;
	catalogue_close(app->catalogue);
	app->catalogue = fresh;
	app->is_seen = false;
	app->asked_s = 0;
	app->floor_catalogue = catalogue_serial(fresh);
	app->floor_keyset = catalogue_keyset(fresh)->serial;
}

/* Asks the spooler for the highest serials. False when it knows of higher ones: the catalogue in hand is closed at once, and
 * what "current" leads to by now is to be looked at. While the spooler does not answer the catalogue serves pages, but no
 * response is taken under it (app_confirm), and the next answer decides. */
static bool confirm(struct app *app)
{
	time_t now_s = monotonic_s();
	if (app->asked_s && now_s - app->asked_s < SEEN_PAUSE_S)
		return true;
	app->asked_s = now_s;
	uint64_t catalogue = 0, keyset = 0;
	enum err error = spool_seen(&app->seen, app->floor_catalogue, app->floor_keyset, &catalogue, &keyset);
	if (error)
		return true;
	app->is_seen = catalogue <= app->floor_catalogue && keyset <= app->floor_keyset;
	if (app->is_seen)
		return true;
	app->floor_catalogue = catalogue;
	app->floor_keyset = keyset;
	app->refused = NULL; /* what comes now is looked at without a pause */
	catalogue_close(app->catalogue);
	app->catalogue = NULL;
	return false;
}

/* Between opening a catalogue and asking about it another may be published, and told to the spooler by another worker: that is
 * no older one put back, and whoever waits for a page now gets it from the newer one. */
enum err app_refresh(struct app *app)
{
	for (int i = 0; i < OVERTAKEN_TRIES; i++) {
		if (!app->catalogue || catalogue_is_stale(app->catalogue))
			reopen(app);
		else
			app->refused = NULL; /* the link leads back to what is in hand: whatever comes next is news */
		if (!app->catalogue || app->is_seen || confirm(app))
			break;
	}
	return app->catalogue ? ERR_OK : ERR_NOT_FOUND;
}

enum err app_confirm(struct app *app)
{
	if (app->is_seen)
		return ERR_OK;
	uint64_t catalogue = 0, keyset = 0;
	enum err error = spool_seen(&app->spool, app->floor_catalogue, app->floor_keyset, &catalogue, &keyset);
	if (error)
		return error;
	app->asked_s = 0;
	app->is_seen = catalogue <= app->floor_catalogue && keyset <= app->floor_keyset;
	return app->is_seen ? ERR_OK : ERR_DENIED;
}

enum err app_store(struct app *app, const void *envelope, size_t length)
{
	/* A catalogue that the spooler has not confirmed may be an older one put back: nothing is stored under it. */
	enum err error = app_confirm(app);
	if (!error)
		error = spool_append(&app->spool, envelope, length);
	if (error && !app->is_silent)
		log_error("intake.spool", "error=%s", err_name(error));
	app->is_silent = error != ERR_OK;
	return error;
}
