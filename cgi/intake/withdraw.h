/* SPDX-License-Identifier: MIT */
/* withdraw.h: a receipt comes back, and goes sealed to the office, which alone knows what it belongs to. */
#ifndef SOUNDINGS_INTAKE_WITHDRAW_H
#define SOUNDINGS_INTAKE_WITHDRAW_H

#include "visit.h"

/* The page with an empty field. */
void withdraw_page(const struct visit *visit, struct http_response *response);

/* Answers a POST to it: 422 with what to look at, 503 with everything kept, or 200 when the withdrawal is on disk: the same
 * page, to the byte, for every receipt. */
void withdraw_post(const struct visit *visit, struct http_response *response);

#endif
