/* SPDX-License-Identifier: MIT */
/* withdrawal_test.c: what people type off a receipt, and the envelope that it becomes. */
#include "lib/envelope/withdrawal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/envelope/envelope.h"

static const uint8_t k7qx[CODEC_RECEIPT_BYTES] = {0x99, 0xef, 0xd4, 0xd0, 0x5a, 0x27, 0x30, 0xb3, 0x45, 0xa3};
static const uint8_t zeros[CODEC_RECEIPT_BYTES] = {0x00, 0x40, 0x10, 0x00, 0x00, 0x0a, 0x80, 0xb0, 0xb0, 0x0d};

struct row {
	const char *name, *typed;
	enum withdrawal_typed expected;
	size_t signs;
	const uint8_t *receipt;
};

static const struct row rows[] = {
	{"as shown", "K7QX 9M2T 4WRB 6HD3 K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"without spaces", "K7QX9M2T4WRB6HD3K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"lower case", "k7qx 9m2t 4wrb 6hd3 k", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"spaces around and within", "  K 7 Q X 9M2T4WRB  6HD3K \t", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"hyphens", "K7QX-9M2T-4WRB-6HD3-K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"dashes that a phone makes", "K7QX–9M2T—4WRB‐6HD3−K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"lines of a copied page", "K7QX 9M2T\r\n4WRB 6HD3\nK\n", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"spaces that do not break",
	 "K7QX\xc2\xa0"
	 "9M2T\xe2\x80\xaf"
	 "4WRB\xe3\x80\x80"
	 "6HD3\xc2\xa0K",
	 WITHDRAWAL_RECEIPT, 17, k7qx},
	{"marks of direction and of no width",
	 "\xe2\x81\xa6K7QX 9M2T\xe2\x80\x8b 4WRB 6HD3 K\xe2\x81\xa9\xe2\x80\x8e\xef\xbb\xbf", WITHDRAWAL_RECEIPT, 17,
	 k7qx},
	{"full width", "Ｋ７ＱＸ　９ｍ２ｔ　４ＷＲＢ　６ＨＤ３　Ｋ", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"Arabic digits", "K٧QX ٩M٢T ٤WRB ٦HD٣ K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"Persian digits", "K۷QX ۹M۲T ۴WRB ۶HD۳ K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"Bengali digits", "K৭QX ৯M২T ৪WRB ৬HD৩ K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"Gurmukhi digits", "K੭QX ੯M੨T ੪WRB ੬HD੩ K", WITHDRAWAL_RECEIPT, 17, k7qx},
	{"O for 0, I and L for 1", "oioI ooOo lAoB lcOd F", WITHDRAWAL_RECEIPT, 17, zeros},
	{"as it was meant", "0101 0000 1A0B 1C0D F", WITHDRAWAL_RECEIPT, 17, zeros},
	{"check sign U, lower case", "10AB 10CD 10EF 1030 u", WITHDRAWAL_RECEIPT, 17, NULL},
	{"check sign *", "10AB 10CD 10EF 1041 *", WITHDRAWAL_RECEIPT, 17, NULL},
	{"check sign ~", "10AB 10CD 10EF 1042 ~", WITHDRAWAL_RECEIPT, 17, NULL},
	{"check sign $", "10AB 10CD 10EF 1043 $", WITHDRAWAL_RECEIPT, 17, NULL},
	{"check sign =", "10AB 10CD 10EF 1044 =", WITHDRAWAL_RECEIPT, 17, NULL},
	{"under its heading", "Your receipt K7QX 9M2T 4WRB 6HD3 K", WITHDRAWAL_RECEIPT, 28, k7qx},
	{"under its heading, on a line of its own", "Your receipt\n\nK7QX 9M2T 4WRB 6HD3 K\nThis code belongs to",
	 WITHDRAWAL_RECEIPT, 45, k7qx},
	{"with a full stop", "K7QX 9M2T 4WRB 6HD3 K.", WITHDRAWAL_RECEIPT, 18, k7qx},
	{"in quotes", "\"K7QX 9M2T 4WRB 6HD3 K\"", WITHDRAWAL_RECEIPT, 19, k7qx},
	{"in quotes that a phone makes", "\xe2\x80\x9cK7QX 9M2T 4WRB 6HD3 K\xe2\x80\x9d", WITHDRAWAL_RECEIPT, 19, k7qx},
	{"in one piece, in a sentence", "my receipt is k7qx9m2t4wrb6hd3k!", WITHDRAWAL_RECEIPT, 29, k7qx},
	{"with hyphens, in a sentence", "Receipt: K7QX-9M2T-4WRB-6HD3-K", WITHDRAWAL_RECEIPT, 25, k7qx},
	{"check sign * before a full stop", "10AB 10CD 10EF 1041 *.", WITHDRAWAL_RECEIPT, 18, NULL},
	{"two in one paste", "K7QX 9M2T 4WRB 6HD3 K, 10AB 10CD 10EF 1041 *", WITHDRAWAL_LENGTH, 35, NULL},
	{"one sign changed, in a sentence", "receipt K7QX 9M2T 4WRB 6HD4 K", WITHDRAWAL_LENGTH, 24, NULL},
	{"groups that are not as printed", "receipt K7Q X9M2 T4WRB 6HD3 K", WITHDRAWAL_LENGTH, 24, NULL},
	{"a part of a longer word", "xK7QX9M2T4WRB6HD3K", WITHDRAWAL_LENGTH, 18, NULL},
	{"nothing", "", WITHDRAWAL_NOTHING, 0, NULL},
	{"spaces alone", " \t\xc2\xa0\xe2\x80\x8b- ", WITHDRAWAL_NOTHING, 0, NULL},
	{"a sign too few", "K7QX 9M2T 4WRB 6HD3", WITHDRAWAL_LENGTH, 16, NULL},
	{"a sign too many", "K7QX 9M2T 4WRB 6HD3 KK", WITHDRAWAL_LENGTH, 18, NULL},
	{"a sentence", "I want my answers back", WITHDRAWAL_LENGTH, 18, NULL},
	{"another check sign", "K7QX 9M2T 4WRB 6HD3 5", WITHDRAWAL_CHECK, 17, NULL},
	{"one sign changed", "K7QX 9M2T 4WRB 6HD4 K", WITHDRAWAL_CHECK, 17, NULL},
	{"two signs changed places", "K7QX 9M2T 4WBR 6HD3 K", WITHDRAWAL_CHECK, 17, NULL},
	{"a sign that no receipt has", "K7QX 9M2T 4WRB 6HD! K", WITHDRAWAL_CHECK, 17, NULL},
	{"U where only letters are", "U7QX 9M2T 4WRB 6HD3 K", WITHDRAWAL_CHECK, 17, NULL},
	{"an accent", "K7QX 9M2T 4WRB 6HDé K", WITHDRAWAL_CHECK, 17, NULL},
	{"a check sign of another script", "K7QX 9M2T 4WRB 6HD3 К", WITHDRAWAL_CHECK, 17, NULL}, /* Cyrillic */
	{"markup", "<b>K7QX9M2T4WRB</", WITHDRAWAL_CHECK, 17, NULL},
};

static void what_people_type(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		uint8_t receipt[CODEC_RECEIPT_BYTES];
		memset(receipt, 0xee, sizeof receipt);
		size_t signs = 99;
		enum withdrawal_typed got = withdrawal_read(row->typed, receipt, &signs);
		if (got != row->expected || signs != row->signs)
			fail_msg("%s: %d with %zu signs", row->name, (int) got, signs);
		if (row->receipt && memcmp(receipt, row->receipt, sizeof receipt) != 0)
			fail_msg("%s: another receipt", row->name);
		for (size_t k = 0; got != WITHDRAWAL_RECEIPT && k < sizeof receipt; k++)
			if (receipt[k] != 0xee)
				fail_msg("%s: a receipt was written", row->name);
	}
}

/* However long what was pasted is, nothing is written beyond a receipt's room (address sanitizer looks on). */
static void much_is_counted(void **state)
{
	(void) state;
	static char long_text[200001];
	memset(long_text, 'K', sizeof long_text - 1);
	uint8_t receipt[CODEC_RECEIPT_BYTES];
	size_t signs = 0;
	assert_int_equal(withdrawal_read(long_text, receipt, &signs), WITHDRAWAL_LENGTH);
	assert_int_equal(signs, sizeof long_text - 1);
}

static struct keyset keyset_of(const struct box_pair *ordinary, const struct box_pair *practice)
{
	struct keyset keyset = {.serial = 1, .periods_count = 2};
	const struct box_pair *const pairs[] = {practice, ordinary};
	for (size_t i = 0; i < 2; i++) {
		memcpy(keyset.periods[i].public_key, pairs[i]->public_key, KEYS_PUBLIC_BYTES);
		keys_id(pairs[i]->public_key, keyset.periods[i].id);
		keyset.periods[i].is_practice = i == 0;
		keyset.periods[i].is_current = true;
	}
	return keyset;
}

static void sealed_to_the_ordinary_period(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 20);
	assert_int_equal(keys_start(), ERR_OK);
	struct box_pair ordinary, practice;
	keys_new_period(&ordinary);
	keys_new_period(&practice);
	struct keyset keyset = keyset_of(&ordinary, &practice);
	uint8_t *envelope = NULL;
	size_t length = 0, letter_length = 0;
	assert_int_equal(withdrawal_seal(k7qx, &keyset, &arena, &envelope, &length), ERR_OK);
	assert_int_equal(length, ENVELOPE_HEADER_BYTES + 1024 + ENVELOPE_TAG_BYTES);
	struct envelope_header header;
	assert_int_equal(envelope_peek(envelope, length, &header), ERR_OK);
	assert_int_equal(header.bucket, 0);
	assert_memory_equal(header.period, keyset.periods[1].id, KEYS_ID_BYTES);
	char *text = NULL;
	assert_int_equal(envelope_open(envelope, length, &ordinary, &arena, &text, &letter_length), ERR_OK);
	struct letter letter;
	assert_int_equal(letter_decode(text, letter_length, &arena, &letter), ERR_OK);
	assert_int_equal(letter.kind, LETTER_WITHDRAWAL);
	assert_string_equal(letter.event, "");
	uint8_t expected[32];
	envelope_withdraw(k7qx, expected);
	assert_memory_equal(letter.withdraw, expected, sizeof expected);
}

static void no_ordinary_period(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 20);
	struct box_pair pair;
	keys_new_period(&pair);
	struct keyset keyset = keyset_of(&pair, &pair);
	keyset.periods_count = 1;
	uint8_t *envelope = NULL;
	size_t length = 0;
	assert_int_equal(withdrawal_seal(k7qx, &keyset, &arena, &envelope, &length), ERR_NOT_FOUND);
	struct arena tiny;
	arena_init(&tiny, 64);
	keyset.periods_count = 2;
	assert_int_equal(withdrawal_seal(k7qx, &keyset, &tiny, &envelope, &length), ERR_NOMEM);
	arena_fini(&tiny);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_type),
		cmocka_unit_test(much_is_counted),
		cmocka_unit_test(sealed_to_the_ordinary_period),
		cmocka_unit_test(no_ordinary_period),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
