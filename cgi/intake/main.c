/* SPDX-License-Identifier: MIT */
/* main.c: intake, the public program: checks and seals each response and hands it to the spooler.
 *
 * May read the catalogue and hand envelopes to the spooler. May never open any other file, see a cookie, or log a request.
 * See intake(8). */
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

/* Both policies are proved here, where forking is allowed, once for all workers. */
static int begin(void *context)
{
	const struct app *app = context;
	int code = confine_prove(CONFINE_INTAKE, app->conf.confine);
	if (code == EX_OK)
		code = confine_prove(CONFINE_INTAKE_WORKER, app->conf.confine);
	return code == EX_OK ? confine_enter(CONFINE_INTAKE, app->conf.confine) : code;
}

static int start(void *context)
{
	const struct app *app = context;
	return confine_enter(CONFINE_INTAKE_WORKER, app->conf.confine);
}

static int usage(FILE *out, int code)
{
	fputs("usage: intake --instance DIR\n"
	      "Serves the public pages of an instance over FastCGI on DIR/run/intake.sock. See intake(8).\n",
	      out);
	return code;
}

int main(int argc, char **argv)
{
	log_init("intake");
	memory_start();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EX_OK);
	if (argc != 3 || strcmp(argv[1], "--instance") != 0)
		return usage(stderr, EX_USAGE);
	if (chdir(argv[2]) != 0) {
		log_error("intake.instance", "reason=\"%s\" mend=\"soundings init DIR makes one\"", strerror(errno));
		return EX_NOINPUT;
	}
	struct arena arena;
	arena_init(&arena, CONF_ARENA_BYTES);
	struct app app;
	int code = app_init(&app, &arena);
	if (code == EX_OK) {
		const struct http_server server = {
			.socket = "run/intake.sock",
			.workers = app.conf.workers,
			.arena_bytes = REQUEST_ARENA_BYTES,
			.begin = begin,
			.start = start,
			.handle = handle,
			.context = &app,
		};
		code = http_serve(&server);
	}
	catalogue_close(app.catalogue);
	spool_fini(&app.spool);
	spool_fini(&app.seen);
	arena_fini(&arena);
	return code;
}
