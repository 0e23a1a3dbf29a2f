/* SPDX-License-Identifier: MIT */
/* handle.h: from a request to the handler that answers it. */
#ifndef SOUNDINGS_ORGANISER_HANDLE_H
#define SOUNDINGS_ORGANISER_HANDLE_H

#include "app.h"

#include "lib/http/http.h"

/* Answers one request. CONTEXT is a struct app. */
void handle(void *context, const struct http_request *request, struct arena *arena, struct http_response *response);

#endif
