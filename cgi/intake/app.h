/* SPDX-License-Identifier: MIT */
/* app.h: what one intake worker holds between requests: configuration, the catalogue it serves from, the way to the spooler. */
#ifndef SOUNDINGS_INTAKE_APP_H
#define SOUNDINGS_INTAKE_APP_H

#include "lib/base/conf.h"
#include "lib/base/err.h"
#include "lib/catalogue/catalogue.h"
#include "lib/spool/spool.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct app {
	struct conf conf;
	uint8_t root_public[KEYS_PUBLIC_BYTES]; /* pinned: front/root.pub */
	struct catalogue *catalogue;            /* NULL until one was verified */
	bool is_seen;                           /* the spooler has confirmed that its serials are the highest */
	time_t asked_s;                         /* monotonic second of the last question to the spooler */
	uint64_t floor_catalogue, floor_keyset; /* never below these */
	time_t refused_s;                       /* monotonic second of the last look at a refused catalogue */
	const char *refused;                    /* why the newest catalogue was refused: logged once for each reason */
	struct spool spool;                     /* for envelopes */
	bool is_silent;    /* that it does not take them was logged: a line each would be a line a person */
	struct spool seen; /* for serials: asked while somebody waits for a page, so impatient */
};

/* Reads soundings.conf and front/root.pub of the working directory and makes ready. Texts live in ARENA. Errors are
 * logged with what to do; the result is a code of sysexits.h. */
int app_init(struct app *app, struct arena *arena);

/* Makes sure that the newest catalogue is open and verified, and that no higher serial was ever seen on this machine. A
 * refused one is logged and the one before stays. ERR_NOT_FOUND when there is none to serve from. */
enum err app_refresh(struct app *app) MUST_CHECK;

/* Before a response is stored: makes sure that the spooler has confirmed the catalogue in use, and waits for it as long as
 * for an envelope. ERR_BUSY: no answer. ERR_DENIED: a higher serial was seen; the next request closes this catalogue. */
enum err app_confirm(struct app *app) MUST_CHECK;

/* Hands an envelope to the spooler, under a catalogue that it has confirmed: ERR_OK means that it is on disk, and only then may
 * anybody be thanked. Else as app_confirm and spool_append; logged once, not for each person who meets it. */
enum err app_store(struct app *app, const void *envelope, size_t length) MUST_CHECK;

#endif
