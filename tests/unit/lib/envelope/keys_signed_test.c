/* SPDX-License-Identifier: MIT */
/* keys_signed_test.c: signed documents: the exact text (signature by PyNaCl), and everything that must not verify. */
#include "lib/envelope/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SIGNATURE                                                                                                      \
	"0cb21601698da7242931356f1af4f739575098d0c7b5675e860b9b8316eb0f60"                                             \
	"25d2bd2edc5314f294f6986cd8d98606aa85113ecd075d591a96cb75014bd400"
#define BODY "{\"a\":1}"

static const char document[] = "soundings-signed 1 note " SIGNATURE "\n" BODY;

static struct arena arena;
static struct root_pair signer;

static void the_text_is_as_the_page_says(void **state)
{
	(void) state;
	char *out = NULL;
	size_t length = 0;
	assert_int_equal(signed_encode("note", BODY, strlen(BODY), &signer, &arena, &out, &length), ERR_OK);
	assert_int_equal(length, strlen(document));
	assert_string_equal(out, document);
}

static void bodies_come_back(void **state)
{
	(void) state;
	static const char body[] = "lines\nof\n\0text, with a NUL";
	char *out = NULL;
	const char *back = NULL;
	size_t length = 0, back_length = 0;
	for (size_t size = 0; size <= sizeof body; size += sizeof body) {
		assert_int_equal(signed_encode("note", body, size, &signer, &arena, &out, &length), ERR_OK);
		assert_int_equal(signed_decode("note", out, length, signer.public_key, &back, &back_length), ERR_OK);
		assert_int_equal(back_length, size);
		assert_memory_equal(back, body, size);
	}
}

static void refused(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		enum err expected;
	} rows[] = {
		{"as signed", document, ERR_OK},
		{"another kind said", "soundings-signed 1 tone " SIGNATURE "\n" BODY, ERR_DENIED},
		{"another body", "soundings-signed 1 note " SIGNATURE "\n{\"a\":2}", ERR_DENIED},
		{"a longer body", "soundings-signed 1 note " SIGNATURE "\n" BODY "\n", ERR_DENIED},
		{"no body", "soundings-signed 1 note " SIGNATURE "\n", ERR_DENIED},
		{"another format", "soundings-signed 2 note " SIGNATURE "\n" BODY, ERR_INVALID},
		{"no kind", "soundings-signed 1  " SIGNATURE "\n" BODY, ERR_INVALID},
		{"an upper-case kind", "soundings-signed 1 Note " SIGNATURE "\n" BODY, ERR_INVALID},
		{"a long kind", "soundings-signed 1 nnnnnnnnnnnnnnnnn " SIGNATURE "\n" BODY, ERR_INVALID},
		{"a second space", "soundings-signed 1 note  " SIGNATURE "\n" BODY, ERR_INVALID},
		{"CR LF", "soundings-signed 1 note " SIGNATURE "\r\n" BODY, ERR_INVALID},
		{"a short signature", "soundings-signed 1 note 0cb21601698da724\n" BODY, ERR_INVALID},
		{"not hexadecimal", "soundings-signed 1 note xx" SIGNATURE "\n" BODY, ERR_INVALID},
		{"nothing", "", ERR_INVALID},
		{"the magic alone", "soundings-signed 1 ", ERR_INVALID},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *body = NULL;
		size_t length = 0;
		enum err error =
			signed_decode("note", rows[i].text, strlen(rows[i].text), signer.public_key, &body, &length);
		if (error != rows[i].expected)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
	}
}

static void upper_case_digits_are_refused(void **state)
{
	(void) state;
	char text[sizeof document];
	memcpy(text, document, sizeof document);
	char *digit = strchr(text, 'b'); /* "0cb2..." */
	assert_non_null(digit);
	*digit = 'B';
	const char *body = NULL;
	size_t length = 0;
	assert_int_equal(signed_decode("note", text, strlen(text), signer.public_key, &body, &length), ERR_INVALID);
}

static void another_key_or_kind_is_denied(void **state)
{
	(void) state;
	struct root_pair other;
	const char *body = NULL;
	size_t length = 0;
	keys_new_signing(&other);
	assert_int_equal(signed_decode("note", document, strlen(document), other.public_key, &body, &length),
			 ERR_DENIED);
	assert_int_equal(signed_decode("keyset", document, strlen(document), signer.public_key, &body, &length),
			 ERR_DENIED);
}

/* No byte may change, and no prefix is a document. */
static void every_flip_and_cut_is_refused(void **state)
{
	(void) state;
	char text[sizeof document];
	const char *body = NULL;
	size_t length = strlen(document), body_length = 0;
	for (size_t i = 0; i < length; i++) {
		memcpy(text, document, sizeof document);
		for (unsigned bit = 0; bit < 8; bit++) {
			text[i] = (char) (document[i] ^ (1 << bit));
			assert_int_not_equal(
				signed_decode("note", text, length, signer.public_key, &body, &body_length), ERR_OK);
		}
		assert_int_not_equal(signed_decode("note", document, i, signer.public_key, &body, &body_length),
				     ERR_OK);
	}
}

static void a_body_over_the_limit_is_too_big(void **state)
{
	(void) state;
	static char body[1024 * 1024 + 1];
	char *out = NULL;
	size_t length = 0;
	assert_int_equal(signed_encode("note", body, sizeof body, &signer, &arena, &out, &length), ERR_TOO_BIG);
	assert_int_equal(signed_encode("note", body, sizeof body - 1, &signer, &arena, &out, &length), ERR_OK);
}

static int start(void **state)
{
	(void) state;
	uint8_t seed[KEYS_SEED_BYTES];
	arena_init(&arena, 8 * 1024 * 1024);
	if (keys_start() != ERR_OK)
		return 1;
	for (uint8_t i = 0; i < KEYS_SEED_BYTES; i++)
		seed[i] = i;
	keys_root(seed, &signer);
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
		cmocka_unit_test(the_text_is_as_the_page_says),
		cmocka_unit_test(bodies_come_back),
		cmocka_unit_test(refused),
		cmocka_unit_test(upper_case_digits_are_refused),
		cmocka_unit_test(another_key_or_kind_is_denied),
		cmocka_unit_test(every_flip_and_cut_is_refused),
		cmocka_unit_test(a_body_over_the_limit_is_too_big),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
