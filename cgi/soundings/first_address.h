/* SPDX-License-Identifier: MIT */
/* first_address.h: the one-time address with which the first administrator is made. */
#ifndef SOUNDINGS_SOUNDINGS_FIRST_ADDRESS_H
#define SOUNDINGS_SOUNDINGS_FIRST_ADDRESS_H

#include "instance.h"

enum { FIRST_ADDRESS_HOURS = 24 };

/* A fresh one, good for FIRST_ADDRESS_HOURS; an earlier one is worth nothing from here on. *ADDRESS lives in the instance's arena. It is a
 * secret until it is used: printed for whoever runs the machine, logged and kept nowhere. ERR_CONFLICT: somebody can sign in
 * already. Otherwise as office_one_time_add. */
enum err first_address(struct instance *instance, const char **address) MUST_CHECK;

#endif
