/* SPDX-License-Identifier: MIT */
/* keyset_test.c: key sets come back as they were written, and only what the root signed and we would have written is
 * accepted. */
#include "lib/envelope/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/codec.h"

static struct arena arena;
static struct root_pair root;
static struct keyset good;

static void set_period(struct period *period, uint8_t seed, bool is_practice, bool is_current)
{
	struct box_pair pair;
	uint8_t bytes[KEYS_SEED_BYTES];
	memset(bytes, seed, sizeof bytes);
	keys_recovery(bytes, &pair); /* any pair will do, so long as it is the same in each run */
	memcpy(period->public_key, pair.public_key, KEYS_PUBLIC_BYTES);
	keys_id(period->public_key, period->id);
	period->is_practice = is_practice;
	period->is_current = is_current;
}

static void comes_back(void **state)
{
	(void) state;
	char *document = NULL;
	size_t length = 0;
	struct keyset back;
	assert_int_equal(keyset_encode(&good, &root, &arena, &document, &length), ERR_OK);
	assert_int_equal(keyset_decode(document, length, root.public_key, &back), ERR_OK);
	assert_int_equal(back.serial, 7);
	assert_int_equal(back.periods_count, 3);
	assert_memory_equal(back.content_public, good.content_public, KEYS_PUBLIC_BYTES);
	assert_memory_equal(back.recovery_public, good.recovery_public, KEYS_PUBLIC_BYTES);
	for (size_t i = 0; i < 3; i++) {
		const struct period *found = keyset_find(&back, good.periods[i].id);
		assert_non_null(found);
		assert_memory_equal(found->public_key, good.periods[i].public_key, KEYS_PUBLIC_BYTES);
		assert_int_equal(found->is_practice, good.periods[i].is_practice);
		assert_int_equal(found->is_current, good.periods[i].is_current);
	}
	assert_memory_equal(keyset_current(&back, false)->id, good.periods[1].id, KEYS_ID_BYTES);
	assert_memory_equal(keyset_current(&back, true)->id, good.periods[2].id, KEYS_ID_BYTES);
	static const uint8_t unknown[KEYS_ID_BYTES];
	assert_null(keyset_find(&back, unknown));
}

static void the_largest_fits(void **state)
{
	(void) state;
	struct keyset full = good, back;
	char *document = NULL;
	size_t length = 0;
	full.serial = INT64_MAX;
	full.periods_count = KEYS_PERIODS_MAX;
	for (uint8_t i = 0; i < KEYS_PERIODS_MAX; i++)
		set_period(&full.periods[i], i, i % 2 == 0, i < 2);
	assert_int_equal(keyset_encode(&full, &root, &arena, &document, &length), ERR_OK);
	assert_int_equal(keyset_decode(document, length, root.public_key, &back), ERR_OK);
	assert_int_equal(back.serial, INT64_MAX);
	assert_int_equal(back.periods_count, KEYS_PERIODS_MAX);
}

static void another_root_is_denied(void **state)
{
	(void) state;
	char *document = NULL;
	size_t length = 0;
	struct keyset back;
	struct root_pair other;
	keys_new_signing(&other);
	assert_int_equal(keyset_encode(&good, &other, &arena, &document, &length), ERR_OK);
	assert_int_equal(keyset_decode(document, length, root.public_key, &back), ERR_DENIED);
	/* A manifest signed by the root itself is no key set either. */
	assert_int_equal(signed_encode("manifest", "{}", 2, &root, &arena, &document, &length), ERR_OK);
	assert_int_equal(keyset_decode(document, length, root.public_key, &back), ERR_DENIED);
}

static void unsound_sets_are_not_written(void **state)
{
	(void) state;
	char *document = NULL;
	size_t length = 0;
	struct keyset bad = good;
	bad.serial = 0;
	assert_int_equal(keyset_encode(&bad, &root, &arena, &document, &length), ERR_INVALID);
	bad = good;
	bad.periods[0].is_current = true; /* two ordinary ones are */
	assert_int_equal(keyset_encode(&bad, &root, &arena, &document, &length), ERR_INVALID);
	bad = good;
	bad.periods[2].is_current = false; /* no practice one is */
	assert_int_equal(keyset_encode(&bad, &root, &arena, &document, &length), ERR_INVALID);
	bad = good;
	bad.periods[0].id[3] ^= 1;
	assert_int_equal(keyset_encode(&bad, &root, &arena, &document, &length), ERR_INVALID);
	bad = good;
	bad.periods[0] = bad.periods[1];
	bad.periods[0].is_current = false; /* the same key twice */
	assert_int_equal(keyset_encode(&bad, &root, &arena, &document, &length), ERR_INVALID);
	bad = good;
	bad.periods_count = 0;
	assert_int_equal(keyset_encode(&bad, &root, &arena, &document, &length), ERR_INVALID);
}

/* The body of the good set with FROM replaced by TO, signed by the root. */
static enum err decode_changed(const char *from, const char *to)
{
	char *document = NULL;
	const char *body = NULL;
	size_t length = 0, body_length = 0;
	struct keyset back;
	assert_int_equal(keyset_encode(&good, &root, &arena, &document, &length), ERR_OK);
	assert_int_equal(signed_decode("keyset", document, length, root.public_key, &body, &body_length), ERR_OK);
	const char *at = strstr(body, from);
	assert_non_null(at);
	const char *changed = arena_printf(&arena, "%.*s%s%s", (int) (at - body), body, to, at + strlen(from));
	assert_int_equal(signed_encode("keyset", changed, strlen(changed), &root, &arena, &document, &length), ERR_OK);
	return keyset_decode(document, length, root.public_key, &back);
}

static void signed_but_not_ours(void **state)
{
	(void) state;
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"another format", "\"format\":1", "\"format\":2"},
		{"a serial of zero", "\"serial\":7", "\"serial\":0"},
		{"a serial below zero", "\"serial\":7", "\"serial\":-7"},
		{"a serial with a point", "\"serial\":7", "\"serial\":7.0"},
		{"a serial as text", "\"serial\":7", "\"serial\":\"7\""},
		{"a serial that overflows", "\"serial\":7", "\"serial\":9223372036854775808"},
		{"no serial", ",\"serial\":7", ""},
		{"a surplus key", "\"serial\":7", "\"serial\":7,\"zero\":0"},
		{"a key twice", "\"serial\":7", "\"serial\":7,\"serial\":7"},
		{"a space", "\"serial\":7", "\"serial\": 7"},
		{"a line end after it", "\"serial\":7}", "\"serial\":7}\n"},
		{"periods of another type", "\"periods\":[", "\"periods\":7,\"q\":["},
		{"current as a number", "\"current\":true", "\"current\":1"},
		{"no practice period", "\"practice\":true", "\"practice\":false"},
		{"a surplus key in a period", "\"practice\":true", "\"practice\":true,\"prior\":1"},
		{"a short key", "\"content\":\"", "\"content\":\"00"},
		{"not JSON", "{", "("},
		{"not an object", "{\"content\"", "[],{\"content\""},
	};
	assert_int_equal(decode_changed("\"serial\":7", "\"serial\":8"), ERR_OK); /* the way of testing works */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum err error = decode_changed(rows[i].from, rows[i].to);
		if (error != ERR_INVALID)
			fail_msg("%s: gave %s", rows[i].name, err_name(error));
	}
}

static void upper_case_digits_are_not_ours(void **state)
{
	(void) state;
	char hex[2 * KEYS_ID_BYTES + 1], upper[2 * KEYS_ID_BYTES + 1];
	codec_hex(good.periods[0].id, KEYS_ID_BYTES, hex);
	memcpy(upper, hex, sizeof upper);
	char *letter = strpbrk(upper, "abcdef");
	assert_non_null(letter);
	*letter = (char) (*letter - 'a' + 'A');
	assert_int_equal(decode_changed(hex, upper), ERR_INVALID);
}

static void a_refused_set_leaves_nothing(void **state)
{
	(void) state;
	struct keyset back = good;
	assert_int_not_equal(keyset_decode("soundings", 9, root.public_key, &back), ERR_OK);
	assert_memory_equal(&back, &good, sizeof good);
}

static int start(void **state)
{
	(void) state;
	arena_init(&arena, 4 * 1024 * 1024);
	if (keys_start() != ERR_OK)
		return 1;
	keys_new_signing(&root);
	good.serial = 7;
	memset(good.content_public, 3, sizeof good.content_public);
	memset(good.recovery_public, 4, sizeof good.recovery_public);
	good.periods_count = 3;
	set_period(&good.periods[0], 10, false, false);
	set_period(&good.periods[1], 11, false, true);
	set_period(&good.periods[2], 12, true, true);
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
		cmocka_unit_test(comes_back),
		cmocka_unit_test(the_largest_fits),
		cmocka_unit_test(another_root_is_denied),
		cmocka_unit_test(unsound_sets_are_not_written),
		cmocka_unit_test(signed_but_not_ours),
		cmocka_unit_test(upper_case_digits_are_not_ours),
		cmocka_unit_test(a_refused_set_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
