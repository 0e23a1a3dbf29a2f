/* SPDX-License-Identifier: MIT */
/* http_decode.c: what a browser sent becomes fields, or a fault with one name. Pure: no socket, no file.
 *
 * WHATWG URL Standard, application/x-www-form-urlencoded parsing, made strict: a broken escape, a NUL or invalid UTF-8 is
 * refused instead of repaired, because no page of ours sends one. */
#include "lib/http/http.h"

#include "lib/base/utf8.h"

#include <string.h>
#include <strings.h>

static int hex_value(char sign)
{
	if (sign >= '0' && sign <= '9')
		return sign - '0';
	if (sign >= 'a' && sign <= 'f')
		return sign - 'a' + 10;
	if (sign >= 'A' && sign <= 'F')
		return sign - 'A' + 10;
	return -1;
}

/* One name or value, decoded into the arena; NULL with *FAULT, or without when there is no memory. */
static char *decode_part(const char *text, size_t length, struct arena *arena, enum http_fault *fault)
{
	char *out = arena_alloc(arena, length + 1, 1);
	if (!out)
		return NULL;
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		char sign = text[i];
		if (sign == '+')
			sign = ' ';
		else if (sign == '%') {
			bool is_whole = length - i > 2;
			int high = is_whole ? hex_value(text[i + 1]) : -1;
			int low = is_whole ? hex_value(text[i + 2]) : -1;
			if (high < 0 || low < 0) {
				*fault = HTTP_FAULT_ENCODING;
				return NULL;
			}
			sign = (char) (high * 16 + low);
			i += 2;
		}
		out[used++] = sign;
	}
	if (!utf8_is_valid(out, used)) {
		*fault = HTTP_FAULT_ENCODING;
		return NULL;
	}
	return out;
}

static size_t count_parts(const char *text, size_t length)
{
	size_t parts = 1;
	for (size_t i = 0; i < length; i++)
		parts += text[i] == '&';
	return parts;
}

enum err http_decode_fields(const char *text, size_t length, struct arena *arena, struct http_field **fields,
			    size_t *count, enum http_fault *fault)
{
	*fields = NULL;
	*count = 0;
	*fault = HTTP_FAULT_NONE;
	if (length == 0)
		return ERR_OK;
	size_t parts = count_parts(text, length);
	if (parts > HTTP_FIELDS_MAX) {
		*fault = HTTP_FAULT_FIELDS;
		return ERR_OK;
	}
	struct http_field *list = arena_array(arena, parts, struct http_field);
	if (!list)
		return ERR_NOMEM;
	size_t used = 0;
	for (const char *at = text, *end = text + length; at <= end;) {
		const char *stop = memchr(at, '&', (size_t) (end - at));
		if (!stop)
			stop = end;
		if (stop > at) {
			const char *equals = memchr(at, '=', (size_t) (stop - at));
			const char *name_end = equals ? equals : stop;
			const char *value = equals ? equals + 1 : stop;
			list[used].name = decode_part(at, (size_t) (name_end - at), arena, fault);
			if (list[used].name)
				list[used].value = decode_part(value, (size_t) (stop - value), arena, fault);
			if (!list[used].name || !list[used].value)
				return *fault == HTTP_FAULT_NONE ? ERR_NOMEM : ERR_OK;
			size_t name_length = strlen(list[used].name);
			if (name_length == 0 || name_length > HTTP_NAME_MAX) {
				*fault = HTTP_FAULT_FIELDS;
				return ERR_OK;
			}
			used++;
		}
		at = stop + 1;
	}
	*fields = list;
	*count = used;
	return ERR_OK;
}

bool http_is_own_page(const char *origin, const char *host, const char *sec_fetch_site)
{
	if (sec_fetch_site && strcasecmp(sec_fetch_site, "cross-site") == 0)
		return false;
	if (!origin || !*origin)
		return true;
	const char *authority = strstr(origin, "://");
	return authority && host && *host && strcasecmp(authority + 3, host) == 0;
}

const char *http_field(const struct http_field *fields, size_t count, const char *name, bool *is_repeated)
{
	const char *value = NULL;
	if (is_repeated)
		*is_repeated = false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].name, name) != 0)
			continue;
		if (value && is_repeated)
			*is_repeated = true;
		if (!value)
			value = fields[i].value;
	}
	return value;
}

const char *http_reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 303:
		return "See Other";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 410:
		return "Gone";
	case 413:
		return "Content Too Large";
	case 415:
		return "Unsupported Media Type";
	case 422:
		return "Unprocessable Content";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}
