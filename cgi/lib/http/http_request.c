/* SPDX-License-Identifier: MIT */
/* http_request.c: one FastCGI request, copied out of libfcgi's hands and decoded whole.
 *
 * nginx passes an allow-list of parameters and nothing else (kiosk-config/nginx/): to intake no address, no cookie, no agent. Address and
 * cookies are looked at for a server that asks for them, which is the organisers' program alone. */
#include "lib/http/http_request.h"

#include "lib/base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "" for one that was not sent, and also for want of memory: then *ERROR is set, for nothing may be concluded from it. */
static const char *param(FCGX_Request *raw, const char *name, struct arena *arena, enum err *error)
{
	const char *value = FCGX_GetParam(name, raw->envp);
	char *copy = arena_strdup(arena, value ? value : "");
	if (!copy)
		*error = ERR_NOMEM;
	return copy ? copy : "";
}

static enum http_method parse_method(const char *name)
{
	if (strcmp(name, "GET") == 0)
		return HTTP_GET;
	if (strcmp(name, "HEAD") == 0)
		return HTTP_HEAD;
	return strcmp(name, "POST") == 0 ? HTTP_POST : HTTP_OTHER;
}

/* The path as it came, when it is made of plain signs; our own addresses have no others. */
static const char *plain_path(const char *uri, struct arena *arena, enum err *error)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/._";
	size_t length = strspn(uri, plain);
	if (length > HTTP_PATH_MAX || uri[0] != '/' || (uri[length] != '\0' && uri[length] != '?'))
		return "";
	char *path = arena_strndup(arena, uri, length);
	if (!path)
		*error = ERR_NOMEM;
	return path ? path : "";
}

static bool is_form_type(const char *type)
{
	static const char form[] = "application/x-www-form-urlencoded";
	size_t length = sizeof form - 1;
	return strncasecmp(type, form, length) == 0 &&
	       (type[length] == '\0' || type[length] == ';' || type[length] == ' ');
}

/* Exactly CONTENT_LENGTH bytes: a body that is shorter or longer is refused, and nothing of it is looked at. */
static enum err read_body(FCGX_Request *raw, struct arena *arena, char **body, size_t *length, enum http_fault *fault)
{
	enum err error = ERR_OK;
	const char *text = param(raw, "CONTENT_LENGTH", arena, &error);
	if (error)
		return error;
	char *end = NULL;
	unsigned long long wanted = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end) {
		*fault = HTTP_FAULT_LENGTH;
		return ERR_OK;
	}
	if (wanted > HTTP_BODY_MAX) {
		*fault = HTTP_FAULT_TOO_LARGE;
		return ERR_OK;
	}
	*body = arena_alloc(arena, (size_t) wanted + 2, 1);
	if (!*body)
		return ERR_NOMEM;
	int got = FCGX_GetStr(*body, (int) wanted + 1, raw->in);
	if (got < 0 || (unsigned long long) got != wanted) {
		*fault = HTTP_FAULT_LENGTH;
		return ERR_OK;
	}
	*length = (size_t) wanted;
	return ERR_OK;
}

static enum err decode_post(FCGX_Request *raw, const struct http_server *server, struct arena *arena,
			    struct http_request *request)
{
	enum err error = ERR_OK;
	const char *origin = param(raw, "HTTP_ORIGIN", arena, &error), *host = param(raw, "HTTP_HOST", arena, &error);
	const char *site = param(raw, "HTTP_SEC_FETCH_SITE", arena, &error);
	const char *type = param(raw, "CONTENT_TYPE", arena, &error);
	if (error)
		return error;
	if (!(server->origin ? http_is_own_origin(server->origin, origin, site)
			     : http_is_own_page(origin, host, site))) {
		request->fault = HTTP_FAULT_FOREIGN;
		return ERR_OK;
	}
	if (!is_form_type(type)) {
		request->fault = HTTP_FAULT_TYPE;
		return ERR_OK;
	}
	char *body = NULL;
	size_t length = 0;
	error = read_body(raw, arena, &body, &length, &request->fault);
	if (error || request->fault)
		return error;
	struct http_field *fields = NULL;
	error = http_decode_fields(body, length, arena, &fields, &request->fields_count, &request->fault);
	request->fields = fields;
	if (request->fault)
		request->fields_count = 0;
	return error;
}

static enum err read_visitor(FCGX_Request *raw, struct arena *arena, struct http_request *request)
{
	enum err error = ERR_OK;
	const char *header = param(raw, "HTTP_COOKIE", arena, &error);
	const char *address = param(raw, "REMOTE_ADDR", arena, &error);
	request->is_cross_site = strcmp(param(raw, "HTTP_SEC_FETCH_SITE", arena, &error), "cross-site") == 0;
	if (error)
		return error;
	char canonical[HTTP_ADDRESS_MAX];
	http_address(address, canonical);
	request->address = arena_strdup(arena, canonical);
	if (!request->address)
		return ERR_NOMEM;
	struct http_field *cookies = NULL;
	error = http_decode_cookies(header, arena, &cookies, &request->cookies_count);
	request->cookies = cookies;
	return error;
}

enum err http_request_read(FCGX_Request *raw, const struct http_server *server, struct arena *arena,
			   struct http_request *request)
{
	enum err error = ERR_OK;
	*request = (struct http_request){
		.method = parse_method(param(raw, "REQUEST_METHOD", arena, &error)),
		.accept_language = param(raw, "HTTP_ACCEPT_LANGUAGE", arena, &error),
		.wants_json = strstr(param(raw, "HTTP_ACCEPT", arena, &error), "application/json") != NULL,
		.address = "",
	};
	const char *uri = param(raw, "REQUEST_URI", arena, &error);
	request->path = plain_path(uri, arena, &error);
	if (error)
		return error;
	if (request->method == HTTP_OTHER) {
		request->fault = HTTP_FAULT_METHOD;
		return ERR_OK;
	}
	if (server->wants_visitor) {
		error = read_visitor(raw, arena, request);
		if (error)
			return error;
	}
	const char *question = strchr(uri, '?');
	if (question) {
		struct http_field *query = NULL;
		enum http_fault ignored = HTTP_FAULT_NONE;
		error = http_decode_fields(question + 1, strlen(question + 1), arena, &query, &request->query_count,
					   &ignored);
		if (error)
			return error;
		request->query = query;
		if (ignored) /* a broken query asks for nothing */
			request->query_count = 0;
	}
	return request->method == HTTP_POST ? decode_post(raw, server, arena, request) : ERR_OK;
}

/* A header's value is made of these and nothing else: what came from a person is never in one but as base64url. */
static bool is_header_value(const char *value)
{
	for (; *value; value++)
		if (*value < ' ' || *value > '~')
			return false;
	return true;
}

static void put_header(FCGX_Request *raw, const char *name, const char *value)
{
	assert(is_header_value(value));
	FCGX_FPrintF(raw->out, "%s: %s\r\n", name, value);
}

static void put_cookie(FCGX_Request *raw, const struct http_cookie *cookie)
{
	static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	assert(cookie->name[strspn(cookie->name, signs)] == '\0' &&
	       cookie->value[strspn(cookie->value, signs)] == '\0');
	bool is_secure = strncmp(cookie->name, "__Host-", 7) == 0;
	FCGX_FPrintF(raw->out, "Set-Cookie: %s=%s; Path=/%s; HttpOnly; SameSite=Strict%s\r\n", cookie->name,
		     cookie->value, is_secure ? "; Secure" : "", *cookie->value ? "" : "; Max-Age=0");
}

static void put_file(FCGX_Request *raw, const char *file, bool is_inline)
{
	static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	assert(*file && file[strspn(file, signs)] == '\0');
	FCGX_FPrintF(raw->out, "Content-Disposition: %s; filename=\"%s\"\r\n", is_inline ? "inline" : "attachment",
		     file);
}

void http_response_send(FCGX_Request *raw, enum http_method method, const struct http_response *response)
{
	FCGX_FPrintF(raw->out, "Status: %d %s\r\n", response->status, http_reason(response->status));
	put_header(raw, "Content-Type", response->content_type ? response->content_type : "text/html; charset=utf-8");
	if (!response->internal) /* nginx would carry it over to its own page, which has one */
		put_header(raw, "Cache-Control", response->cache ? response->cache : "no-store");
	if (response->location)
		put_header(raw, "Location", response->location);
	if (response->internal)
		put_header(raw, "X-Accel-Redirect", response->internal);
	for (size_t i = 0; i < HTTP_SET_COOKIES_MAX; i++)
		if (response->cookies[i].name)
			put_cookie(raw, &response->cookies[i]);
	if (response->file)
		put_file(raw, response->file, response->is_inline);
	if (response->clears_site)
		put_header(raw, "Clear-Site-Data", "\"cache\", \"storage\"");
	if (response->status == 405)
		put_header(raw, "Allow", "GET, HEAD, POST");
	if (response->retry_after_s || response->status == 503)
		FCGX_FPrintF(raw->out, "Retry-After: %u\r\n", response->retry_after_s ? response->retry_after_s : 5);
	FCGX_FPrintF(raw->out, "Content-Length: %d\r\n\r\n", (int) response->body_length);
	if (method != HTTP_HEAD && response->body_length)
		FCGX_PutStr(response->body, (int) response->body_length, raw->out);
}
