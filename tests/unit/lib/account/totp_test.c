/* SPDX-License-Identifier: MIT */
/* totp_test.c: one-time codes against RFC 6238, appendix B (SHA-1, its last six digits), the window, secrets as text and address; recovery codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/account/totp.h"

#include <string.h>

static const uint8_t rfc[TOTP_BYTES + 1] = "12345678901234567890";

static const struct {
	int64_t time_s;
	const char *code; /* the RFC's eight digits without the first two */
} vectors[] = {
	{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
	{1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};

static void test_rfc_6238(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		char code[TOTP_DIGITS + 1];
		assert_int_equal(totp_code(rfc, vectors[i].time_s / TOTP_STEP_S, code), ERR_OK);
		assert_string_equal(code, vectors[i].code);
		int64_t step = 0;
		assert_true(totp_is_right(rfc, vectors[i].code, vectors[i].time_s, &step));
		assert_int_equal(step, vectors[i].time_s / TOTP_STEP_S);
	}
}

static void test_window(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		int64_t now_s;
		bool is_right;
	} rows[] = {
		/* of the code of step 37037036: seconds 1111111080 to 1111111109 */
		{"one second before it begins: a clock that is fast is not trusted", 1111111079, false},
		{"its first second", 1111111080, true},
		{"its last second", 1111111109, true},
		{"the last second of the next step", 1111111139, true},
		{"one second later", 1111111140, false},
		{"a day later", 1111111109 + 86400, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t step = 0;
		if (totp_is_right(rfc, "081804", rows[i].now_s, &step) != rows[i].is_right)
			fail_msg("%s", rows[i].name);
		if (rows[i].is_right)
			assert_int_equal(step, 37037036);
	}
}

static void test_typed(void **state)
{
	(void) state;
	static const struct {
		const char *typed;
		bool is_right;
	} rows[] = {
		{"081804", true},   {"081 804", true},   {" 081804 ", true},      {"08180", false},
		{"0818044", false}, {"", false},         {"08180a", false},       {"-81804", false},
		{"081805", false},  {"081804\n", false}, {"\u0660818804", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t step = 0;
		if (totp_is_right(rfc, rows[i].typed, 1111111109, &step) != rows[i].is_right)
			fail_msg("\"%s\"", rows[i].typed);
	}
}

/* RFC 4648 of the RFC 6238 secret, and the address with signs that must be encoded. */
static void test_texts(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 64 * 1024);
	char text[TOTP_SECRET_TEXT];
	totp_secret_text(rfc, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_string_equal(totp_address(rfc, "Soundings GEG & Co", "siân@cps.example", &arena),
			    "otpauth://totp/Soundings%20GEG%20%26%20Co:si%C3%A2n%40cps.example"
			    "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Soundings%20GEG%20%26%20Co");
}

static void test_recovery(void **state)
{
	(void) state;
	struct totp_recovery recovery;
	totp_recovery_new(&recovery);
	for (size_t i = 0; i < TOTP_RECOVERY_CODES; i++) {
		uint8_t hash[TOTP_HASH_BYTES];
		assert_null(strpbrk(recovery.text[i], "*~$="));
		assert_int_equal(totp_recovery_hash(recovery.text[i], hash), ERR_OK);
		assert_memory_equal(hash, recovery.hash[i], sizeof hash);
		for (char *at = recovery.text[i]; *at; at++) /* as somebody types it on a telephone */
			*at = (char) (*at >= 'A' && *at <= 'Z' ? *at + 32 : *at == ' ' ? '-' : *at);
		assert_int_equal(totp_recovery_hash(recovery.text[i], hash), ERR_OK);
		assert_memory_equal(hash, recovery.hash[i], sizeof hash);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(recovery.hash[i], recovery.hash[j], sizeof hash);
	}
	uint8_t hash[TOTP_HASH_BYTES];
	assert_int_equal(totp_recovery_hash("", hash), ERR_INVALID);
	assert_int_equal(totp_recovery_hash("123456", hash), ERR_INVALID);
	assert_int_equal(totp_recovery_hash("0000 0000 0000 0000 1", hash), ERR_INVALID); /* its check sign is 0 */
}

static int start(void **state)
{
	(void) state;
	return totp_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc_6238), cmocka_unit_test(test_window),   cmocka_unit_test(test_typed),
		cmocka_unit_test(test_texts),    cmocka_unit_test(test_recovery),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
