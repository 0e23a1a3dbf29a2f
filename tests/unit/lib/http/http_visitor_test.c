/* SPDX-License-Identifier: MIT */
/* http_visitor_test.c: cookies, addresses and origins of the signed-in pages, read only for who asks; and the headers that go out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/http/http_request.h"

struct cookie_row {
	const char *name, *header, *cookies; /* "name=value|name=value" */
};

static const struct cookie_row cookie_rows[] = {
	{"none", "", ""},
	{"one", "soundings=abc", "soundings=abc"},
	{"two", "a=1; b=2", "a=1|b=2"},
	{"blanks around pairs", "  a=1  ;b=2 ;\t c=3", "a=1|b=2|c=3"},
	{"an equals sign in a value", "a=b=c", "a=b=c"},
	{"an empty value", "a=", "a="},
	{"no name", "=x; a=1", "a=1"},
	{"no equals sign", "broken; a=1", "a=1"},
	{"a quoted value is none of ours", "q=\"x\"; a=1", "a=1"},
	{"a blank inside", "a=x y; b=1", "b=1"},
	{"a blank in a name", "a b=x; c=1", "c=1"},
	{"not ASCII", "a=\xc3\xa9; b=1", "b=1"},
	{"a control sign", "a=x\ry; b=1", "b=1"},
	{"semicolons alone", ";;; ; ", ""},
	{"the same name twice", "a=1; a=2", "a=1|a=2"},
	{"names differ by case", "A=1; a=2", "A=1|a=2"},
};

static void test_cookies(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof cookie_rows / sizeof cookie_rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 16);
		struct http_field *cookies = NULL;
		size_t count = 0;
		assert_int_equal(http_decode_cookies(cookie_rows[i].header, &arena, &cookies, &count), ERR_OK);
		char got[256] = "";
		for (size_t j = 0; j < count; j++) {
			size_t used = strlen(got);
			snprintf(got + used, sizeof got - used, "%s%s=%s", j ? "|" : "", cookies[j].name,
				 cookies[j].value);
		}
		if (strcmp(got, cookie_rows[i].cookies) != 0)
			fail_msg("%s: %s", cookie_rows[i].name, got);
	}
}

static void test_a_cookie_that_comes_twice_is_none(void **state)
{
	(void) state;
	const struct http_field cookies[] = {{"soundings", "mine"}, {"a", "1"}, {"soundings", "planted"}};
	const struct http_request request = {.cookies = cookies, .cookies_count = 3};
	assert_null(http_cookie(&request, "soundings"));
	assert_string_equal(http_cookie(&request, "a"), "1");
	assert_null(http_cookie(&request, "b"));
}

static void test_more_cookies_than_are_read(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 16);
	char header[5 * (HTTP_COOKIES_MAX + 10) + 1] = "";
	for (size_t i = 0; i < HTTP_COOKIES_MAX + 10; i++)
		memcpy(header + 5 * i, "a=1; ", 6);
	struct http_field *cookies = NULL;
	size_t count = 0;
	assert_int_equal(http_decode_cookies(header, &arena, &cookies, &count), ERR_OK);
	assert_int_equal(count, HTTP_COOKIES_MAX);
}

static void test_addresses(void **state)
{
	(void) state;
	static const struct {
		const char *text, *address;
	} rows[] = {
		{"192.0.2.7", "192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
		{"2001:DB8:1:2:ffff::1", "2001:db8:1:2::"},
		{"::1", "::"},
		{"unix:", ""},
		{"", ""},
		{"192.0.2.7, 198.51.100.1", ""},
		{"192.0.2.07x", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[HTTP_ADDRESS_MAX];
		http_address(rows[i].text, out);
		if (strcmp(out, rows[i].address) != 0)
			fail_msg("%s: %s", rows[i].text, out);
	}
}

static void test_own_origin(void **state)
{
	(void) state;
	static const struct {
		const char *name, *given, *site;
		bool is_own;
	} rows[] = {
		{"nothing said", "", "", true},
		{"absent", NULL, NULL, true},
		{"ours", "https://team.example.org", "same-origin", true},
		{"typed or reloaded", "https://team.example.org", "none", true},
		{"the same host over http", "http://team.example.org", "", false},
		{"another port", "https://team.example.org:8443", "", false},
		{"another port, said by the browser alone", "", "same-site", false},
		{"another host", "https://evil.example", "", false},
		{"cross-site without origin", "", "cross-site", false},
		{"null", "null", "", false},
		{"ours as a beginning", "https://team.example.org.evil.example", "", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (http_is_own_origin("https://team.example.org", rows[i].given, rows[i].site) != rows[i].is_own)
			fail_msg("%s", rows[i].name);
}

/* A request as libfcgi holds it; libfcgi needs no socket for this. */
static void at_end(FCGX_Stream *stream)
{
	stream->isClosed = 1;
}

static struct http_request read_request(const struct http_server *server, struct arena *arena, char **params)
{
	unsigned char none = 0;
	FCGX_Stream in = {.rdNext = &none, .wrNext = &none, .stop = &none, .isReader = 1, .fillBuffProc = at_end};
	FCGX_Request raw = {.in = &in, .envp = params};
	struct http_request request;
	assert_int_equal(http_request_read(&raw, server, arena, &request), ERR_OK);
	return request;
}

static void test_only_who_asks_sees_a_visitor(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 16);
	char method[] = "REQUEST_METHOD=GET", uri[] = "REQUEST_URI=/", cookie[] = "HTTP_COOKIE=soundings=abc",
	     address[] = "REMOTE_ADDR=192.0.2.7", site[] = "HTTP_SEC_FETCH_SITE=cross-site";
	char *params[] = {method, uri, cookie, address, site, NULL};
	struct http_request request = read_request(&(struct http_server){.workers = 1}, &arena, params);
	assert_int_equal(request.cookies_count, 0);
	assert_string_equal(request.address, "");
	assert_false(request.is_cross_site);
	request = read_request(&(struct http_server){.wants_visitor = true}, &arena, params);
	assert_string_equal(http_cookie(&request, "soundings"), "abc");
	assert_string_equal(request.address, "192.0.2.7");
	assert_true(request.is_cross_site);
}

static void test_a_post_from_elsewhere_is_foreign(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 16);
	char method[] = "REQUEST_METHOD=POST", uri[] = "REQUEST_URI=/", host[] = "HTTP_HOST=team.example.org",
	     origin[] = "HTTP_ORIGIN=http://team.example.org", length[] = "CONTENT_LENGTH=0",
	     type[] = "CONTENT_TYPE=application/x-www-form-urlencoded";
	char *params[] = {method, uri, host, origin, length, type, NULL};
	struct http_request request = read_request(&(struct http_server){.workers = 1}, &arena, params);
	assert_int_equal(request.fault, HTTP_FAULT_NONE);
	request = read_request(&(struct http_server){.origin = "https://team.example.org"}, &arena, params);
	assert_int_equal(request.fault, HTTP_FAULT_FOREIGN);
}

static void full(FCGX_Stream *stream, int is_close)
{
	(void) stream;
	(void) is_close;
	fail_msg("the headers are longer than this test has room for");
}

/* What goes out for RESPONSE, without the status line. */
static const char *sent(const struct http_response *response, char *out, size_t size)
{
	FCGX_Stream stream = {.rdNext = (unsigned char *) out + size,
			      .wrNext = (unsigned char *) out,
			      .stop = (unsigned char *) out + size - 1,
			      .emptyBuffProc = full};
	FCGX_Request raw = {.out = &stream};
	http_response_send(&raw, HTTP_GET, response);
	*stream.wrNext = '\0';
	const char *line = strstr(out, "\r\n");
	assert_non_null(line);
	return line + 2;
}

static void test_headers_that_go_out(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		struct http_response response;
		const char *headers;
	} rows[] = {
		{"a page",
		 {.status = 200, .body = "ab", .body_length = 2},
		 "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nab"},
		{"a cookie over https",
		 {.status = 303, .location = "/", .cookies = {{"__Host-soundings", "a_b-9"}}},
		 "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nLocation: /\r\n"
		 "Set-Cookie: __Host-soundings=a_b-9; Path=/; Secure; HttpOnly; SameSite=Strict\r\nContent-Length: "
		 "0\r\n\r\n"},
		{"two cookies over http on this machine, one taken away; the browser forgets",
		 {.status = 200, .cookies = {{"soundings", ""}, {"before", "x"}}, .clears_site = true},
		 "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
		 "Set-Cookie: soundings=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0\r\n"
		 "Set-Cookie: before=x; Path=/; HttpOnly; SameSite=Strict\r\n"
		 "Clear-Site-Data: \"cache\", \"storage\"\r\nContent-Length: 0\r\n\r\n"},
		{"a file",
		 {.status = 200, .content_type = "application/pdf", .file = "poster-K7QX9M.pdf"},
		 "Content-Type: application/pdf\r\nCache-Control: no-store\r\n"
		 "Content-Disposition: attachment; filename=\"poster-K7QX9M.pdf\"\r\nContent-Length: 0\r\n\r\n"},
		{"a file to look at, to be kept a while",
		 {.status = 200,
		  .content_type = "image/png",
		  .file = "a.png",
		  .is_inline = true,
		  .cache = "max-age=60"},
		 "Content-Type: image/png\r\nCache-Control: max-age=60\r\n"
		 "Content-Disposition: inline; filename=\"a.png\"\r\nContent-Length: 0\r\n\r\n"},
		{"too many attempts",
		 {.status = 429, .retry_after_s = 64},
		 "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nRetry-After: 64\r\n"
		 "Content-Length: 0\r\n\r\n"},
		{"not saved yet",
		 {.status = 503},
		 "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nRetry-After: 5\r\n"
		 "Content-Length: 0\r\n\r\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[1024];
		const char *headers = sent(&rows[i].response, out, sizeof out);
		if (strcmp(headers, rows[i].headers) != 0)
			fail_msg("%s:\n%s", rows[i].name, headers);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_a_cookie_that_comes_twice_is_none),
		cmocka_unit_test(test_more_cookies_than_are_read),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_own_origin),
		cmocka_unit_test(test_only_who_asks_sees_a_visitor),
		cmocka_unit_test(test_a_post_from_elsewhere_is_foreign),
		cmocka_unit_test(test_headers_that_go_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
