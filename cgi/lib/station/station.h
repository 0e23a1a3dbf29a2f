/* SPDX-License-Identifier: MIT */
/* station.h: what staff have set on a kiosk, and what its programs tell each other about the session that runs.
 *
 * Two files of "key = value" lines, in folders of their own because both are replaced by renaming:
 *   kiosk/settings   durable: event (a code), sound (on, off), sound_level and brightness (percent)
 *   run/kiosk/state  for as long as the machine runs: the same, and ended, alive_s.
 * The program `kiosk` writes both and nobody else does; `kiosk-session` reads the second each second, `soundings doctor` the first. Neither says
 * anything of anybody who answered: when somebody was there last is in no file that outlives the machine's power. */
#ifndef SOUNDINGS_STATION_STATION_H
#define SOUNDINGS_STATION_STATION_H

#include "lib/base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define STATION_FOLDER "kiosk"
#define STATION_SETTINGS "kiosk/settings"
#define STATION_PIN "kiosk/pin" /* an argon2id hash: lib/account/password.h */
#define STATION_RUN "run/kiosk"
#define STATION_STATE "run/kiosk/state"

enum {
	STATION_CODE_SIGNS = 6,
	STATION_SOUND = 70, /* percent; what a new kiosk begins with */
	STATION_SOUND_STEP = 10,
	STATION_SOUND_MIN = 10,
	STATION_BRIGHTNESS = 100, /* percent */
	STATION_BRIGHTNESS_STEP = 10,
	STATION_BRIGHTNESS_MIN = 20 /* one can still see where to make it brighter */
};

struct station {
	char event[STATION_CODE_SIGNS + 1]; /* upper case; "" while none is chosen */
	bool is_silent;
	unsigned sound_level; /* percent, STATION_SOUND_MIN to 100: also while it is off, for when it is on again */
	unsigned brightness;  /* percent, STATION_BRIGHTNESS_MIN to 100 */
};

struct station_state {
	struct station set;
	uint64_t
		ended; /* rises by one when a session is to end: the browser is killed, its profile wiped, a new one begun */
	int64_t alive_s; /* CLOCK_MONOTONIC second of the page's last heartbeat; 0: none yet */
};

/* What a new kiosk begins with. */
void station_init(struct station *station);

/* Reads PATH below the working directory. ERR_NOT_FOUND, ERR_CORRUPT (a line that station_write would not have written), ERR_IO, ERR_NOMEM: OUT
 * is then what a new kiosk begins with. */
enum err station_read(const char *path, struct station *out) MUST_CHECK;
enum err station_state_read(const char *path, struct station_state *out) MUST_CHECK;

/* Writes PATH so that after a crash it holds the old or the new. Mode 0600. ERR_FULL, ERR_DENIED, ERR_IO. */
enum err station_write(const char *path, const struct station *station) MUST_CHECK;

/* Replaces PATH at once for whoever reads it, without waiting for a disk. Mode 0640. Errors as above. */
enum err station_state_write(const char *path, const struct station_state *state) MUST_CHECK;

#endif
