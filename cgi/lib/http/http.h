/* SPDX-License-Identifier: MIT */
/* http.h: FastCGI requests in, responses out; pre-forked workers. The only user of libfcgi.
 *
 * A request is decoded whole before a handler sees it: bounded, UTF-8 checked, immutable. libfcgi's strings are copied into
 * the request's arena at the door. Limits follow security.md E6 and architecture.md step 3. */
#ifndef SOUNDINGS_HTTP_HTTP_H
#define SOUNDINGS_HTTP_HTTP_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	HTTP_BODY_MAX = 256 * 1024, /* so that long answers in Bengali fit; nginx has the same limit and says 413 */
	HTTP_FIELDS_MAX = 2400,     /* twice what one page of a form can send: answers to another face travel along */
	HTTP_NAME_MAX = 100,        /* bytes of a field's name */
	HTTP_PATH_MAX = 200
};

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

/* What is wrong with a request before anybody looks at its meaning. */
enum http_fault {
	HTTP_FAULT_NONE,
	HTTP_FAULT_METHOD,    /* 405 */
	HTTP_FAULT_TOO_LARGE, /* 413 */
	HTTP_FAULT_TYPE,      /* 415: not application/x-www-form-urlencoded */
	HTTP_FAULT_LENGTH,    /* 400: body shorter or longer than CONTENT_LENGTH */
	HTTP_FAULT_ENCODING,  /* 400: bad percent escape, invalid UTF-8, NUL */
	HTTP_FAULT_FIELDS,    /* 400: too many fields, or a name that is too long or empty */
	HTTP_FAULT_FOREIGN,   /* 403: sent by another site's page */
	HTTP_FAULT_COUNT
};

struct http_field {
	const char *name;
	const char *value; /* decoded, NUL-ended */
};

struct http_request {
	enum http_method method;
	const char *path; /* begins with '/', without the query; as it came, only [A-Za-z0-9-/._] (else "") */
	const struct http_field *query;
	size_t query_count;
	const struct http_field *fields; /* of a POST's body */
	size_t fields_count;
	const char *accept_language; /* "" when absent */
	bool wants_json;             /* Accept: application/json */
	enum http_fault fault;       /* fields are empty when set */
};

struct http_response {
	int status;
	const char *content_type; /* default text/html; charset=utf-8 */
	const char *location;     /* of a redirect; NULL */
	const char *internal;     /* nginx answers with this internal address instead (X-Accel-Redirect); NULL */
	const char *body;         /* must live until the handler's arena is reset */
	size_t body_length;
};

/* Decodes application/x-www-form-urlencoded bytes (WHATWG URL Standard, 5.1) into ARENA. HTTP_FAULT_ENCODING or
 * HTTP_FAULT_FIELDS when refused; ERR_NOMEM. */
enum err http_decode_fields(const char *text, size_t length, struct arena *arena, struct http_field **fields,
			    size_t *count, enum http_fault *fault) MUST_CHECK;

/* True when the page that sends is our own or does not say: ORIGIN absent ("" or NULL) or its authority equals HOST, and
 * SEC_FETCH_SITE not cross-site. "null" is foreign. */
bool http_is_own_page(const char *origin, const char *host, const char *sec_fetch_site);

/* The value of a field that comes once; NULL when absent. *IS_REPEATED (may be NULL) when it comes more often. */
const char *http_field(const struct http_field *fields, size_t count, const char *name, bool *is_repeated);

struct http_server {
	const char *socket; /* path of the UNIX socket */
	unsigned workers;   /* processes */
	size_t arena_bytes; /* ceiling of one request */
	/* Runs once in the parent, when it listens and before it makes workers, and START once in each worker before its first
	 * request. EX_OK, or another code from 64 on (not EX_OSERR), which is logged there and ends the server with that code. */
	int (*begin)(void *context);
	int (*start)(void *context);
	void (*handle)(void *context, const struct http_request *request, struct arena *arena,
		       struct http_response *response);
	void *context;
};

/* Serves until SIGTERM or SIGINT: then the listener is shut, which wakes every waiting worker, each finishes the request it
 * has, and all end. A worker that dies is replaced. The exit code for main (sysexits.h). Ignores SIGPIPE. */
int http_serve(const struct http_server *server);

/* The reason phrase for a status line. */
const char *http_reason(int status);

#endif
