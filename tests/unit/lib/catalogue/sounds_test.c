/* SPDX-License-Identifier: MIT */
/* sounds_test.c: the office's list of sounds goes into a document and comes out of it again, nothing else does, and a catalogue says which
 * sound says a text. */
#include "sample.h"

#include "lib/catalogue/sounds.h"

#define KEY "000102030405060708090a0b0c0d0e0f"
#define NAME "0123456789abcdef0123"
#define HASH "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define REST "\"" HASH "\",\"v\",\"\",\"a\"]}}"

static const char document[] =
	"{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",1250,\"" HASH "\",\"r:0123\",\"one\",\"one two\"]}}";

static void test_both_ways(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 20);
	struct sounds sounds;
	char *again = NULL;
	assert_int_equal(sounds_decode(document, &arena, &sounds), ERR_OK);
	assert_int_equal(sounds.count, 1);
	assert_int_equal(sounds.list[0].key[15], 15);
	assert_string_equal(sounds.list[0].name, NAME);
	assert_int_equal(sounds.list[0].ms, 1250);
	assert_int_equal(sounds.list[0].hash[0], 255);
	assert_string_equal(sounds.notes[0].of, "r:0123");
	assert_string_equal(sounds.notes[0].owner, "one");
	assert_string_equal(sounds.notes[0].forms, "one two");
	assert_int_equal(sounds_encode(&sounds, &arena, &again), ERR_OK);
	assert_string_equal(again, document);
}

static void test_refused(void **state)
{
	(void) state;
	static const struct {
		const char *name, *document;
	} rows[] = {
		{"no JSON", "{"},
		{"no list", "{\"format\":1}"},
		{"another format", "{\"format\":2,\"sounds\":{}}"},
		{"a short key", "{\"format\":1,\"sounds\":{\"00\":[\"" NAME "\",1," REST},
		{"a name that leads elsewhere",
		 "{\"format\":1,\"sounds\":{\"" KEY "\":[\"../../keys/secret...\",1," REST},
		{"a name in capitals", "{\"format\":1,\"sounds\":{\"" KEY "\":[\"0123456789ABCDEF0123\",1," REST},
		{"a length that is none", "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",-1," REST},
		{"a length of words", "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",\"1\"," REST},
		{"without a hash", "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",1,\"v\"]}}"},
		{"a short hash", "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",1,\"00\",\"v\",\"\",\"a\"]}}"},
		{"an owner of another shape",
		 "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",1,\"" HASH "\",\"v\",\"a b\",\"a\"]}}"},
		{"forms of another shape",
		 "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",1,\"" HASH "\",\"v\",\"\",\"A\"]}}"},
		{"a seventh part",
		 "{\"format\":1,\"sounds\":{\"" KEY "\":[\"" NAME "\",1,\"" HASH "\",\"v\",\"\",\"a\",1]}}"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, 1 << 20);
		struct sounds sounds;
		print_message("%s\n", rows[i].name);
		assert_int_equal(sounds_decode(rows[i].document, &arena, &sounds), ERR_CORRUPT);
	}
}

static void test_published(void **state)
{
	(void) state;
	struct sample *sample = sample_new("catalogue");
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	struct sounds sounds;
	char name[CATALOGUE_SOUND_NAME + 1];
	uint8_t other[CATALOGUE_SOUND_KEY] = {1};
	assert_int_equal(sounds_decode(document, &sample->arena, &sounds), ERR_OK);
	sample->content.sounds = sounds.list;
	sample->content.sounds_count = sounds.count;
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_int_equal(sample_open(sample, &catalogue, &refusal), ERR_OK);
	assert_int_equal(catalogue_sound(catalogue, sounds.list[0].key, name), ERR_OK);
	assert_string_equal(name, NAME);
	assert_int_equal(catalogue_sound(catalogue, other, name), ERR_NOT_FOUND);
	struct catalogue_sound *named = NULL;
	size_t count = 0;
	assert_int_equal(catalogue_sounds(catalogue, &sample->arena, &named, &count), ERR_OK);
	assert_int_equal(count, 1);
	assert_string_equal(named[0].name, NAME);
	assert_memory_equal(named[0].hash, sounds.list[0].hash, CATALOGUE_SOUND_HASH);
	catalogue_close(catalogue);
	sample_free(sample);
}

static void test_stays(void **state)
{
	(void) state;
	static const struct {
		const char *old, *fresh;
		bool is_own, stays;
	} rows[] = {
		{"r:1", "r:2", false, true}, {"r:1", "v:2", false, true}, {"r:1", NULL, false, true},
		{"r:1", "r:2", true, false}, {"r:1", "v:2", true, false}, {"r:1", NULL, true, false},
		{"m:1", "c:2", false, true}, {"m:1", "c:2", true, false}, {"v:1", "r:2", false, false},
		{"v:1", "v:2", true, false}, {"v:1", NULL, true, true},   {"v:1", NULL, false, true},
		{"c:1", "m:2", true, false}, {"c:1", NULL, true, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct sounds_note old = {.of = rows[i].old}, fresh = {.of = rows[i].fresh};
		assert_int_equal(sounds_stays(&old, rows[i].fresh ? &fresh : NULL, rows[i].is_own), rows[i].stays);
	}
	assert_true(sounds_has_form("one two", "one") && sounds_has_form("one two", "two"));
	assert_false(sounds_has_form("one two", "on") || sounds_has_form("one-two", "one") || sounds_has_form("", "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stays),
		cmocka_unit_test(test_published),
	};
	return cmocka_run_group_tests_name("sounds", tests, NULL, NULL);
}
