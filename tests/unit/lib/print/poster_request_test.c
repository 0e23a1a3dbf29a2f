/* SPDX-License-Identifier: MIT */
/* poster_request_test.c: a request goes out as JSON and comes back the same; each thing that is wrong with one is refused in words that
 * name the key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/utf8.h"
#include "poster_sample.h"

enum { ARENA_BYTES = 1 << 20, OUT_BYTES = 1 << 17 };

static void assert_same(const char *a, const char *b)
{
	if (!a || !b)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void a_request_comes_back(void **state)
{
	(void) state;
	struct poster_request request = poster_sample(), back;
	request.kind = POSTER_TENT;
	request.format = POSTER_SVG;
	request.is_laminated = true;
	request.distance_cm = 45;
	request.faces[0] = poster_sample_welsh;
	request.faces[1] = poster_sample_arabic;
	request.faces[1].what = request.faces[1].until = request.faces[1].phone = NULL;
	request.faces_count = 2;
	CLEANUP_STRBUF struct strbuf json;
	CLEANUP_ARENA struct arena arena;
	strbuf_init(&json, OUT_BYTES);
	arena_init(&arena, ARENA_BYTES);
	struct poster_trouble trouble;
	assert_int_equal(poster_request_write(&request, &json), ERR_OK);
	assert_null(strchr(strbuf_text(&json), '\n'));
	if (poster_request_read(strbuf_text(&json), json.length, &arena, &back, &trouble) != ERR_OK)
		fail_msg("%s", trouble.words);
	assert_int_equal(back.kind, POSTER_TENT);
	assert_int_equal(back.format, POSTER_SVG);
	assert_true(back.is_laminated && !back.is_refuge && back.faces[1].is_rtl && !back.faces[0].is_rtl);
	assert_int_equal(back.distance_cm, 45);
	assert_int_equal(back.faces_count, 2);
	assert_same(back.organisation, request.organisation);
	assert_same(back.event.place, request.event.place);
	assert_same(back.faces[0].title, request.faces[0].title);
	assert_same(back.faces[1].alt, request.faces[1].alt);
	assert_same(back.faces[1].phone, NULL);
	/* Canonical: written again it has the same bytes. */
	CLEANUP_STRBUF struct strbuf again;
	strbuf_init(&again, OUT_BYTES);
	assert_int_equal(poster_request_write(&back, &again), ERR_OK);
	assert_string_equal(strbuf_text(&again), strbuf_text(&json));
}

static void a_refuge_is_not_named(void **state)
{
	(void) state;
	struct poster_request request = poster_sample();
	request.is_refuge = true;
	CLEANUP_STRBUF struct strbuf json;
	strbuf_init(&json, OUT_BYTES);
	assert_int_equal(poster_request_write(&request, &json), ERR_OK);
	assert_null(strstr(strbuf_text(&json), "Prosecution"));
	assert_null(strstr(strbuf_text(&json), "\"event\""));
}

#define FACE                                                                                                           \
	"{\"lang\":\"en\",\"dir\":\"ltr\",\"title\":\"T\",\"lead\":\"L\",\"minutes\":\"M\",\"anonymous\":\"A\","       \
	"\"type_it\":\"I\",\"code_label\":\"C\",\"paper\":\"P\",\"alt\":\"X\"}"
#define HEAD                                                                                                           \
	"\"kind\":\"a4\",\"format\":\"pdf\",\"address\":\"HTTPS://A.ORG/E4K7QX\",\"shown_address\":\"a.org\","         \
	"\"code\":\"E4K7QX\""
#define WITH(more) "{" HEAD more ",\"faces\":[" FACE "]}"
#define FACES(faces) "{" HEAD ",\"faces\":[" faces "]}"

static const struct row {
	const char *name, *json, *words; /* NULL: it is taken */
} rows[] = {
	{"the least", WITH(""), NULL},
	{"everything of the head",
	 WITH(",\"laminated\":true,\"distance_cm\":60,\"refuge\":false,\"organisation\":\"O\",\"event\":{\"title\":"
	      "\"E\"}"),
	 NULL},
	{"not JSON", "{", "the request is no JSON"},
	{"a list", "[]", "the request is a list"},
	{"a key twice", WITH(",\"code\":\"E4K7QX\""), "no JSON"},
	{"an unknown key", WITH(",\"laminatd\":true"), "laminatd: there is no such key; is it laminated?"},
	{"an unknown key that is like none", WITH(",\"zzzzzzzz\":1"), "zzzzzzzz: there is no such key: leave it out"},
	{"no kind", "{\"format\":\"pdf\"}", "kind is missing: it is one of a4, a3, tent, cards, slide or qr"},
	{"another kind", "{\"kind\":\"a5\",\"format\":\"pdf\"}", "kind is none that poster knows"},
	{"a kind that is no text", "{\"kind\":4,\"format\":\"pdf\"}", "kind is none that poster knows"},
	{"another format", "{\"kind\":\"a4\",\"format\":\"gif\"}",
	 "format is none that poster knows: it is one of pdf, png or svg"},
	{"laminated in words", WITH(",\"laminated\":\"yes\""), "laminated is text: it is true or false"},
	{"a distance in text", WITH(",\"distance_cm\":\"60\""), "distance_cm is a whole number"},
	{"too near", WITH(",\"distance_cm\":9"), "distance_cm is a whole number of centimetres from 10 to 1000"},
	{"too far", WITH(",\"distance_cm\":1001"), "distance_cm"},
	{"a point", WITH(",\"distance_cm\":60.5"), "distance_cm"},
	{"an organisation that is blank", WITH(",\"organisation\":\" \""), "organisation is empty"},
	{"an event that is text", WITH(",\"event\":\"E\""), "event is text: it is an object"},
	{"an event without a title", WITH(",\"event\":{\"place\":\"P\"}"), "event.title is missing"},
	{"an event with more", WITH(",\"event\":{\"title\":\"T\",\"date\":\"D\"}"), "event.date: there is no such key"},
	{"no faces", "{" HEAD "}", "faces is a list of 1 to 4 languages"},
	{"none of them", FACES(""), "faces is a list of 1 to 4 languages"},
	{"five", FACES(FACE "," FACE "," FACE "," FACE "," FACE), "faces is a list of 1 to 4 languages"},
	{"a face that is text", FACES("\"en\""), "faces[0] is text"},
	{"one language twice", FACES(FACE "," FACE), "faces[1].lang is that of faces[0]"},
	{"a face without a title", FACES("{\"lang\":\"en\",\"dir\":\"ltr\"}"), "faces[0].title is missing"},
	{"a face with more", FACES("{\"language\":\"en\"}"), "faces[0].language: there is no such key"},
	{"a title that is a number", FACES("{\"lang\":\"en\",\"dir\":\"ltr\",\"title\":7}"),
	 "faces[0].title is a number: put text there"},
	{"a sign of control", WITH(",\"organisation\":\"a\\u0007b\""),
	 "organisation has a sign that cannot be printed (U+0007)"},
	{"a sign of control of C1", WITH(",\"organisation\":\"a\\u009bb\""), "U+009B"},
	{"a noncharacter", WITH(",\"organisation\":\"a\\uffffb\""), "U+FFFF"},
	{"NUL", WITH(",\"organisation\":\"a\\u0000b\""), "no JSON"},
	{"line ends and tabs", WITH(",\"organisation\":\"a\\r\\n\\tb\""), NULL},
};

static void requests_are_read_or_refused(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_BYTES);
		struct poster_request request;
		struct poster_trouble trouble;
		enum err error = poster_request_read(rows[i].json, strlen(rows[i].json), &arena, &request, &trouble);
		if (!rows[i].words && error)
			fail_msg("%s: refused: %s", rows[i].name, trouble.words);
		if (rows[i].words && (error != ERR_INVALID || !strstr(trouble.words, rows[i].words)))
			fail_msg("%s: %d, '%s', not '%s'", rows[i].name, error, trouble.words, rows[i].words);
	}
}

/* What a struct can hold that is wrong, changed in one place of a good one. */
static char long_text[POSTER_TEXT_MAX_BYTES + 2], long_address[POSTER_ADDRESS_MAX_BYTES + 20];

static const struct change {
	const char *name;
	size_t offset; /* of a text in the request */
	const char *value, *words;
} changes[] = {
	{"an address in small letters", offsetof(struct poster_request, address), "HTTPS://FEEDBACK.example.ORG/E4K7QX",
	 "address has signs"},
	{"an address of another kind", offsetof(struct poster_request, address), "FTP://FEEDBACK.EXAMPLE.ORG/E4K7QX",
	 "address begins with HTTPS://"},
	{"an address with another code", offsetof(struct poster_request, address),
	 "HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QY", "two places"},
	{"an address with more of a code", offsetof(struct poster_request, address),
	 "HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QXX", "two places"},
	{"an address elsewhere", offsetof(struct poster_request, address), "HTTPS://ELSEWHERE.EXAMPLE.ORG/E4K7QX",
	 "two places"},
	{"an address that is shorter than what is typed", offsetof(struct poster_request, address), "HTTPS://A",
	 "two places"},
	{"an address with a language", offsetof(struct poster_request, address),
	 "HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QX/CY", NULL},
	{"an address without a key", offsetof(struct poster_request, address), "HTTP://FEEDBACK.EXAMPLE.ORG/E4K7QX",
	 NULL},
	{"an address past all measure", offsetof(struct poster_request, address), long_address,
	 "shorter name of the site"},
	{"another place to type", offsetof(struct poster_request, shown_address), "elsewhere.example.org",
	 "two places"},
	{"a place to type with capitals", offsetof(struct poster_request, shown_address), "Feedback.Example.org", NULL},
	{"a place to type in other letters", offsetof(struct poster_request, shown_address), "feedbасk.example.org",
	 "two places"},
	{"a code with a small letter", offsetof(struct poster_request, code), "E4K7Qx", "code is made of"},
	{"an organisation that is too long", offsetof(struct poster_request, organisation), long_text,
	 "organisation has"},
	{"a language that is none", offsetof(struct poster_request, faces[0].lang), "english!",
	 "faces[0].lang is no language tag"},
	{"a language with an end", offsetof(struct poster_request, faces[0].lang), "en-", "faces[0].lang"},
	{"a variant", offsetof(struct poster_request, faces[0].lang), "en-x-easy", NULL},
};

static void structs_are_checked(void **state)
{
	(void) state;
	memset(long_text, 'o', sizeof long_text - 1);
	memset(long_address, 'A', sizeof long_address - 1);
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		struct poster_request request = poster_sample(), back;
		memcpy((char *) &request + changes[i].offset, &changes[i].value, sizeof changes[i].value);
		CLEANUP_STRBUF struct strbuf json;
		CLEANUP_ARENA struct arena arena;
		strbuf_init(&json, OUT_BYTES);
		arena_init(&arena, ARENA_BYTES);
		struct poster_trouble trouble;
		assert_int_equal(poster_request_write(&request, &json), ERR_OK);
		enum err error = poster_request_read(strbuf_text(&json), json.length, &arena, &back, &trouble);
		if (changes[i].words ? !error || !strstr(trouble.words, changes[i].words) : error != ERR_OK)
			fail_msg("%s: %d, '%s'", changes[i].name, error, trouble.words);
	}
}

static const struct refuge {
	const char *name, *title, *words;
	enum poster_kind kind;
} refuges[] = {
	{"words that tell nothing", "Tell us about today", NULL, POSTER_CARDS},
	{"court", "After the Court hearing", "faces[0].title says \"court\"", POSTER_A4},
	{"part of a word", "Courtyard lunch", NULL, POSTER_A4},
	{"Welsh", "Sgwrs am drais: y llys", "faces[0].title says \"llys\"", POSTER_TENT},
	{"a hyphen", "Cam-drin", "says \"cam-drin\"", POSTER_SLIDE},
	{"at the end", "How we meet violence", "says \"violence\"", POSTER_QR},
	{"a wall", "Tell us about today", "kind a3 is no kind for a refuge", POSTER_A3},
};

static void refuges_are_kept(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof refuges / sizeof refuges[0]; i++) {
		struct poster_request request = poster_sample(), back;
		request.is_refuge = true;
		request.kind = refuges[i].kind;
		request.faces[0].title = refuges[i].title;
		CLEANUP_STRBUF struct strbuf json;
		CLEANUP_ARENA struct arena arena;
		strbuf_init(&json, OUT_BYTES);
		arena_init(&arena, ARENA_BYTES);
		struct poster_trouble trouble;
		assert_int_equal(poster_request_write(&request, &json), ERR_OK);
		enum err error = poster_request_read(strbuf_text(&json), json.length, &arena, &back, &trouble);
		if (refuges[i].words ? error != ERR_INVALID || !strstr(trouble.words, refuges[i].words)
				     : error != ERR_OK)
			fail_msg("%s: %d, '%s'", refuges[i].name, error, trouble.words);
	}
	static const char *const named[] = {WITH(",\"refuge\":true,\"organisation\":\"O\""),
					    WITH(",\"refuge\":true,\"event\":{\"title\":\"E\"}")};
	for (size_t i = 0; i < 2; i++) {
		CLEANUP_ARENA struct arena arena;
		arena_init(&arena, ARENA_BYTES);
		struct poster_request back;
		struct poster_trouble trouble;
		assert_int_equal(poster_request_read(named[i], strlen(named[i]), &arena, &back, &trouble), ERR_INVALID);
		assert_non_null(strstr(trouble.words, "cannot be on a poster for a refuge"));
	}
}

/* Words may hold what somebody typed: one line, and UTF-8 all the same. */
static void words_are_one_line(void **state)
{
	(void) state;
	struct poster_trouble trouble;
	char text[2 * POSTER_WORDS_MAX];
	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "\u00e9", 2);
	text[sizeof text - 2] = '\0';
	assert_int_equal(poster_refuse(&trouble, ERR_INVALID, "a\nb\x1b[31m %s", text), ERR_INVALID);
	assert_memory_equal(trouble.words, "a b [31m ", 9);
	assert_true(utf8_is_valid(trouble.words, strlen(trouble.words)));
	assert_int_equal(strlen(trouble.words), POSTER_WORDS_MAX - 1);
}

static void too_much_is_refused(void **state)
{
	(void) state;
	static char much[POSTER_REQUEST_MAX_BYTES + 1];
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	struct poster_request request;
	struct poster_trouble trouble;
	memset(much, ' ', sizeof much);
	assert_int_equal(poster_request_read(much, sizeof much, &arena, &request, &trouble), ERR_TOO_BIG);
	assert_non_null(strstr(trouble.words, "longer than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_comes_back),
		cmocka_unit_test(a_refuge_is_not_named),
		cmocka_unit_test(requests_are_read_or_refused),
		cmocka_unit_test(structs_are_checked),
		cmocka_unit_test(refuges_are_kept),
		cmocka_unit_test(words_are_one_line),
		cmocka_unit_test(too_much_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
