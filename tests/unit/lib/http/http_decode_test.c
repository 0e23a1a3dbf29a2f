/* SPDX-License-Identifier: MIT */
/* http_decode_test.c: what browsers send becomes fields; what no page of ours sends is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/http/http.h"

struct row {
	const char *name, *body;
	size_t length; /* 0: strlen */
	enum http_fault fault;
	const char *fields; /* "name=value|name=value", decoded */
};

static const struct row rows[] = {
	{"empty body", "", 0, HTTP_FAULT_NONE, ""},
	{"two fields", "a=1&b=2", 0, HTTP_FAULT_NONE, "a=1|b=2"},
	{"plus is a space", "a=one+two", 0, HTTP_FAULT_NONE, "a=one two"},
	{"escapes", "a=%C3%A9%26%3d", 0, HTTP_FAULT_NONE, "a=\xc3\xa9&="},
	{"no equals sign", "a", 0, HTTP_FAULT_NONE, "a="},
	{"empty parts are skipped", "&&a=1&&", 0, HTTP_FAULT_NONE, "a=1"},
	{"equals in a value", "a=b=c", 0, HTTP_FAULT_NONE, "a=b=c"},
	{"the same name twice", "a=1&a=2", 0, HTTP_FAULT_NONE, "a=1|a=2"},
	{"line ends are kept for later", "a=x%0D%0Ay", 0, HTTP_FAULT_NONE, "a=x\r\ny"},
	{"broken escape at the end", "a=%4", 0, HTTP_FAULT_ENCODING, ""},
	{"lone per cent sign", "a=%", 0, HTTP_FAULT_ENCODING, ""},
	{"escape of no digits", "a=%zz", 0, HTTP_FAULT_ENCODING, ""},
	{"escaped NUL", "a=%00", 0, HTTP_FAULT_ENCODING, ""},
	{"raw NUL", "a=b\0c", 5, HTTP_FAULT_ENCODING, ""},
	{"invalid UTF-8", "a=%ff", 0, HTTP_FAULT_ENCODING, ""},
	{"overlong UTF-8", "a=%c0%af", 0, HTTP_FAULT_ENCODING, ""},
	{"a surrogate", "a=%ed%a0%80", 0, HTTP_FAULT_ENCODING, ""},
	{"invalid UTF-8 in a name", "%ff=a", 0, HTTP_FAULT_ENCODING, ""},
	{"no name", "=a", 0, HTTP_FAULT_FIELDS, ""},
};

static void test_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 20);
		struct http_field *fields = NULL;
		size_t count = 0;
		enum http_fault fault = HTTP_FAULT_COUNT;
		size_t length = rows[i].length ? rows[i].length : strlen(rows[i].body);
		assert_int_equal(http_decode_fields(rows[i].body, length, &arena, &fields, &count, &fault), ERR_OK);
		char got[256] = "";
		for (size_t j = 0; j < count; j++) {
			size_t used = strlen(got);
			snprintf(got + used, sizeof got - used, "%s%s=%s", j ? "|" : "", fields[j].name,
				 fields[j].value);
		}
		if (fault != rows[i].fault || strcmp(got, rows[i].fields) != 0)
			fail_msg("%s: fault %d, fields %s", rows[i].name, (int) fault, got);
	}
}

static void test_limits(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 20);
	struct http_field *fields = NULL;
	size_t count = 0;
	enum http_fault fault;
	static char many[2 * (HTTP_FIELDS_MAX + 1)];
	memset(many, '&', sizeof many);
	for (size_t i = 0; i < sizeof many; i += 2)
		many[i] = 'a';
	assert_int_equal(http_decode_fields(many, sizeof many, &arena, &fields, &count, &fault), ERR_OK);
	assert_int_equal(fault, HTTP_FAULT_FIELDS);
	assert_int_equal(http_decode_fields(many, 2 * HTTP_FIELDS_MAX - 1, &arena, &fields, &count, &fault), ERR_OK);
	assert_int_equal(fault, HTTP_FAULT_NONE);
	assert_int_equal(count, HTTP_FIELDS_MAX);
	static char name[HTTP_NAME_MAX + 1];
	memset(name, 'n', sizeof name);
	assert_int_equal(http_decode_fields(name, sizeof name, &arena, &fields, &count, &fault), ERR_OK);
	assert_int_equal(fault, HTTP_FAULT_FIELDS);
}

static void test_any_split_of_bytes_decodes_the_same(void **state)
{
	(void) state;
	uint32_t seed = 7;
	for (int round = 0; round < 10000; round++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 16);
		char body[40];
		static const char signs[] = "ab=&%+0Cc3aA9\xc3";
		for (size_t i = 0; i < sizeof body; i++) {
			seed = seed * 1664525u + 1013904223u;
			body[i] = signs[(seed >> 16) % (sizeof signs - 1)];
		}
		struct http_field *fields = NULL;
		size_t count = 0;
		enum http_fault fault;
		assert_int_equal(http_decode_fields(body, sizeof body, &arena, &fields, &count, &fault), ERR_OK);
		for (size_t i = 0; fault == HTTP_FAULT_NONE && i < count; i++)
			assert_true(strlen(fields[i].name) > 0);
	}
}

struct origin_row {
	const char *name, *origin, *host, *site;
	bool is_own;
};

static const struct origin_row origins[] = {
	{"nothing said", "", "127.0.0.1:8080", "", true},
	{"absent", NULL, "127.0.0.1:8080", NULL, true},
	{"our own", "http://127.0.0.1:8080", "127.0.0.1:8080", "same-origin", true},
	{"another case", "http://Tell.Example.org", "tell.example.org", "same-origin", true},
	{"another port", "http://127.0.0.1:9090", "127.0.0.1:8080", "", false},
	{"another host", "https://evil.example", "tell.example.org", "", false},
	{"ours as a beginning", "https://tell.example.org.evil.example", "tell.example.org", "", false},
	{"null", "null", "tell.example.org", "", false},
	{"cross-site without origin", "", "tell.example.org", "cross-site", false},
	{"no host", "http://tell.example.org", "", "", false},
};

static void test_origins(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
		const struct origin_row *row = &origins[i];
		if (http_is_own_page(row->origin, row->host, row->site) != row->is_own)
			fail_msg("%s", row->name);
	}
}

static void test_field_finds_repetition(void **state)
{
	(void) state;
	const struct http_field fields[] = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
	bool is_repeated = false;
	assert_string_equal(http_field(fields, 3, "a", &is_repeated), "1");
	assert_true(is_repeated);
	assert_string_equal(http_field(fields, 3, "b", &is_repeated), "2");
	assert_false(is_repeated);
	assert_null(http_field(fields, 3, "c", &is_repeated));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_any_split_of_bytes_decodes_the_same),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_field_finds_repetition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
