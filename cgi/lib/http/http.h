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
	HTTP_PATH_MAX = 200,
	HTTP_COOKIES_MAX = 32, /* that are read; the rest of a longer header is ignored */
	HTTP_SET_COOKIES_MAX = 2,
	HTTP_ADDRESS_MAX = 46 /* INET6_ADDRSTRLEN */
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
	/* Who asks, for a server that wants to know (http_server.wants_visitor); empty for all others, whatever nginx passes. */
	const struct http_field *cookies;
	size_t cookies_count;
	bool is_cross_site; /* another site's page led here (Sec-Fetch-Site), so the browser kept our Strict cookies back */
	const char *
		address; /* IPv4, or the /64 of IPv6, canonical; "" when there is none. To slow guessing down, never to be kept */
};

/* One cookie to be set. Always Path=/; HttpOnly; SameSite=Strict, until the browser ends; Secure when NAME begins with "__Host-",
 * which browsers take over https alone. */
struct http_cookie {
	const char *name;  /* NULL: none */
	const char *value; /* of base64url's signs; "" takes the cookie away */
};

struct http_response {
	int status;
	const char *content_type; /* default text/html; charset=utf-8 */
	const char *location;     /* of a redirect; NULL */
	const char *internal;     /* nginx answers with this internal address instead (X-Accel-Redirect); NULL */
	const char *body;         /* must live until the handler's arena is reset */
	size_t body_length;
	const char *cache; /* Cache-Control; NULL: no-store, as every page of ours */
	struct http_cookie cookies[HTTP_SET_COOKIES_MAX];
	const char *
		file; /* the body is a file of this name, of [A-Za-z0-9._-] (Content-Disposition, RFC 6266); NULL: a page */
	bool is_inline; /* that file is to be looked at in the page, not kept */
	bool clears_site; /* Clear-Site-Data: what the browser holds of us goes. Not "cookies", which would be those of the whole
			   * registrable domain, other applications' too: ours are taken away by name */
	unsigned retry_after_s; /* 0: not said, but with 503 */
};

/* Decodes application/x-www-form-urlencoded bytes (WHATWG URL Standard, 5.1) into ARENA. HTTP_FAULT_ENCODING or
 * HTTP_FAULT_FIELDS when refused; ERR_NOMEM. */
enum err http_decode_fields(const char *text, size_t length, struct arena *arena, struct http_field **fields,
			    size_t *count, enum http_fault *fault) MUST_CHECK;

/* True when the page that sends is our own or does not say: ORIGIN absent ("" or NULL) or its authority equals HOST, and
 * SEC_FETCH_SITE not cross-site. "null" is foreign. */
bool http_is_own_page(const char *origin, const char *host, const char *sec_fetch_site);

/* The same for a server that knows its own ORIGIN ("https://host[:port]"): GIVEN is absent or these very bytes, and SEC_FETCH_SITE absent,
 * same-origin or none: another port of the same host is "same-site", and foreign. */
bool http_is_own_origin(const char *origin, const char *given, const char *sec_fetch_site);

/* Cookies of a Cookie header (RFC 6265, 4.2.1) into ARENA. What is not name=value of its signs is left out, never repaired. ERR_NOMEM. */
enum err http_decode_cookies(const char *header, struct arena *arena, struct http_field **cookies,
			     size_t *count) MUST_CHECK;

/* The value of a cookie that came once; NULL when absent, and when it came twice: then somebody else has set one of them. */
const char *http_cookie(const struct http_request *request, const char *name);

/* What of an address is one visitor's: IPv4 whole, of IPv6 the first 64 bits ("2001:db8:1:2::"). Written into OUT; "" for what is none. */
void http_address(const char *text, char out[HTTP_ADDRESS_MAX]);

/* The value of a field that comes once; NULL when absent. *IS_REPEATED (may be NULL) when it comes more often. */
const char *http_field(const struct http_field *fields, size_t count, const char *name, bool *is_repeated);

struct http_server {
	const char *socket; /* path of the UNIX socket */
	unsigned workers;   /* processes */
	size_t arena_bytes; /* ceiling of one request */
	bool wants_visitor; /* cookies and address are read: for signed-in pages alone; intake never sees one */
	const char *
		origin; /* POST is taken from pages of this origin (http_is_own_origin); NULL: of the host that was asked */
	/* Runs once in the parent, when it listens and before it makes workers, and START once in each worker before its first
	 * request. EX_OK, or another code from 64 on (not EX_OSERR), which is logged there and ends the server with that code. */
	int (*begin)(void *context);
	int (*start)(void *context);
	/* May be NULL. In the parent, about every two seconds: EX_OK to go on, or the code to end with in good order, because something
	 * that workers may not open again was replaced: whoever started the program starts it anew. */
	int (*look)(void *context);
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
