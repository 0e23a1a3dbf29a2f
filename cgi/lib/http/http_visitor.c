/* SPDX-License-Identifier: MIT */
/* http_visitor.c: who asks, for signed-in pages alone: cookies, address, and whether the page that sends is ours. Pure: no socket, no file.
 *
 * RFC 6265, 4.2.1 and 5.4. A browser sends what it was given; whatever does not look like that is left out, never repaired. */
#include "lib/http/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* cookie-octet, without what our own never hold either. */
static bool is_cookie_value(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("\",;\\", text[i]))
			return false;
	return true;
}

/* token of RFC 7230, 3.2.6. */
static bool is_cookie_name(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("()<>@,;:\\\"/[]?={}", text[i]))
			return false;
	return length > 0 && length <= HTTP_NAME_MAX;
}

enum err http_decode_cookies(const char *header, struct arena *arena, struct http_field **cookies, size_t *count)
{
	*count = 0;
	*cookies = NULL;
	if (!*header)
		return ERR_OK;
	struct http_field *list = arena_array(arena, HTTP_COOKIES_MAX, struct http_field);
	if (!list)
		return ERR_NOMEM;
	size_t used = 0;
	while (*header && used < HTTP_COOKIES_MAX) {
		header += strspn(header, " \t;");
		size_t length = strcspn(header, ";");
		const char *next = header + length;
		while (length > 0 && (header[length - 1] == ' ' || header[length - 1] == '\t'))
			length--;
		const char *equals = memchr(header, '=', length);
		size_t name = equals ? (size_t) (equals - header) : 0;
		if (equals && is_cookie_name(header, name) && is_cookie_value(equals + 1, length - name - 1)) {
			list[used].name = arena_strndup(arena, header, name);
			list[used].value = arena_strndup(arena, equals + 1, length - name - 1);
			if (!list[used].name || !list[used].value)
				return ERR_NOMEM;
			used++;
		}
		header = next;
	}
	*cookies = list;
	*count = used;
	return ERR_OK;
}

const char *http_cookie(const struct http_request *request, const char *name)
{
	bool is_repeated = false;
	const char *value = http_field(request->cookies, request->cookies_count, name, &is_repeated);
	return is_repeated ? NULL : value;
}

void http_address(const char *text, char out[HTTP_ADDRESS_MAX])
{
	struct in_addr four;
	struct in6_addr six;
	out[0] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1) {
		if (!inet_ntop(AF_INET, &four, out, HTTP_ADDRESS_MAX))
			out[0] = '\0';
		return;
	}
	if (inet_pton(AF_INET6, text, &six) != 1)
		return;
	if (IN6_IS_ADDR_V4MAPPED(&six)) { /* a listener for both kinds gives IPv4 so */
		memcpy(&four, six.s6_addr + 12, sizeof four);
		if (!inet_ntop(AF_INET, &four, out, HTTP_ADDRESS_MAX))
			out[0] = '\0';
		return;
	}
	memset(six.s6_addr + 8, 0, 8); /* a household has a /64 at least, and may take any address of it */
	if (!inet_ntop(AF_INET6, &six, out, HTTP_ADDRESS_MAX))
		out[0] = '\0';
}

bool http_is_own_origin(const char *origin, const char *given, const char *sec_fetch_site)
{
	if (sec_fetch_site && *sec_fetch_site && strcmp(sec_fetch_site, "same-origin") != 0 &&
	    strcmp(sec_fetch_site, "none") != 0)
		return false;
	return !given || !*given || strcmp(origin, given) == 0;
}
