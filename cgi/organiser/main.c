/* SPDX-License-Identifier: MIT */
/* main.c: organiser, the signed-in program: events, posters, actions, people.
 *
 * May work on the office, publish the catalogue and sign it, and ask the poster program to draw. May never read what anybody answered, the spool,
 * a period's secret or the root. See organiser(8). */
#include "app.h"
#include "handle.h"
#include "match.h"

#include "lib/base/log.h"
#include "lib/base/memory.h"
#include "lib/confine/confine.h"
#include "lib/http/http.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { REQUEST_ARENA_BYTES = 64 * 1024 * 1024, CONF_ARENA_BYTES = 256 * 1024 };

/* Both policies are proved here, where forking is allowed, once for all workers. */
static int begin(void *context)
{
	const struct app *app = context;
	int code = confine_prove(CONFINE_ORGANISER, app->conf.confine);
	if (code == EX_OK)
		code = confine_prove(CONFINE_ORGANISER_WORKER, app->conf.confine);
	return code == EX_OK ? confine_enter(CONFINE_ORGANISER, app->conf.confine) : code;
}

static int start(void *context)
{
	struct app *app = context;
	int code = confine_enter(CONFINE_ORGANISER_WORKER, app->conf.confine);
	return code == EX_OK ? app_start(app) : code;
}

/* Other keys: whoever started us starts us again, and with them. */
static int look(void *context)
{
	if (!app_keys_are_other(context))
		return EX_OK;
	log_info("organiser.keys", "reason=\"keys were replaced\"");
	return EX_TEMPFAIL;
}

static int usage(FILE *out, int code)
{
	fputs("usage: organiser --instance DIR\n"
	      "       organiser --routes\n"
	      "Serves the organisers' pages of an instance over FastCGI on DIR/run/organiser.sock. See organiser(8).\n",
	      out);
	return code;
}

static int serve(void)
{
	struct arena arena;
	arena_init(&arena, CONF_ARENA_BYTES);
	struct app app;
	int code = app_init(&app, &arena);
	if (code == EX_OK) {
		const struct http_server server = {
			.socket = "run/organiser.sock",
			.workers = APP_WORKERS,
			.arena_bytes = REQUEST_ARENA_BYTES,
			.wants_visitor = true,
			.origin = app.conf.organiser_url,
			.begin = begin,
			.start = start,
			.look = look,
			.handle = handle,
			.context = &app,
		};
		code = http_serve(&server);
	}
	app_fini(&app);
	arena_fini(&arena);
	return code;
}

int main(int argc, char **argv)
{
	log_init("organiser");
	memory_start();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EX_OK);
	if (argc == 2 && strcmp(argv[1], "--routes") == 0) {
		match_print();
		return EX_OK;
	}
	if (argc != 3 || strcmp(argv[1], "--instance") != 0)
		return usage(stderr, EX_USAGE);
	if (chdir(argv[2]) != 0) {
		log_error("organiser.instance", "reason=\"%s\" mend=\"soundings init DIR makes one\"", strerror(errno));
		return EX_NOINPUT;
	}
	return serve();
}
