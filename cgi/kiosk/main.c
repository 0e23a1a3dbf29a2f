/* SPDX-License-Identifier: MIT */
/* main.c: kiosk, the program of whoever looks after a kiosk: which event it is for, the menu behind a PIN, and when a session is over.
 *
 * May read the catalogue and ask the spooler how many envelopes wait; writes what staff have set and what the session is told, two small files. May
 * never see what anybody answers, hold a key, set a cookie, or log a request. See kiosk(8). */
#include "app.h"
#include "handle.h"

#include "lib/base/log.h"
#include "lib/base/memory.h"
#include "lib/confine/confine.h"
#include "lib/http/http.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { REQUEST_ARENA_BYTES = 16 * 1024 * 1024, CONF_ARENA_BYTES = 256 * 1024 };

/* Both policies are proved here, where forking is allowed. */
static int begin(void *context)
{
	const struct app *app = context;
	int code = confine_prove(CONFINE_KIOSK, app->conf.confine);
	if (code == EX_OK)
		code = confine_prove(CONFINE_KIOSK_WORKER, app->conf.confine);
	return code == EX_OK ? confine_enter(CONFINE_KIOSK, app->conf.confine) : code;
}

static int start(void *context)
{
	struct app *app = context;
	int code = confine_enter(CONFINE_KIOSK_WORKER, app->conf.confine);
	return code == EX_OK ? app_start(app) : code;
}

static int usage(FILE *out, int code)
{
	fputs("usage: kiosk --instance DIR\n"
	      "Serves a kiosk's first address and its staff menu over FastCGI on DIR/run/kiosk.sock. See kiosk(8).\n",
	      out);
	return code;
}

int main(int argc, char **argv)
{
	log_init("kiosk");
	memory_start();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EX_OK);
	if (argc != 3 || strcmp(argv[1], "--instance") != 0)
		return usage(stderr, EX_USAGE);
	if (chdir(argv[2]) != 0) {
		log_error("kiosk.instance", "reason=\"%s\" mend=\"soundings kiosk take makes one\"", strerror(errno));
		return EX_NOINPUT;
	}
	struct arena arena;
	arena_init(&arena, CONF_ARENA_BYTES);
	struct app app;
	int code = app_init(&app, &arena);
	if (code == EX_OK) {
		const struct http_server server = {
			.socket = "run/kiosk.sock",
			.workers = 1, /* one screen asks; and one alone counts sessions and wrong PINs */
			.arena_bytes = REQUEST_ARENA_BYTES,
			.begin = begin,
			.start = start,
			.handle = handle,
			.context = &app,
		};
		code = http_serve(&server);
	}
	app_fini(&app);
	arena_fini(&arena);
	return code;
}
