/* SPDX-License-Identifier: MIT */
/* codec_test.c: receipts survive how people write them, and no single slip of the hand goes through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/codec.h"

#include "lib/base/random.h"

#include <string.h>

/* Check signs worked out by hand from the number modulo 37. */
static const struct receipt_row {
	const char *name;
	uint8_t bytes[CODEC_RECEIPT_BYTES];
	const char *text;
} receipts[] = {
	{"zero", {0}, "0000 0000 0000 0000 0"},
	{"one", {0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "0000 0000 0000 0001 1"},
	{"31 is the last plain check sign", {0, 0, 0, 0, 0, 0, 0, 0, 0, 31}, "0000 0000 0000 000Z Z"},
	{"32 has check sign *", {0, 0, 0, 0, 0, 0, 0, 0, 0, 32}, "0000 0000 0000 0010 *"},
	{"33 has check sign ~", {0, 0, 0, 0, 0, 0, 0, 0, 0, 33}, "0000 0000 0000 0011 ~"},
	{"34 has check sign $", {0, 0, 0, 0, 0, 0, 0, 0, 0, 34}, "0000 0000 0000 0012 $"},
	{"35 has check sign =", {0, 0, 0, 0, 0, 0, 0, 0, 0, 35}, "0000 0000 0000 0013 ="},
	{"36 has check sign U", {0, 0, 0, 0, 0, 0, 0, 0, 0, 36}, "0000 0000 0000 0014 U"},
	{"37 wraps to 0", {0, 0, 0, 0, 0, 0, 0, 0, 0, 37}, "0000 0000 0000 0015 0"},
	/* 2^36 is 1 modulo 37, so 2^80 - 1 is 2^8 - 1 = 255, which leaves 33. */
	{"all ones", {255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, "ZZZZ ZZZZ ZZZZ ZZZZ ~"},
};

static void test_receipts(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof receipts / sizeof receipts[0]; i++) {
		char text[CODEC_RECEIPT_TEXT];
		uint8_t bytes[CODEC_RECEIPT_BYTES];
		codec_receipt(receipts[i].bytes, text);
		if (strcmp(text, receipts[i].text) != 0)
			fail_msg("%s: %s", receipts[i].name, text);
		assert_int_equal(codec_unreceipt(text, bytes), ERR_OK);
		assert_memory_equal(bytes, receipts[i].bytes, sizeof bytes);
	}
}

static void test_typed(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		enum err error;
	} rows[] = {
		{"as printed", "0000 0000 0000 0014 U", ERR_OK},
		{"without blanks", "0000000000000014U", ERR_OK},
		{"lower case, also the check sign", "0000 0000 0000 0014 u", ERR_OK},
		{"hyphens", "0000-0000-0000-0014-U", ERR_OK},
		{"O for 0, I and L for 1", "oOoO 0000 0000 00i4 U", ERR_OK},
		{"l for 1", "0000 0000 0000 00l4 U", ERR_OK},
		{"blanks around", "  0000 0000 0000 0014 U  ", ERR_OK},
		{"empty", "", ERR_INVALID},
		{"no check sign", "0000 0000 0000 0014", ERR_INVALID},
		{"one sign too many", "0000 0000 0000 0014 U0", ERR_INVALID},
		{"a wrong check sign", "0000 0000 0000 0014 =", ERR_INVALID},
		{"a check sign that is none", "0000 0000 0000 0014 !", ERR_INVALID},
		{"U before the end", "U000 0000 0000 0014 U", ERR_INVALID},
		{"$ before the end", "$000 0000 0000 0014 U", ERR_INVALID},
		{"a sign outside", "0000 0000 0000 00_4 U", ERR_INVALID},
		{"not ASCII",
		 "0000 0000 0000 00\xC3\xA9"
		 "4 U",
		 ERR_INVALID},
	};
	static const uint8_t right[CODEC_RECEIPT_BYTES] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 36};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[CODEC_RECEIPT_BYTES] = {0xEE};
		enum err error = codec_unreceipt(rows[i].text, bytes);
		if (error != rows[i].error)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		if (error == ERR_OK && memcmp(bytes, right, sizeof bytes) != 0)
			fail_msg("%s: other bytes", rows[i].name);
		if (error != ERR_OK)
			assert_int_equal(bytes[0], 0xEE);
	}
}

/* Every wrong sign in every place, and every swap of unlike neighbours. */
static void test_slips(void **state)
{
	(void) state;
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	for (int round = 0; round < 20; round++) {
		uint8_t bytes[CODEC_RECEIPT_BYTES], read[CODEC_RECEIPT_BYTES];
		char text[CODEC_RECEIPT_TEXT];
		random_bytes(bytes, sizeof bytes);
		codec_receipt(bytes, text);
		assert_int_equal(codec_unreceipt(text, read), ERR_OK);
		assert_memory_equal(read, bytes, sizeof bytes);
		for (size_t at = 0; at < 19; at++) {
			const char right = text[at];
			if (right == ' ')
				continue;
			for (size_t i = 0; i < sizeof alphabet - 1; i++) {
				text[at] = alphabet[i];
				if (alphabet[i] != right)
					assert_int_equal(codec_unreceipt(text, read), ERR_INVALID);
			}
			text[at] = right;
			const size_t next = text[at + 1] == ' ' ? at + 2 : at + 1;
			if (next >= 19 || text[next] == right)
				continue;
			text[at] = text[next];
			text[next] = right;
			assert_int_equal(codec_unreceipt(text, read), ERR_INVALID);
			text[next] = text[at];
			text[at] = right;
		}
	}
}

static void test_hex(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		enum err error;
	} rows[] = {
		{"lower case", "00ff7a", ERR_OK},    {"upper case", "00FF7A", ERR_OK},
		{"too short", "00ff7", ERR_INVALID}, {"too long", "00ff7a0", ERR_INVALID},
		{"empty", "", ERR_INVALID},          {"no digit", "00fg7a", ERR_INVALID},
		{"blank", "00 f7a", ERR_INVALID},
	};
	static const uint8_t right[] = {0x00, 0xFF, 0x7A};
	char text[2 * sizeof right + 1];
	codec_hex(right, sizeof right, text);
	assert_string_equal(text, "00ff7a");
	codec_hex(right, 0, text);
	assert_string_equal(text, "");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[sizeof right];
		enum err error = codec_unhex(rows[i].text, bytes, sizeof bytes);
		if (error != rows[i].error || (error == ERR_OK && memcmp(bytes, right, sizeof right) != 0))
			fail_msg("%s", rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_receipts), cmocka_unit_test(test_typed),
					   cmocka_unit_test(test_slips), cmocka_unit_test(test_hex)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
