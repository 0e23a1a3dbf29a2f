/* SPDX-License-Identifier: MIT */
/* json_read_test.c: want of memory while jansson reads is never taken for a wrong document, nor a wrong document for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/json_read.h"

#include <stdlib.h>
#include <string.h>

static unsigned calls, failing; /* FAILING: the number of the allocation that fails; 0: none */

static void *count_malloc(size_t size)
{
	return ++calls == failing ? NULL : malloc(size);
}

static enum err load(const char *text, size_t length, unsigned n)
{
	json_error_t trouble;
	json_t *root;
	calls = 0;
	failing = n;
	enum err error = json_read(text, length, ERR_CORRUPT, &root, &trouble);
	assert_true((root != NULL) == (error == ERR_OK));
	json_decref(root);
	return error;
}

static const char document[] =
	"{\"a long name for a member\":[1,2.5,true,null,\"text\"],\"b\":{\"c\":{},\"d\":[[]]},\"e\":"
	"\"\\u00e9 and 200 signs: ...............................................................................\","
	"\"f1\":1,\"f2\":2,\"f3\":3,\"f4\":4,\"f5\":5,\"f6\":6,\"f7\":7,\"f8\":8,\"f9\":9}";

static void test_each_allocation(void **state)
{
	(void) state;
	unsigned n = 0, refused = 0;
	do {
		enum err error = load(document, sizeof document - 1, ++n);
		assert_int_equal(error, calls >= n ? ERR_NOMEM : ERR_OK);
		refused += error == ERR_NOMEM;
	} while (calls >= n);
	assert_true(refused > 20);
	assert_int_equal(load(document, sizeof document - 1, 0), ERR_OK);
}

static const struct row {
	const char *name, *text;
	size_t length;
} rows[] = {
#define ROW(name, text)                                                                                                \
	{                                                                                                              \
		name, text, sizeof(text) - 1                                                                           \
	}
	ROW("nothing", ""),
	ROW("no end", "{\"a\":1"),
	ROW("something behind it", "{} {}"),
	ROW("twice", "{\"a\":1,\"a\":2}"),
	ROW("no UTF-8", "{\"a\":\"\xff\"}"),
	ROW("a NUL in a name", "{\"a\\u0000\":1}"),
	ROW("a NUL in a text", "{\"a\":\"\\u0000\"}"),
	ROW("too large a number", "{\"a\":99999999999999999999}"),
	ROW("too large a real number", "{\"a\":1e999}"),
	ROW("half a pair", "{\"a\":\"\\ud800\"}"),
	ROW("a word", "{\"a\":nul}"),
	ROW("a comma", "{\"a\":1,}"),
	ROW("a control character", "{\"a\":\"\n\"}"),
};

static void test_wrong_documents(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (load(rows[i].text, rows[i].length, 0) != ERR_CORRUPT)
			fail_msg("%s", rows[i].name);
	char deep[8192];
	memset(deep, '[', sizeof deep);
	assert_int_equal(load(deep, sizeof deep, 0), ERR_CORRUPT);
	for (size_t i = 0; i + 1 < sizeof document; i++) /* cut, and with one byte changed */
		assert_int_equal(load(document, i, 0), ERR_CORRUPT);
	for (size_t i = 0; i + 1 < sizeof document; i++) {
		char changed[sizeof document];
		memcpy(changed, document, sizeof document);
		changed[i] ^= 0x5a;
		assert_int_not_equal(load(changed, sizeof document - 1, 0), ERR_NOMEM);
	}
}

int main(void)
{
	json_set_alloc_funcs(count_malloc, free);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_allocation),
		cmocka_unit_test(test_wrong_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
