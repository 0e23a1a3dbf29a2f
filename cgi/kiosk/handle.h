/* SPDX-License-Identifier: MIT */
/* handle.h: one request of a kiosk's own addresses, from its path to its answer. */
#ifndef SOUNDINGS_KIOSK_HANDLE_H
#define SOUNDINGS_KIOSK_HANDLE_H

#include "lib/http/http.h"

/* For struct http_server; CONTEXT is a struct app. */
void handle(void *context, const struct http_request *request, struct arena *arena, struct http_response *response);

#endif
