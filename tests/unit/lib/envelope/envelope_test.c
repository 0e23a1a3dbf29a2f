/* SPDX-License-Identifier: MIT */
/* envelope_test.c: ids against values that Python's hashlib gave; seals that open again at every edge of every bucket,
 * and nothing that was touched opens. */
#include "lib/envelope/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/random.h"

#define EVENT "E4K7QX"
#define FORM "community-conversation"
#define ANSWERS "{\"better\":\"Mwy o de \xe2\x98\x95\",\"overall\":\"good\"}"

static struct arena arena;
static struct box_pair pair;
static struct period period;
static uint8_t nonce[ENVELOPE_NONCE_BYTES];
static char letter[65536];

static void set_period(const struct box_pair *from, struct period *to)
{
	memcpy(to->public_key, from->public_key, KEYS_PUBLIC_BYTES);
	keys_id(to->public_key, to->id);
}

/* ---- ids ----------------------------------------------------------------------------------------------------------
 */

static void ids_are_as_the_page_says(void **state)
{
	(void) state;
	static const struct {
		const char *name, *kiosk_answers, *id, *receipt, *withdraw;
	} rows[] = {
		{"phone", NULL, "684c854c358b07426905af9d103d20430b7597022d779ad9f4e358d57cae94df",
		 "893e8fed4d917b5c75ee", "55a51be56af96f042f950a85cc097ec7aab61b202eef8079ab9ebd055db1b2f8"},
		{"kiosk", ANSWERS, "a9b5248705b212c38b67418217075dd0ca3bafcd4918398c5977a99a705e2178",
		 "57e9303dd68774a2f4bd", "844541cd0814c67be3004ac4e9598d81444cb3d9ee9aebbc94f2c90e62b4f474"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t id[ENVELOPE_ID_BYTES], receipt[CODEC_RECEIPT_BYTES], withdraw[32];
		char hex[65];
		envelope_id(EVENT, FORM, nonce, rows[i].kiosk_answers, id);
		envelope_receipt(EVENT, FORM, nonce, rows[i].kiosk_answers, receipt);
		envelope_withdraw(receipt, withdraw);
		codec_hex(id, sizeof id, hex);
		assert_string_equal(hex, rows[i].id);
		codec_hex(receipt, sizeof receipt, hex);
		assert_string_equal(hex, rows[i].receipt);
		codec_hex(withdraw, sizeof withdraw, hex);
		assert_string_equal(hex, rows[i].withdraw);
	}
}

static void ids_differ_where_they_must(void **state)
{
	(void) state;
	uint8_t other[ENVELOPE_NONCE_BYTES];
	memcpy(other, nonce, sizeof other);
	other[19] ^= 1;
	const struct {
		const char *name, *event, *form;
		const uint8_t *nonce;
		const char *kiosk_answers;
	} rows[] = {
		{"as it is", EVENT, FORM, nonce, NULL},
		{"another event", "E4K7QY", FORM, nonce, NULL},
		{"another form", EVENT, "community-conversatio", nonce, NULL},
		{"another nonce", EVENT, FORM, other, NULL},
		{"a sign moved from event to form", "E4K7Q", "X" FORM, nonce, NULL},
		{"kiosk", EVENT, FORM, nonce, "{}"},
		{"kiosk, other answers", EVENT, FORM, nonce, ANSWERS},
	};
	enum { ROWS = sizeof rows / sizeof *rows };
	uint8_t ids[ROWS][ENVELOPE_ID_BYTES], receipts[ROWS][CODEC_RECEIPT_BYTES];
	for (size_t i = 0; i < ROWS; i++) {
		envelope_id(rows[i].event, rows[i].form, rows[i].nonce, rows[i].kiosk_answers, ids[i]);
		envelope_receipt(rows[i].event, rows[i].form, rows[i].nonce, rows[i].kiosk_answers, receipts[i]);
		for (size_t k = 0; k < i; k++) {
			if (memcmp(ids[i], ids[k], sizeof ids[i]) == 0 ||
			    memcmp(receipts[i], receipts[k], sizeof receipts[i]) == 0)
				fail_msg("%s and %s are the same", rows[i].name, rows[k].name);
		}
		/* A receipt is not a piece of the id. */
		assert_memory_not_equal(ids[i], receipts[i], CODEC_RECEIPT_BYTES);
	}
}

/* ---- the seal -----------------------------------------------------------------------------------------------------
 */

static void every_edge_comes_back(void **state)
{
	(void) state;
	static const struct {
		size_t length, size;
		unsigned bucket;
	} rows[] = {
		{0, 120 + 1024 + 16, 0},      {1, 120 + 1024 + 16, 0},      {1022, 120 + 1024 + 16, 0},
		{1023, 120 + 1024 + 16, 0},   {1024, 120 + 4096 + 16, 1},   {4095, 120 + 4096 + 16, 1},
		{4096, 120 + 16384 + 16, 2},  {16383, 120 + 16384 + 16, 2}, {16384, 120 + 65536 + 16, 3},
		{65534, 120 + 65536 + 16, 3}, {65535, 120 + 65536 + 16, 3},
	};
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct envelope_header header;
		char *back = NULL;
		size_t length = 0, back_length = 1;
		/* Padding must be told from text that ends as padding does. */
		memset(letter, i % 2 == 0 ? 0x80 : 0, sizeof letter);
		assert_int_equal(envelope_size(rows[i].length), rows[i].size);
		assert_int_equal(envelope_seal(letter, rows[i].length, &period, envelope, &length), ERR_OK);
		assert_int_equal(length, rows[i].size);
		assert_int_equal(envelope_peek(envelope, length, &header), ERR_OK);
		assert_int_equal(header.bucket, rows[i].bucket);
		assert_memory_equal(header.period, period.id, KEYS_ID_BYTES);
		assert_int_equal(envelope_open(envelope, length, &pair, &arena, &back, &back_length), ERR_OK);
		assert_int_equal(back_length, rows[i].length);
		assert_memory_equal(back, letter, back_length);
		assert_int_equal(back[back_length], '\0');
		arena_reset(&arena);
	}
	size_t length = 0;
	assert_int_equal(envelope_size(65536), 0);
	assert_int_equal(envelope_seal(letter, 65536, &period, envelope, &length), ERR_TOO_BIG);
}

static void the_same_letter_looks_different_each_time(void **state)
{
	(void) state;
	static const char text[] = "the same";
	uint8_t first[2048], second[2048];
	size_t length = 0;
	assert_int_equal(envelope_seal(text, strlen(text), &period, first, &length), ERR_OK);
	assert_int_equal(envelope_seal(text, strlen(text), &period, second, &length), ERR_OK);
	assert_memory_equal(first, second, 16); /* magic, version, bucket, period */
	size_t same = 0;
	for (size_t i = 16; i < length; i++)
		same += first[i] == second[i];
	assert_true(same < 40); /* 4.5 expected of 1,144 bytes */
	assert_null(memmem(first, length, text, strlen(text)));
}

static void assert_refused(const char *name, size_t at, const uint8_t *envelope, size_t length)
{
	char *back = NULL;
	size_t back_length = 0;
	enum err error = envelope_open(envelope, length, &pair, &arena, &back, &back_length);
	if (error != ERR_DENIED && error != ERR_INVALID)
		fail_msg("%s %zu: gave %s", name, at, err_name(error));
	assert_null(back);
	arena_reset(&arena);
}

static void no_byte_may_change(void **state)
{
	(void) state;
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	size_t length = 0;
	assert_int_equal(envelope_seal("{}", 2, &period, envelope, &length), ERR_OK);
	for (size_t i = 0; i < ENVELOPE_HEADER_BYTES; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			envelope[i] ^= (uint8_t) (1 << bit);
			assert_refused("header byte", i, envelope, length);
			envelope[i] ^= (uint8_t) (1 << bit);
		}
	}
	for (size_t i = 0; i < 400; i++) {
		size_t at = ENVELOPE_HEADER_BYTES + (size_t) random_below(length - ENVELOPE_HEADER_BYTES);
		uint8_t flip = (uint8_t) (1 + random_below(255));
		envelope[at] ^= flip;
		assert_refused("ciphertext byte", at, envelope, length);
		envelope[at] ^= flip;
	}
	for (size_t i = length - ENVELOPE_TAG_BYTES; i < length; i++) {
		envelope[i] ^= 0x80;
		assert_refused("tag byte", i, envelope, length);
		envelope[i] ^= 0x80;
	}
	char *back = NULL;
	assert_int_equal(envelope_open(envelope, length, &pair, &arena, &back, &length), ERR_OK); /* all put back */
}

static void no_length_but_its_own(void **state)
{
	(void) state;
	static uint8_t envelope[ENVELOPE_MAX_BYTES + 1];
	struct envelope_header header;
	size_t length = 0;
	assert_int_equal(envelope_seal("{}", 2, &period, envelope, &length), ERR_OK);
	for (size_t i = 0; i <= length + 1; i++) {
		if (i == length)
			continue;
		assert_int_equal(envelope_peek(envelope, i, &header), ERR_INVALID);
		assert_refused("length", i, envelope, i);
	}
	/* Bucket and length that agree with one another, but not with the seal. */
	envelope[5] = 1;
	assert_int_equal(envelope_peek(envelope, envelope_size(2000), &header), ERR_OK);
	assert_refused("a larger bucket", 1, envelope, envelope_size(2000));
}

static void other_keys_do_not_open(void **state)
{
	(void) state;
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	struct box_pair other;
	struct period other_period;
	char *back = NULL;
	size_t length = 0, back_length = 0;
	keys_new_period(&other);
	set_period(&other, &other_period);
	assert_int_equal(envelope_seal("{}", 2, &period, envelope, &length), ERR_OK);
	assert_int_equal(envelope_open(envelope, length, &other, &arena, &back, &back_length), ERR_DENIED);
	/* The other period's id on it does not help. */
	memcpy(envelope + 8, other_period.id, KEYS_ID_BYTES);
	assert_int_equal(envelope_open(envelope, length, &other, &arena, &back, &back_length), ERR_DENIED);
	/* Nor does our id on an envelope that was sealed to the other. */
	assert_int_equal(envelope_seal("{}", 2, &other_period, envelope, &length), ERR_OK);
	memcpy(envelope + 8, period.id, KEYS_ID_BYTES);
	assert_refused("foreign envelope", 0, envelope, length);
}

/* The sealed key and nonce of one envelope with the ciphertext of another. */
static void a_header_belongs_to_its_ciphertext(void **state)
{
	(void) state;
	static uint8_t first[ENVELOPE_MAX_BYTES], second[ENVELOPE_MAX_BYTES];
	size_t length = 0;
	assert_int_equal(envelope_seal("first", 5, &period, first, &length), ERR_OK);
	assert_int_equal(envelope_seal("second", 6, &period, second, &length), ERR_OK);
	memcpy(first, second, ENVELOPE_HEADER_BYTES);
	assert_refused("another's header", 0, first, length);
	memcpy(first, second, length);
	char *back = NULL;
	assert_int_equal(envelope_open(first, length, &pair, &arena, &back, &length), ERR_OK);
	assert_string_equal(back, "second");
}

static void peeking_knows_what_cannot_be_one(void **state)
{
	(void) state;
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	static const struct {
		const char *name;
		size_t at;
		uint8_t value;
	} rows[] = {
		{"magic", 0, 's'},      {"magic's end", 3, 0}, {"version 0", 4, 0},
		{"version 2", 4, 2},    {"bucket 1", 5, 1},    {"bucket 4", 5, 4},
		{"bucket 255", 5, 255}, {"zero", 6, 1},        {"zero's second", 7, 1},
	};
	struct envelope_header header;
	size_t length = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(envelope_seal("{}", 2, &period, envelope, &length), ERR_OK);
		envelope[rows[i].at] = rows[i].value;
		if (envelope_peek(envelope, length, &header) != ERR_INVALID)
			fail_msg("%s was taken", rows[i].name);
	}
	assert_int_equal(envelope_peek(envelope, 0, &header), ERR_INVALID);
}

static void a_period_of_small_order_is_refused(void **state)
{
	(void) state;
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	struct period bad = {0};
	size_t length = 0;
	assert_int_equal(envelope_seal("{}", 2, &bad, envelope, &length), ERR_INVALID);
}

static void no_room_in_the_arena(void **state)
{
	(void) state;
	static uint8_t envelope[ENVELOPE_MAX_BYTES];
	CLEANUP_ARENA struct arena small;
	char *back = NULL;
	size_t length = 0, back_length = 0;
	arena_init(&small, 1000);
	assert_int_equal(envelope_seal("{}", 2, &period, envelope, &length), ERR_OK);
	assert_int_equal(envelope_open(envelope, length, &pair, &small, &back, &back_length), ERR_NOMEM);
}

static int start(void **state)
{
	(void) state;
	arena_init(&arena, 4 * 1024 * 1024);
	if (keys_start() != ERR_OK)
		return 1;
	keys_new_period(&pair);
	set_period(&pair, &period);
	for (uint8_t i = 0; i < ENVELOPE_NONCE_BYTES; i++)
		nonce[i] = i;
	return 0;
}

static int stop(void **state)
{
	(void) state;
	arena_fini(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_as_the_page_says),
		cmocka_unit_test(ids_differ_where_they_must),
		cmocka_unit_test(every_edge_comes_back),
		cmocka_unit_test(the_same_letter_looks_different_each_time),
		cmocka_unit_test(no_byte_may_change),
		cmocka_unit_test(no_length_but_its_own),
		cmocka_unit_test(other_keys_do_not_open),
		cmocka_unit_test(a_header_belongs_to_its_ciphertext),
		cmocka_unit_test(peeking_knows_what_cannot_be_one),
		cmocka_unit_test(a_period_of_small_order_is_refused),
		cmocka_unit_test(no_room_in_the_arena),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
