/* SPDX-License-Identifier: MIT */
/* http_request.h: between libfcgi and struct http_request; used by http_serve.c only. */
#ifndef SOUNDINGS_HTTP_HTTP_REQUEST_H
#define SOUNDINGS_HTTP_HTTP_REQUEST_H

#include "lib/http/http.h"

#include <fcgiapp.h>

/* Fills REQUEST from RAW with what SERVER wants; everything is copied into ARENA, so that it outlives RAW. ERR_NOMEM when the arena is full. */
enum err http_request_read(FCGX_Request *raw, const struct http_server *server, struct arena *arena,
			   struct http_request *request) MUST_CHECK;

/* Writes status, headers and (not for HEAD) the body. Header values that could end their line are a bug (assert). */
void http_response_send(FCGX_Request *raw, enum http_method method, const struct http_response *response);

#endif
