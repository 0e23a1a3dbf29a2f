/* SPDX-License-Identifier: MIT */
/* app.h: what one organiser worker holds between requests: settings, keys that publish, the office, the page's words. */
#ifndef SOUNDINGS_ORGANISER_APP_H
#define SOUNDINGS_ORGANISER_APP_H

#include "lib/account/gate.h"
#include "lib/account/token.h"
#include "lib/base/conf.h"
#include "lib/base/err.h"
#include "lib/envelope/keys.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"
#include "lib/office/office.h"

#include <stdbool.h>
#include <stdint.h>

/* How many workers there are, and how many of them may wait for the poster's daemon at once. With those who hash a password or wait to
 * (gate.h) they are fewer than all: one at least always has pages to do. */
enum { APP_WORKERS = 8, APP_POSTERS_AT_ONCE = 2 };
_Static_assert(GATE_AT_ONCE + GATE_QUEUE + APP_POSTERS_AT_ONCE < APP_WORKERS, "nobody would be left for pages");

/* Organisation and words as the office has them, decoded. Replaced as a whole when the office has others. */
struct app_texts {
	struct arena arena;
	const char *organisation_json, *words_json; /* what they were decoded from */
	struct organisation *organisation;
	struct words_set words; /* with the organisers' strings, in English and Welsh */
};

struct app {
	struct conf conf;
	bool is_local;                          /* plain http on this machine alone: a practice instance */
	const char *cookie;                     /* its name: with __Host- over https (RFC 6265bis, 4.1.3.2) */
	const char *form_cookie;                /* of nobody, for the forms before anybody is signed in */
	uint8_t root_public[KEYS_PUBLIC_BYTES]; /* pinned: front/root.pub */
	uint8_t secret
		[TOKEN_HASH_BYTES]; /* of keyed hashes: derived from the content key, so all workers have the same */
	int64_t keys_at_start[4];   /* which files keys/keyset and keys/content.secret were */
	struct gate *gate;          /* of passwords; shared by all workers */
	struct gate *poster_gate;   /* of who waits for the poster's daemon; likewise */
	struct office *office;      /* a connection of each worker's own */
	struct app_texts *texts;
};

/* Reads soundings.conf, front/root.pub and keys/content.secret of the working directory and makes ready what all workers share. Texts live
 * in ARENA. Errors are logged with what to do; the result is a code of sysexits.h. */
int app_init(struct app *app, struct arena *arena);

/* Opens the office for this process. A code of sysexits.h. */
int app_start(struct app *app);
void app_fini(struct app *app);

/* Makes sure that app->texts are what the office has. ERR_NOT_FOUND: nothing was ever published. */
enum err app_refresh(struct app *app) MUST_CHECK;

/* Whether keys were replaced since app_init ("soundings key"). The program is confined to the files that were there, so it must start anew. */
bool app_keys_are_other(const struct app *app);

/* The pair that signs catalogues, read anew: keys may change while we run. The caller wipes it. ERR_NOT_FOUND, ERR_CORRUPT, ERR_IO. */
enum err app_content_pair(struct root_pair *out) MUST_CHECK;

#endif
