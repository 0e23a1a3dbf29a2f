/* SPDX-License-Identifier: MIT */
/* doctor.h: what the files of 'soundings doctor' share. */
#ifndef SOUNDINGS_SOUNDINGS_DOCTOR_H
#define SOUNDINGS_SOUNDINGS_DOCTOR_H

#include "soundings/instance.h"

#include <stdbool.h>

enum verdict { FINE, LOOK, BAD };

struct examination {
	struct instance *instance;
	const struct instance_parts *parts; /* what of it is open */
	unsigned looks, bads;
};

/* One line, and what to do about it on the next (MEND may be NULL). */
void doctor_say(struct examination *exam, enum verdict verdict, const char *what, const char *mend);

/* "soundings --instance DIR WORDS", for what mends it. */
const char *doctor_command(struct examination *exam, const char *words);

/* doctor_keeping.c: backups, expiry, key periods, releases, what a restore has left, and what the spool knows. */
void doctor_keeping(struct examination *exam);

/* doctor_spool.c: damaged spool files, the ballast, and whether new responses are refused for lack of room. */
void doctor_spool(struct examination *exam);

/* doctor_organiser.c: who can get into the organisers' pages, and how. */
void doctor_organiser(struct examination *exam);

/* doctor_kiosk.c: the staff menu's PIN, and the event that they chose. And whether this is a kiosk and no more: what only a hub has is then no
 * concern of doctor's. */
void doctor_kiosk(struct examination *exam);
bool doctor_is_front(const struct examination *exam);

/* doctor_sound.c: whether the sounds that pages name are here. */
void doctor_sound(struct examination *exam);

/* doctor_confine.c: whether the kernel holds the programs to their jobs. */
void doctor_confine(struct examination *exam);

#endif
