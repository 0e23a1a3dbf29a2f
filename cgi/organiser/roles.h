/* SPDX-License-Identifier: MIT */
/* roles.h: what pages call roles, states and Areas of people. */
#ifndef SOUNDINGS_ORGANISER_ROLES_H
#define SOUNDINGS_ORGANISER_ROLES_H

#include "visit.h"

const char *role_words(const struct visit *visit, enum account_role role);
const char *role_hint(const struct visit *visit, enum account_role role);

/* Organisers and keyers work in Areas of their own. */
bool role_has_areas(enum account_role role);

/* "Thames and Chiltern, Wales"; "" for roles that have none. */
const char *role_areas(const struct visit *visit, const struct office_account *account);

/* English and Welsh, by their own names, for radios. */
struct control_option *role_languages(const struct visit *visit, const char *chosen, size_t *count);

#endif
