/* SPDX-License-Identifier: MIT */
/* pin.h: which PINs a kiosk's staff may have: 6 to 12 digits, and none that is tried first. */
#ifndef SOUNDINGS_ACCOUNT_PIN_H
#define SOUNDINGS_ACCOUNT_PIN_H

enum { PIN_DIGITS_MIN = 6, PIN_DIGITS_MAX = 12 };

enum pin_flaw {
	PIN_FINE,
	PIN_NO_DIGITS, /* empty, or with other signs */
	PIN_SHORT,
	PIN_LONG,
	PIN_COMMON, /* a digit or a short piece again and again, or a run */
	PIN_FLAW_COUNT
};

/* Pure. */
enum pin_flaw pin_flaw(const char *text);

#endif
