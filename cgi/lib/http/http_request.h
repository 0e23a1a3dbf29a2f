/* SPDX-License-Identifier: MIT */
/* http_request.h: between libfcgi and struct http_request; used by http_serve.c only. */
#ifndef SOUNDINGS_HTTP_HTTP_REQUEST_H
#define SOUNDINGS_HTTP_HTTP_REQUEST_H

#include "lib/http/http.h"

#include <fcgiapp.h>

/* Fills REQUEST from RAW; everything is copied into ARENA, so that it outlives RAW. ERR_NOMEM when the arena is full. */
enum err http_request_read(FCGX_Request *raw, struct arena *arena, struct http_request *request) MUST_CHECK;

/* Writes status, headers and (not for HEAD) the body. Every page of ours is no-store. */
void http_response_send(FCGX_Request *raw, enum http_method method, const struct http_response *response);

#endif
