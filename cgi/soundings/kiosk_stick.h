/* SPDX-License-Identifier: MIT */
/* kiosk_stick.h: what goes from a hub to a kiosk on a stick: the signed catalogue, the root's public key, and sounds. */
#ifndef SOUNDINGS_SOUNDINGS_KIOSK_STICK_H
#define SOUNDINGS_SOUNDINGS_KIOSK_STICK_H

#include "instance.h"

/* Writes all of it into FOLDER/soundings-kiosk, over what an earlier one has left there. Says what it was, and the fingerprint of the root. A code
 * of sysexits.h. */
int kiosk_pack(struct instance *instance, const char *folder);

/* Takes what is in FOLDER, or in FOLDER/soundings-kiosk, into INSTANCE, a front machine's, whose root may be pinned already (IS_PINNED; else the
 * stick's is, for good). A code of sysexits.h: EX_NOPERM for what that root has not signed, EX_DATAERR for what is older or damaged; then nothing
 * has changed. */
int kiosk_take(struct instance *instance, const char *folder, bool is_pinned);

#endif
