/* SPDX-License-Identifier: MIT */
/* conf.h: the instance's one configuration file, soundings.conf(5): "key = value" lines, # comments.
 *
 * Every key, its default and its meaning stand in one table, from which the man page's list is checked. An unknown or
 * repeated key is an error that names the line and the nearest key. */
#ifndef SOUNDINGS_BASE_CONF_H
#define SOUNDINGS_BASE_CONF_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/problem.h"

#include <stdbool.h>

enum conf_mode { CONF_MODE_PHONE, CONF_MODE_KIOSK, CONF_MODE_COUNT };

/* How the public and the keeping programs confine themselves: lib/confine. */
enum conf_confine { CONF_CONFINE_AUTO, CONF_CONFINE_STRICT, CONF_CONFINE_OFF, CONF_CONFINE_COUNT };

struct conf {
	enum conf_mode mode;    /* mode = phone | kiosk (default phone) */
	unsigned port;          /* port = 8080: nginx listens on it, 1 to 65535 */
	const char *listen;     /* listen = 127.0.0.1: the address nginx listens on */
	const char *base_url;   /* base_url: where the event addresses begin; default http://LISTEN:PORT */
	unsigned workers;       /* workers = 8: intake processes, 1 to 64 */
	unsigned spool_wait_ms; /* spool_wait_ms = 5000: how long intake waits for the spooler, 100 to 9000 */
	unsigned batch_min; /* batch_min = 5: fewest envelopes the collector takes of an ordinary period, 1 to 256 */
	const char *nginx;  /* nginx = /usr/sbin/nginx: the program to run */
	const char *backup_dir;    /* backup_dir = backups: where backups go; in the instance unless absolute */
	enum conf_confine confine; /* confine = auto | strict | off (default auto) */
	bool has_sound; /* sound = on | off (default on): whether publishing a form makes what of it can be heard */
	unsigned spool_free_min; /* spool_free_min = 64: MiB of the spool's disk that stay free at least, 0 to 65536 */
	unsigned spool_ballast;  /* spool_ballast = 16: MiB to give up when that disk is full, 0 to 1024 */

	/* The organisers' pages: on an address and port of their own. Over plain http on this machine alone. */
	unsigned organiser_port; /* organiser_port = 8081: one above port unless given; 0: no organisers' pages here */
	const char *organiser_listen;      /* organiser_listen = 127.0.0.1 */
	const char *organiser_url;         /* as browsers write an origin: lower case, no / at the end, no usual port */
	bool organiser_is_https;           /* of organiser_url */
	const char *organiser_certificate; /* PEM, absolute path; NULL: a proxy in front has it, or there is none */
	const char *organiser_certificate_key; /* its key; NULL likewise */

	/* Kiosk pages, in seconds. */
	unsigned kiosk_idle_s;    /* kiosk_idle_s = 120: without touch or key until a page asks, 30 to 1200 */
	unsigned kiosk_warning_s; /* kiosk_warning_s = 60: until it then wipes everything, 20 to 300 */
	unsigned kiosk_thanks_s;  /* kiosk_thanks_s = 45: how long the thank-you stands before it asks, 20 to 600 */

	/* Which of these follow from port and listen: conf_take_port. */
	bool base_url_follows, organiser_port_follows, organiser_url_follows;
};

struct conf_key {
	const char *name;
	const char *fallback; /* default, as it would be written in the file; NULL: derived */
	const char *meaning;  /* one line for the man page */
};

/* The table, ended by a row with a NULL name. */
const struct conf_key *conf_keys(void);

/* Loads PATH. A missing file means all defaults. Texts live in ARENA. ERR_INVALID with problems, ERR_IO, ERR_NOMEM. */
enum err conf_load(const char *path, struct arena *arena, struct conf *out, struct problems *problems) MUST_CHECK;

/* PORT instead of the file's, and what follows from it. Texts live in ARENA. ERR_NOMEM. */
enum err conf_take_port(struct conf *conf, unsigned port, struct arena *arena) MUST_CHECK;

#endif
